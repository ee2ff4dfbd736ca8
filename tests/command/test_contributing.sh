#!/bin/sh
# docs/CONTRIBUTING.md by the letter: a filter, a reader and a pooled analysis of tests/support/toys are added to a copy of the
# tree in its steps, and work.
set -u
build=${BUILD:-build}
[ -z "${SANITIZE:-}" ] || { echo '100%: Checks: 0, Failures: 0, Errors: 0' && exit; } # the steps are the same
. tests/support/checks.sh
toys=$(pwd)/tests/support/toys tests=$(pwd)/tests
tree=$work/tree
mkdir -p "$tree/$build"
cp -a Makefile bench cli core decoder docs features federate filters include io library pipeline reference report samples tests "$tree"
for part in cli core decoder embedded.c embedded.o features federate filters io library pipeline report libexec; do
    cp -a "$build/$part" "$tree/$build"
done
cd "$tree" || exit 1

touched=
file() { # toy, folder it goes to
    cp "$toys/$1" "$2/$1" && touched="$touched $2/$1"
}
line() { # file, beginning of the line before which it goes, the line
    touched="$touched $1"
    python3 - "$@" <<'END'
import sys
path, before, line = sys.argv[1:]
text = open(path).read()
at = text.index('\n' + before) + 1
open(path, 'w').write(text[:at] + line + '\n' + text[at:])
END
}
files() { # how many files the steps may touch
    # shellcheck disable=SC2086 # a list of words
    [ "$(printf '%s\n' $touched | sort -u | wc -l)" -le "$1" ] || { echo "$touched" && return 1; }
}

check 'filter: a file' file distance.c filters
check 'filter: a line' line filters/filters.h '    FILTER(lbp)' '    FILTER(distance) \'
check 'filter: one file and one line' files 2

touched=
check 'reader: a file' file numbers.c io/scan
check 'reader: a line' line io/scan/source.c '    READER(kinds)' '    READER(numbers) \'
check 'reader: one file and one line' files 2

touched=
check 'analysis: its name' line federate/study.h '    ROW(SURVIVAL' '    ROW(SIGNS, signs) \'
check 'analysis: how many sums' line federate/analyses.c '#define RULE(' 'static rad_status signs_cells(const rad_study *study, size_t *cells, rad_error *error) {
    (void)study;
    (void)error;
    *cells = 2;
    return RAD_OK;
}
'
check 'analysis: the contract' line federate/analyses.c '    [RAD_SURVIVAL]' \
    '    [RAD_SIGNS] = {.word = "signs", .member = "signs", .cells = signs_cells},'
check 'analysis: the site' file site_signs.c federate/site
check 'analysis: the pool' file pool_signs.c federate/pool
check 'analysis: its table' file tables_signs.c report
check 'analysis: a row of files' line report/pooled_tables.h '    FILE("survival.csv"' \
    '    FILE("signs.csv", rad_tables_signs, RAD_ANALYSIS_SIGNS, "how many patients have a value below 0") \'
check 'analysis: at most six files' files 6

check 'all of it builds' make --no-print-directory -s BUILD="$build" "$build/radiomill"
run=$tree/$build/radiomill
python3 samples/phantom.py "$work"
cd "$work" || exit 1
python3 - "$tree/reference/digital_phantom.csv" <<'END'
import csv, sys
rows = list(csv.DictReader(line for line in open(sys.argv[1]) if line[0] != '#'))
voxel = {tuple(int(r[axis]) for axis in 'xyz'): r['intensity'] for r in rows}
with open('phantom.numbers', 'w') as f: # x to the left and y to the back, as NIfTI does not
    print('numbers 5 4 4 2', *(voxel[4 - x, 3 - y, z] for z in range(4) for y in range(4) for x in range(5)), file=f)
END
printf 'families: []\nfilter_families: [stat]\nimages: [{distance: {from: 3}}, distance]\n' >settings.yaml
check 'the filter makes maps' "$run" extract phantom.nii mask.nii -c settings.yaml -o filter.csv
check 'its mean is that of |x - 3|, and of |x|' python3 - "$tree/reference/digital_phantom.csv" filter.csv <<'END'
import csv, sys
rows = csv.DictReader(line for line in open(sys.argv[1]) if line[0] != '#')
x = [int(r['intensity']) for r in rows if r['mask'] == '1']
out = next(csv.DictReader(open(sys.argv[2])))
assert abs(float(out['distance_from3_stat_mean']) - sum(abs(v - 3) for v in x) / len(x)) < 1e-12, out
assert abs(float(out['distance_stat_mean']) - sum(x) / len(x)) < 1e-12, out
END
check 'the help has its name' sh -c "'$run' filter --help | grep -qw distance"
check 'its option has bounds' expect_line 4 'from' "$run" filter phantom.nii distance from=x -o map.nii
check 'the reader reads an image' "$run" extract phantom.numbers mask.nii -c ibsi-digital-phantom --case one -o numbers.csv
check 'NIfTI of the same voxels' "$run" extract phantom.nii mask.nii -c ibsi-digital-phantom --case one -o nifti.csv
check 'they have the same features' cmp numbers.csv nifti.csv
check 'and says what is there' sh -c "'$run' info phantom.numbers | grep -q '^format *numbers'"

python3 "$tests/support/cohort.py" "$work" 4 60 6 >/dev/null
printf 'study: toy\npatient: patient\nfeatures: ["f*"]\nanalyses: [signs]\nvariables:\n%s\n' "$(cat steps)" >toy.yaml
for site in s1 s2 s3 s4; do
    "$run" keygen $site >/dev/null 2>&1
    check "the analysis: $site sums" "$run" summarise $site.csv -s toy.yaml -k $site.key --withhold
done
cat ./*.pub >trusted
check 'it is pooled' "$run" pool toy.yaml s1.radsum s2.radsum s3.radsum s4.radsum -k trusted -o pooled
check 'its table counts the rows of the sites that could tell, where these are three' python3 - <<'END'
import csv, json
table = {r['variable']: (r['n'], r['below']) for r in csv.DictReader(open('pooled/signs.csv'))}
wanted, sites = {}, {}
for site in ('s1', 's2', 's3', 's4'):
    told = json.load(open(site + '.radsum'))
    rows = list(csv.DictReader(open(site + '.csv')))
    for variable, sums in zip(told['variables'], told['signs']):
        values = [float(row[variable['name']]) for row in rows if row[variable['name']]]
        n, below = wanted.get(variable['name'], (0, 0))
        few = 0 < sum(v < 0 for v in values) < 10 or 0 < sum(v >= 0 for v in values) < 10
        assert not (sums and few), (site, variable['name'])
        if sums:
            wanted[variable['name']] = n + len(values), below + sum(v < 0 for v in values)
            sites[variable['name']] = sites.get(variable['name'], 0) + 1
wanted = {v: (str(n), str(below)) if sites[v] > 2 else ('', '') for v, (n, below) in wanted.items()} # of three sites, at least
assert len(table) > 1 and table == wanted and any(n for n, below in table.values()), (table, wanted)
END
report contributing
