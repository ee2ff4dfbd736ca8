#include "discretise.h"

#include "memory.h"
#include "number.h"
#include "simd.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *rad_discretisation_name(rad_discretisation d, char *text, size_t length) {
    static const char *const names[] = {[RAD_BIN_NONE] = "none",
                                        [RAD_BIN_FBS] = "fbs",
                                        [RAD_BIN_FBN] = "fbn",
                                        [RAD_BIN_WIDTH] = "width",
                                        [RAD_BIN_COUNT] = "count"};
    if (d.binning == RAD_BIN_NONE)
        snprintf(text, length, "%s", names[RAD_BIN_NONE]);
    else
        snprintf(text, length, "%s%.15g", names[d.binning], d.amount);
    return text;
}

bool rad_discretisation_read(const char *word, rad_discretisation *d) {
    *d = (rad_discretisation){0};
    if (!strcmp(word, "none")) return true;
    static const struct {
        const char *prefix;
        rad_binning binning;
        bool size;
    } kinds[] = {{"fbs", RAD_BIN_FBS, true},
                 {"fbn", RAD_BIN_FBN, false},
                 {"width", RAD_BIN_WIDTH, true},
                 {"count", RAD_BIN_COUNT, false}};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        const size_t length = strlen(kinds[k].prefix);
        if (strncmp(word, kinds[k].prefix, length) != 0) continue;
        if (!rad_number_read(word + length, &d->amount) || !(d->amount > 0) || !isfinite(d->amount))
            return false;
        d->binning = kinds[k].binning;
        return kinds[k].size || (d->amount == floor(d->amount) && d->amount <= RAD_LEVELS_MAX);
    }
    return false;
}

/* Origin, width and the number of levels that [low, high] needs; the level of x follows from them. */
static double plan_bins(const rad_roi *roi, rad_discretisation d, double low, double high,
                        rad_levels *levels) {
    levels->origin = low;
    levels->top = isfinite(roi->range[1]) ? roi->range[1] : high;
    switch (d.binning) {
    case RAD_BIN_FBS:
        if (d.origin.from == RAD_ORIGIN_NUMBER)
            levels->origin = d.origin.number;
        else if (d.origin.from == RAD_ORIGIN_RANGE && isfinite(roi->range[0]))
            levels->origin = roi->range[0];
        levels->width = d.amount;
        return floor((high - levels->origin) / d.amount) + 1;
    case RAD_BIN_FBN:
        levels->top = high;
        levels->width = (high - low) / d.amount;
        return d.amount;
    case RAD_BIN_WIDTH: {
        const double above = fmod(low, d.amount);
        levels->origin = low - (above < 0 ? above + d.amount : above);
        levels->width = levels->origin + d.amount - levels->origin; /* as the edges of a range are made */
        return floor((high - levels->origin) / levels->width) + 1;
    }
    case RAD_BIN_COUNT:
        if (low == high) {
            levels->origin = low - 0.5;
            high += 0.5;
        }
        levels->top = high;
        levels->width = (high - levels->origin) / d.amount;
        return d.amount;
    case RAD_BIN_NONE:
        break;
    }
    levels->origin = 0.5;
    levels->width = 1;
    return high;
}

static double edge_of(double k, const rad_levels *levels, bool single) {
    const double edge = k * levels->width + levels->origin;
    return single ? (float)edge : edge;
}

/* The number of edges that are not above x; the last one, of `most`, is. */
static double level_by_edges(double x, const rad_levels *levels, double most, bool single) {
    double k = fmin(fmax(floor((x - levels->origin) / levels->width), 0), most - 1);
    while (k + 1 < most && edge_of(k + 1, levels, single) <= x) k++;
    while (k > 0 && edge_of(k, levels, single) > x) k--;
    return k + 1;
}

static double level_of(double x, rad_discretisation d, const rad_levels *levels, double high, bool single) {
    switch (d.binning) {
    case RAD_BIN_FBS:
        return floor((x - levels->origin) / levels->width) + 1;
    case RAD_BIN_FBN:
        if (!(levels->width > 0)) return 1;
        if (x >= high) return d.amount;
        return fmin(floor(d.amount * (x - levels->origin) / (high - levels->origin)) + 1, d.amount);
    case RAD_BIN_WIDTH:
        return level_by_edges(x, levels, RAD_LEVELS_MAX, false);
    case RAD_BIN_COUNT:
        return level_by_edges(x, levels, d.amount, single);
    case RAD_BIN_NONE:
        break;
    }
    return x;
}

