#!/bin/sh
# Pooled tables against R on the pooled rows (below the rules of disclosure: they are tested elsewhere).
set -eu
. tests/support/checks.sh
build=${BUILD:-build}
trap 'rm -rf "$work"' EXIT
python3 tests/support/cohort.py "$work" 4 60 40
cat >"$work/study.yaml" <<'X'
study: generated
patient: patient
features: [f*]
covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex, stage]
tables: [[sex, stage], [sex, response]]
covariance: [f*, age]
redundancy: 0.5
volume: f0001
model: [age, sex, stage]
analyses: [moments, skewness, groups, histograms, tables, covariance, model]
variables:
  age: {centre: 60}
X
cat "$work/steps" >>"$work/study.yaml"
"$build/tests/no_rules" "$work/study.yaml" "$work/all.csv" 4 "$work/generated"
Rscript tests/oracle/pool.R "$work/all.csv" "$work/generated"
Rscript tests/oracle/relations.R "$work/all.csv" "$work/generated" f0001

# Weights of models of R, as signatures: scores are predict().
Rscript tests/oracle/signature.R make "$work/all.csv" "$work"
for m in logit probit cloglog linear cox scaled; do
    case $m in
    linear) kind='linear' ;;
    cox) kind="cox --baseline $work/baseline.csv" ;;
    scaled) kind='logistic' ;;
    *) kind="logistic --link $m" ;;
    esac
    # shellcheck disable=SC2086 # the model and its options are words
    "$build/radiomill" signature "$work/w_$m.csv" -m $kind --cut 'high=score > 0.3' -o "$work/$m.yaml" 2>/dev/null
    "$build/radiomill" score "$work/all.csv" -m "$work/$m.yaml" -o "$work/s_$m.csv" 2>/dev/null
done
Rscript tests/oracle/signature.R check "$work/all.csv" "$work"

# Models from sums: on columns that nobody misses, of very different scales.
python3 tests/support/models.py "$work/steps" >"$work/models.yaml"
"$build/tests/no_rules" "$work/models.yaml" "$work/all.csv" 4 "$work/models"
Rscript tests/oracle/linear_models.R "$work/all.csv" "$work/models" 4

# Table 1, with values that are missing and levels that are derived.
python3 -c "
import csv, random
rng = random.Random(3)
rows = list(csv.DictReader(open('$work/all.csv')))
out = csv.DictWriter(open('$work/patients.csv', 'w'), list(rows[0]) + ['old'])
out.writeheader()
for r in rows:
    r['old'] = 'yes' if int(r['age']) > 60 else 'no'
    r['stage'] = r['stage'] if rng.random() < 0.8 else ''
    if rng.random() < 0.1:
        r['age'] = r['old'] = ''
    out.writerow(r)"
cat >"$work/patients.yaml" <<X
study: patients
patient: patient
features: [f0001]
covariates: {age: {unit: years, step: 1}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
derived: {old: "age > 60"}
groups: [sex, stage]
tables: [[sex, stage], [sex, response], [response, stage], [old, stage]]
analyses: [moments, groups, histograms, tables]
X
"$build/tests/no_rules" "$work/patients.yaml" "$work/patients.csv" 4 "$work/patients"
Rscript tests/oracle/table1.R "$work/patients.csv" "$work/patients" age sex,stage,response,old sex,stage

# Times to events with ties, zeros, censoring all along and missing values; a coarse and a fine grid.
python3 -c "
import csv, random
rng = random.Random(11)
rows = list(csv.DictReader(open('$work/all.csv')))
out = csv.DictWriter(open('$work/times.csv', 'w'), list(rows[0]))
out.writeheader()
for i, r in enumerate(rows):
    event, censored = rng.expovariate(0.02 if r['sex'] == 'F' else 0.05), rng.uniform(0, 70)
    time = 0 if i % 40 == 3 else round(min(event, censored) * 2) / 2
    r.update(months=time if i % 50 else '', relapse='' if i % 30 == 7 else int(event < censored))
    out.writerow(r)"
coarse=0,6,12,24,36,48 fine=0,1,2,3,4,6,8,10,12,15,18,21,24,30,36,48,54,60.5
cat >"$work/times.yaml" <<X
study: times
patient: patient
features: [f0000]
covariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III, IV]}}
outcomes:
  response: {levels: ["no", "yes"]}
  coarse: {time: months, event: relapse, unit: months, grid: [$coarse]}
  fine: {time: months, event: relapse, grid: [$fine], groups: [sex, response]}
