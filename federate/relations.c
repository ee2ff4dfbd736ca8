#include "relations.h"

#include "../core/memory.h"
#include "../io/csv.h"
#include "describe.h"
#include "inference.h"
#include "meta.h"
#include "put.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LOADINGS = 10 };

static const rad_moments *level_of(const rad_summary *s, const rad_study *study, size_t factor, size_t level,
                                   size_t variable) {
    return &s->moments[rad_summary_set(study, factor, level) * s->count + variable];
}

/* One kind of test of all variables by one group, with p-values adjusted over them. */
typedef enum kind { STUDENT, WELCH, ANOVA, KINDS } kind;
static const char *const kinds[KINDS] = {"t", "welch", "anova"};

static rad_status test_one(const rad_pool *p, size_t factor, size_t variable, kind how, rad_test *out,
                           rad_error *error) {
    const rad_factor *f = &p->study->factors[factor];
    const rad_moments *groups[RAD_FACTOR_LEVELS];
    for (size_t l = 0; l < f->levels; l++) groups[l] = level_of(&p->total, p->study, factor, l, variable);
    if (how == ANOVA) return rad_test_anova(groups, f->levels, out, error);
    return rad_test_means(groups[0], groups[1], how == WELCH, out, error);
}

static rad_status put_tests(const rad_pool *p, size_t factor, kind how, FILE *out, rad_error *error) {
    const size_t count = p->total.count;
    rad_test *tests = rad_new(count, sizeof *tests, error);
    double *values = rad_new(count, sizeof *values, error),
           *adjusted = rad_new(count, sizeof *adjusted, error);
    rad_status status = tests && values && adjusted ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        status = test_one(p, factor, v, how, &tests[v], error);
        values[v] = tests[v].p;
    }
    if (status == RAD_OK) status = rad_test_adjust(values, count, adjusted, error);
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        const rad_test *t = &tests[v];
        const double numbers[] = {t->statistic, t->df1, t->df2,  t->p,     adjusted[v],
                                  t->estimate,  t->low, t->high, t->effect};
        rad_csv_put(out, p->total.variables[v].name);
        rad_put_text(out, p->study->factors[factor].name);
        rad_put_text(out, kinds[how]);
        fprintf(out, ",%" PRIu64, t->n);
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
    rad_free(tests);
    rad_free(values);
    rad_free(adjusted);
    return status;
}

rad_status rad_relations_tests(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_related *)context)->pool;
    rad_status status = RAD_OK;
    fputs("variable,group,test,n,statistic,df1,df2,p,p_adjusted,difference,low,high,eta_squared\r\n", out);
    for (size_t f = 0; f < p->study->factor_count; f++)
        for (int how = 0; how < KINDS && p->study->factors[f].group && status == RAD_OK; how++)
            if (how == ANOVA || p->study->factors[f].levels == 2)
                status = put_tests(p, f, (kind)how, out, error);
    return status;
}

rad_status rad_relations_sites(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_related *)context)->pool;
    const size_t count = p->total.count;
    const rad_moments **groups = rad_new(p->count, sizeof(const rad_moments *), error);
    rad_test *tests = rad_new(count, sizeof *tests, error);
    double *values = rad_new(count, sizeof *values, error),
           *adjusted = rad_new(count, sizeof *adjusted, error);
    rad_status status = groups && tests && values && adjusted ? RAD_OK : RAD_NO_MEMORY;
    fputs("variable,n,sites,statistic,df1,df2,p,p_adjusted,eta_squared\r\n", out);
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        for (size_t s = 0; s < p->count; s++) groups[s] = &p->sites[s].moments[v];
        status = rad_test_anova(groups, p->count, &tests[v], error);
        values[v] = tests[v].p;
    }
    if (status == RAD_OK) status = rad_test_adjust(values, count, adjusted, error);
    for (size_t v = 0; v < count && status == RAD_OK; v++) {
        const rad_test *t = &tests[v];
        const double numbers[] = {t->statistic, t->df1, t->df2, t->p, adjusted[v], t->effect};
        rad_csv_put(out, p->total.variables[v].name);
        fprintf(out, ",%" PRIu64 ",%zu", t->n, rad_pool_sites_of(p, 0, v));
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
    rad_free(groups);
    rad_free(tests);
    rad_free(values);
    rad_free(adjusted);
    return status;
}

