#include "harmonisation.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "design.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { STEPS = 10000, VARIABLES_MAX = 20000 };
const char rad_harmonisation_covariate[] = "a covariate of the model";

rad_status rad_harmonisation_allocate(rad_harmonisation *c, rad_error *error) {
    size_t cells;
    if (!rad_multiply(c->sites, c->count, &cells))
        return rad_fail(error, RAD_NO_MEMORY, "too many variables");
    c->variables = rad_new(c->count, sizeof *c->variables, error);
    c->effects = rad_new(cells, sizeof *c->effects, error);
    c->site = rad_new(c->sites, sizeof *c->site, error);
    c->batch = rad_new(c->sites, sizeof *c->batch, error);
    return c->variables && c->effects && c->site && c->batch ? RAD_OK : RAD_NO_MEMORY;
}

void rad_harmonisation_free(rad_harmonisation *c) {
    rad_free(c->variables);
    rad_free(c->effects);
    rad_free(c->site);
    rad_free(c->batch);
    rad_covbat_free(&c->covbat);
    *c = (rad_harmonisation){.count = 0};
}

/* Means and variances over the variables. */
static void moments_of(const rad_harmonised *x, size_t count, const rad_site_effect *e, bool delta,
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

static size_t count_used(const rad_harmonised *x, size_t count) {
    size_t used = 0;
    for (size_t v = 0; v < count; v++) used += x[v].used;
    return used;
}

/* One variable borrows from no other. */
static void keep_as_is(const rad_harmonised *x, size_t count, rad_site_effect *e) {
    for (size_t v = 0; v < count; v++) {
        if (!x[v].used) continue;
        e[v].gamma_star = e[v].gamma_hat;
        e[v].delta_star = e[v].delta_hat;
    }
}

void rad_harmonisation_shrink(const rad_harmonised *x, size_t count, rad_site_effect *e) {
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

void rad_harmonisation_merge(size_t *batch, double *n, size_t count, double minimum, size_t reference) {
    for (;;) {
        size_t least = count, next = count;
        for (size_t i = 0; i < count; i++) {
            if (batch[i] != i || i == reference) continue;
            if (least == count || n[i] < n[least]) {
                next = least;
                least = i;
            } else if (next == count || n[i] < n[next]) {
                next = i;
            }
        }
        if (next == count || n[least] >= minimum) return;
        const size_t into = least < next ? least : next, from = least < next ? next : least;
        n[into] += n[from];
        for (size_t i = 0; i < count; i++)
            if (batch[i] == from) batch[i] = into;
    }
}

/* The variables that are left out for one reason, from the first one on. */
static void explain_reason(const rad_harmonisation *c, size_t first, rad_warnings *warnings) {
    enum { NAMED = 4 };
    char names[256] = "", more[32] = "";
    size_t count = 0, used = 0;
    for (size_t v = first; v < c->count; v++) {
        const rad_harmonised *x = &c->variables[v];
        if (x->used || strcmp(x->why, c->variables[first].why) != 0) continue;
        if (count++ < NAMED)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%.50s", count > 1 ? ", " : "",
                                     x->name);
    }
    if (count > NAMED) snprintf(more, sizeof more, " and %zu more", count - NAMED);
    rad_warn(warnings, "harmonisation leaves out %s%s of %zu variable%s: %.190s", names, more, c->count,
             rad_plural(c->count), c->variables[first].why);
}

void rad_harmonisation_explain(const rad_harmonisation *c, rad_warnings *warnings) {
    for (size_t v = 0; v < c->count; v++) {
        const rad_harmonised *x = &c->variables[v];
        size_t first = 0;
        if (x->used || !strcmp(x->why, rad_harmonisation_covariate)) continue;
        while (c->variables[first].used || strcmp(c->variables[first].why, x->why) != 0) first++;
        if (first == v) explain_reason(c, v, warnings);
    }
    if (*c->without) rad_warn(warnings, "harmonisation without covariances: %s", c->without);
    if (count_used(c->variables, c->count) == 1)
        rad_warn(warnings,
                 "harmonisation of one variable: location and scale as they are, without priors, which "
                 "come from other variables");
}

static json_t *variable_object(const rad_harmonisation *c, size_t v) {
    const rad_harmonised *x = &c->variables[v];
    json_t *slopes = json_array();
    for (size_t j = 0; j < c->columns; j++)
        rad_tree_add(&slopes, isnan(x->slope[j]) ? json_null() : json_real(x->slope[j]));
    json_t *object = json_pack("{s:s, s:b, s:f, s:f, s:o}", "name", x->name, "used", x->used, "location",
                               x->location, "scale", x->scale, "slopes", slopes);
    if (!x->used) rad_tree_set(&object, "reason", json_string(x->why));
    return object;
}

static json_t *site_object(const rad_harmonisation *c, size_t i) {
    if (*c->by) return json_pack("{s:s}", "site", c->site[i]);
    json_t *gamma = json_array(), *delta = json_array();
    for (size_t v = 0; v < c->count; v++) {
        rad_tree_add(&gamma, json_real(c->effects[i * c->count + v].gamma_star));
        rad_tree_add(&delta, json_real(c->effects[i * c->count + v].delta_star));
    }
    return json_pack("{s:s, s:o, s:o}", "site", c->site[i], "gamma", gamma, "delta", delta);
}

rad_status rad_harmonisation_write(FILE *out, const rad_harmonisation *c, const rad_study *study,
                                   rad_error *error) {
    json_t *variables = json_array(), *sites = json_array(), *columns = json_array();
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_status status = d ? rad_design_make(study, d, error) : RAD_NO_MEMORY;
    for (size_t j = 0; status == RAD_OK && j < d->covariates; j++)
        rad_tree_add(&columns, json_string(d->column[j].name));
    rad_free(d);
    for (size_t v = 0; v < c->count; v++) rad_tree_add(&variables, variable_object(c, v));
    for (size_t i = 0; i < c->sites; i++)
        if (c->batch[i] < c->sites) rad_tree_add(&sites, site_object(c, i));
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "format", "radiomill harmonisation 1", "study", study->id,
                  "study_hash", c->study_hash, "columns", columns, "variables", variables, "sites", sites);
    if (*c->by) rad_tree_set(&all, "batches_by", json_string(c->by));
    if (c->covbat.count) rad_tree_set(&all, "covariance", rad_covbat_object(c));
    if (*c->without) rad_tree_set(&all, "no_covariance", json_string(c->without));
    if (status == RAD_OK)
        status = rad_tree_put(out, all, JSON_INDENT(1), error);
    else
        json_decref(all);
    fputc('\n', out);
    return status;
}

