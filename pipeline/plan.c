#include "plan.h"

#include "../core/kept.h"
#include "../core/memory.h"
#include "../features/aggregate.h"
#include "../features/families.h"
#include "../features/pyr_classes.h"
#include "diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Families without aggregations have a value whatever the dimensions. */
static bool wanted(const rad_feature_settings *settings, const rad_aggregation *aggregation) {
    if (settings->direction) return aggregation->dimension == RAD_3D && aggregation->merging == RAD_MERGED;
    const bool merging =
        !aggregation->merging || !settings->merging || settings->merging & aggregation->merging;
    return !*aggregation->tag || (merging && settings->dimensions & aggregation->dimension);
}

rad_feature_settings rad_plan_settings(const rad_feature_settings *settings, const rad_task *task) {
    rad_feature_settings own = *settings;
    if (task->distance) own.glcm_distance = own.ngtdm_distance = own.ngldm_distance = task->distance;
    own.direction = task->direction;
    if (!task->direction) return own;
    own.dimensions = RAD_3D;
    own.merging = RAD_MERGED;
    return own;
}

/* cm_contrast_d2: at another distance than the usual one; cm_contrast_dir5: of one direction. */
static const char *tag_at(const char *tag, const rad_task *task, rad_error *error) {
    char text[128], distance[16] = "", direction[16] = "";
    if (!task->distance && !task->direction) return tag;
    if (task->distance) snprintf(distance, sizeof distance, "_d%d", task->distance);
    if (task->direction) snprintf(direction, sizeof direction, "_dir%d", task->direction);
    snprintf(text, sizeof text, "%.90s%s%s", tag, distance, direction);
    return rad_kept(text, error);
}

static rad_status add_family(const rad_feature_settings *settings, const char *image,
                             const rad_family *family, const rad_task *task, rad_table *table,
                             rad_error *error) {
    rad_column column = {.family = family->key};
    snprintf(column.image, sizeof column.image, "%s", image);
    if (task->pass->levels != RAD_NO_LEVELS && !family->bare)
        rad_discretisation_name(task->discretisation, column.discretisation, sizeof column.discretisation);
    rad_status status = RAD_OK;
    for (size_t a = 0; a < family->aggregations->count; a++) {
        const rad_aggregation *aggregation = &family->aggregations->rows[a];
        if (!wanted(settings, aggregation)) continue;
        column.aggregation = aggregation->tag;
        column.aggregation_code = aggregation->code;
        if (task->direction) { /* nothing is merged */
            column.aggregation = "3D";
            column.aggregation_code = "";
        }
        for (size_t i = 0; i < family->count && status == RAD_OK; i++) {
            const rad_feature *feature = &family->features[i];
            if (!rad_family_has(family, settings, i)) continue;
            while (feature->slot) feature--; /* which has the words */
            column.tag = family->tag ? family->tag(settings, i, error) : feature->tag;
            if (column.tag) column.tag = tag_at(column.tag, task, error);
            if (!column.tag) return RAD_NO_MEMORY;
            column.code = feature->code;
            column.unit = feature->unit;
            column.feature = feature->name;
            column.not_standardised = feature->not_standardised;
            status = rad_table_add_column(table, &column, error);
        }
    }
    return status;
}

static rad_status add_diagnostics(const char *image, rad_table *table, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_DIAGNOSTIC_COUNT && status == RAD_OK; i++) {
        const rad_diagnostic *d = &rad_diagnostics[i];
        rad_column column = {.family = "diag",
                             .tag = d->tag,
                             .code = "",
                             .unit = d->unit,
                             .feature = d->name,
                             .aggregation = "",
                             .aggregation_code = ""};
        snprintf(column.image, sizeof column.image, "%s", image);
        status = rad_table_add_column(table, &column, error);
    }
    return status;
}

static bool has(const rad_numbers *list, double number) {
    for (size_t i = 0; i < list->count; i++)
        if (list->row[i] == number) return true;
    return false;
}

static const rad_numbers *distances_of(const rad_feature_settings *s, const rad_family *family) {
    return family == &rad_family_ngt   ? &s->ngtdm_distances
           : family == &rad_family_ngl ? &s->ngldm_distances
                                       : &s->glcm_distances;
}

/* Is the family computed once more at that distance? */
static bool is_at(const rad_feature_settings *s, const rad_family *family, int distance) {
    return has(&s->distances, distance) || has(distances_of(s, family), distance);
}

static rad_status add_task(const rad_feature_settings *settings, const char *image, rad_task task,
                           rad_table *table, rad_plan *plan, rad_error *error) {
    const rad_feature_settings own = rad_plan_settings(settings, &task);
    bool any = false;
    rad_status status = RAD_OK;
    for (int f = 0; f < RAD_PASS_FAMILIES && status == RAD_OK; f++) {
        const rad_family *family = task.pass->families[f];
        task.family[f] = family && (family->bare ? settings->pyr.chosen[family->choice] != 0
                                                 : settings->families & rad_family_bit(family));
        if (task.family[f] && task.distance) task.family[f] = is_at(settings, family, task.distance);
        if (!task.family[f]) continue;
        any = true;
        task.column[f] = table->column_count;
        status = add_family(&own, image, family, &task, table, error);
    }
    if (any) plan->tasks[plan->count++] = task;
    return status;
}

