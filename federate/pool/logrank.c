#include "survival.h"

#include "../../core/linear.h"
#include "../../core/memory.h"
#include "../../io/csv.h"
#include "inference.h"
#include "put.h"
#include "relations.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Life tables of all sites of a pool, or of one. */
typedef struct tables {
    const rad_lifetables **list; /* owned */
    size_t count;
} tables;

static rad_status take_tables(const rad_pool *p, size_t outcome, size_t first, size_t count, tables *out,
                              rad_error *error) {
    *out = (tables){rad_new(count, sizeof(const rad_lifetables *), error), count};
    for (size_t i = 0; out->list && i < count; i++) out->list[i] = &p->sites[first + i].lifetables[outcome];
    return out->list ? RAD_OK : RAD_NO_MEMORY;
}

static uint64_t all_of(const rad_lifetable *t) {
    uint64_t n = 0;
    for (size_t i = 0; i < rad_lifetable_cells(t->edges); i++) n += t->counts[i];
    return n;
}

/* Interval by interval while there are patients; the first point is at time 0. */
static void walk(const rad_lifetable *t, const double *grid, rad_curve *out) {
    rad_curve_point at = {.at_risk = out->n, .survival = 1, .grid_low = 1, .low = NAN, .high = NAN};
    double sum = 0; /* Greenwood's */
    out->point[0] = at;
    for (size_t i = 0; i + 1 < t->edges && at.at_risk; i++) {
        const uint64_t n = at.at_risk, d = t->counts[2 * i], c = t->counts[2 * i + 1];
        at = (rad_curve_point){.time = grid[t->edge[i + 1]],
                               .at_risk = n,
                               .events = d,
                               .censored = c,
                               .survival = at.survival * (d ? 1 - (double)d / (double)n : 1),
                               .grid_low = at.grid_low * (d ? 1 - (double)d / (double)(n - c) : 1)};
        sum += d ? (double)d / ((double)n * (double)(n - d)) : 0;
        at.se = at.survival > 0 ? at.survival * sqrt(sum) : NAN;
        const bool inside = at.survival > 0 && at.survival < 1;
        const double half = inside ? RAD_Z95 * sqrt(sum) / log(at.survival) : NAN;
        at.low = pow(at.survival, exp(-half));
        at.high = pow(at.survival, exp(half));
        if (!inside) at.low = at.high = NAN;
        out->events += d;
        out->point[i + 1] = at;
        out->count = i + 2;
        at.at_risk = n - d - c;
    }
}

static void find_median(rad_curve *c) {
    c->median_low = 0;
    c->median_high = INFINITY;
    for (size_t i = 0; i < c->count; i++) {
        if (c->point[i].grid_low > 0.5) c->median_low = c->point[i].time;
        if (c->point[i].survival <= 0.5 && isinf(c->median_high)) c->median_high = c->point[i].time;
    }
}

static rad_status curve_of(const tables *t, const double *grid, size_t stratum, rad_curve *out,
                           rad_error *error) {
    rad_lifetable joined;
    *out = (rad_curve){.median_low = NAN, .median_high = NAN};
    rad_status status = rad_lifetables_join(t->list, t->count, stratum, 1, &joined, &out->sites, error);
    if (status == RAD_OK && joined.edges) {
        out->point = rad_new(joined.edges, sizeof *out->point, error);
        if (!out->point) status = RAD_NO_MEMORY;
    }
    if (status == RAD_OK && joined.edges) {
        out->n = all_of(&joined);
        walk(&joined, grid, out);
        if (out->n) find_median(out);
    }
    rad_lifetable_free(&joined);
    return status;
}

rad_status rad_curve_take(const rad_pool *p, size_t outcome, size_t stratum, rad_curve *out,
                          rad_error *error) {
    tables t;
    *out = (rad_curve){.count = 0};
    rad_status status = take_tables(p, outcome, 0, p->count, &t, error);
    if (status == RAD_OK) status = curve_of(&t, p->study->survivals[outcome].grid, stratum, out, error);
    rad_free(t.list);
    return status;
}

void rad_curve_free(rad_curve *c) {
    rad_free(c->point);
    *c = (rad_curve){.count = 0};
}

/* Sums over intervals, and over sites where these are strata. */
typedef struct scores {
    size_t levels;
    double variance[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS];
    double variance_low, variance_high; /* of the first of two levels, by exact times */
} scores;

/* What p (1 - p) is at least and at most for p between two bounds. */
static void bound_product(double low, double high, double *least, double *most) {
    const double a = low * (1 - low), b = high * (1 - high);
    *least = fmin(a, b);
    *most = low < 0.5 && high > 0.5 ? 0.25 : fmax(a, b);
}

/* The share of level l among those at risk, at the exact time of some event in an interval: leavers of l may
 * all have gone before, or none, and so may those of the others. An event of its own level leaves at least
 * its own patient there. */
