#include "ordinary.h"

#include "../../core/memory.h"
#include "distributions.h"

#include <math.h>
#include <string.h>

static const double independent = 1e-12; /* of the square of a column, beside those before it */

/* The columns that are used, as correlations, and their triangle L L'. */
typedef struct triangle {
    size_t used, *at; /* [columns], owned */
    double *l;        /* [used][used] by rows, its inverse later; owned */
    double *scale;    /* [columns], owned */
} triangle;

static rad_status allocate(size_t columns, triangle *t, rad_error *error) {
    *t = (triangle){.at = rad_new(columns, sizeof *t->at, error),
                    .l = rad_new(columns * columns, sizeof *t->l, error),
                    .scale = rad_new(columns, sizeof *t->scale, error)};
    return t->at && t->l && t->scale ? RAD_OK : RAD_NO_MEMORY;
}

static void release(triangle *t) {
    rad_free(t->at);
    rad_free(t->l);
    rad_free(t->scale);
}

/* Column by column; one that depends on those before it is passed over. */
static void decompose(const rad_gram *g, const bool *in, size_t columns, triangle *t) {
    const size_t k = g->columns;
    for (size_t c = 0; c < columns; c++) {
        double *row = t->l + t->used * columns, left = 1;
        t->scale[c] = sqrt(g->cross[c * k + c]);
        if ((in && !in[c]) || !(t->scale[c] > 0)) continue;
        for (size_t i = 0; i < t->used; i++) {
            const double *other = t->l + i * columns;
            double sum = g->cross[c * k + t->at[i]] / (t->scale[c] * t->scale[t->at[i]]);
            for (size_t j = 0; j < i; j++) sum -= row[j] * other[j];
            row[i] = sum / other[i];
            left -= row[i] * row[i];
        }
        if (!(left > independent)) continue;
        row[t->used] = sqrt(left);
        t->at[t->used++] = c;
    }
}

/* L becomes its inverse. */
static void invert(triangle *t, size_t columns) {
    for (size_t c = 0; c < t->used; c++) {
        t->l[c * columns + c] = 1 / t->l[c * columns + c];
        for (size_t r = c + 1; r < t->used; r++) {
            double sum = 0;
            for (size_t j = c; j < r; j++) sum += t->l[r * columns + j] * t->l[j * columns + c];
            t->l[r * columns + c] = -sum / t->l[r * columns + r];
        }
    }
}

/* Slopes and their errors by (L^-1)' L^-1; the share of the mean in the error of the intercept. */
static void solve(const rad_gram *g, const triangle *t, rad_predictor *f) {
    const size_t q = f->columns, k = g->columns;
    double share = 1 / g->n;
    for (size_t i = 0; i < t->used; i++) f->estimate[t->at[i]] = f->se[t->at[i]] = 0;
    for (size_t r = 0; r < t->used; r++) {
        double with = 0, mean = 0;
        for (size_t j = 0; j <= r; j++) {
            const size_t c = t->at[j];
            with += t->l[r * q + j] * g->cross[c * k + q] / t->scale[c];
            mean += t->l[r * q + j] * g->mean[c] / t->scale[c];
        }
        share += mean * mean;
        for (size_t j = 0; j <= r; j++) {
            const double entry = t->l[r * q + j] / t->scale[t->at[j]];
            f->estimate[t->at[j]] += entry * with;
            f->se[t->at[j]] += entry * entry;
        }
    }
    rad_predictor_finish(g, f);
    f->df = g->n - (double)t->used - 1;
    const double variance = f->df > 0 ? f->rss / f->df : NAN;
    for (size_t i = 0; i < t->used; i++) f->se[t->at[i]] = sqrt(f->se[t->at[i]] * variance);
    f->se[q] = sqrt(share * variance);
}

rad_status rad_ordinary_fit(const rad_gram *g, const bool *in, rad_predictor *f, rad_error *error) {
    triangle t;
    rad_predictor_clear(g, f);
    if (!(g->n > 0)) return RAD_OK;
    rad_status status = allocate(f->columns, &t, error);
    if (status == RAD_OK) {
        decompose(g, in, f->columns, &t);
        invert(&t, f->columns);
        solve(g, &t, f);
    }
    release(&t);
    return status;
}

/* Behind all others the columns are orthogonal to them. */
rad_status rad_ordinary_drop(const rad_gram *g, const bool *of, double *square, size_t *df,
                             rad_error *error) {
    const size_t q = g->columns - 1, k = g->columns;
    triangle t;
    bool *others = rad_new(q, sizeof *others, error);
    *square = 0;
    *df = 0;
    if (!others) return RAD_NO_MEMORY;
    const rad_status status = allocate(q, &t, error);
    for (size_t c = 0; c < q; c++) others[c] = !of[c];
    if (status == RAD_OK) {
        decompose(g, others, q, &t);
        const size_t before = t.used;
        decompose(g, of, q, &t);
        invert(&t, q);
        *df = t.used - before;
        for (size_t r = before; r < t.used; r++) {
            double with = 0;
            for (size_t j = 0; j <= r; j++)
                with += t.l[r * q + j] * g->cross[t.at[j] * k + q] / t.scale[t.at[j]];
            *square += with * with;
        }
    }
    release(&t);
    rad_free(others);
    return status;
}

