#!/bin/sh
# The shared library shows what the public header declares, and does nothing to the process that it is in.
set -u
build=${BUILD:-build}
. tests/support/checks.sh
header=include/radiomill.h library=$build/libradiomill.so

# Functions of the header, symbols of the library: the same names, but for two that FFTW and Qhull are to find.
sed -n 's/^RAD_API .*[ *]\(rad_[a-z_]*\)(.*/\1/p' $header | sort >"$work/declared"
nm -D --defined-only "$library" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }' | sort >"$work/shown"
printf '%s\n' fftw_assertion_failed qh_exit | sort - "$work/declared" >"$work/expected"
check 'every declaration has a name' sh -c "[ \$(wc -l <'$work/declared') -eq \$(grep -c '^RAD_API' $header) ]"
check 'symbols are those of the header' diff "$work/expected" "$work/shown"
check 'soname' sh -c "readelf -d '$library' | grep -q 'SONAME.*libradiomill\.so\.0\]'"

echo '#include "radiomill.h"' >"$work/alone.c"
for compiler in 'cc -std=c11' 'c++ -std=c++17 -x c++'; do
    # shellcheck disable=SC2086 # a list of words
    check "the header alone: $compiler" $compiler -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only "$work/alone.c"
done

# Calls that print, end the process, start one or meddle with its signals, and who makes them:
# FFTW and Qhull end the process where others than us call them; a path "-" of the command is standard output, and no
# signal comes between the two names of a file, nor to threads of ours; the decoder is a process.
calls='_?_?(v?printf|puts|putchar|perror|stdout|stderr|_?exit|_Exit|quick_exit|abort|assert_fail|signal|sigaction|sysv_signal
fork|vfork|_Fork|clone|system|popen|exec[a-z]*|posix_spawnp?|raise|kill|setlocale|umask|atexit|signalfd|sigprocmask
pthread_sigmask|setenv|putenv|unsetenv|chdir|setrlimit|prctl|alarm|setitimer)(_chk)?'
calls=$(echo "$calls" | tr '\n' '|')
cat >"$work/allowed" <<'.'
core/fft.o abort
core/parallel.o pthread_sigmask
features/hull.o exit
io/bytes.o pthread_sigmask
io/bytes.o stdout
io/dicom/decoding.o kill
io/dicom/decoding.o posix_spawn
.
find "$build"/core "$build"/io "$build"/filters "$build"/features "$build"/pipeline "$build"/federate "$build"/report \
    "$build"/library -name '*.o' ! -path '*/pipeline/batch/*' | while read -r object; do
    nm -u "$object" | awk '{ print $2 }' | grep -xE "$calls" | sed "s|^|${object#"$build"/} |"
done | sort >"$work/made"
check 'nothing prints, exits, forks or takes signals' diff "$work/allowed" "$work/made"
nm -D -u "$library" | awk '{ sub("@.*", "", $2); print $2 }' | grep -xE "$calls" | sort >"$work/asked"
check 'nor does the library as a whole' sh -c "cut -d' ' -f2 '$work/allowed' | sort -u | diff - '$work/asked'"
report library
