#include "command.h"
#include "screen.h"
#include "site_options.h"

#include "../library/rounds.h"

#include <stdio.h>
#include <string.h>

enum {
    STUDY,
    STATE,
    KEY,
    OUTPUT,
    CLINICAL,
    POLICY,
    LEDGER,
    BEGIN,
    RENAMED,
    OTHERS,
    SET_ASIDE,
    PREVIEW,
    WITHHOLD,
    COORDINATOR,
    OPEN,
    THREADS
};
static const rad_option options[] = {
    RAD_SITE_OPTIONS,
    [STUDY] = {"--study", 's', "STUDY.yaml", "the study that the model is of"},
    [STATE] = {"--state", 0, "NAME.state", "the state of the model, by `radiomill fit`"},
    [OUTPUT] = {"--output", 'o', "FILE", "default: SITE-MODEL-ROUND.radsum"},
    [PREVIEW] = {"--preview", 0, "[PAGE.html]",
                 "show what would leave, in words or as a page with every number, and write nothing else"},
    [WITHHOLD] = {"--withhold", 0, NULL, "leave out of the study what the rules refuse"},
    [COORDINATOR] = {"--coordinator", 0, "PUB",
                     "public key of the coordinator: study and state must be signed by it, and the answer is "
                     "sealed to it; default: the one that the policy names"},
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_control control = {.note = rad_print_note};
    char *said = NULL;
    rad_hold_secrets();
    rad_status status = rad_argument_threads(a->value[THREADS], &control.threads, error);
    if (status == RAD_OK && (!a->value[STUDY] || !a->value[KEY] || !a->value[STATE]))
        status = rad_fail(error, RAD_USAGE, "step: --study, --state and --key are needed");
    if (status != RAD_OK) return status;
    const char *preview = a->value[PREVIEW];
    const rad_site_options o = {.table = a->operand[0],
                                .study = a->value[STUDY],
                                .key = a->value[KEY],
                                .output = a->value[OUTPUT],
                                .clinical = a->value[CLINICAL],
                                .policy = a->value[POLICY],
                                .ledger = a->value[LEDGER],
                                .renamed = a->value[RENAMED] != NULL,
                                .others = a->value[OTHERS] != NULL,
                                .begin_ledger = a->value[BEGIN] != NULL,
                                .set_aside = a->value[SET_ASIDE],
                                .preview = preview != NULL,
                                .page = preview && strcmp(preview, "--preview") != 0 ? preview : NULL,
                                .withhold = a->value[WITHHOLD] != NULL,
                                .coordinator = a->value[COORDINATOR],
                                .open = a->value[OPEN] != NULL};
    status = rad_step_site(&o, a->value[STATE], &control, &said, error);
    if (status == RAD_OK) rad_screen_text(said);
    rad_text_free(said);
    return status;
}

const rad_command rad_command_step = {
    "step",
    "RUN|TABLE.csv",
    1,
    1,
    "Answers a round of a model that is fitted over the sites: signed sums at the coefficients of its state, "
    "within the rules of disclosure.",
    options,
    sizeof options / sizeof options[0],
    run,
};
