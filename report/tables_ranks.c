#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

rad_status rad_tables_ranks(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const size_t count = p->total.count;
    (void)error;
    fputs("variable,group,test,n,statistic,df,p,p_adjusted,superiority,sites,patients\r\n", out);
    for (size_t f = 0; f < p->study->factor_count; f++)
        for (size_t v = 0; v < count && p->study->factors[f].group; v++) {
            const rad_rank_test *x = &r->ranks.test[f * count + v];
            const double numbers[] = {x->statistic, x->df, x->p, r->ranks.adjusted[f * count + v],
                                      x->superiority};
            rad_csv_put(out, p->total.variables[v].name);
            rad_fields_text(out, p->study->factors[f].name);
            rad_fields_text(out, p->study->factors[f].levels == 2 ? "mann-whitney" : "kruskal-wallis");
            rad_fields_count(out, x->basis.shown, x->n);
            rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
            rad_fields_basis(out, r, &x->basis, "%.90s by %.90s", p->total.variables[v].name,
                             p->study->factors[f].name);
        }
    return RAD_OK;
}
