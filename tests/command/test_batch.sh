#!/bin/sh
# Batches: runs that are killed, restarted, split and spoilt. KILLS: how often a run is killed (default 12).
set -u
run=$(pwd)/${BUILD:-build}/radiomill
sanitize=${SANITIZE:-} # slower, and fewer kills
kills=${KILLS:-$([ -z "$sanitize" ] && echo 12 || echo 3)}
. tests/support/checks.sh
trap 'chmod -R u+w "$work"; umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT
same() { # two run directories have the same features
    cmp "$1/features.csv" "$2/features.csv"
}

python3 tests/support/batch.py "$work/c" 60
cases=$work/c/cases.csv
check 'a run' expect 0 'cases: 60 done' "$run" batch "$cases" -o "$work/a" -t 2
check 'a row per ROI, in order' python3 -c "
import csv
rows = list(csv.DictReader(open('$work/a/features.csv')))
assert [(r['case'], r['roi']) for r in rows] == [('case%d' % i, roi) for i in range(60) for roi in '12'], rows[:3]
assert rows[2]['site'] == 'site B' and rows[3]['original_stat_mean']
cases = list(csv.DictReader(open('$work/a/cases.csv')))
assert all(c['status'] == 'done' and float(c['memory_mb']) > 1 for c in cases) and len(cases) == 60"
check 'the rows of extract' sh -c "'$run' extract '$work/c/i7.nii.gz' '$work/c/m7.nii' | tail -n 2 | cut -d, -f3- >'$work/x' &&
    grep '^case7,' '$work/a/features.csv' | cut -d, -f4- | cmp - '$work/x'"
check 'again: nothing to compute' expect 0 '0 computed now' "$run" batch "$cases" -o "$work/a"
for threads in 1 3 8; do
    check "$threads threads" expect 0 '' "$run" batch "$cases" -o "$work/t" -t $threads --quiet
    check "$threads threads, the same bytes" same "$work/a" "$work/t"
    rm -r "$work/t"
done
check 'other settings' expect 4 'discretisation (fbn32, now fbs25)' "$run" batch "$cases" -o "$work/a" -c ibsi-c
check 'other settings, forced' expect 0 '60 computed now' "$run" batch "$cases" -o "$work/a" --force
check 'outputs for machines' expect 0 '' "$run" batch "$cases" -o "$work/a" --long --json-lines -q
check 'the same numbers in each' python3 -c "
import csv, json
wide = list(csv.DictReader(open('$work/a/features.csv')))
lines = [json.loads(l) for l in open('$work/a/features.jsonl')]
table = {(r['case'], r['roi'], r['image'] + '_' + r['feature']): r['value'] for r in csv.DictReader(open('$work/a/features_long.csv'))}
columns = [c['name'] for c in json.load(open('$work/a/columns.json'))]
assert len(wide) == len(lines) == 120 and len(table) == 120 * len(columns)
for w, l in zip(wide, lines):
    for c in columns:
        assert table[w['case'], w['roi'], c] == w[c]
        assert (w[c] == '' and l[c] is None) or float(w[c]) == l[c]"
check 'changed input' sh -c "cp '$work/c/m3.nii' '$work/keep' && cp '$work/c/m4.nii' '$work/c/m3.nii'"
check 'only it is computed' expect 0 '1 computed now' "$run" batch "$cases" -o "$work/a"
check 'touched, not changed' sh -c "touch '$work'/c/*.nii && '$run' batch '$cases' -o '$work/a' 2>&1 | grep -q ' 0 computed now'"
check 'put back: known' sh -c "cp '$work/keep' '$work/c/m3.nii' && '$run' batch '$cases' -o '$work/a' 2>&1 | grep -q ' 0 computed now'"
check 'another folder, the same content' sh -c "mv '$work/c' '$work/moved' && '$run' batch '$work/moved/cases.csv' -o '$work/a' 2>&1 | grep -q ' 0 computed now' &&
    mv '$work/moved' '$work/c'"

# A system that refuses to wait for workers: what was done is kept, and it is no lack of memory.
if strace -o /dev/null true 2>/dev/null; then
    check 'no waiting' expect_line 7 'cannot wait for the worker processes: Invalid argument' \
        env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" \
        strace -qq -o "$work/trace" -e trace=poll,ppoll -e inject=poll,ppoll:error=EINVAL:when=20 \
        "$run" batch "$cases" -o "$work/w" -q
    check 'and again' expect 0 'cases: 60 done' "$run" batch "$cases" -o "$work/w"
