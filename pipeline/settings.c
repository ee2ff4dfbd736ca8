#include "settings.h"

#include "../core/memory.h"
#include "../core/nearest.h"
#include "../features/families.h"
#include "../io/dicom/suv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const methods[] = {
    [RAD_NEAREST] = "nearest", [RAD_LINEAR] = "linear", [RAD_CUBIC] = "cubic", NULL};
static const char *const mask_methods[] = {[RAD_NEAREST] = "nearest", [RAD_LINEAR] = "linear", NULL};
static const char *const dimensions[] = {"2D", "2.5D", "3D", NULL};
static const char *const mergings[] = {"averaged", "merged", NULL}; /* in the order of bits */
static const char *const of_file[] = {"file", NULL};
static const char *const every[] = {"all", NULL};
static const char *const refuse[] = {"refuse", NULL};
static const char *const uneven[] = {"refuse", "interpolate", NULL};
static const char *const normalisings[] = {[RAD_NORMALISE_NONE] = "none",
                                           [RAD_NORMALISE_Z] = "z-score",
                                           [RAD_NORMALISE_RANGE] = "range",
                                           [RAD_NORMALISE_PERCENTILE] = "percentile",
                                           NULL},
                         *const normalised_by[] = {[RAD_NORMALISED_BY_IMAGE] = "image",
                                                   [RAD_NORMALISED_BY_FOREGROUND] = "foreground",
                                                   [RAD_NORMALISED_BY_ROI] = "roi",
                                                   [RAD_NORMALISED_BY_REFERENCE] = "reference",
                                                   NULL},
                         *const origins[] = {[RAD_ORIGIN_RANGE] = "range",
                                             [RAD_ORIGIN_MINIMUM] = "minimum",
                                             [RAD_ORIGIN_ZERO] = "zero",
                                             [RAD_ORIGIN_NUMBER] = NULL};
static const char *const weightings[] = {"none", "exponential", "inverse", NULL}, /* in the order of enums */
    *const norms[] = {"euclidean", "manhattan", "chebyshev", NULL},
                         *const weighted_in[] = {"mm", "voxels", NULL};
static const char far_words[] = "up to 16 whole numbers in 1..16";
static const char binning_words[] = "none, fbs<bin width>, fbn<number of bins> or width<bin width>";

#define AT(member) offsetof(rad_settings, member)

