#include "concordance.h"

#include "../../core/memory.h"

#include <stdlib.h>

typedef struct patient {
    double x, time;
    bool event;
    size_t rank; /* of x, equal ones alike, from 1 */
    uint64_t pairs, doubled;
} patient;

static int by_score(const void *a, const void *b) {
    const patient *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* At the same time events come first, since who is censored was there longer. */
static int by_time(const void *a, const void *b) {
    const patient *p = a, *q = b;
    if (p->time != q->time) return p->time < q->time ? -1 : 1;
    return (int)q->event - (int)p->event;
}

/* Patients by score, with ranks. */
static patient *sorted(const double *x, const double *time, const bool *event, size_t count,
                       rad_error *error) {
    patient *list = rad_new(count, sizeof *list, error);
    if (!list) return NULL;
    for (size_t i = 0; i < count; i++)
        list[i] = (patient){.x = x[i], .time = time ? time[i] : 0, .event = event[i]};
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
    patient *list = sorted(x, NULL, event, count, error);
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
    uint32_t *at; /* [ranks + 1] */
    size_t ranks;
} tree;

static void put(tree *t, size_t rank) {
    for (; rank <= t->ranks; rank += rank & (~rank + 1)) t->at[rank]++;
}

static uint64_t up_to(const tree *t, size_t rank) {
    uint64_t sum = 0;
    for (; rank; rank -= rank & (~rank + 1)) sum += t->at[rank];
    return sum;
}

/* The pairs of one with those in the tree, concordant where these have smaller (or larger) scores. */
static void compare(patient *p, const tree *t, bool smaller) {
    const uint64_t all = up_to(t, t->ranks), less = up_to(t, p->rank - 1), same = up_to(t, p->rank) - less;
    p->pairs += all;
    p->doubled += 2 * (smaller ? less : all - less - same) + same;
}

/* Who had the event, with those who were there longer: from the last time to the first. */
static void compare_events(patient *list, size_t count, tree *t) {
    for (size_t end = count, first; end; end = first) {
        first = end;
        while (first && list[first - 1].time == list[end - 1].time) first--;
        for (size_t i = first; i < end; i++)
            if (!list[i].event) put(t, list[i].rank);
        for (size_t i = first; i < end; i++)
            if (list[i].event) compare(&list[i], t, true);
        for (size_t i = first; i < end; i++)
            if (list[i].event) put(t, list[i].rank);
    }
}

/* Everybody with those who had the event before. */
static void compare_later(patient *list, size_t count, tree *t) {
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first; end < count && list[end].time == list[first].time;) end++;
        for (size_t i = first; i < end; i++)
            if (list[i].event) compare(&list[i], t, false);
        for (size_t i = first; i < end; i++)
            if (list[i].event) put(t, list[i].rank);
        for (size_t i = first; i < end; i++)
            if (!list[i].event) compare(&list[i], t, false);
    }
}

rad_status rad_concordance_of_times(const double *x, const double *time, const bool *event, size_t count,
                                    rad_concordance *out, rad_error *error) {
    patient *list = sorted(x, time, event, count, error);
    tree later = {rad_new(count + 1, sizeof *later.at, error), list && count ? list[count - 1].rank : 0},
         before = {rad_new(count + 1, sizeof *before.at, error), later.ranks};
    const bool fine = list && later.at && before.at;
    *out = (rad_concordance){0};
    if (fine && count) {
        qsort(list, count, sizeof *list, by_time);
        compare_events(list, count, &later);
        for (size_t i = 0; i < count; i++) {
            out->pairs += list[i].pairs; /* of events alone as yet: each pair once */
            out->doubled += list[i].doubled;
            out->events += list[i].event;
        }
        compare_later(list, count, &before);
    }
    for (size_t i = 0; i < count && fine; i++) {
        const patient *p = &list[i];
        out->doubled2 += p->doubled * p->doubled;
        out->both += p->doubled * p->pairs;
        out->pairs2 += p->pairs * p->pairs;
        if (p->pairs > out->most) out->most = p->pairs;
    }
    out->others = count - out->events;
    rad_free(list);
    rad_free(later.at);
    rad_free(before.at);
    return fine ? RAD_OK : RAD_NO_MEMORY;
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
