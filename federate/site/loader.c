#include "loader.h"

#include "../../core/number.h"

#include <math.h>
#include <string.h>

bool rad_loader_missing(const char *text) {
    return !*text || !strcmp(text, "NA") || !strcmp(text, "NaN") || !strcmp(text, "nan");
}

rad_status rad_loader_place(rad_loader *l, const char *name, rad_place *to) {
    to->clinical = false;
    to->column = rad_sheet_column(&l->table, name);
    if (to->column < l->table.columns) return RAD_OK;
    to->clinical = true;
    to->column = l->clinical.path ? rad_sheet_column(&l->clinical, name) : 0;
    if (l->clinical.path && to->column < l->clinical.columns) return RAD_OK;
    return rad_fail(
        l->error, RAD_CONFIG, "%s: no column is called %.80s, which the study needs%s", l->path, name,
        l->clinical.path ? ", nor in the clinical table" : "; a clinical table can be given beside it");
}

const char *rad_loader_text(const rad_loader *l, rad_place at, const rad_record *r) {
    if (!at.clinical) return l->table.field[at.column];
    return r ? r->field[at.column] : "";
}

rad_status rad_loader_fail(const rad_loader *l, const char *column, const char *text, const char *takes) {
    return rad_fail(l->error, RAD_CONFIG, "%s:%zu: %.80s is %.40s; %s", l->path, l->line, column, text,
                    takes);
}

rad_status rad_loader_number(const rad_loader *l, rad_place at, const rad_record *r, const char *name,
                             double *value) {
    const char *text = rad_loader_text(l, at, r);
    *value = NAN;
    if (rad_loader_missing(text) || (rad_number_read(text, value) && isfinite(*value))) return RAD_OK;
    return rad_loader_fail(l, name, text, "a number is needed, or nothing or NA where there is none");
}
