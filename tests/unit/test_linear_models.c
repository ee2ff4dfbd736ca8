/* Least squares and its kin from cross products, against rows, dense matrices and closed forms. */
#include "../../federate/pool/discriminant.h"
#include "../../federate/pool/distributions.h"
#include "../../federate/pool/fitting.h"
#include "../../federate/pool/mixed.h"
#include "../../federate/pool/ordinary.h"
#include "../../federate/pool/penalised.h"
#include "least_squares.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { ROWS = 60, COLUMNS = 6, SITES = 4 }; /* the last column is the response */

typedef struct cohort {
    double x[ROWS][COLUMNS];
    size_t site[ROWS];
} cohort;

/* Sites of unequal size, with effects of their own; a column far from 0; two that go together. */
static cohort make_cohort(uint64_t seed) {
    static const double effect[SITES] = {0.4, -0.3, 1.1, -0.9};
    test_random random = {seed};
    cohort c;
    for (size_t r = 0; r < ROWS; r++) {
        c.site[r] = r < 7 ? 0 : r < 22 ? 1 : r < 40 ? 2 : 3;
        for (size_t j = 0; j < 5; j++) c.x[r][j] = (test_uniform(&random) - 0.5);
        c.x[r][1] += c.x[r][0];
        c.x[r][2] = c.x[r][2] * 30 + 1000;
        c.x[r][5] = 2 * c.x[r][0] - c.x[r][1] + 0.02 * c.x[r][2] + effect[c.site[r]] +
                    1.3 * (test_uniform(&random) - 0.5);
    }
    return c;
}

/* Two passes over the rows of a site; SITES: all. */
static rad_gram gram_of(const cohort *c, size_t site) {
    rad_gram g;
    rad_error error = {0};
    ck_ok(rad_gram_allocate(COLUMNS, &g, &error));
    for (size_t r = 0; r < ROWS; r++) g.n += site == SITES || c->site[r] == site;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < COLUMNS && (site == SITES || c->site[r] == site); j++)
            g.mean[j] += c->x[r][j] / g.n;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < COLUMNS && (site == SITES || c->site[r] == site); i++)
            for (size_t j = 0; j < COLUMNS; j++)
                g.cross[i * COLUMNS + j] += (c->x[r][i] - g.mean[i]) * (c->x[r][j] - g.mean[j]);
    return g;
}

START_TEST(sites_join) {
    const cohort c = make_cohort(1);
    rad_gram site[SITES], all = gram_of(&c, SITES), joined;
    rad_error error = {0};
    ck_ok(rad_gram_allocate(COLUMNS, &joined, &error));
    for (size_t s = 0; s < SITES; s++) site[s] = gram_of(&c, s);
    rad_gram_join(site, SITES, SITES, &joined);
    ck_assert(joined.n == ROWS);
    for (size_t i = 0; i < COLUMNS * COLUMNS; i++) ck_near(joined.cross[i], all.cross[i], 1e-13);
    for (size_t i = 0; i < COLUMNS; i++) ck_near(joined.mean[i], all.mean[i], 1e-14);
    rad_gram_join(site, SITES, 2, &joined);
    ck_assert(joined.n == ROWS - 18);
    rad_gram_join(site, 1, 0, &joined);
    ck_assert(joined.n == 0);
    for (size_t s = 0; s < SITES; s++) rad_gram_free(&site[s]);
    rad_gram_free(&all);
    rad_gram_free(&joined);
}
END_TEST

/* The intercept is a column of ones of the twin. */
static least_squares twin_of(const cohort *c, const bool *in) {
    static long double x[ROWS][COLUMNS_MAX];
    static double y[ROWS];
    least_squares f = {.columns = 1};
    for (size_t j = 0; j + 1 < COLUMNS; j++) f.columns += in[j];
    for (size_t r = 0; r < ROWS; r++) {
        size_t at = 0;
        for (size_t j = 0; j + 1 < COLUMNS; j++)
            if (in[j]) x[r][at++] = (long double)c->x[r][j] - (j == 2 ? 1000 : 0);
        x[r][at] = 1;
        y[r] = c->x[r][COLUMNS - 1];
    }
    solve(&f, (const long double(*)[COLUMNS_MAX])x, y, ROWS);
    return f;
}

