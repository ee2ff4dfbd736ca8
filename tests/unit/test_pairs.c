/* Pairs of many levels against a matrix that is held whole. */
#include "../../core/memory.h"
#include "../../features/pairs.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static rad_error error;

/* What came: a matrix of counts, and that the order was right. */
typedef struct seen {
    uint32_t levels, i, j;
    uint64_t *count, total;
    bool in_order;
} seen;

static void take(uint32_t i, uint32_t j, uint64_t n, void *context) {
    seen *s = context;
    s->in_order = s->in_order && n > 0 && i <= j && j <= s->levels && (i > s->i || (i == s->i && j > s->j));
    s->i = i;
    s->j = j;
    s->total += n;
    if (s->count) s->count[i * ((size_t)s->levels + 1) + j] = n;
}

/* A cube with a margin of zeros, half of it of the ROI; `low` of 1,000 voxels have level 1. */
static uint16_t *make_levels(size_t side, uint32_t levels, unsigned low, size_t *count) {
    test_random random = {7 + levels};
    *count = side * side * side;
    uint16_t *level = calloc(*count, sizeof *level);
    ck_assert_ptr_nonnull(level);
    for (size_t z = 1; z + 1 < side; z++)
        for (size_t y = 1; y + 1 < side; y++)
            for (size_t x = 1; x + 1 < side; x++)
                if (test_below(&random, 8))
                    level[(z * side + y) * side + x] =
                        (uint16_t)(test_below(&random, 1000) < low ? 1 : 1 + test_below(&random, levels));
    return level;
}

static const struct {
    size_t side;
    uint32_t levels;
    unsigned low;
} cubes[] = {{12, 5, 0},     {12, 513, 0},  {20, 1000, 500},
             {30, 700, 10},  {125, 700, 0}, /* more pairs than a slab holds */
             {125, 700, 970} /* more than a slab holds of one level alone */};
enum { CUBES = sizeof cubes / sizeof cubes[0] };

START_TEST(as_a_whole_matrix) {
    const size_t side = cubes[_i].side, levels = cubes[_i].levels, width = levels + 1;
    const ptrdiff_t row = (ptrdiff_t)side, plane = row * row;
    const ptrdiff_t step[13] = {-1,
                                -row,
                                -plane,
                                -row - 1,
                                1 - row,
                                -plane - 1,
                                1 - plane,
                                -plane - row,
                                row - plane,
                                -plane - row - 1,
                                1 - plane - row,
                                row - plane - 1,
                                row - plane + 1};
    size_t count;
    uint16_t *level = make_levels(side, (uint32_t)levels, cubes[_i].low, &count);
    uint64_t *expected = calloc(width * width, sizeof *expected), total = 0;
    seen s = {.levels = (uint32_t)levels, .count = calloc(width * width, sizeof *s.count), .in_order = true};
    ck_assert(expected && s.count);
    for (size_t v = 0; v < count; v++)
        for (int d = 0; level[v] && d < 13; d++) {
            const size_t a = level[v], b = *(level + v + step[d]);
            if (b) expected[a < b ? a * width + b : b * width + a]++;
            total += b > 0;
        }
    rad_pairs pairs = {level, 0, count, step, 13, (uint32_t)levels, NULL, 0};
    ck_ok(rad_pairs_count(&pairs, &error));
    ck_assert_uint_eq(pairs.total, total);
    ck_ok(rad_pairs_each(&pairs, take, &s, &error));
    ck_assert(s.in_order);
    ck_assert_uint_eq(s.total, total);
    ck_assert(!memcmp(s.count, expected, width * width * sizeof *expected));
    rad_pairs_free(&pairs);
    free(level);
    free(expected);
    free(s.count);
}
END_TEST

/* Level k stands before level k + 1, and 65,535 before 1: every pair once. */
START_TEST(all_levels) {
    enum { N = 65535 };
    uint16_t *level = calloc(N + 2, sizeof *level);
    ck_assert_ptr_nonnull(level);
    for (size_t k = 0; k < N; k++) level[1 + k] = (uint16_t)(k + 1);
    level[N + 1] = 1;
    const ptrdiff_t step = 1;
    seen s = {.levels = N, .in_order = true};
    rad_pairs pairs = {level, 1, N + 1, &step, 1, N, NULL, 0};
    ck_ok(rad_pairs_count(&pairs, &error));
    ck_ok(rad_pairs_each(&pairs, take, &s, &error));
    ck_assert(s.in_order && s.total == N && pairs.total == N && pairs.firsts[1] == 2 && pairs.firsts[N] == 0);
    rad_pairs_free(&pairs);
    free(level);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pairs");
    TCase *tests = tcase_create("pairs");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, as_a_whole_matrix, 0, CUBES);
    tcase_add_test(tests, all_levels);
    return test_run(suite);
}
