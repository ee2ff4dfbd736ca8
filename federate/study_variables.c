#include "study_reader.h"

#include <string.h>

static rad_status read_levels(rad_study_reader *r, const rad_node *node, const char *name, bool outcome) {
    rad_study *s = r->s;
    if (s->factor_count == RAD_FACTORS_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d variables with levels", RAD_FACTORS_MAX);
    rad_factor *f = &s->factors[s->factor_count++];
    rad_status status = rad_study_reader_list(r, node, 2);
    if (status == RAD_OK && node->count > RAD_FACTOR_LEVELS)
        status =
            RAD_STUDY_FAIL(r, node, "levels: at most %d (DataSHIELD nfilter.levels.max)", RAD_FACTOR_LEVELS);
    *f = (rad_factor){.name = name, .outcome = outcome};
    for (; status == RAD_OK && f->levels < node->count; f->levels++)
        f->level[f->levels] = node->child[f->levels].text;
    return status;
}

static rad_status read_times(rad_study_reader *r, const rad_node *outcome, rad_survival *v) {
    const rad_node *node = rad_node_find(outcome, "grid");
    rad_status status = RAD_OK;
    if (!node || node->kind != RAD_NODE_LIST || node->count < 2 || node->count > RAD_TIMES_MAX)
        return RAD_STUDY_FAIL(r, node ? node : outcome,
                              "%s: grid: a list of 2 to %d rising times from 0 is needed", v->name,
                              RAD_TIMES_MAX);
    for (; v->times < node->count && status == RAD_OK; v->times++) {
        status = rad_study_reader_number(r, &node->child[v->times], &v->grid[v->times]);
        if (status == RAD_OK && (v->times ? v->grid[v->times] <= v->grid[v->times - 1] : v->grid[0] != 0))
            status = RAD_STUDY_FAIL(r, &node->child[v->times], "%s: times of the grid start at 0 and rise",
                                    v->name);
    }
    return status;
}

/* Competing events: what the values 1, 2, ... of the column mean. */
static rad_status read_causes(rad_study_reader *r, const rad_node *node, rad_survival *v) {
    rad_status status = rad_study_reader_list(r, node, 2);
    if (status == RAD_OK && node->count > RAD_CAUSES_MAX)
        status = RAD_STUDY_FAIL(r, node, "causes: at most %d", RAD_CAUSES_MAX);
    for (; status == RAD_OK && v->causes < node->count; v->causes++)
        v->cause[v->causes] = node->child[v->causes].text;
    return status;
}

static rad_status read_survival(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    const rad_node *time = rad_node_find(node, "time"), *event = rad_node_find(node, "event");
    if (s->survival_count == RAD_SURVIVALS_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d outcomes with a time", RAD_SURVIVALS_MAX);
    rad_survival *v = &s->survivals[s->survival_count++];
    *v = (rad_survival){.name = node->key, .unit = ""};
    if (!time || !event)
        return RAD_STUDY_FAIL(r, node, "%s: columns for time and event are needed", node->key);
    rad_status status = rad_study_reader_text(r, time, &v->time);
    if (status == RAD_OK && rad_node_find(node, "unit"))
        status = rad_study_reader_text(r, rad_node_find(node, "unit"), &v->unit);
    if (status == RAD_OK) status = rad_study_reader_text(r, event, &v->event);
    if (status == RAD_OK && rad_node_find(node, "causes"))
        status = read_causes(r, rad_node_find(node, "causes"), v);
    return status == RAD_OK ? read_times(r, node, v) : status;
}

static bool is_variable(const rad_study *s, const char *name) {
    for (size_t i = 0; i < s->number_count; i++)
        if (!strcmp(s->numbers[i].name, name)) return true;
    return rad_study_factor(s, name) < s->factor_count;
}

/* One covariate or outcome: a number, levels, or a time. */
static rad_status read_variable(rad_study_reader *r, const rad_node *node, bool outcome) {
    static const char *const keys[] = {"levels", "unit",   "time", "event", "grid",
                                       "groups", "causes", "step", NULL};
    rad_study *s = r->s;
    const bool map = node->kind == RAD_NODE_MAP;
    if (!map && !(node->kind == RAD_NODE_TEXT && (!*node->text || !strcmp(node->text, "number"))))
        return RAD_STUDY_FAIL(
            r, node,
            "%.60s: `number`, {levels: [a, b]} or {time: column, event: column, grid: [0, 6, 12]} is "
            "expected",
            node->key);
    if (strlen(node->key) >= RAD_NAME || !*node->key)
        return RAD_STUDY_FAIL(r, node, "the name is empty or too long");
    if (is_variable(s, node->key)) return RAD_STUDY_FAIL(r, node, "%s is given twice", node->key);
    rad_status status = map ? rad_study_reader_keys(r, node, keys) : RAD_OK;
    if (status != RAD_OK) return status;
    const rad_node *levels = map ? rad_node_find(node, "levels") : NULL,
                   *unit = map ? rad_node_find(node, "unit") : NULL,
                   *step = map ? rad_node_find(node, "step") : NULL;
    if (levels) return read_levels(r, levels, node->key, outcome);
    if (map && rad_node_find(node, "time"))
        return outcome ? read_survival(r, node) : RAD_STUDY_FAIL(r, node, "times must be outcomes");
    if (map && (rad_node_find(node, "event") || rad_node_find(node, "grid") ||
                rad_node_find(node, "groups") || rad_node_find(node, "causes")))
        return RAD_STUDY_FAIL(
            r, node,
            "%s: event, causes, grid and groups go with time; the grid of a number stands under variables",
            node->key);
    if (s->number_count == RAD_NUMBERS_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d numbers", RAD_NUMBERS_MAX);
    rad_number *n = &s->numbers[s->number_count++];
    *n = (rad_number){.name = node->key, .unit = "", .outcome = outcome};
    n->has_step = step;
    if (step) status = rad_study_reader_step(r, step, &n->step);
    return status == RAD_OK && unit ? rad_study_reader_unit(r, unit, &n->unit) : status;
}

static rad_status read_variables_of(rad_study_reader *r, const rad_node *node, bool outcome) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "%s: names are expected, each with its kind", node->key);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = read_variable(r, &node->child[i], outcome);
    return status;
}

rad_status rad_study_read_covariates(rad_study_reader *r, const rad_node *node) {
    return read_variables_of(r, node, false);
}

rad_status rad_study_read_outcomes(rad_study_reader *r, const rad_node *node) {
    return read_variables_of(r, node, true);
}

rad_status rad_study_read_repeats(rad_study_reader *r, const rad_node *node) {
    static const char *const keys[] = {"occasion", "levels", "groups", NULL};
    rad_study *s = r->s;
    const bool map = node->kind == RAD_NODE_MAP;
    const rad_node *occasion = map ? rad_node_find(node, "occasion") : NULL,
                   *levels = map ? rad_node_find(node, "levels") : NULL;
    if (!occasion || !levels)
        return RAD_STUDY_FAIL(r, node, "repeats: {occasion: column, levels: [first, second]} is expected");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status == RAD_OK) status = rad_study_reader_text(r, occasion, &s->occasion);
    if (status == RAD_OK) status = rad_study_reader_list(r, levels, 2);
    if (status == RAD_OK && levels->count > RAD_OCCASIONS_MAX)
        status = RAD_STUDY_FAIL(r, levels, "levels: at most %d occasions", RAD_OCCASIONS_MAX);
    for (; status == RAD_OK && s->occasion_count < levels->count; s->occasion_count++)
        s->occasions[s->occasion_count] = levels->child[s->occasion_count].text;
    const rad_node *groups = rad_node_find(node, "groups");
    if (status == RAD_OK && groups) status = rad_study_reader_list(r, groups, 1);
    for (size_t i = 0, at; groups && i < groups->count && status == RAD_OK; i++) {
        status = rad_study_reader_factor(r, &groups->child[i], &at);
        if (status == RAD_OK) s->changes_by[at] = true;
    }
    return status;
}

