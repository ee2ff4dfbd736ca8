#include "combat.h"

#include "../../core/memory.h"
#include "../../io/csv.h"
#include "../../io/tree.h"
#include "confounding.h"
#include "put.h"
#include "relations.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 10000, VARIABLES_MAX = 20000 };
/* Why a variable is not used of which nobody expects it. */
static const char covariate[] = "a covariate of the model";

static rad_status room(rad_combat *c, rad_error *error) {
    size_t cells;
    if (!rad_multiply(c->sites, c->count, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many variables");
    c->variables = rad_new(c->count, sizeof *c->variables, error);
    c->effects = rad_new(cells, sizeof *c->effects, error);
    c->site = rad_new(c->sites, sizeof *c->site, error);
    c->batch = rad_new(c->sites, sizeof *c->batch, error);
    return c->variables && c->effects && c->site && c->batch ? RAD_OK : RAD_NO_MEMORY;
}

void rad_combat_free(rad_combat *c) {
    rad_free(c->variables);
    rad_free(c->effects);
    rad_free(c->site);
    rad_free(c->batch);
    *c = (rad_combat){.count = 0};
}

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
    const rad_blocks *b = &p->sites[site].models;
    double most = 0;
    for (size_t v = 0; v < p->total.count && b->cells; v++)
        if (b->shown[v]) most = fmax(most, rad_exact_double(&b->sums[v * b->cells]));
    return most;
}

/* Joins the smallest batch to the next smallest, the reference aside, while it has too few patients. */
static void merge_batches(rad_combat *c, double *n, double minimum, size_t reference) {
    for (;;) {
        size_t least = c->sites, next = c->sites;
        for (size_t i = 0; i < c->sites; i++) {
            if (c->batch[i] != i || i == reference) continue;
            if (least == c->sites || n[i] < n[least]) {
                next = least;
                least = i;
            } else if (next == c->sites || n[i] < n[next]) {
                next = i;
            }
        }
        if (next == c->sites || n[least] >= minimum) return;
        const size_t into = least < next ? least : next, from = least < next ? next : least;
        n[into] += n[from];
        for (size_t i = 0; i < c->sites; i++)
            if (c->batch[i] == from) c->batch[i] = into;
    }
}

static rad_status refuse_small(const rad_pool *p, size_t site, double n, rad_error *error) {
    return rad_fail(error, RAD_REFUSED,
                    "harmonisation: site %.60s has %.0f patients with all columns of the model, and %d are "
                    "needed. Say `batches: {small: merge}` in the study, name a smaller minimum, or leave "
                    "the site out with --withhold",
                    p->sites[site].site, n, p->study->batch_minimum);
}

static rad_status make_batches(const rad_pool *p, bool withhold, size_t reference, rad_combat *c,
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
                          "harmonisation: the reference %.60s has %.0f patients with all columns of the "
                          "model, and %.0f are needed; name another one",
                          p->sites[reference].site, n[reference], minimum);
    if (status == RAD_OK && p->study->batch_merge) merge_batches(c, n, minimum, reference);
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
static rad_status take_batch(const rad_pool *p, const rad_combat *c, size_t batch, size_t v, rad_scatter *out,
                             bool *shown, rad_error *error) {
    const size_t cells = p->total.models.cells;
    rad_exact *sums = rad_new(cells, sizeof *sums, error);
    rad_status status = sums ? RAD_OK : RAD_NO_MEMORY;
    *shown = true;
    for (size_t i = 0; i < c->sites && status == RAD_OK; i++) {
        const rad_blocks *b = &p->sites[i].models;
        if (c->batch[i] != batch) continue;
        *shown = *shown && b->cells && b->shown[v];
        for (size_t k = 0; k < cells && *shown && status == RAD_OK; k++)
            status = rad_exact_add(&sums[k], &b->sums[v * cells + k], error);
    }
    if (status == RAD_OK && *shown) status = rad_scatter_take(sums, c->columns, out, error);
    for (size_t k = 0; sums && k < cells; k++) rad_exact_free(&sums[k]);
    rad_free(sums);
    return status;
}

/* What all variables are fitted with. */
typedef struct fitting {
    const rad_pool *pool;
    rad_combat *combat;
    rad_design *design;   /* owned */
    rad_scatter *batches; /* room for those of the batches, by first site, and one more; owned */
    rad_fit *fit;         /* owned */
    size_t reference;
    size_t used;                           /* variables */
    const rad_combat_variable *confounded; /* the first one, or NULL */
} fitting;

/* The variable is not used, and why. */
static void leave_out(rad_combat_variable *x, const char *format, ...) RAD_PRINTF(2, 3);
static void leave_out(rad_combat_variable *x, const char *format, ...) {
    va_list args;
    x->used = false;
    va_start(args, format);
    vsnprintf(x->why, sizeof x->why, format, args);
    va_end(args);
}

/* The first site that shows no sums of the variable, of those of a batch, or `sites` for all. */
static const char *site_without(const rad_pool *p, const rad_combat *c, size_t batch, size_t v) {
    for (size_t i = 0; i < c->sites; i++) {
        const rad_blocks *b = &p->sites[i].models;
        if ((batch == c->sites || c->batch[i] == batch) && !(b->cells && b->shown[v])) return c->site[i];
    }
    return "a site";
}

/* The sums of every batch, and those within them added up behind the last. */
static rad_status add_batches(fitting *f, size_t v, rad_error *error) {
    rad_combat *c = f->combat;
    rad_combat_variable *x = &c->variables[v];
    rad_scatter *all = &f->batches[c->sites];
    rad_status status = RAD_OK;
    bool shown = true;
    rad_scatter_clear(all, c->columns);
    x->used = true;
    for (size_t i = 0; i < c->sites && status == RAD_OK && x->used; i++) {
        if (c->batch[i] != i) continue;
        status = take_batch(f->pool, c, i, v, &f->batches[i], &shown, error);
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
    for (size_t j = 0; j < d->count; j++)
        if (!d->column[j].level && !strcmp(d->column[j].name, name)) return true;
    return false;
}

/* The slopes within the batches. */
static void fit_slopes(fitting *f, size_t v) {
    rad_combat *c = f->combat;
    rad_combat_variable *x = &c->variables[v];
    const rad_batches b = {f->pool->study, f->design, c->site, c->batch, c->sites, f->batches};
    if (rad_confounding_find(&b, &f->batches[c->sites], x->why, sizeof x->why)) {
        x->used = false;
        if (!f->confounded) f->confounded = x;
    } else if (!rad_fit_make(&f->batches[c->sites], c->columns, f->fit) || !(f->fit->residual > 0)) {
        leave_out(x, "the covariates explain all of it");
    }
}

/* One variable over all batches. */
static rad_status fit_variable(fitting *f, size_t v, rad_error *error) {
    rad_combat *c = f->combat;
    rad_combat_variable *x = &c->variables[v];
    rad_scatter *batches = f->batches;
    const size_t q = c->columns, reference = f->reference;
    double n = 0, location = 0;
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
        rad_combat_effect *e = &c->effects[i * c->count + v];
        e->n = batches[i].n;
        e->gamma_hat = (adjusted_mean(&batches[i], x->slope, q) - x->location) / x->scale;
        e->delta_hat = left_over(&batches[i], x->slope, q) / (x->scale * x->scale) / (batches[i].n - 1);
        if (!(e->delta_hat > 0)) leave_out(x, "the covariates explain all of it at %s", c->site[i]);
    }
    return RAD_OK;
}

/* Means and variances over the variables. */
static void moments_of(const rad_combat_variable *x, size_t count, const rad_combat_effect *e, bool delta,
                       double *mean, double *variance) {
    double n = 0, m = 0, s = 0;
    for (size_t v = 0; v < count; v++) {
        if (!x[v].used) continue;
        const double value = delta ? e[v].delta_hat : e[v].gamma_hat, d = value - m;
        m += d / ++n;
        s += d * (value - m);
    }
    *mean = m;
    *variance = s / (n - 1);
}

static size_t count_used(const rad_combat_variable *x, size_t count) {
    size_t used = 0;
    for (size_t v = 0; v < count; v++) used += x[v].used;
    return used;
}

/* One variable borrows from no other. */
static void keep_as_is(const rad_combat_variable *x, size_t count, rad_combat_effect *e) {
    for (size_t v = 0; v < count; v++) {
        if (!x[v].used) continue;
        e[v].gamma_star = e[v].gamma_hat;
        e[v].delta_star = e[v].delta_hat;
    }
}

void rad_combat_shrink(const rad_combat_variable *x, size_t count, rad_combat_effect *e) {
    double gamma_bar, tau2, mean, variance;
    if (count_used(x, count) < 2) {
        keep_as_is(x, count, e);
        return;
    }
    moments_of(x, count, e, false, &gamma_bar, &tau2);
    moments_of(x, count, e, true, &mean, &variance);
    const double a = (2 * variance + mean * mean) / variance,
                 b = (mean * variance + mean * mean * mean) / variance;
    const bool spreads = isfinite(a) && isfinite(b); /* else the prior is one point */
    for (size_t v = 0; v < count; v++) {
        if (!x[v].used) continue;
        const double n = e[v].n, spread = e[v].delta_hat * (n - 1);
        double gamma = e[v].gamma_hat, delta = e[v].delta_hat;
        for (int step = 0; step < STEPS; step++) {
            const double next = (tau2 * n * e[v].gamma_hat + delta * gamma_bar) / (tau2 * n + delta),
                         away = e[v].gamma_hat - next;
            const double wide = spreads ? (0.5 * (spread + n * away * away) + b) / (n / 2 + a - 1) : mean;
            const bool done =
                fabs(next - gamma) <= 1e-13 * fabs(next) + 1e-300 && fabs(wide - delta) <= 1e-13 * wide;
            gamma = next;
            delta = wide;
            if (done) break;
        }
        e[v].gamma_star = gamma;
        e[v].delta_star = delta;
    }
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
static void shrink_all(rad_combat *c, size_t reference) {
    const size_t bytes = c->count * sizeof *c->effects;
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] == i) rad_combat_shrink(c->variables, c->count, c->effects + i * c->count);
    for (size_t v = 0; v < c->count && reference < c->sites; v++) { /* it stays as it is */
        c->effects[reference * c->count + v].gamma_star = 0;
        c->effects[reference * c->count + v].delta_star = 1;
    }
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] < i) memcpy(c->effects + i * c->count, c->effects + c->batch[i] * c->count, bytes);
}

