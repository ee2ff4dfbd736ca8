#include "loader.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../exact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_columns(rad_loader *l, const rad_sheet *sheet, bool clinical) {
    rad_cohort *c = l->c;
    for (size_t i = 0; i < sheet->columns; i++) {
        if (!strcmp(sheet->names[i], l->study->patient)) continue;
        snprintf(c->sample_name[c->sampled], RAD_NAME, "%.*s", RAD_NAME - 1, sheet->names[i]);
        l->sample[c->sampled++] = (rad_place){clinical, i};
    }
}

rad_status rad_sampled_choose(rad_loader *l) {
    const size_t most = l->table.columns + (l->clinical.path ? l->clinical.columns : 0);
    l->c->sample_name = rad_new(most, sizeof *l->c->sample_name, l->error);
    l->sample = rad_new(most, sizeof *l->sample, l->error);
    if (!l->c->sample_name || !l->sample) return RAD_NO_MEMORY;
    add_columns(l, &l->table, false);
    if (l->clinical.path) add_columns(l, &l->clinical, true);
    return RAD_OK;
}

void rad_sampled_read(rad_loader *l, const rad_record *r) {
    const size_t count = l->c->sampled;
    for (size_t i = 0; i < count; i++) {
        double value = NAN;
        if (!rad_number_read(rad_loader_text(l, l->sample[i], r), &value)) value = NAN;
        l->c->sample[l->c->rows * count + i] = (float)rad_exact_rounded(value);
    }
}
