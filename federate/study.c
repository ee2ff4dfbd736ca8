#include "study.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/number.h"
#include "../io/bytes.h"
#include "analyses.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the readers below share. */
typedef struct reader {
    rad_study *s;
    const char *name; /* of the file */
    rad_error *error;
} reader;

/* A key of the study: how its node is read. */
typedef struct row {
    const char *key;
    rad_status (*read)(reader *r, const rad_node *node);
} row;

#define FAIL(r, node, ...) rad_node_fail(node, (r)->name, (r)->error, __VA_ARGS__)

static const row *find_row(const row *rows, size_t count, const char *key) {
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].key, key)) return &rows[i];
    return NULL;
}

static rad_status unknown_key(reader *r, const rad_node *node, const row *rows, size_t count) {
    char known[512] = "";
    for (size_t k = 0, used = 0; k < count && used < sizeof known; k++)
        if (find_row(rows, k, rows[k].key) == NULL) /* some are read in two steps */
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", rows[k].key);
    return FAIL(r, node, "%.60s is not a key of a study; the keys are %s", node->key, known);
}

static rad_status read_text(reader *r, const rad_node *node, const char **text) {
    if (node->kind != RAD_NODE_TEXT || !*node->text || strlen(node->text) >= RAD_NAME)
        return FAIL(r, node, "%.60s: a text of 1 to %d bytes is expected", node->key ? node->key : "the list",
                    RAD_NAME - 1);
    *text = node->text;
    return RAD_OK;
}

/* The unit of a number goes with its sums, where it has a fixed place. */
static rad_status read_unit(reader *r, const rad_node *node, const char **text) {
    rad_status status = read_text(r, node, text);
    if (status == RAD_OK && strlen(*text) >= RAD_UNIT)
        status = FAIL(r, node, "unit: a text of 1 to %d bytes is expected", RAD_UNIT - 1);
    return status;
}

static rad_status read_number(reader *r, const rad_node *node, double *value) {
    if (node->kind == RAD_NODE_TEXT && rad_number_read(node->text, value) && isfinite(*value)) return RAD_OK;
    return FAIL(r, node, "%.60s: a number is expected", node->key ? node->key : "the list");
}

/* A list of texts, none twice. */
static rad_status check_list(reader *r, const rad_node *node, size_t least) {
    const char *text = "";
    if (node->kind != RAD_NODE_LIST || node->count < least)
        return FAIL(r, node, "%.60s: a list of %zu or more is expected, such as [a, b]",
                    node->key ? node->key : "here", least);
    for (size_t i = 0; i < node->count; i++) {
        rad_status status = read_text(r, &node->child[i], &text);
        if (status != RAD_OK) return status;
        for (size_t j = 0; j < i; j++)
            if (!strcmp(node->child[j].text, text))
                return FAIL(r, &node->child[i], "%.60s is given twice", text);
    }
    return RAD_OK;
}

static rad_status read_id(reader *r, const rad_node *node) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    rad_status status = read_text(r, node, &r->s->id);
    if (status == RAD_OK && (r->s->id[strspn(r->s->id, allowed)] || strlen(r->s->id) > 80))
        status = FAIL(r, node, "study: an id of letters, digits, dot, - and _ is expected, at most 80");
    return status;
}

static rad_status read_title(reader *r, const rad_node *node) {
    return read_text(r, node, &r->s->title);
}

static rad_status read_patient(reader *r, const rad_node *node) {
    return read_text(r, node, &r->s->patient);
}

static rad_status read_settings(reader *r, const rad_node *node) {
    return read_text(r, node, &r->s->settings);
}

static rad_status read_where(reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    const char *text = "";
    if (node->kind != RAD_NODE_MAP)
        return FAIL(r, node, "where: columns and values are expected, such as {roi: GTV-1}");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = node->child[i].kind == RAD_NODE_LIST ? check_list(r, &node->child[i], 1)
                                                      : read_text(r, &node->child[i], &text);
    r->s->where = node;
    return status;
}

static rad_status read_features(reader *r, const rad_node *node) {
    r->s->features = node;
    return check_list(r, node, 1);
}

static rad_status read_covariance(reader *r, const rad_node *node) {
    r->s->covariance = node;
    return check_list(r, node, 1);
}

