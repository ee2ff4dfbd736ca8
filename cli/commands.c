/* The table of subcommands. */
#include "commands.h"

#include "../core/nearest.h"

#include <stdint.h>
#include <string.h>

const rad_command *const rad_commands[] = {
    &rad_command_batch,       &rad_command_collect,   &rad_command_compare_standards,
    &rad_command_completion,  &rad_command_extract,   &rad_command_features,
    &rad_command_filter,      &rad_command_fit,       &rad_command_harmonise,
    &rad_command_info,        &rad_command_keygen,    &rad_command_ledger,
    &rad_command_manifest,    &rad_command_methods,   &rad_command_pool,
    &rad_command_pyradiomics, &rad_command_score,     &rad_command_settings,
    &rad_command_sign,        &rad_command_signature, &rad_command_slurm,
    &rad_command_step,        &rad_command_study,     &rad_command_summarise,
    &rad_command_table,       &rad_command_validate,  NULL,
};

const rad_command *rad_command_find(const char *name) {
    for (const rad_command *const *c = rad_commands; *c; c++)
        if (!strcmp(name, (*c)->name)) return *c;
    return NULL;
}

const char *rad_command_nearest(const char *name) {
    rad_nearest nearest = {NULL, SIZE_MAX};
    for (const rad_command *const *c = rad_commands; *c; c++) rad_nearest_try(&nearest, name, (*c)->name);
    rad_nearest_try(&nearest, name, "help");
    rad_nearest_try(&nearest, name, "version");
    return rad_word_is_near(name, nearest.distance) ? nearest.word : NULL;
}
