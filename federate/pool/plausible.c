#include "plausible.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

rad_status rad_plausible_fail(const rad_judging *j, const char *what, const char *format, ...) {
    char why[320];
    va_list list;
    va_start(list, format);
    vsnprintf(why, sizeof why, format, list);
    va_end(list);
    return rad_fail(
        j->error, RAD_UNTRUSTED,
        "site %s: %.100s: %s, which no patients can have; its file is broken or forged: ask the site",
        j->site->site, what, why);
}

uint64_t rad_plausible_add(uint64_t a, uint64_t b) {
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

uint64_t rad_plausible_slack(const rad_judging *j, uint64_t counts) {
    return counts * (uint64_t)(j->site->rules.round / 2);
}

/* *sign of a b - c d, and the number itself unless out is NULL. */
static rad_status cross(const rad_exact *a, const rad_exact *b, const rad_exact *c, const rad_exact *d,
                        rad_exact *out, int *sign) {
    rad_exact left = {0}, right = {0};
    rad_status status = rad_exact_multiply(a, b, &left, NULL);
    if (status == RAD_OK) status = rad_exact_multiply(c, d, &right, NULL);
    if (status == RAD_OK) status = rad_exact_subtract(&left, &right, NULL);
    *sign = rad_exact_sign(&left);
    rad_exact_free(&right);
    if (!out || status != RAD_OK)
        rad_exact_free(&left);
    else
        *out = left;
    return status;
}

/* A number that is less than the true one, if barely; and one that is larger. */
static double below(double x, double y) {
    return x - y - 0x1p-48 * (fabs(x) + fabs(y));
}

static double beyond(double x, double y) {
    return fabs(x - y) + 0x1p-48 * (fabs(x) + fabs(y));
}

/* Most pairs are far from any bound: doubles decide where their errors cannot matter. What is not a number,
 * or overflows, is not above anything. */
static bool is_surely_possible(const rad_pair_view *p) {
    const double n = (double)p->n, a = rad_exact_double(p->a), b = rad_exact_double(p->b);
    const double aa = below(n * rad_exact_double(p->aa), a * a),
                 bb = below(n * rad_exact_double(p->bb), b * b);
    return p->n > 1 && aa > 0x1p-900 && bb > 0x1p-900 &&
           0.999 * sqrt(aa) * sqrt(bb) > beyond(n * rad_exact_double(p->ab), a * b);
}

static bool is_nothing(const rad_pair_view *p) {
    return !p->a->count && !p->b->count && !p->aa->count && !p->bb->count && !p->ab->count;
}

static rad_status judge(const rad_pair_view *p, rad_fault *fault) {
    const rad_exact n = rad_exact_whole((int64_t)p->n);
    rad_exact aa = {0}, bb = {0}, ab = {0};
    int sign = 0;
    if (!p->n) {
        *fault = is_nothing(p) ? RAD_FAULT_NONE : RAD_FAULT_EMPTY;
        return RAD_OK;
    }
    rad_status status = cross(&n, p->aa, p->a, p->a, &aa, &sign);
    if (status == RAD_OK && (sign < 0 || (sign && p->n == 1))) *fault = RAD_FAULT_FIRST;
    if (status == RAD_OK && !*fault) status = cross(&n, p->bb, p->b, p->b, &bb, &sign);
    if (status == RAD_OK && !*fault && (sign < 0 || (sign && p->n == 1))) *fault = RAD_FAULT_SECOND;
    if (status == RAD_OK && !*fault) status = cross(&n, p->ab, p->a, p->b, &ab, &sign);
    if (status == RAD_OK && !*fault) status = cross(&aa, &bb, &ab, &ab, NULL, &sign);
    if (status == RAD_OK && !*fault && sign < 0) *fault = RAD_FAULT_PAIR;
    rad_exact_free(&aa);
    rad_exact_free(&bb);
    rad_exact_free(&ab);
    return status;
}

rad_status rad_plausible_pair(const rad_pair_view *p, rad_fault *fault, rad_error *error) {
    *fault = RAD_FAULT_NONE;
    if (is_surely_possible(p)) return RAD_OK;
    rad_status status = judge(p, fault);
    if (status == RAD_CONFIG) {
        *fault = RAD_FAULT_RANGE;
        return RAD_OK;
    }
    return status == RAD_OK ? RAD_OK : rad_fail(error, status, "out of memory: the sums of a site");
}

rad_status rad_plausible_moments(const rad_moments *m, rad_fault *fault, rad_error *error) {
    const rad_pair_view two = {m->n, &m->sum[0], &m->sum[0], &m->sum[1], &m->sum[1], &m->sum[1]},
                        four = {m->n, &m->sum[0], &m->sum[1], &m->sum[1], &m->sum[3], &m->sum[2]};
    *fault = RAD_FAULT_NONE;
    return m->powers ? rad_plausible_pair(m->powers < 4 ? &two : &four, fault, error) : RAD_OK;
}

/* all += part, or all -= part; of the powers that both have. */
static rad_status combine(rad_moments *all, const rad_moments *part, bool minus) {
    rad_status status = RAD_OK;
    for (int k = 0; k < all->powers && status == RAD_OK; k++)
        status = minus ? rad_exact_subtract(&all->sum[k], &part->sum[k], NULL)
                       : rad_exact_add(&all->sum[k], &part->sum[k], NULL);
    all->n = minus ? all->n - part->n : all->n + part->n;
    return status;
}

rad_status rad_plausible_part(const rad_moments *all, const rad_moments *part, rad_fault *fault,
                              rad_error *error) {
    rad_moments rest = {.powers = all->powers < part->powers ? all->powers : part->powers};
    *fault = part->n > all->n ? RAD_FAULT_MORE : RAD_FAULT_NONE;
    if (!rest.powers || *fault) return RAD_OK;
    rad_status status = combine(&rest, all, false);
    if (status == RAD_OK) status = combine(&rest, part, true);
    if (status == RAD_CONFIG) {
        *fault = RAD_FAULT_RANGE;
        status = RAD_OK;
    } else if (status == RAD_OK) {
        status = rad_plausible_moments(&rest, fault, error);
    } else {
        rad_fail(error, status, "out of memory: the sums of a site");
    }
    rad_moments_free(&rest);
    return status;
}

static const char *const words[] = {
    [RAD_FAULT_NONE] = "",
    [RAD_FAULT_MORE] = "more patients than all of them",
    [RAD_FAULT_EMPTY] = "sums of nobody that are not 0",
    [RAD_FAULT_FIRST] = "n S2 < S1^2",
    [RAD_FAULT_SECOND] = "n S4 < S2^2",
    [RAD_FAULT_PAIR] = "sums of four powers of which x and x^2 would correlate beyond 1",
    [RAD_FAULT_RANGE] = "a sum larger than any of doubles",
};
_Static_assert(sizeof words / sizeof words[0] == RAD_FAULTS, "words for every fault");

/* Values of all patients; where there are none missing, and whom. */
static rad_status judge_moments(const rad_judging *j) {
    const rad_summary *s = j->site;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < s->count && status == RAD_OK; v++) {
        rad_fault fault;
        status = rad_plausible_moments(&s->moments[v], &fault, j->error);
        if (status == RAD_OK && fault)
            return rad_plausible_fail(j, s->variables[v].name, "has %s", words[fault]);
        if (s->moments[v].powers && s->moments[v].n > s->rows)
            return rad_plausible_fail(j, s->variables[v].name, "has more values than the site has patients");
    }
    return status == RAD_OK ? rad_plausible_levels(j) : status;
}

