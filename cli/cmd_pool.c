#include "command.h"
#include "screen.h"

#include <stdio.h>

enum { TRUSTED, KEY, OUTPUT, WITHHOLD, REHEARSE, ABSENT, THREADS, FORMULAS };
static const rad_option options[] = {
    [TRUSTED] = {"--trusted", 'k', "KEYS",
                 "public keys of the sites, a line each: the .pub files one after the other"},
    [KEY] = {"--key", 0, "COORDINATOR.key",
             "secret key of the coordinator: opens sealed summaries, signs harmonisation.json"},
    [OUTPUT] = {"--output", 'o', "DIR", "folder of the tables; default: pooled"},
    [WITHHOLD] = {"--withhold", 0, NULL,
                  "leave out quantiles, small sites and harmonisations that are refused, and write the rest"},
    [REHEARSE] =
        {"--rehearse", 0, NULL,
         "of SITE.rehearsal files: what each site would have (--output FILE; default: rehearsed.csv)"},
    [ABSENT] = {"--absent", 0, "WORDS", "sites that sent nothing, and why, for the page: \"D: hung\""},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_control control = {.note = rad_print_note};
    char *said = NULL;
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &control.threads, error);
    if (status == RAD_OK && !a->value[TRUSTED])
        status = rad_fail(error, RAD_USAGE, "pool: --trusted KEYS is needed, the public keys of the sites");
    if (status != RAD_OK) return status;
    const rad_pool_options o = {.study = a->operand[0],
                                .summaries = a->operand + 1,
                                .summary_count = a->operands - 1,
                                .trusted = a->value[TRUSTED],
                                .output = a->value[OUTPUT],
                                .rehearse = a->value[REHEARSE] != NULL,
                                .withhold = a->value[WITHHOLD] != NULL,
                                .key = a->value[KEY],
                                .absent = a->value[ABSENT]};
    if (o.key) rad_hold_secrets();
    status = rad_pool_summaries(&o, &control, &said, error);
    if (status == RAD_OK) rad_screen_text(said);
    rad_text_free(said);
    return status;
}

const rad_command rad_command_pool = {
    "pool",
    "STUDY.yaml SITE.radsum...",
    2,
    RAD_OPERANDS_MAX,
    "Adds the summaries of the sites up: tables that say of how many sites and patients each number is.",
    options,
    sizeof options / sizeof options[0],
    run,
};
