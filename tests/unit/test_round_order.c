/* How a predictor orders the patients: what each of them has of the pairs, and how the numbers of pairs
 * change with the predictors, against all pairs one by one. */
#include "testing.h"

#include "../../core/memory.h"
#include "../../federate/site/concordance.h"
#include "../../federate/site/round_order.h"
#include "../../federate/site/round_slopes.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 90, MANY = 100000 };

static rad_error error;

typedef struct site {
    size_t n;
    double *x, *time, *y, *offset;
    bool *event;
} site;

static void make(test_random *random, size_t n, site *s) {
    const size_t scores = test_below(random, 3) ? 1 + test_below(random, 40) : 1 << 30,
                 times = test_below(random, 2) ? 1 + test_below(random, 30) : 1 << 30;
    *s = (site){.n = n, .x = rad_new(n, 4 * sizeof *s->x, &error), .event = rad_new(n, 1, &error)};
    s->time = s->x + n, s->y = s->x + 2 * n, s->offset = s->x + 3 * n;
    for (size_t i = 0; i < n; i++) {
        s->x[i] = (double)test_below(random, scores) / (double)scores * 3 - 1;
        s->time[i] = (double)test_below(random, times) / 4;
        s->event[i] = test_below(random, 3) > 0;
        s->y[i] = s->event[i];
    }
    if (!test_below(random, 4)) s->x[test_below(random, n)] = 1e6; /* far from all others */
}

static void release(site *s) {
    rad_free(s->x);
    rad_free(s->event);
}

/* 1: the first should have the larger predictor; -1: the second; 0: they are no pair. */
static int sign_of(const site *s, bool timed, size_t i, size_t k) {
    if (!timed) return (int)s->event[i] - (int)s->event[k];
    if (s->event[i] && (s->time[k] > s->time[i] || (s->time[k] == s->time[i] && !s->event[k]))) return 1;
    if (s->event[k] && (s->time[i] > s->time[k] || (s->time[i] == s->time[k] && !s->event[i]))) return -1;
    return 0;
}

static void find_own(const site *s, bool timed, uint64_t *doubled, uint64_t *pairs) {
    for (size_t i = 0; i < s->n; i++) {
        doubled[i] = pairs[i] = 0;
        for (size_t k = 0; k < s->n; k++) {
            const int sign = sign_of(s, timed, i, k);
            const double more = (s->x[i] - s->x[k]) * sign;
            pairs[i] += sign != 0;
            doubled[i] += !sign ? 0 : more > 0 ? 2 : more == 0;
        }
    }
}

/* The slope of a patient, its own numbers and those of the others counted by[event] times. */
static double slope_of(const site *s, bool timed, size_t i, const uint64_t *own, const double by[2]) {
    const double width = rad_round_slope_width(s->x, s->n);
    double sum = 0;
    for (size_t k = 0; k < s->n; k++) {
        const double away = fabs(s->x[i] - s->x[k]);
        if (!(away < width)) continue;
        sum += sign_of(s, timed, i, k) * (1 - away / width) *
               (own ? (double)own[i] * by[s->event[i]] + (double)own[k] * by[s->event[k]] : 1);
    }
    return sum;
}

/* The same in whole numbers. */
static void find_slopes(const site *s, bool timed, const uint64_t *own, double *slope, double *weighted) {
    const double width = rad_round_slope_width(s->x, s->n);
    const int64_t one = (int64_t)1 << RAD_SLOPE_BITS;
    double least = INFINITY;
    for (size_t i = 0; i < s->n; i++) least = fmin(least, s->x[i]);
    for (size_t i = 0; i < s->n; i++) {
        __extension__ __int128 sum = 0, sum_own = 0;
        for (size_t k = 0; k < s->n; k++) {
            const int64_t a = llround(ldexp((s->x[i] - least) / width, RAD_SLOPE_BITS)),
                          b = llround(ldexp((s->x[k] - least) / width, RAD_SLOPE_BITS)),
                          left = one - (a < b ? b - a : a - b);
            if (left <= 0) continue;
            sum += sign_of(s, timed, i, k) * left;
            sum_own += (__extension__(__int128) sign_of(s, timed, i, k)) * left * (int64_t)own[k];
        }
        slope[i] = ldexp((double)sum, -RAD_SLOPE_BITS);
        weighted[i] = ldexp((double)sum_own, -RAD_SLOPE_BITS);
    }
}