/* Whoever is in none of the levels that are shown: at most those whom the counts of levels leave. */
static rad_status judge_rest(const rad_judging *j, size_t f, size_t v, const rad_moments *shown) {
    const rad_summary *s = j->site;
    const rad_moments *all = &s->moments[v];
    const int64_t *levels = s->levels + f * (RAD_FACTOR_LEVELS + 1);
    const char *name = s->variables[v].name, *group = j->study->factors[f].name;
    uint64_t others = s->rows;
    rad_fault fault;
    rad_status status = rad_plausible_part(all, shown, &fault, j->error);
    if (status != RAD_OK) return status;
    if (fault) return rad_plausible_fail(j, name, "all less the groups of %.60s has %s", group, words[fault]);
    for (size_t l = 0; l < j->study->factors[f].levels; l++) {
        const rad_moments *m = rad_summary_level(s, j->study, f, l, v);
        if (!m->powers) continue;
        if (levels[l] < 0) return RAD_OK; /* how many are left is not told */
        others -= (uint64_t)levels[l] < others ? (uint64_t)levels[l] : others;
    }
    if (all->n - shown->n <= others + rad_plausible_slack(j, RAD_FACTOR_LEVELS)) return RAD_OK;
    return rad_plausible_fail(j, name, "the groups of %.60s miss patients", group);
}

