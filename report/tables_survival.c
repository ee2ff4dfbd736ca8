#include "pooled_tables.h"

#include "../core/memory.h"
#include "../federate/pool/distributions.h"
#include "../federate/pool/incidence.h"
#include "../federate/pool/rmst.h"
#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>

/* A stratum of an outcome: all patients, or a level of a factor. */
typedef struct stratum {
    size_t outcome, at;
    const rad_factor *factor; /* NULL: all patients */
    const char *level;
} stratum;

typedef rad_status each_stratum(FILE *out, const rad_results *r, const stratum *x, rad_error *error);

static rad_status for_strata(FILE *out, const rad_results *r, each_stratum *each, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++) {
        status = each(out, r, &(stratum){o, 0, NULL, ""}, error);
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; l < s->factors[f].levels && s->survivals[o].by[f] && status == RAD_OK; l++)
                status = each(
                    out, r,
                    &(stratum){o, rad_lifetable_stratum(s, o, f, l), &s->factors[f], s->factors[f].level[l]},
                    error);
    }
    return status;
}

static void put_names(FILE *out, const rad_results *r, const stratum *x) {
    rad_csv_put(out, r->pool->study->survivals[x->outcome].name);
    rad_fields_text(out, x->factor ? x->factor->name : "");
    rad_fields_text(out, x->level);
}

static void put_points(FILE *out, const rad_results *r, const stratum *x, const char *site,
                       const rad_curve *c) {
    for (size_t i = 0; i < c->count; i++) {
        const rad_curve_point *p = &c->point[i];
        const double numbers[] = {p->survival, p->grid_low, p->se, p->low, p->high};
        put_names(out, r, x);
        if (site) rad_fields_text(out, site);
        rad_fields_number(out, p->time);
        fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, p->at_risk, p->events, p->censored);
        rad_fields_numbers(out, numbers, 5);
        const char *outcome = r->pool->study->survivals[x->outcome].name;
        if (site)
            rad_fields_own(out, r, true, c->basis.patients, "%.90s %.60s at %s", outcome, x->level, site);
        else
            rad_fields_basis(out, r, &c->basis, "%.90s %.60s", outcome, x->level);
    }
}

static rad_status put_curve(FILE *out, const rad_results *r, const stratum *x, rad_error *error) {
    const rad_curve *c = &r->survival[x->outcome].curve[x->at];
    (void)error;
    put_points(out, r, x, NULL, c);
    if (!c->count)
        rad_fields_note(r, &c->basis, r->pool->count, "%.90s %.60s",
                        r->pool->study->survivals[x->outcome].name, x->level);
    return RAD_OK;
}

static rad_status put_site_curves(FILE *out, const rad_results *r, const stratum *x, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < r->pool->count && status == RAD_OK; i++) {
        rad_curve c;
        status = rad_curve_of_site(r->pool, i, x->outcome, x->at, &c, error);
        put_points(out, r, x, r->pool->sites[i].site, &c);
        if (!c.count)
            rad_fields_note(r, &c.basis, 1, "%.90s %.60s at %s", r->pool->study->survivals[x->outcome].name,
                            x->level, r->pool->sites[i].site);
        rad_curve_free(&c);
    }
    return status;
}

static rad_status put_median(FILE *out, const rad_results *r, const stratum *x, rad_error *error) {
    const rad_curve *c = &r->survival[x->outcome].curve[x->at];
    const double numbers[] = {c->median_low, c->median_high};
    (void)error;
    put_names(out, r, x);
    rad_fields_count(out, c->basis.shown, c->n);
    rad_fields_count(out, c->basis.shown, c->events);
    rad_fields_numbers(out, numbers, 2);
    rad_fields_basis(out, r, &c->basis, "%.90s %.60s", r->pool->study->survivals[x->outcome].name, x->level);
    return RAD_OK;
}

rad_status rad_tables_curves(FILE *out, const rad_results *r, rad_error *error) {
    fputs("outcome,group,level,time,at_risk,events,censored,survival,grid_low,se,low,high,sites,"
          "patients\r\n",
          out);
    return for_strata(out, r, put_curve, error);
}

