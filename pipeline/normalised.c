#include "normalised.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "prepare.h"

#include <stdio.h>

typedef struct running {
    const rad_volume *image;
    const rad_settings *settings;
    const rad_extract_options *options;
    rad_table *table;
    size_t failed;
    rad_error first; /* why the first row failed */
} running;

/* By the voxels of a label. */
static rad_status normalise_by(rad_volume *image, const rad_mask *mask, const rad_label *label,
                               const rad_settings *settings, const char *what, rad_error *error) {
    rad_drawn drawn = {.inside = NULL};
    rad_status status = rad_prepare_check(label, what, error);
    if (status == RAD_OK) status = rad_prepare_initial(&image->geometry, mask, label, &drawn, error);
    if (status == RAD_OK) status = rad_normalise(image, &settings->normalisation, &drawn, what, error);
    rad_free(drawn.inside);
    return status;
}

static rad_status normalise_by_reference(rad_volume *image, const rad_mask *all, const rad_settings *settings,
                                         const rad_extract_options *options, rad_error *error) {
    const char *name = settings->normalisation.reference;
    const rad_choice choice = {&name, 1};
    rad_mask chosen = {.label_count = 0};
    char what[512];
    snprintf(what, sizeof what, "%.350s: reference ROI %.95s", options->case_name, name);
    rad_status status = rad_mask_choose(all, &choice, options->mask_path, &chosen, error);
    if (status == RAD_OK && chosen.label_count != 1)
        status = rad_fail(error, RAD_CONFIG, "%s: %zu ROIs have that name; a reference is one", what,
                          chosen.label_count);
    if (status == RAD_OK) status = normalise_by(image, &chosen, chosen.labels, settings, what, error);
    rad_mask_free(&chosen);
    return status;
}

static rad_status add_failed(running *r, const char *roi, const rad_error *why, rad_error *error) {
    size_t at = 0;
    rad_status status = rad_table_add_rows(r->table, 1, r->options->case_name, &at, error);
    if (status != RAD_OK) return status;
    rad_row *row = &r->table->rows[at];
    row->status = why->status;
    snprintf(row->roi, sizeof row->roi, "%.63s", roi);
    snprintf(row->text, sizeof row->text, "%.500s", why->text);
    return RAD_OK;
}

static bool is_everyones(rad_status status) {
    return status == RAD_NO_MEMORY || status == RAD_CANCELLED;
}

/* One ROI, on an image of its own. */
static rad_status run_roi(running *r, const rad_mask *wanted, rad_label *label, rad_error *error) {
    rad_volume own = *r->image;
    rad_mask one = *wanted;
    rad_error why = {0};
    char name[64], what[512];
    const size_t before = r->table->row_count;
    own.borrowed = true;
    one.labels = label;
    one.label_count = 1;
    rad_label_text(label, name, sizeof name);
    snprintf(what, sizeof what, "%.350s: ROI %.150s", r->options->case_name, name);
    rad_status status = normalise_by(&own, &one, label, r->settings, what, &why);
    if (status == RAD_OK)
        status = rad_extract_run(&own, &one, r->settings, r->options, r->table, &why);
    else if (!is_everyones(status))
        status = add_failed(r, name, &why, error);
    rad_volume_free(&own);
    if (is_everyones(status) || (status != RAD_OK && r->table->row_count == before))
        return error->status == RAD_OK ? rad_fail(error, status, "%s", why.text) : status;
    for (size_t i = before; i < r->table->row_count; i++)
        if (r->table->rows[i].status != RAD_OK && !r->failed++)
            rad_fail(&r->first, r->table->rows[i].status, "%s", r->table->rows[i].text);
    return RAD_OK;
}

static rad_status run_rois(running *r, const rad_mask *wanted, rad_error *error) {
    rad_status status = RAD_OK;
    if (!r->table->column_count) status = rad_extract_columns(r->settings, r->table, error);
    for (size_t i = 0; i < wanted->label_count && status == RAD_OK; i++)
        status = run_roi(r, wanted, &wanted->labels[i], error);
    if (status != RAD_OK || !r->failed) return status;
    if (r->failed == wanted->label_count) return rad_fail(error, r->first.status, "%s", r->first.text);
    return rad_fail(error, RAD_PARTIAL, "%zu of %zu ROI%s failed; the first: %s", r->failed,
                    wanted->label_count, rad_plural(wanted->label_count), r->first.text);
}

rad_status rad_normalised_run(rad_volume *image, const rad_mask *all, const rad_mask *wanted,
                              const rad_settings *settings, const rad_extract_options *options,
                              rad_table *table, rad_error *error) {
    const rad_normalisation *how = &settings->normalisation;
    rad_status status = RAD_OK;
    if (how->method && how->by == RAD_NORMALISED_BY_ROI) {
        running r = {.image = image, .settings = settings, .options = options, .table = table};
        return run_rois(&r, wanted, error);
    }
    if (how->method && how->by == RAD_NORMALISED_BY_REFERENCE)
        status = normalise_by_reference(image, all, settings, options, error);
    else
        status = rad_normalise(image, how, NULL, options->case_name, error);
    return status == RAD_OK ? rad_extract_run(image, wanted, settings, options, table, error) : status;
}
