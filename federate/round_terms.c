#include "round_terms.h"

#include "../core/memory.h"
#include "../core/nearest.h"
#include "../io/tree.h"

#include <math.h>
#include <string.h>

static size_t find_number(const rad_study *s, const char *name) {
    size_t i = 0;
    while (i < s->number_count && strcmp(s->numbers[i].name, name) != 0) i++;
    return i;
}

/* Does the model name it, in full or by a pattern? Patterns take no outcomes. */
static bool is_named(const rad_model *m, const char *name, bool outcome) {
    if (!strcmp(name, m->response)) return false;
    for (size_t i = rad_patterns_next(&m->terms, 0, name); i != SIZE_MAX;
         i = rad_patterns_next(&m->terms, i + 1, name))
        if (!outcome || !strcmp(m->terms.list->child[i].text, name)) return true;
    return false;
}

static bool find_level(const rad_study *s, const rad_model *m, const char *name, rad_round_place *p) {
    for (size_t f = 0; f < s->factor_count; f++) {
        const rad_factor *x = &s->factors[f];
        const size_t length = strlen(x->name);
        if (strncmp(x->name, name, length) != 0 || name[length] != '=' || !is_named(m, x->name, x->outcome))
            continue;
        for (size_t l = 1; l < x->levels; l++)
            if (!strcmp(x->level[l], name + length + 1)) {
                *p = (rad_round_place){RAD_TERM_LEVEL, f, l};
                return true;
            }
    }
    return false;
}

bool rad_round_term_find(const rad_study *s, const rad_model *m, const char *name, rad_round_place *p) {
    const size_t number = find_number(s, name);
    if (find_level(s, m, name, p)) return true;
    if (number < s->number_count) {
        *p = (rad_round_place){RAD_TERM_NUMBER, number, 0};
        return is_named(m, name, s->numbers[number].outcome);
    }
    *p = (rad_round_place){RAD_TERM_FEATURE, 0, 0};
    return rad_study_factor(s, name) == s->factor_count && rad_patterns_match(&s->feature_names, name) &&
           is_named(m, name, false);
}

rad_status rad_round_model(const rad_study *s, const char *name, const rad_model **model, rad_error *error) {
    char known[512] = "";
    size_t used = 0;
    for (size_t i = 0; i < s->model_count; i++) {
        *model = &s->models[i];
        if (!strcmp((*model)->name, name)) {
            if ((*model)->family <= RAD_MODEL_COX) return RAD_OK;
            return rad_fail(error, RAD_CONFIG,
                            "%s: model %s is %s, which takes no rounds: `radiomill pool` computes it",
                            s->path, name, rad_model_family_word((*model)->family));
        }
        if (used < sizeof known)
            used +=
                (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", s->models[i].name);
    }
    return rad_fail(error, RAD_CONFIG, "%s: no model is called %.60s; %s%s", s->path, name,
                    s->model_count ? "the models are " : "the study has none (key models)", known);
}

/* What a pool says of its variables. */
typedef struct making {
    const rad_study *study;
    const rad_model *model;
    rad_round_state *state;
    size_t capacity;
    json_t *pool;
    const char *pooled;
    rad_error *error;
} making;

static const json_t *pooled_variable(const making *m, const char *name) {
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(m->pool, "variables"), i, one) {
        const char *text = json_string_value(json_object_get(one, "name"));
        if (text && !strcmp(text, name)) return one;
    }
    return NULL;
}

/* Mean and deviation of a pool, the deviation by n as penalties take it. */
static rad_status scale_by_pool(const making *m, rad_round_term *t) {
    const json_t *one = pooled_variable(m, t->name);
    const double n = json_number_value(json_object_get(one, "n")),
                 mean = json_number_value(json_object_get(one, "mean")),
                 variance = json_number_value(json_object_get(one, "variance"));
    if (!m->pool)
        return rad_fail(m->error, RAD_CONFIG,
                        "%s: model %s takes the scale of a pool: name its file, --moments pooled/pooled.json",
                        m->study->path, m->model->name);
    if (!one || !(n >= 2) || !(variance > 0) || !isfinite(mean) || !isfinite(variance))
        return rad_fail(m->error, RAD_CONFIG, "%s: has no mean and deviation of %.100s, which model %s needs",
                        m->pooled, t->name, m->model->name);
    t->centre = mean;
    t->scale = sqrt(variance * (n - 1) / n);
    return RAD_OK;
}