static rad_status read_levels(reader *r, const rad_node *node, const char *name, bool outcome) {
    rad_study *s = r->s;
    if (s->factor_count == RAD_FACTORS_MAX)
        return FAIL(r, node, "more than %d variables with levels", RAD_FACTORS_MAX);
    rad_factor *f = &s->factors[s->factor_count++];
    rad_status status = check_list(r, node, 2);
    if (status == RAD_OK && node->count > RAD_FACTOR_LEVELS)
        status = FAIL(r, node, "levels: at most %d (DataSHIELD nfilter.levels.max)", RAD_FACTOR_LEVELS);
    *f = (rad_factor){.name = name, .outcome = outcome};
    for (; status == RAD_OK && f->levels < node->count; f->levels++)
        f->level[f->levels] = node->child[f->levels].text;
    return status;
}

static rad_status read_times(reader *r, const rad_node *outcome, rad_survival *v) {
    const rad_node *node = rad_node_find(outcome, "grid");
    rad_status status = RAD_OK;
    if (!node || node->kind != RAD_NODE_LIST || node->count < 2 || node->count > RAD_TIMES_MAX)
        return FAIL(r, node ? node : outcome, "%s: grid: a list of 2 to %d rising times from 0 is needed",
                    v->name, RAD_TIMES_MAX);
    for (; v->times < node->count && status == RAD_OK; v->times++) {
        status = read_number(r, &node->child[v->times], &v->grid[v->times]);
        if (status == RAD_OK && (v->times ? v->grid[v->times] <= v->grid[v->times - 1] : v->grid[0] != 0))
            status = FAIL(r, &node->child[v->times], "%s: times of the grid start at 0 and rise", v->name);
    }
    return status;
}

static rad_status read_survival(reader *r, const rad_node *node) {
    rad_study *s = r->s;
    const rad_node *time = rad_node_find(node, "time"), *event = rad_node_find(node, "event");
    if (s->survival_count == RAD_SURVIVALS_MAX)
        return FAIL(r, node, "more than %d outcomes with a time", RAD_SURVIVALS_MAX);
    rad_survival *v = &s->survivals[s->survival_count++];
    *v = (rad_survival){.name = node->key, .unit = ""};
    if (!time || !event) return FAIL(r, node, "%s: columns for time and event are needed", node->key);
    rad_status status = read_text(r, time, &v->time);
    if (status == RAD_OK && rad_node_find(node, "unit"))
        status = read_text(r, rad_node_find(node, "unit"), &v->unit);
    if (status == RAD_OK) status = read_text(r, event, &v->event);
    return status == RAD_OK ? read_times(r, node, v) : status;
}

static bool is_variable(const rad_study *s, const char *name) {
    for (size_t i = 0; i < s->number_count; i++)
        if (!strcmp(s->numbers[i].name, name)) return true;
    return rad_study_factor(s, name) < s->factor_count;
}

static rad_status check_keys(reader *r, const rad_node *map, const char *const *keys) {
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], map->child[i].key) != 0) k++;
        if (!keys[k])
            return FAIL(r, &map->child[i], "%.60s is not a key of %.60s", map->child[i].key, map->key);
    }
    return RAD_OK;
}

/* One covariate or outcome: a number, levels, or a time. */
static rad_status read_variable(reader *r, const rad_node *node, bool outcome) {
    static const char *const keys[] = {"levels", "unit", "time", "event", "grid", "groups", NULL};
    rad_study *s = r->s;
    const bool map = node->kind == RAD_NODE_MAP;
    if (!map && !(node->kind == RAD_NODE_TEXT && (!*node->text || !strcmp(node->text, "number"))))
        return FAIL(r, node,
                    "%.60s: `number`, {levels: [a, b]} or {time: column, event: column, grid: [0, 6, 12]} is "
                    "expected",
                    node->key);
    if (strlen(node->key) >= RAD_NAME || !*node->key) return FAIL(r, node, "the name is empty or too long");
    if (is_variable(s, node->key)) return FAIL(r, node, "%s is given twice", node->key);
    rad_status status = map ? check_keys(r, node, keys) : RAD_OK;
    if (status != RAD_OK) return status;
    const rad_node *levels = map ? rad_node_find(node, "levels") : NULL,
                   *unit = map ? rad_node_find(node, "unit") : NULL;
    if (levels) return read_levels(r, levels, node->key, outcome);
    if (map && rad_node_find(node, "time"))
        return outcome ? read_survival(r, node) : FAIL(r, node, "times must be outcomes");
    if (map && (rad_node_find(node, "event") || rad_node_find(node, "grid") || rad_node_find(node, "groups")))
        return FAIL(r, node,
                    "%s: event, grid and groups go with time; the grid of a number stands under variables",
                    node->key);
    if (s->number_count == RAD_NUMBERS_MAX) return FAIL(r, node, "more than %d numbers", RAD_NUMBERS_MAX);
    rad_number *n = &s->numbers[s->number_count++];
    *n = (rad_number){.name = node->key, .unit = "", .outcome = outcome};
    return unit ? read_unit(r, unit, &n->unit) : RAD_OK;
}

