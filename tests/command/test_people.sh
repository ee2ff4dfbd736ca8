#!/bin/sh
# What people do with a study: they write, check and rehearse it, look at what would leave, and approve it.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
tests=$(pwd)/tests
cd "$work" || exit 1
# With so many seconds of the processor's time, whoever else it works for.
within() {
    (ulimit -t "$1" && shift && "$@")
}

# Long studies: compared by pairs they take minutes; there is room for sanitizers, which take ten times as long.
python3 "$tests/support/long_studies.py" "$work" 60000
"$run" keygen wide >/dev/null
check 'a study of a megabyte: where' within 5 expect_line 4 'more than 64 columns' "$run" study check where.yaml
for study in features values covariance patterns near terms; do
    check "a study of a megabyte: $study" within 5 expect 0 '' "$run" study check "$study.yaml" --sites 61
done
check 'names in full, and as many patterns for them' within 5 expect_line 4 'too many patterns' "$run" study check both.yaml
check 'many patterns for the columns of a table' within 5 expect_line 4 'too many patterns' "$run" summarise wide.csv -s patterns.yaml -k wide.key --preview
check '60,000 features by name' within 90 expect 0 '' "$run" summarise wide.csv -s wide.yaml -k wide.key -t 1
sed 's/^study: wide/study: wider/' wide.yaml >wider.yaml
check 'and against a ledger' within 90 expect 0 '' "$run" summarise wide.csv -s wider.yaml -k wide.key -t 1

# A first study, from tables with all that must not get into it.
python3 "$tests/support/odd_tables.py" "$work"
"$run" keygen odd >/dev/null
check 'a first study' expect 0 '' "$run" study init odd.csv clinical.csv -o odd.yaml
check 'is sound' expect 0 '' "$run" study check odd.yaml
check 'and is taken as it is' expect 0 '' "$run" summarise odd.csv --clinical clinical.csv -s odd.yaml -k odd.key -t 1
check 'by the order of rows it does not change' "$run" study init odd_turned.csv clinical_turned.csv -o turned.yaml
check 'not a byte' cmp odd.yaml turned.yaml
check 'it is never overwritten' expect_line 5 'odd.yaml' "$run" study init odd.csv clinical.csv -o odd.yaml
check 'numbers, levels, a time' sh -c "sed 's/#.*//' odd.yaml | tr -d '\n' | grep -Eq 'age: [{]unit: years[}].*sex: [{]levels: .F, M.*stage: .*I, II, III, IV.*arm: .*A, B.*death: [{]time: os_months, event: death, unit: months'"
check 'one ROI of each patient' grep -q '^where: {roi: GTV-1}' odd.yaml
check 'a logarithm where values spread' grep -q 'original_stat_energy: {transform: log}' odd.yaml
for word in mrn birth_date seen_on surname remarks scan_no PatientNr turn seen_last hiv pos original_stat_min original_stat_max; do
    check "$word is left out" sh -c "! sed 's/#.*//' odd.yaml | grep -qw '$word'"
done
check 'few differ in it, the file says' grep -q 'original_stat_max: the rules refuse it of this table: minimum_cell' odd.yaml
check 'a level of one patient is nowhere' sh -c '! grep -qw pos odd.yaml'
check 'nor is a value' python3 -c '
import re
text = open("odd.yaml").read()
values = {v for f in ("odd.csv", "clinical.csv") for line in open(f).read().split("\n")[1:] for v in line.split(",")[2:]}
found = {w for w in re.findall(r"[0-9A-Za-z.+-]+", text) if w in values and re.search("[0-9]{2}", w)}
assert not found, found
for number in re.findall(r"(?:step: |about )([0-9.e+-]+)", text):
    assert re.fullmatch(r"0?[.]?0*1(e[+-][0-9]+)?0*", number), number'
