#include "pyr_case.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../core/sum.h"
#include "pyr_diagnostics.h"
#include "pyr_resample.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One ROI on its way through the steps. */
typedef struct preparing {
    const rad_pyr_case *how;
    const rad_label *label;
    rad_pyr_image image;
    rad_pyr_mask mask;
    rad_box box;     /* of the ROI, of the re-segmented one in the end */
    size_t count;    /* its voxels */
    double range[2]; /* intensities that stay */
    int threads;
    rad_pyr_report *report;
    rad_warnings *warnings;
    rad_error *error;
} preparing;

static rad_status refuse(const preparing *p, const char *format, ...) RAD_PRINTF(2, 3);
static rad_status refuse(const preparing *p, const char *format, ...) {
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return rad_fail(p->error, RAD_UNREADABLE, "%s", text);
}

/* The image as its file stores it: order of axes and precision. */
static rad_status take_image(const rad_volume *image, rad_pyr_image *out, rad_error *error) {
    const rad_order inverse = rad_order_inverse(&image->order);
    *out = (rad_pyr_image){.geometry = rad_order_grid(&inverse, &image->geometry),
                           .precision = rad_pyr_precision_of(image),
                           .stored = *image};
    rad_volume_ends(image, out->ends);
    out->stored.borrowed = true;
    out->stored.pads = false;
    if (!image->order.turned) return RAD_OK;
    out->stored.voxels = rad_new_raw(rad_geometry_count(&out->geometry), rad_type_size(image->type), error);
    out->stored.borrowed = false;
    if (!out->stored.voxels) return RAD_NO_MEMORY;
    rad_volume_unturn(image, &out->geometry, out->stored.voxels);
    out->stored.geometry = out->geometry;
    out->stored.order = (rad_order){.turned = false};
    out->stored.held = rad_geometry_box(&out->geometry);
    return RAD_OK;
}

/* Do voxels as they are stored give the intensities that PyRadiomics sees, and does no step change them? */
static bool stays(const preparing *p, const rad_volume *image) {
    const rad_pyr_case *how = p->how;
    const bool exact = p->image.precision != RAD_PYR_SINGLE ||
                       (image->type == RAD_FLOAT32 && image->slope == 1 && image->intercept == 0);
    return exact && !image->fills && !how->normalise && !how->crop &&
           !(how->spacing.count && how->interpolator >= 0);
}

static rad_status make_doubles(rad_pyr_image *image, rad_error *error) {
    const rad_box all = rad_geometry_box(&image->geometry);
    const size_t count = rad_box_count(&all);
    image->x = rad_new_raw(count, sizeof *image->x, error);
    if (!image->x) return RAD_NO_MEMORY;
    rad_volume_crop(&image->stored, &all, image->x);
    if (image->precision == RAD_PYR_SINGLE && image->stored.type != RAD_FLOAT32)
        for (size_t i = 0; i < count; i++) image->x[i] = (float)image->x[i];
    rad_volume_free(&image->stored);
    return RAD_OK;
}

/* A row of intensities; buffer: room for one. */
static const double *row_of(const rad_pyr_image *image, size_t row, double *buffer) {
    const size_t width = image->geometry.size[0];
    return rad_pyr_image_part(image, row * width, width, buffer);
}

/* The ROI on the grid of its own file; one that is on that of the image goes by the image's order. */
static rad_status take_mask(const rad_volume *image, const rad_mask *mask, const rad_label *label,
                            rad_pyr_mask *out, rad_error *error) {
    const bool same = rad_geometry_same(&image->geometry, &mask->volume.geometry);
    const rad_order *order = same ? &image->order : &mask->volume.order;
    const rad_order inverse = rad_order_inverse(order);
    const rad_geometry *own = &mask->volume.geometry;
    *out = (rad_pyr_mask){.geometry = rad_order_grid(&inverse, own)};
    const rad_box *drawn = &label->box, all = rad_geometry_box(&out->geometry);
    uint8_t *part = rad_new_raw(rad_box_count(drawn), 1, error);
    out->inside = part ? rad_new(rad_box_count(&all), 1, error) : NULL;
    if (out->inside) {
        ptrdiff_t step[3];
        uint8_t *to = out->inside + rad_order_steps(&inverse, &all, step);
        const size_t width = drawn->end[0] - drawn->begin[0];
        const uint8_t *row = part;
        rad_mask_crop(mask, label->value, drawn, part);
        for (size_t z = drawn->begin[2]; z < drawn->end[2]; z++)
            for (size_t y = drawn->begin[1]; y < drawn->end[1]; y++, row += width)
                rad_order_put(row, width, 1,
                              to + (ptrdiff_t)drawn->begin[0] * step[0] + (ptrdiff_t)y * step[1] +
                                  (ptrdiff_t)z * step[2],
                              step[0]);
    }
    rad_free(part);
    return out->inside ? RAD_OK : RAD_NO_MEMORY;
}

