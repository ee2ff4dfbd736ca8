/* The audit of sums against every combination of them on few patients, in whole numbers, and against closed
 * forms. */
#include "../../core/memory.h"
#include "../../federate/site/audit.h"
#include "../../federate/site/audit_search.h"
#include "../../federate/site/modular.h"
#include "testing.h"

#include <string.h>

static rad_error error;

static rad_audit_verdict look_at(const rad_audit *audit, size_t least, double share) {
    const rad_audit_limits limits = {least, share};
    rad_audit_verdict verdict;
    ck_ok(rad_audit_look(audit, &limits, &verdict, &error));
    return verdict;
}

/* Places of doubles add up and multiply as the doubles do, where these are exact. */
START_TEST(places) {
    test_random random = {3};
    for (int i = 0; i < 20000; i++) {
        const double a = ldexp((double)test_below(&random, 1 << 20) - 5e5,
                               (int)test_below(&random, 200) - 100),
                     b = ldexp((double)test_below(&random, 1 << 20) - 5e5,
                               (int)test_below(&random, 200) - 100),
                     c = ldexp(a, (int)test_below(&random, 16));
        ck_assert(rad_modular_place(a * b) ==
                  rad_modular_multiply(rad_modular_place(a), rad_modular_place(b)));
        ck_assert(rad_modular_place(a - c) ==
                  rad_modular_subtract(rad_modular_place(a), rad_modular_place(c)));
        if (a != 0)
            ck_assert(rad_modular_multiply(rad_modular_place(a), rad_modular_inverse(rad_modular_place(a))) ==
                      1);
        ck_assert(rad_modular_place(a) < RAD_MODULAR_PRIME);
    }
    ck_assert(rad_modular_place(0) == 0 && rad_modular_place(1) == 1 && rad_modular_place(-0.0) == 0);
    ck_assert(rad_modular_place(-1) == RAD_MODULAR_PRIME - 1 && rad_modular_place(0x1p61) == 1);
}
END_TEST

enum { ROWS = 5, PATIENTS = 9 };

/* Rank over some of the patients, by fractions without division (Bareiss): whole numbers all the way. */
static size_t rank_over(int rows[ROWS][PATIENTS], size_t count, unsigned patients) {
    __extension__ __int128 m[ROWS][PATIENTS], last = 1;
    size_t rank = 0;
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < PATIENTS; i++) m[k][i] = rows[k][i];
    for (size_t i = 0; i < PATIENTS; i++) {
        size_t pivot = rank;
        if (!(patients >> i & 1)) continue;
        while (pivot < count && !m[pivot][i]) pivot++;
        if (pivot == count) continue;
        for (size_t j = 0; j < PATIENTS; j++) {
            __extension__ const __int128 swap = m[pivot][j];
            m[pivot][j] = m[rank][j];
            m[rank][j] = swap;
        }
        for (size_t k = rank + 1; k < count; k++) {
            __extension__ const __int128 by = m[k][i];
            for (size_t j = 0; j < PATIENTS; j++) m[k][j] = (m[k][j] * m[rank][i] - by * m[rank][j]) / last;
        }
        last = m[rank++][i];
    }
    return rank;
}

/* A combination rests on a set of patients where the rows have a lower rank over all others. */
static size_t fewest(int rows[ROWS][PATIENTS], size_t count) {
    const unsigned all = (1U << PATIENTS) - 1;
    const size_t rank = rank_over(rows, count, all);
    size_t best = PATIENTS + 1;
    for (unsigned set = 0; set <= all && rank; set++) {
        const size_t size = (size_t)__builtin_popcount(set);
        if (size < best && rank_over(rows, count, all & ~set) < rank) best = size;
    }
    return best;
}

static void draw(test_random *random, int kind, int rows[ROWS][PATIENTS]) {
    for (size_t k = 0; k < ROWS; k++)
        for (size_t i = 0; i < PATIENTS; i++)
            rows[k][i] = kind == 0 ? (int)test_below(random, 2) /* sets */
                         : kind == 1
                             ? (int)test_below(random, 3) * (k > 2) + (k <= 2) * (int)(i % (k + 2) < 2)
                         : kind == 2 ? (int)test_below(random, 4) * (int)test_below(random, 2)
                                     : (int)(i / 3 % 2) + (int)test_below(random, 2) * (i > 5);
}

