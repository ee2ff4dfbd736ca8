#include "pooled_tables.h"

#include "../federate/pool/estimates.h"
#include "../io/csv.h"
#include "fields.h"

/* REML may be known already (NULL: not). */
static void put_meta(FILE *out, const rad_results *r, const char *variable, const char *what,
                     const rad_estimates *e, const rad_meta *known) {
    const rad_basis basis = rad_estimates_basis(r->pool, e);
    for (int how = 0; how < RAD_META_METHODS; how++) {
        rad_meta m;
        if (known && how == RAD_META_REML)
            m = *known;
        else
            rad_estimates_analyse(r->pool, e, (rad_meta_method)how, &m);
        const double numbers[] = {m.estimate, m.se, m.low, m.high,        m.tau2,
                                  m.i2,       m.q,  m.q_p, m.predict_low, m.predict_high};
        rad_csv_put(out, variable);
        rad_fields_text(out, what);
        rad_fields_text(out, rad_meta_words[how]);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, r, &basis, "%.90s: %.90s", variable, what);
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
    if (rad_study_computed(s, name)) return RAD_OK; /* only its correlations mean something */
    if (rad_study_asks(s, RAD_MOMENTS)) {
        rad_estimates_means(p, r->moments.site, v, e);
        put_meta(out, r, name, "mean", e, &r->moments.means[v]);
    }
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        if (!s->factors[f].group || s->factors[f].levels != 2 || !rad_study_asks(s, RAD_GROUPS)) continue;
        status = rad_estimates_differences(p, f, v, e, error);
        put_meta(out, r, name, levels_text(&s->factors[f], "", text), e, NULL);
    }
    for (size_t j = 0; j + 1 < r->models.terms && status == RAD_OK && p->total.blocks[RAD_MODEL].shown[v];
         j++) {
        status = rad_estimates_slopes(p, r->models.terms - 1, j, v, e, error);
        snprintf(text, sizeof text, "slope %s", r->models.name[j]);
        put_meta(out, r, name, text, e, NULL);
    }
    return status;
}

static void put_correlations(FILE *out, const rad_results *r, rad_estimates *e) {
    const rad_pool *p = r->pool;
    const rad_summary *t = &p->total;
    char text[WORDS];
    for (size_t j = 0; j < t->panel && t->panel <= RAD_RELATIONS_MAX; j++)
        for (size_t i = 0; i < j; i++) {
            rad_estimates_correlations(p, i, j, e);
            snprintf(text, sizeof text, "atanh correlation with %s", t->variables[t->of[j]].name);
            put_meta(out, r, t->variables[t->of[i]].name, text, e, NULL);
        }
}

static void put_odds(FILE *out, const rad_results *r, rad_estimates *e) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    char text[WORDS], before[WORDS / 2];
    for (size_t t = 0; t < s->table_count && rad_study_asks(s, RAD_TABLES); t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        if (a->levels != 2 || b->levels != 2) continue;
        rad_estimates_odds(p, t, e);
        snprintf(before, sizeof before, "log odds ratio %s - %s, ", a->level[0], a->level[1]);
        put_meta(out, r, a->name, levels_text(b, before, text), e, NULL);
    }
}

static rad_status put_hazards(FILE *out, const rad_results *r, rad_estimates *e, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_study *s = p->study;
    char text[WORDS];
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && rad_study_asks(s, RAD_SURVIVAL); o++)
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
            if (!s->survivals[o].by[f] || s->factors[f].levels != 2) continue;
            status = rad_estimates_hazards(p, o, f, e, error);
            put_meta(out, r, s->survivals[o].name, levels_text(&s->factors[f], "log hazard ratio ", text), e,
                     NULL);
        }
    return status;
}

rad_status rad_tables_estimates(FILE *out, const rad_results *r, rad_error *error) {
    rad_estimates e;
    rad_status status = rad_estimates_allocate(r->pool->count, &e, error);
    fputs("variable,estimate_of,method,estimate,se,low,high,tau2,i2,q,p_q,predict_low,predict_high,sites,"
          "patients\r\n",
          out);
    for (size_t v = 0; v < r->pool->total.count && status == RAD_OK; v++)
        status = put_variable(out, r, v, &e, error);
    if (status == RAD_OK) put_correlations(out, r, &e);
    if (status == RAD_OK) put_odds(out, r, &e);
    if (status == RAD_OK) status = put_hazards(out, r, &e, error);
    rad_estimates_free(&e);
    return status;
}
