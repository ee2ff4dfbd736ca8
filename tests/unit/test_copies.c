/* Variables that are the same but for a few patients, against all pairs. */
#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../federate/site/copies.h"
#include "../../federate/step.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static rad_error error;

enum { ROWS = 40, COLUMNS = 60, CELL = 10 };

typedef struct site {
    rad_cohort cohort;
    rad_permit permit;
    rad_class class[2]; /* of those who have all; of three in four */
    rad_rules rules;
    rad_variable variables[COLUMNS];
    double values[COLUMNS * ROWS];
    uint16_t of[COLUMNS];
    uint8_t powers[COLUMNS];
    uint64_t present[2][(ROWS + 63) / 64];
} site;

static double value_at(const site *s, size_t v, size_t r) {
    return s->values[v * ROWS + r] + s->variables[v].transform.centre;
}

/* A column of its own (of few values, some), or an earlier one of the class with other values for some; some
 * steps are coarser. */
static void make_column(site *s, size_t v, test_random *random) {
    const size_t class = test_below(random, 4) == 0, from = v ? test_below(random, v) : 0,
                 differ = test_below(random, 16), wide = 1 + test_below(random, 50);
    const bool copy = v && s->of[from] == class && test_below(random, 3);
    rad_variable *x = &s->variables[v];
    *x = (rad_variable){
        .transform = {.step = test_below(random, 4) ? -3 : -1, .centre = test_below(random, 5) ? 0 : 0.3}};
    snprintf(x->name, sizeof x->name, "v%zu", v);
    s->of[v] = (uint16_t) class;
    s->powers[v] = test_below(random, 8) ? 2 : 0;
    for (size_t r = 0; r < ROWS; r++) {
        double y = copy ? value_at(s, from, r) : (double)test_below(random, wide) / 8;
        if (copy && r * differ / ROWS != (r + 1) * differ / ROWS) y += 1 + (double)test_below(random, 40) / 8;
        s->values[v * ROWS + r] = rad_bitset_has(s->present[class], r)
                                      ? rad_step_rounded(y - x->transform.centre, x->transform.step)
                                      : NAN;
    }
}

static void make_site(site *s, test_random *random) {
    memset(s, 0, sizeof *s);
    s->cohort = (rad_cohort){
        .rows = ROWS, .words = 1, .variables = s->variables, .count = COLUMNS, .values = s->values};
    for (size_t r = 0; r < ROWS; r++) {
        rad_bitset_add(s->present[0], r);
        if (r % 4) rad_bitset_add(s->present[1], r);
    }
    for (size_t k = 0; k < 2; k++)
        s->class[k] = (rad_class){.present = s->present[k], .size = k ? ROWS * 3 / 4 : ROWS};
    s->permit =
        (rad_permit){.cell = CELL, .classes = s->class, .class_count = 2, .of = s->of, .powers = s->powers};
    for (size_t v = 0; v < COLUMNS; v++) make_column(s, v, random);
}

/* How many differ by more than rounding explains. */
static size_t differing(const site *s, size_t a, size_t b) {
    const rad_transform *x = &s->variables[a].transform, *y = &s->variables[b].transform;
    const bool alike = x->step == y->step && x->centre == y->centre;
    const double most = alike ? 0 : (ldexp(1, x->step) + ldexp(1, y->step)) * 0.5000000005;
    size_t count = 0;
    for (size_t r = 0; r < ROWS; r++) count += fabs(value_at(s, a, r) - value_at(s, b, r)) > most;
    return count;
}

START_TEST(pairs) {
    test_random random = {27};
    size_t refused = 0, kept = 0;
    for (int t = 0; t < 200; t++) {
        site s;
        uint8_t expected[COLUMNS];
        make_site(&s, &random);
        memcpy(expected, s.powers, sizeof expected);
        for (size_t b = 0; b < COLUMNS; b++)
            for (size_t a = 0; a < b && expected[b]; a++) {
                const size_t differ = s.of[a] == s.of[b] ? differing(&s, a, b) : 0;
                if (expected[a] && differ && differ < CELL && 2 * differ < s.class[s.of[b]].size)
                    expected[b] = 0;
            }
        rad_permitting m = {.cohort = &s.cohort, .rules = &s.rules, .permit = &s.permit, .error = &error};
        const size_t before = refused;
        for (size_t v = 0; v < COLUMNS; v++) refused += s.powers[v] && !expected[v];
        ck_ok(rad_copies_permit(&m));
        ck_assert_uint_eq(s.permit.refusal_count, refused - before);
        for (size_t v = 0; v < COLUMNS; v++) {
            ck_assert_msg(s.powers[v] == expected[v], "%d: v%zu", t, v);
            kept += s.powers[v] > 0;
        }
        for (size_t i = 0; i < s.permit.refusal_count; i++)
            ck_assert(strstr(s.permit.refusals[i].words, "for all but a few patients"));
        rad_free(s.permit.refusals);
    }
    ck_assert(refused > 500 && kept > 2000);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("copies");
    TCase *tests = tcase_create("copies");
    tcase_add_test(tests, pairs);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
