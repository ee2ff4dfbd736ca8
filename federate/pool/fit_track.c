#include "fit.h"

#include "../../core/linear.h"
#include "../../core/memory.h"
#include "../round_terms.h"
#include "inference.h"

#include <math.h>
#include <string.h>

/* How far a fit is from its end is told by the deviation of what its step changes in the predictors. Here it
 * ends: with the information at hand; penalised, smooth or not (there are no errors then). The step is taken
 * still, so that what is left is of second order. The information is asked for where it is near. */
static const double end_exact = 2e-8, end_smooth = 1e-8, end_lasso = 3e-7, near_end = 5e-9;

/* By then the sums must have had as many digits. */
static const int digits_smooth = -27, digits_lasso = -18;

/* A score at the trial is told so well that its own error leaves this share of the step, and no better:
 * whatever leaves is then worth little more than one score and one information (docs/federation.md). Nor so
 * coarsely that rounding comes near to what residuals are. */
static const double digits_share = 1.0 / 500, coarsest_share = 1.0 / 8;

/* No step changes the predictors by more, on average: expected counts would leave the range of doubles. */
static const double longest_step = 2.5;

/* How much wider than at the start an estimate spreads where the data separate. */
static const double separated_spread = 1e4;

bool rad_fit_asks(const rad_fit_track *t) {
    return t->phase < RAD_FIT_DONE;
}

static bool is_penalised(const rad_rounds_fit *f) {
    return f->model->penalty.kind != RAD_PENALTY_NONE;
}

/* Does the track want errors, which need the information at its end? */
static bool wants_errors(const rad_rounds_fit *f, const rad_fit_track *t) {
    return !is_penalised(f) && !*t->without;
}

rad_round_ask rad_fit_question(const rad_rounds_fit *f, const rad_fit_track *t) {
    (void)f;
    return t->phase == RAD_FIT_START                               ? RAD_ASK_MOMENTS
           : t->phase == RAD_FIT_NULL || t->phase == RAD_FIT_FINAL ? RAD_ASK_INFORMATION
                                                                   : RAD_ASK_SCORE;
}

double rad_fit_patients(const rad_rounds_fit *f, const rad_fit_track *t) {
    double sum = 0;
    for (size_t i = 0; i < f->site_count; i++)
        if (strcmp(f->sites[i].name, t->without) != 0) sum += f->sites[i].patients;
    return sum;
}

double rad_fit_events(const rad_rounds_fit *f, const rad_fit_track *t) {
    double sum = 0;
    for (size_t i = 0; i < f->site_count; i++)
        if (strcmp(f->sites[i].name, t->without) != 0) sum += f->sites[i].events;
    return sum;
}

static double penalty_of(const rad_rounds_fit *f, const rad_fit_track *t, const double *beta) {
    const rad_penalty *p = &f->model->penalty;
    const double by = is_penalised(f) ? f->lambda[t->at] * rad_fit_patients(f, t) : 0;
    double sum = 0;
    for (size_t j = f->state.intercept; j < rad_round_columns(&f->state) && is_penalised(f); j++)
        sum += p->alpha * fabs(beta[j]) + (1 - p->alpha) / 2 * beta[j] * beta[j];
    return by * sum;
}

/* Sums of x mu are those of x w, but for logistic regression, where mu is 1/2 and w a quarter. The best
 * intercept by itself follows from sums without any coefficient. */
static double best_intercept(const rad_rounds_fit *f, const rad_fit_sums *s) {
    const bool logistic = f->model->family == RAD_MODEL_LOGISTIC;
    const double expected = s->moment[0][0] * (logistic ? 2 : 1), y = s->score[0] + expected,
                 ratio = y / expected;
    return !f->state.intercept ? 0 : logistic ? log(ratio / (2 - ratio)) : log(ratio);
}

