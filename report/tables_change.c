#include "pooled_tables.h"

#include "../core/memory.h"
#include "../federate/pool/pool_change.h"
#include "../io/csv.h"
#include "fields.h"

#include <math.h>

/* Which occasion against which, of whom. */
typedef struct pairing {
    size_t from, to;
    const rad_factor *factor; /* NULL: all patients */
    size_t group, level;
} pairing;

static rad_status compute(const rad_results *r, const pairing *x, size_t v, rad_paired *out,
                          rad_error *error) {
    return x->factor ? rad_change_of_level(r->pool, v, x->group, x->level, x->to, out, error)
                     : rad_change_of_pair(r->pool, v, x->from, x->to, out, error);
}

/* Of every variable whose sums are there, p adjusted over them. */
static rad_status put_pairing(FILE *out, const rad_results *r, const pairing *x, rad_error *error) {
    const rad_summary *t = &r->pool->total;
    const rad_study *s = r->pool->study;
    const rad_blocks *b = &t->blocks[x->factor ? RAD_CHANGE : RAD_RELIABILITY];
    rad_paired *all = rad_new(t->count, sizeof *all, error);
    double *p = rad_new(t->count, sizeof *p, error), *adjusted = rad_new(t->count, sizeof *adjusted, error);
    rad_status status = all && p && adjusted ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < t->count && status == RAD_OK; v++) {
        p[v] = NAN;
        if (!b->shown[v]) continue;
        status = compute(r, x, v, &all[v], error);
        p[v] = all[v].p;
    }
    if (status == RAD_OK) status = rad_inference_adjust(p, t->count, adjusted, error);
    for (size_t v = 0; v < t->count && status == RAD_OK; v++) {
        const rad_paired *y = &all[v];
        const double numbers[] = {y->difference, y->deviation, y->t,    y->df,    y->p,
                                  adjusted[v],   y->low,       y->high, y->effect};
        if (!b->shown[v]) continue;
        rad_csv_put(out, t->variables[v].name);
        rad_fields_text(out, x->factor ? x->factor->name : "");
        rad_fields_text(out, x->factor ? x->factor->level[x->level] : "");
        rad_fields_text(out, s->occasions[x->from]);
        rad_fields_text(out, s->occasions[x->to]);
        rad_fields_count(out, y->basis.shown, y->n);
        rad_fields_numbers(out, numbers, 9);
        rad_fields_basis(out, r, &y->basis, "%.90s, %.40s", t->variables[v].name,
                         x->factor ? x->factor->level[x->level] : s->occasions[x->to]);
    }
    rad_free(all);
    rad_free(p);
    rad_free(adjusted);
    return status;
}

rad_status rad_tables_paired(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_summary *t = &r->pool->total;
    rad_status status = RAD_OK;
    fputs("variable,group,level,from,to,n,difference,sd,t,df,p,p_adjusted,low,high,effect,sites,patients\r\n",
          out);
    for (size_t j = 1; j < s->occasion_count && t->blocks[RAD_RELIABILITY].cells; j++)
        for (size_t i = 0; i < j && status == RAD_OK; i++)
            status = put_pairing(out, r, &(pairing){.from = i, .to = j}, error);
    for (size_t j = 1; j < s->occasion_count && t->blocks[RAD_CHANGE].cells; j++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; s->changes_by[f] && l < s->factors[f].levels && status == RAD_OK; l++)
                status = put_pairing(out, r, &(pairing){0, j, &s->factors[f], f, l}, error);
    return status;
}

static rad_status put_test(FILE *out, const rad_results *r, size_t v, size_t f, size_t j, rad_test_kind kind,
                           rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_test x;
    rad_status status = rad_change_between(r->pool, v, f, j, kind, &x, error);
    if (status != RAD_OK) return status;
    const double numbers[] = {x.statistic, x.df1, x.df2, x.p, x.estimate, x.low, x.high, x.effect};
    rad_csv_put(out, r->pool->total.variables[v].name);
    rad_fields_text(out, s->factors[f].name);
    rad_fields_text(out, s->occasions[0]);
    rad_fields_text(out, s->occasions[j]);
    rad_fields_text(out, rad_test_words[kind]);
    rad_fields_count(out, x.basis.shown, x.n);
    rad_fields_numbers(out, numbers, 8);
    rad_fields_basis(out, r, &x.basis, "%.90s by %.90s", r->pool->total.variables[v].name,
                     s->factors[f].name);
    return RAD_OK;
}

rad_status rad_tables_change_tests(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_blocks *b = &r->pool->total.blocks[RAD_CHANGE];
    rad_status status = RAD_OK;
    fputs(
        "variable,group,from,to,test,n,statistic,df1,df2,p,estimate,low,high,eta_squared,sites,patients\r\n",
        out);
    for (size_t j = 1; j < s->occasion_count && b->cells; j++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t v = 0; s->changes_by[f] && v < r->pool->total.count; v++)
                for (int kind = 0; kind < RAD_TEST_KINDS && b->shown[v] && status == RAD_OK; kind++)
                    if (kind == RAD_TEST_ANOVA || s->factors[f].levels == 2)
                        status = put_test(out, r, v, f, j, (rad_test_kind)kind, error);
    return status;
}
