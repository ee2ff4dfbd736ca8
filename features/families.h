/* Every family, in the order of columns: one line here, and rad_family_WORD is a row in a file of its own.
 * Two families that share a pass stand side by side. */
#ifndef RAD_FAMILIES_H
#define RAD_FAMILIES_H

#include "feature.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RAD_FAMILIES(FAMILY)                                                                                 \
    FAMILY(morph)                                                                                            \
    FAMILY(loc)                                                                                              \
    FAMILY(stat)                                                                                             \
    FAMILY(ih)                                                                                               \
    FAMILY(ivh)                                                                                              \
    FAMILY(cm)                                                                                               \
    FAMILY(rlm)                                                                                              \
    FAMILY(szm)                                                                                              \
    FAMILY(dzm)                                                                                              \
    FAMILY(ngt)                                                                                              \
    FAMILY(ngl)                                                                                              \
    FAMILY(shape2d)                                                                                          \
    FAMILY(mcc)                                                                                              \
    FAMILY(recist)                                                                                           \
    FAMILY(points)

#define RAD_DECLARE_FAMILY(word) extern const rad_family rad_family_##word;
RAD_FAMILIES(RAD_DECLARE_FAMILY)

/* The passes of cm and rlm in one walk, for who wants both of neighbours side by side: the same values. */
extern const rad_pass rad_pass_glcm_glrlm;

/* The rows and their words; the last one is NULL. A set of families has a bit for each, in this order. */
extern const rad_family *const rad_families[];
extern const char *const rad_family_words[];

unsigned rad_family_bit(const rad_family *family);

/* The families that are computed when settings do not say, of the original image or of response maps. */
unsigned rad_families_default(bool of_maps);

/* Does one of them count grey levels in two dimensions or three? */
bool rad_families_have_texture(unsigned families);

/* Voxels of image around a ROI that one of them looks at. */
void rad_families_margin(unsigned families, const double spacing[3], size_t margin[3]);

#ifdef __cplusplus
}
#endif
#endif