static rad_status fit_variables(fitting *f, rad_error *error) {
    const rad_pool *p = f->pool;
    rad_combat *c = f->combat;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++) {
        rad_combat_variable *x = &c->variables[v];
        memcpy(x->name, p->total.variables[v].name, RAD_NAME);
        if (is_covariate(f->design, x->name))
            leave_out(x, "%s", covariate);
        else if (!p->total.models.cells || !p->total.models.shown[v])
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

rad_status rad_combat_fit(const rad_pool *p, bool withhold, rad_combat *c, rad_error *error) {
    fitting f = {.pool = p, .combat = c};
    f.design = rad_new(1, sizeof *f.design, error);
    f.batches = rad_new(p->count + 1, sizeof *f.batches, error);
    f.fit = rad_new(1, sizeof *f.fit, error);
    *c = (rad_combat){.count = p->total.count, .sites = p->count};
    memcpy(c->study_hash, p->study->hash, sizeof c->study_hash);
    rad_status status =
        f.design && f.batches && f.fit ? rad_design_make(p->study, f.design, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) c->columns = f.design->count;
    if (status == RAD_OK) status = room(c, error);
    for (size_t i = 0; i < c->sites && status == RAD_OK; i++) memcpy(c->site[i], p->sites[i].site, RAD_SITE);
    if (status == RAD_OK) status = find_reference(p, &f.reference, error);
    if (status == RAD_OK) status = make_batches(p, withhold, f.reference, c, error);
    if (status == RAD_OK) status = fit_variables(&f, error);
    if (status == RAD_OK && f.confounded && !f.used && !withhold) status = refuse_confounded(&f, error);
    if (status == RAD_OK) shrink_all(c, f.reference);
    rad_free(f.design);
    rad_free(f.batches);
    rad_free(f.fit);
    if (status != RAD_OK) rad_combat_free(c);
    return status;
}

/* What did not vary in the pool has no effect that is known. */
static rad_status check_columns(const rad_combat *c, const rad_study *study, const rad_cohort *cohort,
                                const double *columns, rad_error *error) {
    rad_status status = RAD_OK;
    rad_design *d = rad_new(1, sizeof *d, error);
    if (!d || rad_design_make(study, d, error) != RAD_OK) status = error ? error->status : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        for (size_t j = 0; j < c->columns && c->variables[v].used && status == RAD_OK; j++) {
            const double *x = columns + j * cohort->rows;
            double low = INFINITY, high = -INFINITY;
            for (size_t r = 0; r < cohort->rows && isnan(c->variables[v].slope[j]); r++) {
                low = fmin(low, x[r]);
                high = fmax(high, x[r]);
            }
            if (low < high)
                status =
                    rad_fail(error, RAD_CONFIG,
                             "harmonisation: %s varies in these rows and did not in the pool, so that its "
                             "effect is not known; leave out the rows that differ",
                             d->column[j].name);
        }
    rad_free(d);
    return status;
}

rad_status rad_combat_join(const rad_combat *c, const rad_study *study, const rad_cohort *cohort,
                           const double *columns, rad_combat_effect *effects, rad_error *error) {
    size_t used = 0;
    double most = 0;
    rad_status status = check_columns(c, study, cohort, columns, error);
    if (status != RAD_OK) return status;
    for (size_t v = 0; v < c->count; v++) {
        const rad_combat_variable *x = &c->variables[v];
        double n = 0, mean = 0, square = 0;
        for (size_t r = 0; r < cohort->rows && x->used; r++) {
            double rest = cohort->values[v * cohort->rows + r] - x->location;
            for (size_t j = 0; j < c->columns; j++)
                if (!isnan(x->slope[j])) rest -= x->slope[j] * columns[j * cohort->rows + r];
            if (isnan(rest)) continue;
            const double d = rest / x->scale - mean;
            mean += d / ++n;
            square += d * (rest / x->scale - mean);
        }
        effects[v] = (rad_combat_effect){
            .n = n, .gamma_hat = mean, .delta_hat = n > 1 ? square / (n - 1) : 0, .delta_star = 1};
        if (x->used && !(effects[v].delta_hat > 0))
            return rad_fail(error, RAD_CONFIG, "%s has no spread in these rows; it cannot be harmonised",
                            x->name);
        used += x->used;
        most = fmax(most, n);
    }
    if (!used) return rad_fail(error, RAD_CONFIG, "no variable can be harmonised");
    if (most < study->batch_minimum)
        return rad_fail(
            error, RAD_REFUSED,
            "harmonisation: %.0f patients have all columns of the model, and the study wants %d of a site",
            most, study->batch_minimum);
    rad_combat_shrink(c->variables, c->count, effects);
    return RAD_OK;
}

double rad_combat_apply(const rad_combat *c, size_t variable, const rad_combat_effect *e, double y,
                        const double *columns) {
    const rad_combat_variable *x = &c->variables[variable];
    double expected = x->location;
    for (size_t j = 0; j < c->columns; j++)
        if (!isnan(x->slope[j])) expected += x->slope[j] * columns[j];
    return expected + x->scale * ((y - expected) / x->scale - e->gamma_star) / sqrt(e->delta_star);
}

rad_status rad_combat_shift_take(const rad_pool *p, const rad_combat *c, size_t site, size_t v,
                                 rad_combat_shift *out, rad_error *error) {
    const rad_combat_variable *x = &c->variables[v];
    const rad_combat_effect *e = &c->effects[site * c->count + v];
    const size_t q = c->columns;
    *out = (rad_combat_shift){NAN, NAN, NAN, NAN};
    if (!x->used || c->batch[site] == c->sites) return RAD_OK;
    rad_scatter *s = rad_new(1, sizeof *s, error);
    if (!s) return RAD_NO_MEMORY;
    rad_status status = rad_scatter_take(&p->sites[site].models.sums[v * p->total.models.cells], q, s, error);
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

/* The variables that are left out for one reason, from the first one on. */
static void explain_reason(const rad_combat *c, size_t first, rad_warnings *warnings) {
    enum { NAMED = 4 };
    char names[256] = "", more[32] = "";
    size_t count = 0, used = 0;
    for (size_t v = first; v < c->count; v++) {
        const rad_combat_variable *x = &c->variables[v];
        if (x->used || strcmp(x->why, c->variables[first].why) != 0) continue;
        if (count++ < NAMED)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%.50s", count > 1 ? ", " : "",
                                     x->name);
    }
    if (count > NAMED) snprintf(more, sizeof more, " and %zu more", count - NAMED);
    rad_warn(warnings, "harmonisation leaves out %s%s of %zu variables: %.190s", names, more, c->count,
             c->variables[first].why);
}

void rad_combat_explain(const rad_combat *c, rad_warnings *warnings) {
    for (size_t v = 0; v < c->count; v++) {
        const rad_combat_variable *x = &c->variables[v];
        size_t first = 0;
        if (x->used || !strcmp(x->why, covariate)) continue;
        while (c->variables[first].used || strcmp(c->variables[first].why, x->why) != 0) first++;
        if (first == v) explain_reason(c, v, warnings);
    }
    if (count_used(c->variables, c->count) == 1)
        rad_warn(warnings,
                 "harmonisation of one variable: location and scale as they are, without priors, which "
                 "come from other variables");
}

static json_t *variable_object(const rad_combat *c, size_t v) {
    const rad_combat_variable *x = &c->variables[v];
    json_t *slopes = json_array();
    for (size_t j = 0; j < c->columns; j++)
        rad_tree_add(&slopes, isnan(x->slope[j]) ? json_null() : json_real(x->slope[j]));
    json_t *object = json_pack("{s:s, s:b, s:f, s:f, s:o}", "name", x->name, "used", x->used, "location",
                               x->location, "scale", x->scale, "slopes", slopes);
    if (!x->used) rad_tree_set(&object, "reason", json_string(x->why));
    return object;
}

static json_t *site_object(const rad_combat *c, size_t i) {
    json_t *gamma = json_array(), *delta = json_array();
    for (size_t v = 0; v < c->count; v++) {
        rad_tree_add(&gamma, json_real(c->effects[i * c->count + v].gamma_star));
        rad_tree_add(&delta, json_real(c->effects[i * c->count + v].delta_star));
    }
    return json_pack("{s:s, s:o, s:o}", "site", c->site[i], "gamma", gamma, "delta", delta);
}

rad_status rad_combat_write(FILE *out, const rad_combat *c, const rad_study *study, rad_error *error) {
    json_t *variables = json_array(), *sites = json_array(), *columns = json_array();
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_status status = d ? rad_design_make(study, d, error) : RAD_NO_MEMORY;
    for (size_t j = 0; status == RAD_OK && j < d->count; j++)
        rad_tree_add(&columns, json_string(d->column[j].name));
    rad_free(d);
    for (size_t v = 0; v < c->count; v++) rad_tree_add(&variables, variable_object(c, v));
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] < c->sites) rad_tree_add(&sites, site_object(c, i));
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "format", "radiomill harmonisation 1", "study", study->id,
                  "study_hash", c->study_hash, "columns", columns, "variables", variables, "sites", sites);
    if (status == RAD_OK)
        status = rad_tree_put(out, all, JSON_INDENT(1), error);
    else
        json_decref(all);
    fputc('\n', out);
    return status;
}

