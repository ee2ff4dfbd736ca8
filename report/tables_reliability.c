#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

rad_status rad_tables_reliability(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    fputs("variable,n,icc1,icc1_low,icc1_high,icc_a1,icc_a1_low,icc_a1_high,icc_c1,icc_c1_low,icc_c1_high,"
          "ccc,ccc_low,ccc_high,"
          "repeatability,repeatability_low,repeatability_high,sites,patients\r\n",
          out);
    for (size_t v = 0; v < p->total.count && r->repeats; v++) {
        const rad_reliability *x = &r->repeats[v];
        if (!p->total.blocks[RAD_RELIABILITY].shown[v]) continue;
        const rad_interval *all[] = {&x->icc1, &x->icc_a1, &x->icc_c1, &x->ccc, &x->repeatability};
        rad_csv_put(out, p->total.variables[v].name);
        rad_fields_count(out, x->basis.shown, (uint64_t)x->n);
        for (size_t i = 0; i < 5; i++) {
            const double numbers[] = {all[i]->value, all[i]->low, all[i]->high};
            rad_fields_numbers(out, numbers, 3);
        }
        rad_fields_basis(out, r, &x->basis, "%.150s", p->total.variables[v].name);
    }
    return RAD_OK;
}
