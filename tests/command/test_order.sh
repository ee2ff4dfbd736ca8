#!/bin/sh
# How well a model orders the patients of a site that was left out: whole numbers of pairs, once for a model, where nearly
# all are not in order, nor nearly none; what patients cannot have the coordinator refuses.
set -u
run=$(pwd)/${BUILD:-build}/radiomill maker=$(pwd)/tests/support/rounds.py order=$(pwd)/tests/support/order.py rounds=$(pwd)/tests/support/rounds.sh
. tests/support/checks.sh
. "$rounds"
cd "$work" || exit 1
python3 "$maker" . 400
models='  logit: {family: logistic, response: response, terms: [f1, f2]}
  other: {family: logistic, response: response, terms: [f1, f2]}
  cox: {family: cox, response: relapse, terms: [f1, f2]}
  pois: {family: poisson, response: count, terms: [f1, f2]}'
make_study one "$models"
make_keys

ask() { # model, round, coefficients of the points: into ask.state, A.radsum
    rm -f A.radsum
    python3 "$order" state one.yaml "$@" >ask.state && "$run" step A.csv -s one.yaml --state ask.state -k A.key -o A.radsum >out 2>err || { cat err && return 1; }
}
told() { # how many numbers each point has
    [ "$(python3 -c "import json; print(*[len(p) for p in json.load(open('A.radsum'))['points']])")" = "$1" ] || { cat A.radsum && return 1; }
}
of_two() {
    ask logit 1 0.1,0.4,-0.2 && told 10 && python3 "$order" check A.csv A.radsum logit 0 0.1,0.4,-0.2
}
check 'the numbers of two outcomes' of_two
again() {
    cp A.radsum first.radsum && ask logit 1 0.1,0.4,-0.2 && cmp A.radsum first.radsum
}
check 'the same state again' again
another() {
    ask logit 2 0.1,0.5,-0.2 && told 1 && cp A.radsum second.radsum && ask logit 2 0.1,0.5,-0.2 && cmp A.radsum second.radsum
}
check 'another order of the same model stays at home' another
still() {
    ask logit 1 0.1,0.4,-0.2 && cmp A.radsum first.radsum
}
check 'the first is told still' still
both() {
    ask other 1 0.3,0.4,0.1 0.3,0.1,0.4 && told '10 1' && python3 "$order" check A.csv A.radsum other 0 0.3,0.4,0.1
}
check 'of two points the first' both
of_times() {
    ask cox 1 0.5,-0.3 && told 8 && python3 "$order" check A.csv A.radsum cox 0 0.5,-0.3
}
check 'the numbers of times' of_times
counts() {
    ask pois 1 0.1,0.2,0.1 && told 1
}
check 'counts have no order' counts
flat() { # one of all pairs is a tie: no coefficient
    make_keys && ask logit 1 0.1,0,0 && told 6 && python3 "$order" check A.csv A.radsum logit 0 0.1,0,0
}
check 'all are tied' flat
preview() {
    make_keys && python3 "$order" state one.yaml logit 1 0.1,0.4,-0.2 >ask.state &&
        "$run" step A.csv -s one.yaml --state ask.state -k A.key --preview >out 2>err && grep -q '10 sums' out
}
check 'the preview counts them' preview

# As a page: every number and coefficient, nothing that loads or runs, and nothing leaves.
page() {
    make_keys && python3 "$order" state one.yaml "$1" 1 "$2" >ask.state || return 1
    seen() { "$run" step A.csv -s one.yaml --state ask.state -k A.key "$@" >out 2>err; }
    rm -f A-*.radsum
    seen --preview page.html && seen --preview again.html && cmp page.html again.html && [ ! -e "A-$1-1.radsum" ] || return 1
    seen -o A.radsum && python3 - <<'X' || return 1
import html, json, re
page = html.unescape(open("page.html").read())
told = json.load(open("A.radsum"))
cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
for point in told["points"]:
    used = point if told["model"] == "cox" else point[:5] + point[6:]  # two outcomes leave one number out
    assert all(text in cells for text in used), point
assert told["state"] in page and "400" in page
X
    ! grep -Eiq '<script|<link|<img|<iframe|https?:|url\(| on[a-z]+=' page.html
}
check 'a page of two outcomes' page logit 0.1,0.4,-0.2
check 'a page of times' page cox 0.4,-0.2
begun() { # the state begins with what each column is
    make_keys && rm -f other.state one.yaml.sig && "$run" sign one.yaml -k HUB.key >out && fit one other >out 2>err && step A one other --preview page.html >out 2>err || { cat err && return 1; }
    grep -q 'sum of squares, weighted: f2' page.html
}
check 'a page of the first round' begun
informed() {
    round one other 0 && step A one other --preview page.html >out 2>err || { cat err && return 1; }
    grep -q 'information of f1 and f2' page.html && grep -q 'information of (intercept) and (intercept)' page.html
}
check 'a page of an information' informed

# How many digits a fit without errors is found to.
digits() { # exit code, words, rest of a model
    make_study digits "  a: {$3}" && expect_line "$1" "$2" "$run" study check digits.yaml
}
check 'two digits' digits 0 '' 'family: cox, response: relapse, terms: [f1], digits: 2'
check 'seven digits' digits 0 '' 'family: logistic, response: response, terms: [f1], digits: 7'
check 'one digit' digits 4 'digits: a number from 2 to 7' 'family: cox, response: relapse, terms: [f1], digits: 1'
check 'eight digits' digits 4 'digits: a number from 2 to 7' 'family: cox, response: relapse, terms: [f1], digits: 8'
check 'of sums' digits 4 'goes with families that are fitted in rounds' 'family: gaussian, response: count, terms: [f1], digits: 3'

# Fewer pairs out of order than one patient is in (100): who knows the order would know of whom.
cp A.csv kept.csv
bound() { # pairs out of order, numbers that are told; the other way round, too
    make_study one "$models" && make_keys && python3 "$order" table "$1" >A.csv && ask logit 1 0,0.3,0.00001 && told "$2" &&
        make_keys && ask logit 1 0,-0.3,-0.00001 && told "$2"
}
check '100 pairs' bound 100 8 # the slope of the calibration leaves, too, its intercept stays
check '99 pairs' bound 99 1
cp kept.csv A.csv

report order
