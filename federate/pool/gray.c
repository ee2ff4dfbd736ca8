#include "gray.h"

#include "../../core/memory.h"
#include "score_test.h"

#include <math.h>
#include <string.h>

enum { LEVELS = RAD_FACTOR_LEVELS };

/* Sums over strata. */
typedef struct scores {
    size_t levels;
    double score[LEVELS], variance[LEVELS][LEVELS];
    double shift[LEVELS][LEVELS], all[LEVELS][LEVELS]; /* how later scores shift: up to now; to the end */
    bool has[LEVELS];
} scores;

/* One stratum on its way through the intervals. */
typedef struct walk {
    double at_risk[LEVELS], survival[LEVELS], incidence[LEVELS]; /* before the interval */
    double together;                                             /* incidence of all, before it */
} walk;

/* What happens in an interval: of the cause, of others; patients by survival, and what is left after it. */
typedef struct interval {
    double own[LEVELS], other[LEVELS], hazard[LEVELS], left[LEVELS];
    double events, others, hazards, after; /* of all; incidence of all after it */
} interval;

static void read_interval(const rad_lifetable *t, size_t at, size_t cause, const scores *s, const walk *w,
                          interval *v) {
    *v = (interval){.events = 0};
    for (size_t l = 0; l < s->levels; l++) {
        v->own[l] = (double)t[l].cause[at * t[l].causes + cause];
        v->other[l] = (double)t[l].counts[2 * at] - v->own[l];
        v->events += v->own[l];
        v->others += v->other[l];
        if (!(w->at_risk[l] > 0)) continue;
        v->hazard[l] = w->at_risk[l] / w->survival[l];
        v->left[l] = w->survival[l] * (w->at_risk[l] - v->own[l] - v->other[l]) / w->at_risk[l];
        v->hazards += v->hazard[l];
    }
    v->after = w->together + (v->events > 0 ? v->events / v->hazards : 0);
}

/* How a score of level l weighs the incidence of level r. */
static double weight_of(const interval *v, size_t l, size_t r) {
    return v->hazard[r] * ((l == r) - v->hazard[l] / v->hazards);
}

static void add_score(const interval *v, const walk *w, scores *s) {
    double all = 0;
    for (size_t l = 0; l < s->levels; l++) all += v->hazard[l] * (1 - w->incidence[l]);
    for (size_t l = 0; l < s->levels && all > 0; l++)
        s->score[l] += v->own[l] - v->events * v->hazard[l] * (1 - w->incidence[l]) / all;
}

static void add_shift(const interval *v, const walk *w, scores *s) {
    if (!(v->events > 0)) return;
    for (size_t l = 0; l < s->levels; l++)
        for (size_t r = 0; r < s->levels; r++)
            s->shift[l][r] += weight_of(v, l, r) * v->events / (v->hazards * (1 - w->together));
}

/* Events of level r shift the scores by `slope`, each with that variance. */
static void add_square(scores *s, const double slope[LEVELS], double variance) {
    for (size_t l = 0; l < s->levels; l++)
        for (size_t m = 0; m < s->levels; m++) s->variance[l][m] += slope[l] * slope[m] * variance;
}

static void add_variance(const interval *v, const walk *w, scores *s) {
    double slope[LEVELS];
    for (size_t r = 0; r < s->levels; r++) {
        const double n = w->at_risk[r], before = w->survival[r], left = v->left[r];
        if (!(n > 0)) continue;
        if (v->events > 0) { /* as many as expected by all */
            const double turn = left > 0 ? (1 - v->after) / left - 1 : -1,
                         ties = v->events > 1 ? 1 - (v->events - 1) / (v->hazards * before - 1) : 1;
            for (size_t l = 0; l < s->levels; l++)
                slope[l] = weight_of(v, l, r) - turn * (s->all[l][r] - s->shift[l][r]);
            add_square(s, slope, ties * before * v->events / (v->hazards * n));
        }
        if (v->other[r] > 0 && left > 0) {
            const double ties = v->other[r] > 1 ? 1 - (v->other[r] - 1) / (n - 1) : 1;
            for (size_t l = 0; l < s->levels; l++)
                slope[l] = (1 - v->after) / left * (s->all[l][r] - s->shift[l][r]);
            add_square(s, slope, ties * before * before * v->other[r] / (n * n));
        }
    }
}

