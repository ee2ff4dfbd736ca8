/* The methods paragraph of a paper, from what a run did; and the items of CLEAR that a run can answer. */
#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../features/families.h"
#include "../io/sheet.h"
#include "../io/tree.h"
#include "../pipeline/batch/rundir.h"
#include "../pipeline/settings_file.h"
#include "arguments.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What came of the cases. */
typedef struct counts {
    size_t cases, failed, rois, rois_failed, missing;
} counts;

/* A paragraph on its way. */
typedef struct paragraph {
    char text[8192];
    size_t used;
} paragraph;

static void say(paragraph *p, const char *format, ...) RAD_PRINTF(2, 3);
static void say(paragraph *p, const char *format, ...) {
    va_list words;
    va_start(words, format);
    const int length = vsnprintf(p->text + p->used, sizeof p->text - p->used, format, words);
    va_end(words);
    if (length > 0) p->used += (size_t)length;
    if (p->used >= sizeof p->text) p->used = sizeof p->text - 1;
}

static size_t number_in(const rad_sheet *s, const char *column) {
    const size_t i = rad_sheet_column(s, column);
    return i < s->columns ? (size_t)strtoull(s->field[i], NULL, 10) : 0;
}

static rad_status count_cases(const char *run, counts *c, rad_error *error) {
    char path[4096];
    rad_sheet s;
    bool more = true;
    snprintf(path, sizeof path, "%.4000s/cases.csv", run);
    *c = (counts){0};
    rad_status status = rad_sheet_open(path, &s, error);
    const size_t column = status == RAD_OK ? rad_sheet_column(&s, "status") : 0;
    while (status == RAD_OK && more) {
        status = rad_sheet_next(&s, &more, error);
        if (status != RAD_OK || !more) break;
        const char *state = column < s.columns ? s.field[column] : "";
        c->cases++;
        c->failed += !strcmp(state, "failed");
        c->missing += !strcmp(state, "missing");
        c->rois += number_in(&s, "rois");
        c->rois_failed += number_in(&s, "rois_failed");
    }
    rad_sheet_close(&s);
    return status;
}

static void say_spacing(paragraph *p, const rad_settings *s) {
    static const char *const methods[] = {
        [RAD_NEAREST] = "nearest-neighbour", [RAD_LINEAR] = "trilinear", [RAD_CUBIC] = "tricubic B-spline"};
    const double *d = s->sampling.spacing;
    if (!(d[0] > 0 || d[1] > 0 || d[2] > 0)) {
        say(p, " Voxels were not resampled.");
        return;
    }
    const bool all = d[0] > 0 && d[1] > 0 && d[2] > 0;
    say(p, " Images were resampled to voxels of ");
    for (int a = 0; a < 3; a++) {
        if (d[a] > 0) say(p, "%s%g%s", a ? " x " : "", d[a], all && a < 2 ? "" : " mm");
        if (!(d[a] > 0)) say(p, "%sthe native size", a ? " x " : "");
    }
    say(p, " by %s interpolation%s, and masks by %s interpolation with a partial-volume threshold of %g.",
        methods[s->sampling.method], s->sampling.round ? ", with intensities rounded to whole numbers" : "",
        methods[s->mask_method], s->mask_threshold);
}

static void say_steps(paragraph *p, const rad_settings *s) {
    for (size_t i = 0; i < s->step_count; i++) {
        const rad_mask_step *step = &s->steps[i];
        say(p, "%s%s", i ? ", " : " ROIs were changed before, in this order: ", rad_mask_step_word(step));
        if (step->inner > 0) say(p, " from %g", step->inner);
        if (step->mm > 0) say(p, step->inner > 0 ? " to %g mm" : " by %g mm", step->mm);
        if (*step->roi) say(p, " (%s%s%s)", step->roi, *step->other ? ", " : "", step->other);
    }
    if (s->step_count) say(p, "; distances are those of voxel centres.");
}

