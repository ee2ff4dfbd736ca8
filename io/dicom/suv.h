/* Standardised uptake values of PET: the factor that turns the rescaled voxels of a slice into SUV. */
#ifndef RAD_SUV_H
#define RAD_SUV_H

#include "../../core/facts.h"
#include "pet.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What PET voxels become: by the terms of DICOM's SUVType (0054,1006), in lower case. */
typedef enum rad_suv {
    RAD_SUV_NONE, /* as they are stored */
    RAD_SUV_BW,
    RAD_SUV_LBM,
    RAD_SUV_LBMJANMA,
    RAD_SUV_LBMJAMES128,
    RAD_SUV_BSA,
    RAD_SUV_IBW
} rad_suv;

extern const char *const rad_suv_words[];

/* What the user gives in place of what the file says; what is not above 0 is not given. */
typedef struct rad_suv_given {
    double weight;  /* kg */
    double dose;    /* Bq */
    double seconds; /* from injection to the time that the activity was corrected to */
} rad_suv_given;

/* A slice for SUV. */
typedef struct rad_suv_slice {
    const rad_pet *pet;
    const char *path;
    rad_suv form;
    const rad_suv_given *given; /* NULL: nothing */
    double earliest;            /* rad_suv_acquired: the first of the series; NaN where none is known */
    double intercept;           /* RescaleIntercept */
    const rad_pet *first; /* of the series, whose patient and tracer must be the same; NULL: it is this */
} rad_suv_slice;

/* Bits of what was assumed. */
typedef enum rad_suv_note {
    RAD_SUV_MEGABECQUEREL = 1 << 0, /* dose */
    RAD_SUV_BECQUEREL = 1 << 1,     /* dose of Enhanced PET, which has MBq */
    RAD_SUV_GRAMS = 1 << 2,         /* weight */
    RAD_SUV_BOTH_SEXES = 1 << 3,
    RAD_SUV_NAMELESS = 1 << 4, /* private elements without their creator */
    RAD_SUV_NUCLIDE = 1 << 5,  /* half-life */
    RAD_SUV_UNDATED = 1 << 6,  /* only times are known */
    RAD_SUV_APART = 1 << 7,    /* dates cannot be true */
    RAD_SUV_MIDNIGHT = 1 << 8,
    RAD_SUV_ONE_DAY = 1 << 9, /* the day of an injection that might be days ago */
    RAD_SUV_NOT_ATTENUATED = 1 << 10,
    RAD_SUV_OTHER_WEIGHT = 1 << 11, /* what is given is not what the file says */
    RAD_SUV_OTHER_DOSE = 1 << 12,
    RAD_SUV_SMALL_DOSE = 1 << 13,  /* for Bq: it may be in kBq */
    RAD_SUV_WORDS = 1 << 14,       /* units behind numbers, codes in other words */
    RAD_SUV_CENTIMETRES = 1 << 15, /* height */
    RAD_SUV_SEX = 1 << 16,         /* in other words */
    RAD_SUV_SEVERAL = 1 << 17      /* radiopharmaceuticals, of which the first is taken */
} rad_suv_note;

/* Seconds from the injection, or from any fixed time where it is unknown, to the acquisition of a slice. */
double rad_suv_acquired(const rad_pet *pet);

/* Units of the source (Units (0054,1001), or those of the real world value mapping of Enhanced PET):
 *   BQML   SUV = activity concentration * mass / dose, dose decayed from injection to the time that the
 *          activity was corrected to: DecayCorrection START the scan, ADMIN the injection, NONE the frame
 *   CNTS   by the scale factors of Philips (7053,xx00) and (7053,xx09), else as CPS by the frame's duration
 *   CPS    by DoseCalibrationFactor (unless the image has it: DCAL) and the volume of a voxel
 *   GML    already SUV of the SUVType (0054,1006), body weight where it is absent; CM2ML by body surface
 * Mass, in g, by form (W kg, H cm): bw 1000 W; lbmjanma 9.27e6 W / (6680 + 216 BMI) for men,
 * 9.27e6 W / (8780 + 244 BMI) for women (Janmahasatian 2005); lbmjames128 1000 (1.10 W - 128 (W/H)^2) and
 * 1000 (1.07 W - 148 (W/H)^2) (James 1976), lbm with 120 for 128 (Morgan 1994); ibw 1000 (48.0 + 1.06 (H -
 * 152)) and 1000 (45.5 + 0.91 (H - 152)); bsa in cm2: 71.84 W^0.425 H^0.725 (DuBois 1916); for PatientSex O
 * the mean of both. *notes gets bits of what was assumed, facts, which may be NULL, what went in.
 * RAD_UNREADABLE names the element that is missing, out of range or at odds with another one, and the option
 * that stands in for it. Rules: the manual of the IBSI (Vacha and others, github oncoray/suv_computation). */
rad_status rad_suv_factor(const rad_suv_slice *slice, double *factor, unsigned *notes, rad_facts *facts,
                          rad_error *error) RAD_MUST_CHECK;

/* A warning for each bit. */
void rad_suv_warn(const rad_suv_slice *slice, unsigned notes, rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
