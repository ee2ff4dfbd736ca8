/* Points of the cumulative histogram that settings list: percentiles, volumes from an intensity on, and
 * intensities that a part of the volume has at least; of an RTDOSE these are V20Gy and D95. No levels:
 * intensities as they are. */
#include "families.h"
#include "sample.h"

#include "../core/kept.h"
#include "../core/memory.h"
#include "../core/number.h"

#include <stdio.h>

enum { PERCENTILE, VOLUME, VOLUME_PART, INTENSITY, GROUPS };

#define SLOT(tag, n)                                                                                         \
    { tag "_" #n, "", "1", "the same, number " #n, .slot = true }
#define GROUP(tag, unit, name)                                                                               \
    {tag "N", "", unit, name, .of.own = NULL}, SLOT(tag, 2), SLOT(tag, 3), SLOT(tag, 4), SLOT(tag, 5),       \
        SLOT(tag, 6), SLOT(tag, 7), SLOT(tag, 8), SLOT(tag, 9), SLOT(tag, 10), SLOT(tag, 11), SLOT(tag, 12), \
        SLOT(tag, 13), SLOT(tag, 14), SLOT(tag, 15), SLOT(tag, 16)

static const rad_feature features[] = {
    GROUP("points_p", "intensity", "Percentile N (points.percentiles)"),
    GROUP("points_v", "1",
          "Part of the volume with at least intensity N, V20Gy of a dose (points.volume_at)"),
    GROUP("points_vpart", "1", "Part of the volume from N % of the range on (points.volume_at_part)"),
    GROUP("points_d", "intensity",
          "Intensity that N % of the volume have at least, D95 of a dose "
          "(points.intensity_at)"),
};
enum { FEATURES = sizeof features / sizeof features[0] };
_Static_assert((int)FEATURES == (int)GROUPS * (int)RAD_LIST_MAX, "a slot for each number");

static const rad_numbers *numbers_of(const rad_feature_settings *s, size_t i) {
    const rad_numbers *const all[] = {&s->percentiles, &s->volume_at, &s->volume_at_part, &s->intensity_at};
    return all[i / RAD_LIST_MAX];
}

static bool listed(const rad_feature_settings *s, size_t i) {
    return i % RAD_LIST_MAX < numbers_of(s, i)->count;
}

/* points_p2.5, points_vm950: a minus is an m, as names of columns have letters. */
static const char *tag(const rad_feature_settings *s, size_t i, rad_error *error) {
    static const char *const prefixes[] = {"points_p", "points_v", "points_vpart", "points_d"};
    char number[RAD_NUMBER_TEXT], text[RAD_NUMBER_TEXT + 16];
    rad_number_write(numbers_of(s, i)->row[i % RAD_LIST_MAX], number);
    for (char *c = number; *c; c++)
        if (*c == '-') *c = 'm';
    snprintf(text, sizeof text, "%s%s", prefixes[i / RAD_LIST_MAX], number);
    return rad_kept(text, error);
}

/* The part of the values that are not below x. */
static double part_from(const rad_sample *s, double x) {
    size_t low = 0, high = s->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (s->x[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)(s->count - low) / (double)s->count;
}

static double value_of(const rad_sample *s, size_t group, double n) {
    const double least = s->x[0], most = s->x[s->count - 1];
    switch (group) {
    case PERCENTILE:
        return rad_sample_quantile(s, n / 100);
    case VOLUME:
        return part_from(s, n);
    case VOLUME_PART:
        return part_from(s, n < 100 ? least + n / 100 * (most - least) : most);
    default:
        return rad_sample_quantile(s, 1 - n / 100);
    }
}

static rad_status run(const rad_feature_input *input, rad_value *const out[RAD_PASS_FAMILIES],
                      rad_error *error) {
    const size_t count = input->roi->intensity_count;
    double *x = rad_new_raw(count, sizeof *x, error);
    rad_sample sample;
    if (!x) return RAD_NO_MEMORY;
    rad_roi_gather(input->roi, x);
    rad_status status = rad_sample_measure(x, count, &sample, error);
    for (size_t i = 0; status == RAD_OK && i < FEATURES; i++)
        if (listed(input->settings, i))
            out[0][i] = rad_defined(
                value_of(&sample, i / RAD_LIST_MAX, numbers_of(input->settings, i)->row[i % RAD_LIST_MAX]));
    rad_free(x);
    return status;
}

static const rad_pass pass = {"points of the histogram", RAD_NO_LEVELS, {&rad_family_points}, run};

const rad_family rad_family_points = {
    .key = "points",
    .code = "",
    .name = "Points of the cumulative histogram",
    .aggregations = &rad_by_volume,
    .features = features,
    .count = FEATURES,
    .pass = &pass,
    .listed = listed,
    .tag = tag,
};
