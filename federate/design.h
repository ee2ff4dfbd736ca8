/* The columns that a study's model has beside the intercept: numbers as they are, levels as 0 and 1 against
 * the first. Behind its covariates stand the batches within a site, where the study has them. */
#ifndef RAD_DESIGN_H
#define RAD_DESIGN_H

#include "study.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_DESIGN_MAX = 64 };

typedef struct rad_design {
    size_t count, covariates; /* columns; of these, the first that are not batches */
    struct {
        bool level; /* of a factor, else a number */
        size_t of;  /* factor, or place in study->numbers */
        size_t at;  /* level */
        char name[2 * RAD_NAME];
    } column[RAD_DESIGN_MAX];
} rad_design;

/* RAD_CONFIG: more than RAD_DESIGN_MAX columns. No columns where the study has no model. */
rad_status rad_design_make(const rad_study *study, rad_design *design, rad_error *error) RAD_MUST_CHECK;

/* Columns of a model with so many sums; RAD_DESIGN_MAX + 1: none has. */
size_t rad_design_columns(size_t cells);

/* Sums of a model of one variable y over the patients who have y and every column d, in this order: n, y,
 * y^2, then d, d y, and the lower triangle of d d'. */
size_t rad_design_cells(size_t columns);
size_t rad_design_d(size_t column);
size_t rad_design_dy(size_t columns, size_t column);
size_t rad_design_dd(size_t columns, size_t i, size_t j); /* i <= j */

#ifdef __cplusplus
}
#endif
#endif
