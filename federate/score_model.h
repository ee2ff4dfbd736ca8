/* A signature as radiomics publishes it: features, weights, and what makes a score of them, in one file (YAML
 * or JSON; docs/signatures.md).
 *
 *     x' = (transform(x) - centre) / scale of each feature, score = intercept + sum of weight x'
 *     linear     the score is what is predicted
 *     logistic   probability = 1 / (1 + exp(-score)); probit: Phi(score); cloglog: 1 - exp(-exp(score))
 *     cox        risk by time t = 1 - S0(t)^exp(score), S0 the survival of whose features are all at their
 *                centres
 */
#ifndef RAD_SCORE_MODEL_H
#define RAD_SCORE_MODEL_H

#include "cut.h"
#include "definition.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    RAD_SCORE_MODEL_FEATURES = 5000,
    RAD_HORIZONS_MAX = 32,
    RAD_SCORE_MODEL_CUTS = 16,
    RAD_SCORE_MODEL_HASH = 65
};

typedef enum rad_score_model_kind {
    RAD_LINEAR,
    RAD_LOGISTIC,
    RAD_COX,
    RAD_SCORE_MODEL_KINDS
} rad_score_model_kind;
typedef enum rad_link { RAD_LOGIT, RAD_PROBIT, RAD_CLOGLOG, RAD_LINKS } rad_link;

/* How a value is taken before centre and scale: a row each. */
typedef struct rad_rescaling {
    const char *word, *needs; /* needs: what values must be, in words; "" where all will do */
    double (*apply)(double);  /* NaN where it is not defined */
} rad_rescaling;
extern const rad_rescaling rad_rescalings[];
extern const size_t rad_rescaling_count;

/* Texts are of the document. */
typedef struct rad_term {
    const char *name;
    const char *definition; /* NULL: known by its name alone */
    size_t rescaling;
    double centre, scale, weight;
} rad_term;

typedef struct rad_score_model {
    rad_node document;               /* owned */
    char hash[RAD_SCORE_MODEL_HASH]; /* of the bytes of the file */
    const char *id, *title, *version, *date;
    const char *study;         /* hash of the study behind it; NULL: not said */
    const char *settings;      /* id of the extraction settings that it needs; NULL: any */
    const char *harmonisation; /* hash of the harmonisation.json its rows went through; NULL: none */
    rad_score_model_kind kind;
    rad_link link;
    double intercept;
    rad_term *terms; /* owned */
    size_t term_count;
    const char *unit; /* of the times; "" where it is not said */
    double time[RAD_HORIZONS_MAX], survival[RAD_HORIZONS_MAX];
    char risk[RAD_HORIZONS_MAX][32]; /* columns of risks: risk_24 */
    size_t horizons;
    rad_cut cuts[RAD_SCORE_MODEL_CUTS];
    size_t cut_count;
} rad_score_model;

extern const char *const rad_score_model_words[RAD_SCORE_MODEL_KINDS], *const rad_link_words[RAD_LINKS];

/* RAD_CONFIG names file, line and column, and what is allowed. */
rad_status rad_score_model_parse(const char *text, size_t length, const char *name, rad_score_model *model,
                                 rad_error *error) RAD_MUST_CHECK;
/* The hash by which a signature knows a file (a study, a harmonisation): BLAKE2b of its bytes. */
rad_status rad_score_model_hash(const char *path, char hash[RAD_SCORE_MODEL_HASH],
                                rad_error *error) RAD_MUST_CHECK;

void rad_score_model_free(rad_score_model *model);

/* The score of values in the order of the terms; NaN where one of them is not defined, or it is not finite.
 * *at: the first term that has no value then, term_count for the score. */
double rad_score_model_score(const rad_score_model *model, const double *values, size_t *at);

/* What the model makes of a score: the probability of a logistic one; the risk by a horizon. */
double rad_score_model_probability(const rad_score_model *model, double score);
double rad_score_model_risk(const rad_score_model *model, size_t horizon, double score);

#ifdef __cplusplus
}
#endif
#endif
