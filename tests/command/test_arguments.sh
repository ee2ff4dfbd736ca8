#!/bin/sh
# What a command line may say, of every command: what is wrong is refused in one line that names it, with the right exit
# code, and nothing is written. Scripts for Slurm do what they say, without a Slurm.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
support=$(pwd)/tests/support
. tests/support/checks.sh
cp tests/fuzz/nifti/type4 "$work/ct.nii"
cp tests/fuzz/nifti/type2 "$work/ct_mask.nii"
cp tests/fuzz/ledger/one "$work/ledger"
cp tests/fuzz/study/statistics.yaml "$work/study.yaml"
cp tests/fuzz/study/everything.yaml "$work/everything.yaml"
cd "$work" || exit 1
printf 'case,image,mask\na,ct.nii,ct_mask.nii\nb,ct.nii,ct_mask.nii\nc,none.nii,ct_mask.nii\n' >cases.csv
printf 'case,image,mask\na,ct.nii,ct_mask.nii\n' >one.csv
mkdir empty
ln -s one.csv again.csv

# Exit code, words, then the command line.
while IFS='|' read -r code words line; do
    # shellcheck disable=SC2086 # the line is words
    check "$line" expect_line "$code" "$words" "$run" $line
done <<'ROWS'
2|needs a value: FILE|extract ct.nii ct_mask.nii -o
2|needs a value: FILE|extract ct.nii ct_mask.nii --output=
2|--output is given twice|extract ct.nii ct_mask.nii -o a -o b
2|takes no value|extract ct.nii ct_mask.nii --verify=yes
2|unknown option --colour|extract ct.nii ct_mask.nii --colour red
2|unknown option -x|extract ct.nii ct_mask.nii -x
2|too few arguments|extract ct.nii
2|too many arguments at three|extract ct.nii ct_mask.nii three
2|--threads: 0 is not a whole number from 1|extract ct.nii ct_mask.nii --threads 0
2|--threads: two is not|extract ct.nii ct_mask.nii --threads two
2|--threads: 1.5 is not|extract ct.nii ct_mask.nii --threads 1.5
2|--threads: 99999999999999999999 is not|extract ct.nii ct_mask.nii -t 99999999999999999999
2|--output: ct.nii is a file that the command reads; write another one|filter ct.nii mean -o ct.nii
2|--output: ./one.csv is a file that the command reads|harmonise one.csv -s study.yaml -m x.json --site A -o ./one.csv
2|--output: again.csv is a file that the command reads|summarise one.csv -s study.yaml -k again.csv -o again.csv
2|--out: one.csv is a file that the command reads|pyradiomics one.csv -o one.csv
2|--log-file: one.csv is a file that the command reads|pyradiomics one.csv --log-file one.csv
3|none.nii|extract none.nii ct_mask.nii
3|none.nii|extract ct.nii none.nii
3|none.yaml|extract ct.nii ct_mask.nii -c none.yaml
2|--output RUN is needed|batch cases.csv
2|--memory: much is not a size|batch cases.csv -o run --memory much
2|--memory: 12X is not a size|batch cases.csv -o run --memory 12X
2|--memory: 12 is not a size|batch cases.csv -o run --memory 12
2|--memory: 1Gb is not a size|batch cases.csv -o run --memory 1Gb
2|--timeout: -1 is not a number of seconds|batch cases.csv -o run --timeout -1
2|--timeout: soon is not a number of seconds|batch cases.csv -o run --timeout soon
2|--max-failures: -1 is not|batch cases.csv -o run --max-failures -1
2|--shard: 3/2 is not I/N|batch cases.csv -o run --shard 3/2
2|--shard: 0/2 is not I/N|batch cases.csv -o run --shard 0/2
2|--shard: 1 is not I/N|batch cases.csv -o run --shard 1
2|--shard: 1/2x is not I/N|batch cases.csv -o run --shard 1/2x
3|none.csv|batch none.csv -o run
3|study.yaml:4: a row of 2 fields|batch study.yaml -o run
2|--output RUN and --tasks N are needed|slurm cases.csv -o run
2|--output RUN and --tasks N are needed|slurm cases.csv -n 3
2|--tasks: 0 is not|slurm cases.csv -o run -n 0
3|none.csv|slurm none.csv -o run -n 2
5|cannot be created|slurm cases.csv -o none/run -n 2
2|phantom is not a data set|validate --only phantom
2|--threads: none is not|validate --threads none
126|no image has a mask|manifest empty
3|none|manifest none
3|none|info none
3|is no image or mask of a format that is known|info cases.csv
2|filter: sigma is not KEY=VALUE|filter ct.nii log sigma -o map.nii
2|--output FILE.nii.gz is needed|filter ct.nii log sigma=2
2|--nan: nothing is not a number|filter ct.nii log -o map.nii --nan nothing
4|`lag` is not a filter|filter ct.nii lag -o map.nii
4|log has no option `size`|filter ct.nii log size=3 -o map.nii
4|sigma|filter ct.nii log sigma=0 -o map.nii
3|none.nii|filter none.nii log -o map.nii
4|suv|filter ct.nii log -o map.nii --suv fat
2|too many arguments at words|keygen two words
2|a name of letters|keygen .hidden
3|none.key|summarise cases.csv --study none.yaml --key none.key
2||summarise cases.csv
2||pool
3|none|pool study.yaml none.radsum --trusted none -o pool
2||harmonise
2|too few arguments|study none.yaml
3|none.yaml|study check none.yaml
3||collect none
ROWS
check 'nothing was written' sh -c '! ls -d run none pool map.nii a b two.key 2>/dev/null'
check 'a name of two words' expect_line 2 'a name of letters' "$run" keygen 'two words'
check 'no such command' expect 2 'unknown command extracts' "$run" extracts ct.nii ct_mask.nii

