#!/bin/sh
# Models in rounds against R on the pooled rows, through files, within the default rules; split into two sites where
# there were four, the same coefficients (of models without strata).
set -eu
run=$(pwd)/${BUILD:-build}/radiomill oracle=$(pwd)/tests/oracle/rounds.R maker=$(pwd)/tests/support/rounds.py
. tests/support/checks.sh
. tests/support/rounds.sh
cd "$work"
export RADIOMILL_STATE="$work/state"
models='  logit: {family: logistic, response: response, terms: [f1, f3, age, sex]}
  pois: {family: poisson, response: count, terms: [f2, sex], offset: logt}
  calibration: {family: logistic, response: response, terms: [f1]}
  update: {family: logistic, response: response, terms: [sex], offset: f1}
  efron: {family: cox, response: relapse, terms: [f1, f4, sex]}
  breslow: {family: cox, response: relapse, terms: [f1, f4, sex], ties: breslow, strata: site}
  ridge: {family: logistic, response: response, terms: [f1, f2, f3, f4, age], scale: {age: [62, 8]}, penalty: {kind: ridge, lambda: [0.3, 0.1]}}
  lasso: {family: logistic, response: response, terms: [f1, f2, f3, f4, age], scale: {age: [62, 8]}, penalty: {kind: lasso, path: 5, ratio: 0.1}}
  elastic: {family: poisson, response: count, terms: [f1, f2, f3], offset: logt, penalty: {kind: elastic, alpha: 0.5, lambda: [2, 0.5]}}
  coxlasso: {family: cox, response: relapse, terms: [f1, f2, f3, f4, age], scale: {age: [62, 8]}, ties: breslow, penalty: {kind: lasso, path: 5, ratio: 0.1}}
  loso: {family: cox, response: relapse, terms: [f1, f4, sex], validate: leave-one-site-out}
  losologit: {family: logistic, response: response, terms: [f1, f3], validate: leave-one-site-out}
  losolasso: {family: cox, response: relapse, terms: [f1, f2, f3, f4], ties: breslow, penalty: {kind: lasso, lambda: [0.1, 0.02]}, validate: leave-one-site-out}
  coarse: {family: cox, response: relapse, terms: [f1, f4, sex], ties: breslow, digits: 3, penalty: {kind: lasso, lambda: [0.03]}, validate: leave-one-site-out}
  coarsepath: {family: cox, response: relapse, terms: [f1, f2, f3, f4], ties: breslow, digits: 3, penalty: {kind: lasso, path: 5, ratio: 0.1}}'
fit_all() { # patients, models
    patients=$1
    shift
    python3 "$maker" . "$patients"
    make_study s "$models"
    sed -i 's/, logt: number/&, stage: {levels: [I, II, III]}/' s.yaml
    for model in "$@"; do
        make_keys
        printf '%s: %s rounds\n' "$model" "$(rounds s "$model")"
    done
    Rscript "$oracle" all.csv . "$@"
}
fit_all 150 calibration update
fit_all 150 efron breslow pois
fit_all 150 coarse
fit_all 150 coarsepath
fit_all 600 logit pois ridge lasso elastic coxlasso loso losologit losolasso

# All levels of a factor together.
models='  staged: {family: logistic, response: response, terms: [f1, stage]}
  coxstaged: {family: cox, response: relapse, terms: [f1, stage, sex]}
  poisstaged: {family: poisson, response: count, terms: [stage, sex], offset: logt}'
fit_all 300 staged coxstaged poisstaged

# A lambda by a criterion of the fit to all, and sites left out at that one.
models='  bic: {family: cox, response: relapse, terms: [f1, f2, f3, f4], ties: breslow, penalty: {kind: lasso, path: 5, ratio: 0.1, choose: bic}, validate: leave-one-site-out}
  aic: {family: logistic, response: response, terms: [f1, f2, f3, f4], penalty: {kind: lasso, path: 5, ratio: 0.1, choose: aic}, validate: leave-one-site-out}
  coarsebic: {family: cox, response: relapse, terms: [f1, f2, f3, f4], ties: breslow, digits: 2, penalty: {kind: lasso, path: 5, ratio: 0.1, choose: bic}, validate: leave-one-site-out}'
fit_all 600 bic
fit_all 600 aic
fit_all 150 coarsebic
