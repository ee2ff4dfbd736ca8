#!/bin/sh
# Engines that miss reference values: they sign nothing, and nothing of theirs is pooled.
set -u
build=$(pwd)/${BUILD:-build}
run=$build/radiomill
. tests/support/checks.sh
python3 tests/support/cohort.py "$work" 3 60 12
cd "$work" || exit 1
printf 'study: engines\npatient: patient\nfeatures: [f0000, f0001, f0004]\n' >study.yaml
for s in s1 s2 s3; do
    "$run" keygen $s >/dev/null && "$run" summarise $s.csv -s study.yaml -k $s.key >/dev/null
done
cat s?.pub >trusted

said=$(sed -n 's/.*"check": "\([^"]*\)".*/\1/p' s1.radsum)
of=${said##* }
check 'the right program met them all' test "$said" = "digital_phantom: $of of $of"

check 'a program that misses a value says so' expect 1 '' "$build/tests/misses" validate --only digital_phantom
check 'of how many' grep -q "^$((of - 1)) of $of standardised" out
check 'it signs nothing' expect_line 1 "digital_phantom: $((of - 1)) of $of; the first is stat_mean" beside m.ledger "$build/tests/misses" summarise s1.csv -s study.yaml -k s1.key -o missed.radsum
check 'nor shows what would leave' expect_line 1 "$((of - 1)) of $of" beside m.ledger "$build/tests/misses" summarise s1.csv -s study.yaml -k s1.key -o missed.radsum --preview
check 'no file, no line' sh -c '! ls missed.radsum 2>/dev/null && ! grep -l study m.ledger/*'

pooled() { # exit code, words, what site 1 says in place of what it met
    rm -rf p
    "$build/tests/forge" s1.key s1.radsum forged.radsum "\"check\": \"$said\"" "$3" || return 1
    expect_line "$1" "$2" "$run" pool study.yaml forged.radsum s2.radsum s3.radsum -k trusted -o p || return 1
    [ "$1" -eq 0 ] || [ ! -e p ]
}
claims() {
    pooled "$1" "$2" "\"check\": \"$3\""
}
check 'a summary as it is' claims 0 '' "$said"
for met in 0 1 $((of - 2)) $((of - 1)); do
    check "an engine that met $met" claims 1 "site s1: its engine missed reference values (digital_phantom: $met of $of)" "digital_phantom: $met of $of"
done
for claim in "$((of + 1)) of $of" "$of of $((of - 1))" "$((of + 1)) of $((of + 1))" "$((of - 1)) of $((of - 1))" '1 of 1' '0 of 0' \
    "-1 of $of" "+$of of $of" " $of of $of" "0$of of $of" "$of of $of " "$of of $of!" '18446744073709552097 of 18446744073709552097' "$of" ''; do
    check "a claim that cannot be: $claim" claims 3 'site s1: the number of reference values that its engine met, ' "digital_phantom: $claim"
done
check 'another data set' claims 3 'met, "config_a: 1 of 1", is impossible' 'config_a: 1 of 1'
check 'no claim' claims 3 'met, "", is impossible' ''
check 'no field' pooled 3 'check' '"chick": ""'
check 'a number in its place' pooled 3 'check' "\"check\": $of"
check 'null in its place' pooled 3 'check' '"check": null'
report engine
