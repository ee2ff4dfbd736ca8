#!/bin/sh
# Who is who, for a site that is asked again and again: rows by name, names used again, keys that are copied.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}/federation" 2>/dev/null && pwd)
cd "$work" || exit 1
keygen() { # name
    "$run" keygen "$1" >/dev/null
}
summarise() { # table, study, key, then options
    table=$1 study=$2 key=$3
    shift 3
    "$run" summarise "$table" -s "$study" -k "$key" -t 1 -o out.radsum "$@"
}

# Rows are chosen by what a study declares, never by name.
python3 -c "
import random
rng = random.Random(3)
rows = [('P%02d' % i, rng.choice('FM'), rng.choice('ab'), rng.gauss(100, 15), rng.gauss(100, 15)) for i in range(60)]
open('rows.csv', 'w').write('case,sex,zip,f0,f1\n' + ''.join('%s,%s,%s,%.6g,%.6g\n' % r for r in rows))"
keygen A
where() { # exit code, words, a line of the study, and another one
    printf 'study: rows\nfeatures: ["f*"]\nanalyses: [moments]\n%s\n%s\n' "$3" "${4:-}" >rows.yaml
    expect_line "$1" "$2" "$run" study check rows.yaml &&
        expect_line "$1" "$2" summarise rows.csv rows.yaml A.key --preview
}
check 'no rows by name' where 10 'refused (where): the column case names patients' 'where: {case: [P00, P01]}'
check 'nor where another column is the name' where 10 'refused (where): the column zip names patients' 'where: {zip: a}' 'patient: zip'
check 'nor by what is not declared' where 4 'zip is not a variable with levels' 'where: {zip: a}'
check 'nor by a feature' where 4 'f0 is not a variable with levels' 'where: {f0: 100}'
check 'nor by a number' where 4 'f0 is not a variable with levels' 'where: {f0: 100}' 'covariates: {f0: number}'
check 'nor by a level that is none' where 4 'N is not one of the levels of sex' 'where: {sex: [F, N]}' 'covariates: {sex: {levels: [F, M]}}'
check 'by what is' where 0 '' 'where: {sex: F}' 'covariates: {sex: {levels: [F, M]}}'
check 'which the preview shows' grep -q 'Rows that count: where sex is F\.$' out
check 'and the check' sh -c "'$run' study check rows.yaml | grep -q 'rows  *where sex is F$'"

# A ledger belongs to a key, whatever file the key lies in.
python3 -c "
import random
rng = random.Random(4)
rows = ['P%02d,%.9g,%.9g' % (i, rng.gauss(100, 15), rng.gauss(10, 3)) for i in range(60)]
for name, part in ('all', rows), ('less', rows[:-1]), ('other', ['Q%02d,%.9g,%.9g' % (i, rng.gauss(100, 15), rng.gauss(10, 3)) for i in range(40)]):
    open(name + '.csv', 'w').write('case,f0,f1\\n' + '\\n'.join(part) + '\\n')"
for study in first second third; do
    printf 'study: %s\nfeatures: ["f*"]\nanalyses: [moments]\n' $study >$study.yaml
