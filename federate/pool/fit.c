#include "fit.h"

#include "../../core/memory.h"
#include "../round_terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of the likelihood of a site that was left out. */
enum { LEFT_OUT_DIGITS = -26 };

static rad_status add_track(rad_rounds_fit *f, const char *without, rad_error *error) {
    const size_t c = rad_round_columns(&f->state);
    rad_fit_track *t = &f->tracks[f->track_count++];
    *t = (rad_fit_track){.phase = RAD_FIT_START, .asked = RAD_ROUND_FINE};
    snprintf(t->without, sizeof t->without, "%s", without);
    t->curvature = rad_new(c, c * sizeof *t->curvature, error);
    t->start = rad_new(c, c * sizeof *t->start, error);
    return t->curvature && t->start ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_fit_begin(const rad_study *study, const rad_model *model, const char *pooled,
                         rad_rounds_fit *f, rad_error *error) {
    *f = (rad_rounds_fit){.study = study, .model = model};
    memcpy(f->state.study_hash, study->hash, sizeof f->state.study_hash);
    snprintf(f->state.study, sizeof f->state.study, "%s", study->id);
    snprintf(f->state.model, sizeof f->state.model, "%s", model->name);
    f->state.intercept = model->family != RAD_MODEL_COX;
    f->tracks = rad_new(RAD_ROUND_POINTS, sizeof *f->tracks, error);
    rad_status status = f->tracks ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_round_terms_make(study, model, pooled, &f->state, error);
    return status == RAD_OK ? add_track(f, "", error) : status;
}

void rad_fit_free(rad_rounds_fit *f) {
    for (size_t i = 0; i < f->track_count; i++) {
        rad_free(f->tracks[i].curvature);
        rad_free(f->tracks[i].start);
    }
    rad_free(f->tracks);
    rad_free(f->sites);
    rad_free(f->found);
    rad_round_state_free(&f->state);
    *f = (rad_rounds_fit){.site_count = 0};
}

static void add_point(rad_rounds_fit *f, rad_round_ask ask, int digits, const double *beta) {
    rad_round_point *p = &f->state.points[f->state.point_count++];
    p->ask = ask;
    p->digits = digits;
    p->fineness = RAD_ROUND_FINE;
    memcpy(p->beta, beta, rad_round_columns(&f->state) * sizeof *beta);
}

rad_status rad_fit_ask(rad_rounds_fit *f, rad_error *error) {
    rad_round_state *s = &f->state;
    rad_free(s->points);
    s->point_count = 0;
    s->points = rad_new(RAD_ROUND_POINTS, sizeof *s->points, error);
    if (!s->points) return RAD_NO_MEMORY;
    for (size_t i = 0; i < f->track_count && !*s->result; i++) {
        const rad_fit_track *t = &f->tracks[i];
        if (!rad_fit_asks(t)) continue;
        add_point(f, rad_fit_question(f, t), t->asked, t->trial);
        rad_round_point *p = &s->points[s->point_count - 1];
        memcpy(p->without, t->without, RAD_SITE);
        if (t->phase == RAD_FIT_NULL) p->fineness = RAD_ROUND_GUESS;
    }
    for (size_t i = 0; i < f->found_count && s->point_count < RAD_ROUND_POINTS && !*s->result; i++) {
        rad_round_ask ask;
        if (!rad_fit_asks_left_out(f, &f->found[i], &ask)) continue;
        add_point(f, ask, LEFT_OUT_DIGITS, f->found[i].beta);
        memcpy(s->points[s->point_count - 1].only, f->tracks[f->found[i].track].without, RAD_SITE);
    }
    if (f->lambdas && f->lambda[0] > 0)
        snprintf(s->lambda, sizeof s->lambda, "%.9g",
                 f->lambda[f->tracks[0].at < f->lambdas ? f->tracks[0].at : f->lambdas - 1]);
    return RAD_OK;
}

/* The next point of a track, or of the site that one leaves out; point_count: it was not asked for. */
static size_t find_point(const rad_rounds_fit *f, size_t from, const char *without, const char *only) {
    const rad_round_state *s = &f->state;
    while (from < s->point_count &&
           (strcmp(s->points[from].without, without) != 0 || strcmp(s->points[from].only, only) != 0))
        from++;
    return from;
}

/* What the sites that findings leave out were asked, in the order of these; asked[finding]: was it? From
 * point `next` on. */
static rad_status answer_left_out(rad_rounds_fit *f, const rad_fit_answers *a, const bool *asked,
                                  size_t found, size_t next, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < found && status == RAD_OK; i++) {
        rad_fit_sums sums = {0};
        if (!asked[i]) continue;
        const size_t point = find_point(f, next, "", f->tracks[f->found[i].track].without);
        if (point == f->state.point_count) continue;
        next = point + 1;
        status = rad_fit_add(f, a, point, "", &sums, error);
        f->found[i].left_out = sums.likelihood;
        if (status == RAD_OK && f->state.points[point].ask == RAD_ASK_ORDER)
            status = rad_fit_take_order(f, a, point, &f->found[i].order, error);
    }
    return status;
}

