/* Sums that leave sites: the pool of any split of the rows is the pool of all rows, bit by bit, and its
 * statistics are those of plain long double loops over the rounded rows. */
#include "../../core/memory.h"
#include "../../federate/describe.h"
#include "../../federate/pool/combat.h"
#include "../../federate/pool/pool_histograms.h"
#include "../../federate/pool/results.h"
#include "../../federate/site/harmonise.h"
#include "../../federate/site/summarise.h"
#include "least_squares.h"
#include "testing.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 51, SETS = 6 };
static rad_error error;
static rad_study study;
static rad_cohort cohort;
static bool women; /* there are no others */

static const char *const study_text =
    "study: splits\n"
    "features: [x_*]\n"
    "covariates:\n  age: number\n  sex: {levels: [F, M]}\n"
    "outcomes:\n  grade: {levels: [one, two, three]}\n"
    "groups: [sex, grade]\n"
    "tables: [[sex, grade]]\n"
    "variables:\n  x_far: {centre: 1000000000}\n  x_log: {transform: log}\n"
    "covariance: [x_*, age]\nmodel: [age, sex]\n"
    "analyses: [moments, skewness, groups, histograms, tables, covariance, model]\n";
static const char *const names[] = {"x_plain", "x_small", "x_energy", "x_far", "x_constant",
                                    "x_none",  "x_gaps",  "x_log",    "x_one"};
enum { NAMES = sizeof names / sizeof names[0] };

static double value_of(size_t column, test_random *random) {
    const double u = test_uniform(random);
    switch (column) {
    case 0:
        return u * 200 - 100;
    case 1:
        return 2.8e-5 * (0.5 + u);
    case 2:
        return 1e12 * exp(8 * u - 4);
    case 3:
        return 1e9 + (u + test_uniform(random) - 1) * 2.5; /* deviation about 1 */
    case 4:
        return 7.25;
    case 5:
        return NAN;
    case 6:
        return u < 0.3 ? NAN : u;
    case 7:
        return exp(10 * u);
    default:
        return ldexp(u, (int)test_below(random, 200) - 100);
    }
}

/* A table of 51 patients with every awkward kind of column. */
static void make_cohort(void) {
    static const char *const grades[] = {"one", "two", "three", ""};
    char path[] = "/tmp/radiomill-cohort-XXXXXX";
    test_random random = {23};
    const int file = mkstemp(path);
    FILE *out = fdopen(file, "w");
    fputs("case,age,sex,grade", out);
    for (size_t c = 0; c < NAMES; c++) fprintf(out, ",%s", names[c]);
    for (size_t r = 0; r < ROWS; r++) {
        fprintf(out, "\n\"p,%zu\",%zu,%s,%s", r, 40 + test_below(&random, 40),
                women || test_below(&random, 2) ? "F" : "M",
                grades[r < 13 ? test_below(&random, 2)
                              : test_below(&random, 4)]); /* the first site has no grade three */
        for (size_t c = 0; c < NAMES; c++) {
            const double v = value_of(c, &random);
            if (isnan(v))
                fputc(',', out);
            else
                fprintf(out, ",%.17g", v);
        }
    }
    fclose(out);
    ck_ok(rad_study_parse(study_text, strlen(study_text), "study.yaml", &study, &error));
    ck_ok(rad_cohort_read(path, NULL, &study, &cohort, &error));
    unlink(path);
    ck_assert_uint_eq(cohort.rows, ROWS);
    ck_assert_uint_eq(cohort.count, NAMES + 1);
}

static void free_cohort(void) {
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}

static size_t site_of(size_t row, size_t sites, size_t turn) {
    return (row * 10 + turn) % ROWS * sites / ROWS;
}