done
forget
check 'a release' summarise all.csv first.yaml A.key
refuses() { # a key
    expect_line 10 'refused (differencing)' summarise less.csv second.yaml "$@"
}
cp A.key copy.key
ln -s A.key link.key
mkdir far && cp A.key far/B.key
check 'less of it' refuses A.key
check 'with a copy of the key' refuses copy.key
check 'with a link to it' refuses link.key
check 'with another name in another folder' refuses far/B.key
check 'from another folder' sh -c "cd far && '$run' summarise ../less.csv -s ../second.yaml -k B.key -o out; [ \$? -eq 10 ]"
check 'with another ledger' expect_line 3 'none.ledger' summarise less.csv second.yaml A.key --ledger none.ledger
check 'also by =' expect_line 12 'does not go on from the ledger of this key' sh -c "head -n 1 '$(ledger_of A)' >begun && '$run' summarise less.csv -s second.yaml -k A.key -o out --ledger=begun"
cp "$(ledger_of A)" backup
sed 's/ A / C /' A.key >renamed.key && chmod 600 renamed.key
check 'with another name in the key' refuses renamed.key
check 'without its folder' expect_line 12 'is not there, so what left with it is not known' env RADIOMILL_STATE=empty "$run" summarise less.csv -s second.yaml -k A.key -o out
check 'nor by a preview' expect_line 12 'is not there' env RADIOMILL_STATE=empty "$run" summarise less.csv -s second.yaml -k A.key --preview
check 'with the copy' expect_line 10 'refused (differencing)' env RADIOMILL_STATE=empty "$run" summarise less.csv -s second.yaml -k A.key -o out --ledger backup
check 'other patients, with the copy' expect 0 'backup (1 release) is taken over' env RADIOMILL_STATE=empty "$run" summarise other.csv -s second.yaml -k A.key -o out --ledger backup
check 'which is the ledger from now on' expect_line 10 'refused (differencing)' env RADIOMILL_STATE=empty "$run" summarise less.csv -s third.yaml -k A.key -o out
check 'a copy that has more is taken over' sh -c "cp empty/*.ledger more && '$run' summarise other.csv -s second.yaml -k A.key -o out --ledger more 2>&1 | grep -q 'is taken over\|as before'"
check 'to begin anew is said, and told' expect 0 'warning: a new ledger begins' summarise less.csv second.yaml A.key --begin-ledger
check 'in the summary' grep -q '"begun": "again", "entries": 0' out.radsum
check 'the one before is kept' cmp "$(ledger_of A).1" backup
cp -r "$RADIOMILL_STATE" earlier && rm earlier/*.rows
check 'a new key beside a ledger without a list is warned of' expect 0 'ledgers of other keys in the same folder are of an earlier version' \
    sh -c "RADIOMILL_STATE=earlier '$run' keygen M >/dev/null && RADIOMILL_STATE=earlier '$run' summarise less.csv -s second.yaml -k M.key -o out"
forget
keygen N
check 'keygen needs no state folder' expect 0 'the first summary needs --begin-ledger' env RADIOMILL_STATE=/dev/null/none "$run" keygen O
check 'nor a home' expect 0 '' env -u RADIOMILL_STATE XDG_STATE_HOME="$work/xdg" "$run" keygen P
check 'whose ledger is where the specification says' sh -c "test -s \"xdg/radiomill/\$(cut -d' ' -f2 P.pub).ledger\" && test \"\$(stat -c %a xdg/radiomill)\" = 700"
check 'or in the home' sh -c "env -u RADIOMILL_STATE -u XDG_STATE_HOME HOME='$work/home' '$run' keygen Q >/dev/null && test -s \"home/.local/state/radiomill/\$(cut -d' ' -f2 Q.pub).ledger\""
check 'a release' summarise less.csv second.yaml N.key
mv "$(ledger_of N)" N.ledger
check 'a ledger beside the key, as it was kept before, is taken over' expect 0 'the ledger N.ledger (1 release) is taken over' summarise other.csv third.yaml N.key
check 'with what it knows' expect_line 10 'refused (differencing)' sh -c "sed '2d' less.csv >least.csv && '$run' summarise least.csv -s first.yaml -k N.key -o out"

# Patients are known by names and by values, whatever else the table has.
cat >tables.py <<'END'
"""usage: tables.py KIND: of 300 patients and 1,000 features, the same ones less one, as a site may export them again."""
import random, sys
kind = sys.argv[1]
rng = random.Random(8)
rows = [[rng.gauss(100, 15) if k % 3 else rng.lognormvariate(0, 0.5) for k in range(1000)] for _ in range(300)]
names, columns = ["P%03d" % i for i in range(300)], ["f%d" % k for k in range(1000)]
keep, digits = list(range(1000)), 9
if kind != "all":
    rows, names = rows[:-1], names[:-1]
    names = rng.sample(names, 299) if "dealt" in kind else ["X%03d" % rng.randrange(1000, 10**6) for _ in names]
    order = rng.sample(range(299), 299)
    rows = [rows[i] for i in order]
    for word in kind.split("-"):
        if word.isdigit():
            keep = sorted(rng.sample(keep, int(word)))
        if word.startswith("digits"):
            digits = int(word[6:])
        if word == "mixed":
            rng.shuffle(keep)
        if word == "called":
            columns = ["f%d" % (k + 5000) for k in range(1000)]
        if word == "swapped":
            columns = rng.sample(columns, 1000)
        if word == "other":
            rows = [[rng.gauss(100, 15) for _ in r] for r in rows]
        if word == "half": # extracted again: all but 14 features are others
            rows = [r[:14] + [rng.gauss(100, 15) for _ in r[14:]] for r in rows]
    keep = keep if "half" not in kind else list(range(1000))
print(",".join(["case", "scan_no"] + [columns[k] for k in keep]))
for i, (name, row) in enumerate(zip(names, rows)):
    print(",".join([name, str(i)] + ["%.*g" % (digits, row[k]) for k in keep]))
END
forget
python3 tables.py all >wide.csv
sed 's/^study: .*/study: wide/; s/f\*/f*/' first.yaml >wide.yaml
quick() { # of 300 patients and 1,000 features; with what else the machine does
    start=$(date +%s%N)
    summarise wide.csv wide.yaml A.key || return 1
    [ $(($(date +%s%N) - start)) -lt 20000000000 ]
}
check 'a wide table' quick
known() { # kind of table, exit code, words
    python3 tables.py "$1" >again.csv && sed "s/^study: .*/study: again-$1/" wide.yaml >again.yaml &&
        expect_line "$2" "$3" summarise again.csv again.yaml A.key --preview
}
for kind in 1000 60 20 5 2 digits5 5-digits5 20-digits6 called-mixed 20-called-mixed 5-called-digits5 swapped half; do
    check "the same less one by other names: $kind" known $kind 10 'refused (differencing)'