static bool take_real(const json_t *value, double *to) {
    *to = json_number_value(value);
    return json_is_number(value) && isfinite(*to);
}

static bool take_variable(const json_t *object, size_t columns, rad_combat_variable *x) {
    const char *name = json_string_value(json_object_get(object, "name"));
    const json_t *slopes = json_object_get(object, "slopes"), *used = json_object_get(object, "used");
    if (!name || strlen(name) >= sizeof x->name || !json_is_boolean(used) ||
        json_array_size(slopes) != columns)
        return false;
    snprintf(x->name, sizeof x->name, "%s", name);
    x->used = json_is_true(used);
    const char *why = json_string_value(json_object_get(object, "reason"));
    snprintf(x->why, sizeof x->why, "%s", why ? why : "the file gives no reason");
    for (size_t j = 0; j < columns; j++) {
        const json_t *slope = json_array_get(slopes, j);
        x->slope[j] = NAN;
        if (!json_is_null(slope) && !take_real(slope, &x->slope[j])) return false;
    }
    return take_real(json_object_get(object, "location"), &x->location) &&
           take_real(json_object_get(object, "scale"), &x->scale) && (!x->used || x->scale > 0);
}

static bool take_site(const json_t *object, rad_combat *c, size_t i) {
    const char *name = json_string_value(json_object_get(object, "site"));
    const json_t *gamma = json_object_get(object, "gamma"), *delta = json_object_get(object, "delta");
    if (!name || strlen(name) >= RAD_SITE || json_array_size(gamma) != c->count ||
        json_array_size(delta) != c->count)
        return false;
    snprintf(c->site[i], RAD_SITE, "%s", name);
    for (size_t v = 0; v < c->count; v++) {
        rad_combat_effect *e = &c->effects[i * c->count + v];
        if (!take_real(json_array_get(gamma, v), &e->gamma_star) ||
            !take_real(json_array_get(delta, v), &e->delta_star) ||
            (c->variables[v].used && !(e->delta_star > 0)))
            return false;
    }
    return true;
}