const char *const rad_criterion_words[RAD_CRITERIA] = {"aic", "bic", "f"};

/* Correlations of columns and response, of which those that entered are swept out. */
typedef struct sweeping {
    const rad_gram *g;
    const rad_forward *how;
    double *a; /* [columns][columns], owned */
    bool *in;
    size_t k, df;
    double rss, criterion;
} sweeping;

static void sweep(double *a, size_t k, size_t at) {
    const double by = a[at * k + at];
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            if (i != at && j != at) a[i * k + j] -= a[i * k + at] * a[at * k + j] / by;
    for (size_t i = 0; i < k; i++) a[i * k + at] = a[at * k + i] = 0;
}

/* What the columns of a term would take from the residual, and how many of them are independent: those that
 * belong to it and the response, swept in a small matrix. */
static size_t reduce(const sweeping *s, size_t term, double *small, size_t *of, double *left) {
    const size_t k = s->k, y = k - 1;
    size_t count = 0, used = 0;
    for (size_t c = 0; c < y; c++)
        if (s->how->term[c] == term) of[count++] = c;
    of[count++] = y;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) small[i * count + j] = s->a[of[i] * k + of[j]];
    for (size_t i = 0; i + 1 < count; i++) {
        if (!(small[i * count + i] > independent)) continue;
        sweep(small, count, i);
        used++;
    }
    *left = fmax(0, small[count * count - 1]);
    return used;
}

/* The criterion of a model of so many coefficients, of which `more` are new; smaller is better. */
static double judge(const sweeping *s, double rss, size_t df, size_t more) {
    const double n = s->g->n, k = (double)df;
    switch (s->how->criterion) {
    case RAD_BIC:
        return n * log(rss / n) + log(n) * k;
    case RAD_F_TO_ENTER:
        return n > k && rss > 0
                   ? rad_f_tail((s->rss - rss) / (double)more / (rss / (n - k)), (double)more, n - k)
                   : NAN;
    default:
        return n * log(rss / n) + 2 * k;
    }
}

/* The best of the terms that are not in the model; false: none is better than none. */
static bool find_best(const sweeping *s, const bool *chosen, double *small, size_t *of,
                      rad_forward_step *best) {
    const double scale = s->g->cross[s->k * s->k - 1];
    bool found = false;
    for (size_t t = 0; t < s->how->terms; t++) {
        double left = 0;
        if (chosen[t]) continue;
        const size_t more = reduce(s, t, small, of, &left), df = s->df + more;
        if (!more || (double)df >= s->g->n) continue;
        const double value = judge(s, left * scale, df, more);
        const double limit = found                                 ? best->criterion
                             : s->how->criterion == RAD_F_TO_ENTER ? s->how->enter
                                                                   : s->criterion;
        if (!(value < limit)) continue;
        *best = (rad_forward_step){t, df, left * scale, value};
        found = true;
    }
    return found;
}

static void enter(sweeping *s, const rad_forward_step *step) {
    for (size_t c = 0; c + 1 < s->k; c++) {
        if (s->how->term[c] != step->term || !(s->a[c * s->k + c] > independent)) continue;
        sweep(s->a, s->k, c);
        s->in[c] = true;
    }
    s->df = step->df;
    s->rss = step->rss;
    s->criterion = step->criterion;
}

static void scale(sweeping *s) {
    const rad_gram *g = s->g;
    for (size_t i = 0; i < s->k; i++)
        for (size_t j = 0; j < s->k; j++) {
            const double by = sqrt(g->cross[i * s->k + i]) * sqrt(g->cross[j * s->k + j]);
            s->a[i * s->k + j] = by > 0 ? g->cross[i * s->k + j] / by : 0;
        }
}

rad_status rad_forward_select(const rad_gram *g, const rad_forward *how, bool *in, rad_forward_step *step,
                              size_t *steps, rad_error *error) {
    const size_t k = g->columns;
    sweeping s = {.g = g, .how = how, .in = in, .k = k, .df = 1, .rss = g->cross[k * k - 1]};
    bool *chosen = rad_new(how->terms, sizeof *chosen, error);
    double *small = rad_new(k * k, sizeof *small, error);
    size_t *of = rad_new(k, sizeof *of, error);
    s.a = rad_new(k * k, sizeof *s.a, error);
    const rad_status status = chosen && small && of && s.a ? RAD_OK : RAD_NO_MEMORY;
    memset(in, 0, (k - 1) * sizeof *in);
    *steps = 0;
    if (status == RAD_OK && g->n > 1 && s.rss > 0) {
        rad_forward_step next = {how->terms, 1, s.rss,
                                 how->criterion == RAD_F_TO_ENTER ? NAN : judge(&s, s.rss, 1, 0)};
        scale(&s);
        s.criterion = next.criterion;
        do {
            if (next.term < how->terms) {
                enter(&s, &next);
                chosen[next.term] = true;
            }
            if (step) step[*steps] = next;
            ++*steps;
        } while (find_best(&s, chosen, small, of, &next));
    }
    rad_free(chosen);
    rad_free(small);
    rad_free(of);
    rad_free(s.a);
    return status;
}
