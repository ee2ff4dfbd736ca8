#include "concordance.h"

#include "../../core/memory.h"

#include <stdlib.h>
#include <string.h>

typedef struct patient {
    double x, time;
    bool event;
    size_t rank; /* of x, equal ones alike, from 1 */
    size_t at;   /* where it was */
} patient;

static int by_score(const void *a, const void *b) {
    const patient *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* Patients by score, with ranks. */
static patient *sorted(const double *x, const bool *event, size_t count, rad_error *error) {
    patient *list = rad_new(count, sizeof *list, error);
    if (!list) return NULL;
    for (size_t i = 0; i < count; i++) list[i] = (patient){.x = x[i], .event = event[i], .at = i};
    if (count) qsort(list, count, sizeof *list, by_score);
    for (size_t i = 0, rank = 0; i < count; i++) {
        rank += !i || list[i].x != list[i - 1].x;
        list[i].rank = rank;
    }
    return list;
}

/* The patients first .. end - 1 have the same score; `below` of either outcome have a smaller one. */
static void add_tied(rad_concordance *out, uint64_t events, uint64_t others, const uint64_t below[2]) {
    const uint64_t of_event = 2 * below[0] + others,
                   of_other = 2 * (out->events - below[1] - events) + events;
    out->doubled += events * of_event;
    out->doubled2_events += events * of_event * of_event;
    out->doubled2_others += others * of_other * of_other;
}

rad_status rad_concordance_of_two(const double *x, const bool *event, size_t count, rad_concordance *out,
                                  rad_error *error) {
    uint64_t below[2] = {0, 0}; /* without the event, and with it */
    patient *list = sorted(x, event, count, error);
    *out = (rad_concordance){0};
    if (!list) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) out->events += event[i];
    out->others = count - out->events;
    out->pairs = out->events * out->others;
    if (out->pairs) out->most = out->events > out->others ? out->events : out->others;
    for (size_t i = 0, end; i < count; i = end) {
        uint64_t here[2] = {0, 0};
        for (end = i; end < count && list[end].rank == list[i].rank; end++) here[list[end].event]++;
        add_tied(out, here[1], here[0], below);
        below[0] += here[0];
        below[1] += here[1];
    }
    rad_free(list);
    return RAD_OK;
}

/* *sum += (n squares - doubled^2) (others - 1), of n patients. */
static rad_status add_spread(rad_exact *sum, uint64_t n, uint64_t squares, uint64_t doubled, uint64_t others,
                             rad_error *error) {
    const rad_exact patients = rad_exact_whole((int64_t)n), q = rad_exact_whole((int64_t)squares),
                    d = rad_exact_whole((int64_t)doubled), less = rad_exact_whole((int64_t)others - 1);
    rad_exact left = {0}, right = {0}, all = {0};
    rad_status status = rad_exact_multiply(&patients, &q, &left, error);
    if (status == RAD_OK) status = rad_exact_multiply(&d, &d, &right, error);
    if (status == RAD_OK) status = rad_exact_subtract(&left, &right, error);
    if (status == RAD_OK) status = rad_exact_multiply(&left, &less, &all, error);
    if (status == RAD_OK) status = rad_exact_add(sum, &all, error);
    rad_exact_free(&left);
    rad_exact_free(&right);
    rad_exact_free(&all);
    return status;
}

rad_status rad_concordance_spread(const rad_concordance *c, rad_exact *spread, rad_error *error) {
    rad_status status = add_spread(spread, c->events, c->doubled2_events, c->doubled, c->others, error);
    return status == RAD_OK ? add_spread(spread, c->others, c->doubled2_others, c->doubled, c->events, error)
                            : status;
}

/* How many were put at each rank, as sums of a binary indexed tree. */
typedef struct tree {
    uint32_t *at;       /* [ranks + 1] */
    const size_t *rank; /* [patient] */
    size_t ranks;
    uint64_t *doubled, *pairs; /* [patient] */
} tree;

static void put(void *context, size_t i) {
    const tree *t = context;
    for (size_t rank = t->rank[i]; rank <= t->ranks; rank += rank & (~rank + 1)) t->at[rank]++;
}

static uint64_t up_to(const tree *t, size_t rank) {
    uint64_t sum = 0;
    for (; rank; rank -= rank & (~rank + 1)) sum += t->at[rank];
    return sum;
}

