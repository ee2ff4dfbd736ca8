/* A model that is fitted in rounds, at the coordinator: what is known of it between two rounds, and what the
 * answers of the sites make of it. */
#ifndef RAD_FIT_H
#define RAD_FIT_H

#include "../round_sums.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_FIT_COLUMNS = RAD_DESIGN_MAX + 1, RAD_FIT_HALVINGS = 12 };

/* The likelihood of a base that is that of other sites. */
#define RAD_FIT_NOTHING (-1e300)

typedef enum rad_fit_phase {
    RAD_FIT_START,  /* asked without any coefficient */
    RAD_FIT_NULL,   /* asked at nothing but an intercept */
    RAD_FIT_SEARCH, /* asked at a trial */
    RAD_FIT_FINAL,  /* asked for the information, too, where the fit is to end */
    RAD_FIT_DONE,
    RAD_FIT_SEPARATED,
    RAD_FIT_STUCK,  /* no step makes it better */
    RAD_FIT_WAITING /* without a site, for the lambda that the fit to all chooses */
} rad_fit_phase;

/* A fit over all sites but one, or over all: one lambda after the other. */
typedef struct rad_fit_track {
    char without[RAD_SITE]; /* "": all */
    rad_fit_phase phase;
    size_t at;               /* lambda at work */
    size_t halvings, halved; /* of the step at hand; of all steps of this lambda */
    size_t rounds;           /* of this lambda */
    size_t term;             /* that separates */
    double likelihood, null; /* log likelihood at the base; of the intercept alone */
    double weight;           /* of all patients at the start */
    int digits, asked;       /* of the sums at the base; of those of the trial */
    double base[RAD_FIT_COLUMNS], score[RAD_FIT_COLUMNS], trial[RAD_FIT_COLUMNS];
    double *curvature; /* [column][column] information at the base, or an estimate of it; owned */
    double *start;     /* that of the start, exactly; owned */
} rad_fit_track;

/* How well a fit to the others does at the site that it leaves out. */
typedef struct rad_fit_order {
    bool asked, told;         /* the site was asked; and told */
    double value, variance;   /* AUC (DeLong), or C (infinitesimal jackknife) */
    double expected, squares; /* of two outcomes: sums of probabilities, of squares of outcomes less these */
    double slope, slope_variance, intercept,
        intercept_variance; /* of the calibration; NaN: not told, or none */
} rad_fit_order;

/* What a track found at a lambda. */
typedef struct rad_fit_found {
    size_t track, at, rounds, halved;
    double likelihood;
    double left_out; /* log likelihood of the site that is left out; NaN: not known yet, or none is */
    double beta[RAD_FIT_COLUMNS];
    double se[RAD_FIT_COLUMNS];    /* NaN: penalised */
    double intercept_se;           /* of the intercept of terms that are not centred */
    double joint[RAD_FIT_COLUMNS]; /* at the first level of a factor Wald's chi-square of all its levels; else
                                      NaN */
    bool converged;
    rad_fit_order order;
} rad_fit_found;

typedef struct rad_fit_site {
    char name[RAD_SITE];
    double patients, events, saturated;
} rad_fit_site;

typedef struct rad_rounds_fit {
    const rad_study *study;
    const rad_model *model;
    rad_round_state state; /* terms, round, result; points and memory by rad_fit_ask */
    rad_fit_site *sites;   /* owned */
    size_t site_count;
    char gone[512]; /* sites that did not answer any more, and in which round */
    double lambda[RAD_LAMBDAS_MAX];
    size_t lambdas;        /* 0: not known before the first answers */
    rad_fit_track *tracks; /* owned; the first is of all sites */
    size_t track_count;
    rad_fit_found *found; /* owned */
    size_t found_count, found_capacity;
} rad_rounds_fit;

/* Answers of a round, in the order of the sites' names; all of the same state. */
typedef struct rad_fit_answers {
    rad_round_sums *sums; /* owned */
    size_t count;
} rad_fit_answers;

/* A model before its first round. */
rad_status rad_fit_begin(const rad_study *study, const rad_model *model, const char *pooled,
                         rad_rounds_fit *fit, rad_error *error) RAD_MUST_CHECK;

/* fit_memory.c: the model as a state remembers it; key NULL: in the open. And back: RAD_UNTRUSTED where
 * another key closed it. */
rad_status rad_fit_remember(rad_rounds_fit *fit, const rad_signer *signer, rad_error *error) RAD_MUST_CHECK;
rad_status rad_fit_recall(const rad_study *study, const rad_signer *signer, rad_rounds_fit *fit,
                          rad_error *error) RAD_MUST_CHECK;

/* What the next round asks: the points of the state. */
rad_status rad_fit_ask(rad_rounds_fit *fit, rad_error *error) RAD_MUST_CHECK;

