#include "oddities.h"

#include "../core/interpolate.h"
#include "../core/printable.h"
#include "../features/families.h"
#include "prepare.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* More labels, that fill half of the grid, in runs along x of fewer than three voxels: no segmentation, and
 * no map of supervoxels, has them; an image of 8 bits has no more than 256. */
enum { LABELS_OF_AN_IMAGE = 256, LABELS_OF_BYTES = 32, VOXELS_OF_A_RUN = 3 };
static const double uneven = 1.5; /* longest side of a voxel by the shortest */
static const double most_parts =
    10000; /* that resampling may make of a voxel: thick slices at 0.1 mm are 1250 */
static const double least_side = 0.01, largest_side = 100; /* mm, of voxels as they are seldom meant */

rad_status rad_oddity_mask(const rad_mask *mask, const rad_extract_options *options, rad_error *error) {
    size_t voxels = 0, negative = 0;
    for (size_t i = 0; i < mask->label_count; i++) {
        if (mask->labels[i].name) return RAD_OK; /* a ROI with a name was drawn */
        voxels += mask->labels[i].voxels;
        negative += mask->labels[i].value < 0;
    }
    const size_t *n = mask->volume.geometry.size, runs = mask->row_begin[n[1] * n[2]];
    const bool fills =
        voxels > rad_geometry_count(&mask->volume.geometry) / 2 && voxels / VOXELS_OF_A_RUN < runs;
    const bool many = mask->label_count > LABELS_OF_AN_IMAGE && (fills || negative),
               image = many || (mask->label_count > LABELS_OF_BYTES && fills);
    char text[400];
    if (!image && !negative) return RAD_OK;
    snprintf(text, sizeof text, "%.200s: the mask has %zu label%s from %" PRId64 " on%s", options->mask_path,
             mask->label_count, rad_plural(mask->label_count), mask->labels[0].value,
             image ? "; are image and mask in the wrong order?" : "; labels of ROIs are seldom negative");
    if (many && !options->choice.count)
        return rad_fail(error, RAD_CONFIG,
                        "%s Swap them; or choose ROIs by --roi, if these are labels after all", text);
    if (options->warnings) rad_warn(options->warnings, "%s", text);
    return RAD_OK;
}

const char *rad_oddity_apart(const rad_geometry *image, const rad_geometry *mask, const rad_box *box,
                             char *text, size_t length) {
    double low[2][3], high[2][3], square = 0, widest = 0;
    int axis = -1;
    const rad_box all = rad_geometry_box(image);
    *text = '\0';
    rad_geometry_extent(image, &all, 0, low[0], high[0]);
    rad_geometry_extent(mask, box, 0, low[1], high[1]);
    for (int a = 0; a < 3; a++) {
        const double gap = fmax(0, fmax(low[1][a] - high[0][a], low[0][a] - high[1][a]));
        square += gap * gap;
        if (!(gap > widest)) continue;
        widest = gap;
        axis = a;
    }
    if (axis < 0) return text;
    snprintf(
        text, length, "the image lies at %c %.4g to %.4g mm, the mask at %c %.4g to %.4g mm, %.4g mm apart",
        "xyz"[axis], low[0][axis], high[0][axis], "xyz"[axis], low[1][axis], high[1][axis], sqrt(square));
    return text;
}

static bool has_levels(unsigned families) {
    return rad_families_have_texture(families) || families & rad_family_bit(&rad_family_ih);
}

/* Bins of a fixed width that begin at the smallest intensity of each ROI are other bins in each patient. */
static void warn_of_bins(const rad_settings *settings, rad_warnings *warnings) {
    const rad_feature_settings *f = &settings->features;
    char word[64];
    const int from = f->bin_origin.from;
    if (from == RAD_ORIGIN_ZERO || from == RAD_ORIGIN_NUMBER || !has_levels(f->families)) return;
    if (from == RAD_ORIGIN_RANGE && isfinite(settings->range[0])) return;
    for (size_t i = 0; i < f->discretisation.count; i++)
        if (f->discretisation.row[i].binning == RAD_BIN_FBS) {
            rad_warn(warnings,
                     "%s %s: bins begin at the smallest intensity of "
                     "each ROI, so that levels differ between patients; give a lower bound, or take width%g, "
                     "whose bins begin at a multiple",
                     rad_discretisation_name(f->discretisation.row[i], word, sizeof word),
                     from == RAD_ORIGIN_RANGE ? "without a lower bound in resegmentation.range"
                                              : "from the minimum",
                     f->discretisation.row[i].amount);
            return;
        }
}

static bool has_texture_in_space(const rad_feature_settings *f) {
    return rad_families_have_texture(f->families) && f->dimensions & RAD_3D;
}

/* Are sides of voxels uneven? An axis of one voxel has no neighbours to be far from. */
static bool has_uneven_sides(const rad_geometry *grid) {
    double longest = 0, shortest = INFINITY;
    for (int a = 0; a < 3; a++) {
        if (grid->size[a] == 1) continue;
        longest = fmax(longest, grid->spacing[a]);
        shortest = fmin(shortest, grid->spacing[a]);
    }
    return longest > uneven * shortest;
}