START_TEST(least_squares_of_rows) {
    const cohort c = make_cohort((uint64_t)_i + 2);
    const bool in[] = {true, _i % 2 == 0, true, _i > 2, true};
    const least_squares twin = twin_of(&c, in);
    rad_gram g = gram_of(&c, SITES);
    rad_predictor f;
    rad_error error = {0};
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_ordinary_fit(&g, in, &f, &error));
    const long double variance = twin.residual / (ROWS - (long double)twin.columns);
    double intercept = (double)twin.slope[twin.columns - 1];
    for (size_t j = 0, at = 0; j + 1 < COLUMNS; j++) {
        ck_assert(isnan(f.estimate[j]) == !in[j] && isnan(f.se[j]) == !in[j]);
        if (!in[j]) continue;
        ck_near(f.estimate[j], (double)twin.slope[at], 1e-12);
        ck_near(f.se[j], (double)sqrtl(variance * twin.inverse[at][twin.columns + at]), 1e-12);
        if (j == 2) intercept -= 1000 * (double)twin.slope[at];
        at++;
    }
    ck_near(f.estimate[COLUMNS - 1], intercept, 1e-12);
    ck_near(f.rss, (double)twin.residual, 1e-12);
    ck_assert(f.df == ROWS - (double)twin.columns);
    rad_gram_free(&g);
    rad_predictor_free(&f);
}
END_TEST

/* The error of the intercept, of one column: s sqrt(1 / n + m^2 / Sxx). Columns that others make up, or that
 * do not vary, stay out; those before them stay in. */
START_TEST(dependent_columns) {
    cohort c = make_cohort(3);
    for (size_t r = 0; r < ROWS; r++) {
        c.x[r][1] = 0.7;
        c.x[r][3] = 3 * c.x[r][0] - 2;
    }
    rad_gram site[SITES], g;
    for (size_t s = 0; s < SITES; s++) site[s] = gram_of(&c, s);
    rad_predictor f;
    rad_error error = {0};
    ck_ok(rad_gram_allocate(COLUMNS, &g, &error));
    rad_gram_join(site, SITES, SITES, &g);
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_ordinary_fit(&g, NULL, &f, &error));
    ck_assert(isnan(f.estimate[1]) && isnan(f.estimate[3]) && !isnan(f.estimate[0]) && !isnan(f.estimate[4]));
    ck_assert(f.df == ROWS - 4);
    const bool third[] = {false, false, true, false, false};
    ck_ok(rad_ordinary_fit(&g, third, &f, &error));
    ck_near(f.se[COLUMNS - 1],
            sqrt(f.rss / f.df * (1 / g.n + g.mean[2] * g.mean[2] / g.cross[2 * COLUMNS + 2])), 1e-12);
    for (size_t s = 0; s < SITES; s++) rad_gram_free(&site[s]);
    rad_gram_free(&g);
    rad_predictor_free(&f);
}
END_TEST

