#!/bin/sh
# Whom sites and coordinator trust: signed studies and harmonisations, sealed summaries, keys that are secret.
set -u
build=$(pwd)/${BUILD:-build} tests=$(pwd)/tests
run=$build/radiomill
. tests/support/checks.sh
python3 "$tests/support/cohort.py" "$work" 3 60 6
cd "$work" || exit 1
cat >study.yaml <<'X'
study: trust
patient: patient
features: [f*]
covariates: {age: {unit: years}}
covariance: [f0001, f0003, f0005]
model: [age]
X
for s in s1 s2 s3 hub other; do
    check "keys of $s" expect 0 '' "$run" keygen "$s"
done
cat s1.pub s2.pub s3.pub >keys
summarise() { # site, then options
    site=$1
    shift
    "$run" summarise "$site.csv" -s study.yaml -k "$site.key" --withhold "$@"
}
refuses() { # what is said, then a command that is not trusted
    says=$1
    shift
    expect_line 12 "$says" "$@"
}

# Without a coordinator everything is as it was, but for one line.
summarise s1 --preview >out.txt 2>err.txt
check 'a study that nobody signed is said to be so' sh -c 'test $(grep -c "the study is not signed, and the summary is open" err.txt) = 1'
for s in s1 s2 s3; do
    check "an open summary of $s" summarise $s -o "$s.open"
done
check 'a pool of open summaries' expect 0 '' "$run" pool study.yaml s1.open s2.open s3.open -k keys -o p_open

# A coordinator: signs the study, and sites ask for it.
check 'unsigned' refuses 'study.yaml: is not signed, there is no study.yaml.sig' summarise s1 --coordinator hub.pub
check 'also where nothing is written' refuses 'is not signed' summarise s1 --coordinator hub.pub --preview
check 'sign' expect 0 '' "$run" sign study.yaml -k hub.key
check 'a signature is a text of three lines' sh -c 'test $(wc -l <study.yaml.sig) = 3 && grep -q "^radiomill signature 1$" study.yaml.sig'
check 'it says whose key it is' sh -c 'grep -qx "key $(cut -d" " -f2 hub.pub)" study.yaml.sig'
cp study.yaml.sig sig
check 'signing again gives the same' sh -c "'$run' sign study.yaml -k hub.key && cmp study.yaml.sig sig"
for s in s1 s2 s3; do
    check "a sealed summary of $s" summarise $s -o "$s.sealed" --coordinator hub.pub
done
summarise s1 --coordinator hub.pub >out.txt 2>err.txt
check 'no warning of trust then' sh -c '! grep -q "not signed\|open" err.txt'
check 'it says to whom it is sealed' grep -q ', as before, sealed to hub' out.txt
check 'nothing of it can be read' sh -c '! grep -aq "f0001\|trust\|site" s1.sealed'
check 'a sealed one of another time has other bytes' sh -c '! cmp -s s1.radsum s1.sealed'

# An officer approves what is sealed: the same hash as of what is open, since it is that of the text that is signed.
hash_of() { summarise s1 "$@" --preview page.html 2>/dev/null | grep -o '[0-9a-f]\{64\}'; }
sealed=$(hash_of --coordinator hub.pub) open=$(hash_of --coordinator hub.pub --open)
check 'the hash is that of the text, sealed or not' test "$sealed" = "$open" -a "${#sealed}" = 64
check 'approved, and sealed' summarise s1 -o s1.approved --coordinator hub.pub --approve "$sealed"
check 'it cannot be read' sh -c '! grep -aq f0001 s1.approved'
check 'another hash' refuses 'approve' summarise s1 --coordinator hub.pub --approve "$(echo "$sealed" | tr 0-9a-f 1-9a-f0)"

