#!/bin/sh
# Every name that `radiomill features` knows from elsewhere: it finds its feature, and where no note says that the formula is
# another one, a name of PyRadiomics has PyRadiomics' value.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
cd "$work" || exit 1
PYTHONPATH="$support" python3 - <<'END'
from nifti import nifti
size = (24, 22, 12)
at = [(i % 24, i // 24 % 22, i // 528) for i in range(24 * 22 * 12)]
nifti('image.nii', 4, 16, 'h', size, [100 + (37 * x + 59 * y + 83 * z + x * y) % 200 for x, y, z in at], (1, 1, 1))
nifti('mask.nii', 2, 8, 'B', size, [int((x - 12) ** 2 + (y - 11) ** 2 / 1.5 + (z - 6) ** 2 * 1.3 < 28) for x, y, z in at], (1, 1, 1))
END
printf 'setting: {binWidth: 25}\nimageType: {Original: {}}\nfeatureClass: {shape: , firstorder: , glcm: , glrlm: , glszm: , gldm: , ngtdm: }\n' >params.yaml
check 'settings of PyRadiomics' sh -c "'$run' settings --from params.yaml >own.yaml"
check 'its numbers' expect 0 '' "$run" extract image.nii mask.nii -c params.yaml -o theirs.csv
check 'ours' expect 0 '' "$run" extract image.nii mask.nii -c own.yaml -o ours.csv
check 'the catalogue' sh -c "'$run' features --markdown >features.md"
python3 - "$run" >found <<'END'
import csv, re, subprocess, sys
theirs, ours = (next(csv.DictReader(open(n))) for n in ('theirs.csv', 'ours.csv'))
for line in open('features.md'):
    cells = [c.strip() for c in line.split('|')[1:-1]]
    if len(cells) != 5 or not cells[0].startswith('`'):
        continue
    tag = cells[0].split('`')[1]
    for name in filter(None, cells[4].split(', ')):
        for word in (name, name.upper(), name.lower().replace('_', ' ')):
            told = subprocess.run([sys.argv[1], 'features', word], capture_output=True, text=True).stdout
            lines = told.splitlines()
            tags = [l.split()[0] for l in lines if not l.startswith(' ')]
            print('good' if tags == [tag] else 'bad', word, 'is', tag, tags)
        if not re.match('(firstorder|glcm|glrlm|glszm|gldm|ngtdm|shape)_', name) or name.startswith(('shape_Compactness', 'shape_SphericalD')):
            continue  # PyRadiomics does not compute these three any more
        notes = lines[2:]
        columns = [c for c in ours if re.fullmatch('original_%s(_3D.*)?(_width25)?' % tag, c)]
        a, b = float(theirs['original_' + name]), float(ours[columns[0]])
        same = abs(a - b) <= 1e-9 * abs(b)
        print('good' if len(columns) == 1 and (same or notes) else 'bad', name, 'has the value of', columns, a, b)
known = set(re.findall(r'\b(?:firstorder|glcm|glrlm|glszm|gldm|ngtdm)_\w+', open('features.md').read()))
left = {c[len('original_'):] for c in theirs if c.startswith('original_') and '_shape_' not in c} - known - {'firstorder_TotalEnergy'}
print('bad' if left else 'good', 'names of PyRadiomics that no feature has', left)
END
check 'all were tried' test "$(wc -l <found)" -gt 500
while read -r outcome what; do
    check "$what" test "$outcome" = good
done <found
report aliases
