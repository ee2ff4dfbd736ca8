/* Options on SUV, which the commands that read one image share: four rows that follow each other. */
#ifndef RAD_SUV_OPTIONS_H
#define RAD_SUV_OPTIONS_H

#include "../pipeline/settings.h"

#define RAD_SUV_OPTION_NAMES SUV, SUV_WEIGHT, SUV_DOSE, SUV_TIME

#define RAD_SUV_OPTIONS                                                                                      \
    [SUV] = {"--suv", 0, "FORM",                                                                             \
             "what PET from DICOM becomes, the setting suv: bw, lbm, lbmjanma, lbmjames128, bsa, ibw or "    \
             "none"},                                                                                        \
    [SUV_WEIGHT] = {"--suv-weight", 0, "KG", "the weight for SUV, in place of what the file says"},          \
    [SUV_DOSE] = {"--suv-dose", 0, "BQ", "the injected dose, in place of what the file says"},               \
    [SUV_TIME] = {"--suv-time", 0, "SECONDS",                                                                \
                  "from injection to the time that the activity was corrected to (the start of the scan), "  \
                  "in place of what the file says"}

/* The values of these four options, NULL for those that are not given. */
rad_status rad_suv_options_read(const char *const values[4], rad_settings *settings,
                                rad_error *error) RAD_MUST_CHECK;

/* A warning where they are given and the image is no PET of DICOM. */
void rad_suv_options_tell(const char *const values[4], const char *modality, rad_warnings *warnings);

#endif
