#!/bin/sh
# Models in rounds, as files: they end where the pooled rows would, whoever dies in between; what is not of this model,
# study, site or coordinator is refused, and so is a state that asks what no fit should.
set -u
run=$(pwd)/${BUILD:-build}/radiomill maker=$(pwd)/tests/support/rounds.py rounds=$(pwd)/tests/support/rounds.sh
. tests/support/checks.sh
. "$rounds"
cd "$work" || exit 1
python3 "$maker" . 150
make_study one '  logit: {family: logistic, response: response, terms: [f1, f3, age]}
  ridge: {family: logistic, response: response, terms: [f1, f3, age], penalty: {kind: ridge, lambda: 0.1}}
  few: {family: logistic, response: response, terms: [f1], rounds: 3}'
make_keys

converges() {
    made=$(rounds one logit) || return 1
    [ "$made" -le 12 ] || { echo "$made rounds" && return 1; }
    grep -q 'logit,logistic,response,0,converged' logit.fits.csv || { cat logit.fits.csv && return 1; }
    # By R on the pooled rows: tests/oracle/rounds.R; here the score of the pooled rows is nothing at the coefficients.
    python3 - <<'X'
import csv, math
b = {r["term"]: float(r["estimate"]) for r in csv.DictReader(open("logit.coefficients.csv"))}
score = dict.fromkeys(b, 0)
for r in csv.DictReader(open("all.csv")):
    x = {"(intercept)": 1, **{t: float(r[t]) for t in ("f1", "f3", "age")}}
    mu = 1 / (1 + math.exp(-sum(b[t] * x[t] for t in x)))
    for t in x:
        score[t] += ((r["response"] == "yes") - mu) * x[t]
assert all(abs(score[t]) < 1e-5 * (62 if t in ("age",) else 1) for t in score), score
X
}
check 'a model in rounds' converges

# The same answers again change no byte, in whatever order; after the end nothing is added up.
repeats() {
    cp logit.state end.state && cp logit.coefficients.csv end.csv || return 1
    last=$(($(sed -n 's/ "round": \([0-9]*\),/\1/p' logit.state) - 1))
    fit one logit D-logit-$last.radsum C-logit-$last.radsum A-logit-$last.radsum B-logit-$last.radsum >out 2>err || return 1
    grep -q 'as before' out && cmp logit.state end.state && cmp logit.coefficients.csv end.csv || return 1
    expect_line 4 'has ended (converged)' fit one logit A-logit-0.radsum B-logit-0.radsum C-logit-0.radsum || return 1
    expect_line 4 'there is no round to answer' step A one logit
}
check 'answers that were added up' repeats

