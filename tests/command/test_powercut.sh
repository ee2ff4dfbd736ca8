#!/bin/sh
# What a power cut leaves of releases: none that left is forgotten, none that was reported is lost, the ledger can be gone on with.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
export run
. tests/support/checks.sh
replay=$(pwd)/tests/support/powercut.py
needs_trace powercut
python3 tests/support/cohort.py "$work" 1 60 12
mkdir "$work/site" "$work/tool"
cd "$work/site" || exit 1
printf 'study: first\npatient: patient\nfeatures: [f0000, f0001, f0004]\nanalyses: [moments, groups]\n' >study.yaml
sed 's/first/second/' study.yaml >second.yaml
mv ../s1.csv all.csv
sed '$d' all.csv >less.csv
sed '2,20d' all.csv >other.csv
"$run" keygen A >/dev/null
mkdir far near
anew() { # ledgers as after keygen
    rm -f ./*.ledger ./*.radsum far/* near/*
    cp "$(ledger_of A)" .
    cp "$(ledger_of A)" far
}
anew
replay_of() { # folder, what is asked of each state, then a command
    folder=$1 asked=$2
    shift 2
    python3 "$replay" "$folder" --check "$asked" -- "$@"
}

# The replay itself finds what is missing, and nothing where nothing is.
replayed() { # exit code, what it says, calls that replace a file
    rm -f ../tool/*
    echo old >../tool/file
    expect "$1" '' replay_of ../tool '[ "$POWERCUT_DONE" = 1 ] || exec grep -qx -e old -e new file; exec grep -qx new file' python3 -c "import os
$3" && grep -q "$2" "$work/out" || { cat "$work/out" && false; }
}
write='f = os.open("t", os.O_CREAT | os.O_WRONLY); os.write(f, b"n"); os.write(f, b"ew\n")'
check 'a file that is written in place' replayed 1 'half of "write file" is there' 'f = os.open("file", os.O_WRONLY); os.write(f, b"new\n"); os.fsync(f)'
check 'one whose bytes are not synced' replayed 1 '"write t" and its like were dropped: exit code 1' "$write; os.rename('t', 'file')"
check 'one that is renamed before it is synced' replayed 1 '"write t" and its like were dropped: exit code 1' "$write; os.rename('t', 'file'); os.fsync(f)"
check 'one whose name is not synced' replayed 1 'file" was dropped: exit code 1' "$write; os.fsync(f); os.rename('t', 'file')"
check 'one that is whole' replayed 0 ' 0 failed' "$write; os.fsync(f); os.rename('t', 'file'); os.fsync(os.open('.', os.O_RDONLY))"
check 'one that gets its name late' replayed 0 ' 0 failed' "f = os.open('.', os.O_TMPFILE | os.O_WRONLY); os.write(f, b'new\n'); os.fsync(f)
d = os.open('.', os.O_RDONLY); os.link('/proc/self/fd/%d' % f, 't', src_dir_fd=d, follow_symlinks=True); os.rename('t', 'file'); os.fsync(d)"

# A file that a running system saw may have been sent: a cohort that differs from it by one patient is refused, and the same file
# can be had again. A release that was reported is there. What did not leave holds up nothing.
cat >../asks <<'END_OF_ASKS'
exec 2>&1
[ "$POWERCUT_DONE" = 0 ] || [ -s "$output" ] || { echo 'the file is lost' && exit 1; }
export RADIOMILL_STATE="$ledger"
"$run" summarise less.csv -s "$study" -k A.key -o less.radsum -t 1
code=$?
if [ "$POWERCUT_DONE" = 1 ] || [ -e "$output" ] || grep -qx -e "$output" "$POWERCUT_SEEN"; then
    [ $code -eq 10 ] || { echo "exit code $code: forgotten" && exit 1; }
    exec "$run" summarise all.csv -s "$study" -k A.key -o again.radsum -t 1
fi
[ $code -eq 0 ] || [ $code -eq 10 ]
END_OF_ASKS
survives() { # study, folder of the ledger, output
    study=$1.yaml ledger=$2 output=$3
    export study ledger output
    RADIOMILL_STATE=$ledger expect 0 '' replay_of . "sh -u '$work/asks'" "$run" summarise all.csv -s "$study" -k A.key -o "$output" -t 1 ||
        { cat "$work/out" && false; }
}
earlier() { # the ledger has a release already
    anew
    RADIOMILL_STATE=$1 "$run" summarise other.csv -s study.yaml -k A.key -o other.radsum -t 1
}
check 'a first release' survives study . all.radsum
check 'the same again' survives study . all.radsum
check 'a first release, the ledger elsewhere' survives study far near/all.radsum
check 'a ledger with a line' earlier .
check 'its next release' survives second . all.radsum
check 'a ledger elsewhere' earlier far
check 'and its next release' survives second far near/all.radsum
# Keys that were reported are there, and so is the ledger that begins with them.
begun='[ "$POWERCUT_DONE" = 0 ] || { [ -s B.key ] && [ -s B.pub ] && [ -s "state/$(cut -d" " -f2 B.pub).ledger" ]; }'
check 'keys' expect 0 '' replay_of near "$begun" env RADIOMILL_STATE=state "$run" keygen B
check 'and the ledger elsewhere' expect 0 '' replay_of near '[ "$POWERCUT_DONE" = 0 ] || { [ -s C.key ] && [ -s C.pub ]; }' "$run" keygen C
report powercut
