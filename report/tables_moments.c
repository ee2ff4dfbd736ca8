#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>

static void put_spread(FILE *out, const rad_description *d) {
    const double numbers[] = {d->mean, d->variance, d->deviation};
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
}

static void put_shape(FILE *out, const rad_description *d) {
    const double numbers[] = {d->skewness, d->kurtosis};
    put_spread(out, d);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
}

/* n, missing, mean, variance, sd, skewness, kurtosis; nothing where they are withheld, nor how many miss it
 * where these are fewer than `least`. */
#define MOMENTS "n,missing,mean,variance,sd,skewness,kurtosis"
static void put_moments(FILE *out, const rad_description *d, uint64_t rows, bool shown, int least) {
    const uint64_t missing = rows - d->n;
    if (!shown) {
        rad_fields_empty(out, 7);
        return;
    }
    rad_fields_count(out, true, d->n);
    rad_fields_count(out, !missing || missing >= (uint64_t)least, missing);
    put_shape(out, d);
}

/* No site has a value of it, and all say so. */
static void put_nothing(FILE *out, uint64_t rows) {
    fprintf(out, ",0,%" PRIu64, rows);
    rad_fields_empty(out, 5);
}

rad_status rad_tables_moments(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    fputs("variable,unit,scale," MOMENTS ",sites,patients\r\n", out);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_csv_put(out, x->name);
        rad_fields_text(out, x->unit);
        rad_fields_text(out, rad_fields_scale(x));
        if (rad_pool_is_nothing(p, v))
            put_nothing(out, rad_pool_rows_of(p, 0, v));
        else
            put_moments(out, &r->moments.all[v], rad_pool_rows_of(p, 0, v), r->moments.basis[v].shown,
                        p->rules.cell);
        rad_fields_basis(out, r, &r->moments.basis[v], "%.150s", x->name);
    }
    return RAD_OK;
}

rad_status rad_tables_moments_by_site(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    rad_fields_single(r);
    fputs("variable,site," MOMENTS ",patients\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count; s++) {
            rad_csv_put(out, p->total.variables[v].name);
            rad_fields_text(out, p->sites[s].site);
            const rad_description *d = &r->moments.site[v * p->count + s];
            const bool shown = p->sites[s].moments[v].powers;
            put_moments(out, d, p->sites[s].rows, shown, p->sites[s].rules.cell);
            rad_fields_own(out, r, shown, d->n, "%.120s at %s", p->total.variables[v].name, p->sites[s].site);
        }
    return RAD_OK;
}

rad_status rad_tables_moments_by_group(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    fputs("variable,group,level,n,mean,variance,sd,sites,patients\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; l < s->factors[f].levels && s->factors[f].group && status == RAD_OK; l++) {
                const size_t set = rad_summary_set(s, f, l);
                const rad_basis basis = rad_pool_basis_of(p, set, v);
                const rad_moments nothing = {0},
                                  *m = basis.shown ? &p->total.moments[set * p->total.count + v] : &nothing;
                rad_description d;
                status = rad_describe(m, p->total.variables[v].centre, &d, error);
                rad_csv_put(out, p->total.variables[v].name);
                rad_fields_text(out, s->factors[f].name);
                rad_fields_text(out, s->factors[f].level[l]);
                rad_fields_count(out, basis.shown, d.n);
                put_spread(out, &d);
                rad_fields_basis(out, r, &basis, "%.90s, %.40s %.40s", p->total.variables[v].name,
                                 s->factors[f].name, s->factors[f].level[l]);
            }
    return status;
}

rad_status rad_tables_leave_one_out(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_status status = RAD_OK;
    fputs("variable,without," MOMENTS ",distance,sites,patients\r\n", out);
    rad_fields_single(r);
    rad_fields_unasked(r, p->count <= (size_t)p->rules.sites); /* too few are left without any */
    if (r->tally) r->tally->of = p->count - 1;
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
            rad_left_out x;
            status = rad_pool_moments_leave_out(p, s, v, &x, error);
            if (status != RAD_OK) break;
            rad_csv_put(out, p->total.variables[v].name);
            rad_fields_text(out, p->sites[s].site);
            put_moments(out, &x.others, x.rows, x.basis.shown, p->rules.cell);
            rad_fields_number(out, x.distance);
            rad_fields_basis(out, r, &x.basis, "%.120s without %s", p->total.variables[v].name,
                             p->sites[s].site);
        }
    return status;
}
