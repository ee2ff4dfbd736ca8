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

/* n, missing, mean, variance, sd, skewness, kurtosis; nothing where they are withheld. */
#define MOMENTS "n,missing,mean,variance,sd,skewness,kurtosis"
static void put_moments(FILE *out, const rad_description *d, uint64_t rows, bool shown) {
    if (!shown) {
        fputs(",,,,,,,", out);
        return;
    }
    fprintf(out, ",%" PRIu64 ",%" PRIu64, d->n, rows - d->n);
    put_shape(out, d);
}

rad_status rad_tables_moments(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    fputs("variable,unit,scale," MOMENTS ",sites\r\n", out);
    for (size_t v = 0; v < p->total.count; v++) {
        const rad_summary_variable *x = &p->total.variables[v];
        rad_csv_put(out, x->name);
        rad_fields_text(out, x->unit);
        rad_fields_text(out, rad_fields_scale(x));
        put_moments(out, &r->moments.all[v], rad_pool_rows_of(p, 0, v), p->total.moments[v].powers);
        fprintf(out, ",%zu", rad_pool_sites_of(p, 0, v));
        rad_fields_end(out);
    }
    return RAD_OK;
}

rad_status rad_tables_moments_by_site(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    fputs("variable,site," MOMENTS "\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count; s++) {
            rad_csv_put(out, p->total.variables[v].name);
            rad_fields_text(out, p->sites[s].site);
            put_moments(out, &r->moments.site[v * p->count + s], p->sites[s].rows,
                        p->sites[s].moments[v].powers);
            rad_fields_end(out);
        }
    return RAD_OK;
}

rad_status rad_tables_moments_by_group(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    fputs("variable,group,level,n,mean,variance,sd,sites\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; l < s->factors[f].levels && s->factors[f].group && status == RAD_OK; l++) {
                const size_t set = rad_summary_set(s, f, l);
                rad_description d;
                status = rad_describe(&p->total.moments[set * p->total.count + v],
                                      p->total.variables[v].centre, &d, error);
                rad_csv_put(out, p->total.variables[v].name);
                rad_fields_text(out, s->factors[f].name);
                rad_fields_text(out, s->factors[f].level[l]);
                fprintf(out, ",%" PRIu64, d.n);
                put_spread(out, &d);
                fprintf(out, ",%zu\r\n", rad_pool_sites_of(p, set, v));
            }
    return status;
}

rad_status rad_tables_leave_one_out(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_status status = RAD_OK;
    fputs("variable,without," MOMENTS ",distance\r\n", out);
    for (size_t v = 0; v < p->total.count; v++)
        for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
            rad_left_out x;
            status = rad_pool_moments_leave_out(p, s, v, &x, error);
            if (status != RAD_OK) break;
            rad_csv_put(out, p->total.variables[v].name);
            rad_fields_text(out, p->sites[s].site);
            put_moments(out, &x.others, x.rows, x.shown);
            rad_fields_number(out, x.distance);
            rad_fields_end(out);
        }
    return status;
}