/* The table without its row and column of missing values; false where a site hides a cell. */
static bool take_table(const rad_pool *p, size_t table, int64_t *counts) {
    const rad_factor *a = &p->study->factors[p->study->tables[table][0]],
                     *b = &p->study->factors[p->study->tables[table][1]];
    for (size_t r = 0; r < a->levels; r++)
        for (size_t c = 0; c < b->levels; c++) {
            const size_t at = r * (b->levels + 1) + c;
            for (size_t s = 0; s < p->count; s++)
                if (p->sites[s].tables[table][at] < 0) return false;
            counts[r * b->levels + c] = p->total.tables[table][at];
        }
    return true;
}

rad_status rad_relations_tables(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_related *)context)->pool;
    const rad_study *s = p->study;
    int64_t counts[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS];
    (void)error;
    fputs("row_variable,column_variable,n,chi_square,df,p,p_fisher,odds_ratio\r\n", out);
    for (size_t t = 0; t < s->table_count; t++) {
        const rad_factor *a = &s->factors[s->tables[t][0]], *b = &s->factors[s->tables[t][1]];
        rad_test chi, fisher = {.p = NAN, .estimate = NAN};
        rad_csv_put(out, a->name);
        rad_put_text(out, b->name);
        if (!take_table(p, t, counts)) {
            fputs(",,,,,,\r\n", out);
            continue;
        }
        rad_test_chi_square(counts, a->levels, b->levels, &chi);
        if (a->levels == 2 && b->levels == 2) rad_test_fisher(counts, &fisher);
        const double numbers[] = {chi.statistic, chi.df1, chi.p, fisher.p, fisher.estimate};
        fprintf(out, ",%" PRIu64, chi.n);
        rad_put_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_put_end(out);
    }
    return RAD_OK;
}

/* What the sites estimate: a mean, or the difference of the two levels of a group. */
typedef struct estimates {
    size_t count;
    double *y, *v;
} estimates;

static rad_status add_mean(const rad_moments *m, double centre, estimates *e, rad_error *error) {
    rad_description d;
    rad_status status = rad_describe(m, centre, &d, error);
    if (status != RAD_OK || !m->powers || m->n < 2 || !(d.variance > 0)) return status;
    e->y[e->count] = d.mean;
    e->v[e->count++] = d.variance / (double)m->n;
    return RAD_OK;
}

static rad_status add_difference(const rad_moments *a, const rad_moments *b, estimates *e, rad_error *error) {
    rad_description x, y;
    double difference;
    rad_status status = rad_describe(a, 0, &x, error);
    if (status == RAD_OK) status = rad_describe(b, 0, &y, error);
    if (status == RAD_OK) status = rad_describe_difference(a, b, &difference, error);
    if (status != RAD_OK || !a->powers || !b->powers || a->n < 2 || b->n < 2) return status;
    const double v = x.variance / (double)a->n + y.variance / (double)b->n;
    if (!(v > 0)) return RAD_OK;
    e->y[e->count] = difference;
    e->v[e->count++] = v;
    return RAD_OK;
}