static rad_status read_variables_of(reader *r, const rad_node *node, bool outcome) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return FAIL(r, node, "%s: names are expected, each with its kind", node->key);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = read_variable(r, &node->child[i], outcome);
    return status;
}

static rad_status read_covariates(reader *r, const rad_node *node) {
    return read_variables_of(r, node, false);
}

static rad_status read_outcomes(reader *r, const rad_node *node) {
    return read_variables_of(r, node, true);
}

static rad_status read_repeats(reader *r, const rad_node *node) {
    static const char *const keys[] = {"occasion", "levels", NULL};
    rad_study *s = r->s;
    const bool map = node->kind == RAD_NODE_MAP;
    const rad_node *occasion = map ? rad_node_find(node, "occasion") : NULL,
                   *levels = map ? rad_node_find(node, "levels") : NULL;
    if (!occasion || !levels)
        return FAIL(r, node, "repeats: {occasion: column, levels: [first, second]} is expected");
    rad_status status = check_keys(r, node, keys);
    if (status == RAD_OK) status = read_text(r, occasion, &s->occasion);
    if (status == RAD_OK) status = check_list(r, levels, 2);
    if (status == RAD_OK && levels->count > RAD_OCCASIONS_MAX)
        status = FAIL(r, levels, "levels: at most %d occasions", RAD_OCCASIONS_MAX);
    for (; status == RAD_OK && s->occasion_count < levels->count; s->occasion_count++)
        s->occasions[s->occasion_count] = levels->child[s->occasion_count].text;
    return status;
}

static rad_status read_grid(reader *r, const rad_node *node, rad_transform *t) {
    static const char *const keys[] = {"from", "to", "cells", "relative", NULL};
    double cells = 0, relative = 0;
    if (node->kind != RAD_NODE_MAP)
        return FAIL(r, node, "grid: {from: 0, to: 1, cells: 100} or {relative: 0.01} is expected");
    const rad_node *from = rad_node_find(node, "from"), *to = rad_node_find(node, "to");
    const rad_node *number = rad_node_find(node, "cells"), *share = rad_node_find(node, "relative");
    rad_status status = check_keys(r, node, keys);
    if (status != RAD_OK) return status;
    if (share ? node->count != 1 : !from || !to || !number)
        return FAIL(r, node, "grid: {from: 0, to: 1, cells: 100} or {relative: 0.01} is expected");
    t->has_grid = true;
    if (share) {
        status = read_number(r, share, &relative);
        t->grid = (rad_grid){.kind = RAD_GRID_RELATIVE, .bits = 1};
        while (status == RAD_OK && ldexp(1, -(int)t->grid.bits) > relative &&
               t->grid.bits <= RAD_GRID_BITS_MAX)
            t->grid.bits++;
        if (status == RAD_OK && (t->grid.bits > RAD_GRID_BITS_MAX || relative > 0.5))
            status =
                FAIL(r, share, "relative: a number from %g to 0.5 is expected", ldexp(1, -RAD_GRID_BITS_MAX));
        return status;
    }
    t->grid = (rad_grid){.kind = RAD_GRID_LINEAR};
    status = read_number(r, from, &t->grid.from);
    if (status == RAD_OK) status = read_number(r, to, &t->grid.to);
    if (status == RAD_OK) status = read_number(r, number, &cells);
    if (status == RAD_OK && !(t->grid.from < t->grid.to && isfinite(t->grid.to - t->grid.from)))
        status = FAIL(r, node, "grid: from must be less than to");
    if (status == RAD_OK && !(cells >= 1 && cells <= RAD_GRID_CELLS_MAX && cells == floor(cells)))
        status = FAIL(r, number, "cells: a whole number from 1 to %d is expected", RAD_GRID_CELLS_MAX);
    if (status == RAD_OK) t->grid.cells = (uint32_t)cells;
    return status;
}

