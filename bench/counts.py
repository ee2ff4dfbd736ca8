"""Instructions of each stage on one thread, as callgrind counts them: other work on the machine does not change them;
caches, and what a division costs, they do not see. --before: counts that another build has left, side by side."""

import argparse
import json
import pathlib
import re
import subprocess
import tempfile


def count(build, options):
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "counts"
        run = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", f"{build}/bench/bench_stages", *options]
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", help="where make has put bench/bench_stages")
    parser.add_argument("--cases", default="PTL")
    parser.add_argument("--only", help="a part of the names of stages")
    parser.add_argument("--json", type=pathlib.Path, help="file for the counts")
    parser.add_argument("--before", type=pathlib.Path, help="such a file")
    given = parser.parse_args()
    options = ["--cases", given.cases, "--runs", "1", *(["--only", given.only] if given.only else [])]
    counts = count(given.build, options)
    before = json.loads(given.before.read_text()) if given.before else {}
    if given.json:
        given.json.write_text(json.dumps(counts, indent=1) + "\n")
    for stage, n in counts.items():
        old = before.get(stage)
        row = f"{stage:32} {n / 1e6:10.1f} million"
        print(f"{row}, {old / 1e6:.1f} before: {old / max(n, 1):.2f}" if old else row)


main()
