#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>

static void put_tests(const rad_pool *p, const rad_tests *t, FILE *out) {
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *x = &t->test[v];
        const double numbers[] = {x->statistic, x->df1, x->df2,  x->p,     t->adjusted[v],
                                  x->estimate,  x->low, x->high, x->effect};
        rad_csv_put(out, p->total.variables[v].name);
        rad_fields_text(out, p->study->factors[t->factor].name);
        rad_fields_text(out, rad_test_words[t->kind]);
        fprintf(out, ",%" PRIu64, x->n);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_end(out);
    }
}

rad_status rad_tables_tests(FILE *out, const rad_results *r, rad_error *error) {
    (void)error;
    fputs("variable,group,test,n,statistic,df1,df2,p,p_adjusted,difference,low,high,eta_squared\r\n", out);
    for (size_t i = 0; i < r->groups.count; i++) put_tests(r->pool, &r->groups.tests[i], out);
    return RAD_OK;
}

rad_status rad_tables_site_effects(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_tests *all = &r->moments.sites;
    (void)error;
    fputs("variable,n,sites,statistic,df1,df2,p,p_adjusted,eta_squared\r\n", out);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *t = &all->test[v];
        const double numbers[] = {t->statistic, t->df1, t->df2, t->p, all->adjusted[v], t->effect};
        rad_csv_put(out, p->total.variables[v].name);
        fprintf(out, ",%" PRIu64 ",%zu", t->n, rad_pool_sites_of(p, 0, v));
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_end(out);
    }
    return RAD_OK;
}
