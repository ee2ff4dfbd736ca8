#include "case_files.h"

#include "../core/interpolate.h"
#include "../core/memory.h"
#include "../core/printable.h"
#include "../features/families.h"
#include "../io/file.h"
#include "extract.h"
#include "flat_fit.h"
#include "mask_fit.h"
#include "normalised.h"
#include "oddities.h"
#include "prepare.h"
#include "roi_picture.h"
#include "stamps.h"
#include "views.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

rad_source_options rad_case_source_options(const rad_settings *settings, const char *series, int threads) {
    const double *spacing = settings->image_spacing;
    return (rad_source_options){
        .spacing = {spacing[0], spacing[1], spacing[2]},
        .series = {.uid = series,
                   .suv = (rad_suv)settings->suv,
                   .suv_given = {.weight = settings->suv_weight,
                                 .dose = settings->suv_dose,
                                 .seconds = settings->suv_time},
                   .tolerance = settings->slice_tolerance,
                   .uneven = settings->uneven == 1,
                   .flat = {.frame = isnan(settings->frame) ? 0 : (size_t)settings->frame,
                            .spacing = {spacing[0], spacing[1]}},
                   .threads = threads},
        .clip = settings->clip,
        .threshold = isnan(settings->mask_fractions) ? settings->mask_threshold : settings->mask_fractions,
        .fractions = isnan(settings->mask_fractions) ? 0 : settings->mask_fractions};
}

/* The part of the image that the ROIs need. */
rad_status rad_case_reach(const rad_geometry *image, const rad_mask *mask, const rad_settings *settings,
                          rad_box *box, rad_error *error) {
    rad_status status = RAD_OK;
    *box = (rad_box){{0}, {0}};
    for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++)
        if (mask->labels[i].voxels && !mask->labels[i].fault)
            status = rad_prepare_reach(image, &mask->volume.geometry, &mask->labels[i], settings, box, error);
    if (!box->end[0]) *box = (rad_box){{0, 0, 0}, {1, 1, 1}}; /* no ROI has a voxel */
    return status;
}

/* Is all of the image read, whatever the ROIs need? */
static bool sees_all(const rad_settings *settings) {
    return settings->diagnostics || settings->standard == RAD_PYRADIOMICS || settings->normalisation.method;
}

static bool has_slices(const rad_feature_settings *f) {
    return rad_families_have_texture(f->families) && f->dimensions & (RAD_2D | RAD_2_5D);
}

static bool goes_by_slices(const rad_settings *s) {
    bool slices = has_slices(&s->features);
    for (size_t i = 0; i < s->image_count; i++) {
        const rad_image *image = &s->images[i];
        slices = slices || has_slices(&image->features) || rad_filter_is_flat(&image->options);
    }
    return slices;
}

/* Slices of a file that are not those of the grid. */
static void warn_of_slices(const rad_source *source, const rad_settings *settings, rad_warnings *warnings) {
    const rad_order *order = &source->header.order;
    if (!order->turned || !order->assumed || order->axis[2] == 2 || !goes_by_slices(settings)) return;
    const char *across = order->axis[0] == 2 ? "x (left and right)" : "y (front and back)";
    rad_warn(warnings,
             "%.300s: the file stores slices across %s, and no side of its voxels is longer than the others: "
             "what goes slice by slice takes slices across z (feet and head)",
             source->path, across);
}

/* Filters that do not fit the grid that they will see. */
static rad_status warn_of_filters(const rad_geometry *image, const rad_settings *settings,
                                  rad_warnings *warnings, rad_error *error) {
    rad_geometry grid;
    rad_status status = rad_interpolation_grid(image, settings->sampling.spacing, &grid, error);
    for (size_t i = 0; i < settings->image_count && status == RAD_OK; i++)
        status =
            rad_filter_warn(&settings->images[i].options, settings->images[i].name, &grid, warnings, error);
    return status;
}

static bool is_folder(const char *path) {
    struct stat about;
    return !stat(path, &about) && S_ISDIR(about.st_mode);
}

/* The image given as a mask, too; of a folder the masks are files of their own. */
static void warn_of_one_file(rad_case_paths paths, const rad_extract_options *options,
                             rad_warnings *warnings) {
    if (!options->image && !options->mask && rad_file_is_one(paths.image, paths.mask) &&
        !is_folder(paths.mask))
        rad_warn(warnings, "%.300s: image and mask are one file; its labels are taken for intensities, too",
                 paths.image);
}

/* An image that is open, its mask, and the ROIs that are wanted. */
typedef struct inputs {
    rad_source_options how;
    rad_source source;
    rad_mask mask, chosen;
    const rad_mask *wanted;
} inputs;