/* (x - mean) / deviation of the whole image, clipped, scaled. */
static void normalise(rad_pyr_image *image, const rad_pyr_case *how) {
    const size_t count = rad_geometry_count(&image->geometry);
    const double n = (double)count, sum = rad_sum(image->x, count), mean = sum / n;
    /* ITK's formula: the last digit decides about values on the edge of a bin */
    const double variance = (rad_sum_squares(image->x, count) - sum * sum / n) / (n - 1);
    const double scale = 1 / sqrt(variance);
    for (size_t i = 0; i < count; i++) {
        double x = (image->x[i] - mean) * scale;
        if (x > how->outliers) x = how->outliers;
        if (x < -how->outliers) x = -how->outliers;
        image->x[i] = x * how->scale;
    }
    image->precision = RAD_PYR_DOUBLE;
}

static rad_status check_size(preparing *p) {
    size_t count = 0;
    int dimensions = 0;
    if (!rad_pyr_mask_bounds(&p->mask, &p->box, &count))
        return refuse(p, "the label is not present in the mask");
    for (int a = 0; a < 3; a++) dimensions += p->box.end[a] - p->box.begin[a] > 1;
    if (!dimensions) return refuse(p, "the ROI is a single voxel");
    if (dimensions < p->how->least_dimensions)
        return refuse(p, "the ROI has %d dimension%s, and minimumROIDimensions asks for %d", dimensions,
                      rad_plural((size_t)dimensions), p->how->least_dimensions);
    p->count = count;
    if ((double)count <= p->how->least_size)
        return refuse(p, "the ROI has %zu voxel%s, and minimumROISize asks for more than %g", count,
                      rad_plural(count), p->how->least_size);
    return RAD_OK;
}

/* The mask is on the grid of the image, or is put there. */
static rad_status check_mask(preparing *p) {
    const rad_pyr_case *how = p->how;
    if (!rad_pyr_same_grid(&p->image.geometry, &p->mask.geometry,
                           isnan(how->tolerance) ? 1e-6 : how->tolerance)) {
        if (!how->correct_mask)
            return refuse(p, "the mask is not on the grid of the image; correctMask puts it there, "
                             "geometryTolerance allows for small differences");
        if (!rad_pyr_within(&p->image.geometry, &p->mask))
            return refuse(p, "the ROI reaches beyond the image");
        rad_status status = rad_pyr_mask_to(&p->mask, &p->image.geometry, p->error);
        if (status != RAD_OK) return status;
        status = rad_pyr_report_mask(p->report, "corrected", &p->image, &p->mask, p->error);
        if (status != RAD_OK) return status;
    }
    return check_size(p);
}

static rad_status load(preparing *p) {
    const rad_pyr_case *how = p->how;
    rad_status status = rad_pyr_report_image(p->report, "original", &p->image, p->error);
    if (status == RAD_OK) status = rad_pyr_report_mask(p->report, "original", NULL, &p->mask, p->error);
    if (status != RAD_OK) return status;
    if (how->normalise) normalise(&p->image, how);
    if (how->spacing.count && how->interpolator >= 0) {
        if (!rad_pyr_within(&p->image.geometry, &p->mask))
            return refuse(p, "the ROI reaches beyond the image");
        status = rad_pyr_resample(&p->image, &p->mask, how, p->threads, p->error);
        if (status == RAD_OK) status = rad_pyr_report_image(p->report, "interpolated", &p->image, p->error);
        if (status == RAD_OK)
            status = rad_pyr_report_mask(p->report, "interpolated", &p->image, &p->mask, p->error);
    } else if (how->crop) {
        status = check_mask(p);
        if (status == RAD_OK) status = rad_pyr_crop(&p->image, &p->mask, &p->box, (size_t)how->pad, p->error);
    }
    return status;
}

