/* A signature from weights of R or Python. */
#include "command.h"

#include "../federate/site/weights.h"
#include "../io/bytes.h"

#include <string.h>

enum { MODEL, OF, OUTPUT, RUN, ID, TITLE, VERSION, DATE, LINK, BASELINE, UNIT, STUDY, HARMONISED, CUT };
static const rad_option options[] = {
    [MODEL] = {"--model", 'm', "WORD", "linear, logistic or cox"},
    [OF] = {"--of", 0, "NAME", "the model, where the table is model_coefficients.csv of a pool"},
    [OUTPUT] = {"--output", 'o', "FILE.yaml", "default: standard output"},
    [RUN] = {"--run", 0, "RUN", "the run that the features are of: their definitions and settings are kept"},
    [ID] = {"--id", 0, "NAME", "what the signature is called; default: as the table, without its ending"},
    [TITLE] = {"--title", 0, "TEXT", "what it is, in words"},
    [VERSION] = {"--version", 0, "TEXT", "which version of the signature it is"},
    [DATE] = {"--date", 0, "DATE", "when it was made"},
    [LINK] = {"--link", 0, "WORD", "of a logistic model: logit (default), probit or cloglog"},
    [BASELINE] = {"--baseline", 0, "FILE.csv",
                  "of a Cox model: columns time and survival, where all features "
                  "are at their centres"},
    [UNIT] = {"--unit", 0, "WORD", "unit of these times"},
    [STUDY] = {"--study", 's', "STUDY.yaml", "the study that it comes from: its hash is kept"},
    [HARMONISED] = {"--harmonised", 0, "FILE",
                    "the harmonisation.json that its rows went through: its hash is kept"},
    [CUT] = {"--cut", 0, "NAME=TEXT...", "a class: \"high=score > 0.3\"; again and again"},
};

/* The name of the table without folder and ending. */
static void name_signature(const char *path, char id[256]) {
    const char *slash = strrchr(path, '/');
    snprintf(id, 256, "%.200s", slash ? slash + 1 : path);
    char *dot = strrchr(id, '.');
    if (dot && dot != id) *dot = '\0';
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    char id[256];
    rad_warnings warnings = {.count = 0};
    rad_bytes text = {0};
    if (!a->value[MODEL])
        return rad_fail(error, RAD_USAGE, "signature: --model is needed: linear, logistic or cox");
    name_signature(a->operand[0], id);
    const rad_weights_about about = {.weights = a->operand[0],
                                     .of = a->value[OF],
                                     .run = a->value[RUN],
                                     .id = a->value[ID]   ? a->value[ID]
                                           : a->value[OF] ? a->value[OF]
                                                          : id,
                                     .title = a->value[TITLE],
                                     .version = a->value[VERSION],
                                     .date = a->value[DATE],
                                     .model = a->value[MODEL],
                                     .link = a->value[LINK],
                                     .baseline = a->value[BASELINE],
                                     .unit = a->value[UNIT],
                                     .study = a->value[STUDY],
                                     .harmonised = a->value[HARMONISED],
                                     .cuts = a->many,
                                     .cut_count = a->many_count};
    rad_status status = rad_weights_convert(&about, &text, &warnings, error);
    rad_print_warnings(&warnings);
    if (status == RAD_OK) status = rad_bytes_write(a->value[OUTPUT], &text, 1, error);
    rad_bytes_free(&text);
    return status;
}

const rad_command rad_command_signature = {
    "signature",
    "WEIGHTS.csv",
    1,
    1,
    "Makes a signature of weights that R or Python wrote: name, weight, and centre, scale, transform.",
    options,
    sizeof options / sizeof options[0],
    run,
};
