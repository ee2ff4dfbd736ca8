#include "../../core/clock.h"
#include "../../core/parallel.h"
#include "testing.h"

#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

static void nothing(size_t i, void *context) {
    (void)i, (void)context;
}

/* Where work of one thread lies between loops, the others sleep. Time of processors, so it does not depend on
 * how busy the machine is; a thread may stay awake for 0.1 ms. */
START_TEST(waiting_costs_little) {
    enum { LOOPS = 40 };
    const struct timespec between = {0, 10000000};
    rad_parallel_for(2, 2, nothing, NULL);
    const double before = rad_clock_processor(0);
    for (int k = 0; k < LOOPS; k++) {
        rad_parallel_for(2, 2, nothing, NULL);
        nanosleep(&between, NULL);
    }
    const double each = (rad_clock_processor(0) - before) / LOOPS;
    ck_assert_msg(each < 0.00025, "a loop of nothing and the wait behind it take %.2f ms of processors",
                  each * 1e3);
}
END_TEST

/* Signals that a thread holds back, of its line in /proc; while it begins or ends these are all, for a
 * moment. */
static unsigned long long held_by(const char *thread) {
    char path[64], line[256];
    unsigned long long mask;
    snprintf(path, sizeof path, "/proc/self/task/%.20s/status", thread);
    do {
        FILE *status = fopen(path, "r");
        mask = 0;
        while (status && fgets(line, sizeof line, status))
            if (sscanf(line, "SigBlk: %llx", &mask) == 1) break;
        if (status) fclose(status);
    } while (mask >> (SIGSEGV - 1) & 1);
    return mask;
}

/* The caller's mask is that of the process: helpers leave signals to it, all but those of faults. */
START_TEST(helpers_take_no_signals) {
    int helpers = 0;
    rad_parallel_for(3, 3, nothing, NULL);
    DIR *threads = opendir("/proc/self/task");
    ck_assert_ptr_nonnull(threads);
    for (const struct dirent *one; (one = readdir(threads));) {
        if (one->d_name[0] == '.' || atoi(one->d_name) == getpid()) continue;
        const unsigned long long held = held_by(one->d_name);
        static const int left[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM}, own[] = {SIGBUS, SIGFPE, SIGILL};
        for (size_t i = 0; i < 4; i++) ck_assert_msg(held >> (left[i] - 1) & 1, "signal %d", left[i]);
        for (size_t i = 0; i < 3; i++) ck_assert_msg(!(held >> (own[i] - 1) & 1), "signal %d", own[i]);
        helpers++;
    }
    closedir(threads);
    ck_assert_int_ge(helpers, 2);
}
END_TEST

enum { ATTEMPTS = 97 };

typedef struct faults {
    const size_t *at; /* indices that fail, in order; ends with ATTEMPTS */
    atomic_int seen[ATTEMPTS];
} faults;

static rad_status fail_some(size_t i, void *context, rad_error *error) {
    faults *f = context;
    f->seen[i]++;
    for (const size_t *at = f->at; *at < ATTEMPTS; at++) {
        if (*at != i) continue;
        /* the first to fail is the last to say so, in most runs */
        for (volatile int spin = 0; spin < (int)(3000 * (ATTEMPTS - i)); spin++) {
        }
        return rad_fail(error, i % 2 ? RAD_CONFIG : RAD_NO_MEMORY, "index %zu", i);
    }
    return RAD_OK;
}

/* Of several failures the lowest index wins, whoever is first; nothing below it is left out, and nothing runs
 * twice. */
START_TEST(lowest_failure_wins) {
    static const size_t none[] = {ATTEMPTS}, first[] = {0, 1, 96, ATTEMPTS}, last[] = {96, ATTEMPTS},
                        many[] = {13, 14, 15, 40, 41, 80, 96, ATTEMPTS};
    static const size_t *const all[] = {none, first, last, many};
    static const int threads[] = {1, 2, 3, 16};
    for (int k = 0; k < 4 * 4 * 20; k++) {
        faults f = {.at = all[k % 4]};
        rad_error error = {.text = "untouched"};
        const size_t lowest = f.at[0];
        char text[32] = "untouched";
        const rad_status expected = lowest == ATTEMPTS ? RAD_OK : lowest % 2 ? RAD_CONFIG : RAD_NO_MEMORY;
        if (expected != RAD_OK) snprintf(text, sizeof text, "index %zu", lowest);
        ck_assert_int_eq(rad_parallel_try(ATTEMPTS, threads[k / 4 % 4], fail_some, &f, &error), expected);
        ck_assert_str_eq(error.text, text);
        ck_assert_int_eq(error.status, expected);
        for (size_t i = 0; i < ATTEMPTS; i++)
            if (i <= lowest)
                ck_assert_int_eq(f.seen[i], 1);
            else
                ck_assert_int_le(f.seen[i], 1);
    }
    ck_assert_int_eq(rad_parallel_try(ATTEMPTS, 2, fail_some, &(faults){.at = many}, NULL), RAD_CONFIG);
    ck_assert_int_eq(rad_parallel_try(0, 2, fail_some, NULL, NULL), RAD_OK);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parallel");
    TCase *tests = tcase_create("parallel");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120); /* a thread that sleeps for ever, not a slow machine */
    tcase_add_test(tests, every_index_once);
    tcase_add_test(tests, short_loops);
    tcase_add_test(tests, waiting_costs_little);
    tcase_add_test(tests, helpers_take_no_signals);
    tcase_add_test(tests, lowest_failure_wins);
    return test_run(suite);
}
