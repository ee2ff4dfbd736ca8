#!/bin/sh
# A table of cases that names settings: a run for each of them.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
support=$(pwd)/tests/support
. tests/support/checks.sh
mkdir "$work/in" && python3 "$support/two_rois.py" "$work/in"
cd "$work" || exit 1
mkdir in/study
printf 'families: [stat]\n' >in/few.yaml
printf 'families: [stat, ih]\ndiscretisation: fbn8\n' >in/study/more.yaml
cat >in/cases.csv <<'X'
case,image,mask,roi,Settings,patient,timepoint
a,i.nii,m.nii,1,few.yaml,1,first
a,i.nii,m.nii,1,study/more.yaml,1,first
b,i.nii,half.nii,1,few.yaml,2,first
c,i.nii,m.nii,2,ct,3,second
X
check 'three settings' expect 0 'settings ct into run/ct' "$run" batch in/cases.csv -o run -q
check 'are said nothing odd of' sh -c '! grep -q column err'
check 'are three runs' sh -c 'ls run | tr "\n" " " | grep -qx "ct ct.csv few few.csv more more.csv "'
check 'each with its rows' sh -c '[ "$(cut -d, -f1,2 run/few/features.csv | tr -d "\r" | tr "\n" ";")" = "case,roi;a,1;b,1;" ] || { cut -d, -f1,2 run/few/features.csv; exit 1; }'
check 'and its settings' sh -c "printf 'case,image,mask,roi\na,in/i.nii,in/m.nii,1\n' >one.csv && '$run' batch one.csv -c in/study/more.yaml -o one -q && cmp one/settings.yaml run/more/settings.yaml"
check 'and its columns' sh -c 'head -1 run/more/features.csv | grep -q _ih_ && ! head -1 run/few/features.csv | grep -q _ih_'
check 'the other columns are copied' sh -c 'head -1 run/few/features.csv | grep -q "^case,roi,Settings,patient,timepoint,"'
check 'again: nothing is computed' sh -c "'$run' batch in/cases.csv -o run 2>&1 | grep -c ' 0 computed now' | grep -qx 3"
check 'one table of patients' expect 0 '' "$run" table run/few run/more --wide --by Settings -o wide.csv
check 'says which is which' sh -c 'head -1 wide.csv | grep -q "few.yaml_original_stat_mean.*more.yaml_original_stat_mean"'
none() { # row of settings, then what is said, exit code
    sed "2s,few.yaml,$1," in/cases.csv >in/wrong.csv
    expect_line "$3" "$2" "$run" batch in/wrong.csv -o wrong -q || return 1
    [ ! -e wrong ] || { echo 'wrong is there' && return 1; }
}
check 'a row without' none '' 'row 1 has no settings; name a preset or a file in each row' 4
check 'a file that is not there' none 'gone.yaml' 'row 1: ' 3
check 'a preset that is not there' none 'xray' 'row 1: xray: ' 3
cp in/few.yaml in/more.yaml
check 'two files of one name' none 'more.yaml' 'would both be the run more; call one of them otherwise' 4
check 'auto, where nothing says the modality' none 'auto' 'row 1: --settings auto: ' 4
check 'settings twice' expect_line 2 'has a column settings; leave out --settings, or that column: features of other settings are no columns of one table' "$run" batch in/cases.csv -o x -c ct
check 'no place' expect_line 2 'batch: a column settings needs --output RUN' "$run" batch in/cases.csv
check 'the same case twice by the same settings' expect 4 'are both case a, ROI 1; give each case a name of its own' sh -c "sed 's,study/more.yaml,few.yaml,' in/cases.csv >in/twice.csv; '$run' batch in/twice.csv -o twice -q"
report settings_column
