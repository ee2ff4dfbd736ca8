/* What suites of filters share. */
#ifndef RAD_FILTERING_H
#define RAD_FILTERING_H

#include "testing.h"

#include "../../filters/filter.h"

extern const double unit[3]; /* the spacing of most */

/* A filter from "name key=value key=value". */
rad_filter_options parse(const char *spec);

double *new_doubles(size_t count);

/* Noise on a grid; release data with rad_free. */
rad_field noise(const size_t size[3], const double spacing[3], uint64_t seed);

/* The response, on as many threads; release with rad_free. */
double *respond(const rad_field *field, const rad_filter_options *options, int threads);

/* Voxels apart by at most that part of the largest. */
void expect_maps(const double *ours, const double *naive, size_t count, double tolerance, const char *what);

#endif
