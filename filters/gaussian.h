/* Samples of a Gaussian, and fields smoothed with them: what Gaussian, LoG and Riesz filters share. */
#ifndef RAD_GAUSSIAN_H
#define RAD_GAUSSIAN_H

#include "convolve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* exp(-k^2 / 2 sigma^2) / (sqrt(2 pi) sigma); k and sigma in voxels. */
double rad_gaussian(double k, double sigma);

/* How many voxels to each side count along the axis; sigma in mm, cut off at `cutoff` sigma. */
size_t rad_gaussian_reach(const double spacing[3], int axis, double sigma, double cutoff);

/* A Gaussian along each of the first `dimension` axes. */
typedef struct rad_smoothing {
    double sigma, cutoff;
    rad_boundary boundary;
    int dimension;
} rad_smoothing;

/* out = the field under samples that sum to 1, axis by axis. Takes one volume of memory. */
rad_status rad_gaussian_smooth(const rad_field *field, rad_smoothing how, int threads, double *out,
                               rad_error *error) RAD_MUST_CHECK;

/* Rows `reach` and `warn` of Gaussian and LoG: a sigma below the distance of the voxels samples no Gaussian.
 */
rad_status rad_gaussian_box(const rad_filter_options *options, const double spacing[3], size_t reach[3],
                            rad_error *error) RAD_MUST_CHECK;
void rad_gaussian_warn(const rad_filter_options *options, const char *name, const double spacing[3],
                       rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
