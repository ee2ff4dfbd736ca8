#include "../core/memory.h"
#include "../core/nearest.h"
#include "../core/number.h"
#include "study_reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const families[RAD_MODEL_FAMILIES + 1] = {
    [RAD_MODEL_LOGISTIC] = "logistic", [RAD_MODEL_POISSON] = "poisson", [RAD_MODEL_COX] = "cox",
    [RAD_MODEL_GAUSSIAN] = "gaussian", [RAD_MODEL_MIXED] = "mixed",     [RAD_MODEL_LDA] = "lda"};

static const char *const penalties[] = {[RAD_PENALTY_NONE] = "none",
                                        [RAD_PENALTY_RIDGE] = "ridge",
                                        [RAD_PENALTY_LASSO] = "lasso",
                                        [RAD_PENALTY_ELASTIC] = "elastic",
                                        NULL};
static const char *const tie_words[] = {[RAD_TIES_EFRON] = "efron", [RAD_TIES_BRESLOW] = "breslow", NULL};
static const char *const validations[] = {"none", "leave-one-site-out", NULL};
static const char *const scale_words[] = {[RAD_SCALE_NONE] = "none", [RAD_SCALE_POOLED] = "pooled", NULL};
static const char *const select_words[] = {[RAD_SELECT_NONE] = "none",
                                           [RAD_SELECT_AIC] = "aic",
                                           [RAD_SELECT_BIC] = "bic",
                                           [RAD_SELECT_F] = "f",
                                           NULL};
static const char *const choose_words[] = {
    [RAD_CHOOSE_LEFT_OUT] = "left-out", [RAD_CHOOSE_AIC] = "aic", [RAD_CHOOSE_BIC] = "bic", NULL};
static const char *const method_words[] = {"reml", "ml", NULL};
static const char *const strata_words[] = {"site", NULL};

const char *rad_model_family_word(rad_model_family family) {
    return families[family];
}

/* `text`, or that of these words which it may mean. */
static const char *hint(const char *given, const char *const *words, char text[160]) {
    rad_nearest nearest = {NULL, SIZE_MAX};
    for (; *words; words++) rad_nearest_try(&nearest, given, *words);
    *text = '\0';
    if (rad_word_is_near(given, nearest.distance))
        snprintf(text, 160, "; did you mean %.100s?", nearest.word);
    return text;
}

static rad_status read_word(rad_study_reader *r, const rad_node *node, const char *const *words, int *at) {
    const char *given = node->kind == RAD_NODE_TEXT ? node->text : "";
    char known[256] = "", near[160];
    size_t used = 0;
    for (*at = 0; words[*at]; ++*at) {
        if (!strcmp(words[*at], given)) return RAD_OK;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", *at ? ", " : "", words[*at]);
    }
    return RAD_STUDY_FAIL(r, node, "%.60s: one of %s is expected%s", node->key, known,
                          hint(given, words, near));
}

static rad_status read_range(rad_study_reader *r, const rad_node *node, double low, double high,
                             double *value) {
    rad_status status = rad_study_reader_number(r, node, value);
    if (status == RAD_OK && !(*value >= low && *value <= high))
        status = RAD_STUDY_FAIL(r, node, "%.60s: a number from %g to %g is expected", node->key, low, high);
    return status;
}

static rad_status read_whole(rad_study_reader *r, const rad_node *node, int low, int high, int *value) {
    double number = 0;
    rad_status status = read_range(r, node, low, high, &number);
    if (status == RAD_OK && number != floor(number))
        status = RAD_STUDY_FAIL(r, node, "%.60s: a whole number is expected", node->key);
    if (status == RAD_OK) *value = (int)number;
    return status;
}

