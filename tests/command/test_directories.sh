#!/bin/sh
# samples/directories.sh: a study by directories in and directories out gives the bytes of the commands themselves.
set -u
build=$(pwd)/${BUILD:-build} tests=$(pwd)/tests
run=$build/radiomill
step=$(pwd)/samples/directories.sh
export RADIOMILL="$run"
. tests/support/checks.sh
unset RADIOMILL_STATE # it follows from SECRETS_DIR here
python3 "$tests/support/cohort.py" "$work" 3 60 6
cd "$work" || exit 1
cat >study.yaml <<'X'
study: directories
patient: patient
features: [f*]
covariates: {age: {unit: years}, sex: {levels: [F, M]}}
outcomes: {visits: number}
groups: [sex]
covariance: [f0001, f0003, f0005]
model: [age]
models:
  years: {family: poisson, response: visits, terms: [f0001, age], scale: pooled}
variables:
X
cat steps >>study.yaml
mkdir hub hub/secrets
RADIOMILL_STATE=$work/hub/secrets/state "$run" keygen HUB -o hub/secrets >out 2>err || exit 1
"$run" sign study.yaml -k hub/secrets/HUB.key >out 2>err || exit 1
for s in s1 s2 s3; do
    mkdir -p $s/in $s/out $s/data $s/secrets
    awk -F, -v OFS=, 'NR == 1 { print $0, "visits" } NR > 1 { print $0, NR * 7 % 3 }' $s.csv | tr -d '\r' >$s/data/features.csv
    RADIOMILL_STATE=$work/$s/secrets/state "$run" keygen $s -o $s/secrets >out 2>err || exit 1
    cp hub/secrets/HUB.pub $s/secrets
    cp study.yaml study.yaml.sig $s/in
    cat $s/secrets/$s.pub >>hub/secrets/trusted
done
at() { # site, verb, options: the step there
    site=$1
    shift
    INPUT_DIR=$work/$site/in OUTPUT_DIR=$work/$site/out DATA_DIR=$work/$site/data SECRETS_DIR=$work/$site/secrets sh "$step" "$@"
}
hub() { # folder that comes in, folder that goes out, verb, options
    in=$1 out=$2
    shift 2
    INPUT_DIR=$work/$in OUTPUT_DIR=$work/$out SECRETS_DIR=$work/hub/secrets sh "$step" "$@"
}
prints() { # of all files below folders, to see that nothing changes
    find "$@" -type f -exec cksum {} +
}

# Each site, then the hub; what goes back is one file, and what comes in stays as it is.
prints s1/in s1/data s1/secrets/s1.key >before
for s in s1 s2 s3; do
    check "$s" expect 0 '' at $s summarise
    check "one file leaves $s" test "$(ls -A $s/out)" = $s.radsum
    mkdir -p in/$s
    cp $s/out/$s.radsum in/$s
done
prints s1/in s1/data s1/secrets/s1.key >after
check 'nothing that came in has changed' cmp before after
check 'the ledger is in SECRETS_DIR' test "$(ls s1/secrets/state | grep -c ledger)" -eq 1
check 'it is sealed' grep -q '^radiomill sealed 1' s1/out/s1.radsum
cp study.yaml study.yaml.sig in
mkdir outgoing
check 'pool' expect 0 '' hub in outgoing pool
check 'one folder comes out' test "$(ls -A outgoing)" = pooled
for s in s1 s2 s3; do
    RADIOMILL_STATE=$work/$s/secrets/state "$run" summarise $s/data/features.csv -s study.yaml -k $s/secrets/$s.key \
        --coordinator hub/secrets/HUB.pub -o $s.radsum >out.txt 2>err
done
check 'by hand' expect 0 '' "$run" pool study.yaml s1.radsum s2.radsum s3.radsum -k hub/secrets/trusted --key hub/secrets/HUB.key -o by_hand
check 'a page that names who sent nothing' expect 0 '' hub in outgoing pool --absent 's4: hung <124>, s5: refused'
check 'in words' grep -qF '<p>Nothing came from s4: hung &lt;124&gt;, s5: refused.</p>' outgoing/pooled/report.html
check 'that a terminal would not obey' expect_line 2 'pool: --absent: contains U+001B' hub in outgoing pool --absent "$(printf 's4\033[1m')"
check 'and one where all did' expect 0 '' hub in outgoing pool
check 'the same bytes' diff -r by_hand outgoing/pooled

# A model in rounds: the state goes to the sites, what they answer comes back.
mkdir rounds fitted
cp study.yaml study.yaml.sig outgoing/pooled/pooled.json rounds
fit() { # from what is in rounds/ the next state, which goes to all
    MODEL=years hub rounds fitted fit || return 1
    cp fitted/years.state rounds
    for s in s1 s2 s3; do cp fitted/years.state $s/in; done
}
ended() { ! grep -q '"result": ""' fitted/years.state; }
check 'a model begins' expect 0 '' fit
round=0
while ! ended && [ $round -lt 20 ] && [ $failures -eq 0 ]; do
    round=$((round + 1))
    for s in s1 s2 s3; do
        check "$s answers round $round" expect 0 '' at $s step
        cp $s/out/$s.radsum rounds
    done
    check "round $round is added up" expect 0 '' fit
done
check 'it converges' grep -q '"result": "converged"' fitted/years.state
check 'its tables are there' test -s fitted/years.coefficients.csv
check 'its name is needed' expect_line 2 'MODEL: the name of the model is needed' hub rounds fitted fit
mv s1/in/years.state s1/years.state
check 'a step without a state' expect_line 3 'INPUT_DIR/*.state: one is needed' at s1 step

# Options, policies and clinical tables of the site are taken; its refusal has its exit code, and nothing goes out.
rm s1/out/s1.radsum
check 'an option' expect 0 '' at s1 summarise --preview
check 'of which nothing leaves' test -z "$(ls -A s1/out)"
echo 'minimum_cell: 50' >s1/secrets/policy.yaml
check 'a policy refuses' expect_line 10 '' at s1 summarise
check 'nothing goes out' test -z "$(ls -A s1/out)"
rm s1/secrets/policy.yaml
cut -d, -f1,2,3 s2/data/features.csv >clinical.csv
cut -d, -f1,4- s2/data/features.csv >features.csv
mv clinical.csv features.csv s2/data
rm s2/out/s2.radsum
check 'a clinical table' expect 0 '' at s2 summarise
echo '# another' >>s3/in/study.yaml
check 'a study that is not the coordinator'"'"'s' expect_line 12 'study.yaml' at s3 summarise

# What is missing is said.
check 'a verb' expect_line 2 'unknown verb ; summarise, step, pool or fit' at s1
check 'another verb' expect_line 2 'unknown verb keygen' at s1 keygen
for missing in INPUT_DIR OUTPUT_DIR SECRETS_DIR DATA_DIR; do
    check "no $missing" expect_line 2 "$missing is no directory" env INPUT_DIR=s1/in OUTPUT_DIR=s1/out SECRETS_DIR=s1/secrets \
        DATA_DIR=s1/data "$missing=$work/none" sh "$step" summarise
done
mkdir empty
check 'nothing to do' expect_line 126 'nothing to do' hub empty outgoing pool
cp s1/secrets/s1.key s1/secrets/s0.key
check 'two keys' expect_line 3 'SECRETS_DIR/*.key: one is needed' at s1 summarise
rm s1/secrets/s*.key
check 'no key' expect_line 3 'SECRETS_DIR/*.key: one is needed' at s1 summarise
check 'no files of sites' expect 2 '' hub s1/in outgoing pool
report directories
