#!/bin/sh
# What combinations of the sums tell that leave together, and release by release: both sides of each bound.
set -u
run=$(pwd)/${BUILD:-build}/radiomill audited=$(pwd)/tests/support/audited.py
. tests/support/checks.sh
cd "$work" || exit 1
make() { # kind, number: table, study and a key of its own
    rm -f A.* "$1".*
    rm -rf "$RADIOMILL_STATE" # as a site that nothing left of yet
    python3 "$audited" make "$1" "$2" && "$run" keygen A >/dev/null
}
site() { # exit code, text, kind, number
    make "$3" "$4" && expect "$1" "$2" "$run" summarise "$3.csv" -s "$3.yaml" -k A.key -o out.radsum -t 1
}
tells_of() { # patients (10: or more), kind, number
    site 0 '' "$2" "$3" && [ "$(python3 "$audited" told "$2.csv" out.radsum "$2.yaml")" = "$1" ]
}
shows() { # how many sets of the first variable left, kind, number
    site 0 '' "$2" "$3" || return 1
    python3 -c 'import json; print(sum(1 for s in json.load(open("out.radsum"))["variables"][0]["sets"] if s))' >count
    [ "$(cat count)" -eq "$1" ] || { cat count && return 1; }
}

for few in 1 2 3 9; do
    check "groupings with $few exceptions" tells_of 10 exceptions $few
    check "groupings with $few exceptions: one of them stays" shows 5 exceptions $few
    check "$few told by three groupings" tells_of 10 three $few
    check "$few told by three groupings: two of them stay" shows 5 three $few
    check "a score that $few have" site 10 'ps has few values' score $few
    check "$few in common" site 10 'refused (minimum_cell): model' cells $few
    check "columns that differ in $few" site 10 'refused (minimum_cell): y' twice $few
done
for many in 10 12; do
    check "groupings with $many exceptions" shows 7 exceptions $many
    check "$many told by three groupings" shows 7 three $many
    check "a score that $many have" site 0 '' score $many
    check "$many in common" site 0 '' cells $many
    check "columns that differ in $many" site 0 '' twice $((many + 4))
done
for few in 1 4 9; do
    check "$few differ in a group" shows 1 differ $few
    check "$few have a value of the three of a group" shows 1 lesions $few
done
check '10 differ in a group' shows 3 differ 10
check '10 have a value of the three of a group' shows 3 lesions 10

# What two groupings have beyond each other: the second one stays where its difference to the first would tell.
for few in 1 2 9; do
    check "two groupings differ in 48, of whom all but $few are alike on either side" shows 3 apart $few
    check "a grouping and a coarser one, of whom all but $few" shows 4 merged $few
    check "two levels of either together, of whom all but $few" shows 5 both $few
done
for many in 0 10; do
    check "of whom all but $many" shows 5 apart $many
    check "and of the coarser one" shows 6 merged $many
    check "and of either together" shows 9 both $many
done
check 'one makes up what two groupings have beyond each other' shows 3 outdo 50
check 'or not' shows 5 outdo 2
parted() { # exit code, text, kind, number; one grouping in a release, the other in the next
    make "$3" "$4" && sed "s/groups: .*/groups: [${5:-one}]/" "$3.yaml" >one.yaml && sed "s/^study: .*/study: two/; s/groups: .*/groups: [${6:-other}]/" "$3.yaml" >two.yaml &&
        expect 0 '' "$run" summarise "$3.csv" -s one.yaml -k A.key -o out.radsum -t 1 &&
        expect "$1" "$2" "$run" summarise "$3.csv" -s two.yaml -k A.key -o out.radsum -t 1
}
check 'the same in two releases' parted 10 'refused (differencing): x' apart 2
check 'of a grouping and a coarser one' parted 10 'refused (differencing): x' finer 2
check 'or the coarser one first' parted 10 'refused (differencing): x' finer 2 other one
check 'of many' parted 0 '' finer 10 other one
check 'of one who makes it up' parted 10 'refused (differencing): x' outdo 50
check 'of many' parted 0 '' apart 10

