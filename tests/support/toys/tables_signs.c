#include "../io/csv.h"
#include "fields.h"
#include "pooled_tables.h"

rad_status rad_tables_signs(FILE *out, const rad_results *r, rad_error *error) {
    const rad_summary *total = &r->pool->total;
    const rad_blocks *b = &total->blocks[RAD_SIGNS];
    (void)error;
    fputs("variable,n,below\r\n", out);
    for (size_t v = 0; v < total->count; v++) {
        if (!b->cells || !b->shown[v]) continue;
        rad_csv_put(out, total->variables[v].name);
        for (size_t i = 0; i < 2; i++) rad_fields_number(out, rad_exact_double(&b->sums[v * b->cells + i]));
        rad_fields_end(out);
    }
    return RAD_OK;
}