python3 - >sizes.csv <<'X'
import random
draw = random.Random(3)
print("case,f_usual,f_small,f_large")
for i in range(60): print(f"p{i},{draw.gauss(5, 1)},{draw.gauss(5e-6, 1e-6)},{draw.gauss(5e12, 1e12)}")
X
"$run" keygen sizes >/dev/null
check 'columns of unusual size' expect 0 '' "$run" study init sizes.csv -o sizes.yaml
check 'have a step, others have none' sh -c "grep -q 'f_small: {step: 1e-10}' sizes.yaml && grep -q 'f_large: {step: 1e+08}' sizes.yaml && ! grep -q 'f_usual: ' sizes.yaml"
check 'and leave' sh -c "'$run' summarise sizes.csv -s sizes.yaml -k sizes.key -t 1 && test \$(grep -o '\"name\":\"f_[a-z]*\"' sizes.radsum | wc -l) -eq 3"
awk -F, -v OFS=, '{ print (NR == 1 ? "zeta" : 40 + NR * 7 % 31 + 0.5), $0 }' clinical.csv >zeta.csv
check 'a clinical number, first of its table' expect 0 '' "$run" study init odd.csv zeta.csv -o zeta.yaml
check 'is no feature' sh -c "sed 's/#.*//' zeta.yaml | tr -d '\n' | grep -q 'covariates:.* zeta: '"
check 'no patient column' sh -c "cut -d, -f2- odd.csv >nobody.csv; '$run' study init nobody.csv -o no.yaml 2>err; test \$? -eq 4 && grep -q 'no column names the patient' err && ! ls no.yaml"
check 'a few patients' sh -c "head -n 12 odd.csv >few.csv; '$run' study init few.csv -o few.yaml && '$run' study check few.yaml && grep -q 'too few patients' few.yaml"
check 'no feature' expect_line 4 'no column seems to be a feature' "$run" study init clinical.csv -o no.yaml
check 'options of check' expect_line 2 'go with check' "$run" study init odd.csv --sites 9 -o no.yaml
check 'no such action' expect_line 2 'the actions are init and check' "$run" study make odd.csv

# A study against sizes of sites, before anyone has looked at a row.
cat >study.yaml <<'X'
study: sized
patient: patient
features: [f0000, f0001]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}
groups: [sex]
tables: [[sex, stage]]
model: [age, sex]
X
check 'sizes of sites' expect 0 '' "$run" study check study.yaml --sites 9,61,143 --share sex=0.3,0.7
check 'a site too small for a summary' grep -Eq 'a summary.* minimum_cell +refused +fits +fits' out
check 'a model of three columns' grep -Eq 'model of 3 .* parameters +refused +fits +fits' out
check 'a pool of two sites' grep -Eq 'a pool .* minimum_sites +refused +refused +refused +2 of 3 sites' out
check 'sizes that are none' expect_line 2 'is not a list' "$run" study check study.yaml --sites 9,x
check 'shares of what has no levels' expect_line 2 'does not name' "$run" study check study.yaml --sites 9 --share age=1
check 'shares without sizes' expect_line 2 'goes with --sites' "$run" study check study.yaml --share sex=0.3,0.7

