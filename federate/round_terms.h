/* Columns of a model that is fitted in rounds: which variable or level each name stands for. */
#ifndef RAD_ROUND_TERMS_H
#define RAD_ROUND_TERMS_H

#include "round_state.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_round_kind { RAD_TERM_NUMBER, RAD_TERM_FEATURE, RAD_TERM_LEVEL } rad_round_kind;

typedef struct rad_round_place {
    rad_round_kind kind;
    size_t of, level; /* factor and level; place in study->numbers */
} rad_round_place;

/* false: the model does not name that term. */
bool rad_round_term_find(const rad_study *study, const rad_model *model, const char *name,
                         rad_round_place *place);

/* The model of that name. RAD_CONFIG names those that there are. */
rad_status rad_round_model(const rad_study *study, const char *name, const rad_model **model,
                           rad_error *error) RAD_MUST_CHECK;

/* Terms of a state: those of the model in its order, levels against the first; patterns by the variables of
 * pooled.json (NULL: none), which also has centre and scale where the study takes those of a pool.
 * RAD_CONFIG: a pattern without a pool, a term twice, a variable that no pool has or that does not vary. */
rad_status rad_round_terms_make(const rad_study *study, const rad_model *model, const char *pooled,
                                rad_round_state *state, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
