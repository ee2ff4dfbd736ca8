#!/bin/sh
# Signatures: made of weights, signed, applied to a run, to a table and to harmonised rows; what does not fit is named.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
. tests/support/checks.sh
for i in 1 2 3; do
    cp tests/fuzz/nifti/type4 "$work/p$i.nii"
    cp tests/fuzz/nifti/type2 "$work/p${i}_mask.nii"
done
seed=$(pwd)/tests/fuzz/signature
cd "$work" || exit 1
printf 'case,image,mask\np1,p1.nii,p1_mask.nii\np2,p2.nii,p2_mask.nii\np3,p3.nii,p3_mask.nii\n' >cases.csv
"$run" batch cases.csv -o RUN 2>/dev/null || exit 1
cat >weights.csv <<'C'
"","name","weight","centre","scale"
"1","(Intercept)",-0.5,,
"2","original_morph_volume",0.25,1,2
"3","`original_stat_mean`",0.001,700,
"4","original_stat_min",0,,
C
check 'made of weights' expect 0 'warning: weights.csv: 1 feature of weight 0 is left out' \
    "$run" signature weights.csv -m logistic --run RUN -o s.yaml --cut 'high=score > 0.3' --cut 'risk=probability >= 0.5'
check 'has the settings of the run' sh -c 'grep -q "settings: \"$(sed -n "s/.*settings_id\": \"\(.*\)\",/\1/p" RUN/provenance.json)\"" s.yaml'
printf 'study: of weights\nfeatures: [f]\n' >of.yaml
check 'and of its study' sh -c "'$run' signature weights.csv -m logistic --study of.yaml -o of_study.yaml 2>err && grep -A 3 '^provenance:' of_study.yaml | grep -q '^  study: .*$(python3 -c "import hashlib; print(hashlib.blake2b(open('of.yaml', 'rb').read(), digest_size=32).hexdigest())")'"
check 'scores' expect 0 'RUN/features.csv: 33 rows, 33 scored by weights' "$run" score RUN -m s.yaml -o scores.csv
check 'as computed by hand' python3 -c "
import csv, math
rows, scores = (list(csv.DictReader(open(f))) for f in ('RUN/features.csv', 'scores.csv'))
assert list(scores[0]) == ['case', 'roi', 'score', 'probability', 'high', 'risk', 'reason'] and len(rows) == len(scores) == 33
for r, s in zip(rows, scores):
    score = -0.5 + 0.25 * (float(r['original_morph_volume']) - 1) / 2 + 0.001 * (float(r['original_stat_mean']) - 700)
    assert (r['case'], r['roi']) == (s['case'], s['roi'])
    assert abs(float(s['score']) - score) < 1e-14 and abs(float(s['probability']) - 1 / (1 + math.exp(-score))) < 1e-15
    assert s['high'] == ('yes' if score > 0.3 else 'no') and s['risk'] == ('yes' if score >= 0 else 'no')
assert {s['high'] for s in scores} == {s['risk'] for s in scores} == {'no', 'yes'}"
check 'the bytes of JSON are those of YAML' sh -c "python3 -c \"
import json
# the file is lines of JSON values under keys of YAML
out, features, cuts = {}, [], {}
for line in open('s.yaml'):
    key, _, value = line.strip().partition(': ')
    if line.startswith('  - '):
        name, rest = line.split('name: ')[1].split(', definition: ')
        definition, numbers = rest.rstrip('}\n').split(', ', 1)
        features.append(dict([('name', json.loads(name)), ('definition', json.loads(definition))] +
                             [(k, float(v)) for k, v in (n.split(': ') for n in numbers.split(', '))]))
    elif line.startswith('  '):
        cuts[json.loads(key)] = json.loads(value)
    elif value:
        out[key] = json.loads(value)
json.dump(dict(out, features=features, cutoffs=cuts), open('s.json', 'w'), indent=1)\" && '$run' score RUN -m s.json 2>/dev/null | cmp - scores.csv"

# A table says nothing of its columns; beside its run it does.
check 'a table' expect 0 'says nothing of how its columns were computed' "$run" score RUN/features.csv -m s.yaml -o table.csv
check 'has the same scores' cmp table.csv scores.csv
check 'with its run' sh -c "'$run' score RUN/features.csv -m s.yaml --run RUN -o table.csv 2>err && ! grep -q 'says nothing' err && cmp table.csv scores.csv"
sed 's/original_morph_volume/volume/; s/original_stat_mean/mean/' s.yaml >renamed.yaml
check 'features are known by what they are' sh -c "'$run' score RUN -m renamed.yaml 2>/dev/null | cmp - scores.csv"
check 'by name they are not there' expect_line 4 'lacks 2 of 2 features of the signature: volume is not there; mean is not there' \
    "$run" score RUN/features.csv -m renamed.yaml -o none.csv
