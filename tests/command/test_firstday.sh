#!/bin/sh
# What a stranger meets: help, slips of the finger, terminals of any width, files in the wrong place, results that are odd.
set -u
build=$(pwd)/${BUILD:-build}
run=$build/radiomill
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)
tests=$(pwd)/tests
study=$(cd "${RADIOMILL_DATA:-../shared/data}/sts/STS_003_dicom" 2>/dev/null && pwd)
. tests/support/checks.sh
[ -n "$cases" ] || echo 'skipped: no cases'
cd "$work" || exit 1
holds() { # text, file
    grep -qF -- "$1" "$2" || { echo "no \"$1\" in:" && head -n 20 "$2" && return 1; }
}
told() { # exit code, text of standard output, then the command
    code=$1 text=$2
    shift 2
    "$@" >told 2>err
    got=$?
    [ $got -eq "$code" ] || { echo "exit code $got, expected $code" && cat err && return 1; }
    holds "$text" told
}
value() { # table, column: the value of the first row
    python3 -c "import csv, sys; print(next(csv.DictReader(open(sys.argv[1])))[sys.argv[2]])" "$@"
}

# Help, and words that are nearly right.
check 'help of a command' told 0 'usage: radiomill extract IMAGE MASK [OPTIONS]' "$run" help extract
check 'with examples' holds 'radiomill extract ct.nii.gz mask.nii.gz -o features.csv' told
check 'the same as --help' sh -c "'$run' help extract >a && '$run' extract --help >b && cmp a b"
check 'help of a word that is no command' expect_line 2 'unknown command extrac; the nearest is extract' "$run" help extrac
check 'a command with a slip' expect_line 2 'unknown command extrac; the nearest is extract; `radiomill help` lists all' "$run" extrac a b
check 'commands of the Python package are named so' expect_line 2 'nvflare is a command of the Python package' "$run" nvflare kit
check 'and one that is near to nothing' expect_line 2 'unknown command frobnicate; `radiomill help`' "$run" frobnicate
for word in version -V --version; do
    check "$word" told 0 'radiomill 0.' "$run" $word
done
every_key() {
    "$run" help filter >help || return 1
    for word in mean gaussian log laws gabor wavelet simoncelli gradient square squareroot logarithm exponential lbp; do
        grep -Eq "^  $word( \(.*\))?: " help || { echo "no $word" && return 1; }
    done
    for key in sigma cutoff zero_sum riesz steered kernels delta lambda gamma theta wavelet subband level rotations pooling scale radius samples; do
        grep -q "^    $key " help || { echo "no $key" && return 1; }
    done
    holds 'width, mm; 0.001..1000; default 1.5' help && awk 'length > 80 { print; bad = 1 } END { exit bad }' help
}
check 'all keys of each filter, with what they take' every_key
check 'an option with a slip' expect_line 2 'unknown option --outptu; the nearest is --output; see `radiomill help extract`' "$run" extract a b --outptu c
check 'the beginning of two options' expect_line 2 '--se is the beginning of --settings, --series' "$run" extract a b --se c
cp "$tests/fuzz/nifti/type4" ct.nii && cp "$tests/fuzz/nifti/type2" ct_mask.nii
check 'values that are attached' expect 0 '' "$run" extract ct.nii ct_mask.nii -oout.csv -t2
check 'are values' sh -c "'$run' extract ct.nii ct_mask.nii --out long.csv --thr=2 && cmp out.csv long.csv"
check 'a flag takes none' expect_line 2 'unknown option -vx' "$run" extract ct.nii ct_mask.nii -vx
check 'words after -- are no options' expect_line 3 '--help' "$run" extract -- --help ct_mask.nii
cp ct.nii ./-p.nii
check 'a file that looks like an option' expect_line 2 'unknown option -p.nii; the file of that name is ./-p.nii' "$run" extract -p.nii ct_mask.nii
check 'by its path it is one' expect 0 '' "$run" extract ./-p.nii ct_mask.nii -o dash.csv
check 'standard input' expect_line 2 '- would be standard input, which is not read: save it as a file' "$run" extract - ct_mask.nii
check 'not of tables either' expect_line 2 'standard input, which is not read' "$run" batch - -o run
cp ct.nii ./-
check 'a file called -' expect 0 '' "$run" extract ./- ct_mask.nii -o dash.csv
check 'a map under the name of another format' expect_line 2 'map.mha ends neither in .nii nor in .nii.gz' "$run" filter ct.nii gradient -o map.mha
check 'has no file' test ! -e map.mha