/* The exact search, for every kind of rows and every minimum. */
START_TEST(against_every_set) {
    test_random random = {41 + (uint64_t)_i};
    size_t outcomes[2] = {0};
    for (int t = 0; t < 250; t++) {
        int rows[ROWS][PATIENTS];
        double weights[PATIENTS];
        const size_t count = 1 + test_below(&random, ROWS);
        rad_audit audit = {.patients = PATIENTS};
        draw(&random, _i, rows);
        for (size_t k = 0; k < count; k++) {
            for (size_t i = 0; i < PATIENTS; i++) weights[i] = rows[k][i] * 0.375;
            ck_ok(rad_audit_add(&audit, weights, false, &error));
        }
        const size_t expected = fewest(rows, count);
        ck_assert_uint_eq(audit.all.rank, rank_over(rows, count, (1U << PATIENTS) - 1));
        for (size_t least = 1; least <= PATIENTS; least++) {
            const rad_audit_verdict verdict = look_at(&audit, least, 1);
            ck_assert_msg(verdict == (expected < least ? RAD_AUDIT_FEW : RAD_AUDIT_FINE),
                          "kind %d, table %d, minimum %zu: %d, and the fewest are %zu", _i, t, least, verdict,
                          expected);
            outcomes[verdict == RAD_AUDIT_FEW]++;
        }
        rad_audit_free(&audit);
    }
    ck_assert(outcomes[0] > 200 && outcomes[1] > 200);
}
END_TEST

/* The answer does not depend on the order of rows and patients. */
START_TEST(of_any_order) {
    test_random random = {77};
    size_t few = 0;
    for (int t = 0; t < 60; t++) {
        enum { N = 60, K = 6 };
        static double rows[K][N], turned[N];
        rad_audit audit[2] = {{.patients = N}, {.patients = N}};
        for (size_t k = 0; k < K; k++)
            for (size_t i = 0; i < N; i++) rows[k][i] = test_below(&random, 100) < 20 + 10 * k;
        for (size_t k = 0; k < K; k++) {
            for (size_t i = 0; i < N; i++) turned[i] = rows[K - 1 - k][(i * 7 + 3) % N];
            ck_ok(rad_audit_add(&audit[0], rows[k], false, &error));
            ck_ok(rad_audit_add(&audit[1], turned, false, &error));
        }
        for (size_t least = 2; least < 12; least++) {
            const rad_audit_verdict verdict = look_at(&audit[0], least, 0.5);
            ck_assert(verdict == look_at(&audit[1], least, 0.5));
            few += verdict == RAD_AUDIT_FEW;
        }
        rad_audit_free(&audit[0]);
        rad_audit_free(&audit[1]);
    }
    ck_assert(few > 50 && few < 550);
}
END_TEST

/* Two groupings that are alike but for some, and what is left over of one. */
START_TEST(exceptions) {
    enum { N = 80 };
    for (size_t apart = 1; apart < 14; apart++) {
        double stage[4][N], early[N];
        rad_audit audit = {.patients = N};
        for (size_t i = 0; i < N; i++) {
            for (size_t s = 0; s < 4; s++) stage[s][i] = i % 4 == s;
            early[i] = i % 4 < 2;
            if (i / 4 < (apart + 1) / 2 && i % 4 == 1) early[i] = 0;
            if (i / 4 < apart / 2 && i % 4 == 2) early[i] = 1;
        }
        for (size_t s = 0; s < 4; s++) ck_ok(rad_audit_add(&audit, stage[s], false, &error));
        ck_assert(look_at(&audit, 10, 0.2) == RAD_AUDIT_FINE);
        ck_ok(rad_audit_add(&audit, early, false, &error));
        ck_assert_msg(look_at(&audit, 10, 0.2) == (apart < 10 ? RAD_AUDIT_FEW : RAD_AUDIT_FINE), "%zu apart",
                      apart);
        rad_audit_free(&audit);
    }
}
END_TEST

/* Rows per patient: of all, and of the few that differ where all others go together. */
START_TEST(shares) {
    enum { N = 400, FEW = 40 };
    test_random random = {5};
    for (int wide = 0; wide < 2; wide++) {
        rad_audit audit = {.patients = N};
        size_t rows = 0;
        rad_audit_verdict verdict = RAD_AUDIT_FINE;
        while (verdict == RAD_AUDIT_FINE) {
            double weights[N];
            for (size_t i = 0; i < N; i++) weights[i] = i >= FEW ? wide : (double)test_below(&random, 2);
            ck_ok(rad_audit_add(&audit, weights, false, &error));
            verdict = look_at(&audit, 3, 0.2);
            rows += verdict == RAD_AUDIT_FINE;
        }
        ck_assert(verdict == RAD_AUDIT_MANY);
        ck_assert_uint_eq(rows, wide ? 9 : 8); /* a fifth of 40; the sum of the others is known from one */
        rad_audit_free(&audit);
    }
}
END_TEST

static double normal(test_random *random) {
    double sum = -6;
    for (int i = 0; i < 12; i++) sum += test_uniform(random);
    return sum;
}

/* An ordinary study fits: a panel of a tenth of the patients, age, three groups, one of them of ten only;
 * columns with tails as heavy as those of volumes, too. */
