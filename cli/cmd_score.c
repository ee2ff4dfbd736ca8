/* Scores of a site's rows by a signature. */
#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/signed.h"
#include "../federate/site/scoring.h"
#include "../io/bytes.h"

#include <stdio.h>

enum { SIGNATURE, OUTPUT, RUN, PATIENT, CLINICAL, HARMONISED, COORDINATOR, FORMULAS };
static const rad_option options[] = {
    [SIGNATURE] = {"--model", 'm', "SIGNATURE.yaml", "features, weights and cuts; docs/signatures.md"},
    [OUTPUT] = {"--output", 'o', "FILE.csv", "default: standard output"},
    [RUN] = {"--run", 0, "RUN", "beside a table: the run that says how its columns were computed"},
    [PATIENT] = {"--patient", 0, "COLUMN", "column of a table that names the case; default case, or patient"},
    [CLINICAL] = {"--clinical", 0, "TABLE.csv", "numbers beside the features (age), joined by that column"},
    [HARMONISED] = {"--harmonised", 0, "FILE",
                    "the harmonisation.json that the rows of the table went through"},
    [COORDINATOR] = {"--coordinator", 0, "PUB",
                     "public key of the coordinator, who must have signed the signature (FILE.sig)"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

/* The signature, signed by the coordinator where one is named. */
static rad_status read_model(const rad_arguments *a, rad_score_model *p, rad_error *error) {
    const char *path = a->value[SIGNATURE], *key = a->value[COORDINATOR];
    char by[2 * RAD_KEY_BYTES + 1];
    rad_trusted coordinator = {.count = 0};
    rad_warnings warnings = {.count = 0};
    rad_bytes file = {0};
    rad_status status = key ? rad_trusted_read_one(key, &coordinator, error) : RAD_OK;
    if (status == RAD_OK) status = rad_signed_read(path, key ? &coordinator : NULL, &file, by, error);
    if (status == RAD_OK)
        status = rad_score_model_parse((const char *)file.data, file.length, path, p, error);
    if (status == RAD_OK && !key)
        rad_warn(&warnings, "%s: whoever is in between can change it; --coordinator PUB asks for a signature",
                 path);
    rad_print_warnings(&warnings);
    rad_bytes_free(&file);
    rad_trusted_free(&coordinator);
    return status;
}

static rad_status put(FILE *out, void *context, rad_error *error) {
    return rad_scoring_put(out, context, error);
}

static rad_status score(const rad_arguments *a, const rad_score_model *p, rad_scoring *s, rad_error *error) {
    const rad_score_source from = {a->operand[0],        a->value[RUN],      a->value[PATIENT],
                                   a->value[HARMONISED], a->value[CLINICAL], a->value[SIGNATURE]};
    rad_warnings warnings = {.count = 0};
    rad_status status = rad_scoring_open(&from, p, s, &warnings, error);
    rad_print_warnings(&warnings);
    if (status != RAD_OK) return status;
    status = rad_bytes_stream(a->value[OUTPUT], put, s, error);
    if (status == RAD_OK)
        rad_show(stderr, "radiomill: %s: %zu row%s, %zu scored by %s (%.16s)\n", s->path, s->rows,
                 rad_plural(s->rows), s->rows - s->empty, p->id, p->hash);
    if (status == RAD_OK && s->empty)
        status =
            rad_fail(error, RAD_PARTIAL, "%s: %zu of %zu row%s without a score; the column reason says why",
                     s->path, s->empty, s->rows, rad_plural(s->rows));
    rad_scoring_close(s);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_score_model p = {.term_count = 0};
    if (!a->value[SIGNATURE]) return rad_fail(error, RAD_USAGE, "score: --model SIGNATURE.yaml is needed");
    rad_scoring *s = rad_new(1, sizeof *s, error);
    rad_status status = s ? rad_argument_formulas(a->value[FORMULAS], error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_argument_csv(a->value[OUTPUT], error);
    if (status == RAD_OK) status = read_model(a, &p, error);
    if (status == RAD_OK) status = score(a, &p, s, error);
    rad_score_model_free(&p);
    rad_free(s);
    return status;
}

const rad_command rad_command_score = {
    "score",
    "RUN|TABLE.csv",
    1,
    1,
    "Scores of each case and ROI by a signature: linear model, probability or risks, classes.",
    options,
    sizeof options / sizeof options[0],
    run,
};