static void bound_share(double n, double leave, double others, double others_leave, bool own, double *low,
                        double *high) {
    const double least = n - leave + (own ? 1 : 0), others_least = others - others_leave + (own ? 0 : 1);
    *low = least / (least + others);
    *high = n / (n + others_least);
}

static void bound_level(const double *at_risk, const double *events, const double *censored, size_t l,
                        const scores *s, rad_logrank *out, double *variance) {
    double n = 0, d = 0, leave = 0, low, high, least, most;
    for (size_t j = 0; j < s->levels; j++) {
        n += at_risk[j];
        d += events[j];
        leave += events[j] + censored[j];
    }
    const double own_leave = events[l] + censored[l];
    variance[0] = variance[1] = 0;
    for (int own = 0; own < 2; own++) {
        const double count = own ? events[l] : d - events[l];
        if (!(count > 0)) continue;
        bound_share(at_risk[l], own_leave, n - at_risk[l], leave - own_leave, own, &low, &high);
        out->level[l].expected_low += count * low;
        out->level[l].expected_high += count * high;
        bound_product(low, high, &least, &most);
        variance[0] += n > 1 ? count * least * fmin(1, (n - leave) / (n - 1)) : 0; /* all at one time */
        variance[1] += count * most;
    }
}

static void add_interval(const double *at_risk, const double *events, const double *censored, scores *s,
                         rad_logrank *out) {
    double n = 0, d = 0, variance[2];
    for (size_t l = 0; l < s->levels; l++) {
        n += at_risk[l];
        d += events[l];
    }
    if (!(d > 0)) return;
    const double spread = n > 1 ? d * (n - d) / (n - 1) : 0;
    for (size_t l = 0; l < s->levels; l++) {
        const double p = at_risk[l] / n;
        out->level[l].expected += d * p;
        for (size_t m = 0; m < s->levels; m++)
            s->variance[l * s->levels + m] += spread * p * ((l == m) - at_risk[m] / n);
        bound_level(at_risk, events, censored, l, s, out, variance);
        if (l) continue;
        s->variance_low += variance[0];
        s->variance_high += variance[1];
    }
}

static void add_tables(const rad_lifetable *t, scores *s, rad_logrank *out) {
    double at_risk[RAD_FACTOR_LEVELS] = {0}, events[RAD_FACTOR_LEVELS] = {0},
           censored[RAD_FACTOR_LEVELS] = {0};
    for (size_t l = 0; l < s->levels; l++) {
        const uint64_t n = all_of(&t[l]);
        at_risk[l] = (double)n;
        out->n += n;
        out->level[l].n += n;
    }
    for (size_t i = 0; i + 1 < t->edges; i++) {
        for (size_t l = 0; l < s->levels; l++) {
            const uint64_t d = t[l].counts[2 * i];
            events[l] = (double)d;
            censored[l] = (double)t[l].counts[2 * i + 1];
            out->events += d;
            out->level[l].observed += d;
        }
        add_interval(at_risk, events, censored, s, out);
        for (size_t l = 0; l < s->levels; l++) at_risk[l] -= events[l] + censored[l];
    }
}

/* Two levels: how far the test of the exact times may lie from that of the grid. */
static void bound_test(const scores *s, rad_logrank *out) {
    const rad_logrank_level *x = &out->level[0];
    const double a = (double)x->observed - x->expected_high, b = (double)x->observed - x->expected_low;
    const double near = a <= 0 && b >= 0 ? 0 : fmin(fabs(a), fabs(b)), far = fmax(fabs(a), fabs(b));
    out->statistic_low = near > 0 ? near * near / s->variance_high : 0;
    out->statistic_high = s->variance_low > 0 ? far * far / s->variance_low : INFINITY;
}

static void finish_two(const scores *s, rad_logrank *out) {
    const double v = s->variance[0], score = (double)out->level[0].observed - out->level[0].expected;
    bound_test(s, out);
    out->estimate = score / v;
    out->variance = 1 / v;
    out->ratio = exp(out->estimate);
    out->low = exp(out->estimate - RAD_Z95 / sqrt(v));
    out->high = exp(out->estimate + RAD_Z95 / sqrt(v));
}