# What would leave as a page, and nothing but that.
python3 "$tests/support/cohort.py" "$work" 1 60 12
sed -i 's/,III,/,<b>III\&,/' s1.csv
cat >study.yaml <<'X'
study: seen
patient: patient
features: [f0000, f0001, f0003, f0007]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, "<b>III&", IV]}}
outcomes: {recurrence: {time: months, event: relapse, grid: [0, 6, 12, 24, 36, 48, 60]}}
groups: [sex]
tables: [[sex, stage]]
model: [age]
X
"$run" keygen s1 >/dev/null
seen() { # then options
    "$run" summarise s1.csv -s study.yaml -k s1.key -t 1 --withhold "$@"
}
nothing_left() {
    ! find . "${RADIOMILL_STATE:-.}" -name '*.radsum' -o -name 'seen-*.html' | grep .
}
rm -f ./*.radsum
check 'a page' expect 0 '' seen --preview page.html
check 'which is all that is written' nothing_left
hash=$(sed -n 's/.*--approve \([0-9a-f]\{64\}\) .*/\1/p' out)
check 'with the hash that it says' grep -q "<code>$hash</code>" page.html
check 'and that of the study' sh -c "grep -q '$("$run" study check study.yaml | sed -n 's/^ *hash *//p')' page.html"
check 'it loads and runs nothing' sh -c '! grep -Eiq "<script|<link|<img|<iframe|https?:|url\(| on[a-z]+=" page.html'
check 'names are text' sh -c 'grep -q "&lt;b&gt;III&amp;" page.html && ! grep -q "<b>" page.html'
check 'again the same page' seen --preview again.html
check 'byte for byte' cmp page.html again.html
check 'words without a page' expect 0 '' seen --preview
check 'as before' grep -q 'What would leave site s1' out
check 'another hash' expect_line 12 'is not the hash of what would leave' seen --approve "${hash%?}x"
check 'lets nothing leave' nothing_left
sed '$s/,[0-9.]*,[01],/,1.5,1,/' s1.csv >changed.csv
check 'nor do changed rows' expect_line 12 'something has changed' "$run" summarise changed.csv -s study.yaml -k s1.key --withhold -t 1 --approve "$hash"
check 'nothing of them' nothing_left
check 'what was approved leaves' expect 0 '' seen --approve "$hash"
check 'the text of that hash is what was signed' python3 -c '
import hashlib, sys
text = open(sys.argv[1], "rb").read()
body = text[:text.rindex(b",\n \"signature\"")]
assert hashlib.blake2b(body, digest_size=32).hexdigest() == sys.argv[2]' s1.radsum "$hash"
kept=$(find . "${RADIOMILL_STATE:-.}" -path '*.approved/seen-1.html' | head -n 1)
check 'the page is kept beside the ledger' cmp page.html "$kept"
check 'every number of the file is in it' python3 "$tests/support/page_numbers.py" s1.radsum page.html
check 'rows of tables are as long as their heads' python3 "$tests/support/cells.py" page.html
sed 's/study: seen/study: later/' study.yaml >later.yaml
check 'a page after a release' "$run" summarise s1.csv -s later.yaml -k s1.key -t 1 --withhold --preview later.html
check 'says what left before' python3 -c '
import re, sys
part = re.search(r"id=\"before\">.*?</section>", open(sys.argv[1]).read(), re.S).group()
row = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", part.split("<tbody>")[1])
assert row[:2] == ["seen", "1"] and row[3:] == ["60", "60", "0", "0", "–"], row' later.html
folder=$(dirname "$kept")
rm -r "$folder" && : >"$folder"
check 'no folder for what was approved' expect_line 5 'what was approved cannot be' seen --approve "$hash" -o never.radsum
check 'then nothing leaves' sh -c '! ls never.radsum 2>/dev/null'

