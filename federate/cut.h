/* Public cuts of one number: which class a value is in. In a study they make a variable with levels, in a
 * signature the classes of a score. */
#ifndef RAD_CUT_H
#define RAD_CUT_H

#include "../io/document.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_CUTS_MAX = 16, RAD_CUT_NAME = 192 };

typedef struct rad_cut {
    const char *name;        /* what it makes; of the document */
    char of[RAD_CUT_NAME];   /* of which number */
    double at[RAD_CUTS_MAX]; /* rising */
    size_t count;
    bool from; /* a value at a cut is above it */
    const char
        *level[RAD_CUTS_MAX + 1]; /* from the lowest values to the highest; of the document, or constant */
} rad_cut;

/* `high: "score > 0.3"` (also >=, <, <=; levels no and yes), or `risk: {of: score, cuts: [0.2, 0.5], levels:
 * [low, middle, high]}`, where a value at a cut is below it. RAD_CONFIG names file, line and column. */
rad_status rad_cut_read(const rad_node *node, const char *file, rad_cut *cut,
                        rad_error *error) RAD_MUST_CHECK;

/* The comparison alone; false: it is not one. */
bool rad_cut_parse(const char *text, rad_cut *cut);

/* Which values a level has: "score > 0.3", "0.2 < score <= 0.5". Returns text. */
const char *rad_cut_words(const rad_cut *cut, size_t level, char *text, size_t length);

/* Place of the level that a finite value is in. */
size_t rad_cut_level(const rad_cut *cut, double value);

#ifdef __cplusplus
}
#endif
#endif
