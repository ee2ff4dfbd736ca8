/* Answers of sites to a round of a model, at the coordinator: sums that no patients can have, sites that are
 * missing, how the rest are added up (federate/pool/fit.h). */
#include "../../core/memory.h"
#include "../../federate/pool/fit.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SITES = 4, COLUMNS = 3 }; /* an intercept and two terms */
static rad_study study;
static rad_model model;
static rad_round_term terms[2];
static rad_round_point points[2];
static rad_round_ask first_ask = RAD_ASK_SCORE;
static rad_rounds_fit fit;
static rad_fit_answers answers;
static char missing[512];
static rad_error error;

static rad_exact *cell(size_t site, size_t point, size_t k) {
    return &answers.sums[site].points[point].sums[k];
}

static void put(size_t site, size_t point, size_t k, double value) {
    const uint64_t one = 1;
    rad_exact_free(cell(site, point, k));
    ck_ok(rad_exact_sum_powers(&value, &one, 1, 1, cell(site, point, k), &error));
}

/* Sites a, b, c, d of 40, 41, 42, 43 patients; two points, the second with the information. */
static void begin(rad_model_family family) {
    study = (rad_study){.rules.sites = 3};
    model = (rad_model){.family = family};
    points[0] = (rad_round_point){.ask = first_ask};
    points[1] = (rad_round_point){.ask = RAD_ASK_INFORMATION};
    fit = (rad_rounds_fit){.study = &study, .model = &model};
    fit.state = (rad_round_state){.intercept = family != RAD_MODEL_COX,
                                  .terms = terms,
                                  .term_count = family == RAD_MODEL_COX ? 3 : 2,
                                  .points = points,
                                  .point_count = 2};
    answers = (rad_fit_answers){.sums = rad_new(SITES, sizeof *answers.sums, &error), .count = SITES};
    ck_assert_ptr_nonnull(answers.sums);
    for (size_t i = 0; i < SITES; i++) {
        const char name[2] = {(char)('a' + i), '\0'};
        ck_ok(rad_round_sums_allocate(&answers.sums[i], &fit.state, name, &error));
        snprintf(answers.sums[i].site, sizeof answers.sums[i].site, "%s", name);
        answers.sums[i].patients = 40 + i;
        answers.sums[i].events = 10 + i;
        for (size_t p = 0; p < 2; p++) {
            put(i, p, 0, -20 - (double)i);
            for (size_t j = 0; j < COLUMNS; j++)
                put(i, p, rad_round_score_cell(j), 0.5 * (double)(i + j + p));
        }
        for (size_t j = 0; j < COLUMNS; j++)
            for (size_t l = 0; l <= j; l++)
                put(i, 1, rad_round_information_cell(COLUMNS, l, j),
                    l == j ? 8 + (double)j : 1 + (double)(l + i));
    }
    *error.text = '\0';
}

static void end(void) {
    rad_fit_answers_free(&answers);
    rad_free(fit.sites);
    fit.sites = NULL;
    fit.site_count = 0;
}

static rad_status check(bool go_on) {
    *error.text = '\0';
    return rad_fit_check(&fit, &answers, go_on, missing, &error);
}

