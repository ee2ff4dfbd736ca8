#include "round_answer.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Patients by time, the latest first, so that those at risk at a time are the first so many. */
typedef struct ordered {
    double time;
    size_t patient;
} ordered;

/* By what they are, so that the order of the table changes no bit. */
static int by_time(const void *a, const void *b, void *context) {
    const ordered *x = a, *y = b;
    const rad_round_rows *r = context;
    if (x->time != y->time) return x->time < y->time ? 1 : -1;
    if (r->y[x->patient] != r->y[y->patient]) return r->y[x->patient] < r->y[y->patient] ? 1 : -1;
    for (size_t j = 0; j < r->columns; j++) {
        const double of_x = r->x[j * r->n + x->patient], of_y = r->x[j * r->n + y->patient];
        if (of_x != of_y) return of_x < of_y ? 1 : -1;
    }
    return 0;
}

/* One risk distribution: p of those at risk adds up to 1; it counts `times` over. */
typedef struct risk {
    double *p;      /* [place] */
    size_t at_risk; /* places 0 .. */
    double times;
} risk;

/* What the sums of Cox are made of. */
typedef struct cox {
    const rad_round_work *k;
    ordered *order;      /* [place] */
    double *hazard;      /* [place] exp(eta - most) */
    double *p;           /* [place] */
    double *mean;        /* [column] of the distribution at hand */
    double *residual;    /* [patient] martingale residuals */
    double *curved;      /* [column][patient] V x; NULL: not wanted */
    double *turned;      /* [pair][patient] how the information changes; NULL */
    double *information; /* [pair][distribution]; NULL */
    size_t distributions;
    double most;        /* of eta */
    double *likelihood; /* [distribution] */
} cox;

static size_t pair_of(size_t l, size_t j) {
    return j * (j + 1) / 2 + l;
}

/* Means of the columns, what residuals and V x lose by the distribution. */
static void take_first_order(cox *c, const risk *d) {
    const rad_round_rows *r = c->k->rows;
    for (size_t a = 0; a < d->at_risk; a++) c->residual[c->order[a].patient] -= d->times * d->p[a];
    for (size_t j = 0; j < r->columns && (c->curved || c->information); j++) {
        const double *x = r->x + j * r->n;
        c->mean[j] = 0;
        for (size_t a = 0; a < d->at_risk; a++) c->mean[j] += d->p[a] * x[c->order[a].patient];
        for (size_t a = 0; a < d->at_risk && c->curved; a++)
            c->curved[j * r->n + c->order[a].patient] +=
                d->times * d->p[a] * (x[c->order[a].patient] - c->mean[j]);
    }
}

/* Covariances of the columns within the distribution, and how they change with each patient's hazard. */
static void take_second_order(cox *c, const risk *d, size_t at, size_t most) {
    const rad_round_rows *r = c->k->rows;
    for (size_t j = 0; j < r->columns; j++)
        for (size_t l = 0; l <= j; l++) {
            const double *x = r->x + j * r->n, *z = r->x + l * r->n;
            double covariance = 0;
            for (size_t a = 0; a < d->at_risk; a++)
                covariance +=
                    d->p[a] * (x[c->order[a].patient] - c->mean[j]) * (z[c->order[a].patient] - c->mean[l]);
            c->information[pair_of(l, j) * most + at] = d->times * covariance;
            for (size_t a = 0; a < d->at_risk && c->turned; a++) {
                const size_t i = c->order[a].patient;
                c->turned[pair_of(l, j) * r->n + i] +=
                    d->times * d->p[a] * ((x[i] - c->mean[j]) * (z[i] - c->mean[l]) - covariance);
            }
        }
}

/* The deaths at one time, whose places are first .. last - 1 among those at risk (0 .. last - 1). Breslow:
 * one distribution for all of them; Efron: one each, the dying leaving little by little. */
static void take_time(cox *c, size_t first, size_t last, size_t deaths, size_t most) {
    const rad_round_work *k = c->k;
    const bool efron = k->rows->model->ties == RAD_TIES_EFRON;
    double all = 0, dying = 0;
    for (size_t a = 0; a < last; a++) all += c->hazard[a];
    for (size_t a = first; a < last; a++)
        if (k->rows->y[c->order[a].patient] > 0) dying += c->hazard[a];
    for (size_t l = 0; l < (efron ? deaths : 1); l++) {
        const double share = efron ? (double)l / (double)deaths : 0, sum = all - share * dying;
        const risk d = {c->p, last, efron ? 1 : (double)deaths};
        for (size_t a = 0; a < last; a++) {
            const bool dies = a >= first && k->rows->y[c->order[a].patient] > 0;
            c->p[a] = c->hazard[a] * (dies ? 1 - share : 1) / sum;
        }
        c->likelihood[c->distributions] = -d.times * (log(sum) + c->most);
        take_first_order(c, &d);
        if (c->information) take_second_order(c, &d, c->distributions, most);
        c->distributions++;
    }
}

static void take_all(cox *c, size_t most) {
    const rad_round_rows *r = c->k->rows;
    c->most = -INFINITY;
    for (size_t i = 0; i < r->n; i++) {
        c->order[i] = (ordered){r->time[i], i};
        c->residual[i] = r->y[i];
        c->most = fmax(c->most, c->k->eta[i]);
    }
    qsort_r(c->order, r->n, sizeof *c->order, by_time, (void *)r);
    for (size_t a = 0; a < r->n; a++) c->hazard[a] = exp(c->k->eta[c->order[a].patient] - c->most);
    for (size_t first = 0, last; first < r->n; first = last) {
        size_t deaths = 0;
        for (last = first; last < r->n && c->order[last].time == c->order[first].time; last++)
            deaths += r->y[c->order[last].patient] > 0;
        if (deaths) take_time(c, first, last, deaths, most);
    }
}