/* Chi-square of the levels of which events are expected, but for the last of them. */
static void finish(const scores *s, rad_logrank *out) {
    double a[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS], x[RAD_FACTOR_LEVELS], score[RAD_FACTOR_LEVELS];
    size_t of[RAD_FACTOR_LEVELS], used = 0;
    for (size_t l = 0; l < s->levels; l++)
        if (out->level[l].expected > 0) of[used++] = l;
    if (used < 2) return;
    const size_t q = used - 1;
    for (size_t i = 0; i < q; i++) {
        score[i] = x[i] = (double)out->level[of[i]].observed - out->level[of[i]].expected;
        for (size_t j = 0; j < q; j++) a[i * q + j] = s->variance[of[i] * s->levels + of[j]];
    }
    if (!rad_linear_solve((int)q, a, x)) return;
    out->statistic = 0;
    for (size_t i = 0; i < q; i++) out->statistic += score[i] * x[i];
    out->df = (double)q;
    out->p = rad_chi_square_tail(out->statistic, out->df);
    if (s->levels == 2) finish_two(s, out);
}

/* The sites together on common edges, or each on its own. */
static rad_status test_of(const tables *t, const rad_study *study, size_t outcome, size_t factor,
                          bool by_site, rad_logrank *out, rad_error *error) {
    const size_t levels = study->factors[factor].levels,
                 first = rad_lifetable_stratum(study, outcome, factor, 0);
    scores *s = rad_new(1, sizeof *s, error);
    rad_lifetable *joined = rad_new(levels, sizeof *joined, error);
    rad_status status = s && joined ? RAD_OK : RAD_NO_MEMORY;
    *out = (rad_logrank){.statistic = NAN,
                         .df = NAN,
                         .p = NAN,
                         .statistic_low = NAN,
                         .statistic_high = NAN,
                         .ratio = NAN,
                         .low = NAN,
                         .high = NAN,
                         .estimate = NAN,
                         .variance = NAN};
    if (s) s->levels = levels;
    for (size_t i = 0; i < (by_site ? t->count : 1) && status == RAD_OK; i++) {
        size_t sites = 0;
        status =
            rad_lifetables_join(t->list + i, by_site ? 1 : t->count, first, levels, joined, &sites, error);
        out->sites += sites;
        if (status == RAD_OK) add_tables(joined, s, out);
        for (size_t l = 0; l < levels; l++) rad_lifetable_free(&joined[l]);
    }
    if (status == RAD_OK) finish(s, out);
    rad_free(s);
    rad_free(joined);
    return status;
}

rad_status rad_logrank_take(const rad_pool *p, size_t outcome, size_t factor, bool by_site, rad_logrank *out,
                            rad_error *error) {
    tables t;
    rad_status status = take_tables(p, outcome, 0, p->count, &t, error);
    if (status == RAD_OK) status = test_of(&t, p->study, outcome, factor, by_site, out, error);
    rad_free(t.list);
    return status;
}

rad_status rad_logrank_of_site(const rad_pool *p, size_t site, size_t outcome, size_t factor,
                               rad_logrank *out, rad_error *error) {
    tables t;
    rad_status status = take_tables(p, outcome, site, 1, &t, error);
    if (status == RAD_OK) status = test_of(&t, p->study, outcome, factor, false, out, error);
    rad_free(t.list);
    return status;
}

/* All strata of all outcomes: what to do with each. */
typedef rad_status each_stratum(FILE *out, const rad_pool *p, size_t outcome, const rad_factor *factor,
                                size_t level, size_t stratum, rad_error *error);

static rad_status for_strata(FILE *out, const rad_pool *p, each_stratum *each, rad_error *error) {
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++) {
        status = each(out, p, o, NULL, 0, 0, error);
        for (size_t f = 0; f < s->factor_count; f++)
            for (size_t l = 0; l < s->factors[f].levels && s->survivals[o].by[f] && status == RAD_OK; l++)
                status = each(out, p, o, &s->factors[f], l, rad_lifetable_stratum(s, o, f, l), error);
    }
    return status;
}

static void put_names(FILE *out, const rad_pool *p, size_t outcome, const rad_factor *factor, size_t level) {
    rad_csv_put(out, p->study->survivals[outcome].name);
    rad_put_text(out, factor ? factor->name : "");
    rad_put_text(out, factor ? factor->level[level] : "");
}

static void put_points(FILE *out, const rad_pool *p, const char *site, size_t outcome,
                       const rad_factor *factor, size_t level, const rad_curve *c) {
    for (size_t i = 0; i < c->count; i++) {
        const rad_curve_point *x = &c->point[i];
        const double numbers[] = {x->survival, x->grid_low, x->se, x->low, x->high};
        put_names(out, p, outcome, factor, level);
        if (site) rad_put_text(out, site);
        rad_put_number(out, x->time);
        fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, x->at_risk, x->events, x->censored);
        rad_put_numbers(out, numbers, 5);
        if (!site) fprintf(out, ",%zu", c->sites);
        rad_put_end(out);
    }
}

static rad_status put_curve(FILE *out, const rad_pool *p, size_t outcome, const rad_factor *factor,
                            size_t level, size_t stratum, rad_error *error) {
    rad_curve c;
    rad_status status = rad_curve_take(p, outcome, stratum, &c, error);
    put_points(out, p, NULL, outcome, factor, level, &c);
    rad_curve_free(&c);
    return status;
}

