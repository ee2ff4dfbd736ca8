#!/bin/sh
# The whole federation on two cohorts of four sites, as in docs/federation.md: each command is shown, then run.
# usage: demo_federation.sh [FOLDER]      default: build/demo-federation
set -eu
tests=$(cd tests && pwd)
program=$(pwd)/${BUILD:-build}/radiomill
real=${RADIOMILL_DATA:-../shared/data}/cohort/sts_features.csv
[ ! -e "$real" ] || real=$(cd "$(dirname "$real")" && pwd)/sts_features.csv
mkdir -p "${1:-${BUILD:-build}/demo-federation}"
cd "${1:-${BUILD:-build}/demo-federation}"
rm -rf sarcomas generated state
here=$(pwd)
export RADIOMILL_STATE="$here/state" # ledgers of all sites; by default ~/.local/state/radiomill of each site's user
out=$here/.out
trap 'rm -f "$out"' EXIT

radiomill() { "$program" "$@"; }
say() {
    echo
    printf '%s\n' "$@"
}
lines=30 # of what a command says, the last one among them
run() {  # exit code that it must have, then the command
    code=$1 got=0
    shift
    printf '$ %s\n' "$*"
    "$@" >"$out" 2>&1 || got=$?
    awk -v n=$lines 'NR < n { print "    " $0 } END { if (NR > n) print "    ... " NR - n " more lines"
        if (NR >= n) print "    " $0 }' "$out"
    [ $got -eq "$code" ] || { echo "demo: exit code $got, expected $code" && exit 1; }
    [ "$code" -eq 0 ] || echo "    (exit code $code)"
}
trust() { # every site's public key, one after the other
    echo '$ cat ?/?.pub > trusted'
    cat ?/?.pub >trusted
}
holds() { # words that the last command must have said
    grep -qF -- "$1" "$out" || { echo "demo: expected to read \"$1\"" && exit 1; }
}
answers() { # a line for each file of a pool: what its evidence says that it answers
    for path in "$1"/*; do
        file=${path##*/}
        case $file in
        evidence) text='beside every result: what it answers, by which rules, of which sites' ;;
        pooled.json) text='sites, files and variables, with the exact sums' ;;
        *) text=$(sed -n 's/^ "answers": "\(.*\)",$/\1/p' "$1/evidence/$file.json") ;;
        esac
        [ -n "$text" ] || { echo "demo: no evidence of $file" && exit 1; }
        printf '  generated/%-30s %s\n' "$path" "$text"
    done
}
whole_study() { # table of a site, options of summarise, clinical table as an option
    table=$1 options=$2 clinical=$3
    for site in A B C D; do
        # shellcheck disable=SC2086 # words
        run 0 radiomill summarise $site/$table -s study.yaml -k $site/$site.key -o $site/$site.radsum $options \
            ${clinical:+--clinical $site/$clinical}
    done
    say 'The statistician trusts four keys, and adds the four files up.'
    trust
    run 0 radiomill pool study.yaml A/A.radsum B/B.radsum C/C.radsum D/D.radsum -k trusted -o pooled
    say 'harmonisation.json goes back to the sites. Each takes its own effect (ComBat) out of its own rows.'
    for site in A B C D; do
        # shellcheck disable=SC2086
        run 0 radiomill harmonise $site/$table -s study.yaml -m pooled/harmonisation.json --site $site \
            -o $site/harmonised.csv ${clinical:+--clinical $site/$clinical}
    done
    say 'Does it help? Of the three features that differ most between the sites, before and after; this needs all rows,' \
        'which nobody has outside a demo.'
    lines=8
    run 0 python3 "$tests/support/site_effect.py" pooled "$table" A B C D
}
attack() { # table without a patient, study, clinical table as an option
    say 'An attack: the same site without its last patient, under another name of the study. The difference of two sums' \
        'would be that patient. The ledger of the site remembers what left.'
    echo "\$ sed '\$d' A/$1 > A/less.csv"
    sed '$d' "A/$1" >A/less.csv
    echo "\$ sed 's/^study: .*/study: another/' study.yaml > another.yaml"
    sed 's/^study: .*/study: another/' study.yaml >another.yaml
    lines=2
    # shellcheck disable=SC2086
    run 10 radiomill summarise A/less.csv -s another.yaml -k A/A.key -o A/less.radsum $2 ${3:+--clinical A/$3}
    holds 'differs by 1 patient'
    rm A/less.csv another.yaml
}

# Real features.
if [ -e "$real" ]; then
    mkdir sarcomas
    cd sarcomas
    say '== 51 patients as four sites' \
        'Features of CT, MR and PET of 51 patients with soft-tissue sarcoma. Age, sex, grade, response and relapse are' \
        'GENERATED (tests/support/outcomes.py): nothing that is found of them says anything about the patients.'
    python3 "$tests/support/outcomes.py" "$real" . A B C D
    cat >first.yaml <<'X'
study: sarcomas
title: Intensities of 51 sarcomas at four sites; covariates and outcomes are generated
patient: patient
features: ["*_stat_*"]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  grade: {levels: [low, high]}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 6, 12, 24, 36, 48, 60], groups: [sex]}
groups: [sex, response]
tables: [[sex, response], [grade, response]]
model: [age, sex]
analyses: [moments, groups, histograms, tables, model, survival]
thresholds: {mode: datashield}      # sites of 12 or 13: cells of 3, not of 10. All patients, two groups and age are
                                    # the four sums of a variable that 12 patients allow: no covariance besides