groups: [sex, stage]
analyses: [survival, moments]
X
for sites in 4 1; do
    "$build/tests/no_rules" "$work/times.yaml" "$work/times.csv" $sites "$work/times$sites"
    Rscript tests/oracle/survival.R "$work/times.csv" "$work/times$sites" coarse months relapse $coarse
    Rscript tests/oracle/survival.R "$work/times.csv" "$work/times$sites" fine months relapse $fine
done

# Levels that the study derives of a number: curves and log-rank tests are those of a column.
cut=$(python3 -c "
import csv, statistics
rows = list(csv.DictReader(open('$work/times.csv')))
cut = statistics.median(float(r['f0001']) for r in rows)
out = csv.DictWriter(open('$work/risk.csv', 'w'), list(rows[0]) + ['high', 'third'])
out.writeheader()
for r in rows:
    age = int(r['age'])
    r.update(high='yes' if float(r['f0001']) > cut else 'no', third='young' if age <= 45 else 'old' if age > 65 else 'middle')
    out.writerow(r)
print(repr(cut))")
cat >"$work/risk.yaml" <<X
study: risk
patient: patient
features: [f0001]
covariates: {age: {step: 1}}
outcomes: {fine: {time: months, event: relapse, grid: [$fine]}}
derived: {high: "f0001 > $cut", third: {of: age, cuts: [45, 65], levels: [young, middle, old]}}
groups: [high, third]
analyses: [survival, moments]
variables:
$(cat "$work/steps")
X
"$build/tests/no_rules" "$work/risk.yaml" "$work/risk.csv" 4 "$work/risk"
Rscript tests/oracle/survival.R "$work/risk.csv" "$work/risk" fine months relapse $fine

# Scores with ties, for two outcomes and times with ties; at one site, too.
python3 -c "
import csv, math, random
rng = random.Random(1)
out = csv.writer(open('$work/scores.csv', 'w'))
out.writerow('patient f0 risk points response months died'.split())
for i in range(480):
    z = rng.gauss(0, 1)
    risk, points = round(1 / (1 + math.exp(0.4 - z)), 3), round(2 * z)
    time, censored = rng.expovariate(0.03 * math.exp(0.6 * z)), rng.uniform(0, 60)
    out.writerow(['P%d' % i, rng.gauss(10, 2), risk if i % 37 else '', points,
                  ('yes' if rng.random() < risk else 'no') if i % 41 else '',
                  round(min(time, censored), 0 if i % 3 else 1) if i % 43 else '', int(time < censored)])"
cat >"$work/scores.yaml" <<'X'
study: scores
patient: patient
features: [f0]
covariates: {risk: number, points: number}
outcomes: {response: {levels: ["no", "yes"]}, death: {time: months, event: died, grid: [0, 12, 24, 36]}}
performance:
  risk: {score: risk, outcome: response, event: "yes", scale: probability, cuts: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]}
  points: {score: points, outcome: response, event: "yes", cuts: [-1, 0, 1, 2]}
  survival: {score: risk, outcome: death}
  survival_points: {score: points, outcome: death}
analyses: [moments, performance]
X
for sites in 4 1; do
    "$build/tests/no_rules" "$work/scores.yaml" "$work/scores.csv" $sites "$work/scores$sites"
    Rscript tests/oracle/performance.R "$work/scores.csv" "$work/scores$sites"
done

# The same times, of which a third of the events is of another cause.
python3 -c "
import csv
rows = list(csv.DictReader(open('$work/times.csv')))
out = csv.DictWriter(open('$work/causes.csv', 'w'), list(rows[0]))
out.writeheader()
for i, r in enumerate(rows):
    r['relapse'] = '2' if r['relapse'] == '1' and i % 3 == 0 else r['relapse']
    out.writerow(r)"
for sites in 4 1; do
    cat >"$work/causes.yaml" <<X
study: causes
patient: patient
features: [f0000]
covariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {end: {time: months, event: relapse, causes: [relapse, death], grid: [$fine], groups: [sex, stage]}}
analyses: [survival, moments]
X
    "$build/tests/no_rules" "$work/causes.yaml" "$work/causes.csv" $sites "$work/causes$sites"
    Rscript tests/oracle/incidence.R "$work/causes.csv" "$work/causes$sites" end months relapse relapse,death $fine
