# What the suites of shell share: $work, a folder that goes at the end; checks that are counted as Check counts them.
# shellcheck shell=sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RADIOMILL_STATE="$work/.state" # no suite writes to the ledgers of whoever runs it
checks=0 failures=0
check() { # description, then a command that must succeed
    description=$1
    shift
    checks=$((checks + 1))
    report=$("$@" 2>&1) && return
    failures=$((failures + 1))
    printf '%s: %s\n%s\n' "$0" "$description" "$report" | sed '2,$s/^/    /'
}
expect() { # exit code, text that standard error must hold, then the command
    code=$1 text=$2
    shift 2
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got -eq "$code" ] || { echo "exit code $got, expected $code" && tail -n 5 "$work/err" && return 1; }
    [ -z "$text" ] || grep -qF -- "$text" "$work/err" || { echo "no \"$text\" in:" && cat "$work/err" && return 1; }
}
expect_line() { # the same, and an error is one line; warnings do not count
    expect "$@" || return 1
    [ "$1" -eq 0 ] || [ "$1" -eq 20 ] || [ "$(grep -cv '^radiomill: warning: ' "$work/err")" -eq 1 ] ||
        { echo 'more than one line:' && cat "$work/err" && return 1; }
}
near() { # is, should be, relative tolerance
    python3 -c "import sys; a, b, t = map(float, sys.argv[1:]); sys.exit(abs(a - b) > t * abs(b) and '%r, not %r' % (a, b))" "$@"
}
roi_values() { # of $work/o.json: relative tolerance, ROI, then voxels, mean, minimum, maximum ("-": whatever)
    python3 -c "
import json, sys
tolerance, roi, *want = sys.argv[1:]
v = next(r for r in json.load(open('$work/o.json'))['rows'] if r['roi'] == roi)['values']
got = [v['original_int_mask_vox_count_reseg_roi'], v['original_stat_mean'], v['original_stat_min'], v['original_stat_max']]
for g, w in ((g, float(w)) for g, w in zip(got, want) if w != '-'):
    assert abs(g - w) <= float(tolerance) * abs(w), (roi, got, want)" "$@"
}
as_expected() { # folder with the cases.txt of tests/support/expected.py, settings: each case, through the command $run
    unit=$(printf '\037')
    set -f # patterns are for the command
    while IFS=$unit read -r name image mask options code words warnings roi values; do
        check "$name" one_as_expected "$1/$image" "$1/$mask" "$2"
    done <"$1/cases.txt"
    set +f
}
one_as_expected() { # image, mask, settings; the rest is what as_expected has read
    rm -f "$work/o.json"
    # shellcheck disable=SC2086 # options are words
    expect_line "$code" "$words" "$run" extract "$1" "$2" -c "$3" $options -o "$work/o.json" || return 1
    [ "$warnings" = - ] || [ "$(grep 'radiomill: warning' "$work/err" | grep -vcE 'ROI .*: (border|size): ')" -eq "$warnings" ] || { cat "$work/err" && return 1; }
    IFS=$unit
    # shellcheck disable=SC2086 # so are values
    set -- $values
    unset IFS
    [ "$1" = - ] || roi_values 1e-12 "$roi" "$@"
}
needs_trace() { # name of the suite, which ends here where no process can be traced
    strace -o /dev/null true 2>/dev/null && return
    echo 'skipped: no process can be traced here'
    check 'nothing' true
    report "$1"
}
ledger_of() { # name of a key: where its ledger is
    echo "$RADIOMILL_STATE/$(cut -d' ' -f2 "$1.pub").ledger"
}
forget() { # all that left: ledgers are as after keygen
    rm -rf "$RADIOMILL_STATE"/*.ledger.*
    for list in "$RADIOMILL_STATE"/*.rows; do
        [ ! -e "$list" ] || : >"$list"
    done
    for begun in "$RADIOMILL_STATE"/*.ledger; do
        head -n 1 "$begun" >"$begun.first" && cat "$begun.first" >"$begun" && rm "$begun.first" || return 1
    done
}
beside() { # folder of ledgers that begin with the keys, then the command
    elsewhere=$1
    shift
    [ -d "$elsewhere" ] || (cp -r "$RADIOMILL_STATE" "$elsewhere" && RADIOMILL_STATE=$elsewhere && forget) || return 1
    RADIOMILL_STATE=$elsewhere "$@"
}
report() { # name of the suite; ends the script
    echo "Running suite(s): $1"
    echo "$((100 * (checks - failures) / checks))%: Checks: $checks, Failures: $failures, Errors: 0"
    [ $failures -eq 0 ]
    exit
}
