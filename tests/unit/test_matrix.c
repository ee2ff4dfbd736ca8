/* Tallies of counts, dense and sparse, against a plain array: the same cells in order, and empty afterwards.
 */
#include "testing.h"

#include "../../features/matrix.h"

#include <stdlib.h>
#include <string.h>

static rad_error error;

/* Widths around whole vectors, and one that makes the dense array too large. */
static const size_t sizes[][2] = {{2, 2}, {5, 8}, {6, 9}, {33, 40}, {3, 1000}, {600, 600}};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void compare_cells(rad_tally *tally, uint32_t *plain, const size_t size[2]) {
    rad_matrix m = {0};
    ck_ok(rad_tally_collect(tally, &m, &error));
    size_t k = 0;
    for (size_t i = 1; i < size[0]; i++)
        for (size_t j = 1; j < size[1]; j++) {
            const uint32_t n = plain[i * size[1] + j];
            if (!n) continue;
            ck_assert(k < m.count);
            ck_assert(m.cells[k].i == i && m.cells[k].j == j && m.cells[k].n == n && m.cells[k].sum == 0);
            k++;
        }
    ck_assert_uint_eq(k, m.count);
    ck_ok(rad_tally_collect(tally, &m, &error));
    ck_assert_uint_eq(m.count, 0);
    rad_matrix_free(&m);
}

START_TEST(cells_are_those_of_an_array) {
    const size_t *size = sizes[_i / 2];
    uint32_t *plain = calloc(size[0] * size[1], sizeof *plain);
    test_random random = {5 + (uint64_t)_i};
    rad_tally tally;
    if (_i % 2)
        ck_ok(rad_tally_make_sparse(&tally, &error));
    else
        ck_ok(rad_tally_make(size[0], size[1], &tally, &error));
    ck_assert((tally.dense != NULL) == (_i % 2 == 0 && size[0] * size[1] <= RAD_DENSE_CELLS));
    for (int round = 0; round < 3; round++) { /* few counts, then many, then few again */
        memset(plain, 0, size[0] * size[1] * sizeof *plain);
        for (int k = 0; k < (round == 1 ? 3000 : 9); k++) {
            const size_t i = test_below(&random, size[0]), j = test_below(&random, size[1]);
            rad_tally_add(&tally, (uint32_t)i, (uint32_t)j, 1 + (uint32_t)k % 3);
            plain[i * size[1] + j] += 1 + (uint32_t)k % 3;
        }
        compare_cells(&tally, plain, size);
    }
    rad_tally_free(&tally);
    free(plain);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("matrix");
    TCase *tests = tcase_create("matrix");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, cells_are_those_of_an_array, 0, 2 * SIZES);
    return test_run(suite);
}