static void say_normalisation(paragraph *p, const rad_settings *s) {
    static const char *const ways[] = {[RAD_NORMALISE_Z] = "their mean and standard deviation (z-scores)",
                                       [RAD_NORMALISE_RANGE] = "their extremes",
                                       [RAD_NORMALISE_PERCENTILE] = "two of their percentiles"};
    static const char *const over[] = {[RAD_NORMALISED_BY_IMAGE] = "each image",
                                       [RAD_NORMALISED_BY_FOREGROUND] =
                                           "the voxels above the mean of each image",
                                       [RAD_NORMALISED_BY_ROI] = "each ROI for itself",
                                       [RAD_NORMALISED_BY_REFERENCE] = "the reference ROI of each image"};
    if (!s->normalisation.method) return;
    say(p, " Intensities were normalised by %s", ways[s->normalisation.method]);
    if (s->normalisation.method == RAD_NORMALISE_PERCENTILE)
        say(p, " (%g and %g)", s->normalisation.percentiles[0], s->normalisation.percentiles[1]);
    say(p, " over %s", over[s->normalisation.by]);
    if (*s->normalisation.reference) say(p, " (%s)", s->normalisation.reference);
    say(p, ", times %g", s->normalisation.scale);
    if (s->normalisation.clip > 0 && s->normalisation.method == RAD_NORMALISE_Z)
        say(p, ", clipped at %g standard deviations", s->normalisation.clip);
    say(p, ".");
}

static void say_resegmentation(paragraph *p, const rad_settings *s) {
    const bool low = isfinite(s->range[0]), high = isfinite(s->range[1]), range = low || high;
    const bool cut = s->percentiles[0] > 0 || s->percentiles[1] < 100;
    if (!range && !(s->outliers > 0) && !(s->relative > 0) && !cut) {
        say(p, " ROIs were not re-segmented.");
        return;
    }
    say(p, " ROIs were re-segmented to intensities");
    if (low) say(p, " from %g%s", s->range[0], high ? "" : " on");
    if (high) say(p, "%s %g", low ? " to" : " up to", s->range[1]);
    if (s->relative > 0)
        say(p, "%s of at least %g %% of the maximum of the ROI", range ? " and" : "", 100 * s->relative);
    if (s->outliers > 0)
        say(p, "%s within %g standard deviations of the mean of the ROI",
            range || s->relative > 0 ? " and" : "", s->outliers);
    if (cut)
        say(p, "%s between percentiles %g and %g of the ROI",
            range || s->relative > 0 || s->outliers > 0 ? " and" : "", s->percentiles[0], s->percentiles[1]);
    say(p, s->reshape ? "; shape follows." : "; shape features use the ROI as drawn.");
}

/* Where bins of a fixed size begin, where that is one place. */
static double find_origin(const rad_settings *s) {
    const rad_origin *o = &s->features.bin_origin;
    return o->from == RAD_ORIGIN_NUMBER ? o->number : o->from == RAD_ORIGIN_RANGE ? s->range[0] : -INFINITY;
}

static void say_bins(paragraph *p, const rad_binnings *b, double low, int from) {
    for (size_t i = 0; i < b->count; i++) {
        const rad_discretisation d = b->row[i];
        say(p, "%s", i ? (i + 1 == b->count ? " and " : ", ") : "");
        if (d.binning == RAD_BIN_FBS && isfinite(low))
            say(p, "a fixed bin size of %g from %g on", d.amount, low);
        else if (d.binning == RAD_BIN_FBS && from == RAD_ORIGIN_ZERO)
            say(p, "bins of %g whose edges are its multiples", d.amount);
        else if (d.binning == RAD_BIN_FBS)
            say(p, "a fixed bin size of %g from the minimum of each ROI on", d.amount);
        else if (d.binning == RAD_BIN_FBN)
            say(p, "a fixed number of %g bins", d.amount);
        else if (d.binning == RAD_BIN_WIDTH)
            say(p, "bins of %g whose edges are its multiples", d.amount);
        else
            say(p, "grey levels as stored");
    }
}

/* The names of families that are asked for. */
static void say_families(paragraph *p, const rad_feature_settings *settings, unsigned families) {
    size_t said = 0;
    for (unsigned f = 0; rad_families[f]; f++) {
        size_t features = 0;
        for (size_t i = 0; i < rad_families[f]->count; i++)
            features += rad_family_has(rad_families[f], settings, i);
        if (families >> f & 1) say(p, "%s%s (%zu)", said++ ? ", " : "", rad_families[f]->name, features);
    }
}

