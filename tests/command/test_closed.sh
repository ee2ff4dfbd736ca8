#!/bin/sh
# Models from sums that leave once: from keys to tables, over sites that show all, hold back, or miss values; what the numbers
# stand on; byte for byte whatever the order of the files.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests
cd "$work" || exit 1

# Five sites of 90. Stage III is at A and B only; E misses f4 of every third patient.
cat >make.py <<'PY'
import csv, random
rng = random.Random(8)
for s, site in enumerate("ABCDE"):
    with open(site + ".csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["case", "f1", "f2", "f3", "f4", "age", "sex", "stage", "response"])
        for i in range(90):
            f1, f2, f3, age = rng.gauss(s / 4, 1), rng.gauss(0, 1), rng.gauss(0, 1), rng.randint(30, 85)
            sex = rng.choice("FM")
            stage = rng.choice(["I", "II", "III"] if site in "AB" else ["I", "II"])
            f4 = f1 - 0.5 * f2 + 0.4 * (sex == "M") + s / 2 + rng.gauss(0, 1)
            response = "yes" if f4 + rng.gauss(0, 1) > 1 else "no"
            out.writerow(["%s%02d" % (site, i), f1, f2, f3, "" if site == "E" and i % 3 == 0 else f4, age, sex, stage, response])
PY
python3 make.py
cat >study.yaml <<'X'
study: closed
features: [f1, f2, f3, f4]
covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex, stage, response]
covariance: [f1]
analyses: [moments, groups, covariance]
models:
  plain: {family: gaussian, response: f4, terms: [f1, f2, f3, age, sex], validate: leave-one-site-out}
  staged: {family: gaussian, response: f4, terms: [f1, stage]}
  lasso: {family: gaussian, response: f4, terms: ["f*", age], penalty: {kind: lasso, path: 12, ratio: 0.01}, validate: leave-one-site-out}
  ridge: {family: gaussian, response: f3, terms: [f1, f2], penalty: {kind: ridge, lambda: [3, 1]}}
  steps: {family: gaussian, response: f4, terms: [f1, f2, f3, age, sex], forward: bic, validate: leave-one-site-out}
  mixed: {family: mixed, response: f4, terms: [f1, f2]}
  side: {family: lda, response: response, terms: [f1, f2], validate: leave-one-site-out}
X
for s in A B C D E; do
    "$run" keygen $s >/dev/null
    "$run" summarise $s.csv -s study.yaml -k $s.key >/dev/null 2>$s.err || cat $s.err