else
    echo 'no waiting: skipped: no process can be traced here'
fi

# What Slurm gives (MB of the node, or of each processor of the task) bounds the data of the workers, to nine tenths.
memory_of() { # words for env; options of the command after --
    words=
    while [ "$1" != -- ]; do words="$words $1" && shift; done
    shift
    rm -rf "$work/m"
    # shellcheck disable=SC2086 # words
    env -u SLURM_MEM_PER_NODE -u SLURM_MEM_PER_CPU -u SLURM_CPUS_PER_TASK $words strace -f -qq -o "$work/trace" -e trace=prlimit64,setrlimit \
        "$run" batch "$work/one.csv" -o "$work/m" -t 1 -q "$@" || return 1
    echo $(($(sed -n 's/.*RLIMIT_DATA, {rlim_cur=\([0-9*]*\),.*/\1/p' "$work/trace" | head -n 1)))
}
bounded() { # bytes, then what memory_of takes
    bytes=$1
    shift
    got=$(memory_of "$@") && [ "$got" = "$bytes" ] || { echo "$got, not $bytes" && return 1; }
}
if strace -o /dev/null true 2>/dev/null && [ -z "${SANITIZE:-}" ]; then
    printf 'case,image,mask\na,%s,%s\n' "$work/c/i1.nii.gz" "$work/c/m1.nii" >"$work/one.csv"
    mega=1048576
    check 'memory of a node of Slurm' bounded $((300 * mega / 10 * 9)) SLURM_MEM_PER_NODE=300 --
    check 'memory of each processor' bounded $((80 * 4 * mega / 10 * 9)) SLURM_MEM_PER_CPU=80 SLURM_CPUS_PER_TASK=4 --
    check 'memory of one processor' bounded $((80 * mega / 10 * 9)) SLURM_MEM_PER_CPU=80 --
    check 'the node goes first' bounded $((200 * mega / 10 * 9)) SLURM_MEM_PER_CPU=80 SLURM_CPUS_PER_TASK=4 SLURM_MEM_PER_NODE=200 --
    check 'an option before all' bounded $((150 * mega)) SLURM_MEM_PER_NODE=300 -- --memory 150M
    for word in SLURM_MEM_PER_NODE=0 SLURM_MEM_PER_NODE=many SLURM_MEM_PER_CPU=-3; do # all that is free
        check "$word says nothing" sh -c '[ "$1" -gt 10485760 ]' - "$(memory_of $word --)"
    done
else
    echo 'memory of Slurm: skipped: no process can be traced here'
fi