/* The pool of the rows dealt out to `sites` sites, added in an order that `turn` makes. */
static void pool_of(size_t sites, size_t turn, int threads, rad_pool *pool) {
    *pool = (rad_pool){.study = &study};
    for (size_t i = 0; i < sites; i++) {
        const size_t site = (i * 7 + turn) % sites;
        uint64_t rows = 0;
        rad_cohort part;
        rad_permit permit;
        rad_summary summary;
        for (size_t r = 0; r < ROWS; r++)
            if (site_of(r, sites, turn) == site) rows |= (uint64_t)1 << r;
        ck_ok(rad_cohort_select(&cohort, &study, &rows, &part, &error));
        ck_ok(rad_permit_make(&part, &study, NULL, threads, &permit, &error));
        ck_ok(rad_summarise(&part, &study, NULL, &permit, threads, &summary, &error));
        snprintf(summary.site, sizeof summary.site, "s%02zu", site);
        ck_ok(rad_pool_add(pool, &summary, threads, &error));
        const rad_summary *kept = &pool->sites[pool->count - 1];
        ck_assert(!kept->panel && !kept->products); /* pairs of features would fill memory, site by site */
        rad_summary_free(&summary);
        rad_permit_free(&permit);
        rad_cohort_free(&part);
    }
    pool->rules = (rad_rules){.cell = 0};
    ck_assert_uint_eq(pool->count, sites);
    ck_assert_uint_eq(pool->total.rows, ROWS);
}

static bool same_bits(double a, double b) {
    return !memcmp(&a, &b, sizeof a) || (isnan(a) && isnan(b));
}

static void same_moments(const rad_moments *a, const rad_moments *b, const char *what) {
    rad_description x, y;
    ck_assert_msg(a->n == b->n, "%s: n %llu, %llu", what, (unsigned long long)a->n, (unsigned long long)b->n);
    for (int k = 0; k < 4; k++)
        ck_assert_msg(rad_exact_equal(&a->sum[k], &b->sum[k]), "%s: sum %d", what, k + 1);
    ck_ok(rad_describe(a, 3, &x, &error));
    ck_ok(rad_describe(b, 3, &y, &error));
    ck_assert(same_bits(x.mean, y.mean) && same_bits(x.variance, y.variance) &&
              same_bits(x.skewness, y.skewness) && same_bits(x.kurtosis, y.kurtosis));
}

static void same_pairs(const rad_summary *a, const rad_summary *b) {
    ck_assert_uint_eq(a->panel, NAMES + 1);
    for (size_t j = 0; j < a->panel; j++)
        for (size_t i = 0; i <= j; i++) {
            rad_pair_view x, y;
            rad_relation r, s;
            ck_assert(rad_summary_pair(a, i, j, &x) && rad_summary_pair(b, i, j, &y));
            ck_assert_uint_eq(x.n, y.n);
            ck_assert(rad_exact_equal(x.a, y.a) && rad_exact_equal(x.b, y.b) && rad_exact_equal(x.aa, y.aa) &&
                      rad_exact_equal(x.bb, y.bb) && rad_exact_equal(x.ab, y.ab));
            ck_ok(rad_describe_pair(&x, &r, &error));
            ck_ok(rad_describe_pair(&y, &s, &error));
            ck_assert(same_bits(r.covariance, s.covariance) && same_bits(r.correlation, s.correlation));
        }
}

/* Sums of the models, and what the pool makes of them. */
static void same_models(const rad_summary *a, const rad_summary *b) {
    ck_assert(a->blocks[RAD_MODEL].cells == rad_design_cells(2) &&
              a->blocks[RAD_MODEL].cells == b->blocks[RAD_MODEL].cells);
    for (size_t v = 0; v < a->count; v++) {
        ck_assert(a->blocks[RAD_MODEL].shown[v] == b->blocks[RAD_MODEL].shown[v] &&
                  a->blocks[RAD_MODEL].shown[v] == (v < NAMES));
        for (size_t i = 0; i < a->blocks[RAD_MODEL].cells; i++)
            ck_assert(rad_exact_equal(&a->blocks[RAD_MODEL].sums[v * a->blocks[RAD_MODEL].cells + i],
                                      &b->blocks[RAD_MODEL].sums[v * b->blocks[RAD_MODEL].cells + i]));
    }
}