/* About the deviation of each column, as a power of two: what contributions are rounded by from now on. */
static void find_sizes(rad_rounds_fit *f, const rad_fit_sums *s) {
    const double weight = f->state.intercept ? s->moment[0][0] : s->patients;
    for (size_t j = f->state.intercept; j < rad_round_columns(&f->state); j++) {
        const double mean = s->moment[0][j] / weight, variance = s->moment[1][j] / weight - mean * mean;
        f->state.size[j] = variance > 1e-60 && variance < 1e60 ? (int)floor(log2(variance) / 2) : 0;
    }
    f->state.sized = true;
}

/* From now on columns are centred: it changes the intercept alone, and rounding is not of a mean then. */
static void centre(rad_rounds_fit *f, const rad_fit_sums *s) {
    const double weight = f->state.intercept ? s->moment[0][0] : s->patients;
    for (size_t k = 0; k < f->state.term_count; k++)
        f->state.terms[k].centre += f->state.terms[k].scale * s->moment[0][k + f->state.intercept] / weight;
}

static void start(rad_rounds_fit *f, rad_fit_track *t, const rad_fit_sums *s) {
    memset(t->trial, 0, sizeof t->trial);
    t->trial[0] = best_intercept(f, s);
    find_sizes(f, s);
    centre(f, s);
    t->phase = RAD_FIT_NULL;
    t->asked = RAD_ROUND_FINE;
}

/* Nothing but an intercept. */
static void start_search(const rad_rounds_fit *f, rad_fit_track *t, const rad_fit_sums *s) {
    const size_t c = rad_round_columns(&f->state);
    memcpy(t->base, t->trial, sizeof t->base);
    memcpy(t->score, s->score, sizeof t->score);
    for (size_t j = 0; j < c * c && s->information; j++) t->curvature[j] = s->information[j];
    memcpy(t->start, t->curvature, c * c * sizeof *t->start);
    t->likelihood = t->null = s->likelihood;
    t->weight = f->state.intercept ? t->curvature[0] : s->events;
    t->phase = *t->without && rad_fit_chooses_first(f) ? RAD_FIT_WAITING : RAD_FIT_SEARCH;
    t->digits = RAD_ROUND_FINE;
}

/* The least lambda without a term, and from there down. */
static rad_status make_path(rad_rounds_fit *f, rad_error *error) {
    const rad_penalty *p = &f->model->penalty;
    const rad_fit_track *t = &f->tracks[0];
    double most = 0;
    if (p->kind == RAD_PENALTY_NONE) {
        f->lambdas = 1;
        f->lambda[0] = 0;
        return RAD_OK;
    }
    f->lambdas = p->lambdas ? p->lambdas : (size_t)p->path;
    memcpy(f->lambda, p->lambda, sizeof f->lambda);
    if (p->lambdas) return RAD_OK;
    for (size_t j = f->state.intercept; j < rad_round_columns(&f->state); j++)
        most = fmax(most, fabs(t->score[j]));
    most /= rad_fit_patients(f, t) * p->alpha;
    if (!(most > 0))
        return rad_fail(error, RAD_NO_RESULT, "no term of model %s has any effect", f->model->name);
    for (size_t i = 0; i < f->lambdas; i++)
        f->lambda[i] = most * pow(p->ratio, (double)i / (double)(f->lambdas - 1));
    return RAD_OK;
}

/* Diagonal of the inverse; false: there is none. */
static bool variances(const double *a, size_t c, double *memory, double *out) {
    memcpy(memory, a, c * c * sizeof *memory);
    if (!rad_linear_cholesky('L', (int)c, memory) || !rad_linear_invert('L', (int)c, memory)) return false;
    for (size_t j = 0; j < c; j++) out[j] = memory[j * c + j];
    return true;
}

/* The error of the intercept of terms that are not centred. */
static double intercept_variance(const rad_rounds_fit *f, const double *inverse, size_t c) {
    double sum = 0, by[RAD_FIT_COLUMNS];
    for (size_t j = 0; j < c; j++) {
        const rad_round_term *t = j ? &f->state.terms[j - 1] : NULL;
        by[j] = t ? -t->centre / t->scale : 1;
    }
    for (size_t j = 0; j < c; j++)
        for (size_t k = 0; k < c; k++) sum += by[j] * by[k] * inverse[(j > k ? j : k) * c + (j > k ? k : j)];
    return sum;
}

