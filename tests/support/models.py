"""The study of tests/oracle/linear_models.R, on a cohort of cohort.py.

usage: models.py STEPS
"""
import sys

many = ["f%04d" % i for i in range(40) if i % 10 != 7]  # nobody misses these
some = ", ".join(n for n in many if n != "f0010")
few = "f0001, f0002, f0003, f0005"
steps = ", ".join(n for n in many if n < "f0014" and n != "f0010") + ", stage"
out = "validate: leave-one-site-out"
print("""study: models
patient: patient
features: [%s]
covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [stage, response]
model: [sex, age, stage]
analyses: [moments, groups, covariance, model]
models:""" % ", ".join(many))
penalised = "{family: gaussian, response: f0010, terms: [%s], %s, penalty: {%%s}}" % (some, out)
for name, what in {
    "ols": "{family: gaussian, response: f0000, terms: [%s, age, sex, stage], %s}" % (few, out),
    "forward_aic": "{family: gaussian, response: f0010, terms: [%s], forward: aic}" % steps,
    "forward_bic": "{family: gaussian, response: f0010, terms: [%s], forward: bic, %s}" % (steps, out),
    "lasso": penalised % "kind: lasso, path: 30, ratio: 0.01",
    "ridge": penalised % "kind: ridge, lambda: [5, 1, 0.1]",
    "elastic": penalised % "kind: elastic, alpha: 0.4, path: 12, ratio: 0.001",
    "mixed_reml": "{family: mixed, response: f0000, terms: [f0001, f0003, age, sex]}",
    "mixed_ml": "{family: mixed, response: f0000, terms: [f0001, f0003, age, sex], method: ml}",
    "lda": "{family: lda, response: response, terms: [f0000, %s], %s}" % (few, out),
    "lda_stage": "{family: lda, response: stage, terms: [f0000, %s], %s}" % (few, out),
}.items():
    print("  %s: %s" % (name, what))
print("variables:\n  age: {centre: 60}")
print(open(sys.argv[1]).read(), end="")
