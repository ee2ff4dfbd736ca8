#include "from_pyradiomics.h"

#include "../core/printable.h"
#include "../features/pyr_classes.h"
#include "../filters/filters.h"
#include "../filters/pyr_filters.h"
#include "../pipeline/settings_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *number(double x, char text[RAD_NUMBER_TEXT]) {
    return rad_number_write(x, text);
}

static void put_normalisation(const rad_pyr_case *c) {
    char scale[RAD_NUMBER_TEXT], clip[RAD_NUMBER_TEXT];
    if (!c->normalise) return;
    printf("normalisation:           # normalize, normalizeScale, removeOutliers\n"
           "  method: z-score\n  scale: %s\n  clip: %s\n",
           number(c->scale, scale), number(isnan(c->outliers) ? 0 : c->outliers, clip));
}

static void put_interpolation(const rad_pyr_case *c) {
    static const char *const methods[] = {"nearest", "linear", "cubic"};
    char x[3][RAD_NUMBER_TEXT];
    if (!c->spacing.count || c->interpolator < 0) return;
    const bool known = c->interpolator <= RAD_ITK_BSPLINE;
    printf("interpolation:           # another grid: centres are aligned here, a corner there; nothing is "
           "cast to "
           "whole numbers\n");
    printf("  spacing: [%s, %s, %s]\n", number(c->spacing.value[0], x[0]), number(c->spacing.value[1], x[1]),
           number(c->spacing.value[2], x[2]));
    printf("  method: %s%s\n  mask_method: nearest\n", methods[known ? c->interpolator : RAD_ITK_BSPLINE],
           known ? "" : "          # the interpolator of the file has no equal: this is the B-spline");
}

static void put_range(const rad_pyr_case *c) {
    const double *v = c->range.value;
    char a[RAD_NUMBER_TEXT], b[RAD_NUMBER_TEXT];
    if (!c->range.count) return;
    const double first = v[0], second = c->range.count > 1 ? v[1] : INFINITY;
    const double low = fmin(first, second), high = fmax(first, second);
    printf("resegmentation:          # resegmentRange, %s\n", c->range_mode == RAD_PYR_ABSOLUTE ? "absolute"
                                                              : c->range_mode == RAD_PYR_RELATIVE
                                                                  ? "relative to the largest intensity"
                                                                  : "in standard deviations");
    if (c->range_mode == RAD_PYR_ABSOLUTE)
        printf("  range: [%s, %s]\n", number(low, a), number(high, b));
    else if (c->range_mode == RAD_PYR_RELATIVE && low >= 0 && low <= 1)
        printf("  relative: %s%s\n", number(low, a),
               isfinite(high) && high < 1 ? " # its upper end has no equal" : "");
    else if (c->range_mode == RAD_PYR_SIGMA && low < 0 && (low == -high || isinf(high)))
        printf("  outliers: %s%s\n", number(-low, a), isinf(high) ? "            # here on both sides" : "");
    else
        printf("  # %s to %s has no equal\n", number(low, a), number(high, b));
    printf("  shape: %s\n", c->range_shape ? "yes" : "no");
}

static void put_bins(const char *key, const rad_binnings *bins) {
    char word[64];
    printf("%s: %s\n", key, rad_discretisation_name(bins->row[0], word, sizeof word));
}

/* The families that a set of classes is in. */
static void put_families(const char *key, const rad_pyr_settings *p) {
    static const char *const words[RAD_PYR_CLASSES] = {
        [RAD_PYR_FIRSTORDER] = "stat, ih", [RAD_PYR_GLCM] = "cm",        [RAD_PYR_GLDM] = "ngl",
        [RAD_PYR_GLRLM] = "rlm",           [RAD_PYR_GLSZM] = "szm",      [RAD_PYR_NGTDM] = "ngt",
        [RAD_PYR_SHAPE] = "morph",         [RAD_PYR_SHAPE2D] = "shape2d"};
    const char *before = "";
    printf("%s: [", key);
    for (int k = 0; k < RAD_PYR_CLASSES; k++) {
        const int class = p->order[k];
        if (!p->chosen[class]) continue;
        printf("%s%s", before, words[class]);
        before = ", ";
    }
    const int mcc = rad_pyr_find(RAD_PYR_GLCM, "MCC");
    printf("%s]\n", mcc >= 0 && p->chosen[RAD_PYR_GLCM] >> mcc & 1 ? ", mcc" : "");
}

/* Its weights of GLCM are exp(-d^2), d in mm. */
static void put_weighting(const rad_pyr_settings *p) {
    static const char *const norms[] = {[RAD_PYR_MANHATTAN] = "manhattan",
                                        [RAD_PYR_EUCLIDEAN] = "euclidean",
                                        [RAD_PYR_INFINITY] = "chebyshev"};
    if (p->weighting > RAD_PYR_ALIKE)
        printf("  weighting: exponential # weightingNorm; there, GLRLM is weighed by the length itself\n  "
               "weighting_norm: %s\n",
               norms[p->weighting]);
}

/* Distances beyond the least: columns of their own here. */
static void put_distances(const char *family, uint32_t distances, int first) {
    const char *before = "";
    printf("  %s_distances: [", family);
    for (int d = first + 1; d <= RAD_PYR_DISTANCE_MAX; d++)
        if (distances >> d & 1) {
            printf("%s%d", before, d);
            before = ", ";
        }
    printf("]   # columns of their own; there, one of all distances\n");
}

