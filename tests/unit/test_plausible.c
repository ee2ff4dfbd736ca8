/* Sums that cannot be: every inequality from both sides, against plain whole numbers; cohorts of patients
 * never break one, and no count of a site can be another. */
#include "../../core/memory.h"
#include "../../federate/pool/plausible.h"
#include "../../federate/site/summarise.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;

/* Sums of a few small whole numbers: rad_exact and long beside each other. */
typedef struct sums {
    long n, a, b, aa, bb, ab;
} sums;

static rad_fault fault_of(const sums *s) {
    const rad_exact a = rad_exact_whole(s->a), b = rad_exact_whole(s->b), aa = rad_exact_whole(s->aa),
                    bb = rad_exact_whole(s->bb), ab = rad_exact_whole(s->ab);
    const rad_pair_view view = {(uint64_t)s->n, &a, &b, &aa, &bb, &ab};
    rad_fault fault;
    ck_ok(rad_plausible_pair(&view, &fault, &error));
    return fault;
}

static rad_fault naive_fault(const sums *s) {
    const long va = s->n * s->aa - s->a * s->a, vb = s->n * s->bb - s->b * s->b,
               c = s->n * s->ab - s->a * s->b;
    if (!s->n) return s->a || s->b || s->aa || s->bb || s->ab ? RAD_FAULT_EMPTY : RAD_FAULT_NONE;
    if (va < 0 || (s->n == 1 && va)) return RAD_FAULT_FIRST;
    if (vb < 0 || (s->n == 1 && vb)) return RAD_FAULT_SECOND;
    return c * c > va * vb ? RAD_FAULT_PAIR : RAD_FAULT_NONE;
}

/* Pairs of whole numbers -8..8, and what is near their sums. */
START_TEST(pairs) {
    test_random random = {5};
    size_t seen[RAD_FAULTS] = {0};
    for (int i = 0; i < 200000; i++) {
        sums s = {.n = (long)test_below(&random, 7)};
        const long slope = (long)test_below(&random, 3);
        for (long k = 0; k < s.n; k++) {
            const long x = (long)test_below(&random, 17) - 8,
                       y = slope ? slope * x + 1 : (long)test_below(&random, 17) - 8;
            s.a += x, s.b += y, s.aa += x * x, s.bb += y * y, s.ab += x * y;
        }
        ck_assert_uint_eq(fault_of(&s), RAD_FAULT_NONE);
        long *one = (long *[]){&s.a, &s.b, &s.aa, &s.bb, &s.ab}[test_below(&random, 5)];
        *one += test_below(&random, 2) ? 1 : -1;
        ck_assert_uint_eq(fault_of(&s), naive_fault(&s));
        seen[fault_of(&s)]++;
    }
    for (size_t k = 0; k < RAD_FAULTS; k++)
        ck_assert_msg(seen[k] > 100 || k == RAD_FAULT_MORE || k == RAD_FAULT_RANGE, "fault %zu: %zu", k,
                      seen[k]);
}
END_TEST

/* Where doubles cannot tell: the last bit of a sum of squares, and of a product. */
START_TEST(last_bits) {
    const long large = 1L << 30;
    sums s = {2, 2 * large + 1, 2, 2 * large * large + 2 * large + 1, 4, 2 * large + 2};
    /* x = large, large + 1; y = 0, 2 */
    ck_assert_uint_eq(fault_of(&s), RAD_FAULT_NONE);
    s.ab++;
    ck_assert_uint_eq(fault_of(&s), RAD_FAULT_PAIR);
    s = (sums){4, 4 * large, 0, 4 * large * large, 0, 0};
    ck_assert_uint_eq(fault_of(&s), RAD_FAULT_NONE);
    s.aa--;
    ck_assert_uint_eq(fault_of(&s), RAD_FAULT_FIRST);
    s = (sums){4, 0, 4 * large, 0, 4 * large * large - 1, 0};
    ck_assert_uint_eq(fault_of(&s), RAD_FAULT_SECOND);
}
END_TEST

