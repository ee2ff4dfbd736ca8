#include "nifti.h"

#include "../../core/memory.h"
#include "../bytes.h"
#include "../gzip_pack.h"

#include <limits.h>
#include <nifti1.h>
#include <string.h>

static const short codes[] = {
    [RAD_UINT8] = DT_UINT8,     [RAD_INT8] = DT_INT8,       [RAD_UINT16] = DT_UINT16, [RAD_INT16] = DT_INT16,
    [RAD_UINT32] = DT_UINT32,   [RAD_INT32] = DT_INT32,     [RAD_UINT64] = DT_UINT64, [RAD_INT64] = DT_INT64,
    [RAD_FLOAT32] = DT_FLOAT32, [RAD_FLOAT64] = DT_FLOAT64,
};

static void fill_header(const rad_volume *volume, nifti_1_header *h) {
    const rad_geometry *g = &volume->geometry;
    *h = (nifti_1_header){.sizeof_hdr = 348,
                          .vox_offset = 352,
                          .xyzt_units = NIFTI_UNITS_MM,
                          .sform_code = 1,
                          .scl_slope = (float)volume->slope,
                          .scl_inter = (float)volume->intercept,
                          .dim = {3, (short)g->size[0], (short)g->size[1], (short)g->size[2], 1, 1, 1, 1},
                          .magic = "n+1"};
    h->datatype = codes[volume->type];
    h->bitpix = (short)(8 * rad_type_size(volume->type));
    float *rows[3] = {h->srow_x, h->srow_y, h->srow_z};
    h->pixdim[0] = 1;
    for (int r = 0; r < 3; r++) {
        h->pixdim[r + 1] = (float)g->spacing[r];
        for (int a = 0; a < 3; a++) rows[r][a] = (float)(g->direction[3 * r + a] * g->spacing[a]);
        rows[r][3] = (float)g->origin[r];
    }
}

/* One buffer of header and voxels, or its gzip. */
static rad_status pack(const rad_volume *volume, bool gzip, rad_bytes *packed, rad_error *error) {
    nifti_1_header h;
    fill_header(volume, &h);
    const size_t voxels = rad_geometry_count(&volume->geometry) * rad_type_size(volume->type),
                 length = 352 + voxels;
    rad_bytes plain = {rad_new(length, 1, error), length};
    if (!plain.data) return RAD_NO_MEMORY;
    memcpy(plain.data, &h, sizeof h);
    memcpy(plain.data + 352, volume->voxels, voxels);
    *packed = plain;
    if (!gzip) return RAD_OK;
    const rad_status status = rad_gzip_pack(&plain, packed, error);
    rad_bytes_free(&plain);
    return status;
}

static bool ends_in(const char *path, const char *tail) {
    const size_t length = strlen(path), end = strlen(tail);
    return length > end && !strcmp(path + length - end, tail);
}

bool rad_nifti_is_name(const char *path) {
    return ends_in(path, ".nii") || ends_in(path, ".nii.gz");
}

rad_status rad_nifti_write(const char *path, const rad_volume *volume, rad_error *error) {
    for (int a = 0; a < 3; a++)
        if (volume->geometry.size[a] > SHRT_MAX)
            return rad_fail(error, RAD_UNWRITABLE,
                            "%s: %zu voxels along axis %d; NIfTI-1 can hold at most %d", path,
                            volume->geometry.size[a], a, SHRT_MAX);
    rad_bytes packed = {0};
    rad_status status = pack(volume, ends_in(path, ".gz"), &packed, error);
    if (status == RAD_OK) status = rad_bytes_write(path, &packed, 1, error);
    rad_bytes_free(&packed);
    return status;
}
