#include "rounds.h"

#include "../core/hash.h"
#include "../core/printable.h"
#include "../federate/site/ledger_rounds.h"
#include "../federate/site/round_judge.h"
#include "../federate/site/round_order.h"
#include "../io/bytes.h"
#include "site_job.h"
#include "step_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct stepping {
    rad_site_job job;
    const char *path; /* of the state */
    rad_round_state state;
    const rad_model *model;
    rad_round_rows rows;
    rad_round_sums sums;
    rad_round_weights weights;
    rad_round_order order;
    const char *output;
    char usual[RAD_SITE + 96];
    bool known;
    rad_round_worth worth;
} stepping;

static rad_status read_state(stepping *s, rad_error *error) {
    bool is_signed = false;
    const rad_site_job *j = &s->job;
    rad_status status =
        rad_round_state_read(s->path, rad_site_job_coordinator(j), &s->state, &is_signed, error);
    if (status != RAD_OK) return status;
    if (!rad_site_job_coordinator(j))
        rad_visit_note(j->control, "warning: the state is %s: whoever is in between could have changed it",
                       is_signed ? "signed with a key that nothing names" : "not signed");
    if (strcmp(s->state.study_hash, j->study.hash) != 0)
        return rad_fail(error, RAD_CONFIG,
                        "%s: is the state of another study (%.80s), or of another text of it; the site needs "
                        "the study that it was made of",
                        s->path, s->state.study);
    if (*s->state.result)
        return rad_fail(error, RAD_CONFIG, "%s: the model has ended (%s): there is no round to answer",
                        s->path, s->state.result);
    return rad_round_model(&j->study, s->state.model, &s->model, error);
}

/* One order at most leaves for a model: that of the first point that asks for one. */
static rad_status order(stepping *s, size_t point, rad_error *error) {
    s->sums.points[point].count = 1;
    if (s->order.some) return RAD_OK;
    s->order.point = point;
    return rad_round_order_find(&s->rows, &s->state.points[point], &s->job.rules, &s->sums.points[point],
                                &s->order, error);
}

/* What of it there is not, or stays at home before anything else is looked at. */
static void note_order(const stepping *s) {
    const rad_control *to = s->job.control;
    if (!s->order.some)
        rad_visit_note(to,
                       "warning: how well the model orders the patients here stays at home: nearly all pairs "
                       "of them are in order, or nearly none (or there are too many patients)");
    else if (s->order.parts == 1)
        rad_visit_note(
            to, "warning: how the model is calibrated here stays at home: it has no finite estimate, or "
                "two patients dominate the slope (dominance)");
}

/* Sums and weights of all points that are for this site. */
static rad_status compute(stepping *s, rad_error *error) {
    const rad_site_job *j = &s->job;
    rad_status status = rad_round_sums_allocate(&s->sums, &s->state, j->me.name, error);
    s->sums.patients = s->rows.n;
    s->sums.events = s->rows.events;
    s->weights.n = s->rows.n;
    if (status == RAD_OK && !s->state.round)
        status = rad_round_saturated(&s->rows, &s->sums.saturated, error);
    for (size_t i = 0; i < s->state.point_count && status == RAD_OK; i++) {
        const size_t first = s->weights.count;
        if (!s->sums.points[i].count) continue;
        status = rad_round_answer(&s->rows, &s->state.points[i], &s->sums.points[i], &s->weights, error);
        if (status == RAD_OK)
            status = rad_round_judge_weights(&s->rows, &s->weights, first, &j->rules, error);
        if (status != RAD_OK || !s->sums.points[i].ordered) continue;
        status = order(s, i, error);
        if (status == RAD_OK) note_order(s);
    }
    return status;
}

/* The rows are those of a release of the study, which all that the ledger looks at has been looked at for;
 * one that did not leave yet counts as having left. */
static rad_status admit_release(stepping *s, rad_error *error) {
    rad_site_job *j = &s->job;
    const rad_release r = {&j->cohort, &j->study, &j->rules, &j->permit, &j->summary};
    rad_status status = rad_site_job_open(j, error);
    if (status != RAD_OK) return status;
    rad_ledger_set_aside(j->ledger, j->options->set_aside);
    status = rad_ledger_body(j->ledger, &r, &j->body, &j->known, error);
    if (status != RAD_OK || j->known) return status;
    status = rad_ledger_check(j->ledger, &r, error);
    if (status != RAD_OK || j->options->preview) return status;
    status = rad_ledger_append(j->ledger, &r, &j->body, error);
    if (status != RAD_OK) return status;
    rad_ledger_close(j->ledger);
    j->ledger = NULL;
    const rad_site_options *given = j->options;
    rad_site_options again = *given; /* it is there now */
    again.begin_ledger = false;
    again.ledger = again.set_aside = NULL;
    j->options = &again;
    status = rad_site_job_open(j, error);
    j->options = given;
    return status;
}

