"""Runs the blocks of code of a page, one after the other, and then a file of checks in the same session. What a block prints must
be the block of text that follows it on the page.

usage: howto.py PAGE FOLDER CHECKS COMMAND...    CHECKS.py or CHECKS.R; COMMAND runs a file of it
"""
import os
import re
import subprocess
import sys
import tempfile

page, folder, checks, command = sys.argv[1], sys.argv[2], os.path.abspath(sys.argv[3]), sys.argv[4:]
language, mark = ("python", 'print("@@")\n') if checks.endswith(".py") else ("r", 'cat("@@\\n")\n')
code, texts = [], []
for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", open(page).read(), re.M | re.S):
    if kind == language:
        code.append(body)
        texts.append("")
    else:
        assert kind == "text" and code, "%s: a block of %s" % (page, kind)
        texts[-1] = body
assert code, page + ": has no code"
with tempfile.NamedTemporaryFile("w", suffix=os.path.splitext(checks)[1]) as script:
    script.write(mark.join(code + [open(checks).read()]))
    script.flush()
    ran = subprocess.run(command + [script.name], cwd=folder, stdout=subprocess.PIPE, text=True)
assert ran.returncode == 0, "%s: fails\n%s" % (page, ran.stdout)
strip = lambda text: [line.rstrip() for line in text.splitlines()]
printed = ran.stdout.split("@@\n")
for i, text in enumerate(texts):
    assert strip(printed[i]) == strip(text), "%s: block %d prints\n%sand not\n%s" % (page, i + 1, printed[i], text)
