#include "series.h"

#include "../../core/memory.h"
#include "../../core/sort.h"
#include "frames.h"
#include "members.h"
#include "object.h"
#include "rescaling.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double dot(const double *a, const double *b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static const rad_frame *frame_of(const rad_plane *p) {
    return &p->instance->frames[p->frame];
}

static rad_status missing(const rad_plane *p, rad_tag tag, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is missing or is not finite; a slice needs it", p->instance->path,
                    RAD_TAG_WORDS(tag));
}

/* mm; beyond them heights of slices would overflow, or not be told apart. */
static const double farthest = 1e6, widest = 1e4;

/* Has the slice a place of its own, and axes at right angles? */
static rad_status check_plane(const rad_plane *p, rad_error *error) {
    const rad_frame *f = frame_of(p);
    const double *o = f->orientation, *x = f->position;
    for (int a = 0; a < 3; a++)
        if (!isfinite(x[a])) return missing(p, rad_tag_ImagePositionPatient, error);
    if (!(fabs(x[0]) < farthest && fabs(x[1]) < farthest && fabs(x[2]) < farthest))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is %g\\%g\\%g; it must be within %g mm of the origin",
                        p->instance->path, RAD_TAG_WORDS(rad_tag_ImagePositionPatient), x[0], x[1], x[2],
                        farthest);
    for (int a = 0; a < 6; a++)
        if (!isfinite(o[a])) return missing(p, rad_tag_ImageOrientationPatient, error);
    for (int a = 0; a < 2; a++)
        if (!isfinite(f->spacing[a])) return missing(p, rad_tag_PixelSpacing, error);
    if (!(f->spacing[0] > 0 && f->spacing[1] > 0 && f->spacing[0] < widest && f->spacing[1] < widest))
        return rad_fail(
            error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %g\\%g; it must be above 0 and below %g mm",
            p->instance->path, RAD_TAG_WORDS(rad_tag_PixelSpacing), f->spacing[0], f->spacing[1], widest);
    if (fabs(dot(o, o) - 1) < 1e-3 && fabs(dot(o + 3, o + 3) - 1) < 1e-3 && fabs(dot(o, o + 3)) < 1e-3)
        return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT
                    " is %g\\%g\\%g\\%g\\%g\\%g; it must be two unit vectors at right angles",
                    p->instance->path, RAD_TAG_WORDS(rad_tag_ImageOrientationPatient), o[0], o[1], o[2], o[3],
                    o[4], o[5]);
}

static rad_status mixed_orientations(const rad_plane *first, const rad_plane *p, rad_error *error) {
    char words[2][100];
    for (int i = 0; i < 2; i++) {
        const double *o = frame_of(i ? first : p)->orientation;
        snprintf(words[i], sizeof words[i], "%g\\%g\\%g\\%g\\%g\\%g", o[0], o[1], o[2], o[3], o[4], o[5]);
    }
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: mixed orientations: %s in this slice, %s in %s; give a series of one orientation",
                    p->instance->path, words[0], words[1], first->instance->path);
}

/* All slices on one grid have the orientation, size and spacing of the first. */
static rad_status check_same(const rad_plane *first, const rad_plane *p, rad_error *error) {
    const rad_frame *f = frame_of(first), *g = frame_of(p);
    const rad_pixel_format *of = &first->instance->format, *here = &p->instance->format;
    const double *o = g->orientation;
    for (int a = 0; a < 6; a++)
        if (!(fabs(o[a] - f->orientation[a]) <= 1e-3)) return mixed_orientations(first, p, error);
    if (of->rows != here->rows || of->columns != here->columns)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: mixed sizes: %u x %u voxels in this slice, %u x %u in %s; give a series of one size",
            p->instance->path, here->columns, here->rows, of->columns, of->rows, first->instance->path);
    for (int a = 0; a < 2; a++)
        if (!(fabs(f->spacing[a] - g->spacing[a]) <= 1e-3 * f->spacing[a]))
            return rad_fail(
                error, RAD_UNREADABLE,
                "%s: mixed spacings: %g\\%g mm in this slice, %g\\%g in %s; give a series of one spacing",
                p->instance->path, g->spacing[0], g->spacing[1], f->spacing[0], f->spacing[1],
                first->instance->path);
    return RAD_OK;
}