# Killed at any moment, started again: the same bytes, nothing finished is computed twice, nothing torn.
killed() {
    length=$(python3 -c "
import subprocess, time
t = time.time()
subprocess.run(['$run', 'batch', '$cases', '-o', '$work/k0', '-t', '2', '-q'], check=True)
print(time.time() - t)")
    rm -r "$work/k0"
    python3 -c "
import os, random, shutil, signal, sqlite3, subprocess, sys, time
rng, kills, again = random.Random(5), $kills, 0
command = ['$run', 'batch', '$cases', '-o', '$work/k', '-t', '2', '-q']
for kill in range(kills):
    p = subprocess.Popen(command)
    time.sleep(rng.random() * $length)
    p.send_signal(signal.SIGKILL)
    p.wait()
    for name in os.listdir('$work/k') if os.path.isdir('$work/k') else []:
        if name == 'features.csv':
            assert open('$work/k/features.csv', 'rb').read() == open('$work/a/features.csv', 'rb').read(), 'torn'
    if kill % 3 == 2 or kill == kills - 1:
        subprocess.run(command, check=True)
        assert open('$work/k/features.csv', 'rb').read() == open('$work/a/features.csv', 'rb').read(), 'other bytes'
        db = sqlite3.connect('$work/k/journal.db')
        count, most = db.execute('SELECT count(*), max(computed) FROM cases').fetchone()
        assert (count, most) == (60, 1), (count, most)
        db.close()
        assert sorted(os.listdir('$work/k')) == ['cases.csv', 'columns.json', 'features.csv', 'journal.db', 'provenance.json', 'report.html', 'settings.yaml'], os.listdir('$work/k')
        shutil.rmtree('$work/k')"
}
check "killed $kills times" killed

# Shards into one directory, then the same tables.
for i in 1 2 3; do check "shard $i" expect 0 '' "$run" batch "$cases" -o "$work/s" --shard $i/3 -q; done
check 'collect' expect 0 '' "$run" collect "$work/s"
check 'shards joined' same "$work/a" "$work/s"
rm "$work/s/journal.2-of-3.db"
check 'collect says what is missing' expect 20 'missing: row 2, case1' "$run" collect "$work/s"
check 'a shard from Slurm' sh -c "SLURM_ARRAY_TASK_ID=2 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3 '$run' batch '$cases' -o '$work/s' -q && '$run' collect '$work/s'"
check 'shards joined again' same "$work/a" "$work/s"

# Failures are rows of cases.csv and stop nothing.
mkdir "$work/f" "$work/f/a b"
odd="$work/f/a b/it's \"odd\"
and long"
mkdir "$odd"
cp "$work/c/i1.nii.gz" "$odd/ü.nii.gz"
cp "$work/c/i0.nii.gz" "$work/c/m0.nii" "$work/f"
mkfifo "$work/f/pipe"
# A case of minutes of processor time, whatever the machine: what is to be stopped cannot end before.
python3 -c "
import random, struct
h = bytearray(open('$work/f/m0.nii', 'rb').read(352))
struct.pack_into('<8h', h, 40, 3, 150, 150, 150, 1, 1, 1, 1)
open('$work/f/slow.nii', 'wb').write(bytes(h) + random.Random(1).randbytes(150 ** 3))
open('$work/f/all.nii', 'wb').write(bytes(h) + bytes([1]) * 150 ** 3)
open('$work/f/slow.yaml', 'w').write('filter_families: stat\nimages:\n' + ''.join(
    '  - gabor: {lambda: [%s], sigma: 3, rotations: yes}\n' % ', '.join(str(8 * k + i) for i in range(8)) for k in range(1, 5)))"
until_there() { # until the command succeeds, for as long as a busy machine may need
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 3000 ] || return 1
        sleep 0.1
    done
}
printf 'no image' >"$work/f/text.nii"
python3 -c "
import csv, struct
w = csv.writer(open('$work/f/cases.csv', 'w', encoding='utf-8-sig', newline=''), delimiter=';')
odd = '''$odd/ü.nii.gz'''
rows = [('Image', 'Mask', 'Label', 'case'), (odd, 'm0.nii', '2', 'odd'), ('none.nii', 'm0.nii', '', 'absent'), ('text.nii', 'm0.nii', '', 'text'),
        ('i0.nii.gz', 'm0.nii', '9', 'no label'), ('pipe', 'm0.nii', '', 'pipe'), ('i0.nii.gz', 'm0.nii', '1', 'last'), ('i0.nii.gz', '', '', 'no mask'),
        ('big.nii', 'm0.nii', '', 'big')]
w.writerows(rows)
h = bytearray(open('$work/f/m0.nii', 'rb').read(352))
struct.pack_into('<8h', h, 40, 3, 400, 400, 400, 1, 1, 1, 1)
struct.pack_into('<hh', h, 70, 16, 32)
f = open('$work/f/big.nii', 'wb')
f.write(h)
f.truncate(352 + 4 * 400 ** 3)"
printf 'diagnostics: yes\n' >"$work/f/s.yaml"
check 'failures' expect 20 'failed' "$run" batch "$work/f/cases.csv" -c "$work/f/s.yaml" -o "$work/g" --timeout 600 --memory 200M --resample-mask
check 'each with its reason' python3 -c "
import csv
rows = {r['case']: r for r in csv.DictReader(open('$work/g/cases.csv'))}
why = {k: r['reason'] for k, r in rows.items()}
assert rows['odd']['status'] == rows['last']['status'] == 'done', rows
assert 'none.nii' in why['absent'] and 'is not a NIfTI file' in why['text'] and 'no ROI matches 9' in why['no label'], why
assert 'is not a regular file but a pipe' in why['pipe'] and 'has no mask' in why[''], why
assert 'emory' in why['big'], why['big']
features = list(csv.DictReader(open('$work/g/features.csv')))
assert [(r['case'], r['roi']) for r in features] == [('odd', '2'), ('last', '1')], features"
check 'retried' expect 20 '2 done, 0 partly, 6 failed, 0 missing; 5 computed now' "$run" batch "$work/f/cases.csv" -c "$work/f/s.yaml" -o "$work/g" --timeout 600 --memory 200M \
    --resample-mask --retry-failed
