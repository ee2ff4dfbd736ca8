#include "performance.h"

#include "../core/memory.h"

#include <math.h>

size_t rad_performed_ranks(const rad_performance *p) {
    return p->timed ? RAD_PERFORMED_TIMES : RAD_PERFORMED_CLASSES;
}

size_t rad_performed_classes(const rad_performed *p) {
    return p->classes.edges ? p->classes.edges - 1 : 0;
}

rad_status rad_performed_allocate(rad_performed *p, size_t edges, bool predicted, rad_error *error) {
    rad_status status = rad_lifetable_allocate(&p->classes, edges, error);
    if (status != RAD_OK || !predicted) return status;
    p->predicted = rad_new(edges, sizeof *p->predicted, error);
    return p->predicted ? RAD_OK : RAD_NO_MEMORY;
}

void rad_performed_free(rad_performed *p) {
    for (size_t i = 0; i < RAD_PERFORMED_TIMES; i++) rad_exact_free(&p->ranks[i]);
    for (size_t i = 0; i < rad_performed_classes(p) && p->predicted; i++) rad_exact_free(&p->predicted[i]);
    rad_free(p->predicted);
    rad_exact_free(&p->squares);
    rad_lifetable_free(&p->classes);
    *p = (rad_performed){.shown = false};
}

static double auc(const rad_performed *p, double *variance) {
    const double e = (double)p->events, o = (double)p->others,
                 spread = rad_exact_double(&p->ranks[RAD_PERFORMED_SPREAD]);
    if (e > 1 && o > 1) *variance = spread / (4 * e * e * o * o * (e - 1) * (o - 1));
    return rad_exact_double(&p->ranks[RAD_PERFORMED_DOUBLED]) / (2 * e * o);
}

/* *sum += sign * a * b * of. */
static rad_status add_product(rad_exact *sum, const rad_exact *a, const rad_exact *b, const rad_exact *of,
                              int64_t by, rad_error *error) {
    const rad_exact factor = rad_exact_whole(by);
    rad_exact two = {0}, three = {0}, all = {0};
    rad_status status = rad_exact_multiply(a, b, &two, error);
    if (status == RAD_OK) status = rad_exact_multiply(&two, of, &three, error);
    if (status == RAD_OK) status = rad_exact_multiply(&three, &factor, &all, error);
    if (status == RAD_OK) status = rad_exact_add(sum, &all, error);
    rad_exact_free(&two);
    rad_exact_free(&three);
    rad_exact_free(&all);
    return status;
}

/* A patient's own pairs p, and d as the doubled ones: the sum of (d / 2 - C p)^2, by all pairs squared, where
 * C = D / (2 P): (P^2 dd - 2 P D dp + D^2 pp) / (4 P^4). */
static rad_status harrell(const rad_performed *p, double *c, double *variance, rad_error *error) {
    const rad_exact *x = p->ranks, *d = &x[RAD_PERFORMED_TIMED_DOUBLED], *all = &x[RAD_PERFORMED_PAIRS];
    const double pairs = rad_exact_double(all);
    rad_exact sum = {0};
    if (!(pairs > 0)) return RAD_OK;
    *c = rad_exact_double(d) / (2 * pairs);
    rad_status status = add_product(&sum, all, all, &x[RAD_PERFORMED_DOUBLED2], 1, error);
    if (status == RAD_OK) status = add_product(&sum, all, d, &x[RAD_PERFORMED_BOTH], -2, error);
    if (status == RAD_OK) status = add_product(&sum, d, d, &x[RAD_PERFORMED_PAIRS2], 1, error);
    if (status == RAD_OK) *variance = rad_exact_double(&sum) / (4 * pairs * pairs * pairs * pairs);
    rad_exact_free(&sum);
    return status;
}

rad_status rad_performed_concordance(const rad_performance *of, const rad_performed *p, double *c,
                                     double *variance, rad_error *error) {
    *c = *variance = NAN;
    if (!p->shown || !p->events || !p->others) return RAD_OK;
    if (of->timed) return harrell(p, c, variance, error);
    *c = auc(p, variance);
    return RAD_OK;
}
