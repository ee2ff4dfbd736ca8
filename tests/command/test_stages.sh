#!/bin/sh
# A stage that fails does not keep the others from running, and fails in the end: what continuous integration runs, and `make test`.
set -u
. tests/support/checks.sh
mkdir "$work/bin" "$work/tree" "$work/tree/.ci"
cp .ci/run "$work/tree/.ci/run"
cat >"$work/bin/make" <<'END'
#!/bin/sh
echo "$*" >>"$STAGES"
for word; do
    case " $FAILING " in *" $word "*) exit 2 ;; esac
done
END
chmod +x "$work/bin/make"
stages() { # exit code, then the stages that fail
    code=$1 FAILING=$2 STAGES=$work/stages
    export FAILING STAGES
    : >"$STAGES"
    expect "$code" "$3" env PATH="$work/bin:$PATH" sh "$work/tree/.ci/run" || return 1
    [ "$(tr ' ' '\n' <"$STAGES" | sort | tr '\n' ' ')" = 'STUDIES=100 lint test test-adversary test-python test-r test-report ' ] || { cat "$STAGES" && return 1; }
}
check 'all run' stages 0 '' ''
for stage in test test-report test-python test-r test-adversary lint; do
    check "$stage fails: all run" stages 1 "$stage" "failed: $stage"
done
check 'several fail: all run' stages 1 'test test-python lint' 'failed: test test-python lint'
for target in test lint; do # make itself, with what it would run in place of itself
    check "make $target" sh -c "make --no-print-directory '$target' -o packages -o test-packages -o lint-packages MAKE=echo >'$work/told'"
    check "make $target goes on after a stage that fails" grep -qe ' -k .*layers' "$work/told"
done
report stages