rad_status rad_study_read_groups(rad_study_reader *r, const rad_node *node) {
    rad_status status = rad_study_reader_list(r, node, 1);
    for (size_t i = 0, at; i < node->count && status == RAD_OK; i++) {
        status = rad_study_reader_factor(r, &node->child[i], &at);
        if (status == RAD_OK) r->s->factors[at].group = true;
    }
    return status;
}

/* Which factors each time to an event is described by: its own `groups`, or those of the study. */
rad_status rad_study_read_strata(rad_study_reader *r, const rad_node *outcomes) {
    rad_study *s = r->s;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        rad_survival *v = &s->survivals[i];
        const rad_node *groups = rad_node_find(rad_node_find(outcomes, v->name), "groups");
        for (size_t f = 0; f < s->factor_count && !groups; f++) v->by[f] = s->factors[f].group;
        if (groups) status = rad_study_reader_list(r, groups, 0);
        for (size_t k = 0, at; groups && k < groups->count && status == RAD_OK; k++) {
            status = rad_study_reader_factor(r, &groups->child[k], &at);
            if (status == RAD_OK) v->by[at] = true;
        }
    }
    return status;
}

rad_status rad_study_read_tables(rad_study_reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST)
        return RAD_STUDY_FAIL(r, node, "tables: a list of pairs is expected, such as [[sex, stage]]");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        const rad_node *pair = &node->child[i];
        if (r->s->table_count == RAD_PAIRS_MAX)
            return RAD_STUDY_FAIL(r, pair, "more than %d tables", RAD_PAIRS_MAX);
        size_t *to = r->s->tables[r->s->table_count++];
        if (pair->kind != RAD_NODE_LIST || pair->count != 2)
            return RAD_STUDY_FAIL(r, pair, "a pair is expected, such as [sex, stage]");
        status = rad_study_reader_factor(r, &pair->child[0], &to[0]);
        if (status == RAD_OK) status = rad_study_reader_factor(r, &pair->child[1], &to[1]);
        if (status == RAD_OK && to[0] == to[1])
            status = RAD_STUDY_FAIL(r, pair, "a table of a variable with itself is not allowed");
    }
    return status;
}

rad_status rad_study_read_model(rad_study_reader *r, const rad_node *node) {
    rad_status status = rad_study_reader_list(r, node, 0); /* none: harmonisation without covariates */
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        if (!is_variable(r->s, node->child[i].text))
            status = RAD_STUDY_FAIL(r, &node->child[i], "%.60s is not a covariate or outcome",
                                    node->child[i].text);
    r->s->model = node;
    return status;
}
