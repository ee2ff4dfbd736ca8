#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "score_permit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rad_status permit(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->performance_count && status == RAD_OK; i++)
        status = rad_score_permit_make(m, i, true);
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->performance_count && status == RAD_OK; i++)
        status = rad_score_permit_make(m, i, false);
    return status;
}

static rad_status sum_ranks(const rad_scored *s, rad_performed *out, rad_error *error) {
    rad_concordance c;
    rad_status status = rad_scored_concordance(s, &c, error);
    if (status != RAD_OK) return status;
    out->events = c.events;
    out->others = c.others;
    if (s->of->timed) {
        out->ranks[RAD_PERFORMED_TIMED_DOUBLED] = rad_exact_whole((int64_t)c.doubled);
        out->ranks[RAD_PERFORMED_PAIRS] = rad_exact_whole((int64_t)c.pairs);
        out->ranks[RAD_PERFORMED_DOUBLED2] = rad_exact_whole((int64_t)c.doubled2);
        out->ranks[RAD_PERFORMED_BOTH] = rad_exact_whole((int64_t)c.both);
        out->ranks[RAD_PERFORMED_PAIRS2] = rad_exact_whole((int64_t)c.pairs2);
        return RAD_OK;
    }
    out->ranks[RAD_PERFORMED_DOUBLED] = rad_exact_whole((int64_t)c.doubled);
    return rad_concordance_spread(&c, &out->ranks[RAD_PERFORMED_SPREAD], error);
}

/* Squares of score less 1 or 0: those of the score, less twice its sum of the events, and one for each. */
static rad_status sum_squares(const rad_summing *m, const rad_scored *s, rad_exact *out) {
    const double *x = m->cohort->values + s->variable * m->cohort->rows;
    const rad_exact two = rad_exact_whole(-2);
    rad_exact all[2] = {{0}}, events = {0}, twice = {0},
              one = rad_exact_whole((int64_t)rad_bitset_count(s->event, m->cohort->words));
    rad_status status = rad_exact_sum_powers(x, s->both, m->cohort->rows, 2, all, m->error);
    if (status == RAD_OK) status = rad_exact_sum_powers(x, s->event, m->cohort->rows, 1, &events, m->error);
    if (status == RAD_OK) status = rad_exact_multiply(&events, &two, &twice, m->error);
    if (status == RAD_OK) status = rad_exact_add(out, &all[1], m->error);
    if (status == RAD_OK) status = rad_exact_add(out, &twice, m->error);
    if (status == RAD_OK) status = rad_exact_add(out, &one, m->error);
    rad_exact *const used[] = {&all[0], &all[1], &events, &twice, &one};
    for (size_t i = 0; i < sizeof used / sizeof used[0]; i++) rad_exact_free(used[i]);
    return status;
}

static rad_status sum_class(const rad_summing *m, const rad_scored *s, const bool *edge, size_t at, size_t k,
                            rad_performed *out, uint64_t *set) {
    const rad_cohort *c = m->cohort;
    const uint64_t *const within[] = {s->event, s->other};
    out->classes.edge[at] = (uint16_t)k;
    for (size_t o = 0; o < 2; o++) {
        rad_scored_class(c, s, edge, k, within[o], set);
        out->classes.counts[2 * at + o] = rad_summarise_rounded(m, rad_bitset_count(set, c->words));
    }
    if (!out->predicted) return RAD_OK;
    rad_scored_class(c, s, edge, k, s->both, set);
    return rad_exact_sum_powers(c->values + s->variable * c->rows, set, c->rows, 1, &out->predicted[at],
                                m->error);
}

static rad_status sum_classes(const rad_summing *m, const rad_scored *s, const rad_score_permit *allowed,
                              rad_performed *out) {
    size_t edges = 0, at = 0;
    const size_t last = s->of->cuts + 1;
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    for (size_t k = 0; k <= last; k++) edges += allowed->edge[k];
    rad_status status =
        set ? rad_performed_allocate(out, edges, s->of->probability && allowed->predicted, m->error)
            : RAD_NO_MEMORY;
    for (size_t k = 0; k < last && status == RAD_OK; k++)
        if (allowed->edge[k]) status = sum_class(m, s, allowed->edge, at++, k, out, set);
    if (status == RAD_OK) out->classes.edge[at] = (uint16_t)last;
    rad_free(set);
    return status;
}

static rad_status sum_one(const rad_summing *m, size_t i) {
    const rad_score_permit *allowed = &m->permit->score_permits[i];
    rad_performed *out = &m->summary->performed[i];
    rad_scored s = {0};
    if (!allowed->shown) return RAD_OK;
    rad_status status = rad_scored_make(m->cohort, &m->study->performances[i], &s, m->error);
    if (status == RAD_OK) status = sum_ranks(&s, out, m->error);
    if (status == RAD_OK && !s.of->timed) status = sum_classes(m, &s, allowed, out);
    if (status == RAD_OK && s.of->probability) status = sum_squares(m, &s, &out->squares);
    out->shown = status == RAD_OK && out->events && out->others;
    rad_scored_free(&s);
    return status;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < m->study->performance_count && status == RAD_OK; i++) status = sum_one(m, i);
    return status;
}

/* Patients by their times, in eighths: that a few left at other times than before moves some of them. */
enum { PARTS = 8 };

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static rad_status add_times(const rad_cohort *c, const rad_scored *s, rad_sets *sets, rad_error *error) {
    double *sorted = rad_new(s->count, sizeof *sorted, error);
    uint64_t *set = rad_new(c->words, sizeof *set, error);
    rad_status status = sorted && set ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && s->count) {
        memcpy(sorted, s->time, s->count * sizeof *sorted);
        qsort(sorted, s->count, sizeof *sorted, by_value);
    }
    for (size_t k = 1; k < PARTS && s->count && status == RAD_OK; k++) {
        const double end = sorted[k * s->count / PARTS];
        memset(set, 0, c->words * sizeof *set);
        for (size_t r = 0, i = 0; r < c->rows; r++)
            if (rad_bitset_has(s->both, r) && s->time[i++] <= end) rad_bitset_add(set, r);
        status = rad_sets_add(sets, set, error);
    }
    rad_free(sorted);
    rad_free(set);
    return status;
}

/* Counts of all scores by outcome; and, where outcomes have times, who left by when. */
static rad_status audit(const rad_cohort *c, const rad_study *s, const rad_permit *p, size_t which,
                        rad_audited *out, rad_error *error) {
    rad_status status = RAD_OK;
    *out = (rad_audited){.sets = {.words = c->words}};
    if (which > 1 || !rad_study_asks(s, RAD_PERFORMANCE)) return RAD_OK;
    snprintf(out->name, sizeof out->name, "%s", which ? "times of scores" : "classes of scores");
    for (size_t i = 0; i < s->performance_count && status == RAD_OK; i++) {
        rad_scored scored;
        if (!p->score_permits[i].shown || (which && !s->performances[i].timed)) continue;
        status = rad_scored_make(c, &s->performances[i], &scored, error);
        if (status == RAD_OK)
            status = which ? add_times(c, &scored, &out->sets, error)
                           : rad_scored_sets(c, &scored, p->score_permits[i].edge, true, &out->sets, error);
        rad_scored_free(&scored);
    }
    return status;
}

const rad_site_analysis rad_site_performance = {
    .permit = permit, .allow_all = allow_all, .sum = sum, .audit = audit};
