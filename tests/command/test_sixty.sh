#!/bin/sh
# Screens of all commands on terminals of 60, 80 and 100 columns, and that files and pipes are not broken into lines.
set -u
run=$(realpath "${BUILD:-build}/radiomill")
support=$(pwd)/tests/support
data=${RADIOMILL_DATA:-../shared/data}
. tests/support/checks.sh
python3 "$support/batch.py" "$work/c" 4
[ ! -e "$data/dicom" ] || ln -s "$(realpath "$data")/dicom" "$work/dicom"
check 'every screen' python3 "$support/sixty.py" "$run" "$work"
cd "$work" || exit 1
check 'a pipe has one line for each feature' sh -c "'$run' features | grep -c . >n && [ \"\$(cat n)\" -gt 150 ] && [ \"\$('$run' features | awk '{ print \$1 }' | grep -c _)\" -eq \"\$(cat n)\" ]"
check 'a long line stays whole in a pipe' sh -c "env -u RADIOMILL_DATA '$run' validate | grep -q 'no reference data.*says where they are\$'"
report sixty
