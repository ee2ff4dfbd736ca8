#!/bin/sh
# A batch on a Slurm of one node, which this test starts itself: an array of four, one task killed and put back into
# the queue, and the job that collects.
set -u
for program in munged slurmctld slurmd sbatch; do
    command -v $program >/dev/null || {
        echo "skipped: there is no $program; make slurm installs it"
        echo '100%: Checks: 1, Failures: 0, Errors: 0'
        exit 0
    }
done
run=$(pwd)/${BUILD:-build}/radiomill
work=$(mktemp -d)
host=$(hostname -s)
export SLURM_CONF="$work/slurm.conf"
stop() {
    for daemon in slurmd slurmctld munged; do
        [ -s "$work/$daemon.started" ] && kill "$(cat "$work/$daemon.started")" 2>/dev/null
    done
    sleep 1
    rm -rf "$work"
}
trap stop EXIT
start() { # name, then the daemon in the foreground
    name=$1
    shift
    "$@" >"$work/$name.out" 2>&1 &
    echo $! >"$work/$name.started"
}
fail() {
    echo "tests/command/test_slurm.sh: $1"
    tail -n 20 "$work"/*.out "$work"/r/*.log 2>/dev/null
    exit 1
}
wait_for() { # seconds, then a command that becomes true
    tries=$(($1 * 5))
    shift
    while ! sh -c "$*" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.2
    done
}
chmod 755 "$work"
dd if=/dev/urandom of="$work/key" bs=1024 count=1 2>/dev/null
chmod 600 "$work/key"
cat >"$SLURM_CONF" <<EOF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CryptoType=crypto/munge
SlurmUser=root
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
MinJobAge=300
ReturnToService=2
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
mkdir "$work/state" "$work/spool"
start munged munged --foreground --force --key-file="$work/key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
    --log-file="$work/munged.log" --seed-file="$work/munged.seed"
wait_for 300 "test -S '$work/munge.socket'" || fail 'munged does not start'
start slurmctld slurmctld -D
start slurmd slurmd -D -N "$host"
wait_for 300 "sinfo -h -o %T | grep -q idle" || fail 'slurmd does not start'

python3 tests/support/batch.py "$work/c" 80
printf 'images:\n  - gabor: {sigma: 6, lambda: 2, rotations: yes}\n' >"$work/s.yaml"
"$run" batch "$work/c/cases.csv" -c "$work/s.yaml" -o "$work/a" -q || fail 'the run without Slurm'
"$run" slurm "$work/c/cases.csv" -c "$work/s.yaml" -o "$work/r" --tasks 4 -- --time=5 --cpus-per-task=1 >"$work/submitted" ||
    fail 'the submission'
job=$(sed -n 's/^array job \([0-9]*\):.*/\1/p' "$work/submitted")
collect=$(sed -n 's/.*; job \([0-9]*\) collects.*/\1/p' "$work/submitted")
wait_for 300 "python3 -c \"
import sqlite3
db = sqlite3.connect('file:$work/r/journal.1-of-4.db?mode=ro', uri=True)
\" && squeue -h -t R -o %K -j $job | grep -qx 1" || fail 'task 1 does not run'
sleep 0.3
scontrol requeue "${job}_1" || fail 'task 1 cannot be requeued'
wait_for 240 "test -z \"\$(squeue -h)\" && scontrol show job $collect | grep -q JobState=COMPLETED" || fail 'the jobs do not end'
cmp "$work/a/features.csv" "$work/r/features.csv" || fail 'other features than without Slurm'
scontrol show job "${job}_1" | grep -q 'Restarts=1' || fail 'task 1 was not requeued'
python3 -c "
import glob, sqlite3
counts = [sqlite3.connect(p).execute('SELECT count(*), max(computed) FROM cases').fetchone() for p in sorted(glob.glob('$work/r/journal.*.db'))]
assert counts == [(20, 1)] * 4, counts" || fail 'a case was computed twice'
echo 'Running suite(s): slurm'
echo '100%: Checks: 1, Failures: 0, Errors: 0'