# Completion knows what the tables know.
complete() { # words of a command line: what bash offers for the last one
    bash -c 'eval "$("$0" completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _radiomill; IFS=,; echo "${COMPREPLY[*]}"' "$run" "$@"
}
offers() { # text that the offers are, then the words
    text=$1
    shift
    got=$(complete "$@")
    [ "$got" = "$text" ] || { echo "$got" && return 1; }
}
check 'a command' offers 'extract' radiomill ext
check 'an option' offers '--resample-mask' radiomill extract --res
check 'a preset' offers 'ibsi-a' radiomill extract a b -c ibsi-a
check 'a filter' offers 'simoncelli' radiomill filter ct simo
check 'a file' offers 'ct_mask.nii' radiomill extract ct.nii ct_m
: >'a scan.nii'
check 'whose name has a space' offers 'a scan.nii' radiomill extract ct.nii 'a s'
check 'forms of SUV' offers 'lbm,lbmjanma,lbmjames128' radiomill extract a b --suv lbm
check 'auto of one image' offers 'auto' radiomill extract a b -c au
check 'no preset where none is taken' offers '' radiomill compare-standards a b -c ibsi-a
check 'help of a command' offers 'harmonise' radiomill help harm
complete_all() {
    for shell in bash zsh fish; do
        "$run" completion $shell >script || return 1
        for command in $("$run" help | sed -n 's/^  radiomill \([a-z]*\).*/\1/p'); do
            grep -q "$command" script || { echo "$shell: no $command" && return 1; }
            for option in $("$run" help "$command" | sed -n 's/^  \(-.,\|   \) --\([a-z-]*\).*/\2/p'); do
                grep -Eq -- "(--|-l )$option" script || { echo "$shell: no --$option" && return 1; }
            done
        done
        command -v $shell >/dev/null || continue
        $shell -n script || return 1
    done
}
check 'every command and option in every shell' complete_all
check 'another shell' expect_line 2 'completion: csh is none of bash, zsh, fish' "$run" completion csh

# Progress in terminals of any width.
python3 "$tests/support/batch.py" c 6 && printf 'case,image,mask\n' >many.csv
for i in 0 1 2 3 4 5; do printf 'c%d,c/i%d.nii.gz,c/m%d.nii\n' $i $i $i >>many.csv; done
cat >width.py <<'END'
import re, sys
import terminal
columns = int(sys.argv[1])
code, text = terminal.run(columns, sys.argv[2:])
drawn = [part for part in re.findall(rb"\r\x1b\[K([^\r\n]*)", text) if b"of 6 cases" in part]
assert drawn and max(map(len, drawn)) < columns, (columns, drawn)
assert (columns < 78) != any(part.startswith(b"[") for part in drawn), drawn
sys.exit(code)
END
for columns in 20 60 78 79 80 200; do
    check "a batch in $columns columns" env PYTHONPATH="$tests/support" python3 width.py $columns "$run" batch many.csv -o "run$columns"
done

cat >dumb.py <<'END'
import os, sys
import terminal
os.environ["TERM"] = sys.argv[1]
code, text = terminal.run(80, sys.argv[2:])
assert (b"\x1b" in text) == (sys.argv[1] != "dumb"), text
assert b"6 done" in text, text
sys.exit(code)
END
for kind in dumb xterm; do
    check "a terminal that is $kind" env PYTHONPATH="$tests/support" python3 dumb.py $kind "$run" batch many.csv -o run$kind
done

