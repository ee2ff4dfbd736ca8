/* Patients in two tables, known by hashes of their values. Hashes are random, and few of their bits are kept:
 * values that are no one's else meet by chance, and must not hide whom they do not belong to. */
#include "../../federate/site/persons.h"
#include "testing.h"

static rad_error error;

enum { MOST = 400, COLUMNS = 6, TABLES = 20000 };

typedef struct table {
    rad_persons persons;
    uint64_t id[MOST], column[COLUMNS];
    uint8_t counts[COLUMNS];
    uint32_t sample[COLUMNS * MOST];
} table;

static void fill(table *t, size_t patients, test_random *random) {
    t->persons = (rad_persons){.patients = patients,
                               .sampled = COLUMNS,
                               .id = t->id,
                               .column = t->column,
                               .counts = t->counts,
                               .sample = t->sample};
    for (size_t k = 0; k < COLUMNS; k++) {
        t->column[k] = 100 + k;
        t->counts[k] = 0;
    }
    for (size_t r = 0; r < patients; r++) t->id[r] = test_below(random, UINT32_MAX);
    for (size_t i = 0; i < COLUMNS * patients; i++)
        t->sample[i] = 1 + (uint32_t)test_below(random, UINT32_MAX - 1);
}

/* The last `both` patients of b are the first ones of a; `rounded`: by their first digits alone. */
static void share(const table *a, table *b, size_t both, bool rounded, test_random *random) {
    const size_t n = a->persons.patients, m = b->persons.patients;
    for (size_t k = 0; k < COLUMNS; k++)
        for (size_t r = 0; r < both; r++) {
            const uint32_t fine = rounded ? (uint32_t)test_below(random, 1 << 16) << 16 : 0;
            b->sample[k * m + m - both + r] = a->sample[k * n + r] ^ fine;
        }
}

/* How many of b are found in a by their values, and how many of these are not who they are taken for. */
static size_t find(const table *a, const table *b, size_t both, size_t *wrong) {
    uint32_t by_name[MOST], by_values[MOST];
    const size_t first = b->persons.patients - both;
    size_t found = 0;
    *wrong = 0;
    ck_ok(rad_persons_match(&b->persons, &a->persons, by_name, by_values, &error));
    for (size_t r = 0; r < b->persons.patients; r++) {
        if (by_values[r] == RAD_NOBODY) continue;
        found++;
        *wrong += r < first || by_values[r] != r - first;
    }
    return found;
}

START_TEST(found_whatever_the_secret) {
    static const struct {
        size_t patients, both;
        bool rounded;
    } cases[] = {{60, 2, false}, {60, 2, true}, {60, 59, true}, {400, 2, false}, {400, 3, true}};
    enum { CASES = sizeof cases / sizeof cases[0] };
    test_random random = {7};
    for (int t = 0; t < TABLES; t++) {
        const size_t c = (size_t)t % CASES, both = cases[c].both;
        table a, b;
        size_t wrong;
        fill(&a, cases[c].patients, &random);
        fill(&b, cases[c].patients, &random);
        share(&a, &b, both, cases[c].rounded, &random);
        const size_t found = find(&a, &b, both, &wrong);
        ck_assert_msg(found == both && !wrong, "%zu of %zu, pair %d: %zu found, %zu wrong", both,
                      cases[c].patients, t, found, wrong);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("persons");
    TCase *tests = tcase_create("persons");
    tcase_add_test(tests, found_whatever_the_secret);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
