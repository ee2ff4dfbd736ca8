#include "estimates.h"

#include "../../core/memory.h"
#include "../../io/csv.h"
#include "put.h"
#include "relations.h"
#include "survival.h"

#include <math.h>

rad_status rad_estimates_room(size_t sites, rad_estimates *e, rad_error *error) {
    *e = (rad_estimates){0, rad_new(sites, sizeof *e->site, error), rad_new(sites, sizeof *e->y, error),
                         rad_new(sites, sizeof *e->v, error)};
    return e->site && e->y && e->v ? RAD_OK : RAD_NO_MEMORY;
}

void rad_estimates_free(rad_estimates *e) {
    rad_free(e->site);
    rad_free(e->y);
    rad_free(e->v);
    *e = (rad_estimates){.count = 0};
}

static void add(rad_estimates *e, size_t site, double y, double v) {
    if (!isfinite(y) || !(v > 0) || !isfinite(v)) return;
    e->site[e->count] = site;
    e->y[e->count] = y;
    e->v[e->count++] = v;
}

void rad_estimates_means(const rad_pool *p, const rad_findings *f, size_t variable, rad_estimates *e) {
    e->count = 0;
    for (size_t s = 0; s < p->count; s++) {
        const rad_description *d = &f->site[variable * p->count + s];
        if (d->n > 1) add(e, s, d->mean, d->variance / (double)d->n);
    }
}

rad_status rad_estimates_analyse(const rad_pool *p, const rad_findings *f, rad_meta **out, rad_error *error) {
    rad_estimates e;
    *out = rad_new(p->total.count, sizeof **out, error);
    if (!*out) return RAD_NO_MEMORY;
    rad_status status = rad_estimates_room(p->count, &e, error);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++) {
        rad_estimates_means(p, f, v, &e);
        rad_meta_analyse(e.y, e.v, e.count, RAD_META_REML, &(*out)[v]);
    }
    rad_estimates_free(&e);
    return status;
}

rad_status rad_estimates_differences(const rad_pool *p, size_t factor, size_t variable, rad_estimates *e,
                                     rad_error *error) {
    rad_status status = RAD_OK;
    e->count = 0;
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        const rad_moments *a = rad_summary_level(&p->sites[s], p->study, factor, 0, variable),
                          *b = rad_summary_level(&p->sites[s], p->study, factor, 1, variable);
        rad_description x, y;
        double difference;
        status = rad_describe(a, 0, &x, error);
        if (status == RAD_OK) status = rad_describe(b, 0, &y, error);
        if (status == RAD_OK) status = rad_describe_difference(a, b, &difference, error);
        if (status == RAD_OK && x.n > 1 && y.n > 1)
            add(e, s, difference, x.variance / (double)x.n + y.variance / (double)y.n);
    }
    return status;
}

rad_status rad_estimates_slopes(const rad_pool *p, size_t columns, size_t column, size_t variable,
                                rad_estimates *e, rad_error *error) {
    rad_term term[RAD_DESIGN_MAX + 1];
    rad_status status = RAD_OK;
    e->count = 0;
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        status = rad_models_of_site(p, s, columns, variable, term, error);
        if (status == RAD_OK) add(e, s, term[column].estimate, term[column].se * term[column].se);
    }
    return status;
}

void rad_estimates_correlations(const rad_pool *p, size_t i, size_t j, rad_estimates *e) {
    e->count = 0;
    for (size_t s = 0; s < p->count; s++) {
        const rad_relation *all = p->sites[s].relations, *r = all ? &all[j * (j + 1) / 2 + i] : NULL;
        if (r && r->n > 3) add(e, s, atanh(r->correlation), 1 / (double)(r->n - 3));
    }
}

void rad_estimates_odds(const rad_pool *p, size_t table, rad_estimates *e) {
    const size_t columns = p->study->factors[p->study->tables[table][1]].levels + 1;
    e->count = 0;
    for (size_t s = 0; s < p->count; s++) {
        const int64_t *counts = p->sites[s].tables[table];
        const int64_t cell[] = {counts[0], counts[1], counts[columns], counts[columns + 1]};
        double x[4], half = 0, variance = 0;
        bool shown = true;
        for (size_t i = 0; i < 4; i++) {
            shown = shown && cell[i] >= 0;
            if (!cell[i]) half = 0.5;
        }
        for (size_t i = 0; i < 4; i++) {
            x[i] = (double)cell[i] + half;
            variance += 1 / x[i];
        }
        if (shown) add(e, s, log(x[0] * x[3] / (x[1] * x[2])), variance);
    }
}

rad_status rad_estimates_hazards(const rad_pool *p, size_t outcome, size_t factor, rad_estimates *e,
                                 rad_error *error) {
    rad_logrank *test = rad_new(1, sizeof *test, error);
    rad_status status = test ? RAD_OK : RAD_NO_MEMORY;
    e->count = 0;
    for (size_t s = 0; s < p->count && status == RAD_OK; s++) {
        status = rad_logrank_of_site(p, s, outcome, factor, test, error);
        if (status == RAD_OK) add(e, s, test->estimate, test->variance);
    }
    rad_free(test);
    return status;
}

