#!/bin/sh
# Harmonisation of covariates that the sites explain, of one variable, of one that is constant at a site: reasons in words.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
values=$(cd "${RADIOMILL_CASES:-../shared/cases}/values" 2>/dev/null && pwd)
tests=$(pwd)/tests
. tests/support/checks.sh
python3 tests/support/harmonise.py make "$work"
(cd "$work" && for s in A B C; do "$run" keygen $s >/dev/null; done)
cat "$work"/*.pub >"$work/trusted"
summaries() { # folder of a study
    for s in A B C; do
        beside "$1/$s.ledger" "$run" summarise "$1/$s.csv" -s "$1/study.yaml" -k "$work/$s.key" -o "$1/$s.radsum" >/dev/null || return 1
    done
}
pool() { # folder, then options
    here=$1
    shift
    "$run" pool "$here/study.yaml" "$here/A.radsum" "$here/B.radsum" "$here/C.radsum" -k "$work/trusted" -o "$here/pooled" "$@"
}
harmonise() {
    "$run" harmonise "$1/A.csv" -s "$1/study.yaml" -m "$1/pooled/harmonisation.json" --site A -o "$1/A_harmonised.csv"
}
slopes() { # folder: the slopes of the first variable that is used
    python3 -c "import json, sys; print(next(v['slopes'] for v in json.load(open(sys.argv[1] + '/pooled/harmonisation.json'))['variables'] if v['used']))" "$1"
}

refused() { # study, what its error says
    check "$1: summaries" summaries "$work/$1"
    check "$1: refused" expect_line 4 "harmonisation: $2" pool "$work/$1"
    check "$1: nothing is written" test ! -e "$work/$1/pooled/harmonisation.json"
}
refused site 'covariate sex is confounded with the sites: all patients of B are M, and none of A, C. What belongs to it would be taken out'
refused age 'covariate age is confounded with the sites: it does not vary at any of A, B, C'
refused level 'covariate stage is confounded with the sites: all patients of C are III, and none of A, B'
refused levels 'covariates stage=II, stage=III are confounded with the sites: within each of A, B, C one of them follows from the others'
refused pair 'covariates age, born are confounded with the sites: within each of A, B, C one of them follows from the others'
refused twins 'covariates age, months depend on each other: one of them follows from the others'
check 'twin_levels: the site keeps products that say so' expect_line 10 'model tells of fewer than 10 patients: by those who have all its columns, by levels among them' \
    "$run" summarise "$work/twin_levels/A.csv" -s "$work/twin_levels/study.yaml" -k "$work/A.key" --preview
withheld() { # summaries without the model of twin_levels
    for s in A B C; do
        beside "$work/twin_levels/$s.ledger" "$run" summarise "$work/twin_levels/$s.csv" -s "$work/twin_levels/study.yaml" -k "$work/$s.key" \
            --withhold -o "$work/twin_levels/$s.radsum" || return 1
    done
}
check 'twin_levels: the rest' withheld
check 'twin_levels: the pool says who has no model' expect_line 10 'site A sent no sums of the model: its rules hold them back' pool "$work/twin_levels"
echo 'rows: 0.05' >"$work/strict.yaml" # 36 patients have room for one row
check 'a model without room' expect_line 10 'refused (rows): model makes more independent sums of one variable, with the groups and the covariance, than 0.05' \
    "$run" summarise "$work/twins/A.csv" -s "$work/twins/study.yaml" -k "$work/A.key" -p "$work/strict.yaml" --preview
echo 'rows: 0.06' >"$work/strict.yaml" # and for two
check 'and with it' expect 0 '' "$run" summarise "$work/twins/A.csv" -s "$work/twins/study.yaml" -k "$work/A.key" -p "$work/strict.yaml" --preview
check 'the rest without a harmonisation' expect 0 'warning: harmonisation leaves out f0, f1, f2 of 3 variables: covariate sex is confounded with the sites' pool "$work/site" --withhold
check 'has its models' grep -q 'f2,none,sex=M' "$work/site/pooled/models.csv"
check 'has the reason on its page' grep -q 'covariate sex is confounded with the sites: all patients of B are M' "$work/site/pooled/report.html"
check 'has the reason in its file' grep -q '"reason": "covariate sex is confounded with the sites' "$work/site/pooled/harmonisation.json"
check 'no rows come of it' expect_line 4 'no variable is harmonised: harmonisation leaves out f0, f1, f2 of 3 variables: covariate sex is confounded' harmonise "$work/site"
check 'nor a file' test ! -e "$work/site/A_harmonised.csv"

fine() { # study
    check "$1: summaries" summaries "$work/$1"
    check "$1: fine" expect 0 '' pool "$work/$1"
    check "$1: without a warning of its own" sh -c "! grep warning '$work/err' | grep -v 'the evidence of'" # which says that one site less is too few
    check "$1: rows" expect 0 '' harmonise "$work/$1"
}
for study in one_site some absent same_age multiples; do fine $study; done
check 'levels that overlap in one site have a slope' sh -c "case '$(slopes "$work/one_site")' in *None*) false ;; esac"
check 'a level without a patient has none' test "$(slopes "$work/absent" | tr -dc 'N')" = N
check 'twice the values, twice the result' python3 -c "
import csv
for r in csv.DictReader(open('$work/multiples/A_harmonised.csv')): assert abs(2 * float(r['f0']) - float(r['f3'])) < 1e-4, r"
sed '3,$s/,I\r$/,III\r/' "$work/absent/A.csv" >"$work/absent/new.csv"
check 'a level that the pool had not' expect_line 4 'stage=III varies in these rows and did not in the pool' \
    "$run" harmonise "$work/absent/new.csv" -s "$work/absent/study.yaml" -m "$work/absent/pooled/harmonisation.json" --site new --join

# Constant at a site: left out, and said wherever the others are.
check 'constant: summaries' summaries "$work/constant"
check 'constant at a site' expect 0 'warning: harmonisation leaves out f1 of 3 variables: constant at B' pool "$work/constant"
check 'constant: in its file' python3 -c "
import json
v = {v['name']: v for v in json.load(open('$work/constant/pooled/harmonisation.json'))['variables']}
assert not v['f1']['used'] and v['f1']['reason'] == 'constant at B' and v['f0']['used'] and 'reason' not in v['f0'], v"
check 'constant: on its page' grep -q 'harmonisation leaves out f1 of 3 variables: constant at B' "$work/constant/pooled/report.html"
check 'constant: at the site' expect 0 'warning: harmonisation leaves out f1 of 3 variables: constant at B' harmonise "$work/constant"
check 'without: summaries' summaries "$work/without"
check 'without it' expect 0 '' pool "$work/without"
check 'without: rows' expect 0 '' harmonise "$work/without"
check 'the others are as without it' cmp "$work/constant/A_harmonised.csv" "$work/without/A_harmonised.csv"

# One variable has no others to borrow from.
for study in single single_sex; do
    check "$study: summaries" summaries "$work/$study"
    check "$study: as it is" expect 0 'warning: harmonisation of one variable: location and scale as they are, without priors' pool "$work/$study"
    check "$study: on its page" grep -q 'location and scale as they are, without priors' "$work/$study/pooled/report.html"
    check "$study: rows" expect 0 'without priors' harmonise "$work/$study"
    check "$study: by plain sums" python3 "$tests/support/harmonise.py" single "$work" $study
    check "$study: joins as it was" expect 0 '' "$run" harmonise "$work/$study/A.csv" -s "$work/$study/study.yaml" \
        -m "$work/$study/pooled/harmonisation.json" --site new --join -o "$work/$study/joined.csv"
    check "$study: the same rows" python3 -c "
import csv
a, b = ([float(r['f1']) for r in csv.DictReader(open('$work/$study/' + f))] for f in ('A_harmonised.csv', 'joined.csv'))
assert len(a) == 36 and all(abs(x - y) < 1e-9 for x, y in zip(a, b))"
done

# Cases of known outcome.
if [ -d "$values/combat_single_variable" ]; then
    for case in combat_single_variable combat_covariate_confounded_with_site; do
        cp -r "$values/$case" "$work/$case"
        chmod -R u+w "$work/$case"
        check "$case: summaries" summaries "$work/$case"
    done
    check 'one feature' expect 0 'without priors' pool "$work/combat_single_variable"
    check 'has its rows' expect 0 'without priors' harmonise "$work/combat_single_variable"
    check 'of that feature' sh -c "head -n 1 '$work/combat_single_variable/A_harmonised.csv' | grep -q '^case,f0'"
    check 'a confounded covariate' expect_line 4 'covariate sex is confounded with the sites: all patients of B are M, and none of A, C' pool "$work/combat_covariate_confounded_with_site"
else
    echo 'skipped: no cases'
fi
report harmonise