sed 's/definition: "./definition: "0/' s.yaml >other.yaml
check 'another definition' expect_line 4 'original_stat_mean is another feature here: its definition is another one' "$run" score RUN -m other.yaml -o none.csv
sed 's/settings: "./settings: "0/' s.yaml >settings.yaml
check 'other settings' expect_line 4 'RUN: was extracted with settings' "$run" score RUN -m settings.yaml -o none.csv
sed 's/, definition: "[0-9a-f]*"//' s.yaml >names.yaml
check 'without definitions' expect 0 'warning: 2 of 2 features of the signature have no definition' "$run" score RUN -m names.yaml -o table.csv
check 'the same by name' cmp table.csv scores.csv

# Values that are not there.
sed 's/weight: 0.001/transform: log, weight: 0.001/' s.yaml >log.yaml
printf 'case,original_morph_volume,original_stat_mean\na,1,2\nb,NA,2\nc,1,\nd,1,0\ne,1,-1\n"=f",1e308,2\n' >few.csv
check 'rows without a score' expect 20 'few.csv: 4 of 6 rows without a score; the column reason says why' "$run" score few.csv -m log.yaml -o few_scores.csv
check 'have their reason and nothing else' python3 -c "
import csv
rows = list(csv.DictReader(open('few_scores.csv')))
assert [r['reason'] for r in rows] == ['', 'original_morph_volume is missing', 'original_stat_mean is missing'] + [
    'original_stat_mean has no log: it must be above 0'] * 2 + [''], rows
assert all(bool(r['score']) == (not r['reason']) == bool(r['probability']) == bool(r['high']) for r in rows)
assert rows[5]['case'] == \"'=f\""
check 'formulas as they are' sh -c "'$run' score few.csv -m log.yaml --formulas keep 2>/dev/null | grep -q '^=f,'"
printf 'case,original_morph_volume,original_stat_mean\na,1,2\nb,1,x7\n' >text.csv
check 'text is no number' expect_line 4 'text.csv:3: original_stat_mean is x7; a number is needed' "$run" score text.csv -m s.yaml -o none.csv
printf 'id,original_morph_volume,original_stat_mean\na,1,2\n' >id.csv
check 'who is the case' expect_line 4 'no column is called case' "$run" score id.csv -m s.yaml -o none.csv
check 'is said' expect 0 '' "$run" score id.csv -m s.yaml --patient id -o id_scores.csv
check 'and kept' grep -q '^id,score' id_scores.csv
printf 'case,original_morph_volume,original_stat_mean\n' >empty.csv
check 'no rows' expect_line 4 'empty.csv: has no row' "$run" score empty.csv -m s.yaml -o none.csv
check 'nothing was written' test ! -e none.csv

# Harmonised rows go with a signature that was trained on such, by the same file.
echo '{"format": "radiomill harmonisation 1"}' >harmonisation.json
echo '{"format": "radiomill harmonisation 1" }' >second.json
"$run" signature weights.csv -m linear --harmonised harmonisation.json -o h.yaml 2>/dev/null
check 'harmonised' expect 0 '' "$run" score RUN/features.csv -m h.yaml --harmonised harmonisation.json -o h.csv
check 'rows as they are' expect_line 4 'h.yaml: is of rows that were harmonised; harmonise these' "$run" score RUN/features.csv -m h.yaml -o none.csv
check 'by another file' expect_line 4 'second.json: is another harmonisation' "$run" score RUN/features.csv -m h.yaml --harmonised second.json -o none.csv
check 'harmonised rows of a signature that was not' expect_line 4 's.yaml: is of rows that were not harmonised' \
    "$run" score RUN/features.csv -m s.yaml --harmonised harmonisation.json -o none.csv

# Numbers that are no features, from the table beside them.
mkdir joined && (
    cd joined || exit 1
    printf 'case,f1,roi\na,1,x\nb,2,x\nc,3,x\n' >features.csv
    printf 'age,case,stage\n50,b,I\n40,a,II\n,c,I\n60,d,I\n' >clinical.csv
    printf 'signature: s\nharmonisation: none\nmodel: linear\nfeatures:\n  - {name: f1, weight: 10}\n  - {name: age, weight: 0.5, centre: 40}\n' >s.yaml
)
check 'age stands beside' expect_line 20 '1 of 3 rows without a score' "$run" score joined/features.csv -m joined/s.yaml --clinical joined/clinical.csv -o joined/out.csv
check 'and is joined' sh -c "printf 'case,roi,score,reason\na,x,10,\nb,x,25,\nc,x,,age is missing\n' | cmp - joined/out.csv"
check 'without it' expect_line 4 'lacks 1 of 2 features of the signature: age is not there' "$run" score joined/features.csv -m joined/s.yaml -o none.csv
sed 2d joined/clinical.csv >joined/less.csv
check 'who has no row there' expect_line 20 '2 of 3 rows' "$run" score joined/features.csv -m joined/s.yaml --clinical joined/less.csv -o joined/out.csv
sed 's/age/f1/' joined/clinical.csv >joined/both.csv
check 'in both' expect_line 4 'f1 is in both tables' "$run" score joined/features.csv -m joined/s.yaml --clinical joined/both.csv -o none.csv
sed 's/50/old/' joined/clinical.csv >joined/word.csv
check 'no number' expect_line 4 'joined/word.csv: the row that belongs to joined/features.csv:3: age is old; a number is needed' "$run" score joined/features.csv -m joined/s.yaml --clinical joined/word.csv -o none.csv
sed 's/case/id/' joined/clinical.csv >joined/id.csv
check 'no column to join by' expect_line 4 'no column is called case, by which rows are joined' "$run" score joined/features.csv -m joined/s.yaml --clinical joined/id.csv -o none.csv
check 'not there' expect_line 3 'nothing.csv' "$run" score joined/features.csv -m joined/s.yaml --clinical nothing.csv -o none.csv

