/* Counts in intervals beside sums of powers: no combination of both may rest on a few patients. */
#include "../../federate/site/told.h"
#include "testing.h"

#include <string.h>

enum { VALUES = 8, ROWS = 200 };

/* Values 0, 1, ... of so many patients each, and which interval each is in. */
typedef struct made {
    size_t values, patients[VALUES];
    uint32_t interval[VALUES];
    double x[ROWS];
    uint32_t in[ROWS];
    rad_binned binned;
} made;

static void fill(made *m) {
    size_t n = 0;
    for (size_t v = 0; v < m->values; v++)
        for (size_t i = 0; i < m->patients[v]; i++, n++) {
            m->x[n] = (double)v;
            m->in[n] = m->interval[v];
        }
    m->binned = (rad_binned){m->x, m->in, n};
}

/* The rank of all sums over some of the values: counts of the intervals, and powers 1 .. powers. */
static size_t rank(const made *m, unsigned powers, unsigned chosen) {
    double a[VALUES + 4][VALUES] = {{0}};
    size_t rows = m->interval[m->values - 1] + 1, out = 0;
    for (size_t v = 0; v < m->values; v++) {
        if (!(chosen >> v & 1)) continue;
        a[m->interval[v]][v] = 1;
        for (unsigned p = 1; p <= powers; p++) a[rows + p - 1][v] = pow((double)v / VALUES, p);
    }
    rows += powers;
    for (size_t v = 0; v < m->values; v++) {
        size_t best = out;
        for (size_t r = out; r < rows; r++)
            if (fabs(a[r][v]) > fabs(a[best][v])) best = r;
        if (best >= rows || fabs(a[best][v]) < 1e-9) continue;
        for (size_t k = 0; k < VALUES; k++) {
            const double x = a[best][k];
            a[best][k] = a[out][k];
            a[out][k] = x;
        }
        for (size_t r = out + 1; r < rows; r++) {
            const double by = a[r][v] / a[out][v];
            for (size_t k = 0; k < VALUES; k++) a[r][k] -= by * a[out][k];
        }
        out++;
    }
    return out;
}

/* The fewest patients on whom a combination of the sums rests: it is 0 on values over which the sums have a
 * smaller rank. */
static size_t fewest(const made *m, unsigned powers) {
    const unsigned all = (1u << m->values) - 1;
    size_t least = ROWS;
    for (unsigned zero = 0; zero <= all; zero++) {
        size_t patients = 0;
        if (rank(m, powers, zero) == rank(m, powers, all)) continue;
        for (size_t v = 0; v < m->values; v++) patients += zero >> v & 1 ? 0 : m->patients[v];
        if (patients < least) least = patients;
    }
    return least;
}

START_TEST(random_scores) {
    test_random random = {3};
    size_t let[2] = {0}, kept[2] = {0}, needless = 0;
    for (int turn = 0; turn < 3000; turn++) {
        made m = {.values = 3 + test_below(&random, VALUES - 2)};
        const unsigned powers = test_below(&random, 2) ? 4 : 2;
        bool rare = false;
        uint32_t k = 0;
        size_t here = 0;
        for (size_t v = 0; v < m.values; v++) {
            m.patients[v] = 1 + test_below(&random, test_below(&random, 3) ? 8 : 24);
            rare = rare || m.patients[v] < 10;
            if (here >= 10 && test_below(&random, 2)) {
                k++;
                here = 0;
            }
            m.interval[v] = k;
            here += m.patients[v];
        }
        for (size_t v = 0; v < m.values && here < 10 && k; v++) m.interval[v] -= m.interval[v] == k;
        fill(&m);
        const bool fits = rad_told_fits(&m.binned, powers, 10);
        if (!m.interval[m.values - 1] || !rare) {
            ck_assert(fits);
            continue;
        }
        if (fits) ck_assert_uint_ge(fewest(&m, powers), 10);
        let[powers == 4] += fits;
        kept[powers == 4] += !fits;
        needless += !fits && fewest(&m, powers) >= 10;
    }
    ck_assert_msg(let[0] > 100 && let[1] > 10 && kept[0] > 100 && kept[1] > 100 &&
                      10 * needless < kept[0] + kept[1],
                  "%zu %zu %zu %zu %zu", let[0], let[1], kept[0], kept[1], needless);
}
END_TEST

/* The bound itself, from both sides: of 12 and 13 patients the more frequent go, and 1 power more. */
START_TEST(bound) {
    for (size_t last = 9; last < 12; last++) {
        made m = {5, {20, 30, 13, 12, last}, {0, 0, 1, 1, 1}, {0}, {0}, {NULL, NULL, 0}};
        fill(&m);
        /* rests of 20, 12 and last: but the largest */
        ck_assert(rad_told_fits(&m.binned, 2, 10) && rad_told_fits(&m.binned, 3, 10) == (last >= 10));
    }
}
END_TEST

/* Many different values, as measurements are, always fit: of twice the minimum there are two intervals. */
START_TEST(measurements) {
    made m = {.values = 0};
    for (size_t n = 20; n < ROWS; n++) {
        for (size_t i = 0; i < n; i++) {
            m.x[i] = (double)i;
            m.in[i] = (uint32_t)(i / 10 < n / 10 ? i / 10 : n / 10 - 1);
        }
        m.binned = (rad_binned){m.x, m.in, n};
        ck_assert(rad_told_fits(&m.binned, 4, 10));
    }
    m.binned.count = 0;
    ck_assert(rad_told_fits(&m.binned, 4, 10));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("told");
    TCase *tests = tcase_create("told");
    tcase_add_test(tests, random_scores);
    tcase_add_test(tests, bound);
    tcase_add_test(tests, measurements);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