X
    echo 'mode: datashield' >policy.yaml
    say 'The statistician writes a study, and checks it.'
    run 0 cat first.yaml
    run 0 radiomill study check first.yaml
    say 'Each site makes its keys, once.'
    for site in A B C D; do
        run 0 radiomill keygen $site -o $site
    done
    say 'A site of 13 patients tries it, and the standard rules hold, whatever the study asks for.'
    lines=4
    run 10 radiomill summarise A/features.csv -s first.yaml -k A/A.key -o A/A.radsum --clinical A/clinical.csv
    holds 'the study asks for weaker rules'
    say 'Its data officer allows cells of 3 in a policy of the site. Now of some features two patients make up nearly the' \
        'whole sum, and these are refused.'
    run 0 cat policy.yaml
    lines=4
    run 10 radiomill summarise A/features.csv -s first.yaml -k A/A.key -o A/A.radsum --clinical A/clinical.csv -p policy.yaml
    holds 'two patients make up 0.9 or more'
    say 'The statistician follows the advice: another study, with logarithms of the features with the longest tails.'
    (sed 's/^study: .*/study: sarcomas-log/' first.yaml && cat) >study.yaml <<'X'
variables:
  "*_energy": {transform: log}
  "*_var": {transform: log}
X
    run 0 tail -n 3 study.yaml
    say 'What would leave now? A preview writes nothing.'
    lines=30
    run 0 radiomill summarise A/features.csv -s study.yaml -k A/A.key --clinical A/clinical.csv -p policy.yaml --withhold --preview
    say 'The few that are still refused stay at home (--withhold), the rest leaves.'
    lines=3
    whole_study features.csv '--withhold -p policy.yaml' clinical.csv
    attack features.csv '--withhold -p policy.yaml' clinical.csv
    cd "$here"
else
    say "no $real: the 51 patients are left out"
fi

# Generated features: all scales, a third of the values of some missing, sites that differ in mean and spread.
mkdir generated
cd generated
say '== Four sites of 60 generated patients' \
    '40 features on scales from 1e-5 to 1e12, some with missing values; the sites differ in mean and spread, those who' \
    'respond differ in every third feature (tests/support/cohort.py). The standard rules: at least 10 patients in every cell.'
python3 "$tests/support/cohort.py" . 4 60 40 2 --spread 0.2 --signal 0.6 --repeats
number=0
for site in A B C D; do
    number=$((number + 1))
    mkdir $site
    mv s$number.csv $site/patients.csv
    mv s${number}_repeats.csv $site/repeats.csv
done
rm all.csv
cat >study.yaml <<'X'
study: generated
title: Four sites of 60 generated patients
patient: patient
features: [f*]
covariates:
  age: {unit: years}
  sex: {levels: [F, M]}
  stage: {levels: [I, II, III]}
outcomes:
  response: {levels: ["no", "yes"]}
  relapse: {time: months, event: relapse, unit: months, grid: [0, 12, 24, 48], groups: [sex]}
groups: [sex, response]
tables: [[sex, response], [stage, response]]
variables:
  "f*": {grid: {relative: 0.01}}
covariance: [f0000, f0001, f0003, f0006, age]
redundancy: 0.5
volume: f0001
model: [age, sex]                   # of sex by stage some sites have cells of fewer than 10
X
sed -i '/^  "f\*": {grid/r steps' study.yaml # the features of other scales than usual: their steps
lines=60
run 0 cat study.yaml
run 0 radiomill study check study.yaml
for site in A B C D; do
    run 0 radiomill keygen $site -o $site
done
whole_study patients.csv '' ''
say 'Every patient was measured twice: a second study asks how far the two agree. Its sums are checked against those that' \
    'left before.'
cat >repeats.yaml <<'X'
study: generated-repeats
title: The same generated patients, measured twice
patient: patient
features: [f000?]
repeats: {occasion: session, levels: [test, retest]}
variables:
  "f*": {grid: {relative: 0.01}}
analyses: [reliability]
X
sed -i '/^  "f\*": {grid/r steps' repeats.yaml
lines=30
run 0 cat repeats.yaml
for site in A B C D; do
    run 0 radiomill summarise $site/repeats.csv -s repeats.yaml -k $site/$site.key -o $site/repeats.radsum
done
run 0 radiomill pool repeats.yaml A/repeats.radsum B/repeats.radsum C/repeats.radsum D/repeats.radsum -k trusted -o agreement
attack patients.csv '' ''
cd "$here"

say "== What lies where, in $here"
cd generated
for file in study.yaml A/* trusted; do
    case $file in
    study.yaml) text='goes to everybody' ;;
    A/A.key) text='secret; signs, and stays' ;;
    A/A.pub) text='leaves the site, once' ;;
    *.radsum) text='leaves the site: sums' ;;
    A/harmonised.csv) text='stays: rows without the effect of the site' ;;
    A/*) text='stays: rows' ;;
    trusted) text='keys that the statistician trusts' ;;
    esac
    printf '  generated/%-30s %s\n' "$file" "$text"
done
printf '  %-40s %s\n' 'state/*.ledger' 'what left before, a file for each key; stays'
answers pooled
answers agreement
[ ! -e ../sarcomas ] || say 'and in sarcomas/ likewise.'
say 'Open generated/pooled/report.html in a browser; docs/howto-r.md and docs/howto-pools.md read the tables.'
