#!/bin/sh
# Every level of optimisation, gcc and clang: all suites, the reference values, memcheck, and the bytes of a case with every
# family and every filter. FLAVOURS, COMPILERS and SCRIPTS may name fewer. A build that passed is removed.
set -eu
phantom=$RADIOMILL_DATA/ibsi1/ct_phantom/nifti
[ -d "$phantom" ] || { echo 'skipped: no reference data' && exit; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/support/crop.py "$phantom/image.nii.gz" "$phantom/mask.nii.gz" "$work" 20
try() { # compiler, its C++, flags; memcheck cannot read DWARF 5 of clang
    build=$BUILD/flavours/$1$(echo "$3" | tr -d " =") # a "=" in the path would make its dependencies an assignment
    make --no-print-directory check CC="$1" CXX="$2" CFLAGS="$3 -gdwarf-4" BUILD="$build" ${SCRIPTS:+SCRIPTS="$SCRIPTS"} >"$work/log" 2>&1 &&
        "$build/radiomill" validate >"$work/log" 2>&1 &&
        "$build/radiomill" extract "$work/image.nii" "$work/mask.nii" -c tests/support/every.yaml -o "$work/this.csv" >"$work/log" 2>&1 &&
        { [ -f "$work/first.csv" ] || cp "$work/this.csv" "$work/first.csv"; } &&
        cmp "$work/first.csv" "$work/this.csv" && BUILD=$build sh tests/support/memcheck.sh >"$work/log" 2>&1 ||
        { tail -n 30 "$work/log" && echo "$1 $3: failed" && exit 1; }
    rm -r "$build"
    echo "$1 $3: fine"
}

for compiler in ${COMPILERS:-gcc clang}; do
    echo "${FLAVOURS:--O0,-O1,-O2,-O3,-Os,-O2 -march=x86-64-v3}" | tr ',' '\n' | while read -r flags; do
        try "$compiler" "$(echo "$compiler" | sed 's/gcc/g++/; s/clang/clang++/')" "$flags"
    done
done
