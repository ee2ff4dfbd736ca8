#include "mask_join.h"

#include "../../core/regrid.h"

rad_status rad_mask_join_settle(rad_mask *one, const rad_geometry *grid, const char *path, rad_error *error) {
    const rad_geometry *own = &one->volume.geometry;
    if (rad_geometry_same(grid, own)) return RAD_OK;
    size_t beyond = 0;
    const bool coincides = rad_geometry_coincides(own, grid);
    for (size_t i = 0; i < one->label_count && coincides; i++)
        beyond += rad_regrid_beyond(one, &one->labels[i], grid);
    if (beyond)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: %zu of its voxels %s beyond the grid of the masks that it is joined with; give "
                        "the file alone",
                        path, beyond, beyond == 1 ? "lies" : "lie");
    if (coincides) return rad_mask_resample(one, grid, path, error);
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: is not on the grid of the other masks of its folder: resample it to that", path);
}

rad_status rad_mask_join_label(const rad_mask *one, const rad_label *label, int64_t number, const char *name,
                               rad_mask *all, rad_error *error) {
    const size_t *size = one->volume.geometry.size;
    rad_status status = rad_mask_add_label(all, number, name, label->fault, error);
    for (size_t z = label->box.begin[2]; z < label->box.end[2] && label->voxels; z++)
        for (size_t y = label->box.begin[1]; y < label->box.end[1]; y++) {
            const size_t row = z * size[1] + y;
            for (size_t r = one->row_begin[row]; r < one->row_begin[row + 1] && status == RAD_OK; r++) {
                const rad_run *run = &one->runs[r];
                if (run->label == label->value)
                    status = rad_mask_add_run(all, number, run->begin, run->end, y, z, error);
            }
        }
    return status;
}
