#include "derivation.h"

#include "element.h"

#include <math.h>
#include <string.h>

static size_t slice_of(const rad_flat *picture, size_t kept, double frame) {
    if (!(frame >= 1 && frame <= (double)picture->frames)) return RAD_DERIVATION_UNKNOWN;
    const size_t at = (size_t)frame - 1;
    if (kept == picture->frames) return at;
    return at == picture->first ? 0 : RAD_DERIVATION_OTHER;
}

/* The source among those of the item that is the picture; false where none says which picture it is. */
static bool find_source(const rad_dicom_item *derivation, const rad_flat *picture,
                        const rad_dicom_item **found) {
    bool any = false;
    char uid[65];
    for (; derivation; derivation = rad_dicom_next(derivation)) {
        const rad_dicom_item *source = rad_dicom_first(derivation, rad_tag_SourceImageSequence);
        for (; source && !*found; source = rad_dicom_next(source)) {
            if (!rad_dicom_text(source, rad_tag_ReferencedSOPInstanceUID, uid, sizeof uid)) continue;
            any = true;
            if (!strcmp(uid, picture->sop_instance)) *found = source;
        }
    }
    return any;
}

size_t rad_derivation_slice(const rad_dicom_item *shared, const rad_dicom_item *own, const rad_flat *picture,
                            size_t kept) {
    const rad_dicom_item *source = NULL,
                         *derivation = rad_element_group(shared, own, rad_tag_DerivationImageSequence);
    if (find_source(derivation, picture, &source) && !source) return RAD_DERIVATION_OTHER;
    double frame = rad_element_number(source, rad_tag_ReferencedFrameNumber);
    if (isnan(frame) && picture->frames == 1) frame = 1;
    return slice_of(picture, kept, frame);
}