/* The pairs of one with those in the tree, concordant where these have smaller (or larger) scores. */
static void compare(void *context, size_t i, bool first) {
    const tree *t = context;
    const size_t rank = t->rank[i];
    const uint64_t all = up_to(t, t->ranks), less = up_to(t, rank - 1), same = up_to(t, rank) - less;
    t->pairs[i] += all;
    t->doubled[i] += 2 * (first ? less : all - less - same) + same;
}

static void clear(void *context) {
    const tree *t = context;
    memset(t->at, 0, (t->ranks + 1) * sizeof *t->at);
}

rad_status rad_concordance_each(const double *x, const rad_outcomes *of, uint64_t *doubled, uint64_t *pairs,
                                rad_error *error) {
    const size_t count = of->count;
    patient *list = sorted(x, of->event, count, error);
    size_t *rank = rad_new(count, sizeof *rank, error);
    tree t = {rad_new(count + 1, sizeof *t.at, error), rank, 0, doubled, pairs};
    rad_status status = list && rank && t.at ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rank[list[i].at] = t.ranks = list[i].rank;
        doubled[i] = pairs[i] = 0;
    }
    if (status == RAD_OK)
        status = rad_outcomes_walk(of, &(rad_outcomes_visitor){put, compare, clear, &t}, error);
    rad_free(list);
    rad_free(rank);
    rad_free(t.at);
    return status;
}

rad_status rad_concordance_of_times(const double *x, const double *time, const bool *event, size_t count,
                                    rad_concordance *out, rad_error *error) {
    const rad_outcomes of = {time, event, count};
    uint64_t *doubled = rad_new(count, sizeof *doubled, error), *pairs = rad_new(count, sizeof *pairs, error);
    *out = (rad_concordance){0};
    rad_status status =
        doubled && pairs ? rad_concordance_each(x, &of, doubled, pairs, error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        out->events += event[i];
        out->pairs += pairs[i];
        out->doubled += doubled[i];
        out->doubled2 += doubled[i] * doubled[i];
        out->both += doubled[i] * pairs[i];
        out->pairs2 += pairs[i] * pairs[i];
        if (pairs[i] > out->most) out->most = pairs[i];
    }
    out->others = count - out->events;
    out->pairs /= 2; /* each has two patients */
    out->doubled /= 2;
    rad_free(doubled);
    rad_free(pairs);
    return status;
}

/* A patient by the first outcome, with the time of the second. */
static int by_both(const void *a, const void *b) {
    const patient *p = a, *q = b;
    if (p->time != q->time) return p->time < q->time ? -1 : 1;
    if (p->event != q->event) return p->event ? -1 : 1;
    return (p->x > q->x) - (p->x < q->x);
}

/* Length of the longest run of patients, not next to each other, whose second times do not fall. */
static size_t longest(const patient *list, size_t count, double *tail) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0, high = length;
        while (low < high) {
            const size_t at = (low + high) / 2;
            if (tail[at] <= list[i].x)
                low = at + 1;
            else
                high = at;
        }
        tail[low] = list[i].x;
        length += low == length;
    }
    return length;
}

/* Are they the same order, with the same ties? Sorted by both. */
static bool is_alike(const patient *list, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (list[i].x < list[i - 1].x || (list[i].x == list[i - 1].x) != (list[i].time == list[i - 1].time))
            return false;
    return true;
}

rad_status rad_concordance_differ(const double *time, const bool *event, const double *other_time,
                                  const bool *other_event, size_t count, size_t *differ, rad_error *error) {
    patient *list = rad_new(count, sizeof *list, error);
    double *tail = rad_new(count, sizeof *tail, error);
    size_t same = 0;
    *differ = 0;
    if (list && tail) {
        for (size_t i = 0; i < count; i++)
            if (event[i] == other_event[i])
                list[same++] = (patient){.x = other_time[i], .time = time[i], .event = event[i]};
        if (same) qsort(list, same, sizeof *list, by_both);
        *differ = count - longest(list, same, tail);
        if (!*differ && !is_alike(list, same)) *differ = 1;
    }
    const bool fine = list && tail;
    rad_free(list);
    rad_free(tail);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}
