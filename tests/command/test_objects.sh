#!/bin/sh
# DICOM objects as clinics have them, each against voxels that are counted one by one: tests/support/objects_*.py.
set -u
. "$(dirname "$0")/../support/checks.sh"
for script in "$(dirname "$0")"/../support/objects_*.py; do
    name=$(basename "$script" .py)
    mkdir "$work/$name"
    /usr/bin/python3 "$script" "$work/$name" >"$work/$name.log" 2>"$work/$name.err"
    check "$name ends well" test $? -eq 0
    check "$name says nothing else" test ! -s "$work/$name.err"
    while read -r outcome what; do
        check "$what" test "$outcome" = ok
    done <"$work/$name.log"
done
report objects
