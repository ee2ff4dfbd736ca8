#include "raster_source.h"

#include "../../core/memory.h"
#include "../dicom/even_mask.h"
#include "../tree.h"
#include "sidecar.h"
#include "unplaced.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The channel that is the image, by its number. */
static rad_status choose_channel(rad_raster *raster, const char *wanted, rad_error *error) {
    char *end;
    if (!wanted) return RAD_OK;
    const unsigned long number = strtoul(wanted, &end, 10);
    if (*wanted >= '0' && *wanted <= '9' && !*end && number >= 1 && number <= raster->channels) {
        raster->chosen = number;
        return RAD_OK;
    }
    return rad_fail(error, RAD_UNREADABLE, "%s: has no --volume %.60s; it holds %zu: give 1..%zu",
                    raster->files[0], wanted, raster->channels, raster->channels);
}

rad_status rad_raster_source_open(rad_source *source, const rad_source_options *options,
                                  rad_warnings *warnings, rad_error *error) {
    rad_raster *raster = rad_new(1, sizeof *raster, error);
    if (!raster) return RAD_NO_MEMORY;
    rad_status status = rad_raster_parse(source->path, source->reader->parse, raster, warnings, error);
    if (status == RAD_OK && raster->no_place)
        status = rad_unplaced_image(source->path, options, raster, warnings, error);
    if (status == RAD_OK) status = choose_channel(raster, options->series.volume, error);
    rad_facts_add(&source->facts, "format", "%s", source->reader->name);
    source->header = raster->header;
    source->other = raster->other;
    source->reversed = raster->reversed;
    source->state = raster;
    raster->warnings = NULL; /* those of the voxels go to whoever reads them */
    if (status != RAD_OK) rad_raster_source_close(source);
    return status;
}

void rad_raster_source_close(rad_source *source) {
    if (source->state) rad_raster_free(source->state);
    rad_free(source->state);
    source->state = NULL;
}

/* The channel that is the mask, where one is asked for; those that have one only have no other. */
static rad_status choose_layer(rad_raster *raster, size_t channel, rad_error *error) {
    if (!channel || raster->channels == 1) return RAD_OK;
    raster->chosen = channel;
    if (channel <= raster->channels) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: has %zu channels; label_channel %zu is not one of 0..%zu",
                    raster->files[0], raster->channels, channel - 1, raster->channels - 1);
}

/* Is it the grid of the image, in whatever order of axes? */
static bool is_grid(const rad_geometry *stored, const rad_geometry *image) {
    const rad_order order = rad_order_find(stored);
    const rad_geometry grid = rad_order_grid(&order, stored);
    return rad_geometry_same(&grid, image);
}

/* Has it the voxels of the image, as both are stored? */
static bool is_alike(const rad_geometry *stored, const rad_geometry *image) {
    bool alike = true;
    for (int a = 0; a < 3; a++)
        alike = alike && stored->size[a] == image->size[a] &&
                fabs(stored->spacing[a] - image->spacing[a]) <= 1e-3 * image->spacing[a];
    return alike;
}

/* Where a header gives two places that are at odds, image and mask may have been written by each of them. */
static void settle_place(const char *path, const rad_drawing *drawing, rad_raster *raster,
                         rad_warnings *warnings) {
    rad_geometry *g = &raster->header.geometry;
    const rad_geometry *other = drawing->other;
    if (is_grid(g, drawing->grid)) return;
    if (raster->other.size[0] && is_grid(&raster->other, drawing->grid)) {
        rad_warn(warnings,
                 "%.300s: its qform is the grid of the image, its sform is not: it is placed by its qform",
                 path);
        *g = raster->other;
    } else if (other && other->size[0] && rad_geometry_same(g, other)) {
        rad_warn(warnings,
                 "%.300s: lies on the qform of the image, with which its sform disagrees: it is placed voxel "
                 "by voxel",
                 path);
        *g = *drawing->stored;
    } else if (raster->unset_place && is_alike(g, drawing->stored)) {
        rad_warn(
            warnings,
            "%.300s: neither sform nor qform says a place, sizes and spacing are those of the image: it is "
            "placed voxel by voxel",
            path);
        *g = *drawing->stored;
    }
}

/* Labels of one channel that are no segments: by the file, then by what lies beside it. */
static rad_status name_labels(const char *path, const rad_reader *reader, const rad_raster *raster,
                              rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    if (raster->channels != 1 || raster->label_count) return RAD_OK;
    const rad_status status = reader->names ? reader->names(path, mask, error) : RAD_OK;
    return status == RAD_OK ? rad_sidecar_read(path, mask, warnings, error) : status;
}

