#!/bin/sh
# Ranks within sites: they leave where a study names them, not where a few are tied, nor where their order would tell who
# has a level; what no ranks can be is refused by the pool.
set -u
run=$(pwd)/${BUILD:-build}/radiomill scores=$(pwd)/tests/support/scores.py
. tests/support/checks.sh
cd "$work" || exit 1

study() { # name, analyses, groups
    cat >"$1.yaml" <<X
study: $1
features: [f, s]
outcomes: {"y": {levels: ["n", "y"]}, z: {levels: ["n", "y"]}}
groups: [$3]
analyses: [moments, groups$2]
variables: {s: {step: 1e-6}}
X
}
fresh() { # table, study, options
    table=$1 of=$2
    shift 2
    rm -rf site .state
    mkdir site
    cp "$table.csv" data.csv
    "$run" keygen S -o site >/dev/null && "$run" summarise "$table.csv" -s "$of.yaml" -k site/S.key -o out.radsum "$@"
}
says() { # Python on ranks of f and of s: lists of numbers, None where withheld
    python3 -c "
import base64, json, struct
def unpack(text):
    data, at, out = base64.b64decode(text), 0, []
    while at < len(data):
        power, size = struct.unpack_from('<hH', data, at)
        out.append(int.from_bytes(data[at + 4:at + 4 + size], 'little', signed=True) * 256 ** power)
        at += 4 + size
    return out
s = json.load(open('out.radsum'))
s, f = [t and unpack(t) for t in s['ranks']] if 'ranks' in s else (None, None)
rows = [r.split(',') for r in open('data.csv').read().split()]
column = lambda name: [r[rows[0].index(name)] for r in rows[1:]]
assert $1, (s, f)"
}
study plain '' '"y"'
study ranks ', ranks' '"y"'
study both ', ranks' '"y", z'
python3 "$scores" "
table('mixed', mixed(60, 25)); table('turned', mixed(120, 60), turned=30)
for n in (19, 20):
    y = out_of_order(n, 4)
    table('up%d' % n, y); table('down%d' % n, y[::-1])"
check 'without being named' fresh mixed plain
check 'they stay' says 'f is None'
check 'named' fresh mixed ranks
check 'they are ranks' says "s[0] == 60 and s[1] == 35 and s[3] == 25 and s[5] == 0 and s[4] == sum(2 * k + 2 for k, v in enumerate(column('y')) if v == 'y') and s[2] + s[4] == 60 * 61"
check 'two groups' fresh turned both
check 'have their own' says 'len(s) == 11 and s[1] + s[3] == 120 and s[6] + s[8] == 120'

# The order tells who has a level where fewer pairs are out of order than one patient is in.
for way in up down; do
    check "20 pairs $way" fresh ${way}20 ranks
    check "leave, $way" says 's'
    check "19 pairs $way" fresh ${way}19 ranks
    check "stay, $way" says 's is None and f'
done

# Who are tied are counted: none, or ten.
tied() { # how many have the same value
    awk -F, -v OFS=, -v n="$1" 'NR > 20 && NR <= 20 + n { $2 = "0.400001" } { print }' mixed.csv >tied.csv
    fresh tied ranks
}
check '9 tied' tied 9
check 'stay' says 's is None'
check '10 tied' tied 10
check 'leave' says 's[5] == 990'

# Before it leaves.
preview() { fresh mixed ranks --preview page.html && grep -q 'y y: ranks' page.html; }
check 'page' preview
rehearse() { fresh mixed ranks --rehearse && grep -q '\["ranks","s",true\]' out.radsum; }
check 'rehearsal' rehearse
check 'outlook' expect 0 '' "$run" study check ranks.yaml --sites 10,400
outlook() { grep -Eq 'ranks by y .*held back +fits' out; }
check 'by group' outlook

# A pool.
pool() {
    rm -rf .state parts && mkdir parts
    python3 "$scores" "table('big', mixed(400, 180), shuffle=True)"
    for k in 0 1 2 3; do
        awk -v k=$k 'NR == 1 || NR % 4 == k' big.csv >parts/S$k.csv
        "$run" keygen S$k -o parts >/dev/null
        "$run" summarise parts/S$k.csv -s ranks.yaml -k parts/S$k.key -o parts/S$k.radsum >/dev/null 2>&1
    done
    cat parts/*.pub >parts/trusted
    "$run" pool ranks.yaml parts/*.radsum -k parts/trusted -o pooled >/dev/null 2>&1 &&
        grep -q '^s,y,mann-whitney,400,.*,4,400.$' pooled/rank_tests.csv && [ -s pooled/evidence/rank_tests.csv.json ]
}
check 'pool' pool
report ranks