/* PyRadiomics takes spacings as they are stored. */
static void settle_grid(const rad_settings *settings, rad_geometry *grid) {
    if (settings->standard != RAD_PYRADIOMICS) rad_geometry_settle(grid);
}

/* The ROIs that are wanted, and that by which intensities are normalised. */
static rad_status read_mask(rad_case_paths paths, const rad_settings *settings,
                            const rad_extract_options *options, inputs *in, rad_warnings *warnings,
                            rad_error *error) {
    const rad_choice *wanted = &options->choice;
    const char **words = rad_new(wanted->count + 1, sizeof *words, error);
    if (!words) return RAD_NO_MEMORY;
    for (size_t i = 0; i < wanted->count; i++) words[i] = wanted->words[i];
    words[wanted->count] = settings->normalisation.reference;
    const bool all = settings->step_count > 0; /* a step may take any ROI */
    const bool other = wanted->count && settings->normalisation.by == RAD_NORMALISED_BY_REFERENCE;
    const rad_choice choice = {words, all ? 0 : wanted->count + other};
    rad_status status =
        rad_source_read_mask(paths.mask, &in->source, &in->how, &choice, &in->mask, warnings, error);
    rad_free(words);
    settle_grid(settings, &in->mask.volume.geometry);
    return status;
}

static rad_status open_inputs(rad_case_paths paths, const rad_settings *settings,
                              const rad_extract_options *options, inputs *in, rad_warnings *warnings,
                              rad_error *error) {
    *in = (inputs){.how = rad_case_source_options(settings, options->series, options->threads)};
    in->how.series.volume = options->volume;
    if (settings->standard == RAD_PYRADIOMICS && !options->choice.count)
        in->how.channel = (size_t)settings->pyr.label_channel + 1;
    in->how.any_frame = options->any_frame;
    in->how.verify = options->verify;
    in->how.image = options->image;
    in->how.mask = options->mask;
    rad_status status = rad_source_open(paths.image, &in->how, &in->source, warnings, error);
    settle_grid(settings, &in->source.header.geometry);
    if (status == RAD_OK) warn_of_slices(&in->source, settings, warnings);
    if (status == RAD_OK) status = warn_of_filters(&in->source.header.geometry, settings, warnings, error);
    if (status == RAD_OK)
        status = rad_oddity_settings(&in->source.header.geometry, settings, warnings, error);
    if (status == RAD_OK) warn_of_one_file(paths, options, warnings);
    if (status == RAD_OK && !isnan(settings->frame) && !in->source.flat.is)
        rad_warn(warnings, "%.300s: the setting frame is left aside: it is not a picture of several frames",
                 paths.image);
    if (status == RAD_OK) status = read_mask(paths, settings, options, in, warnings, error);
    if (status == RAD_OK && in->source.flat.is && settings->step_count)
        status =
            rad_fail(error, RAD_CONFIG,
                     "%.300s: steps of masks are in mm, and the scale of this picture may differ from ROI to "
                     "ROI; leave masks out of the settings",
                     paths.image);
    if (status == RAD_OK && in->source.flat.is)
        status = rad_flat_fit(&in->source, paths.mask, &in->mask, warnings, error);
    if (status == RAD_OK)
        status = rad_mask_fit(&in->source.header.geometry, &in->mask, settings, options, &in->chosen,
                              &in->wanted, error);
    return status;
}

static void close_inputs(inputs *in) {
    rad_source_close(&in->source);
    rad_mask_free(&in->mask);
    rad_mask_free(&in->chosen);
}

/* More than a picture can show: all of an image of a microscope would be read for a small ROI. */
enum { AROUND_MOST = 160 };

/* The box, and what an onlooker sees around it. */
static rad_box box_around(const rad_box *box, const double mm[3], const rad_geometry *image) {
    size_t margin[3];
    for (int a = 0; a < 3; a++) margin[a] = (size_t)fmin(ceil(mm[a] / image->spacing[a]), AROUND_MOST);
    return rad_box_grow(*box, margin, image);
}

static rad_status extract_volume(inputs *in, const rad_settings *settings, const rad_extract_options *options,
                                 rad_table *table, rad_error *error) {
    rad_volume image = {0};
    rad_box box;
    const rad_geometry *grid = &in->source.header.geometry;
    const rad_onlooker *looks = options->onlooker;
    rad_status status = rad_case_reach(grid, in->wanted, settings, &box, error);
    if (looks) box = box_around(&box, looks->around, grid);
    if (status == RAD_OK)
        status = rad_source_read(&in->source, &in->how, sees_all(settings) ? NULL : &box, &image,
                                 options->warnings, error);
    settle_grid(settings, &image.geometry);
    if (status == RAD_OK && looks && looks->seen)
        looks->seen(&image, in->wanted, rad_facts_find(&in->source.facts, "modality"), looks->context);
    rad_source_close(&in->source);
    if (status == RAD_OK)
        status = rad_normalised_run(&image, &in->mask, in->wanted, settings, options, table, error);
    rad_volume_free(&image);
    return status;
}

