#!/bin/sh
# What the build hardens, read from what was built; and whether the flags of whoever builds reach every command.
set -u
build=${BUILD:-build}
. tests/support/checks.sh
machine=$(${CC:-cc} -dumpmachine)

dynamic() { # file, word
    readelf -Wd "$1" | grep -qw "$2"
}
for file in radiomill libradiomill.so libexec/radiomill-decoder; do
    file=$build/$file
    check "$file: symbols are bound at the start" dynamic "$file" NOW
    check "$file: and read-only from then on" sh -c "readelf -Wl '$file' | grep -q GNU_RELRO"
    check "$file: the stack is no code" sh -c "readelf -Wl '$file' | grep GNU_STACK | grep -q 'RW '"
    check "$file: at any address" sh -c "readelf -Wh '$file' | grep -q 'Type: *DYN'"
    check "$file: nothing writable is code" sh -c "! readelf -Wl '$file' | grep -E '^ *LOAD.* (RWE|WE )'"
    check "$file: stacks are watched" sh -c "readelf -Ws --dyn-syms '$file' | grep -q __stack_chk_fail"
    if [ -n "${FORTIFIED-unknown}" ] && [ -z "${SANITIZE:-}" ]; then
        check "$file: lengths of buffers are known to libc" sh -c "readelf -Ws --dyn-syms '$file' | grep -qE '__[a-z]+_chk@'"
    else
        echo "hardening: skipped: FORTIFY_SOURCE is off without optimisation and under sanitizers"
    fi
done
# Jumps land where they may: on the objects, since the programs have the mark only where those of libc have it too.
for object in core/status core/shortest decoder/cage; do
    case $machine in
    x86_64-*) check "$object: IBT, SHSTK" sh -c "readelf -Wn '$build/$object.o' | grep -q 'x86 feature: .*IBT, SHSTK'" ;;
    aarch64-*) check "$object: BTI, PAC" sh -c "readelf -Wn '$build/$object.o' | grep -q 'AArch64 feature: .*BTI, PAC'" ;;
    *) echo "hardening: skipped: nothing is known of jumps on $machine" ;;
    esac
done

# Flags of the environment, as builders of packages set them: into each line of the kind that they are for.
plan=$work/plan
env CFLAGS=-DMARK_C CXXFLAGS=-DMARK_CXX CPPFLAGS=-DMARK_CPP LDFLAGS=-L/mark MAKEFLAGS= make -n BUILD="$work/b" all >"$plan" 2>&1
every() { # pattern of lines, word that each must have
    grep -qE -- "$1" "$plan" && ! grep -E -- "$1" "$plan" | grep -vF -- "$2"
}
check 'CFLAGS: C' every '-c [^ ]*\.c ' -DMARK_C
check 'CPPFLAGS: C' every '-c [^ ]*\.c ' -DMARK_CPP
check 'CXXFLAGS: C++' every '-c [^ ]*\.cc ' -DMARK_CXX
check 'CPPFLAGS: C++' every '-c [^ ]*\.cc ' -DMARK_CPP
check 'CFLAGS: not C++' sh -c "! grep -E -- '-c [^ ]*[.]cc ' '$plan' | grep -w -- -DMARK_C"
check 'LDFLAGS: command, library, decoder' sh -c "[ \$(grep -c -- '-L/mark' '$plan') -eq 3 ]"
check 'LDFLAGS: every link' every '-Wl,-z,relro' -L/mark
check 'none of ours where there is no optimisation' sh -c "! grep FORTIFY '$plan'"

objects="$work/b/core/status.o $work/b/core/shortest.o"
builds() { # variables of the environment...; two objects are built with them
    rm -rf "$work/b"
    # shellcheck disable=SC2086 # a list
    env MAKEFLAGS= "$@" make BUILD="$work/b" $objects
}
check 'without optimisation' builds CFLAGS=-O0
check 'with flags of their own for FORTIFY' builds CFLAGS='-O2 -g' CPPFLAGS='-Wdate-time -D_FORTIFY_SOURCE=2'
check 'with sanitizers' builds CFLAGS='-O1 -fsanitize=address,undefined'
if command -v dpkg-buildflags >/dev/null; then
    export DEB_BUILD_MAINT_OPTIONS=hardening=+all
    check 'with the flags of Debian' builds CFLAGS="$(dpkg-buildflags --get CFLAGS)" CXXFLAGS="$(dpkg-buildflags --get CXXFLAGS)" \
        CPPFLAGS="$(dpkg-buildflags --get CPPFLAGS)" LDFLAGS="$(dpkg-buildflags --get LDFLAGS)"
else
    echo 'hardening: skipped: no dpkg-buildflags'
fi
report hardening
