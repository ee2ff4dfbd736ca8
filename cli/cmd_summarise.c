#include "command.h"

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
    [STUDY] = {"--study", 's', "STUDY.yaml", "what the statistician asks for"},
    [KEY] = {"--key", 'k', "SITE.key", "secret key of the site, by `radiomill keygen`"},
    [OUTPUT] = {"--output", 'o', "FILE", "default: SITE.radsum"},
    [CLINICAL] = {"--clinical", 0, "TABLE.csv", "covariates and outcomes, joined by the patient column"},
    [POLICY] = {"--policy", 'p', "POLICY.yaml", "thresholds below which no study gets; default: standard"},
    [LEDGER] = {"--ledger", 0, "COPY", "restore the ledger of this key from a copy of it"},
    [BEGIN] = {"--begin-ledger", 0, NULL, "begin a new ledger; what left before is not known then"},
    [RENAMED] = {"--renamed", 0, NULL, "patients have other names than before: go by their values alone"},
    [OTHERS] = {"--others", 0, NULL, "patients of new names are others than those who left before"},
    [SET_ASIDE] = {"--set-aside", 0, "FILE",
                   "a ledger that ends in half a line, with which nothing left: keep that in FILE"},
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
    [OPEN] = {"--open", 0, NULL, "do not seal: whoever has the file can read it"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
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
    if (status == RAD_OK) fputs(said, stdout);
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