static int by_height(const void *a, const void *b) {
    const rad_plane *p = a, *q = b;
    if (p->height != q->height) return p->height < q->height ? -1 : 1;
    const int files = strcmp(p->instance->path, q->instance->path);
    return files ? files : (p->frame > q->frame) - (p->frame < q->frame);
}

static rad_status median_gap(const rad_plane *planes, size_t count, double *median, rad_error *error) {
    double *gaps = rad_new_raw(count, sizeof *gaps, error);
    if (!gaps) return RAD_NO_MEMORY;
    for (size_t i = 0; i + 1 < count; i++) gaps[i] = planes[i + 1].height - planes[i].height;
    rad_status status = rad_sort(gaps, count - 1, error);
    *median = gaps[(count - 1) / 2];
    rad_free(gaps);
    return status;
}

static rad_status check_duplicates(const rad_series *s, rad_error *error) {
    size_t twice = 0, at = 0;
    for (size_t i = s->plane_count - 1; i > 0; i--)
        if (s->planes[i].height - s->planes[i - 1].height < RAD_PLANE_SAME) {
            twice++;
            at = i;
        }
    if (!twice) return RAD_OK;
    const rad_plane *p = &s->planes[at];
    const double *x = frame_of(p)->position;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: duplicate positions: this slice and one of %s are both at %g\\%g\\%g, and %zu of %zu slices "
        "repeat%s a position; give one copy, one phase or one echo of the series",
        p->instance->path, p[-1].instance->path, x[0], x[1], x[2], twice, s->plane_count,
        twice == 1 ? "s" : "");
}

/* How far slices lie from an even grid, the straight line through their heights, at most: the rounding of
 * positions to 0.01 mm makes gaps of 0.62 and 0.63 mm, and moves no slice by more than 0.005. */
static double off_grid(const rad_series *s) {
    const double n = (double)s->plane_count, middle = (n - 1) / 2, first = s->planes[0].height;
    double slope = 0, low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < s->plane_count; i++)
        slope += ((double)i - middle) * (s->planes[i].height - first) * 12 / (n * (n * n - 1));
    for (size_t i = 0; i < s->plane_count; i++) {
        const double off = s->planes[i].height - first - slope * (double)i;
        low = fmin(low, off);
        high = fmax(high, off);
    }
    return (high - low) / 2;
}

static rad_status check_gaps(const rad_series *s, double median, double tolerance, rad_warnings *warnings,
                             rad_error *error) {
    size_t worst = 0, lost = 0, at = 0;
    double largest = 0;
    for (size_t i = 0; i + 1 < s->plane_count; i++) {
        const double gap = s->planes[i + 1].height - s->planes[i].height, steps = rint(gap / median);
        if (steps >= 2 && fabs(gap / median - steps) <= 0.1) {
            if (!lost) at = i;
            lost += (size_t)fmin(steps - 1, 1e9);
        }
        if (fabs(gap - median) > largest) {
            largest = fabs(gap - median);
            worst = i;
        }
    }
    const rad_plane *p = &s->planes[lost ? at : worst];
    const double gap = p[1].height - p[0].height;
    if (lost)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: missing slices: %zu, the first after this one: the next, %s, is %g mm away, others %g "
            "mm; fetch the whole series, or where it is whole and uneven, interpolate it by --uneven "
            "interpolate",
            p->instance->path, lost, p[1].instance->path, gap, median);
    if (largest > tolerance / 100 * median && off_grid(s) > tolerance / 100 * median)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: uneven spacing: the next slice, %s, is %g mm away, others %g mm: %.2g %%; up to %g %% is "
            "allowed: interpolate it to even slices by --uneven interpolate, or raise the setting "
            "slice_tolerance",
            p->instance->path, p[1].instance->path, gap, median, 100 * largest / median, tolerance);
    if (largest > 1e-3)
        rad_warn(warnings, "%.200s: uneven spacing: gaps between slices differ from %g mm by up to %.2g %%",
                 p->instance->path, median, 100 * largest / median);
    return RAD_OK;
}

/* How far a slice lies beside the normal through the first one, in mm, and how far along. */
static double beside(const rad_series *s, const double normal[3], size_t i, double out[3]) {
    const double *here = frame_of(&s->planes[i])->position, *begin = frame_of(&s->planes[0])->position,
                 along = s->planes[i].height - s->planes[0].height;
    for (int a = 0; a < 3; a++) out[a] = here[a] - begin[a] - along * normal[a];
    return along;
}