START_TEST(predictions_of_rows) {
    const cohort c = make_cohort(4);
    rad_gram g = gram_of(&c, SITES), other = gram_of(&c, 2);
    rad_predictor f;
    rad_predicted p;
    rad_error error = {0};
    double sse = 0, y = 0, hat = 0, yy = 0, hh = 0, yh = 0, n = 0;
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_ordinary_fit(&g, NULL, &f, &error));
    rad_predictor_predict(&f, &other, &p);
    for (int pass = 0; pass < 2; pass++)
        for (size_t r = 0; r < ROWS; r++) {
            double to = f.estimate[COLUMNS - 1];
            if (c.site[r] != 2) continue;
            for (size_t j = 0; j + 1 < COLUMNS; j++) to += f.estimate[j] * c.x[r][j];
            const double seen = c.x[r][COLUMNS - 1];
            if (!pass) {
                n++;
                y += seen / 18;
                hat += to / 18;
                continue;
            }
            sse += (seen - to) * (seen - to);
            yy += (seen - y) * (seen - y);
            hh += (to - hat) * (to - hat);
            yh += (seen - y) * (to - hat);
        }
    ck_assert(n == 18 && p.n == 18);
    ck_near(p.mse, sse / n, 1e-11);
    ck_near(p.r2, 1 - sse / yy, 1e-11);
    ck_near(p.slope, yh / hh, 1e-11);
    ck_near(p.shift, y - hat, 1e-11);
    rad_gram_free(&g);
    rad_gram_free(&other);
    rad_predictor_free(&f);
}
END_TEST

/* Forward by rows: every candidate is fitted anew. Columns 3 and 4 are one term. */
START_TEST(forward_by_rows) {
    const cohort c = make_cohort((uint64_t)_i + 20);
    static const size_t term[] = {0, 1, 2, 3, 3};
    const rad_criterion by = (rad_criterion)(_i % RAD_CRITERIA);
    const rad_forward how = {by, _i < 3 ? 0.05 : 0.5, term, 4};
    bool in[COLUMNS - 1], twin[COLUMNS - 1] = {false};
    rad_forward_step step[5];
    size_t steps = 0, at = 0;
    rad_error error = {0};
    rad_gram g = gram_of(&c, SITES);
    ck_ok(rad_forward_select(&g, &how, in, step, &steps, &error));
    double rss = (double)twin_of(&c, twin).residual, df = 1,
           now = ROWS * log(rss / ROWS) + (by == RAD_BIC ? log(ROWS) : 2);
    for (bool more = true; more; at += more) {
        bool best[COLUMNS - 1] = {false};
        double limit = by == RAD_F_TO_ENTER ? how.enter : now, left = 0, used = 0;
        ck_near(step[at].rss, rss, 1e-10);
        more = false;
        for (size_t t = 0; t < 4; t++) {
            bool tried[COLUMNS - 1];
            memcpy(tried, twin, sizeof tried);
            for (size_t j = 0; j + 1 < COLUMNS; j++) tried[j] = tried[j] || term[j] == t;
            if (!memcmp(tried, twin, sizeof tried)) continue;
            const least_squares f = twin_of(&c, tried);
            const double r = (double)f.residual, k = (double)f.columns;
            const double value = by == RAD_AIC ? ROWS * log(r / ROWS) + 2 * k
                                 : by == RAD_BIC
                                     ? ROWS * log(r / ROWS) + log(ROWS) * k
                                     : rad_f_tail((rss - r) / (k - df) / (r / (ROWS - k)), k - df, ROWS - k);
            if (!(value < limit)) continue;
            limit = value;
            left = r;
            used = k;
            more = true;
            memcpy(best, tried, sizeof best);
        }
        if (!more) break;
        memcpy(twin, best, sizeof twin);
        now = limit;
        rss = left;
        df = used;
    }
    ck_assert_uint_eq(steps, at + 1);
    ck_assert(!memcmp(in, twin, sizeof in));
    rad_gram_free(&g);
}
END_TEST

