/* Models of a study that are fitted over its sites: what `models:` asks for. How each is computed stands
 * elsewhere: in rounds (logistic, Poisson, Cox), or from sums that leave once (gaussian, mixed, lda). */
#ifndef RAD_FEDERATE_MODEL_H
#define RAD_FEDERATE_MODEL_H

#include "patterns.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    RAD_MODELS_MAX = 16,
    RAD_LAMBDAS_MAX = 100,
    RAD_MODEL_ROUNDS = 30,
    RAD_MODEL_MORE = 5,
    RAD_MODEL_ROUNDS_MAX = 200
};

typedef enum rad_model_family {
    RAD_MODEL_LOGISTIC, /* the last level of a factor of two against the first */
    RAD_MODEL_POISSON,
    RAD_MODEL_COX,
    RAD_MODEL_GAUSSIAN,
    RAD_MODEL_MIXED,
    RAD_MODEL_LDA,
    RAD_MODEL_FAMILIES
} rad_model_family;

typedef enum rad_model_ties { RAD_TIES_EFRON, RAD_TIES_BRESLOW } rad_model_ties;
typedef enum rad_penalty_kind {
    RAD_PENALTY_NONE,
    RAD_PENALTY_RIDGE,
    RAD_PENALTY_LASSO,
    RAD_PENALTY_ELASTIC
} rad_penalty_kind;

/* Forward selection, and by what a term enters. */
typedef enum rad_select { RAD_SELECT_NONE, RAD_SELECT_AIC, RAD_SELECT_BIC, RAD_SELECT_F } rad_select;

/* By what one lambda of several is chosen: by the likelihood of sites that are left out at each, or by a
 * criterion of the fit to all, so that sites are left out at that one alone. */
typedef enum rad_choose { RAD_CHOOSE_LEFT_OUT, RAD_CHOOSE_AIC, RAD_CHOOSE_BIC } rad_choose;

/* Terms as they are, or divided by deviations that are public already. */
typedef enum rad_model_scale { RAD_SCALE_NONE, RAD_SCALE_POOLED, RAD_SCALE_GIVEN } rad_model_scale;

/* - log likelihood / n + lambda ((1 - alpha) / 2 |b|^2 + alpha |b|_1), the intercept left out; of gaussian
 * RSS / 2n, and |b|^2 is divided by the deviation of the response, as glmnet has it. */
typedef struct rad_penalty {
    rad_penalty_kind kind;
    double alpha;                   /* 0 of ridge, 1 of the lasso */
    double lambda[RAD_LAMBDAS_MAX]; /* given ones, falling */
    size_t lambdas;                 /* 0: a path from the least lambda without a term */
    int path;                       /* of so many, */
    double ratio;                   /* down to this share of the first */
    rad_choose choose;
} rad_penalty;

typedef struct rad_model {
    const char *name, *response;
    const char *offset; /* a number or feature that is added with the coefficient 1; NULL: none */
    rad_model_family family;
    size_t of;           /* of the response: factor, or place in numbers or survivals; SIZE_MAX: a feature */
    rad_patterns terms;  /* owned */
    rad_model_ties ties; /* of Cox; sites are strata */
    rad_penalty penalty;
    rad_select select; /* of gaussian without a penalty */
    double enter;      /* of RAD_SELECT_F: the p-value below which a term enters */
    bool ml;           /* of mixed: maximum likelihood in place of REML */
    bool leave_one_site_out;
    int digits; /* of coefficients, in deviations of the predictor: of penalised fits, and of those without a
                   site; 0: all that there are */
    rad_model_scale scale;
    const rad_node *scales; /* name or pattern: [centre, scale]; of RAD_SCALE_GIVEN */
    rad_patterns scaled;    /* the keys of that; owned */
    int rounds;             /* at most */
} rad_model;

/* "logistic", ... */
const char *rad_model_family_word(rad_model_family family);

/* Public centre and scale of a term of RAD_SCALE_GIVEN; 0 and 1 where the study gives none. */
void rad_model_scaling(const rad_model *model, const char *term, double *centre, double *scale);

#ifdef __cplusplus
}
#endif
#endif
