#include "closed.h"

#include "analyses.h"
#include "study_reader.h"

#include <string.h>

bool rad_closed_is(const rad_model *m) {
    return m->family == RAD_MODEL_GAUSSIAN || m->family == RAD_MODEL_MIXED || m->family == RAD_MODEL_LDA;
}

bool rad_closed_some(const rad_study *s) {
    for (size_t i = 0; i < s->model_count; i++)
        if (rad_closed_is(&s->models[i])) return true;
    return false;
}

static bool is_pattern(const char *text) {
    return strpbrk(text, "*?") != NULL;
}

bool rad_closed_has(const rad_model *m, size_t term, const char *name, bool feature) {
    const char *text = m->terms.list->child[term].text;
    if (!strcmp(name, m->response)) return false;
    if (!is_pattern(text)) return !strcmp(text, name);
    if (!feature) return false;
    for (size_t i = rad_patterns_next(&m->terms, 0, name); i != SIZE_MAX && i <= term;
         i = rad_patterns_next(&m->terms, i + 1, name))
        if (i == term) return true;
    return false;
}

bool rad_closed_takes(const rad_study *s, const char *name, bool feature) {
    for (size_t i = 0; i < s->model_count; i++) {
        const rad_model *m = &s->models[i];
        if (!rad_closed_is(m)) continue;
        if (!strcmp(m->response, name) || rad_names_find(&m->terms.plain, name) != SIZE_MAX ||
            (feature && rad_patterns_match(&m->terms, name)))
            return true;
    }
    return false;
}

/* Was the name met before that place: in the panel, in a model before, or in this one? */
static bool was_met(const rad_study *s, size_t model, size_t term, const char *name) {
    const rad_patterns *panel = s->covariance ? &s->panel_names : &s->feature_names;
    if (rad_patterns_match(panel, name)) return true;
    for (size_t i = 0; i <= model; i++) {
        const rad_model *m = &s->models[i];
        if (!rad_closed_is(m)) continue;
        if ((i < model || term > 0) && !strcmp(m->response, name)) return true;
        const size_t place = rad_names_find(&m->terms.plain, name);
        if (place != SIZE_MAX && (i < model || place + 1 < term)) return true;
    }
    return false;
}

size_t rad_closed_more(const rad_study *s, bool *all) {
    size_t count = 0;
    *all = true;
    for (size_t i = 0; i < s->model_count; i++) {
        const rad_model *m = &s->models[i];
        for (size_t t = 0; t <= m->terms.list->count && rad_closed_is(m); t++) { /* 0: the response */
            const char *name = t ? m->terms.list->child[t - 1].text : m->response;
            *all = *all && !(s->covariance && is_pattern(name));
            count +=
                !is_pattern(name) && rad_study_factor(s, name) == s->factor_count && !was_met(s, i, t, name);
        }
    }
    return count;
}

size_t rad_closed_factor(const rad_study *s, const rad_model *m, size_t term) {
    return rad_study_factor(s, m->terms.list->child[term].text);
}

static bool in_model(const rad_study *s, const char *name) {
    for (size_t i = 0; s->model && i < s->model->count; i++)
        if (!strcmp(s->model->child[i].text, name)) return true;
    return false;
}

static rad_status check_term(rad_study_reader *r, const rad_model *m, size_t term) {
    const rad_study *s = r->s;
    const rad_node *node = &m->terms.list->child[term];
    const size_t factor = rad_closed_factor(s, m, term);
    if (factor == s->factor_count) return RAD_OK;
    if (m->family == RAD_MODEL_LDA)
        return RAD_STUDY_FAIL(r, node, "%.60s has levels; terms of family lda are numbers and features",
                              node->text);
    if ((s->factors[factor].group && rad_study_asks(s, RAD_GROUPS)) ||
        (in_model(s, node->text) && rad_study_asks(s, RAD_MODEL)))
        return RAD_OK;
    return RAD_STUDY_FAIL(
        r, node, "%.60s: sums by its levels do not leave; name it under `groups` or `model`", node->text);
}

static rad_status check_model(rad_study_reader *r, const rad_model *m) {
    const rad_study *s = r->s;
    const rad_node *node = m->terms.list;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_COVARIANCE))
        return RAD_STUDY_FAIL(r, node,
                              "%s: family %s is computed from the covariance; name it under `analyses`",
                              m->name, rad_model_family_word(m->family));
    if (m->family == RAD_MODEL_LDA && !(s->factors[m->of].group && rad_study_asks(s, RAD_GROUPS)))
        return RAD_STUDY_FAIL(r, node, "%s: family lda needs the means by %.60s; name it under `groups`",
                              m->name, m->response);
    if (m->family != RAD_MODEL_GAUSSIAN && m->penalty.kind != RAD_PENALTY_NONE)
        return RAD_STUDY_FAIL(r, node, "%s: family %s has no penalty", m->name,
                              rad_model_family_word(m->family));
    for (size_t t = 0; t < node->count && status == RAD_OK; t++) status = check_term(r, m, t);
    return status;
}

rad_status rad_study_check_models(rad_study_reader *r) {
    rad_study *s = r->s;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->model_count && status == RAD_OK; i++) {
        const rad_model *m = &s->models[i];
        if (rad_closed_is(m)) status = check_model(r, m);
        if (m->family == RAD_MODEL_COX && s->survivals[m->of].causes)
            status = RAD_STUDY_FAIL(r, m->terms.list,
                                    "%s: %.60s has causes; name an outcome whose event is one of them",
                                    m->name, m->response);
    }
    if (rad_closed_some(s)) s->analyses |= RAD_ANALYSIS_MODELS;
    return status;
}
