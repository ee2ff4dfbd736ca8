#include "volume.h"

#include "memory.h"
#include "simd.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void convert_row(const void *voxels, size_t count, double slope, double intercept, double *out);

#define CONVERT(name, type)                                                                                  \
    RAD_KERNEL_LOOP void name##_loop(const void *voxels, size_t count, double slope, double intercept,       \
                                     double *out) {                                                          \
        const type *in = voxels;                                                                             \
        if (slope == 1 && intercept == 0)                                                                    \
            for (size_t i = 0; i < count; i++) out[i] = (double)in[i];                                       \
        else                                                                                                 \
            for (size_t i = 0; i < count; i++) out[i] = slope * (double)in[i] + intercept;                   \
    }                                                                                                        \
    RAD_KERNEL(name, (const void *voxels, size_t count, double slope, double intercept, double *out),        \
               (voxels, count, slope, intercept, out))
CONVERT(from_uint8, uint8_t)
CONVERT(from_int8, int8_t)
CONVERT(from_uint16, uint16_t)
CONVERT(from_int16, int16_t)
CONVERT(from_uint32, uint32_t)
CONVERT(from_int32, int32_t)
CONVERT(from_uint64, uint64_t)
CONVERT(from_int64, int64_t)
CONVERT(from_float32, float)
CONVERT(from_float64, double)

static const struct {
    const char *name;
    size_t size;
    convert_row *convert;
} types[RAD_TYPE_COUNT] = {
    [RAD_NO_TYPE] = {"none", 0, NULL},
    [RAD_UINT8] = {"uint8", 1, from_uint8},
    [RAD_INT8] = {"int8", 1, from_int8},
    [RAD_UINT16] = {"uint16", 2, from_uint16},
    [RAD_INT16] = {"int16", 2, from_int16},
    [RAD_UINT32] = {"uint32", 4, from_uint32},
    [RAD_INT32] = {"int32", 4, from_int32},
    [RAD_UINT64] = {"uint64", 8, from_uint64},
    [RAD_INT64] = {"int64", 8, from_int64},
    [RAD_FLOAT32] = {"float32", 4, from_float32},
    [RAD_FLOAT64] = {"float64", 8, from_float64},
};

size_t rad_type_size(rad_type type) {
    return types[type].size;
}

const char *rad_type_name(rad_type type) {
    return types[type].name;
}

rad_box rad_volume_held(const rad_volume *volume) {
    return volume->held.end[0] ? volume->held : rad_geometry_box(&volume->geometry);
}

void rad_volume_convert(const rad_volume *volume, const void *voxels, size_t count, double *out) {
    types[volume->type].convert(voxels, count, volume->slope, volume->intercept, out);
    for (size_t i = 0; volume->fills && i < count; i++)
        if (!isfinite(out[i])) out[i] = volume->fill;
}

bool rad_volume_ends(const rad_volume *v, double ends[2]) {
    static const double known[][2] = {
        [RAD_UINT8] = {0, 0xff},         [RAD_INT8] = {-0x80, 0x7f},      [RAD_UINT16] = {0, 0xffff},
        [RAD_INT16] = {-0x8000, 0x7fff}, [RAD_UINT32] = {0, 0xffffffff},  [RAD_INT32] = {-0x1p31, 0x7fffffff},
        [RAD_UINT64] = {0, 0x1p64},      [RAD_INT64] = {-0x1p63, 0x1p63},
    };
    memcpy(ends, v->ends, sizeof v->ends);
    if (v->type >= RAD_FLOAT32) return ends[1] > ends[0];
    const bool plain = v->slope == 1 && v->intercept == 0, natural = known[v->type][0] == 0;
    ends[0] = plain || (natural && v->slope > 0 && v->intercept >= 0) ? known[v->type][0] : -INFINITY;
    ends[1] = plain ? known[v->type][1] : INFINITY;
    return !v->singles && v->slope == floor(v->slope) && v->intercept == floor(v->intercept);
}