done
cat ./*.pub >trusted
pool() { # folder, then files
    folder=$1
    shift
    "$run" pool study.yaml "$@" -k trusted -o "$folder" >"$folder.out" 2>"$folder.err"
}
check 'five sites are pooled' pool all A.radsum B.radsum C.radsum D.radsum E.radsum
check 'rows of tables are as long as their heads' python3 "$tests/support/cells.py" all/report.html
check 'every number stands on enough' python3 "$tests/support/stand_on.py" all
check 'files in another order are pooled' pool turned D.radsum A.radsum E.radsum C.radsum B.radsum
for name in coefficients fits path validation; do
    check "the order of files changes no byte: $name" cmp all/model_$name.csv turned/model_$name.csv
done
check 'a site that misses values is named' grep -q 'model plain is without site E: not all of its patients' all.err
check 'the panel has the columns of the models' grep -q '^f4,age,' all/covariance.csv

cat >look.py <<'PY'
import csv, json, math, sys
def read(folder, name): return list(csv.DictReader(open("%s/%s" % (folder, name), newline="")))
what, folder = sys.argv[1:3]
coefficients, fits = read(folder, "model_coefficients.csv"), {(r["model"], r["level"]): r for r in read(folder, "model_fits.csv")}
path, left = read(folder, "model_path.csv"), read(folder, "model_validation.csv")
of = {(r["model"], r["term"]): r for r in coefficients}
def evidence(name): return json.load(open("%s/evidence/%s.json" % (folder, name)))
if what == "sites":
    assert of["plain", "f1"]["sites"] == "4" and of["plain", "f1"]["patients"] == "360" and 0.8 < float(of["plain", "f1"]["estimate"]) < 1.2
    assert {r["sites"] for r in path if r["model"] == "ridge"} == {"5"}
    assert of["staged", "stage=III"]["estimate"] == "" and of["staged", "stage=III"]["sites"] == "2", "two sites have the level"
    assert of["staged", "(Intercept)"]["sites"] == of["staged", "f1"]["sites"] == "4"
    assert of["staged", "stage=II"]["estimate"] != ""
    joint = {(r["model"], r["factor"]): r for r in read(folder, "factor_tests.csv")}
    assert set(joint) == {("plain", "sex"), ("staged", "stage")}, "of least squares without a selection or a penalty"
    assert joint["staged", "stage"]["statistic"] == joint["staged", "stage"]["n"] == "" and joint["staged", "stage"]["sites"] == "2"
    sex = joint["plain", "sex"]
    assert abs(float(sex["statistic"]) / float(of["plain", "sex=M"]["statistic"]) ** 2 - 1) < 1e-10 and sex["df1"] == "1"
    assert abs(float(sex["p"]) / float(of["plain", "sex=M"]["p"]) - 1) < 1e-9 and (sex["sites"], sex["patients"]) == ("4", "360")
    assert float(fits["mixed", ""]["tau"]) > 0.3 and 0 < float(fits["mixed", ""]["icc"]) < 1
    assert fits["lasso", ""]["chosen_by"] == "left out" and fits["ridge", ""]["chosen_by"] == ""
    assert not [r for r in coefficients if r["model"] == "ridge" and r["estimate"]], "no lambda is chosen of two"
    assert float(fits["side", "yes"]["distance"]) > 0.5
    assert {r["without"] for r in left if r["model"] == "plain"} == set("ABCD"), "E has no part in it"
    assert {r["without"] for r in left if r["model"] == "side"} == set("ABCDE")
    assert all(0.5 < float(r["auc_normal"]) < 1 for r in left if r["model"] == "side")
    assert [r["entered"] for r in path if r["model"] == "steps"][:2] == ["", "f1"]
    for name in ("model_coefficients.csv", "model_fits.csv", "model_path.csv", "factor_tests.csv"):
        assert evidence(name)["for"].startswith("reader") or "reader" in evidence(name)["for"], evidence(name)["for"]
    assert "coordinator" in evidence("model_validation.csv")["for"]
elif what == "three":
    assert of["plain", "f1"]["estimate"] != "" and fits["plain", ""]["mse_left_out"] == ""
    assert all(r["mse"] == "" and r["distance"] == "" for r in left), "two sites would be left"
    assert fits["lasso", ""]["chosen_by"] == "bic", fits["lasso", ""]
elif what == "two":
    assert all(r["estimate"] == "" for r in coefficients if r["model"] in ("plain", "lasso", "steps", "mixed"))
    assert not [r for r in path if r["model"] in ("lasso", "steps")]
    assert of["side", "f1"]["estimate"] != ""
PY
check 'what the models say, and of whom' python3 look.py sites all
pool three A.radsum B.radsum C.radsum
check 'of three sites none is left out' python3 look.py three three
check 'every number of three stands on enough' python3 "$tests/support/stand_on.py" three
# A pool of three of which one has no part in the models of f4.
pool two A.radsum B.radsum E.radsum
check 'a model of two sites has no number' python3 look.py two two
check 'every number of two stands on enough' python3 "$tests/support/stand_on.py" two

# What a model adds to the covariance is refused as the covariance is.
sed 's/^study: closed/study: wide/; s/features: .*/features: ["g*", f1, f4]/; /^  [a-z]*: {family/d' study.yaml >wide.yaml
echo '  wide: {family: gaussian, response: f4, terms: ["g*"]}' >>wide.yaml
python3 -c "
import csv
rows = list(csv.DictReader(open('A.csv')))
out = csv.writer(open('G.csv', 'w'))
out.writerow(list(rows[0]) + ['g%d' % i for i in range(9)])
for k, r in enumerate(rows): out.writerow(list(r.values()) + [repr(((k * 37 + i * 11) ** 2 % 1013) / 7) for i in range(9)])"
check 'more columns than a tenth of the patients are refused' expect_line 10 'covariance' "$run" summarise G.csv -s wide.yaml -k A.key -o wide.radsum
check 'the columns that a model adds are counted' sh -c "'$run' study check wide.yaml --sites 60,200 | grep -q 'covariance of 3 columns or more'"
check 'models from sums are described' sh -c "'$run' study check study.yaml | grep -q 'steps: gaussian, of f4 by f1 f2 f3 age sex; no penalty, forward by BIC; leave one site out; from sums that leave once'"
# Levels of two groups beside each other: their products are the cells of a table. Against least squares of the rows.
cat >levels.yaml <<'X'
study: levels
features: [f1, f3]
covariates: {sex: {levels: [F, M]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex, response]
tables: [[response, sex]]
analyses: [moments, groups, covariance, tables]
models: {both: {family: gaussian, response: f3, terms: [f1, sex, response]}}
X
cat >least.py <<'PY'
import csv
rows = [r for s in "BCD" for r in csv.DictReader(open(s + ".csv"))]  # A and E have small cells
x = [[1, float(r["f1"]), r["sex"] == "M", r["response"] == "yes"] for r in rows]
y = [float(r["f3"]) for r in rows]
a = [[sum(p[i] * p[j] for p in x) for j in range(4)] + [sum(p[i] * q for p, q in zip(x, y))] for i in range(4)]
for i in range(4):
    a[i] = [v / a[i][i] for v in a[i]]
    for k in range(4):
        if k != i: a[k] = [u - a[k][i] * v for u, v in zip(a[k], a[i])]
of = {r["term"]: r for r in csv.DictReader(open("levels/model_coefficients.csv"))}
for k, term in enumerate(["(Intercept)", "f1", "sex=M", "response=yes"]):
    assert abs(float(of[term]["estimate"]) - a[k][4]) < 1e-4, (term, of[term], a[k][4])  # values are taken in steps
    assert of[term]["sites"] == "3" and of[term]["patients"] == "270", of[term]
PY
rm -rf "$RADIOMILL_STATE" # as sites that nothing left of yet
for s in A B C D E; do
    "$run" keygen $s -o other >/dev/null 2>&1 || { mkdir -p other && "$run" keygen $s -o other >/dev/null; }
    "$run" summarise $s.csv -s levels.yaml -k other/$s.key -o other/$s.radsum >/dev/null 2>err || cat err
done
cat other/*.pub >other/trusted
check 'products of levels are cells of a table' sh -c "'$run' pool levels.yaml other/?.radsum -k other/trusted -o levels 2>err && python3 least.py"
check 'a site that hides small cells is named' grep -q 'model both is without site E: its rules hold back sums of the model' err
cat >describe.yaml <<'X'
study: describe
features: [f1]
covariates: {sex: {levels: [F, M]}}
outcomes: {end: {time: months, event: status, causes: [relapse, death], grid: [0, 12]}}
repeats: {occasion: session, levels: [one, two], groups: [sex]}
X
check 'causes and changes are described' sh -c "'$run' study check describe.yaml | grep -q 'causes relapse, death' && '$run' study check describe.yaml | grep -q 'of repeats from the first, by sex'"

# A model as a signature: the scores are those of its coefficients.
cat >score.py <<'PY'
import csv, sys
b = {r["term"]: float(r["estimate"]) for r in csv.DictReader(open("all/model_coefficients.csv")) if r["model"] == sys.argv[1]}
rows, scores = list(csv.DictReader(open("A.csv"))), list(csv.DictReader(open("scores.csv")))
assert len(rows) == len(scores) == 90 and len(b) >= 3
for r, s in zip(rows, scores):
    want = sum(w * (1 if term == "(Intercept)" else float(r[term])) for term, w in b.items())
    assert abs(float(s["score"]) - want) <= 1e-12 * (1 + abs(want)), (r["case"], s["score"], want)
PY
signature() { # model, kind
    "$run" signature all/model_coefficients.csv --of "$1" --model "$2" -o "$1.sig.yaml" 2>err || { cat err && return 1; }
    "$run" score A.csv -m "$1.sig.yaml" -o scores.csv >/dev/null 2>err || { cat err && return 1; }
    python3 score.py "$1"
}
check 'a least squares model is scored' signature mixed linear
check 'a lasso is scored' signature lasso linear
check 'a discriminant is scored' signature side logistic
check 'a model that is not there' expect_line 4 'there is no model sides' "$run" signature all/model_coefficients.csv --of sides --model linear
check 'a table of weights has no --of' expect_line 4 'columns model, level, term and estimate' "$run" signature A.csv --of f1 --model linear
check 'a pool without --of' expect_line 4 'the column model is not known' "$run" signature all/model_coefficients.csv --model linear
report closed
