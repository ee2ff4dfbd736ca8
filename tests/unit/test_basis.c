/* What numbers of a pool stand on: sites that hide levels or cells at random, against plain loops over the
 * rows of those that show them. */
#include "../../core/memory.h"
#include "../../federate/pool/baseline.h"
#include "../../federate/pool/basis.h"
#include "../../federate/pool/estimates.h"
#include "../../federate/pool/results.h"
#include "../../report/tally.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES = 5, ROWS = 40, LEVELS = 2, STAGES = 3 };
static rad_error error;
static rad_study study;
static const char study_text[] =
    "study: basis\nfeatures: [x]\ncovariates: {sex: {levels: [F, M]}, stage: {levels: "
    "[I, II, III]}}\ngroups: [sex, stage]\ntables: [[sex, stage]]\n"
    "analyses: [moments, groups, tables]\n";

/* The rows of a site, and what it hides. */
typedef struct site {
    size_t rows;
    int x[ROWS], sex[ROWS], stage[ROWS];
    bool no_sex[LEVELS], no_stage[STAGES], no_cell[LEVELS][STAGES], no_x;
} site;

static void make_site(test_random *random, site *s) {
    *s = (site){.rows = 1 + test_below(random, ROWS), .no_x = test_below(random, 8) == 0};
    const bool no_third = test_below(random, 3) == 0; /* nobody there has it */
    for (size_t r = 0; r < s->rows; r++) {
        s->x[r] = (int)test_below(random, 20);
        s->sex[r] = (int)test_below(random, LEVELS);
        s->stage[r] = (int)test_below(random, no_third ? STAGES - 1 : STAGES);
    }
    for (size_t l = 0; l < LEVELS; l++) s->no_sex[l] = s->no_x || test_below(random, 6) == 0;
    for (size_t l = 0; l < STAGES; l++) s->no_stage[l] = s->no_x || test_below(random, 8) == 0;
    for (size_t i = 0; i < (size_t)LEVELS * STAGES; i++)
        s->no_cell[i / STAGES][i % STAGES] = test_below(random, 20) == 0;
}

static rad_moments sums_of(const site *s, const int *of, int level) {
    long sum[3] = {0};
    for (size_t r = 0; r < s->rows; r++) {
        if (of && of[r] != level) continue;
        sum[0]++;
        sum[1] += s->x[r];
        sum[2] += (long)s->x[r] * s->x[r];
    }
    return (rad_moments){
        .powers = 2, .n = (uint64_t)sum[0], .sum = {rad_exact_whole(sum[1]), rad_exact_whole(sum[2])}};
}

/* Its summary, into the pool. */
static void add_site(const site *s, char name, rad_pool *pool) {
    rad_summary t = {.rows = s->rows, .rules = pool->study->rules};
    ck_ok(rad_summary_allocate(&t, &study, 1, &error));
    t.site[0] = name;
    snprintf(t.variables[0].name, RAD_NAME, "x");
    if (!s->no_x) t.moments[0] = sums_of(s, NULL, 0);
    for (int l = 0; l < LEVELS; l++)
        if (!s->no_sex[l]) t.moments[rad_summary_set(&study, 0, (size_t)l)] = sums_of(s, s->sex, l);
    for (int l = 0; l < STAGES; l++)
        if (!s->no_stage[l]) t.moments[rad_summary_set(&study, 1, (size_t)l)] = sums_of(s, s->stage, l);
    for (size_t i = 0; i < (size_t)LEVELS * STAGES; i++) {
        int64_t *cell = &t.tables[0][i / STAGES * (STAGES + 1) + i % STAGES];
        for (size_t r = 0; r < s->rows; r++)
            *cell += s->sex[r] == (int)(i / STAGES) && s->stage[r] == (int)(i % STAGES);
        if (s->no_cell[i / STAGES][i % STAGES]) *cell = -1;
    }
    ck_ok(rad_pool_add(pool, &t, 1, &error));
    rad_summary_free(&t);
}