/* One cell of site b that is on either side of what patients can have. */
START_TEST(sums_that_no_patients_have) {
    const size_t information = rad_round_information_cell(COLUMNS, 0, 0);
    static const struct {
        rad_model_family family;
        size_t point, cell;
        double possible, impossible;
        const char *why;
    } rows[] = {
        {RAD_MODEL_LOGISTIC, 0, 0, 0, 1e-3, "a likelihood above 1"},
        {RAD_MODEL_COX, 1, 0, 0, 1e-3, "a likelihood above 1"},
        {RAD_MODEL_POISSON, 1, 1, -1e299, 1e301, "beyond range"},
        {RAD_MODEL_LOGISTIC, 0, 3, 1e299, -1e300, "beyond range"},
        {RAD_MODEL_LOGISTIC, 0, 0, -1e299, -1e300, "beyond range"},
        {RAD_MODEL_POISSON, 1, 9, 1e9, -1e-9, "a negative information"}, /* of the last term */
        {RAD_MODEL_POISSON, 1, 4, 1e9, -1e-9, "a negative information"},
        {RAD_MODEL_COX, 1, 5, 8.48, -8.49, "terms that correlate beyond 1"}, /* 8 and 9: below 8.485 */
        {RAD_MODEL_COX, 1, 8, -9.48, 9.49, "terms that correlate beyond 1"}, /* 9 and 10: below 9.487 */
        {RAD_MODEL_LOGISTIC, 1, 4, 10.25, 10.26, "more information than patients"}, /* 41 / 4 */
    };
    ck_assert_uint_eq(information, 4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(rows[i].family);
        put(1, rows[i].point, rows[i].cell, rows[i].possible);
        ck_ok(check(false));
        end();
        begin(rows[i].family);
        put(1, rows[i].point, rows[i].cell, rows[i].impossible);
        ck_assert_msg(check(false) == RAD_UNTRUSTED, "row %zu", i);
        ck_assert_msg(strstr(error.text, rows[i].why) && strstr(error.text, "site b"), "row %zu: %s", i,
                      error.text);
        end();
    }
    begin(RAD_MODEL_COX); /* a term that is the same for all tells nothing */
    for (size_t l = 0; l < COLUMNS; l++) put(1, 1, rad_round_information_cell(COLUMNS, 0, l), 0);
    ck_ok(check(false));
    put(1, 1, information, 0.5);
    ck_ok(check(false));
    end();
    begin(RAD_MODEL_POISSON); /* of counts, which may be above 1, and have more information */
    put(1, 0, 0, 100);
    put(1, 1, information, 11);
    ck_ok(check(false));
    end();
    begin(RAD_MODEL_COX); /* without an intercept the first column is any term */
    put(1, 1, information, 1000);
    ck_ok(check(false));
    end();
    begin(RAD_MODEL_LOGISTIC);
    answers.sums[2].events = 42;
    ck_ok(check(false));
    end();
    begin(RAD_MODEL_LOGISTIC);
    answers.sums[2].events = 43;
    ck_assert_int_eq(check(false), RAD_UNTRUSTED);
    ck_assert_ptr_nonnull(
        strstr(error.text, "site c: round 0 has sums that no patients can have (more events"));
    end();
}
END_TEST

/* Pairs in order: of 11 events and 30 others 330 pairs; of times as many as there are. */
static void put_order(rad_model_family family, const double *x) {
    begin(family);
    for (size_t i = 0; i < SITES; i++)
        for (size_t k = 1; k < RAD_CALIBRATED_CELLS; k++) put(i, 0, k, 0);
    for (size_t k = 1; k < RAD_CALIBRATED_CELLS; k++) put(1, 0, k, k < RAD_ORDER_CELLS ? x[k - 1] : 1);
}

START_TEST(order_that_no_patients_have) {
    static const struct {
        rad_model_family family;
        double x[5];
        size_t cell;
        double impossible;
    } rows[] = {
        {RAD_MODEL_LOGISTIC, {660, 7, 41, 41, 0}, 1, 661}, /* twice 330 */
        {RAD_MODEL_LOGISTIC, {0, 0, 0, 0, 0}, 1, -1},
        {RAD_MODEL_LOGISTIC, {330, 0, 20, 9, 0}, 1, 330.5},
        {RAD_MODEL_LOGISTIC, {330, 0, 20, 9, 0}, 2, -1},
        {RAD_MODEL_LOGISTIC, {330, 0, 0, 9, 0}, 3, -0.001},
        {RAD_MODEL_LOGISTIC, {330, 0, 41, 9, 0}, 3, 41.001},
        {RAD_MODEL_LOGISTIC, {330, 0, 20, 0, 0}, 4, -0.001},
        {RAD_MODEL_LOGISTIC, {330, 0, 20, 41, 0}, 4, 41.001},
        {RAD_MODEL_COX, {200, 100, 900, 600, 400}, 1, 201},
        {RAD_MODEL_COX, {200, 1681, 900, 600, 400}, 2, 1682}, /* 41 squared */
        {RAD_MODEL_COX, {200, 100, 900, 600, 400}, 4, 601},   /* 30 times 20 */
        {RAD_MODEL_COX, {200, 100, 900, 600, 400}, 5, 399},
        {RAD_MODEL_COX, {200, 100, 900, 600, 400}, 7, -0.001}, /* variances of the calibration */
        {RAD_MODEL_LOGISTIC, {660, 7, 41, 41, 0}, 9, -0.001},
    };
    first_ask = RAD_ASK_ORDER;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put_order(rows[i].family, rows[i].x);
        ck_assert_msg(check(false) == RAD_OK, "row %zu: %s", i, error.text);
        put(1, 0, rows[i].cell, rows[i].impossible);
        ck_assert_msg(check(false) == RAD_UNTRUSTED && strstr(error.text, "pairs in order"), "row %zu: %s", i,
                      error.text);
        answers.sums[1].points[0].count = 1; /* it stays at home */
        ck_ok(check(false));
        answers.sums[1].points[0].count = RAD_CALIBRATED_CELLS;
        end();
    }
    first_ask = RAD_ASK_SCORE;
}
END_TEST

