"""Instructions of each stage on one thread, as callgrind counts them: python3 bench/counts.py BUILD OUT.json [CASES]
[OTHER.json]. With OTHER, a file that another build has written, the counts stand side by side. What else runs on the
machine does not change them; caches, and what a division costs, they do not see."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile


def count(build, cases):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "counts"
        run = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", f"{build}/bench/bench_stages",
               "--cases", cases, "--runs", "2"]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        counts = {}
        for dump in sorted(pathlib.Path(folder).glob("counts.*"), key=lambda p: int(p.name.split(".")[1])):
            text = dump.read_text()
            stage = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
            if stage and total:
                counts[stage.group(1)] = int(total.group(1))
        return counts


def main():
    build, target = sys.argv[1:3]
    counts = count(build, sys.argv[3] if len(sys.argv) > 3 else "PTL")
    pathlib.Path(target).write_text(json.dumps(counts, indent=1) + "\n")
    before = json.loads(pathlib.Path(sys.argv[4]).read_text()) if len(sys.argv) > 4 else {}
    for stage, n in counts.items():
        old = before.get(stage)
        print(f"{stage:34}", f"{old / 1e6:10.1f} -> " if old else "", f"{n / 1e6:10.1f} million",
              f"  {old / n:5.2f}" if old else "", sep="")


main()
