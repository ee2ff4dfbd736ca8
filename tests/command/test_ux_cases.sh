#!/bin/sh
# Cases of what people meet that no other suite runs by name: the command of each README, its right outcome.
set -u
build=$(pwd)/${BUILD:-build}
run=$build/radiomill
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}" 2>/dev/null && pwd)
. tests/support/checks.sh
[ -d "$cases/ux" ] || { echo 'skipped: no cases' && report ux_cases && exit; }
cd "$work" || exit 1
lines() { # how many standard error has, and what the last holds
    [ "$(wc -l <err)" -eq "$1" ] && tail -n 1 err | grep -qF -- "$2" || { cat err && return 1; }
}

case=$cases/ux/validate_folder_that_is_not_there
check "$case" expect 3 'no_such_folder: cannot be read' "$run" validate --data no_such_folder
check 'on one line' lines 1 'no_such_folder'
mkdir empty
check 'nobody named a folder: skipped is one line' sh -c "RADIOMILL_DATA='$work/empty' '$run' validate >told 2>&1; [ \$(grep -c skipped told) -le 1 ] || { cat told; exit 1; }"
check 'and says how to get the data' grep -q 'make data' told

case=$cases/ux/progress_80_columns
if command -v python3 >/dev/null; then
    cp -r "$case" bar
    for columns in 60 80; do
        check "$case in $columns" sh -c "cd bar && python3 widest.py $columns '$run' batch cases.csv -o run$columns"
    done
fi

case=$cases/ux/help_of_a_command
check "$case" sh -c "'$run' help extract | grep -q '^usage: radiomill extract IMAGE MASK'"
check 'a slip' expect 2 'unknown command extrac; the nearest is extract' "$run" extrac
check 'on one line' lines 1 'extrac'
check 'the version' sh -c "[ \"\$('$run' version)\" = \"\$('$run' -V)\" ]"
check 'keys of filters' sh -c "'$run' filter --help | grep -q 'sigma'"
check 'values attached' expect 3 'a.nii.gz: cannot be read' "$run" extract a.nii.gz b.nii.gz -oout.csv -t2

# cpu_quota_of_a_container is tests/unit/test_quota.c, on trees of control groups of both versions.
report ux_cases
