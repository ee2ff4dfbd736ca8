#!/bin/sh
# The command as a user meets it: exit codes, messages, no partial output; the program of the manual page; install and
# uninstall. Prints what Check prints, so that the runner can add it up.
set -u
build=${BUILD:-build}
sanitize=${SANITIZE:-}
run=$build/radiomill
. tests/support/checks.sh

PYTHONPATH=tests/support python3 - "$work" <<'PY'
import gzip, struct, sys
import nifti as files
def nifti(path, code, bits, fmt, values, origin=0.0):
    files.nifti(path, code, bits, fmt, (6, 5, 4), values, origin=(origin, 0, 0))
work = sys.argv[1]
image = [(7 * i * i) % 90 - 20 for i in range(120)]
mask = [1 if i % 6 in (1, 2, 3) else 2 if i % 6 == 4 else 0 for i in range(120)]
nifti(work + '/image.nii.gz', 4, 16, 'h', image)
nifti(work + '/mask.nii.gz', 2, 8, 'B', mask)
nifti(work + '/empty.nii', 2, 8, 'B', [0] * 120)
nifti(work + '/shifted.nii', 2, 8, 'B', mask, 0.5)
nifti(work + '/nan.nii', 16, 32, 'f', [float('nan')] * 120)
open(work + '/bad.yaml', 'w').write('ivh: none\ntexture:\n  dimension: 3D\n')
open(work + '/text.nii', 'w').write('no image')
image_gz = open(work + '/image.nii.gz', 'rb').read()
open(work + '/cut.nii.gz', 'wb').write(image_gz[:len(image_gz) - 20])
open(work + '/crc.nii.gz', 'wb').write(image_gz[:-8] + bytes([image_gz[-8] ^ 1]) + image_gz[-7:])
huge = bytearray(gzip.decompress(image_gz)[:352])
struct.pack_into('<8h', huge, 40, 3, 10000, 10000, 10000, 1, 1, 1, 1)
open(work + '/huge.nii', 'wb').write(huge)
open(work + '/huge.nii.gz', 'wb').write(gzip.compress(bytes(huge)))
wrong = bytearray(gzip.decompress(image_gz))
wrong[344:348] = b'n+9\0'
open(work + '/magic.nii', 'wb').write(wrong)
nifti(work + '/inf.nii', 16, 32, 'f', [float('inf') if i == 7 else i for i in range(120)])
larger = bytearray(gzip.decompress(open(work + '/mask.nii.gz', 'rb').read()))
struct.pack_into('<8h', larger, 40, 3, 6, 5, 5, 1, 1, 1, 1)
open(work + '/larger.nii', 'wb').write(larger + bytes(30))
open(work + '/beyond.nii', 'wb').write(larger + bytes(29) + b'\1')
PY

check 'extract writes CSV' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -o "$work/f.csv"
check 'one row per label' test "$(wc -l <"$work/f.csv")" -eq 3
check 'CSV reads in python' python3 -c "
import csv, sys
rows = list(csv.DictReader(open('$work/f.csv')))
assert [r['roi'] for r in rows] == ['1', '2'], rows
values = [(7 * i * i) % 90 - 20 for i in range(120) if i % 6 in (1, 2, 3)]
assert abs(float(rows[0]['original_stat_mean']) - sum(values) / len(values)) < 1e-12"
check 'extract writes JSON' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -r 2 -o "$work/f.json"
check 'JSON reads in python' python3 -c "
import json
d = json.load(open('$work/f.json'))
assert len(d['rows']) == 1 and d['rows'][0]['roi'] == '2' and d['engine']['name'] == 'radiomill'
assert set(d['rows'][0]['values']) == {c['name'] for c in d['columns']}"
check 'settings and presets' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c ibsi-c --threads 2
for threads in 1 2 3 8; do
    "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c ibsi-e -t $threads -o "$work/t$threads.csv"
    check "$threads threads, the same bytes" cmp "$work/t1.csv" "$work/t$threads.csv"
done
# A pipe of 4 kB, which 90 lines on what filters see fill, stops the command between reading and the end.
cat >"$work/meanwhile.py" <<'PY'
import fcntl, os, select, subprocess, sys
run, work, change = sys.argv[1:]
mask = work + '/changing.nii.gz'
open(mask, 'wb').write(open(work + '/mask.nii.gz', 'rb').read())
with open(work + '/many.yaml', 'w') as f:
    f.write('families: [stat]\nfilter_families: [stat]\nimages: [mean: {boundary: [zero, nearest, mirror], size: [%s]}]\n' % ', '.join(str(3 + 2 * i) for i in range(30)))
