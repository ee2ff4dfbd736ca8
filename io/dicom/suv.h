/* Standardised uptake values of PET: the factor that turns the rescaled voxels of a slice into SUV. */
#ifndef RAD_SUV_H
#define RAD_SUV_H

#include "../../core/facts.h"
#include "instance.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What PET voxels become: by the terms of DICOM's SUVType (0054,1006), in lower case. */
typedef enum rad_suv {
    RAD_SUV_NONE, /* as they are stored */
    RAD_SUV_BW,
    RAD_SUV_LBMJANMA,
    RAD_SUV_LBMJAMES128,
    RAD_SUV_BSA,
    RAD_SUV_IBW
} rad_suv;

extern const char *const rad_suv_words[];

/* Units of the source (Units (0054,1001)):
 *   BQML   SUV = activity concentration * mass / dose, dose decayed from injection to the time that the
 *          activity was corrected to: DecayCorrection START the scan, ADMIN the injection, NONE the frame
 *   CNTS   by the scale factors of Philips (7053,xx00) and (7053,xx09)
 *   GML    already SUV of the SUVType (0054,1006), body weight where it is absent; CM2ML by body surface
 * Mass, in g, by form (W kg, H cm): bw 1000 W; lbmjanma 9.27e6 W / (6680 + 216 BMI) for men,
 * 9.27e6 W / (8780 + 244 BMI) for women (Janmahasatian 2005); lbmjames128 1000 (1.10 W - 128 (W/H)^2) and
 * 1000 (1.07 W - 148 (W/H)^2) (James 1976); ibw 1000 (48.0 + 1.06 (H - 152)) and 1000 (45.5 + 0.91 (H -
 * 152)); bsa in cm2: 71.84 W^0.425 H^0.725 (DuBois 1916). `earliest` is the first acquisition of the series.
 * facts, which may be NULL, gets what went in. RAD_UNREADABLE names the element that is missing, out of range
 * or at odds with another one. */
rad_status rad_suv_factor(const rad_pet *pet, const char *path, rad_suv form, double earliest, double *factor,
                          rad_facts *facts, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
