#!/bin/sh
# The page of a pool says what was done, and what it knows of METRICS and CLEAR: by the tables beside it.
set -u
no_rules=$(pwd)/${BUILD:-build}/tests/no_rules tests=$(pwd)/tests
. tests/support/checks.sh
python3 "$tests/support/cohort.py" "$work" 4 60 12
cat >"$work/whole.yaml" <<'X'
study: whole
patient: patient
features: [f*]
covariates: {age: {unit: years}, score: {step: 0.5}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 6, 12, 24, 36, 48, 60], groups: [sex, risk]}
derived: {risk: {of: score, cuts: [50, 65], levels: [low, middle, high]}}
performance:
  tells: {score: score, outcome: response, event: "yes", cuts: [50, 65]}
  times: {score: score, outcome: relapse}
groups: [sex]
covariance: [f*, age]
redundancy: 0.4
model: [age, sex]
models: {line: {family: gaussian, response: f0000, terms: [f0001, f0002, age], penalty: {kind: lasso, path: 5, ratio: 0.1}, validate: leave-one-site-out}}
variables:
X
cat "$work/steps" >>"$work/whole.yaml"
awk -F, -v OFS=, '{ print $0, NR == 1 ? "score" : $2 }' "$work/all.csv" >"$work/scores.csv"
"$no_rules" "$work/whole.yaml" "$work/scores.csv" 4 "$work/whole"
sed -e '/^derived/d; /^performance/,/^groups/{/^groups/!d}; s/, risk\]/]/; /^models/d; /^covariance/d' \
    -e 's/^model: .*/model: []/; $a analyses: [moments, survival, model]' "$work/whole.yaml" >"$work/less.yaml"
"$no_rules" "$work/less.yaml" "$work/scores.csv" 4 "$work/less"

page() { # pool, section: its words, a row of a table in a line
    python3 - "$work/$1/report.html" "$2" <<'X'
import html, re, sys
text = open(sys.argv[1]).read()
at = text.index('<section id="%s"' % sys.argv[2])
text = re.sub(r"\s*\n", " ", text[at : text.index("</section>", at)])
print(html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>", "|", re.sub(r"</tr>", "\n", text)))))
X
}
page whole methods >"$work/methods"
page whole risk >"$work/risk"
page less methods >"$work/short"
says() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1" && return 1; }; }
silent() { ! grep -qF -- "$2" "$work/$1"; }
check 'who' says methods '240 patients of 4 sites were analysed'
check 'what was pooled' says methods 'so that pooled numbers are those of the pooled rows. '
check 'groups' says methods 'between the levels of sex by Welch'
check 'harmonisation' says methods 'sites as batches of at least 10 patients, which kept what the covariates explain'
check 'times' says methods 'Kaplan-Meier curves (Greenwood'
check 'scores' says methods 'The score score, fixed before, was judged for response yes by the AUC'
check 'models' says methods 'Model line of f0000 is linear regression, lasso, validated by leaving out one site after the other'
check 'tuning' says methods '35|tuning|line: lambda by leaving out sites|'
check 'an engine' says methods '12|standardised software|radiomill 0.'
check 'less: harmonisation' says short 'sites as batches of at least 10 patients. '
for words in Welch AUC 'Model line' Redundant; do check "less: nothing of $words" silent short "$words"; done
check 'less: no confounder is kept' says short '19|confounding factors|an intercept for each site; ComBat by site|'
check 'less: what it has not' says short '22|calibration|nothing|'
check 'less: no risk groups' sh -c "! grep -q 'id=\"risk\"' '$work/less/report.html'"
check 'risk groups have their cuts' says risk 'risk middle: 50 < score <= 65.'
check 'and their curves' says risk 'relapse: by risk'
check 'with the patients who are left' says risk 'patients left after that time'
check 'which are nowhere else' sh -c "test \$(grep -o 'figcaption>relapse: by risk<' '$work/whole/report.html' | wc -l) -eq 1"
check 'but those of each site' sh -c "test \$(grep -o 'figcaption>relapse: by risk, site site[1-4]<' '$work/whole/report.html' | sort -u | wc -l) -eq 4"
numbers() {
    python3 - "$work" <<'X'
import csv, re, sys
here = sys.argv[1]
lines = [l.strip().split("|") for l in open(here + "/methods").read().split("\n")]
said = {l[1]: l[2] for l in lines if len(l) > 3}
table = lambda name: list(csv.DictReader(open(here + "/whole/" + name)))
kept = sum(r["keep"] == "yes" for r in table("clusters.csv"))
assert said["redundant features"].startswith("%d of %d variables" % (kept, len(table("clusters.csv")))), said
pooled = {r["performance"]: r for r in table("performance.csv") if r["combined"] == "stratified" and r["measure"] in ("auc", "c")}
for name, r in pooled.items():
    assert "%s: %s %.4g" % (name, "AUC" if r["measure"] == "auc" else "C", float(r["estimate"])) in said["measures of performance"], said
    assert "%s: 95 %% interval %.4g to %.4g" % (name, float(r["low"]), float(r["high"])) in said["uncertainty"], said
assert len(pooled) == 2 and "tells: %d with the event" % int(pooled["tells"]["events"]) in said["imbalance of classes"], said
assert "12 features, 240 patients; line: 3 terms" in said["number of features"], said
X
}
check 'numbers are those of the tables' numbers
report checklists