/* The one place where a setting exists. */
static const rad_key rows[] = {
    {"suv", RAD_KEY_WORD, AT(suv), 0, 0, rad_suv_words, "bw", NULL,
     "standardised uptake value of PET from DICOM: by body weight, lean body mass, body surface, ideal "
     "weight",
     NULL},
    {"suv_weight", RAD_KEY_OPTIONAL, AT(suv_weight), 0.01, 1000, of_file, "file", "file, or 0.01..1000 kg",
     "weight for SUV in place of PatientWeight (0010,1030)", NULL},
    {"suv_dose", RAD_KEY_OPTIONAL, AT(suv_dose), 0.01, 1e12, of_file, "file", "file, or 0.01..1e12 Bq",
     "injected dose for SUV in place of RadionuclideTotalDose (0018,1074); below 1e4: MBq", NULL},
    {"suv_time", RAD_KEY_OPTIONAL, AT(suv_time), 1e-3, 1e9, of_file, "file", "file, or 0.001..1e9 s",
     "seconds from injection to the time that the activity was corrected to", NULL},
    {"slice_tolerance", RAD_KEY_NUMBER, AT(slice_tolerance), 0, 50, NULL, "1", "0..50, %",
     "largest difference between distances of DICOM slices", NULL},
    {"uneven", RAD_KEY_WORD, AT(uneven), 0, 0, uneven, "refuse", "refuse or interpolate",
     "what becomes of DICOM slices whose distances differ by more: interpolated linearly, along the normal, "
     "to "
     "even ones",
     NULL},
    {"image_spacing", RAD_KEY_SPACING, AT(image_spacing), 0, 1000, NULL, "0",
     "one number or [x, y, z], mm, 0..1000",
     "voxel spacing of arrays and pictures (npy, PNG, TIFF); 0: that of the file", NULL},
    {"frame", RAD_KEY_OPTIONAL, AT(frame), 1, 65535, every, "all", "all, or a number in 1..65535",
     "frame of an ultrasound clip or another picture of several that is taken; all: a row for each", NULL},
    {"mask_fractions", RAD_KEY_OPTIONAL, AT(mask_fractions), 1e-6, 1, refuse, "refuse",
     "refuse, or 0.000001..1", "part from which on a voxel of a mask of fractions (0..1) is in the ROI",
     NULL},
    {"clip", RAD_KEY_TRUTH, AT(clip), 0, 0, NULL, "no", NULL,
     "leave out what of a ROI lies beyond the image, with a warning; no: such a ROI fails", NULL},
    {"normalisation.method", RAD_KEY_WORD, AT(normalisation.method), 0, 0, normalisings, "none", NULL,
     "intensities by mean and standard deviation, by extremes, or by two percentiles, before interpolation",
     NULL},
    {"normalisation.of", RAD_KEY_WORD, AT(normalisation.by), 0, 0, normalised_by, "image", NULL,
     "of all voxels of the image, of those above its mean, of each ROI for itself, or of a reference ROI",
     NULL},
    {"normalisation.reference", RAD_KEY_NAME, AT(normalisation.reference), 0, 0, NULL, NULL, NULL,
     "name or number of the ROI, where of: reference; it need not be chosen", NULL},
    {"normalisation.percentiles", RAD_KEY_RANGE, AT(normalisation.percentiles), 0, 100, NULL, "1 99",
     "[low, high] in 0..100", "the two of method: percentile, linear between ranks", NULL},
    {"normalisation.scale", RAD_KEY_NUMBER, AT(normalisation.scale), 1e-6, 1e9, NULL, "1", NULL,
     "what one standard deviation, or the whole range, becomes", NULL},
    {"normalisation.clip", RAD_KEY_NUMBER, AT(normalisation.clip), 0, 1000, NULL, "0", NULL,
     "standard deviations that are kept on either side, else any number above 0: from 0 to the scale; 0: all",
     NULL},
    {"interpolation.spacing", RAD_KEY_SPACING, AT(sampling.spacing), 0, 1000, NULL, "0",
     "one number or [x, y, z], mm, 0..1000", "voxel spacing after interpolation; 0 keeps the axis (VTM2)",
     NULL},
    {"interpolation.method", RAD_KEY_WORD, AT(sampling.method), 0, 0, methods, "linear",
     "nearest, linear or cubic", "interpolation of the image; cubic is the B-spline (VTM2)", NULL},
    {"interpolation.mask_method", RAD_KEY_WORD, AT(mask_method), 0, 0, mask_methods, "linear",
     "nearest or linear", "interpolation of the mask (VTM2)", NULL},
    {"interpolation.mask_threshold", RAD_KEY_NUMBER, AT(mask_threshold), 1e-6, 1, NULL, "0.5", "0.000001..1",
     "partial volume from which a voxel is in the ROI (E8H9)", NULL},
    {"interpolation.round", RAD_KEY_TRUTH, AT(sampling.round), 0, 0, NULL, "no", NULL,
     "round intensities to whole numbers, as for CT (68QD)", NULL},
    {"resegmentation.range", RAD_KEY_RANGE, AT(range), 0, 0, NULL, "-.inf .inf",
     "[low, high], .inf for an open end", "intensities kept in the intensity mask (USB3)", NULL},
    {"resegmentation.outliers", RAD_KEY_NUMBER, AT(outliers), 0, 1000, NULL, "0", NULL,
     "standard deviations around the mean that are kept, 0 keeps all (7ACA)", NULL},
    {"resegmentation.relative", RAD_KEY_NUMBER, AT(relative), 0, 1, NULL, "0", NULL,
     "part of the largest intensity of the ROI from which voxels are kept, such as 0.41 of PET; 0 keeps all",
     NULL},
    {"resegmentation.percentiles", RAD_KEY_RANGE, AT(percentiles), 0, 100, NULL, "0 100",
     "[low, high] in 0..100",
     "percentiles of the intensities of the whole ROI, linear between ranks, between which voxels are kept",
     NULL},
    {"resegmentation.shape", RAD_KEY_TRUTH, AT(reshape), 0, 0, NULL, "no", NULL,
     "does shape follow: what re-segmentation keeps is the morphological mask, too", NULL},
    {"minimum_roi.voxels", RAD_KEY_INTEGER, AT(least_voxels), 0, 1e9, NULL, "0", NULL,
     "voxels on the grid of the features, below which a ROI has no values, for this reason, and a warning",
     NULL},
    {"minimum_roi.volume", RAD_KEY_NUMBER, AT(least_volume), 0, 1e6, NULL, "0", "0..1000000 mL",
     "the same by the volume of these voxels", NULL},
    {"discretisation", RAD_KEY_BINNINGS, AT(features.discretisation), 1, RAD_DISCRETISATIONS_MAX, NULL,
     "fbn32", binning_words, "grey levels of histogram and texture, up to 16 kinds (4R0B)", NULL},
    {"bin_origin", RAD_KEY_ORIGIN, AT(features.bin_origin), -1e300, 1e300, origins, "range",
     "range, minimum, zero or a number",
     "where fbs begins: the lower end of resegmentation.range, or else the smallest intensity of the ROI; "
     "always the smallest; the multiple of the width next below it; a number, which is the lower end of "
     "level "
     "1",
     NULL},
    {"ivh", RAD_KEY_BINNINGS, AT(features.ivh), 1, 1, NULL, "none", binning_words,
     "levels of the intensity-volume histogram (P88C)", NULL},
    {"points.percentiles", RAD_KEY_NUMBERS, AT(features.percentiles), 0, 100, NULL, NULL, NULL,
     "percentiles of the intensities, linear between ranks: columns points_p<N>", NULL},
    {"points.volume_at", RAD_KEY_NUMBERS, AT(features.volume_at), -1e9, 1e9, NULL, NULL, NULL,
     "part of the volume with at least that intensity, such as V20Gy of a dose: points_v<N>", NULL},
    {"points.volume_at_part", RAD_KEY_NUMBERS, AT(features.volume_at_part), 0, 100, NULL, NULL, NULL,
     "the same from that per cent of the range of the ROI on: points_vpart<N>", NULL},
    {"points.intensity_at", RAD_KEY_NUMBERS, AT(features.intensity_at), 0, 100, NULL, NULL, NULL,
     "intensity that so many per cent of the volume have at least, such as D95 of a dose: points_d<N>", NULL},
    {"texture.dimensions", RAD_KEY_WORDS, AT(features.dimensions), 1, 0, dimensions, "3D", "any of ",
     "by slice, by slice and merged, by volume (5QB6)", NULL},
    {"texture.aggregation", RAD_KEY_WORDS, AT(features.merging), 1, 0, mergings, "merged", "any of ",
     "of the directions of GLCM and GLRLM: features of each are averaged (_avg), or their matrices are "
     "merged "
     "(_comb)",
     NULL},
    {"texture.glcm_distance", RAD_KEY_INTEGER, AT(features.glcm_distance), 1, 64, NULL, "1", NULL,
     "distance of co-occurring voxels, Chebyshev (PVMT)", NULL},
    {"texture.ngtdm_distance", RAD_KEY_INTEGER, AT(features.ngtdm_distance), 1, 16, NULL, "1", NULL,
     "reach of the neighbourhood, Chebyshev (PVMT)", NULL},
    {"texture.ngldm_distance", RAD_KEY_INTEGER, AT(features.ngldm_distance), 1, 16, NULL, "1", NULL,
     "reach of the neighbourhood, Chebyshev (PVMT)", NULL},
    {"texture.ngldm_coarseness", RAD_KEY_NUMBER, AT(features.ngldm_coarseness), 0, RAD_LEVELS_MAX, NULL, "0",
     NULL, "largest level difference of dependent voxels (REK0)", NULL},
    {"texture.directions", RAD_KEY_TRUTH, AT(features.directions), 0, 0, NULL, "no", NULL,
     "cm, mcc and rlm of each of the 13 directions in 3D too: columns <tag>_dir<N>", NULL},
    {"texture.distances", RAD_KEY_NUMBERS, AT(features.distances), 1, 16, NULL, NULL, far_words,
     "Chebyshev distances at which cm, mcc, ngt and ngl are computed once more: columns <tag>_d<N>", NULL},
    {"texture.glcm_distances", RAD_KEY_NUMBERS, AT(features.glcm_distances), 1, RAD_DISTANCE_MOST, NULL, NULL,
     far_words, "the same of cm and mcc alone", NULL},
    {"texture.ngtdm_distances", RAD_KEY_NUMBERS, AT(features.ngtdm_distances), 1, RAD_DISTANCE_MOST, NULL,
     NULL, far_words, "the same of ngt alone", NULL},
    {"texture.ngldm_distances", RAD_KEY_NUMBERS, AT(features.ngldm_distances), 1, RAD_DISTANCE_MOST, NULL,
     NULL, far_words, "the same of ngl alone", NULL},
    {"texture.weighting", RAD_KEY_WORD, AT(features.weighting), 0, 0, weightings, "none",
     "none, exponential or inverse",
     "what a direction counts for whose neighbours are at distance d: 1, exp(-d^2) or 1/d; of cm, mcc and "
     "rlm "
     "where directions are merged",
     NULL},
    {"texture.ngtdm_weighting", RAD_KEY_WORD, AT(features.ngtdm_weighting), 0, 0, weightings, "none",
     "none, exponential or inverse", "the same of the neighbours of a voxel, for ngt", NULL},
    {"texture.ngldm_weighting", RAD_KEY_WORD, AT(features.ngldm_weighting), 0, 0, weightings, "none",
     "none, exponential or inverse",
     "the same for ngl, whose weighted dependences are rounded to whole numbers", NULL},
    {"texture.weighting_norm", RAD_KEY_WORD, AT(features.norm), 0, 0, norms, "euclidean",
     "euclidean, manhattan or chebyshev", "how distances of weights are measured", NULL},
    {"texture.weighting_unit", RAD_KEY_WORD, AT(features.weighted_in_voxels), 0, 0, weighted_in, "mm",
     "mm or voxels", "and in what", NULL},
    {"families", RAD_KEY_WORDS, AT(features.families), 0, 0, rad_family_words, NULL, "any of ",
     "feature families to compute of the original image; [] for none", NULL},
    {"spatial", RAD_KEY_TRUTH, AT(features.spatial), 0, 0, NULL, "yes", NULL,
     "Moran's I (N365) and Geary's C (NPT7), of all pairs of voxels, with the family morph; no: their "
     "columns "
     "are left out, and the time that they take",
     NULL},
    {"diagnostics", RAD_KEY_TRUTH, AT(diagnostics), 0, 0, NULL, "no", NULL,
     "rows on image and masks before and after each step", NULL},
    {"filter_boundary", RAD_KEY_WORD, AT(filter_boundary), 0, 0, rad_boundary_words, "mirror", NULL,
     "what filters see outside of the image", NULL},
    {"filter_families", RAD_KEY_WORDS, AT(filter_families), 1, 0, rad_family_words, NULL, "any of ",
     "feature families to compute of response maps", NULL},
    {"filter_discretisation", RAD_KEY_BINNINGS, AT(filter_discretisation), 1, RAD_DISCRETISATIONS_MAX, NULL,
     "fbn32", binning_words, "grey levels of response maps (4R0B)", NULL},
    {"filter_bin_origin", RAD_KEY_ORIGIN, AT(filter_bin_origin), -1e300, 1e300, origins, "range",
     "range, minimum, zero or a number", "bin_origin of response maps, which have no range", NULL},
    {"filter_ivh", RAD_KEY_BINNINGS, AT(filter_ivh), 1, 1, NULL, "fbn1000", binning_words,
     "levels of the intensity-volume histogram of response maps (P88C)", NULL},
    {"filter_margin_mm", RAD_KEY_NUMBER, AT(filter_margin), 0, INFINITY, NULL, ".inf",
     "a number from 0, mm, or .inf", "image around the ROI that filters see; .inf: all that counts", NULL},
    {"filter_nan", RAD_KEY_OPTIONAL, AT(sampling.instead_of_nan), -1e300, 1e300, refuse, "refuse",
     "refuse, or a number", "what interpolation and filters see in place of NaN and infinity", NULL},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* The key, or the section of keys, that is nearest to a word; "" where none is near. */
static void find_meant(const char *word, char meant[80]) {
    size_t least = SIZE_MAX;
    *meant = '\0';
    for (size_t i = 0; i < ROWS; i++)
        for (int whole = 0; whole < 2; whole++) {
            char name[80];
            snprintf(name, sizeof name, "%.*s",
                     (int)(whole ? strlen(rows[i].name) : strcspn(rows[i].name, ".")), rows[i].name);
            const size_t distance = rad_word_distance(word, name);
            if (distance >= least) continue;
            least = distance;
            snprintf(meant, 80, "%s", name);
        }
    if (!rad_word_is_near(word, least)) *meant = '\0';
}

rad_status rad_settings_set_words(rad_settings *settings, const char *key, const char *const *words,
                                  size_t count, rad_error *error) {
    const rad_key *row = rad_key_find(rows, ROWS, key);
    if (row) return rad_key_set(row, settings, words, count, error);
    char meant[80];
    find_meant(key, meant);
    if (!*meant)
        return rad_fail(error, RAD_CONFIG, "`%.80s` is not a setting; `radiomill settings` prints all", key);
    return rad_fail(error, RAD_CONFIG, "`%.80s` is not a setting; did you mean `%s`?", key, meant);
}

void rad_settings_default(rad_settings *settings) {
    memset(settings, 0, sizeof *settings);
    rad_keys_default(rows, ROWS, settings);
    settings->features.families = rad_families_default(false);
    settings->filter_families = rad_families_default(true);
}

void rad_settings_clear(rad_settings *settings) {
    rad_free(settings->images);
    settings->images = NULL;
    settings->image_count = settings->image_capacity = 0;
    rad_free(settings->steps);
    settings->steps = NULL;
    settings->step_count = settings->step_capacity = 0;
    rad_free(settings->pyr.parameters);
    settings->pyr.parameters = NULL;
}

rad_status rad_settings_copy(const rad_settings *from, rad_settings *to, rad_error *error) {
    const size_t count = from->image_count;
    *to = *from;
    to->image_capacity = count;
    to->images = count ? rad_new_raw(count, sizeof *to->images, error) : NULL;
    to->step_capacity = from->step_count;
    to->steps = from->step_count ? rad_new_raw(from->step_count, sizeof *to->steps, error) : NULL;
    to->pyr.parameters = from->pyr.parameters ? rad_text_copy(from->pyr.parameters, error) : NULL;
    if ((count && !to->images) || (from->step_count && !to->steps) ||
        (from->pyr.parameters && !to->pyr.parameters)) {
        rad_settings_clear(to);
        return RAD_NO_MEMORY;
    }
    if (count) memcpy(to->images, from->images, count * sizeof *to->images);
    if (to->steps) memcpy(to->steps, from->steps, from->step_count * sizeof *to->steps);
    return RAD_OK;
}

bool rad_settings_is_group(const char *key) {
    const size_t length = strlen(key);
    for (size_t i = 0; i < ROWS; i++)
        if (!strncmp(rows[i].name, key, length) && rows[i].name[length] == '.') return true;
    return false;
}

bool rad_settings_is_beside(const char *key) {
    return !strcmp(key, "suv") || !strcmp(key, "slice_tolerance") || !strcmp(key, "filter_nan");
}

const rad_key *rad_settings_keys(size_t *count) {
    *count = ROWS;
    return rows;
}

rad_status rad_settings_add_image(rad_settings *settings, const rad_image *image, rad_error *error) {
    if (settings->image_count == RAD_IMAGES_MAX)
        return rad_fail(error, RAD_CONFIG, "more than %d images", RAD_IMAGES_MAX);
    const rad_image copy = *image; /* before the array moves */
    rad_status status = rad_grow(&settings->images, settings->image_count, &settings->image_capacity,
                                 sizeof *settings->images, error);
    if (status == RAD_OK) settings->images[settings->image_count++] = copy;
    return status;
}

rad_status rad_settings_add_step(rad_settings *settings, const rad_mask_step *step, rad_error *error) {
    if (settings->step_count == RAD_MASK_STEPS_MAX)
        return rad_fail(error, RAD_CONFIG, "more than %d steps of masks", RAD_MASK_STEPS_MAX);
    rad_status status = rad_grow(&settings->steps, settings->step_count, &settings->step_capacity,
                                 sizeof *settings->steps, error);
    if (status == RAD_OK) settings->steps[settings->step_count++] = *step;
    return status;
}

static void finish_image(const rad_settings *s, rad_image *image) {
    const rad_feature_settings own = image->features;
    image->features = s->features;
    image->features.families = image->given & RAD_GIVEN_FAMILIES ? own.families : s->filter_families;
    image->features.discretisation =
        image->given & RAD_GIVEN_DISCRETISATION ? own.discretisation : s->filter_discretisation;
    image->features.ivh = image->given & RAD_GIVEN_IVH ? own.ivh : s->filter_ivh;
    image->features.bin_origin = s->filter_bin_origin;
    if (!(image->given & RAD_GIVEN_BOUNDARY)) image->options.boundary = s->filter_boundary;
    if (!(image->given & RAD_GIVEN_NAME)) rad_image_make_name(image, image->name);
}

static rad_status check_reference(const rad_normalisation *n, rad_error *error) {
    const bool by_it = n->by == RAD_NORMALISED_BY_REFERENCE;
    if (by_it == (*n->reference != 0)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    by_it ? "normalisation.of: reference needs normalisation.reference, the name of a ROI"
                          : "normalisation.reference needs normalisation.of: reference");
}

/* The family of points is there where it has a point. */
static void finish_points(rad_feature_settings *f) {
    const unsigned bit = rad_family_bit(&rad_family_points);
    const bool any =
        f->percentiles.count || f->volume_at.count || f->volume_at_part.count || f->intensity_at.count;
    f->families = any ? f->families | bit : f->families & ~bit;
}

static rad_status check_whole(const char *key, const rad_numbers *d, rad_error *error) {
    for (size_t i = 0; i < d->count; i++)
        if (d->row[i] != floor(d->row[i]))
            return rad_fail(error, RAD_CONFIG, "`%s` must be %s, not %g", key, far_words, d->row[i]);
    return RAD_OK;
}

static rad_status check_neighbours(const rad_feature_settings *f, rad_error *error) {
    rad_status status = check_whole("texture.distances", &f->distances, error);
    if (status == RAD_OK) status = check_whole("texture.glcm_distances", &f->glcm_distances, error);
    if (status == RAD_OK) status = check_whole("texture.ngtdm_distances", &f->ngtdm_distances, error);
    if (status == RAD_OK) status = check_whole("texture.ngldm_distances", &f->ngldm_distances, error);
    if (status != RAD_OK || !f->weighting || f->merging != RAD_AVERAGED) return status;
    return rad_fail(
        error, RAD_CONFIG,
        "texture.weighting weighs directions that are merged; give texture.aggregation: merged, or "
        "[averaged, merged]");
}

rad_status rad_settings_finish(rad_settings *settings, rad_error *error) {
    if (settings->standard == RAD_PYRADIOMICS) return RAD_OK; /* its images are whole */
    if (check_reference(&settings->normalisation, error) != RAD_OK) return RAD_CONFIG;
    if (check_neighbours(&settings->features, error) != RAD_OK) return RAD_CONFIG;
    finish_points(&settings->features);
    for (size_t i = 0; i < settings->image_count; i++) {
        rad_image *image = &settings->images[i];
        finish_image(settings, image);
        bool twice = !strcmp(image->name, "original");
        for (size_t k = 0; k < i; k++) twice = twice || !strcmp(settings->images[k].name, image->name);
        if (twice)
            return rad_fail(error, RAD_CONFIG, "images: two are called %s; give one of them another `name`",
                            image->name);
    }
    return RAD_OK;
}

rad_status rad_settings_check(const rad_settings *settings, rad_error *error) {
    if (settings->image_count || settings->features.families || settings->diagnostics ||
        settings->standard == RAD_PYRADIOMICS)
        return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "there is nothing to compute: no families, no images, no diagnostics");
}

