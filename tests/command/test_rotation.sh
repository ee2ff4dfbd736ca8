#!/bin/sh
# A ledger belongs to the rows, not to the key: a new key goes on with it, and one that does not is found out.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cd "$work" || exit 1

keygen() { # name, then options
    "$run" keygen "$@" >/dev/null
}
ledger_of() { # name
    echo "$RADIOMILL_STATE/$(cut -d' ' -f2 "$1.pub").ledger"
}
summarise() { # table, study, key, then options
    table=$1 study=$2 key=$3
    shift 3
    "$run" summarise "$table.csv" -s "$study.yaml" -k "$key.key" -t 1 -o "$key.radsum" "$@"
}
rehearse() { # study, key
    "$run" summarise all.csv -s "$1.yaml" -k "$2.key" -t 1 -o "$2.rehearsal" --rehearse
}
numbered() { # study, key, which rehearsal it is
    rm -f "$2.rehearsal" && rehearse "$1" "$2" >/dev/null && grep -q "\"number\": $3," "$2.rehearsal"
}
python3 -c "
import random
def table(name, names, rows, columns='abcdef'):
    open(name + '.csv', 'w').write('case,' + ','.join('f' + c for c in columns) + '\n' + ''.join(
        '%s,%s\n' % (n, ','.join('%.7g' % r['abcdef'.index(c)] for c in columns)) for n, r in zip(names, rows)))
rng = random.Random(5)
rows = [[rng.gauss(10 * k, 1 + k) for k in range(6)] for _ in range(180)]
names = ['P%03d' % i for i in range(180)]
table('all', names[:60], rows[:60])
table('less', names[:59], rows[:59])
table('renamed', ['Q' + n for n in names[:59]], rows[:59])
table('thin', ['R' + n for n in names[:59]], rows[:59], 'bd')
table('rounded', names[:59], [[float('%.5g' % x) for x in r] for r in rows[:59]])
table('other', names[:60], rows[60:120]) # names as everybody has them
table('some', names[:60], rows[120:178] + rows[:2])
table('one', names[:60], rows[120:179] + rows[:1])
table('half', names[:60], [r[:3] + s[3:] for r, s in zip(rows[:60], rows[60:])])
ages = [[rng.randint(40, 80)] for _ in range(180)]
open('ages.csv', 'w').write('case,age\n' + ''.join('%s,%d\n' % (n, a[0]) for n, a in zip(names, ages[:60])))
open('ages1.csv', 'w').write('case,age\n' + ''.join('%s,%d\n' % (n, a[0]) for n, a in zip(names, ages[:59])))
open('ages2.csv', 'w').write('case,age\n' + ''.join('%s,%d\n' % (n, a[0]) for n, a in zip(names, ages[60:120])))
for s in 'one', 'two', 'three':
    open(s + '.yaml', 'w').write('study: %s\nfeatures: [\"f*\"]\nanalyses: [moments]\n' % s)
    open('age_' + s + '.yaml', 'w').write('study: age-%s\nfeatures: [age]\nvariables: {age: {step: 1}}\nanalyses: [moments]\n' % s)"

# Another key in the same folder: patients who left with the first are known.
keygen A
keygen B
check 'a release' summarise all one A
check 'another key, one patient less' expect_line 10 "of these patients left before with another key, whose ledger is $(ledger_of A)" summarise less two B
check 'nor by a preview' expect_line 10 'left before with another key' summarise less two B --preview
check 'nor as a rehearsal' expect_line 10 'left before with another key' summarise less two B --rehearse
check 'nor the same rows' expect_line 10 'left before with another key' summarise all one B
for table in renamed thin rounded half some; do
    check "nor $table" expect_line 10 'left before with another key' summarise $table two B
