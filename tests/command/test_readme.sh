#!/bin/sh
# The commands of README.md that need no data print what it says; its links lead to files; it has at most 120 lines of at most 120 columns.
set -u
build=${BUILD:-build}
. tests/support/checks.sh
here=$(pwd) program=$(realpath "$build/radiomill")
mkdir "$work/bin" "$work/folder" && ln -s "$program" "$work/bin/radiomill"
ln -s "$here/samples" "$work/folder/samples"
export RADIOMILL_DECODER="${RADIOMILL_DECODER:-$here/$build/libexec/radiomill-decoder}"

console() { # every block of a session, run line by line
    PATH="$work/bin:$PATH" python3 - "$here/README.md" "$work/folder" <<'END'
import re, subprocess, sys
blocks = re.findall(r'^```console\n(.*?)^```$', open(sys.argv[1]).read(), re.M | re.S)
assert blocks, 'README.md has no session'
for block in blocks:
    for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
        command, _, expected = part.partition('\n')
        ran = subprocess.run(command, shell=True, cwd=sys.argv[2], capture_output=True, text=True)
        assert (ran.returncode, ran.stdout + ran.stderr) == (0, expected), (command, ran)
END
}
links() { # of all pages
    python3 - README.md SECURITY.md docs/*.md <<'END'
import os, re, sys
bad = [(page, to) for page in sys.argv[1:] for to in re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', open(page).read())
       if not os.path.exists(os.path.join(os.path.dirname(page), to))]
assert not bad, bad
END
}
short() {
    awk 'length > 120 && !/^\|/ { print FILENAME ": line " FNR " has " length " columns"; bad = 1 } END { exit bad }' README.md &&
        test "$(wc -l <README.md)" -le 120
}
check 'sessions print what they say' console
check 'links of README.md, SECURITY.md and docs lead to files' links
check 'README.md is short' short
report readme
