/* Large blocks: what is released serves the next request, whatever its size, and zeros are zeros. */
#include "testing.h"

#include "../../core/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { MEGABYTE = 1 << 20 };

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

static unsigned char *block_of(size_t megabytes, bool zero) {
    rad_error error = {0};
    unsigned char *block =
        zero ? rad_new(megabytes, MEGABYTE, &error) : rad_new_raw(megabytes, MEGABYTE, &error);
    ck_assert(block != NULL);
    return block;
}

/* Random requests and releases: no block holds a byte of another, zeroed ones are zero at first. */
START_TEST(blocks_stay_apart) {
    enum { BLOCKS = 12, STEPS = 400 };
    unsigned char *block[BLOCKS] = {NULL};
    size_t size[BLOCKS] = {0};
    test_random random = {(uint64_t)_i + 1};
    rad_memory_trim();
    for (int step = 0; step < STEPS; step++) {
        const size_t k = (size_t)(test_uniform(&random) * BLOCKS);
        if (block[k]) {
            for (size_t i = 0; i < size[k] * MEGABYTE; i += 4093) ck_assert_uint_eq(block[k][i], k + 1);
            ck_assert_uint_eq(block[k][size[k] * MEGABYTE - 1], k + 1);
            rad_free(block[k]);
            block[k] = NULL;
            continue;
        }
        const bool zero = test_uniform(&random) < 0.5;
        size[k] = 1 + (size_t)(test_uniform(&random) * 9);
        block[k] = block_of(size[k], zero);
        if (zero) ck_assert(rad_is_zero(block[k], size[k] * MEGABYTE));
        memset(block[k], (int)k + 1, size[k] * MEGABYTE);
    }
    for (size_t k = 0; k < BLOCKS; k++) rad_free(block[k]);
    rad_memory_trim();
}
END_TEST

/* The same of blocks between the heap's small ones and the pool's. */
START_TEST(middle_blocks_stay_apart) {
    enum { BLOCKS = 12, STEPS = 1200 };
    unsigned char *block[BLOCKS] = {NULL};
    size_t size[BLOCKS] = {0};
    test_random random = {(uint64_t)_i + 5};
    for (int step = 0; step < STEPS; step++) {
        const size_t k = (size_t)(test_uniform(&random) * BLOCKS);
        rad_error error = {0};
        if (block[k]) {
            for (size_t i = 0; i < size[k]; i += 509) ck_assert_uint_eq(block[k][i], k + 1);
            ck_assert_uint_eq(block[k][size[k] - 1], k + 1);
            rad_free(block[k]);
            block[k] = NULL;
            if (step % 300 == 299) rad_memory_trim();
            continue;
        }
        const bool zero = test_uniform(&random) < 0.5;
        size[k] = 30000 + (size_t)(test_uniform(&random) * 1100000);
        block[k] = zero ? rad_new(size[k], 1, &error) : rad_new_raw(size[k], 1, &error);
        ck_assert(block[k] != NULL);
        if (zero) ck_assert(rad_is_zero(block[k], size[k]));
        memset(block[k], (int)k + 1, size[k]);
    }
    for (size_t k = 0; k < BLOCKS; k++) rad_free(block[k]);
    rad_memory_trim();
}
END_TEST

#if !defined(SANITIZED)
/* Pages of blocks that are taken and released again and again come from the system once. */
START_TEST(middle_blocks_are_kept) {
    enum { BLOCKS = 4, ROUNDS = 50, BYTES = 900000, PAGE = 4096 };
    unsigned char *block[BLOCKS];
    rad_error error = {0};
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    for (int round = 0; round < ROUNDS; round++) {
        for (int k = 0; k < BLOCKS; k++) {
            block[k] = rad_new_raw(BYTES, 1, &error);
            ck_assert(block[k] != NULL);
            memset(block[k], k, BYTES);
        }
        for (int k = 0; k < BLOCKS; k++) rad_free(block[k]);
    }
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_le(after.ru_minflt - before.ru_minflt, 3 * BLOCKS * BYTES / PAGE);
    rad_memory_trim();
}
END_TEST

/* The peak is that of what is held at once, not that of all sizes that ever were. */
START_TEST(idle_pages_are_used_again) {
    struct rusage before, after;
    rad_memory_trim();
    unsigned char *first = block_of(100, false);
    memset(first, 1, 100 * MEGABYTE);
    getrusage(RUSAGE_SELF, &before);
    rad_free(first);
    for (size_t megabytes = 10; megabytes <= 100; megabytes += 10) {
        unsigned char *block = block_of(megabytes, false);
        memset(block, 2, megabytes * MEGABYTE);
        rad_free(block);
    }
    unsigned char *half[2] = {block_of(48, false), block_of(48, true)};
    memset(half[0], 3, 48 * MEGABYTE);
    memset(half[1], 4, 48 * MEGABYTE);
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_le(after.ru_maxrss - before.ru_maxrss, 10 * 1024);
    rad_free(half[0]);
    rad_free(half[1]);
    unsigned char *parts[2] = {block_of(60, false),
                               block_of(40, false)}; /* of what is one block by now, or two */
    memset(parts[0], 5, 60 * MEGABYTE);
    memset(parts[1], 6, 40 * MEGABYTE);
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_le(after.ru_maxrss - before.ru_maxrss, 10 * 1024);
    rad_free(parts[0]);
    rad_free(parts[1]);
    rad_memory_trim();
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("memory");
    TCase *tests = tcase_create("memory");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, blocks_stay_apart, 0, 4);
    tcase_add_loop_test(tests, middle_blocks_stay_apart, 0, 4);
#if !defined(SANITIZED)
    tcase_add_test(tests, middle_blocks_are_kept);
    tcase_add_test(tests, idle_pages_are_used_again);
#endif
    return test_run(suite);
}