/* The points of the state, in the order in which they were asked. */
static rad_status answer_tracks(rad_rounds_fit *f, const rad_fit_answers *a, rad_error *error) {
    rad_status status = RAD_OK;
    const size_t found = f->found_count;
    size_t next = 0;
    bool *asked = rad_new(found, sizeof *asked, error);
    if (!asked) return RAD_NO_MEMORY;
    for (size_t i = 0; i < found; i++) asked[i] = rad_fit_asks_left_out(f, &f->found[i], &(rad_round_ask){0});
    for (size_t i = 0; i < f->track_count && status == RAD_OK; i++) {
        rad_fit_sums sums = {0};
        const size_t point = find_point(f, next, f->tracks[i].without, "");
        if (!rad_fit_asks(&f->tracks[i]) || point == f->state.point_count) continue;
        if (f->state.points[point].ask != rad_fit_question(f, &f->tracks[i]))
            status = rad_fail(error, RAD_UNREADABLE,
                              "the state asks what it does not remember to ask: it was changed, or damaged");
        next = point + 1;
        if (status == RAD_OK) status = rad_fit_add(f, a, point, f->tracks[i].without, &sums, error);
        if (status == RAD_OK) status = rad_fit_move(f, i, &sums, error);
        rad_free(sums.information);
    }
    if (status == RAD_OK) status = answer_left_out(f, a, asked, found, next, error);
    rad_free(asked);
    return status;
}

static rad_status split(rad_rounds_fit *f, const rad_fit_answers *a, rad_error *error) {
    rad_status status = RAD_OK;
    if (!f->model->leave_one_site_out) return RAD_OK;
    if (f->site_count >= RAD_ROUND_POINTS)
        return rad_fail(error, RAD_CONFIG, "at most %d sites can be left out one after the other",
                        RAD_ROUND_POINTS - 1);
    rad_fit_track *more = rad_new(f->site_count + 1, sizeof *more, error);
    if (!more) return RAD_NO_MEMORY;
    more[0] = f->tracks[0];
    rad_free(f->tracks);
    f->tracks = more;
    for (size_t i = 0; i < f->site_count && status == RAD_OK; i++) {
        rad_fit_sums sums = {0};
        status = add_track(f, f->sites[i].name, error);
        f->tracks[f->track_count - 1].phase = RAD_FIT_NULL; /* the same coefficients will do */
        memcpy(f->tracks[f->track_count - 1].trial, f->state.points[0].beta, sizeof f->tracks[0].trial);
        if (status == RAD_OK) status = rad_fit_add(f, a, 0, f->sites[i].name, &sums, error);
        if (status == RAD_OK) status = rad_fit_move(f, f->track_count - 1, &sums, error);
        rad_free(sums.information);
    }
    return status;
}

/* How it ends: when nothing is asked any more, or the first of all sites fails. */
static void find_result(rad_rounds_fit *f) {
    const rad_fit_track *t = &f->tracks[0];
    const char *word = NULL;
    bool open = false;
    for (size_t i = 0; i < f->track_count; i++) open = open || rad_fit_asks(&f->tracks[i]);
    for (size_t i = 0; i < f->found_count; i++)
        open = open || rad_fit_asks_left_out(f, &f->found[i], &(rad_round_ask){0});
    if (t->phase == RAD_FIT_SEPARATED)
        word = "separated";
    else if (t->phase == RAD_FIT_STUCK || (open && f->state.round + 1 >= (uint32_t)f->model->rounds))
        word = "did not converge";
    else if (!open)
        word = "converged";
    if (word) snprintf(f->state.result, sizeof f->state.result, "%s", word);
}

rad_status rad_fit_advance(rad_rounds_fit *f, const rad_fit_answers *a, rad_error *error) {
    rad_round_summed *summed = rad_new(a->count, sizeof *summed, error);
    rad_status status = summed ? RAD_OK : RAD_NO_MEMORY;
    const bool first = f->tracks[0].phase == RAD_FIT_NULL;
    if (status == RAD_OK) status = answer_tracks(f, a, error);
    if (status == RAD_OK && first) status = split(f, a, error);
    if (status == RAD_OK && f->tracks[0].phase == RAD_FIT_DONE) rad_fit_release(f);
    if (status != RAD_OK) {
        rad_free(summed);
        return status;
    }
    find_result(f);
    for (size_t i = 0; i < a->count; i++) {
        memcpy(summed[i].site, a->sums[i].site, sizeof summed[i].site);
        memcpy(summed[i].digest, a->sums[i].digest, sizeof summed[i].digest);
    }
    rad_free(f->state.summed);
    f->state.summed = summed;
    f->state.summed_count = a->count;
    memcpy(f->state.previous, f->state.digest, sizeof f->state.previous);
    f->state.round++;
    return rad_fit_ask(f, error);
}
