#include "pooled_tables.h"

#include "../federate/pool/gray.h"
#include "../io/csv.h"
#include "fields.h"

/* A test of one cause by a factor. */
static rad_status put_test(FILE *out, const rad_results *r, const size_t of[3], bool by_site,
                           rad_error *error) {
    const rad_survival *v = &r->pool->study->survivals[of[0]];
    const rad_factor *f = &r->pool->study->factors[of[1]];
    rad_gray x;
    rad_status status = rad_gray_compute(r->pool, of[0], of[1], of[2], by_site, &x, error);
    if (status != RAD_OK) return status;
    const double numbers[] = {x.statistic, x.df, x.p};
    rad_csv_put(out, v->name);
    rad_fields_text(out, f->name);
    rad_fields_text(out, v->cause[of[2]]);
    rad_fields_text(out, by_site ? "site" : "none");
    rad_fields_count(out, x.basis.shown, x.n);
    rad_fields_count(out, x.basis.shown, x.events);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    rad_fields_basis(out, r, &x.basis, "%.60s of %.60s by %.60s", v->cause[of[2]], v->name, f->name);
    return RAD_OK;
}

rad_status rad_tables_gray(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    bool some = false;
    for (size_t o = 0; o < s->survival_count; o++) some = some || s->survivals[o].causes;
    rad_fields_unasked(r, !some);
    fputs("outcome,group,cause,adjusted_for,n,events,statistic,df,p,sites,patients\r\n", out);
    for (size_t o = 0; o < s->survival_count && rad_study_asks(s, RAD_SURVIVAL); o++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t cause = 0; cause < s->survivals[o].causes && s->survivals[o].by[f]; cause++)
                for (int by_site = 0; by_site < 2 && status == RAD_OK; by_site++)
                    status = put_test(out, r, (const size_t[]){o, f, cause}, by_site, error);
    return status;
}