# A rehearsal: what fits, without a number, and not without end.
python3 "$tests/support/cohort.py" "$work" 3 60 12
rm -f ./*.radsum
cat >study.yaml <<'X'
study: tried
patient: patient
features: [f0000, f0001, f0003, f0007]
covariates: {age: {unit: years}, sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}
outcomes: {recurrence: {time: months, event: relapse, grid: [0, 6, 12, 24, 36, 48, 60], groups: [sex]}}
groups: [sex, stage]
tables: [[sex, stage]]
model: [age]
X
echo '{"factors": [["sex", ["F", "M"], true], ["stage", ["I", "II", "III", "IV"], true]], "tables": [["sex", "stage"]],
"outcome": "recurrence", "grid": [0, 6, 12, 24, 36, 48, 60], "by": ["sex"]}' >study.json
forget
for s in a b c; do "$run" keygen $s >/dev/null; done
cat a.pub b.pub c.pub >keys
tried() { # site, then options
    key=$1
    shift
    "$run" summarise "s$(echo "$key" | tr abc 123).csv" -s "${study:-study}.yaml" -k "$key.key" -t 1 --withhold "$@"
}
study=study
for s in a b c; do
    check "site $s rehearses" expect 0 '' tried $s --rehearse
done
check 'nothing left' sh -c '! ls ./*.radsum 2>/dev/null'
check 'rehearsals joined' expect 0 '' "$run" pool study.yaml a.rehearsal b.rehearsal c.rehearsal -k keys --rehearse
check 'as they are' python3 "$tests/support/rehearsal.py" joined rehearsed.csv a.rehearsal b.rehearsal c.rehearsal
check 'the same again' cp a.rehearsal first
check 'is the same rehearsal' expect 0 '' tried a --rehearse
check 'byte for byte' cmp a.rehearsal first
for i in 2 3 4 5 6 7 8; do
    sed "s/study: tried/study: tried-$i/" study.yaml >"try$i.yaml"
    study=try$i
    check "study $i of a site" expect 0 '' tried b --rehearse -o other.rehearsal
done
check 'counted' grep -q '"number": 8' other.rehearsal
study=later
sed 's/study: tried/study: one-more/' study.yaml >later.yaml
check 'one more' expect_line 11 '8 studies were rehearsed' tried b --rehearse -o more.rehearsal
check 'is not written' sh -c '! ls more.rehearsal 2>/dev/null'
study=try3
check 'one of them again' expect 0 '' tried b --rehearse -o other.rehearsal
study=study
for s in a b c; do
    check "site $s releases" expect 0 '' tried $s
    check "what it rehearsed" python3 "$tests/support/rehearsal.py" fits study.json $s.rehearsal $s.radsum
done
study=later
check 'after a release there are more' expect 0 '' tried b --rehearse -o more.rehearsal
check 'from 1' grep -q '"number": 1' more.rehearsal
study=study
list=$(find . "${RADIOMILL_STATE:-.}" -name '*.rehearsals' -size +1k | head -n 1)
cp "$list" whole
sed -i '2d' "$list"
check 'a list of which a line was taken' expect_line 12 'restore it' tried b --rehearse
sed '1s/^0/1/' whole >"$list"
check 'a list that was changed' expect_line 12 'restore it' tried b --rehearse
printf 'x' | cat whole - >"$list"
check 'half a line' expect_line 12 'restore it' tried b --rehearse
cp whole "$list"
check 'the list as it was' expect 0 '' tried b --rehearse
joined() {
    "$run" pool study.yaml "$@" --rehearse -o never.csv
}
check 'two of one site' expect_line 4 'a second rehearsal of site a' joined a.rehearsal first -k keys
sed 's/true/false/' a.rehearsal >forged
check 'a changed one' expect_line 12 'the signature is not valid' joined forged b.rehearsal -k keys
check 'a key that is not known' expect_line 12 'not in the list' joined a.rehearsal b.rehearsal -k a.pub
check 'another study' expect_line 4 'is a rehearsal of study' joined other.rehearsal -k keys
check 'a summary is none' expect_line 12 '' joined a.radsum -k keys
check 'a rehearsal is no summary' expect_line 3 'is not a radsum file' "$run" pool study.yaml a.rehearsal b.radsum c.radsum -k keys -o never
check 'nothing of it is written' sh -c '! ls never.csv never 2>/dev/null'
check 'a cohort that is too small' sh -c "head -n 8 s1.csv >few.csv; '$run' summarise few.csv -s study.yaml -k a.key --rehearse -o few.rehearsal 2>err; test \$? -eq 10 && ! ls few.rehearsal"
check 'nothing to approve' expect_line 2 'nothing to preview' tried a --rehearse --preview

report people