static rad_status read_transform(reader *r, const rad_node *node, rad_transform *t) {
    static const char *const keys[] = {"transform", "centre", "grid", NULL};
    if (node->kind != RAD_NODE_MAP)
        return FAIL(r, node,
                    "%.60s: {transform: log, centre: 0, grid: {...}} is expected, each part optional",
                    node->key);
    const rad_node *transform = rad_node_find(node, "transform"), *centre = rad_node_find(node, "centre"),
                   *grid = rad_node_find(node, "grid");
    rad_status status = check_keys(r, node, keys);
    if (status == RAD_OK && transform) {
        const char *word = transform->text ? transform->text : "";
        if (strcmp(word, "log") != 0 && strcmp(word, "none") != 0)
            return FAIL(r, transform, "transform: log or none is expected");
        t->logarithm = !strcmp(word, "log");
    }
    if (status == RAD_OK && centre) status = read_number(r, centre, &t->centre);
    return status == RAD_OK && grid ? read_grid(r, grid, t) : status;
}

static rad_status read_variables(reader *r, const rad_node *node) {
    rad_transform none = {0};
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return FAIL(r, node, "variables: patterns are expected, each with how its values are transformed");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = read_transform(r, &node->child[i], &none);
    r->s->variables = node;
    return status;
}

static rad_status find_factor(reader *r, const rad_node *node, size_t *at) {
    const char *name = node->kind == RAD_NODE_TEXT ? node->text : "";
    *at = rad_study_factor(r->s, name);
    if (*at < r->s->factor_count) return RAD_OK;
    return FAIL(r, node, "%.60s is not a covariate or outcome with levels", name);
}

static rad_status read_groups(reader *r, const rad_node *node) {
    rad_status status = check_list(r, node, 1);
    for (size_t i = 0, at; i < node->count && status == RAD_OK; i++) {
        status = find_factor(r, &node->child[i], &at);
        if (status == RAD_OK) r->s->factors[at].group = true;
    }
    return status;
}

/* Which factors each time to an event is described by: its own `groups`, or those of the study. */
static rad_status read_strata(reader *r, const rad_node *outcomes) {
    rad_study *s = r->s;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        rad_survival *v = &s->survivals[i];
        const rad_node *groups = rad_node_find(rad_node_find(outcomes, v->name), "groups");
        for (size_t f = 0; f < s->factor_count && !groups; f++) v->by[f] = s->factors[f].group;
        if (groups) status = check_list(r, groups, 0);
        for (size_t k = 0, at; groups && k < groups->count && status == RAD_OK; k++) {
            status = find_factor(r, &groups->child[k], &at);
            if (status == RAD_OK) v->by[at] = true;
        }
    }
    return status;
}

static rad_status read_tables(reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST)
        return FAIL(r, node, "tables: a list of pairs is expected, such as [[sex, stage]]");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        const rad_node *pair = &node->child[i];
        if (r->s->table_count == RAD_PAIRS_MAX) return FAIL(r, pair, "more than %d tables", RAD_PAIRS_MAX);
        size_t *to = r->s->tables[r->s->table_count++];
        if (pair->kind != RAD_NODE_LIST || pair->count != 2)
            return FAIL(r, pair, "a pair is expected, such as [sex, stage]");
        status = find_factor(r, &pair->child[0], &to[0]);
        if (status == RAD_OK) status = find_factor(r, &pair->child[1], &to[1]);
        if (status == RAD_OK && to[0] == to[1])
            status = FAIL(r, pair, "a table of a variable with itself is not allowed");
    }
    return status;
}

