#include "pyr_filters.h"
#include "pyr_sweep.h"
#include "shared.h"

#include "../core/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static rad_pyr_filter options_of(const rad_filter_options *options) {
    rad_pyr_filter o;
    memcpy(&o, options->own, sizeof o);
    return o;
}

rad_status rad_pyr_wavelet_check(const char *name, rad_error *error) {
    rad_wavelet w;
    return rad_wavelet_make(name, &w, error);
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    const rad_pyr_filter o = options_of(options);
    rad_wavelet w;
    (void)spacing;
    rad_status status = rad_wavelet_make(o.text, &w, error);
    for (int a = 0; a < 3 && status == RAD_OK; a++)
        if (a != o.axis) reach[a] = (size_t)o.levels * (w.length / 2 + 1);
    return status;
}

/* Taps in single precision; PyWavelets keeps those of Coiflets without the root of 2. */
static void narrow(const char *name, const double *taps, size_t length, float *out) {
    const double root = sqrt(2);
    for (size_t j = 0; j < length; j++)
        out[j] = strncmp(name, "coif", 4) != 0 ? (float)taps[j] : (float)(taps[j] / root) * (float)root;
}

/* A band on its way: passes of earlier levels lead to the base, those of the last one to the band. */
typedef struct band {
    const rad_field *field;
    rad_pyr_filter o;
    rad_wavelet wavelet;
    float single[2][RAD_WAVELET_LENGTH_MAX]; /* low and high */
    size_t size[3];                          /* of the base and of what comes of it */
    const void *base;
    int threads;
    rad_shared *shared;
} band;

static size_t bytes_of(const band *b) {
    return b->field->single ? sizeof(float) : sizeof(double);
}

static void *allocate(const band *b, rad_error *error) {
    return rad_new_raw(b->size[0] * b->size[1], b->size[2] * bytes_of(b), error);
}

/* The field with its first plane once more behind the last one where an axis is odd. */
static void pad(const band *b, void *data) {
    const size_t *n = b->field->size, *size = b->size;
    for (size_t z = 0; z < size[2]; z++)
        for (size_t y = 0; y < size[1]; y++) {
            const double *from = b->field->data + (z % n[2] * n[1] + y % n[1]) * n[0];
            const size_t row = (z * size[1] + y) * size[0];
            for (size_t x = 0; x < size[0]; x++)
                if (b->field->single)
                    ((float *)data)[row + x] = (float)from[x % n[0]];
                else
                    ((double *)data)[row + x] = from[x % n[0]];
        }
}

/* A pass from volume to volume of the base's size. */
static rad_pyr_sweep sweep_of(const band *b, int axis, bool high) {
    return (rad_pyr_sweep){.size = {b->size[0], b->size[1], b->size[2]},
                           .axis = axis,
                           .odd = b->size[axis] % 2,
                           .single = b->field->single,
                           .to_size = {b->size[0], b->size[1]},
                           .kept = {{0, 0, 0}, {b->size[0], b->size[1], b->size[2]}},
                           .single_tap = b->single[high],
                           .double_tap = high ? b->wavelet.high : b->wavelet.low,
                           .length = b->wavelet.length};
}

/* What every key begins with. */
static void begin_key(const band *b, char key[RAD_SHARED_KEY]) {
    const rad_box w = rad_field_wanted(b->field);
    snprintf(key, RAD_SHARED_KEY, "%s %d %d %d %zu-%zu %zu-%zu %zu-%zu ", b->o.text, b->field->single,
             b->o.levels, b->o.axis, w.begin[0], w.end[0], w.begin[1], w.end[1], w.begin[2], w.end[2]);
}

enum { SLOT_BASE, SLOT_X, SLOT_XY };

