#include "logrank.h"

#include "../../core/memory.h"
#include "distributions.h"
#include "score_test.h"

#include <math.h>

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
        const uint64_t n = rad_pool_patients(&t[l]);
        at_risk[l] = (double)n;
        out->level[l].sites += t[l].sites;
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

static void finish(const scores *s, rad_logrank *out) {
    double score[RAD_FACTOR_LEVELS];
    bool has[RAD_FACTOR_LEVELS];
    for (size_t l = 0; l < s->levels; l++) {
        score[l] = (double)out->level[l].observed - out->level[l].expected;
        has[l] = out->level[l].expected > 0;
    }
    const rad_score_test test = {s->levels, s->levels, score, s->variance, has};
    if (rad_score_test_run(&test, &out->statistic, &out->df, &out->p) && s->levels == 2) finish_two(s, out);
}

static const rad_logrank undefined = {.statistic = NAN,
                                      .df = NAN,
                                      .p = NAN,
                                      .statistic_low = NAN,
                                      .statistic_high = NAN,
                                      .ratio = NAN,
                                      .low = NAN,
                                      .high = NAN,
                                      .estimate = NAN,
                                      .variance = NAN};

/* Sites that a test is of. */
typedef struct span {
    size_t first, count, together; /* so many at a time on common edges */
    size_t least;
} span;

/* A test of two levels says what one of them has, given the other. */
static rad_basis basis_of(const rad_pool *p, span of, size_t sites, const rad_logrank *x, size_t levels) {
    rad_rules rules = p->rules;
    rules.sites = (int)of.least;
    for (size_t l = 0; l < levels && levels == 2 && x->n; l++)
        sites = x->level[l].sites < sites ? x->level[l].sites : sites;
    return rad_basis_make(&rules, sites, x->n);
}

static rad_status compute(const rad_pool *p, span sites, size_t outcome, size_t factor, rad_logrank *out,
                          rad_error *error) {
    const size_t levels = p->study->factors[factor].levels,
                 stratum = rad_lifetable_stratum(p->study, outcome, factor, 0);
    const rad_lifetables **list = rad_pool_lifetables(p, outcome, sites.first, sites.count, error);
    scores *s = rad_new(1, sizeof *s, error);
    rad_lifetable *joined = rad_new(levels, sizeof *joined, error);
    rad_status status = list && s && joined ? RAD_OK : RAD_NO_MEMORY;
    size_t all = 0;
    *out = undefined;
    if (s) s->levels = levels;
    for (size_t i = 0; i < sites.count && status == RAD_OK; i += sites.together) {
        const size_t least = sites.together > 1 ? sites.least : 1;
        const rad_joining joining = {list + i, sites.together, least, stratum, levels};
        size_t shown = 0;
        status = rad_lifetables_join(&joining, joined, &shown, error);
        all += shown;
        if (status == RAD_OK && joined->edges > 1) add_tables(joined, s, out); /* else no time is common */
        for (size_t l = 0; l < levels; l++) rad_lifetable_free(&joined[l]);
    }
    const rad_basis basis = basis_of(p, sites, all, out, levels);
    if (!basis.shown) *out = undefined;
    out->basis = basis;
    if (status == RAD_OK && basis.shown) finish(s, out);
    rad_free(s);
    rad_free(joined);
    rad_free(list);
    return status;
}

rad_status rad_logrank_compute(const rad_pool *p, size_t outcome, size_t factor, bool by_site,
                               rad_logrank *out, rad_error *error) {
    return compute(p, (span){0, p->count, by_site ? 1 : p->count, (size_t)p->rules.sites}, outcome, factor,
                   out, error);
}

rad_status rad_logrank_of_site(const rad_pool *p, size_t site, size_t outcome, size_t factor,
                               rad_logrank *out, rad_error *error) {
    return compute(p, (span){site, 1, 1, 1}, outcome, factor, out, error);
}
