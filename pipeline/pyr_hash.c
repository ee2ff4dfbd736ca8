#include "pyr_hash.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "pyr_resample.h"

#include <math.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <string.h>

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

/* Row by row, where rows of the mask are rows of the file, if in another order and backwards: own[k] is the
 * row of the mask that lies k-th in the file. False where labels overlap. */
static bool hash_rows_of_mask(const rad_mask *mask, const size_t *own, bool backwards, uint32_t *row,
                              struct sha1_ctx *sha) {
    const rad_geometry *g = &mask->volume.geometry;
    const size_t width = g->size[0];
    for (size_t k = 0; k < g->size[1] * g->size[2]; k++) {
        memset(row, 0, width * sizeof *row);
        if (!put_row(mask, own[k], row)) return false;
        for (size_t x = 0; backwards && x < width / 2; x++) {
            const uint32_t other = row[x];
            row[x] = row[width - 1 - x];
            row[width - 1 - x] = other;
        }
        sha1_update(sha, width * sizeof *row, (const uint8_t *)row);
    }
    return true;
}

/* All voxels in the order of the file. */
static bool hash_turned(const rad_mask *mask, uint32_t *row, uint32_t *out, struct sha1_ctx *sha) {
    const rad_geometry *own = &mask->volume.geometry;
    const rad_order inverse = rad_order_inverse(&mask->volume.order);
    const rad_geometry stored = rad_order_grid(&inverse, own);
    const rad_box all = rad_geometry_box(&stored);
    ptrdiff_t step[3];
    const ptrdiff_t first = (ptrdiff_t)rad_order_steps(&inverse, &all, step);
    for (size_t r = 0; r < own->size[1] * own->size[2]; r++) {
        if (mask->row_begin[r] == mask->row_begin[r + 1]) continue;
        memset(row, 0, own->size[0] * sizeof *row);
        if (!put_row(mask, r, row)) return false;
        const ptrdiff_t at =
            first + (ptrdiff_t)(r % own->size[1]) * step[1] + (ptrdiff_t)(r / own->size[1]) * step[2];
        rad_order_put(row, own->size[0], sizeof *row, out + at, step[0]);
    }
    sha1_update(sha, rad_geometry_count(own) * sizeof *out, (const uint8_t *)out);
    return true;
}

rad_status rad_pyr_hash_mask(const rad_mask *mask, char text[RAD_PYR_HASH], rad_error *error) {
    const rad_geometry *g = &mask->volume.geometry;
    const rad_order inverse = rad_order_inverse(&mask->volume.order);
    const rad_geometry stored = rad_order_grid(&inverse, g);
    const rad_box all = rad_geometry_box(&stored);
    const size_t rows = g->size[1] * g->size[2];
    struct sha1_ctx sha;
    ptrdiff_t step[3];
    const ptrdiff_t first = (ptrdiff_t)rad_order_steps(&inverse, &all, step);
    const bool by_rows = step[0] == 1 || step[0] == -1 || g->size[0] == 1;
    snprintf(text, RAD_PYR_HASH, "none");
    sha1_init(&sha);
    uint32_t *row = rad_new(g->size[0], sizeof *row, error), *out = NULL;
    size_t *own = NULL;
    if (row && by_rows) own = rad_new(rows, sizeof *own, error);
    if (row && !by_rows) out = rad_new(rad_geometry_count(g), sizeof *out, error);
    for (size_t r = 0; own && r < rows; r++)
        own[(size_t)(first + (ptrdiff_t)(r % g->size[1]) * step[1] + (ptrdiff_t)(r / g->size[1]) * step[2]) /
            g->size[0]] = r;
    const bool enough = own || out;
    if (enough &&
        (own ? hash_rows_of_mask(mask, own, step[0] < 0, row, &sha) : hash_turned(mask, row, out, &sha)))
        finish(&sha, text);
    rad_free(row);
    rad_free(own);
    rad_free(out);
    return enough ? RAD_OK : RAD_NO_MEMORY;
}
