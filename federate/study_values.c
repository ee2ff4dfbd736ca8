#include "closed.h"
#include "study_reader.h"

#include "step.h"

#include <math.h>
#include <string.h>

static rad_status read_grid(rad_study_reader *r, const rad_node *node, rad_transform *t) {
    static const char *const keys[] = {"from", "to", "cells", "relative", NULL};
    double cells = 0, relative = 0;
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "grid: {from: 0, to: 1, cells: 100} or {relative: 0.01} is expected");
    const rad_node *from = rad_node_find(node, "from"), *to = rad_node_find(node, "to");
    const rad_node *number = rad_node_find(node, "cells"), *share = rad_node_find(node, "relative");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status != RAD_OK) return status;
    if (share ? node->count != 1 : !from || !to || !number)
        return RAD_STUDY_FAIL(r, node, "grid: {from: 0, to: 1, cells: 100} or {relative: 0.01} is expected");
    t->has_grid = true;
    if (share) {
        status = rad_study_reader_number(r, share, &relative);
        t->grid = (rad_grid){.kind = RAD_GRID_RELATIVE, .bits = 1};
        while (status == RAD_OK && ldexp(1, -(int)t->grid.bits) > relative &&
               t->grid.bits <= RAD_GRID_BITS_MAX)
            t->grid.bits++;
        if (status == RAD_OK && (t->grid.bits > RAD_GRID_BITS_MAX || relative > 0.5))
            status = RAD_STUDY_FAIL(r, share, "relative: a number from %g to 0.5 is expected",
                                    ldexp(1, -RAD_GRID_BITS_MAX));
        return status;
    }
    t->grid = (rad_grid){.kind = RAD_GRID_LINEAR};
    status = rad_study_reader_number(r, from, &t->grid.from);
    if (status == RAD_OK) status = rad_study_reader_number(r, to, &t->grid.to);
    if (status == RAD_OK) status = rad_study_reader_number(r, number, &cells);
    if (status == RAD_OK && !(t->grid.from < t->grid.to && isfinite(t->grid.to - t->grid.from)))
        status = RAD_STUDY_FAIL(r, node, "grid: from must be less than to");
    if (status == RAD_OK && !(cells >= 1 && cells <= RAD_GRID_CELLS_MAX && cells == floor(cells)))
        status =
            RAD_STUDY_FAIL(r, number, "cells: a whole number from 1 to %d is expected", RAD_GRID_CELLS_MAX);
    if (status == RAD_OK) t->grid.cells = (uint32_t)cells;
    return status;
}

static rad_status read_transform(rad_study_reader *r, const rad_node *node, rad_transform *t) {
    static const char *const keys[] = {"transform", "centre", "step", "grid", NULL};
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(
            r, node,
            "%.60s: {transform: log, centre: 0, step: 0.01, grid: {...}} is expected, each part optional",
            node->key);
    const rad_node *transform = rad_node_find(node, "transform"), *centre = rad_node_find(node, "centre"),
                   *step = rad_node_find(node, "step"), *grid = rad_node_find(node, "grid");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status == RAD_OK && transform) {
        const char *word = transform->text ? transform->text : "";
        if (strcmp(word, "log") != 0 && strcmp(word, "none") != 0)
            return RAD_STUDY_FAIL(r, transform, "transform: log or none is expected");
        t->logarithm = !strcmp(word, "log");
    }
    if (status == RAD_OK && centre) status = rad_study_reader_number(r, centre, &t->centre);
    if (status == RAD_OK && step) status = rad_study_reader_step(r, step, &t->step);
    t->has_step = t->has_step || step;
    return status == RAD_OK && grid ? read_grid(r, grid, t) : status;
}

rad_status rad_study_read_variables(rad_study_reader *r, const rad_node *node) {
    rad_transform none = {0};
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node,
                              "variables: patterns are expected, each with how its values are transformed");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = read_transform(r, &node->child[i], &none);
    r->s->variables = node;
    return status == RAD_OK ? rad_patterns_make(node, &r->s->variable_names, r->error) : status;
}

bool rad_study_in_panel(const rad_study *study, const char *name, bool feature) {
    const bool named = study->covariance ? rad_patterns_match(&study->panel_names, name) : feature;
    return named || rad_closed_takes(study, name, feature);
}

rad_status rad_study_transform(const rad_study *study, const char *name, rad_transform *transform,
                               rad_error *error) {
    rad_study_reader r = {(rad_study *)study, study->path, error};
    rad_status status = RAD_OK;
    *transform = (rad_transform){.logarithm = false};
    const rad_computed *computed = rad_study_computed(study, name);
    if (computed) { /* by its own rule alone */
        transform->has_step = true;
        transform->step = rad_computed_step(computed);
        return RAD_OK;
    }
    size_t i = study->variables ? rad_patterns_next(&study->variable_names, 0, name) : SIZE_MAX;
    for (; i != SIZE_MAX && status == RAD_OK; i = rad_patterns_next(&study->variable_names, i + 1, name))
        status = read_transform(&r, &study->variables->child[i], transform);
    for (size_t k = 0; k < study->number_count && !transform->has_step; k++)
        if (study->numbers[k].has_step && !strcmp(study->numbers[k].name, name)) {
            transform->has_step = true;
            transform->step = study->numbers[k].step;
        }
    if (!transform->has_step)
        transform->step =
            rad_step_default(name, transform->logarithm, transform->has_grid ? &transform->grid : NULL);
    return status;
}