# The man in between changes the study.
changed() { # text, other text: the study of the attacker, under the signature of the coordinator
    mkdir -p between && cp s1.csv s1.key hub.pub other.pub between && cp study.yaml.sig between &&
        sed "s/$1/$2/" study.yaml >between/study.yaml && ! cmp -s study.yaml between/study.yaml &&
        (cd between && refuses 'study.yaml: was changed after it was signed' summarise s1 --coordinator hub.pub &&
            [ ! -e s1.radsum ])
}
check 'weaker thresholds' changed '^study: trust' 'thresholds: {mode: datashield}\nstudy: trust'
check 'one feature more' changed 'f0005' 'f0005, f0000'
check 'a comment' changed '^study: trust' 'study: trust # fine'
check 'and without a coordinator named, since the signature is there' sh -c "cd between && \"$run\" summarise s1.csv -s study.yaml -k s1.key --preview; test \$? = 12"
(cd between && "$run" sign study.yaml -k ../other.key >/dev/null)
check 'signed by the one in between' refuses 'is signed with key' sh -c "cd between && '$run' summarise s1.csv -s study.yaml -k s1.key --coordinator hub.pub"
check 'whose key the site was given instead' refuses 'coordinator other' sh -c "'$run' summarise s1.csv -s study.yaml -k s1.key --coordinator other.pub"
damage() { # a command of sed on the signature, or another file in its place
    cp sig study.yaml.sig
    "$@"
    refuses "${says:-study.yaml.sig: is not a signature}" summarise s1 --coordinator hub.pub
    got=$?
    cp sig study.yaml.sig
    return $got
}
check 'a signature that is cut' damage truncate -s -1 study.yaml.sig
check 'longer' damage sh -c 'echo >>study.yaml.sig'
check 'empty' damage truncate -s 0 study.yaml.sig
check 'in capitals' damage sed -i '2s/.*/\U&/' study.yaml.sig
check 'with another line end' damage sed -i 's/$/\r/' study.yaml.sig
flip_digit() { python3 -c "
text = bytearray(open('study.yaml.sig', 'rb').read())
text[$1] = ord('0') if text[$1] != ord('0') else ord('1')
open('study.yaml.sig', 'wb').write(text)"; }
says='was changed after it was signed'
check 'one digit of its value' damage flip_digit -2
says='is signed with key'
check 'one digit of its key' damage flip_digit 30
says=
check 'two keys where one is needed' expect_line 3 'contains 3 keys; that of one coordinator is expected' summarise s1 --coordinator keys
printf 'hub %064d\n' 0 >point
check 'digits that are no key' expect_line 3 'point: its digits are not a public key' summarise s1 --coordinator point
check 'no key' expect_line 3 '' summarise s1 --coordinator study.yaml

# The policy of a site names its coordinator: nobody has to think of it.
mkdir site && cp hub.pub site && printf 'coordinator: hub.pub\n' >site/policy.yaml
printf 'coordinator: [a]\n' >site/list.yaml
printf 'coordinator: nowhere.pub\nminimum_cell: 12\n' >site/nowhere.yaml
check 'a policy that names it' summarise s1 -p site/policy.yaml
check 'seals' sh -c 'head -c 18 s1.radsum | grep -q "^radiomill sealed 1"'
mv study.yaml.sig away
check 'and asks for a signature' refuses 'is not signed' summarise s1 -p site/policy.yaml
mv away study.yaml.sig
check 'the same key beside it' summarise s1 -p site/policy.yaml --coordinator hub.pub
check 'another key beside it' refuses 'other.pub: is not the key of the coordinator that site/policy.yaml names (hub)' summarise s1 -p site/policy.yaml --coordinator other.pub
check 'not a name' expect_line 4 'list.yaml:1:1: coordinator' summarise s1 -p site/list.yaml
check 'a key that is not there' expect_line 3 'site/nowhere.pub' summarise s1 -p site/nowhere.yaml
check '--open: signed, not sealed' summarise s1 -o s1.signed --coordinator hub.pub --open
check 'and has the bytes that it always had' cmp s1.signed s1.open

# The pool of sealed files is that of open ones, bit by bit.
pool() { # folder, then files and options
    to=$1
    shift
    "$run" pool study.yaml "$@" -k keys -o "$to"
}
check 'sealed files without the key' refuses 's1.sealed: is sealed to a coordinator; give the secret key of the coordinator by --key' pool p_none s1.sealed s2.sealed s3.sealed
check 'with that of another' refuses 's1.sealed: is sealed to another key than that of other' pool p_other s1.sealed s2.sealed s3.sealed --key other.key
check 'with the key' expect 0 '' pool p_sealed s1.sealed s2.sealed s3.sealed --key hub.key
check 'no warning then' sh -c '! grep -q open "$0/err"' "$work"
check 'what comes out is the same' diff -r -x harmonisation.json.sig p_open p_sealed
check 'some open, some sealed' expect 0 'warning: the summary of site s2 came open, not sealed' pool p_some s1.sealed s2.open s3.sealed --key hub.key
check 'the same again' diff -r -x harmonisation.json.sig p_open p_some
check 'one release twice, sealed anew, is a copy' expect 0 'the same file is given twice' pool p_twice s1.sealed s1.radsum s2.sealed s3.sealed --key hub.key
flip() { # file, place: a copy with one bit of another value, pooled
    python3 -c "
import sys
data = bytearray(open(sys.argv[1], 'rb').read())
data[int(sys.argv[2])] ^= 1
open('flipped', 'wb').write(data)" "$1" "$2" && refuses "$3" pool p_flipped flipped s2.sealed s3.sealed --key hub.key
}
check 'a bit of what is sealed' flip s1.sealed 2000 'flipped: cannot be opened: it was changed after it was sealed'
check 'the last one' flip s1.sealed -1 'flipped: cannot be opened'
check 'the first one' flip s1.sealed 84 'flipped: cannot be opened'
check 'a bit of its head' flip s1.sealed 40 'flipped: is sealed to another key'
head -c 100 s1.sealed >cut
check 'a cut one' refuses 'cut: is sealed to another key than that of hub' pool p_cut cut s2.sealed s3.sealed --key hub.key
# Whoever seals is not whoever signs: a site's name cannot be taken.
forget
"$run" summarise s1.csv -s study.yaml -k other.key -o foreign --withhold --coordinator hub.pub >/dev/null 2>&1
check 'sealed by somebody else' refuses 'which is not in the list of trusted keys' pool p_foreign foreign s2.sealed s3.sealed --key hub.key

# Harmonisation: signed by the pool, or by `sign`.
check 'signed by the pool' test -s p_sealed/harmonisation.json.sig
check 'not without a key' test ! -e p_open/harmonisation.json.sig
harmonise() { # file, then options
    model=$1
    shift
    "$run" harmonise s1.csv -s study.yaml -m "$model" --site s1 -o rows.csv "$@"
}
check 'harmonise' expect 0 '' harmonise p_sealed/harmonisation.json --coordinator hub.pub
mv rows.csv right.csv
check 'unsigned: one warning' expect 0 'warning: p_open/harmonisation.json: whoever is in between can change it' harmonise p_open/harmonisation.json
check 'the same rows' cmp rows.csv right.csv
rm rows.csv
check 'unsigned, with a coordinator' refuses 'harmonisation.json: is not signed' harmonise p_open/harmonisation.json --coordinator hub.pub
check 'of another coordinator' refuses 'is signed with key' harmonise p_sealed/harmonisation.json --coordinator other.pub
check 'signed by hand' expect 0 '' "$run" sign p_open/harmonisation.json -k hub.key
check 'is the same signature' cmp p_open/harmonisation.json.sig p_sealed/harmonisation.json.sig
move() { # adds 200 to a location of the harmonisation in that folder
    python3 -c "
import json, sys
all = json.load(open(sys.argv[1]))
all['variables'][1]['location'] += 200
json.dump(all, open(sys.argv[1], 'w'), indent=1)" "$1/harmonisation.json"
}
move p_open
check 'a location that somebody changed' refuses 'harmonisation.json: was changed after it was signed' harmonise p_open/harmonisation.json --coordinator hub.pub
check 'is noticed without a coordinator, too' refuses 'was changed after it was signed' harmonise p_open/harmonisation.json
check 'no row is moved' test ! -e rows.csv
cp study.yaml.sig p_open/harmonisation.json.sig
check 'the signature of the study is none of it' refuses 'was changed after it was signed' harmonise p_open/harmonisation.json --coordinator hub.pub

# A stranger signs a file as a summary: signatures are for one purpose.
python3 - s1.open <<'X'
import re, sys
data = open(sys.argv[1]).read()
body, tail = data[: data.rindex(',\n "signature"')], data[data.rindex(',\n "signature"') :]
key, value = re.search('"key": "(.*?)", "value": "(.*?)"', tail).groups()
open("body.yaml", "w").write(body)
open("body.yaml.sig", "w").write(f"radiomill signature 1\nkey {key}\nvalue {value}\n")
X
check 'the signature of a summary is none of a file' refuses 'was changed after it was signed' "$run" summarise s2.csv -s body.yaml -k s2.key --coordinator s1.pub

# Keys that others may read are no keys, whatever command has them.
cp hub.key wide.key
chmod 644 wide.key
cp s1.key wide_site.key
chmod 640 wide_site.key
ln -s wide.key link.key
ln -s hub.key fine.key
said='others may read this secret key'
check 'sign' expect_line 3 "$said" "$run" sign study.yaml -k wide.key
check 'sign, by a link to it' expect_line 3 "$said" "$run" sign study.yaml -k link.key
check 'sign, by a link to one that is secret' expect 0 '' "$run" sign study.yaml -k fine.key
check 'pool' expect_line 3 "$said" pool p_wide s1.sealed s2.sealed s3.sealed --key wide.key
check 'pool, by a link' expect_line 3 "$said" pool p_wide s1.sealed s2.sealed s3.sealed --key link.key
check 'and nothing is pooled' test ! -e p_wide/moments.csv
check 'summarise' expect_line 3 "$said" "$run" summarise s1.csv -s study.yaml -k wide_site.key --withhold
check 'keys are made secret under any umask' sh -c "umask 0; '$run' keygen fresh && test \$(stat -c %a fresh.key) = 600"
check 'sign needs a key' expect_line 2 'sign: --key is needed' "$run" sign study.yaml
check 'sign needs a file' expect_line 3 'nothing.yaml' "$run" sign nothing.yaml -k hub.key

# Names are what they look like: in studies, policies, summaries and tables.
spoof() { # text of YAML for a unit, what is said of it
    printf 'study: spoof\npatient: patient\nfeatures: [f*]\ncovariates: {age: {unit: %s}}\n' "$1" >spoof.yaml
    for command in "study check spoof.yaml" "summarise s1.csv -s spoof.yaml -k s1.key --preview"; do
        # shellcheck disable=SC2086 # words of a command
        expect_line 4 "spoof.yaml:4:26: unit: $2" "$run" $command || return 1
        [ ! -s out ] && ! LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]')" err || return 1
    done
}
check 'a unit that wipes the terminal' spoof '"months\e[2J\e[Hnothing leaves"' 'months\u001b[2J\u001b[Hnothing leaves: contains U+001B'
check 'one that turns the direction' spoof '"mon\u202eths"' 'mon\u202eths: contains U+202E'
check 'a mark of direction' spoof '"mon\u200fths"' 'mon\u200fths: contains U+200F'
check 'a character of no width' spoof '"mon\u200bths"' 'mon\u200bths: contains U+200B'
check 'an end of line' spoof '"mon\u2028ths"' 'mon\u2028ths: contains U+2028'
check 'a tag that nobody sees' spoof '"mon\U000e0041ths"' 'mon\U000e0041ths: contains U+E0041'
check 'a Cyrillic letter among Latin ones' spoof '"m\u043enths"' 'mоnths: mixes Latin letters with U+043E, which looks like one'
check 'a Greek one' spoof '"m\u03bfnths"' 'mοnths: mixes Latin letters with U+03BF'
fine() { # text of YAML for a unit
    printf 'study: fine\ntitle: "Lung, \\u043b\\u0451\\u0433\\u043a\\u0438\\u0435"\nfeatures: [f*]\ncovariates: {age: {unit: %s}}\n' "$1" >fine.yaml
    expect 0 '' "$run" study check fine.yaml
}
check 'a unit with mu' fine '"\u03bcm\u00b2"'
check 'a unit of Cyrillic letters' fine '"\u0433\u043e\u0434"'
printf 'minimum_cell: "12\\u200b"\n' >site/hidden.yaml
check 'a policy' expect_line 4 'hidden.yaml:1:15: minimum_cell: 12\u200b: contains U+200B' summarise s1 -p site/hidden.yaml
"$build/tests/forge" s1.key s1.open forged.radsum '"unit":""' '"unit":"\u202e"'
check 'a summary' expect_line 3 'forged.radsum: unit contains U+202E' pool p_forged forged.radsum s2.open s3.open
sed '1s/f0001/f0001\xe2\x80\x8b/' s1.csv >hidden.csv
check 'a column' expect_line 4 'the column f0001\u200b contains U+200B' "$run" summarise hidden.csv -s study.yaml -k s1.key --preview --withhold

