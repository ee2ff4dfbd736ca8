#!/bin/sh
# What a run says of itself: when, where, by which command and libraries; and that no table depends on it.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
here=$(pwd)
. tests/support/checks.sh
commit=$([ -e .git ] && git rev-parse --short=12 HEAD 2>/dev/null)
[ -z "$commit" ] || export commit
cd "$work" || exit 1
mkdir -p DOE_JOHN/b
python3 "$here/tests/support/batch.py" DOE_JOHN/c 2
printf 'case,image,mask\na,c/i0.nii.gz,c/m0.nii\nb,c/i1.nii.gz,c/m1.nii\n' >DOE_JOHN/cases.csv
cp DOE_JOHN/cases.csv DOE_JOHN/b/own.csv
sed -i 's/,c/,..\/c/g' DOE_JOHN/b/own.csv
says() { # file, then lines of Python on `p`, the provenance, and `last`, of its last command
    python3 -c "
import json, os, re, sqlite3, socket, sys, time, zlib
p = json.load(open(sys.argv[1]))
last = p['runs'][-1]
exec(sys.argv[2])" "$1" "$2"
}
began=$(date +%s)
check 'a run' expect 0 '' "$run" batch "$work/DOE_JOHN/cases.csv" -o "$work/DOE_JOHN/r/" -t 1 -q
export began
check 'its date' says DOE_JOHN/r/provenance.json "
import calendar
at = calendar.timegm(time.strptime(last['date'], '%Y-%m-%dT%H:%M:%SZ'))
assert int(os.environ['began']) <= at <= time.time(), last"
check 'its host' says DOE_JOHN/r/provenance.json "assert last['host'] == socket.gethostname(), last"
check 'its command' says DOE_JOHN/r/provenance.json "assert last['command'] == 'radiomill batch cases.csv --output r --threads 1 --quiet'.split(), last"
check 'no folder of a patient in it' says DOE_JOHN/r/provenance.json "assert 'DOE' not in json.dumps(p['runs']), last"
check 'its commit' says DOE_JOHN/r/provenance.json "
know = os.environ.get('commit')
assert last['commit'] is None or re.fullmatch('[0-9a-f]{12}(-dirty)?', last['commit']), last
assert not know or last['commit'], last"
check 'its libraries' says DOE_JOHN/r/provenance.json "
v = last['libraries']
assert v['sqlite'] == sqlite3.sqlite_version and v['zlib'] == zlib.ZLIB_RUNTIME_VERSION, v
assert v['glibc'] == os.confstr('CS_GNU_LIBC_VERSION').split()[1], v
assert all(v.get(n) and re.search(r'[0-9]', v[n]) for n in 'lapack qhull gdcm libpng libtiff libyaml jansson libsodium nettle libdeflate'.split()), v
assert last['compiler'] and v['fft'], last"

# Resumed, on another day, with other threads: one more command, and the same tables.
cp -r DOE_JOHN/r first
check 'again' expect 0 '' env SOURCE_DATE_EPOCH=1000000000 "$run" batch DOE_JOHN/cases.csv -o DOE_JOHN/r -t 2 -q
check 'both are there' says DOE_JOHN/r/provenance.json "assert len(p['runs']) == 2 and last['date'] == '2001-09-09T01:46:40Z' and p['runs'][0]['date'] != last['date'], p"
check 'anew elsewhere' expect 0 '' env SOURCE_DATE_EPOCH=2000000000 "$run" batch DOE_JOHN/cases.csv -o other -t 2 -q
check 'two shards at once' sh -c "'$run' batch DOE_JOHN/cases.csv -o s --shard 1/2 -q & '$run' batch DOE_JOHN/cases.csv -o s --shard 2/2 -q; wait"
check 'both shards are there' says s/provenance.json "assert sorted(r['command'][r['command'].index('--shard') + 1] for r in p['runs']) == ['1/2', '2/2'], p"
check 'shards are joined' expect 0 '' "$run" collect s
for file in features.csv columns.json settings.yaml; do
    for other in first other s; do
        check "$file: $other" cmp DOE_JOHN/r/$file $other/$file
    done
done

# Other settings begin a list of their own; a file that is damaged, too; no more than 100.
check 'other settings' expect 0 '' "$run" batch DOE_JOHN/cases.csv -o other -c ct --force -q
check 'begin anew' says other/provenance.json "assert len(p['runs']) == 1 and 'ct' in last['command'], p"
echo '{"settings_id": [' >first/provenance.json
check 'a damaged file' expect 0 '' "$run" batch DOE_JOHN/cases.csv -o first -q
check 'is made anew' says first/provenance.json "assert len(p['runs']) == 1, p"
for kept in 99 100; do
    export kept
    says first/provenance.json "
p['runs'] = [dict(last, date=str(i)) for i in range(int(os.environ['kept']))]
json.dump(p, open(sys.argv[1], 'w'))" || exit 1
    check "$kept and one" expect 0 '' "$run" batch DOE_JOHN/cases.csv -o first -q
    check "of $kept and one" says first/provenance.json "
assert len(p['runs']) == 100 and p['runs'][0]['date'] == str(int(os.environ['kept']) - 99), (len(p['runs']), p['runs'][0])
assert last['date'][:2] == '20', last"
done
report provenance
