/* Models in rounds: what `radiomill step` does at a site, and `radiomill fit` at the coordinator. */
#ifndef RAD_ROUNDS_H
#define RAD_ROUNDS_H

#include "../core/status.h"
#include "../include/radiomill.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Answers the state with the sums of the site's rows, within the rules, and notes it in the ledger first. Of
 * the options those of a summary count; output NULL: SITE-MODEL-ROUND.radsum. A state that was answered is
 * answered again, byte for byte. */
rad_status rad_step_site(const rad_site_options *options, const char *state, const rad_control *control,
                         char **said, rad_error *error) RAD_MUST_CHECK;

typedef struct rad_fit_options {
    const char *study, *model;
    const char *state;          /* the file: read where it is there, and written */
    const char *from;           /* read this one in its place; NULL: state */
    const char *const *answers; /* of the sites */
    size_t answer_count;
    const char *trusted, *key; /* keys of the sites; secret key of the coordinator; NULL: none */
    const char *moments;       /* pooled.json; NULL: none */
    const char *results;       /* folder of the tables; NULL: that of the state */
    bool go_on;                /* without sites that do not answer any more */
} rad_fit_options;

/* Begins a model, or adds up the answers to its state and writes the next one, or its results. RAD_NO_RESULT:
 * it is separated, or does not converge; the results say so, too. */
rad_status rad_fit_model(const rad_fit_options *options, const rad_control *control, char **said,
                         rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