START_TEST(slopes) {
    test_random random = {7};
    for (int i = 0; i < 600; i++) {
        site s;
        uint64_t own[MOST], pairs[MOST], want_own[MOST], want_pairs[MOST];
        double slope[MOST], weighted[MOST], want[MOST], want_weighted[MOST];
        make(&random, 2 + test_below(&random, MOST - 1), &s);
        const bool timed = i % 2;
        for (size_t k = 0; k < s.n && !timed; k++) s.time[k] = !s.event[k];
        ck_ok(rad_concordance_each(s.x, &(rad_outcomes){s.time, s.event, s.n}, own, pairs, &error));
        find_own(&s, timed, want_own, want_pairs);
        ck_assert_mem_eq(own, want_own, s.n * sizeof *own);
        ck_assert_mem_eq(pairs, want_pairs, s.n * sizeof *pairs);
        if (rad_round_slope_width(s.x, s.n) > 0) {
            ck_ok(rad_round_slopes(s.x, &(rad_outcomes){s.time, s.event, s.n}, own, slope, weighted, &error));
            find_slopes(&s, timed, own, want, want_weighted);
            ck_assert_mem_eq(slope, want, s.n * sizeof *slope);
            ck_assert_mem_eq(weighted, want_weighted, s.n * sizeof *weighted);
            ck_ok(rad_round_slopes(s.x, &(rad_outcomes){s.time, s.event, s.n}, NULL, slope, NULL, &error));
            ck_assert_mem_eq(slope, want, s.n * sizeof *slope);
        }
        release(&s);
    }
}
END_TEST

/* What an answer is made of, of one column with the coefficient 1. */
static rad_round_order find(const site *s, bool timed, rad_round_cells *cells) {
    static const rad_round_point point = {.digits = -30, .beta = {1}};
    static int size = -10;
    static double one = 1;
    const rad_model model = {.family = timed ? RAD_MODEL_COX : RAD_MODEL_LOGISTIC};
    rad_round_rows rows = {.model = &model,
                           .n = s->n,
                           .columns = 1,
                           .intercept = !timed, /* 0 */
                           .x = s->x,
                           .size = &size,
                           .deviation = &one,
                           .y = s->y,
                           .offset = s->offset,
                           .time = s->time};
    const rad_rules rules = {.dominance = 0.9};
    rows.events = 0;
    for (size_t k = 0; k < s->n; k++) rows.events += s->event[k];
    rad_round_order order = {.some = false};
    ck_ok(rad_round_order_find(&rows, &point, &rules, cells, &order, &error));
    return order;
}

static void cells_free(rad_exact *sums) {
    for (size_t k = 0; k < RAD_CALIBRATED_CELLS; k++) rad_exact_free(&sums[k]);
}

/* Rows of weights: pairs; of two outcomes the spread, of times the squares of both numbers. */
START_TEST(weights) {
    test_random random = {11};
    size_t some = 0;
    for (int i = 0; i < 300; i++) {
        site s;
        uint64_t own[MOST], pairs[MOST];
        rad_exact sums[RAD_CALIBRATED_CELLS] = {{0}};
        rad_round_cells cells = {.sums = sums};
        make(&random, 30 + test_below(&random, MOST - 29), &s);
        const bool timed = i % 2;
        rad_round_order order = find(&s, timed, &cells);
        some += order.some;
        if (order.some) {
            double events = 0, others = 0, ranks;
            for (size_t k = 0; k < s.n; k++) events += s.event[k], others += !s.event[k];
            const double by[2] = {timed ? 1 : others * (events - 1), timed ? 1 : events * (others - 1)};
            find_own(&s, timed, own, pairs);
            ck_assert_uint_eq(order.part[0].columns, timed ? 3 : 4);
            for (size_t k = 0; k < s.n; k++) {
                const double *at = order.columns.row + k;
                ck_near(at[0], slope_of(&s, timed, k, NULL, by), 1e-7);
                ck_near(at[s.n], slope_of(&s, timed, k, own, by), 1e-7);
                if (timed) ck_near(at[2 * s.n], slope_of(&s, timed, k, pairs, by), 1e-7);
                ranks = 0;
                for (size_t j = 0; j < s.n; j++) ranks += (s.x[k] > s.x[j]) - (s.x[k] < s.x[j]);
                ck_assert(order.outcomes.row[k] == ranks);
            }
        }
        rad_round_order_free(&order);
        cells_free(sums);
        release(&s);
    }
    ck_assert_uint_gt(some, 100);
}
END_TEST

