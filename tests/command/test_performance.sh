#!/bin/sh
# Performance of fixed scores: what is refused, and the same one patient or one pair beside it, which is not; what is
# shown before anything leaves; pools that do not depend on how patients are split.
set -u
run=$(pwd)/${BUILD:-build}/radiomill scores=$(pwd)/tests/support/scores.py
. tests/support/checks.sh
cd "$work" || exit 1

make() { python3 "$scores" "$1"; }
study() { # name, then lines
    name=$1
    shift
    cat >"$name.yaml" <<X
study: $name
features: [f]
covariates: {s: number, t: number}
outcomes:
  "y": {levels: ["n", "y"]}
  z: {levels: ["n", "y"]}
  death: {time: m, event: e, grid: [0, 20]}
  late: {time: d, event: g, grid: [0, 20]}
analyses: [moments, performance]
variables: {s: {step: 1e-6}, t: {step: 1e-6}}
X
    printf '%s\n' "$@" >>"$name.yaml"
}
a='{score: s, outcome: "y", event: "y"}'
fresh() { # as a site that nothing left: table, study, options
    table=$1 of=$2
    shift 2
    rm -rf site .state
    mkdir site
    "$run" keygen S -o site >/dev/null && "$run" summarise "$table.csv" -s "$of.yaml" -k site/S.key -o out.radsum "$@"
}
again() { # the same site
    "$run" summarise "$1.csv" -s "$2.yaml" -k site/S.key -o again.radsum
}
says() { # Python on p, the list of what left
    python3 -c "
import json
s = json.load(open('out.radsum'))
p = s['performance']
assert $1, p"
}

# The study.
wrong() { # line under performance, words
    study wrong "performance: {a: $1}"
    expect_line 4 "$2" "$run" study check wrong.yaml
}
check 'no such score' wrong '{score: x, outcome: "y", event: "y"}' 'neither a number among covariates'
check 'levels as a score' wrong '{score: z, outcome: "y", event: "y"}' 'neither a number'
check 'no such outcome' wrong '{score: s, outcome: q}' 'neither a variable with levels'
check 'no event' wrong '{score: s, outcome: "y"}' 'the level of y'
check 'no such event' wrong '{score: s, outcome: "y", event: maybe}' 'the level of y'
check 'cuts that fall' wrong '{score: s, outcome: "y", event: "y", cuts: [2, 1]}' 'rising'
check 'cuts that repeat' wrong '{score: s, outcome: "y", event: "y", cuts: [1, 1]}' 'rising'
check 'cut 1 of a probability' wrong '{score: s, outcome: "y", event: "y", scale: probability, cuts: [0.5, 1]}' 'between 0 and 1'
check 'another scale' wrong '{score: s, outcome: "y", event: "y", scale: share}' 'number or probability'
check 'cuts of times' wrong '{score: s, outcome: death, cuts: [1]}' 'go with an outcome'
check 'no outcome' wrong '{score: s}' 'score and outcome'
check 'another key' wrong '{score: s, outcome: "y", event: "y", cut: 1}' 'not a key'
check 'no map' wrong 's' 'a name of at most'
study nine "performance: {$(for k in 1 2 3 4 5 6 7 8 9; do printf 'a%s: %s, ' $k "$a"; done)}"
check 'nine scores' expect_line 4 'more than 8' "$run" study check nine.yaml
study plain "performance: {a: $a}"
study full 'performance: {a: {score: s, outcome: "y", event: "y", scale: probability, cuts: [0.25, 0.5, 0.75]}, c: {score: s, outcome: death}}'
check 'check' expect 0 '' "$run" study check full.yaml --sites 10,60,400
shown() { grep -q 'performance a: s for y y, a probability, 3 cuts' out && grep -Eq 'performance a +minimum_cell +refused' out && grep -Eq 'performance a in 4 classes.*fits' out; }
check 'says its cuts, and what fits' shown

