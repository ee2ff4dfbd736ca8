#include "round_rows.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

typedef struct making {
    const rad_cohort *c;
    const rad_study *study;
    const rad_model *model;
    const rad_round_state *state;
    rad_round_rows *out;
    rad_error *error;
} making;

static size_t variable_of(const rad_cohort *c, const char *name) {
    size_t v = 0;
    while (v < c->count && strcmp(c->variables[v].name, name) != 0) v++;
    return v;
}

/* Where a term is found, and what its contributions are multiples of. */
static rad_status find_column(const making *m, size_t at, rad_round_place *place) {
    const rad_round_term *t = &m->state->terms[at];
    const size_t column = at + m->out->intercept;
    if (!rad_round_term_find(m->study, m->model, t->name, place))
        return rad_fail(m->error, RAD_CONFIG, "%.100s is no term of model %s of this study", t->name,
                        m->model->name);
    int step = -16;
    m->out->variable[column] = SIZE_MAX;
    m->out->middle[column] = (0.5 - t->centre) / t->scale;
    if (place->kind != RAD_TERM_LEVEL) {
        const size_t v = variable_of(m->c, t->name);
        if (v == m->c->count)
            return rad_fail(m->error, RAD_CONFIG, "%.100s, a term of model %s, is no variable of the tables",
                            t->name, m->model->name);
        m->out->variable[column] = v;
        step = m->c->variables[v].transform.step;
    }
    /* Before sizes are known: a step that is not above 2^-8 of the spread says enough, since all is fine. */
    m->out->size[column] = m->state->sized                 ? m->state->size[column]
                           : place->kind == RAD_TERM_LEVEL ? 0
                                                           : step - ilogb(t->scale);
    return RAD_OK;
}

static double value_at(const making *m, size_t column, const rad_round_place *place, size_t r) {
    const rad_cohort *c = m->c;
    if (place->kind == RAD_TERM_LEVEL) {
        const int8_t level = c->levels[place->of * c->rows + r];
        return level < 0 ? NAN : (size_t)level == place->level;
    }
    const size_t v = m->out->variable[column];
    return c->values[v * c->rows + r] + c->variables[v].transform.centre;
}

static double response_at(const making *m, size_t r) {
    const rad_cohort *c = m->c;
    const size_t of = m->model->of;
    if (m->model->family == RAD_MODEL_LOGISTIC)
        return c->levels[of * c->rows + r] < 0 ? NAN : c->levels[of * c->rows + r];
    if (m->model->family == RAD_MODEL_COX)
        return c->events[of * c->rows + r] < 0 || isnan(c->times[of * c->rows + r])
                   ? NAN
                   : c->events[of * c->rows + r];
    const size_t v = variable_of(c, m->model->response);
    return v == c->count ? NAN : c->values[v * c->rows + r] + c->variables[v].transform.centre;
}

static double offset_at(const making *m, size_t r) {
    const rad_cohort *c = m->c;
    if (!m->model->offset) return 0;
    const size_t v = variable_of(c, m->model->offset);
    return v == c->count ? NAN : c->values[v * c->rows + r] + c->variables[v].transform.centre;
}

static bool is_whole(const making *m, size_t r, double y) {
    (void)r;
    return m->model->family != RAD_MODEL_POISSON || isnan(y) || (y >= 0 && y == floor(y) && y < 1e9);
}

/* The patients who have everything, one after the other. */
static rad_status fill(const making *m, const rad_round_place *places) {
    rad_round_rows *o = m->out;
    const size_t rows = m->c->rows, terms = m->state->term_count;
    for (size_t r = 0; r < rows; r++) {
        const double y = response_at(m, r), offset = offset_at(m, r);
        bool whole = !isnan(y) && !isnan(offset);
        if (!is_whole(m, r, y))
            return rad_fail(m->error, RAD_CONFIG,
                            "%.100s, the response of model %s, must be counts: whole numbers from 0",
                            m->model->response, m->model->name);
        for (size_t k = 0; k < terms && whole; k++) {
            const rad_round_term *t = &m->state->terms[k];
            const double value = value_at(m, k + o->intercept, &places[k], r);
            o->x[(k + o->intercept) * rows + o->n] = (value - t->centre) / t->scale;
            whole = !isnan(value);
        }
        if (!whole) continue;
        if (o->intercept) o->x[o->n] = 1;
        o->row[o->n] = r;
        o->y[o->n] = y;
        o->offset[o->n] = offset;
        o->time[o->n] = m->model->family == RAD_MODEL_COX ? m->c->times[m->model->of * rows + r] : 0;
        o->events += y > 0;
        o->n++;
    }
    for (size_t k = 0; k < o->columns && o->n < rows; k++)
        memmove(o->x + k * o->n, o->x + k * rows, o->n * sizeof *o->x);
    return RAD_OK;
}