/* The ends of the range, from what the mode says of the ROI's intensities. */
static rad_status find_range(preparing *p, double *buffer) {
    const rad_pyr_list *asked = &p->how->range;
    const size_t size = rad_geometry_count(&p->mask.geometry);
    double low = asked->value[0], high = asked->count > 1 ? asked->value[1] : INFINITY;
    if (low > high) {
        const double swap = low;
        low = high;
        high = swap;
    }
    const size_t width = p->mask.geometry.size[0];
    double *x = rad_new_raw(p->count, sizeof *x, p->error), most = -INFINITY, powers[4];
    size_t count = 0;
    if (!x) return RAD_NO_MEMORY;
    for (size_t row = 0; row < size / width; row++) {
        const uint8_t *inside = p->mask.inside + row * width;
        size_t from, end;
        if (!rad_mask_span(inside, width, &from, &end)) continue;
        const double *intensity = row_of(&p->image, row, buffer);
        for (size_t i = from; i < end; i++) {
            if (!inside[i]) continue;
            x[count++] = intensity[i];
            most = fmax(most, intensity[i]);
        }
    }
    const double mean = rad_sum(x, count) / (double)count;
    rad_sum_powers(x, count, mean, powers);
    const double deviation = sqrt(powers[1] / (double)count);
    rad_free(x);
    const int mode = p->how->range_mode;
    const double unit = mode == RAD_PYR_ABSOLUTE   ? 1
                        : mode == RAD_PYR_RELATIVE ? most
                                                   : deviation,
                 zero = mode == RAD_PYR_SIGMA ? mean : 0;
    p->range[0] = zero + unit * low;
    if (asked->count > 1) p->range[1] = zero + unit * high;
    return RAD_OK;
}

/* Voxels of a row of the ROI whose intensities are in the range. */
static size_t keep_row(const preparing *p, size_t row, double *buffer, uint8_t *kept) {
    const size_t width = p->mask.geometry.size[0];
    const uint8_t *inside = p->mask.inside + row * width;
    size_t from, end, count = 0;
    if (!rad_mask_span(inside, width, &from, &end)) return 0;
    const double *x = row_of(&p->image, row, buffer);
    for (size_t i = from; i < end; i++) {
        kept[i] = inside[i] && x[i] >= p->range[0] && x[i] <= p->range[1];
        count += kept[i];
    }
    return count;
}

/* What the range leaves decides about the box; the shape sees of the whole ROI what lies in it. */
static rad_status resegment(preparing *p) {
    const size_t size = rad_geometry_count(&p->mask.geometry);
    rad_pyr_mask kept = p->mask;
    size_t count = 0;
    if (!p->how->range.count) return RAD_OK;
    const size_t width = p->mask.geometry.size[0];
    double *buffer = rad_new_raw(width, sizeof *buffer, p->error);
    rad_status status = buffer ? find_range(p, buffer) : RAD_NO_MEMORY;
    kept.inside = status == RAD_OK ? rad_new(size, 1, p->error) : NULL;
    for (size_t row = 0; row < size / width && kept.inside; row++)
        count += keep_row(p, row, buffer, kept.inside + row * width);
    rad_free(buffer);
    if (!kept.inside) return RAD_NO_MEMORY;
    uint8_t *whole = p->mask.inside;
    p->mask.inside = kept.inside;
    status = count > 1 ? check_size(p)
                       : refuse(p, "resegmentRange leaves %zu voxel%s of the ROI", count, rad_plural(count));
    if (status == RAD_OK)
        status = rad_pyr_report_mask(p->report, "resegmented", &p->image, &p->mask, p->error);
    if (!p->how->range_shape) {
        rad_pyr_mask_cut(whole, &p->mask.geometry, &p->box);
        p->mask.inside = whole;
        whole = kept.inside;
    }
    rad_free(whole);
    return status;
}

/* As there: the size of the box is looked up by the wrong axis first, by the right one then. */
static rad_status check_slice(preparing *p, rad_settings *own) {
    const int axis = own->features.pyr.flat;
    if (!own->features.pyr.chosen[RAD_PYR_SHAPE2D]) return RAD_OK;
    if (p->box.end[2 - axis] - p->box.begin[2 - axis] <= 1) {
        own->features.pyr.chosen[RAD_PYR_SHAPE2D] = 0;
        rad_warn(p->warnings, "shape2D is left out: the ROI is one voxel wide across the slice");
        return RAD_OK;
    }
    if (p->box.end[axis] - p->box.begin[axis] > 1)
        return refuse(p, "shape2D needs a ROI of one slice across force2Ddimension %d", 2 - axis);
    return RAD_OK;
}

static rad_status prepare(preparing *p, const rad_volume *image, const rad_mask *mask, rad_settings *own) {
    rad_status status = take_image(image, &p->image, p->error);
    if (status == RAD_OK && p->report)
        status = rad_pyr_hash_image(&p->image.stored, p->report->image_hash, p->error);
    if (status == RAD_OK && !stays(p, image)) status = make_doubles(&p->image, p->error);
    if (status == RAD_OK) status = take_mask(image, mask, p->label, &p->mask, p->error);
    if (status == RAD_OK) status = load(p);
    if (status == RAD_OK) status = check_mask(p);
    if (status == RAD_OK) status = resegment(p);
    if (status == RAD_OK) status = check_slice(p, own);
    return status;
}