static rad_status add_term(making *m, const char *name, bool level) {
    rad_round_state *s = m->state;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->term_count; i++)
        if (!strcmp(s->terms[i].name, name)) return RAD_OK; /* by a pattern, and by its name */
    if (s->term_count == RAD_DESIGN_MAX)
        return rad_fail(m->error, RAD_CONFIG, "%s: model %s has more than %d columns", m->study->path,
                        m->model->name, RAD_DESIGN_MAX);
    status = rad_grow(&s->terms, s->term_count, &m->capacity, sizeof *s->terms, m->error);
    if (status != RAD_OK) return status;
    rad_round_term *t = &s->terms[s->term_count++];
    *t = (rad_round_term){.scale = 1};
    snprintf(t->name, sizeof t->name, "%s", name);
    if (m->model->scale == RAD_SCALE_GIVEN) rad_model_scaling(m->model, name, &t->centre, &t->scale);
    return m->model->scale == RAD_SCALE_POOLED && !level ? scale_by_pool(m, t) : RAD_OK;
}

static rad_status add_levels(making *m, const rad_factor *f) {
    rad_status status = RAD_OK;
    for (size_t l = 1; l < f->levels && status == RAD_OK; l++) {
        char name[2 * RAD_NAME];
        snprintf(name, sizeof name, "%s=%s", f->name, f->level[l]);
        status = add_term(m, name, true);
    }
    return status;
}

/* All variables of the pool that a pattern matches, and all covariates with levels. */
static rad_status add_pattern(making *m, const char *pattern) {
    const rad_study *s = m->study;
    rad_node one = {.text = (char *)pattern}, list = {.kind = RAD_NODE_LIST, .child = &one, .count = 1};
    rad_patterns p;
    size_t i;
    json_t *variable;
    rad_round_place place;
    if (!m->pool)
        return rad_fail(m->error, RAD_CONFIG,
                        "%s: model %s has the pattern %.60s: which variables it means, a pool knows: name "
                        "its file, --moments pooled/pooled.json; or name the terms",
                        s->path, m->model->name, pattern);
    rad_status status = rad_patterns_make(&list, &p, m->error);
    json_array_foreach(json_object_get(m->pool, "variables"), i, variable) {
        const char *name = json_string_value(json_object_get(variable, "name"));
        if (status == RAD_OK && name && strlen(name) < RAD_NAME && rad_patterns_match(&p, name) &&
            rad_round_term_find(s, m->model, name, &place) && place.kind != RAD_TERM_LEVEL)
            status = add_term(m, name, false);
    }
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++)
        if (!s->factors[f].outcome && rad_patterns_match(&p, s->factors[f].name) &&
            strcmp(s->factors[f].name, m->model->response) != 0)
            status = add_levels(m, &s->factors[f]);
    rad_patterns_free(&p);
    return status;
}

rad_status rad_round_terms_make(const rad_study *study, const rad_model *model, const char *pooled,
                                rad_round_state *state, rad_error *error) {
    making m = {study, model, state, state->term_count, NULL, pooled, error};
    rad_status status = pooled ? rad_tree_read(pooled, &m.pool, error) : RAD_OK;
    const char *hash = json_string_value(json_object_get(json_object_get(m.pool, "study"), "hash"));
    if (status == RAD_OK && pooled && !hash)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not the pooled.json of `radiomill pool`", pooled);
    for (size_t i = 0; i < model->terms.list->count && status == RAD_OK; i++) {
        const char *name = model->terms.list->child[i].text;
        const size_t factor = rad_study_factor(study, name);
        if (strpbrk(name, "*?"))
            status = add_pattern(&m, name);
        else
            status = factor < study->factor_count ? add_levels(&m, &study->factors[factor])
                                                  : add_term(&m, name, false);
    }
    json_decref(m.pool);
    if (status == RAD_OK && !state->term_count)
        status = rad_fail(error, RAD_CONFIG, "%s: the patterns of model %s match nothing of %s", study->path,
                          model->name, pooled);
    return status;
}
