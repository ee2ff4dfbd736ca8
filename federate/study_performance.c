#include "study_reader.h"

#include <math.h>
#include <string.h>

/* Is there a number of that name? Patterns of features may have it. */
static bool is_number(const rad_study *s, const char *name) {
    for (size_t i = 0; i < s->number_count; i++)
        if (!strcmp(s->numbers[i].name, name)) return true;
    return rad_patterns_match(&s->feature_names, name);
}

static rad_status read_score(rad_study_reader *r, const rad_node *node, rad_performance *p) {
    rad_status status = rad_study_reader_text(r, node, &p->score);
    if (status == RAD_OK && !is_number(r->s, p->score))
        status = RAD_STUDY_FAIL(
            r, node, "%.60s is neither a number among covariates or outcomes nor a feature", p->score);
    return status;
}

static rad_status read_level(rad_study_reader *r, const rad_node *map, rad_performance *p) {
    const rad_factor *f = &r->s->factors[p->outcome];
    const rad_node *event = rad_node_find(map, "event");
    const char *word = event && event->kind == RAD_NODE_TEXT ? event->text : "";
    while (p->event < f->levels && strcmp(f->level[p->event], word) != 0) p->event++;
    if (p->event < f->levels) return RAD_OK;
    return RAD_STUDY_FAIL(r, event ? event : map,
                          "event: the level of %.60s that the score is to tell is expected", f->name);
}

/* A variable with levels, of which one is the event, or a time to an event. */
static rad_status read_outcome(rad_study_reader *r, const rad_node *map, const rad_node *node,
                               rad_performance *p) {
    const rad_study *s = r->s;
    const char *name = node->kind == RAD_NODE_TEXT ? node->text : "";
    p->outcome = rad_study_factor(s, name);
    if (p->outcome < s->factor_count) return read_level(r, map, p);
    p->timed = true;
    for (p->outcome = 0; p->outcome < s->survival_count;) {
        if (!strcmp(s->survivals[p->outcome].name, name)) break;
        p->outcome++;
    }
    if (p->outcome == s->survival_count)
        return RAD_STUDY_FAIL(r, node, "%.60s is neither a variable with levels nor a time to an event",
                              name);
    if (s->survivals[p->outcome].causes)
        return RAD_STUDY_FAIL(r, node, "%.60s has causes; name an outcome whose event is one of them", name);
    if (rad_node_find(map, "event") || rad_node_find(map, "cuts") || rad_node_find(map, "scale"))
        return RAD_STUDY_FAIL(r, map, "%.60s: event, cuts and scale go with an outcome that has levels",
                              map->key);
    return RAD_OK;
}

static rad_status read_cuts(rad_study_reader *r, const rad_node *node, rad_performance *p) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_LIST || node->count > RAD_SCORE_CUTS)
        return RAD_STUDY_FAIL(r, node, "cuts: a list of at most %d rising numbers is expected",
                              RAD_SCORE_CUTS);
    for (; p->cuts < node->count && status == RAD_OK; p->cuts++) {
        double *cut = &p->cut[p->cuts];
        status = rad_study_reader_number(r, &node->child[p->cuts], cut);
        if (status == RAD_OK && p->cuts && *cut <= p->cut[p->cuts - 1])
            status = RAD_STUDY_FAIL(r, &node->child[p->cuts], "cuts: rising numbers are expected");
        if (status == RAD_OK && p->probability && !(*cut > 0 && *cut < 1))
            status = RAD_STUDY_FAIL(r, &node->child[p->cuts],
                                    "cuts: numbers between 0 and 1 are expected of a probability");
    }
    return status;
}

static rad_status read_scale(rad_study_reader *r, const rad_node *node, rad_performance *p) {
    const char *word = node->kind == RAD_NODE_TEXT ? node->text : "";
    p->probability = !strcmp(word, "probability");
    if (p->probability || !strcmp(word, "number")) return RAD_OK;
    return RAD_STUDY_FAIL(r, node, "scale: number or probability is expected");
}

static rad_status read_one(rad_study_reader *r, const rad_node *node) {
    static const char *const keys[] = {"score", "outcome", "event", "cuts", "scale", NULL};
    rad_study *s = r->s;
    if (s->performance_count == RAD_PERFORMANCES_MAX)
        return RAD_STUDY_FAIL(r, node, "more than %d scores", RAD_PERFORMANCES_MAX);
    if (node->kind != RAD_NODE_MAP || !*node->key || strlen(node->key) > 80)
        return RAD_STUDY_FAIL(
            r, node,
            "performance: a name of at most 80 bytes with {score: column, outcome: variable, "
            "event: level, cuts: [0.2, 0.5], scale: probability} is expected");
    rad_performance *p = &s->performances[s->performance_count++];
    *p = (rad_performance){.name = node->key};
    const rad_node *score = rad_node_find(node, "score"), *outcome = rad_node_find(node, "outcome"),
                   *cuts = rad_node_find(node, "cuts"), *scale = rad_node_find(node, "scale");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status == RAD_OK && (!score || !outcome))
        status = RAD_STUDY_FAIL(r, node, "%.60s: score and outcome are needed", node->key);
    if (status == RAD_OK) status = read_score(r, score, p);
    if (status == RAD_OK) status = read_outcome(r, node, outcome, p);
    if (status == RAD_OK && scale) status = read_scale(r, scale, p);
    return status == RAD_OK && cuts ? read_cuts(r, cuts, p) : status;
}

rad_status rad_study_read_performance(rad_study_reader *r, const rad_node *node) {
    rad_status status = RAD_OK;
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "performance: names are expected, each with a score and an outcome");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) status = read_one(r, &node->child[i]);
    return status;
}