bool rad_volume_may_lack(const rad_volume *volume) {
    return volume->type == RAD_FLOAT32 || volume->type == RAD_FLOAT64 || !isfinite(volume->slope) ||
           !isfinite(volume->intercept);
}

RAD_KERNEL_LOOP void count_lacking_loop(const double *x, size_t count, size_t *lacking) {
    size_t found = 0;
    for (size_t i = 0; i < count; i++) found += !(fabs(x[i]) <= DBL_MAX);
    *lacking = found;
}
RAD_KERNEL(count_lacking, (const double *x, size_t count, size_t *lacking), (x, count, lacking))

void rad_volume_find_lacking(const rad_volume *volume, const rad_box *box, rad_see_voxel *see,
                             void *context) {
    enum { PIECE = 4096 };
    double piece[PIECE] = {0};
    if (!rad_volume_may_lack(volume)) return;
    for (size_t z = box->begin[2]; z < box->end[2]; z++)
        for (size_t y = box->begin[1]; y < box->end[1]; y++)
            for (size_t x = box->begin[0], end; x < box->end[0]; x = end) {
                end = x + PIECE < box->end[0] ? x + PIECE : box->end[0];
                rad_volume_crop(volume, &(rad_box){{x, y, z}, {end, y + 1, z + 1}}, piece);
                size_t lacking;
                count_lacking(piece, end - x, &lacking);
                for (size_t i = 0; i < end - x && lacking; i++)
                    if (!isfinite(piece[i]) && !see((const size_t[]){x + i, y, z}, piece[i], context)) return;
            }
}

void rad_volume_crop(const rad_volume *volume, const rad_box *box, double *out) {
    const rad_box held = rad_volume_held(volume);
    const size_t bytes = types[volume->type].size, width = box->end[0] - box->begin[0];
    const size_t pitch = held.end[0] - held.begin[0], height = held.end[1] - held.begin[1];
    for (size_t z = box->begin[2] - held.begin[2]; z < box->end[2] - held.begin[2]; z++)
        for (size_t y = box->begin[1] - held.begin[1]; y < box->end[1] - held.begin[1]; y++, out += width) {
            const size_t first = (z * height + y) * pitch + box->begin[0] - held.begin[0];
            rad_volume_convert(volume, (const unsigned char *)volume->voxels + first * bytes, width, out);
        }
}

void rad_volume_unturn(const rad_volume *volume, const rad_geometry *stored, void *voxels) {
    const size_t *size = volume->geometry.size, bytes = types[volume->type].size;
    const rad_order inverse = rad_order_inverse(&volume->order);
    const rad_box all = rad_geometry_box(stored);
    const unsigned char *row = volume->voxels;
    ptrdiff_t step[3];
    const ptrdiff_t first = (ptrdiff_t)rad_order_steps(&inverse, &all, step);
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++, row += size[0] * bytes)
            rad_order_put(row, size[0], bytes,
                          (unsigned char *)voxels +
                              (first + (ptrdiff_t)y * step[1] + (ptrdiff_t)z * step[2]) * (ptrdiff_t)bytes,
                          step[0]);
}

rad_status rad_volume_restore(rad_volume *volume, const rad_geometry *stored, rad_error *error) {
    if (volume->order.turned) {
        void *voxels = rad_new_raw(rad_geometry_count(stored), types[volume->type].size, error);
        if (!voxels) return RAD_NO_MEMORY;
        rad_volume_unturn(volume, stored, voxels);
        rad_free(volume->voxels);
        volume->voxels = voxels;
    }
    volume->geometry = *stored;
    volume->order = (rad_order){.turned = false};
    volume->held = rad_geometry_box(stored);
    return RAD_OK;
}

void rad_volume_free(rad_volume *volume) {
    if (!volume->borrowed) rad_free(volume->voxels);
    *volume = (rad_volume){0};
}
