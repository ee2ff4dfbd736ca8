#include "study_reader.h"

#include "../core/names.h"
#include "../core/number.h"
#include "step.h"

#include <math.h>
#include <string.h>

rad_status rad_study_reader_text(rad_study_reader *r, const rad_node *node, const char **text) {
    if (node->kind != RAD_NODE_TEXT || !*node->text || strlen(node->text) >= RAD_NAME)
        return RAD_STUDY_FAIL(r, node, "%.60s: a text of 1 to %d bytes is expected",
                              node->key ? node->key : "the list", RAD_NAME - 1);
    *text = node->text;
    return RAD_OK;
}

/* The unit of a number goes with its sums, where it has a fixed place. */
rad_status rad_study_reader_unit(rad_study_reader *r, const rad_node *node, const char **text) {
    rad_status status = rad_study_reader_text(r, node, text);
    if (status == RAD_OK && strlen(*text) >= RAD_UNIT)
        status = RAD_STUDY_FAIL(r, node, "unit: a text of 1 to %d bytes is expected", RAD_UNIT - 1);
    return status;
}

rad_status rad_study_reader_number(rad_study_reader *r, const rad_node *node, double *value) {
    if (node->kind == RAD_NODE_TEXT && rad_number_read(node->text, value) && isfinite(*value)) return RAD_OK;
    return RAD_STUDY_FAIL(r, node, "%.60s: a number is expected", node->key ? node->key : "the list");
}

rad_status rad_study_reader_step(rad_study_reader *r, const rad_node *node, int *power) {
    double step = 0;
    rad_status status = rad_study_reader_number(r, node, &step);
    if (status != RAD_OK) return status;
    if (!(step >= ldexp(1, RAD_STEP_LEAST) && step <= ldexp(1, RAD_STEP_MOST)))
        return RAD_STUDY_FAIL(r, node, "step: a number from %.3g to %.3g is expected, such as 1 or 0.01",
                              ldexp(1, RAD_STEP_LEAST), ldexp(1, RAD_STEP_MOST));
    *power = rad_step_power(step);
    return RAD_OK;
}

/* A list of texts, none twice. */
rad_status rad_study_reader_list(rad_study_reader *r, const rad_node *node, size_t least) {
    const char *text = "";
    if (node->kind != RAD_NODE_LIST || node->count < least)
        return RAD_STUDY_FAIL(r, node, "%.60s: a list of %zu or more is expected, such as [a, b]",
                              node->key ? node->key : "here", least);
    rad_names names;
    rad_status status = rad_names_allocate(&names, node->count, r->error);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        status = rad_study_reader_text(r, &node->child[i], &text);
        names.row[i] = (rad_name){text, i};
    }
    if (status == RAD_OK) rad_names_sort(&names);
    const size_t twice = status == RAD_OK ? rad_names_repeated(&names) : SIZE_MAX;
    rad_names_free(&names);
    if (twice != SIZE_MAX)
        status = RAD_STUDY_FAIL(r, &node->child[twice], "%.60s is given twice", node->child[twice].text);
    return status;
}

rad_status rad_study_reader_keys(rad_study_reader *r, const rad_node *map, const char *const *keys) {
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], map->child[i].key) != 0) k++;
        if (!keys[k])
            return RAD_STUDY_FAIL(r, &map->child[i], "%.60s is not a key of %.60s", map->child[i].key,
                                  map->key);
    }
    return RAD_OK;
}

rad_status rad_study_reader_factor(rad_study_reader *r, const rad_node *node, size_t *at) {
    const char *name = node->kind == RAD_NODE_TEXT ? node->text : "";
    *at = rad_study_factor(r->s, name);
    if (*at < r->s->factor_count) return RAD_OK;
    return RAD_STUDY_FAIL(r, node, "%.60s is not a covariate or outcome with levels", name);
}
