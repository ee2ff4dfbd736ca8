#include "command.h"

#include "../core/memory.h"
#include "../federate/signed.h"
#include "../federate/site/harmonise.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../report/fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STUDY, MODEL, SITE, JOIN, OUTPUT, CLINICAL, COORDINATOR, FORMULAS };
static const rad_option options[] = {
    [STUDY] = {"--study", 's', "STUDY.yaml", "the study that was pooled"},
    [MODEL] = {"--model", 'm', "FILE", "harmonisation.json of the pool"},
    [SITE] = {"--site", 0, "NAME", "the site of these rows"},
    [JOIN] = {"--join", 0, NULL, "the site was not in the pool: its effect is estimated from these rows"},
    [OUTPUT] = {"--output", 'o', "FILE.csv", "default: standard output"},
    [CLINICAL] = {"--clinical", 0, "TABLE.csv", "covariates, joined by the patient column"},
    [COORDINATOR] = {"--coordinator", 0, "PUB",
                     "public key of the coordinator, who must have signed the model (FILE.sig)"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

typedef struct job {
    rad_study study;
    rad_harmonisation combat;
    rad_cohort cohort;
    double *columns;          /* [column][row], owned */
    rad_batched batches;      /* within the site, where the study has them */
    size_t factor;            /* whose levels they are */
    double *added;            /* by harmonising components, [variable][row]; NULL: none; owned */
    rad_site_effect *effects; /* [first level of a batch, or the site][variable], owned */
} job;

/* The pool's variables are those of these rows, in the same order. */
static rad_status check_variables(const job *j, const char *table, rad_error *error) {
    for (size_t v = 0; v < j->combat.count || v < j->cohort.count; v++) {
        const char *wanted = v < j->combat.count ? j->combat.variables[v].name : "nothing more",
                   *here = v < j->cohort.count ? j->cohort.variables[v].name : "nothing more";
        if (strcmp(wanted, here) != 0)
            return rad_fail(error, RAD_CONFIG,
                            "%s: has %s where the pool has %s; the same columns are needed", table, here,
                            wanted);
    }
    return RAD_OK;
}

static rad_status find_effects(const rad_arguments *a, job *j, rad_error *error) {
    const rad_harmonisation *c = &j->combat;
    const char *site = a->value[SITE] ? a->value[SITE] : "(--site is missing)";
    size_t i = 0;
    const rad_batch_rows all = {&j->cohort, j->columns, NULL};
    if (a->value[JOIN] && !*c->by) return rad_harmonise_join(c, &j->study, &all, j->effects, error);
    while (i < c->sites && strcmp(c->site[i], site) != 0) i++;
    if (i == c->sites && !a->value[JOIN])
        return rad_fail(
            error, RAD_CONFIG,
            "%s: has no site %.60s; a new one, or one that was left out, is harmonised with --join",
            a->value[MODEL], site);
    if (*c->by) return rad_harmonise_batches(c, &j->study, &all, &j->batches, j->effects, error);
    memcpy(j->effects, c->effects + i * c->count, c->count * sizeof *j->effects);
    return RAD_OK;
}

/* Of the batch of a row; NULL: it is of none. */
static const rad_site_effect *effects_of(const job *j, size_t row) {
    if (!*j->combat.by) return j->effects;
    const int8_t level = j->cohort.levels[j->factor * j->cohort.rows + row];
    const int8_t batch = (int8_t)(level < 0 ? -1 : j->batches.of[level]);
    return batch < 0 ? NULL : j->effects + (size_t)batch * j->combat.count;
}

static rad_status put_rows(FILE *out, void *context, rad_error *error) {
    const job *j = context;
    const rad_cohort *c = &j->cohort;
    double columns[RAD_DESIGN_MAX];
    (void)error;
    rad_csv_put(out, j->study.patient);
    for (size_t v = 0; v < c->count; v++)
        if (j->combat.variables[v].used) rad_fields_text(out, c->variables[v].name);
    rad_fields_end(out);
    for (size_t r = 0; r < c->rows; r++) {
        rad_csv_put(out, c->patients[r]);
        for (size_t k = 0; k < j->combat.columns; k++) columns[k] = j->columns[k * c->rows + r];
        const rad_site_effect *effects = effects_of(j, r);
        for (size_t v = 0; v < c->count; v++) {
            if (!j->combat.variables[v].used) continue;
            const double y = effects ? (j->added ? j->added[v * c->rows + r] : 0) +
                                           rad_harmonise_value(&j->combat, v, &effects[v],
                                                               c->values[v * c->rows + r], columns) +
                                           c->variables[v].transform.centre
                                     : NAN;
            rad_fields_number(out, c->variables[v].transform.logarithm ? exp(y) : y);
        }
        rad_fields_end(out);
    }
    return RAD_OK;
}

/* Variables that the pool could not harmonise are not in the output, and named. */
static rad_status check_used(const job *j, const char *model, rad_error *error) {
    rad_warnings warnings = {.count = 0};
    size_t used = 0;
    for (size_t v = 0; v < j->combat.count; v++) used += j->combat.variables[v].used;
    rad_harmonisation_explain(&j->combat, &warnings);
    if (!used)
        return rad_fail(error, RAD_CONFIG, "%s: no variable is harmonised: %s", model,
                        warnings.count ? warnings.text[0] : "there is none");
    rad_print_warnings(&warnings);
    return RAD_OK;
}

/* The file of the pool, signed by the coordinator where one is named. */
static rad_status read_model(const rad_arguments *a, job *j, rad_error *error) {
    const char *path = a->value[MODEL], *key = a->value[COORDINATOR];
    char by[2 * RAD_KEY_BYTES + 1];
    rad_trusted coordinator = {.count = 0};
    rad_warnings warnings = {.count = 0};
    rad_bytes file = {0};
    rad_status status = key ? rad_trusted_read_one(key, &coordinator, error) : RAD_OK;
    if (status == RAD_OK) status = rad_signed_read(path, key ? &coordinator : NULL, &file, by, error);
    if (status == RAD_OK)
        status =
            rad_harmonisation_parse((const char *)file.data, file.length, path, &j->study, &j->combat, error);
    if (status == RAD_OK && !key)
        rad_warn(&warnings, "%s: whoever is in between can change it; --coordinator PUB asks for a signature",
                 path);
    rad_print_warnings(&warnings);
    rad_bytes_free(&file);
    rad_trusted_free(&coordinator);
    return status;
}

static rad_status prepare(const rad_arguments *a, job *j, rad_error *error) {
    rad_status status = RAD_OK;
    rad_design *d = rad_new(1, sizeof *d, error);
    if (!d) return RAD_NO_MEMORY;
    if (!a->value[STUDY] || !a->value[MODEL])
        status = rad_fail(error, RAD_USAGE, "harmonise: --study and --model are needed");
    if (status == RAD_OK) status = rad_study_read(a->value[STUDY], &j->study, error);
    if (status == RAD_OK) status = read_model(a, j, error);
    if (status == RAD_OK) status = check_used(j, a->value[MODEL], error);
    if (status == RAD_OK)
        status = rad_cohort_read(a->operand[0], a->value[CLINICAL], &j->study, &j->cohort, error);
    if (status == RAD_OK) status = check_variables(j, a->operand[0], error);
    if (status == RAD_OK) status = rad_design_make(&j->study, d, error);
    if (status == RAD_OK && d->covariates != j->combat.columns)
        status = rad_fail(error, RAD_CONFIG, "%s: has a different model from the study", a->value[MODEL]);
    if (status == RAD_OK) {
        j->columns = rad_new_raw((d->count + 1) * j->cohort.rows, sizeof *j->columns, error);
        j->effects = rad_new(RAD_FACTOR_LEVELS * j->combat.count, sizeof *j->effects, error);
        status = j->columns && j->effects ? RAD_OK : RAD_NO_MEMORY;
    }
    if (status == RAD_OK) rad_cohort_columns(&j->cohort, &j->study, d, j->columns);
    if (status == RAD_OK && *j->combat.by) {
        j->factor = rad_study_factor(&j->study, j->combat.by);
        rad_batched_find(&j->cohort, &j->study, d, j->columns, &j->batches);
    }
    rad_free(d);
    if (status == RAD_OK) status = find_effects(a, j, error);
    const rad_batch_rows all = {&j->cohort, j->columns, NULL};
    if (status == RAD_OK && j->combat.covbat.count)
        status = rad_harmonise_components(&j->combat, &all, j->effects, &j->added, error);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    job j = {.columns = NULL};
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_csv(a->value[OUTPUT], error);
    if (status == RAD_OK) status = prepare(a, &j, error);
    if (status == RAD_OK) status = rad_bytes_stream(a->value[OUTPUT], put_rows, &j, error);
    rad_free(j.columns);
    rad_free(j.added);
    rad_free(j.effects);
    rad_cohort_free(&j.cohort);
    rad_harmonisation_free(&j.combat);
    rad_study_free(&j.study);
    return status;
}

const rad_command rad_command_harmonise = {
    "harmonise",
    "RUN|TABLE.csv",
    1,
    1,
    "Takes the effect of the site out of its own rows (ComBat), by the file that the pool wrote.",
    options,
    sizeof options / sizeof options[0],
    run,
};
