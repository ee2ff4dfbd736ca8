#include "fit.h"

#include "../performance.h"

#include <math.h>
#include <string.h>

static bool has_order(const rad_rounds_fit *f) {
    return f->model->leave_one_site_out &&
           (f->model->family == RAD_MODEL_COX || f->model->family == RAD_MODEL_LOGISTIC);
}

bool rad_fit_chooses_first(const rad_rounds_fit *f) {
    return f->model->leave_one_site_out && f->model->penalty.choose != RAD_CHOOSE_LEFT_OUT;
}

size_t rad_fit_terms(const rad_rounds_fit *f, const rad_fit_found *x) {
    size_t count = 0;
    for (size_t j = f->state.intercept; j < rad_round_columns(&f->state); j++) count += x->beta[j] != 0;
    return count;
}

/* What a term costs: 2, or the logarithm of the patients; of Cox of the events, which are what informs
 * (Volinsky and Raftery 2000). */
static double cost_of_term(const rad_rounds_fit *f) {
    const rad_fit_track *all = &f->tracks[0];
    if (f->model->penalty.choose == RAD_CHOOSE_AIC) return 2;
    return log(f->model->family == RAD_MODEL_COX ? rad_fit_events(f, all) : rad_fit_patients(f, all));
}

static size_t least_criterion(const rad_rounds_fit *f) {
    size_t chosen = f->lambdas;
    double least = INFINITY;
    for (size_t i = 0; i < f->found_count && !rad_fit_asks(&f->tracks[0]); i++) {
        const rad_fit_found *x = &f->found[i];
        const double value = (double)rad_fit_terms(f, x) * cost_of_term(f) - 2 * x->likelihood;
        if (x->track || !(value < least)) continue;
        least = value;
        chosen = x->at;
    }
    return chosen;
}

size_t rad_fit_chosen(const rad_rounds_fit *f) {
    size_t chosen = f->lambdas;
    if (f->model->penalty.choose != RAD_CHOOSE_LEFT_OUT) return least_criterion(f);
    if (!f->model->leave_one_site_out) return f->lambdas;
    double best = -INFINITY;
    for (size_t i = 0; i < f->track_count; i++)
        if (rad_fit_asks(&f->tracks[i])) return f->lambdas;
    for (size_t at = 0; at < f->lambdas; at++) {
        double sum = 0;
        size_t sites = 0;
        for (size_t i = 0; i < f->found_count; i++)
            if (f->found[i].track && f->found[i].at == at) {
                sum += f->found[i].left_out;
                sites++;
            }
        if (sites + 1 != f->track_count || isnan(sum)) continue;
        if (sum > best) {
            best = sum;
            chosen = at;
        }
    }
    return chosen;
}

/* Is a likelihood still to be told? */
static bool is_waiting(const rad_rounds_fit *f) {
    for (size_t i = 0; i < f->found_count; i++)
        if (f->found[i].track && isnan(f->found[i].left_out)) return true;
    return false;
}

bool rad_fit_asks_left_out(const rad_rounds_fit *f, const rad_fit_found *x, rad_round_ask *ask) {
    if (!*f->tracks[x->track].without) return false;
    const bool open = isnan(x->left_out);
    *ask = open && !(has_order(f) && (f->lambdas == 1 || rad_fit_chooses_first(f))) ? RAD_ASK_DEVIANCE
                                                                                    : RAD_ASK_ORDER;
    if (open) return true;
    return has_order(f) && !x->order.asked && !is_waiting(f) && x->at == rad_fit_chosen(f);
}

/* As a score that is fixed before has them, of one site. */
static rad_status take(const rad_rounds_fit *f, const rad_round_sums *s, const rad_round_cells *cells,
                       rad_fit_order *out, rad_error *error) {
    const rad_performance of = {.timed = f->model->family == RAD_MODEL_COX};
    rad_performed p = {.shown = true, .events = s->events, .others = s->patients - s->events};
    for (size_t k = 0; k < rad_performed_ranks(&of); k++) p.ranks[k] = cells->sums[RAD_ORDER_FIRST + k];
    rad_status status = rad_performed_concordance(&of, &p, &out->value, &out->variance, error);
    out->expected = out->squares = NAN;
    if (!of.timed) {
        out->expected = rad_exact_double(&cells->sums[RAD_ORDER_EXPECTED]);
        out->squares = rad_exact_double(&cells->sums[RAD_ORDER_SQUARES]);
    }
    const rad_exact *x = &cells->sums[RAD_ORDER_CELLS];
    if (cells->count >= RAD_SLOPE_CELLS) {
        out->slope = rad_exact_double(&x[0]);
        out->slope_variance = rad_exact_double(&x[1]);
    }
    if (cells->count == RAD_CALIBRATED_CELLS && !of.timed) {
        out->intercept = rad_exact_double(&x[2]);
        out->intercept_variance = rad_exact_double(&x[3]);
    }
    return status;
}

rad_status rad_fit_take_order(const rad_rounds_fit *f, const rad_fit_answers *a, size_t point,
                              rad_fit_order *out, rad_error *error) {
    rad_status status = RAD_OK;
    *out = (rad_fit_order){true, false, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < a->count && status == RAD_OK; i++) {
        const rad_round_cells *cells = &a->sums[i].points[point];
        if (cells->count < RAD_ORDER_CELLS) continue;
        out->told = true;
        status = take(f, &a->sums[i], cells, out, error);
    }
    return status;
}

bool rad_fit_order_is_possible(const rad_rounds_fit *f, const rad_round_sums *s, size_t point) {
    const rad_round_cells *cells = &s->points[point];
    const bool timed = f->model->family == RAD_MODEL_COX;
    const double n = (double)s->patients, e = (double)s->events;
    double x[RAD_CALIBRATED_CELLS] = {0};
    if (cells->count < RAD_ORDER_CELLS) return true;
    for (size_t k = 0; k < cells->count; k++) x[k] = rad_exact_double(&cells->sums[k]);
    if (x[RAD_ORDER_CELLS + 1] < 0 || x[RAD_ORDER_CELLS + 3] < 0) return false; /* variances */
    for (size_t k = RAD_ORDER_FIRST; k < (timed ? RAD_ORDER_CELLS : RAD_ORDER_EXPECTED); k++)
        if (!(x[k] >= 0) || !rad_exact_is_whole(&cells->sums[k])) return false;
    const double pairs = timed ? x[RAD_ORDER_FIRST + 1] : e * (n - e);
    if (!(x[RAD_ORDER_FIRST] <= 2 * pairs) || !(pairs <= n * n)) return false;
    if (timed) return x[4] * x[4] <= x[3] * x[5]; /* the squares and products of the same patients */
    return x[RAD_ORDER_EXPECTED] >= 0 && x[RAD_ORDER_EXPECTED] <= n && x[RAD_ORDER_SQUARES] >= 0 &&
           x[RAD_ORDER_SQUARES] <= n;
}