/* Numbers of a group, by loops over the rows of the sites that show all of its levels. */
typedef struct naive {
    size_t sites, with[STAGES];
    double n[STAGES], sum[STAGES], square[STAGES];
} naive;

static void add_rows(const site *s, const int *of, const bool *hidden, size_t levels, naive *out) {
    bool some[STAGES] = {false};
    for (size_t l = 0; l < levels; l++)
        if (hidden[l]) return;
    out->sites++;
    for (size_t r = 0; r < s->rows; r++) {
        out->n[of[r]]++;
        out->sum[of[r]] += s->x[r];
        out->square[of[r]] += (double)s->x[r] * s->x[r];
        some[of[r]] = true;
    }
    for (size_t l = 0; l < levels; l++) out->with[l] += some[l];
}

static size_t shown_tests, empty_tests;

static void check_test(const rad_test *t, const naive *x, size_t levels, bool two) {
    double n = 0, sum = 0, within = 0, between = 0;
    size_t used = 0, sites = x->sites;
    for (size_t l = 0; l < levels; l++) {
        used += x->n[l] > 0;
        n += x->n[l];
        sum += x->sum[l];
    }
    for (size_t l = 0; l < levels && used <= 2; l++)
        if (x->with[l] && x->with[l] < sites) sites = x->with[l];
    const bool shown = sites >= (size_t)study.rules.sites && n >= study.rules.cell;
    ck_assert_uint_eq(t->basis.sites, sites);
    ck_assert_uint_eq(t->basis.patients, (uint64_t)n);
    ck_assert(t->basis.shown == shown);
    *(shown ? &shown_tests : &empty_tests) += 1;
    if (!shown) ck_assert(isnan(t->p) && isnan(t->estimate) && isnan(t->statistic) && isnan(t->effect));
    if (!shown) return;
    for (size_t l = 0; l < levels; l++) {
        if (!(x->n[l] > 0)) continue;
        const double mean = x->sum[l] / x->n[l];
        within += x->square[l] - x->n[l] * mean * mean;
        between += x->n[l] * (mean - sum / n) * (mean - sum / n);
    }
    ck_assert_uint_eq(t->n, (uint64_t)n);
    if (two)
        ck_near(t->estimate, x->sum[0] / x->n[0] - x->sum[1] / x->n[1], 1e-12);
    else
        ck_near(t->effect, between / (within + between), 1e-10);
}

/* The standardised difference of means, on average over pairs of levels; of what is not shown none. */
static void check_distance(const rad_pool *pool, size_t group, const rad_test *t, const naive *x,
                           size_t levels) {
    rad_baseline_distance d;
    double sum = 0, mean[STAGES], variance[STAGES];
    ck_ok(rad_baseline_apart(pool, group, 0, &d, &error));
    ck_assert(d.basis.shown == t->basis.shown && d.basis.sites == t->basis.sites);
    for (size_t l = 0; l < levels; l++) {
        mean[l] = x->sum[l] / x->n[l];
        variance[l] = (x->square[l] - x->sum[l] * mean[l]) / (x->n[l] - 1);
        for (size_t k = 0; k < l; k++) sum += fabs(mean[l] - mean[k]) / sqrt((variance[l] + variance[k]) / 2);
    }
    if (d.basis.shown && isfinite(sum))
        ck_near(d.value, 2 * sum / (double)(levels * (levels - 1)), 1e-10);
    else
        ck_assert(isnan(d.value));
}

static size_t shown_tables, empty_tables;