/* The first round says who the sites are; later ones have the same, with as many patients and events. */
START_TEST(sites_of_the_first_round) {
    begin(RAD_MODEL_LOGISTIC);
    put(2, 0, 0, -20);
    ck_ok(rad_exact_read("-7p0", &answers.sums[2].saturated, &error));
    ck_ok(check(false));
    ck_assert_uint_eq(fit.site_count, SITES);
    for (size_t i = 0; i < SITES; i++) {
        ck_assert_str_eq(fit.sites[i].name, answers.sums[i].site);
        ck_assert(fit.sites[i].patients == (double)(40 + i) && fit.sites[i].events == (double)(10 + i));
        ck_assert(fit.sites[i].saturated == (i == 2 ? -7 : 0));
    }
    fit.state.round = 1;
    ck_ok(check(false));
    for (int what = 0; what < 2; what++) {
        uint64_t *number = what ? &answers.sums[3].events : &answers.sums[3].patients;
        ++*number;
        ck_assert_int_eq(check(false), RAD_UNTRUSTED);
        ck_assert_ptr_nonnull(strstr(error.text, "site d"));
        ck_assert_ptr_nonnull(strstr(error.text, "other patients than in the rounds before"));
        --*number;
    }
    snprintf(answers.sums[3].site, RAD_SITE, "new");
    ck_assert_int_eq(check(true), RAD_CONFIG);
    ck_assert_str_eq(error.text, "site new was not in the first round of model ");
    end();
}
END_TEST

/* At least three sites, and one more where each is left out once. */
START_TEST(as_many_sites_as_the_rules_ask_for) {
    for (int out = 0; out < 2; out++)
        for (size_t count = 2; count <= SITES; count++) {
            begin(RAD_MODEL_LOGISTIC);
            model.leave_one_site_out = out;
            for (size_t i = count; i < SITES; i++) rad_round_sums_free(&answers.sums[i]);
            answers.count = count;
            ck_assert_msg(check(false) == (count < 3U + (unsigned)out ? RAD_REFUSED : RAD_OK), "%zu sites",
                          count);
            if (count < 3U + (unsigned)out)
                ck_assert_ptr_nonnull(strstr(error.text, "refused (minimum_sites)"));
            end();
        }
}
END_TEST