command = [run, 'extract', work + '/image.nii.gz', mask, '-c', work + '/many.yaml', '-v', '-o', work + '/changed.csv']
p = subprocess.Popen(command, stderr=subprocess.PIPE)
fcntl.fcntl(p.stderr, 1031, 4096)  # F_SETPIPE_SZ
select.select([p.stderr], [], [])
if change == 'yes':
    os.utime(mask, (1, 1))
sys.stderr.write(p.stderr.read().decode().split('\n')[-2] + '\n')
sys.exit(p.wait())
PY
check 'a mask that is changed meanwhile' expect_line 3 'changing.nii.gz: image or mask was changed while it was read; run again when nothing writes to them' \
    python3 "$work/meanwhile.py" "$run" "$work" yes
check 'has no table' test ! -e "$work/changed.csv"
check 'and one that is left alone does' expect 0 '' python3 "$work/meanwhile.py" "$run" "$work" no
check 'has one' test -s "$work/changed.csv"

check 'missing image' expect_line 3 'none.nii: cannot be read: No such file' "$run" extract "$work/none.nii" "$work/mask.nii.gz"
check 'not an image' expect_line 3 'text.nii: is not a NIfTI file' "$run" extract "$work/text.nii" "$work/mask.nii.gz"
check 'empty mask' expect_line 3 'empty.nii: the mask is empty' "$run" extract "$work/image.nii.gz" "$work/empty.nii"
check 'no such label' expect_line 3 'no ROI matches 9; ROIs in the mask: 1, 2' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" --roi 9
check 'another grid' expect_line 4 'Give --resample-mask' "$run" extract "$work/image.nii.gz" "$work/shifted.nii"
check 'mask resampled' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/shifted.nii" --resample-mask
check 'NaN in the ROI' expect_line 3 'NaN or infinite' "$run" extract "$work/nan.nii" "$work/mask.nii.gz" -o "$work/n.csv"
check 'no output of a failure' test ! -e "$work/n.csv"
check 'wrong settings' expect_line 4 'bad.yaml:3:3: `texture.dimension` is not a setting; did you mean `texture.dimensions`?' \
    "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c "$work/bad.yaml"
check 'no such settings' expect_line 3 'ibsi-z' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c ibsi-z
check 'unwritable output' expect_line 5 'no/f.csv: cannot be written' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -o "$work/no/f.csv"
for words in help --version 'help batch' 'batch --help' features 'settings ct'; do
    check "full device: $words" expect_line 5 'standard output' sh -c "'$run' $words >/dev/full"
done
check 'full device' expect_line 5 'standard output: cannot be written' sh -c "'$run' extract '$work/image.nii.gz' '$work/mask.nii.gz' >/dev/full"
# What is no place for a file is written into: the bytes of standard output, and the pipe or device stays what it is.
"$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" >"$work/plain.csv" 2>/dev/null
extract="'$run' extract '$work/image.nii.gz' '$work/mask.nii.gz' -o"
into() { # name of a pipe, what reads it
    mkfifo "$work/$1" && sh -c "timeout 300 $2 '$work/$1' >'$work/got' & timeout 300 $extract '$work/$1' && wait && cmp '$work/got' '$work/plain.csv' && test -p '$work/$1'"
}
check 'a pipe' into pipe.csv cat
check 'a pipe without an ending' into pipe cat
check 'a pipe of gzip' into pipe.csv.gz 'gzip -cd <'
check 'a pipe of tabs' into pipe.tsv "sed 's/\t/,/g'"
check 'a link to a pipe' sh -c "ln -s pipe '$work/link.csv' && timeout 300 cat '$work/pipe' >'$work/got' & timeout 300 $extract '$work/link.csv' && wait && cmp '$work/got' '$work/plain.csv' && test -p '$work/link.csv'"
check '/dev/stdout into a pipe' sh -c "$extract /dev/stdout | cmp - '$work/plain.csv'"
check '/dev/stdout behind what a file holds' sh -c "(echo head && $extract /dev/stdout && echo tail) >'$work/got' && (echo head && cat '$work/plain.csv' && echo tail) | cmp - '$work/got'"
check '/dev/stderr' sh -c "$extract /dev/stderr 2>&1 >'$work/got' | grep -v '^radiomill: ' | cmp - '$work/plain.csv' && ! test -s '$work/got'"
for name in /dev/fd/3 /proc/self/fd/3; do
    check "$name" sh -c "$extract $name 3>'$work/got' && cmp '$work/got' '$work/plain.csv'"