static rad_status read_lambda(rad_study_reader *r, const rad_node *node, rad_penalty *p) {
    const bool list = node->kind == RAD_NODE_LIST;
    const size_t count = list ? node->count : 1;
    rad_status status = RAD_OK;
    if (!count || count > RAD_LAMBDAS_MAX)
        return RAD_STUDY_FAIL(r, node, "lambda: a number or a falling list of at most %d is expected",
                              RAD_LAMBDAS_MAX);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const rad_node *one = list ? &node->child[i] : node;
        status = rad_study_reader_number(r, one, &p->lambda[i]);
        if (status == RAD_OK && !(p->lambda[i] > 0 && p->lambda[i] <= 1e6))
            status = RAD_STUDY_FAIL(r, one, "lambda: a number above 0, at most 1e6 is expected");
        if (status == RAD_OK && i && p->lambda[i] >= p->lambda[i - 1])
            status = RAD_STUDY_FAIL(r, one, "lambda: a list falls, so that each fit begins near the last");
    }
    p->lambdas = count;
    return status;
}

/* A criterion counts the terms that are not 0, of which a ridge has all. */
static rad_status read_choose(rad_study_reader *r, const rad_node *node, rad_model *m) {
    int word = 0;
    rad_status status = read_word(r, node, choose_words, &word);
    m->penalty.choose = (rad_choose)word;
    if (status == RAD_OK && (m->family > RAD_MODEL_COX || m->penalty.lambdas == 1 || !(m->penalty.alpha > 0)))
        status = RAD_STUDY_FAIL(r, node,
                                "choose: goes with several lambdas of a lasso or elastic net that is fitted "
                                "in rounds (logistic, poisson, cox)");
    return status;
}

static rad_status read_penalty(rad_study_reader *r, const rad_node *node, rad_model *m) {
    static const char *const keys[] = {"kind", "alpha", "lambda", "path", "ratio", "choose", NULL};
    rad_penalty *p = &m->penalty;
    int kind = RAD_PENALTY_NONE;
    if (node->kind != RAD_NODE_MAP || !rad_node_find(node, "kind"))
        return RAD_STUDY_FAIL(r, node, "penalty: {kind: lasso, path: 20, ratio: 0.05} is expected");
    const rad_node *alpha = rad_node_find(node, "alpha"), *lambda = rad_node_find(node, "lambda"),
                   *path = rad_node_find(node, "path"), *ratio = rad_node_find(node, "ratio"),
                   *choose = rad_node_find(node, "choose");
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status == RAD_OK) status = read_word(r, rad_node_find(node, "kind"), penalties, &kind);
    if (status != RAD_OK) return status;
    p->kind = (rad_penalty_kind)kind;
    p->alpha = kind == RAD_PENALTY_LASSO;
    if (alpha ? kind != RAD_PENALTY_ELASTIC : kind == RAD_PENALTY_ELASTIC)
        return RAD_STUDY_FAIL(r, node, "alpha: goes with kind: elastic, from 0 to 1");
    if (kind == RAD_PENALTY_NONE && node->count > 1)
        return RAD_STUDY_FAIL(r, node, "penalty: kind none has no lambda and no path");
    if (kind == RAD_PENALTY_RIDGE && !lambda)
        return RAD_STUDY_FAIL(r, node, "lambda: is needed with kind: ridge, a number or a falling list");
    if (lambda && (path || ratio))
        return RAD_STUDY_FAIL(r, node, "penalty: lambda, or path and ratio, not both");
    if (alpha) status = read_range(r, alpha, 0.001, 1, &p->alpha);
    if (status == RAD_OK && lambda) status = read_lambda(r, lambda, p);
    if (status == RAD_OK && path) status = read_whole(r, path, 2, RAD_LAMBDAS_MAX, &p->path);
    if (status == RAD_OK && ratio) status = read_range(r, ratio, 1e-4, 0.9, &p->ratio);
    if (status == RAD_OK && choose) status = read_choose(r, choose, m);
    return status;
}

static rad_status read_scale(rad_study_reader *r, const rad_node *node, rad_model *m) {
    int word = RAD_SCALE_NONE;
    rad_status status = RAD_OK;
    if (node->kind == RAD_NODE_TEXT) {
        status = read_word(r, node, scale_words, &word);
        m->scale = (rad_model_scale)word;
        return status;
    }
    if (node->kind != RAD_NODE_MAP)
        return RAD_STUDY_FAIL(r, node, "scale: none, pooled, or {term: [centre, scale]} is expected");
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        const rad_node *pair = &node->child[i];
        double value[2] = {0, 0};
        if (pair->kind != RAD_NODE_LIST || pair->count != 2)
            return RAD_STUDY_FAIL(r, pair, "%.60s: [centre, scale] is expected", pair->key);
        for (size_t k = 0; k < 2 && status == RAD_OK; k++)
            status = rad_study_reader_number(r, &pair->child[k], &value[k]);
        if (status == RAD_OK && !(fabs(value[0]) <= 1e15 && value[1] >= 1e-15 && value[1] <= 1e15))
            status =
                RAD_STUDY_FAIL(r, pair, "%.60s: a scale above 0 is expected, both within 1e15", pair->key);
    }
    m->scale = RAD_SCALE_GIVEN;
    m->scales = node;
    return status == RAD_OK ? rad_patterns_make(node, &m->scaled, r->error) : status;
}

