/* Intensity histogram features (ZVCW) over the grey levels of the intensity mask. */
#include "families.h"
#include "sample.h"

#include "../core/memory.h"

#include <math.h>
#include <stdlib.h>

typedef struct rad_histogram {
    rad_sample sample; /* the levels */
    const double *n;   /* n[i]: voxels of level i + 1, for all levels 1..levels, empty ones too */
    size_t levels;     /* N_g */
    double voxels;     /* N_v */
} rad_histogram;

#define OF_SAMPLE(name)                                                                                      \
    static rad_value name(const rad_histogram *h) {                                                          \
        return rad_sample_##name(&h->sample);                                                                \
    }
OF_SAMPLE(mean)
OF_SAMPLE(variance)
OF_SAMPLE(skewness)
OF_SAMPLE(kurtosis)
OF_SAMPLE(median)
OF_SAMPLE(minimum)
OF_SAMPLE(p10)
OF_SAMPLE(p90)
OF_SAMPLE(maximum)
OF_SAMPLE(iqr)
OF_SAMPLE(range)
OF_SAMPLE(mad)
OF_SAMPLE(rmad)
OF_SAMPLE(medad)
OF_SAMPLE(cov)
OF_SAMPLE(qcod)

/* The most common level; of several the one closest to the mean, of two at equal distance the lower. */
static rad_value mode(const rad_histogram *h) {
    size_t best = 0;
    for (size_t i = 1; i < h->levels; i++) {
        const double nearer = fabs((double)best + 1 - h->sample.mean) - fabs((double)i + 1 - h->sample.mean);
        if (h->n[i] > h->n[best] || (h->n[i] == h->n[best] && nearer > 0)) best = i;
    }
    return rad_defined((double)best + 1);
}

static rad_value entropy(const rad_histogram *h) {
    double sum = 0;
    for (size_t i = 0; i < h->levels; i++)
        if (h->n[i] > 0) sum -= h->n[i] / h->voxels * log2(h->n[i] / h->voxels);
    return rad_defined(sum);
}

static rad_value uniformity(const rad_histogram *h) {
    double sum = 0;
    for (size_t i = 0; i < h->levels; i++) sum += h->n[i] * h->n[i];
    return rad_defined(sum / (h->voxels * h->voxels));
}

static double gradient(const rad_histogram *h, size_t i) {
    if (i == 0) return h->n[1] - h->n[0];
    if (i + 1 == h->levels) return h->n[i] - h->n[i - 1];
    return (h->n[i + 1] - h->n[i - 1]) / 2;
}

/* Level index with the largest sign * gradient, the first of several; one level has no gradient. */
static size_t steepest(const rad_histogram *h, double sign) {
    size_t best = 0;
    for (size_t i = 1; i < h->levels; i++)
        if (sign * gradient(h, i) > sign * gradient(h, best)) best = i;
    return best;
}

static rad_value gradient_value(const rad_histogram *h, double sign) {
    return h->levels < 2 ? rad_undefined(RAD_ONE_LEVEL) : rad_defined(gradient(h, steepest(h, sign)));
}

static rad_value gradient_level(const rad_histogram *h, double sign) {
    return h->levels < 2 ? rad_undefined(RAD_ONE_LEVEL) : rad_defined((double)steepest(h, sign) + 1);
}

static rad_value max_gradient(const rad_histogram *h) {
    return gradient_value(h, 1);
}

static rad_value max_gradient_level(const rad_histogram *h) {
    return gradient_level(h, 1);
}

static rad_value min_gradient(const rad_histogram *h) {
    return gradient_value(h, -1);
}

static rad_value min_gradient_level(const rad_histogram *h) {
    return gradient_level(h, -1);
}