static void put_texture(const rad_pyr_settings *p) {
    int first = 0, more = 0;
    for (int d = RAD_PYR_DISTANCE_MAX; d > 0; d--)
        if (p->distances >> d & 1) {
            more += first > 0;
            first = d;
        }
    printf("texture:\n  dimensions: %s%s\n", p->flat < 0 ? "3D" : "2.5D",
           p->flat == 0 || p->flat == 1 ? "       # across z; force2Ddimension has no equal" : "");
    printf("  aggregation: %s\n", p->weighting == RAD_PYR_APART ? "averaged" : "merged");
    put_weighting(p);
    for (int k = 0; k < 3; k++) {
        const char *family = (const char *[]){"glcm", "ngtdm", "ngldm"}[k];
        printf("  %s_distance: %d\n", family, first);
        if (more) put_distances(family, p->distances, first);
    }
    printf("  ngldm_coarseness: %d    # gldm_a\n", p->alike);
    if (!p->symmetric) printf("  # symmetricalGLCM: false has no equal\n");
    if (p->shift != 0)
        printf("  # voxelArrayShift has no equal: energy and rms are those of the intensities\n");
}

static void put_wavelet(const rad_pyr_filter *o) {
    char letters[4] = "";
    size_t n = 0;
    for (int a = 0; a < 3; a++)
        if (a != o->axis) letters[n++] = o->high >> a & 1 ? 'H' : 'L';
    printf("wavelet: {wavelet: %s, subband: %s, level: %d%s, boundary: periodic}%s\n", o->text, letters,
           o->levels, n == 2 ? ", dimension: 2" : "",
           o->levels > 1 ? " # taps apart, not the same transform again" : "");
}

/* One response map, or why there is none. */
static void put_image(const rad_image *image) {
    const rad_filter *f = image->options.filter;
    rad_pyr_filter o;
    char text[RAD_NUMBER_TEXT];
    memcpy(&o, image->options.own, sizeof o);
    printf("  %s", f == &rad_filter_pyr_lbp3d ? "# " : "- ");
    if (f == &rad_filter_pyr_wavelet)
        put_wavelet(&o);
    else if (f == &rad_filter_pyr_log)
        printf("log: {sigma: %s} # per mm2 and not times sigma2, sampled\n", number(o.number, text));
    else if (f == &rad_filter_pyr_lbp)
        printf("lbp: {dimension: 2, radius: %s, samples: %d} # uniform\n", number(o.number, text), o.levels);
    else if (f == &rad_filter_pyr_lbp3d)
        printf("%s has no equal\n", image->name);
    else if (f == &rad_filter_pyr_gradient)
        printf("gradient: {boundary: nearest}\n");
    else if (f == &rad_filter_pyr_square)
        printf("square # without the factor that keeps the largest value\n");
    else if (f == &rad_filter_pyr_squareroot)
        printf("squareroot # likewise\n");
    else if (f == &rad_filter_pyr_logarithm)
        printf("logarithm # likewise\n");
    else
        printf("exponential # of x / 1000, not of x log(m) / m\n");
}

static bool has_equal(const rad_settings *s) {
    for (size_t i = 0; i < s->image_count; i++)
        if (s->images[i].options.filter != &rad_filter_pyr_lbp3d) return true;
    return false;
}

static void put_images(const rad_settings *s) {
    if (!s->image_count) return;
    put_bins("filter_discretisation", &s->images[0].features.discretisation);
    put_families("filter_families", &s->images[0].features.pyr);
    printf(has_equal(s) ? "images:\n" : "images: []\n");
    for (size_t i = 0; i < s->image_count; i++) {
        put_image(&s->images[i]);
        if (s->images[i].features.discretisation.row[0].amount !=
            s->images[0].features.discretisation.row[0].amount)
            put_bins("    # which has bins of its own in the file, discretisation",
                     &s->images[i].features.discretisation);
    }
}

static void put_all(const rad_settings *s, const char *path) {
    const rad_pyr_case *c = &s->pyr;
    char shown[400];
    printf("# From %s, a parameter file of PyRadiomics: its settings as the IBSI's standard has them. Names "
           "and\n"
           "# numbers are those of the IBSI; for PyRadiomics' own give that file as -c. What is not the same "
           "is said.\n",
           rad_printable(path, shown, sizeof shown));
    put_normalisation(c);
    put_interpolation(c);
    put_range(c);
    if (!isnan(c->least_size))
        printf("minimum_roi: {voxels: %.0f} # minimumROISize: more than that\n", c->least_size + 1);
    if (c->label != 1) printf("# label: give --roi %d\n", c->label);
    put_bins("discretisation", &s->features.discretisation);
    put_texture(&s->features.pyr);
    put_families("families", &s->features.pyr);
    put_images(s);
}

rad_status rad_from_pyradiomics(const char *path, rad_error *error) {
    rad_settings s;
    rad_status status = rad_settings_file_read(path, &s, error);
    if (status != RAD_OK) return status;
    if (s.standard == RAD_PYRADIOMICS)
        put_all(&s, path);
    else
        status = rad_fail(error, RAD_CONFIG,
                          "%.300s: is no parameter file of PyRadiomics, but settings already", path);
    rad_settings_clear(&s);
    return status;
}