static void same_counts(const rad_pool *a, const rad_pool *b) {
    for (size_t v = 0; v < a->total.count; v++) {
        rad_grid_count *x, *y;
        size_t nx, ny;
        rad_quantile p[RAD_QUANTILES_MAX], q[RAD_QUANTILES_MAX];
        ck_ok(rad_pool_histograms_join(a, v, &x, &nx, &error));
        ck_ok(rad_pool_histograms_join(b, v, &y, &ny, &error));
        ck_assert(nx == ny && !memcmp(x, y, nx * sizeof *x));
        rad_free(x);
        rad_free(y);
        ck_ok(rad_pool_histograms_quantiles(a, v, p, &error));
        ck_ok(rad_pool_histograms_quantiles(b, v, q, &error));
        for (size_t i = 0; i < study.quantile_count; i++)
            ck_assert(p[i].basis.patients == q[i].basis.patients && same_bits(p[i].low, q[i].low) &&
                      same_bits(p[i].high, q[i].high));
    }
    ck_assert(!memcmp(a->total.levels, b->total.levels,
                      study.factor_count * (RAD_FACTOR_LEVELS + 1) * sizeof(int64_t)));
    ck_assert(!memcmp(a->total.tables[0], b->total.tables[0], 3 * 4 * sizeof(int64_t)));
}

START_TEST(splits) {
    static const size_t sites[] = {1, 2, 4, 51};
    rad_pool whole, pool;
    make_cohort();
    pool_of(1, 0, 1, &whole);
    for (size_t turn = 0; turn < 3; turn++) {
        pool_of(sites[_i], turn, 1 + (int)turn, &pool);
        ck_assert_uint_eq(whole.total.sets, SETS);
        for (size_t i = 0; i < SETS * whole.total.count; i++)
            same_moments(&pool.total.moments[i], &whole.total.moments[i],
                         whole.total.variables[i % whole.total.count].name);
        same_pairs(&pool.total, &whole.total);
        same_models(&pool.total, &whole.total);
        same_counts(&pool, &whole);
        rad_pool_free(&pool);
    }
    rad_pool_free(&whole);
    free_cohort();
}
END_TEST

/* Textbook loops over the rounded values, in long double. */
static void naive(const double *x, const uint64_t *rows, double out[4]) {
    long double n = 0, mean = 0, m[5] = {0};
    for (size_t r = 0; r < ROWS; r++)
        if (rows[0] >> r & 1 && !isnan(x[r])) mean += x[r], n++;
    mean /= n;
    for (size_t r = 0; r < ROWS; r++)
        if (rows[0] >> r & 1 && !isnan(x[r]))
            for (int k = 2; k <= 4; k++) m[k] += powl(x[r] - mean, k);
    out[0] = (double)mean;
    out[1] = (double)(m[2] / (n - 1));
    out[2] = (double)(m[3] / n / powl(m[2] / n, 1.5L));
    out[3] = (double)(m[4] / n / (m[2] / n * (m[2] / n)) - 3);
}

static void near(double got, double expected, const char *what) {
    if (isnan(expected)) return;
    ck_assert_msg(fabs(got - expected) <= 1e-12 * fabs(expected), "%s: %.17g, not %.17g", what, got,
                  expected);
}