static const rad_feature features[] = {
    {"ih_mean", "X6K6", "level", "Mean", .of.histogram = mean},
    {"ih_var", "CH89", "level2", "Variance", .of.histogram = variance},
    {"ih_skew", "88K1", "1", "Skewness", .of.histogram = skewness},
    {"ih_kurt", "C3I7", "1", "(Excess) kurtosis", .of.histogram = kurtosis},
    {"ih_median", "WIFQ", "level", "Median", .of.histogram = median},
    {"ih_min", "1PR8", "level", "Minimum", .of.histogram = minimum},
    {"ih_p10", "GPMT", "level", "10th percentile", .of.histogram = p10},
    {"ih_p90", "OZ0C", "level", "90th percentile", .of.histogram = p90},
    {"ih_max", "3NCY", "level", "Maximum", .of.histogram = maximum},
    {"ih_mode", "AMMC", "level", "Mode", .of.histogram = mode},
    {"ih_iqr", "WR0O", "level", "Interquartile range", .of.histogram = iqr},
    {"ih_range", "5Z3W", "level", "Range", .of.histogram = range},
    {"ih_mad", "D2ZX", "level", "Mean absolute deviation", .of.histogram = mad},
    {"ih_rmad", "WRZB", "level", "Robust mean absolute deviation", .of.histogram = rmad},
    {"ih_medad", "4RNL", "level", "Median absolute deviation", .of.histogram = medad},
    {"ih_cov", "CWYJ", "1", "Coefficient of variation", .of.histogram = cov},
    {"ih_qcod", "SLWD", "1", "Quartile coefficient of dispersion", .of.histogram = qcod},
    {"ih_entropy", "TLU2", "bit", "Entropy", .of.histogram = entropy},
    {"ih_uniformity", "BJ5W", "1", "Uniformity", .of.histogram = uniformity},
    {"ih_max_grad", "12CE", "voxel", "Maximum histogram gradient", .of.histogram = max_gradient},
    {"ih_max_grad_g", "8E6O", "level", "Maximum histogram gradient intensity",
     .of.histogram = max_gradient_level},
    {"ih_min_grad", "VQB3", "voxel", "Minimum histogram gradient", .of.histogram = min_gradient},
    {"ih_min_grad_g", "RHQZ", "level", "Minimum histogram gradient intensity",
     .of.histogram = min_gradient_level},
};

static const rad_pass pass;

const rad_family rad_family_ih = {
    .key = "ih",
    .code = "ZVCW",
    .name = "Intensity histogram",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

enum { TABLES = 4 }; /* neighbours have one level: counted in turns, no count waits for the one before */

static void count_row(const uint16_t *row, size_t begin, size_t end, size_t width, size_t *counts) {
    size_t x = begin;
    for (; x + TABLES <= end; x += TABLES)
        for (size_t t = 0; t < TABLES; t++) counts[t * width + row[x + t]]++;
    for (; x < end; x++) counts[row[x]]++;
}

/* Voxels of each level, and the levels of all voxels, ascending. */
static rad_status count_levels(const rad_levels *l, double *n, double *x, rad_error *error) {
    const size_t width = (size_t)l->count + 1;
    size_t *counts = rad_new(width, TABLES * sizeof *counts, error), begin, end;
    if (!counts) return RAD_NO_MEMORY;
    for (size_t z = 0; z < l->size[2]; z++)
        for (size_t y = 0; y < l->size[1]; y++)
            if (rad_levels_span(l, y, z, &begin, &end))
                count_row(l->level + (z * l->size[1] + y) * l->size[0], begin, end, width, counts);
    for (size_t level = 1; level < width; level++) {
        size_t count = 0;
        for (size_t t = 0; t < TABLES; t++) count += counts[t * width + level];
        n[level - 1] = (double)count;
        for (; count > 0; count--) *x++ = (double)level;
    }
    rad_free(counts);
    return RAD_OK;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_levels *levels = input->levels;
    rad_histogram h = {.levels = levels->count, .voxels = (double)levels->voxels};
    double *n = rad_new(levels->count, sizeof *n, error);
    double *x = rad_new_raw(levels->voxels, sizeof *x, error);
    rad_status status = n && x ? count_levels(levels, n, x, error) : RAD_NO_MEMORY;
    h.n = n;
    if (status == RAD_OK) rad_sample_measure_sorted(x, levels->voxels, &h.sample);
    for (size_t i = 0; status == RAD_OK && i < rad_family_ih.count; i++)
        out[0][i] = features[i].of.histogram(&h);
    rad_free(n);
    rad_free(x);
    return status;
}

static const rad_pass pass = {"histogram", RAD_TEXTURE_LEVELS, {&rad_family_ih}, run};