/* Estimates of the calibration: the equations of maximum likelihood, by sums over all patients. */
static void ck_calibrated(const site *s, bool timed, const double number[4]) {
    const double b = number[0], a = number[2];
    double score[2] = {0}, information[3] = {0};
    for (size_t i = 0; i < s->n; i++) {
        const double p = 1 / (1 + exp(-a - b * s->x[i])), w = p * (1 - p), x = s->x[i];
        double all = 0, mean = 0, square = 0;
        for (size_t k = 0; k < s->n; k++) {
            if (s->time[k] < s->time[i]) continue;
            const double hazard = exp(b * s->x[k]);
            all += hazard, mean += hazard * s->x[k], square += hazard * s->x[k] * s->x[k];
        }
        mean /= all;
        score[1] += timed ? s->event[i] * (x - mean) : (s->event[i] - p) * x;
        score[0] += timed ? 0 : s->event[i] - p;
        information[0] += w;
        information[1] += w * x;
        information[2] += timed ? s->event[i] * (square / all - mean * mean) : w * x * x;
    }
    const double det = information[0] * information[2] - information[1] * information[1];
    ck_near(score[0], 0, 1e-9);
    ck_near(score[1], 0, 1e-9);
    ck_near(number[1], timed ? 1 / information[2] : information[0] / det, 1e-9);
    ck_near(number[3], timed ? 0 : information[2] / det, 1e-9);
}

/* Share of a vector that lies beyond the span of some rows. */
static double beyond(const double *vector, const double *rows, size_t count, size_t n) {
    double base[4][MOST], rest[MOST], square = 0, left = 0;
    for (size_t k = 0; k <= count; k++) {
        double *to = k < count ? base[k] : rest, length = 0;
        memcpy(to, k < count ? rows + k * n : vector, n * sizeof *to);
        for (size_t j = 0; j < 2 * k; j++) { /* twice, for rounding */
            double by = 0;
            for (size_t i = 0; i < n; i++) by += base[j % k][i] * to[i];
            for (size_t i = 0; i < n; i++) to[i] -= by * base[j % k][i];
        }
        for (size_t i = 0; i < n; i++) length += to[i] * to[i];
        for (size_t i = 0; i < n && k < count; i++) to[i] /= sqrt(length);
    }
    for (size_t i = 0; i < n; i++) square += vector[i] * vector[i], left += rest[i] * rest[i];
    return sqrt(left / square);
}

static bool calibrate(const site *s, bool timed, double number[4], rad_round_order *order) {
    rad_exact sums[RAD_CALIBRATED_CELLS] = {{0}};
    rad_round_cells cells = {.sums = sums};
    *order = find(s, timed, &cells);
    for (size_t k = 0; k < 4; k++) number[k] = rad_exact_double(&sums[RAD_ORDER_CELLS + k]);
    cells_free(sums);
    return cells.count == (timed ? RAD_SLOPE_CELLS : RAD_CALIBRATED_CELLS);
}

/* The equation of an estimate is a sum over the events of a row that is told: of times the predictor; of two
 * outcomes a row of both, of which the one of the slope is that of least squares by weights. */
