#include "nameless.h"

#include "element.h"

#include <math.h>
#include <string.h>

static bool has_place(const rad_dicom_item *root) {
    double position[3], orientation[6];
    rad_element_vector(root, rad_tag_ImagePositionPatient, position, 3);
    rad_element_vector(root, rad_tag_ImageOrientationPatient, orientation, 6);
    return !isnan(position[0]) && !isnan(orientation[0]);
}

static bool is_dose(const rad_dicom_item *root) {
    return !isnan(rad_element_number(root, rad_tag_DoseGridScaling));
}

static bool has_structures(const rad_dicom_item *root) {
    return rad_dicom_first(root, rad_tag_StructureSetROISequence) != NULL;
}

static bool has_segments(const rad_dicom_item *root) {
    return rad_dicom_first(root, rad_tag_SegmentSequence) != NULL;
}

static bool has_pixels(const rad_dicom_item *root) {
    unsigned rows;
    return rad_dicom_short(root, rad_tag_Rows, &rows);
}

rad_object rad_nameless_find(const rad_dicom_item *root, const char *sop_class) {
    static const struct {
        const char *modality;
        rad_object object;
        bool (*has)(const rad_dicom_item *root);
    } rows[] = {
        {"CT", RAD_OBJECT_IMAGE, has_place},
        {"MR", RAD_OBJECT_IMAGE, has_place},
        {"PT", RAD_OBJECT_IMAGE, has_place},
        {"RTDOSE", RAD_OBJECT_DOSE, is_dose},
        {"RTSTRUCT", RAD_OBJECT_STRUCTURES, has_structures},
        {"SEG", RAD_OBJECT_SEGMENTATION, has_segments},
        {"US", RAD_OBJECT_FLAT, has_pixels},
        {"CR", RAD_OBJECT_FLAT, has_pixels},
        {"DX", RAD_OBJECT_FLAT, has_pixels},
        {"MG", RAD_OBJECT_FLAT, has_pixels},
    };
    char modality[17];
    if (rad_class_words(sop_class)) return rad_class_object(sop_class);
    rad_dicom_text(root, rad_tag_Modality, modality, sizeof modality);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(rows[i].modality, modality) && rows[i].has(root)) return rows[i].object;
    return RAD_OBJECT_OTHER;
}
