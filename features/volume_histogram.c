/* Intensity-volume histogram features (P88C). The histogram has a discretisation of its own: none (whole
 * intensities), fixed bin size (levels stand for their bin centres) or fixed bin number (levels themselves).
 */
#include "families.h"

#include "../core/memory.h"
#include "../core/sort.h"
#include "../core/sum.h"

#include <math.h>
#include <stdlib.h>

typedef struct rad_ivh {
    const double *x; /* discretised intensities, ascending */
    size_t count;
    double low, high; /* the total range G */
    double step;      /* between neighbouring intensities of G; 0: intensities are continuous */
} rad_ivh;

/* Largest volume fraction with an intensity fraction of at least tenths / 10. */
static rad_value volume_at(const rad_ivh *h, int tenths) {
    if (!(h->high > h->low)) return rad_undefined(RAD_FLAT);
    double i = h->low + tenths * (h->high - h->low) / 10;
    /* the first intensity of G that is not below, but for rounding */
    if (h->step > 0) i = h->low + h->step * (ceil((i - h->low) / h->step - 1e-9) - 0.5);
    size_t below = 0;
    for (size_t half = h->count; half > 0;) { /* first element not below i */
        const size_t middle = below + half / 2;
        if (h->x[middle] < i) {
            half -= half / 2 + 1;
            below = middle + 1;
        } else
            half /= 2;
    }
    return rad_defined(1 - (double)below / (double)h->count);
}

/* Smallest intensity that at most tenths / 10 of the volume reaches; one step past G where none in G does. */
static double intensity_at(const rad_ivh *h, size_t tenths) {
    const size_t most = h->count / 10 * tenths + h->count % 10 * tenths / 10;
    const size_t last = h->count - most - 1; /* must not reach it any more */
    if (h->step > 0) return h->x[last] + h->step;
    for (size_t i = last; i < h->count; i++)
        if (h->x[i] > h->x[last]) return h->x[i];
    return h->x[last];
}

static rad_value v10(const rad_ivh *h) {
    return volume_at(h, 1);
}

static rad_value v90(const rad_ivh *h) {
    return volume_at(h, 9);
}

static rad_value i10(const rad_ivh *h) {
    return rad_defined(intensity_at(h, 1));
}

static rad_value i90(const rad_ivh *h) {
    return rad_defined(intensity_at(h, 9));
}

static rad_value volume_difference(const rad_ivh *h) {
    const rad_value low = v10(h), high = v90(h);
    return low.reason ? low : rad_defined(low.value - high.value);
}

static rad_value intensity_difference(const rad_ivh *h) {
    return rad_defined(intensity_at(h, 1) - intensity_at(h, 9));
}

/* Trapezoidal rule over G. The sum of the volume fractions over G is taken voxel by voxel: a voxel counts
 * once for every intensity of G that it reaches. */
static rad_value area(const rad_ivh *h) {
    const double n = (double)h->count, extent = h->high - h->low;
    if (h->x[0] == h->x[h->count - 1]) return rad_defined(0);
    if (!(h->step > 0)) return rad_defined((rad_sum(h->x, h->count) / n - h->low) / extent);
    double reached = 0; /* whole: equal values are taken at once */
    size_t at_low = 0, at_high = 0;
    for (size_t i = 0, end; i < h->count; i = end) {
        for (end = i + 1; end < h->count && h->x[end] == h->x[i];) end++;
        const double x = fmin(h->x[i], h->high), voxels = (double)(end - i);
        if (x >= h->low - h->step / 4) reached += voxels * (floor((x - h->low) / h->step + 0.25) + 1);
        if (h->x[i] >= h->low - h->step / 4) at_low += end - i;
        if (h->x[i] >= h->high - h->step / 4) at_high += end - i;
    }
    return rad_defined((reached - ((double)at_low + (double)at_high) / 2) / n * h->step / extent);
}

static const rad_feature features[] = {
    {"ivh_v10", "BC2M", "1", "Volume fraction at 10% intensity", .of.ivh = v10},
    {"ivh_v90", "BC2M", "1", "Volume fraction at 90% intensity", .of.ivh = v90},
    {"ivh_i10", "GBPN", "intensity", "Intensity at 10% volume", .of.ivh = i10},
    {"ivh_i90", "GBPN", "intensity", "Intensity at 90% volume", .of.ivh = i90},
    {"ivh_diff_v10_v90", "DDTU", "1", "Volume fraction difference between 10% and 90% intensity",
     .of.ivh = volume_difference},
    {"ivh_diff_i10_i90", "CNV2", "intensity", "Intensity difference between 10% and 90% volume",
     .of.ivh = intensity_difference},
    {"ivh_auc", "9CMM", "1", "Area under the IVH curve", true, .of.ivh = area},
};

static const rad_pass pass;

const rad_family rad_family_ivh = {
    .key = "ivh",
    .code = "P88C",
    .name = "Intensity volume histogram",
    .of_original = true,
    .of_maps = true,
    .aggregations = &rad_by_volume,
    .features = features,
    .count = sizeof features / sizeof features[0],
    .pass = &pass,
};

/* No discretisation: the range is that of re-segmentation, or of the ROI where an end is open. */
static void copy_intensities(const rad_roi *roi, double *x, rad_ivh *h) {
    double low, high;
    rad_roi_gather(roi, x);
    const bool whole = rad_sort_survey(x, h->count, &low, &high);
    h->low = isfinite(roi->range[0]) ? roi->range[0] : low;
    h->high = isfinite(roi->range[1]) ? roi->range[1] : high;
    h->step = whole;
}

static rad_status copy_levels(const rad_roi *roi, rad_discretisation d, double *x, rad_ivh *h,
                              rad_error *error) {
    rad_levels levels;
    rad_status status = rad_discretise(roi, d, "ivh", &levels, error);
    if (status != RAD_OK) return status;
    const bool centres = d.binning == RAD_BIN_FBS || d.binning == RAD_BIN_WIDTH;
    const size_t size = levels.size[0] * levels.size[1] * levels.size[2];
    h->step = centres ? levels.width : 1;
    h->low = centres ? levels.origin + 0.5 * levels.width : 1;
    h->high = centres ? levels.top - 0.5 * levels.width : d.amount;
    for (size_t i = 0; i < size; i++)
        if (levels.level[i]) *x++ = h->low + (levels.level[i] - 1) * h->step;
    rad_levels_free(&levels);
    return RAD_OK;
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const rad_discretisation d = input->settings->ivh.row[0];
    rad_ivh h = {.count = input->roi->intensity_count};
    double *x = rad_new_raw(h.count, sizeof *x, error);
    rad_status status = x ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && d.binning == RAD_BIN_NONE)
        copy_intensities(input->roi, x, &h);
    else if (status == RAD_OK)
        status = copy_levels(input->roi, d, x, &h, error);
    if (status == RAD_OK) status = rad_sort(x, h.count, error);
    h.x = x;
    for (size_t i = 0; status == RAD_OK && i < rad_family_ivh.count; i++) out[0][i] = features[i].of.ivh(&h);
    rad_free(x);
    return status;
}

static const rad_pass pass = {"volume histogram", RAD_NO_LEVELS, {&rad_family_ivh}, run};