/* A site that does not answer in a later round: an error, or left out, as one says. */
START_TEST(sites_that_are_missing) {
    for (int out = 0; out < 2; out++) {
        begin(RAD_MODEL_LOGISTIC);
        ck_ok(check(false));
        fit.state.round = 1;
        ck_ok(check(true));
        ck_assert_str_eq(missing, "");
        rad_round_sums gone = answers.sums[1];
        memmove(&answers.sums[1], &answers.sums[2], 2 * sizeof gone);
        answers.count = 3;
        ck_assert_int_eq(check(false), RAD_CONFIG);
        ck_assert_str_eq(missing, "b");
        ck_assert_ptr_nonnull(strstr(error.text, "no answer to round 1 of 1 site: b;"));
        ck_assert_uint_eq(fit.site_count, SITES);
        model.leave_one_site_out = out;
        rad_fit_track tracks[3] = {
            {.without = ""}, {.without = "b", .curvature = rad_new(1, 8, &error)}, {.without = "c"}};
        for (size_t i = 0; i < 3; i++) tracks[i].at = tracks[i].rounds = tracks[i].halvings = 5;
        tracks[0].phase = RAD_FIT_DONE;
        tracks[0].base[1] = 0.25;
        tracks[2].phase = RAD_FIT_FINAL;
        tracks[2].trial[1] = 0.75;
        fit.tracks = tracks;
        fit.track_count = 3;
        fit.found_count = 2;
        ck_assert_int_eq(check(true), out ? RAD_REFUSED : RAD_OK);
        ck_assert_str_eq(missing, "b");
        if (out) ck_assert_ptr_nonnull(strstr(error.text, "without b, and with one site left out, too few"));
        ck_assert(fit.site_count == 3 && fit.track_count == 2 && !fit.found_count);
        const char *const left[] = {"a", "c", "d"};
        for (size_t i = 0; i < 3; i++) ck_assert_str_eq(fit.sites[i].name, left[i]);
        ck_assert_str_eq(tracks[1].without, "c");
        ck_assert(tracks[0].phase == RAD_FIT_SEARCH &&
                  tracks[0].trial[1] == 0.25); /* it had ended: from its base */
        ck_assert(tracks[1].phase == RAD_FIT_FINAL && tracks[1].trial[1] == 0.75); /* it asks: as it was */
        for (size_t i = 0; i < 2; i++)
            ck_assert(!tracks[i].at && !tracks[i].rounds && !tracks[i].halvings &&
                      tracks[i].likelihood == RAD_FIT_NOTHING);
        fit.tracks = NULL;
        rad_round_sums_free(&gone);
        end();
    }
}
END_TEST

/* Sums over all sites, and without one; a point that is not for a site adds nothing. */
START_TEST(added_up) {
    begin(RAD_MODEL_LOGISTIC);
    rad_fit_sums sums;
    ck_ok(rad_fit_add(&fit, &answers, 0, "", &sums, &error));
    ck_assert(sums.likelihood == -20 - 21 - 22 - 23 && sums.patients == 166 && sums.events == 46);
    ck_assert_ptr_null(sums.information);
    for (size_t j = 0; j < COLUMNS; j++) ck_assert(sums.score[j] == 0.5 * (double)(6 + 4 * j));
    ck_ok(rad_fit_add(&fit, &answers, 1, "c", &sums, &error));
    ck_assert(sums.likelihood == -20 - 21 - 23 && sums.patients == 124 && sums.events == 34);
    for (size_t j = 0; j < COLUMNS; j++) {
        ck_assert(sums.score[j] == 0.5 * (double)(0 + 1 + 3 + 3 * j + 3));
        for (size_t l = 0; l < COLUMNS; l++) {
            const size_t low = l < j ? l : j;
            const double right = l == j ? 3 * (8 + (double)j) : 3 * (1 + (double)low) + 0 + 1 + 3;
            ck_assert(sums.information[j * COLUMNS + l] == right);
        }
    }
    rad_free(sums.information);
    rad_round_cells *none = &answers.sums[0].points[0];
    for (size_t k = 0; k < none->count; k++) rad_exact_free(&none->sums[k]);
    none->count = 0;
    ck_ok(rad_fit_add(&fit, &answers, 0, "", &sums, &error));
    ck_assert(sums.likelihood == -21 - 22 - 23 && sums.patients == 126);
    end();
}
END_TEST