# Too few with the event, or without; one more is enough.
make "table('ten', mixed(60, 10)); table('nine', mixed(60, 9)); table('most', mixed(60, 50)); table('all', mixed(60, 51))"
check '10 events' fresh ten plain
check '9 events' expect 10 'have the event, or have it not' fresh nine plain
check '10 without' fresh most plain
check '9 without' expect 10 'have the event, or have it not' fresh all plain
check 'the rest can leave' fresh nine plain --withhold
check 'without the number' says "p == [None] and '(' not in s['withheld']['refused'][0]['words']"

# Few miss the score.
make "table('few', mixed(90, 45), missing=9); table('some', mixed(90, 45), missing=30)"
check '9 miss the score' expect 10 'is missing of a few' fresh few plain
check '30 do' fresh some plain

# The order of scores: with 20 and 20, one patient has 20 pairs; 20 pairs out of order are enough, 19 are not.
make "
for n in (19, 20):
    y = out_of_order(n, 4)
    table('up%d' % n, y); table('down%d' % n, y[::-1])"
check '20 pairs are out of order' fresh up20 plain
check '19 are' expect 10 'parts the outcomes so well' fresh up19 plain
check '20 are in order' fresh down20 plain
check '19 are in order' expect 10 'parts the outcomes so well' fresh down19 plain

# A group that is the outcome but for a few: sums of the score over the patients with the event would tell of these.
make "table('five', mixed(120, 60), turned=5); table('twelve', mixed(120, 60), turned=12)"
study near "groups: [z]" "performance: {a: $a}"
sed -i 's/moments, perf/moments, groups, perf/' near.yaml
check 'five are in another group' expect 10 'the event differ by a few from other sets' fresh five near
check 'twelve are' fresh twelve near

# Probabilities.
make "table('above', mixed(60, 30)); table('beyond', mixed(60, 30), low=0.5)"
check 'a probability' fresh above full
check 'has its numbers' says "p[0]['predicted'] and p[0]['squares'] and len(p[0]['ranks']) == 2 and len(p[1]['ranks']) == 5"
check 'no probability' expect 4 'is no probability' fresh beyond full
check 'a number' fresh beyond plain

# Cuts, and histograms.
make "table('cut', [0, 1] * 60)"
study cuts 'performance: {a: {score: s, outcome: "y", event: "y", cuts: [0.1, 0.25, 0.5, 0.75]}}'
check 'cuts' fresh cut cuts
check 'have ten or more on either side' says "p[0]['edges'] == [0, 2, 3, 4, 5] and min(p[0]['counts']) >= 10 and sum(p[0]['counts']) == 120"
sed 's/moments, perf/moments, histograms, perf/' cuts.yaml >both.yaml
sed 's/moments, performance/moments, histograms/; s/study: cuts/study: other/' cuts.yaml >bars.yaml
check 'cuts and histograms' fresh cut both
check 'that of the score, and of what has its order, stays' says "[v['histogram'] is None for v in s['variables'] if v['name'] in 'st'] == [True, True] and p[0]['edges'] == [0, 2, 3, 4, 5]"
check 'another one leaves' says "[v['histogram'] for v in s['variables'] if v['name'] == 'f'][0]"
check 'a histogram after cuts' expect 10 'histograms of it would tell' again cut bars
check 'histograms' fresh cut bars
check 'cuts after a histogram' expect 10 'cuts of it would tell' again cut cuts

# Levels that are derived of the score at nearly the same cut, in the same study and in another.
derived() { # cut of the levels
    sed "/^analyses/i derived: {high: \"s > $1\"}" cuts.yaml >derived.yaml
    fresh cut derived
}
check 'levels at a cut' derived 0.5
check 'keep it' says "p[0]['edges'] == [0, 2, 3, 4, 5]"
check 'a few patients beside it' derived 0.53
check 'that cut stays' says "3 not in p[0]['edges']"
sed '/^performance/d; s/, performance//' derived.yaml >levels.yaml
check 'first the levels' fresh cut levels
check 'then the cuts' expect 10 'refused' again cut cuts