static rad_status take_all(const json_t *all, const char *path, const rad_study *study, rad_combat *c,
                           rad_error *error) {
    const char *format = json_string_value(json_object_get(all, "format")),
               *hash = json_string_value(json_object_get(all, "study_hash"));
    const json_t *variables = json_object_get(all, "variables"), *sites = json_object_get(all, "sites"),
                 *columns = json_object_get(all, "columns");
    c->columns = json_array_size(columns);
    c->count = json_array_size(variables);
    c->sites = json_array_size(sites);
    bool fine = format && !strcmp(format, "radiomill harmonisation 1") && hash && json_is_array(columns) &&
                json_is_array(variables) && json_is_array(sites) && c->columns <= RAD_DESIGN_MAX &&
                c->count <= VARIABLES_MAX && c->sites <= VARIABLES_MAX;
    if (!fine) return rad_fail(error, RAD_UNREADABLE, "%s: is no harmonisation.json", path);
    if (strcmp(hash, study->hash) != 0)
        return rad_fail(error, RAD_CONFIG, "%s: is of another text of the study", path);
    rad_status status = room(c, error);
    for (size_t v = 0; v < c->count && status == RAD_OK && fine; v++)
        fine = take_variable(json_array_get(variables, v), c->columns, &c->variables[v]);
    for (size_t i = 0; i < c->sites && status == RAD_OK && fine; i++)
        fine = take_site(json_array_get(sites, i), c, i);
    if (status == RAD_OK && !fine)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is a damaged harmonisation.json", path);
    return status;
}