done
check 'with names dealt anew' known dealt 10 'refused (patients)'
check 'of few columns, too' known dealt-5 10 'refused (patients)'
renamed() {
    known "$1" 10 'refused (patients)' && expect_line 10 'differs by 1 patient' summarise again.csv again.yaml A.key --renamed
}
check 'which the site may say: then values count' renamed dealt-20
check 'other patients are others' known other 0 ''
check 'the column that names patients stays' expect_line 10 'the study takes scan_no for the name of a patient, and what left before took case' sh -c "
    sed 's/^study: .*/study: scans\npatient: scan_no/' wide.yaml >scans.yaml && '$run' summarise wide.csv -s scans.yaml -k A.key -o out"
corrected() { # so many patients whose values were put right, under their names; exit code, words
    awk -F, -v OFS=, -v n="$1" 'NR > 4 && NR <= 4 + n { for (k = 3; k <= NF; k++) $k = $k * 1.7 } { print }' wide.csv >corrected.csv
    sed 's/^study: .*/study: corrected/' wide.yaml >corrected.yaml
    expect_line "$2" "$3" summarise corrected.csv corrected.yaml A.key
}
for few in '1 patient' '9 patients'; do check "values put right: $few" corrected "${few%% *}" 10 "has other values than in study wide, which left before, for $few of a set"; done
check 'values put right: ten, who are no other patients' corrected 10 0 ''
# The pool sees a ledger that begins again, or goes back.
forget
rm -rf pooled
for s in X Y Z; do
    keygen $s
    awk -F, -v OFS=, -v CONVFMT=%.9g -v s=$s -v k=$(printf %d "'$s") 'NR > 1 { $1 = s $1; for (c = 2; c <= NF; c++) $c += k * 0.37 * (NR % 7 + 0.01 * c) } { print }' all.csv >$s.csv
    check "site $s" expect 0 '' "$run" summarise $s.csv -s first.yaml -k $s.key -o $s.radsum --open
