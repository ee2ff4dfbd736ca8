#include "array.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

static const double straight[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};

static bool has_direction(const rad_array *array) {
    for (int i = 0; i < 9; i++)
        if (array->direction[i] != 0) return true;
    return false;
}

static bool is_rigid(const double d[9]) {
    for (int a = 0; a < 3; a++)
        for (int b = a; b < 3; b++) {
            const double dot = d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b];
            if (!(fabs(dot - (a == b)) <= 1e-3)) return false;
        }
    return true;
}

rad_status rad_array_check(const rad_array *array, rad_error *error) {
    const char *name = array->name;
    size_t bytes = (unsigned)array->type < RAD_TYPE_COUNT ? rad_type_size(array->type) : 0;
    if (!array->voxels) return rad_fail(error, RAD_CONFIG, "%s: voxels is NULL", name);
    if (!bytes) return rad_fail(error, RAD_CONFIG, "%s: %d is not a valid rad_type", name, (int)array->type);
    for (int a = 0; a < 3; a++) {
        if (!array->size[a] || !rad_multiply(bytes, array->size[a], &bytes) || bytes > PTRDIFF_MAX)
            return rad_fail(error, RAD_CONFIG, "%s: %zu x %zu x %zu voxels are not a valid size", name,
                            array->size[0], array->size[1], array->size[2]);
        if (!(array->spacing[a] > 0 && isfinite(array->spacing[a])) || !isfinite(array->origin[a]))
            return rad_fail(error, RAD_CONFIG,
                            "%s: spacing %g and origin %g of axis %d: numbers in mm, spacing above 0", name,
                            array->spacing[a], array->origin[a], a);
    }
    if (has_direction(array) && !is_rigid(array->direction))
        return rad_fail(error, RAD_CONFIG, "%s: direction has no unit vectors at right angles in its columns",
                        name);
    if (!isfinite(array->slope) || !isfinite(array->intercept))
        return rad_fail(error, RAD_CONFIG, "%s: slope %g and intercept %g must be finite", name, array->slope,
                        array->intercept);
    return RAD_OK;
}

static rad_volume header_of(const rad_array *array) {
    const bool scaled = array->slope != 0;
    rad_volume v = {
        .type = array->type, .slope = scaled ? array->slope : 1, .intercept = scaled ? array->intercept : 0};
    rad_geometry *g = &v.geometry;
    memcpy(g->size, array->size, sizeof g->size);
    memcpy(g->spacing, array->spacing, sizeof g->spacing);
    memcpy(g->origin, array->origin, sizeof g->origin);
    memcpy(g->direction, has_direction(array) ? array->direction : straight, sizeof g->direction);
    for (int r = 0; array->lps && r < 2; r++) {
        g->origin[r] = 0 - g->origin[r];
        for (int a = 0; a < 3; a++) g->direction[3 * r + a] = 0 - g->direction[3 * r + a];
    }
    return v;
}

/* Bytes between neighbours along each axis; true: x is the fastest, there are no gaps, and voxels are
 * aligned. */
static bool find_strides(const rad_array *array, ptrdiff_t stride[3]) {
    const ptrdiff_t bytes = (ptrdiff_t)rad_type_size(array->type);
    const bool given = array->stride[0] || array->stride[1] || array->stride[2];
    bool dense = (uintptr_t)array->voxels % (uintptr_t)bytes == 0;
    ptrdiff_t next = bytes;
    for (int a = 0; a < 3; a++) {
        stride[a] = given ? array->stride[a] : next;
        dense = dense && (stride[a] == next || array->size[a] == 1);
        next *= (ptrdiff_t)array->size[a];
    }
    return dense;
}

#define GATHER(type)                                                                                         \
    for (size_t i = 0; i < count; i++, from += step) memcpy((type *)to + i, from, sizeof(type))

