/* Sums of ranks that cannot be, from both sides of each bound. */
#include "../../federate/pool/plausible.h"
#include "../../federate/ranked.h"
#include "testing.h"

#include <string.h>

static rad_error error;

enum { CELLS = 6 };

/* Five of one level with the ranks 1, 2, 3, 5, 6 and three of the other with 4, 7, 8, of ten who have the
 * variable. */
static const int64_t honest[CELLS] = {10, 5, 34, 3, 38, 0};

static rad_status judge(size_t cell, int64_t by) {
    rad_study study = {.factor_count = 1, .factors = {{.name = "sex", .levels = 2, .group = true}}};
    rad_summary_variable variable = {.name = "f"};
    rad_exact sums[CELLS];
    bool shown = true;
    rad_summary site = {.count = 1, .variables = &variable, .rows = 10};
    for (size_t i = 0; i < CELLS; i++) sums[i] = rad_exact_whole(honest[i] + (i == cell ? by : 0));
    site.blocks[RAD_RANKS] = (rad_blocks){CELLS, sums, &shown};
    const rad_judging j = {&site, &study, &error};
    ck_assert_uint_eq(rad_ranked_cells(&study), CELLS);
    ck_assert_uint_eq(rad_ranked_group(&study, 0), 1);
    ck_assert_uint_eq(rad_ranked_ties(&study, 0), 5);
    return rad_plausible_ranks(&j);
}

static void rejects(size_t cell, int64_t by, const char *words) {
    ck_assert_int_eq(judge(cell, by), RAD_UNTRUSTED);
    ck_assert_msg(strstr(error.text, words), "%s", error.text);
}

START_TEST(ranks) {
    ck_assert_int_eq(judge(0, 0), RAD_OK);
    ck_assert_int_eq(judge(0, -2), RAD_OK); /* eight who have the variable, and a level */
    rejects(0, -3, "more patients");
    rejects(2, -5, "beyond all"); /* the least of five is 30 */
    rejects(2, 1, "not those of all");
    rejects(4, 5, "beyond all"); /* the most of three is 42 */
    rejects(2, -35, "no whole numbers");
    ck_assert_int_eq(judge(5, 512), RAD_OK); /* all eight have one value */
    rejects(5, 513, "more patients");
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ranks");
    TCase *tests = tcase_create("ranks");
    tcase_add_test(tests, ranks);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