/* Does any texture look along all three axes? */
static bool sees_space(const rad_settings *s) {
    bool space = has_texture_in_space(&s->features);
    for (size_t i = 0; i < s->image_count; i++) space = space || has_texture_in_space(&s->images[i].features);
    return space;
}

rad_status rad_oddity_settings(const rad_geometry *image, const rad_settings *settings,
                               rad_warnings *warnings, rad_error *error) {
    rad_geometry grid;
    rad_status status = rad_interpolation_grid(image, settings->sampling.spacing, &grid, error);
    if (status != RAD_OK) return status;
    const double *s = grid.spacing;
    const double longest = fmax(s[0], fmax(s[1], s[2])), shortest = fmin(s[0], fmin(s[1], s[2]));
    const double *own = image->spacing,
                 parts = own[0] * own[1] * own[2] / (s[0] * s[1] * s[2]); /* of a voxel */
    if (parts > most_parts)
        return rad_fail(error, RAD_CONFIG,
                        "interpolation.spacing makes %.3g voxels of %.4g x %.4g x %.4g mm of each voxel of "
                        "the image, %.4g "
                        "x %.4g x %.4g mm; up to %g are allowed, is it in mm?",
                        parts, s[0], s[1], s[2], own[0], own[1], own[2], most_parts);
    warn_of_bins(settings, warnings);
    if (shortest < least_side || longest > largest_side)
        rad_warn(
            warnings,
            "voxels of %.4g x %.4g x %.4g mm: are these millimetres? Distances, volumes and peaks take them "
            "for such",
            s[0], s[1], s[2]);
    const double *asked = settings->sampling.spacing;
    const bool resampled = asked[0] > 0 || asked[1] > 0 || asked[2] > 0;
    if (has_uneven_sides(&grid) && sees_space(settings))
        rad_warn(warnings,
                 "voxels %s %.4g x %.4g x %.4g mm%s: 3D textures take their sides for equal; give "
                 "interpolation.spacing%s, or texture.dimensions 2D",
                 resampled ? "are resampled to" : "of", s[0], s[1], s[2],
                 resampled ? "" : " are not resampled", resampled ? " with equal sides" : "");
    return RAD_OK;
}

static rad_status remark_size(rad_roi_job *r, rad_error *error) {
    const rad_box *in = &r->roi.inner;
    char grid[80];
    if (r->roi.morphological_count == 1)
        return rad_remarks_add(
            &r->remarks, NULL, "size", error,
            "it is one voxel on the grid of %s; few features have a value, and none says much",
            rad_prepare_grid_text(&r->roi, grid, sizeof grid));
    for (int a = 2; a >= 0; a--)
        if (in->end[a] - in->begin[a] == 1 && r->roi.grid.size[a] > 1)
            return rad_remarks_add(&r->remarks, NULL, "size", error,
                                   "it lies in one slice across %c; shape, and features in 3D, say little",
                                   "xyz"[a]);
    return RAD_OK;
}

/* What lies beyond the border of the image cannot be known. A ROI from end to end of the image was meant so.
 */
static rad_status remark_border(rad_roi_job *r, rad_error *error) {
    const rad_geometry *g = &r->all->mask->volume.geometry;
    const rad_box *b = &r->label->box;
    char axes[16] = "";
    bool whole = true;
    if (!rad_geometry_same(g, &r->all->image->geometry)) return RAD_OK;
    for (int a = 0; a < 3; a++) {
        whole = whole && b->begin[a] == 0 && b->end[a] == g->size[a];
        if (g->size[a] > 1 && (b->begin[a] == 0 || b->end[a] == g->size[a]))
            snprintf(axes + strlen(axes), sizeof axes - strlen(axes), "%s%c", *axes ? ", " : "", "xyz"[a]);
    }
    if (!*axes || whole) return RAD_OK;
    return rad_remarks_add(&r->remarks, NULL, "border", error,
                           "it touches the border of the image along %s; part of it may be cut off", axes);
}

/* Has the slice a voxel of the label? */
static bool has_slice(const rad_mask *mask, const rad_label *label, size_t z) {
    const size_t height = mask->volume.geometry.size[1];
    const size_t first = mask->row_begin[z * height + label->box.begin[1]],
                 end = mask->row_begin[z * height + label->box.end[1]];
    for (size_t r = first; r < end; r++)
        if (mask->runs[r].label == label->value) return true;
    return false;
}

static rad_status remark_gaps(rad_roi_job *r, rad_error *error) {
    const rad_label *l = r->label;
    size_t gaps = 0, first = 0;
    for (size_t z = l->box.begin[2]; z < l->box.end[2]; z++) {
        if (has_slice(r->all->mask, l, z)) continue;
        if (!gaps++) first = z;
    }
    if (!gaps) return RAD_OK;
    return rad_remarks_add(
        &r->remarks, NULL, "slices", error,
        "%zu slice%s between its first and its last %s no voxel of it (slice %zu of the mask is "
        "the first such)",
        gaps, rad_plural(gaps), gaps == 1 ? "has" : "have", first + 1);
}

