#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

rad_status rad_tables_models(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_models *m = &r->models;
    (void)error;
    fputs("variable,adjusted_for,term,n,estimate,se,t,df,p,p_adjusted\r\n", out);
    for (int by_site = 0; by_site < 2; by_site++)
        for (size_t j = 0; j < m->terms; j++)
            for (size_t v = 0; v < p->total.count; v++) {
                const rad_term *x = &m->term[by_site][v * m->terms + j];
                if (!p->total.blocks[RAD_MODEL].shown[v] || !x->n) continue;
                const double numbers[] = {x->estimate, x->se, x->t, x->df, x->p, x->adjusted};
                rad_csv_put(out, p->total.variables[v].name);
                rad_fields_text(out, by_site ? "site" : "none");
                rad_fields_text(out, m->name[j]);
                fprintf(out, ",%llu", (unsigned long long)x->n);
                rad_fields_numbers(out, numbers, 6);
                rad_fields_end(out);
            }
    return RAD_OK;
}

rad_status rad_tables_harmonisation(FILE *out, const rad_results *r, rad_error *error) {
    const rad_harmonisation *c = &r->combat;
    (void)error;
    fputs("variable,site,batch,n,gamma_hat,delta_hat,gamma,delta\r\n", out);
    for (size_t v = 0; v < c->count; v++)
        for (size_t i = 0; i < c->sites && c->variables[v].used; i++) {
            if (c->batch[i] == c->sites) continue;
            const rad_site_effect *e = &c->effects[i * c->count + v];
            const double numbers[] = {e->n, e->gamma_hat, e->delta_hat, e->gamma_star, e->delta_star};
            rad_csv_put(out, c->variables[v].name);
            rad_fields_text(out, c->site[i]);
            rad_fields_text(out, c->site[c->batch[i]]);
            rad_fields_numbers(out, numbers, 5);
            rad_fields_end(out);
        }
    return RAD_OK;
}

rad_status rad_tables_harmonisation_file(FILE *out, const rad_results *r, rad_error *error) {
    return rad_harmonisation_write(out, &r->combat, r->pool->study, error);
}
