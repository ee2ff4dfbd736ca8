#include "combat.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "confounding.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What a site's scatter leaves about the slopes: sum of squares about its own mean. */
static double left_over(const rad_scatter *s, const double *slope, size_t q) {
    double sum = s->yy;
    for (size_t i = 0; i < q; i++) {
        if (isnan(slope[i])) continue;
        sum -= 2 * slope[i] * s->dy[i];
        for (size_t j = 0; j < q; j++)
            if (!isnan(slope[j])) sum += slope[i] * s->dd[i * q + j] * slope[j];
    }
    return fmax(0, sum);
}

static double adjusted_mean(const rad_scatter *s, const double *slope, size_t q) {
    double mean = s->y;
    for (size_t i = 0; i < q; i++)
        if (!isnan(slope[i])) mean -= slope[i] * s->d[i];
    return mean;
}

/* Patients of a site who have all columns of the model, and some variable. */
static double patients_of(const rad_pool *p, size_t site) {
    const rad_blocks *b = &p->sites[site].blocks[RAD_MODEL];
    double most = 0;
    for (size_t v = 0; v < p->total.count && b->cells; v++)
        if (b->shown[v]) most = fmax(most, rad_exact_double(&b->sums[v * b->cells]));
    return most;
}

static rad_status refuse_small(const rad_pool *p, size_t site, double n, rad_error *error) {
    if (n == 0) /* fewer than the minimum never have sums */
        return rad_fail(error, RAD_REFUSED,
                        "harmonisation: site %.60s sent no sums of the model: its rules hold them back. Name "
                        "fewer covariates under `model`, or leave the site out with --withhold",
                        p->sites[site].site);
    return rad_fail(error, RAD_REFUSED,
                    "harmonisation: site %.60s has %.0f patient%s with all columns of the model, and %d are "
                    "needed. Set `batches: {small: merge}` in the study, name a smaller minimum, or leave "
                    "the site out with --withhold",
                    p->sites[site].site, n, rad_plural((size_t)n), p->study->batch_minimum);
}

static rad_status make_batches(const rad_pool *p, bool withhold, size_t reference, rad_harmonisation *c,
                               rad_error *error) {
    const double minimum = p->study->batch_minimum;
    rad_status status = RAD_OK;
    double *n = rad_new(c->sites, sizeof *n, error);
    if (!n) return RAD_NO_MEMORY;
    for (size_t i = 0; i < c->sites; i++) {
        c->batch[i] = i;
        n[i] = patients_of(p, i);
    }
    if (reference < c->sites && n[reference] < minimum)
        status = rad_fail(error, RAD_CONFIG,
                          "harmonisation: the reference %.60s has %.0f patient%s with all columns of the "
                          "model, and %.0f are needed; name another one",
                          p->sites[reference].site, n[reference], rad_plural((size_t)n[reference]), minimum);
    if (status == RAD_OK && p->study->batch_merge && !*c->by)
        rad_harmonisation_merge(c->batch, n, c->sites, minimum, reference);
    for (size_t i = 0; i < c->sites && status == RAD_OK; i++) {
        if (c->batch[i] != i || n[i] >= minimum) continue;
        if (!withhold) status = refuse_small(p, i, n[i], error);
        for (size_t k = 0; k < c->sites; k++)
            if (c->batch[k] == i) c->batch[k] = c->sites;
    }
    rad_free(n);
    return status;
}