/* The middle of the label, and of what became of it, in the world. */
static void find_middles(const rad_roi_job *r, double before[3], double after[3]) {
    const rad_mask *m = r->all->mask;
    const rad_roi *roi = &r->roi;
    const size_t height = m->volume.geometry.size[1];
    double sum[2][3] = {{0}, {0}}, n = (double)r->label->voxels;
    for (size_t z = r->label->box.begin[2]; z < r->label->box.end[2]; z++)
        for (size_t y = r->label->box.begin[1]; y < r->label->box.end[1]; y++)
            for (size_t k = m->row_begin[z * height + y]; k < m->row_begin[z * height + y + 1]; k++) {
                if (m->runs[k].label != r->label->value) continue;
                const double length = (double)(m->runs[k].end - m->runs[k].begin);
                sum[0][0] += length * ((double)m->runs[k].begin + (double)m->runs[k].end - 1) / 2;
                sum[0][1] += length * (double)y;
                sum[0][2] += length * (double)z;
            }
    for (size_t i = 0; i < rad_box_count(&roi->box); i++) {
        if (!roi->morphological[i]) continue;
        sum[1][0] += (double)(i % roi->size[0] + roi->box.begin[0]);
        const size_t row = i / roi->size[0];
        sum[1][1] += (double)(row % roi->size[1] + roi->box.begin[1]);
        const size_t slice = row / roi->size[1];
        sum[1][2] += (double)(slice + roi->box.begin[2]);
    }
    for (int a = 0; a < 3; a++) {
        sum[0][a] /= n;
        sum[1][a] /= (double)roi->morphological_count;
    }
    rad_geometry_world(&m->volume.geometry, sum[0], before);
    rad_geometry_world(&roi->grid, sum[1], after);
}

/* A ROI of which a fifth is lost or added by resampling, or that moved by more than half a voxel. */
static rad_status remark_resampled(rad_roi_job *r, rad_error *error) {
    const double *own = r->all->mask->volume.geometry.spacing, *grid = r->roi.grid.spacing;
    const double before = (double)r->label->voxels * own[0] * own[1] * own[2],
                 after = (double)r->roi.drawn_count * grid[0] * grid[1] * grid[2];
    double from[3], to[3], square = 0;
    char text[80];
    if (rad_geometry_same(&r->all->mask->volume.geometry, &r->roi.grid)) return RAD_OK;
    if (after < 0.8 * before || after > 1.25 * before)
        return rad_remarks_add(&r->remarks, NULL, "interpolation", error,
                               "%g mm3 become %g mm3 on the grid of %s", before, after,
                               rad_prepare_grid_text(&r->roi, text, sizeof text));
    if (r->roi.drawn_count != r->roi.morphological_count) return RAD_OK; /* cut by intensities since */
    find_middles(r, from, to);
    for (int a = 0; a < 3; a++) square += (from[a] - to[a]) * (from[a] - to[a]);
    const double moved = sqrt(square), most = fmax(grid[0], fmax(grid[1], grid[2])) / 2;
    if (!(moved > most)) return RAD_OK;
    return rad_remarks_add(&r->remarks, NULL, "interpolation", error,
                           "its middle moves by %.3g mm on the grid of %s", moved,
                           rad_prepare_grid_text(&r->roi, text, sizeof text));
}

/* Where grey levels are counted, a remark about these says it. */
static rad_status remark_flat(rad_roi_job *r, rad_error *error) {
    double value;
    if (has_levels(r->all->settings->features.families) || r->roi.morphological_count < 2) return RAD_OK;
    if (!rad_roi_is_flat(&r->roi, &value)) return RAD_OK;
    return rad_remarks_add(&r->remarks, NULL, "intensities", error,
                           "all of them are %g; is the image a mask?", value);
}

static rad_status remark_resegmented(rad_roi_job *r, rad_error *error) {
    if (r->roi.intensity_count >= r->roi.drawn_count / 2) return RAD_OK;
    return rad_remarks_add(&r->remarks, NULL, "resegmentation", error, "%zu of %zu voxels %s left",
                           r->roi.intensity_count, r->roi.drawn_count,
                           r->roi.intensity_count == 1 ? "is" : "are");
}

static rad_status remark_padding(rad_roi_job *r, rad_error *error) {
    if (!r->roi.padding_count) return RAD_OK;
    return rad_remarks_add(
        &r->remarks, NULL, "padding", error,
        "%zu of %zu voxels %s the PixelPaddingValue (0028,0120): nothing was measured there; "
        "intensities leave them out",
        r->roi.padding_count, r->roi.initial_count, r->roi.padding_count == 1 ? "has" : "have");
}

rad_status rad_oddity_roi(rad_roi_job *r, rad_error *error) {
    rad_status status = remark_padding(r, error);
    if (status == RAD_OK) status = remark_resampled(r, error);
    if (status == RAD_OK) status = remark_resegmented(r, error);
    if (status == RAD_OK) status = remark_flat(r, error);
    if (status == RAD_OK) status = remark_size(r, error);
    if (status == RAD_OK) status = remark_border(r, error);
    if (status == RAD_OK) status = remark_gaps(r, error);
    return status;
}
