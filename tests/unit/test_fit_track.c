/* The search of a fit in rounds (federate/pool/fit_track.c), on sums of rows without rounding: steps that
 * lead too far are halved, and where it ends the equations of the fit hold. */
#include "../../core/memory.h"
#include "../../federate/pool/fit.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { N = 80, COLUMNS = 2 }; /* an intercept and a term */
static rad_study study;
static rad_model model;
static rad_round_term term;
static rad_fit_site site;
static rad_fit_track track;
static rad_rounds_fit fit;
static rad_error error;
static double x[N], y[N], curvature[COLUMNS * COLUMNS], start[COLUMNS * COLUMNS];

static void begin(double steep, double lambda) {
    test_random random = {7};
    model = (rad_model){.family = RAD_MODEL_POISSON, .penalty = {.kind = lambda > 0 ? RAD_PENALTY_RIDGE : 0}};
    if (lambda > 0) model.penalty.lambdas = 1, model.penalty.lambda[0] = lambda;
    term = (rad_round_term){.name = "x", .scale = 1};
    site = (rad_fit_site){.name = "a", .patients = N};
    track = (rad_fit_track){.curvature = curvature, .start = start};
    fit = (rad_rounds_fit){.study = &study,
                           .model = &model,
                           .state = {.intercept = true, .terms = &term, .term_count = 1},
                           .sites = &site,
                           .site_count = 1,
                           .tracks = &track,
                           .track_count = 1};
    for (size_t i = 0; i < N; i++) {
        x[i] = exp(1.5 * (test_uniform(&random) + test_uniform(&random) + test_uniform(&random) - 1.5));
        y[i] = floor(exp(steep * x[i]) * (0.5 + test_uniform(&random)));
        site.events += y[i] > 0;
    }
}

/* Sums at the coefficients that the track asks for, of the column as it is centred by then. */
static void sum(const double *beta, double *information, rad_fit_sums *s) {
    *s = (rad_fit_sums){.patients = N, .events = site.events, .information = information};
    memset(information, 0, COLUMNS * COLUMNS * sizeof *information);
    for (size_t i = 0; i < N; i++) {
        const double z[COLUMNS] = {1, (x[i] - term.centre) / term.scale}, eta = beta[0] + beta[1] * z[1],
                     mu = exp(eta);
        s->likelihood += y[i] * eta - mu;
        for (size_t j = 0; j < COLUMNS; j++) {
            s->score[j] += z[j] * (y[i] - mu);
            for (int power = 0; power < 2; power++) s->moment[power][j] += pow(z[j], power + 1) * mu;
            for (size_t l = 0; l < COLUMNS; l++) information[j * COLUMNS + l] += z[j] * mu * z[l];
        }
    }
}

/* Until it ends. */
static size_t follow(void) {
    size_t halved = 0, rounds = 0;
    for (double last = -INFINITY; rad_fit_asks(&track) && rounds < 200; rounds++) {
        double information[COLUMNS * COLUMNS];
        rad_fit_sums s;
        const rad_round_ask ask = rad_fit_question(&fit, &track);
        const size_t before = track.halved;
        sum(track.trial, information, &s);
        if (ask < RAD_ASK_INFORMATION || ask == RAD_ASK_MOMENTS) s.information = NULL;
        ck_ok(rad_fit_move(&fit, 0, &s, &error));
        if (track.halved > before) { /* the base stays, and the next trial is nearer to it */
            halved++;
            ck_assert(track.likelihood == last || last == -INFINITY);
        }
        last = track.likelihood;
    }
    return halved;
}

START_TEST(steps_are_halved) {
    static const double lambdas[] = {0, 0.01};
    size_t halved = 0;
    for (int fifths = 2; fifths < 11; fifths++) {
        double information[COLUMNS * COLUMNS];
        rad_fit_sums s;
        begin(fifths / 5.0, lambdas[_i]);
        halved += follow();
        ck_assert_int_eq(track.phase, RAD_FIT_DONE);
        ck_assert_uint_eq(fit.found_count, 1);
        sum(fit.found[0].beta, information, &s);
        s.score[1] -= lambdas[_i] * N * fit.found[0].beta[1];
        for (size_t j = 0; j < COLUMNS; j++) /* in errors of the estimates */
            ck_assert_double_le(fabs(s.score[j]), 1e-6 * sqrt(information[j * (COLUMNS + 1)]));
        ck_near(fit.found[0].likelihood, s.likelihood, 1e-10);
        rad_free(fit.found);
    }
    ck_assert_uint_gt(halved, 3);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_track");
    TCase *tests = tcase_create("fit_track");
    tcase_add_loop_test(tests, steps_are_halved, 0, 2);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