static rad_moments moments_of(const double *x, size_t count, size_t powers) {
    const uint64_t all = UINT64_MAX;
    rad_moments m = {.powers = (uint8_t)powers, .n = count};
    ck_ok(rad_exact_sum_powers(x, &all, count, powers, m.sum, &error));
    return m;
}

static rad_fault judge(const rad_moments *m) {
    rad_fault fault;
    ck_ok(rad_plausible_moments(m, &fault, &error));
    return fault;
}

static void add(rad_exact *to, int64_t by) {
    const rad_exact whole = rad_exact_whole(by);
    ck_ok(rad_exact_add(to, &whole, &error));
}

/* Each power as much as it can be, and one more or less. */
START_TEST(powers) {
    const double two[] = {-3, 5, -3, 5}; /* x^2 = 2 x + 15: x and x^2 correlate perfectly */
    rad_moments m = moments_of(two, 4, 4);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE);
    add(&m.sum[2], 1);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_PAIR);
    add(&m.sum[2], -1 - 256);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE); /* they correlate perfectly, the other way round */
    add(&m.sum[2], -1);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_PAIR);
    add(&m.sum[2], 257);
    add(&m.sum[3], 1);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE);
    add(&m.sum[3], -2);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_PAIR);
    m.powers = 2; /* what is beyond is not looked at */
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE);
    add(&m.sum[1], -65);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_FIRST);
    add(&m.sum[1], 1);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE); /* 4 S2 = S1^2 */
    m.powers = 0;
    add(&m.sum[1], -1000);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE);
    rad_moments_free(&m);
    const double same[] = {2, -2, 2, -2};
    m = moments_of(same, 4, 4);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE); /* n S4 = S2^2 */
    add(&m.sum[3], -1);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_SECOND);
    rad_moments_free(&m);
}
END_TEST

/* Values of any size: what doubles hold at most, and at least. */
START_TEST(range) {
    const double far[] = {0x1.fffffep1023, -0x1.fffffep1023, 0x1p-1074, 1, 3};
    rad_moments m = moments_of(far, 5, 4);
    ck_assert_uint_eq(judge(&m), RAD_FAULT_NONE);
    rad_moments_free(&m);
    m = (rad_moments){.powers = 4, .n = 5};
    char text[2561] = "";
    memset(text, '1', sizeof text - 1);
    for (int k = 1; k < 4; k += 2) ck_ok(rad_exact_read(text, &m.sum[k], &error));
    ck_assert_uint_eq(judge(&m), RAD_FAULT_RANGE);
    rad_moments_free(&m);
}
END_TEST

static rad_fault judge_part(const rad_moments *all, const rad_moments *part) {
    rad_fault fault;
    ck_ok(rad_plausible_part(all, part, &fault, &error));
    return fault;
}

/* Some of the patients, all of them, and one too many; sums of those who are left. */
START_TEST(parts) {
    const double x[] = {1, 2, 3, 4, 9};
    rad_moments all = moments_of(x, 5, 4), some = moments_of(x, 3, 2), whole = moments_of(x, 5, 4);
    ck_assert_uint_eq(judge_part(&all, &some), RAD_FAULT_NONE);
    ck_assert_uint_eq(judge_part(&all, &whole), RAD_FAULT_NONE);
    add(&whole.sum[1], 1);
    ck_assert_uint_eq(judge_part(&all, &whole), RAD_FAULT_EMPTY);
    whole.n++;
    ck_assert_uint_eq(judge_part(&all, &whole), RAD_FAULT_MORE);
    add(&some.sum[1], 12); /* 4 and 9: 97 and 13 are left, at least 84.5 are needed */
    ck_assert_uint_eq(judge_part(&all, &some), RAD_FAULT_NONE);
    add(&some.sum[1], 1);
    ck_assert_uint_eq(judge_part(&all, &some), RAD_FAULT_FIRST);
    some.n = 4; /* one is left, whose square is known */
    ck_assert_uint_eq(judge_part(&all, &some), RAD_FAULT_FIRST);
    some.powers = 0;
    ck_assert_uint_eq(judge_part(&all, &some), RAD_FAULT_NONE);
    rad_moments_free(&all);
    rad_moments_free(&some);
    rad_moments_free(&whole);
}
END_TEST