# What tells who a patient is leaves by its full name only.
python3 - <<'X'
import random
random.seed(3)
extra = {
    "mrn": lambda i: 10 + 0.37 * i, "PatientBirthDate": lambda i: 40 + i % 7, "admitted": lambda i: 7100000 + 37 * i % 9973,
    "born": lambda i: 19400101 + 10000 * (i % 50) + 100 * (i % 12) + i % 28, "voxels": lambda i: 100000 + 1000 * (i % 20),
    "seen_first": lambda i: "%02d%02d%d" % (i % 28 + 1, i % 12 + 1, 1931 + i % 60), "CaseNumber": lambda i: 3 + 0.5 * i, "order": lambda i: i * 7 % 60 + 1,
    "f_stat_energy": lambda i: 7100000 + 37 * i, "spread": lambda i: 100000 + 17 * i * i * 271, "energy": lambda i: 123456.5 + 31 * i, "large": lambda i: "%.1f" % (150000000.1 + 31000 * i),
    "large_whole": lambda i: 150000000 + 31000 * i, "seen": lambda i: "1.2.840.113619.2.%d" % i, "on": lambda i: "2019-03-%02d" % (i % 28 + 1)}
for name, value in extra.items():
    with open(f"with_{name}.csv", "w") as out:
        print(f"case,f1,{name}", file=out)
        for i in range(60):
            print(f"c{i},{random.gauss(0, 1):.6g},{value(i)}", file=out)