# A state that was answered is answered again by the same sums, and is no further round of the ledger.
same_sums() {
    make_keys && rm -f logit.state && "$run" sign one.yaml -k HUB.key >out && fit one logit >out 2>err || return 1
    step A one logit --open >out 2>err && cp A-logit-0.radsum first && lines=$(wc -l "$RADIOMILL_STATE"/*.ledger) || return 1
    step A one logit --open >out 2>err && cmp A-logit-0.radsum first && grep -q 'as before' out || return 1
    [ "$lines" = "$(wc -l "$RADIOMILL_STATE"/*.ledger)" ] || return 1
    # rows in another order are the same rows
    (head -n 1 A.csv && tail -n +2 A.csv | sort -r) >turned.csv
    "$run" step turned.csv -s one.yaml --state logit.state -k A.key --coordinator HUB.pub --open >out 2>err &&
        cmp A-logit-0.radsum first
}
check 'a state that is answered twice' same_sums

# A row whose response was changed meanwhile: two answers to one question.
changed_rows() {
    for site in B C D; do step $site one logit >out 2>err || return 1; done
    fit one logit ?-logit-0.radsum >out 2>err || return 1
    awk -F, -v OFS=, 'NR == 2 { $10 = $10 == "yes" ? "no" : "yes" } { print }' A.csv >changed.csv
    expect_line 10 'are others than in round 0' "$run" step changed.csv -s one.yaml --state logit.state -k A.key \
        --coordinator HUB.pub
}
check 'rows that were changed between rounds' changed_rows

missing_site() {
    for site in A B C; do step $site one logit >out 2>err || return 1; done
    cp logit.state before.state
    expect_line 4 'no answer to round 1 of 1 site: D' fit one logit A-logit-1.radsum B-logit-1.radsum C-logit-1.radsum ||
        return 1
    cmp logit.state before.state || return 1
    expect_line 10 'refused (minimum_sites)' fit one logit --go-on A-logit-1.radsum B-logit-1.radsum || return 1
    expect 0 'goes on without D' fit one logit --go-on A-logit-1.radsum B-logit-1.radsum C-logit-1.radsum || return 1
    sites='A B C'
    number=2
    while [ ! -e logit.coefficients.csv ] && [ $number -lt 30 ]; do
        round one logit $number || { cat fit.err && return 1; }
        number=$((number + 1))
    done
    sites='A B C D'
    grep -q ',3,480,' logit.fits.csv || { cat logit.fits.csv && return 1; }
}
rm -f logit.coefficients.csv
check 'a site that does not answer any more' missing_site

cap() {
    make_keys && rounds one few >out 2>&1
    grep -q 'did not converge in 3 rounds' out && grep -q '"result": "did not converge"' few.state
}
check 'as many rounds as the study allows' cap

# A coordinator who asks on: the ledger of each site counts, whatever the state calls the round.
ledger_caps() {
    make_keys
    for round in 7 1 4 2; do
        python3 - $round <<'P' || return 1
import hashlib, json, sys
round = int(sys.argv[1])
study = hashlib.blake2b(open("one.yaml", "rb").read(), digest_size=32).hexdigest()
json.dump({"format": "radiomill state 1", "study": {"id": "one", "hash": study}, "model": "few", "round": round, "previous": "", "result": "", "lambda": "",
           "intercept": True, "terms": [["f1", 0.0, 1.0]], "sizes": [0, 0], "points": [["score", "", "", -6, -30, [0.01 * round, 0.05 * round]]], "summed": [],
           "memory": ""}, open("asked.state", "w"))
P
        [ $round -eq 2 ] || "$run" step A.csv -s one.yaml --state asked.state -k A.key -o asked.radsum >out 2>err || { cat err && return 1; }
    done
    expect_line 11 'model few has had 3 rounds, which is all that the study allows (rounds)' "$run" step A.csv -s one.yaml --state asked.state -k A.key -o asked.radsum &&
        [ "$("$run" ledger -k A.key | grep -c ',few,')" -eq 3 ]
}
check 'a ledger counts rounds' ledger_caps

untrusted() {
    make_keys && "$run" sign one.yaml -k HUB.key >out && rm -f logit.state && fit one logit >out 2>err || return 1
    "$run" keygen EVE >out || return 1
    "$run" fit one.yaml -m logit -k trusted --key EVE.key -o eve.state >out 2>err || return 1
    expect_line 12 'not in the list of trusted keys' "$run" step A.csv -s one.yaml --state eve.state -k A.key \
        --coordinator HUB.pub || return 1
    sed 's/"round": 0/"round": 1/' logit.state >changed.state
    expect_line 12 'the signature is not valid' "$run" step A.csv -s one.yaml --state changed.state -k A.key \
        --coordinator HUB.pub || return 1
    step A one logit --open >out 2>err && step B one logit --open >out 2>err && step C one logit --open >out 2>err || return 1
    sed 's/"patients": 150/"patients": 151/' A-logit-0.radsum >changed.radsum
    expect_line 12 'the signature is not valid' fit one logit changed.radsum B-logit-0.radsum C-logit-0.radsum || return 1
    grep -v '^A ' trusted >others
    expect_line 12 'not in the list of trusted keys' "$run" fit one.yaml -m logit -k others --key HUB.key -o logit.state \
        A-logit-0.radsum || return 1
    sed 's/^A /Z /' trusted >renamed
    expect_line 12 'claims to be from site A, but is signed with the key of Z' "$run" fit one.yaml -m logit -k renamed \
        --key HUB.key -o logit.state A-logit-0.radsum B-logit-0.radsum C-logit-0.radsum || return 1
    expect_line 12 'not in the list of trusted keys' "$run" fit one.yaml -m logit -k trusted --key EVE.key -o logit.state \
        A-logit-0.radsum || return 1
    make_study two '  logit: {family: logistic, response: response, terms: [f1, f3, age]}'
    "$run" sign two.yaml -k HUB.key >out
    expect_line 4 'is the state of another study' step A two logit
}
check 'states and answers of others' untrusted

words() {
    expect_line 2 '--model NAME is needed' "$run" fit one.yaml || return 1
    expect_line 4 'no model is called logi; the models are logit, ridge, few' "$run" fit one.yaml -m logi || return 1
    expect_line 2 '--study, --state and --key are needed' "$run" step A.csv -s one.yaml || return 1
    expect_line 3 'is not there' "$run" fit one.yaml -m logit -o none.state A-logit-0.radsum || return 1
    printf 'study: p\nfeatures: ["f*"]\ncovariates: {sex: {levels: [F, M]}}\nmodels: {m: {family: logistic, response: sex, terms: ["f*"]}}\n' >p.yaml
    expect_line 4 'which variables it means, a pool knows' "$run" fit p.yaml -m m || return 1
    printf 'study: g\nfeatures: ["f*"]\ncovariates: {age: number}\nmodels: {m: {family: gaussian, response: age, terms: [f1]}}\n' >g.yaml
    expect_line 4 'which takes no rounds' "$run" fit g.yaml -m m
}
check 'what goes wrong has its line' words

# Killed again and again, in steps and fits and between them: the same bytes at the end as of a run that nobody disturbed.
killed() {
    make_keys && cp -r "$RADIOMILL_STATE" fresh && rounds one ridge >out || return 1
    cp ridge.state calm.state && cp ridge.coefficients.csv calm.csv || return 1
    rm -rf "$RADIOMILL_STATE" ridge.state ridge.*.csv ./*-ridge-*.radsum && cp -r fresh "$RADIOMILL_STATE" || return 1
    fit one ridge >out 2>err || return 1
    number=0 part=1
    while [ ! -e ridge.coefficients.csv ] || ! grep -q '"result": "converged"' ridge.state; do
        answers=
        for site in $sites; do
            part=$((part % 12 + 1)) # after 4 to 48 ms
            timeout -s KILL "0.0$(printf %02d $((part * 4)))" "$run" step "$site.csv" -s one.yaml --state ridge.state \
                -k "$site.key" --coordinator HUB.pub >out 2>err
            # who was killed may hold the ledger for a moment yet
            for _ in 1 2 3 4 5 6 7 8 9; do
                step "$site" one ridge >out 2>err && break
                grep -q 'try again' err || { cat err && return 1; }
                sleep 0.2
            done
            answers="$answers $site-ridge-$number.radsum"
        done
        part=$((part % 12 + 1))
        # shellcheck disable=SC2086
        timeout -s KILL "0.0$(printf %02d $((part * 2)))" "$run" fit one.yaml -m ridge -k trusted --key HUB.key \
            -o ridge.state $answers >out 2>err
        # shellcheck disable=SC2086
        fit one ridge $answers >out 2>err || { cat err && return 1; }
        number=$((number + 1))
        [ $number -lt 40 ] || return 1
    done
    cmp ridge.state calm.state && cmp ridge.coefficients.csv calm.csv
}
check 'kill -9 of sites and coordinator' killed

# Rows that are split into other sites, or files in another order: the same bytes of coefficients (there are no strata).
split_otherwise() {
    make_keys && rounds one ridge >out || return 1
    cp ridge.coefficients.csv four.csv || return 1
    (head -n 1 A.csv && for site in A B; do tail -n +2 $site.csv; done) >X.csv
    (head -n 1 A.csv && tail -n +2 C.csv) >Y.csv && (head -n 1 A.csv && tail -n +2 D.csv) >Z.csv
    sites='X Y Z' && make_keys && rounds one ridge >out || return 1
    sites='A B C D'
    cut -d, -f1-15 four.csv >a && cut -d, -f1-15 ridge.coefficients.csv >b && cmp a b
}
check 'the split into sites' split_otherwise

# All men respond: the coefficient grows without end, and is named. Where f1 tells the response of all, sites refuse.
separated() {
    make_study sex '  m: {family: logistic, response: response, terms: [f1, sex]}'
    for site in $sites; do
        cp $site.csv $site.kept
        awk -F, -v OFS=, 'NR > 1 && $7 == "M" { $10 = "yes" } { print }' $site.kept >$site.csv
    done
    make_keys && rounds sex m >out 2>&1
    grep -q 'separated after .*: sex=M tells the response' out && grep -q ',separated,' m.fits.csv || { cat out && return 1; }
    for site in $sites; do awk -F, -v OFS=, 'NR > 1 { $10 = $2 > 0 ? "yes" : "no" } { print }' $site.kept >$site.csv; done
    make_keys && rounds sex m >out 2>&1
    for site in $sites; do mv $site.kept $site.csv; done
    grep -q 'follows from the terms' out || { cat out && return 1; }
}
check 'what separates' separated

# Each site by the fit to the others: what the officer sees is what the table has, and leaves again byte for byte.
validated() {
    make_study out '  m: {family: logistic, response: response, terms: [f1, f3], digits: 3, validate: leave-one-site-out,
    penalty: {kind: ridge, lambda: [0.1]}}'
    rm -f m.* && make_keys && "$run" sign out.yaml -k HUB.key >out && fit out m >out || return 1
    number=0
    while [ ! -e m.coefficients.csv ] && [ $number -lt 30 ]; do
        cp m.state before.state && round out m $number || { cat fit.err && return 1; }
        number=$((number + 1))
    done
    for site in $sites; do
        "$run" step $site.csv -s out.yaml --state before.state -k $site.key --open --coordinator HUB.pub -o $site.open >out 2>err &&
            "$run" step $site.csv -s out.yaml --state before.state -k $site.key --coordinator HUB.pub --preview $site.html >out 2>err ||
            return 1
    done
    python3 - <<'X'
import csv, json, re
rows = list(csv.DictReader(open("m.performance.csv")))
measures = ["auc", "brier", "observed by expected", "calibration slope", "calibration intercept"]
assert [r["measure"] for r in rows if r["site"] == "random effects"] == [measures[k] for k in (0, 3, 4)], rows
def value(text):
    digits, _, power = text.partition("p")
    return int(digits, 16) * 2.0 ** int(power or 0)
lengths = []
for site in "ABCD":
    assert [r["measure"] for r in rows if r["site"] == site] == measures, rows
    of = {r["measure"]: r for r in rows if r["site"] == site}
    told = list(map(value, max(json.load(open(site + ".open"))["points"], key=len)))
    lengths.append(len(told))
    page = open(site + ".html").read()
    assert ("is calibrated stays at home" in page) == (len(told) == 6)
    assert ("The intercept of the calibration stays at home" in page) == (len(told) == 8)
    assert ">nothing<" not in page, page
    for k, name in ((6, "calibration slope"), (8, "calibration intercept")):
        r = of[name]
        if len(told) <= k:
            assert r["estimate"] == r["se"] == "", r
            continue
        assert float(r["estimate"]) == told[k] and abs(float(r["se"]) ** 2 - told[k + 1]) < 1e-12 * told[k + 1], (r, told)
        assert abs(float(r["high"]) - told[k] - 1.959963984540054 * float(r["se"])) < 1e-12, r
        assert re.search("(slope|intercept) of the calibration</t[hd]>", page), page
assert set(lengths) == {8, 10}, lengths  # the intercept, of some, would tell too much
X
}
check 'sites that are left out' validated

# A path, its lambda of the least BIC, and each site left out at that one: at sites of 150; who goes then is left out of all.
chosen_first() {
    sites='A B C D E'
    python3 "$maker" . 150 5 && make_study choice '  m: {family: cox, response: relapse, terms: [f1, f2, f3, f4, age], scale: {age: [62, 8]}, digits: 2,
    penalty: {kind: lasso, path: 5, ratio: 0.1, choose: bic}, validate: leave-one-site-out}' && make_keys || return 1
    made=$(rounds choice m) || { echo "$made" && return 1; }
    [ "$made" -le 12 ] || { echo "$made rounds" && return 1; }
    chosen_is_least 5 || return 1
    "$run" study check choice.yaml | grep -q 'chosen by BIC' || return 1
    # Again, and E does not answer once sites are left out.
    make_keys && "$run" sign choice.yaml -k HUB.key >out && rm -f m.* && fit choice m >out || return 1
    number=0
    until grep -q '\["score","","[A-E]"' m.state; do
        round choice m $number && number=$((number + 1)) || return 1
    done
    sites='A B C D'
    answers=
    for site in $sites; do step $site choice m >out 2>err && answers="$answers $site-m-$number.radsum" || return 1; done
    # shellcheck disable=SC2086
    fit choice m --go-on $answers >out 2>err || { cat err && return 1; }
    while [ ! -e m.coefficients.csv ] && [ $number -lt 40 ]; do
        number=$((number + 1))
        round choice m $number || { cat fit.err && return 1; }
    done
    chosen_is_least 4
}
chosen_is_least() { # sites
    python3 - "$1" <<'X'
import csv, math, sys
fits, left, order = [list(csv.DictReader(open("m.%s.csv" % t))) for t in ("fits", "validation", "performance")]
assert len(fits) == 5 and all(r["result"] == "converged" for r in fits), fits
bic = [int(r["terms"]) * math.log(float(r["events"])) - 2 * float(r["log_likelihood"]) for r in fits]
least = float(fits[bic.index(min(bic))]["lambda"])
assert [r["site"] for r in left] == list("ABCDE")[: int(sys.argv[1])], left
assert {float(r["lambda"]) for r in left} == {least} and all(math.isclose(float(r["lambda"]), least, rel_tol=1e-6) for r in order)
page = open("m.report.html").read()
assert "has the least BIC of the fit to all sites" in page and ("last one of the path" in page) == (least == float(fits[-1]["lambda"]))
assert page.count("<th scope=\"row\">without ") == int(sys.argv[1]), page
X
}
check 'a lambda by BIC, and sites left out at that one' chosen_first

report rounds