static void ck_told_of_outcomes(const site *s, bool timed, const double number[4], const rad_round_order *o) {
    const double *slope = o->outcomes.row + o->part[0].outcomes * s->n, *intercept = slope + s->n;
    ck_assert_uint_eq(o->outcomes.count - o->part[0].outcomes, timed ? 1 : 2);
    if (timed) ck_assert_mem_eq(slope, s->x, s->n * sizeof *s->x);
    double sums[2] = {0}, by[2] = {0};
    for (size_t i = 0; i < s->n && !timed; i++) {
        const double p = 1 / (1 + exp(-number[2] - number[0] * s->x[i])), w = p * (1 - p);
        sums[0] += w * slope[i], sums[1] += w * intercept[i] * s->x[i]; /* each is of its own column alone */
        by[0] += w * slope[i] * s->x[i], by[1] += w * intercept[i];
    }
    for (size_t j = 0; j < 2 && !timed; j++) {
        ck_near(sums[j], 0, 1e-9);
        ck_near(by[j], 1, 1e-9);
    }
}

/* However a predictor changes, what is told changes by combinations of the rows. */
START_TEST(calibrations) {
    test_random random = {17};
    size_t some = 0;
    for (int i = 0; i < 60; i++) {
        site s;
        double number[4], more[4], less[4], slope[4][MOST];
        rad_round_order order, other;
        const bool timed = i % 2;
        make(&random, 40 + test_below(&random, MOST - 39), &s);
        for (size_t k = 0; k < s.n; k++) {
            s.x[k] = 2 * test_uniform(&random) - 1;
            s.time[k] = (double)k + test_uniform(&random) * 20 * exp(-s.x[k]);
            s.event[k] = test_uniform(&random) < (timed ? 0.6 : 1 / (1 + exp(-s.x[k]))), s.y[k] = s.event[k];
        }
        const bool told = calibrate(&s, timed, number, &order);
        some += told;
        for (size_t k = 0; k < s.n && told; k++) {
            const double x = s.x[k], step = 1e-5;
            s.x[k] = x + step;
            ck_assert(calibrate(&s, timed, more, &other));
            rad_round_order_free(&other);
            s.x[k] = x - step;
            ck_assert(calibrate(&s, timed, less, &other));
            rad_round_order_free(&other);
            s.x[k] = x;
            for (size_t j = 0; j < 4; j++) slope[j][k] = (more[j] - less[j]) / (2 * step);
        }
        if (told) {
            ck_calibrated(&s, timed, number);
            /* what leaves without the intercept is told by the rows without its own */
            ck_assert_uint_eq(order.parts, timed ? 2 : 3);
            for (size_t j = 0; j < (timed ? 2 : 4); j++) {
                const rad_round_part *alone = &order.part[0], *part = &order.part[1 + j / 2];
                ck_assert_uint_eq(part->cells, j < 2 ? RAD_SLOPE_CELLS : RAD_CALIBRATED_CELLS);
                ck_assert_uint_eq(part->columns - alone->columns, j < 2 ? 2 : 4);
                const double off = beyond(slope[j], order.columns.row + alone->columns * s.n,
                                          part->columns - alone->columns, s.n);
                ck_assert_msg(off < 1e-5, "number %zu of %s: %g", j, timed ? "times" : "two", off);
            }
            ck_told_of_outcomes(&s, timed, number, &order);
        }
        rad_round_order_free(&order);
        release(&s);
    }
    ck_assert_uint_gt(some, 40);
}
END_TEST

/* All pairs of so many would take minutes; the sum of the slopes over a pair's two patients is 0. */
START_TEST(many_patients) {
    test_random random = {5};
    for (int timed = 0; timed < 2; timed++) {
        site s;
        rad_exact sums[RAD_CALIBRATED_CELLS] = {{0}};
        rad_round_cells cells = {.sums = sums};
        make(&random, timed ? MANY / 20 : MANY, &s); /* rounds of times take events times patients */
        for (size_t k = 0; k < s.n; k++) s.x[k] = test_uniform(&random), s.time[k] = test_uniform(&random);
        rad_round_order order = find(&s, timed, &cells);
        ck_assert(order.some);
        double sum = 0, size = 0;
        for (size_t k = 0; k < s.n; k++) sum += order.columns.row[k], size += fabs(order.columns.row[k]);
        ck_assert(fabs(sum) < 1e-9 * size);
        rad_round_order_free(&order);
        cells_free(sums);
        release(&s);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("round_order");
    TCase *tests = tcase_create("round_order");
    tcase_add_test(tests, slopes);
    tcase_add_test(tests, weights);
    tcase_add_test(tests, calibrations);
    tcase_add_test(tests, many_patients);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
