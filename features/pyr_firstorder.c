/* PyRadiomics' class firstorder: statistics of the sample, entropy and uniformity of its bins. */
#include "pyr_classes.h"
#include "sample.h"

#include "../core/memory.h"
#include "../core/sum.h"

#include <math.h>

enum {
    P10,
    P90,
    ENERGY,
    ENTROPY,
    IQR,
    KURTOSIS,
    MAXIMUM,
    MAD,
    MEAN,
    MEDIAN,
    MINIMUM,
    RANGE,
    RMAD,
    RMS,
    SKEWNESS,
    DEVIATION,
    TOTAL_ENERGY,
    UNIFORMITY,
    VARIANCE,
    FEATURES
};

static const rad_feature features[FEATURES] = {
    [P10] = {"firstorder_10Percentile", "QG58", "intensity", "10th percentile", .of.own = NULL},
    [P90] = {"firstorder_90Percentile", "8DWT", "intensity", "90th percentile", .of.own = NULL},
    [ENERGY] = {"firstorder_Energy", "N8CA", "intensity2", "Energy", .of.own = NULL},
    [ENTROPY] = {"firstorder_Entropy", "TLU2", "bit", "Entropy of bins", .of.own = NULL},
    [IQR] = {"firstorder_InterquartileRange", "SALO", "intensity", "Interquartile range", .of.own = NULL},
    [KURTOSIS] = {"firstorder_Kurtosis", "IPH6", "1", "Kurtosis (not excess)", .of.own = NULL},
    [MAXIMUM] = {"firstorder_Maximum", "84IY", "intensity", "Maximum", .of.own = NULL},
    [MAD] = {"firstorder_MeanAbsoluteDeviation", "4FUA", "intensity", "Mean absolute deviation",
             .of.own = NULL},
    [MEAN] = {"firstorder_Mean", "Q4LE", "intensity", "Mean", .of.own = NULL},
    [MEDIAN] = {"firstorder_Median", "Y12H", "intensity", "Median", .of.own = NULL},
    [MINIMUM] = {"firstorder_Minimum", "1GSF", "intensity", "Minimum", .of.own = NULL},
    [RANGE] = {"firstorder_Range", "2OJQ", "intensity", "Range", .of.own = NULL},
    [RMAD] = {"firstorder_RobustMeanAbsoluteDeviation", "1128", "intensity", "Robust mean absolute deviation",
              .of.own = NULL},
    [RMS] = {"firstorder_RootMeanSquared", "5ZWQ", "intensity", "Root mean square", .of.own = NULL},
    [SKEWNESS] = {"firstorder_Skewness", "KE2A", "1", "Skewness", .of.own = NULL},
    [DEVIATION] = {"firstorder_StandardDeviation", "", "intensity", "Standard deviation", true,
                   .of.own = NULL},
    [TOTAL_ENERGY] = {"firstorder_TotalEnergy", "", "intensity2*mm3", "Energy times volume of a voxel",
                      .of.own = NULL},
    [UNIFORMITY] = {"firstorder_Uniformity", "BJ5W", "1", "Uniformity of bins", .of.own = NULL},
    [VARIANCE] = {"firstorder_Variance", "ECT3", "intensity2", "Variance", .of.own = NULL},
};

static rad_status measure_bins(const rad_levels *levels, rad_value *out, rad_error *error) {
    const size_t size = levels->size[0] * levels->size[1] * levels->size[2];
    double entropy = 0, uniformity = 0;
    uint32_t *n = rad_new((size_t)levels->count + 1, sizeof *n, error);
    if (!n) return RAD_NO_MEMORY;
    for (size_t i = 0; i < size; i++)
        if (levels->level[i]) n[levels->level[i]]++;
    for (uint32_t level = 1; level <= levels->count; level++) {
        const double p = n[level] / (double)levels->voxels;
        if (p > 0) entropy -= p * rad_pyr_log2(p);
        uniformity += p * p;
    }
    out[ENTROPY] = rad_defined(entropy);
    out[UNIFORMITY] = rad_defined(uniformity);
    rad_free(n);
    return RAD_OK;
}

static void measure_sample(const rad_sample *s, double shift, const double spacing[3], rad_value *out) {
    static rad_value (*const of_sample[FEATURES])(const rad_sample *) = {
        [P10] = rad_sample_p10,         [P90] = rad_sample_p90,           [IQR] = rad_sample_iqr,
        [MAXIMUM] = rad_sample_maximum, [MAD] = rad_sample_mad,           [MEAN] = rad_sample_mean,
        [MEDIAN] = rad_sample_median,   [MINIMUM] = rad_sample_minimum,   [RANGE] = rad_sample_range,
        [RMAD] = rad_sample_rmad,       [SKEWNESS] = rad_sample_skewness, [VARIANCE] = rad_sample_variance,
    };
    double powers[4];
    for (int f = 0; f < FEATURES; f++)
        if (of_sample[f]) out[f] = of_sample[f](s);
    rad_sum_powers(s->x, s->count, -shift, powers);
    out[ENERGY] = rad_defined(powers[1]);
    out[TOTAL_ENERGY] = rad_defined(powers[1] * (spacing[0] * spacing[1] * spacing[2]));
    out[RMS] = rad_defined(sqrt(powers[1] / (double)s->count));
    out[DEVIATION] = rad_defined(sqrt(s->moment[2]));
    out[KURTOSIS] = rad_defined(s->moment[2] > 0 ? s->moment[4] / (s->moment[2] * s->moment[2]) : 0);
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const size_t count = input->roi->intensity_count;
    double *x = rad_new_raw(count, sizeof *x, error);
    rad_sample sample;
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(input->roi, x);
    rad_status status = rad_sample_measure(x, count, &sample, error);
    if (status == RAD_OK)
        measure_sample(&sample, input->settings->pyr.shift, input->roi->grid.spacing, out[0]);
    rad_free(x);
    return status == RAD_OK ? measure_bins(input->levels, out[0], error) : status;
}

static const rad_pass pass = {
    "PyRadiomics firstorder", RAD_TEXTURE_LEVELS, {&rad_family_pyr_firstorder}, run};

const rad_family rad_family_pyr_firstorder = {.key = "firstorder",
                                              .code = "",
                                              .name = "PyRadiomics: first order",
                                              .aggregations = &rad_by_volume,
                                              .features = features,
                                              .count = FEATURES,
                                              .pass = &pass,
                                              .bare = true,
                                              .choice = RAD_PYR_FIRSTORDER};