# validate.
check 'a folder that is not there' expect_line 3 'no_such_folder: cannot be read: No such file' "$run" validate --data no_such_folder
check 'a folder without the data' expect_line 3 '56 of the data sets and response maps could not be checked' "$run" validate --data c
check 'no folder: one line of what is skipped' told 0 'skipped: 56 of the data sets' env -u RADIOMILL_DATA "$run" validate
check 'and few others' sh -c '[ "$(wc -l <told)" -lt 20 ]'
check 'all are asked for' expect_line 3 'could not be checked' env -u RADIOMILL_DATA "$run" validate --require all
check 'a set that is asked for by name' expect_line 3 'config_a' env -u RADIOMILL_DATA "$run" validate --only config_a
check 'a variable that is empty is none' expect_line 3 'no reference data below the folder that --data names' env RADIOMILL_DATA= "$run" validate --require all
check 'two forms on one stream' expect_line 2 '--junit: standard output is that of --json; give a file' "$run" validate --only digital_phantom --json --junit -
check 'JSON and JUnit' sh -c "'$run' validate --only digital_phantom --json --junit v.xml >v.json"
check 'say the same' python3 - <<'END'
import json, xml.etree.ElementTree as tree
found = json.load(open('v.json'))
assert found['values']['met'] == found['values']['total'] == 482 and found['skipped'] == 0, found['values']
values = found['sets'][0]['values']
assert sum(v['standardised'] and v['family'] != 'diag' for v in values) == 482
suite = tree.parse('v.xml').getroot()[0]
assert suite.get('name') == 'digital_phantom' and int(suite.get('tests')) == len(values) == len(suite), suite.attrib
assert suite.get('failures') == '0' and int(suite.get('skipped')) == sum(not v['standardised'] for v in values)
END
if [ -x "$build/tests/misses" ]; then
    check 'a program that misses' expect 1 '' "$build/tests/misses" validate --only digital_phantom --junit m.xml
    check 'says so in JUnit' grep -q '<failure message=' m.xml
fi

# Image and mask that do not belong together.
python3 - "$tests/support" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from nifti import nifti
import random
def write(path, kind, size, values, origin=(0, 0, 0), spacing=(1, 1, 1)):
    nifti(path, *{'int16': (4, 16, 'h'), 'uint8': (2, 8, 'B')}[kind], size, values, spacing, origin)