START_TEST(statistics) {
    rad_pool pool;
    make_cohort();
    pool_of(4, 1, 2, &pool);
    for (size_t v = 0; v < cohort.count; v++)
        for (size_t set = 0; set < SETS; set++) {
            uint64_t rows = 0;
            const size_t factor = set < 3 ? 0 : 1, level = set < 3 ? set - 1 : set - 3;
            for (size_t r = 0; r < ROWS; r++)
                if (!set || cohort.levels[factor * ROWS + r] == (int)level) rows |= (uint64_t)1 << r;
            double expected[4];
            rad_description d;
            naive(cohort.values + v * ROWS, &rows, expected);
            ck_ok(rad_describe(&pool.total.moments[set * cohort.count + v], 0, &d, &error));
            const char *name = cohort.variables[v].name;
            if (!strcmp(name, "x_none")) {
                ck_assert(d.n == 0 && isnan(d.mean) && isnan(d.variance));
                continue;
            }
            near(d.mean, expected[0], name);
            if (!strcmp(name, "x_constant")) {
                ck_assert(d.variance == 0 && isnan(d.skewness));
                continue;
            }
            near(d.variance, expected[1], name);
            if (set) { /* never by group */
                ck_assert(isnan(d.skewness) && isnan(d.kurtosis));
                continue;
            }
            ck_near(d.skewness, expected[2], 1e-12);
            ck_near(d.kurtosis, expected[3], 1e-12);
        }
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

/* 1e9 with a deviation of 1: its centre is public, and the deviation comes out. */
START_TEST(far_from_zero) {
    rad_pool pool;
    rad_description d;
    make_cohort();
    pool_of(4, 0, 1, &pool);
    size_t v = 0;
    while (strcmp(cohort.variables[v].name, "x_far") != 0) v++;
    ck_ok(rad_describe(&pool.total.moments[v], pool.total.variables[v].centre, &d, &error));
    ck_assert(fabs(d.mean - 1e9) < 1 && d.deviation > 0.7 && d.deviation < 1.4);
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

/* What is in the pool can be taken out again. */
START_TEST(without) {
    rad_pool pool, rest;
    make_cohort();
    pool_of(4, 0, 1, &pool);
    rest = (rad_pool){.study = &study};
    for (size_t s = 0; s < 4; s++) {
        rad_moments m;
        rad_basis basis;
        for (size_t v = 0; v < cohort.count; v++) {
            pool.rules = (rad_rules){.sites = 3, .cell = 38};
            ck_ok(rad_pool_without(&pool, s, 0, v, &m, &basis, &error));
            ck_assert(basis.patients == m.n && basis.shown == (basis.sites == 3 && m.n >= 38));
            rad_moments sum = {.powers = 4};
            for (size_t o = 0; o < 4; o++) {
                const rad_moments *one = &pool.sites[o].moments[v];
                if (o == s) continue;
                sum.n += one->n;
                for (int k = 0; k < 4; k++) ck_ok(rad_exact_add(&sum.sum[k], &one->sum[k], &error));
            }
            same_moments(&m, &sum, "without");
            rad_moments_free(&m);
            rad_moments_free(&sum);
        }
    }
    rad_pool_free(&pool);
    rad_pool_free(&rest);
    free_cohort();
}
END_TEST

/* Quantiles of the pooled rows lie within their bounds, also when rules join cells. */
START_TEST(quantiles) {
    rad_pool pool = {.study = NULL};
    make_cohort();
    pool.study = &study;
    rad_rules rules = study.rules;
    rules.cell = 3;
    rules.parameters = 0.33;
    study.rules = rules;
    study.analyses &= ~(unsigned)RAD_ANALYSIS_COVARIANCE;
    for (size_t site = 0; site < 3; site++) {
        uint64_t rows = 0;
        rad_cohort part;
        rad_permit permit;
        rad_summary summary;
        for (size_t r = site * 17; r < site * 17 + 17; r++) rows |= (uint64_t)1 << r;
        ck_ok(rad_cohort_select(&cohort, &study, &rows, &part, &error));
        ck_ok(rad_permit_make(&part, &study, &rules, 1, &permit, &error));
        ck_ok(rad_summarise(&part, &study, &rules, &permit, 1, &summary, &error));
        summary.site[0] = (char)('a' + site);
        ck_ok(rad_pool_add(&pool, &summary, 1, &error));
        for (size_t v = 0; v < cohort.count; v++)
            for (size_t i = 0; i < pool.sites[site].variables[v].count_count; i++)
                ck_assert(pool.sites[site].variables[v].counts[i].count >= 3);
        rad_summary_free(&summary);
        rad_permit_free(&permit);
        rad_cohort_free(&part);
    }
    size_t checked = 0;
    for (size_t v = 0; v < cohort.count; v++) {
        double x[ROWS];
        size_t n = 0;
        rad_quantile q[RAD_QUANTILES_MAX];
        for (size_t r = 0; r < ROWS; r++)
            if (!isnan(cohort.values[v * ROWS + r]))
                x[n++] = cohort.values[v * ROWS + r] + cohort.variables[v].transform.centre;
        for (size_t i = 1; i < n; i++)
            for (size_t k = i; k > 0 && x[k - 1] > x[k]; k--) {
                const double swap = x[k];
                x[k] = x[k - 1];
                x[k - 1] = swap;
            }
        ck_ok(rad_pool_histograms_quantiles(&pool, v, q, &error));
        for (size_t i = 0; i < study.quantile_count && q[i].basis.patients == n && n; i++) {
            const double h = (double)(n - 1) * study.quantiles[i], low = x[(size_t)floor(h)],
                         high = x[(size_t)ceil(h)];
            const double value = low + (h - floor(h)) * (high - low);
            ck_assert_msg(q[i].low <= value && value <= q[i].high, "%s: %g not in %g .. %g",
                          cohort.variables[v].name, value, q[i].low, q[i].high);
            checked++;
        }
    }
    ck_assert_uint_ge(checked, 15);
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

/* A summary through its file, and every single changed byte of it. */
START_TEST(files) {
    char folder[] = "/tmp/radiomill-keys-XXXXXX", path[256];
    rad_signer me, other;
    rad_trusted trusted;
    rad_permit permit;
    rad_summary summary, back;
    rad_bytes body, again;
    make_cohort();
    ck_assert(mkdtemp(folder) != NULL);
    ck_ok(rad_signer_make("alpha", folder, &error));
    ck_ok(rad_signer_make("beta", folder, &error));
    ck_assert_int_eq(rad_signer_make("alpha", folder, &error), RAD_UNWRITABLE);
    ck_assert_int_eq(rad_signer_make("../x", folder, &error), RAD_USAGE);
    snprintf(path, sizeof path, "%s/alpha.key", folder);
    ck_assert_int_eq(access(path, R_OK), 0);
    ck_ok(rad_signer_read(path, &me, &error));
    snprintf(path, sizeof path, "%s/beta.key", folder);
    ck_ok(rad_signer_read(path, &other, &error));
    snprintf(path, sizeof path, "%s/alpha.pub", folder);
    ck_assert_int_eq(rad_signer_read(path, &other, &error), RAD_UNREADABLE);
    ck_ok(rad_trusted_read(path, &trusted, &error));
    ck_ok(rad_permit_make(&cohort, &study, NULL, 1, &permit, &error));
    ck_ok(rad_summarise(&cohort, &study, &study.rules, &permit, 1, &summary, &error));
    snprintf(summary.site, sizeof summary.site, "alpha");
    ck_ok(rad_radsum_body(&summary, &study, &body, &error));
    const size_t length = body.length;
    snprintf(path, sizeof path, "%s/alpha.radsum", folder);
    ck_ok(rad_radsum_write(path, &body, &me, &error));
    ck_ok(rad_radsum_read(path, &study, &trusted, NULL, &back, &error));
    ck_ok(rad_radsum_body(&back, &study, &again, &error));
    ck_assert(length == again.length && !memcmp(body.data, again.data, length));
    rad_summary_free(&back);
    rad_bytes_free(&again);
    FILE *file = fopen(path, "rb");
    char *bytes = rad_new_raw(length + 1024, 1, &error);
    const size_t size = fread(bytes, 1, length + 1023, file);
    fclose(file);
    ck_assert_uint_eq(size, length + RAD_RADSUM_TAIL_LENGTH);
    for (size_t i = 0; i < size; i += i + 300 < size ? 37 : 1) {
        bytes[i] ^= 1;
        bytes[size] = '\0';
        ck_assert_msg(rad_radsum_parse(bytes, size, "x", &study, &trusted, &back, &error) == RAD_UNTRUSTED,
                      "byte %zu", i);
        bytes[i] ^= 1;
    }
    ck_ok(rad_radsum_parse(bytes, size, "x", &study, &trusted, &back, &error));
    rad_summary_free(&back);
    memset(trusted.key[0], 1, RAD_KEY_BYTES);
    ck_assert_int_eq(rad_radsum_parse(bytes, size, "x", &study, &trusted, &back, &error), RAD_UNTRUSTED);
    ck_assert(strstr(error.text, "not in the list of trusted keys"));
    rad_free(bytes);
    rad_bytes_free(&body);
    rad_trusted_free(&trusted);
    rad_summary_free(&summary);
    rad_permit_free(&permit);
    free_cohort();
    char command[300];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* Mean and deviation of harmonised rows, by a loop over them. */
static void check_shift(const rad_pool *pool, const rad_harmonisation *c, const double *columns, size_t site,
                        size_t v) {
    const double centre = pool->total.variables[v].centre;
    rad_combat_shift shift;
    double n = 0, before[2] = {0}, after[2] = {0};
    ck_ok(rad_combat_shift_compute(pool, c, site, v, &shift, &error));
    for (size_t r = 0; r < ROWS; r++) {
        double row[RAD_DESIGN_MAX];
        if ((r * 10 + 1) % ROWS * 3 / ROWS != site) continue;
        for (size_t j = 0; j < c->columns; j++) row[j] = columns[j * ROWS + r];
        const double y = cohort.values[v * ROWS + r],
                     z = rad_harmonise_value(c, v, &c->effects[site * c->count + v], y, row);
        if (isnan(z)) continue;
        const double d = y - before[0], e = z - after[0];
        before[0] += d / ++n;
        before[1] += d * (y - before[0]);
        after[0] += e / n;
        after[1] += e * (z - after[0]);
    }
    const double deviation = sqrt(before[1] / (n - 1)), far = 1e-9 * (fabs(centre) + deviation);
    ck_assert_double_eq_tol(shift.mean, before[0] + centre, far);
    ck_assert_double_eq_tol(shift.deviation, deviation, 1e-9 * deviation);
    ck_assert_double_eq_tol(shift.mean_after, after[0] + centre, far);
    ck_assert_double_eq_tol(shift.deviation_after, sqrt(after[1] / (n - 1)), 1e-9 * deviation);
}

START_TEST(harmonised) {
    rad_pool pool;
    rad_harmonisation c;
    size_t used = 0;
    make_cohort();
    pool_of(3, 1, 1, &pool);
    ck_ok(rad_combat_fit(&pool, true, &c, &error));
    rad_design *design = rad_new(1, sizeof *design, &error);
    double *columns = rad_new(RAD_DESIGN_MAX * ROWS, sizeof *columns, &error);
    ck_ok(rad_design_make(&study, design, &error));
    rad_cohort_columns(&cohort, &study, design, columns);
    for (size_t v = 0; v < c.count; v++)
        for (size_t s = 0; s < 3 && c.variables[v].used; s++, used++) check_shift(&pool, &c, columns, s, v);
    ck_assert_uint_ge(used, 12);
    rad_free(design);
    rad_free(columns);
    rad_harmonisation_free(&c);
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

/* One intercept for all, or one for each site. */
START_TEST(models) {
    enum { SITES = 4, TURN = 1 };
    rad_pool pool;
    rad_results results;
    size_t checked = 0;
    make_cohort();
    pool_of(SITES, TURN, 1, &pool);
    ck_ok(rad_results_make(&pool, true, &results, &error));
    rad_design *design = rad_new(1, sizeof *design, &error);
    double *columns = rad_new(RAD_DESIGN_MAX * ROWS, sizeof *columns, &error);
    ck_ok(rad_design_make(&study, design, &error));
    rad_cohort_columns(&cohort, &study, design, columns);
    ck_assert(design->count == 2 && results.models.terms == 3);
    for (size_t intercepts = 1; intercepts <= SITES; intercepts += SITES - 1) {
        long double x[ROWS][COLUMNS_MAX] = {{0}};
        for (size_t r = 0; r < ROWS; r++) {
            for (size_t j = 0; j < 2; j++) x[r][j] = columns[j * ROWS + r];
            x[r][2 + (intercepts > 1 ? site_of(r, SITES, TURN) : 0)] = 1;
        }
        for (size_t v = 0; v < NAMES; v++) {
            const char *name = cohort.variables[v].name;
            least_squares fit = {.columns = 2 + intercepts};
            if (!strcmp(name, "x_none") || !strcmp(name, "x_constant")) continue;
            solve(&fit, (const long double(*)[COLUMNS_MAX])x, cohort.values + v * ROWS, ROWS);
            const size_t df = fit.n - fit.columns;
            for (size_t j = 0; j < 2; j++, checked++) {
                const rad_term *t = &results.models.term[intercepts > 1][v * 3 + j];
                const double se =
                    sqrt((double)(fit.residual / (long double)df * fit.inverse[j][fit.columns + j]));
                ck_assert_msg(t->n == fit.n && t->df == (double)df, "%s: %g", name, t->df);
                ck_assert_msg(fabs(t->estimate - (double)fit.slope[j]) <= 1e-9 * se, "%s: %g, not %g", name,
                              t->estimate, (double)fit.slope[j]);
                ck_assert_msg(fabs(t->se - se) <= 1e-9 * se, "%s: %g, not %g", name, t->se, se);
                ck_assert_double_eq(t->t, t->estimate / t->se);
            }
        }
    }
    ck_assert_uint_eq(checked, 2 * 2 * (NAMES - 2));
    rad_free(design);
    rad_free(columns);
    rad_results_free(&results);
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

/* Where a column is the same for all, the rest is fitted without it. */
START_TEST(models_without_a_column) {
    rad_pool pool;
    rad_results results;
    women = true;
    make_cohort();
    pool_of(3, 1, 1, &pool);
    ck_ok(rad_results_make(&pool, true, &results, &error));
    const double *age = NULL;
    for (size_t v = 0; v < cohort.count; v++)
        if (!strcmp(cohort.variables[v].name, "age")) age = cohort.values + v * ROWS;
    ck_assert_ptr_nonnull(age);
    long double x[ROWS][COLUMNS_MAX] = {{0}};
    for (size_t r = 0; r < ROWS; r++) {
        x[r][0] = age[r];
        x[r][1] = 1;
    }
    least_squares fit = {.columns = 2};
    solve(&fit, (const long double(*)[COLUMNS_MAX])x, cohort.values, ROWS); /* of x_plain */
    const rad_term *t = results.models.term[0];
    ck_assert(isnan(t[1].estimate));
    for (size_t j = 0; j < 2; j++) {
        const double se = sqrt((double)(fit.residual / (ROWS - 2) * fit.inverse[j][2 + j]));
        ck_near(t[2 * j].se, se, 1e-9);
        ck_assert_double_eq_tol(t[2 * j].estimate, (double)fit.slope[j], 1e-9 * se);
    }
    rad_results_free(&results);
    rad_pool_free(&pool);
    free_cohort();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("federate");
    TCase *tests = tcase_create("federate");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, splits, 0, 4);
    tcase_add_test(tests, statistics);
    tcase_add_test(tests, far_from_zero);
    tcase_add_test(tests, without);
    tcase_add_test(tests, quantiles);
    tcase_add_test(tests, files);
    tcase_add_test(tests, harmonised);
    tcase_add_test(tests, models);
    tcase_add_test(tests, models_without_a_column);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
