#include "pooled_tables.h"

#include "../federate/pool/baseline.h"
#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static void put_count(FILE *out, const rad_baseline_count *count) {
    rad_fields_count(out, count->known, count->count);
}

static rad_status put_quartiles(FILE *out, const rad_pool *p, size_t variable, rad_error *error) {
    double q[3];
    const rad_status status = rad_baseline_quartiles(p, variable, q, error);
    rad_fields_numbers(out, (const double[]){q[1], q[0], q[2]}, 3);
    return status;
}

/* What stands before the numbers of a row: the column of the table, then the variable. */
static void put_group(FILE *out, const rad_pool *p, const rad_baseline_column *c) {
    const rad_study *s = p->study;
    const bool level = c->kind == RAD_BASELINE_LEVEL;
    if (c->kind == RAD_BASELINE_SITE) {
        rad_csv_put(out, p->sites[c->site].site);
        return;
    }
    rad_csv_put(out, level ? s->factors[c->factor].name : "");
    rad_fields_text(out, level ? s->factors[c->factor].level[c->level] : "");
}

#define NUMBERS "variable,level,unit,scale,n,missing,count,percent,mean,sd"

static rad_status put_variable(FILE *out, const rad_results *r, const rad_baseline_column *c, size_t v,
                               rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_summary_variable *x = &p->total.variables[v];
    rad_baseline_number n;
    rad_status status = rad_baseline_describe(p, c, v, &n, error);
    put_group(out, p, c);
    rad_fields_text(out, x->name);
    rad_fields_text(out, "");
    rad_fields_text(out, x->unit);
    rad_fields_text(out, rad_fields_scale(x));
    rad_fields_count(out, n.basis.shown, n.d.n);
    put_count(out, &n.missing);
    rad_fields_empty(out, 2);
    rad_fields_numbers(out, (const double[]){n.d.mean, n.d.deviation}, 2);
    if (c->kind == RAD_BASELINE_SITE) {
        rad_fields_own(out, r, n.basis.shown, n.d.n, "%.120s at %s", x->name, p->sites[c->site].site);
        return status;
    }
    if (status == RAD_OK && c->kind == RAD_BASELINE_ALL)
        status = put_quartiles(out, p, v, error);
    else
        rad_fields_empty(out, 3);
    rad_fields_basis(out, r, &n.basis, "%.150s", x->name);
    return status;
}

static void put_level(FILE *out, const rad_results *r, const rad_baseline_column *c, size_t factor,
                      size_t level) {
    const rad_pool *p = r->pool;
    const rad_factor *f = &p->study->factors[factor];
    rad_baseline_level x;
    if (!rad_baseline_tell(p, c, factor, level, &x)) return;
    const bool missing = level == f->levels;
    put_group(out, p, c);
    rad_fields_text(out, f->name);
    rad_fields_text(out, missing ? "" : f->level[level]);
    rad_fields_empty(out, 2);
    rad_fields_count(out, x.count.known && x.of.known, x.of.count);
    put_count(out, missing ? &x.count : &(rad_baseline_count){0});
    put_count(out, missing ? &(rad_baseline_count){0} : &x.count);
    rad_fields_number(out, x.percent);
    rad_fields_empty(out, 2);
    const rad_basis basis = {x.basis.sites, x.basis.patients, x.count.known};
    if (c->kind == RAD_BASELINE_SITE) {
        rad_fields_own(out, r, x.count.known, x.basis.patients, "%.90s at %s", f->name,
                       p->sites[c->site].site);
        return;
    }
    rad_fields_empty(out, 3);
    rad_fields_basis(out, r, &basis, "%.90s %.90s", f->name, missing ? "missing" : f->level[level]);
}

/* All rows of a column of the table. */
static rad_status put_column(FILE *out, const rad_results *r, const rad_baseline_column *c,
                             rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    const bool numbers = rad_study_asks(s, c->kind == RAD_BASELINE_LEVEL ? RAD_GROUPS : RAD_MOMENTS) &&
                         (c->kind != RAD_BASELINE_LEVEL || s->factors[c->factor].group);
    for (size_t v = 0; v < r->pool->total.count && numbers && status == RAD_OK; v++)
        if (rad_baseline_has(r->pool, v)) status = put_variable(out, r, c, v, error);
    for (size_t f = 0; f < s->factor_count && rad_study_asks(s, RAD_TABLES); f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++) put_level(out, r, c, f, l);
    return status;
}

rad_status rad_tables_baseline(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    fputs("group,group_level," NUMBERS ",median,q1,q3,sites,patients\r\n", out);
    rad_status status = put_column(out, r, &(rad_baseline_column){RAD_BASELINE_ALL, 0, 0, 0}, error);
    for (size_t f = 0; f < s->factor_count; f++)
        for (size_t l = 0; l < s->factors[f].levels && status == RAD_OK; l++)
            status = put_column(out, r, &(rad_baseline_column){RAD_BASELINE_LEVEL, f, l, 0}, error);
    return status;
}

static void put_apart(FILE *out, const rad_results *r, size_t group, const char *variable,
                      const rad_baseline_distance *x) {
    const char *name = r->pool->study->factors[group].name;
    rad_csv_put(out, name);
    rad_fields_text(out, variable);
    rad_fields_number(out, x->value);
    rad_fields_basis(out, r, &x->basis, "%.90s by %.90s", variable, name);
}

rad_status rad_tables_apart(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    bool some = false;
    fputs("group,variable,smd,sites,patients\r\n", out);
    for (size_t g = 0; g < s->factor_count && status == RAD_OK; g++) {
        rad_baseline_distance x;
        for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
            if (!s->factors[g].group || !rad_study_asks(s, RAD_GROUPS) || !rad_baseline_has(p, v)) continue;
            status = rad_baseline_apart(p, g, v, &x, error);
            if (status == RAD_OK) put_apart(out, r, g, p->total.variables[v].name, &x);
            some = true;
        }
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++)
            if (rad_baseline_apart_levels(p, g, f, &x)) {
                put_apart(out, r, g, s->factors[f].name, &x);
                some = true;
            }
    }
    rad_fields_unasked(r, !some);
    return status;
}

rad_status rad_tables_baseline_by_site(FILE *out, const rad_results *r, rad_error *error) {
    rad_status status = RAD_OK;
    rad_fields_single(r);
    fputs("site," NUMBERS ",patients\r\n", out);
    for (size_t i = 0; i < r->pool->count && status == RAD_OK; i++)
        status = put_column(out, r, &(rad_baseline_column){RAD_BASELINE_SITE, 0, 0, i}, error);
    return status;
}

static void put_flow(FILE *out, const rad_results *r, const char *name, const rad_summary *s) {
    const rad_baseline_count read = rad_baseline_read(s);
    const int64_t left[] = {s->excluded, s->repeats, s->incomplete, s->unmatched, rad_summary_failures(s)};
    rad_csv_put(out, name);
    put_count(out, &read);
    for (size_t k = 0; k < sizeof left / sizeof left[0]; k++)
        rad_fields_count(out, left[k] >= 0, (uint64_t)left[k]);
    rad_fields_count(out, true, s->rows);
    rad_fields_end(out);
    if (*name) rad_fields_note(r, &(rad_basis){1, s->rows, true}, 1, "%s", name);
}

rad_status rad_tables_flow(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    rad_fields_single(r);
    fputs("site,rows,excluded,repeats,incomplete,unmatched,failed,patients\r\n", out);
    for (size_t i = 0; i < p->count; i++) put_flow(out, r, p->sites[i].site, &p->sites[i]);
    put_flow(out, r, "", &p->total);
    return RAD_OK;
}
