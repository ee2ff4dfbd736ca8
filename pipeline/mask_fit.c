#include "mask_fit.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../core/regrid.h"
#include "mask_apply.h"
#include "oddities.h"

#include <stdio.h>

static size_t count_beyond(const rad_mask *mask, const rad_geometry *image) {
    size_t beyond = 0;
    for (size_t i = 0; i < mask->label_count; i++) beyond += rad_regrid_beyond(mask, &mask->labels[i], image);
    return beyond;
}

/* What to do where a program lost the place of the mask (an affine of ones), but not its voxels. */
static const char *hint_of_header(const rad_geometry *image, const rad_geometry *own) {
    bool same = true;
    for (int a = 0; a < 3; a++) same = same && image->size[a] == own->size[a];
    return same ? "; both have the same numbers of voxels: if they belong together voxel by voxel, save the "
                  "mask again with the place of the image (its affine, or CopyInformation)"
                : "";
}

/* A mask whose voxels lie on those of the image, be it in another order or only in a part of it, is put there
 * without a loss; any other stays on its own grid, if that was asked for. */
static rad_status settle_grid(const rad_geometry *image, rad_mask *mask, const rad_extract_options *options,
                              rad_error *error) {
    char of_image[256], of_mask[256];
    const rad_geometry *own = &mask->volume.geometry;
    if (rad_geometry_same(image, own)) return RAD_OK;
    const bool coincides = rad_geometry_coincides(own, image),
               beyond = coincides && count_beyond(mask, image);
    if (coincides && !beyond) return rad_mask_resample(mask, image, options->mask_path, error);
    if (options->resample_mask || (coincides && options->clip)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%.200s: the mask is not on the grid of the image%s. image: %s; mask: %s. Give "
                    "--resample-mask to interpolate it from its own grid to that of the features%s%s",
                    options->mask_path, beyond ? ", and part of it lies beyond the image" : "",
                    rad_geometry_describe(image, of_image, sizeof of_image),
                    rad_geometry_describe(own, of_mask, sizeof of_mask),
                    beyond ? ", or --clip to leave out what lies beyond" : "", hint_of_header(image, own));
}

static rad_status fault_beyond(const rad_geometry *image, const rad_mask *mask, rad_label *l,
                               rad_error *error) {
    char text[240], where[160];
    rad_oddity_apart(image, &mask->volume.geometry, &l->box, where, sizeof where);
    snprintf(text, sizeof text, "all of it lies beyond the image%s%s", *where ? ": " : "", where);
    l->fault = rad_text_copy(text, error);
    return l->fault ? RAD_OK : RAD_NO_MEMORY;
}

/* A mask of which no voxel lies in the image belongs to another one. */
static rad_status check_meets(const rad_geometry *image, const rad_mask *mask, const char *path,
                              rad_error *error) {
    rad_box all = {{0}, {0}};
    char where[160];
    size_t voxels = 0, beyond = 0;
    if (rad_geometry_same(image, &mask->volume.geometry)) return RAD_OK;
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        if (!l->voxels || l->fault) continue;
        voxels += l->voxels;
        beyond += rad_regrid_beyond(mask, l, image);
        all = all.end[0] ? rad_box_join(&all, &l->box) : l->box;
    }
    if (!voxels || beyond < voxels) return RAD_OK;
    rad_oddity_apart(image, &mask->volume.geometry, &all, where, sizeof where);
    return rad_fail(error, RAD_CONFIG,
                    "%.200s: no voxel of the mask lies in the image%s%s; does it belong to it?", path,
                    *where ? ": " : "", where);
}

/* What of the ROIs lies beyond the image is left out, and said; a ROI of which nothing is left has a fault.
 */
static rad_status cut_beyond(const rad_geometry *image, rad_mask *mask, rad_warnings *warnings,
                             rad_error *error) {
    size_t cut = 0, first = 0, voxels = 0;
    if (rad_geometry_same(image, &mask->volume.geometry)) return RAD_OK;
    for (size_t i = 0; i < mask->label_count; i++) {
        rad_label *l = &mask->labels[i];
        const size_t beyond = rad_regrid_beyond(mask, l, image);
        if (!beyond || l->fault) continue;
        if (beyond == l->voxels) {
            rad_status status = fault_beyond(image, mask, l, error);
            if (status != RAD_OK) return status;
        } else if (!cut++) {
            first = i;
            voxels = beyond;
        }
    }
    char name[64], more[64] = "";
    if (cut > 1) snprintf(more, sizeof more, "; the same for %zu more ROI%s", cut - 1, cut == 2 ? "" : "s");
    if (cut)
        rad_warn(warnings, "ROI %s: %zu of %zu voxel%s of the mask %s beyond the image and %s left out%s",
                 rad_label_text(&mask->labels[first], name, sizeof name), voxels, mask->labels[first].voxels,
                 rad_plural(mask->labels[first].voxels), voxels == 1 ? "lies" : "lie",
                 voxels == 1 ? "is" : "are", more);
    return RAD_OK;
}

/* The ROIs that are chosen, or the label of the settings. */
static rad_status choose_label(const rad_mask *mask, const rad_settings *settings,
                               const rad_extract_options *options, rad_mask *chosen, rad_error *error) {
    char label[32];
    const char *words[] = {label};
    snprintf(label, sizeof label, "%d", settings->pyr.label);
    const rad_choice standard = {words, 1};
    rad_status status = options->report ? rad_pyr_hash_mask(mask, options->report->mask_hash, error) : RAD_OK;
    if (status != RAD_OK) return status;
    status = rad_mask_choose(mask, options->choice.count ? &options->choice : &standard, options->mask_path,
                             chosen, error);
    chosen->volume.order = mask->volume.order; /* the order of its file decides here */
    return status;
}

rad_status rad_mask_fit(const rad_geometry *image, rad_mask *mask, const rad_settings *settings,
                        const rad_extract_options *options, rad_mask *chosen, const rad_mask **wanted,
                        rad_error *error) {
    if (settings->standard == RAD_PYRADIOMICS) {
        *wanted = chosen;
        return choose_label(mask, settings, options, chosen, error);
    }
    const bool some = options->choice.count > 0;
    rad_mask *settled = some ? chosen : mask;
    rad_status status = rad_oddity_mask(mask, options, error);
    if (status == RAD_OK) status = settle_grid(image, mask, options, error);
    if (status == RAD_OK) status = check_meets(image, mask, options->mask_path, error);
    if (status == RAD_OK)
        status = rad_mask_apply(mask, settings->steps, settings->step_count, options->mask_path,
                                options->warnings, error);
    *wanted = settled;
    if (status == RAD_OK)
        status = some ? rad_mask_choose(mask, &options->choice, options->mask_path, chosen, error)
                      : rad_mask_distinguish(mask, error);
    if (status == RAD_OK) status = cut_beyond(image, settled, options->warnings, error);
    if (status != RAD_OK || settled->label_count) return status;
    return rad_fail(error, RAD_UNREADABLE, "%s: the mask is empty: all voxels are 0", options->mask_path);
}