static rad_status put_sums(cox *c, size_t most) {
    const rad_round_work *k = c->k;
    const rad_round_rows *r = k->rows;
    rad_exact own = {.count = 0};
    for (size_t i = 0; i < r->n; i++) k->buffer[i] = r->y[i] * k->eta[i];
    rad_status status = rad_round_sum(k->buffer, r->n, k->point->digits, &k->cells->sums[0], k->error);
    if (status == RAD_OK)
        status = rad_round_sum(c->likelihood, c->distributions, k->point->digits, &own, k->error);
    if (status == RAD_OK) status = rad_exact_add(&k->cells->sums[0], &own, k->error);
    rad_exact_free(&own);
    if (status == RAD_OK && k->point->ask >= RAD_ASK_SCORE) status = rad_round_score(k, c->residual);
    for (size_t j = 0; j < r->columns && c->information; j++)
        for (size_t l = 0; l <= j && status == RAD_OK && k->point->ask == RAD_ASK_INFORMATION; l++)
            status = (l == j ? rad_round_sum : rad_round_sum_product)(
                c->information + pair_of(l, j) * most, c->distributions,
                k->point->fineness + r->size[j] + r->size[l],
                &k->cells->sums[rad_round_information_cell(r->columns, l, j)], k->error);
    return status;
}

/* One row over the patients, times something, as the weights of a number that is told but for some noise. */
static rad_status add_row(const cox *c, const double *row, double by, double noise) {
    const rad_round_work *k = c->k;
    for (size_t i = 0; i < k->rows->n; i++) k->buffer[i] = by * row[i];
    return rad_round_weights_add(k->weights, k->buffer, noise, k->error);
}

static rad_status add_second_order(const cox *c, const double *size) {
    const rad_round_rows *r = c->k->rows;
    const double noise = rad_round_noise(r, c->k->point->fineness);
    rad_status status = RAD_OK;
    for (size_t j = 0; j < r->columns && status == RAD_OK; j++)
        status = add_row(c, c->curved + j * r->n, 1 / r->deviation[j], noise * size[j]);
    for (size_t j = 0; j < r->columns && c->turned; j++)
        for (size_t l = 0; l <= j && status == RAD_OK; l++)
            status = add_row(c, c->turned + pair_of(l, j) * r->n,
                             c->k->reach / r->deviation[j] / r->deviation[l], -noise * size[j] * size[l]);
    return status;
}

/* As of the other families, with V x in place of w x: V is how the residuals fall with the predictors. */
static rad_status add_weights(const cox *c) {
    const rad_round_work *k = c->k;
    const rad_round_rows *r = k->rows;
    const double noise = rad_round_noise(r, k->point->digits);
    double size[RAD_DESIGN_MAX];
    for (size_t j = 0; j < r->columns; j++) size[j] = ldexp(1, r->size[j]) / r->deviation[j];
    if (k->point->ask <= RAD_ASK_DEVIANCE) return add_row(c, c->residual, k->reach, noise);
    rad_status status = add_row(c, c->residual, 1, noise * k->least);
    for (size_t j = 0; j < r->columns && !k->flat && status == RAD_OK; j++)
        status = add_row(c, c->curved + j * r->n, k->reach / r->deviation[j], noise * size[j]);
    return status == RAD_OK && k->point->ask == RAD_ASK_INFORMATION ? add_second_order(c, size) : status;
}

rad_status rad_round_cox(const rad_round_work *k) {
    const rad_round_rows *r = k->rows;
    const size_t pairs = r->columns * (r->columns + 1) / 2, most = r->events ? r->events : 1;
    const bool whole = k->point->ask == RAD_ASK_INFORMATION;
    cox c = {.k = k};
    c.order = rad_new(r->n, sizeof *c.order, k->error);
    c.hazard = rad_new(r->n, 3 * sizeof *c.hazard, k->error);
    c.mean = rad_new(r->columns, sizeof *c.mean, k->error);
    c.likelihood = rad_new(most, sizeof *c.likelihood, k->error);
    const bool curved = k->weights && (whole || (k->point->ask == RAD_ASK_SCORE && !k->flat));
    if (curved) c.curved = rad_new(r->n, r->columns * sizeof *c.curved, k->error);
    if (whole) c.information = rad_new(most, pairs * sizeof *c.information, k->error);
    if (whole && k->weights && !k->flat) c.turned = rad_new(r->n, pairs * sizeof *c.turned, k->error);
    rad_status status = c.order && c.hazard && c.mean && c.likelihood && (!curved || c.curved) &&
                                (!whole || c.information) && (!whole || !k->weights || k->flat || c.turned)
                            ? RAD_OK
                            : RAD_NO_MEMORY;
    c.p = c.hazard + r->n;
    c.residual = c.hazard + 2 * r->n;
    if (status == RAD_OK) {
        take_all(&c, most);
        status = put_sums(&c, most);
    }
    if (status == RAD_OK && k->point->ask == RAD_ASK_MOMENTS) {
        for (size_t i = 0; i < r->n; i++) c.hazard[i] = 1; /* all count alike */
        status = rad_round_moments(k, c.hazard);
    }
    if (status == RAD_OK && k->weights) status = add_weights(&c);
    rad_free(c.order);
    rad_free(c.hazard);
    rad_free(c.mean);
    rad_free(c.likelihood);
    rad_free(c.curved);
    rad_free(c.information);
    rad_free(c.turned);
    return status;
}
