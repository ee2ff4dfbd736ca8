# Models in rounds, by files: keys, a study, and all rounds of a model. $run is the command, the working folder is scratch.
# shellcheck shell=sh
sites=${sites:-A B C D}
make_keys() {
    rm -rf "$RADIOMILL_STATE" ./*.key ./*.pub trusted
    for site in $sites HUB; do "$run" keygen "$site" >/dev/null || return 1; done
    for site in $sites; do cat "$site.pub"; done >trusted
}
make_study() { # id, models; the rest is always the same
    printf '%s\n' "study: $1" 'features: ["f*"]' \
        'covariates: {age: {unit: years, step: 0.25}, sex: {levels: [F, M]}, logt: number}' \
        'outcomes:' '  response: {levels: ["no", "yes"]}' '  count: number' \
        '  relapse: {time: months, event: relapsed, grid: [0, 12, 24]}' 'analyses: [moments]' 'models:' "$2" >"$1.yaml"
}
fit() { # study, model, then what follows
    study=$1 model=$2
    shift 2
    "$run" fit "$study.yaml" -m "$model" -k trusted --key HUB.key -o "$model.state" "$@"
}
step() { # site, study, model, then options
    site=$1 study=$2 model=$3
    shift 3
    "$run" step "$site.csv" -s "$study.yaml" --state "$model.state" -k "$site.key" --coordinator HUB.pub "$@"
}
round() { # study, model, number
    answers=
    for site in $sites; do
        step "$site" "$1" "$2" >step.out 2>step.err || { cat step.err && return 1; }
        answers="$answers $site-$2-$3.radsum"
    done
    # shellcheck disable=SC2086
    fit "$1" "$2" $answers >fit.out 2>fit.err
}
rounds() { # study, model, then options of the first fit: until there are results; says how many rounds there were
    study_of=$1 model_of=$2
    shift 2
    "$run" sign "$study_of.yaml" -k HUB.key >/dev/null
    rm -f "$model_of.state" ./*-"$model_of"-*.radsum "$model_of".*.csv
    fit "$study_of" "$model_of" "$@" >fit.out 2>fit.err || { cat fit.err && return 1; }
    number=0
    while [ $number -lt 200 ]; do
        round "$study_of" "$model_of" $number || { cat fit.err && return 1; }
        number=$((number + 1))
        [ ! -e "$model_of.coefficients.csv" ] || break
    done
    echo $number
}