size_t rad_fit_levels(const rad_rounds_fit *f, size_t column, size_t *at) {
    const size_t first = f->state.intercept;
    size_t count = 0;
    rad_round_place of, p;
    if (column < first ||
        !rad_round_term_find(f->study, f->model, f->state.terms[column - first].name, &of) ||
        of.kind != RAD_TERM_LEVEL)
        return 0;
    for (size_t j = 0; j < f->state.term_count; j++) {
        if (!rad_round_term_find(f->study, f->model, f->state.terms[j].name, &p) ||
            p.kind != RAD_TERM_LEVEL || p.of != of.of)
            continue;
        if (j + first < column) return 0;
        if (at) at[count] = j + first;
        count++;
    }
    return count;
}

/* Of each factor all levels together, by the covariance of the estimates. */
static void test_factors(const rad_rounds_fit *f, const double *covariance, rad_fit_found *out) {
    const size_t c = rad_round_columns(&f->state);
    size_t at[RAD_FIT_COLUMNS];
    for (size_t j = 0; j < c; j++) {
        const size_t count = covariance ? rad_fit_levels(f, j, at) : 0;
        out->joint[j] = count ? rad_inference_joint(out->beta, covariance, c, at, count) : NAN;
    }
}

static rad_status keep(rad_rounds_fit *f, size_t track, const double *step, bool exact, rad_error *error) {
    const size_t c = rad_round_columns(&f->state);
    rad_fit_track *t = &f->tracks[track];
    rad_status status = rad_grow(&f->found, f->found_count, &f->found_capacity, sizeof *f->found, error);
    double *memory = status == RAD_OK ? rad_new(c, c * sizeof *memory, error) : NULL;
    if (!memory) return RAD_NO_MEMORY;
    rad_fit_found *out = &f->found[f->found_count++];
    *out = (rad_fit_found){.track = track,
                           .at = t->at,
                           .rounds = t->rounds,
                           .halved = t->halved,
                           .likelihood = t->likelihood,
                           .left_out = NAN,
                           .intercept_se = NAN,
                           .converged = true};
    const bool errors = exact && variances(t->curvature, c, memory, out->se);
    if (errors && f->state.intercept) out->intercept_se = sqrt(intercept_variance(f, memory, c));
    for (size_t j = 0; j < c; j++) {
        double row = 0;
        out->beta[j] = t->base[j] + step[j];
        out->se[j] = errors ? sqrt(out->se[j]) : NAN;
        for (size_t k = 0; k < c; k++) row += t->curvature[j * c + k] * step[k];
        out->likelihood += step[j] * (t->score[j] - row / 2);
    }
    test_factors(f, errors ? memory : NULL, out);
    rad_free(memory);
    return RAD_OK;
}

/* The term whose estimate spreads much wider than at the start; SIZE_MAX: none. */
static size_t separating(const rad_rounds_fit *f, const rad_fit_track *t, double *memory) {
    const size_t c = rad_round_columns(&f->state);
    double now[RAD_FIT_COLUMNS], then[RAD_FIT_COLUMNS], most = separated_spread;
    size_t found = SIZE_MAX;
    if (is_penalised(f) || !variances(t->start, c, memory, then)) return SIZE_MAX;
    if (!variances(t->curvature, c, memory, now)) return f->state.intercept;
    for (size_t j = f->state.intercept; j < c; j++)
        if (now[j] / then[j] > most) {
            most = now[j] / then[j];
            found = j;
        }
    return found;
}

/* How small a step is that ends the fit, and how many digits the sums must have had by then: those of the
 * study, where it names some and no errors are wanted. */
static double end_of(const rad_rounds_fit *f, bool errors) {
    if (errors) return end_exact;
    if (f->model->digits) return pow(10, -f->model->digits);
    return f->model->penalty.alpha > 0 ? end_lasso : end_smooth;
}

