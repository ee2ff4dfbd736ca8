/* The grid on which the fuzzers draw ROIs. */
#ifndef RAD_FUZZ_DRAWING_H
#define RAD_FUZZ_DRAWING_H

#include "../../io/dicom/rtstruct.h"
#include "fuzz.h"

static const rad_geometry fuzz_grid = {.size = {24, 20, 6},
                                       .spacing = {0.75, 0.8, 2.5},
                                       .origin = {30.5, 20.25, 10},
                                       .direction = {-1, 0, 0, 0, -1, 0, 0, 0, 1}};

/* Labels hold what they say, inside of the grid. */
static inline void fuzz_check_mask(const rad_mask *mask) {
    for (size_t l = 0; l < mask->label_count; l++) {
        const rad_label *label = &mask->labels[l];
        if (!label->voxels) continue;
        for (int a = 0; a < 3; a++)
            FUZZ_CHECK(label->box.begin[a] < label->box.end[a] &&
                       label->box.end[a] <= mask->volume.geometry.size[a]);
        FUZZ_CHECK(label->voxels <= rad_box_count(&label->box));
    }
}

#endif
