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
check 'rows of tables are as long as their heads' python3 "$support/cells.py" plain/report.html run/report.html
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

# Where every case failed: each reason once, with its cases; nothing is drawn of no rows, and nothing is said of them.
printf 'case,image,mask\n' >none.csv
for i in 1 2 3 4 5; do printf 'lost%d,gone%d.nii,c/m0.nii\nodd%d,cases.csv,c/m0.nii\n' $i $i $i >>none.csv; done
check 'all cases fail' expect 3 '10 failed' "$run" batch none.csv -o none --pictures -q
check 'their page' python3 - none/report.html <<'X'
import re, sys
page = open(sys.argv[1], encoding='utf-8').read()
assert len(page) < 30000, len(page)
assert '<svg' not in page and '<img' not in page
failures = page[page.index('id="failures"'):page.index('id="warnings"')]
assert re.findall(r'<td>(\d+)</td>', failures) == ['5', '5'], failures
assert 'No such file or directory' in failures and 'is no image or mask of a format that is known' in failures
assert failures.count('<a href="#r') == 10 and page.count('<figure id="r') == 10
assert 'No row.' in page and 'each says something of its own' not in page and 'correlations need rows' in page
X

# 200 ROIs a case: a picture each while there are no more than 5,000, and a page that does not grow beyond.
python3 - "$support" <<'X'
import sys
sys.path.insert(0, sys.argv[1])
from nifti import nifti
size, n = (80, 40, 6), 80 * 40 * 6
def label(i):
    x, y, z = i % 80, i // 80 % 40, i // 3200
    return 1 + x // 4 + 20 * (y // 4) if 1 <= z <= 4 and x % 4 < 3 and y % 4 < 3 else 0
nifti('many_m.nii', 4, 16, 'h', size, [label(i) for i in range(n)])
with open('many.csv', 'w') as table:
    table.write('case,image,mask\n')
    for c in range(4):
        nifti('many%d.nii' % c, 4, 16, 'h', size, [(i * 7919 * (c + 3) + i * i) % 997 for i in range(n)])
        table.write('patient%d,many%d.nii,many_m.nii\n' % (c, c))
X
printf 'families: [morph, stat]\ndiscretisation: none\n' >few.yaml
check '200 ROIs a case' expect 0 '' "$run" batch many.csv -c few.yaml -o many --pictures -q
check 'their page' python3 - many <<'X'
import csv, os, re, sys
run = sys.argv[1]
page = open(run + '/report.html', encoding='utf-8').read()
rows = list(csv.DictReader(open(run + '/features.csv')))
assert len(rows) == 800 and 'rows (ROIs)</dt><dd>800<' in page, len(rows)
pictures = re.findall(r'<img [^>]*src="([^"]+)"', page)
assert len(set(pictures)) == 800 and all(os.path.exists(os.path.join(run, p)) for p in pictures), len(pictures)
assert len(page) < 60000 + 200 * 800, len(page)
for svg in re.findall(r'<svg .*?</svg>', page, re.S):  # no plot is empty
    assert 'class="mark"' in svg, svg[:300]
warnings = page[page.index('id="warnings"'):page.index('id="features"')]
assert warnings.count('<tr>') <= 4 and 'and 20 more' in warnings, warnings
X
mkdir taken && : >taken/pictures
check 'no room for pictures' expect_line 5 'taken/pictures: cannot be created' "$run" batch cases.csv -o taken --pictures -q
rm run/features.csv
check 'a directory that is none' expect_line 3 '' "$run" collect c
report run_report