/* A text that grows past its room without harm. */
typedef struct writer {
    char *text;
    size_t length, used;
} writer;

static void put(writer *w, const char *piece) {
    if (w->used < w->length) snprintf(w->text + w->used, w->length - w->used, "%s", piece);
    w->used += strlen(piece);
}

static void put_words(writer *w, const rad_key *key, const void *object) {
    char words[512];
    const bool list = rad_key_is_list(key);
    put(w, list ? "[" : "");
    put(w, rad_key_words(key, object, words, sizeof words));
    put(w, list ? "]" : "");
}

static void put_image(writer *w, const rad_image *image) {
    size_t at = 0;
    put(w, "  - ");
    put(w, image->options.filter->name);
    const char *before = ": {";
    for (const rad_key *key; (key = rad_image_next(image, &at)); before = ", ") {
        put(w, before);
        put(w, key->name);
        put(w, ": ");
        put_words(w, key, image);
    }
    put(w, "}\n");
}

static void put_step(writer *w, const rad_mask_step *step) {
    size_t at = 0;
    put(w, "  - ");
    put(w, rad_mask_step_word(step));
    const char *before = ": {";
    for (const rad_key *key; (key = rad_mask_step_next(step, &at)); before = ", ") {
        put(w, before);
        put(w, key->name);
        put(w, ": ");
        put_words(w, key, step);
    }
    put(w, "}\n");
}

