#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <math.h>
#include <string.h>

rad_status rad_tables_models(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_models *m = &r->models;
    (void)error;
    fputs("variable,adjusted_for,term,n,estimate,se,t,df,p,p_adjusted,sites,patients\r\n", out);
    for (int by_site = 0; by_site < 2; by_site++)
        for (size_t j = 0; j < m->terms; j++)
            for (size_t v = 0; v < p->total.count; v++) {
                const rad_term *x = &m->term[by_site][v * m->terms + j];
                if (!p->total.blocks[RAD_MODEL].shown[v] || (!x->n && x->basis.shown)) continue;
                if (by_site && j + 1 == m->terms) continue; /* each has an intercept of its own */
                const double numbers[] = {x->estimate, x->se, x->t, x->df, x->p, x->adjusted};
                rad_csv_put(out, p->total.variables[v].name);
                rad_fields_text(out, by_site ? "site" : "none");
                rad_fields_text(out, m->name[j]);
                rad_fields_count(out, x->basis.shown, x->n);
                rad_fields_numbers(out, numbers, 6);
                rad_fields_basis(out, r, &x->basis, "%.90s: %.90s", p->total.variables[v].name, m->name[j]);
            }
    return RAD_OK;
}

/* F of all levels of a factor in one model. */
static void put_factor(FILE *out, const rad_results *r, const char *model[2], const char *variable,
                       size_t factor, const rad_test *x, double adjusted) {
    const double numbers[] = {x->statistic, x->df1, x->df2, x->p, adjusted, x->effect};
    const char *name = r->pool->study->factors[factor].name;
    rad_csv_put(out, model[0]);
    rad_fields_text(out, model[1]);
    rad_fields_text(out, variable);
    rad_fields_text(out, name);
    rad_fields_count(out, x->basis.shown, x->n);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    rad_fields_basis(out, r, &x->basis, "%.60s: %.60s", *model[0] ? model[0] : variable, name);
}

rad_status rad_tables_factors(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_models *m = &r->models;
    size_t some = m->factors;
    (void)error;
    fputs("model,adjusted_for,variable,factor,n,statistic,df1,df2,p,p_adjusted,partial_eta_squared,sites,"
          "patients\r\n",
          out);
    for (int by_site = 0; by_site < 2; by_site++)
        for (size_t k = 0; k < m->factors; k++)
            for (size_t v = 0; v < p->total.count; v++) {
                const rad_tests *t = &m->joint[by_site][k];
                if (p->total.blocks[RAD_MODEL].shown[v])
                    put_factor(out, r, (const char *[]){"", by_site ? "site" : "none"},
                               p->total.variables[v].name, t->factor, &t->test[v], t->adjusted[v]);
            }
    for (size_t i = 0; r->fitted && i < p->study->model_count; i++)
        for (size_t k = 0; r->fitted[i].joint && k < p->study->factor_count; k++) {
            const rad_fitted *f = &r->fitted[i];
            if (!f->joint[k].n) continue;
            some++;
            put_factor(out, r, (const char *[]){f->model->name, "none"}, f->model->response, k, &f->joint[k],
                       NAN);
        }
    rad_fields_unasked(r, !some);
    return RAD_OK;
}

/* Sites that the harmonisation of a variable is of. */
static rad_basis basis_of(const rad_results *r, size_t v) {
    const rad_harmonisation *c = &r->combat;
    double patients = 0;
    size_t sites = 0;
    for (size_t i = 0; i < c->sites; i++) {
        sites += c->batch[i] < c->sites;
        patients += c->batch[i] == i ? c->effects[i * c->count + v].n : 0;
    }
    return rad_basis_make(&r->pool->rules, sites, (uint64_t)patients);
}

/* Those that are left out have no rows. */
static void note_left_out(const rad_results *r) {
    const rad_harmonisation *c = &r->combat;
    const rad_basis none = {0};
    for (size_t v = 0; v < c->count; v++)
        if (!c->variables[v].used && strcmp(c->variables[v].why, rad_harmonisation_covariate) != 0)
            rad_fields_note(r, &none, r->pool->count, "%.150s", c->variables[v].name);
}

rad_status rad_tables_harmonisation(FILE *out, const rad_results *r, rad_error *error) {
    const rad_harmonisation *c = &r->combat;
    (void)error;
    rad_fields_single(r);
    note_left_out(r);
    fputs("variable,site,batch,n,gamma_hat,delta_hat,gamma,delta,sites,patients\r\n", out);
    for (size_t v = 0; v < c->count; v++) {
        const rad_basis basis = basis_of(r, v);
        for (size_t i = 0; i < c->sites && c->variables[v].used; i++) {
            if (c->batch[i] == c->sites) continue;
            const rad_site_effect *e = &c->effects[i * c->count + v];
            const double numbers[] = {e->n, e->gamma_hat, e->delta_hat, e->gamma_star, e->delta_star};
            rad_csv_put(out, c->variables[v].name);
            rad_fields_text(out, c->site[i]);
            rad_fields_text(out, c->site[c->batch[i]]);
            rad_fields_numbers(out, numbers, 5);
            rad_fields_basis(out, r, &basis, "%.150s", c->variables[v].name);
        }
    }
    return RAD_OK;
}

rad_status rad_tables_harmonisation_file(FILE *out, const rad_results *r, rad_error *error) {
    rad_fields_single(r);
    note_left_out(r);
    for (size_t v = 0; v < r->combat.count; v++) {
        const rad_basis basis = basis_of(r, v);
        if (r->combat.variables[v].used)
            rad_fields_note(r, &basis, r->pool->count, "%.150s", r->combat.variables[v].name);
    }
    return rad_harmonisation_write(out, &r->combat, r->pool->study, error);
}