# Who made it.
"$run" keygen hub >/dev/null && "$run" keygen other >/dev/null
check 'not signed' expect_line 12 's.yaml: is not signed' "$run" score RUN -m s.yaml --coordinator hub.pub -o none.csv
check 'signed' expect 0 '' "$run" sign s.yaml -k hub.key
check 'and known' sh -c "'$run' score RUN -m s.yaml --coordinator hub.pub -o table.csv 2>err && ! grep -q 'in between' err && cmp table.csv scores.csv"
check 'by another' expect_line 12 'not with that of the coordinator other' "$run" score RUN -m s.yaml --coordinator other.pub -o none.csv
echo >>s.yaml
check 'changed' expect_line 12 's.yaml: was changed after it was signed' "$run" score RUN -m s.yaml -o none.csv

# Weights that make none.
weights() { printf 'name,weight,centre,scale\n%s\n' "$1" >bad.csv; }
bad() { # exit code, words, row
    weights "$3"
    check "weights: $3" expect_line "$1" "$2" "$run" signature bad.csv -m linear --run RUN -o none.yaml
}
bad 4 'bad.csv:2: weight is NA; a number is needed; leave out what has no weight' 'original_stat_mean,NA,,'
bad 4 'bad.csv:2: original_stat_maen is not a feature of RUN; is it original_stat_mean' 'original_stat_maen,1,,'
bad 4 'bad.csv:2: scale is wide' 'original_stat_mean,1,,wide'
bad 4 'above 0' 'original_stat_mean,1,,-1'
bad 4 'bad.csv: no feature has a weight' '(Intercept),1,,'
bad 4 'an intercept has neither centre nor scale' '(Intercept),1,2,'
bad 4 'is given twice' "original_stat_mean,1,,
original_stat_mean,2,,"
bad 4 'bad.csv:3: there is an intercept already' "const,1,,
(Intercept),2,,"
printf 'name,beta\na,1\n' >bad.csv
check 'another column' expect_line 4 'the column beta is not known' "$run" signature bad.csv -m linear -o none.yaml
check 'a Cox model has no intercept' expect_line 4 'a Cox model has none' "$run" signature weights.csv -m cox -o none.yaml
check 'which model' expect_line 2 'signature: --model is needed' "$run" signature weights.csv -o none.yaml
check 'a cut without a name' expect_line 2 '--cut: score > 1 is not a cut' "$run" signature weights.csv -m linear --cut 'score > 1' -o none.yaml
check 'a cut of what is not there' expect_line 4 'probability is not a number of this model' "$run" signature weights.csv -m linear --cut 'a=probability > 1' -o none.yaml
check 'nothing was made' test ! -e none.yaml
printf 'time,survival\n12,0.9\n24,0.8\n' >baseline.csv
printf 'name,weight\noriginal_stat_mean,0.01\n' >cox.csv
check 'a Cox model' expect 0 '' "$run" signature cox.csv -m cox --run RUN --baseline baseline.csv --unit months --version 2 --date 2026-11-26 -o cox.yaml
check 'has risks' sh -c "'$run' score RUN -m cox.yaml 2>/dev/null | head -1 | grep -qx 'case,roi,score,risk_12,risk_24,reason'"
check 'seeds are signatures' expect_line 4 'none.csv' "$run" score few.csv -m "$seed/logistic.yaml" --patient none.csv
check 'words as they are' sh -c "printf 'name,weight\n\"a \"\"b\"\" \\\\c\",1\n' >odd.csv && '$run' signature odd.csv -m linear --title 'x \"y\" \\z' -o odd.yaml 2>/dev/null &&
    printf 'case,\"a \"\"b\"\" \\\\c\"\np,2\n' >odd_rows.csv && '$run' score odd_rows.csv -m odd.yaml 2>/dev/null | grep -qx 'p,2,'"
check 'which signature' expect_line 2 'score: --model SIGNATURE.yaml is needed' "$run" score RUN
check 'no signature' expect_line 3 'nothing.yaml' "$run" score RUN -m nothing.yaml
check 'no run' expect_line 3 'NOTHING' "$run" score NOTHING -m s.json
report signature