/* Of PyRadiomics' parameter file and the keys that go beside it. */
static size_t write_parameters(const rad_settings *settings, char *text, size_t length) {
    rad_settings standard;
    writer w = {text, length, 0};
    rad_settings_default(&standard);
    put(&w, settings->pyr.parameters);
    for (size_t i = 0; i < ROWS; i++) {
        char own[512], usual[512];
        if (!rad_settings_is_beside(rows[i].name)) continue;
        rad_key_words(&rows[i], settings, own, sizeof own);
        rad_key_words(&rows[i], &standard, usual, sizeof usual);
        if (!strcmp(own, usual)) continue;
        put(&w, rows[i].name);
        put(&w, ": ");
        put_words(&w, &rows[i], settings);
        put(&w, "\n");
    }
    return w.used;
}

size_t rad_settings_write(const rad_settings *settings, char *text, size_t length) {
    if (settings->standard == RAD_PYRADIOMICS) return write_parameters(settings, text, length);
    writer w = {text, length, 0};
    const char *group = "";
    size_t group_length = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const char *dot = strchr(rows[i].name, '.'), *leaf = dot ? dot + 1 : rows[i].name;
        const size_t here = dot ? (size_t)(dot - rows[i].name) : 0;
        char head[128];
        const bool opens = here && (here != group_length || strncmp(rows[i].name, group, here) != 0);
        snprintf(head, sizeof head, "%.*s%s%s%s: ", opens ? (int)here : 0, rows[i].name, opens ? ":\n" : "",
                 here ? "  " : "", leaf);
        put(&w, head);
        put_words(&w, &rows[i], settings);
        put(&w, "\n");
        group = rows[i].name;
        group_length = here;
    }
    put(&w, settings->image_count ? "images:\n" : "images: []\n");
    for (size_t i = 0; i < settings->image_count; i++) put_image(&w, &settings->images[i]);
    put(&w, settings->step_count ? "masks:\n" : "masks: []\n");
    for (size_t i = 0; i < settings->step_count; i++) put_step(&w, &settings->steps[i]);
    return w.used;
}