done
cat X.pub Y.pub Z.pub >sites.pub
pool() { # file of site X
    "$run" pool first.yaml "$1" Y.radsum Z.radsum -k sites.pub -o pooled
}
check 'a pool' pool X.radsum
check 'it says which ledgers' sh -c "head -n 1 pooled/sites.csv | grep -q 'ledger,ledger_begun,ledger_entries,ledger_head' && grep -q ',keygen,0,' pooled/sites.csv"
cp "$(ledger_of X)" older
awk -F, -v OFS=, -v CONVFMT=%.9g 'NR > 1 { $1 = "N" $1; $2 += 7.3 * (NR % 5) } { print }' all.csv >new.csv
check 'a newer release' expect 0 'release 2' sh -c "'$run' summarise new.csv -s first.yaml -k X.key -o X2.radsum >&2"
check 'is pooled' pool X2.radsum
check 'of which there is one more' grep -q ',keygen,1,' pooled/sites.csv
cp older "$(ledger_of X)"
awk -F, -v OFS=, -v CONVFMT=%.9g 'NR > 1 { $1 = "M" $1; $2 += 9.1 * (NR % 3) } { print }' all.csv >third.csv
"$run" summarise third.csv -s first.yaml -k X.key -o X3.radsum >/dev/null 2>&1
check 'an older copy of the ledger gives release 2 again' expect_line 12 'that release was a different file before' pool X3.radsum
"$run" summarise X.csv -s first.yaml -k X.key -o X4.radsum --begin-ledger >/dev/null 2>&1
check 'one begun anew starts at 1' expect_line 12 'release 2 was pooled before' pool X4.radsum
"$run" summarise new.csv -s first.yaml -k X.key -o X4.radsum >/dev/null 2>&1
"$run" summarise third.csv -s first.yaml -k X.key -o X5.radsum >/dev/null 2>&1
check 'and is not taken for the other when it comes to 3' expect_line 12 'it began again, or an older copy was taken' pool X5.radsum
check 'elsewhere it is told of' expect 0 'site X has begun a new ledger' "$run" pool first.yaml X5.radsum Y.radsum Z.radsum -k sites.pub -o elsewhere
if [ -n "$cases" ]; then
    cp -r "$cases/names-used-again" again && chmod -R u+w again && cd again || exit 1
    "$run" keygen B >/dev/null
    check 'the case of names used again' expect 0 '' "$run" summarise first.csv -s first.yaml -k B.key -o first.radsum
    check 'with the same names' expect_line 10 '' "$run" summarise same_names.csv -s second.yaml -k B.key -o none.radsum
    check 'with others of their range' expect_line 10 'refused (patients)' "$run" summarise second.csv -s second.yaml -k B.key -o second.radsum
    check 'by values alone' expect_line 10 '' "$run" summarise second.csv -s second.yaml -k B.key -o second.radsum --renamed
    check 'nothing to recover' test ! -e second.radsum
    cd ..
fi

# Where values are few, and names new, who is who is not known: nothing leaves until somebody says so.
keygen few
keygen wide
python3 -c "
import random
rng = random.Random(8)
rows = [['P%02d' % i, rng.choice('FM'), rng.randint(45, 74), rng.choice([0] * 4 + [1]), rng.randint(40, 60), '%.9g' % rng.gauss(100, 15) if i < 45 else 0] for i in range(60)]
others = [['Q%02d' % i] + r[1:2] + [rng.randint(45, 74), rng.choice([0] * 4 + [1]), rng.randint(40, 60), '%.9g' % rng.gauss(100, 15) if i < 45 else 0] for i, r in enumerate(rows)]
def write(name, rows, columns):
    head = ['case', 'sex', 'age', 'flag', 'score', 'f']
    open(name, 'w').write('\n'.join(','.join(str(r[k]) for k in columns) for r in [head] + rows) + '\n')
few, all = (0, 1, 2, 3), (0, 1, 2, 3, 4, 5)
renamed = [['R%02d' % (7 * i % 60)] + r[1:] for i, r in enumerate(rows)]
rng.shuffle(renamed)
dealt = [[s[0]] + r[1:] for r, s in zip(rows, rng.sample(rows, 60))]
wide = [r + [(i * 7) % 60] for i, r in enumerate(rows)]
write('few.csv', rows, few)
write('all.csv', rows, all)
for name, some in ('renamed', renamed), ('less', renamed[:-1]), ('others', others), ('more', rows[:48] + others[:12]), ('dealt', dealt):
    write(name + '-few.csv', some, few)
    write(name + '-all.csv', some, all)