/* How slices lie sideways: what grows along the normal, by a straight line through all, and what is left. */
typedef struct sway {
    double slope[3], start[3]; /* mm a mm, mm */
    double extent, grown;      /* mm: along the normal, and by the line at its end */
    double farthest, scatter;  /* mm: from the first slice beyond what is always allowed, and from the line */
    size_t odd;                /* the slice with that */
} sway;

static sway find_sway(const rad_series *s, const double normal[3]) {
    sway w = {.extent = s->planes[s->plane_count - 1].height - s->planes[0].height};
    const double n = (double)s->plane_count;
    double t_sum = 0, tt = 0, x_sum[3] = {0}, xt[3] = {0}, x[3];
    for (size_t i = 0; i < s->plane_count; i++) {
        const double t = beside(s, normal, i, x);
        t_sum += t;
        tt += t * t;
        for (int a = 0; a < 3; a++) {
            x_sum[a] += x[a];
            xt[a] += x[a] * t;
        }
    }
    for (int a = 0; a < 3; a++) {
        w.slope[a] = (xt[a] - x_sum[a] * t_sum / n) / (tt - t_sum * t_sum / n);
        w.start[a] = (x_sum[a] - w.slope[a] * t_sum) / n;
    }
    w.grown = w.extent * sqrt(dot(w.slope, w.slope));
    for (size_t i = 0; i < s->plane_count; i++) {
        const double t = beside(s, normal, i, x), far = sqrt(dot(x, x)) - 1e-3 * t;
        for (int a = 0; a < 3; a++) x[a] -= w.start[a] + w.slope[a] * t;
        const double off = sqrt(dot(x, x));
        if (off > w.scatter) w.odd = i;
        w.farthest = fmax(w.farthest, far);
        w.scatter = fmax(w.scatter, off);
    }
    return w;
}

/* Slices that shift sideways do not lie on a grid at right angles: by the same step from each to the next it
 * is a tilt; what comes and goes is scatter, of which a tenth of a voxel has no bearing. */
static rad_status check_sway(const rad_series *s, const double normal[3], rad_warnings *warnings,
                             rad_error *error) {
    static const double silent = 0.02, most = 0.1;
    const double *spacing = frame_of(&s->planes[0])->spacing, voxel = fmin(spacing[0], spacing[1]);
    const sway w = find_sway(s, normal);
    const char *path = s->planes[w.odd].instance->path;
    if (w.farthest <= silent * spacing[0]) return RAD_OK;
    if (w.grown > 1e-3 * w.extent + silent * spacing[0] && w.scatter < w.grown / 4)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: gantry tilt: slices shift sideways by %g mm over %g mm (%.3g degrees) from %s "
                        "on; resample the series to a grid at right angles",
                        s->planes[1].instance->path, w.grown, w.extent,
                        atan2(w.grown, w.extent) * 180 / acos(-1), s->planes[0].instance->path);
    if (w.scatter > most * voxel)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: slices are shifted sideways: this one lies %g mm beside the line through all (%.2g "
            "of a voxel); up to %g of a voxel is allowed: resample the series to straight slices",
            path, w.scatter, w.scatter / voxel, most);
    rad_warn(warnings,
             "%.200s: slices are shifted sideways by up to %g mm (%.2g of a voxel), back and forth; they are "
             "taken as straight",
             path, w.scatter, w.scatter / voxel);
    return RAD_OK;
}

/* Of a single slice: what the file says, or 1 mm. */
static double lone_spacing(const rad_plane *p, rad_warnings *warnings) {
    const rad_instance *n = p->instance;
    if (fabs(n->between) > 0 && fabs(n->between) < widest) return fabs(n->between);
    if (n->thickness > 0 && n->thickness < widest) return n->thickness;
    rad_warn(warnings, "%.300s: one slice of unknown thickness; 1 mm is assumed", n->path);
    return 1;
}

/* The grid in RAS: x and y change sign. */
static void compute_geometry(rad_series *s, const double normal[3], double gap) {
    const rad_frame *f = frame_of(&s->planes[0]);
    const rad_pixel_format *format = &s->planes[0].instance->format;
    rad_geometry *g = &s->header.geometry;
    const double *axes[3] = {f->orientation, f->orientation + 3, normal};
    const double spacing[3] = {f->spacing[1], f->spacing[0], gap};
    const size_t size[3] = {format->columns, format->rows, s->between ? s->slices : s->plane_count};
    for (int a = 0; a < 3; a++) {
        const double length = sqrt(dot(axes[a], axes[a]));
        g->size[a] = size[a];
        g->spacing[a] = spacing[a];
        for (int r = 0; r < 3; r++) g->direction[3 * r + a] = (r < 2 ? -1 : 1) * axes[a][r] / length + 0.0;
        g->origin[a] = (a < 2 ? -1 : 1) * f->position[a] + 0.0;
    }
}