/* Of each column; one that is the same for all has the deviation 1. */
static void describe(rad_round_rows *o) {
    for (size_t k = 0; k < o->columns; k++) {
        const double *x = o->x + k * o->n;
        double sum = 0, square = 0;
        for (size_t i = 0; i < o->n; i++) sum += x[i];
        o->mean[k] = k || !o->intercept ? sum / (double)o->n : 0;
        for (size_t i = 0; i < o->n; i++) square += (x[i] - o->mean[k]) * (x[i] - o->mean[k]);
        o->deviation[k] = square > 0 ? sqrt(square / (double)o->n) : 1;
    }
}

rad_status rad_round_rows_make(const rad_cohort *c, const rad_study *study, const rad_model *model,
                               const rad_round_state *state, rad_round_rows *out, rad_error *error) {
    const making m = {c, study, model, state, out, error};
    rad_round_place places[RAD_DESIGN_MAX];
    *out = (rad_round_rows){
        .cohort = c, .model = model, .intercept = state->intercept, .columns = rad_round_columns(state)};
    if (state->intercept != (model->family != RAD_MODEL_COX))
        return rad_fail(error, RAD_CONFIG, "the state has%s an intercept, which does not fit model %s",
                        state->intercept ? "" : " not", model->name);
    out->row = rad_new(c->rows, sizeof *out->row, error);
    out->x = rad_new(c->rows, out->columns * sizeof *out->x, error);
    out->size = rad_new(out->columns, sizeof *out->size, error);
    out->mean = rad_new(out->columns, sizeof *out->mean, error);
    out->deviation = rad_new(out->columns, sizeof *out->deviation, error);
    out->middle = rad_new(out->columns, sizeof *out->middle, error);
    out->variable = rad_new(out->columns, sizeof *out->variable, error);
    out->y = rad_new(c->rows, sizeof *out->y, error);
    out->offset = rad_new(c->rows, sizeof *out->offset, error);
    out->time = rad_new(c->rows, sizeof *out->time, error);
    rad_status status = out->row && out->x && out->size && out->mean && out->deviation && out->middle &&
                                out->variable && out->y && out->offset && out->time
                            ? RAD_OK
                            : RAD_NO_MEMORY;
    if (status == RAD_OK && out->intercept) out->variable[0] = SIZE_MAX;
    for (size_t k = 0; k < state->term_count && status == RAD_OK; k++)
        status = find_column(&m, k, &places[k]);
    if (status == RAD_OK) status = fill(&m, places);
    if (status == RAD_OK && out->n) describe(out);
    if (status != RAD_OK) rad_round_rows_free(out);
    return status;
}

double rad_round_value(const rad_round_rows *r, size_t column, size_t patient) {
    const size_t v = r->variable[column];
    if (v != SIZE_MAX) return r->cohort->values[v * r->cohort->rows + r->row[patient]];
    /* Of a level, which is one of two. */
    return r->x[column * r->n + patient] > r->middle[column];
}

void rad_round_rows_free(rad_round_rows *o) {
    rad_free(o->row);
    rad_free(o->x);
    rad_free(o->size);
    rad_free(o->mean);
    rad_free(o->middle);
    rad_free(o->deviation);
    rad_free(o->variable);
    rad_free(o->y);
    rad_free(o->offset);
    rad_free(o->time);
    *o = (rad_round_rows){.cohort = NULL};
}