/* REML may be known already (NULL: not). */
static void put_meta(FILE *out, const char *variable, const char *what, const rad_estimates *e,
                     const rad_meta *known) {
    for (int how = 0; how < RAD_META_METHODS; how++) {
        rad_meta m;
        if (known && how == RAD_META_REML)
            m = *known;
        else
            rad_meta_analyse(e->y, e->v, e->count, (rad_meta_method)how, &m);
        const double numbers[] = {m.estimate, m.se, m.low, m.high,        m.tau2,
                                  m.i2,       m.q,  m.q_p, m.predict_low, m.predict_high};
        rad_csv_put(out, variable);
        rad_put_text(out, what);
        rad_put_text(out, rad_meta_words[how]);
        fprintf(out, ",%zu", m.sites);
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
}

enum { WORDS = 6 * RAD_NAME };

/* "sex F - M". */
static const char *levels_text(const rad_factor *f, const char *before, char text[WORDS]) {
    snprintf(text, WORDS, "%s%s %s - %s", before, f->name, f->level[0], f->level[1]);
    return text;
}

static rad_status put_variable(FILE *out, const rad_results *r, size_t v, rad_estimates *e,
                               rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    const char *name = p->total.variables[v].name;
    char text[WORDS];
    rad_status status = RAD_OK;
    if (s->analyses & RAD_ANALYSIS_MOMENTS) {
        rad_estimates_means(p, &r->findings, v, e);
        put_meta(out, name, "mean", e, &r->means[v]);
    }
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        if (!s->factors[f].group || s->factors[f].levels != 2 || !(s->analyses & RAD_ANALYSIS_GROUPS))
            continue;
        status = rad_estimates_differences(p, f, v, e, error);
        put_meta(out, name, levels_text(&s->factors[f], "", text), e, NULL);
    }
    for (size_t j = 0; j + 1 < r->models.terms && status == RAD_OK && p->total.models.shown[v]; j++) {
        status = rad_estimates_slopes(p, r->models.terms - 1, j, v, e, error);
        snprintf(text, sizeof text, "slope %s", r->models.name[j]);
        put_meta(out, name, text, e, NULL);
    }
    return status;
}

static void put_correlations(FILE *out, const rad_pool *p, rad_estimates *e) {
    const rad_summary *t = &p->total;
    char text[WORDS];
    for (size_t j = 0; j < t->panel && t->panel <= RAD_RELATIONS_MAX; j++)
        for (size_t i = 0; i < j; i++) {
            rad_estimates_correlations(p, i, j, e);
            snprintf(text, sizeof text, "atanh correlation with %s", t->variables[t->of[j]].name);
            put_meta(out, t->variables[t->of[i]].name, text, e, NULL);
        }
}

static void put_odds(FILE *out, const rad_pool *p, rad_estimates *e) {
    const rad_study *s = p->study;
    char text[WORDS], before[WORDS / 2];
    for (size_t t = 0; t < s->table_count && s->analyses & RAD_ANALYSIS_TABLES; t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        if (a->levels != 2 || b->levels != 2) continue;
        rad_estimates_odds(p, t, e);
        snprintf(before, sizeof before, "log odds ratio %s - %s, ", a->level[0], a->level[1]);
        put_meta(out, a->name, levels_text(b, before, text), e, NULL);
    }
}

static rad_status put_hazards(FILE *out, const rad_pool *p, rad_estimates *e, rad_error *error) {
    const rad_study *s = p->study;
    char text[WORDS];
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && s->analyses & RAD_ANALYSIS_SURVIVAL; o++)
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
            if (!s->survivals[o].by[f] || s->factors[f].levels != 2) continue;
            status = rad_estimates_hazards(p, o, f, e, error);
            put_meta(out, s->survivals[o].name, levels_text(&s->factors[f], "log hazard ratio ", text), e,
                     NULL);
        }
    return status;
}

rad_status rad_estimates_table(FILE *out, void *context, rad_error *error) {
    const rad_results *r = context;
    rad_estimates e;
    rad_status status = rad_estimates_room(r->pool->count, &e, error);
    fputs("variable,estimate_of,method,sites,estimate,se,low,high,tau2,i2,q,p_q,predict_low,predict_high\r\n",
          out);
    for (size_t v = 0; v < r->pool->total.count && status == RAD_OK; v++)
        status = put_variable(out, r, v, &e, error);
    if (status == RAD_OK) put_correlations(out, r->pool, &e);
    if (status == RAD_OK) put_odds(out, r->pool, &e);
    if (status == RAD_OK) status = put_hazards(out, r->pool, &e, error);
    rad_estimates_free(&e);
    return status;
}