static void add_distances(const rad_numbers *from, int *to, size_t *count) {
    for (size_t i = 0; i < from->count; i++) {
        bool there = false;
        for (size_t k = 0; k < *count; k++) there = there || to[k] == (int)from->row[i];
        if (!there) to[(*count)++] = (int)from->row[i];
    }
}

/* The other distances of a pass, each once: those of all families, then of each of its own. */
static size_t list_distances(const rad_feature_settings *s, const rad_pass *pass,
                             int to[RAD_DISTANCE_MOST + 1]) {
    size_t count = 0;
    if (!pass->families[0]->reaches) return 0;
    add_distances(&s->distances, to, &count);
    for (int f = 0; f < RAD_PASS_FAMILIES; f++)
        if (pass->families[f]) add_distances(distances_of(s, pass->families[f]), to, &count);
    return count;
}

/* A pass over each set of levels, and where its families reach at each of the other distances, too. */
static rad_status add_pass(const rad_feature_settings *settings, const char *image, const rad_pass *pass,
                           rad_table *table, rad_plan *plan, rad_error *error) {
    const size_t sets = pass->levels == RAD_NO_LEVELS ? 1 : settings->discretisation.count;
    int distance[RAD_DISTANCE_MOST + 1];
    const size_t distances = list_distances(settings, pass, distance);
    const bool each = settings->directions && settings->dimensions & RAD_3D &&
                      pass->families[0]->aggregations == &rad_by_direction;
    rad_status status = RAD_OK;
    for (size_t k = 0; k <= distances; k++)
        for (int direction = 0; direction <= (each ? RAD_DIRECTIONS_MAX : 0); direction++)
            for (size_t d = 0; d < sets && status == RAD_OK; d++)
                status = add_task(settings, image,
                                  (rad_task){.pass = pass,
                                             .discretisation = settings->discretisation.row[d],
                                             .level_set = d,
                                             .direction = direction,
                                             .distance = k ? distance[k - 1] : 0},
                                  table, plan, error);
    return status;
}

/* Pairs of neighbours side by side, and runs, come from one walk; columns stay where they are. */
static void join_pairs_and_runs(rad_plan *plan) {
    if (plan->settings->glcm_distance != 1) return;
    for (size_t t = 0; t < plan->count; t++) {
        rad_task *pairs = &plan->tasks[t];
        if (pairs->pass != rad_family_cm.pass || pairs->distance) continue;
        for (size_t u = t + 1; u < plan->count; u++) {
            const rad_task runs = plan->tasks[u];
            if (runs.pass != rad_family_rlm.pass || runs.level_set != pairs->level_set ||
                runs.direction != pairs->direction)
                continue;
            pairs->pass = &rad_pass_glcm_glrlm;
            pairs->family[1] = true;
            pairs->column[1] = runs.column[0];
            memmove(&plan->tasks[u], &plan->tasks[u + 1], (--plan->count - u) * sizeof runs);
            break;
        }
    }
}

rad_status rad_plan_make(const rad_feature_settings *settings, const char *image, bool diagnostics,
                         rad_table *table, rad_plan *plan, rad_error *error) {
    *plan = (rad_plan){.settings = settings, .column = table->column_count};
    size_t families = 0;
    while (rad_families[families]) families++;
    plan->tasks = /* of which few are filled */
        rad_new_raw(
            (families * (1 + RAD_DISTANCE_MOST) * (settings->directions ? 1 + RAD_DIRECTIONS_MAX : 1) +
             RAD_PYR_CLASSES) *
                RAD_DISCRETISATIONS_MAX,
            sizeof *plan->tasks, error);
    if (!plan->tasks) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t f = 0; f < families; f++) {
        const rad_pass *pass = rad_families[f]->pass;
        if (pass->families[0] != rad_families[f]) continue; /* the first of the pass has seen to it */
        if (status == RAD_OK) status = add_pass(settings, image, pass, table, plan, error);
    }
    for (size_t c = 0; c < RAD_PYR_CLASSES && status == RAD_OK; c++)
        status = add_task(settings, image,
                          (rad_task){.pass = rad_pyr_classes[settings->pyr.order[c]]->pass,
                                     .discretisation = settings->discretisation.row[0]},
                          table, plan, error);
    join_pairs_and_runs(plan);
    plan->diagnostics = table->column_count;
    if (status == RAD_OK && diagnostics) status = add_diagnostics(image, table, error);
    plan->columns = table->column_count - plan->column;
    if (status != RAD_OK) rad_plan_free(plan);
    return status;
}

bool rad_plan_has_levels(const rad_plan *plan) {
    for (size_t t = 0; t < plan->count; t++)
        if (plan->tasks[t].pass->levels != RAD_NO_LEVELS) return true;
    return false;
}

void rad_plan_place(const rad_feature_settings *settings, const rad_family *family, const rad_value *values,
                    rad_value *row, size_t column) {
    for (size_t a = 0; a < family->aggregations->count; a++, values += family->count) {
        if (!wanted(settings, &family->aggregations->rows[a])) continue;
        for (size_t i = 0; i < family->count; i++)
            if (rad_family_has(family, settings, i)) row[column++] = values[i];
    }
}

void rad_plan_free(rad_plan *plan) {
    rad_free(plan->tasks);
    *plan = (rad_plan){0};
}