rad_status rad_raster_source_mask(const char *path, const rad_reader *reader, const rad_drawing *drawing,
                                  rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    rad_raster raster;
    rad_status status = rad_raster_parse(path, reader->parse, &raster, warnings, error);
    if (status == RAD_OK && raster.no_place) status = rad_unplaced_mask(path, drawing, &raster, error);
    if (status == RAD_OK) settle_place(path, drawing, &raster, warnings);
    raster.least = drawing->fractions;
    if (status == RAD_OK) status = choose_layer(&raster, drawing->channel, error);
    if (status == RAD_OK) status = rad_raster_read_mask(&raster, mask, error);
    if (status == RAD_OK && raster.channels > 1 && !raster.chosen && !raster.label_count)
        rad_mask_drop_empty(mask, drawing->choice, path, warnings);
    if (status == RAD_OK) status = name_labels(path, reader, &raster, mask, warnings, error);
    rad_raster_free(&raster);
    if (status == RAD_OK) status = rad_mask_turn(mask, error);
    return status == RAD_OK ? rad_even_fit(drawing, path, mask, warnings, error) : status;
}

static json_t *tell_labels(const char *path, const rad_reader *reader, const rad_raster *raster,
                           rad_status *status, rad_error *error) {
    rad_mask mask = {.label_count = 0};
    json_t *labels = json_array();
    *status = rad_raster_read_mask(raster, &mask, error);
    if (*status == RAD_OK) *status = name_labels(path, reader, raster, &mask, raster->warnings, error);
    for (size_t i = 0; *status == RAD_OK && i < mask.label_count; i++) {
        const rad_label *l = &mask.labels[i];
        json_t *label =
            json_pack("{s:I, s:I}", "label", (json_int_t)l->value, "voxels", (json_int_t)l->voxels);
        if (l->name) rad_tree_set(&label, "name", rad_tree_name(l->name));
        const size_t *b = l->box.begin, *e = l->box.end;
        if (l->voxels) {
            rad_tree_set(&label, "first",
                         json_pack("[I, I, I]", (json_int_t)b[0], (json_int_t)b[1], (json_int_t)b[2]));
            rad_tree_set(
                &label, "last",
                json_pack("[I, I, I]", (json_int_t)e[0] - 1, (json_int_t)e[1] - 1, (json_int_t)e[2] - 1));
        }
        rad_tree_add(&labels, label);
    }
    rad_mask_free(&mask);
    return labels;
}

/* Labels that the header names, without reading voxels. */
static json_t *tell_names(const rad_raster *raster) {
    json_t *names = json_array();
    for (size_t i = 0; i < raster->label_count; i++) {
        const rad_raster_label *l = &raster->labels[i];
        rad_tree_add(&names, json_pack("{s:o, s:I, s:I}", "name", rad_tree_name(l->name), "label",
                                       (json_int_t)l->value, "layer", (json_int_t)l->channel));
    }
    return names;
}

rad_status rad_raster_source_info(const char *path, const rad_reader *reader, const rad_source_wants *wants,
                                  json_t **all, rad_warnings *warnings, rad_error *error) {
    rad_raster raster;
    rad_status status = rad_raster_parse(path, reader->parse, &raster, warnings, error);
    const rad_volume *v = &raster.header;
    if (status == RAD_OK) {
        rad_tree_set(all, "format", json_string(reader->name));
        rad_source_tell_grid(all, v);
        if (raster.no_spacing) {
            rad_tree_set(all, "spacing_mm", json_null());
            rad_warn(warnings,
                     "%.300s: the file says no spacing; an image of it needs the setting image_spacing",
                     path);
        }
        rad_tree_set(all, "voxels", json_string(rad_type_name(v->type)));
        rad_tree_set(all, "slope", json_real(v->slope));
        rad_tree_set(all, "intercept", json_real(v->intercept));
        if (raster.channels > 1)
            rad_tree_set(all, raster.planar ? "frames" : "channels",
                         json_integer((json_int_t)raster.channels));
        if (raster.label_count) rad_tree_set(all, "segments", tell_names(&raster));
        if (wants->labels) rad_tree_set(all, "labels", tell_labels(path, reader, &raster, &status, error));
    }
    rad_raster_free(&raster);
    return status;
}

rad_status rad_raster_source_parts(const char *path, const rad_reader *reader, rad_source_part *part,
                                   void *context, rad_error *error) {
    rad_raster raster;
    rad_error unread; /* who reads it says what is wrong */
    rad_status status = rad_raster_parse(path, reader->parse, &raster, NULL, &unread);
    if (status != RAD_OK && status != RAD_NO_MEMORY) status = RAD_OK;
    for (size_t i = 0; i < raster.file_count && status == RAD_OK; i++)
        if (strcmp(raster.files[i], path) != 0) status = part(raster.files[i], context, error);
    rad_raster_free(&raster);
    return status;
}
