#include "loader.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../exact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* of: by column, the variable that it is, SIZE_MAX: none. */
static void add_columns(rad_loader *l, const rad_sheet *sheet, bool clinical, const size_t *of) {
    rad_cohort *c = l->c;
    for (size_t i = 0; i < sheet->columns; i++) {
        if (!strcmp(sheet->names[i], l->study->patient)) continue;
        snprintf(c->sample_name[c->sampled], RAD_NAME, "%.*s", RAD_NAME - 1, sheet->names[i]);
        l->sample_variable[c->sampled] = of[i];
        l->sample[c->sampled++] = (rad_place){clinical, i};
    }
}

rad_status rad_sampled_choose(rad_loader *l) {
    const size_t own = l->table.columns, most = own + (l->clinical.path ? l->clinical.columns : 0);
    l->c->sample_name = rad_new(most, sizeof *l->c->sample_name, l->error);
    l->sample = rad_new(most, sizeof *l->sample, l->error);
    l->sample_variable = rad_new(most, sizeof *l->sample_variable, l->error);
    l->raw = rad_new(l->c->count, sizeof *l->raw, l->error);
    size_t *of = rad_new_raw(most, sizeof *of, l->error);
    const bool fine = l->c->sample_name && l->sample && l->sample_variable && l->raw && of;
    for (size_t i = 0; i < most && fine; i++) of[i] = SIZE_MAX;
    for (size_t v = 0; v < l->c->count && fine; v++)
        of[(l->number[v].clinical ? own : 0) + l->number[v].column] = v;
    if (fine) add_columns(l, &l->table, false, of);
    if (fine && l->clinical.path) add_columns(l, &l->clinical, true, of + own);
    rad_free(of);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Columns that are variables were read as such. */
void rad_sampled_read(rad_loader *l, const rad_record *r) {
    const size_t count = l->c->sampled;
    for (size_t i = 0; i < count; i++) {
        const size_t v = l->sample_variable[i];
        double value = NAN;
        if (v != SIZE_MAX)
            value = l->raw[v];
        else if (!rad_number_read(rad_loader_text(l, l->sample[i], r), &value))
            value = NAN;
        l->c->sample[l->c->rows * count + i] = (float)rad_exact_rounded(value);
    }
}
