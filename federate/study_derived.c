#include "study_reader.h"

#include <string.h>

/* Is that a number of the study: one that it declares, or a feature by its full name? */
static bool is_number(const rad_study *s, const char *name) {
    for (size_t i = 0; i < s->number_count; i++)
        if (!strcmp(s->numbers[i].name, name)) return true;
    for (size_t i = 0; s->features && i < s->features->count; i++)
        if (!strpbrk(name, "*?") && !strcmp(s->features->child[i].text, name)) return true;
    return false;
}

static bool is_taken(const rad_study *s, const char *name) {
    bool taken = is_number(s, name) || rad_study_factor(s, name) < s->factor_count ||
                 !strcmp(name, s->patient) || (s->occasion && !strcmp(name, s->occasion));
    for (size_t i = 0; i < s->survival_count; i++) taken = taken || !strcmp(s->survivals[i].name, name);
    return taken;
}

/* Life tables count times and events; levels of these would count what they leave out. */
static rad_status check_times(rad_study_reader *r, const rad_node *node, const char *of) {
    const rad_study *s = r->s;
    for (size_t i = 0; i < s->survival_count; i++)
        if (!strcmp(s->survivals[i].time, of) || !strcmp(s->survivals[i].event, of))
            return RAD_STUDY_FAIL(
                r, node, "derived: %.60s is the time or the event of %.60s, and no level is made of these",
                of, s->survivals[i].name);
    return RAD_OK;
}

/* The names that a computed number makes are free, and what it is made of is a column. */
static rad_status read_computed(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    const size_t before = s->number_count;
    rad_status status = is_taken(s, node->key) ? RAD_STUDY_FAIL(r, node, "%.60s is given twice", node->key)
                                               : rad_study_read_computed(r, node);
    const size_t after = s->number_count;
    for (size_t i = before; i < after && status == RAD_OK; i++) {
        const rad_computed *c = s->numbers[i].computed;
        s->number_count = i;
        if (is_taken(s, c->name)) status = RAD_STUDY_FAIL(r, node, "%.60s is given twice", c->name);
        if (status == RAD_OK && (!is_number(s, c->of) || rad_study_computed(s, c->of)))
            status =
                RAD_STUDY_FAIL(r, node,
                               "derived: %.60s is not a number of the study; declare it under covariates "
                               "or outcomes, or name it in full under features",
                               c->of);
        if (status == RAD_OK) status = check_times(r, node, c->of);
    }
    s->number_count = after;
    return status;
}

static rad_status read_one(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    if (rad_study_is_computed(node)) return read_computed(r, node);
    rad_cut *cut = &s->cuts[s->cut_count];
    if (s->cut_count == RAD_DERIVED_MAX)
        return RAD_STUDY_FAIL(r, node, "derived: more than %d variables", RAD_DERIVED_MAX);
    if (s->factor_count == RAD_FACTORS_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d variables with levels", RAD_FACTORS_MAX);
    rad_status status = rad_cut_read(node, r->name, cut, r->error);
    if (status != RAD_OK) return status;
    if (is_taken(s, node->key)) return RAD_STUDY_FAIL(r, node, "%.60s is given twice", node->key);
    if (!is_number(s, cut->of))
        return RAD_STUDY_FAIL(r, node,
                              "derived: %.60s is not a number of the study; declare it under covariates or "
                              "outcomes, or name it in full under features",
                              cut->of);
    status = check_times(r, node, cut->of);
    if (status != RAD_OK) return status;
    rad_factor *f = &s->factors[s->factor_count++];
    *f = (rad_factor){.name = node->key, .cut = cut, .levels = cut->count + 1};
    for (size_t l = 0; l < f->levels; l++) f->level[l] = cut->level[l];
    s->cut_count++;
    return RAD_OK;
}

rad_status rad_study_read_derived(rad_study_reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP || !node->count)
        return RAD_STUDY_FAIL(r, node, "derived: {high: \"score > 0.3\"} is expected");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) status = read_one(r, &node->child[i]);
    return status;
}