/* Of columns that are orthogonal the lasso is the soft threshold. */
START_TEST(orthogonal_columns) {
    static const double with[] = {0.9, -0.5, 0.2};
    rad_gram g;
    rad_predictor f;
    rad_error error = {0};
    ck_ok(rad_gram_allocate(4, &g, &error));
    ck_ok(rad_predictor_allocate(3, &f, &error));
    g.n = 50;
    for (size_t j = 0; j < 4; j++) g.cross[j * 4 + j] = j == 1 ? 4 * g.n : j == 3 ? 9 * g.n : g.n;
    for (size_t j = 0; j < 3; j++) g.cross[j * 4 + 3] = g.cross[12 + j] = with[j] * g.n * (j == 1 ? 2 : 1);
    ck_near(rad_penalised_largest(&g, 1, NULL), 0.9, 1e-15);
    ck_near(rad_penalised_largest(&g, 0.5, NULL), 1.8, 1e-15);
    ck_near(rad_penalised_largest(&g, 0, NULL), 900, 1e-15);
    for (int tenths = 1; tenths < 10; tenths++) {
        const double lambda = tenths / 10.0;
        const rad_shrinkage p = {0.7, lambda, NULL};
        ck_ok(rad_penalised_fit(&g, &p, false, &f, &error));
        for (size_t j = 0; j < 3; j++) {
            const double size = fmax(0, fabs(with[j]) - 0.7 * lambda) / (1 + 0.3 * lambda / 3);
            ck_near(f.estimate[j], copysign(size, with[j]) / (j == 1 ? 2 : 1), 1e-13);
        }
    }
    rad_gram_free(&g);
    rad_predictor_free(&f);
}
END_TEST

/* From the largest lambda, of which nothing is left, to none, which is least squares; the conditions hold all
 * along, warm or not. Alpha 0 is closed. */
START_TEST(paths) {
    static const double alphas[] = {1, 0.5, 0.05, 0};
    const double alpha = alphas[_i];
    const cohort c = make_cohort((uint64_t)_i + 40);
    rad_gram g = gram_of(&c, SITES);
    rad_predictor f, cold;
    rad_error error = {0};
    double lambda[30];
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &cold, &error));
    rad_predictor_clear(&g, &f);
    const double largest = rad_penalised_largest(&g, alpha, NULL);
    rad_penalised_grid(largest, 1e-4, 30, lambda);
    ck_near(lambda[0], largest, 1e-15);
    ck_near(lambda[29], largest * 1e-4, 1e-13);
    for (size_t i = 0; i < 30; i++) {
        const rad_shrinkage p = {alpha, lambda[i], NULL};
        ck_ok(rad_penalised_fit(&g, &p, true, &f, &error));
        ck_ok(rad_penalised_fit(&g, &p, false, &cold, &error));
        ck_assert_msg(rad_penalised_gap(&g, &p, &f) <= 1e-10, "%zu: %g", i, rad_penalised_gap(&g, &p, &f));
        for (size_t j = 0; j < COLUMNS; j++) ck_near(f.estimate[j], cold.estimate[j], 1e-8);
        if (alpha > 0 && !i) ck_assert_uint_eq(rad_penalised_count(&f), 0);
        if (alpha > 0 && i) ck_assert_uint_gt(rad_penalised_count(&f), 0);
    }
    const rad_shrinkage nothing = {alpha, 0, NULL};
    ck_ok(rad_penalised_fit(&g, &nothing, false, &f, &error));
    ck_ok(rad_ordinary_fit(&g, NULL, &cold, &error));
    for (size_t j = 0; j < COLUMNS; j++) ck_near(f.estimate[j], cold.estimate[j], 1e-10);
    rad_gram_free(&g);
    rad_predictor_free(&f);
    rad_predictor_free(&cold);
}
END_TEST