random.seed(3)
size = (24, 24, 12)
count = size[0] * size[1] * size[2]
at = lambda i: (i % 24, i // 24 % 24, i // 576)
image = [random.randint(-1000, 1300) or 1 for _ in range(count)]
ball = [1 if sum((a - b) ** 2 for a, b in zip(at(i), (11, 11, 5))) < 18 else 0 for i in range(count)]
write('image.nii', 'int16', size, image)
write('ball.nii', 'uint8', size, ball)
write('apart.nii', 'uint8', size, ball, origin=(0, 0, 500))
write('slices.nii', 'uint8', size, [v if at(i)[2] != 5 else 0 for i, v in enumerate(ball)])
write('border.nii', 'uint8', size, [1 if at(i)[0] < 4 and 4 < at(i)[1] < 9 and 3 < at(i)[2] < 6 else 0 for i in range(count)])
write('flat.nii', 'uint8', size, [1 if at(i)[2] == 5 and b else 0 for i, b in enumerate(ball)])
write('one.nii', 'uint8', size, [int(at(i) == (11, 11, 5)) for i in range(count)])
write('minus.nii', 'int16', size, [-3 * v for v in ball])
write('atlas.nii', 'int16', size, [i % 256 + 1 if i < 2560 else 0 for i in range(count)])
write('atlas257.nii', 'int16', size, [i % 257 + 1 for i in range(count)])
write('cells.nii', 'int16', size, [1 + at(i)[0] // 4 + 8 * (at(i)[1] // 2) + 128 * at(i)[2] for i in range(count)])
write('thick.nii', 'int16', size, image, spacing=(1, 1, 1.6))
write('thick_ball.nii', 'uint8', size, ball, spacing=(1, 1, 1.6))
write('slice.nii', 'int16', (24, 24, 1), image[:576], spacing=(1, 1, 5))
write('slice_ball.nii', 'uint8', (24, 24, 1), ball[5 * 576:6 * 576], spacing=(1, 1, 5))
END
printf 'families: [stat]\n' >stat.yaml
check 'image and mask swapped' expect_line 4 'labels from -1000 on; are image and mask in the wrong order?' "$run" extract ball.nii image.nii -o s.csv
check 'no file' test ! -e s.csv
check 'a label of it, chosen' expect 0 'warning: image.nii: the mask has' "$run" extract ball.nii image.nii --roi 10 -c stat.yaml
check '257 labels that fill the grid' expect_line 4 'are image and mask in the wrong order' "$run" extract image.nii atlas257.nii -c stat.yaml
check '864 labels that lie together' expect 0 '' "$run" extract image.nii cells.nii -c stat.yaml
check 'have a row each' sh -c "[ $(wc -l <"$work/out") -eq 865 ]"
check '256 labels' expect 0 '' "$run" extract image.nii atlas.nii -c stat.yaml
check 'negative labels' expect 0 'warning: minus.nii: the mask has 1 label from -3 on; labels of ROIs are seldom negative' "$run" extract image.nii minus.nii -c stat.yaml
check 'one file for both' expect 0 'image and mask are one file' "$run" extract ball.nii ball.nii -c stat.yaml
check 'all intensities alike' holds 'ROI 1: intensities: all of them are 1; is the image a mask?' "$work/err"
check 'a mask beside the image' expect_line 4 'no voxel of the mask lies in the image: the image lies at z 0 to 11 mm, the mask at z 501 to 509 mm, 490 mm apart' \
    "$run" extract image.nii apart.nii --resample-mask
check 'slices left out' expect 0 'ROI 1: slices: 1 slice between its first and its last has no voxel of it (slice 6 of the mask' "$run" extract image.nii slices.nii -c stat.yaml
check 'the border' expect 0 'ROI 1: border: it touches the border of the image along x' "$run" extract image.nii border.nii -c stat.yaml
check 'one slice' expect 0 'ROI 1: size: it lies in one slice across z' "$run" extract image.nii flat.nii -c stat.yaml
check 'one voxel' expect 0 'ROI 1: size: it is one voxel on the grid of 1 mm' "$run" extract image.nii one.nii -c stat.yaml
check 'a ball has nothing odd' sh -c "'$run' extract image.nii ball.nii -c stat.yaml 2>err && ! grep . err"
check 'uneven voxels' expect 0 'voxels of 1 x 1 x 1.6 mm are not resampled' "$run" extract thick.nii thick_ball.nii
printf 'interpolation: {spacing: 1}\n' >even.yaml
check 'and even ones' sh -c "'$run' extract thick.nii thick_ball.nii -c even.yaml 2>err && ! grep uneven err && ! grep 'not resampled' err"
printf 'interpolation: {spacing: [1, 1, 1.5]}\n' >half.yaml
printf 'interpolation: {spacing: [1, 1, 2]}\n' >asked.yaml
check 'as they were asked for' expect 0 'voxels are resampled to 1 x 1 x 2 mm: 3D textures take their sides for equal; give interpolation.spacing with equal sides' \
    "$run" extract thick.nii thick_ball.nii -c asked.yaml
check 'an image of one slice has no uneven neighbours' sh -c "'$run' extract slice.nii slice_ball.nii -c even.yaml 2>err && ! grep 'their sides' err"
check 'of 1.5 they may be' sh -c "'$run' extract thick.nii thick_ball.nii -c half.yaml 2>err && ! grep 'not resampled' err"
# Settings that set nothing, kernels that are wider than the image.
for text in '' '# fbn64' '---' '{}'; do
    printf '%s\n' "$text" >nothing.yaml
    check "settings of \"$text\"" expect 0 'without settings: voxels as they are' "$run" extract image.nii ball.nii -c nothing.yaml -o n.csv
done
check 'one key is one' sh -c "'$run' extract image.nii ball.nii -c stat.yaml 2>&1 >/dev/null | grep -c 'without settings' | grep -qx 0"
check 'a kernel wider than the image' expect 0 'gaussian: its kernel reaches 40 voxels to either side along z, and the image has 12: what lies beyond is made up' \
    "$run" filter image.nii gaussian sigma=10 -o wide.nii
printf 'images: [log: {sigma: 10}]\nfamilies: [stat]\nfilter_families: [stat]\n' >wide.yaml
check 'as an image of settings' expect 0 'log10mm: its kernel reaches 40 voxels' "$run" extract image.nii ball.nii -c wide.yaml -o w.csv
check 'slice by slice it is wider than these' expect 0 'along x, and the image has 24' "$run" filter image.nii gaussian sigma=10 dimension=2 -o wide.nii
check 'one that fits' sh -c "'$run' filter image.nii gaussian sigma=3 -o fits.nii 2>err && ! grep . err"

printf 'case,image,mask\na,image.nii,slices.nii\n' >odd.csv
printf 'case,image,mask\na,lost.nii,slices.nii\n' >lost.csv
check 'a batch' expect 0 'odd: 1 case with warnings, such as a: ' "$run" batch odd.csv -o odd -t 1
check 'one is one' holds 'odd: 1 case: 1 done' err
check 'and one ROI' holds 'a: done, 1 ROI, ' err
check 'quietly' sh -c "'$run' batch odd.csv -o quiet -q 2>err && ! grep . err"
check 'has it in cases.csv' grep -q 'slices: 1 slice between' odd/cases.csv

check 'one case to look at' told 0 '1 case checked, 0 with problems' "$run" batch odd.csv -o odd -n
check 'one that fails' expect 3 '0 of 1 case done' "$run" batch lost.csv -o lost
printf 'image,mask\nimage.nii,ball.nii\nimage.nii,one.nii\n' >readers.csv
check 'two masks of one image, without names' expect_line 4 'rows 1 and 2 are both case image.nii; give each case a name of its own in a column case' \
    "$run" batch readers.csv -o readers
printf 'image,mask,roi\nimage.nii,ball.nii,1\nimage.nii,atlas.nii,2\n' >rois.csv
check 'that ROIs tell apart' expect 0 '' "$run" batch rois.csv -o rois -q

# Numbers by any name, and tables in any form.
named() { # words of a name, then the feature that it is
    told 0 "$2 " "$run" features "$1" && [ "$(grep -c '^[a-z]' told)" -eq 1 ] || { cat told && return 1; }
}
check 'SUVmax' named SUVmax stat_max
check 'in any case' named 'suv MAX' stat_max
check 'TLG' named TLG morph_integ_int
check 'MTV' named mtv morph_vol_approx
check 'HU mean' named 'HU mean' stat_mean
check 'a name of PyRadiomics' named glcm_Idm cm_inv_diff_mom
check 'of LIFEx' named GLZLM_SZE szm_sze
check 'a code of IBSI' named Q4LE stat_mean
check 'part of a name' told 0 'ngt_busyness' "$run" features busy
broken() { # text of settings, line and column, words
    printf '%b' "$1" >broken.yaml && expect_line 4 "broken.yaml:$2: $3" "$run" extract a b -c broken.yaml
}
check 'a tab in settings' broken 'families:\n\t- morph\n' 2:1 'a tab, '
check 'a text with a colon' broken 'ivh: a: b\n' 1:7 'a `:` too many'
check 'lines that do not stand below each other' broken 'interpolation:\n  spacing: 1\n method: linear\n' 3:2 'the indentation'
check 'a list beside its key' broken 'families: - morph\n' 1:11 'a `-` that no list is at'
check 'an open list' broken 'families: [morph\nivh: none\n' 2:4 'a `]` is missing'
check 'an open quote' broken 'ivh: "none\n' 2:1 'a quote is missing'
check 'a slip' expect_line 126 'no feature is called SUVmx; the nearest is SUVmax' "$run" features SUVmx
check 'a name of nothing' expect_line 126 'no feature is called qqqqqqqqqq' "$run" features qqqqqqqqqq
check 'a core set of 30' sh -c "[ \"\$('$run' features --core | wc -l)\" -eq 30 ]"
"$run" extract image.nii ball.nii -o plain.csv 2>err
for form in out.tsv out.csv.gz out.tsv.gz; do
    check "$form" expect 0 '' "$run" extract image.nii ball.nii -o $form
done
"$run" extract image.nii ball.nii -o all.json.gz 2>err
check 'semicolons' sh -c "'$run' extract image.nii ball.nii --separator semicolon -o semicolon.csv 2>err"
check 'short names' sh -c "'$run' extract image.nii ball.nii --names short --about -o short.csv 2>err"
check 'the same values in all' python3 - <<'END'
import csv, gzip, json
def read(name, apart=','):
    text = gzip.open(name, 'rt', newline='') if name.endswith('.gz') else open(name, newline='')
    return list(csv.reader(text, delimiter=apart))
plain = read('plain.csv')
assert len(plain) == 2 and len(plain[0]) > 150
for name, apart in ('out.tsv', '\t'), ('out.csv.gz', ','), ('out.tsv.gz', '\t'), ('semicolon.csv', ';'):
    assert read(name, apart) == plain, name
short = read('short.csv')
assert short[0][2:6] == ['mask', 'voxels', 'spacing', 'levels'], short[0][:8]
assert short[1][2:6] == ['ball.nii', str(int(float(plain[1][plain[0].index('original_morph_vol_approx')]))), '1 x 1 x 1', '32'], short[1][:8]
assert short[1][6:] == plain[1][2:] and max(map(len, short[0])) <= 32 and len(set(short[0])) == len(short[0])
assert len(json.load(gzip.open('all.json.gz'))['rows']) == 1
END
printf 'families: []\nfilter_families: [szm]\ntexture: {dimensions: [2D, 2.5D, 3D]}\nimages:\n  - log: {sigma: [1, 1.25]}\n  - gabor: {sigma: [3, 3.5], rotations: yes}\n' >names.yaml
check 'short names of maps' sh -c "'$run' extract image.nii ball.nii -c names.yaml --names short -o names.csv 2>err"
check 'are short and differ' python3 -c "
import csv
names = next(csv.reader(open('names.csv')))
assert len(names) > 150 and max(map(len, names)) <= 32 and len(set(names)) == len(names), names"
check 'no such separator' expect_line 2 '--separator: dot is none of comma, semicolon, tab' "$run" extract image.nii ball.nii --separator dot
check 'no such names' expect_line 2 '--names: tiny is neither long nor short' "$run" extract image.nii ball.nii --names tiny
people() { # columns: what extract prints on a terminal
    PYTHONPATH="$tests/support" python3 - "$run" "$1" <<'END'
import sys
import terminal
_, text = terminal.run(int(sys.argv[2]), [sys.argv[1], 'extract', 'image.nii', 'atlas.nii', '-r', '1', '-r', '2', '-r', '3'])
lines = [l for l in text.decode().replace('\r', '').split('\n') if not l.startswith('radiomill: ')]
assert max(map(len, lines)) <= max(80, int(sys.argv[2])), lines
rows = [l for l in lines if l.startswith('Maximum  ')]
assert sum(len(r.split()) - 2 for r in rows) == 3 and sum(l.startswith('Contrast (cm)') for l in lines) == len(rows), lines
assert any(l.startswith('The core set') for l in lines) and len(rows) == (1 if int(sys.argv[2]) >= 100 else 2), lines
END
}
check 'on a terminal: the core set' people 100
check 'and in a narrow one' people 80

# A picture of the ROIs.
check 'a picture' expect 0 '' "$run" extract image.nii ball.nii -c stat.yaml -o seen.csv --picture seen.png
check 'is a PNG of 960 x 640' python3 -c "
import struct
b = open('seen.png', 'rb').read()
assert b[:8] == b'\\x89PNG\\r\\n\\x1a\\n' and struct.unpack('>II', b[16:24]) == (960, 640), b[:24]
assert b'tEXt' not in b and b'iTXt' not in b"
check 'and changes no value' sh -c "'$run' extract image.nii ball.nii -c stat.yaml -o unseen.csv && cmp seen.csv unseen.csv"
check 'of another name' expect_line 2 '--picture: seen.jpg does not end in .png' "$run" extract image.nii ball.nii --picture seen.jpg
cp seen.png own.png
check 'over the image' expect_line 2 '--picture: ./own.png is a file that the command reads; write another one' "$run" extract own.png ball.nii --picture ./own.png
check 'which stays' cmp seen.png own.png
check 'where nothing can be written' expect_line 5 'none/seen.png: cannot be written' "$run" extract image.nii ball.nii -c stat.yaml -o x.csv --picture none/seen.png

# A series by what people call it.
if [ -n "$study" ]; then
    check 'info numbers series' told 0 'number  modality' "$run" info "$study"
    for word in MR mr; do
        check "series $word" expect 0 '' "$run" filter "$study" mean size=3 --series $word -o $word.nii
    done
    number=$(awk '$2 == "MR" { print $1 }' told)
    check 'series by its number' expect 0 '' "$run" filter "$study" mean size=3 --series "$number" -o number.nii
    check 'is that of the modality' sh -c 'cmp MR.nii number.nii && cmp MR.nii mr.nii'
    check 'a series that there is not' expect_line 3 'has no series XA; its series: ' "$run" filter "$study" mean --series XA -o x.nii
    check 'a word that several have' expect_line 3 'series are meant by ' "$run" filter "$study" mean --series image -o x.nii
    check 'a part of a description' expect 0 '' "$run" filter "$study" mean size=3 --series t1_im -o part.nii
    check 'is one' cmp MR.nii part.nii
fi

# Re-segmentation by a part of the largest intensity, with the shape.
printf 'families: [stat]\nresegmentation: {relative: 0.4}\n' >part.yaml
python3 -c "
import sys; sys.path.insert(0, '$tests/support')
from nifti import nifti
nifti('minus_image.nii', 4, 16, 'h', (24, 24, 12), [-5 - i % 7 for i in range(24 * 24 * 12)], (1, 1, 1))"
check 'a part of what is below 0' expect_line 4 'its largest intensity is -5; resegmentation.relative is a part of the largest' "$run" extract minus_image.nii ball.nii -c part.yaml
printf 'families: [ih]\ndiscretisation: fbs25\n' >bins.yaml
check 'bins without an origin' expect 0 'fbs25 without a lower bound in resegmentation.range' "$run" extract image.nii ball.nii -c bins.yaml
printf 'resegmentation: {range: [-1000, .inf]}\n' >>bins.yaml
check 'and with one' sh -c "'$run' extract image.nii ball.nii -c bins.yaml 2>err && ! grep 'lower bound' err"
printf 'normalisation: {method: z-score}\n' >z.yaml
python3 -c "
import sys; sys.path.insert(0, '$tests/support')
from nifti import nifti
nifti('alike.nii', 4, 16, 'h', (24, 24, 12), [5] * (24 * 24 * 12), (1, 1, 1))"
check 'nothing to normalise by' expect_line 3 'alike.nii: normalisation needs intensities that differ' "$run" extract alike.nii ball.nii -c z.yaml
if [ -n "$cases" ]; then
    c=$cases/values/mr_normalisation
    for row in '0 47.946229 3610.4603 -45.372543 1076.2203 275.01955 19.913382' '3 46.349068 1563.0196 -45.372543 300 49.96043 19.485127'; do
        # shellcheck disable=SC2086 # words
        set -- $row
        printf 'normalisation: {method: z-score, scale: 100, clip: %s}\ndiscretisation: width5\nfamilies: [stat, cm]\ntexture: {aggregation: averaged}\n' "$1" >mr.yaml
        shift
        check 'z-scores' expect 0 '' "$run" extract "$c/image.nii.gz" "$c/mask.nii.gz" -c mr.yaml -o z.csv
        for column in stat_mean stat_var stat_min stat_max cm_contrast_3D_avg_width5 cm_joint_avg_3D_avg_width5; do
            check "z-scores: $column" near "$(value z.csv original_$column)" "$1" 1e-7
            shift
        done
    done
    check 'its settings' expect 0 '' "$run" extract "$c/image.nii.gz" "$c/mask.nii.gz" -c "$c/settings.yaml"
    c=$cases/values/pet_threshold_of_the_maximum
    check 'a threshold of the maximum' expect 0 '328 of 1440 voxels are left' "$run" extract "$c/image.nii.gz" "$c/mask.nii.gz" -c "$c/settings.yaml" -o p.csv
    check 'its mean' near "$(value p.csv original_stat_mean)" 7.7598608 1e-7
    check 'its mesh' near "$(value p.csv original_morph_volume)" 20405.333 1e-7
    check 'its volume' near "$(value p.csv original_morph_vol_approx)" 20992 0
    c=$cases/values/bin_size_without_a_lower_bound
    check 'bins that move' expect 0 'fbs25 without a lower bound' "$run" extract "$c/a.nii.gz" "$c/mask.nii.gz" -c "$c/settings.yaml"
    c=$cases/ux/image_and_mask_swapped
    check 'swapped' expect_line 4 '1328 labels from -1297 on' "$run" extract "$c/mask.nii.gz" "$c/ct.nii.gz" -o s.csv
    c=$cases/ux/resampled_mask_beside_image
    check 'beside' expect_line 4 'the image lies at z 0 to 15 mm, the mask at z 503 to 509 mm' "$run" extract "$c/ct.nii.gz" "$c/mask.nii.gz" --resample-mask
    c=$cases/ux/filter_output_name
    check 'the name of a map' expect_line 2 'map.mha ends neither' "$run" filter "$c/ct.nii.gz" gradient -o map.mha
fi

report firstday
