#include "parametric.h"

#include "element.h"

#include <math.h>

void rad_parametric_read(const rad_dicom_item *shared, const rad_dicom_item *own, rad_instance *n,
                         rad_frame *frame) {
    const rad_dicom_item *item = rad_element_group(shared, own, rad_tag_RealWorldValueMappingSequence);
    double slope = NAN, intercept = 0;
    while (item && !rad_dicom_double(item, rad_tag_RealWorldValueSlope, &slope)) item = rad_dicom_next(item);
    if (!item) return;
    rad_dicom_double(item, rad_tag_RealWorldValueIntercept, &intercept);
    rad_dicom_text(rad_dicom_first(item, rad_tag_MeasurementUnitsCodeSequence), rad_tag_CodeValue, n->unit,
                   sizeof n->unit);
    if (!isnan(frame->slope)) return;
    frame->slope = slope;
    frame->intercept = intercept;
}