/* What no site can validate is not chosen, and nothing is estimated. */
START_TEST(a_path_of_one_site) {
    static const double lambda[] = {0.5, 0.1};
    static const size_t term[COLUMNS - 1] = {0, 1, 2, 3, 4};
    const cohort c = make_cohort(40);
    const rad_model model = {.family = RAD_MODEL_GAUSSIAN,
                             .penalty = {.kind = RAD_PENALTY_LASSO, .alpha = 1}};
    const rad_fitting fitting = {.model = &model,
                                 .term = term,
                                 .columns = COLUMNS - 1,
                                 .terms = COLUMNS - 1,
                                 .lambda = lambda,
                                 .steps = 2};
    rad_gram site[SITES];
    rad_predictor f;
    rad_error error = {0};
    size_t step;
    for (size_t s = 0; s < SITES; s++) site[s] = gram_of(&c, s);
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_fitting_choose(&fitting, site + SITES - 1, 1, &step, &f, &error));
    ck_assert_uint_eq(step, 2);
    for (size_t j = 0; j < COLUMNS; j++) ck_assert(isnan(f.estimate[j]));
    ck_ok(rad_fitting_choose(&fitting, site, SITES, &step, &f, &error));
    ck_assert_uint_lt(step, 2);
    for (size_t j = 0; j < COLUMNS; j++) ck_assert(isfinite(f.estimate[j]));
    for (size_t s = 0; s < SITES; s++) rad_gram_free(&site[s]);
    rad_predictor_free(&f);
}
END_TEST

/* Columns in units of their own: those of the scaled columns, scaled back. */
START_TEST(units_of_columns) {
    static const double unit[] = {1, 0.5, 30, 2, 0.1};
    cohort c = make_cohort(45);
    rad_gram g = gram_of(&c, SITES), scaled;
    rad_predictor f, twin;
    rad_error error = {0};
    double deviations[COLUMNS - 1];
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &twin, &error));
    for (size_t j = 0; j + 1 < COLUMNS; j++) deviations[j] = 1;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j + 1 < COLUMNS; j++) c.x[r][j] /= unit[j];
    scaled = gram_of(&c, SITES);
    const rad_shrinkage own = {0.6, 0.02, unit}, ones = {0.6, 0.02, deviations};
    ck_near(rad_penalised_largest(&g, 0.6, unit), rad_penalised_largest(&scaled, 0.6, deviations), 1e-13);
    ck_ok(rad_penalised_fit(&g, &own, false, &f, &error));
    ck_ok(rad_penalised_fit(&scaled, &ones, false, &twin, &error));
    ck_assert(rad_penalised_gap(&g, &own, &f) <= 1e-10);
    ck_assert_uint_gt(rad_penalised_count(&f), 1);
    for (size_t j = 0; j + 1 < COLUMNS; j++) ck_near(f.estimate[j] * unit[j], twin.estimate[j], 1e-10);
    rad_gram_free(&g);
    rad_gram_free(&scaled);
    rad_predictor_free(&f);
    rad_predictor_free(&twin);
}
END_TEST

/* Two equal columns share a slope of the elastic net; the lasso has it once. */
START_TEST(equal_columns) {
    cohort c = make_cohort(50);
    for (size_t r = 0; r < ROWS; r++) c.x[r][1] = c.x[r][0];
    rad_gram g = gram_of(&c, SITES);
    rad_predictor f;
    rad_error error = {0};
    ck_ok(rad_predictor_allocate(COLUMNS - 1, &f, &error));
    for (int lasso = 0; lasso < 2; lasso++) {
        const rad_shrinkage p = {lasso ? 1 : 0.5, 0.01, NULL};
        ck_ok(rad_penalised_fit(&g, &p, false, &f, &error));
        ck_assert(rad_penalised_gap(&g, &p, &f) <= 1e-10);
        if (!lasso) ck_near(f.estimate[0], f.estimate[1], 1e-10);
        ck_assert(f.estimate[0] + f.estimate[1] > 0.1);
    }
    rad_gram_free(&g);
    rad_predictor_free(&f);
}
END_TEST

/* -2 log of the likelihood of rows, with the covariance written out, at a sigma and tau: REML or ML; slopes.
 */
