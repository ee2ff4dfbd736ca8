#include "scored.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Has the patient the outcome, and the event, of whatever cause? */
static bool has_outcome(const rad_cohort *c, const rad_performance *p, size_t row, bool *event) {
    const size_t at = p->outcome * c->rows + row;
    *event = p->timed ? c->events[at] > 0 : c->levels[at] == (int)p->event;
    return p->timed ? !isnan(c->times[at]) && c->events[at] >= 0 : c->levels[at] >= 0;
}

static void fill(const rad_cohort *c, rad_scored *s) {
    const rad_transform *t = &c->variables[s->variable].transform;
    for (size_t k = 0; k < s->of->cuts; k++) s->cut[k] = rad_step_rounded(s->of->cut[k] - t->centre, t->step);
    const double *x = c->values + s->variable * c->rows;
    for (size_t r = 0; r < c->rows; r++) {
        bool event;
        if (isnan(x[r]) || !has_outcome(c, s->of, r, &event)) continue;
        rad_bitset_add(s->both, r);
        rad_bitset_add(event ? s->event : s->other, r);
        s->x[s->count] = x[r];
        s->time[s->count] = s->of->timed ? c->times[s->of->outcome * c->rows + r] : 0;
        s->had[s->count++] = event;
    }
}

rad_status rad_scored_make(const rad_cohort *c, const rad_performance *p, rad_scored *s, rad_error *error) {
    *s = (rad_scored){.of = p};
    while (s->variable < c->count && strcmp(c->variables[s->variable].name, p->score) != 0) s->variable++;
    if (s->variable == c->count)
        return rad_fail(error, RAD_CONFIG, "performance %.80s: there is no column %.100s", p->name, p->score);
    s->both = rad_new(c->words, sizeof *s->both, error);
    s->event = rad_new(c->words, sizeof *s->event, error);
    s->other = rad_new(c->words, sizeof *s->other, error);
    s->x = rad_new(c->rows, sizeof *s->x, error);
    s->time = rad_new(c->rows, sizeof *s->time, error);
    s->had = rad_new(c->rows, sizeof *s->had, error);
    if (!s->both || !s->event || !s->other || !s->x || !s->time || !s->had) {
        rad_scored_free(s);
        return RAD_NO_MEMORY;
    }
    fill(c, s);
    return RAD_OK;
}

void rad_scored_free(rad_scored *s) {
    rad_free(s->both);
    rad_free(s->event);
    rad_free(s->other);
    rad_free(s->x);
    rad_free(s->time);
    rad_free(s->had);
    *s = (rad_scored){.count = 0};
}

rad_status rad_scored_concordance(const rad_scored *s, rad_concordance *out, rad_error *error) {
    return s->of->timed ? rad_concordance_of_times(s->x, s->time, s->had, s->count, out, error)
                        : rad_concordance_of_two(s->x, s->had, s->count, out, error);
}

typedef struct pair {
    double x, y;
} pair;

static int by_both(const void *a, const void *b) {
    const pair *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

rad_status rad_scored_is_alike(const rad_cohort *c, const rad_scored *s, size_t variable, bool *alike,
                               rad_error *error) {
    const double *y = c->values + variable * c->rows;
    pair *list = rad_new(s->count, sizeof *list, error);
    bool up = true, down = true;
    if (!list) return RAD_NO_MEMORY;
    size_t count = 0;
    for (size_t r = 0, i = 0; r < c->rows; r++)
        if (rad_bitset_has(s->both, r)) {
            if (!isnan(y[r])) list[count++] = (pair){s->x[i], y[r]};
            i++;
        }
    if (count) qsort(list, count, sizeof *list, by_both);
    for (size_t i = 1; i < count; i++) {
        const bool same = list[i].x == list[i - 1].x;
        up = up && (same ? list[i].y == list[i - 1].y : list[i].y > list[i - 1].y);
        down = down && (same ? list[i].y == list[i - 1].y : list[i].y < list[i - 1].y);
    }
    *alike = count > 1 && (up || down);
    rad_free(list);
    return RAD_OK;
}

rad_cutting rad_scored_cutting(const rad_scored *s, size_t least) {
    return (rad_cutting){s->x, s->had, s->count, s->cut, s->of->cuts, least};
}

void rad_scored_class(const rad_cohort *c, const rad_scored *s, const bool *edge, size_t k,
                      const uint64_t *within, uint64_t *out) {
    const rad_cutting cutting = rad_scored_cutting(s, 0);
    memset(out, 0, c->words * sizeof *out);
    for (size_t r = 0, i = 0; r < c->rows; r++) {
        if (!rad_bitset_has(s->both, r)) continue;
        size_t class = rad_cutting_class(&cutting, s->x[i++]);
        while (!edge[class]) class --;
        if (class == k && rad_bitset_has(within, r)) rad_bitset_add(out, r);
    }
}

rad_status rad_scored_sets(const rad_cohort *c, const rad_scored *s, const bool *edge, bool outcomes,
                           rad_sets *sets, rad_error *error) {
    const uint64_t *const within[] = {outcomes ? s->event : s->both, s->other};
    uint64_t *set = rad_new(c->words, sizeof *set, error);
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    for (size_t k = 0; k <= s->of->cuts && status == RAD_OK; k++)
        for (int o = 0; o < (outcomes ? 2 : 1) && edge[k] && status == RAD_OK; o++) {
            rad_scored_class(c, s, edge, k, within[o], set);
            if (!rad_is_zero(set, c->words * sizeof *set)) status = rad_sets_add(sets, set, error);
        }
    rad_free(set);
    return status;
}