/* Has a map other families or bins than those of all maps? */
static bool has_its_own(const rad_feature_settings *f, const rad_settings *s) {
    const rad_binnings *a = &f->discretisation, *b = &s->filter_discretisation;
    bool own = f->families != s->filter_families || a->count != b->count;
    for (size_t i = 0; i < a->count && !own; i++)
        own = a->row[i].binning != b->row[i].binning || a->row[i].amount != b->row[i].amount;
    return own;
}

/* By the settings of all maps; those that have their own are said to. */
static void say_maps(paragraph *p, const rad_settings *s) {
    bool own = false;
    if (!s->image_count) {
        say(p, " No image filter was used.");
        return;
    }
    say(p, " Of %zu response map%s: ", s->image_count, rad_plural(s->image_count));
    for (size_t i = 0; i < s->image_count; i++) {
        say(p, "%s%s", i ? ", " : "", s->images[i].name);
        own = own || has_its_own(&s->images[i].features, s);
    }
    say(p, ", discretised to ");
    const rad_origin *origin = &s->filter_bin_origin;
    say_bins(p, &s->filter_discretisation, origin->from == RAD_ORIGIN_NUMBER ? origin->number : -INFINITY,
             origin->from);
    say(p, ", features of these families were computed: ");
    say_families(p, &s->features, s->filter_families);
    say(p, own ? "; some maps have families or bins of their own (settings.yaml)." : ".");
}

static const char *const weights[] = {"", "exp(-d^2)", "1/d"};

/* What became of directions, and what neighbours counted for. */
static void say_neighbours(paragraph *p, const rad_feature_settings *f) {
    static const char *const norms[] = {"Euclidean", "Manhattan", "Chebyshev"};
    static const char *const became[] = {"merged, and averaged", "averaged", "merged",
                                         "merged, and averaged"};
    say(p, ", the directions of GLCM and GLRLM %s", became[f->merging & 3]);
    if (f->weighting) say(p, ", those that are merged weighed by %s", weights[f->weighting]);
    if (f->ngtdm_weighting) say(p, ", neighbours of NGTDM weighed by %s", weights[f->ngtdm_weighting]);
    if (f->ngldm_weighting) say(p, ", those of NGLDM by %s", weights[f->ngldm_weighting]);
    if (f->weighting || f->ngtdm_weighting || f->ngldm_weighting)
        say(p, " (d: their %s distance in %s)", norms[f->norm], f->weighted_in_voxels ? "voxels" : "mm");
}

static void say_further(paragraph *p, const rad_numbers *own, const rad_numbers *all) {
    for (size_t i = 0; i < all->count; i++) say(p, ", %g", all->row[i]);
    for (size_t i = 0; i < own->count; i++) say(p, ", %g", own->row[i]);
}

/* Where they are not all 1. */
static void say_distances(paragraph *p, const rad_feature_settings *f) {
    const bool further =
        f->distances.count || f->glcm_distances.count || f->ngtdm_distances.count || f->ngldm_distances.count;
    if (!further && f->glcm_distance == 1 && f->ngtdm_distance == 1 && f->ngldm_distance == 1) return;
    say(p, " Neighbours were at Chebyshev distances of %d", f->glcm_distance);
    say_further(p, &f->glcm_distances, &f->distances);
    say(p, " (GLCM), up to %d", f->ngtdm_distance);
    say_further(p, &f->ngtdm_distances, &f->distances);
    say(p, " (NGTDM) and up to %d", f->ngldm_distance);
    say_further(p, &f->ngldm_distances, &f->distances);
    say(p, " (NGLDM) voxels.");
}

static void say_features(paragraph *p, const rad_settings *s) {
    static const char *const words[] = {"by slice", "by slice and merged", "by volume"};
    if (s->features.families) {
        say(p, " Intensities were discretised to ");
        say_bins(p, &s->features.discretisation, find_origin(s), s->features.bin_origin.from);
        say(p, ". Features of these families were computed: ");
        say_families(p, &s->features, s->features.families);
        say(p, ".");
    }
    say_maps(p, s);
    unsigned families = s->features.families;
    for (size_t i = 0; i < s->image_count; i++) families |= s->images[i].features.families;
    if (!rad_families_have_texture(families)) return;
    say(p, " Textures were computed ");
    size_t said = 0;
    for (int d = 0; d < 3; d++)
        if (s->features.dimensions >> d & 1) say(p, "%s%s", said++ ? ", " : "", words[d]);
    say_neighbours(p, &s->features);
    say(p, ".");
    say_distances(p, &s->features);
}