static rad_status put_said(FILE *out, void *context, rad_error *error) {
    const stepping *s = context;
    (void)error;
    const rad_trusted *to = s->job.options->open ? NULL : rad_site_job_coordinator(&s->job);
    rad_show(out, "%s: round %" PRIu32 " of model %s of study %s, site %s%s%s%s\n", s->output, s->state.round,
             s->state.model, s->job.study.id, s->job.me.name, s->known ? ", as before" : "",
             to ? ", sealed to " : "", to ? to->name[0] : "");
    if (!s->known)
        rad_show(out, "  with all that left before %.1f of %.1f equations are told (rows)\n",
                 s->worth.equations, s->worth.most);
    return RAD_OK;
}

/* What would leave, in words: no number of it. */
static rad_status put_preview(FILE *out, void *context, rad_error *error) {
    const stepping *s = context;
    size_t sums = 0;
    (void)error;
    for (size_t i = 0; i < s->sums.point_count; i++) sums += s->sums.points[i].count;
    rad_show(
        out,
        "What would leave site %s for round %" PRIu32 " of model %s: %zu sum%s over %zu patients, %zu of "
        "them with the event, at %zu set%s of coefficients%s. No row, no name.\n",
        s->job.me.name, s->state.round, s->state.model, sums, rad_plural(sums), s->rows.n, s->rows.events,
        s->sums.point_count, rad_plural(s->sums.point_count), s->known ? ", as they left before" : "");
    if (!s->known)
        rad_show(
            out,
            "With all that left before they are worth %.1f equations for the values of a column, of at most "
            "%.1f; of what they tell of one patient, %.0f %% or less is about that patient alone.\n",
            s->worth.equations, s->worth.most, 100 * s->worth.one);
    for (size_t i = 0; i < s->state.term_count; i++) {
        rad_show(out, "  %s", s->state.terms[i].name);
        for (size_t k = 0; k < s->state.point_count; k++)
            if (s->sums.points[k].count)
                fprintf(out, " %.6g", s->state.points[k].beta[i + s->state.intercept]);
        fputc('\n', out);
    }
    return RAD_OK;
}

static rad_status put_page(FILE *out, void *context, rad_error *error) {
    const stepping *s = context;
    (void)error;
    rad_show(out,
             "%s: what would leave for round %" PRIu32 " of model %s; nothing was written but the page\n",
             s->job.options->page, s->state.round, s->state.model);
    return RAD_OK;
}

/* Every number of the answer, for a person. */
static rad_status show_page(stepping *s, const rad_ledger_round *r, rad_error *error) {
    char hash[RAD_DIGEST_TEXT];
    rad_bytes body = {0};
    rad_status status = rad_round_sums_text(&s->sums, &body, error);
    if (status != RAD_OK) return status;
    rad_hash_digest(body.data, body.length, hash);
    rad_bytes_free(&body);
    rad_step_page page = {r, s->model, &s->worth, s->known, hash};
    status = rad_bytes_stream(s->job.options->page, rad_step_page_put, &page, error);
    return status == RAD_OK ? rad_visit_say(put_page, s, s->job.said, error) : status;
}

static void keep_order(stepping *s) {
    if (s->order.some) rad_round_cells_cut(&s->sums.points[s->order.point], 1);
    rad_round_order_free(&s->order);
}

/* The last part of it stays at home. */
static void keep_part(stepping *s) {
    rad_round_order_cut(&s->order, &s->sums.points[s->order.point], s->order.parts - 1);
}

static rad_status add_order(stepping *s, rad_error *error) {
    const rad_round_weights *w = &s->order.columns;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < w->count && status == RAD_OK; i++)
        status = rad_round_weights_add(&s->weights, w->row + i * w->n, w->noise[i], error);
    return status;
}

/* Does the order fit with all that left? Its weights are among those of the round then. */
static rad_status try_order(stepping *s, const rad_ledger_round *r, bool *fits, const char **rule,
                            rad_error *error) {
    const size_t before = s->weights.count;
    rad_round_worth worth;
    rad_error why = {0};
    rad_status status = add_order(s, error);
    if (status != RAD_OK) return status;
    status = rad_round_together(s->job.ledger, r, &worth, &why);
    *fits = status == RAD_OK;
    if (*fits) return RAD_OK;
    s->weights.count = before;
    *rule = status == RAD_SPENT ? "rows" : "minimum_cell";
    if (status == RAD_REFUSED || status == RAD_SPENT) return RAD_OK;
    *error = why;
    return status;
}

