#include "views.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "case_files.h"
#include "normalised.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A ROI in one frame. */
typedef struct spot {
    rad_box box; /* columns and rows */
    size_t voxels;
    double spacing[2];
    char fault[160];
    bool done;
} spot;

typedef struct viewing {
    const rad_source *picture;
    const rad_source_options *how;
    const rad_mask *mask;
    const rad_settings *settings;
    const rad_extract_options *options;
    rad_table *table;
    size_t frame;
    spot *spots; /* one for each label */
    size_t rows, failed;
    rad_error first; /* why the first row failed */
} viewing;

static size_t label_index(const rad_mask *mask, int64_t value) {
    return (size_t)(rad_mask_find(mask, value) - mask->labels);
}

static void add_run(spot *s, const rad_run *run, size_t y) {
    const rad_box here = {{run->begin, y, 0}, {run->end, y + 1, 1}};
    s->box = s->voxels ? rad_box_join(&s->box, &here) : here;
    s->voxels += run->end - run->begin;
}

static bool lies_in(const spot *s, const rad_region *r) {
    for (int a = 0; a < 2; a++)
        if (s->box.begin[a] < r->begin[a] || s->box.end[a] > r->end[a]) return false;
    return true;
}

/* The scale at a ROI: regions that lie over each other must agree. */
static void find_scale(const viewing *v, spot *s) {
    const rad_flat *flat = &v->picture->flat;
    const rad_region *in = NULL;
    const bool scaled = rad_regions_main(flat->regions, flat->region_count) != NULL;
    for (int a = 0; a < 2; a++) s->spacing[a] = v->picture->header.geometry.spacing[a];
    if (!scaled || !s->voxels) return;
    for (size_t i = 0; i < flat->region_count; i++) {
        const rad_region *r = &flat->regions[i];
        if (isnan(r->spacing[0]) || !lies_in(s, r)) continue;
        if (in && (in->spacing[0] != r->spacing[0] || in->spacing[1] != r->spacing[1])) {
            snprintf(s->fault, sizeof s->fault,
                     "it lies in several regions of the picture, of %g and %g mm a pixel", in->spacing[0],
                     r->spacing[0]);
            return;
        }
        in = r;
    }
    if (in)
        for (int a = 0; a < 2; a++) s->spacing[a] = in->spacing[a];
    else
        snprintf(
            s->fault, sizeof s->fault,
            "it does not lie in one region of the picture that has a scale in cm (columns %zu..%zu, rows "
            "%zu..%zu)",
            s->box.begin[0], s->box.end[0] - 1, s->box.begin[1], s->box.end[1] - 1);
}

static void look(viewing *v) {
    const rad_mask *m = v->mask;
    const size_t height = m->volume.geometry.size[1];
    memset(v->spots, 0, m->label_count * sizeof *v->spots);
    for (size_t y = 0; y < height; y++) {
        const size_t row = v->frame * height + y;
        for (size_t i = m->row_begin[row]; i < m->row_begin[row + 1]; i++)
            add_run(&v->spots[label_index(m, m->runs[i].label)], &m->runs[i], y);
    }
    for (size_t i = 0; i < m->label_count; i++) find_scale(v, &v->spots[i]);
}

static bool same_scale(const spot *a, const spot *b) {
    return a->spacing[0] == b->spacing[0] && a->spacing[1] == b->spacing[1];
}

/* The ROIs of a frame that share a scale, as a mask of one slice. In a picture of several frames, ROIs that
 * are in none of them are with the first. */