done

# Ranks within sites, of values with ties among them.
cat >"$work/ranks.yaml" <<'X'
study: ranks
patient: patient
features: ["f000?"]
covariates: {age: {step: 10}, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
groups: [sex, stage]
analyses: [moments, groups, ranks]
variables:
X
cat "$work/steps" >>"$work/ranks.yaml"
for sites in 4 1; do
    "$build/tests/no_rules" "$work/ranks.yaml" "$work/all.csv" $sites "$work/ranks$sites"
    Rscript tests/oracle/ranks.R "$work/all.csv" "$work/ranks$sites"
done

# Harmonisation by command: four sites of unequal size, with and without a reference, one of 10 patients, small ones as
# one batch. Small ones have as many women as men: of sets of three patients two always dominate.
run=$build/radiomill
for s in 1 2 3 4; do
    "$run" keygen "S$s" -o "$work" >/dev/null
done
cat "$work"/S?.pub >"$work/trusted"
echo 'mode: datashield' >"$work/policy.yaml" # small sites, which allow it
harmonise() { # features, covariates, rows of each site, batches that are expected, reference site or -, a line of the study, script, an analysis
    forget
    rm -rf "$work"/h?.radsum "$work/pooled"
    cat >"$work/h.yaml" <<X
study: harmonise
patient: patient
features: $1
covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
model: [$2]
analyses: [moments, model${8:-}]
${8:+covariance: [f0000, f0001, f0002, f0003, f0005, f0006, f0008, f0009]}
thresholds: {mode: datashield}
variables:
$(cat "$work/steps")
$6
X
    [ "$5" = - ] || echo "reference: $5" >>"$work/h.yaml"
    s=0
    for rows in $3; do
        s=$((s + 1))
        awk -F, -v n="$rows" 'NR == 1 || n > 20 && NR <= n + 1 || n <= 20 && ++seen[$3] <= n / 2' "$work/s$s.csv" >"$work/h$s.csv"
        "$run" summarise "$work/h$s.csv" -s "$work/h.yaml" -k "$work/S$s.key" -o "$work/h$s.radsum" -p "$work/policy.yaml" --withhold >/dev/null 2>&1
    done
    "$run" pool "$work/h.yaml" "$work"/h?.radsum -k "$work/trusted" -o "$work/pooled" >/dev/null
    for s in 1 2 3 4; do
        "$run" harmonise "$work/h$s.csv" -s "$work/h.yaml" -m "$work/pooled/harmonisation.json" --site "S$s" |
            if [ $s -eq 1 ]; then cat; else sed 1d; fi
    done >"$work/adjusted.csv"
    for s in 1 2 3 4; do
        if [ $s -eq 1 ]; then cat "$work/h1.csv"; else sed 1d "$work/h$s.csv"; fi
    done >"$work/h.csv"
    script=${7:-combat}
    if [ "$5" = - ]; then set -- "$1" "$2" "$3" "$4"; fi
    Rscript "tests/oracle/$script.R" "$work/h.csv" "$work/pooled" "$work/adjusted.csv" "$(echo "$2" | tr -d ' ')" "$4" ${5:+"$5"}
}
few='[f0000, f0001, f0002, f0003, f0004, f0005, f0006, f0008, f0009, f0010, f0011, f0012, f0013, f0014, f0015, f0016, f0018, f0019, f0020, f0021, f0022,
    f0023, f0024, f0025]' # nobody misses these
harmonise "$few" 'age, sex, stage' '60 45 52 24' 4 - ''
harmonise "$few" 'age, sex, stage' '60 45 52 24' 4 S2 ''
harmonise '["f000?", "f001?"]' 'age, sex, stage' '60 45 52 24' 4 S1 ''
harmonise "$few" 'age, sex' '60 45 52 10' 4 - ''
harmonise "$few" 'age, sex' '60 45 12 10' 3 - 'batches: {minimum: 20, small: merge}'
harmonise "$few" 'age, sex' '60 30 50 10' 3 S3 'batches: {minimum: 20, small: merge}'
harmonise "$few" 'age, sex' '60 55 50 60' 12 - 'batches: {by: stage, minimum: 4}' combat_within
harmonise "$few" 'age' '60 55 50 60' 12 - 'batches: {by: stage, minimum: 4}' combat_within
harmonise "$few" 'age, sex' '60 55 50 60' 4 - 'batches: {covariance: 0.8}' covbat ', covariance'

