/* How the columns of a release tell who its patients are. */
#include "../../federate/site/ledger_entry.h"
#include "testing.h"

enum { ROWS = 20, KINDS = 6 };

/* Whole numbers in fewer than twice as many steps as there are patients are counted where two are alike, and
 * number rows where none are, which say nothing; all others are measured. Behind the last row lie others. */
static const struct {
    const char *name;
    double of[ROWS + 1];
    bool counted, told;
} kinds[KINDS] = {
    {"years",
     {40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 40, 0.5},
     true,
     true},
    {"late",
     {40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 58, 0.5},
     true,
     true},
    {"number", {20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, false, false},
    {"far", {0, 39, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5}, true, true},
    {"farther", {0, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, false, true},
    {"size", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 19.5, 0}, false, true},
};

START_TEST(kinds_of_columns) {
    char patients[ROWS][8], names[KINDS][RAD_NAME], *list[ROWS];
    float sample[(ROWS + 1) * KINDS];
    const rad_ledger ledger = {.file = -1};
    rad_ledger_entry entry;
    rad_error error = {0};
    for (size_t k = 0; k < KINDS; k++) {
        snprintf(names[k], RAD_NAME, "%s", kinds[k].name);
        for (size_t r = 0; r <= ROWS; r++) sample[r * KINDS + k] = (float)kinds[k].of[r];
    }
    for (size_t r = 0; r < ROWS; r++) {
        snprintf(patients[r], sizeof patients[r], "p%zu", r);
        list[r] = patients[r];
    }
    const rad_cohort cohort = {
        .rows = ROWS, .patients = list, .sampled = KINDS, .sample_name = names, .sample = sample};
    ck_ok(rad_ledger_entry_make(&ledger, &cohort, &entry, &error));
    ck_assert_uint_eq(entry.who.sampled, KINDS);
    for (size_t k = 0; k < KINDS; k++) {
        const uint64_t column = rad_ledger_column(&ledger, kinds[k].name);
        size_t at = 0;
        while (at < KINDS && entry.who.column[at] != column) at++;
        ck_assert_msg(at < KINDS, "%s", kinds[k].name);
        ck_assert_msg(entry.who.counts[at] == kinds[k].counted, "%s", kinds[k].name);
        for (size_t r = 0; r < ROWS; r++)
            ck_assert_msg((entry.who.sample[at * ROWS + r] != 0) == kinds[k].told, "%s", kinds[k].name);
    }
    rad_ledger_entry_free(&entry);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("ledger_entry");
    TCase *tests = tcase_create("ledger_entry");
    tcase_add_test(tests, kinds_of_columns);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
