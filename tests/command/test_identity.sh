#!/bin/sh
# Who is who, for a site that is asked again and again: rows by name, names used again, keys that are copied.
set -u
run=$(pwd)/${BUILD:-build}/radiomill
. tests/support/checks.sh
trap 'rm -rf "$work"' EXIT
cases=$(cd "${RADIOMILL_CASES:-../shared/cases}/federation" 2>/dev/null && pwd)
cd "$work" || exit 1
keygen() { # name
    "$run" keygen "$1" >/dev/null
}
summarise() { # table, study, key, then options
    table=$1 study=$2 key=$3
    shift 3
    "$run" summarise "$table" -s "$study" -k "$key" -t 1 -o out.radsum "$@"
}

# Rows are chosen by what a study declares, never by name.
python3 -c "
import random
rng = random.Random(3)
rows = [('P%02d' % i, rng.choice('FM'), rng.choice('ab'), rng.gauss(100, 15), rng.gauss(100, 15)) for i in range(60)]
open('rows.csv', 'w').write('case,sex,zip,f0,f1\n' + ''.join('%s,%s,%s,%.6g,%.6g\n' % r for r in rows))"
keygen A
where() { # exit code, words, a line of the study, and another one
    printf 'study: rows\nfeatures: ["f*"]\nanalyses: [moments]\n%s\n%s\n' "$3" "${4:-}" >rows.yaml
    expect_line "$1" "$2" "$run" study check rows.yaml &&
        expect_line "$1" "$2" summarise rows.csv rows.yaml A.key --preview
}
check 'no rows by name' where 10 'refused (where): the column case names patients' 'where: {case: [P00, P01]}'
check 'nor where another column is the name' where 10 'refused (where): the column zip names patients' 'where: {zip: a}' 'patient: zip'
check 'nor by what is not declared' where 4 'zip is not a variable with levels' 'where: {zip: a}'
check 'nor by a feature' where 4 'f0 is not a variable with levels' 'where: {f0: 100}'
check 'nor by a number' where 4 'f0 is not a variable with levels' 'where: {f0: 100}' 'covariates: {f0: number}'
check 'nor by a level that is none' where 4 'N is not one of the levels of sex' 'where: {sex: [F, N]}' 'covariates: {sex: {levels: [F, M]}}'
check 'by what is' where 0 '' 'where: {sex: F}' 'covariates: {sex: {levels: [F, M]}}'
check 'which the preview shows' grep -q 'Rows that count: where sex is F\.$' out
check 'and the check' sh -c "'$run' study check rows.yaml | grep -q 'rows  *where sex is F$'"
report identity