X
"$run" keygen who >/dev/null # its ledger knows no patients by another column
leaves() { # column, features of the study, then what `expect` takes
    column=$1
    printf 'study: who\nfeatures: %s\nanalyses: [moments]\n' "$2" >who.yaml
    shift 2
    "$@" "$run" summarise "with_$column.csv" -s who.yaml -k who.key --preview
}
check 'a number of a hospital' leaves mrn '["*"]' expect_line 10 'the column mrn is called as what tells who a patient is'
check 'a keyword of DICOM' leaves PatientBirthDate '["*"]' expect_line 10 'the column PatientBirthDate is called'
check 'a number by its shape' leaves admitted '["*"]' expect_line 10 'the column admitted looks like numbers of patients'
check 'a date by its shape' leaves born '[f1, "b*"]' expect_line 10 'the column born looks like dates'
check 'in another order' leaves seen_first '["*"]' expect_line 10 'the column seen_first looks like dates'
check 'a number of cases' leaves CaseNumber '["*"]' expect_line 10 'the column CaseNumber is called as what tells who a patient is'
check 'running numbers' leaves order '["*"]' expect_line 10 'the column order looks like running numbers'
check 'a unique id' leaves seen '["*"]' expect_line 10 'the column seen looks like dates or unique ids'
check 'a date with signs' leaves on '["*"]' expect_line 10 'the column on looks like dates or unique ids'
check 'declared by its name' leaves mrn '[f1, mrn]' expect 0 ''
check 'with a warning where its shape says so' leaves admitted '[f1, admitted]' expect 0 'warning: admitted, which the study names, looks like'
check 'whole numbers that are alike are values' leaves voxels '["*"]' expect 0 ''
check 'a feature by its tag' leaves f_stat_energy '["*"]' expect 0 ''
check 'numbers that go over a magnitude' leaves spread '["*"]' expect 0 ''
check 'numbers that are not whole, too' leaves energy '["*"]' expect 0 ''
check 'however large' leaves large '["*"]' expect 0 ''
check 'whole ones are refused' leaves large_whole '["*"]' expect_line 10 'the column large_whole looks like numbers of patients'
report trust