static void step(const rad_lifetable *t, size_t at, const interval *v, const scores *s, walk *w) {
    for (size_t l = 0; l < s->levels; l++) {
        if (!(w->at_risk[l] > 0)) continue;
        w->incidence[l] += w->survival[l] * v->own[l] / w->at_risk[l];
        w->survival[l] = v->left[l];
        w->at_risk[l] -= (double)t[l].counts[2 * at] + (double)t[l].counts[2 * at + 1];
    }
    w->together = v->after;
}

/* Once for how much scores shift in all, and again for what that makes of the variance. */
static void add_stratum(const rad_lifetable *t, size_t cause, scores *s) {
    memset(s->all, 0, sizeof s->all);
    for (int again = 0; again < 2; again++) {
        walk w = {.together = 0};
        memset(s->shift, 0, sizeof s->shift);
        for (size_t l = 0; l < s->levels; l++) {
            w.at_risk[l] = (double)rad_pool_patients(&t[l]);
            w.survival[l] = 1;
            s->has[l] = s->has[l] || w.at_risk[l] > 0;
        }
        for (size_t i = 0; i + 1 < t->edges; i++) {
            interval v;
            read_interval(t, i, cause, s, &w, &v);
            if (!(v.hazards > 0)) break;
            add_shift(&v, &w, s);
            if (again) add_score(&v, &w, s);
            if (again) add_variance(&v, &w, s);
            step(t, i, &v, s, &w);
        }
        memcpy(s->all, s->shift, sizeof s->all);
    }
}

static void finish(const scores *s, rad_gray *out) {
    const rad_score_test test = {s->levels, LEVELS, s->score, *s->variance, s->has};
    if (out->events) rad_score_test_run(&test, &out->statistic, &out->df, &out->p);
}

static void count(const rad_lifetable *t, size_t levels, size_t cause, rad_gray *out) {
    for (size_t l = 0; l < levels; l++) {
        out->n += rad_pool_patients(&t[l]);
        for (size_t i = 0; i + 1 < t->edges; i++) out->events += t[l].cause[i * t[l].causes + cause];
    }
}

rad_status rad_gray_compute(const rad_pool *p, size_t outcome, size_t factor, size_t cause, bool by_site,
                            rad_gray *out, rad_error *error) {
    const size_t levels = p->study->factors[factor].levels,
                 stratum = rad_lifetable_stratum(p->study, outcome, factor, 0),
                 together = by_site ? 1 : p->count;
    const rad_lifetables **list = rad_pool_lifetables(p, outcome, 0, p->count, error);
    scores *s = rad_new(1, sizeof *s, error);
    rad_lifetable *joined = rad_new(levels, sizeof *joined, error);
    rad_status status = list && s && joined ? RAD_OK : RAD_NO_MEMORY;
    size_t sites = 0;
    *out = (rad_gray){.statistic = NAN, .df = NAN, .p = NAN};
    if (s) s->levels = levels;
    for (size_t i = 0; i < p->count && status == RAD_OK; i += together) {
        const rad_joining joining = {list + i, together, by_site ? 1 : (size_t)p->rules.sites, stratum,
                                     levels};
        size_t shown = 0;
        status = rad_lifetables_join(&joining, joined, &shown, error);
        sites += shown;
        if (status == RAD_OK && joined->edges > 1 && joined->causes > cause) {
            count(joined, levels, cause, out);
            add_stratum(joined, cause, s);
        }
        for (size_t l = 0; l < levels; l++) rad_lifetable_free(&joined[l]);
    }
    out->basis = rad_basis_make(&p->rules, sites, out->n);
    if (status == RAD_OK && out->basis.shown) finish(s, out);
    rad_free(s);
    rad_free(joined);
    rad_free(list);
    return status;
}