static void check_table(const rad_results *r, const site *sites) {
    double n = 0, row[LEVELS] = {0}, column[STAGES] = {0}, cell[LEVELS][STAGES] = {{0}}, chi = 0;
    size_t used = 0;
    for (size_t s = 0; s < SITES; s++) {
        bool whole = true;
        for (size_t i = 0; i < (size_t)LEVELS * STAGES; i++)
            whole = whole && !sites[s].no_cell[i / STAGES][i % STAGES];
        used += whole;
        for (size_t k = 0; k < sites[s].rows && whole; k++) {
            n++;
            row[sites[s].sex[k]]++;
            column[sites[s].stage[k]]++;
            cell[sites[s].sex[k]][sites[s].stage[k]]++;
        }
    }
    const rad_pair_tests *t = &r->pairs[0];
    const bool shown = used >= (size_t)study.rules.sites && n >= study.rules.cell;
    ck_assert_uint_eq(t->basis.sites, used);
    ck_assert_uint_eq(t->basis.patients, (uint64_t)n);
    ck_assert(t->basis.shown == shown && (shown || isnan(t->chi.p)));
    *(shown ? &shown_tables : &empty_tables) += 1;
    for (size_t i = 0; i < (size_t)LEVELS * STAGES; i++) {
        const double expected = row[i / STAGES] * column[i % STAGES] / n;
        if (expected > 0) chi += pow(cell[i / STAGES][i % STAGES] - expected, 2) / expected;
    }
    if (shown) ck_near(t->chi.statistic, chi, 1e-12);
}

/* A count that a site hides is not known; what the others have is what it is at least. */
static void check_cells(const rad_pool *pool, const site *sites) {
    for (size_t i = 0; i < (size_t)LEVELS * STAGES; i++) {
        const rad_cell x =
            rad_pool_tables_cell(pool, rad_pool_tables_cells, 0, i / STAGES * (STAGES + 1) + i % STAGES);
        size_t show = 0, patients = 0;
        int64_t count = 0;
        for (size_t s = 0; s < SITES; s++) {
            if (sites[s].no_cell[i / STAGES][i % STAGES]) continue;
            show++;
            patients += sites[s].rows;
            for (size_t r = 0; r < sites[s].rows; r++)
                count += sites[s].sex[r] == (int)(i / STAGES) && sites[s].stage[r] == (int)(i % STAGES);
        }
        ck_assert(x.basis.sites == show && x.hiding == SITES - show && x.count == count);
        ck_assert_uint_eq(x.basis.patients, patients);
        ck_assert(x.basis.shown ==
                  (show >= (size_t)study.rules.sites && patients >= (size_t)study.rules.cell &&
                   (!count || count >= study.rules.cell)));
        ck_assert(x.known == (x.basis.shown && show == SITES));
    }
}

/* A mean, an analysis over the sites and a meta-analysis of means. */
static void check_moments(const rad_results *r, const site *sites) {
    size_t with = 0, patients = 0, estimates = 0;
    for (size_t s = 0; s < SITES; s++) {
        with += !sites[s].no_x;
        patients += sites[s].no_x ? 0 : sites[s].rows;
        estimates += r->moments.site[s].n > 1 && r->moments.site[s].variance > 0;
    }
    const bool shown = with >= (size_t)study.rules.sites && patients >= (size_t)study.rules.cell;
    ck_assert(r->moments.basis[0].sites == with && r->moments.basis[0].shown == shown);
    ck_assert(isnan(r->moments.all[0].mean) == !shown && isnan(r->moments.sites.test[0].effect) == !shown);
    ck_assert_uint_eq(r->moments.means[0].sites, estimates);
    if (estimates < (size_t)study.rules.sites) ck_assert(isnan(r->moments.means[0].estimate));
    if (estimates >= (size_t)study.rules.sites && patients > 2 * (size_t)study.rules.cell)
        ck_assert(isfinite(r->moments.means[0].estimate));
}

