#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>

static const char *level_name(const rad_factor *f, size_t level) {
    return level < f->levels ? f->level[level] : "";
}

/* Sites that hide the cell. */
static size_t hiding(const rad_pool *p, size_t offset, const int64_t *(*cells)(const rad_summary *, size_t),
                     size_t which) {
    size_t count = 0;
    for (size_t s = 0; s < p->count; s++) count += cells(&p->sites[s], which)[offset] < 0;
    return count;
}

rad_status rad_tables_counts(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("variable,level,count,sites,sites_hiding\r\n", out);
    for (size_t f = 0; f < s->factor_count; f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++) {
            const size_t hidden = hiding(p, l, rad_pool_tables_levels, f);
            rad_csv_put(out, s->factors[f].name);
            rad_fields_text(out, level_name(&s->factors[f], l));
            fprintf(out, ",%" PRId64 ",%zu,%zu\r\n", rad_pool_tables_levels(&p->total, f)[l],
                    p->count - hidden, hidden);
        }
    return RAD_OK;
}

rad_status rad_tables_pairs(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("row_variable,row,column_variable,column,count,sites,sites_hiding\r\n", out);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++) {
            const size_t hidden = hiding(p, i, rad_pool_tables_cells, t);
            rad_csv_put(out, a->name);
            rad_fields_text(out, level_name(a, i / (b->levels + 1)));
            rad_fields_text(out, b->name);
            rad_fields_text(out, level_name(b, i % (b->levels + 1)));
            fprintf(out, ",%" PRId64 ",%zu,%zu\r\n", p->total.tables[t][i], p->count - hidden, hidden);
        }
    }
    return RAD_OK;
}

rad_status rad_tables_pair_tests(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    (void)error;
    fputs("row_variable,column_variable,n,chi_square,df,p,p_fisher,odds_ratio\r\n", out);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_pair_tests *x = &r->pairs[t];
        rad_csv_put(out, s->factors[s->tables[t][0]].name);
        rad_fields_text(out, s->factors[s->tables[t][1]].name);
        if (x->whole)
            fprintf(out, ",%" PRIu64, x->chi.n);
        else
            fputc(',', out);
        const double numbers[] = {x->chi.statistic, x->chi.df1, x->chi.p, x->fisher.p, x->fisher.estimate};
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_end(out);
    }
    return RAD_OK;
}