static rad_status cut(viewing *v, const spot *like, const rad_geometry *grid, rad_mask *part,
                      rad_error *error) {
    const rad_mask *m = v->mask;
    const size_t height = grid->size[1], frames = m->volume.geometry.size[2];
    char name[200], text[160];
    *part = (rad_mask){.volume = {.geometry = *grid, .type = RAD_FLOAT64, .slope = 1}};
    rad_status status = rad_mask_begin(part, error);
    for (size_t i = 0; i < m->label_count && status == RAD_OK; i++) {
        spot *s = &v->spots[i];
        const rad_label *l = &m->labels[i];
        const bool absent = !s->voxels && (v->frame || l->voxels);
        if (s->done || absent || !same_scale(s, like)) continue;
        s->done = true;
        if (frames > 1 && s->voxels)
            snprintf(name, sizeof name, "%s frame %zu", rad_label_text(l, text, sizeof text), v->frame + 1);
        status = rad_mask_add_label(part, l->value, frames > 1 && s->voxels ? name : l->name,
                                    *s->fault ? s->fault : l->fault, error);
        for (size_t y = 0; y < height && status == RAD_OK; y++) {
            const size_t row = v->frame * height + y;
            for (size_t k = m->row_begin[row]; k < m->row_begin[row + 1] && status == RAD_OK; k++)
                if (m->runs[k].label == l->value)
                    status = rad_mask_add_run(part, l->value, m->runs[k].begin, m->runs[k].end, y, 0, error);
        }
    }
    return status == RAD_OK ? rad_mask_end(part, error) : status;
}

/* The slice of a frame, as a picture by itself. */
static rad_status read_frame(const viewing *v, const rad_geometry *grid, const rad_mask *part,
                             rad_volume *image, rad_error *error) {
    rad_box box = rad_geometry_box(grid);
    rad_status status = RAD_OK;
    if (!v->settings->diagnostics && !v->settings->normalisation.method)
        status = rad_case_reach(grid, part, v->settings, &box, error);
    if (status != RAD_OK) return status;
    box.begin[2] = v->frame;
    box.end[2] = v->frame + 1;
    status = rad_source_read(v->picture, v->how, &box, image, v->options->warnings, error);
    image->geometry = *grid;
    image->held = box;
    image->held.begin[2] = 0;
    image->held.end[2] = 1;
    return status;
}

static void count_rows(viewing *v, size_t before) {
    for (size_t i = before; i < v->table->row_count; i++) {
        const rad_row *row = &v->table->rows[i];
        v->rows++;
        if (row->status == RAD_OK) continue;
        if (!v->failed++) rad_fail(&v->first, row->status, "%s", row->text);
    }
}

/* ROIs of one scale in one frame. */
static rad_status view(viewing *v, const spot *like, rad_error *error) {
    rad_geometry grid = v->picture->header.geometry;
    rad_mask part;
    rad_volume image = {.voxels = NULL};
    const size_t before = v->table->row_count;
    grid.size[2] = 1;
    for (int a = 0; a < 2; a++) grid.spacing[a] = like->spacing[a];
    rad_status status = cut(v, like, &grid, &part, error);
    if (status == RAD_OK && part.label_count) {
        status = read_frame(v, &grid, &part, &image, error);
        const rad_onlooker *looks = v->options->onlooker;
        if (status == RAD_OK && looks && looks->seen)
            looks->seen(&image, &part, rad_facts_find(&v->picture->facts, "modality"), looks->context);
        if (status == RAD_OK) {
            status = rad_normalised_run(&image, &part, &part, v->settings, v->options, v->table, error);
            if (status != RAD_NO_MEMORY && status != RAD_CANCELLED && v->table->row_count > before)
                status = RAD_OK;
        }
        count_rows(v, before);
    }
    rad_volume_free(&image);
    rad_mask_free(&part);
    return status;
}

rad_status rad_views_extract(const rad_source *picture, const rad_source_options *how, const rad_mask *mask,
                             const rad_settings *settings, const rad_extract_options *options,
                             rad_table *table, rad_error *error) {
    viewing v = {.picture = picture,
                 .how = how,
                 .mask = mask,
                 .settings = settings,
                 .options = options,
                 .table = table};
    v.spots = rad_new(mask->label_count, sizeof *v.spots, error);
    rad_status status = v.spots ? RAD_OK : RAD_NO_MEMORY;
    for (; v.frame < mask->volume.geometry.size[2] && status == RAD_OK; v.frame++) {
        look(&v);
        for (size_t i = 0; i < mask->label_count && status == RAD_OK; i++)
            if (!v.spots[i].done) status = view(&v, &v.spots[i], error);
    }
    rad_free(v.spots);
    if (status != RAD_OK || !v.failed) return status;
    if (v.failed == v.rows) return rad_fail(error, v.first.status, "%s", v.first.text);
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROI%s failed; the first: %s", v.failed, v.rows,
                    rad_plural(v.rows), v.first.text);
}
