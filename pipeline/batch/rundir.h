/* A run directory: what it was made with, and its journals. */
#ifndef RAD_RUNDIR_H
#define RAD_RUNDIR_H

#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the directory if it is not there and locks its journal (one that is damaged is repaired, with a
 * warning); only then it removes what a killed run left half-written and writes settings.yaml and
 * provenance.json. RAD_CONFIG: the directory was made with other settings; the keys that differ are named
 * (`force` takes the new ones, and removes the tables of the old). RAD_UNREADABLE: another run is at work
 * there. RAD_UNWRITABLE. */
rad_status rad_rundir_begin(const rad_batch_options *options, rad_journal **journal, rad_warnings *warnings,
                            rad_error *error) RAD_MUST_CHECK;

/* RAD_UNREADABLE: no such folder, or no run is in it. */
rad_status rad_rundir_check(const char *run, rad_error *error) RAD_MUST_CHECK;

/* Settings, options and manifest that the directory was made with, for the tables; *manifest is the caller's
 * to free. */
rad_status rad_rundir_read(const char *run, rad_settings *settings, rad_work *work, char **manifest,
                           rad_error *error) RAD_MUST_CHECK;

/* The id of settings and options, for rad_work. */
rad_status rad_rundir_settings_id(const rad_settings *settings, rad_work *work,
                                  rad_error *error) RAD_MUST_CHECK;

/* The path of a journal: of all cases, or of a shard. Returns text. */
const char *rad_rundir_journal(const char *run, size_t shard, size_t shards, char *text, size_t length);

/* Opens every journal of the directory. RAD_UNREADABLE: there is none, or a run is at work with one. */
rad_status rad_rundir_open_journals(const char *run, rad_journal ***journals, size_t *count,
                                    rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
