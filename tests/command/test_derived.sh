#!/bin/sh
# Levels that a study derives of a number: they are those of a column, keep its rules, and nothing tells who is between a
# cut and an edge, now or in another release.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
support=$(realpath tests/support)
. tests/support/checks.sh
python3 "$support/derived.py" make "$work"
cd "$work" || exit 1
"$run" keygen A >/dev/null
summarise() { # study, file, options
    study=$1 file=$2
    shift 2
    "$run" summarise rows.csv -s "$study" -k A.key -o "$file" "$@"
}
check 'the study says them' sh -c "'$run' study check derived.yaml >out && grep -q 'derived     high: no (score <= 0.3), yes (score > 0.3), features by group' out &&
    grep -q 'derived     risk: low (score <= -0.5), middle (-0.5 < score <= 0.5), high (score > 0.5)' out"
check 'at sites of some sizes' sh -c "'$run' study check derived.yaml --sites 60,200 --share high=0.3,0.7 | grep -q 'levels of high'"
check 'a preview' sh -c "'$run' summarise rows.csv -s derived.yaml -k A.key --preview 2>/dev/null | grep -q 'high: no (score <= 0.3) [0-9]*, yes (score > 0.3) [0-9]*, missing 0'"
check 'as a page' expect 0 '' "$run" summarise rows.csv -s derived.yaml -k A.key --preview page.html
check 'says which values levels have' grep -q 'middle (-0.5 &lt; score &lt;= 0.5)' page.html
check 'a summary' expect 0 '' summarise derived.yaml derived.radsum
check 'of a column' expect 0 '' beside other summarise columns.yaml columns.radsum
check 'has the same numbers' python3 "$support/derived.py" twins derived.radsum columns.radsum
forget
check 'with a histogram' expect 0 '' summarise counted.yaml counted.radsum
check 'nobody or ten are between cuts and edges' python3 "$support/derived.py" intervals counted.radsum rows.csv score 0.3 -0.5 0.5
sed 's/^derived:/&\n  late: "age >= 64"/; s/study: d/study: e/' counted.yaml >more.yaml
check 'another number' expect 0 '' beside more summarise more.yaml more.radsum
check 'likewise' python3 "$support/derived.py" intervals more.radsum rows.csv age 63.99

# Another release: cuts stay where a histogram left or leaves.
sed 's/score > 0.3/score > 0.31/; s/study: d/study: e/' counted.yaml >moved.yaml
check 'another cut' expect_line 10 'levels of score are derived at other cuts (> 0.31, > -0.5, > 0.5) than in study d' summarise moved.yaml e.radsum
sed '/^derived:/,$d; s/tables: .*//; s/groups: \[high\]/groups: []/; /^groups: /d; s/study: d/study: e/' counted.yaml >none.yaml
check 'no cut' expect_line 10 'levels of score are derived at other cuts (none)' summarise none.yaml e.radsum
forget
check 'a histogram' expect 0 '' summarise none.yaml e.radsum
check 'and a cut' expect_line 10 'than in study e, which left before (none)' summarise derived.yaml derived.radsum
forget
check 'no histogram' expect 0 '' summarise derived.yaml derived.radsum
check 'the same cuts' expect 0 '' summarise counted.yaml counted.radsum
forget
check 'no histogram again' expect 0 '' summarise derived.yaml derived.radsum
sed 's/score > 0.3/score > 0.31/; s/study: d/study: e/' derived.yaml >moved.yaml
check 'few between two cuts' expect_line 10 'refused (differencing)' summarise moved.yaml e.radsum
sed 's/score > 0.3/score > 1/; s/study: d/study: e/' derived.yaml >far.yaml
check 'many between two cuts' expect 0 '' summarise far.yaml e.radsum

# Two cuts of one release with few between them; a level of few.
forget
sed 's/^derived:/&\n  near: "score > 0.31"/' derived.yaml >near.yaml
check 'cuts with few between them' expect_line 10 'refused (minimum_cell): high has levels that, with what else is summed and counted of score, tell of few; choose other cuts' \
    summarise near.yaml near.radsum
check 'are left out' expect 0 '' summarise near.yaml near.radsum --withhold
check 'and the other is there' python3 -c "
import json
levels = json.load(open('near.radsum'))['levels']
assert levels[1] == [None, None, None] and all(c is not None and (c == 0 or c >= 10) for c in levels[0] + levels[2]), levels"
forget
sed 's/score > 0.3/score > 4/; s/study: d/study: e/; s/^tables.*//' derived.yaml >rare.yaml
check 'a level of few' expect 0 '' summarise rare.yaml rare.radsum
check 'is hidden' python3 -c "
import json
s = json.load(open('rare.radsum'))
assert s['levels'][0][:2] == [None, None] and all(v['sets'][1:] == [None, None] for v in s['variables'])"