static void put_meta(const char *variable, const char *what, const estimates *e, FILE *out) {
    for (int how = 0; how < RAD_META_METHODS; how++) {
        rad_meta m;
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

static rad_status meta_variable(const rad_pool *p, size_t v, estimates *e, FILE *out, rad_error *error) {
    const rad_study *s = p->study;
    const rad_summary_variable *x = &p->total.variables[v];
    rad_status status = RAD_OK;
    e->count = 0;
    for (size_t i = 0; i < p->count && status == RAD_OK; i++)
        status = add_mean(&p->sites[i].moments[v], x->centre, e, error);
    put_meta(x->name, "mean", e, out);
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        char what[3 * RAD_NAME + 16];
        if (!s->factors[f].group || s->factors[f].levels != 2 || !(s->analyses & RAD_ANALYSIS_GROUPS))
            continue;
        e->count = 0;
        for (size_t i = 0; i < p->count && status == RAD_OK; i++)
            status = add_difference(level_of(&p->sites[i], s, f, 0, v), level_of(&p->sites[i], s, f, 1, v), e,
                                    error);
        snprintf(what, sizeof what, "%s %s - %s", s->factors[f].name, s->factors[f].level[0],
                 s->factors[f].level[1]);
        put_meta(x->name, what, e, out);
    }
    return status;
}

rad_status rad_relations_meta(FILE *out, void *context, rad_error *error) {
    const rad_pool *p = ((const rad_related *)context)->pool;
    estimates e = {0, rad_new(p->count, sizeof(double), error), rad_new(p->count, sizeof(double), error)};
    rad_status status = e.y && e.v ? RAD_OK : RAD_NO_MEMORY;
    fputs("variable,estimate_of,method,sites,estimate,se,low,high,tau2,i2,q,p_q,predict_low,predict_high\r\n",
          out);
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
        status = meta_variable(p, v, &e, out, error);
    rad_free(e.y);
    rad_free(e.v);
    return status;
}

static rad_status take_components(rad_related *out, rad_error *error) {
    rad_status status = rad_correlations_take(out->pool, &out->correlations, error);
    const size_t n = out->correlations.count;
    out->components = n < LOADINGS ? n : LOADINGS;
    out->values = rad_new(n, sizeof *out->values, error);
    out->vectors = rad_new(n * LOADINGS, sizeof *out->vectors, error);
    if (status == RAD_OK && (!out->values || !out->vectors)) status = RAD_NO_MEMORY;
    return status == RAD_OK
               ? rad_components_take(&out->correlations, out->components, out->values, out->vectors, error)
               : status;
}

rad_status rad_related_make(const rad_pool *pool, bool withhold, rad_related *out, rad_error *error) {
    *out = (rad_related){.pool = pool};
    rad_status status =
        pool->study->analyses & RAD_ANALYSIS_COVARIANCE ? take_components(out, error) : RAD_OK;
    if (status == RAD_OK && pool->total.models.cells)
        status = rad_combat_fit(pool, withhold, &out->combat, error);
    if (status != RAD_OK) rad_related_free(out);
    return status;
}

void rad_related_free(rad_related *r) {
    rad_correlations_free(&r->correlations);
    rad_combat_free(&r->combat);
    rad_free(r->values);
    rad_free(r->vectors);
    *r = (rad_related){.pool = NULL};
}

rad_status rad_relations_components(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const double n = (double)r->correlations.count;
    double sum = 0;
    (void)error;
    fputs("component,eigenvalue,share,cumulative\r\n", out);
    for (size_t k = 0; k < r->correlations.count; k++) {
        sum += r->values[k];
        const double numbers[] = {r->values[k], r->values[k] / n, sum / n};
        fprintf(out, "%zu", k + 1);
        rad_put_numbers(out, numbers, 3);
        rad_put_end(out);
    }
    return RAD_OK;
}

rad_status rad_relations_loadings(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const rad_correlations *c = &r->correlations;
    (void)error;
    fputs("variable,component,weight,loading\r\n", out);
    for (size_t k = 0; k < r->components; k++)
        for (size_t i = 0; i < c->count; i++) {
            const double weight = r->vectors[k * c->count + i];
            rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
            fprintf(out, ",%zu", k + 1);
            rad_put_number(out, weight);
            rad_put_number(out, weight * sqrt(fmax(0, r->values[k])));
            rad_put_end(out);
        }
    return RAD_OK;
}

rad_status rad_relations_clusters(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const rad_correlations *c = &r->correlations;
    size_t *cluster = rad_new(c->count, sizeof *cluster, error);
    bool *kept = rad_new(c->count, sizeof *kept, error);
    rad_status status = cluster && kept
                            ? rad_clusters_take(c, r->pool->study->redundancy, cluster, kept, error)
                            : RAD_NO_MEMORY;
    fputs("variable,cluster,keep\r\n", out);
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        rad_csv_put(out, r->pool->total.variables[c->of[i]].name);
        fprintf(out, ",%zu,%s\r\n", cluster[i], kept[i] ? "yes" : "no");
    }
    rad_free(cluster);
    rad_free(kept);
    return status;
}

rad_status rad_relations_partial(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const rad_correlations *c = &r->correlations;
    const rad_summary_variable *variables = r->pool->total.variables;
    size_t volume = 0;
    (void)error;
    fputs("a,b,correlation,given_volume\r\n", out);
    while (volume < c->count && strcmp(r->pool->study->volume, variables[c->of[volume]].name) != 0) volume++;
    for (size_t j = 0; j < c->count && volume < c->count; j++)
        for (size_t i = 0; i < j; i++) {
            rad_csv_put(out, variables[c->of[i]].name);
            rad_put_text(out, variables[c->of[j]].name);
            rad_put_number(out, c->r[i * c->count + j]);
            rad_put_number(out, rad_correlations_given(c, i, j, volume));
            rad_put_end(out);
        }
    return RAD_OK;
}