static void gather(const unsigned char *from, ptrdiff_t step, size_t count, size_t width, void *to) {
    if (step == (ptrdiff_t)width)
        memcpy(to, from, count * width);
    else if (width == 1)
        GATHER(uint8_t);
    else if (width == 2)
        GATHER(uint16_t);
    else if (width == 4)
        GATHER(uint32_t);
    else
        GATHER(uint64_t);
}

/* A box of the grid in that order, x fastest. */
static void gather_box(const rad_array *array, const rad_order *order, const ptrdiff_t stride[3],
                       const rad_box *box, unsigned char *to) {
    const unsigned char *first = array->voxels;
    const size_t bytes = rad_type_size(array->type), width = box->end[0] - box->begin[0];
    ptrdiff_t step[3];
    for (int a = 0; a < 3; a++) {
        const int s = order->turned ? order->axis[a] : a;
        const bool back = order->turned && order->backwards[a];
        step[a] = back ? -stride[s] : stride[s];
        first += (ptrdiff_t)(back ? array->size[s] - 1 - box->begin[a] : box->begin[a]) * stride[s];
    }
    for (size_t z = 0; z < box->end[2] - box->begin[2]; z++)
        for (size_t y = 0; y < box->end[1] - box->begin[1]; y++, to += width * bytes)
            gather(first + (ptrdiff_t)z * step[2] + (ptrdiff_t)y * step[1], step[0], width, bytes, to);
}

static rad_status open_array(rad_source *source, const rad_source_options *options, rad_warnings *warnings,
                             rad_error *error) {
    (void)warnings, (void)error;
    rad_facts_add(&source->facts, "format", "memory");
    source->header = header_of(options->image);
    return RAD_OK;
}

static rad_status read_box(const rad_source *source, const rad_source_options *options, const rad_box *box,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    const rad_array *array = options->image;
    const rad_order *order = &source->header.order;
    (void)warnings;
    ptrdiff_t stride[3];
    const bool dense = find_strides(array, stride);
    *volume = header_of(array);
    volume->order = *order;
    volume->geometry = rad_order_grid(order, &volume->geometry);
    volume->borrowed = dense && !order->turned;
    volume->held = box && !volume->borrowed ? *box : rad_geometry_box(&volume->geometry);
    if (volume->borrowed) {
        volume->voxels = (void *)(uintptr_t)array->voxels;
        return RAD_OK;
    }
    volume->voxels = rad_new_raw(rad_box_count(&volume->held), rad_type_size(array->type), error);
    if (!volume->voxels) return RAD_NO_MEMORY;
    gather_box(array, order, stride, &volume->held, volume->voxels);
    return RAD_OK;
}

const rad_reader rad_reader_array = {.name = "memory", .open = open_array, .read = read_box};

rad_status rad_array_read_mask(const rad_array *array, double least, rad_mask *mask, rad_warnings *warnings,
                               rad_error *error) {
    ptrdiff_t stride[3];
    const size_t *size = array->size, bytes = rad_type_size(array->type);
    const bool dense = find_strides(array, stride);
    *mask = (rad_mask){.volume = header_of(array), .least = least};
    unsigned char *copy = dense ? NULL : rad_new_raw(size[0], bytes, error);
    rad_status status = dense || copy ? rad_mask_begin(mask, error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < size[1] * size[2] && status == RAD_OK; i++) {
        const unsigned char *row = (const unsigned char *)array->voxels +
                                   (ptrdiff_t)(i % size[1]) * stride[1] +
                                   (ptrdiff_t)(i / size[1]) * stride[2];
        if (copy) gather(row, stride[0], size[0], bytes, copy);
        status = rad_mask_add_row(mask, copy ? copy : row, i % size[1], i / size[1], array->name, error);
    }
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    if (status == RAD_OK) status = rad_mask_check(mask, array->name, error);
    if (status == RAD_OK) rad_mask_warn(mask, array->name, warnings);
    if (status == RAD_OK) status = rad_mask_turn(mask, error);
    if (status != RAD_OK) rad_mask_free(mask);
    rad_free(copy);
    return status;
}
