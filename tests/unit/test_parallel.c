#include "../../core/parallel.h"
#include "testing.h"

#include <stdatomic.h>
#include <string.h>

enum { OUTER = 11, INNER = 13, LEAF = 5 };

static atomic_int visits[OUTER][INNER][LEAF];
static atomic_int at_once, most;
static int threads_now;

static void leaf(size_t i, void *context) {
    atomic_int *row = context;
    row[i]++;
}

static void inner(size_t i, void *context) {
    atomic_int(*rows)[LEAF] = context;
    const int now = ++at_once;
    for (int seen = most; now > seen && !atomic_compare_exchange_weak(&most, &seen, now);) {
    }
    for (volatile int spin = 0; spin < 300; spin++) {
    }
    at_once--;
    rad_parallel_for(LEAF, threads_now, leaf, rows[i]);
}

static void outer(size_t i, void *context) {
    (void)context;
    rad_parallel_for(INNER, threads_now, inner, visits[i]);
}

/* Loops inside of loops inside of loops: every index once, by no more threads than asked for. */
START_TEST(every_index_once) {
    static const int threads[] = {1, 2, 3, 2, 8, 1, 40, 2};
    for (int k = 0; k < (int)(sizeof threads / sizeof threads[0]); k++)
        for (int again = 0; again < 10; again++) {
            memset(visits, 0, sizeof visits);
            most = 0;
            threads_now = threads[k];
            rad_parallel_for(OUTER, threads_now, outer, NULL);
            for (int i = 0; i < OUTER; i++)
                for (int j = 0; j < INNER; j++)
                    for (int l = 0; l < LEAF; l++) ck_assert_int_eq(visits[i][j][l], 1);
            ck_assert_int_le(most, threads_now);
            ck_assert_int_eq(at_once, 0);
        }
}
END_TEST

/* Many short loops: no thread sleeps through one. */
START_TEST(short_loops) {
    static atomic_int row[8];
    for (int i = 0; i < 4000; i++) rad_parallel_for(8, 1 + i % 4, leaf, row);
    for (int i = 0; i < 8; i++) ck_assert_int_eq(row[i], 4000);
    rad_parallel_for(0, 4, leaf, NULL);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parallel");
    TCase *tests = tcase_create("parallel");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120); /* a thread that sleeps for ever, not a slow machine */
    tcase_add_test(tests, every_index_once);
    tcase_add_test(tests, short_loops);
    return test_run(suite);
}