static const char study_text[] =
    "study: plausible\nfeatures: [x, y, gaps]\n"
    "covariates: {age: number, sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}\n"
    "outcomes: {death: {time: months, event: dead, grid: [0, 6, 12, 24, 36], groups: [sex, stage]}}\n"
    "groups: [sex, stage]\ntables: [[sex, stage]]\ncovariance: [x, y, gaps, age]\nmodel: [age, sex, stage]\n"
    "repeats: {occasion: session, levels: [test, retest]}\n"
    "analyses: [moments, skewness, groups, histograms, tables, covariance, model, reliability, survival]\n"
    "thresholds: {round: %d}\n";

/* A site of patients as they come: few or many, levels and values missing, heavy tails, values of both signs.
 */
typedef struct site {
    rad_study study;
    rad_cohort cohort;
    rad_summary summary;
} site;

static void write_patient(FILE *out, size_t i, bool missing, test_random *r) {
    static const char *const stages[] = {"I", "II", "III", ""};
    const double base = (test_uniform(r) - 0.5) * exp(8 * test_uniform(r));
    const size_t sex = test_below(r, missing ? 3 : 2), stage = test_below(r, missing ? 4 : 3);
    const double months = 50 * test_uniform(r);
    const size_t dead = test_below(r, 2), age = 40 + test_below(r, 40);
    for (int session = 0; session < 1 + (test_below(r, 4) > 0); session++) {
        fprintf(out, "p%zu,%s,%.9g,%.9g,", i, session ? "retest" : "test", base + test_uniform(r),
                3 * base - 1);
        if (!missing || test_below(r, 3)) fprintf(out, "%.9g", test_uniform(r));
        fprintf(out, ",%zu,%s,%s,%.4g,%zu\n", age,
                sex > 1 ? ""
                : sex   ? "M"
                        : "F",
                stages[stage], months, dead);
    }
}

static void make_site(size_t patients, bool missing, int round, bool rules, test_random *random, site *s) {
    char path[] = "/tmp/radiomill-plausible-XXXXXX", text[1024];
    FILE *out = fdopen(mkstemp(path), "w");
    rad_permit permit;
    fputs("case,session,x,y,gaps,age,sex,stage,months,dead\n", out);
    for (size_t i = 0; i < patients; i++) write_patient(out, i, missing, random);
    fclose(out);
    snprintf(text, sizeof text, study_text, round);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &s->study, &error));
    ck_ok(rad_cohort_read(path, NULL, &s->study, &s->cohort, &error));
    unlink(path);
    const rad_rules *own = rules ? &s->study.rules : NULL;
    ck_ok(rad_permit_make(&s->cohort, &s->study, own, 1, &permit, &error));
    ck_ok(rad_summarise(&s->cohort, &s->study, own, &permit, 1, &s->summary, &error));
    s->summary.rules = s->study.rules;
    snprintf(s->summary.site, sizeof s->summary.site, "A");
    rad_permit_free(&permit);
}

static void free_site(site *s) {
    rad_summary_free(&s->summary);
    rad_cohort_free(&s->cohort);
    rad_study_free(&s->study);
}

START_TEST(patients_are_possible) {
    test_random random = {11};
    for (size_t i = 0; i < 120; i++) {
        site s;
        make_site(12 + test_below(&random, 150), i % 2, i % 3 ? 0 : 5, i % 4 != 3, &random, &s);
        ck_ok(rad_plausible_check(&s.summary, &s.study, &error));
        free_site(&s);
    }
}
END_TEST

static void refuses(const site *s, const char *what) {
    const rad_status status = rad_plausible_check(&s->summary, &s->study, &error);
    ck_assert_msg(status == RAD_UNTRUSTED, "%s: status %d", what, (int)status);
    ck_assert_msg(strstr(error.text, "site A: ") == error.text, "%s", error.text);
}

