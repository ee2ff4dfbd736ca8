#include "study_reader.h"

#include <stdio.h>
#include <string.h>

/* Columns of a run directory that are not of patients. */
static const char *const of_runs[] = {"roi"};

rad_status rad_study_read_where(rad_study_reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    const char *text = "";
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "where: columns and values are expected, such as {roi: GTV-1}");
    if (node->count > RAD_NUMBERS_MAX)
        return RAD_STUDY_FAIL(r, node, "where: more than %d columns", RAD_NUMBERS_MAX);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = node->child[i].kind == RAD_NODE_LIST ? rad_study_reader_list(r, &node->child[i], 1)
                                                      : rad_study_reader_text(r, &node->child[i], &text);
    r->s->where = node;
    return status;
}

static bool is_known(const rad_study *s, const char *name) {
    for (size_t i = 0; i < sizeof of_runs / sizeof of_runs[0]; i++)
        if (!strcmp(of_runs[i], name)) return true;
    return s->occasion && !strcmp(s->occasion, name);
}

static rad_status check_level(rad_study_reader *r, const rad_node *node, const rad_factor *f) {
    size_t level = 0;
    while (level < f->levels && strcmp(f->level[level], node->text) != 0) level++;
    if (level < f->levels) return RAD_OK;
    return RAD_STUDY_FAIL(r, node, "where: %.60s is not one of the levels of %s", node->text, f->name);
}

static rad_status check_column(rad_study_reader *r, const rad_node *node) {
    const rad_study *s = r->s;
    const size_t factor = rad_study_factor(s, node->key);
    rad_status status = RAD_OK;
    if (!strcmp(node->key, s->patient))
        return rad_fail(r->error, RAD_REFUSED,
                        "%s:%zu:%zu: refused (where): the column %.60s names patients, and rows are not "
                        "chosen by name; choose by a variable that the study declares with levels",
                        r->name, node->line, node->column, node->key);
    if (is_known(s, node->key)) return RAD_OK;
    if (factor == s->factor_count)
        return RAD_STUDY_FAIL(r, node,
                              "where: %.60s is not a variable with levels; declare it under covariates, such "
                              "as {levels: [a, b]} (roi and the occasion of repeats need no declaration)",
                              node->key);
    if (s->factors[factor].cut)
        return RAD_STUDY_FAIL(
            r, node, "where: %.60s is derived of %s, and rows are not chosen by the values of a number",
            node->key, s->factors[factor].cut->of);
    if (node->kind == RAD_NODE_TEXT) return check_level(r, node, &s->factors[factor]);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = check_level(r, &node->child[i], &s->factors[factor]);
    return status;
}

rad_status rad_study_check_where(rad_study_reader *r) {
    const rad_node *where = r->s->where;
    rad_status status = RAD_OK;
    for (size_t i = 0; where && i < where->count && status == RAD_OK; i++)
        status = check_column(r, &where->child[i]);
    return status;
}

const char *rad_study_where(const rad_study *s, char *text, size_t length) {
    size_t used = (size_t)snprintf(text, length, "%s", s->where ? "" : "all");
    for (size_t i = 0; s->where && i < s->where->count && used < length; i++) {
        const rad_node *node = &s->where->child[i];
        used += (size_t)snprintf(text + used, length - used, "%s%s is %s", i ? ", " : "", node->key,
                                 node->kind == RAD_NODE_TEXT ? node->text : "");
        for (size_t k = 0; k < node->count && used < length; k++)
            used +=
                (size_t)snprintf(text + used, length - used, "%s%s", k ? " or " : "", node->child[k].text);
    }
    return text;
}
