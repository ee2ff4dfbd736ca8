#include "pooled_tables.h"

#include "../core/memory.h"
#include "../federate/pool/pool_histograms.h"
#include "../io/csv.h"
#include "fields.h"

#include <math.h>

rad_status rad_tables_histograms(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_status status = RAD_OK;
    fputs("variable,scale,from,to,count,sites,patients\r\n", out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        const rad_basis basis = rad_pool_histograms_basis(p, v);
        rad_grid_count *counts = NULL;
        size_t count = 0;
        if (basis.shown) status = rad_pool_histograms_join(p, v, &counts, &count, error);
        for (size_t i = 0; i < count && status == RAD_OK; i++) {
            rad_csv_put(out, x->name);
            rad_fields_text(out, rad_fields_scale(x));
            rad_fields_number(out, rad_grid_edge(&x->grid, counts[i].first));
            rad_fields_number(out, rad_grid_edge(&x->grid, counts[i].end));
            rad_fields_count(out, true, counts[i].count);
            rad_fields_basis(out, r, &basis, "%.150s", x->name);
        }
        rad_free(counts);
    }
    return status;
}

rad_status rad_tables_quantiles(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_status status = RAD_OK;
    fputs("variable,scale,quantile,n,estimate,error,low,high,sites,patients\r\n", out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_quantile q[RAD_QUANTILES_MAX];
        status = rad_pool_histograms_quantiles(p, v, q, error);
        for (size_t i = 0; i < p->study->quantile_count && status == RAD_OK; i++) {
            if (q[i].edge) continue;
            rad_csv_put(out, x->name);
            rad_fields_text(out, rad_fields_scale(x));
            rad_fields_number(out, p->study->quantiles[i]);
            rad_fields_count(out, q[i].basis.shown, q[i].basis.patients);
            const bool bounded = isfinite(q[i].low) && isfinite(q[i].high);
            const double half = bounded ? (q[i].high - q[i].low) / 2 : NAN;
            const double numbers[] = {q[i].low + half, half, q[i].low, q[i].high};
            rad_fields_numbers(out, numbers, 4);
            rad_fields_basis(out, r, &q[i].basis, "%.150s", x->name);
        }
    }
    return status;
}
