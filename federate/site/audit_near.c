#include "../../core/memory.h"
#include "audit_search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STARTS = 64, ROUNDS = 20, POWERS = 30 };

typedef struct ranked {
    double weight;
    size_t patient;
} ranked;

static int by_weight(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->weight != y->weight) return x->weight < y->weight ? 1 : -1;
    return (x->patient > y->patient) - (x->patient < y->patient);
}

static int by_patient(const void *a, const void *b) {
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The space of the rows, and one combination of it. */
typedef struct space {
    const double *normal;
    size_t rows, patients, most;
    double *combination; /* [row] */
    double *value;       /* [patient] */
    ranked *order;       /* [patient] */
    size_t *some;        /* [2][most] patients on whom the combination shall rest */
} space;

/* combination = of those patients' values; its squared length, which it is divided by the root of. */
static double restrict_to(const space *s, const size_t *some) {
    double length = 0;
    for (size_t k = 0; k < s->rows; k++) {
        double sum = 0;
        for (size_t i = 0; i < s->most; i++) sum += s->normal[k * s->patients + some[i]] * s->value[some[i]];
        s->combination[k] = sum;
        length += sum * sum;
    }
    for (size_t k = 0; k < s->rows && length > 0; k++) s->combination[k] /= sqrt(length);
    return length;
}

/* The values of the patients first .. count of a list, or of all, by the combination. */
static void evaluate(const space *s, const size_t *some) {
    const size_t count = some ? s->most : s->patients;
    for (size_t i = 0; i < count; i++) s->value[some ? some[i] : i] = 0;
    for (size_t k = 0; k < s->rows; k++)
        for (size_t i = 0; i < count; i++) {
            const size_t at = some ? some[i] : i;
            s->value[at] += s->combination[k] * s->normal[k * s->patients + at];
        }
}

/* Share of the squared weight of the combination, whose length is 1, that lies on these patients. */
static double share_on(const space *s, const size_t *some) {
    double share = 0;
    for (size_t i = 0; i < s->most; i++) share += s->value[some[i]] * s->value[some[i]];
    return share;
}

/* The patients on whom most of the weight lies, in the order of the table. */
static void choose(const space *s, size_t *some) {
    for (size_t i = 0; i < s->patients; i++) s->order[i] = (ranked){fabs(s->value[i]), i};
    qsort(s->order, s->patients, sizeof *s->order, by_weight);
    for (size_t i = 0; i < s->most; i++) some[i] = s->order[i].patient;
    qsort(some, s->most, sizeof *some, by_patient);
}

/* Turns the combination to where it rests on few most, from the one that is largest for that patient. */
static double concentrate(const space *s, size_t patient) {
    size_t *now = s->some, *next = s->some + s->most;
    double share = 0;
    for (size_t k = 0; k < s->rows; k++) s->combination[k] = s->normal[k * s->patients + patient];
    evaluate(s, NULL);
    choose(s, now);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < POWERS && restrict_to(s, now) > 0; i++) evaluate(s, now);
        share = fmax(share, share_on(s, now));
        evaluate(s, NULL);
        choose(s, next);
        if (!memcmp(now, next, s->most * sizeof *now)) break;
        memcpy(now, next, s->most * sizeof *now);
    }
    return share;
}

/* Leverages, falling; the sum of the `most` largest. */
static double rank_leverages(const space *s, ranked *leverage) {
    double sum = 0;
    for (size_t i = 0; i < s->patients; i++) leverage[i] = (ranked){0, i};
    for (size_t k = 0; k < s->rows; k++)
        for (size_t i = 0; i < s->patients; i++)
            leverage[i].weight += s->normal[k * s->patients + i] * s->normal[k * s->patients + i];
    qsort(leverage, s->patients, sizeof *leverage, by_weight);
    for (size_t i = 0; i < s->most; i++) sum += leverage[i].weight;
    return sum;
}

rad_status rad_normal_few(const double *normal, size_t rows, size_t patients, size_t most, double rest,
                          bool *few, rad_error *error) {
    space s = {.normal = normal, .rows = rows, .patients = patients, .most = most};
    ranked *leverage = rad_new_raw(patients, sizeof *leverage, error);
    *few = rows && most >= patients;
    if (!rows || !most || most >= patients) {
        rad_free(leverage);
        return leverage ? RAD_OK : RAD_NO_MEMORY;
    }
    s.combination = rad_new_raw(rows, sizeof *s.combination, error);
    s.value = rad_new_raw(patients, sizeof *s.value, error);
    s.order = rad_new_raw(patients, sizeof *s.order, error);
    s.some = rad_new_raw(2 * most, sizeof *s.some, error);
    const bool fine = leverage && s.combination && s.value && s.order && s.some;
    if (fine && rank_leverages(&s, leverage) > 1 - rest) {
        *few = leverage[0].weight > 1 - rest;
        for (size_t i = 0; i < STARTS && i < patients && !*few; i++)
            *few = leverage[i].weight * (double)most > 1 - rest &&
                   concentrate(&s, leverage[i].patient) > 1 - rest;
    }
    rad_free(leverage);
    rad_free(s.combination);
    rad_free(s.value);
    rad_free(s.order);
    rad_free(s.some);
    return fine ? RAD_OK : RAD_NO_MEMORY;
}
