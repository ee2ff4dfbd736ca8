/* What an extraction with these settings computes: tasks (one pass over one discretisation) and the columns
 * that each of them fills. */
#ifndef RAD_PLAN_H
#define RAD_PLAN_H

#include "../core/table.h"
#include "../features/feature.h"
#include "settings.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_task {
    const rad_pass *pass;
    rad_discretisation discretisation; /* where the pass reads levels */
    size_t level_set;                  /* index into the discretisations */
    int direction;                     /* the only one, from 1; 0: all of them */
    int distance;                      /* of neighbours; 0: as the settings have it */
    size_t column[RAD_PASS_FAMILIES];  /* the first of each family */
    bool family[RAD_PASS_FAMILIES];    /* was the family asked for? */
} rad_task;

typedef struct rad_plan {
    const rad_feature_settings *settings;
    rad_task *tasks;
    size_t count;
    size_t column, columns; /* of the image: the first one, and how many */
    size_t diagnostics;     /* first column of the diagnostics, where the settings ask for them */
} rad_plan;

/* Plans the tasks of one image ("original") and appends their columns to the table. Columns go by pass,
 * discretisation, family, aggregation, feature; diagnostics come last. The settings are borrowed. */
rad_status rad_plan_make(const rad_feature_settings *settings, const char *image, bool diagnostics,
                         rad_table *table, rad_plan *plan, rad_error *error) RAD_MUST_CHECK;

/* Does any task read grey levels? */
bool rad_plan_has_levels(const rad_plan *plan);

/* The settings of a task: those of the plan, at its distance and direction. */
rad_feature_settings rad_plan_settings(const rad_feature_settings *settings, const rad_task *task);

/* Copies the values of one family of the task, laid out as rad_pass.run leaves them, into its columns from
 * `column` on. */
void rad_plan_place(const rad_feature_settings *settings, const rad_family *family, const rad_value *values,
                    rad_value *row, size_t column);

void rad_plan_free(rad_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
