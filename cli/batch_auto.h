/* A batch of several settings: a run for each, by the column settings of its table or by modality. */
#ifndef RAD_BATCH_AUTO_H
#define RAD_BATCH_AUTO_H

#include "../core/status.h"

#include <stdbool.h>

/* Computes the cases of a manifest by a preset or a file into a run directory. */
typedef rad_status rad_run_batch(const char *manifest, const char *settings, const char *run, void *context,
                                 rad_error *error);

/* Has the table a column settings? */
rad_status rad_batch_names_settings(const char *manifest, bool *names, rad_error *error) RAD_MUST_CHECK;

/* Each row by its settings: a preset, a file (from the folder of the table), or auto, which is the preset of
 * its modality; without a column of that name, all are auto. Writes RUN/NAME.csv for each of these with its
 * rows, then computes each into RUN/NAME. RAD_CONFIG, before anything is computed: the first row that names
 * none, none that can be read, another of the same name, or whose image says no modality that has a preset.
 * RAD_PARTIAL: not all went alike. */
rad_status rad_batch_auto(const char *manifest, const char *run, rad_run_batch *compute, void *context,
                          rad_error *error) RAD_MUST_CHECK;

#endif
