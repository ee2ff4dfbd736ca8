/* Filters that are defined by what they do to frequencies. */
#ifndef RAD_SPECTRUM_H
#define RAD_SPECTRUM_H

#include "../core/fft.h"
#include "filter.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A frequency twice: `exact` in cycles per voxel, -1/2 <= exact < 1/2; `manual` on the grid of the IBSI
 * manual, which spreads -1..1 evenly over the voxels of an axis, both ends included. */
typedef struct rad_frequency {
    double exact[3], manual[3];
} rad_frequency;

/* The complex factor of a frequency. */
typedef void rad_factor(const rad_frequency *frequency, const rad_filter_options *options, double factor[2]);

/* Half of the spectrum of a real field, transformed along its first `axes` axes: k_x = 0..n/2. */
typedef struct rad_spectrum {
    size_t size[3], half;
    int axes;
    double *data; /* owned */
} rad_spectrum;

/* The spectrum of data on the grid of the field. One volume of memory. */
rad_status rad_spectrum_make(const rad_field *field, const double *data, int axes, int threads,
                             rad_spectrum *spectrum, rad_error *error) RAD_MUST_CHECK;

/* A factor and the options that it has. */
typedef struct rad_response {
    rad_factor *factor;
    const rad_filter_options *options;
} rad_response;

/* out = the real part of the field under the factor, where the response is wanted. The field repeats
 * periodically. Unless the spectrum is kept, it is freed. Half spectra of the rows that are wanted are held
 * beside it. */
rad_status rad_spectrum_apply(const rad_field *field, rad_spectrum *spectrum, bool keep,
                              rad_response response, int threads, double *out,
                              rad_error *error) RAD_MUST_CHECK;

/* May be called twice. */
void rad_spectrum_free(rad_spectrum *spectrum);

/* Forward Fourier transform of a plane of complex data, in place. The lines are those of its sides. */
rad_status rad_spectrum_plane(double *data, const size_t size[2], const rad_fft_lines lines[2],
                              rad_error *error) RAD_MUST_CHECK;

/* Forward Fourier transform of complex data along the first `axes` axes, in place. */
rad_status rad_spectrum_transform(double *data, const size_t size[3], int axes, int threads,
                                  rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
