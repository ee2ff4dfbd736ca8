#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

static void put_tests(const rad_results *r, const rad_tests *t, FILE *out) {
    const rad_pool *p = r->pool;
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *x = &t->test[v];
        const double numbers[] = {x->statistic, x->df1, x->df2,  x->p,     t->adjusted[v],
                                  x->estimate,  x->low, x->high, x->effect};
        rad_csv_put(out, p->total.variables[v].name);
        rad_fields_text(out, p->study->factors[t->factor].name);
        rad_fields_text(out, rad_test_words[t->kind]);
        rad_fields_count(out, x->basis.shown, x->n);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, r, &x->basis, "%.90s by %.90s", p->total.variables[v].name,
                         p->study->factors[t->factor].name);
    }
}

rad_status rad_tables_tests(FILE *out, const rad_results *r, rad_error *error) {
    (void)error;
    fputs("variable,group,test,n,statistic,df1,df2,p,p_adjusted,difference,low,high,eta_squared,sites,"
          "patients\r\n",
          out);
    for (size_t i = 0; i < r->groups.count; i++) put_tests(r, &r->groups.tests[i], out);
    return RAD_OK;
}

rad_status rad_tables_site_effects(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_tests *all = &r->moments.sites;
    (void)error;
    fputs("variable,n,statistic,df1,df2,p,p_adjusted,eta_squared,sites,patients\r\n", out);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_test *t = &all->test[v];
        const double numbers[] = {t->statistic, t->df1, t->df2, t->p, all->adjusted[v], t->effect};
        rad_csv_put(out, p->total.variables[v].name);
        rad_fields_count(out, t->basis.shown, t->n);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, r, &t->basis, "%.150s", p->total.variables[v].name);
    }
    return RAD_OK;
}