static rad_status list_planes(const rad_instance *const *members, size_t count, rad_series *s,
                              rad_error *error) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += members[i]->frame_count;
    s->planes = rad_new(total, sizeof *s->planes, error);
    if (!s->planes) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        for (size_t f = 0; f < members[i]->frame_count && status == RAD_OK; f++) {
            s->planes[s->plane_count] = (rad_plane){.instance = members[i], .frame = f};
            status = check_plane(&s->planes[s->plane_count], error);
            if (status == RAD_OK) status = check_same(&s->planes[0], &s->planes[s->plane_count], error);
            s->plane_count++;
        }
    if (status == RAD_OK && !s->plane_count)
        return rad_fail(error, RAD_UNREADABLE, "%s: the series has no frames", members[0]->path);
    return status;
}

static bool is_uneven(const rad_series *s, double median, double tolerance) {
    for (size_t i = 0; i + 1 < s->plane_count; i++)
        if (fabs(s->planes[i + 1].height - s->planes[i].height - median) > tolerance / 100 * median)
            return off_grid(s) > tolerance / 100 * median;
    return false;
}

/* Slices of the grid between planes at uneven distances. */
static rad_status even_out(rad_series *s, double median, double *gap, rad_warnings *warnings,
                           rad_error *error) {
    double least = INFINITY, most = 0;
    for (size_t i = 0; i + 1 < s->plane_count; i++) {
        least = fmin(least, s->planes[i + 1].height - s->planes[i].height);
        most = fmax(most, s->planes[i + 1].height - s->planes[i].height);
    }
    rad_status status = rad_even_find(s->planes, s->plane_count, median, &s->between, &s->slices, gap, error);
    if (status == RAD_OK)
        status = rad_even_keep(s->planes, s->plane_count, s->between, s->slices, &s->even, error);
    if (status == RAD_OK)
        rad_warn(warnings,
                 "%.200s: uneven spacing: its %zu slices are %g to %g mm apart; they are interpolated to %zu "
                 "slices %g mm apart",
                 s->planes[0].instance->path, s->plane_count, least, most, s->slices, *gap);
    return status;
}

/* Slices that are there again, place and voxels, under another SOPInstanceUID, as a second export leaves
 * them.
 */
static void drop_repeated(rad_series *s, rad_warnings *warnings) {
    size_t kept = 1;
    const rad_plane *first = NULL;
    for (size_t i = 1; i < s->plane_count; i++) {
        const rad_plane *p = &s->planes[i], *before = &s->planes[kept - 1];
        const bool alone = p->instance->frame_count == 1 && p->height - before->height < RAD_PLANE_SAME;
        if (!alone || !rad_members_same(before->instance, p->instance))
            s->planes[kept++] = *p;
        else if (!first)
            first = p;
    }
    if (first)
        rad_warn(
            warnings,
            "%.200s: slices that repeat another one, place and voxels, under another SOPInstanceUID, left "
            "out: %zu",
            first->instance->path, s->plane_count - kept);
    s->plane_count = kept;
}

/* The distance between even slices as the file names it, where their places, of which many are rounded to
 * single precision, say nothing else. */
static double named_gap(const rad_series *s, double gap) {
    const rad_instance *n = s->planes[0].instance;
    const double first = s->planes[0].height, last = s->planes[s->plane_count - 1].height;
    const double rounding = (fabs(first) + fabs(last)) * 0x1p-24 / (double)(s->plane_count - 1);
    const double named[2] = {fabs(n->between), n->thickness};
    for (int i = 0; i < 2; i++)
        if (fabs(named[i] - gap) <= 1e-6 * gap + rounding) return named[i];
    return gap;
}