/* The low-pass of all levels but the last, on even axes. */
static rad_status make_base(band *b, rad_error *error) {
    char key[RAD_SHARED_KEY];
    begin_key(b, key);
    for (int a = 0; a < 3; a++) b->size[a] += b->size[a] % 2;
    b->base = rad_shared_find_volume(b->shared, SLOT_BASE, key);
    if (b->base) return RAD_OK;
    rad_shared_clear_volumes(b->shared, SLOT_BASE);
    void *data = allocate(b, error), *other = data && b->o.levels > 1 ? allocate(b, error) : NULL;
    rad_status status = data && (other || b->o.levels == 1) ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) pad(b, data);
    for (int pass = 0; pass < 3 * (b->o.levels - 1) && status == RAD_OK; pass++) {
        if (pass % 3 == b->o.axis) continue;
        const rad_pyr_sweep s = sweep_of(b, pass % 3, false);
        rad_pyr_sweep_run(&s, data, other, b->threads);
        void *swap = data;
        data = other;
        other = swap;
    }
    rad_free(other);
    if (status != RAD_OK) {
        rad_free(data);
        return status;
    }
    rad_shared_keep_volume(b->shared, SLOT_BASE, key, data);
    b->base = data;
    return RAD_OK;
}

/* One pass of the last level, of what is wanted along the axes that are done. The last one goes to the map;
 * what others give is kept for the bands that begin alike. */
static rad_status run_pass(band *b, int axis, double *map, char key[RAD_SHARED_KEY], const void **data,
                           rad_error *error) {
    const bool high = b->o.high >> axis & 1;
    const size_t length = strlen(key), slot = axis == 0 ? SLOT_X : SLOT_XY;
    const rad_box wanted = rad_field_wanted(b->field);
    snprintf(key + length, RAD_SHARED_KEY - length, "%c", high ? 'H' : 'L');
    void *to = map ? map : rad_shared_find_volume(b->shared, slot, key);
    if (to && !map) {
        *data = to;
        return RAD_OK;
    }
    rad_pyr_sweep s = sweep_of(b, axis, high);
    s.widens = s.single && *data == b->field->data;
    for (int a = 0; a < 3; a++) {
        if (a > axis && a != b->o.axis) continue; /* passes that come look at all of it */
        s.kept.begin[a] = wanted.begin[a];
        s.kept.end[a] = wanted.end[a];
    }
    s.to_double = map != NULL;
    if (map) memcpy(s.to_size, b->field->size, sizeof s.to_size);
    if (!map) {
        rad_shared_clear_volumes(b->shared, slot);
        to = allocate(b, error);
    }
    if (!to) return RAD_NO_MEMORY;
    rad_pyr_sweep_run(&s, *data, to, b->threads);
    if (!map) rad_shared_keep_volume(b->shared, slot, key, to);
    *data = to;
    return RAD_OK;
}

static rad_status run_band(band *b, double *out, rad_error *error) {
    char key[RAD_SHARED_KEY];
    const int last = b->o.axis == 2 ? 1 : 2;
    begin_key(b, key);
    /* one level along x and more reads the field as it is */
    rad_status status = b->o.levels > 1 || b->o.axis == 0 ? make_base(b, error) : RAD_OK;
    const void *data = b->base;
    for (int a = 0; a <= last && status == RAD_OK; a++)
        if (a != b->o.axis) status = run_pass(b, a, a == last ? out : NULL, key, &data, error);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    rad_shared own = {.key = ""};
    band b = {.field = field,
              .o = options_of(options),
              .base = field->data,
              .threads = threads,
              .shared = field->shared ? field->shared : &own};
    memcpy(b.size, field->size, sizeof b.size);
    rad_status status = rad_wavelet_make(b.o.text, &b.wavelet, error);
    if (status == RAD_OK) {
        narrow(b.o.text, b.wavelet.low, b.wavelet.length, b.single[0]);
        narrow(b.o.text, b.wavelet.high, b.wavelet.length, b.single[1]);
        status = run_band(&b, out, error);
    }
    rad_shared_clear(&own);
    return status;
}

const rad_filter rad_filter_pyr_wavelet = {.name = "wavelet",
                                           .code = "",
                                           .help = "undecimated wavelet",
                                           .named = "",
                                           .others = "",
                                           .reach = reach,
                                           .run = run,
                                           .gives = RAD_GIVES_ALIKE};