static rad_status unknown_analysis(reader *r, const rad_node *node) {
    char known[256] = "";
    for (size_t k = 0, used = 0; k < RAD_ANALYSES && used < sizeof known; k++)
        used +=
            (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", rad_analyses[k].word);
    return FAIL(r, node, "%.60s is not an analysis; the analyses are %s", node->text, known);
}

static rad_status read_analyses(reader *r, const rad_node *node) {
    rad_status status = check_list(r, node, 1);
    r->s->analyses = 0;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        size_t k = 0;
        while (k < RAD_ANALYSES && strcmp(rad_analyses[k].word, node->child[i].text) != 0) k++;
        if (k == RAD_ANALYSES)
            status = unknown_analysis(r, &node->child[i]);
        else
            r->s->analyses |= 1U << k;
    }
    return status;
}

static rad_status read_quantiles(reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST || node->count > RAD_QUANTILES_MAX)
        return FAIL(r, node, "quantiles: a list of at most %d numbers is expected", RAD_QUANTILES_MAX);
    r->s->quantile_count = 0;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        double *q = &r->s->quantiles[r->s->quantile_count++];
        status = read_number(r, &node->child[i], q);
        if (status == RAD_OK && !(*q > 0 && *q < 1))
            status = FAIL(r, &node->child[i],
                          "a quantile must lie between 0 and 1; minimum and maximum are single patients");
    }
    return status;
}

static rad_status read_model(reader *r, const rad_node *node) {
    rad_status status = check_list(r, node, 0); /* none: harmonisation without covariates */
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        if (!is_variable(r->s, node->child[i].text))
            status = FAIL(r, &node->child[i], "%.60s is not a covariate or outcome", node->child[i].text);
    r->s->model = node;
    return status;
}

static rad_status read_reference(reader *r, const rad_node *node) {
    return read_text(r, node, &r->s->reference);
}

static rad_status read_batches(reader *r, const rad_node *node) {
    static const char *const keys[] = {"minimum", "small", NULL};
    rad_study *s = r->s;
    double minimum = s->batch_minimum;
    if (node->kind != RAD_NODE_MAP) return FAIL(r, node, "batches: {minimum: 20, small: merge} is expected");
    const rad_node *least = rad_node_find(node, "minimum"), *small = rad_node_find(node, "small");
    rad_status status = check_keys(r, node, keys);
    if (status == RAD_OK && least) status = read_number(r, least, &minimum);
    if (status == RAD_OK && !(minimum >= 2 && minimum <= 1000000 && minimum == floor(minimum)))
        status = FAIL(r, least, "minimum: a whole number of patients, at least 2, is expected");
    const char *word = small && small->kind == RAD_NODE_TEXT ? small->text : small ? "" : "refuse";
    s->batch_merge = !strcmp(word, "merge");
    if (status == RAD_OK && !s->batch_merge && strcmp(word, "refuse") != 0)
        status = FAIL(r, small, "small: refuse or merge is expected");
    if (status == RAD_OK) s->batch_minimum = (int)minimum;
    return status;
}

static rad_status read_redundancy(reader *r, const rad_node *node) {
    rad_status status = read_number(r, node, &r->s->redundancy);
    if (status == RAD_OK && !(r->s->redundancy > 0 && r->s->redundancy <= 1))
        status = FAIL(r, node, "redundancy: a number above 0, at most 1 is expected");
    return status;
}

static rad_status read_volume(reader *r, const rad_node *node) {
    return read_text(r, node, &r->s->volume);
}

static rad_status read_missing(reader *r, const rad_node *node) {
    const char *word = node->kind == RAD_NODE_TEXT ? node->text : "";
    r->s->complete = !strcmp(word, "complete");
    if (r->s->complete || !strcmp(word, "pairwise")) return RAD_OK;
    return FAIL(r, node, "missing: pairwise or complete is expected");
}

static rad_status read_thresholds(reader *r, const rad_node *node) {
    return rad_rules_read(node, r->name, &r->s->rules, r->error);
}