/* The sums of a batch; *shown is false where one of its sites withholds them. */
static rad_status add_batch(const rad_pool *p, const rad_harmonisation *c, size_t batch, size_t v,
                            rad_scatter *out, bool *shown, rad_error *error) {
    const size_t cells = p->total.blocks[RAD_MODEL].cells;
    rad_exact *sums = rad_new(cells, sizeof *sums, error);
    rad_status status = sums ? RAD_OK : RAD_NO_MEMORY;
    *shown = true;
    for (size_t i = 0; i < c->sites && status == RAD_OK; i++) {
        const rad_blocks *b = &p->sites[i].blocks[RAD_MODEL];
        if (c->batch[i] != batch) continue;
        *shown = *shown && b->cells && b->shown[v];
        for (size_t k = 0; k < cells && *shown && status == RAD_OK; k++)
            status = rad_exact_add(&sums[k], &b->sums[v * cells + k], error);
    }
    const size_t columns = rad_design_columns(cells);
    if (status == RAD_OK && *shown) status = rad_scatter_compute(sums, columns, out, error);
    if (status == RAD_OK && *shown) rad_scatter_within(out, columns, c->columns);
    for (size_t k = 0; sums && k < cells; k++) rad_exact_free(&sums[k]);
    rad_free(sums);
    return status;
}

/* What all variables are fitted with. */
typedef struct fitting {
    const rad_pool *pool;
    rad_harmonisation *combat;
    rad_design *design;   /* owned */
    rad_scatter *batches; /* those of the batches, by first site, and one more; owned */
    rad_fit *fit;         /* owned */
    size_t reference;
    size_t used;                      /* variables */
    const rad_harmonised *confounded; /* the first one, or NULL */
} fitting;

/* The variable is not used, and why. */
static void leave_out(rad_harmonised *x, const char *format, ...) RAD_PRINTF(2, 3);
static void leave_out(rad_harmonised *x, const char *format, ...) {
    va_list args;
    x->used = false;
    va_start(args, format);
    vsnprintf(x->why, sizeof x->why, format, args);
    va_end(args);
}

/* The first site that shows no sums of the variable, of those of a batch, or `sites` for all. */
static const char *site_without(const rad_pool *p, const rad_harmonisation *c, size_t batch, size_t v) {
    for (size_t i = 0; i < c->sites; i++) {
        const rad_blocks *b = &p->sites[i].blocks[RAD_MODEL];
        if ((batch == c->sites || c->batch[i] == batch) && !(b->cells && b->shown[v])) return c->site[i];
    }
    return "a site";
}

/* Sites of all batches: harmonisation is of a few only where enough are left. */
static bool has_sites(fitting *f, rad_harmonised *x) {
    const rad_harmonisation *c = f->combat;
    size_t sites = 0;
    for (size_t i = 0; i < c->sites; i++) sites += c->batch[i] < c->sites;
    if (sites >= (size_t)f->pool->rules.sites) return true;
    leave_out(x, "%zu sites are large enough, and the rules require %d", sites, f->pool->rules.sites);
    return false;
}

/* The sums of every batch, and those within them added up behind the last. */
static rad_status add_batches(fitting *f, size_t v, rad_error *error) {
    rad_harmonisation *c = f->combat;
    rad_harmonised *x = &c->variables[v];
    rad_scatter *all = &f->batches[c->sites];
    rad_status status = RAD_OK;
    bool shown = true;
    rad_scatter_clear(all, c->columns);
    x->used = true;
    for (size_t i = 0; i < c->sites && status == RAD_OK && x->used; i++) {
        if (c->batch[i] != i) continue;
        status = add_batch(f->pool, c, i, v, &f->batches[i], &shown, error);
        if (!shown)
            leave_out(x, "held back at %s", site_without(f->pool, c, i, v));
        else if (!(f->batches[i].n > 1))
            leave_out(x, "fewer than two patients at %s", c->site[i]);
        else if (!(f->batches[i].yy > 0))
            leave_out(x, "constant at %s", c->site[i]);
        if (x->used) rad_scatter_add(all, &f->batches[i], c->columns);
    }
    if (x->used && !(all->n > 0)) leave_out(x, "no site is large enough");
    return status;
}

/* Is the variable a covariate of the model itself? */
static bool is_covariate(const rad_design *d, const char *name) {
    for (size_t j = 0; j < d->covariates; j++)
        if (!d->column[j].level && !strcmp(d->column[j].name, name)) return true;
    return false;
}