void rad_model_scaling(const rad_model *m, const char *term, double *centre, double *scale) {
    size_t last = SIZE_MAX;
    *centre = 0;
    *scale = 1;
    for (size_t i = m->scales ? rad_patterns_next(&m->scaled, 0, term) : SIZE_MAX; i != SIZE_MAX;
         i = rad_patterns_next(&m->scaled, i + 1, term))
        last = i;
    if (last == SIZE_MAX) return;
    (void)rad_number_read(m->scales->child[last].child[0].text, centre);
    (void)rad_number_read(m->scales->child[last].child[1].text, scale);
}

static bool is_feature(const rad_study *s, const char *name) {
    return s->feature_names.list && rad_patterns_match(&s->feature_names, name);
}

static size_t find_number(const rad_study *s, const char *name) {
    size_t i = 0;
    while (i < s->number_count && strcmp(s->numbers[i].name, name) != 0) i++;
    return i;
}

/* The name that a wrong one of a model may mean, of all variables that the study names in full. */
static rad_status unknown_name(rad_study_reader *r, const rad_node *node, const char *name,
                               const char *wanted) {
    const rad_study *s = r->s;
    rad_nearest nearest = {NULL, SIZE_MAX};
    char near[160] = "";
    for (size_t i = 0; i < s->number_count; i++) rad_nearest_try(&nearest, name, s->numbers[i].name);
    for (size_t i = 0; i < s->factor_count; i++) rad_nearest_try(&nearest, name, s->factors[i].name);
    for (size_t i = 0; i < s->survival_count; i++) rad_nearest_try(&nearest, name, s->survivals[i].name);
    for (size_t i = 0; s->features && i < s->features->count; i++)
        rad_nearest_try(&nearest, name, s->features->child[i].text);
    if (nearest.word && rad_word_is_near(name, nearest.distance) && strcmp(name, nearest.word) != 0)
        snprintf(near, sizeof near, "; did you mean %.100s?", nearest.word);
    return RAD_STUDY_FAIL(r, node, "%.60s is not %s%s", name, wanted, near);
}

static rad_status read_response(rad_study_reader *r, const rad_node *node, rad_model *m) {
    static const char *const wanted[RAD_MODEL_FAMILIES] = {
        [RAD_MODEL_LOGISTIC] = "a covariate or outcome of two levels",
        [RAD_MODEL_POISSON] = "a covariate or outcome that is a number",
        [RAD_MODEL_COX] = "an outcome with a time",
        [RAD_MODEL_GAUSSIAN] = "a number or a feature",
        [RAD_MODEL_MIXED] = "a number or a feature",
        [RAD_MODEL_LDA] = "a covariate or outcome with levels"};
    const rad_study *s = r->s;
    rad_status status = rad_study_reader_text(r, node, &m->response);
    if (status != RAD_OK) return status;
    bool found = false;
    if (m->family == RAD_MODEL_COX) {
        for (m->of = 0; m->of < s->survival_count && strcmp(s->survivals[m->of].name, m->response) != 0;)
            m->of++;
        found = m->of < s->survival_count;
    } else if (m->family == RAD_MODEL_LOGISTIC || m->family == RAD_MODEL_LDA) {
        m->of = rad_study_factor(s, m->response);
        found = m->of < s->factor_count && (m->family == RAD_MODEL_LDA || s->factors[m->of].levels == 2);
    } else {
        m->of = find_number(s, m->response);
        found = m->of < s->number_count;
        if (!found && m->family != RAD_MODEL_POISSON && is_feature(s, m->response)) {
            m->of = SIZE_MAX;
            found = true;
        }
    }
    return found ? RAD_OK : unknown_name(r, node, m->response, wanted[m->family]);
}

