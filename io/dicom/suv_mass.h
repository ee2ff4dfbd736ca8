/* Masses that SUV are normalised by. */
#ifndef RAD_SUV_MASS_H
#define RAD_SUV_MASS_H

#include "suv.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_suv_form {
    double (*mass)(double weight, double height, bool male); /* g (cm2 for bsa), of kg and cm */
    const char *units, *type;                                /* of voxels that are SUV of this form already */
    bool height, sex;                                        /* what it needs beside the weight */
} rad_suv_form;

/* By rad_suv; nothing for RAD_SUV_NONE. */
extern const rad_suv_form rad_suv_forms[];

#ifdef __cplusplus
}
#endif
#endif
