#include "command.h"
#include "screen.h"
#include "site_options.h"

#include <stdio.h>
#include <string.h>

enum {
    STUDY,
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
    APPROVE,
    REHEARSE,
    WITHHOLD,
    COORDINATOR,
    OPEN,
    THREADS
};
static const rad_option options[] = {
    RAD_SITE_OPTIONS,
    [STUDY] = {"--study", 's', "STUDY.yaml", "what the statistician asks for"},
    [OUTPUT] = {"--output", 'o', "FILE", "default: SITE.radsum"},
    [PREVIEW] = {"--preview", 0, "[PAGE.html]",
                 "show what would leave, as words or as a page with every number, and write nothing else"},
    [APPROVE] = {"--approve", 0, "HASH",
                 "write only what has the hash that the page says, and keep the page"},
    [REHEARSE] = {"--rehearse", 0, NULL,
                  "write only what would fit, without a number (SITE.rehearsal); 8 between two releases"},
    [WITHHOLD] = {"--withhold", 0, NULL, "leave out what the rules refuse, and write the rest"},
    [COORDINATOR] = {"--coordinator", 0, "PUB",
                     "public key of the coordinator: the study must be signed by it (STUDY.sig), and the "
                     "summary is sealed to it; default: the one that the policy names"},
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_control control = {.note = rad_print_note};
    char *said = NULL;
    rad_hold_secrets();
    rad_status status = rad_argument_threads(a->value[THREADS], &control.threads, error);
    if (status == RAD_OK && (!a->value[STUDY] || !a->value[KEY]))
        status = rad_fail(error, RAD_USAGE, "summarise: --study and --key are needed");
    if (status != RAD_OK) return status;
    const char *preview = a->value[PREVIEW];
    if (a->value[REHEARSE] && (preview || a->value[APPROVE]))
        return rad_fail(error, RAD_USAGE, "summarise: --rehearse writes nothing to preview or approve");
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
                                .rehearse = a->value[REHEARSE] != NULL,
                                .approve = a->value[APPROVE],
                                .withhold = a->value[WITHHOLD] != NULL,
                                .coordinator = a->value[COORDINATOR],
                                .open = a->value[OPEN] != NULL};
    status = rad_summarise_site(&o, &control, &said, error);
    if (status == RAD_OK) rad_screen_text(said);
    rad_text_free(said);
    return status;
}

const rad_command rad_command_summarise = {
    "summarise",
    "RUN|TABLE.csv",
    1,
    1,
    "Writes the signed summary of a site: sums, no rows; within the rules of disclosure.",
    options,
    sizeof options / sizeof options[0],
    run,
};