# Repeats: three occasions, some of them missing, of four sites.
python3 -c "
import csv, random
rng = random.Random(5)
rows = list(csv.DictReader(open('$work/all.csv')))
out = csv.DictWriter(open('$work/repeats.csv', 'w'), ['session'] + list(rows[0]))
out.writeheader()
for r in rows:
    for session in ('a', 'b', 'c'):
        if session != 'a' and rng.random() < 0.1: continue
        new = dict(r, session=session)
        for name in r:
            if name[0] == 'f' and r[name] and session != 'a':
                new[name] = repr(float(r[name]) * (1 + rng.gauss(0.02 * (session == 'c'), 0.1)))
        out.writerow(new)"
printf 'study: repeats\npatient: patient\nfeatures: [f000?]\nrepeats: {occasion: session, levels: [a, b, c]}\nanalyses: [reliability]\nvariables:\n%s\n' "$(cat "$work/steps")" >"$work/repeats.yaml"
"$build/tests/no_rules" "$work/repeats.yaml" "$work/repeats.csv" 4 "$work/reliable"
Rscript tests/oracle/reliability.R "$work/repeats.csv" "$work/reliable"
grep -v '^c,' "$work/repeats.csv" >"$work/twice.csv"
sed 's/, c\]/]/' "$work/repeats.yaml" >"$work/twice.yaml"
"$build/tests/no_rules" "$work/twice.yaml" "$work/twice.csv" 4 "$work/twice"
Rscript tests/oracle/reliability.R "$work/twice.csv" "$work/twice"
sed 's/levels: \[a, b, c\]/&, groups: [sex, stage]/; s/^features: .*/&\ncovariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}/; s/\[reliability\]/[reliability, change]/' "$work/repeats.yaml" >"$work/change.yaml"
"$build/tests/no_rules" "$work/change.yaml" "$work/repeats.csv" 4 "$work/change"
Rscript tests/oracle/change.R "$work/repeats.csv" "$work/change" session sex stage

# By the rules: five sites, of whom one has few women and one few responses.
mkdir "$work/subset"
python3 tests/support/cohort.py "$work/subset" 5 90 6
cat >"$work/subset/study.yaml" <<'X'
study: subset
patient: patient
features: [f*]
covariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}
outcomes: {response: {levels: ["no", "yes"]}}
groups: [sex, response]
tables: [[sex, response], [sex, stage]]
analyses: [moments, groups, tables]
variables:
X
cat "$work/subset/steps" >>"$work/subset/study.yaml"
awk -F, -v OFS=, 'NR > 5 { $3 = "M" } { print }' "$work/subset/s4.csv" >"$work/subset/few" && mv "$work/subset/few" "$work/subset/s4.csv"
awk -F, -v OFS=, 'NR > 1 { $5 = NR > 5 ? "no" : "yes" } { print }' "$work/subset/s5.csv" >"$work/subset/few" && mv "$work/subset/few" "$work/subset/s5.csv"
forget
for s in 1 2 3 4 5; do
    "$run" keygen "s$s" -o "$work/subset" >/dev/null
    "$run" summarise "$work/subset/s$s.csv" -s "$work/subset/study.yaml" -k "$work/subset/s$s.key" -o "$work/subset/s$s.radsum" --withhold >/dev/null 2>&1
done
cat "$work"/subset/s?.pub >"$work/subset/trusted"
"$run" pool "$work/subset/study.yaml" "$work"/subset/s?.radsum -k "$work/subset/trusted" -o "$work/subset/pooled" --withhold >/dev/null 2>&1
Rscript tests/oracle/subset.R "$work/subset/pooled" "$work/subset/s1" "$work/subset/s2" "$work/subset/s3" "$work/subset/s4" "$work/subset/s5"

table=$RADIOMILL_DATA/cohort/sts_features.csv
if [ ! -e "$table" ]; then
    echo "no $table: the cohort of 51 patients is left out"
    exit 0
fi
cat >"$work/sts.yaml" <<'X'
study: sts
patient: patient
features: ["*"]
variables: {"*_original_stat_energy": {transform: log}}
analyses: [moments, skewness, groups, histograms, tables, covariance]
X
"$build/tests/no_rules" "$work/sts.yaml" "$table" 4 "$work/sts"
Rscript tests/oracle/pool.R "$table" "$work/sts"