static rad_status check_plan(rad_discretisation d, double low, double high, double count, const char *what,
                             rad_error *error) {
    char name[64];
    rad_discretisation_name(d, name, sizeof name);
    if (d.binning == RAD_BIN_NONE && (low < 1 || high > RAD_LEVELS_MAX))
        return rad_fail(error, RAD_CONFIG,
                        "%s: discretisation `none` uses intensities as grey levels 1..%d, but the ROI has "
                        "%g..%g; choose fbn32 or a bin size such as fbs25",
                        what, RAD_LEVELS_MAX, low, high);
    if (!(low <= high))
        return rad_fail(error, RAD_CONFIG,
                        "%s: no intensity of the ROI is a number here; nothing can be discretised", what);
    if (d.binning == RAD_BIN_FBS && d.origin.from == RAD_ORIGIN_NUMBER && low < d.origin.number)
        return rad_fail(
            error, RAD_CONFIG,
            "%s: the ROI has intensities from %g on, and bins begin at %g; give bin_origin a lower "
            "number, or resegmentation.range that lower end",
            what, low, d.origin.number);
    if (isnan(count))
        return rad_fail(error, RAD_CONFIG,
                        "%s: the bins of `%s` are lost in the rounding of intensities %g..%g; choose wider "
                        "bins",
                        what, name, low, high);
    if (!(count <= RAD_LEVELS_MAX))
        return rad_fail(error, RAD_CONFIG,
                        "%s: discretisation `%s` of intensities %g..%g needs %.10g grey levels, but at most "
                        "%d are possible; choose wider bins",
                        what, name, low, high, count, RAD_LEVELS_MAX);
    return RAD_OK;
}

/* What a row of levels is made by. */
typedef struct filling {
    const rad_roi *roi;
    rad_discretisation d;
    double high;
    const char *what;
} filling;

/* Level of each voxel of a row, one by one. */
static rad_status fill_slowly(const filling *f, size_t from, size_t width, const rad_levels *levels,
                              uint16_t *to, rad_error *error) {
    const rad_roi *roi = f->roi;
    for (size_t x = 0; x < width; x++) {
        if (!roi->intensity_mask[from + x]) continue;
        const double level = level_of(roi->intensity[from + x], f->d, levels, f->high, roi->single);
        if (!(level >= 1) || level != floor(level))
            return rad_fail(error, RAD_CONFIG,
                            "%s: intensity %g is not a grey level (a whole number from 1); choose "
                            "fbn32 or a bin size such as fbs25",
                            f->what, roi->intensity[from + x]);
        to[x] = (uint16_t)level;
    }
    return RAD_OK;
}

/* A row of voxels at a time: the position of each, counted from the lower edge of level 1 in bins. What is no
 * number becomes one below 0. */
enum { STRIP = 256 };
typedef struct bins {
    double origin, factor, width;
} bins;

RAD_KERNEL_LOOP void place_in_bins_loop(const double *x, const bins *b, size_t count, int32_t *restrict bin) {
    const double origin = b->origin, factor = b->factor, width = b->width;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double at = factor * (x[i] - origin) / width;
        bin[i] = at >= 0 && at < (double)INT32_MAX ? (int32_t)at : -1;
    }
}
RAD_KERNEL(place_in_bins, (const double *x, const bins *b, size_t count, int32_t *restrict bin),
           (x, b, count, bin))

/* The same where edges decide: a bin that the quotient misses by one is put right, by more it is none. */
typedef struct edges {
    double origin, width, last; /* the last bin */
} edges;

RAD_KERNEL_LOOP void place_between_edges(const double *x, const edges *e, bool single, size_t count,
                                         int32_t *restrict bin) {
    const double origin = e->origin, width = e->width, last = e->last;
#pragma omp simd
    for (size_t i = 0; i < count; i++) {
        const double at = (x[i] - origin) / width, most = at < last ? at : last;
        const int32_t first = (int32_t)(most > 0 ? most : 0);
        const double k = first, here = k * width + origin, next = (k + 1) * width + origin;
        const int32_t up = (single ? (double)(float)next : next) <= x[i] && k < last;
        const int32_t down = (single ? (double)(float)here : here) > x[i] && k > 0;
        const int32_t moved = first + up - down;
        const double m = moved, low = m * width + origin, high = (m + 1) * width + origin;
        const int32_t fine = ((single ? (double)(float)low : low) <= x[i] || m <= 0) &&
                             ((single ? (double)(float)high : high) > x[i] || m >= last);
        bin[i] = fine ? moved : -1;
    }
}

RAD_KERNEL_LOOP void place_by_edges_loop(const double *x, const edges *e, bool single, size_t count,
                                         int32_t *restrict bin) {
    if (single)
        place_between_edges(x, e, true, count, bin);
    else
        place_between_edges(x, e, false, count, bin);
}
RAD_KERNEL(place_by_edges,
           (const double *x, const edges *e, bool single, size_t count, int32_t *restrict bin),
           (x, e, single, count, bin))