static double dense_deviance(const cohort *c, double sigma, double tau, bool reml, double *b) {
    static double v[ROWS][ROWS], z[ROWS][COLUMNS + 1];
    double a[COLUMNS][COLUMNS + 1] = {{0}}, logdet = 0, rss = 0, extra = 0;
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t j = 0; j < ROWS; j++)
            v[i][j] = (c->site[i] == c->site[j] ? tau * tau : 0) + (i == j ? sigma * sigma : 0);
        for (size_t j = 0; j < COLUMNS; j++) z[i][j] = j + 1 < COLUMNS ? c->x[i][j] - (j == 2 ? 1000 : 0) : 1;
        z[i][COLUMNS] = c->x[i][COLUMNS - 1];
    }
    for (size_t i = 0; i < ROWS; i++) { /* v = L L'; z = L^-1 z */
        for (size_t j = 0; j <= i; j++) {
            for (size_t k = 0; k < j; k++) v[i][j] -= v[i][k] * v[j][k];
            v[i][j] = i == j ? sqrt(v[i][i]) : v[i][j] / v[j][j];
        }
        logdet += 2 * log(v[i][i]);
        for (size_t k = 0; k <= COLUMNS; k++) {
            for (size_t j = 0; j < i; j++) z[i][k] -= v[i][j] * z[j][k];
            z[i][k] /= v[i][i];
        }
    }
    for (size_t r = 0; r < ROWS; r++)
        for (size_t i = 0; i < COLUMNS; i++)
            for (size_t j = 0; j <= COLUMNS; j++) a[i][j] += z[r][i] * z[r][j];
    for (size_t i = 0; i < COLUMNS; i++) {
        const double by = a[i][i];
        extra += log(by);
        for (size_t j = 0; j <= COLUMNS; j++) a[i][j] /= by;
        for (size_t k = 0; k < COLUMNS; k++)
            for (size_t j = COLUMNS + 1; k != i && j-- > 0;)
                if (j >= i) a[k][j] -= (j == i ? 0 : a[k][i] * a[i][j]);
        for (size_t k = 0; k < COLUMNS; k++)
            if (k != i) a[k][i] = 0;
    }
    for (size_t i = 0; i < COLUMNS; i++) b[i] = a[i][COLUMNS];
    for (size_t r = 0; r < ROWS; r++) {
        double rest = z[r][COLUMNS];
        for (size_t i = 0; i < COLUMNS; i++) rest -= b[i] * z[r][i];
        rss += rest * rest;
    }
    const double n = ROWS - (reml ? COLUMNS : 0);
    return n * log(2 * acos(-1)) + logdet + rss + (reml ? extra : 0);
}

/* The likelihood is that of the rows, the slopes are, and no other variances have a larger one. */
START_TEST(random_sites) {
    const bool reml = _i % 2;
    const cohort c = make_cohort((uint64_t)_i + 60);
    rad_gram site[SITES];
    rad_mixed m;
    rad_error error = {0};
    double b[COLUMNS], ignored[COLUMNS];
    for (size_t s = 0; s < SITES; s++) site[s] = gram_of(&c, s);
    ck_ok(rad_mixed_allocate(COLUMNS - 1, &m, &error));
    ck_ok(rad_mixed_fit(site, SITES, reml, NULL, &m, &error));
    ck_assert_uint_eq(m.sites, SITES);
    const double least = dense_deviance(&c, m.sigma, m.tau, reml, b);
    ck_near(m.deviance, least, 1e-11);
    for (size_t j = 0; j + 1 < COLUMNS; j++) ck_near(m.fixed.estimate[j], b[j], 1e-9);
    ck_near(m.fixed.estimate[COLUMNS - 1], b[COLUMNS - 1] - 1000 * b[2], 1e-9);
    ck_near(m.icc, m.tau * m.tau / (m.tau * m.tau + m.sigma * m.sigma), 1e-14);
    ck_assert(m.tau > 0.1);
    for (int i = -2; i <= 2; i++)
        for (int j = -2; j <= 2; j++) {
            const double other =
                dense_deviance(&c, m.sigma * (1 + 1e-4 * i), m.tau * (1 + 1e-3 * j), reml, ignored);
            ck_assert(other >= least - 1e-10 * fabs(least));
        }
    const double origin[COLUMNS] = {3, 0, -1000, 0, 2, 7};
    const double before = m.fixed.estimate[COLUMNS - 1], se = m.fixed.se[COLUMNS - 1];
    for (size_t s = 0; s < SITES; s++)
        for (size_t j = 0; j < COLUMNS; j++) site[s].mean[j] += origin[j];
    ck_ok(rad_mixed_fit(site, SITES, reml, NULL, &m, &error));
    const double moved = m.fixed.estimate[COLUMNS - 1], moved_se = m.fixed.se[COLUMNS - 1];
    for (size_t s = 0; s < SITES; s++)
        for (size_t j = 0; j < COLUMNS; j++) site[s].mean[j] -= origin[j];
    ck_ok(rad_mixed_fit(site, SITES, reml, origin, &m, &error));
    ck_near(m.fixed.estimate[COLUMNS - 1], moved, 1e-9);
    ck_near(m.fixed.se[COLUMNS - 1], moved_se, 1e-8);
    ck_assert(fabs(moved - before) > 1 && fabs(moved_se - se) > 1);
    for (size_t s = 0; s < SITES; s++) rad_gram_free(&site[s]);
    rad_mixed_free(&m);
}
END_TEST