/* fit_answers.c: are the answers of enough sites, of those of the rounds before, and can patients have such
 * sums? `go_on`: sites that are missing are left out from now on, and named in `missing`. RAD_CONFIG: some
 * are missing. RAD_REFUSED: too few. RAD_UNTRUSTED: impossible sums. */
rad_status rad_fit_check(rad_rounds_fit *fit, const rad_fit_answers *answers, bool go_on, char missing[512],
                         rad_error *error) RAD_MUST_CHECK;

/* Adds the answers up, and moves every track on; state.result says whether it has ended. */
rad_status rad_fit_advance(rad_rounds_fit *fit, const rad_fit_answers *answers,
                           rad_error *error) RAD_MUST_CHECK;

void rad_fit_free(rad_rounds_fit *fit);
void rad_fit_answers_free(rad_fit_answers *answers);

/* fit_order.c: what is asked of the site that a finding leaves out: the likelihood there; of one lambda, or
 * when all is known of several of the one whose likelihood is best over all sites, how well its order does,
 * too. false: nothing any more. */
bool rad_fit_asks_left_out(const rad_rounds_fit *fit, const rad_fit_found *found, rad_round_ask *ask);

/* The lambda that is chosen: sites are best predicted by the others there, or the criterion of the fit to all
 * is least; `lambdas` where that is not known of all, or nothing tells. */
size_t rad_fit_chosen(const rad_rounds_fit *fit);

/* Are sites left out at the lambda alone that the fit to all chooses? */
bool rad_fit_chooses_first(const rad_rounds_fit *fit);

/* Coefficients that are not 0, the intercept left out. */
size_t rad_fit_terms(const rad_rounds_fit *fit, const rad_fit_found *found);

/* Reads the numbers of the one site that answers that point. */
rad_status rad_fit_take_order(const rad_rounds_fit *fit, const rad_fit_answers *answers, size_t point,
                              rad_fit_order *order, rad_error *error) RAD_MUST_CHECK;

/* Can patients have these numbers? */
bool rad_fit_order_is_possible(const rad_rounds_fit *fit, const rad_round_sums *sums, size_t point);

/* fit_answers.c: sums of a point over the sites of a track: log likelihood, score and, where it was asked
 * for, the information. */
typedef struct rad_fit_sums {
    double likelihood, score[RAD_FIT_COLUMNS], patients, events;
    double moment[2][RAD_FIT_COLUMNS]; /* of the first round */
    double *information;               /* [column][column]; NULL: not asked for; owned */
} rad_fit_sums;
rad_status rad_fit_add(const rad_rounds_fit *fit, const rad_fit_answers *answers, size_t point,
                       const char *without, rad_fit_sums *sums, rad_error *error) RAD_MUST_CHECK;

/* fit_track.c: a track and the sums at what it asked for; then its next trial. */
rad_status rad_fit_move(rad_rounds_fit *fit, size_t track, const rad_fit_sums *sums,
                        rad_error *error) RAD_MUST_CHECK;

/* The fit to all has chosen: those without a site go on from its coefficients there. */
void rad_fit_release(rad_rounds_fit *fit);

/* Is the track asking? And for what. */
bool rad_fit_asks(const rad_fit_track *track);
rad_round_ask rad_fit_question(const rad_rounds_fit *fit, const rad_fit_track *track);

/* Patients and events of a track. */
double rad_fit_patients(const rad_rounds_fit *fit, const rad_fit_track *track);
double rad_fit_events(const rad_rounds_fit *fit, const rad_fit_track *track);

/* Estimates of what was found, of terms as the study takes them: [column]; se may be NULL. */
void rad_fit_unscale(const rad_rounds_fit *fit, const rad_fit_found *found, double *beta, double *se);

/* The columns of the factor whose first level is that column: how many, 0 of any other; at may be NULL. */
size_t rad_fit_levels(const rad_rounds_fit *fit, size_t column, size_t *at);

/* fit_solve.c: the step that makes score d - d' curvature d / 2 less the penalty of (base + d) largest. */
typedef struct rad_fit_problem {
    size_t columns;
    bool intercept; /* the first column is not penalised */
    const double *base, *score, *curvature;
    double l1, l2; /* lambda n alpha, lambda n (1 - alpha) */
} rad_fit_problem;
/* *decrement: d' (curvature + l2) d. false: the curvature is not positive. memory: columns (columns + 2). */
bool rad_fit_solve(const rad_fit_problem *problem, double *memory, double *step, double *decrement);

/* The curvature, by what the score did along a step (Broyden, Fletcher, Goldfarb, Shanno). */
void rad_fit_secant(double *curvature, size_t columns, const double *step, const double *fall);

#ifdef __cplusplus
}
#endif
#endif