/* The slopes within the batches. */
static void fit_slopes(fitting *f, size_t v) {
    rad_harmonisation *c = f->combat;
    rad_harmonised *x = &c->variables[v];
    const rad_batches b = {f->pool->study, f->design, c->site, c->batch, c->sites, f->batches};
    if (rad_confounding_find(&b, &f->batches[c->sites], x->why, sizeof x->why)) {
        x->used = false;
        if (!f->confounded) f->confounded = x;
    } else if (!rad_scatter_fit(&f->batches[c->sites], c->columns, f->fit) || !(f->fit->residual > 0)) {
        leave_out(x, "the covariates explain all of it");
    }
}

/* One variable over all batches. */
static rad_status fit_variable(fitting *f, size_t v, rad_error *error) {
    rad_harmonisation *c = f->combat;
    rad_harmonised *x = &c->variables[v];
    rad_scatter *batches = f->batches;
    const size_t q = c->columns, reference = f->reference;
    double n = 0, location = 0;
    if (!has_sites(f, x)) return RAD_OK;
    rad_status status = add_batches(f, v, error);
    if (status == RAD_OK && x->used) fit_slopes(f, v);
    if (status != RAD_OK || !x->used) return status;
    memcpy(x->slope, f->fit->slope, q * sizeof *x->slope);
    for (size_t i = 0; i < c->sites; i++) {
        if (c->batch[i] != i) continue;
        location += batches[i].n * adjusted_mean(&batches[i], x->slope, q);
        n += batches[i].n;
    }
    const bool has_reference = reference < c->sites;
    x->location = has_reference ? adjusted_mean(&batches[reference], x->slope, q) : location / n;
    x->scale = sqrt(has_reference ? left_over(&batches[reference], x->slope, q) / batches[reference].n
                                  : f->fit->residual / n);
    if (!(x->scale > 0)) {
        leave_out(x, "the covariates explain all of it at %s", c->site[reference]);
        return RAD_OK;
    }
    for (size_t i = 0; i < c->sites; i++) {
        if (c->batch[i] != i) continue;
        rad_site_effect *e = &c->effects[i * c->count + v];
        *e = (rad_site_effect){batches[i].n, NAN, NAN, NAN, NAN};
        if (*c->by) continue; /* those of its batches are for the site to find (site/harmonise.c) */
        e->gamma_hat = (adjusted_mean(&batches[i], x->slope, q) - x->location) / x->scale;
        e->delta_hat = left_over(&batches[i], x->slope, q) / (x->scale * x->scale) / (batches[i].n - 1);
        if (!(e->delta_hat > 0)) leave_out(x, "the covariates explain all of it at %s", c->site[i]);
    }
    return RAD_OK;
}

static rad_status find_reference(const rad_pool *p, size_t *at, rad_error *error) {
    for (*at = 0; *at < p->count; ++*at)
        if (p->study->reference && !strcmp(p->study->reference, p->sites[*at].site)) return RAD_OK;
    if (!p->study->reference) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "the study names site %.60s as reference of the harmonisation; it is not in the pool",
                    p->study->reference);
}

/* Empirical Bayes in every batch; its sites share the effects. */
static void shrink_all(rad_harmonisation *c, size_t reference) {
    const size_t bytes = c->count * sizeof *c->effects;
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] == i) rad_harmonisation_shrink(c->variables, c->count, c->effects + i * c->count);
    for (size_t v = 0; v < c->count && reference < c->sites; v++) { /* it stays as it is */
        c->effects[reference * c->count + v].gamma_star = 0;
        c->effects[reference * c->count + v].delta_star = 1;
    }
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] < i) memcpy(c->effects + i * c->count, c->effects + c->batch[i] * c->count, bytes);
}

static rad_status fit_variables(fitting *f, rad_error *error) {
    const rad_pool *p = f->pool;
    rad_harmonisation *c = f->combat;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        rad_harmonised *x = &c->variables[v];
        memcpy(x->name, p->total.variables[v].name, RAD_NAME);
        if (is_covariate(f->design, x->name) || rad_study_computed(p->study, x->name))
            leave_out(x, "%s", rad_harmonisation_covariate);
        else if (!p->total.blocks[RAD_MODEL].cells || !p->total.blocks[RAD_MODEL].shown[v])
            leave_out(x, "held back at %s", site_without(p, c, c->sites, v));
        else
            status = fit_variable(f, v, error);
        f->used += x->used;
    }
    return status;
}

