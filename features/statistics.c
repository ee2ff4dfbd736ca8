/* Intensity-based statistical features (UHIW) over the intensity mask. */
#include "families.h"
#include "sample.h"

#include "../core/memory.h"

#include <stdlib.h>

static const rad_feature features[] = {
    {"stat_mean", "Q4LE", "intensity", "Mean", .of.sample = rad_sample_mean},
    {"stat_var", "ECT3", "intensity2", "Variance", .of.sample = rad_sample_variance},
    {"stat_skew", "KE2A", "1", "Skewness", .of.sample = rad_sample_skewness},
    {"stat_kurt", "IPH6", "1", "(Excess) kurtosis", .of.sample = rad_sample_kurtosis},
    {"stat_median", "Y12H", "intensity", "Median", .of.sample = rad_sample_median},
    {"stat_min", "1GSF", "intensity", "Minimum", .of.sample = rad_sample_minimum},
    {"stat_p10", "QG58", "intensity", "10th percentile", .of.sample = rad_sample_p10},
    {"stat_p90", "8DWT", "intensity", "90th percentile", .of.sample = rad_sample_p90},
    {"stat_max", "84IY", "intensity", "Maximum", .of.sample = rad_sample_maximum},
    {"stat_iqr", "SALO", "intensity", "Interquartile range", .of.sample = rad_sample_iqr},
    {"stat_range", "2OJQ", "intensity", "Range", .of.sample = rad_sample_range},
    {"stat_mad", "4FUA", "intensity", "Mean absolute deviation", .of.sample = rad_sample_mad},
    {"stat_rmad", "1128", "intensity", "Robust mean absolute deviation", .of.sample = rad_sample_rmad},
    {"stat_medad", "N72L", "intensity", "Median absolute deviation", .of.sample = rad_sample_medad},
    {"stat_cov", "7TET", "1", "Coefficient of variation", .of.sample = rad_sample_cov},
    {"stat_qcod", "9S40", "1", "Quartile coefficient of dispersion", .of.sample = rad_sample_qcod},
    {"stat_energy", "N8CA", "intensity2", "Energy", .of.sample = rad_sample_energy},
    {"stat_rms", "5ZWQ", "intensity", "Root mean square", .of.sample = rad_sample_rms},
};

static const rad_pass pass;

const rad_family rad_family_stat = {
    .key = "stat",
    .code = "UHIW",
    .name = "Statistics",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const size_t count = input->roi->intensity_count;
    double *x = rad_new_raw(count, sizeof *x, error);
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(input->roi, x);
    rad_sample sample;
    rad_status status = rad_sample_measure(x, count, &sample, error);
    for (size_t i = 0; status == RAD_OK && i < rad_family_stat.count; i++)
        out[0][i] = features[i].of.sample(&sample);
    rad_free(x);
    return status;
}

static const rad_pass pass = {"statistics", RAD_NO_LEVELS, {&rad_family_stat}, run};