/* The distance of slices, which have different places, about the same distances, and no tilt. */
static rad_status space_planes(rad_series *s, const double normal[3], const rad_series_options *options,
                               double *gap, rad_warnings *warnings, rad_error *error) {
    double median = 0;
    rad_status status = median_gap(s->planes, s->plane_count, &median, error);
    *gap = (s->planes[s->plane_count - 1].height - s->planes[0].height) / (double)(s->plane_count - 1);
    if (status == RAD_OK) status = check_duplicates(s, error);
    if (status == RAD_OK) *gap = named_gap(s, *gap);
    if (status == RAD_OK)
        status = options->uneven && is_uneven(s, median, options->tolerance)
                     ? even_out(s, median, gap, warnings, error)
                     : check_gaps(s, median, options->tolerance, warnings, error);
    return status == RAD_OK ? check_sway(s, normal, warnings, error) : status;
}

rad_status rad_series_arrange(const rad_instance *const *members, size_t count,
                              const rad_series_options *options, rad_series *s, rad_warnings *warnings,
                              rad_error *error) {
    double normal[3], gap = 0;
    rad_status status = list_planes(members, count, s, error);
    if (status != RAD_OK) return status;
    rad_frame_normal(frame_of(&s->planes[0]), normal);
    const double length = sqrt(dot(normal, normal));
    for (int a = 0; a < 3; a++) normal[a] /= length;
    for (size_t i = 0; i < s->plane_count; i++)
        s->planes[i].height = dot(frame_of(&s->planes[i])->position, normal);
    qsort(s->planes, s->plane_count, sizeof *s->planes, by_height);
    status = rad_volumes_choose(s->planes, &s->plane_count, options->volume, &s->volumes, error);
    if (status != RAD_OK) return status;
    drop_repeated(s, warnings);
    s->first = s->planes[0].instance;
    if (s->plane_count > 1)
        status = space_planes(s, normal, options, &gap, warnings, error);
    else
        gap = lone_spacing(s->planes, warnings);
    if (status == RAD_OK) compute_geometry(s, normal, gap);
    return status;
}

/* A palette is read as grey; where it is not, that is said. */
static rad_status check_table(const rad_instance *n, rad_warnings *warnings, rad_error *error) {
    rad_lut lut;
    if (n->lut == RAD_LUT_NONE) return RAD_OK;
    rad_status status = rad_lut_open(n->path, n->lut, &n->format, &lut, error);
    if (status != RAD_OK) return status;
    if (lut.coloured)
        rad_warn(warnings,
                 "%.200s: PALETTE COLOR in colour; its luminance is taken (0.299 R + 0.587 G + 0.114 B)",
                 n->path);
    rad_lut_free(&lut);
    return RAD_OK;
}

/* Bits that programs do not agree on: those above the ones that are stored, and the halves of 32 bits in big
 * endian, which the words of 16 bits of the standard leave where they are and others turn as well. */
static void warn_of_bits(const rad_instance *n, rad_warnings *warnings) {
    const rad_pixel_format *f = &n->format;
    if (f->high_bit + 1 != f->bits_stored)
        rad_warn(warnings,
                 "%.200s: " RAD_TAG_FORMAT " is %u of %u bits stored: voxels are taken from the bits that it "
                 "says, which not all programs do",
                 n->path, RAD_TAG_WORDS(rad_tag_HighBit), f->high_bit, f->bits_stored);
    if (f->bits_allocated == 32 && !strcmp(f->syntax, "1.2.840.10008.1.2.2"))
        rad_warn(warnings,
                 "%.200s: voxels of 32 bits in big endian are taken as numbers of four bytes, the highest "
                 "first; programs that turn pairs of bytes alone write others: compare with the original",
                 n->path);
}