done
! command -v bash >/dev/null || check 'what a shell reads' bash -c "$extract >(gzip >'$work/got.gz') && wait \$! && gzip -cd '$work/got.gz' | cmp - '$work/plain.csv'"
check 'a full device of its own name' expect_line 5 '/dev/full: cannot be written: No space left' sh -c "$extract /dev/full"
check 'a full device behind a number' expect_line 5 '/dev/fd/3: cannot be written: No space left' sh -c "$extract /dev/fd/3 3>/dev/full"
check 'nothing behind a number' expect_line 5 '/dev/fd/77: cannot be written: Bad file descriptor' sh -c "$extract /dev/fd/77"
check 'no number' expect_line 2 'ends in none of' sh -c "$extract /dev/fd/3x"
check 'devices stay' sh -c 'test -c /dev/full && test -L /dev/stdout'
check 'nothing left behind' sh -c "! ls '$work' | grep -q tmp"
check 'truncated gzip' expect_line 3 'cut.nii.gz: the gzip stream is damaged or truncated' \
    "$run" extract "$work/cut.nii.gz" "$work/mask.nii.gz" -o "$work/n.csv"
check 'wrong checksum' expect_line 3 'crc.nii.gz: the gzip stream is damaged' "$run" extract "$work/crc.nii.gz" "$work/mask.nii.gz" --verify
check 'wrong magic' expect_line 3 'magic.nii: is not NIfTI' "$run" extract "$work/magic.nii" "$work/mask.nii.gz"
limit='ulimit -v 4000000'
[ -z "$sanitize" ] || limit=: # the sanitizer reserves more than that
check '10^12 voxels' expect_line 3 'huge.nii: truncated or wrong header: the header asks for 2000000000000 bytes' \
    sh -c "$limit; '$run' extract '$work/huge.nii' '$work/huge.nii'"
check '10^12 voxels in gzip' expect_line 3 'huge.nii.gz: truncated or wrong header' "$run" extract "$work/image.nii.gz" "$work/huge.nii.gz"
check 'infinite voxel in the ROI' expect_line 20 '1 of 60 voxels' "$run" extract "$work/inf.nii" "$work/mask.nii.gz"
check 'mask with empty slices beyond the image' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/larger.nii"
check 'mask with voxels beyond the image' expect_line 4 'beyond.nii: the mask is not on the grid of the image, and part of it lies beyond' \
    "$run" extract "$work/image.nii.gz" "$work/beyond.nii"

