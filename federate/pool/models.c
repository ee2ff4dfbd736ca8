#include "models.h"

#include "../../core/linear.h"
#include "../../core/memory.h"
#include "../../io/csv.h"
#include "../describe.h"
#include "inference.h"
#include "put.h"
#include "relations.h"

#include <math.h>
#include <string.h>

void rad_scatter_clear(rad_scatter *s, size_t q) {
    s->n = s->y = s->yy = 0;
    memset(s->d, 0, q * sizeof *s->d);
    memset(s->dy, 0, q * sizeof *s->dy);
    memset(s->dd, 0, q * q * sizeof *s->dd);
}

rad_status rad_scatter_take(const rad_exact *cells, size_t q, rad_scatter *out, rad_error *error) {
    const uint64_t n = (uint64_t)rad_exact_double(&cells[0]);
    const rad_exact *y = &cells[1];
    rad_scatter_clear(out, q);
    out->n = (double)n;
    if (!n) return RAD_OK;
    out->y = rad_exact_double(y) / out->n;
    rad_status status = rad_describe_scatter(n, y, y, &cells[2], &out->yy, error);
    for (size_t j = 0; j < q && status == RAD_OK; j++) {
        const rad_exact *d = &cells[rad_design_d(j)];
        out->d[j] = rad_exact_double(d) / out->n;
        status = rad_describe_scatter(n, d, y, &cells[rad_design_dy(q, j)], &out->dy[j], error);
        for (size_t i = 0; i <= j && status == RAD_OK; i++) {
            status = rad_describe_scatter(n, &cells[rad_design_d(i)], d, &cells[rad_design_dd(q, i, j)],
                                          &out->dd[i * q + j], error);
            out->dd[j * q + i] = out->dd[i * q + j];
        }
    }
    return status;
}

void rad_scatter_add(rad_scatter *to, const rad_scatter *from, size_t q) {
    to->n += from->n;
    to->yy += from->yy;
    for (size_t i = 0; i < q; i++) to->dy[i] += from->dy[i];
    for (size_t i = 0; i < q * q; i++) to->dd[i] += from->dd[i];
}

bool rad_fit_make(const rad_scatter *s, size_t q, rad_fit *out) {
    double a[RAD_DESIGN_MAX * RAD_DESIGN_MAX], scale[RAD_DESIGN_MAX];
    size_t at[RAD_DESIGN_MAX], used = 0;
    for (size_t i = 0; i < q; i++) {
        out->slope[i] = NAN;
        for (size_t j = 0; j < q; j++) out->inverse[i * q + j] = NAN;
        if (s->dd[i * q + i] > 0) at[used++] = i;
    }
    out->used = used;
    out->residual = s->yy;
    if (!used) return true;
    for (size_t i = 0; i < used; i++) scale[i] = sqrt(s->dd[at[i] * q + at[i]]);
    for (size_t i = 0; i < used; i++)
        for (size_t j = 0; j < used; j++) a[i * used + j] = s->dd[at[i] * q + at[j]] / (scale[i] * scale[j]);
    const int n = (int)used;
    if (!rad_linear_cholesky('L', n, a)) return false;
    for (size_t i = 0; i < used; i++)
        if (a[i * used + i] < 1e-6) return false; /* all but a 1e-12th of it is a combination of the others */
    if (!rad_linear_invert('L', n, a)) return false;
    for (size_t i = 0; i < used; i++) {
        double slope = 0;
        for (size_t j = 0; j < used; j++) {
            const double entry = (i >= j ? a[i * used + j] : a[j * used + i]) / (scale[i] * scale[j]);
            out->inverse[at[i] * q + at[j]] = entry;
            slope += entry * s->dy[at[j]];
        }
        out->slope[at[i]] = slope;
        out->residual -= slope * s->dy[at[i]];
    }
    out->residual = fmax(0, out->residual);
    return true;
}

static const rad_term none = {NAN, NAN, NAN, NAN, NAN, NAN, 0};

static void finish(rad_term *r, double df) {
    r->df = df;
    r->t = r->estimate / r->se;
    r->p = r->se > 0 ? rad_t_two_sided(r->t, df) : NAN;
}

/* Slopes, and behind them the intercept of the model without sites. */
static rad_status fit_terms(const rad_scatter *s, size_t q, size_t intercepts, double shift,
                            const double *means, rad_term *out, rad_error *error) {
    rad_fit *f = rad_new(1, sizeof *f, error);
    if (!f) return RAD_NO_MEMORY;
    for (size_t j = 0; j <= q; j++) out[j] = none;
    if (s->n > 0 && rad_fit_make(s, q, f)) {
        const double df = s->n - (double)(f->used + intercepts), variance = f->residual / df;
        double intercept = s->y + shift, share = 1 / s->n;
        for (size_t j = 0; j < q && df > 0; j++) {
            out[j] = (rad_term){.estimate = f->slope[j],
                                .se = sqrt(variance * f->inverse[j * q + j]),
                                .adjusted = NAN,
                                .n = (uint64_t)s->n};
            finish(&out[j], df);
            if (isnan(f->slope[j])) continue;
            intercept -= f->slope[j] * means[j];
            for (size_t i = 0; i < q; i++)
                if (!isnan(f->slope[i])) share += means[i] * f->inverse[i * q + j] * means[j];
        }
        if (intercepts == 1 && df > 0) {
            out[q] = (rad_term){
                .estimate = intercept, .se = sqrt(variance * share), .adjusted = NAN, .n = (uint64_t)s->n};
            finish(&out[q], df);
        }
    }
    rad_free(f);
    return RAD_OK;
}