# Help of every command holds each of its options, and the table of commands each command.
helped() {
    "$run" --help >"$work/help" || return 1
    for command in extract batch collect manifest slurm info filter features validate keygen study summarise pool harmonise; do
        grep -Eq "^ *radiomill $command( |$)" "$work/help" || { echo "$command is not in the list" && return 1; }
        "$run" "$command" --help >"$work/of" 2>&1 || { echo "$command --help fails" && return 1; }
        grep -q "^usage: radiomill $command" "$work/of" || { echo "$command: no usage" && return 1; }
    done
}
check 'help' helped

check 'a study in words' expect 0 '' "$run" study check everything.yaml
check 'its outcomes' grep -q 'relapse: time months, event event, by 6 to 24 months, 3 times; by sex' out
check 'its model' grep -q 'model  *age sex' out
check 'dry run' expect 20 '' "$run" batch cases.csv --dry-run
check 'what it says' grep -q '3 cases checked, 1 with problems' out
check 'progress as lines' sh -c "\"$run\" batch cases.csv -o lines --json-log 2>log; [ \$? -eq 20 ] && python3 -c '
import json
rows = [json.loads(line) for line in open(\"log\") if line.startswith(\"{\")]
assert len(rows) == 3, rows'"
terminal() {
    PYTHONPATH="$support" python3 -c "
import sys, terminal
code, text = terminal.run(80, ['$run', 'batch', 'cases.csv', '-o', 'seen'])
open('typed', 'wb').write(text)
sys.exit(code != 20)"
    grep -aq '\[########################\] 3 of 3 cases, 1 failed' typed || { cat -v typed && return 1; }
    grep -aq 'radiomill: c: failed, 0 ROIs.*none.nii' typed
}
check 'progress on a terminal' terminal
check 'validate without data' expect 0 '' env RADIOMILL_DATA="$work/empty" "$run" validate
check 'it says what it skips' sh -c 'grep -q "skipped: 56 .*no reference data" out && grep -q "of .* standardised values" out'
check 'validate one data set' expect 0 '' "$run" validate --only digital_phantom --all
check 'the first failure stops a run' expect 20 'missing' "$run" batch cases.csv -o first --fail-fast -t 1 -q
check 'no more than that many' expect 20 '' "$run" batch cases.csv -o most --max-failures 5 -q
check 'tables on demand' sh -c "\"$run\" batch one.csv -o both --long --json-lines -q && ls both/features_long.csv both/features.jsonl"
check 'manifest of a folder' expect 0 '' "$run" manifest . --image 'ct.nii' --mask '*_mask.nii'
check 'its row' grep -q '^ct,.*ct.nii,.*ct_mask.nii,' out
check 'manifest into a file' expect 0 'radiomill: 1 case' "$run" manifest . --image ct.nii --mask '*_mask.nii' -o found.csv
check 'its paths are relative' grep -q '^ct,ct.nii,ct_mask.nii,' found.csv

# Scripts for Slurm, with another program in the place of sbatch.
mkdir bin "it's here"
printf '#!/bin/sh\nfor word; do echo "$word"; done >>"%s/asked"\necho "77;cluster"\n' "$work" >bin/sbatch
chmod +x bin/sbatch
check 'slurm without its program' expect 5 'sbatch refused' env PATH="$work/empty" "$run" slurm one.csv -o no -n 2
check 'slurm' expect 0 '' env PATH="$work/bin:$PATH" "$run" slurm cases.csv -o "it's here" -n 2 -c ibsi-a --resample-mask -- --mem=1G "--comment=it's"
check 'what it says' grep -q 'array job 77: 2 tasks; job 77 collects them in' out
check 'what sbatch is asked' sh -c 'grep -qx -- "--mem=1G" asked && grep -qx -- "--comment=it'"'"'s" asked && grep -qx -- "--dependency=afterany:77" asked'
check 'scripts only' expect 0 '' "$run" slurm cases.csv -o "it's here" -n 2 -c ibsi-a --no-submit
shards() {
    for task in 1 2; do
        SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=2 "it's here/array.sh" 2>/dev/null
        [ $? -le 20 ] || return 1
    done
    "it's here/collect.sh" 2>/dev/null
    "$run" batch cases.csv -o whole -c ibsi-a -q 2>/dev/null
    cmp "it's here/features.csv" whole/features.csv
}
check 'the scripts compute what batch does' shards
for command in '' batch collect extract features filter harmonise info keygen manifest pool slurm study summarise validate; do
    # shellcheck disable=SC2086 # no command is no word
    check "help fits a terminal: $command" sh -c "'$run' $command --help | awk 'length > 80 { print; bad = 1 } END { exit bad || NR < 3 }'"
done
report arguments
