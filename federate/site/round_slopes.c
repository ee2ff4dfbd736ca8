#include "round_slopes.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

/* Patients who were put: how many, where they are, and both times their own numbers. */
typedef struct sums {
    wide number, place, own, own_place;
} sums;

typedef struct patient {
    int64_t place; /* of the predictor, in units of the width */
    size_t at;
} patient;

/* A patient among all by place: how many are a width or more below, up to here, less than a width beyond. */
typedef struct window {
    size_t low, here, high;
    int64_t place;
    uint64_t own;
} window;

typedef struct tree {
    sums *at; /* [n + 1]: of a binary indexed tree */
    size_t n;
    const window *window; /* [patient] */
    wide *slope, *weighted;
} tree;

double rad_round_slope_width(const double *x, size_t n) {
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++) {
        const double d = x[i] - mean;
        mean += d / (double)(i + 1);
        square += d * (x[i] - mean);
    }
    return 1.06 * sqrt(square / (double)n) * pow((double)n, -0.2);
}

static void put(void *context, size_t i) {
    const tree *t = context;
    const window *w = &t->window[i];
    const wide place = w->place, own = (wide)w->own;
    for (size_t k = w->here; k <= t->n; k += k & (~k + 1)) {
        sums *s = &t->at[k];
        *s = (sums){s->number + 1, s->place + place, s->own + own, s->own_place + own * place};
    }
}

static sums up_to(const tree *t, size_t k) {
    sums all = {0, 0, 0, 0};
    for (; k; k -= k & (~k + 1)) {
        const sums *s = &t->at[k];
        all = (sums){all.number + s->number, all.place + s->place, all.own + s->own,
                     all.own_place + s->own_place};
    }
    return all;
}

/* Sum of 1 - |distance| over those up to here, and those beyond: a line on either side. */
static wide triangle(const wide number[3], const wide place[3], int64_t at) {
    const wide one = (wide)1 << RAD_SLOPE_BITS;
    return (number[1] - number[0]) * (one - at) + (place[1] - place[0]) +
           (number[2] - number[1]) * (one + at) - (place[2] - place[1]);
}

static void compare(void *context, size_t i, bool first) {
    const tree *t = context;
    const window *w = &t->window[i];
    const sums s[3] = {up_to(t, w->low), up_to(t, w->here), up_to(t, w->high)};
    const wide number[3] = {s[0].number, s[1].number, s[2].number},
               place[3] = {s[0].place, s[1].place, s[2].place}, own[3] = {s[0].own, s[1].own, s[2].own},
               own_place[3] = {s[0].own_place, s[1].own_place, s[2].own_place};
    const int sign = first ? 1 : -1;
    t->slope[i] += sign * triangle(number, place, w->place);
    t->weighted[i] += sign * triangle(own, own_place, w->place);
}

static void clear(void *context) {
    const tree *t = context;
    memset(t->at, 0, (t->n + 1) * sizeof *t->at);
}

static int by_place(const void *a, const void *b) {
    const patient *p = a, *q = b;
    if (p->place != q->place) return p->place < q->place ? -1 : 1;
    return (p->at > q->at) - (p->at < q->at);
}

static void find_windows(const patient *list, size_t n, const uint64_t *own, window *windows) {
    const int64_t one = (int64_t)1 << RAD_SLOPE_BITS;
    for (size_t k = 0, low = 0, high = 0; k < n; k++) {
        while (list[low].place <= list[k].place - one) low++;
        while (high < n && list[high].place < list[k].place + one) high++;
        windows[list[k].at] = (window){low, k + 1, high, list[k].place, own ? own[list[k].at] : 0};
    }
}

static void find_places(const double *x, size_t n, double width, patient *list) {
    double least = INFINITY;
    for (size_t i = 0; i < n; i++) least = fmin(least, x[i]);
    for (size_t i = 0; i < n; i++)
        list[i] = (patient){llround(ldexp((x[i] - least) / width, RAD_SLOPE_BITS)), i};
    qsort(list, n, sizeof *list, by_place);
}

rad_status rad_round_slopes(const double *x, const rad_outcomes *of, const uint64_t *own, double *slope,
                            double *weighted, rad_error *error) {
    const size_t n = of->count;
    const double width = rad_round_slope_width(x, n);
    memset(slope, 0, n * sizeof *slope);
    if (own) memset(weighted, 0, n * sizeof *weighted);
    if (!(width > 0)) return RAD_OK;
    patient *list = rad_new(n, sizeof *list, error);
    window *windows = rad_new(n, sizeof *windows, error);
    wide *sum = rad_new(n, 2 * sizeof *sum, error);
    tree t = {rad_new(n + 1, sizeof *t.at, error), n, windows, sum, sum ? sum + n : NULL};
    rad_status status = list && windows && sum && t.at ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        find_places(x, n, width, list);
        find_windows(list, n, own, windows);
        status = rad_outcomes_walk(of, &(rad_outcomes_visitor){put, compare, clear, &t}, error);
    }
    for (size_t i = 0; i < n && status == RAD_OK; i++) {
        slope[i] = ldexp((double)t.slope[i], -RAD_SLOPE_BITS);
        if (own) weighted[i] = ldexp((double)t.weighted[i], -RAD_SLOPE_BITS);
    }
    rad_free(list);
    rad_free(windows);
    rad_free(sum);
    rad_free(t.at);
    return status;
}
