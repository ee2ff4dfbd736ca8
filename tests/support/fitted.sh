# Models in rounds of every kind, ended: their tables and pages in the working folder. $run, rounds.sh and checks.sh are
# there. From tests/support/rounds.py, within the default rules.
# shellcheck shell=sh
fitted_models='  plain: {family: logistic, response: response, terms: [f1, f3, age, sex]}
  counts: {family: poisson, response: count, terms: [f2, sex], offset: logt, validate: leave-one-site-out, digits: 3}
  path: {family: logistic, response: response, terms: [f1, f2, f3, f4, age], scale: {age: [62, 8]}, penalty: {kind: elastic, alpha: 0.5, path: 5, ratio: 0.1}}
  left: {family: logistic, response: response, terms: [f1, f3], validate: leave-one-site-out}
  times: {family: cox, response: relapse, terms: [f1, f2, f3, f4], ties: breslow, digits: 3, penalty: {kind: lasso, lambda: [0.1, 0.05, 0.02]}, validate: leave-one-site-out}
  few: {family: logistic, response: response, terms: [f1], rounds: 3}'
make_fitted() { # patients
    python3 "$maker" . "$1"
    make_study fitted "$fitted_models"
    for model in plain counts path left times few; do
        make_keys
        rounds fitted $model >rounds.out 2>&1 || [ $model = few ] || { cat rounds.out && return 1; }
        [ $model != few ] || grep -q 'did not converge' rounds.out || return 1
    done
}
