#!/bin/sh
# The ledger of a site: two releases at once, a file that was cut, a disk that fails, a process that is killed.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}/reliability" 2>/dev/null && pwd)
python3 tests/support/cohort.py "$work" 1 60 12
cd "$work" || exit 1
printf 'study: first\npatient: patient\nfeatures: [f0000, f0001, f0004]\nanalyses: [moments, groups]\n' >study.yaml
sed 's/first/second/' study.yaml >second.yaml
mv s1.csv all.csv
sed '$d' all.csv >less.csv
sed '2,20d' all.csv >other.csv
"$run" keygen A >/dev/null
"$run" keygen hub >/dev/null && "$run" sign study.yaml second.yaml -k hub.key >/dev/null
mv "$(ledger_of A)" begun
ln -s "$(ledger_of A)" A.ledger # the name by which it is looked at here
summarise() { # table, study, then options
    table=$1 study=$2
    shift 2
    "$run" summarise "$table.csv" -s "$study.yaml" -k A.key -o "$table.radsum" -t 1 --withhold "$@"
}
# What happens to which call, then table and study; the checker of leaks cannot run below strace, and a warning would be
# calls of its own.
traced() {
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -f -qq -o trace -e "trace=${1%%:*}" -e "inject=$1" \
        "$run" summarise "$2.csv" -s "$3.yaml" -k A.key -o "$2.radsum" -t 1 --withhold \
        --coordinator hub.pub --open
}
fresh() { # as before any release
    rm -rf "$RADIOMILL_STATE"/* ./*.radsum rest
    cp begun "$(ledger_of A)"
}
has_lines() { # the ledger, each whole, behind the one that begins it
    [ "$(grep -c '"signature":"[0-9a-f]*"}$' A.ledger)" -eq $(($1 + 1)) ] && [ "$(wc -l <A.ledger)" -eq $(($1 + 1)) ]
}

# Two at once: one of the files leaves at most, and the ledger has its line. The first waits before that call.
at_once() { # call, study, lines of the ledger afterwards
    traced "$1:delay_enter=1500000" all "$2" >/dev/null 2>&1 &
    sleep 0.6
    summarise less "$2" >/dev/null 2>&1
    second=$?
    wait $!
    first=$?
    has_lines "$3" || return 1
    case "$first $second" in
    '0 5' | '0 10') [ ! -e less.radsum ] ;;
    '5 0' | '10 0') [ ! -e all.radsum ] ;;
    *) echo "exit codes $first and $second" && false ;;
    esac
}
first_at_once() {
    fresh
    at_once "$1" study 1
}
later_at_once() {
    fresh
    summarise other study >/dev/null 2>&1
    at_once "$1" second 2
}
can_trace=$(strace -o trace echo yes 2>/dev/null)
[ -n "$can_trace" ] || echo 'skipped: no process can be traced here'
for call in linkat renameat2 ftruncate; do
    [ -z "$can_trace" ] || check "two first releases at once, one waits for $call" first_at_once "$call"
done
for call in flock rename; do
    [ -z "$can_trace" ] || check "two later releases at once, one waits for $call" later_at_once "$call"
done
tries=$([ -z "${SANITIZE:-}" ] && echo 20 || echo 5)
as_fast() {
    RADIOMILL="$run" sh "$cases/first_release_twice_at_once/run.sh" "$tries"
}
cut_case() {
    mkdir case && cp "$cases"/ledger_cut_by_one_byte/*.csv "$cases"/ledger_cut_by_one_byte/*.yaml case && cd case && forget || return 1
    "$run" keygen A && "$run" summarise all.csv -s study.yaml -k A.key -o all.radsum && truncate -s -1 "$(ledger_of A)" &&
        expect_line 10 'refused (differencing)' "$run" summarise less.csv -s study.yaml -k A.key -o less.radsum
}
if [ -n "$cases" ]; then
    check 'two first releases, as fast as can be' as_fast
    check 'the case of a ledger cut by one byte' cut_case
else
    echo 'skipped: no cases'
fi

# A last line that was cut.
fresh
summarise other study >/dev/null 2>&1
summarise all second >/dev/null 2>&1
cp A.ledger whole
length=$(tail -n 1 whole | wc -c)
cut_by() { # bytes, exit code, words
    cp whole A.ledger
    truncate -s "-$1" A.ledger
    cp A.ledger before
    expect_line "$2" "$3" summarise less second && [ ! -e less.radsum ] && cmp A.ledger before
}
check 'a last line without its end counts' cut_by 1 10 'refused (differencing)'
for bytes in 2 3 67 131 132 133 160 $((length / 2)) $((length - 20)) $((length - 2)) $((length - 1)); do
    check "a last line cut by $bytes bytes is named" cut_by "$bytes" 12 "its end ($((length - bytes)) byte$([ $((length - bytes)) = 1 ] || echo s)) is not a whole line"
done
check 'a line follows one without its end' sh -c 'head -c -1 whole >A.ledger'
sed '2,40d' all.csv >some.csv
check 'and gets its own line' summarise some second
check 'so that all are whole' has_lines 3
check 'the lines before are as they were' sh -c 'head -n 3 A.ledger | cmp - whole'
rest() { # what stands behind two whole lines
    fresh
    cp whole A.ledger
    printf "$1" >>A.ledger
    cp A.ledger before
}
for what in '{"entry":3' '\0\0\0\0\0\0\0\0\0\0' ' '; do
    rest "$what"
    check 'a rest: what left before is written again, with a warning' expect 0 'is not a whole line; the next release will be refused' summarise all second
    check 'a rest: nothing new leaves' expect_line 12 'is not a whole line, and a release may have left with it' summarise some second
    check 'not in a preview either' expect_line 12 'is not a whole line' summarise some second --preview
    check 'it stays where it is' cmp A.ledger before
    check 'unless it is to be set aside' expect 0 '' summarise some second --set-aside rest
    check 'where it is kept' sh -c 'tail -n 1 before | cmp - rest'
    check 'for nobody else to read' sh -c 'test "$(stat -c %a rest)" = 600'
    check 'and the ledger goes on' has_lines 3
done
rest '{"entry"'
echo keep >rest
check 'a file that is there is no place for a rest' expect_line 5 'exists already and is never overwritten' summarise some second --set-aside rest
check 'it is as it was, and so is the ledger' sh -c 'test "$(cat rest)" = keep && cmp A.ledger before'
fresh
: >A.ledger
check 'an empty ledger has lost its lines' expect_line 12 'line 1 is missing: the ledger is empty' summarise all study

# Folders and names.
in_its_place() {
    mkdir -p taken && rm -rf taken/* && mkdir "taken/$(basename "$(readlink A.ledger)")" && RADIOMILL_STATE=taken summarise all study
}
fresh
mkdir far
mv "$(ledger_of A)" far/elsewhere && ln -s "$work/far/elsewhere" "$(ledger_of A)"
check 'a ledger that is a link' expect 0 '' summarise all study
check 'a second release' expect 0 '' summarise other second
check 'stays a link' sh -c 'test -L "$(readlink A.ledger)" && test "$(wc -l <far/elsewhere)" -eq 3'
chmod 640 far/elsewhere
check 'a third release' summarise some study
check 'keeps the mode' sh -c 'test "$(stat -c %a far/elsewhere)" = 640'
fresh
: >file
check 'a folder in its place' expect_line 5 'the ledger cannot be opened: Is a directory' in_its_place
check 'no folder' expect_line 5 'file/state: the folder of the ledgers cannot be made: Not a directory' env RADIOMILL_STATE=file/state \
    "$run" summarise all.csv -s study.yaml -k A.key -o all.radsum
check 'nothing left' test ! -e all.radsum
check 'a preview' summarise all study --preview
check 'adds nothing' has_lines 0
printf 'minimum_cell: 70\n' >strict.yaml
check 'a release that is refused' expect 10 '' "$run" summarise all.csv -s study.yaml -k A.key -p strict.yaml
check 'neither' has_lines 0
if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    chmod 755 . && mkdir mine && cp all.csv study.yaml A.key mine && cp -r "$RADIOMILL_STATE" mine/state && chmod 500 mine/state && chown -R 65534:65534 mine
    check 'a folder that may not be written' expect_line 5 ': cannot be written: Permission denied' \
        setpriv --reuid=65534 --regid=65534 --clear-groups env RADIOMILL_STATE=mine/state "$run" summarise mine/all.csv -s mine/study.yaml -k mine/A.key --withhold -o /dev/null
fi

# Every call on the way that fails, and a process that dies at it: what is there can be gone on with, and what left is known.
spoilt() { # what happens to which call, exit code, or -
    fresh
    summarise other second >/dev/null 2>&1
    cp A.ledger before
    traced "$1" all study >/dev/null 2>"$work/err"
    code=$?
    [ "$2" = - ] || [ $code -eq "$2" ] || { echo "exit code $code" && cat "$work/err" && return 1; }
    [ $code -ne 0 ] || [ -e all.radsum ] || { echo 'no file' && return 1; }
    cmp -s A.ledger before || has_lines 2 || return 1
    [ ! -e all.radsum ] || has_lines 2 || { echo 'left without a line' && return 1; }
    has_lines 2 || { expect 0 '' summarise less study && return; }
    expect 10 'refused (differencing)' summarise less study && expect 0 '' summarise all study && has_lines 2
}
for n in 1 2 3 4; do
    [ -n "$can_trace" ] || break
    for error in EIO ENOSPC; do
        [ "$n" -gt 3 ] || check "write $n fails: $error" spoilt "write:error=$error:when=$n" 5
    done
    check "fsync $n fails" spoilt "fsync:error=EIO:when=$n" 5
    check "killed at fsync $n" spoilt "fsync:signal=KILL:when=$n" 137
    for call in linkat rename; do
        [ "$n" -gt 2 ] || check "$call $n fails" spoilt "$call:error=EIO:when=$n" 5
        [ "$n" -gt 2 ] || check "killed at $call $n" spoilt "$call:signal=KILL:when=$n" 137
    done
done
[ -z "$can_trace" ] || check 'a file system without files that have no name' spoilt linkat:error=EOPNOTSUPP 5
[ -z "$can_trace" ] || check 'a folder that cannot be synced' spoilt fsync:error=EINVAL:when=2 0

# The secret key.
for mode in 640 604 620 601 777; do
    chmod $mode A.key
    check "a key of mode $mode" expect_line 3 "others may read this secret key (mode 0$mode); if nobody has, chmod 600 A.key, else make new keys" summarise all study
done
for mode in 400 600 700; do
    chmod $mode A.key
    check "a key of mode $mode" summarise all study
done
for umask in 0 022 077 0277; do
    made() (
        umask $umask
        "$run" keygen "key$umask" && [ "$(stat -c %a "key$umask.key")" = 600 ]
    )
    check "a new key, umask $umask" made
done
check 'a public key may be read by all' sh -c 'cat key022.pub >trusted && chmod 644 trusted && test "$(stat -c %a key022.pub)" = 644'
guarded() { # before the key is read, no core file may be written any more
    traced fsync:signal=ABRT:when=1 all study >/dev/null 2>&1
    [ $? -eq 134 ] && [ -z "$(find . -name 'core*')" ] || return 1
    ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 strace -qq -o trace -e trace=prctl,prlimit64,openat \
        "$run" summarise all.csv -s study.yaml -k A.key -o all.radsum || return 1
    awk '/PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)/ { whole = 1 } /RLIMIT_CORE, .rlim_cur=0, rlim_max=0/ { limit = 1 }
        /"A.key"/ { read = 1; if (!whole || !limit) exit 1 } END { if (!read) exit 1 }' trace || { cat trace && false; }
}
ulimit -c unlimited
fresh
[ -z "$can_trace" ] || check 'a process that crashes leaves no core file with a key' guarded
printf 'study: one\npatient: patient\nfeatures: [f0000]\nanalyses: [moments]\n' >one.yaml
fresh
summarise all one >said 2>&1
check 'one variable, in the singular' grep -q 'study one, 60 patients, 1 variable$' said
report ledger
