#include "filters.h"

#include <string.h>

const rad_filter rad_filters[] = {
    {"mean", "S60F", "mean over a box: size", rad_filter_mean},
    {"gaussian", "", "Gaussian: sigma, cutoff", rad_filter_gaussian},
    {"log", "L6PA", "Laplacian of Gaussian: sigma, cutoff, riesz", rad_filter_log},
    {"laws", "JTXT", "Laws kernels: kernels, rotations, pooling, delta", rad_filter_laws},
    {"gabor", "Q88H", "Gabor: sigma, lambda, gamma, theta or rotations with step, orthogonal",
     rad_filter_gabor},
    {"wavelet", "", "undecimated separable wavelet: wavelet, subband, level, rotations", rad_filter_wavelet},
    {"simoncelli", "PRT7", "Simoncelli wavelet: level, riesz", rad_filter_simoncelli},
    {NULL, NULL, NULL, NULL},
};

const rad_filter *rad_filter_find(const char *name) {
    for (const rad_filter *f = rad_filters; f->name; f++)
        if (!strcmp(f->name, name)) return f;
    return NULL;
}

size_t rad_field_count(const rad_field *field) {
    return field->size[0] * field->size[1] * field->size[2];
}