/* A covariate that no variable's patients tell from the sites is a fault of the study. */
static rad_status refuse_confounded(const fitting *f, rad_error *error) {
    return rad_fail(
        error, RAD_CONFIG,
        "harmonisation: %s. What belongs to it would be taken out with the sites: name another model "
        "in the study, or give --withhold to write the rest without a harmonisation",
        f->confounded->why);
}

rad_status rad_combat_fit(const rad_pool *p, bool withhold, rad_harmonisation *c, rad_error *error) {
    fitting f = {.pool = p, .combat = c};
    f.design = rad_new(1, sizeof *f.design, error);
    f.batches = rad_new(p->count + 1, sizeof *f.batches, error);
    f.fit = rad_new(1, sizeof *f.fit, error);
    *c = (rad_harmonisation){.count = p->total.count, .sites = p->count};
    memcpy(c->study_hash, p->study->hash, sizeof c->study_hash);
    rad_status status =
        f.design && f.batches && f.fit ? rad_design_make(p->study, f.design, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) c->columns = f.design->covariates;
    if (p->study->batch_by) snprintf(c->by, sizeof c->by, "%s", p->study->batch_by);
    if (status == RAD_OK) status = rad_harmonisation_allocate(c, error);
    for (size_t i = 0; i < c->sites && status == RAD_OK; i++) memcpy(c->site[i], p->sites[i].site, RAD_SITE);
    if (status == RAD_OK) status = find_reference(p, &f.reference, error);
    if (status == RAD_OK) status = make_batches(p, withhold, f.reference, c, error);
    if (status == RAD_OK) status = fit_variables(&f, error);
    if (status == RAD_OK && f.confounded && !f.used && !withhold) status = refuse_confounded(&f, error);
    if (status == RAD_OK && !*c->by) shrink_all(c, f.reference);
    rad_free(f.design);
    rad_free(f.batches);
    rad_free(f.fit);
    if (status != RAD_OK) rad_harmonisation_free(c);
    return status;
}

rad_status rad_combat_shift_compute(const rad_pool *p, const rad_harmonisation *c, size_t site, size_t v,
                                    rad_combat_shift *out, rad_error *error) {
    const rad_harmonised *x = &c->variables[v];
    const rad_site_effect *e = &c->effects[site * c->count + v];
    const size_t q = c->columns;
    *out = (rad_combat_shift){NAN, NAN, NAN, NAN};
    if (!x->used || c->batch[site] == c->sites || *c->by) return RAD_OK;
    rad_scatter *s = rad_new(1, sizeof *s, error);
    if (!s) return RAD_NO_MEMORY;
    rad_status status = rad_scatter_compute(
        &p->sites[site].blocks[RAD_MODEL].sums[v * p->total.blocks[RAD_MODEL].cells], q, s, error);
    const double k = 1 / sqrt(e->delta_star), centre = p->total.variables[v].centre;
    double expected = x->location, cross = 0, square = 0;
    for (size_t i = 0; i < q; i++) {
        if (isnan(x->slope[i])) continue;
        expected += x->slope[i] * s->d[i];
        cross += x->slope[i] * s->dy[i];
        for (size_t j = 0; j < q; j++)
            if (!isnan(x->slope[j])) square += x->slope[i] * s->dd[i * q + j] * x->slope[j];
    }
    const double after = k * k * s->yy + 2 * k * (1 - k) * cross + (1 - k) * (1 - k) * square;
    out->mean = s->y + centre;
    out->deviation = sqrt(s->yy / (s->n - 1));
    out->mean_after = k * s->y + (1 - k) * expected - k * x->scale * e->gamma_star + centre;
    out->deviation_after = sqrt(fmax(0, after) / (s->n - 1));
    rad_free(s);
    return status;
}