/* The settings, and for an image of one slice its shape there, where no families are named. Images are
 * borrowed. */
static rad_settings settle_families(const rad_settings *settings, const rad_extract_options *options,
                                    const rad_source *source) {
    rad_settings own = *settings;
    const bool slice = source->flat.is || source->header.geometry.size[2] == 1;
    if (options->flat_shapes && slice && own.features.families == rad_families_default(false))
        own.features.families |= rad_family_bit(&rad_family_shape2d);
    return own;
}

rad_status rad_extract_files(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                             rad_table *table, rad_facts *facts, rad_warnings *warnings, rad_error *error) {
    inputs in;
    rad_stamps stamps;
    const char *image_file = options.image ? NULL : paths.image,
               *mask_file = options.mask ? NULL : paths.mask;
    rad_error unstamped = {0}; /* of no account where reading fails as well, and says why */
    const rad_status stamped =
        options.stamped ? RAD_OK : rad_stamps_take(image_file, mask_file, &stamps, &unstamped);
    options.mask_path = paths.mask;
    options.warnings = warnings;
    options.clip = settings->clip;
    if (!options.case_name) options.case_name = paths.image;
    rad_status status = open_inputs(paths, settings, &options, &in, warnings, error);
    if (facts) *facts = in.source.facts;
    const rad_settings own = settle_families(settings, &options, &in.source);
    if (status == RAD_OK && in.source.flat.is)
        status = rad_views_extract(&in.source, &in.how, in.wanted, &own, &options, table, error);
    else if (status == RAD_OK)
        status = extract_volume(&in, &own, &options, table, error);
    close_inputs(&in);
    if (options.stamped || (status != RAD_OK && status != RAD_PARTIAL)) return status;
    if (stamped != RAD_OK) return rad_fail(error, stamped, "%s", unstamped.text);
    const rad_status unchanged = rad_stamps_check(image_file, mask_file, &stamps, error);
    return unchanged == RAD_OK ? status : unchanged;
}

/* Is there a voxel of the label on the grid of the features? */
static rad_status check_label(const inputs *in, const rad_label *label, const rad_settings *settings,
                              int threads, rad_error *error) {
    char what[80] = "ROI ";
    rad_roi roi = {.morphological_count = 0};
    rad_label_text(label, what + 4, sizeof what - 4);
    rad_status status = rad_prepare_check(label, what, error);
    if (status != RAD_OK || in->source.flat.is) return status;
    status =
        rad_prepare_shape(&in->source.header.geometry, in->wanted, label, settings, threads, &roi, error);
    if (status == RAD_OK && !roi.morphological_count) status = rad_prepare_lost(&roi, what, error);
    rad_roi_free(&roi);
    return status;
}

rad_status rad_extract_check(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                             size_t *rois, rad_warnings *warnings, rad_error *error) {
    inputs in;
    size_t failed = 0;
    options.mask_path = paths.mask;
    options.warnings = warnings;
    options.clip = settings->clip;
    rad_status status = open_inputs(paths, settings, &options, &in, warnings, error);
    *rois = status == RAD_OK ? in.wanted->label_count : 0;
    for (size_t i = 0; i < *rois && status == RAD_OK; i++) {
        rad_error why = {0};
        if (check_label(&in, &in.wanted->labels[i], settings, options.threads, &why) == RAD_OK) continue;
        failed++;
        rad_warn(warnings, "%.400s", why.text);
    }
    if (failed)
        status = rad_fail(error, failed == *rois ? RAD_UNREADABLE : RAD_PARTIAL,
                          "%zu of %zu ROI%s cannot be used", failed, *rois, rad_plural(*rois));
    close_inputs(&in);
    return status;
}

rad_status rad_case_picture(rad_case_paths paths, const rad_settings *settings, rad_extract_options options,
                            const char *file, rad_error *error) {
    inputs in;
    rad_volume image = {0};
    options.mask_path = paths.mask;
    options.warnings = NULL;
    options.clip = settings->clip;
    rad_status status = open_inputs(paths, settings, &options, &in, NULL, error);
    if (status == RAD_OK) status = rad_source_read(&in.source, &in.how, NULL, &image, NULL, error);
    rad_roi_picture picture = {.image = &image, .mask = in.wanted, .side = 160};
    if (status == RAD_OK)
        status = rad_roi_picture_window(&image, rad_facts_find(&in.source.facts, "modality"), picture.window,
                                        error);
    if (status == RAD_OK) status = rad_roi_picture_write(file, &picture, error);
    rad_volume_free(&image);
    close_inputs(&in);
    return status;
}
