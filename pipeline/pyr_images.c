#include "pyr_images.h"

#include "../filters/pyr_filters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

rad_pyr_arguments rad_pyr_arguments_default(void) {
    return (rad_pyr_arguments){.first = {.label = 1,
                                         .least_dimensions = 2,
                                         .least_size = NAN,
                                         .tolerance = NAN,
                                         .information = true,
                                         .scale = 1,
                                         .outliers = NAN,
                                         .interpolator = RAD_ITK_BSPLINE,
                                         .pad = 5},
                               .width = 25,
                               .distances = {.value = {1}, .count = 1},
                               .symmetric = true,
                               .weighting = RAD_PYR_APART,
                               .level = 1,
                               .wavelet = "coif1",
                               .gradient_spacing = true,
                               .lbp_radius = 1,
                               .lbp_samples = 8,
                               .lbp_method = RAD_PYR_LBP_UNIFORM,
                               .lbp3_levels = 2,
                               .lbp3_subdivision = 1,
                               .lbp3_radius = 1};
}

/* numpy's axes are ours backwards. */
static int axis_of(const rad_pyr_arguments *a) {
    return a->flat ? 2 - a->flat_dimension : -1;
}

static void set_features(const rad_pyr_arguments *a, const rad_pyr_settings *classes,
                         rad_feature_settings *f) {
    f->families = 0;
    f->pyr = *classes;
    f->pyr.distances = 0;
    for (size_t i = 0; i < a->distances.count; i++) f->pyr.distances |= 1U << (int)a->distances.value[i];
    f->pyr.weighting = a->weighting;
    f->pyr.flat = axis_of(a);
    f->pyr.symmetric = a->symmetric;
    f->pyr.alike = a->alike;
    f->pyr.shift = a->shift;
    f->discretisation =
        (rad_binnings){1,
                       {a->bins ? (rad_discretisation){.binning = RAD_BIN_COUNT, .amount = a->bins}
                                : (rad_discretisation){.binning = RAD_BIN_WIDTH, .amount = a->width}}};
}

void rad_pyr_images_original(rad_settings *settings, const rad_pyr_arguments *arguments,
                             const rad_pyr_settings *classes, bool asked) {
    set_features(arguments, classes, &settings->features);
    if (settings->features.pyr.flat < 0) settings->features.pyr.chosen[RAD_PYR_SHAPE2D] = 0; /* as there */
    for (int c = 0; c < RAD_PYR_SHAPE && !asked; c++) settings->features.pyr.chosen[c] = 0;
}

/* What the images of a type share. */
typedef struct making {
    rad_settings *settings;
    const rad_pyr_arguments *arguments;
    const rad_pyr_settings *classes;
    rad_error *error;
} making;

static rad_status add(const making *m, const rad_filter *filter, const rad_pyr_filter *options,
                      const char *name) {
    for (size_t i = 0; i < m->settings->image_count; i++) /* the same sigma twice is the same image */
        if (!strcmp(m->settings->images[i].name, name)) return RAD_OK;
    rad_image image = {.name = "",
                       .given = RAD_GIVEN_NAME | RAD_GIVEN_FAMILIES | RAD_GIVEN_DISCRETISATION |
                                RAD_GIVEN_IVH | RAD_GIVEN_BOUNDARY};
    snprintf(image.name, sizeof image.name, "%s", name);
    rad_filter_default(filter, &image.options);
    image.options.dimension = 3;
    image.options.boundary = RAD_PERIODIC;
    memcpy(image.options.own, options, sizeof *options);
    image.features = m->settings->features;
    set_features(m->arguments, m->classes, &image.features);
    image.features.pyr.chosen[RAD_PYR_SHAPE] = image.features.pyr.chosen[RAD_PYR_SHAPE2D] = 0;
    return rad_settings_add_image(m->settings, &image, m->error);
}

static rad_status add_log(const making *m) {
    rad_status status = RAD_OK;
    const rad_pyr_list *sigma = &m->arguments->sigma;
    if (!sigma->count)
        return rad_fail(m->error, RAD_CONFIG,
                        "`LoG` without `sigma` gives no image; give it a list of sigmas");
    for (size_t i = 0; i < sigma->count && status == RAD_OK; i++) {
        char name[RAD_TEXT_MAX];
        snprintf(name, sizeof name, "log-sigma-%s-mm-3D", sigma->text[i]);
        for (char *c = name; *c; c++)
            if (*c == '.') *c = '-';
        status = add(m, &rad_filter_pyr_log, &(rad_pyr_filter){.number = sigma->value[i]}, name);
    }
    return status;
}