static void refuses_count(const site *s, int64_t *count, const char *what) {
    for (int by = -1; by < 2; by += 2) {
        if (*count + by < 0) continue;
        *count += by;
        refuses(s, what);
        *count -= by;
    }
}

static void refuses_uint(const site *s, uint64_t *count, const char *what) {
    refuses_count(s, (int64_t *)count, what);
}

/* Where nothing is missing and nothing held back, no count can be another. */
START_TEST(every_count) {
    test_random random = {3};
    site s;
    make_site(90, false, 0, false, &random, &s);
    rad_summary *m = &s.summary;
    ck_ok(rad_plausible_check(m, &s.study, &error));
    refuses_uint(&s, &m->rows, "patients");
    for (size_t f = 0; f < s.study.factor_count; f++)
        for (size_t l = 0; l <= s.study.factors[f].levels; l++)
            refuses_count(&s, &m->levels[f * (RAD_FACTOR_LEVELS + 1) + l], "levels");
    for (size_t i = 0; i < 12; i++) refuses_count(&s, &m->tables[0][i], "tables");
    for (size_t v = 0; v < m->count; v++)
        for (size_t i = 0; i < m->variables[v].count_count; i += 7)
            refuses_uint(&s, &m->variables[v].counts[i].count, "histogram");
    for (size_t k = 0; k < m->lifetables[0].strata; k++)
        for (size_t i = 0; i < rad_lifetable_cells(m->lifetables[0].stratum[k].edges); i++)
            refuses_uint(&s, &m->lifetables[0].stratum[k].counts[i], "life tables");
    for (size_t i = 0; i < m->sets * m->count; i++) refuses_uint(&s, &m->moments[i].n, "values");
    ck_ok(rad_plausible_check(m, &s.study, &error));
    free_site(&s);
}
END_TEST

/* Rounded counts may be off by half a step each, not by more. */
START_TEST(rounded) {
    test_random random = {4};
    site s;
    make_site(90, false, 5, true, &random, &s);
    rad_summary *m = &s.summary;
    uint64_t *count = &m->variables[0].counts[0].count, sum = 0;
    const size_t counts = m->variables[0].count_count;
    for (size_t i = 0; i < counts; i++) sum += m->variables[0].counts[i].count;
    *count += m->moments[0].n + 2 * counts - sum;
    ck_ok(rad_plausible_check(m, &s.study, &error));
    ++*count;
    refuses(&s, "rounded");
    *count -= 4 * counts + 1;
    ck_ok(rad_plausible_check(m, &s.study, &error));
    --*count;
    refuses(&s, "rounded");
    free_site(&s);
}
END_TEST

/* One side of every count that is not told. */
START_TEST(hidden) {
    test_random random = {6};
    site s;
    make_site(90, false, 0, false, &random, &s);
    rad_summary *m = &s.summary;
    int64_t *level = &m->levels[0], *cell = m->tables[0], *shown = &cell[1];
    const int64_t was = cell[0], under = cell[4 + 1], least = was < under ? was : under;
    cell[0] = cell[4 + 1] = -1; /* in the row and in the column of the one that is looked at */
    *shown -= 3;
    ck_ok(rad_plausible_check(m, &s.study, &error)); /* the others may be larger */
    *shown += 3 + least;
    ck_ok(rad_plausible_check(m, &s.study, &error)); /* one of them may be of nobody */
    ++*shown;
    refuses(&s, "more than the level");
    *shown -= 1 + least;
    cell[0] = was, cell[4 + 1] = under;
    *level = -1;
    ck_ok(rad_plausible_check(m, &s.study, &error));
    *cell = (int64_t)m->rows + 1;
    refuses(&s, "more than the site");
    free_site(&s);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("plausible");
    TCase *tests = tcase_create("plausible");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, pairs);
    tcase_add_test(tests, last_bits);
    tcase_add_test(tests, powers);
    tcase_add_test(tests, range);
    tcase_add_test(tests, parts);
    tcase_add_test(tests, patients_are_possible);
    tcase_add_test(tests, every_count);
    tcase_add_test(tests, rounded);
    tcase_add_test(tests, hidden);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
