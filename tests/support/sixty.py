"""Every command's screen on a terminal of 60 columns, and of 80 or 100: help, tables, progress. argv: the program, a folder to work in,
which has a study c/ of tests/support/batch.py and perhaps the folder dicom/.

Lines have at most the columns of the terminal, but for words that have no blank to break at (paths, ids), and for messages
("radiomill: ..."), which are one line each, for programs that read them. What goes to files (CSV, settings, scripts of
shells) is left as it is."""

import os
import sys

import rounds
import terminal

STUDY = """study: one
features: ["f*"]
covariates: {age: {unit: years, step: 0.25}, sex: {levels: [F, M]}}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapsed, grid: [0, 12, 24]}
analyses: [moments, covariance, model, survival]
model: [age, sex]
batches: {minimum: 20}
models:
  logit: {family: logistic, response: response, terms: [f1, f3, age]}
"""

program, work = os.path.abspath(sys.argv[1]), sys.argv[2]
os.chdir(work)
bad = []


def lines(out):
    """As they stay on the screen: what a carriage return writes over counts too."""
    return [l.rstrip() for piece in out.decode().split("\n") for l in piece.split("\r")]


def plain(line):
    while "\033[" in line:
        begin = line.index("\033[")
        end = begin + 2
        while end < len(line) and not line[end].isalpha():
            end += 1
        line = line[:begin] + line[end + 1:]
    return line


def screen(*words, code=0, columns=60):
    got, out = terminal.run(columns, [program, *words])
    if got != code:
        bad.append("%s: exit code %d: %s" % (" ".join(words), got, out[-300:]))
    for line in map(plain, lines(out)):
        if len(line) <= columns or line.startswith("radiomill: "):
            continue
        rest = line.split()
        if len(rest) == 1 or (len(rest) == 2 and len(rest[-1]) > columns - 21):
            continue  # a word, or a key and a word
        bad.append("%s: %d columns: %s" % (" ".join(words), len(line), line))
    return out.decode()


commands = [l.split()[1] for l in map(str.rstrip, screen("--help").splitlines()) if l.startswith("  radiomill ")]
assert len(commands) > 20 and "extract" in commands, commands
screen("help")
screen(code=2)
screen("--version")
for command in commands:
    for columns in (60, 80):
        told = screen("help", command, columns=columns)
        assert command in told
        also = screen(command, "--help", columns=columns)
        assert also == told, (command, columns, also, told)

# Commands of examples are the same when they are joined again.
joined = screen("help", "extract").replace("\r", "").replace(" \\\n", " ")
assert "radiomill extract CT_FOLDER rtstruct.dcm --roi GTV-1 -c ibsi-c -o f.json" in " ".join(joined.split()), joined

for columns in (60, 100):
    def at(*words, **named):
        return screen(*words, columns=columns, **named)

    at("features")
    at("features", "--core")
    at("features", "SUVmax", "entropy")
    at("features", "no such feature", code=126)
    at("extract", "c/i0.nii.gz", "c/m0.nii")
    at("extract", "c/i0.nii.gz", "c/m0.nii", "-c", "ct", "--verbose")
    at("info", "c/i0.nii.gz")
    at("info", "c/m0.nii")
    at("info", "c")
    at("info", "c", "--json")
    if os.path.exists("dicom"):
        at("info", "dicom")
        at("info", "dicom/pet_raw")
    run = "run%d" % columns
    at("batch", "c/cases.csv", "-o", run, "--dry-run")
    at("batch", "c/cases.csv", "-o", run, "--pictures")
    at("collect", run)
    at("methods", run)
    at("table", run, "--by", "roi", "-o", "wide.csv")
    at("validate", "--only", "digital_phantom")
    at("validate", "--data", "nowhere", code=3)
    at("filter", "c/i0.nii.gz", "log", "-o", "map.nii")
    at("settings", "nothing", code=126)

# What sites and their coordinator see: three sites and a model.
rounds.main(".", 90, 3)
sites = [name + ".csv" for name in "ABC"]
for name in "A", "B", "C", "HUB":
    screen("keygen", name)
with open("trusted", "w") as out:
    for name in "ABC":
        out.write(open(name + ".pub").read())
with open("one.yaml", "w") as out:
    out.write(STUDY)
screen("sign", "one.yaml", "-k", "HUB.key")
for columns in (60, 80):
    def at(*words, **named):
        return screen(*words, columns=columns, **named)

    at("study", "init", "A.csv", "-o", "first%d.yaml" % columns)
    at("study", "check", "one.yaml", "--sites", "90,100,110")
    at("study", "check", "one.yaml", "--sites", "12")
    at("summarise", "A.csv", "-s", "one.yaml", "-k", "A.key", "--preview", "--open")
    at("summarise", "A.csv", "-s", "one.yaml", "-k", "A.key", "--rehearse", "--open", "-o", "A%d.rehearsal" % columns)
for name in "ABC":
    screen("summarise", name + ".csv", "-s", "one.yaml", "-k", name + ".key", "--open")
screen("fit", "one.yaml", "-m", "logit", "-k", "trusted", "--key", "HUB.key", "-o", "logit.state")
radsums = [name + ".radsum" for name in "ABC"]
for columns in (60, 80):
    def at(*words, **named):
        return screen(*words, columns=columns, **named)

    at("pool", "one.yaml", *radsums, "-k", "trusted", "-o", "pooled%d" % columns)
    at("step", "A.csv", "-s", "one.yaml", "--state", "logit.state", "-k", "A.key", "--coordinator", "HUB.pub", "--preview")
    at("harmonise", "A.csv", "-s", "one.yaml", "-m", "pooled%d/harmonisation.json" % columns, "--site", "A", "-o", "h.csv")
for name in "ABC":
    screen("step", name + ".csv", "-s", "one.yaml", "--state", "logit.state", "-k", name + ".key", "--coordinator", "HUB.pub")
screen("fit", "one.yaml", "-m", "logit", "-k", "trusted", "--key", "HUB.key", "-o", "logit.state",
       *[name + "-logit-0.radsum" for name in "ABC"])
with open("weights.csv", "w") as out:
    out.write("name,weight\n(Intercept),-0.5\nf1,0.7\nf3,-0.4\n")
for columns in (60, 80):
    screen("signature", "weights.csv", "-m", "logistic", "--cut", "high=score > 0.3", "-o", "s%d.yaml" % columns, columns=columns)
    screen("score", "A.csv", "-m", "s%d.yaml" % columns, "-o", "scores.csv", columns=columns)

print("\n".join(bad))
sys.exit(bool(bad))