/* One level's sub-bands, or with `approximation` the low-pass that is left. */
static rad_status add_bands(const making *m, const char *prefix, int level, bool approximation) {
    const rad_pyr_arguments *a = m->arguments;
    const int flat = axis_of(a), letters = flat < 0 ? 3 : 2;
    rad_status status = RAD_OK;
    for (unsigned band = approximation ? 0 : 1;
         band < (approximation ? 1U : 1U << letters) && status == RAD_OK; band++) {
        rad_pyr_filter o = {.levels = level, .axis = flat};
        char name[RAD_TEXT_MAX] = "", word[4] = "";
        int letter = 0;
        unsigned bit = 1U << letters;
        for (int axis = 0; axis < 3; axis++) { /* x varies slowest */
            if (axis == flat) continue;
            bit >>= 1;
            const bool high = (band & bit) != 0;
            word[letter++] = high ? 'H' : 'L';
            o.high |= (unsigned)high << axis;
        }
        snprintf(o.text, sizeof o.text, "%.30s", a->wavelet);
        snprintf(name, sizeof name, "%s-%s", prefix, word);
        status = add(m, &rad_filter_pyr_wavelet, &o, name);
    }
    return status;
}

static rad_status add_wavelet(const making *m) {
    const rad_pyr_arguments *a = m->arguments;
    rad_status status = rad_pyr_wavelet_check(a->wavelet, m->error);
    char prefix[32] = "wavelet";
    for (int level = 1; level <= a->level && status == RAD_OK; level++) {
        if (level > 1) snprintf(prefix, sizeof prefix, "wavelet%d", level);
        status = add_bands(m, prefix, a->start_level + level, false);
    }
    return status == RAD_OK ? add_bands(m, prefix, a->start_level + a->level, true) : status;
}

static rad_status add_lbp3d(const making *m) {
    const rad_pyr_arguments *a = m->arguments;
    rad_status status = RAD_OK;
    for (int level = 0; level <= a->lbp3_levels && status == RAD_OK; level++) {
        char name[RAD_TEXT_MAX] = "lbp-3D-k";
        const bool last = level == a->lbp3_levels;
        if (!last) snprintf(name, sizeof name, "lbp-3D-m%d", level + 1);
        status =
            add(m, &rad_filter_pyr_lbp3d,
                &(rad_pyr_filter){
                    .number = a->lbp3_radius, .levels = a->lbp3_subdivision, .method = last ? -1 : level},
                name);
    }
    return status;
}

rad_status rad_pyr_images_add(rad_settings *settings, const char *type, const rad_pyr_arguments *a,
                              const rad_pyr_settings *classes, rad_error *error) {
    const making m = {settings, a, classes, error};
    static const struct {
        const char *type, *name;
        const rad_filter *filter;
    } points[] = {{"Square", "square", &rad_filter_pyr_square},
                  {"SquareRoot", "squareroot", &rad_filter_pyr_squareroot},
                  {"Logarithm", "logarithm", &rad_filter_pyr_logarithm},
                  {"Exponential", "exponential", &rad_filter_pyr_exponential}};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++)
        if (!strcmp(type, points[i].type))
            return add(&m, points[i].filter, &(rad_pyr_filter){0}, points[i].name);
    if (!strcmp(type, "Gradient"))
        return add(&m, &rad_filter_pyr_gradient, &(rad_pyr_filter){.levels = a->gradient_spacing},
                   "gradient");
    if (!strcmp(type, "LoG")) return add_log(&m);
    if (!strcmp(type, "Wavelet")) return add_wavelet(&m);
    if (!strcmp(type, "LBP2D"))
        return add(&m, &rad_filter_pyr_lbp,
                   &(rad_pyr_filter){.number = a->lbp_radius,
                                     .levels = a->lbp_samples,
                                     .method = a->lbp_method,
                                     .axis = 2 - a->flat_dimension},
                   "lbp-2D");
    if (!strcmp(type, "LBP3D")) return add_lbp3d(&m);
    return rad_fail(error, RAD_CONFIG,
                    "`%.60s` is not an image type; the types are Original, Wavelet, LoG, Square, SquareRoot, "
                    "Logarithm, Exponential, Gradient, LBP2D, LBP3D",
                    type);
}