products() { # whether the product of u and w left, number
    site 0 '' products "$2" || return 1
    python3 - "$1" <<'END'
import base64, json, struct, sys
data, at, shown = base64.b64decode(json.load(open("out.radsum"))["covariance"]["products"]), 0, []
while at < len(data):
    size = struct.unpack_from("<hH", data, at)[1]
    shown.append(size != 65535)
    at += 4 + (size if size != 65535 else 0)
assert shown[1] == (sys.argv[1] == "yes"), shown
END
}
check 'the count of two numbers' products no 4
check 'the count of two numbers: enough' products yes 10
left() { # whether the pair left, number
    site 0 '' left "$2" || return 1
    python3 - "$1" <<'END'
import base64, json, struct, sys
data = base64.b64decode(json.load(open("out.radsum"))["covariance"]["partial"])
assert (struct.unpack_from("<hH", data, 0)[1] != 65535) == (sys.argv[1] == "yes")
END
}
check 'one patient makes up what is left over' left no 12
check 'all alike in what is left over' left yes 70

# Releases: X + Y + p, X + q, Y; what a release leaves over; more sets than patients allow.
release() { # exit code, text, table, study
    printf 'study: %s\nfeatures: ["m*"]\nanalyses: [moments]\n' "$4" >"$4.yaml"
    expect "$1" "$2" "$run" summarise "$3.csv" -s "$4.yaml" -k A.key -o "$4.radsum" -t 1
}
cut() { # table, then the code that chooses row i
    python3 - "$1" "$2" <<'END'
import random, sys
rng = random.Random(5)
head, *rows = open("all.csv").read().splitlines()
choose = eval("lambda i: " + sys.argv[2])
open(sys.argv[1] + ".csv", "w").write("\n".join([head] + [r for i, r in enumerate(rows) if choose(i)]) + "\n")
END
}
begin() { # patients
    rm -f A.* ./*.radsum
    rm -rf "$RADIOMILL_STATE" && "$run" keygen A >/dev/null
    python3 -c 'import random, sys
rng = random.Random(3)
print("case,m1,m2")
for i in range(int(sys.argv[1])): print("p%03d,%.4f,%.4f" % (i, 700 if i == 3 else rng.uniform(10, 100), rng.gauss(100, 15)))' "$1" >all.csv
}
begin 83
cut one 'i != 81 and i > 3'
cut two '3 < i < 40 or i == 81'
cut three '40 <= i < 80'
check 'X, Y and two' release 0 '' one one
check 'X and p' release 0 '' two two
check 'Y' release 10 'refused (differencing)' three three
begin 120
cut few 'i >= 12'
cut most 'i != 3'
check 'without twelve' release 0 '' few few
check 'with them, of whom one makes up the sum' release 10 'refused (differencing)' all all
check 'with those who do not' release 0 '' most most
begin 120
cut most 'i > 3'
cut few 'i >= 18'
check 'without fourteen' release 0 '' few few
check 'with them' release 0 '' most most
begin 44
for k in 1 2 3 4 5 6 7 8 9 10 11 12; do
    cut "half$k" "i > 3 and random.Random(100 * $k + i).random() < 0.5"
    "$run" summarise "half$k.csv" -s few.yaml -k A.key -o "half$k.radsum" -t 1 >/dev/null 2>>halves
    echo $? >>codes
done
check 'halves: a fifth of the patients, at most' test "$(grep -c '^0$' codes)" -le 8
check 'halves: some' test "$(grep -c '^0$' codes)" -ge 4
check 'halves: then no more' sh -c 'tail -n 2 codes | grep -q 11 && grep -q "refused (rows)" halves'

tie() { # patients of two levels each, of a third: the levels that are hidden are the same in all lists
    rm -rf A.* "$RADIOMILL_STATE" && "$run" keygen A >/dev/null && python3 - "$1" "$2" >tie.csv <<'END'
import random, sys
draw = random.Random(5)
two, few = map(int, sys.argv[1:])
print("case,f,g")
for i, level in enumerate("a" * two + "b" * two + "c" * few): print(f"p{i},{draw.gauss(5, 1):.4f},{level}")
END
    printf 'study: tie\nfeatures: [f]\ncovariates: {g: {levels: [a, b, c]}}\ngroups: [g]\nanalyses: [moments, groups]\n' >tie.yaml
    "$run" summarise tie.csv -s tie.yaml -k A.key -o tie.radsum -t 1 >/dev/null 2>&1 || return 1
    python3 - "$2" <<'END'
import json, sys
out = json.load(open("tie.radsum"))
levels, sets = out["levels"][0][:3], out["variables"][0]["sets"][1:]
hidden = [c is None for c in levels]
assert hidden == [s is None for s in sets], (levels, sets)
assert sum(hidden) == (2 if int(sys.argv[1]) < 10 else 0), levels
END
}
for few in 1 4 9 10; do check "a level of $few beside two that are alike" tie 27 $few; done
report audit