# Outcomes that differ in a patient, or in thirty; the score, and another of the same order.
study two "performance: {a: $a, b: {score: t, outcome: z, event: \"y\"}}"
make "table('one', mixed(120, 60), turned=1); table('many', mixed(120, 60), turned=30)"
check 'outcomes that differ in one' expect 10 'whose number would follow' fresh one two
check 'in thirty' fresh many two
study first "performance: {a: $a}"
study second 'performance: {b: {score: t, outcome: z, event: "y"}}'
sed -i '/^  z: /d' first.yaml
sed -i '/^  "y": /d' second.yaml
check 'one outcome' fresh one first
check 'the other in another release' expect 10 'refused' again one second
check 'one of thirty' fresh many first
check 'thirty in another release' again many second

# Times.
study times 'performance: {a: {score: s, outcome: death}, b: {score: t, outcome: late}}'
make "table('same', mixed(60, 30)); table('moved', mixed(60, 30), moved=4); table('other', mixed(60, 30), moved=25)"
check 'times in other units' fresh same times
check 'that differ in four' expect 10 'differs in a few patients' fresh moved times
check 'in twenty-five' fresh other times

# Before anything leaves.
preview() { fresh above full --preview >words 2>/dev/null && grep -q 'performance a: how many of the pairs of 30 patients' words; }
check 'preview' preview
page() { fresh above full --preview page.html 2>/dev/null && grep -q 'spread of pairs over patients' page.html; }
check 'page' page
rehearse() { fresh above full --rehearse && cat ./*.rehearsal site/*.rehearsal out.radsum 2>/dev/null | grep -q '\["performance","a","0.5",'; }
check 'rehearsal' rehearse

# Threads and the order of rows change nothing; nor does the split of patients what is of all rows.
make "table('turn', mixed(120, 50)); table('shuffled', mixed(120, 50), shuffle=True)"
bytes() { # table, threads, name
    fresh "$1" full -t "$2" >/dev/null 2>&1 && python3 -c "
import json
print(json.load(open('out.radsum'))['performance'])" >"$3"
}
same() { bytes turn 1 one.txt && bytes turn 2 two.txt && bytes shuffled 2 three.txt && cmp one.txt two.txt && cmp one.txt three.txt; }
check 'the same bytes' same
pooled() { # sites
    rm -rf parts .state && mkdir parts
    python3 -c "
rows = open('big.csv').read().splitlines()
for k in range($1):
    open('parts/S%d.csv' % k, 'w').write('\n'.join(rows[:1] + rows[1 + k::$1]) + '\n')"
    for k in $(seq 0 $(($1 - 1))); do
        "$run" keygen "S$k" -o parts >/dev/null && "$run" summarise "parts/S$k.csv" -s full.yaml -k "parts/S$k.key" -o "parts/S$k.radsum" >/dev/null 2>&1
    done
    cat parts/*.pub >parts/trusted
    "$run" pool full.yaml parts/*.radsum -k parts/trusted -o "pool$1" >/dev/null 2>&1
}
make "table('big', mixed(600, 280), shuffle=True)"
check 'pool of 3' pooled 3
check 'pool of 5' pooled 5
whole() { # what is of all rows is the same, bit by bit
    for pool in pool3 pool5; do grep -E '^a,s,y,(brier|brier scaled|observed by expected),' $pool/performance.csv | sed 's/,[35],600.$/,600/' >$pool.txt; done
    [ "$(wc -l <pool3.txt)" -eq 3 ] && cmp pool3.txt pool5.txt
}
check 'and what is of all rows' whole
tables() { for name in performance performance_by_site roc calibration decision; do [ "$(wc -l <pool3/$name.csv)" -gt 1 ] && [ -s pool3/evidence/$name.csv.json ] || return 1; done; }
check 'tables and evidence' tables
readers() { grep -q readers pool3/evidence/performance.csv.json && ! grep -q readers pool3/evidence/performance_by_site.csv.json; }
check 'for whom' readers
few_sites() { # what fewer sites have part in than the study wants is empty
    sed 's/^study.*/&\nthresholds: {minimum_sites: 4}/' full.yaml >four.yaml
    mv four.yaml full.yaml && pooled 4 && grep -q '^a,s,y,auc,stratified,0' pool4/performance.csv &&
        "$run" pool full.yaml parts/S0.radsum parts/S1.radsum parts/S2.radsum -k parts/trusted -o three >/dev/null 2>&1
    [ $? -eq 10 ]
}
check 'three of four' few_sites

report performance