static rad_status read_terms(rad_study_reader *r, const rad_node *node, rad_model *m) {
    const rad_study *s = r->s;
    rad_status status = rad_study_reader_list(r, node, 1);
    for (size_t i = 0; i < node->count && status == RAD_OK; i++) {
        const rad_node *one = &node->child[i];
        if (!strcmp(one->text, m->response))
            return RAD_STUDY_FAIL(r, one, "%.60s is the response of the model", one->text);
        if (strpbrk(one->text, "*?") || find_number(s, one->text) < s->number_count ||
            rad_study_factor(s, one->text) < s->factor_count || is_feature(s, one->text))
            continue;
        status = unknown_name(r, one, one->text, "a feature, covariate or outcome of the study");
    }
    return status == RAD_OK ? rad_patterns_make(node, &m->terms, r->error) : status;
}

static rad_status read_offset(rad_study_reader *r, const rad_node *node, rad_model *m) {
    rad_status status = rad_study_reader_text(r, node, &m->offset);
    if (status == RAD_OK && m->family != RAD_MODEL_POISSON && m->family != RAD_MODEL_LOGISTIC)
        status = RAD_STUDY_FAIL(r, node, "offset: goes with family: poisson or logistic");
    if (status == RAD_OK && find_number(r->s, m->offset) == r->s->number_count &&
        !is_feature(r->s, m->offset))
        status = unknown_name(r, node, m->offset, "a number or a feature");
    return status;
}

/* How closely a fit is found that has no errors. */
static rad_status read_digits(rad_study_reader *r, const rad_node *node, rad_model *m) {
    if (m->family != RAD_MODEL_COX && m->family != RAD_MODEL_LOGISTIC && m->family != RAD_MODEL_POISSON)
        return RAD_STUDY_FAIL(r, node, "digits: goes with families that are fitted in rounds");
    return read_whole(r, node, 2, 7, &m->digits);
}

/* Ties and strata are of one family only. */
static rad_status read_rest(rad_study_reader *r, const rad_node *node, rad_model *m) {
    const rad_node *ties = rad_node_find(node, "ties"), *strata = rad_node_find(node, "strata"),
                   *validate = rad_node_find(node, "validate"), *rounds = rad_node_find(node, "rounds"),
                   *scale = rad_node_find(node, "scale"), *penalty = rad_node_find(node, "penalty"),
                   *offset = rad_node_find(node, "offset"), *digits = rad_node_find(node, "digits");
    int word = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < 2; i++) {
        const rad_node *of = i ? strata : ties;
        if (of && m->family != RAD_MODEL_COX)
            return RAD_STUDY_FAIL(r, of, "%s: goes with family: cox", of->key);
    }
    if (ties) status = read_word(r, ties, tie_words, &word);
    m->ties = (rad_model_ties)word;
    if (status == RAD_OK && strata) status = read_word(r, strata, strata_words, &word);
    word = 0;
    if (status == RAD_OK && validate) status = read_word(r, validate, validations, &word);
    m->leave_one_site_out = word == 1;
    if (status == RAD_OK && rounds) status = read_whole(r, rounds, 1, RAD_MODEL_ROUNDS_MAX, &m->rounds);
    if (status == RAD_OK && digits) status = read_digits(r, digits, m);
    if (status == RAD_OK && scale) status = read_scale(r, scale, m);
    if (status == RAD_OK && penalty) status = read_penalty(r, penalty, m);
    if (!rounds && m->penalty.kind != RAD_PENALTY_NONE)
        m->rounds += RAD_MODEL_MORE * (m->penalty.lambdas ? (int)m->penalty.lambdas : m->penalty.path);
    return status == RAD_OK && offset ? read_offset(r, offset, m) : status;
}

