/* A study: what the coordinating statistician asks of each site, in one YAML file (docs/federation.md). */
#ifndef RAD_STUDY_H
#define RAD_STUDY_H

#include "computed.h"
#include "cut.h"
#include "grid.h"
#include "model.h"
#include "patterns.h"
#include "rules.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    RAD_NAME = 192,
    RAD_UNIT = 32,
    RAD_FACTOR_LEVELS = 40,
    RAD_FACTORS_MAX = 32,
    RAD_NUMBERS_MAX = 64,
    RAD_PAIRS_MAX = 64
};
enum { RAD_PERFORMANCES_MAX = 8, RAD_SCORE_CUTS = 200 };
enum {
    RAD_QUANTILES_MAX = 32,
    RAD_OCCASIONS_MAX = 8,
    RAD_SURVIVALS_MAX = 8,
    RAD_TIMES_MAX = 512,
    RAD_DERIVED_MAX = 16,
    RAD_CAUSES_MAX = 8
};

/* What a study can ask for: one line per analysis. What each is stands in analyses.c; at a site, in
 * site/site_<name>.c. */
#define RAD_ANALYSIS_LIST(ROW)                                                                               \
    ROW(MOMENTS, moments)                                                                                    \
    ROW(SKEWNESS, skewness)                                                                                  \
    ROW(GROUPS, groups)                                                                                      \
    ROW(HISTOGRAMS, histograms)                                                                              \
    ROW(TABLES, tables)                                                                                      \
    ROW(COVARIANCE, covariance)                                                                              \
    ROW(MODEL, model)                                                                                        \
    ROW(RELIABILITY, reliability)                                                                            \
    ROW(SURVIVAL, survival)                                                                                  \
    ROW(PERFORMANCE, performance)                                                                            \
    ROW(RANKS, ranks)                                                                                        \
    ROW(MODELS, models)                                                                                      \
    ROW(CHANGE, change)

#define RAD_ANALYSIS_INDEX(name, file) RAD_##name,
typedef enum rad_analysis { RAD_ANALYSIS_LIST(RAD_ANALYSIS_INDEX) RAD_ANALYSES } rad_analysis;

/* Bits of rad_study.analyses. */
#define RAD_ANALYSIS_BIT(name, file) RAD_ANALYSIS_##name = 1 << RAD_##name,
enum { RAD_ANALYSIS_LIST(RAD_ANALYSIS_BIT) };

typedef enum rad_variable_kind { RAD_FEATURE, RAD_COVARIATE, RAD_OUTCOME } rad_variable_kind;

/* How the values of a variable are taken: transform, then less a public constant, to whole multiples of a
 * public step, counted in a grid. */
typedef struct rad_transform {
    bool logarithm, has_grid, has_step;
    int step; /* 2^step; that of the study or, without one, rad_step_default */
    double centre;
    rad_grid grid;
} rad_transform;

/* A categorical covariate or outcome. Texts below are borrowed from the document. */
typedef struct rad_factor {
    const char *name;
    const char *level[RAD_FACTOR_LEVELS];
    size_t levels;
    bool outcome, group;
    const rad_cut *cut; /* which values of a number its levels are; NULL: a column */
} rad_factor;

/* A numeric covariate or outcome. */
typedef struct rad_number {
    const char *name;
    const char *unit; /* "" where the study gives none */
    bool outcome, has_step;
    int step;                     /* 2^step, where the study gives one */
    const rad_computed *computed; /* NULL: a column */
} rad_number;

/* Time to an event, on a public grid of times. */
typedef struct rad_survival {
    const char *name, *time, *event;
    const char *unit; /* of the times; "" where the study gives none */
    double grid[RAD_TIMES_MAX];
    size_t times;
    const char *cause[RAD_CAUSES_MAX]; /* the event is 0, or number 1, 2, ... of these; none: it is 0 or 1 */
    size_t causes;
    bool by[RAD_FACTORS_MAX]; /* factors whose levels have curves of their own */
} rad_survival;

