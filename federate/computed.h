/* Numbers that a site computes of others by a rule that the study makes public: ranks within the site, and
 * the columns of a natural cubic spline. They are variables like others, under rules of their own
 * (site/computing.h). */
#ifndef RAD_COMPUTED_H
#define RAD_COMPUTED_H

#include "../io/document.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_KNOTS_MAX = 10, RAD_COMPUTED_NAME = 192, RAD_COMPUTED_MAX = 64 };

typedef enum rad_computed_kind { RAD_COMPUTED_RANK, RAD_COMPUTED_SPLINE } rad_computed_kind;

typedef struct rad_computed {
    char name[RAD_COMPUTED_NAME]; /* of the number that it makes */
    const char *of;               /* the number that it is made of; of the document */
    rad_computed_kind kind;
    double knot[RAD_KNOTS_MAX]; /* rising */
    size_t knots, column;       /* of a spline: 0 .. knots - 3 */
} rad_computed;

/* Column j of the natural cubic spline with knots k1 < .. < km, beside the number itself (Harrell 2015):
 *   ((x - kj)+^3 - (x - k(m-1))+^3 (km - kj)/(km - k(m-1)) + (x - km)+^3 (k(m-1) - kj)/(km - k(m-1)))
 *   / (km - k1)^2,
 * 0 below its knot, a line above the last. x finite. */
double rad_computed_spline(const rad_computed *computed, double x);

/* The power of two whose multiples the values are: 1 of ranks, 2^-16 of what the knots span. */
int rad_computed_step(const rad_computed *computed);

/* What it is, in words that go into its definition: "rank of f", "spline of age at 40, 50, 60, column 1". */
enum { RAD_COMPUTED_WORDS = 2 * RAD_COMPUTED_NAME + 32 * RAD_KNOTS_MAX };
const char *rad_computed_words(const rad_computed *computed, char text[RAD_COMPUTED_WORDS]);

#ifdef __cplusplus
}
#endif
#endif