/* What models have that follow from sums. */
static rad_status read_closed(rad_study_reader *r, const rad_node *node, rad_model *m) {
    const rad_node *forward = rad_node_find(node, "forward"), *enter = rad_node_find(node, "enter"),
                   *method = rad_node_find(node, "method");
    int word = 0;
    rad_status status = RAD_OK;
    m->enter = 0.05;
    if (forward && (m->family != RAD_MODEL_GAUSSIAN || m->penalty.kind != RAD_PENALTY_NONE))
        return RAD_STUDY_FAIL(r, forward, "forward: goes with family: gaussian without a penalty");
    if (method && m->family != RAD_MODEL_MIXED)
        return RAD_STUDY_FAIL(r, method, "method: goes with family: mixed");
    if (forward) status = read_word(r, forward, select_words, &word);
    m->select = (rad_select)word;
    if (status == RAD_OK && enter && m->select != RAD_SELECT_F)
        status = RAD_STUDY_FAIL(r, enter, "enter: goes with forward: f");
    if (status == RAD_OK && enter) status = read_range(r, enter, 1e-6, 0.999, &m->enter);
    word = 0;
    if (status == RAD_OK && method) status = read_word(r, method, method_words, &word);
    m->ml = word == 1;
    return status;
}

static rad_status check_keys(rad_study_reader *r, const rad_node *node) {
    static const char *const keys[] = {"family",  "response", "terms",  "strata", "ties",
                                       "penalty", "validate", "rounds", "scale",  "offset",
                                       "forward", "enter",    "method", "digits", NULL};
    for (size_t i = 0; i < node->count; i++) {
        char near[160];
        size_t k = 0;
        while (keys[k] && strcmp(keys[k], node->child[i].key) != 0) k++;
        if (!keys[k])
            return RAD_STUDY_FAIL(r, &node->child[i], "%.60s is not a key of a model%s", node->child[i].key,
                                  hint(node->child[i].key, keys, near));
    }
    return RAD_OK;
}

static rad_status read_model(rad_study_reader *r, const rad_node *node, rad_model *m) {
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    int family = 0;
    *m = (rad_model){.name = node->key,
                     .rounds = RAD_MODEL_ROUNDS,
                     .penalty = {.path = 20, .ratio = 0.05},
                     .scale = RAD_SCALE_NONE};
    if (!*node->key || node->key[strspn(node->key, allowed)] || strlen(node->key) > 40)
        return RAD_STUDY_FAIL(r, node, "a model's name has letters, digits and _, at most 40");
    const rad_node *what = node->kind == RAD_NODE_MAP ? rad_node_find(node, "family") : NULL,
                   *response = what ? rad_node_find(node, "response") : NULL,
                   *terms = what ? rad_node_find(node, "terms") : NULL;
    rad_status status = node->kind == RAD_NODE_MAP ? check_keys(r, node) : RAD_OK;
    if (status == RAD_OK && (!response || !terms))
        status = RAD_STUDY_FAIL(
            r, node, "%s: {family: cox, response: relapse, terms: [age, \"*_mean\"]} is expected", node->key);
    if (status == RAD_OK) status = read_word(r, what, families, &family);
    m->family = (rad_model_family)family;
    if (status == RAD_OK) status = read_response(r, response, m);
    if (status == RAD_OK) status = read_terms(r, terms, m);
    if (m->family == RAD_MODEL_GAUSSIAN) m->scale = RAD_SCALE_POOLED; /* their deviations are at hand */
    if (status == RAD_OK) status = read_rest(r, node, m);
    return status == RAD_OK ? read_closed(r, node, m) : status;
}

rad_status rad_study_read_models(rad_study_reader *r, const rad_node *node) {
    rad_study *s = r->s;
    if (node->kind != RAD_NODE_MAP || !node->count || node->count > RAD_MODELS_MAX)
        return RAD_STUDY_FAIL(r, node, "models: 1 to %d names are expected, each with what it is",
                              RAD_MODELS_MAX);
    s->models = rad_new(node->count, sizeof *s->models, r->error);
    rad_status status = s->models ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status = read_model(r, &node->child[i], &s->models[s->model_count++]);
    return status;
}

void rad_study_free_models(rad_study *s) {
    for (size_t i = 0; i < s->model_count; i++) {
        rad_patterns_free(&s->models[i].terms);
        rad_patterns_free(&s->models[i].scaled);
    }
    rad_free(s->models);
}