/* Means of the columns as the study's rows have them: a centre is added again. */
static void raw_means(const rad_pool *p, const rad_design *d, const rad_scatter *s, double *means) {
    for (size_t j = 0; j < d->count; j++) {
        means[j] = s->d[j];
        for (size_t v = 0; v < p->total.count && !d->column[j].level; v++)
            if (!strcmp(p->total.variables[v].name, d->column[j].name))
                means[j] += p->total.variables[v].centre;
    }
}

static rad_status fit_variable(const rad_pool *p, const rad_design *d, size_t v, bool by_site, rad_scatter *s,
                               rad_scatter *one, rad_term *out, rad_error *error) {
    double means[RAD_DESIGN_MAX];
    const size_t q = d->count, cells = p->total.models.cells;
    size_t sites = 0;
    rad_status status = rad_scatter_take(&p->total.models.sums[v * cells], q, s, error);
    raw_means(p, d, s, means);
    if (by_site && status == RAD_OK) {
        rad_scatter_clear(s, q);
        for (size_t i = 0; i < p->count && status == RAD_OK; i++) {
            if (!p->sites[i].models.cells || !p->sites[i].models.shown[v]) continue;
            status = rad_scatter_take(&p->sites[i].models.sums[v * cells], q, one, error);
            rad_scatter_add(s, one, q);
            sites += one->n > 0;
        }
    }
    if (status == RAD_OK)
        status = fit_terms(s, q, by_site ? sites : 1, p->total.variables[v].centre, means, out, error);
    if (by_site) out[q] = none;
    return status;
}

rad_status rad_models_of_site(const rad_pool *p, size_t site, size_t q, size_t v, rad_term *out,
                              rad_error *error) {
    static const double means[RAD_DESIGN_MAX] = {0};
    const rad_blocks *b = &p->sites[site].models;
    rad_status status = RAD_OK;
    for (size_t j = 0; j <= q; j++) out[j] = none;
    if (!b->cells || !b->shown[v]) return RAD_OK;
    rad_scatter *s = rad_new(1, sizeof *s, error);
    if (!s) return RAD_NO_MEMORY;
    status = rad_scatter_take(&b->sums[v * b->cells], q, s, error);
    if (status == RAD_OK) status = fit_terms(s, q, 1, 0, means, out, error);
    rad_free(s);
    return status;
}

static rad_status adjust(size_t count, size_t terms, rad_term *term, rad_error *error) {
    double *values = rad_new(count, sizeof *values, error),
           *adjusted = rad_new(count, sizeof *adjusted, error);
    rad_status status = values && adjusted ? RAD_OK : RAD_NO_MEMORY;
    for (size_t at = 0; at < terms && status == RAD_OK; at++) {
        for (size_t v = 0; v < count; v++) values[v] = term[v * terms + at].p;
        status = rad_test_adjust(values, count, adjusted, error);
        for (size_t v = 0; v < count; v++) term[v * terms + at].adjusted = adjusted[v];
    }
    rad_free(values);
    rad_free(adjusted);
    return status;
}

static rad_status room_for(const rad_pool *p, const rad_design *d, rad_models *m, rad_error *error) {
    size_t cells;
    m->terms = d->count + 1;
    if (!rad_multiply(p->total.count, m->terms, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many models");
    m->name = rad_new(m->terms, sizeof *m->name, error);
    for (int by_site = 0; by_site < 2; by_site++)
        m->term[by_site] = rad_new(cells, sizeof *m->term[by_site], error);
    if (!m->name || !m->term[0] || !m->term[1]) return RAD_NO_MEMORY;
    for (size_t j = 0; j < m->terms; j++)
        snprintf(m->name[j], sizeof m->name[j], "%s", j < d->count ? d->column[j].name : "(Intercept)");
    for (size_t i = 0; i < cells; i++) m->term[0][i] = m->term[1][i] = none;
    return RAD_OK;
}

rad_status rad_models_take(const rad_pool *p, rad_models *m, rad_error *error) {
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_scatter *room = rad_new(2, sizeof *room, error);
    *m = (rad_models){.terms = 0};
    rad_status status = d && room ? rad_design_make(p->study, d, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = room_for(p, d, m, error);
    for (int by_site = 0; by_site < 2 && status == RAD_OK; by_site++) {
        for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
            if (p->total.models.shown[v])
                status = fit_variable(p, d, v, by_site, &room[0], &room[1], &m->term[by_site][v * m->terms],
                                      error);
        if (status == RAD_OK) status = adjust(p->total.count, m->terms, m->term[by_site], error);
    }
    rad_free(d);
    rad_free(room);
    return status;
}

void rad_models_free(rad_models *m) {
    rad_free(m->name);
    rad_free(m->term[0]);
    rad_free(m->term[1]);
    *m = (rad_models){.terms = 0};
}

rad_status rad_models_table(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_results *)context)->pool;
    const rad_models *m = &((const rad_results *)context)->models;
    (void)error;
    fputs("variable,adjusted_for,term,n,estimate,se,t,df,p,p_adjusted\r\n", out);
    for (int by_site = 0; by_site < 2; by_site++)
        for (size_t j = 0; j < m->terms; j++)
            for (size_t v = 0; v < p->total.count; v++) {
                const rad_term *r = &m->term[by_site][v * m->terms + j];
                if (!p->total.models.shown[v] || !r->n) continue;
                const double numbers[] = {r->estimate, r->se, r->t, r->df, r->p, r->adjusted};
                rad_csv_put(out, p->total.variables[v].name);
                rad_put_text(out, by_site ? "site" : "none");
                rad_put_text(out, m->name[j]);
                fprintf(out, ",%llu", (unsigned long long)r->n);
                rad_put_numbers(out, numbers, 6);
                rad_put_end(out);
            }
    return RAD_OK;
}