done
check 'nothing was written' test ! -e B.radsum
check 'one of sixty may be by chance' expect 0 '' summarise one two B --preview
check 'other patients with the same names are others' expect 0 '' summarise other two B
check 'no patient stands in a list' sh -c '! grep -aq "P00[0-9]" "$RADIOMILL_STATE"/*.rows'
check 'lists are for their owner' sh -c 'test "$(stat -c %a "$RADIOMILL_STATE"/*.rows "$RADIOMILL_STATE"/rows.secret | sort -u)" = 600'
forget
check 'few values' summarise ages age_one A
check 'known with their names' expect_line 10 'left before with another key' summarise ages1 age_two B
check 'others are others' expect 0 '' summarise ages2 age_two B
forget
check 'a release of a key' summarise all one A
check 'the data officer begins a new ledger' expect 0 'a new ledger begins' summarise less two B --begin-ledger
check 'which the summary says' grep -q '"begun": "again"' B.radsum
check 'and which goes on by itself' expect 0 '' summarise less three B
check 'the first key meets the second' expect_line 10 "whose ledger is $(ledger_of B)" summarise all three A

# A list or its secret that was changed is no empty one.
rm -rf "$RADIOMILL_STATE" ./*.key ./*.pub ./*.radsum
keygen A && keygen B
check 'a release once more' summarise all one A
list=$(ledger_of A | sed 's/ledger$/rows/')
cp "$list" kept
for spoil in 's/^./x/' 's/"patients":60/"patients":61/' 's/$/ /' 's/}$//'; do
    sed "$spoil" kept >"$list"
    check "a list with $spoil" expect_line 12 'is not what was written' summarise less two B
done
head -c 50 kept >"$list"
check 'a list cut short' expect_line 12 'is not what was written' summarise less two B
cp kept "$list"
head -c 31 "$RADIOMILL_STATE/rows.secret" >short && cp "$RADIOMILL_STATE/rows.secret" secret && cat short >"$RADIOMILL_STATE/rows.secret"
check 'a secret cut short' expect_line 12 'rows.secret: is not what was written' summarise less two B
cat secret >"$RADIOMILL_STATE/rows.secret"
check 'as they were' expect_line 10 'left before with another key' summarise less two B
check 'its own release again adds nothing' sh -c "'$run' summarise all.csv -s two.yaml -k A.key -o A.radsum 2>/dev/null >/dev/null && cmp kept '$list'"

# Rotation: the ledger goes on.
cp "$(ledger_of A)" before
check 'no key, no rotation' expect_line 3 'cannot be read' "$run" keygen C --rotate none.key
check 'nothing is made' test ! -e C.key
check 'a new key' expect 0 '' keygen C --rotate A.key
check 'has all lines and one more' sh -c "head -c \$(stat -c %s before) '$(ledger_of C)' | cmp - before && test \$(wc -l <'$(ledger_of C)') -eq \$((\$(wc -l <before) + 1))"
check 'the old one ends with it' expect_line 12 'this key was replaced by the key' summarise all three A
check 'and is not replaced again' expect_line 12 'this key was replaced by the key' "$run" keygen D --rotate A.key
check 'of which nothing is made' test ! -e D.key
check 'the new one knows who left' expect_line 10 'the cohort differs by 1 patient' summarise less three C
check 'by values too' expect_line 10 'the cohort differs by 1 patient' summarise renamed three C --renamed
check 'the same patients may leave' expect 0 'release 1 of site C for study three' sh -c "'$run' summarise all.csv -s three.yaml -k C.key -o C.radsum >&2"
check 'a summary says that it is the same ledger' python3 -c "
import json
a, c = (json.load(open(s + '.radsum'))['ledger'] for s in 'AC')
assert (a['id'], a['begun']) == (c['id'], c['begun']) and c['entries'] == a['entries'] + 1, (a, c)"
check 'and again' expect 0 '' keygen D --rotate C.key
check 'the third knows' expect_line 10 'the cohort differs by 1 patient' summarise less one D
check 'the second is done' expect_line 12 'this key was replaced' summarise all one C
check 'another key still meets the first' expect_line 10 'left before with another key' summarise less two B

# Who changes the line, or puts one of another key there.
cp "$(ledger_of D)" good
key() {
    cut -d' ' -f2 "$1.pub"
}
spoil() { # what sed does; words
    sed "$1" good >"$(ledger_of D)"
    expect_line 12 "$2" summarise all one D
}
check 'to another key' spoil "s/\"to\":\"$(key C)\"/\"to\":\"$(key B)\"/" 'was changed, or signed with another key'
check 'from another key' spoil "s/\"from\":\"$(key A)\"/\"from\":\"$(key B)\"/" 'was changed, or signed with another key'
check 'without its line' spoil '/"to":"'"$(key D)"'"/d' 'this key was replaced'
keygen X && keygen E --rotate X.key
cp "$(ledger_of E)" "$(ledger_of D)"
check 'the ledger of another key' expect_line 12 'replaced by the key' summarise all one D
sed "s/\"to\":\"$(key E)\"/\"to\":\"$(key D)\"/" "$(ledger_of E)" >"$(ledger_of D)"
check 'with this key in its place' expect_line 12 'was changed, or signed with another key' summarise all one D
cp good "$(ledger_of D)"
check 'as it was' expect_line 10 'the cohort differs by 1 patient' summarise less one D
# When the power failed between the two files.
rm "$(ledger_of D)"
check 'the new ledger is not there' expect_line 12 'restore it from a copy (--ledger COPY)' summarise all one D
check 'from the old one it is' expect 0 'is taken over' summarise other one D --ledger "$(ledger_of C)"
check 'and knows' expect_line 10 'the cohort differs by 1 patient' summarise less two D
# What is beside a ledger goes on with it, too.
rm -rf "$RADIOMILL_STATE"
keygen G && keygen K
check 'a rehearsal' rehearse one G
check 'a next key' keygen H --rotate G.key
check 'goes on with rehearsals' numbered two H 2
check 'and the next' keygen I --rotate H.key
check 'goes on as well' numbered three I 3
check 'another key' expect 0 '' summarise other two K --preview
check 'takes none for a ledger of an earlier version' sh -c '! grep -q "of an earlier version" err'
list=$(ledger_of I | sed 's/ledger$/rehearsals/')
sed '1s/ ./ x/' "$list" >said && cp said "$list"
check 'a line of a key before that was changed' expect_line 12 'is not the list of rehearsals that was written' rehearse one I
# Names dealt anew, and values that tell nobody apart: an age and a sex; all together they are those who left.
python3 -c "
import random
rng = random.Random(8)
def table(name, letter, rows):
    open(name + '.csv', 'w').write('case,age,sex\n' + ''.join('%s%03d,%d,%d\n' % (letter, i, a, s) for i, (a, s) in enumerate(rows)))
people = lambda n: [(round(rng.gauss(62, 9)), rng.randint(0, 1)) for _ in range(n)]
first, second = people(150), people(150)
table('first', 'P', first)
table('dealt', 'R', rng.sample(first, 150))
table('fewer', 'R', rng.sample(first, 141))
table('second', 'R', second)"
printf 'study: few\npatient: case\nfeatures: [age, sex]\nanalyses: [moments]\nvariables: {age: {step: 1}, sex: {step: 1}}\n' >few.yaml
check 'a key for ages' keygen L
check 'another' keygen M
check 'ages leave' expect 0 'release 1' sh -c "'$run' summarise first.csv -s few.yaml -k L.key -o L.radsum >&2"
check 'dealt anew' expect_line 10 'the values of these patients are, as a whole, those of patients who left before' summarise dealt few M
check 'but for nine' expect_line 10 'the values of these patients are, as a whole' summarise fewer few M
check 'the officer knows better' expect 0 'What would leave site M' sh -c "'$run' summarise dealt.csv -s few.yaml -k M.key -o M.radsum --preview --others >&2"
cp "$(ledger_of M)" before
check 'and may let them leave' expect 0 'release 1' sh -c "'$run' summarise dealt.csv -s few.yaml -k M.key -o M.radsum --others >&2"
check 'which the line of the release says, with whose they are' python3 -c "
import json
line = json.loads(open('$(ledger_of M)').read().splitlines()[-1])
assert line['others'] == {'untold': 0, 'ledgers': ['$(key L)']}, line['others']"
check 'and a list of the ledger' sh -c "'$run' ledger -k M.key | grep -q 'others: 0 rows untold, 1 ledger alike'"
cp before "$(ledger_of M)" && rm -f "$(ledger_of M | sed 's/ledger$/rows/')"
check 'others leave' expect 0 'release 1' sh -c "'$run' summarise second.csv -s few.yaml -k M.key -o M.radsum >&2"

report rotation