"
printf 'study: few\nfeatures: [age]\ncovariates: {sex: {levels: [F, M]}}\ngroups: [sex]\nanalyses: [moments, groups]\n' >few.yaml
printf 'study: all\nfeatures: [age, score]\nanalyses: [moments]\n' >all.yaml
sed 's/^study: .*/study: again/' few.yaml >few2.yaml
sed 's/^study: .*/study: again/' all.yaml >all2.yaml
check 'few values' summarise few.csv few.yaml few.key
untold='refused (patients): names are new, and'
check 'and new names' expect_line 10 "$untold in 60 rows" summarise renamed-few.csv few2.yaml few.key --preview
check 'of one patient less' expect_line 10 "$untold in 59 rows" summarise less-few.csv few2.yaml few.key --preview
check 'though values alone count' expect_line 10 "$untold in 60 rows" summarise renamed-few.csv few2.yaml few.key --preview --renamed
check 'even of others' expect_line 10 "$untold" summarise others-few.csv few2.yaml few.key --preview
check 'which somebody may know' expect_line 0 '' summarise others-few.csv few2.yaml few.key --preview --others
# What is allowed by hand stands in the line of the release, signed with it, and where ledgers are listed.
cp "$(ledger_of few)" before
listed() { # key, words of the last line
    "$run" ledger -k "$1" >lines.csv && tail -n 1 lines.csv | tr -d '\r' | grep -qxF -- "$2" || { cat lines.csv && return 1; }
}
hash() { # study
    python3 -c "import hashlib, sys; print(hashlib.blake2b(open(sys.argv[1], 'rb').read(), digest_size=32).hexdigest())" "$1"
}
rows=$("$run" summarise others-few.csv -s few2.yaml -k few.key --preview 2>&1 | sed -n 's/.* and in \([0-9]*\) rows are values.*/\1/p')
check 'rows that may be known ones' test "$rows" -gt 20
check 'the ledger is listed' listed few.key "2,release,few,$(hash few.yaml),,1,,60,"
check 'others leave' summarise others-few.csv few2.yaml few.key --others
check 'which the ledger says' listed few.key "3,release,again,$(hash few2.yaml),,1,,60,\"others: $rows rows untold, 0 ledgers alike\""
check 'as a list' python3 -c "
import json
lines = [json.loads(l) for l in open('$(ledger_of few)')]
assert [l.get('others') for l in lines] == [None, None, {'untold': $rows, 'ledgers': []}]"
check 'the same again is no new line' sh -c "cp '$(ledger_of few)' now && '$run' summarise others-few.csv -s few2.yaml -k few.key -o out.radsum --others >/dev/null 2>&1 && cmp now '$(ledger_of few)'"
sed 's/"others":{"untold":[0-9]*/"others":{"untold":0/' now >"$(ledger_of few)"
check 'nobody takes it back' expect_line 12 'was changed, or signed with another key' "$run" ledger -k few.key
cp now "$(ledger_of few)"
sed 's/^study: .*/study: shown/' few.yaml >few3.yaml
check 'and the page of the next release' sh -c "'$run' summarise others-few.csv -s few3.yaml -k few.key --preview page.html >/dev/null 2>&1 && grep -q 'others: $rows rows untold, 0 ledgers alike' page.html"
cp before "$(ledger_of few)"
check 'new patients among known ones are new' expect_line 0 '' summarise more-few.csv few2.yaml few.key --preview
forget
check 'more values' summarise all.csv all.yaml wide.key
check 'all columns together know who it is' expect_line 0 '' summarise renamed-all.csv all2.yaml wide.key --preview
check 'one less' expect_line 10 'differs by 1 patient' summarise less-all.csv all2.yaml wide.key --preview
check 'names dealt anew' expect_line 10 'refused (patients)' summarise dealt-all.csv all2.yaml wide.key --preview
check 'others are others' expect_line 0 '' summarise others-all.csv all2.yaml wide.key --preview
printf 'study: seen\nfeatures: [age]\nanalyses: [moments]\n' >seen.yaml
awk -F, -v OFS=, 'NR > 1 && NR < 8 { $3 += 1 } { print }' all.csv >older.csv
check 'years that were put right for six' expect_line 10 'age has other values than in study all, which left before, for 6 patients' summarise older.csv seen.yaml wide.key --preview
report identity
