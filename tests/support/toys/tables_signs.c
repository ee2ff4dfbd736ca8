#include "../io/csv.h"
#include "fields.h"
#include "pooled_tables.h"

#include <math.h>

rad_status rad_tables_signs(FILE *out, const rad_results *r, rad_error *error) {
    const rad_summary *total = &r->pool->total;
    const rad_blocks *b = &total->blocks[RAD_SIGNS];
    (void)error;
    fputs("variable,n,below,sites,patients\r\n", out);
    for (size_t v = 0; v < total->count; v++) {
        if (!b->cells || !b->shown[v]) continue;
        const rad_basis basis = rad_pool_basis_of_blocks(r->pool, RAD_SIGNS, v);
        rad_csv_put(out, total->variables[v].name);
        for (size_t i = 0; i < 2; i++)
            rad_fields_number(out, basis.shown ? rad_exact_double(&b->sums[v * b->cells + i]) : NAN);
        rad_fields_basis(out, r, &basis, "%s", total->variables[v].name);
    }
    return RAD_OK;
}
