#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

static const char *level_name(const rad_factor *f, size_t level) {
    return level < f->levels ? f->level[level] : "";
}

/* The count where no site hides it; what it is at least, of the sites that show it; who does. */
#define CELL "count,at_least,sites_hiding,sites,patients\r\n"
static void put_cell(FILE *out, const rad_results *r, const rad_cell *x, const char *row,
                     const char *column) {
    const bool some = x->known || (x->basis.shown && x->count);
    const rad_basis basis = {x->basis.sites, x->basis.patients, some};
    rad_fields_count(out, x->known, (uint64_t)x->count);
    rad_fields_count(out, some, (uint64_t)x->count);
    fprintf(out, ",%zu", x->hiding);
    rad_fields_basis(out, r, &basis, "%.90s%s%.90s", row, *column ? ", " : "", column);
}

rad_status rad_tables_counts(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("variable,level," CELL, out);
    for (size_t f = 0; f < s->factor_count; f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++) {
            const rad_cell x = rad_pool_tables_cell(p, rad_pool_tables_levels, f, l);
            rad_csv_put(out, s->factors[f].name);
            rad_fields_text(out, level_name(&s->factors[f], l));
            put_cell(out, r, &x, s->factors[f].name, level_name(&s->factors[f], l));
        }
    return RAD_OK;
}

rad_status rad_tables_pairs(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    (void)error;
    fputs("row_variable,row,column_variable,column," CELL, out);
    rad_fields_unasked(r, !s->table_count);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++) {
            const char *row = level_name(a, i / (b->levels + 1)),
                       *column = level_name(b, i % (b->levels + 1));
            const rad_cell x = rad_pool_tables_cell(p, rad_pool_tables_cells, t, i);
            rad_csv_put(out, a->name);
            rad_fields_text(out, row);
            rad_fields_text(out, b->name);
            rad_fields_text(out, column);
            put_cell(out, r, &x, row, column);
        }
    }
    return RAD_OK;
}

rad_status rad_tables_pair_tests(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    (void)error;
    fputs("row_variable,column_variable,n,chi_square,df,p,p_fisher,odds_ratio,sites,patients\r\n", out);
    rad_fields_unasked(r, !s->table_count);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_pair_tests *x = &r->pairs[t];
        rad_csv_put(out, s->factors[s->tables[t][0]].name);
        rad_fields_text(out, s->factors[s->tables[t][1]].name);
        rad_fields_count(out, x->basis.shown, x->chi.n);
        const double numbers[] = {x->chi.statistic, x->chi.df1, x->chi.p, x->fisher.p, x->fisher.estimate};
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, r, &x->basis, "%.90s by %.90s", s->factors[s->tables[t][0]].name,
                         s->factors[s->tables[t][1]].name);
    }
    return RAD_OK;
}
