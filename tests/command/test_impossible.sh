#!/bin/sh
# Sums that no patients can have, well signed: the pool refuses them, and names site and variable.
set -u
build=$(pwd)/${BUILD:-build} tests=$(pwd)/tests
run=$build/radiomill case=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)/federation/impossible-sums
. tests/support/checks.sh
cd "$work" || exit 1
python3 - <<'X'
import random

random.seed(7)
for site in "ABC":
    with open(f"{site}.csv", "w") as out:
        print("case,session,f1,f2,f3,four,age,sex,stage,months,dead", file=out)
        for i in range(320):
            sex, stage, age = "FM"[i % 2], ("I", "II", "III")[i // 2 % 3], random.randint(40, 79)
            months, dead, base = random.uniform(0.5, 40), random.randint(0, 1), random.gauss(10, 2)
            for session in ("test", "retest"):
                f = [base + random.gauss(0, 0.5), random.gauss(0, 1), random.expovariate(1), random.gauss(3, 1)]
                row = ",".join(f"{x:.6g}" for x in f)
                print(f"{site}{i},{session},{row},{age},{sex},{stage},{months:.4g},{dead}", file=out)
X
cat >study.yaml <<'X'
study: impossible
features: [f1, f2, f3, four]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  stage: {levels: [I, II, III]}
outcomes:
  death: {time: months, event: dead, grid: [0, 12, 24, 36], groups: [sex]}
groups: [sex]
tables: [[sex, stage]]
repeats: {occasion: session, levels: [test, retest]}
covariance: [f1, f2, age]
model: [age, sex]
analyses: [moments, skewness, groups, histograms, tables, covariance, model, reliability, survival]
X
for s in A B C; do
    "$run" keygen $s >/dev/null
    check "summary of $s" expect 0 '' "$run" summarise $s.csv -s study.yaml -k $s.key --withhold
done
cat A.pub B.pub C.pub >trusted
pool() { "$run" pool study.yaml "$1" B.radsum C.radsum -k trusted -o "$2"; }
check 'what is so is pooled' expect 0 '' pool A.radsum pooled
mkdir forged
check 'forgeries' python3 "$tests/support/impossible.py" A.radsum forged
refused() { # name of a forgery, what is said of it
    "$build/tests/forge" A.key "forged/$1.radsum" "$1.radsum" && expect_line 12 "site A: $2" pool "$1.radsum" "p_$1" &&
        [ ! -e "p_$1/moments.csv" ]
}
"$build/tests/forge" A.key forged/as_it_was.radsum same.radsum
check 'a file that is only signed anew' expect 0 '' pool same.radsum again
check 'gives the same numbers' diff pooled/moments.csv again/moments.csv
while IFS='	' read -r name says; do
    check "$name" refused "$name" "$says"
done <forged/list
check 'many forgeries' test "$(wc -l <forged/list)" -ge 30

# The case: a sum of squares below 0, and a thousand million patients.
if [ -d "$case" ]; then
    mkdir case && cp "$case"/*.csv "$case/study.yaml" "$case/forge.py" case
    cd case || exit 1
    for s in A B C; do
        "$run" keygen $s >/dev/null && "$run" summarise $s.csv -s study.yaml -k $s.key >/dev/null 2>&1
    done
    cat A.pub B.pub C.pub >trusted
    check 'the case before it is forged' expect 0 '' "$run" pool study.yaml A.radsum B.radsum C.radsum -k trusted -o whole
    python3 forge.py
    check 'and after' expect_line 12 'site A: f0: has n S2 < S1^2' "$run" pool study.yaml A.radsum B.radsum C.radsum -k trusted -o pooled
fi
report impossible