/* A mask of the one ROI, or of its fault. */
static rad_status make_mask(const preparing *p, const char *fault, rad_mask *out, rad_error *error) {
    const rad_geometry *g = fault ? &p->image.geometry : &p->mask.geometry;
    *out = (rad_mask){.volume = {.geometry = *g, .type = RAD_UINT8, .slope = 1}};
    rad_status status = rad_mask_begin(out, error);
    for (size_t row = 0; row < g->size[1] * g->size[2] && status == RAD_OK && !fault; row++) {
        const uint8_t *inside = p->mask.inside + row * g->size[0];
        size_t first, last;
        if (!rad_mask_span(inside, g->size[0], &first, &last)) continue;
        for (size_t x = first, end; x < last && status == RAD_OK; x = end + 1) {
            for (end = x; end < last && inside[end]; end++) {
            }
            if (end > x)
                status =
                    rad_mask_add_run(out, p->label->value, x, end, row % g->size[1], row / g->size[1], error);
        }
    }
    if (status == RAD_OK && (fault || p->label->name))
        status = rad_mask_add_label(out, p->label->value, p->label->name, fault, error);
    return status == RAD_OK ? rad_mask_end(out, error) : status;
}

static rad_volume make_volume(const rad_pyr_image *image) {
    if (!image->x) return image->stored;
    const bool whole = image->precision == RAD_PYR_WHOLE;
    return (rad_volume){.geometry = image->geometry,
                        .type = image->precision == RAD_PYR_SINGLE ? RAD_FLOAT32 : RAD_FLOAT64,
                        .slope = 1,
                        .ends = {whole ? image->ends[0] : 0, whole ? image->ends[1] : 0},
                        .held = rad_geometry_box(&image->geometry),
                        .voxels = image->x};
}

/* Doubles to floats in place. */
static void narrow(rad_pyr_image *image) {
    float *to = (float *)image->x;
    for (size_t i = 0, n = rad_geometry_count(&image->geometry); i < n; i++) {
        const float x = (float)image->x[i];
        memcpy(to + i, &x, sizeof x);
    }
}

static rad_status run_label(const rad_volume *image, const rad_mask *mask, size_t label,
                            const rad_settings *settings, const rad_extract_options *options,
                            rad_table *table, rad_error *error) {
    rad_error why = {0};
    rad_settings own = *settings; /* images are borrowed */
    rad_mask one = {.label_count = 0};
    preparing p = {.how = &settings->pyr,
                   .label = &mask->labels[label],
                   .range = {-INFINITY, INFINITY},
                   .threads = options->threads,
                   .report = options->report,
                   .warnings = options->warnings,
                   .error = &why};
    rad_status status = p.label->fault    ? refuse(&p, "%s", p.label->fault)
                        : p.label->voxels ? prepare(&p, image, mask, &own)
                                          : refuse(&p, "no voxel lies inside it");
    if (status == RAD_NO_MEMORY) {
        *error = why;
    } else {
        const char *fault = status == RAD_OK ? NULL : why.text;
        if (!p.image.geometry.size[0]) p.image.geometry = image->geometry;
        status = make_mask(&p, fault, &one, error);
        rad_free(p.mask.inside);
        p.mask.inside = NULL;
        if (!fault && p.image.x && p.image.precision == RAD_PYR_SINGLE) narrow(&p.image);
        const rad_volume seen = fault ? *image : make_volume(&p.image);
        memcpy(own.range, p.range, sizeof own.range);
        if (status == RAD_OK) status = rad_extract_prepared(&seen, &one, &own, options, table, error);
    }
    rad_mask_free(&one);
    rad_volume_free(&p.image.stored);
    rad_free(p.image.x);
    rad_free(p.mask.inside);
    return status;
}

rad_status rad_pyr_case_run(const rad_volume *image, const rad_mask *mask, const rad_settings *settings,
                            const rad_extract_options *options, rad_table *table, rad_error *error) {
    size_t failed = 0;
    rad_error first = {0};
    if (settings->pyr.voxelwise[0])
        rad_warn(options->warnings,
                 "%s: of voxel-based extraction (voxelSetting), which is not made; a segment does not use it",
                 settings->pyr.voxelwise);
    if (settings->pyr.no_slice) rad_warn(options->warnings, "shape2D is left out: it needs `force2D: true`");
    for (size_t i = 0; i < mask->label_count; i++) {
        rad_error why = {0};
        const rad_status status = run_label(image, mask, i, settings, options, table, &why);
        if (status == RAD_OK) continue;
        if (status != RAD_UNREADABLE && status != RAD_CONFIG && status != RAD_PARTIAL) {
            *error = why;
            return status;
        }
        if (!failed++) first = why;
    }
    if (!failed) return RAD_OK;
    if (failed == mask->label_count) {
        *error = first;
        return first.status;
    }
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROI%s failed; the first: %s", failed, mask->label_count,
                    rad_plural(mask->label_count), first.text);
}
