#include "loader.h"

#include "../../core/memory.h"
#include "../definition.h"
#include "../plain.h"
#include "identifiers.h"

#include <stdio.h>
#include <string.h>

static rad_status copy_unit(const rad_loader *l, const char *unit, rad_variable *v) {
    char fault[RAD_PLAIN_WORDS];
    const char *why = rad_plain_fault(unit, fault);
    if (why) return rad_fail(l->error, RAD_CONFIG, "%s: the unit of %.80s %s", l->path, v->name, why);
    if (strlen(unit) >= sizeof v->unit)
        return rad_fail(l->error, RAD_CONFIG, "%s: the unit of %.80s, %.80s, is longer than %zu bytes",
                        l->path, v->name, unit, sizeof v->unit - 1);
    memcpy(v->unit, unit, strlen(unit) + 1);
    return RAD_OK;
}

/* What a feature is, from columns.json. */
static rad_status define(const rad_loader *l, rad_variable *v, const char **tag) {
    const json_t *column = json_object_get(l->run.columns, v->name);
    const char *unit = rad_definition_text(column, "unit");
    char words[RAD_COMPUTED_WORDS];
    if (v->computed) { /* by its rule, not by its name alone */
        rad_definition_compute(NULL, rad_computed_words(v->computed, words), v->definition);
        return RAD_OK;
    }
    *tag = rad_definition_text(column, "tag");
    rad_definition_compute(column, v->name, v->definition);
    return *unit ? copy_unit(l, unit, v) : RAD_OK;
}

static rad_status add_variable(rad_loader *l, const char *name, const char *unit, rad_variable_kind kind,
                               size_t *capacity) {
    rad_cohort *c = l->c;
    const char *tag = "";
    if (strlen(name) >= RAD_NAME)
        return rad_fail(l->error, RAD_CONFIG, "%s: a column name is longer than %d bytes", l->path,
                        RAD_NAME - 1);
    char fault[RAD_PLAIN_WORDS];
    const char *why = rad_plain_fault(name, fault);
    if (why) return rad_fail(l->error, RAD_CONFIG, "%s: the column %.80s %s", l->path, name, why);
    rad_status status = rad_grow(&c->variables, c->count, capacity, sizeof *c->variables, l->error);
    if (status != RAD_OK) return status;
    rad_variable *v = &c->variables[c->count++];
    *v = (rad_variable){.kind = kind};
    snprintf(v->name, sizeof v->name, "%s", name);
    v->covariance = rad_study_in_panel(l->study, name, kind == RAD_FEATURE);
    v->computed = rad_study_computed(l->study, name);
    status = copy_unit(l, unit, v);
    if (status == RAD_OK) status = define(l, v, &tag);
    if (status == RAD_OK) status = rad_study_transform(l->study, name, &v->transform, l->error);
    if (!v->transform.has_grid)
        v->transform.grid = v->transform.logarithm ? rad_grid_default("") : rad_grid_default(tag);
    return status;
}

/* Columns that a pattern of the study matches; each pattern has one at least. */
static rad_status add_features(rad_loader *l, size_t *capacity) {
    const rad_study *s = l->study;
    const rad_patterns *wanted = &s->feature_names;
    bool *met = rad_new(s->features->count, sizeof *met, l->error);
    rad_status status =
        met ? rad_patterns_bound(&s->document, s->path, l->table.columns, l->error) : RAD_NO_MEMORY;
    for (size_t i = 0; i < l->table.columns && status == RAD_OK; i++) {
        const char *name = l->table.names[i];
        if (i == l->patient || !rad_patterns_match(wanted, name)) continue;
        for (size_t p = 0; (p = rad_patterns_next(wanted, p, name)) != SIZE_MAX; p++) met[p] = true;
        const bool declared = rad_identifiers_declared(l, name);
        if (!declared && rad_identifiers_named(name))
            status = rad_identifiers_refuse(l, name, "is called as what tells who a patient is");
        if (status == RAD_OK) status = add_variable(l, name, "", RAD_FEATURE, capacity);
    }
    for (size_t p = 0; p < s->features->count && status == RAD_OK; p++)
        if (!met[p])
            status = rad_fail(l->error, RAD_CONFIG,
                              "%s: no column matches %.80s, which the study asks for as a feature", l->path,
                              s->features->child[p].text);
    rad_free(met);
    return status;
}

/* The variable that a computed one is made of. */
static rad_status find_source(rad_loader *l, rad_variable *v) {
    while (v->source < l->c->count && strcmp(l->c->variables[v->source].name, v->computed->of) != 0)
        v->source++;
    if (v->source < l->c->count) return RAD_OK;
    return rad_fail(l->error, RAD_CONFIG, "%s: has no %.80s, of which the study derives %.80s", l->path,
                    v->computed->of, v->name);
}

/* The panel in the order of the table, then numeric covariates and outcomes in that of the study. */
rad_status rad_variables_find(rad_loader *l) {
    const rad_study *s = l->study;
    size_t capacity = 0;
    rad_status status = add_features(l, &capacity);
    for (size_t i = 0; i < s->number_count && status == RAD_OK; i++)
        status = add_variable(l, s->numbers[i].name, s->numbers[i].unit,
                              s->numbers[i].outcome ? RAD_OUTCOME : RAD_COVARIATE, &capacity);
    if (status != RAD_OK) return status;
    l->number = rad_new(l->c->count, sizeof *l->number, l->error);
    if (!l->number) return RAD_NO_MEMORY;
    for (size_t i = 0; i < l->c->count && status == RAD_OK; i++) {
        rad_variable *v = &l->c->variables[i];
        if (v->computed) status = find_source(l, v);
        if (status == RAD_OK)
            status = rad_loader_place(l, v->computed ? v->computed->of : v->name, &l->number[i]);
    }
    return status;
}