static rad_status judge_group(const rad_judging *j, size_t f, size_t v) {
    const rad_summary *s = j->site;
    const int64_t *levels = s->levels + f * (RAD_FACTOR_LEVELS + 1);
    rad_moments sum = {.powers = 4};
    rad_status status = RAD_OK;
    bool some = false;
    for (size_t l = 0; l < j->study->factors[f].levels && status == RAD_OK; l++) {
        const rad_moments *m = rad_summary_level(s, j->study, f, l, v);
        const char *level = j->study->factors[f].level[l], *group = j->study->factors[f].name;
        rad_fault fault;
        if (!m->powers) continue;
        some = true;
        status = rad_plausible_moments(m, &fault, j->error);
        if (status == RAD_OK && fault)
            status = rad_plausible_fail(j, s->variables[v].name, "of %.60s %.60s it has %s", group, level,
                                        words[fault]);
        else if (levels[l] >= 0 && m->n > (uint64_t)levels[l] + rad_plausible_slack(j, 1))
            status =
                rad_plausible_fail(j, s->variables[v].name,
                                   "has more values of %.60s %.60s than that has patients", group, level);
        if (m->powers < sum.powers) sum.powers = m->powers;
        if (status == RAD_OK) status = combine(&sum, m, false);
        if (status == RAD_CONFIG)
            status = rad_plausible_fail(j, s->variables[v].name, "has %s", words[RAD_FAULT_RANGE]);
    }
    if (status == RAD_OK && some && s->moments[v].powers) status = judge_rest(j, f, v, &sum);
    for (int k = 0; k < 4; k++) rad_exact_free(&sum.sum[k]);
    return status;
}

static rad_status judge_groups(const rad_judging *j) {
    rad_status status = RAD_OK;
    for (size_t f = 0; f < j->study->factor_count; f++)
        for (size_t v = 0; v < j->site->count && j->study->factors[f].group && status == RAD_OK; v++)
            status = judge_group(j, f, v);
    return status;
}

typedef rad_status judge_analysis(const rad_judging *j);
static judge_analysis *const judges[RAD_ANALYSES] = {
    [RAD_MOMENTS] = judge_moments, /* with third and fourth powers */
    [RAD_GROUPS] = judge_groups,
    [RAD_HISTOGRAMS] = rad_plausible_histograms,
    [RAD_TABLES] = rad_plausible_tables,
    [RAD_COVARIANCE] = rad_plausible_covariance,
    [RAD_MODEL] = rad_plausible_model,
    [RAD_RELIABILITY] = rad_plausible_reliability,
    [RAD_SURVIVAL] = rad_plausible_survival,
    [RAD_CHANGE] = rad_plausible_change,
    [RAD_PERFORMANCE] = rad_plausible_performance,
    [RAD_RANKS] = rad_plausible_ranks,
};

rad_status rad_plausible_check(const rad_summary *site, const rad_study *study, rad_error *error) {
    const rad_judging j = {site, study, error};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (judges[i]) status = judges[i](&j);
    return status;
}
