#!/bin/sh
# Whom sites and coordinator trust: signed studies and harmonisations, sealed summaries, keys that are secret.
set -u
build=$(pwd)/${BUILD:-build} tests=$(pwd)/tests
run=$build/radiomill
. tests/support/checks.sh
trap 'rm -rf "$work"' EXIT
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
report trust