rad_status rad_tables_curves_by_site(FILE *out, const rad_results *r, rad_error *error) {
    rad_fields_single(r);
    fputs("outcome,group,level,site,time,at_risk,events,censored,survival,grid_low,se,low,high,patients\r\n",
          out);
    return for_strata(out, r, put_site_curves, error);
}

rad_status rad_tables_medians(FILE *out, const rad_results *r, rad_error *error) {
    fputs("outcome,group,level,n,events,median_low,median_high,sites,patients\r\n", out);
    return for_strata(out, r, put_median, error);
}

static rad_status put_means(FILE *out, const rad_results *r, const stratum *x, rad_error *error) {
    const rad_curve *c = &r->survival[x->outcome].curve[x->at];
    const char *outcome = r->pool->study->survivals[x->outcome].name;
    (void)error;
    for (size_t i = 1; i < c->count; i++) {
        rad_rmst m;
        rad_rmst_compute(c, i, &m);
        const double numbers[] = {
            m.time, (double)c->n, m.mean, m.least, m.se, m.mean - RAD_Z95 * m.se, m.mean + RAD_Z95 * m.se};
        put_names(out, r, x);
        rad_fields_numbers(out, numbers, 7);
        rad_fields_basis(out, r, &c->basis, "%.90s %.60s", outcome, x->level);
    }
    if (c->count < 2) rad_fields_note(r, &c->basis, r->pool->count, "%.90s %.60s", outcome, x->level);
    return RAD_OK;
}

rad_status rad_tables_rmst(FILE *out, const rad_results *r, rad_error *error) {
    fputs("outcome,group,level,time,n,rmst,rmst_least,se,low,high,sites,patients\r\n", out);
    return for_strata(out, r, put_means, error);
}

static void put_rmst_test(FILE *out, const rad_results *r, size_t outcome, size_t factor, size_t level,
                          const rad_rmst_test *t) {
    const rad_factor *f = &r->pool->study->factors[factor];
    const double numbers[] = {t->time, t->difference, t->se, t->low, t->high, t->p};
    rad_csv_put(out, r->pool->study->survivals[outcome].name);
    rad_fields_text(out, f->name);
    rad_fields_text(out, f->level[level]);
    rad_fields_text(out, f->level[0]);
    rad_fields_numbers(out, numbers, 6);
    rad_fields_basis(out, r, &t->basis, "%.90s, %.40s %.40s", r->pool->study->survivals[outcome].name,
                     f->name, f->level[level]);
}

rad_status rad_tables_rmst_tests(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_rmst_test *test = rad_new(RAD_FACTOR_LEVELS, sizeof *test, error);
    rad_status status = test ? RAD_OK : RAD_NO_MEMORY;
    bool some = false;
    fputs("outcome,group,level,against,time,difference,se,low,high,p,sites,patients\r\n", out);
    for (size_t o = 0; o < s->survival_count; o++)
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
            if (!s->survivals[o].by[f]) continue;
            some = true;
            status = rad_rmst_compare(r->pool, o, f, test, error);
            for (size_t l = 1; l < s->factors[f].levels && status == RAD_OK; l++)
                put_rmst_test(out, r, o, f, l, &test[l]);
        }
    rad_fields_unasked(r, !some);
    rad_free(test);
    return status;
}

static rad_status put_incidence(FILE *out, const rad_results *r, const stratum *x, rad_error *error) {
    const rad_survival *v = &r->pool->study->survivals[x->outcome];
    rad_status status = RAD_OK;
    for (size_t cause = 0; cause < v->causes && status == RAD_OK; cause++) {
        rad_incidence c;
        status = rad_incidence_compute(r->pool, x->outcome, x->at, cause, &c, error);
        for (size_t i = 0; i < c.count; i++) {
            const rad_incidence_point *p = &c.point[i];
            const double numbers[] = {p->incidence, p->se, p->low, p->high};
            put_names(out, r, x);
            rad_fields_text(out, v->cause[cause]);
            rad_fields_number(out, p->time);
            fprintf(out, ",%" PRIu64 ",%" PRIu64, p->at_risk, p->events);
            rad_fields_numbers(out, numbers, 4);
            rad_fields_basis(out, r, &c.basis, "%.90s %.40s %.40s", v->name, x->level, v->cause[cause]);
        }
        if (!c.count) rad_fields_note(r, &c.basis, r->pool->count, "%.90s %.60s", v->name, x->level);
        rad_incidence_free(&c);
    }
    return status;
}

