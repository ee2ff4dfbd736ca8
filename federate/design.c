#include "design.h"

#include <stdio.h>
#include <string.h>

static rad_status add(rad_design *d, const rad_study *s, bool level, size_t of, size_t at, rad_error *error) {
    if (d->count == RAD_DESIGN_MAX)
        return rad_fail(error, RAD_CONFIG, "%s: the model has more than %d columns", s->path, RAD_DESIGN_MAX);
    d->column[d->count].level = level;
    d->column[d->count].of = of;
    d->column[d->count].at = at;
    if (level)
        snprintf(d->column[d->count].name, sizeof d->column[0].name, "%s=%s", s->factors[of].name,
                 s->factors[of].level[at]);
    else
        snprintf(d->column[d->count].name, sizeof d->column[0].name, "%s", s->numbers[of].name);
    d->count++;
    return RAD_OK;
}

rad_status rad_design_make(const rad_study *s, rad_design *d, rad_error *error) {
    rad_status status = RAD_OK;
    d->count = 0;
    for (size_t i = 0; s->model && i < s->model->count && status == RAD_OK; i++) {
        const char *name = s->model->child[i].text;
        const size_t factor = rad_study_factor(s, name);
        if (factor < s->factor_count) {
            for (size_t l = 1; l < s->factors[factor].levels && status == RAD_OK; l++)
                status = add(d, s, true, factor, l, error);
            continue;
        }
        for (size_t n = 0; n < s->number_count && status == RAD_OK; n++)
            if (!strcmp(s->numbers[n].name, name)) status = add(d, s, false, n, 0, error);
    }
    d->covariates = d->count;
    const size_t by = s->model && s->batch_by ? rad_study_factor(s, s->batch_by) : s->factor_count;
    for (size_t l = 1; by < s->factor_count && l < s->factors[by].levels && status == RAD_OK; l++)
        status = add(d, s, true, by, l, error);
    return status;
}

size_t rad_design_cells(size_t columns) {
    return 3 + 2 * columns + columns * (columns + 1) / 2;
}

size_t rad_design_columns(size_t cells) {
    size_t q = 0;
    while (q <= RAD_DESIGN_MAX && rad_design_cells(q) != cells) q++;
    return q;
}

size_t rad_design_d(size_t column) {
    return 3 + column;
}

size_t rad_design_dy(size_t columns, size_t column) {
    return 3 + columns + column;
}

size_t rad_design_dd(size_t columns, size_t i, size_t j) {
    return 3 + 2 * columns + j * (j + 1) / 2 + i;
}
