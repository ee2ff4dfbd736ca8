/* Laws kernels (JTXT), one name per axis, normalised; with delta > 0 the energy: the mean of |response| over
 * a box. */
#include "filters.h"
#include "mean.h"
#include "rotate.h"

#include "../core/memory.h"

#include <math.h>
#include <string.h>

typedef struct own {
    char kernels[RAD_TEXT_MAX]; /* "E5L5S5", one name per axis */
    int delta;                  /* Chebyshev distance of the energy in voxels; 0: no energy */
} own;
RAD_OWN_OPTIONS

static const rad_key kernels_key = {"kernels",
                                    RAD_KEY_TEXT,
                                    RAD_OWN(kernels),
                                    0,
                                    0,
                                    NULL,
                                    "L5E5E5",
                                    "a kernel per axis of L3 E3 S3 L5 E5 S5 W5 R5, such as L5E5E5",
                                    "Laws kernels along x, y, z",
                                    "_%s"};
static const rad_key delta_key = {"delta",
                                  RAD_KEY_INTEGER,
                                  RAD_OWN(delta),
                                  0,
                                  100,
                                  NULL,
                                  "0",
                                  NULL,
                                  "Chebyshev distance of the Laws energy, voxels; 0: no energy",
                                  "_energy%s"};
static const rad_key *const keys[] = {&rad_dimension_key, &rad_boundary_key, &kernels_key, &rad_rotations_key,
                                      &rad_pooling_key,   &delta_key,        NULL};

static const struct {
    const char *name;
    size_t length;
    double tap[5];
} kernels[] = {
    {"L3", 3, {1, 2, 1}},         {"E3", 3, {-1, 0, 1}},        {"S3", 3, {-1, 2, -1}},
    {"L5", 5, {1, 4, 6, 4, 1}},   {"E5", 5, {-1, -2, 0, 2, 1}}, {"S5", 5, {-1, 0, 2, 0, -1}},
    {"W5", 5, {-1, 2, 0, -2, 1}}, {"R5", 5, {1, -4, 6, -4, 1}},
};
enum { KERNELS = sizeof kernels / sizeof kernels[0] };

/* Taps of norm 1. */
static rad_status make_kernel(const char *name, rad_chain *chain, rad_error *error) {
    for (size_t k = 0; k < KERNELS; k++) {
        if (memcmp(kernels[k].name, name, 2) != 0) continue;
        double tap[5], norm = 0;
        for (size_t i = 0; i < kernels[k].length; i++) norm += kernels[k].tap[i] * kernels[k].tap[i];
        for (size_t i = 0; i < kernels[k].length; i++) tap[i] = kernels[k].tap[i] / sqrt(norm);
        chain->count = 1;
        return rad_taps_make(tap, kernels[k].length, &chain->taps[0], error);
    }
    return rad_fail(error, RAD_CONFIG, "laws: %.2s is not a kernel; the kernels are L3 E3 S3 L5 E5 S5 W5 R5",
                    name);
}

/* One chain of one kernel per axis. */
static rad_status make_chains(const rad_filter_options *options, rad_chain chain[3], rad_error *error) {
    const own o = own_of(options);
    rad_status status = RAD_OK;
    if (strlen(o.kernels) != 2 * (size_t)options->dimension)
        return rad_fail(error, RAD_CONFIG, "laws: kernels %s; %d names such as L5 are needed, one per axis",
                        o.kernels, options->dimension);
    for (int a = 0; a < options->dimension && status == RAD_OK; a++)
        status = make_kernel(o.kernels + 2 * (ptrdiff_t)a, &chain[a], error);
    return status;
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    rad_chain chain[3] = {{{{0}}, 0, ""}};
    (void)spacing;
    rad_status status = make_chains(options, chain, error);
    if (status == RAD_OK) rad_chain_reach(chain, options, reach);
    for (int a = 0; a < options->dimension; a++) reach[a] += (size_t)own_of(options).delta;
    rad_chain_free(chain);
    return status;
}

static rad_status compute_energy(const rad_field *field, const rad_filter_options *options, int threads,
                                 double *out, rad_error *error) {
    const size_t count = rad_field_count(field);
    rad_field magnitude = *field;
    magnitude.data = rad_new_raw(count, sizeof *out, error);
    if (!magnitude.data) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) magnitude.data[i] = fabs(out[i]);
    rad_status status = rad_mean_box(&magnitude, 2 * own_of(options).delta + 1, options, threads, out, error);
    rad_free(magnitude.data);
    return status;
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    rad_chain chain[3] = {{{{0}}, 0, ""}};
    rad_field seen = *field;
    if (own_of(options).delta) seen.wanted = (rad_box){.end = {0}}; /* energies look around */
    rad_status status = make_chains(options, chain, error);
    if (status == RAD_OK) status = rad_rotate_separable(&seen, chain, options, threads, out, error);
    if (status == RAD_OK && own_of(options).delta)
        status = compute_energy(field, options, threads, out, error);
    rad_chain_free(chain);
    return status;
}

const rad_filter rad_filter_laws = {.name = "laws",
                                    .code = "JTXT",
                                    .help = "Laws kernels, and their energy",
                                    .named = "kernels",
                                    .others = "rotations pooling delta dimension boundary",
                                    .keys = keys,
                                    .reach = reach,
                                    .run = run};