rad_status rad_tables_incidence(FILE *out, const rad_results *r, rad_error *error) {
    bool some = false;
    for (size_t o = 0; o < r->pool->study->survival_count; o++)
        some = some || r->pool->study->survivals[o].causes;
    rad_fields_unasked(r, !some);
    fputs("outcome,group,level,cause,time,at_risk,events,incidence,se,low,high,sites,patients\r\n", out);
    return for_strata(out, r, put_incidence, error);
}

/* All tests: of each outcome, factor, with sites together and as strata. */
typedef void each_test(FILE *out, const rad_results *r, const rad_factor *factor, const rad_logrank *test,
                       const char *outcome, const char *adjusted);

static rad_status for_tests(FILE *out, const rad_results *r, each_test *each) {
    const rad_study *s = r->pool->study;
    for (size_t o = 0; o < s->survival_count; o++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t by_site = 0; by_site < 2 && s->survivals[o].by[f]; by_site++)
                each(out, r, &s->factors[f], &r->survival[o].test[2 * f + by_site], s->survivals[o].name,
                     by_site ? "site" : "none");
    return RAD_OK;
}

static void put_test(FILE *out, const rad_results *r, const rad_factor *factor, const rad_logrank *t,
                     const char *outcome, const char *adjusted) {
    const double numbers[] = {t->statistic,
                              t->df,
                              t->p,
                              t->statistic_low,
                              t->statistic_high,
                              rad_chi_square_tail(t->statistic_high, t->df),
                              rad_chi_square_tail(t->statistic_low, t->df),
                              t->ratio,
                              t->low,
                              t->high};
    rad_csv_put(out, outcome);
    rad_fields_text(out, factor->name);
    rad_fields_text(out, adjusted);
    rad_fields_count(out, t->basis.shown, t->n);
    rad_fields_count(out, t->basis.shown, t->events);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    rad_fields_basis(out, r, &t->basis, "%.90s by %.90s", outcome, factor->name);
}

static void put_levels(FILE *out, const rad_results *r, const rad_factor *factor, const rad_logrank *t,
                       const char *outcome, const char *adjusted) {
    for (size_t l = 0; l < factor->levels; l++) {
        const rad_logrank_level *x = &t->level[l];
        const double numbers[] = {x->expected, x->expected_low, x->expected_high};
        const rad_basis own = rad_basis_make(&r->pool->rules, x->sites, x->n),
                        basis = t->n ? rad_basis_least(&own, &t->basis) : t->basis;
        rad_csv_put(out, outcome);
        rad_fields_text(out, factor->name);
        rad_fields_text(out, adjusted);
        rad_fields_text(out, factor->level[l]);
        rad_fields_count(out, basis.shown, x->n);
        rad_fields_count(out, basis.shown, x->observed);
        if (basis.shown)
            rad_fields_numbers(out, numbers, 3);
        else
            rad_fields_empty(out, 3);
        rad_fields_basis(out, r, &basis, "%.70s, %.50s %.50s", outcome, factor->name, factor->level[l]);
    }
}

rad_status rad_tables_logrank(FILE *out, const rad_results *r, rad_error *error) {
    fputs("outcome,group,adjusted_for,n,events,statistic,df,p,statistic_low,statistic_high,p_low,p_high,"
          "hazard_ratio,low,high,sites,patients\r\n",
          out);
    (void)error;
    return for_tests(out, r, put_test);
}

rad_status rad_tables_logrank_levels(FILE *out, const rad_results *r, rad_error *error) {
    fputs("outcome,group,adjusted_for,level,n,observed,expected,expected_low,expected_high,"
          "sites,patients\r\n",
          out);
    (void)error;
    return for_tests(out, r, put_levels);
}
