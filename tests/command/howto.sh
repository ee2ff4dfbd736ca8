#!/bin/sh
# What docs/howto-r.md and docs/howto-pools.md say of the tables of a pool: every block runs on those of the demo, and every table
# of a pool reads without options.
set -u
. tests/support/checks.sh
build=${BUILD:-build}
python=python3 # Debian's has pandas, another one may not
python3 -c 'import pandas' 2>"$work/err" || python=/usr/bin/python3
check 'the demo' sh samples/demo_federation.sh "$work/demo"
here=$work/demo/generated
python3 tests/support/batch.py "$work/cases" 2
check 'a run' "$build/radiomill" batch "$work/cases/cases.csv" -o "$here/RUN" -q
check 'docs/howto-pools.md' "$python" tests/command/howto.py docs/howto-pools.md "$here" tests/command/howto_python.py "$python"
check 'docs/howto-r.md' python3 tests/command/howto.py docs/howto-r.md "$here" tests/command/howto_r.R Rscript

reads() { # folder of a pool
    "$python" tests/support/tables.py "$1" "$work/expected.csv" && Rscript tests/oracle/tables.R "$1" "$work/expected.csv"
}
for pool in "$work"/demo/*/pooled "$here/agreement"; do
    check "tables of ${pool#"$work"/demo/}" reads "$pool"
done

# Levels that look like something else.
python3 - "$here" "$work" <<'X'
import csv
import sys
rows = [r for site in "ABCD" for r in csv.DictReader(open("%s/%s/patients.csv" % (sys.argv[1], site)))]
with open(sys.argv[2] + "/levels.csv", "w") as file:
    out = csv.writer(file)
    out.writerow(["patient", "f", "answer", "flag", "code", "letter", "lost"])
    for i, r in enumerate(rows):
        out.writerow([r["patient"], r["f0000"], ["no", "yes"][i % 2], ["FALSE", "TRUE"][i // 2 % 2], 1 + i // 3 % 2, "FT"[i // 5 % 2],
                      ["n/a", "null"][i // 7 % 2]])
X
levels() { # name of the pool, then the covariates
    printf 'study: %s\npatient: patient\nfeatures: [f]\ncovariates: {%s}\ngroups: [%s]\n' "$1" "$2" "$3" >"$work/$1.yaml"
    "$build/tests/no_rules" "$work/$1.yaml" "$work/levels.csv" 4 "$work/$1"
}
check 'levels' levels mixed 'answer: {levels: ["no", "yes"]}, flag: {levels: ["FALSE", "TRUE"]}, code: {levels: ["1", "2"]}, letter: {levels: [F, T]}' 'answer, flag, code, letter'
check 'levels side by side are text' reads "$work/mixed"
for name in flag:FALSE:TRUE code:1:2 letter:F:T lost:n/a:null; do
    levels=${name#*:} name=${name%%:*}
    check "levels $levels" levels "$name" "$name: {levels: [\"${levels%:*}\", \"${levels#*:}\"]}" "$name"
done
cat >"$work/levels.py" <<'X'
import sys
import pandas as pd
read = lambda name, **options: pd.read_csv("%s/%s/moments_by_group.csv" % (sys.argv[1], name), **options).level
assert read("flag").dtype == bool and set(read("flag")) == {True, False}
assert set(read("flag", dtype={"level": str})) == {"TRUE", "FALSE"}
assert read("code").dtype.kind == "i" and set(read("code", dtype={"level": str})) == {"1", "2"}
assert set(read("letter")) == {"F", "T"}
assert read("lost").isna().all() and set(read("lost", keep_default_na=False)) == {"n/a", "null"}
X
cat >"$work/levels.R" <<'X'
read <- function(name, ...) read.csv(file.path(commandArgs(TRUE)[1], name, "moments_by_group.csv"), ...)$level
text <- c(level = "character")
stopifnot(is.logical(read("flag")), setequal(read("flag", colClasses = text), c("TRUE", "FALSE")))
stopifnot(is.logical(read("letter")), setequal(read("letter", colClasses = text), c("T", "F")))
stopifnot(is.integer(read("code")), setequal(read("code", colClasses = text), c("1", "2")))
stopifnot(setequal(read("lost"), c("n/a", "null")))
X
check 'levels by themselves in pandas' "$python" "$work/levels.py" "$work"
check 'levels by themselves in R' Rscript "$work/levels.R" "$work"
report howto
