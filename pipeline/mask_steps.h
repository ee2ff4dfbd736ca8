/* What is done to the ROIs of a mask before features: steps of settings, in their order. */
#ifndef RAD_MASK_STEPS_H
#define RAD_MASK_STEPS_H

#include "../core/keys.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_mask_op {
    RAD_MASK_GROW,
    RAD_MASK_SHRINK,
    RAD_MASK_RING,
    RAD_MASK_LARGEST,
    RAD_MASK_FILL,
    RAD_MASK_UNION,
    RAD_MASK_INTERSECTION,
    RAD_MASK_MINUS,
    RAD_MASK_DIFFERENCE,
    RAD_MASK_OPS
} rad_mask_op;

enum { RAD_MASK_STEPS_MAX = 64 };

typedef struct rad_mask_step {
    int op;                   /* rad_mask_op */
    char roi[RAD_TEXT_MAX];   /* a choice of ROIs, as --roi takes it; "": each of them */
    char other[RAD_TEXT_MAX]; /* the second one, where two are joined */
    char name[RAD_TEXT_MAX];  /* of what comes out, * for the name of the ROI; "": it takes the place of the
                                 ROI */
    double mm, inner;         /* distance, and that from which a ring begins */
    int dimension;            /* 2: slice by slice; 3 */
} rad_mask_step;

/* A step of that word, with everything as it is when nothing is said. RAD_CONFIG: the words that there are.
 */
rad_status rad_mask_step_begin(rad_mask_step *step, const char *word, rad_error *error) RAD_MUST_CHECK;

const char *rad_mask_step_word(const rad_mask_step *step);

/* The key of that name that the step takes, or RAD_CONFIG with those that it takes. */
rad_status rad_mask_step_find(const rad_mask_step *step, const char *name, const rad_key **key,
                              rad_error *error) RAD_MUST_CHECK;

/* The keys that it takes, one after the other from *at = 0; NULL after the last. */
const rad_key *rad_mask_step_next(const rad_mask_step *step, size_t *at);

/* RAD_CONFIG: what it needs is not there. */
rad_status rad_mask_step_check(const rad_mask_step *step, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