/* How well a score that is fixed before tells an outcome: which of two, or who has the event first. */
typedef struct rad_performance {
    const char *name, *score;
    bool timed;       /* the outcome is a time to an event */
    size_t outcome;   /* place among the factors, or the times */
    size_t event;     /* level of the factor */
    bool probability; /* the score is the probability of the event */
    double cut[RAD_SCORE_CUTS];
    size_t cuts; /* public, rising: patients above one are called positive */
} rad_performance;

typedef struct rad_study {
    rad_node document; /* owned; the texts lie there */
    char *path;        /* owned */
    char hash[65];     /* of the bytes of the file */
    const char *id, *title;
    const char *patient;  /* column that names the patient */
    const char *occasion; /* column of repeats; NULL: one row per patient */
    const char *occasions[RAD_OCCASIONS_MAX];
    size_t occasion_count;
    bool changes_by[RAD_FACTORS_MAX]; /* factors by whose levels changes from the first occasion are described
                                       */
    const char *settings;             /* id of the settings that all sites must have; NULL: only the same */
    const rad_node *where;            /* column: value or values; NULL: all rows */
    const rad_node *features;         /* names and patterns */
    const rad_node *covariance;       /* the same; NULL: all features */
    const rad_node *model;            /* covariates of linear models, which harmonisation keeps; NULL: none */
    const char *reference;            /* site that harmonisation leaves as it is; NULL: none */
    int batch_minimum;                /* patients of a site that harmonisation takes by itself */
    bool batch_merge;                 /* smaller sites are one batch together; else they are refused */
    double batch_covariance;   /* CovBat: share of the variance whose components are harmonised; 0: none */
    const char *batch_by;      /* factor whose levels are batches within each site; NULL: sites are */
    const rad_node *variables; /* pattern: transform; NULL */
    rad_patterns feature_names, panel_names, variable_names; /* of features, covariance, variables; owned */
    rad_factor factors[RAD_FACTORS_MAX];
    size_t factor_count;
    rad_cut cuts[RAD_DERIVED_MAX]; /* of factors that are derived */
    size_t cut_count;
    rad_number numbers[RAD_NUMBERS_MAX];
    size_t number_count;
    rad_computed computed[RAD_COMPUTED_MAX]; /* numbers made of others */
    size_t computed_count;
    rad_survival survivals[RAD_SURVIVALS_MAX];
    size_t survival_count;
    rad_performance performances[RAD_PERFORMANCES_MAX];
    size_t performance_count;
    size_t tables[RAD_PAIRS_MAX][2]; /* pairs of factors */
    size_t table_count;
    double quantiles[RAD_QUANTILES_MAX];
    size_t quantile_count;
    unsigned analyses;  /* bits of rad_analysis */
    double redundancy;  /* |r| from which variables of a panel are redundant */
    const char *volume; /* variable of the panel that confounds; "" for none */
    bool complete;      /* rows that miss any variable of the covariance are left out of everything */
    rad_model *models;  /* that are fitted over the sites; owned */
    size_t model_count;
    rad_rules rules;
} rad_study;

/* RAD_CONFIG: `file:line:column: ...`, what is allowed. */
rad_status rad_study_parse(const char *text, size_t length, const char *name, rad_study *study,
                           rad_error *error) RAD_MUST_CHECK;
rad_status rad_study_read(const char *path, rad_study *study, rad_error *error) RAD_MUST_CHECK;
void rad_study_free(rad_study *study);

bool rad_study_asks(const rad_study *study, rad_analysis analysis);

/* Is the variable a column of the covariance: named there, or of a model that is computed from it? */
bool rad_study_in_panel(const rad_study *study, const char *name, bool feature);

/* How the study takes that variable: all rows of `variables` that match its name, the later ones over the
 * earlier. */
rad_status rad_study_transform(const rad_study *study, const char *name, rad_transform *transform,
                               rad_error *error) RAD_MUST_CHECK;

/* Which rows count, in words. Returns text. */
const char *rad_study_where(const rad_study *study, char *text, size_t length);

/* The rule of a number that is computed; NULL: it is a column. */
const rad_computed *rad_study_computed(const rad_study *study, const char *name);

/* Index of the factor, or factor_count. */
size_t rad_study_factor(const rad_study *study, const char *name);

#ifdef __cplusplus
}
#endif
#endif
