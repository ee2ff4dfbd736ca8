#include "nifti_files.h"

#include "../../core/memory.h"
#include "../../io/bytes.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void put_file(const char *name, const void *data, size_t length) {
    rad_error error = {0};
    unsigned char *copy = rad_new_raw(length + 1, 1, NULL);
    ck_assert(copy != NULL);
    memcpy(copy, data, length);
    const rad_bytes bytes = {copy, length};
    ck_ok(rad_bytes_write(test_path(name), &bytes, 1, &error));
    rad_free(copy);
}

void put_gzip(const char *name, const void *data, size_t length, size_t keep) {
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    const size_t room = libdeflate_gzip_compress_bound(c, length);
    unsigned char *packed = rad_new_raw(room, 1, NULL);
    ck_assert(packed != NULL);
    const size_t made = libdeflate_gzip_compress(c, data, length, packed, room);
    put_file(name, packed, keep < made ? keep : made);
    rad_free(packed);
    libdeflate_free_compressor(c);
}

nifti_1_header plain_header(void) {
    nifti_1_header h = {.sizeof_hdr = 348,
                        .dim = {3, 3, 2, 2, 1, 1, 1, 1},
                        .datatype = NIFTI_TYPE_INT16,
                        .bitpix = 16,
                        .pixdim = {1, 1, 2, 3, 0, 0, 0, 0},
                        .vox_offset = 352,
                        .xyzt_units = NIFTI_UNITS_MM,
                        .sform_code = 1,
                        .srow_x = {1, 0, 0, -5},
                        .srow_y = {0, 2, 0, 6},
                        .srow_z = {0, 0, 3, 7},
                        .magic = "n+1"};
    return h;
}

size_t assemble(unsigned char *out, const nifti_1_header *h, const void *voxels, size_t bytes) {
    memset(out, 0, 352);
    memcpy(out, h, sizeof *h);
    memcpy(out + 352, voxels, bytes);
    return 352 + bytes;
}

const int16_t counting[VOXELS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

void put_plain(const char *name, const nifti_1_header *h) {
    unsigned char file[512];
    put_file(name, file, assemble(file, h, counting, sizeof counting));
}

void expect_voxels(const rad_volume *v, double slope, double intercept) {
    double x[VOXELS];
    const rad_box all = rad_geometry_box(&v->geometry);
    ck_assert_uint_eq(rad_geometry_count(&v->geometry), VOXELS);
    rad_volume_crop(v, &all, x);
    for (int i = 0; i < VOXELS; i++) ck_near(x[i], slope * i + intercept, 1e-15);
}
