/* Weights of R or Python (CSV) into a signature, with the definitions of the run that they were trained on.
 */
#ifndef RAD_WEIGHTS_H
#define RAD_WEIGHTS_H

#include "../score_model.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the table of weights does not say. NULL: nothing. */
typedef struct rad_weights_about {
    const char *weights; /* name, weight, and where they are known centre, scale, transform */
    const char *of;      /* which model of a pool's table of coefficients; NULL: it is no such table */
    const char *run;     /* the run whose features they are of */
    const char *id, *title, *version, *date;
    const char *model, *link;
    const char *baseline;   /* table of time and survival */
    const char *unit;       /* of its times */
    const char *study;      /* a study, whose hash is kept */
    const char *harmonised; /* a harmonisation.json, likewise */
    const char *const *cuts;
    size_t cut_count; /* "high=score > 0.3" */
} rad_weights_about;

/* The signature as text (YAML), read again and found right. A feature of weight 0 is left out, with a
 * warning. RAD_CONFIG: a weight that is no number, a name that the run does not have or that comes twice, a
 * model, link or cut that is not known. */
rad_status rad_weights_convert(const rad_weights_about *about, rad_bytes *text, rad_warnings *warnings,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