/* The order leaves where it did for this state, or where it is the first of the model and tells too little
 * with all that left, with the calibration, or the slope of it, or without; else it stays at home, and the
 * round goes on. */
static rad_status admit_order(stepping *s, const rad_ledger_round *r, rad_error *error) {
    size_t rows = 0;
    bool fits = false;
    const char *rule = "";
    if (!s->order.some) return RAD_OK;
    const rad_order_left left = rad_ledger_round_order(s->job.ledger, r, &rows);
    if (left == RAD_ORDER_OTHER || left == RAD_ORDER_WITHOUT) {
        keep_order(s);
        return RAD_OK;
    }
    if (left == RAD_ORDER_THIS) {
        while (rows < s->order.outcomes.count && s->order.parts > 1) keep_part(s);
        return add_order(s, error);
    }
    rad_status status = try_order(s, r, &fits, &rule, error);
    while (status == RAD_OK && !fits && s->order.parts > 1) {
        static const char *const parts[] = {"how the model is calibrated here",
                                            "the intercept of the calibration here"};
        keep_part(s);
        rad_visit_note(s->job.control,
                       "warning: %s stays at home: with all that left it would tell too much of the patients "
                       "(%s)",
                       parts[s->order.parts - 1], rule);
        status = try_order(s, r, &fits, &rule, error);
    }
    if (status != RAD_OK || fits) return status;
    keep_order(s);
    rad_visit_note(
        s->job.control,
        "warning: how well the model orders the patients here stays at home: with all that left it "
        "would tell too much of them (%s)",
        rule);
    return RAD_OK;
}

static rad_status release(stepping *s, rad_error *error) {
    rad_site_job *j = &s->job;
    snprintf(s->usual, sizeof s->usual, "%s-%s-%" PRIu32 ".radsum", j->me.name, s->state.model,
             s->state.round);
    s->output = j->options->output ? j->options->output : s->usual;
    const rad_ledger_round r = {&j->study,  &s->state, &s->rows,    &s->sums,
                                &j->permit, &j->rules, &s->weights, &s->order.outcomes};
    rad_status status = admit_release(s, error);
    if (status == RAD_OK) status = admit_order(s, &r, error);
    if (status == RAD_OK) status = rad_ledger_round_check(j->ledger, &r, &s->known, error);
    if (status == RAD_OK && !s->known) status = rad_round_together(j->ledger, &r, &s->worth, error);
    if (status == RAD_OK && j->options->preview && j->options->page) return show_page(s, &r, error);
    if (status == RAD_OK && j->options->preview) return rad_visit_say(put_preview, s, j->said, error);
    if (status == RAD_OK && !s->known) status = rad_ledger_round_append(j->ledger, &r, error);
    const rad_trusted *to = j->options->open ? NULL : rad_site_job_coordinator(j);
    if (status == RAD_OK)
        status = rad_round_sums_write(s->output, &s->sums, &j->me, to ? to->key[0] : NULL, error);
    return status == RAD_OK ? rad_visit_say(put_said, s, j->said, error) : status;
}

rad_status rad_step_site(const rad_site_options *options, const char *state, const rad_control *control,
                         char **said, rad_error *error) {
    RAD_VISIT(error);
    if (said) *said = NULL;
    stepping s = {
        .job = {.options = options, .control = control, .said = said, .threads = rad_visit_threads(control)},
        .path = state};
    rad_pace_begin(&s.job.pace, control, 5);
    rad_status status = rad_site_job_prepare(&s.job, error);
    if (status == RAD_OK) status = read_state(&s, error);
    if (status == RAD_OK)
        status = rad_round_rows_make(&s.job.cohort, &s.job.study, s.model, &s.state, &s.rows, error);
    if (status == RAD_OK) status = rad_round_judge_rows(&s.rows, &s.job.study, &s.job.rules, error);
    if (status == RAD_OK) status = compute(&s, error);
    if (status == RAD_OK) status = release(&s, error);
    rad_round_weights_free(&s.weights);
    rad_round_order_free(&s.order);
    rad_round_sums_free(&s.sums);
    rad_round_rows_free(&s.rows);
    rad_round_state_free(&s.state);
    rad_site_job_free(&s.job);
    return status;
}