static int digits_needed(const rad_rounds_fit *f) {
    if (f->model->digits)
        return 3 - (int)ceil(f->model->digits * log2(10)); /* what rounding adds is less than the step */
    return f->model->penalty.alpha > 0 ? digits_lasso : digits_smooth;
}

/* How far the predictors of the trial spread, about: the likelihood is a sum of them. */
static double spread_of(const rad_rounds_fit *f, const rad_fit_track *t) {
    const size_t c = rad_round_columns(&f->state), first = f->state.intercept;
    double square = 0;
    for (size_t j = first; j < c; j++)
        for (size_t k = first; k < c; k++) square += t->trial[j] * t->start[j * c + k] * t->trial[k];
    return sqrt(fmax(square, 0) / t->weight);
}

/* How many digits a score at the end of a step can use: no more than those that the study names need, no
 * fewer than tell the contributions of patients apart. */
static int digits_of(const rad_rounds_fit *f, const rad_fit_track *t, double length) {
    const double patients = rad_fit_patients(f, t), spread = spread_of(f, t),
                 told = fmax(length, 1e-300) * digits_share * t->weight / sqrt(patients / 12),
                 most = coarsest_share * fmin(sqrt(t->weight / patients), spread > 0 ? spread : 1),
                 finest = wants_errors(f, t) || !f->model->digits ? RAD_ROUND_FINE : digits_needed(f);
    return (int)fmin(fmax(fmin(fmax(floor(log2(told)), finest), floor(log2(most))), RAD_ROUND_FINE),
                     RAD_ROUND_COARSE);
}

/* Where to go from the base; a lambda that is at its end is kept, and the next one begins there. */
static rad_status next(rad_rounds_fit *f, size_t track, bool exact, double *memory, rad_error *error) {
    rad_fit_track *t = &f->tracks[track];
    const size_t c = rad_round_columns(&f->state);
    const rad_penalty *p = &f->model->penalty;
    const size_t end = *t->without && rad_fit_chooses_first(f) ? rad_fit_chosen(f) + 1 : f->lambdas;
    double step[RAD_FIT_COLUMNS], decrement;
    for (; t->at < end; t->at++, t->rounds = t->halved = 0) {
        const double by = f->lambda[t->at] * rad_fit_patients(f, t);
        const rad_fit_problem problem = {
            c, f->state.intercept, t->base, t->score, t->curvature, by * p->alpha, by * (1 - p->alpha)};
        if (!rad_fit_solve(&problem, memory, step, &decrement)) {
            t->phase = RAD_FIT_SEPARATED;
            t->term = f->state.intercept;
            return RAD_OK;
        }
        const bool errors = wants_errors(f, t);
        const double length = sqrt(decrement / t->weight);
        if (length < end_of(f, errors) &&
            (errors ? exact && t->phase == RAD_FIT_FINAL : t->digits <= digits_needed(f))) {
            rad_status status = keep(f, track, step, errors, error);
            if (status != RAD_OK) return status;
            continue;
        }
        for (size_t j = 0; j < c; j++)
            t->trial[j] = t->base[j] + step[j] * (length > longest_step ? longest_step / length : 1);
        t->phase = errors && length < near_end ? RAD_FIT_FINAL : RAD_FIT_SEARCH;
        t->asked = t->phase == RAD_FIT_FINAL ? RAD_ROUND_FINE : digits_of(f, t, length);
        t->halvings = 0;
        return RAD_OK;
    }
    t->phase = RAD_FIT_DONE;
    return RAD_OK;
}

/* As few digits as there may be: the next step asks for what it needs. */
void rad_fit_release(rad_rounds_fit *f) {
    const size_t at = rad_fit_chosen(f);
    const rad_fit_found *all = NULL;
    for (size_t i = 0; i < f->found_count; i++)
        if (!f->found[i].track && f->found[i].at == at) all = &f->found[i];
    for (size_t i = 1; i < f->track_count && all; i++) {
        rad_fit_track *t = &f->tracks[i];
        if (t->phase != RAD_FIT_WAITING) continue;
        t->phase = RAD_FIT_SEARCH;
        t->at = at;
        memcpy(t->trial, all->beta, sizeof t->trial);
        t->asked = digits_of(f, t, longest_step);
    }
}