/* Balanced, without columns: sigma^2 is the mean square within, sigma^2 + n tau^2 the one between (ML: by
 * sites less none); tau is 0 where the latter is smaller. */
START_TEST(balanced_sites) {
    const double shift = _i < 2 ? 1 : 0.1, sites = 5, n = 8;
    const bool reml = _i % 2;
    rad_gram site[5];
    rad_mixed m;
    rad_error error = {0};
    double between = 0;
    ck_ok(rad_mixed_allocate(0, &m, &error));
    for (size_t s = 0; s < 5; s++) {
        ck_ok(rad_gram_allocate(1, &site[s], &error));
        site[s].n = n;
        site[s].mean[0] = 100 + shift * ((double)s - 2);
        site[s].cross[0] = 6 + (double)s;
        between += n * shift * shift * ((double)s - 2) * ((double)s - 2);
    }
    const double within = 40 / (sites * (n - 1)), top = between / (reml ? sites - 1 : sites);
    ck_ok(rad_mixed_fit(site, 5, reml, NULL, &m, &error));
    ck_near(m.fixed.estimate[0], 100, 1e-13);
    if (_i < 2) {
        ck_near(m.sigma * m.sigma, within, 1e-12);
        ck_near(m.tau * m.tau, (top - within) / n, 1e-11);
        ck_near(m.fixed.se[0], sqrt(top / (n * sites)), 1e-11);
    } else {
        ck_assert(m.tau == 0 && m.icc == 0);
        ck_near(m.sigma * m.sigma, (40 + between) / (sites * n - (reml ? 1 : 0)), 1e-13);
    }
    ck_ok(rad_mixed_fit(site, 1, reml, NULL, &m, &error));
    ck_assert(isnan(m.tau) && isnan(m.fixed.estimate[0]) && m.sites == 1);
    for (size_t s = 0; s < 5; s++) rad_gram_free(&site[s]);
    rad_mixed_free(&m);
}
END_TEST

