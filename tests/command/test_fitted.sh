#!/bin/sh
# Models in rounds end with a page each: its numbers are those of the tables, what stayed at home is named, names are text.
set -u
run=$(pwd)/${BUILD:-build}/radiomill maker=$(pwd)/tests/support/rounds.py pages=$(pwd)/tests/support/fitted_page.py
fitted=$(pwd)/tests/support/fitted.sh rounds=$(pwd)/tests/support/rounds.sh
. tests/support/checks.sh
. "$rounds"
. "$fitted"
cd "$work" || exit 1
check 'models of all kinds' make_fitted 600
for model in plain counts path left times few; do check "the page of $model" python3 "$pages" . $model; done
says() { grep -qF -- "$2" "$1.report.html" || { echo "no \"$2\"" && return 1; }; }
check 'the choice of lambda' says times 'predicts the sites that were left out best (a choice that has seen them)'
check 'no choice' says path 'Of 5 lambdas none is chosen: no site was left out to tell which.'
check 'what did not end' says few 'No fit came to its end: did not converge.'
check 'counts' says counts 'Counts have no order of two outcomes: deviances only.'
check 'methods' says times 'Harrell&#39;s C (infinitesimal jackknife)'
check 'no performance, no link' sh -c '! grep -q performance.csv counts.report.html'

# All levels of a factor together, of two levels the square of z, also where it was known rounds before the end.
factors() {
    python3 - <<'P'
import csv
for model in "plain", "counts":
    of = {r["term"]: r for r in csv.DictReader(open(model + ".coefficients.csv"))}["sex=M"]
    [row] = csv.DictReader(open(model + ".factor_tests.csv"))
    assert row["factor"] == "sex" and row["df"] == "1" and row["patients"] == of["patients"], row
    assert abs(float(row["chi_square"]) / float(of["z"]) ** 2 - 1) < 1e-9 and abs(float(row["p"]) / float(of["p"]) - 1) < 1e-9, (row, of)
    assert 'href="%s.factor_tests.csv"' % model in open(model + ".report.html").read()
P
    [ ! -e left.factor_tests.csv ] && [ ! -e times.factor_tests.csv ]
}
check 'factors' factors

# Of four sites of 150 some keep their calibration at home, which the page says; a site that goes is named; what is
# halved is counted.
home() {
    python3 "$maker" . 150
    make_study home '  m: {family: logistic, response: response, terms: [f1, f3], digits: 3, validate: leave-one-site-out,
    penalty: {kind: ridge, lambda: [0.1]}}'
    make_keys && rounds home m >out && python3 "$pages" . m && says m 'stayed at home'
}
check 'what stays at home' home
goes() {
    make_study goes '  m: {family: logistic, response: response, terms: [f1, f3]}'
    make_keys && "$run" sign goes.yaml -k HUB.key >out && rm -f m.* && fit goes m >out 2>err && round goes m 0 || return 1
    sites='A B C'
    answers=
    for site in $sites; do step $site goes m >out 2>err && answers="$answers $site-m-1.radsum" || return 1; done
    # shellcheck disable=SC2086
    fit goes m --go-on $answers >out 2>err || return 1
    number=2
    while [ ! -e m.report.html ] && [ $number -lt 30 ]; do round goes m $number || return 1 && number=$((number + 1)); done
    sites='A B C D'
    says m 'Left out from there on, since nothing came any more: D (round 1).'
}
check 'a site that goes' goes

# A state of another version says what to do.
version() {
    make_study old '  m: {family: logistic, response: response, terms: [f1, f3]}'
    make_keys && rm -f m.* && "$run" fit old.yaml -m m -o m.state >out 2>err || return 1
    python3 - <<'P'
import base64, json, re
text = open("m.state", "rb").read().decode()
memory = re.search(r'"memory": "([^"]*)"', text).group(1)
inner = base64.b64decode(memory).decode()
assert '"version":2' in inner, inner
new = base64.b64encode(inner.replace('"version":2,', "").encode()).decode()
open("m.state", "w").write(text.replace(memory, new))
P
    expect_line 3 'was written by another version of radiomill' "$run" fit old.yaml -m m -o m.state &&
        grep -q 'begin it anew by `radiomill fit` without answers' "$work/err"
}
check 'a state of another version' version

# Names that are markup stay text.
hostile() {
    for site in $sites; do sed '1s/,f1,/,f<b>1,/' $site.csv >$site.new && mv $site.new $site.csv; done
    make_study hostile '  m: {family: logistic, response: response, terms: ["f<b>1", f3]}'
    make_keys && rounds hostile m >out || { cat out && return 1; }
    says m 'f&lt;b&gt;1' && ! grep -q '<b>' m.report.html
}
check 'names are text' hostile
check 'rows of tables are as long as their heads' sh -c 'python3 "$1" ./*.report.html' cells "${pages%fitted_page.py}cells.py"
report fitted
