#include "suv_options.h"

#include <string.h>

rad_status rad_suv_options_read(const char *const values[4], rad_settings *settings, rad_error *error) {
    static const char *const keys[4] = {"suv", "suv_weight", "suv_dose", "suv_time"};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < 4 && status == RAD_OK; i++)
        if (values[i]) status = rad_settings_set_words(settings, keys[i], &values[i], 1, error);
    return status;
}

void rad_suv_options_tell(const char *const values[4], const char *modality, rad_warnings *warnings) {
    static const char *const words[4] = {"--suv", "--suv-weight", "--suv-dose", "--suv-time"};
    for (size_t i = 0; i < 4 && strcmp(modality, "PT") != 0 && strcmp(modality, "NM") != 0; i++)
        if (values[i] && strcmp(values[i], "none") != 0) {
            rad_warn(warnings,
                     "%s is for PET from DICOM; the intensities of this image are taken as they are",
                     words[i]);
            return;
        }
}