# Scores of a signature, as the table of features and as the clinical table: the same levels and curves.
forget
cut -d, -f1,8 rows.csv >features.csv
cut -d, -f1,4,5 rows.csv >clinical.csv
printf 'name,weight,centre\nf,2,0.25\n' >weights.csv
"$run" signature weights.csv -m linear --cut 'class=score > 0.3' -o signature.yaml 2>/dev/null
check 'scores' expect 0 '' "$run" score features.csv -m signature.yaml -o scores.csv
printf 'study: s\npatient: patient\nfeatures: [f]\ncovariates: {score: {step: 0.001}}\noutcomes: {relapse: {time: months, event: relapse, grid: [0, 6, 12, 24, 48], groups: [high]}}\nderived: {high: "score > 0.3"}\ngroups: [high]\nanalyses: [moments, groups, survival]\n' >clinical.yaml
printf 'study: s\npatient: patient\nfeatures: [score]\noutcomes: {relapse: {time: months, event: relapse, grid: [0, 6, 12, 24, 48], groups: [high]}}\nderived: {high: "score > 0.3"}\ngroups: [high]\nanalyses: [moments, groups, survival]\n' >features.yaml
check 'as features' expect 0 '' "$run" summarise scores.csv -s features.yaml -k A.key --clinical clinical.csv -o features.radsum
cut -d, -f1,2 scores.csv >left && cut -d, -f2,3 clinical.csv >right && paste -d, left right >clinical_scores.csv
check 'in the clinical table' expect 0 '' beside scored "$run" summarise features.csv -s clinical.yaml -k A.key --clinical clinical_scores.csv -o clinical.radsum
check 'have the same levels and curves' python3 -c "
import csv, json
a, b = (json.load(open(f + '.radsum')) for f in ('features', 'clinical'))
high = sum(r['class'] == 'yes' for r in csv.DictReader(open('scores.csv')))
assert a['levels'] == b['levels'] == [[120 - high, high, 0]] and high > 10 and a['survival'] == b['survival'] and all(a['survival'][0]), (a['levels'], high)"

# Studies that are none.
wrong() { # words, line of the study
    printf 'study: w\npatient: patient\nfeatures: [f]\ncovariates: {score: number, sex: {levels: [F, M]}}\noutcomes: {relapse: {time: months, event: relapse, grid: [0, 6]}}\n%s\n' "$2" >wrong.yaml
    check "$2" expect_line 4 "$1" "$run" study check wrong.yaml
}
wrong 'a comparison of one variable with a number' 'derived: {high: "score"}'
wrong 'a comparison of one variable with a number' 'derived: {high: "score > age"}'
wrong 'derived: age is not a number of the study' 'derived: {high: "age > 3"}'
wrong 'derived: sex is not a number of the study' 'derived: {high: "sex > 3"}'
wrong 'derived: f* is not a number of the study' 'derived: {high: "f* > 3"}'
wrong 'derived: months is not a number' 'derived: {high: "months > 3"}'
wrong 'score is given twice' 'derived: {score: "score > 3"}'
wrong 'sex is given twice' 'derived: {sex: "score > 3"}'
wrong 'relapse is given twice' 'derived: {relapse: "score > 3"}'
wrong 'the key is given twice' 'derived: {high: "score > 3", high: "score > 4"}'
wrong '{high: "score > 0.3"} is expected' 'derived: high'
wrong 'where: high is derived of score, and rows are not chosen by the values of a number' 'where: {high: "yes"}
derived: {high: "score > 3"}'
printf 'study: w\npatient: patient\nfeatures: [f]\ncovariates: {months: number}\noutcomes: {relapse: {time: months, event: relapse, grid: [0, 6]}}\nderived: {late: "months > 3"}\n' >wrong.yaml
check 'times have no levels' expect_line 4 'months is the time or the event of relapse, and no level is made of these' "$run" study check wrong.yaml
printf 'study: w\npatient: patient\nfeatures: [f]\nderived: {high: "f > 0"}\n' >feature.yaml
forget
check 'a feature by its full name' expect 0 '' summarise feature.yaml feature.radsum
report derived