rad_status rad_combat_read(const char *path, const rad_study *study, rad_combat *c, rad_error *error) {
    json_t *all;
    *c = (rad_combat){.count = 0};
    rad_status status = rad_tree_read(path, &all, error);
    if (status == RAD_OK) status = take_all(all, path, study, c, error);
    json_decref(all);
    if (status != RAD_OK) rad_combat_free(c);
    return status;
}

rad_status rad_combat_table(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const rad_combat *c = &r->combat;
    (void)error;
    fputs("variable,site,batch,n,gamma_hat,delta_hat,gamma,delta\r\n", out);
    for (size_t v = 0; v < c->count; v++)
        for (size_t i = 0; i < c->sites && c->variables[v].used; i++) {
            if (c->batch[i] == c->sites) continue;
            const rad_combat_effect *e = &c->effects[i * c->count + v];
            const double numbers[] = {e->n, e->gamma_hat, e->delta_hat, e->gamma_star, e->delta_star};
            rad_csv_put(out, c->variables[v].name);
            rad_put_text(out, c->site[i]);
            rad_put_text(out, c->site[c->batch[i]]);
            rad_put_numbers(out, numbers, 5);
            rad_put_end(out);
        }
    return RAD_OK;
}

rad_status rad_combat_file(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    return rad_combat_write(out, &r->combat, r->pool->study, error);
}