static rad_status put_site_curves(FILE *out, const rad_pool *p, size_t outcome, const rad_factor *factor,
                                  size_t level, size_t stratum, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < p->count && status == RAD_OK; i++) {
        tables t;
        rad_curve c = {.count = 0};
        status = take_tables(p, outcome, i, 1, &t, error);
        if (status == RAD_OK) status = curve_of(&t, p->study->survivals[outcome].grid, stratum, &c, error);
        put_points(out, p, p->sites[i].site, outcome, factor, level, &c);
        rad_curve_free(&c);
        rad_free(t.list);
    }
    return status;
}

static rad_status put_median(FILE *out, const rad_pool *p, size_t outcome, const rad_factor *factor,
                             size_t level, size_t stratum, rad_error *error) {
    rad_curve c;
    rad_status status = rad_curve_take(p, outcome, stratum, &c, error);
    const double numbers[] = {c.median_low, c.median_high};
    put_names(out, p, outcome, factor, level);
    fprintf(out, ",%" PRIu64 ",%" PRIu64, c.n, c.events);
    rad_put_numbers(out, numbers, 2);
    fprintf(out, ",%zu\r\n", c.sites);
    rad_curve_free(&c);
    return status;
}

rad_status rad_survival_curves(FILE *out, void *context, rad_error *error) {
    fputs("outcome,group,level,time,at_risk,events,censored,survival,grid_low,se,low,high,sites\r\n", out);
    return for_strata(out, ((const rad_results *)context)->pool, put_curve, error);
}

rad_status rad_survival_curves_by_site(FILE *out, void *context, rad_error *error) {
    fputs("outcome,group,level,site,time,at_risk,events,censored,survival,grid_low,se,low,high\r\n", out);
    return for_strata(out, ((const rad_results *)context)->pool, put_site_curves, error);
}

rad_status rad_survival_medians(FILE *out, void *context, rad_error *error) {
    fputs("outcome,group,level,n,events,median_low,median_high,sites\r\n", out);
    return for_strata(out, ((const rad_results *)context)->pool, put_median, error);
}

/* All tests: of each outcome, factor, with sites together and as strata. */
typedef void each_test(FILE *out, const rad_pool *p, const rad_factor *factor, const rad_logrank *test,
                       const char *outcome, const char *adjusted);

static rad_status for_tests(FILE *out, const rad_pool *p, each_test *each, rad_error *error) {
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    rad_logrank *test = rad_new(1, sizeof *test, error);
    if (!test) return RAD_NO_MEMORY;
    for (size_t o = 0; o < s->survival_count; o++)
        for (size_t f = 0; f < s->factor_count; f++)
            for (int by_site = 0; by_site < 2 && s->survivals[o].by[f] && status == RAD_OK; by_site++) {
                status = rad_logrank_take(p, o, f, by_site, test, error);
                each(out, p, &s->factors[f], test, s->survivals[o].name, by_site ? "site" : "none");
            }
    rad_free(test);
    return status;
}

static void put_test(FILE *out, const rad_pool *p, const rad_factor *factor, const rad_logrank *t,
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
    (void)p;
    rad_csv_put(out, outcome);
    rad_put_text(out, factor->name);
    rad_put_text(out, adjusted);
    fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%zu", t->n, t->events, t->sites);
    rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    rad_put_end(out);
}

static void put_levels(FILE *out, const rad_pool *p, const rad_factor *factor, const rad_logrank *t,
                       const char *outcome, const char *adjusted) {
    (void)p;
    for (size_t l = 0; l < factor->levels; l++) {
        const rad_logrank_level *x = &t->level[l];
        const double numbers[] = {x->expected, x->expected_low, x->expected_high};
        rad_csv_put(out, outcome);
        rad_put_text(out, factor->name);
        rad_put_text(out, adjusted);
        rad_put_text(out, factor->level[l]);
        fprintf(out, ",%" PRIu64 ",%" PRIu64, x->n, x->observed);
        rad_put_numbers(out, numbers, 3);
        rad_put_end(out);
    }
}

rad_status rad_survival_tests(FILE *out, void *context, rad_error *error) {
    fputs("outcome,group,adjusted_for,n,events,sites,statistic,df,p,statistic_low,statistic_high,p_low,p_"
          "high,hazard_ratio,low,high\r\n",
          out);
    return for_tests(out, ((const rad_results *)context)->pool, put_test, error);
}

rad_status rad_survival_levels(FILE *out, void *context, rad_error *error) {
    fputs("outcome,group,adjusted_for,level,n,observed,expected,expected_low,expected_high\r\n", out);
    return for_tests(out, ((const rad_results *)context)->pool, put_levels, error);
}