/* Of two groups the discriminant is the slopes of least squares on 0 and 1, times n - 2 over the residual. */
START_TEST(two_groups) {
    cohort c = make_cohort(70);
    double mean[2][COLUMNS] = {{0}}, n[2] = {0};
    rad_error error = {0};
    rad_predictor f;
    rad_discriminant d;
    for (size_t r = 0; r < ROWS; r++) {
        const size_t g = c.x[r][5] > 20;
        c.x[r][5] = (double)g;
        n[g]++;
    }
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < 5; j++) mean[(size_t)c.x[r][5]][j] += c.x[r][j] / n[(size_t)c.x[r][5]];
    ck_assert(n[0] > 10 && n[1] > 10);
    const rad_group_means group[] = {{n[0], mean[0]}, {n[1], mean[1]}};
    rad_gram g = gram_of(&c, SITES), within;
    ck_ok(rad_predictor_allocate(5, &f, &error));
    ck_ok(rad_ordinary_fit(&g, NULL, &f, &error));
    ck_ok(rad_gram_allocate(5, &within, &error));
    within.n = g.n;
    for (size_t i = 0; i < 5; i++) {
        within.mean[i] = g.mean[i];
        for (size_t j = 0; j < 5; j++) within.cross[i * 5 + j] = g.cross[i * COLUMNS + j];
    }
    rad_discriminant_within(&within, group, 2);
    ck_ok(rad_discriminant_allocate(5, 2, &d, &error));
    ck_ok(rad_discriminant_fit(&within, group, &d, &error));
    double intercept = log(n[1] / n[0]), distance = 0;
    for (size_t j = 0; j < 5; j++) {
        ck_near(d.estimate[6 + j], f.estimate[j] * (ROWS - 2) / f.rss, 1e-10);
        intercept -= d.estimate[6 + j] * (mean[0][j] + mean[1][j]) / 2;
        distance += d.estimate[6 + j] * (mean[1][j] - mean[0][j]);
    }
    ck_near(d.estimate[11], intercept, 1e-10);
    ck_near(d.distance[1], distance, 1e-10);
    const double r2 = 1 - f.rss / f.tss; /* the test is that of the regression */
    ck_near(d.statistic[1], r2 / 5 / ((1 - r2) / (ROWS - 6)), 1e-10);
    ck_near(d.p[1], rad_f_tail(d.statistic[1], 5, ROWS - 6), 1e-14);
    ck_assert(d.df1 == 5 && d.df2 == ROWS - 6);
    rad_gram_free(&g);
    rad_gram_free(&within);
    rad_predictor_free(&f);
    rad_discriminant_free(&d);
}
END_TEST

/* One column, three groups, of which one is empty: (m - m1) / s^2. */
START_TEST(one_column_of_groups) {
    const double a = 1, b = 4;
    const rad_group_means group[] = {{10, &a}, {0, &b}, {30, &b}};
    rad_gram g;
    rad_discriminant d;
    rad_error error = {0};
    ck_ok(rad_gram_allocate(1, &g, &error));
    ck_ok(rad_discriminant_allocate(1, 3, &d, &error));
    g.n = 40;
    g.cross[0] = 76;
    ck_ok(rad_discriminant_fit(&g, group, &d, &error));
    ck_near(d.estimate[4], 1.5, 1e-14);
    ck_near(d.estimate[5], log(3) - 1.5 * 2.5, 1e-14);
    ck_near(d.distance[2], 4.5, 1e-14);
    ck_assert(isnan(d.estimate[2]) && isnan(d.estimate[3]) && isnan(d.distance[1]));
    ck_assert(d.estimate[0] == 0 && d.estimate[1] == 0);
    rad_gram_free(&g);
    rad_discriminant_free(&d);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("linear models");
    TCase *tests = tcase_create("linear models");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, sites_join);
    tcase_add_loop_test(tests, least_squares_of_rows, 0, 6);
    tcase_add_test(tests, dependent_columns);
    tcase_add_test(tests, predictions_of_rows);
    tcase_add_loop_test(tests, forward_by_rows, 0, 6);
    tcase_add_test(tests, orthogonal_columns);
    tcase_add_loop_test(tests, paths, 0, 4);
    tcase_add_test(tests, a_path_of_one_site);
    tcase_add_test(tests, units_of_columns);
    tcase_add_test(tests, equal_columns);
    tcase_add_loop_test(tests, random_sites, 0, 6);
    tcase_add_loop_test(tests, balanced_sites, 0, 4);
    tcase_add_test(tests, two_groups);
    tcase_add_test(tests, one_column_of_groups);
    return test_run(suite);
}