static bool read_real(const json_t *value, double *to) {
    *to = json_number_value(value);
    return json_is_number(value) && isfinite(*to);
}

static bool read_variable(const json_t *object, size_t columns, rad_harmonised *x) {
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
        if (!json_is_null(slope) && !read_real(slope, &x->slope[j])) return false;
    }
    return read_real(json_object_get(object, "location"), &x->location) &&
           read_real(json_object_get(object, "scale"), &x->scale) && (!x->used || x->scale > 0);
}

static bool read_site(const json_t *object, rad_harmonisation *c, size_t i) {
    const char *name = json_string_value(json_object_get(object, "site"));
    const json_t *gamma = json_object_get(object, "gamma"), *delta = json_object_get(object, "delta");
    const size_t effects = *c->by ? 0 : c->count; /* those of batches within a site are the site's own */
    if (!name || strlen(name) >= RAD_SITE || json_array_size(gamma) != effects ||
        json_array_size(delta) != effects)
        return false;
    snprintf(c->site[i], RAD_SITE, "%s", name);
    for (size_t v = 0; v < effects; v++) {
        rad_site_effect *e = &c->effects[i * c->count + v];
        if (!read_real(json_array_get(gamma, v), &e->gamma_star) ||
            !read_real(json_array_get(delta, v), &e->delta_star) ||
            (c->variables[v].used && !(e->delta_star > 0)))
            return false;
    }
    return true;
}

static rad_status read_all(const json_t *all, const char *path, const rad_study *study, rad_harmonisation *c,
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
    if (!fine) return rad_fail(error, RAD_UNREADABLE, "%s: is not a harmonisation.json", path);
    const char *by = json_string_value(json_object_get(all, "batches_by"));
    snprintf(c->by, sizeof c->by, "%s", by ? by : "");
    if (strcmp(c->by, study->batch_by ? study->batch_by : "") != 0 && !strcmp(hash, study->hash))
        return rad_fail(error, RAD_UNREADABLE, "%s: is a damaged harmonisation.json", path);
    if (strcmp(hash, study->hash) != 0)
        return rad_fail(error, RAD_CONFIG, "%s: was made with a different text of the study", path);
    rad_status status = rad_harmonisation_allocate(c, error);
    for (size_t v = 0; v < c->count && status == RAD_OK && fine; v++)
        fine = read_variable(json_array_get(variables, v), c->columns, &c->variables[v]);
    for (size_t i = 0; i < c->sites && status == RAD_OK && fine; i++)
        fine = read_site(json_array_get(sites, i), c, i);
    const char *without = json_string_value(json_object_get(all, "no_covariance"));
    snprintf(c->without, sizeof c->without, "%s", without ? without : "");
    const json_t *covariance = json_object_get(all, "covariance");
    if (status == RAD_OK && fine && covariance) status = rad_covbat_read(covariance, c, &fine, error);
    if (status == RAD_OK && study->batch_covariance > 0 && !covariance && !*c->without) fine = false;
    if (status == RAD_OK && !fine)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is a damaged harmonisation.json", path);
    return status;
}

rad_status rad_harmonisation_parse(const char *text, size_t length, const char *name, const rad_study *study,
                                   rad_harmonisation *c, rad_error *error) {
    json_t *all;
    *c = (rad_harmonisation){.count = 0};
    rad_status status = rad_tree_parse(text, length, name, &all, error);
    if (status == RAD_OK) status = read_all(all, name, study, c, error);
    json_decref(all);
    if (status != RAD_OK) rad_harmonisation_free(c);
    return status;
}

rad_status rad_harmonisation_read(const char *path, const rad_study *study, rad_harmonisation *c,
                                  rad_error *error) {
    rad_bytes file;
    *c = (rad_harmonisation){.count = 0};
    rad_status status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    status = rad_harmonisation_parse((const char *)file.data, file.length, path, study, c, error);
    rad_bytes_free(&file);
    return status;
}
