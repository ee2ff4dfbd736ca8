#include "suv_options.h"

rad_status rad_suv_options_read(const char *const values[4], rad_settings *settings, rad_error *error) {
    static const char *const keys[4] = {"suv", "suv_weight", "suv_dose", "suv_time"};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < 4 && status == RAD_OK; i++)
        if (values[i]) status = rad_settings_set_words(settings, keys[i], &values[i], 1, error);
    return status;
}
