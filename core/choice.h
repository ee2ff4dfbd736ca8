/* Which ROIs of a mask a user wants, by the words that name them. */
#ifndef RAD_CHOICE_H
#define RAD_CHOICE_H

#include "mask.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Each word is, in this order of precedence, a name as it stands, a name in other case, a number, a pattern
 * with * and ? (all that match, one ROI each), or words joined by + (their union). No words: all ROIs. */
typedef struct rad_choice {
    const char *const *words; /* borrowed */
    size_t count;
} rad_choice;

/* May a ROI be part of the choice? Readers need not draw those that are not. */
bool rad_choice_wants(const rad_choice *choice, const char *name, int64_t number);

/* Makes a mask of the ROIs that the words mean, in the order of the words and numbered from 1; their names,
 * or else their old numbers, are their names. A name that several ROIs have gets the number behind it: "GTV
 * (3)". RAD_UNREADABLE, with the ROIs that there are: a word that means none, a name that two ROIs have. */
rad_status rad_mask_choose(const rad_mask *mask, const rad_choice *choice, const char *path, rad_mask *chosen,
                           rad_error *error) RAD_MUST_CHECK;

/* Where nothing is chosen, leaves out labels without a voxel, with one warning. */
void rad_mask_drop_empty(rad_mask *mask, const rad_choice *choice, const char *path, rad_warnings *warnings);

/* Puts the number behind names that several ROIs have. */
rad_status rad_mask_distinguish(rad_mask *mask, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
