#!/bin/sh
# The journal of a batch against disks, other runs and names. FLIPS: how many single bits are flipped (default 40).
set -u
run=$(pwd)/${BUILD:-build}/radiomill
sanitize=${SANITIZE:-} # slower, and fewer flips
flips=${FLIPS:-$([ -z "$sanitize" ] && echo 40 || echo 6)}
cases=${RADIOMILL_CASES:-../shared/cases}/reliability
. tests/support/checks.sh
tests=$(pwd)/tests

python3 tests/support/batch.py "$work/c" 6
check 'a run' expect 0 '' "$run" batch "$work/c/cases.csv" -o "$work/gold" -q --long --json-lines
check "$flips flipped bits" python3 tests/support/flips.py "$run" "$work/gold" "$work/w" "$flips"
printf '%s\n' "$report" | grep flips

# What is left after a kill, with its log.
killed_and_flipped() {
    python3 - <<PY
import os, random, re, shutil, subprocess, time
rng = random.Random(3)
gold = open("$work/gold/features.csv", "rb").read()
for flip in range($flips // 4 + 2):
    shutil.rmtree("$work/k", ignore_errors=True)
    command = ["$run", "batch", "$work/c/cases.csv", "-o", "$work/k", "-t", "1", "-q"]
    p = subprocess.Popen(command)
    log, least = "$work/k/journal.db-wal", rng.randrange(1, 6) * 12000
    while p.poll() is None and (not os.path.exists(log) or os.path.getsize(log) < least):
        time.sleep(0.001)
    p.kill(), p.wait()
    for name in ("journal.db", "journal.db-wal"):
        path = os.path.join("$work/k", name)
        if os.path.exists(path) and os.path.getsize(path):
            b = bytearray(open(path, "rb").read())
            bit = rng.randrange(8 * len(b))
            b[bit // 8] ^= 1 << bit % 8
            open(path, "wb").write(b)
    subprocess.run(command, check=True)
    assert open("$work/k/features.csv", "rb").read() == gold, flip
PY
}
check 'killed, then a bit flipped in journal and log' killed_and_flipped

# A page is lost: its cases only.
lost_page() { # number of the page
    rm -rf "$work/p"
    cp -r "$work/gold" "$work/p"
    dd if=/dev/urandom of="$work/p/journal.db" bs=4096 seek=$(($1 - 1)) count=1 conv=notrunc 2>/dev/null
    expect 3 'run the same batch again: it keeps the records that are intact' "$run" collect "$work/p" || return 1
    expect 0 'intact record' "$run" batch "$work/c/cases.csv" -o "$work/p" || return 1
    cmp "$work/p/features.csv" "$work/gold/features.csv" && [ -e "$work/p/journal.db.damaged" ] &&
        [ "$(sed -n 's/.*missing; \([0-9]*\) computed now/\1/p' "$work/err")" -le "$2" ]
}
check 'the first page, which holds no case' lost_page 1 0
check 'another page' lost_page 7 4
check 'and again: nothing to do' expect 0 '0 computed now' "$run" batch "$work/c/cases.csv" -o "$work/p"

# The loser of the lock touches nothing: neither names, nor times, nor bytes.
state() { # of a directory, but for what the winner writes
    (cd "$1" && stat -c '%n %i %s %Y %Z' -- * | grep -v '^journal' && cat settings.yaml provenance.json)
}
loser() {
    python3 - "$work/l/journal.db" <<PY &
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE"), db.execute("BEGIN EXCLUSIVE")
open("$work/locked", "w")
while not os.path.exists("$work/done"):
    __import__("time").sleep(0.05)
PY
    holder=$!
    while [ ! -e "$work/locked" ]; do sleep 0.05; done
    : >"$work/l/half.csv.1.tmp"
    state "$work/l" >"$work/before"
    cp "$work/l/journal.db" "$work/before.db"
    expect 3 'another run is using it' "$run" batch "$work/c/cases.csv" -o "$work/l" -q -c ibsi-c --force &&
        expect 3 'another run is using it' "$run" collect "$work/l" &&
        state "$work/l" >"$work/after" && cmp "$work/before" "$work/after" && cmp "$work/l/journal.db" "$work/before.db"
    result=$?
    : >"$work/done"
    wait $holder
    rm -f "$work/locked" "$work/done"
    return $result
}
cp -r "$work/gold" "$work/l"
check 'the loser of the lock touches nothing' loser
mv "$work/l/journal.db" "$work/l/journal.2-of-2.db"
cp -r "$work/gold/journal.db" "$work/l/journal.db"
shard_at_work() { # settings must not change under a shard that is at work
    mv "$work/l/journal.db" "$work/kept.db" && mv "$work/l/journal.2-of-2.db" "$work/l/journal.db" && mkdir "$work/l2" &&
        cp -r "$work/l/." "$work/l2" && mv "$work/l2/journal.db" "$work/l2/journal.2-of-2.db"
    flock -x "$work/l2/journal.2-of-2.db" true
    python3 - <<PY
import sqlite3, subprocess, sys
db = sqlite3.connect("$work/l2/journal.2-of-2.db", isolation_level=None)
db.execute("PRAGMA locking_mode = EXCLUSIVE"), db.execute("BEGIN EXCLUSIVE")
before = open("$work/l2/settings.yaml").read()
p = subprocess.run(["$run", "batch", "$work/c/cases.csv", "-o", "$work/l2", "--shard", "1/2", "-q", "-c", "ibsi-c", "--force"], capture_output=True, text=True)
assert p.returncode == 3 and "another run is using it" in p.stderr, p
assert open("$work/l2/settings.yaml").read() == before
PY
}
check 'a shard at work keeps its settings' shard_at_work
check 'other settings, forced: tables of the old ones go first' sh -c "cp -r '$work/gold' '$work/o' && '$run' batch '$work/c/cases.csv' -o '$work/o' -c ibsi-c --force -q &&
    [ ! -e '$work/o/features_long.csv' ] && [ ! -e '$work/o/features.jsonl' ] && grep -q fbs25 '$work/o/features.csv'"

# Names are names.
for name in 'run[1]' 'run*' 'run?{a,b}' '[!x]' 'file:run' ' ~ $HOME' '-run'; do
    check "a run directory called $name" sh -c "cd '$work' && '$run' batch c/cases.csv -q -o '$name' && '$run' collect './$name' && cmp './$name/features.csv' gold/features.csv && [ -e './$name/journal.db' ]"
done
check 'collect without ./' sh -c "cd '$work' && '$run' collect 'run[1]' && '$run' collect 'file:run'"
strangers() { # copies of journals are no shards
    for i in 1 2; do "$run" batch "$work/c/cases.csv" -o "$work/s" --shard $i/2 -q || return 1; done
    for copy in journal-old.db journal.db.bak 'journal (copy).db' journal.01-of-2.db journal.1-of-2.db.damaged journal.1-of-2x.db; do
        cp "$work/gold/journal.db" "$work/s/$copy"
    done
    "$run" collect "$work/s" | grep '6 cases from 2 journals: 6 done' && rm "$work/s/journal.1-of-2.db" && expect 20 'missing: row 1' "$run" collect "$work/s"
}
check 'copies of journals are no shards' strangers

if [ -r "$cases/journal_with_a_flipped_bit/run.sh" ]; then
    export RADIOMILL="$run"
    check 'case journal_with_a_flipped_bit' sh -c "sh '$cases/journal_with_a_flipped_bit/run.sh' >'$work/case' 2>&1; cat '$work/case'
        grep -q '^collect: exit code 20' '$work/case' && grep -q '^batch: exit code 0, the same features: yes' '$work/case'"
    check 'case image_replaced_while_computed' sh -c "[ -n '$sanitize' ] || { sh '$cases/image_replaced_while_computed/run.sh' >'$work/case' 2>&1; cat '$work/case'; grep -q '^right' '$work/case'; }"
    check 'case run_folder_with_brackets' sh -c "cd '$work' && '$run' collect 'run[1]'"
else
    echo 'cases of the journal: skipped: no cases'
fi

report journal