/* The first round: sums of each column and of its squares, beside the score. */
START_TEST(moments_are_added_up) {
    begin(RAD_MODEL_LOGISTIC);
    rad_fit_sums sums;
    points[0].ask = RAD_ASK_MOMENTS;
    for (size_t i = 0; i < SITES; i++) {
        rad_round_sums_free(&answers.sums[i]);
        ck_ok(rad_round_sums_allocate(&answers.sums[i], &fit.state, "a", &error));
        for (int power = 1; power <= 2; power++)
            for (size_t j = 0; j < COLUMNS; j++)
                put(i, 0, rad_round_moment_cell(COLUMNS, power, j),
                    (double)(i + 10 * j + 100 * (size_t)power));
    }
    ck_ok(rad_fit_add(&fit, &answers, 0, "", &sums, &error));
    for (int power = 1; power <= 2; power++)
        for (size_t j = 0; j < COLUMNS; j++)
            ck_assert(sums.moment[power - 1][j] == (double)(6 + 40 * j + 400 * (size_t)power));
    ck_assert(!sums.information && sums.score[1] == 0);
    end();
}
END_TEST

/* An answer to another state is none to this one, whatever its round. */
START_TEST(of_another_state) {
    for (int other = 0; other < 2; other++) {
        rad_bytes body, whole;
        rad_round_sums back;
        begin(RAD_MODEL_LOGISTIC);
        rad_round_state *s = &fit.state;
        snprintf(s->model, sizeof s->model, "m");
        memset(s->study_hash, 'a', sizeof s->study_hash - 1);
        memset(s->digest, 'b', sizeof s->digest - 1);
        rad_round_sums_free(&answers.sums[0]);
        ck_ok(rad_round_sums_allocate(&answers.sums[0], s, "a", &error));
        ck_ok(rad_round_sums_text(&answers.sums[0], &body, &error));
        ck_ok(rad_round_sign(&body, "round", NULL, &whole, &error));
        if (other) s->digest[63] = 'c';
        const rad_status status = rad_round_sums_parse(&whole, "a.radsum", s, NULL, &back, &error);
        ck_assert_msg(status == (other ? RAD_CONFIG : RAD_OK), "%s", error.text);
        if (other)
            ck_assert_ptr_nonnull(strstr(error.text, "a.radsum: site a answers another state (of round 0)"));
        rad_round_sums_free(&back);
        rad_bytes_free(&body);
        rad_bytes_free(&whole);
        end();
    }
}
END_TEST

/* Sizes of columns that a state may have: 2^-200 to 2^200. */
START_TEST(sizes_of_a_state) {
    static const int sizes[] = {-201, -200, 0, 200, 201};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const bool fine = sizes[i] > -201 && sizes[i] < 201;
        char path[] = "/tmp/radiomill-state-XXXXXX";
        rad_round_state back;
        bool is_signed;
        close(mkstemp(path));
        begin(RAD_MODEL_LOGISTIC);
        rad_round_state *s = &fit.state;
        s->sized = true;
        for (size_t k = 0; k < COLUMNS; k++) s->size[k] = sizes[i];
        for (size_t k = 0; k < 2; k++) terms[k] = (rad_round_term){.name = "f", .scale = 1};
        snprintf(s->study, sizeof s->study, "s");
        snprintf(s->model, sizeof s->model, "m");
        memset(s->study_hash, 'a', sizeof s->study_hash - 1);
        memset(s->previous, 'b', sizeof s->previous - 1);
        ck_ok(rad_round_state_write(path, s, NULL, &error));
        const rad_status status = rad_round_state_read(path, NULL, &back, &is_signed, &error);
        ck_assert_msg(status == (fine ? RAD_OK : RAD_UNREADABLE), "%d: %s", sizes[i], error.text);
        if (!fine) ck_assert_ptr_nonnull(strstr(error.text, "sizes"));
        if (fine) ck_assert(back.sized && back.size[0] == sizes[i] && back.size[2] == sizes[i]);
        if (fine) rad_round_state_free(&back);
        unlink(path);
        end();
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("fit_answers");
    TCase *tests = tcase_create("fit_answers");
    tcase_add_test(tests, sums_that_no_patients_have);
    tcase_add_test(tests, order_that_no_patients_have);
    tcase_add_test(tests, sites_of_the_first_round);
    tcase_add_test(tests, as_many_sites_as_the_rules_ask_for);
    tcase_add_test(tests, sites_that_are_missing);
    tcase_add_test(tests, added_up);
    tcase_add_test(tests, moments_are_added_up);
    tcase_add_test(tests, of_another_state);
    tcase_add_test(tests, sizes_of_a_state);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
