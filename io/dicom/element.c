#include "element.h"

#include <math.h>

double rad_element_number(const rad_dicom_item *item, uint32_t tag) {
    double value = NAN;
    return rad_dicom_numbers(item, tag, &value, 1) >= 1 ? value : NAN;
}

void rad_element_vector(const rad_dicom_item *item, uint32_t tag, double *values, size_t count) {
    if (rad_dicom_numbers(item, tag, values, count) == count) return;
    for (size_t i = 0; i < count; i++) values[i] = NAN;
}
