/* What a study would give at sites of given sizes, before anyone has looked at a row: which parts the rules
 * let leave. */
#ifndef RAD_OUTLOOK_H
#define RAD_OUTLOOK_H

#include "study.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_OUTLOOK_SITES = 64 };

typedef enum rad_prospect {
    RAD_FITS,      /* leaves */
    RAD_PERHAPS,   /* within twice the deviation that chance alone gives a count */
    RAD_HELD_BACK, /* silently, as null */
    RAD_FORBIDDEN  /* refused: exit code 10 or 11 of summarise, or left out by --withhold */
} rad_prospect;

/* A part of the study, the rule that decides on it, and what becomes of it at each site. */
typedef struct rad_outlook_row {
    char part[2 * RAD_NAME + 32];
    const char *rule;
    rad_prospect prospect[RAD_OUTLOOK_SITES];
    char note[80]; /* what it rests on; "" where all is known */
} rad_outlook_row;

/* Shares of patients by level, as far as they are known: else all levels of a factor have the same. */
typedef struct rad_outlook {
    const rad_study *study;
    size_t sites;
    uint64_t patients[RAD_OUTLOOK_SITES];
    double share[RAD_FACTORS_MAX][RAD_FACTOR_LEVELS];
    bool known[RAD_FACTORS_MAX];
    rad_outlook_row *rows; /* owned */
    size_t count, capacity;
} rad_outlook;

/* "61,143,88". RAD_USAGE: numbers that are none, or too many. */
rad_status rad_outlook_sites(const char *text, rad_outlook *outlook, rad_error *error) RAD_MUST_CHECK;

/* "sex=0.4,0.6": shares of the levels, in the order of the study; at most 1 together, the rest has none. */
rad_status rad_outlook_shares(const char *text, rad_outlook *outlook, rad_error *error) RAD_MUST_CHECK;

/* How likely n patients are at least `least`, each being one with that probability. */
rad_prospect rad_outlook_count(uint64_t n, double share, uint64_t least);

rad_status rad_outlook_compute(rad_outlook *outlook, rad_error *error) RAD_MUST_CHECK;
void rad_outlook_show(const rad_outlook *outlook, FILE *out);
void rad_outlook_free(rad_outlook *outlook);

#ifdef __cplusplus
}
#endif
#endif
