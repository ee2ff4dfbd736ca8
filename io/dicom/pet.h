/* Elements of a PET image that SUV needs. */
#ifndef RAD_PET_H
#define RAD_PET_H

#include "datetime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What stands in an element that should be a number, a time or a code. */
typedef struct rad_pet_word {
    uint32_t tag;
    char text[33];
    char code[17]; /* what it stands for in place of a code; "" */
    bool taken;    /* a number with its unit, or a code in other words */
    bool time;     /* a time is wanted, not a number */
} rad_pet_word;
enum { RAD_PET_WORDS = 14 };

/* NaN and "" where absent. */
typedef struct rad_pet {
    bool enhanced;                         /* an Enhanced PET object: other elements say the same */
    char units[17], suv_type[17], sex[17]; /* in words of the PET object, whatever the object */
    char decay_correction[17], corrected[129], nuclide[17];
    double weight, size;                                /* kg, m */
    double dose, half_life;                             /* Bq, s */
    rad_datetime injection;                             /* its day is not always known */
    rad_datetime series, acquisition, scan, decay_zero; /* scan: what GE says that it is */
    double duration, reference;                         /* of the frame, ms */
    double suv_factor, activity_factor;                 /* Philips, for counts */
    double calibration, voxel;                          /* DoseCalibrationFactor; ml */
    bool philips, nameless;                             /* the manufacturer; factors without a creator */
    size_t tracers;                                     /* items, of which the first is taken */
    rad_pet_word words[RAD_PET_WORDS];
    size_t word_count;
} rad_pet;

void rad_pet_read(const rad_dicom_item *root, const char *sop_class, rad_pet *pet);

/* What stands there in place of a number, a time or a code; NULL: the element is one, or is absent. */
const rad_pet_word *rad_pet_find_word(const rad_pet *pet, uint32_t tag);

/* Slope and intercept from stored values of a frame of Enhanced PET to units (NaN without), and the units. */
void rad_pet_read_mapping(const rad_dicom_item *shared, const rad_dicom_item *own, rad_pet *pet,
                          double mapping[2]);

#ifdef __cplusplus
}
#endif
#endif