/* Covariates and outcomes come before what names them, whatever their order in the file. */
static const row rows[] = {
    {"study", read_id},
    {"title", read_title},
    {"patient", read_patient},
    {"settings", read_settings},
    {"where", read_where},
    {"features", read_features},
    {"covariates", read_covariates},
    {"outcomes", read_outcomes},
    {"repeats", read_repeats},
    {"variables", read_variables},
    {"groups", read_groups},
    {"outcomes", read_strata},
    {"tables", read_tables},
    {"covariance", read_covariance},
    {"analyses", read_analyses},
    {"quantiles", read_quantiles},
    {"model", read_model},
    {"reference", read_reference},
    {"batches", read_batches},
    {"redundancy", read_redundancy},
    {"volume", read_volume},
    {"missing", read_missing},
    {"thresholds", read_thresholds},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static rad_status read_study(reader *r) {
    rad_study *s = r->s;
    rad_status status = rad_rules_read(NULL, r->name, &s->rules, r->error);
    for (size_t i = 0; i < s->document.count && status == RAD_OK; i++)
        if (!find_row(rows, ROWS, s->document.child[i].key))
            return unknown_key(r, &s->document.child[i], rows, ROWS);
    for (size_t i = 0; i < ROWS && status == RAD_OK; i++) {
        const rad_node *node = rad_node_find(&s->document, rows[i].key);
        if (node) status = rows[i].read(r, node);
    }
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_analyses[i].needs && !rad_analyses[i].needs(s)) s->analyses &= ~(1U << i);
    if (status == RAD_OK && !s->id) status = FAIL(r, &s->document, "study: an id is needed");
    if (status == RAD_OK && !s->features) status = FAIL(r, &s->document, "features: a panel is needed");
    return status;
}

rad_status rad_study_parse(const char *text, size_t length, const char *name, rad_study *study,
                           rad_error *error) {
    *study = (rad_study){.patient = "case",
                         .title = "",
                         .volume = "",
                         .redundancy = 0.9,
                         .batch_minimum = 10,
                         .quantiles = {0.25, 0.5, 0.75},
                         .quantile_count = 3};
    for (size_t i = 0; i < RAD_ANALYSES; i++) study->analyses |= (unsigned)rad_analyses[i].standard << i;
    reader r = {study, name, error};
    rad_status status = rad_document_parse(text, length, name, &study->document, error);
    study->path = status == RAD_OK ? rad_text_copy(name, error) : NULL;
    if (status == RAD_OK && !study->path) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = read_study(&r);
    rad_hash_digest(text, length, study->hash);
    if (status != RAD_OK) rad_study_free(study);
    return status;
}

rad_status rad_study_read(const char *path, rad_study *study, rad_error *error) {
    rad_bytes bytes;
    *study = (rad_study){.path = NULL};
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    status = rad_study_parse((const char *)bytes.data, bytes.length, path, study, error);
    rad_bytes_free(&bytes);
    return status;
}

void rad_study_free(rad_study *study) {
    rad_node_free(&study->document);
    rad_free(study->path);
    *study = (rad_study){.path = NULL};
}

bool rad_study_asks(const rad_study *study, rad_analysis analysis) {
    return study->analyses >> analysis & 1;
}

/* `*` and `?`, in time that grows with the product of the lengths at most: studies come from outside. */
static bool matches(const char *pattern, const char *name) {
    const char *star = NULL, *back = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            back = name;
        } else if (*pattern == '?' || *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++back;
        } else {
            return false;
        }
    }
    return !pattern[strspn(pattern, "*")];
}

bool rad_study_matches(const rad_node *patterns, const char *name) {
    for (size_t i = 0; i < patterns->count; i++)
        if (matches(patterns->child[i].text, name)) return true;
    return false;
}

bool rad_study_in_panel(const rad_study *study, const char *name, bool feature) {
    return study->covariance ? rad_study_matches(study->covariance, name) : feature;
}

rad_status rad_study_transform(const rad_study *study, const char *name, rad_transform *transform,
                               rad_error *error) {
    reader r = {(rad_study *)study, study->path, error};
    rad_status status = RAD_OK;
    *transform = (rad_transform){.logarithm = false};
    for (size_t i = 0; study->variables && i < study->variables->count && status == RAD_OK; i++)
        if (matches(study->variables->child[i].key, name))
            status = read_transform(&r, &study->variables->child[i], transform);
    return status;
}

size_t rad_study_factor(const rad_study *study, const char *name) {
    size_t i = 0;
    while (i < study->factor_count && strcmp(study->factors[i].name, name) != 0) i++;
    return i;
}