/* Levels of what is inside, at most `most`; returned is how many bins were none. */
RAD_KERNEL_LOOP void set_levels_loop(const int32_t *bin, const uint8_t *inside, int32_t most, size_t count,
                                     uint16_t *restrict level, uint32_t *restrict bad) {
    uint32_t none = 0;
#pragma omp simd reduction(+ : none)
    for (size_t i = 0; i < count; i++) {
        const int32_t here = bin[i] < most ? bin[i] + 1 : most, in = inside[i];
        none += bin[i] < 0 ? (uint32_t)in : 0;
        level[i] = (uint16_t)(here * in);
    }
    *bad = none;
}
RAD_KERNEL(set_levels,
           (const int32_t *bin, const uint8_t *inside, int32_t most, size_t count, uint16_t *restrict level,
            uint32_t *restrict bad),
           (bin, inside, most, count, level, bad))

/* False where a voxel has no bin, or bins are of another kind. */
static bool fill_quickly(const filling *f, size_t from, size_t width, const rad_levels *levels,
                         uint16_t *to) {
    const rad_binning kind = f->d.binning;
    const bool number = kind == RAD_BIN_FBN || kind == RAD_BIN_COUNT;
    if (kind == RAD_BIN_NONE || !(levels->width > 0)) return false;
    const bins b = {levels->origin, number ? f->d.amount : 1,
                    number ? f->high - levels->origin : levels->width};
    const int32_t most = number ? (int32_t)f->d.amount : RAD_LEVELS_MAX;
    const edges e = {levels->origin, levels->width, most - 1.0};
    int32_t bin[STRIP];
    uint32_t bad = 0;
    for (size_t x = 0; x < width && !bad; x += STRIP) {
        const size_t here = width - x < STRIP ? width - x : STRIP;
        const double *intensity = f->roi->intensity + from + x;
        if (kind == RAD_BIN_FBS || kind == RAD_BIN_FBN)
            place_in_bins(intensity, &b, here, bin);
        else
            place_by_edges(intensity, &e, f->roi->single && kind == RAD_BIN_COUNT, here, bin);
        set_levels(bin, f->roi->intensity_mask + from + x, most, here, to + x, &bad);
    }
    return !bad;
}

/* The lowest level but 0, less one (nothing is the highest number then), and the highest. */
RAD_KERNEL_LOOP void find_range_loop(const uint16_t *level, size_t count, uint16_t *restrict range) {
    uint16_t low = range[0], high = range[1];
#pragma omp simd reduction(min : low) reduction(max : high)
    for (size_t i = 0; i < count; i++) {
        const uint16_t below = (uint16_t)(level[i] - 1);
        low = below < low ? below : low;
        high = level[i] > high ? level[i] : high;
    }
    range[0] = low;
    range[1] = high;
}
RAD_KERNEL(find_range, (const uint16_t *level, size_t count, uint16_t *restrict range), (level, count, range))

static rad_status fill(const filling *f, rad_levels *levels, rad_error *error) {
    const rad_box *in = &f->roi->inner;
    const size_t width = in->end[0] - in->begin[0];
    uint16_t range[2] = {UINT16_MAX, 0};
    for (size_t z = 0; z < in->end[2] - in->begin[2]; z++)
        for (size_t y = 0; y < in->end[1] - in->begin[1]; y++) {
            const size_t from = rad_roi_row(f->roi, y, z);
            uint16_t *to = levels->level + 1 + ((z + 1) * levels->size[1] + y + 1) * levels->size[0];
            size_t begin, end;
            if (!rad_mask_span(f->roi->intensity_mask + from, width, &begin, &end)) continue;
            uint32_t *span = levels->spans[(z + 1) * levels->size[1] + y + 1];
            span[0] = (uint32_t)(begin + 1);
            span[1] = (uint32_t)(end + 1);
            if (!fill_quickly(f, from + begin, end - begin, levels, to + begin)) {
                rad_status status = fill_slowly(f, from + begin, end - begin, levels, to + begin, error);
                if (status != RAD_OK) return status;
            }
            find_range(to + begin, end - begin, range);
        }
    levels->lowest = range[0] + 1U;
    levels->count = range[1];
    return RAD_OK;
}

/* Different levels, until there are enough of them. */
static unsigned count_different(const rad_levels *levels) {
    uint16_t seen[RAD_LEVELS_FEW];
    unsigned count = 0;
    const size_t size = levels->size[0] * levels->size[1] * levels->size[2];
    for (size_t i = 0; i < size && count < RAD_LEVELS_FEW; i++) {
        if (!levels->level[i]) continue;
        unsigned k = 0;
        while (k < count && seen[k] != levels->level[i]) k++;
        if (k == count) seen[count++] = levels->level[i];
    }
    return count;
}