static void say_counts(paragraph *p, const counts *c) {
    say(p, " Of %zu case%s with %zu ROI%s, ", c->cases, rad_plural(c->cases), c->rois, rad_plural(c->rois));
    if (c->failed || c->rois_failed || c->missing)
        say(p, "%zu case%s failed, %zu %s not computed and %zu ROI%s failed; cases.csv has the reasons.",
            c->failed, rad_plural(c->failed), c->missing, c->missing == 1 ? "was" : "were", c->rois_failed,
            rad_plural(c->rois_failed));
    else
        say(p, "none failed.");
}

static const char first[] =
    "[1] Zwanenburg A, et al. The Image Biomarker Standardization Initiative: standardized quantitative "
    "radiomics for high-throughput image-based phenotyping. Radiology 2020;295:328-338.";
static const char second[] =
    "[2] Whybra P, et al. The Image Biomarker Standardization Initiative: standardized convolutional filters "
    "for "
    "reproducible radiomics and enhanced clinical insights. Radiology 2024;310:e231319.";
static const char third[] = "[3] Kocak B, et al. CheckList for EvaluAtion of Radiomics research (CLEAR). "
                            "Insights Imaging 2023;14:75.";
static const char *const references[] = {first, second, third};

static void put_clear(void) {
    static const char *const items[] = {
        "resampling, normalisation, re-segmentation, discretisation: the paragraph above, settings.yaml",
        "feature classes, their number and the software: the paragraph above, columns.json, provenance.json",
        "segmentation, its readers and its repeatability: not known to a run",
        "scanners and acquisition: not known to a run",
        "missing values: an empty field has its reason in JSON; failed cases and ROIs are in cases.csv",
    };
    printf("\nItems of CLEAR [3] that a run can answer:\n");
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        printf("- ");
        rad_arguments_wrap(stdout, items[i], 2, 2);
    }
    printf("\n");
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
        rad_arguments_wrap(stdout, references[i], 0, 0);
}

static rad_status read_version(const char *run, char version[32], rad_error *error) {
    char path[4096];
    json_t *all = NULL;
    snprintf(path, sizeof path, "%.4000s/provenance.json", run);
    rad_status status = rad_rundir_check(run, error);
    if (status == RAD_OK) status = rad_tree_read(path, &all, error);
    const char *text = json_string_value(json_object_get(json_object_get(all, "engine"), "version"));
    snprintf(version, 32, "%s", text ? text : "of an unknown version");
    json_decref(all);
    return status;
}

static void describe(paragraph *p, const rad_settings *s, const counts *c, const char *version) {
    say(p, "Radiomic features were extracted with radiomill %s", version);
    if (s->standard == RAD_PYRADIOMICS) {
        say(p, ", in its PyRadiomics mode, by the parameters in settings.yaml.");
    } else {
        say(p,
            ", which follows the definitions of the Image Biomarker Standardisation Initiative [1%s] and "
            "meets its "
            "reference values.",
            s->image_count ? ", 2" : "");
        say_steps(p, s);
        say_normalisation(p, s);
        say_spacing(p, s);
        say_resegmentation(p, s);
        say_features(p, s);
    }
    say_counts(p, c);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    char path[4096], version[32];
    rad_settings settings = {.image_count = 0};
    counts c;
    paragraph *p = rad_new(1, sizeof *p, error);
    snprintf(path, sizeof path, "%.4000s/settings.yaml", a->operand[0]);
    rad_status status = p ? read_version(a->operand[0], version, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_settings_file_read(path, &settings, error);
    if (status == RAD_OK) status = count_cases(a->operand[0], &c, error);
    if (status == RAD_OK) {
        describe(p, &settings, &c, version);
        rad_arguments_wrap(stdout, p->text, 0, 0);
        put_clear();
    }
    rad_settings_clear(&settings);
    rad_free(p);
    return status;
}

const rad_command rad_command_methods = {
    "methods", "RUN", 1,   1, "The methods paragraph of a paper from what a run did, with references.",
    NULL,      0,     run,
};
