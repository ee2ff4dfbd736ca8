#!/bin/sh
# Harmonisation of batches within sites (scanners): ComBat of the rows of all sites, of which no single batch leaves.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
python=$(pwd)/tests/support/scanners.py
for s in A B C; do "$run" keygen $s -o "$work" >/dev/null; done
cat "$work"/*.pub >"$work/trusted"
make() { python3 "$python" make "$work" "$@"; }
summarise() { # study, site, options
    here=$work/$1 site=$2
    shift 2
    rm -rf "$RADIOMILL_STATE"
    "$run" summarise "$here/$site.csv" -s "$here/study.yaml" -k "$work/$site.key" --begin-ledger -o "$here/$site.radsum" "$@"
}
pool() { "$run" pool "$work/$1/study.yaml" "$work/$1"/?.radsum -k "$work/trusted" -o "$work/$1/pooled"; }
harmonise() { # study, site, options
    here=$work/$1 site=$2
    shift 2
    "$run" harmonise "$here/$site.csv" -s "$here/study.yaml" -m "$here/pooled/harmonisation.json" -o "$here/${site}_harmonised.csv" "$@"
}
all() { # study: everything but the check
    for s in A B C; do summarise "$1" $s >/dev/null || return 1; done
    pool "$1" && for s in A B C; do harmonise "$1" $s --site $s || return 1; done
}

make one A:ge=30,siemens=30 B:ge=24,philips=24,siemens=22 C:siemens=40 'batches: {by: scanner}'
check 'scanners within sites' all one
check 'as on the rows of all sites' python3 "$python" check "$work/one" A:ge=g,siemens=s B:ge=g,philips=p,siemens=s C:siemens=s
check 'a site that the pool has not' expect_line 4 'has no site D' harmonise one A --site D
cp "$work/one/A_harmonised.csv" "$work/before.csv"
check 'joins' expect 0 '' harmonise one A --join
check 'as one that it has' cmp "$work/before.csv" "$work/one/A_harmonised.csv"
check 'nothing of a batch is in the file' python3 -c "
import json
h = json.load(open('$work/one/pooled/harmonisation.json'))
assert h['batches_by'] == 'scanner' and h['columns'] == ['age', 'sex=M'] and [list(s) for s in h['sites']] == [['site']] * 3, h"
check 'nor in the table' python3 -c "
import csv
rows = list(csv.DictReader(open('$work/one/pooled/harmonisation.csv')))
assert len(rows) == 12 and all(r[k] == '' for r in rows for k in ('gamma', 'delta', 'gamma_hat', 'delta_hat')), rows"
check 'models have no batches among their terms' sh -c "! grep -q scanner '$work/one/pooled/models.csv'"
check 'the page says whose they are' grep -q 'Batches are the levels of scanner within each site' "$work/one/pooled/report.html"
check 'the study, too' sh -c "'$run' study check '$work/one/study.yaml' | grep -q 'by scanner within sites, of fewer than 10 patients refused'"
check 'its last words are whole in a pipe' sh -c "'$run' study check '$work/one/study.yaml' --sites 60 | grep -q '^Also at each site: .* sets of patients may not differ by a few'"
check 'fewer batches are fewer columns' sh -c "'$run' study check '$work/one/study.yaml' --sites 29,30,49,50 | grep 'model of 5 columns' | grep -q 'refused *perhaps *perhaps *fits'"
sed 's/"batches_by": "scanner"/"batches_by": "sex"/' "$work/one/pooled/harmonisation.json" >"$work/other.json"
check 'a file of other batches' expect_line 3 'is a damaged harmonisation.json' "$run" harmonise "$work/one/A.csv" -s "$work/one/study.yaml" -m "$work/other.json" --site A

# Small batches: at the bound, below it, joined.
make ten A:ge=30,siemens=30 B:ge=30,philips=20,siemens=25 C:siemens=40 'batches: {by: scanner, minimum: 20}'
make less A:ge=30,siemens=30 B:ge=30,philips=19,siemens=25 C:siemens=40 'batches: {by: scanner, minimum: 20}'
make merged A:ge=30,siemens=30 B:ge=30,philips=6,siemens=25 C:siemens=40 'batches: {by: scanner, small: merge}'
make alone A:ge=30,siemens=30 B:ge=30,philips=25,siemens=6 C:siemens=40 'batches: {by: scanner, small: merge, minimum: 40}'
check 'as many as the study asks for' all ten
check 'are batches' python3 "$python" check "$work/ten" A:ge=g,siemens=s B:ge=g,philips=p,siemens=s C:siemens=s
check 'one less is refused' expect_line 10 'refused (batches): model the batches of scanner are too small for `batches`' summarise less B
check 'which is said at the site' grep -q 'here philips: 19 patients' "$work/err"
check 'the rest leaves' expect 0 '' summarise less B --withhold
check 'and not the number' sh -c "! grep -aq 'philips: 19' '$work/less/B.radsum'"
check 'small ones together' all merged
merged_page() {
    summarise merged B --preview "$work/merged.html" >/dev/null 2>&1 && grep -q 'batch of scanner=philips' "$work/merged.html" && ! grep -q '>scanner=philips' "$work/merged.html"
}
check 'are named as such' merged_page
check 'are one batch' python3 "$python" check "$work/merged" A:ge=g,siemens=s B:ge=g,philips=p,siemens=p C:siemens=s
check 'until there is one' all alone
check 'of the whole site' python3 "$python" check "$work/alone" A:ge=g,siemens=g B:ge=g,philips=g,siemens=g C:siemens=s

# Patients without a scanner are in no batch. Few of a level, hidden beside them, would follow from the batch that they join.
make none A:ge=30,siemens=30 B:ge=30,philips=25,none=24 C:siemens=40 'batches: {by: scanner}'
make few A:ge=30,siemens=30 B:ge=40,philips=6,none=24 C:siemens=40 'batches: {by: scanner, small: merge}'
check 'without a scanner' all none
check 'nothing is known of the others' python3 "$python" check "$work/none" A:ge=g,siemens=s B:ge=g,philips=p C:siemens=s
check 'few beside those without a scanner' expect_line 10 'tell of a level that is hidden' summarise few B

# Tables of batches and covariates keep their rule.
make cells A:ge=18,siemens=30 B:ge=30,philips=24 C:siemens=40 'batches: {by: scanner}'
check 'nine women at a scanner' expect_line 10 'what two of its columns have in common' summarise cells A

# CovBat: components of what ComBat leaves; nothing more leaves a site.
make covbat A:ge=40,siemens=20 B:ge=30,siemens=25 C:siemens=45 'batches: {covariance: 0.6}'
check 'components, too' all covbat
check 'as on the rows of all sites' python3 "$python" check "$work/covbat" A:ge=x,siemens=x B:ge=x,siemens=x C:siemens=x 0.6
check 'some of them' python3 -c "
import json
c = json.load(open('$work/covbat/pooled/harmonisation.json'))['covariance']
assert c['variables'] == ['f0', 'f1', 'f2', 'f3'] and len(c['components']) in (2, 3), c"
check 'a site that was not there' expect 0 '' harmonise covbat A --join
check 'does as those that were' python3 "$python" check "$work/covbat" A:ge=x,siemens=x B:ge=x,siemens=x C:siemens=x 0.6
sed 's/"f1",$/"f0",/; s/"f1"\]/"f0"]/' "$work/covbat/pooled/harmonisation.json" | awk '/"covariance"/ { on = 1 } { print }' >"$work/other.json"
check 'a variable twice' expect_line 3 'is a damaged harmonisation.json' "$run" harmonise "$work/covbat/A.csv" -s "$work/covbat/study.yaml" -m "$work/other.json" --site A
make panel A:ge=40,siemens=20 B:ge=30,siemens=25 C:siemens=39 'batches: {covariance: 0.6}'
withheld() { # four columns of 39 patients are too many
    for s in A B C; do summarise panel $s --withhold >/dev/null || return 1; done
    pool panel && harmonise panel A --site A
}
check 'a site whose rules hold the panel back' withheld
check 'is said by the pool' grep -q 'harmonisation without covariances: site C does not show all pairs' "$work/panel/pooled/report.html"
check 'in its file' grep -q '"no_covariance": "site C does not' "$work/panel/pooled/harmonisation.json"
check 'at the site' expect 0 'warning: harmonisation without covariances: site C' harmonise panel A --site A
for s in B C; do check "rows of $s" harmonise panel $s --site $s; done
check 'and ComBat alone is made' python3 "$python" check "$work/panel" A:ge=x,siemens=x B:ge=x,siemens=x C:siemens=x

bad() { # line, what is said
    make "bad$checks" A:ge=10 "$1"
    expect_line 4 "$2" "$run" study check "$work/bad$checks/study.yaml"
}
check 'no such factor' bad 'batches: {by: machine}' 'by: machine is no covariate with levels'
check 'a number' bad 'batches: {by: age}' 'by: age is no covariate with levels'
check 'a covariate that is kept' bad 'batches: {by: sex}' 'by: sex is a covariate of `model`'
check 'a share' bad 'batches: {covariance: 1}' 'covariance: a share above 0 and below 1'
check 'covariances of scanners' bad 'batches: {covariance: 0.9, by: scanner}' 'covariance: goes with sites as batches'
check 'a reference' bad "$(printf 'reference: A\nbatches: {by: scanner}')" 'batches within sites have no reference'
report scanners
