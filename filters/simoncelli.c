/* Simoncelli wavelet (PRT7): cos(pi/2 log2(2 r)) for 1/4 < r <= 1, else 0; r = 2^(level - 1) |v|, v on the
 * grid of the manual. The field repeats periodically. Riesz transforms of it take the direction of the
 * frequency. */
#include "filters.h"
#include "riesz.h"
#include "shared.h"

#include <math.h>
#include <stdio.h>

static void factor(const rad_frequency *frequency, const rad_filter_options *options, double out[2]) {
    const double *v = frequency->manual;
    const double quarter_turn = 1.57079632679489661923, scale = 1 << (options->level - 1);
    const double square = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) * scale * scale;
    const bool inside = square > 0.0625 && square <= 1;
    const double size = inside ? cos(quarter_turn * (1 + 0.5 * log2(square))) : 0;
    out[0] = 1;
    out[1] = 0;
    if (!inside) {
        out[0] = 0;
        return;
    }
    if (rad_riesz_asked(options)) rad_riesz_factor(frequency, options, out);
    out[0] *= size;
    out[1] *= size;
}

static rad_status reach(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                        rad_error *error) {
    for (int a = 1; a < options->dimension; a++)
        if (fabs(spacing[a] - spacing[0]) > 1e-3 * spacing[0])
            return rad_fail(error, RAD_CONFIG,
                            "simoncelli: voxels of %g x %g x %g mm; its bands are defined for equal sides: "
                            "interpolate, or filter slice by slice with dimension 2",
                            spacing[0], spacing[1], spacing[2]);
    return rad_riesz_reach(options, reach, error);
}

static rad_status run(const rad_field *field, const rad_filter_options *options, int threads, double *out,
                      rad_error *error) {
    char key[RAD_TEXT_MAX];
    snprintf(key, sizeof key, "field %d", options->dimension);
    rad_spectrum own = {0}, *spectrum = rad_shared_find(field, key);
    rad_status status = RAD_OK;
    if (!spectrum) {
        rad_shared_clear(field->shared);
        status = rad_spectrum_make(field, field->data, options->dimension, threads, &own, error);
        spectrum = rad_shared_keep(field, key, &own);
    }
    if (status == RAD_OK) status = rad_riesz_filter(field, spectrum, factor, options, threads, out, error);
    rad_spectrum_free(&own);
    return status;
}

static const rad_key *const keys[] = {&rad_dimension_key, &rad_level_key, &rad_riesz_key, &rad_steered_key,
                                      NULL};

const rad_filter rad_filter_simoncelli = {.name = "simoncelli",
                                          .code = "PRT7",
                                          .help = "Simoncelli wavelet, and its Riesz transforms",
                                          .named = "level",
                                          .others = "riesz steered dimension",
                                          .keys = keys,
                                          .reach = reach,
                                          .run = run};