/* The trial is the new base. What the score fell along the step tells of the curvature where it is well above
 * what rounding has added. */
static void accept(rad_fit_track *t, const rad_fit_sums *s, size_t c) {
    double step[RAD_FIT_COLUMNS], fall[RAD_FIT_COLUMNS], square = 0;
    for (size_t j = 0; j < c; j++) {
        step[j] = t->trial[j] - t->base[j];
        fall[j] = t->score[j] - s->score[j];
    }
    for (size_t j = 0; j < c * c; j++) square += step[j / c] * t->curvature[j] * step[j % c];
    const double told = sqrt(s->patients / 12) * (ldexp(1, t->digits) + ldexp(1, t->asked));
    if (s->information)
        memcpy(t->curvature, s->information, c * c * sizeof *t->curvature);
    else if (t->likelihood > RAD_FIT_NOTHING && sqrt(square * t->weight) > 20 * told)
        rad_fit_secant(t->curvature, c, step, fall);
    memcpy(t->base, t->trial, sizeof t->base);
    memcpy(t->score, s->score, sizeof t->score);
    t->likelihood = s->likelihood;
    t->digits = t->asked;
}

static bool is_better(const rad_rounds_fit *f, const rad_fit_track *t, const rad_fit_sums *s) {
    const double before = t->likelihood - penalty_of(f, t, t->base),
                 after = s->likelihood - penalty_of(f, t, t->trial);
    const double told = sqrt(s->patients) * (ldexp(1, t->digits) + ldexp(1, t->asked));
    return after >= before - 4 * told - 1e-12 * fabs(before);
}

rad_status rad_fit_move(rad_rounds_fit *f, size_t track, const rad_fit_sums *s, rad_error *error) {
    rad_fit_track *t = &f->tracks[track];
    const size_t c = rad_round_columns(&f->state);
    rad_status status = RAD_OK;
    double *memory = rad_new(c + 2, c * sizeof *memory, error);
    if (!memory) return RAD_NO_MEMORY;
    bool exact = s->information != NULL;
    t->rounds++;
    if (t->phase == RAD_FIT_START) {
        start(f, t, s);
        rad_free(memory);
        return RAD_OK;
    }
    if (t->phase == RAD_FIT_NULL) {
        start_search(f, t, s);
        if (!track) status = make_path(f, error);
    } else if (is_better(f, t, s)) {
        accept(t, s, c);
        const size_t term = separating(f, t, memory);
        if (term != SIZE_MAX) {
            t->phase = RAD_FIT_SEPARATED;
            t->term = term;
        }
    } else if (++t->halvings > RAD_FIT_HALVINGS) {
        t->phase = RAD_FIT_STUCK;
    } else {
        t->halved++;
        for (size_t j = 0; j < c; j++) t->trial[j] = t->base[j] + (t->trial[j] - t->base[j]) / 2;
        rad_free(memory);
        return RAD_OK;
    }
    if (status == RAD_OK && rad_fit_asks(t)) status = next(f, track, exact, memory, error);
    rad_free(memory);
    return status;
}

void rad_fit_unscale(const rad_rounds_fit *f, const rad_fit_found *found, double *beta, double *se) {
    const size_t first = f->state.intercept;
    if (first) beta[0] = found->beta[0];
    if (first && se) se[0] = found->intercept_se;
    for (size_t j = 0; j < f->state.term_count; j++) {
        const rad_round_term *t = &f->state.terms[j];
        beta[j + first] = found->beta[j + first] / t->scale;
        if (first) beta[0] -= beta[j + first] * t->centre;
        if (se) se[j + first] = found->se[j + first] / t->scale;
    }
}
