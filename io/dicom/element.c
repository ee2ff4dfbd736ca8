#include "element.h"

#include <math.h>
#include <string.h>

double rad_element_number(const rad_dicom_item *item, uint32_t tag) {
    double value = NAN;
    return rad_dicom_numbers(item, tag, &value, 1) >= 1 ? value : NAN;
}

const rad_dicom_item *rad_element_group(const rad_dicom_item *shared, const rad_dicom_item *own,
                                        uint32_t tag) {
    const rad_dicom_item *found = rad_dicom_first(own, tag);
    return found ? found : rad_dicom_first(shared, tag);
}

void rad_element_vector(const rad_dicom_item *item, uint32_t tag, double *values, size_t count) {
    if (rad_dicom_numbers(item, tag, values, count) == count) return;
    for (size_t i = 0; i < count; i++) values[i] = NAN;
}

void rad_element_doubles(const rad_dicom_item *item, uint32_t tag, double *values, size_t count) {
    rad_dicom_bytes b;
    const bool whole = rad_dicom_value(item, tag, &b) && b.length == 8 * count;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = whole ? rad_dicom_whole_at(&b, 8 * i, 8) : 0;
        memcpy(&values[i], &bits, sizeof bits);
        if (!whole) values[i] = NAN;
    }
}

rad_status rad_element_check(const rad_dicom_item *item, rad_tag tag, size_t count, const char *path,
                             rad_error *error) {
    double values[8];
    char text[129];
    if (!rad_dicom_text(item, tag, text, sizeof text)) return RAD_OK;
    if (rad_dicom_numbers(item, tag, values, count) == count) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT
                    " is \"%s\", which is not %zu numbers with a decimal point; correct it",
                    path, RAD_TAG_WORDS(tag), text, count);
}
