#!/bin/sh
# The page of a run: its numbers against those of its tables, its pictures, its links.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
python3 "$support/batch.py" "$work/c" 24
cd "$work" || exit 1
sed -n 1p c/cases.csv >cases.csv
sed -e 1d -e "s,\\([im][0-9]*\\.nii\\),c/\\1,g" c/cases.csv >>cases.csv
python3 - <<'X'
import csv, shutil
rows = list(csv.DictReader(open("cases.csv")))
for i, name in enumerate(("lost", "gone & <lost>")):  # two cases that fail for one reason
    rows.append(dict(rows[i], case=name, image="c/none%d.nii.gz" % i))
with open("cases.csv", "w", newline="") as out:
    table = csv.DictWriter(out, rows[0])
    table.writeheader()
    table.writerows(rows)
X
check 'a run without pictures' expect 20 '2 failed' "$run" batch cases.csv -o plain -q
check 'has a page' test -s plain/report.html
check 'and none of them' test ! -e plain/pictures
check 'with pictures' expect 20 '2 failed' "$run" batch cases.csv -o run --pictures -q
check 'one of each ROI that has values' sh -c '[ "$(ls run/pictures | wc -l)" -eq 48 ]'
check 'the same features' cmp plain/features.csv run/features.csv
check 'the page' /usr/bin/python3 "$support/run_page.py" run
check 'again: the same bytes' sh -c "cp run/report.html first && '$run' batch cases.csv -o run --pictures -q; cmp first run/report.html"
check 'collect writes it, too' sh -c "rm run/report.html && '$run' collect run >/dev/null; cmp first run/report.html"
check 'drawn before, computed anew without' expect 20 '' "$run" batch cases.csv -o run -q --force
check 'pictures of what was there before are gone' sh -c '[ -z "$(ls run/pictures)" ]'
printf 'case,image,mask,roi,site\n' >same.csv
for i in 1 2 3 4 5 6 7 8 9 10; do printf 'p%d,c/i0.nii.gz,c/m0.nii,1,%s\n' $i "$([ $i -lt 4 ] && echo A || echo B)" >>same.csv; done
check 'two groups of the same values' expect 0 '' "$run" batch same.csv -o same -q
check 'have a table' grep -q '>By site<' same/report.html
check 'and are nowhere apart' sh -c '! grep -q "standard deviations apart" same/report.html'
mkdir taken && : >taken/pictures
check 'no room for pictures' expect_line 5 'taken/pictures: cannot be created' "$run" batch cases.csv -o taken --pictures -q
rm run/features.csv
check 'a directory that is none' expect_line 3 '' "$run" collect c
report run_report
