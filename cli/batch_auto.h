/* A batch of several modalities: a run for each, by the preset of its modality. */
#ifndef RAD_BATCH_AUTO_H
#define RAD_BATCH_AUTO_H

#include "../core/status.h"

/* Computes the cases of a manifest by a preset into a run directory. */
typedef rad_status rad_run_batch(const char *manifest, const char *preset, const char *run, void *context,
                                 rad_error *error);

/* Writes RUN/PRESET.csv for each preset that a case of the manifest needs, with its rows, then computes each
 * into RUN/PRESET. RAD_CONFIG names the first row whose image says no modality that has a preset.
 * RAD_PARTIAL: not all went alike. */
rad_status rad_batch_auto(const char *manifest, const char *run, rad_run_batch *compute, void *context,
                          rad_error *error) RAD_MUST_CHECK;

#endif
