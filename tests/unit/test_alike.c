/* Tables that have the same values, whoever has them. */
#include "../../federate/site/alike.h"
#include "testing.h"

static rad_error error;

enum { MOST = 400, COLUMNS = 4 };

/* A table whose values are hashes of their own, which is all that is asked of them. */
typedef struct table {
    rad_persons persons;
    uint64_t column[COLUMNS];
    uint32_t sample[COLUMNS * MOST];
} table;

static void begin(table *t, size_t patients, size_t columns) {
    t->persons =
        (rad_persons){.patients = patients, .sampled = columns, .column = t->column, .sample = t->sample};
    for (size_t k = 0; k < columns; k++) t->column[k] = 100 + k;
}

/* Sums of throws, about as ages are spread. */
static uint32_t age(test_random *random) {
    size_t sum = 1;
    for (int i = 0; i < 12; i++) sum += test_below(random, 9);
    return (uint32_t)sum;
}

static void fill(table *t, size_t k, test_random *random, size_t values) {
    for (size_t r = 0; r < t->persons.patients; r++)
        t->sample[k * t->persons.patients + r] =
            values ? 1 + (uint32_t)test_below(random, values) : age(random);
}

/* The rows of another in another order, the first ones; some of them are anew. */
static void deal(const table *from, table *to, size_t k, size_t anew, test_random *random) {
    const size_t n = from->persons.patients, m = to->persons.patients;
    uint32_t all[MOST] = {0};
    for (size_t r = 0; r < n; r++) all[r] = from->sample[k * n + r];
    for (size_t r = n; r > 1; r--) {
        const size_t other = test_below(random, r);
        const uint32_t kept = all[r - 1];
        all[r - 1] = all[other];
        all[other] = kept;
    }
    for (size_t r = 0; r < m; r++) to->sample[k * m + r] = r < anew ? age(random) : all[r];
}

static bool are_alike(const table *a, const table *b) {
    bool one, other;
    ck_ok(rad_persons_alike(&a->persons, &b->persons, &one, &error));
    ck_ok(rad_persons_alike(&b->persons, &a->persons, &other, &error));
    ck_assert(one == other);
    return one;
}

/* Others of the same hospital are never: of 2,000 pairs none, where 4.5 deviations are 7 in a million. */
START_TEST(others) {
    test_random random = {3};
    for (int t = 0; t < 1000; t++) {
        table a, b;
        const size_t n = 30 + test_below(&random, MOST - 30), m = 30 + test_below(&random, MOST - 30);
        begin(&a, n, 2);
        begin(&b, t % 2 ? n : m, 2);
        for (size_t k = 0; k < 2; k++) {
            const size_t values = k ? 2 + test_below(&random, 40) : 0;
            fill(&a, k, &random, values);
            fill(&b, k, &random, values);
        }
        ck_assert_msg(!are_alike(&a, &b), "%d", t);
    }
}
END_TEST

/* The same patients under other names are, also without some, and with nine of another age. */
START_TEST(same) {
    static const struct {
        size_t patients, left, anew;
    } cases[] = {{60, 60, 0}, {150, 150, 9}, {263, 263, 10}, {400, 360, 0}, {400, 391, 9}};
    test_random random = {5};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int t = 0; t < 50; t++) {
            table a, b;
            begin(&a, cases[i].patients, 2);
            begin(&b, cases[i].left, 2);
            fill(&a, 0, &random, 0);
            fill(&a, 1, &random, 2); /* a sex, which tells nothing */
            deal(&a, &b, 0, cases[i].anew, &random);
            fill(&b, 1, &random, 2);
            ck_assert_msg(are_alike(&a, &b), "%zu, %d", i, t);
        }
}
END_TEST

/* What tells nothing: numbers of rows, two values, nobody; and one column of two that could tell. */
START_TEST(nothing) {
    test_random random = {7};
    table a, b;
    begin(&a, 200, 1);
    begin(&b, 200, 1);
    for (size_t r = 0; r < 200; r++) a.sample[r] = b.sample[r] = 1 + (uint32_t)r;
    ck_assert(!are_alike(&a, &b));
    for (size_t r = 0; r < 200; r++) a.sample[r] = b.sample[r] = 1 + (uint32_t)(r % 2);
    ck_assert(!are_alike(&a, &b));
    for (size_t r = 0; r < 200; r++) a.sample[r] = 0;
    ck_assert(!are_alike(&a, &b));
    begin(&a, 200, 2);
    begin(&b, 200, 2);
    for (size_t k = 0; k < 2; k++) fill(&a, k, &random, 0);
    deal(&a, &b, 0, 0, &random);
    fill(&b, 1, &random, 0); /* controls, matched by the first */
    ck_assert(!are_alike(&a, &b));
    deal(&a, &b, 1, 0, &random);
    ck_assert(are_alike(&a, &b));
    b.column[0] = 7; /* another name */
    b.column[1] = 8;
    ck_assert(!are_alike(&a, &b));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("alike");
    TCase *tests = tcase_create("alike");
    tcase_add_test(tests, others);
    tcase_add_test(tests, same);
    tcase_add_test(tests, nothing);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
