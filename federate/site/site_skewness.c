#include "site_analyses.h"

#include "../../core/memory.h"
#include "../../core/sort.h"
#include "computing.h"
#include "dominance.h"

#include <string.h>

/* Third and fourth powers of a variable whose sums leave. They tell most of single patients, and few papers
 * need them: of all patients only, and where a study asks for them. */
static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const rad_permitting *m = context;
    const rad_cohort *c = m->cohort;
    const rad_class *k = &m->permit->classes[m->permit->of[variable]];
    uint8_t *powers = &m->permit->powers[variable];
    if (!*powers || (k->size && k->size < m->permit->cell + RAD_FOUR_MOMENTS)) return RAD_OK;
    if (rad_computed_has_squares_only(m, variable)) return RAD_OK;
    double *sorted = rad_new_raw(c->rows, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    const size_t count = rad_sets_values(k->present, c->values + variable * c->rows, c->rows, sorted);
    const rad_status status = rad_sort(sorted, count, error);
    if (status == RAD_OK) *powers = rad_dominance_powers(sorted, count, m->rules->dominance) == 4 ? 4 : 2;
    rad_free(sorted);
    return status;
}

static rad_status permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    rad_status status = rad_parallel_try(count, m->threads, look_at, m, m->error);
    for (size_t v = 0; v < count; v++)
        m->permit->withheld += m->permit->powers[v] == 2 && !m->cohort->variables[v].computed;
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    memset(m->permit->powers, 4, m->cohort->count);
    return RAD_OK;
}

/* They are summed with the other moments. */
const rad_site_analysis rad_site_skewness = {.permit = permit, .allow_all = allow_all};