# The old file or the new one, whenever the command is stopped; nothing else in the folder.
mkdir "$work/kill"
"$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" --case new -o "$work/new.csv"
interrupted() { # signal
    for delay in 0 0.002 0.004 0.006 0.008 0.01 0.012 0.014 0.016 0.018 0.02 0.03 0.05; do
        echo old >"$work/kill/f.csv"
        env --default-signal=INT "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" --case new \
            -o "$work/kill/f.csv" 2>/dev/null & # a shell without jobs has its children ignore SIGINT
        sleep $delay
        kill -"$1" $! 2>/dev/null
        wait $! 2>/dev/null
        [ "$(cat "$work/kill/f.csv")" = old ] || cmp "$work/kill/f.csv" "$work/new.csv" || return 1
        for left in "$work"/kill/*.tmp; do # of SIGKILL in the moment between two names: whole, at least
            [ ! -e "$left" ] || { [ "$1" = KILL ] && cmp "$left" "$work/new.csv" && rm "$left"; } || return 1
        done
    done
}
check 'stopped by SIGINT' interrupted INT
check 'stopped by SIGKILL' interrupted KILL

mkdir "$work/small"
if mount -t tmpfs -o size=16k radiomill "$work/small" 2>/dev/null; then
    echo old >"$work/small/f.csv"
    check 'disk full' expect_line 5 'f.csv: cannot be written: No space left' \
        "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c ibsi-e -o "$work/small/f.csv"
    check 'disk full: the old file stays' sh -c "[ \"\$(cat '$work/small/f.csv')\" = old ] && [ \"\$(ls '$work/small')\" = f.csv ]"
    umount "$work/small"
else
    echo 'disk full: skipped: no small file system can be mounted here'
fi

check 'unknown option' expect_line 2 'unknown option --rio' "$run" extract a b --rio 1
check 'bad number' expect_line 2 '--threads: x is not a whole number' "$run" extract a b --threads x
check 'too few arguments' expect_line 2 'too few arguments' "$run" extract a
check 'bad output name' expect_line 2 'in none of .csv, .tsv, .json' "$run" extract a b -o c.xls
check 'info' sh -c "'$run' info '$work/mask.nii.gz' --labels | grep -qE '^2 +20 '"
check 'filter' expect_line 0 '' "$run" filter "$work/image.nii.gz" mean size=3 boundary=nearest -o "$work/map.nii.gz"
check 'filter: a map' sh -c "'$run' info '$work/map.nii.gz' | grep -q float64"
check 'filter: no such option' expect_line 4 'log has no option `sigm`; its options are sigma' "$run" filter "$work/image.nii.gz" log sigm=1 -o "$work/m.nii"
printf 'images:\n  - log: {sigma: [1, 2]}\n  - simoncelli: {dimension: 2}\nfilter_families: stat\nfamilies: []\n' >"$work/images.yaml"
check 'features of response maps' expect_line 0 'log1mm sees the whole image: 6 x 5 x 4 voxels for 2 ROIs' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c "$work/images.yaml" \
    -v -o "$work/i.csv"
check 'columns of images' sh -c "head -1 '$work/i.csv' | grep -q 'log1mm_stat_mean.*log2mm_stat_mean.*simoncelli_level1_2D_stat_mean'"
check 'infinity before a filter' expect_line 3 'voxel (1, 1, 0) is inf' "$run" extract "$work/inf.nii" "$work/mask.nii.gz" -c "$work/images.yaml" -r 2
check 'infinity confined' expect_line 0 '' "$run" extract "$work/inf.nii" "$work/mask.nii.gz" -c "$work/images.yaml" -r 2 --nan 0
check 'filter with --nan' expect_line 0 '' "$run" filter "$work/inf.nii" log --nan 0 -o "$work/m.nii"
check 'a preset of IBSI-2' expect_line 0 '' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" -c ibsi2-3b
check 'filter: NaN' expect_line 3 'nan.nii: voxel (0, 0, 0) is nan' "$run" filter "$work/nan.nii" log -o "$work/m.nii"
check 'a frame of what has none' expect 0 'the setting frame is left aside' "$run" extract "$work/image.nii.gz" "$work/mask.nii.gz" --frame 2 -r 2 -o "$work/d.csv"
# DICOM
/usr/bin/python3 tests/support/dicom.py "$work/dicom"
check 'DICOM and RTSTRUCT' expect_line 0 '' "$run" extract "$work/dicom/explicit" "$work/dicom/structures" --roi GTV-1 -r hole+Islands -o "$work/d.csv"
check 'ROIs in the order of the words' sh -c "[ \"\$(cut -d, -f2 '$work/d.csv' | tr '\n' ' ')\" = 'roi GTV-1 hole+Islands ' ]"
check 'ROIs that cannot be drawn' expect_line 20 '5 of 18 ROIs failed' "$run" extract "$work/dicom/explicit" "$work/dicom/structures" -o "$work/d.csv"
check 'the others have rows' test "$(wc -l <"$work/d.csv")" -eq 14
check 'each with its reason' test "$(grep -c 'explicit: ROI ' "$work/err")" -eq 5
check 'no such ROI' expect_line 3 'no ROI matches GTV-9; ROIs in the mask: 10 GTV-1' "$run" extract "$work/dicom/explicit" "$work/dicom/structures" -r GTV-9
check 'another frame of reference' expect_line 4 '--ignore-frame-of-reference' "$run" extract "$work/dicom/explicit" "$work/dicom/other_frame" -r GTV-1
check 'frame of reference ignored' expect_line 0 '' "$run" extract "$work/dicom/explicit" "$work/dicom/other_frame" -r GTV-1 --ignore-frame-of-reference
check 'several series' expect_line 3 '2 series; choose one with --series, by UID, modality, description or number: ' "$run" extract "$work/dicom/two_series" "$work/dicom/seg"
check 'a series chosen' expect_line 0 '' "$run" extract "$work/dicom/two_series" "$work/dicom/seg" --series 1.2.826.0.1.3680043.8.498.77
mkdir "$work/dicom/study" && cp -r "$work/dicom/explicit" "$work/dicom/structures" "$work/dicom/study"
check 'one folder with images and contours' expect_line 0 '' "$run" extract "$work/dicom/study" "$work/dicom/study" -r GTV-1
cp -r "$work/dicom/seg" "$work/dicom/study"
check 'one folder with two masks' expect_line 0 'it has no ROI of --roi' "$run" extract "$work/dicom/study" "$work/dicom/study" -r GTV-1
rm -r "$work/dicom/study"
check 'SEG' expect_line 0 '' "$run" extract "$work/dicom/explicit" "$work/dicom/seg_part/seg.dcm" -r Tumour
check 'SUV in the provenance' expect_line 0 'suv_factor: ' "$run" extract "$work/dicom/pet" "$work/dicom/seg" -r 1 --suv bsa -v -o "$work/d.json"
check 'provenance in JSON' python3 -c "
import json
d = json.load(open('$work/d.json'))['image']
assert d['suv'] == 'bsa' and d['Units'] == 'BQML' and float(d['decay_seconds']) == 3600, d
mass = 71.84 * 80 ** 0.425 * 175 ** 0.725
assert abs(float(d['suv_factor']) - mass / (4e8 * 2 ** (-3600 / 6586.2))) < 1e-12, d"
check 'no such form of SUV' expect_line 4 'lbmjanma' "$run" extract "$work/dicom/pet" "$work/dicom/seg" --suv lean
check 'weight 0' expect_line 3 'PatientWeight (0010,1030) is 0' "$run" extract "$work/dicom/pet_no_weight" "$work/dicom/seg"
check 'weight 0, no SUV' expect_line 0 '' "$run" extract "$work/dicom/pet_no_weight" "$work/dicom/seg" -r 1 --suv none
check 'filter of DICOM' expect_line 0 '' "$run" filter "$work/dicom/slopes" mean size=3 -o "$work/dm.nii"
check 'info of DICOM' sh -c "'$run' info '$work/dicom/structures' | grep -q '10 .*GTV-1 .*3'"
check 'info for programs' sh -c "'$run' info '$work/dicom/two_series' --json | python3 -c \"
import json, sys
d = json.load(sys.stdin)
assert [s['modality'] for s in d['series']] == ['CT', 'MR'] and d['series'][0]['size'] == [24, 20, 6]\""
check 'info says what is wrong' sh -c "'$run' info '$work/dicom/tilt' | grep -q 'problem.*gantry tilt'"
anonymous() { # no identifier on any stream or in any output of all that ran above, and of info
    for folder in "$work"/dicom/*; do "$run" info "$folder"; "$run" info "$folder" --json; done >"$work/info" 2>&1
    ! grep -qE 'Doe|SECRET|19600229' "$work/info" "$work/d.csv" "$work/d.json" "$work/out" "$work/err"
}
check 'no identifiers' anonymous
check 'identifiers where asked for' sh -c "'$run' info '$work/dicom/explicit' --identifiers | grep -q 'Doe^Jane'"

check 'the digital phantom' expect_line 0 '' "$run" validate --only digital_phantom
check 'the catalogue is up to date' sh -c "'$run' features --markdown | cmp - docs/features.md"
check 'manual page' sh -c '! mandoc -T lint -W warning docs/radiomill.1 | grep .'

check 'install' make --no-print-directory install PREFIX="$work/prefix" BUILD="$build"
sed -n '/^#include <radiomill/,/^}/p' docs/radiomill.1 | sed 's/\\en/\\n/g' >"$work/program.c"
flags=$(PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" pkg-config --cflags --libs radiomill)
for compiler in 'cc -std=c17' 'c++ -x c++'; do
    # shellcheck disable=SC2086 # lists of words
    check "the manual's program: $compiler" $compiler $sanitize -Wall -Wextra -Werror "$work/program.c" -o "$work/program" -x none $flags
    check 'runs' sh -c "LD_LIBRARY_PATH='$work/prefix/lib' '$work/program' '$work/image.nii.gz' '$work/mask.nii.gz' | grep -q '^2 '"
done
check 'uninstall' make --no-print-directory uninstall PREFIX="$work/prefix" BUILD="$build"
check 'nothing of it stays' sh -c "! find '$work/prefix' -type f -o -type l | grep ."
report command