bool rad_levels_are_few(const rad_levels *levels, rad_discretisation d) {
    return levels->voxels && levels->different < RAD_LEVELS_FEW &&
           ((d.binning != RAD_BIN_FBN && d.binning != RAD_BIN_COUNT) || levels->different < d.amount ||
            levels->different == 1);
}

rad_status rad_discretise(const rad_roi *roi, rad_discretisation d, const char *what, rad_levels *levels,
                          rad_error *error) {
    double extremes[2];
    rad_roi_extremes(roi, &extremes[0], &extremes[1]);
    return rad_discretise_within(roi, extremes, d, what, levels, error);
}

rad_status rad_discretise_within(const rad_roi *roi, const double extremes[2], rad_discretisation d,
                                 const char *what, rad_levels *levels, rad_error *error) {
    *levels = (rad_levels){.voxels = roi->intensity_count};
    if (!roi->intensity_count) return RAD_OK;
    const double low = extremes[0], high = extremes[1];
    if (d.binning == RAD_BIN_FBS && d.origin.from == RAD_ORIGIN_ZERO) d.binning = RAD_BIN_WIDTH;
    levels->low = low;
    levels->high = high;
    const double count = plan_bins(roi, d, low, high, levels);
    rad_status status = check_plan(d, low, high, count, what, error);
    if (status != RAD_OK) return status;
    for (int a = 0; a < 3; a++) levels->size[a] = roi->inner.end[a] - roi->inner.begin[a] + 2;
    levels->level = rad_new(levels->size[0] * levels->size[1] * levels->size[2] + RAD_BLOCK,
                            sizeof *levels->level, error);
    levels->spans = rad_new(levels->size[1] * levels->size[2], sizeof *levels->spans, error);
    status = levels->level && levels->spans ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = fill(&(filling){roi, d, high, what}, levels, error);
    if (status != RAD_OK)
        rad_levels_free(levels);
    else
        levels->different = count_different(levels);
    return status;
}

size_t rad_levels_longest(const rad_levels *levels) {
    size_t longest = 0;
    for (int a = 0; a < 3; a++)
        if (levels->size[a] > longest) longest = levels->size[a];
    return longest;
}

/* Are so many levels 0, a multiple of four? */
static inline bool are_zero(const uint16_t *level, size_t count) {
    uint64_t some = 0;
    for (size_t i = 0; i < count; i += 4) {
        uint64_t four;
        memcpy(&four, level + i, sizeof four);
        some |= four;
    }
    return !some;
}

/* Many levels at a time where all of them are 0. */
static bool find_span(const rad_levels *levels, size_t y, size_t z, size_t *begin, size_t *end) {
    enum { MANY = 16, SOME = 4 };
    const uint16_t *row = levels->level + (z * levels->size[1] + y) * levels->size[0];
    size_t first = 0, last = levels->size[0];
    while (first + MANY <= last && are_zero(row + first, MANY)) first += MANY;
    while (first + SOME <= last && are_zero(row + first, SOME)) first += SOME;
    while (first < last && !row[first]) first++;
    while (first + MANY <= last && are_zero(row + last - MANY, MANY)) last -= MANY;
    while (first + SOME <= last && are_zero(row + last - SOME, SOME)) last -= SOME;
    while (last > first && !row[last - 1]) last--;
    *begin = first;
    *end = last;
    return first < last;
}

bool rad_levels_span(const rad_levels *levels, size_t y, size_t z, size_t *begin, size_t *end) {
    if (!levels->spans) return find_span(levels, y, z, begin, end);
    const uint32_t *span = levels->spans[z * levels->size[1] + y];
    *begin = span[0];
    *end = span[1];
    return *begin < *end;
}

rad_status rad_levels_widen(const rad_levels *from, size_t pad, rad_levels *to, rad_error *error) {
    size_t inner[3], count = 1;
    *to = *from;
    to->spans = NULL;
    for (int a = 0; a < 3; a++) {
        inner[a] = from->size[a] - 2;
        to->size[a] = inner[a] + 2 * pad;
        count *= to->size[a];
    }
    to->level = rad_new(count + RAD_BLOCK, sizeof *to->level, error);
    if (!to->level) return RAD_NO_MEMORY;
    for (size_t z = 0; z < inner[2]; z++)
        for (size_t y = 0; y < inner[1]; y++)
            memcpy(to->level + ((z + pad) * to->size[1] + y + pad) * to->size[0] + pad,
                   from->level + ((z + 1) * from->size[1] + y + 1) * from->size[0] + 1,
                   inner[0] * sizeof *to->level);
    return RAD_OK;
}

void rad_levels_free(rad_levels *levels) {
    rad_free(levels->level);
    rad_free(levels->spans);
    *levels = (rad_levels){0};
}
