#!/bin/sh
# Presets for modalities: files that read back, that say where they come from, and that are never guessed.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
data=$(cd "${RADIOMILL_DATA:-../shared/data}" 2>/dev/null && pwd)
here=$(pwd)
. tests/support/checks.sh
cd "$work" || exit 1
python3 - "$here/tests/support" <<'END'
import random, sys
sys.path.insert(0, sys.argv[1])
from nifti import nifti
random.seed(7)
size = (20, 18, 8)
count = size[0] * size[1] * size[2]
nifti('image.nii', 4, 16, 'h', size, [random.randint(-300, 300) for _ in range(count)], (1, 1, 3))
nifti('mask.nii', 2, 8, 'B', size, [int(5 <= i % 20 < 15 and 4 <= i // 20 % 18 < 13 and 2 <= i // 360 < 6) for i in range(count)], (1, 1, 3))
END
same() { # two tables, byte for byte
    cmp "$1" "$2"
}
check 'every key' expect 0 '' "$run" settings
cp out all.yaml
check 'with words in comments of at most 120 columns' sh -c "awk 'length > 120 { print; bad = 1 } END { exit bad }' all.yaml && [ \"\$(grep -c '^ *#' all.yaml)\" -gt 30 ]"
"$run" extract image.nii mask.nii -o none.csv 2>err
check 'reads back to the defaults' sh -c "'$run' extract image.nii mask.nii -c all.yaml -o all.csv 2>/dev/null && cmp none.csv all.csv"
check 'without settings a line says what was assumed' grep -q '^radiomill: without settings: voxels as they are, .*fbn32.*; -c ct, mr, pet or us is for a modality$' err
check 'and that voxels are uneven' grep -q 'voxels of 1 x 1 x 3 mm are not resampled' err
check 'with settings nothing is assumed' sh -c "! '$run' extract image.nii mask.nii -c all.yaml 2>&1 >/dev/null | grep 'without settings'"
for preset in ct mr pet us; do
    check "$preset: a file" expect 0 '' "$run" settings $preset
    cp out $preset.yaml
    check "$preset: with its sources" grep -q '^# Sources: \|^#.*Sources:' $preset.yaml
    check "$preset: is that of the build" cmp $preset.yaml "$here/reference/settings/$preset.yaml"
    check "$preset: lines" sh -c "awk 'length > 120 { bad = 1 } END { exit bad }' $preset.yaml"
    check "$preset: runs by its name" expect 0 '' "$run" extract image.nii mask.nii -c $preset -o a.csv
    check "$preset: and as a file" expect 0 '' "$run" extract image.nii mask.nii -c $preset.yaml -o b.csv
    check "$preset: alike" same a.csv b.csv
    check "$preset: bins have an origin" sh -c '! grep "lower bound" err'
done
mkdir ct
check 'a folder of that name' expect 0 '' "$run" extract image.nii mask.nii -c ct -o c.csv
check 'is no preset that is not there' expect 126 'no preset is called xr' "$run" settings xr
check 'nor is a slip, which has a neighbour' expect 126 'no preset is called mrr; the nearest is mr;' "$run" settings mrr
check 'the list' sh -c "'$run' settings --list | tr '\n' ' ' | grep -q '^ct mr pet us ibsi-a .*ibsi2-9b'"
check 'auto, where nothing says the modality' expect_line 4 'nothing in the file says its modality; give one of ct, mr, pet, us' "$run" extract image.nii mask.nii -c auto
printf 'case,image,mask\na,image.nii,mask.nii\n' >cases.csv
check 'a slip of the finger' expect_line 3 'pett: neither a file nor a preset; the nearest is pet; presets are ct, mr, pet, us' "$run" extract image.nii mask.nii -c pett
check 'nothing like a preset' expect_line 3 'settings_of_mine: neither a file nor a preset; presets are ct' "$run" extract image.nii mask.nii -c settings_of_mine
check 'a file that is not there' expect_line 3 'mine.yaml: cannot be read' "$run" extract image.nii mask.nii -c mine.yaml
check 'auto of a batch' expect_line 4 'row 1: --settings auto: ' "$run" batch cases.csv -o run -c auto
check 'what else there is' grep -q 'or a file; a column modality (CT, MR, PT, US) or settings says it for each row' err
printf 'case,image,mask,modality\na,image.nii,mask.nii,CT\nb,image.nii,mask.nii,PET\nc,image.nii,mask.nii,mr\n' >said.csv
check 'a column that says it' expect 0 'settings pet into said/pet' "$run" batch said.csv -o said -c auto
for preset in ct pet mr; do
    "$run" extract image.nii mask.nii -c $preset --case "$(case $preset in ct) echo a ;; pet) echo b ;; *) echo c ;; esac)" -o own.csv 2>/dev/null
    check "$preset: is that preset" python3 -c "
import csv, sys
a, b = (next(csv.DictReader(open(n))) for n in ('own.csv', 'said/$preset/features.csv'))
assert all(b[k] == v for k, v in a.items()) and len(a) > 100"
done
# Shards of runs of several modalities.
for shard in 1 2; do
    check "shard $shard" expect 0 '' "$run" batch said.csv -o parts -c auto --shard $shard/2 -q
done
check 'a folder of runs is none' expect_line 3 'parts: is no run, but the folder of 3; give one of them, such as parts/ct' "$run" methods parts
check 'nor for tables' expect_line 3 'is no run, but the folder of 3' "$run" table parts
check 'collect joins all of them' expect 0 'radiomill: parts/pet' "$run" collect parts
for preset in ct pet mr; do check "$preset: the same features" same said/$preset/features.csv parts/$preset/features.csv; done
rm -r parts && check 'a shard without cases' expect 0 '' "$run" batch said.csv -o parts -c auto --shard 2/2 -q
check 'what is missing is said' expect 3 'missing: row 1, b' "$run" collect parts
check 'the script for Slurm has pictures' sh -c "'$run' slurm said.csv -c auto -o jobs -n 2 --pictures --no-submit && grep -q -- ' --pictures ' jobs/array.sh"
printf 'case,image,mask,modality\na,image.nii,mask.nii,CT\nb,image.nii,mask.nii,T1w\n' >unsaid.csv
check 'a word without a preset' expect_line 4 'row 2: --settings auto: image.nii: no preset is for modality T1w' sh -c "cd '$work' && '$run' batch unsaid.csv -o unsaid -c auto 2>&1 >/dev/null | sed 's, [^ ]*/image.nii, image.nii,' >&2; exit 4"
check 'a folder for a table' expect_line 3 'is a folder; batch takes a table of cases, which `radiomill manifest FOLDER -o cases.csv` writes' "$run" batch . -o run
check 'has made nothing' test ! -e run
check 'and needs a place' expect_line 2 'needs --output RUN' "$run" batch cases.csv -n -c auto
check 'a batch without settings' expect 0 'without settings: ' "$run" batch cases.csv -o run
if [ -d "$data/ibsi1/ct_phantom/dicom" ]; then
    phantom=$data/ibsi1/ct_phantom
    check 'auto of CT' expect 0 'settings ct, by the modality of' "$run" extract "$phantom/dicom/image" "$phantom/dicom/mask" -c auto --case p -o auto.csv
    check 'is ct' expect 0 '' "$run" extract "$phantom/dicom/image" "$phantom/dicom/mask" -c ct --case p -o ct.csv
    check 'to the last byte' same auto.csv ct.csv
    as_modality() { # DICOM's word for it, folder: the same slices, said to be of it
        mkdir "$2" && python3 - "$phantom/dicom/image" "$2" "$1" <<'END'
import os, sys
for name in os.listdir(sys.argv[1]):
    element = b'\x08\x00\x60\x00\x02\x00\x00\x00'
    data = open(os.path.join(sys.argv[1], name), 'rb').read().replace(element + b'CT', element + sys.argv[3].encode())
    open(os.path.join(sys.argv[2], name), 'wb').write(data)
END
    }
    as_modality MR mr && as_modality PT pt && as_modality US ultrasound && mkdir pictures && ln -s "$phantom" pictures/ct || exit 1
    for row in 'mr mr' 'pt pet --suv none' 'ultrasound us'; do
        # shellcheck disable=SC2086 # words
        set -- $row
        folder=$1 preset=$2
        shift 2
        check "auto of $folder" expect 0 "settings $preset, by the modality of $folder" "$run" extract $folder "$phantom/dicom/mask" -c auto --case p -o auto_$folder.csv "$@"
        check "is $preset" expect 0 '' "$run" extract $folder "$phantom/dicom/mask" -c $preset --case p -o $preset.csv "$@"
        check "to the last byte of $preset" same auto_$folder.csv $preset.csv
        check "and not ct" sh -c "! cmp -s $preset.csv ct.csv"
    done
    printf 'image,mask\npt,pictures/ct/dicom/mask\n' >doses.csv
    check 'auto of a batch: PET without what SUV needs fails, by name' expect 3 '0 of 1 case done' "$run" batch doses.csv -o doses -c auto
    check 'in cases.csv' grep -q 'RescaleIntercept.*SUV needs 0' doses/pet/cases.csv
    check 'so does one case' expect 3 'use the stored values with --suv none' "$run" extract pt "$phantom/dicom/mask" -c auto
    as_modality NM nuclear
    check 'auto of a modality without a preset' expect_line 4 'no preset is for modality NM' "$run" extract nuclear "$phantom/dicom/mask" -c auto
    printf 'image,mask,arm\npictures/ct/dicom/image,pictures/ct/dicom/mask,"a, b"\nmr,pictures/ct/dicom/mask,=c\n' >many.csv
    check 'a batch of two modalities' expect 0 'settings mr into many/mr' "$run" batch many.csv -o many -c auto
    check 'is a run for each' test -e many/ct/features.csv -a -e many/mr/features.csv
    check 'with its own preset' sh -c "grep -q 'spacing: \[1, 1, 1\]' many/mr/settings.yaml && ! cmp -s many/ct/settings.yaml many/mr/settings.yaml"
    check 'names and columns stay' python3 - <<'END'
import csv
a, b = (list(csv.DictReader(open(n))) for n in ('many/ct.csv', 'many/mr.csv'))
assert len(a) == len(b) == 1 and a[0]['arm'] == 'a, b' and a[0]['case'] == 'pictures/ct/dicom/image' and b[0]['case'] == 'mr'
c = next(csv.DictReader(open('many/ct/features.csv')))
own = next(csv.DictReader(open('auto.csv')))
assert c['case'] == 'pictures/ct/dicom/image' and c['original_stat_mean'] == own['original_stat_mean']
END
    check 'and it goes on' expect 0 '0 computed now' "$run" batch many.csv -o many -c auto
    check 'without settings' expect 0 '3D; -c ct is for CT' "$run" extract "$phantom/dicom/image" "$phantom/dicom/mask" --case p -o dicom.csv
    check 'nothing is guessed of the format' expect 0 'ct, mr, pet or us is for a modality' \
        "$run" extract "$phantom/nifti/image.nii.gz" "$phantom/nifti/mask.nii.gz" --case p -o nifti.csv
    check 'the same numbers' python3 - <<'END'
import csv
a, b = (next(csv.DictReader(open(n))) for n in ('dicom.csv', 'nifti.csv'))
assert a.keys() == b.keys() and len(a) > 150
assert sum(k.startswith(('original_cm', 'original_rlm', 'original_szm', 'original_ngt')) for k in a) > 60
for k in a:
    if k.startswith('original'):
        assert abs(float(a[k]) - float(b[k])) <= 1e-9 * abs(float(b[k])), (k, a[k], b[k])
END
fi
report presets
