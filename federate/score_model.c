#include "score_model.h"

#include "../core/memory.h"

#include <math.h>

static double keep(double x) {
    return x;
}
static double log_of(double x) {
    return x > 0 ? log(x) : NAN;
}
static double log10_of(double x) {
    return x > 0 ? log10(x) : NAN;
}
static double log2_of(double x) {
    return x > 0 ? log2(x) : NAN;
}
static double log1p_of(double x) {
    return x > -1 ? log1p(x) : NAN;
}
static double sqrt_of(double x) {
    return x >= 0 ? sqrt(x) : NAN;
}

const rad_rescaling rad_rescalings[] = {
    {"none", "", keep},           {"log", "above 0", log_of},      {"log10", "above 0", log10_of},
    {"log2", "above 0", log2_of}, {"log1p", "above -1", log1p_of}, {"sqrt", "0 or more", sqrt_of},
};
const size_t rad_rescaling_count = sizeof rad_rescalings / sizeof rad_rescalings[0];

const char *const rad_score_model_words[RAD_SCORE_MODEL_KINDS] = {
    [RAD_LINEAR] = "linear", [RAD_LOGISTIC] = "logistic", [RAD_COX] = "cox"};
const char *const rad_link_words[RAD_LINKS] = {
    [RAD_LOGIT] = "logit", [RAD_PROBIT] = "probit", [RAD_CLOGLOG] = "cloglog"};

/* Neumaier's sum: what each addition loses is kept. */
double rad_score_model_score(const rad_score_model *p, const double *values, size_t *at) {
    double sum = p->intercept, lost = 0;
    for (*at = 0; *at < p->term_count; ++*at) {
        const rad_term *t = &p->terms[*at];
        const double x =
            t->weight * ((rad_rescalings[t->rescaling].apply(values[*at]) - t->centre) / t->scale);
        if (isnan(x)) return NAN;
        const double next = sum + x;
        lost += fabs(sum) >= fabs(x) ? (sum - next) + x : (x - next) + sum;
        sum = next;
    }
    sum += lost;
    return isfinite(sum) ? sum : NAN;
}

double rad_score_model_probability(const rad_score_model *p, double score) {
    switch (p->link) {
    case RAD_PROBIT:
        return erfc(-score / sqrt(2)) / 2;
    case RAD_CLOGLOG:
        return -expm1(-exp(score));
    default:
        return score < 0 ? exp(score) / (1 + exp(score)) : 1 / (1 + exp(-score));
    }
}

double rad_score_model_risk(const rad_score_model *p, size_t horizon, double score) {
    const double s = p->survival[horizon];
    return s == 1 ? 0 : -expm1(log(s) * exp(score));
}

void rad_score_model_free(rad_score_model *p) {
    rad_node_free(&p->document);
    rad_free(p->terms);
    *p = (rad_score_model){.term_count = 0};
}
