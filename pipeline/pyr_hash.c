#include "pyr_hash.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "pyr_resample.h"

#include <math.h>
#include <nettle/sha1.h>
#include <stdio.h>

static void finish(struct sha1_ctx *sha, char text[RAD_PYR_HASH]) {
    unsigned char digest[SHA1_DIGEST_SIZE];
    sha1_digest(sha, sizeof digest, digest);
    rad_hash_text(digest, sizeof digest, text);
}

/* Rows of what is rescaled, as floats or doubles. */
static rad_status hash_rows(const rad_volume *v, bool floats, struct sha1_ctx *sha, rad_error *error) {
    const size_t width = v->geometry.size[0], bytes = width * rad_type_size(v->type);
    double *row = rad_new_raw(width, sizeof *row, error);
    float *narrow = rad_new_raw(width, sizeof *narrow, error);
    for (size_t r = 0; row && narrow && r < v->geometry.size[1] * v->geometry.size[2]; r++) {
        rad_volume_convert(v, (const char *)v->voxels + r * bytes, width, row);
        for (size_t x = 0; x < width; x++) narrow[x] = (float)row[x];
        if (floats)
            sha1_update(sha, width * sizeof *narrow, (const uint8_t *)narrow);
        else
            sha1_update(sha, width * sizeof *row, (const uint8_t *)row);
    }
    const bool done = row && narrow;
    rad_free(row);
    rad_free(narrow);
    return done ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_pyr_hash_image(const rad_volume *v, char text[RAD_PYR_HASH], rad_error *error) {
    struct sha1_ctx sha;
    rad_status status = RAD_OK;
    const bool plain = v->slope == 1 && v->intercept == 0;
    const rad_pyr_precision precision = rad_pyr_precision_of(v);
    snprintf(text, RAD_PYR_HASH, "none");
    if (!plain && precision == RAD_PYR_WHOLE) return RAD_OK;
    sha1_init(&sha);
    if (plain)
        sha1_update(&sha, rad_geometry_count(&v->geometry) * rad_type_size(v->type), v->voxels);
    else
        status = hash_rows(v, precision == RAD_PYR_SINGLE, &sha, error);
    if (status == RAD_OK) finish(&sha, text);
    return status;
}

/* The runs of a row of the mask; false where they overlap. */
static bool put_row(const rad_mask *mask, size_t row, uint32_t *out) {
    size_t end = 0;
    for (size_t r = mask->row_begin[row]; r < mask->row_begin[row + 1]; r++) {
        const rad_run *run = &mask->runs[r];
        if (run->begin < end) return false;
        end = run->end;
        for (size_t x = run->begin; x < run->end; x++) out[x] = (uint32_t)run->label;
    }
    return true;
}

rad_status rad_pyr_hash_mask(const rad_mask *mask, char text[RAD_PYR_HASH], rad_error *error) {
    const rad_geometry *own = &mask->volume.geometry;
    const rad_order inverse = rad_order_inverse(&mask->volume.order);
    const rad_geometry stored = rad_order_grid(&inverse, own);
    const rad_box all = rad_geometry_box(&stored);
    const size_t count = rad_box_count(&all), width = own->size[0];
    struct sha1_ctx sha;
    ptrdiff_t step[3];
    snprintf(text, RAD_PYR_HASH, "none");
    uint32_t *out = rad_new(count, sizeof *out, error),
             *row = out ? rad_new(width, sizeof *row, error) : NULL;
    const rad_status status = row ? RAD_OK : RAD_NO_MEMORY;
    bool flat = row != NULL;
    const ptrdiff_t first = (ptrdiff_t)rad_order_steps(&inverse, &all, step);
    for (size_t r = 0; flat && r < own->size[1] * own->size[2]; r++) {
        if (mask->row_begin[r] == mask->row_begin[r + 1]) continue;
        for (size_t x = 0; x < width; x++) row[x] = 0;
        flat = put_row(mask, r, row);
        const ptrdiff_t at =
            first + (ptrdiff_t)(r % own->size[1]) * step[1] + (ptrdiff_t)(r / own->size[1]) * step[2];
        rad_order_put(row, width, sizeof *row, out + at, step[0]);
    }
    sha1_init(&sha);
    if (flat) sha1_update(&sha, count * sizeof *out, (const uint8_t *)out);
    if (flat) finish(&sha, text);
    rad_free(out);
    rad_free(row);
    return status;
}
