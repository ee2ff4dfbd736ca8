#include "study_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)RAD_COMPUTED_NAME == (int)RAD_NAME, "it makes a variable");

static const char rank_of[] = "rank of ";

bool rad_study_is_computed(const rad_node *node) {
    return (node->kind == RAD_NODE_TEXT && !strncmp(node->text, rank_of, sizeof rank_of - 1)) ||
           (node->kind == RAD_NODE_MAP && rad_node_find(node, "spline"));
}

static rad_status read_knots(rad_study_reader *r, const rad_node *list, rad_computed *c) {
    rad_status status = RAD_OK;
    if (list->kind != RAD_NODE_LIST || list->count < 3 || list->count > RAD_KNOTS_MAX)
        return RAD_STUDY_FAIL(r, list, "spline: a list of 3 to %d rising knots is expected", RAD_KNOTS_MAX);
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) {
        status = rad_study_reader_number(r, &list->child[i], &c->knot[i]);
        if (status == RAD_OK && !(fabs(c->knot[i]) <= 1e12))
            status = RAD_STUDY_FAIL(r, &list->child[i], "spline: knots lie between -1e12 and 1e12");
        if (status == RAD_OK && i && !(c->knot[i] - c->knot[i - 1] >= 1e-9))
            status = RAD_STUDY_FAIL(r, &list->child[i], "spline: knots must rise, and %s is not above %s",
                                    list->child[i].text, list->child[i - 1].text);
    }
    c->knots = list->count;
    return status;
}

/* A number more, of that rule. */
static rad_status add(rad_study_reader *r, const rad_node *node, const rad_computed *computed) {
    rad_study *s = r->s;
    if (s->computed_count == RAD_COMPUTED_MAX || s->number_count == RAD_NUMBERS_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d numbers", RAD_NUMBERS_MAX);
    rad_computed *to = &s->computed[s->computed_count++];
    *to = *computed;
    s->numbers[s->number_count++] = (rad_number){
        .name = to->name, .unit = "", .has_step = true, .step = rad_computed_step(to), .computed = to};
    return RAD_OK;
}

static bool fits_name(const char *text, int used) {
    return *text && used > 0 && used < RAD_COMPUTED_NAME;
}

rad_status rad_study_read_computed(rad_study_reader *r, const rad_node *node) {
    static const char *const keys[] = {"of", "spline", NULL};
    rad_computed c = {.kind = RAD_COMPUTED_RANK};
    if (node->kind == RAD_NODE_TEXT) {
        c.of = node->text + sizeof rank_of - 1;
        if (!fits_name(c.of, (int)strnlen(c.of, RAD_COMPUTED_NAME)) ||
            !fits_name(node->key, snprintf(c.name, sizeof c.name, "%s", node->key)))
            return RAD_STUDY_FAIL(
                r, node, "derived: \"rank of NAME\" is expected, with names of 1 to %d bytes", RAD_NAME - 1);
        return add(r, node, &c);
    }
    const rad_node *of = rad_node_find(node, "of");
    rad_status status = rad_study_reader_keys(r, node, keys);
    c.kind = RAD_COMPUTED_SPLINE;
    if (status == RAD_OK && !of)
        status = RAD_STUDY_FAIL(r, node, "derived: {of: age, spline: [40, 55, 65, 75]} is expected");
    if (status == RAD_OK) status = rad_study_reader_text(r, of, &c.of);
    if (status == RAD_OK) status = read_knots(r, rad_node_find(node, "spline"), &c);
    for (c.column = 0; status == RAD_OK && c.column + 2 < c.knots; c.column++) {
        if (!fits_name(node->key, snprintf(c.name, sizeof c.name, "%s%zu", node->key, c.column + 1)))
            return RAD_STUDY_FAIL(r, node, "the name is empty or too long");
        status = add(r, node, &c);
    }
    return status;
}

const rad_computed *rad_study_computed(const rad_study *study, const char *name) {
    for (size_t i = 0; i < study->computed_count; i++)
        if (!strcmp(study->computed[i].name, name)) return &study->computed[i];
    return NULL;
}