/* Rescaling of each slice, SUV included. */
static rad_status rescale(rad_series *s, const rad_series_options *options, rad_warnings *warnings,
                          rad_error *error) {
    const bool pet = !strcmp(s->first->modality, "PT");
    bool mapped = false;
    unsigned notes = 0;
    rad_suv_slice slice = {.form = options->suv, .given = &options->suv_given, .earliest = NAN};
    for (size_t i = 0; i < s->plane_count && pet; i++)
        slice.earliest = fmin(slice.earliest, rad_suv_acquired(&s->planes[i].instance->pet));
    for (size_t i = 0; i < s->plane_count; i++) {
        rad_plane *p = &s->planes[i];
        const rad_pet *from = &p->instance->pet;
        mapped = pet && from->enhanced && *from->units && options->suv != RAD_SUV_NONE;
        rad_status status = rad_rescaling_find(p, mapped, error);
        if (status != RAD_OK) return status;
        if (!pet) continue;
        double factor = 1;
        unsigned here = 0;
        slice.pet = from;
        slice.first = &s->planes[0].instance->pet;
        slice.path = p->instance->path;
        slice.intercept = p->intercept;
        status = rad_suv_factor(&slice, &factor, &here, i ? NULL : &s->facts, error);
        if (status != RAD_OK) return status;
        rad_suv_warn(&slice, here & ~notes, warnings);
        notes |= here;
        p->slope *= factor;
        p->intercept *= factor;
    }
    rad_status status = rad_rescaling_tell(s, mapped, warnings, error);
    if (status != RAD_OK) return status;
    if (!strcmp(s->first->photometric, "MONOCHROME1"))
        rad_warn(warnings, "%.200s: MONOCHROME1 inverts the display alone; intensities are taken as stored",
                 s->first->path);
    warn_of_bits(s->first, warnings);
    return check_table(s->first, warnings, error);
}

static bool same_scale(const rad_plane *a, const rad_plane *b) {
    const rad_instance *m = a->instance, *n = b->instance;
    return a->slope == b->slope && a->intercept == b->intercept && !m->lut && !n->lut &&
           rad_frames_type(&m->format) == rad_frames_type(&n->format) && m->pads == n->pads &&
           (!m->pads || (m->pad[0] == n->pad[0] && m->pad[1] == n->pad[1]));
}

/* Intensities that stand for nothing, in the arithmetic of rad_volume_convert. Where slices differ, it is one
 * for all, which read_rows puts; beside those of a table it is no whole number, so that none of them is it.
 */
static void choose_padding(rad_series *s, bool same) {
    rad_volume *v = &s->header;
    for (size_t i = 0; i < s->plane_count && !v->pads; i++) {
        const rad_plane *p = &s->planes[i];
        if (!p->instance->pads) continue;
        v->pads = true;
        for (int k = 0; k < 2; k++) v->pad[k] = p->slope * p->instance->pad[same ? k : 0] + p->intercept;
        if (p->instance->lut) v->pad[0] = v->pad[1] = p->instance->pad[0] + 0.5;
        if (v->pad[0] > v->pad[1]) {
            const double high = v->pad[0];
            v->pad[0] = v->pad[1];
            v->pad[1] = high;
        }
    }
}

/* The type of the file where all slices share it and their rescaling, else doubles. */
static void choose_type(rad_series *s) {
    const rad_plane *first = &s->planes[0];
    rad_volume *v = &s->header;
    bool same = !s->between;
    for (size_t i = 0; i < s->plane_count && same; i++) same = same_scale(first, &s->planes[i]);
    v->type = same ? rad_frames_type(&first->instance->format) : RAD_FLOAT64;
    v->slope = same ? first->slope : 1;
    v->intercept = same ? first->intercept : 0;
    choose_padding(s, same);
}

rad_status rad_series_open(const char *path, const rad_series_options *options, rad_series *series,
                           rad_warnings *warnings, rad_error *error) {
    *series = (rad_series){.plane_count = 0};
    size_t count = 0;
    const rad_instance **members = NULL;
    rad_status status = rad_folder_scan(path, options->threads, &series->folder, error);
    if (status == RAD_OK) {
        members = rad_new(series->folder.count, sizeof(const rad_instance *), error);
        status = members ? rad_members_choose(path, &series->folder, options->uid, members, &count, warnings,
                                              error)
                         : RAD_NO_MEMORY;
    }
    if (status == RAD_OK) status = rad_flat_prepare(members, count, &options->flat, warnings, error);
    if (status == RAD_OK) status = rad_series_arrange(members, count, options, series, warnings, error);
    if (status == RAD_OK) rad_object_choose_frame(series, options->flat.frame);
    if (status == RAD_OK) {
        rad_facts_add(&series->facts, "modality", "%s", series->first->modality);
        status = rescale(series, options, warnings, error);
    }
    if (status == RAD_OK) choose_type(series);
    if (status == RAD_OK) rad_object_tell(series, warnings);
    rad_free(members);
    if (status != RAD_OK) rad_series_free(series);
    return status;
}

void rad_series_free(rad_series *series) {
    rad_folder_free(&series->folder);
    rad_free(series->planes);
    rad_free(series->between);
    rad_free(series->even.height);
    rad_volumes_free(&series->volumes);
    *series = (rad_series){.plane_count = 0};
}
