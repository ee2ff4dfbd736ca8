#include "command.h"
#include "screen.h"

#include "../library/rounds.h"

#include <stdio.h>

enum { MODEL, TRUSTED, KEY, OUTPUT, FROM, MOMENTS, RESULTS, GO_ON };
static const rad_option options[] = {
    [MODEL] = {"--model", 'm', "NAME", "which of the models of the study"},
    [TRUSTED] = {"--trusted", 'k', "KEYS",
                 "public keys of the sites, a line each: the .pub files one after the other"},
    [KEY] = {"--key", 0, "COORDINATOR.key", "secret key of the coordinator: signs the state, opens answers"},
    [OUTPUT] = {"--output", 'o', "NAME.state",
                "the state: begun where it is not there, else read and replaced by the next; default: "
                "MODEL.state"},
    [FROM] = {"--from", 0, "NAME.state", "read this state in its place"},
    [MOMENTS] = {"--moments", 0, "pooled.json",
                 "of an earlier pool: which variables patterns mean, and the scale of terms (scale: pooled)"},
    [RESULTS] = {"--results", 0, "DIR", "folder of the tables at the end; default: that of the state"},
    [GO_ON] = {"--go-on", 0, NULL, "without sites that answered before and do not any more"},
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    const rad_control control = {.note = rad_print_note};
    char usual[128], *said = NULL;
    if (!a->value[MODEL]) return rad_fail(error, RAD_USAGE, "fit: --model NAME is needed");
    snprintf(usual, sizeof usual, "%.100s.state", a->value[MODEL]);
    const rad_fit_options o = {.study = a->operand[0],
                               .model = a->value[MODEL],
                               .state = a->value[OUTPUT] ? a->value[OUTPUT] : usual,
                               .from = a->value[FROM],
                               .answers = a->operand + 1,
                               .answer_count = a->operands - 1,
                               .trusted = a->value[TRUSTED],
                               .key = a->value[KEY],
                               .moments = a->value[MOMENTS],
                               .results = a->value[RESULTS],
                               .go_on = a->value[GO_ON] != NULL};
    if (o.key) rad_hold_secrets();
    rad_status status = rad_fit_model(&o, &control, &said, error);
    rad_screen_text(said);
    rad_text_free(said);
    return status;
}

const rad_command rad_command_fit = {
    "fit",
    "STUDY.yaml [SITE.radsum...]",
    1,
    RAD_OPERANDS_MAX,
    "Fits a model over the sites in rounds: begins it, or adds up their answers to its state and writes the "
    "next one, and at the end its tables.",
    options,
    sizeof options / sizeof options[0],
    run,
};
