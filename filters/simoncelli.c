/* Simoncelli wavelet (PRT7): cos(pi/2 log2(2 r)) for 1/4 < r <= 1, else 0; r = 2^(level - 1) |v|, v on the
 * grid of the manual. Riesz transforms of it take the direction of the frequency. */
#include "filters.h"
#include "spectrum.h"

#include <math.h>

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
    if (options->riesz[0] + options->riesz[1] + options->riesz[2]) rad_riesz_factor(frequency, options, out);
    out[0] *= size;
    out[1] *= size;
}

rad_status rad_filter_simoncelli(const rad_field *field, const rad_filter_options *options, int threads,
                                 double *out, rad_error *error) {
    if (options->boundary != RAD_PERIODIC)
        return rad_fail(error, RAD_CONFIG,
                        "simoncelli: a filter of frequencies repeats the image; boundary periodic is "
                        "the only one");
    return rad_spectrum_filter(field, options, factor, threads, out, error);
}