START_TEST(ordinary) {
    static const size_t sizes[] = {50, 100, 200, 400};
    test_random random = {11 + (uint64_t)_i};
    for (int t = 0; t < 5; t++) {
        const size_t n = sizes[_i % 4];
        const bool heavy = _i >= 4;
        rad_audit audit = {.patients = n};
        double *weights = rad_new(n, sizeof *weights, &error);
        for (size_t g = 0; g < 5; g++) {
            for (size_t i = 0; i < n; i++)
                weights[i] = g == 0 || (g == 1 && i % 2) || (g == 2 && i < 10) || (g == 3 && i % 5 < 2) ||
                             (g == 4 && i % 7 < 3);
            ck_ok(rad_audit_add(&audit, weights, false, &error));
        }
        for (size_t k = 0; k < n / 10; k++) {
            for (size_t i = 0; i < n; i++) weights[i] = heavy ? exp(normal(&random)) : normal(&random);
            ck_ok(rad_audit_add(&audit, weights, true, &error));
        }
        ck_assert_uint_eq(audit.all.rank, n / 10 + 5);
        const rad_audit_verdict verdict = look_at(&audit, 10, 0.2);
        ck_assert_msg(verdict == RAD_AUDIT_FINE, "%zu patients: %d", n, verdict);
        rad_free(weights);
        rad_audit_free(&audit);
    }
}
END_TEST

/* Two measurements of the same, which differ in few patients, or nearly so; one of them may be a score. */
START_TEST(measured_twice) {
    enum { N = 120 };
    static const double noise[] = {0, 1e-6, 1e-3, 1};
    test_random random = {19};
    for (size_t few = 1; few < 14; few++)
        for (size_t k = 0; k < 4; k++) {
            rad_audit audit = {.patients = N};
            double one[N], two[N], all[N];
            for (size_t i = 0; i < N; i++) {
                all[i] = 1;
                one[i] = 10 + normal(&random);
                two[i] = one[i] + (i < few ? 1 + test_uniform(&random) : noise[k] * normal(&random));
            }
            ck_ok(rad_audit_add(&audit, all, false, &error));
            ck_ok(rad_audit_add(&audit, one, true, &error));
            ck_assert(look_at(&audit, 10, 0.2) == RAD_AUDIT_FINE);
            ck_ok(rad_audit_add(&audit, two, true, &error));
            const bool fine = few > 9 || k == 3;
            ck_assert_msg(look_at(&audit, 10, 0.2) == (fine ? RAD_AUDIT_FINE : RAD_AUDIT_FEW),
                          "%zu patients, noise %g", few, noise[k]);
            rad_audit_free(&audit);
        }
}
END_TEST

/* One patient far out, who makes up all but `rest` of the squared distances from the mean. */
START_TEST(far_out) {
    enum { N = 200 };
    test_random random = {23};
    for (int far = 0; far < 2; far++) {
        rad_audit audit = {.patients = N};
        double all[N], x[N];
        for (size_t i = 0; i < N; i++) {
            all[i] = 1;
            x[i] = normal(&random);
        }
        x[7] = far ? 300 : 40;
        ck_ok(rad_audit_add(&audit, all, false, &error));
        ck_ok(rad_audit_add(&audit, x, true, &error));
        ck_assert(look_at(&audit, 10, 0.2) == (far ? RAD_AUDIT_FEW : RAD_AUDIT_FINE));
        rad_audit_free(&audit);
    }
}
END_TEST

/* What follows from other rows adds none; copies are their own. */
START_TEST(rows_that_follow) {
    enum { N = 30 };
    rad_audit audit = {.patients = N}, copy;
    double sum[N] = {0}, row[N];
    test_random random = {29};
    for (size_t k = 0; k < 4; k++) {
        for (size_t i = 0; i < N; i++) {
            row[i] = (double)test_below(&random, 1 << 24) * 0x1p-30;
            sum[i] += row[i];
        }
        ck_ok(rad_audit_add(&audit, row, true, &error));
    }
    ck_ok(rad_audit_copy(&audit, &copy, &error));
    ck_ok(rad_audit_add(&audit, sum, true, &error));
    ck_assert_uint_eq(audit.all.rank, 4);
    row[3] += 1;
    ck_ok(rad_audit_add(&audit, row, true, &error));
    ck_assert(audit.all.rank == 5 && audit.normals == 5 && copy.all.rank == 4);
    for (size_t j = 0; j < 5; j++)
        for (size_t k = 0; k <= j; k++) {
            double product = 0;
            for (size_t i = 0; i < N; i++) product += audit.normal[j * N + i] * audit.normal[k * N + i];
            ck_near(product, j == k, 1e-12);
        }
    ck_assert(look_at(&audit, 2, 1) == RAD_AUDIT_FEW && look_at(&copy, 2, 1) == RAD_AUDIT_FINE);
    rad_audit_free(&audit);
    rad_audit_free(&audit);
    rad_audit_free(&copy);
    const rad_audit none = {.patients = N};
    ck_assert(look_at(&none, 10, 0.2) == RAD_AUDIT_FINE);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("audit");
    TCase *tests = tcase_create("audit");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, places);
    tcase_add_loop_test(tests, against_every_set, 0, 4);
    tcase_add_test(tests, of_any_order);
    tcase_add_test(tests, exceptions);
    tcase_add_test(tests, shares);
    tcase_add_loop_test(tests, ordinary, 0, 8);
    tcase_add_test(tests, measured_twice);
    tcase_add_test(tests, far_out);
    tcase_add_test(tests, rows_that_follow);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