check 'the first failure stops' expect 20 'missing' "$run" batch "$work/f/cases.csv" -o "$work/h" -t 1 --fail-fast
printf 'image,mask\n,m0.nii\ni0.nii.gz,m0.nii\n' >"$work/f/wrong.csv"
check 'a wrong row is a failure too' expect 3 '1 failed, 1 missing' "$run" batch "$work/f/wrong.csv" -o "$work/h2" -t 1 --fail-fast
check 'a dry run finds them' sh -c "'$run' batch '$work/f/cases.csv' --dry-run -q >'$work/out'; [ \$? -eq 20 ] && grep -q 'no label.*no ROI matches 9' '$work/out' &&
    grep -q '8 cases checked' '$work/out'"
printf 'case,image,mask\nslow,slow.nii,all.nii\n' >"$work/f/one.csv"
check 'a case that takes too long' expect 3 'failed' "$run" batch "$work/f/one.csv" -c "$work/f/slow.yaml" -o "$work/h3" -t 1 --timeout 0.5
check 'says so' grep -q 'took longer than the 0.5 s that --timeout allows' "$work/h3/cases.csv"
children() { # of a process
    cat "/proc/$1/task/$1/children"
}
at_work() { # run directory, process: does it have workers?
    [ -e "$1/provenance.json" ] && [ -n "$(children "$2")" ]
}
crashed() {
    printf 'case,image,mask\nx,slow.nii,all.nii\n' >"$work/f/crash.csv"
    "$run" batch "$work/f/crash.csv" -c "$work/f/slow.yaml" -o "$work/i" -t 1 -q 2>"$work/err" &
    until_there at_work "$work/i" $!
    # shellcheck disable=SC2046 # a list of processes
    kill -SEGV $(children $!)
    wait $!
    [ $? -eq 3 ] && grep -q 'x,.*failed.*the process of the case \(died by signal 11 (SIGSEGV, \|ended with code\)' "$work/i/cases.csv"
}
check 'a case that crashes' crashed
check 'and the one after it' expect 0 '' "$run" batch "$cases" -o "$work/i2" -t 1 -q
# y is small and done soon, x is at work for minutes.
printf 'case,image,mask\nx,slow.nii,all.nii\nyonder,i0.nii.gz,m0.nii\n' >"$work/f/two.csv"
interrupted() { # signal, exit code
    rm -rf "$work/j"
    "$run" batch "$work/f/two.csv" -c "$work/f/slow.yaml" -o "$work/j" -t 2 2>"$work/err" &
    until_there grep -q yonder "$work/err" || return 1
    kill -USR1 $!
    until_there grep -q '1 of 2 cases' "$work/err" || return 1
    workers=$(children $!)
    kill -"$1" $!
    wait $!
    [ $? -eq "$2" ] && grep -q '^yonder,' "$work/j/features.csv" && [ -n "$workers" ] || return 1
    for worker in $workers; do ! kill -0 "$worker" 2>/dev/null || return 1; done
}
check 'SIGTERM' interrupted TERM 143
interrupted_by_int() { # background jobs of a shell ignore SIGINT
    python3 -c "
import os, signal, subprocess, sys, time
p = subprocess.Popen(['$run', 'batch', '$work/f/one.csv', '-c', '$work/f/slow.yaml', '-o', '$work/j2', '-q'], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
while not os.path.exists('$work/j2/provenance.json') or not open('/proc/%d/task/%d/children' % (p.pid, p.pid)).read():
    time.sleep(0.1)
p.send_signal(signal.SIGINT)
assert p.wait(timeout=300) == 130, p.returncode"
}
check 'SIGINT' interrupted_by_int
second() {
    "$run" batch "$work/f/one.csv" -c "$work/f/slow.yaml" -o "$work/l" -q &
    first=$!
    until_there at_work "$work/l" $first
    expect 3 'another run is using it' "$run" batch "$work/f/one.csv" -c "$work/f/slow.yaml" -o "$work/l" -q
    code=$?
    kill $first
    wait $first
    return $code
}
check 'two runs in one directory' second
printf 'case,image,mask\nx,i0.nii.gz,m0.nii\nz,i0.nii.gz,m0.nii\nx,i1.nii,m0.nii\n' >"$work/f/twice.csv"
check 'a case twice' expect 4 'rows 1 and 3 are both case x' "$run" batch "$work/f/twice.csv" -o "$work/m"
printf 'image;mask\na;b;c\n' >"$work/f/wide.csv"
check 'a row that is too long' expect 3 'wide.csv:2: a row of 3 fields, but the header has 2' "$run" batch "$work/f/wide.csv" -o "$work/m"
mkdir "$work/small"
if mount -t tmpfs -o size=200k radiomill "$work/small" 2>/dev/null; then
    check 'disk full' expect 5 'run the same command again' "$run" batch "$cases" -o "$work/small/r" -q
    mount -o remount,size=20m "$work/small"
    check 'and after making room' expect 0 '' "$run" batch "$cases" -o "$work/small/r" -q
    check 'the same bytes' same "$work/a" "$work/small/r"
    umount "$work/small"
else
    echo 'disk full: skipped: no small file system can be mounted here'
fi

# Nine real images with two ROIs each, in one command: the rows of extract.
data=${RADIOMILL_DATA:-../shared/data}/sts
if [ -r "$data/STS_001/CT_image.nii.gz" ]; then
    python3 - "$data" "$work/sts" <<'PY'
import gzip, os, struct, sys
data, out = os.path.abspath(sys.argv[1]), sys.argv[2]
os.makedirs(out)
widths = {2: 1, 4: 2, 8: 4, 16: 4, 64: 8, 256: 1, 512: 2, 768: 4}
with open(out + '/cases.csv', 'w') as table:
    table.write('case,image,mask,modality\n')
    for p in ('STS_001', 'STS_002', 'STS_003'):
        for m in ('CT', 'MR_T1', 'PET'):
            b = bytearray(gzip.open('%s/%s/%s_mask.nii.gz' % (data, p, m)).read())
            nx, ny, nz = struct.unpack_from('<3h', b, 42)
            code, bits = struct.unpack_from('<hh', b, 70)
            w = widths[code]
            first = int(struct.unpack_from('<f', b, 108)[0])
            one = {4: struct.pack('<h', 2), 2: b'\2', 16: struct.pack('<f', 2), 64: struct.pack('<d', 2), 8: struct.pack('<i', 2),
                   256: b'\2', 512: struct.pack('<H', 2), 768: struct.pack('<I', 2)}[code]
            for i in range(nx * ny * nz):
                at = first + i * w
                if any(b[at:at + w]) and i % nx >= nx // 2:
                    b[at:at + w] = one
            open('%s/%s_%s.nii' % (out, p, m), 'wb').write(b)
            table.write('%s_%s,%s/%s/%s_image.nii.gz,%s_%s.nii,%s\n' % (p, m, data, p, m, p, m, m))
PY
    check 'nine images, two ROIs each' expect 0 'cases: 9 done' "$run" batch "$work/sts/cases.csv" -o "$work/n"
    check 'the rows of extract for each' python3 -c "
import csv, subprocess
rows = list(csv.DictReader(open('$work/n/features.csv')))
want = []
for case in csv.DictReader(open('$work/sts/cases.csv')):
    text = subprocess.run(['$run', 'extract', case['image'], '$work/sts/' + case['mask'], '--case', case['case']], check=True, capture_output=True, text=True).stdout
    want += [dict(r, modality=case['modality']) for r in csv.DictReader(text.splitlines())]
assert len(rows) == 18 and rows == want"
    check 'the cases of a folder' expect 0 '3 cases' "$run" manifest "$data/STS_003_dicom" -o "$work/found.csv"
    check 'and their rows' expect 0 'cases: 3 done' "$run" batch "$work/found.csv" -o "$work/o"
    check 'structure sets with their series' python3 -c "
import csv
assert [(r['case'], r['roi']) for r in csv.DictReader(open('$work/o/features.csv'))] == [
    (m + '/image', 'GTV_Mass_' + m) for m in ('CT', 'MR_T1', 'PET')]"
else
    echo 'nine images: skipped: no reference data'
fi

report batch