START_TEST(hiding) {
    test_random random = {17};
    shown_tests = empty_tests = shown_tables = empty_tables = 0;
    for (int trial = 0; trial < 400; trial++) {
        rad_pool pool = {.study = &study};
        rad_results r;
        site sites[SITES];
        ck_ok(rad_study_parse(study_text, strlen(study_text), "study.yaml", &study, &error));
        study.rules.cell = 3 + (int)test_below(&random, 60);
        study.rules.sites = 3 + (int)test_below(&random, 2);
        for (size_t s = 0; s < SITES; s++) {
            make_site(&random, &sites[s]);
            add_site(&sites[s], (char)('a' + s), &pool);
        }
        ck_ok(rad_results_make(&pool, true, &r, &error));
        naive sex = {0}, stage = {0};
        for (size_t s = 0; s < SITES; s++) {
            add_rows(&sites[s], sites[s].sex, sites[s].no_sex, LEVELS, &sex);
            add_rows(&sites[s], sites[s].stage, sites[s].no_stage, STAGES, &stage);
        }
        check_test(&rad_pool_groups_find(&r.groups, 0, RAD_TEST_WELCH)->test[0], &sex, LEVELS, true);
        check_test(&rad_pool_groups_find(&r.groups, 0, RAD_TEST_T)->test[0], &sex, LEVELS, true);
        check_test(&rad_pool_groups_find(&r.groups, 1, RAD_TEST_ANOVA)->test[0], &stage, STAGES, false);
        check_distance(&pool, 0, &rad_pool_groups_find(&r.groups, 0, RAD_TEST_WELCH)->test[0], &sex, LEVELS);
        check_distance(&pool, 1, &rad_pool_groups_find(&r.groups, 1, RAD_TEST_ANOVA)->test[0], &stage,
                       STAGES);
        check_table(&r, sites);
        check_cells(&pool, sites);
        check_moments(&r, sites);
        rad_results_free(&r);
        rad_pool_free(&pool);
        rad_study_free(&study);
    }
    ck_assert(shown_tests > 200 && empty_tests > 200 && shown_tables > 50 && empty_tables > 50);
}
END_TEST

/* Each bound from both sides, and what is made of two. */
START_TEST(bounds) {
    const rad_rules rules = {.sites = 3, .cell = 10}, none = {.sites = 0};
    ck_assert(rad_basis_make(&rules, 3, 10).shown);
    ck_assert(!rad_basis_make(&rules, 2, 10).shown && !rad_basis_make(&rules, 3, 9).shown);
    ck_assert(rad_basis_make(&none, 1, 1).shown && !rad_basis_make(&none, 0, 0).shown);
    const rad_basis a = {5, 20, true}, b = {4, 30, false}, least = rad_basis_least(&a, &b);
    ck_assert(least.sites == 4 && least.patients == 20 && !least.shown);
}
END_TEST

START_TEST(tallies) {
    rad_tally t = {.of = 0}, page = {.of = 0};
    char *name = NULL;
    ck_assert_str_eq(rad_tally_decision(&t), "empty");
    ck_assert(!rad_tally_count(&t, &(rad_basis){5, 100, true}, 5, &name));
    ck_assert_str_eq(rad_tally_decision(&t), "pass");
    rad_tally_add(&page, &t);
    ck_assert_str_eq(rad_tally_decision(&page), "pass");
    ck_assert(rad_tally_count(&t, &(rad_basis){4, 80, true}, 5, &name) && name == t.name[0]);
    ck_assert_str_eq(rad_tally_decision(&t), "review");
    ck_assert(rad_tally_count(&t, &(rad_basis){2, 0, false}, 5, &name) && name == t.name[1]);
    ck_assert(t.shown == 2 && t.fewer == 1 && t.empty == 1 && t.least_sites == 4 && t.most_sites == 5);
    ck_assert(t.least_patients == 80 && t.most_patients == 100);
    rad_tally_add(&page, &t);
    ck_assert(page.shown == 3 && page.fewer == 1 && page.empty == 1 && page.least_sites == 4);
    ck_assert(page.least_patients == 80 && page.most_patients == 100 && !page.names);
    for (int i = 0; i < 2 * RAD_TALLY_NAMES; i++) (void)rad_tally_count(&t, &(rad_basis){0}, 5, &name);
    ck_assert(t.names == RAD_TALLY_NAMES && t.empty == 1 + 2 * RAD_TALLY_NAMES);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("basis");
    TCase *tests = tcase_create("basis");
    tcase_add_test(tests, hiding);
    tcase_add_test(tests, bounds);
    tcase_add_test(tests, tallies);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
