#include "element.h"

#include <math.h>
#include <string.h>

double rad_element_number(const rad_dicom_item *item, uint32_t tag) {
    double value = NAN;
    return rad_dicom_numbers(item, tag, &value, 1) >= 1 ? value : NAN;
}

void rad_element_vector(const rad_dicom_item *item, uint32_t tag, double *values, size_t count) {
    if (rad_dicom_numbers(item, tag, values, count) == count) return;
    for (size_t i = 0; i < count; i++) values[i] = NAN;
}

void rad_element_doubles(const rad_dicom_item *item, uint32_t tag, double *values, size_t count) {
    rad_dicom_bytes b;
    const bool whole = rad_dicom_value(item, tag, &b) && b.length == 8 * count;
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = 0;
        for (size_t k = 0; k < 8 && whole; k++)
            bits = bits << 8 | b.bytes[8 * i + (b.big_endian ? k : 7 - k)];
        memcpy(&values[i], &bits, sizeof bits);
        if (!whole) values[i] = NAN;
    }
}
