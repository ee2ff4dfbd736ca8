#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/sort.h"
#include "dominance.h"
#include "suppress.h"

#include <string.h>

/* Which levels of a factor may be shown for the class, and into its sets with them. The rest follows by
 * subtraction, and is a set as well. */
static rad_status add_groups(rad_permitting *m, rad_class *k, size_t factor) {
    const rad_factor *f = &m->study->factors[factor];
    const size_t words = m->cohort->words;
    uint64_t counts[RAD_FACTOR_LEVELS + 1];
    bool hidden[RAD_FACTOR_LEVELS + 1] = {false}, again = true;
    uint64_t *sets = rad_new((f->levels + 2) * words, sizeof *sets, m->error),
             *rest = sets + (f->levels + 1) * words;
    if (!sets) return RAD_NO_MEMORY;
    for (size_t l = 0; l <= f->levels; l++) {
        rad_cohort_level(m->cohort, factor, l < f->levels ? (int)l : -1, k->present, sets + l * words);
        counts[l] = rad_bitset_count(sets + l * words, words);
    }
    hidden[f->levels] = true; /* sums of those without a level never leave by themselves */
    while (again) {
        again = false;
        rad_suppress_row(counts, f->levels + 1, m->permit->cell, hidden);
        memset(rest, 0, words * sizeof *rest);
        for (size_t l = 0; l <= f->levels; l++) {
            for (size_t w = 0; w < words && hidden[l]; w++) rest[w] |= sets[l * words + w];
            if (hidden[l] || !counts[l] || rad_sets_may_add(&k->sets, sets + l * words, m->permit->cell))
                continue;
            hidden[l] = again = true;
        }
        const bool some = !rad_is_zero(rest, words * sizeof *rest);
        if (!again && some &&
            !rad_sets_may_add(&k->sets, rest, m->permit->cell)) /* nothing of the factor, then */
            for (size_t l = 0; l < f->levels; l++) hidden[l] = true;
    }
    rad_status status = RAD_OK;
    for (size_t l = 0; l <= f->levels + 1 && status == RAD_OK; l++) {
        const uint64_t *set = sets + l * words;
        const bool is_rest = l == f->levels + 1;
        if (is_rest ? rad_is_zero(set, words * sizeof *set) : hidden[l] || !counts[l]) continue;
        if (rad_sets_may_add(&k->sets, set, m->permit->cell)) status = rad_sets_add(&k->sets, set, m->error);
    }
    for (size_t l = 0; l < f->levels; l++) {
        k->shown[factor][l] = !hidden[l];
        m->permit->withheld += hidden[l];
    }
    rad_free(sets);
    return status;
}

/* Powers of a variable by group: what every level that is shown, and the rest, allows. */
static rad_status group_powers(rad_permitting *m, size_t variable, size_t factor, double *values,
                               uint64_t *set) {
    const rad_cohort *c = m->cohort;
    const rad_factor *f = &m->study->factors[factor];
    const rad_class *k = &m->permit->classes[m->permit->of[variable]];
    uint64_t *rest = set + c->words;
    uint8_t powers = m->permit->powers[variable] ? 2 : 0; /* never more of a group */
    rad_status status = RAD_OK;
    memcpy(rest, k->present, c->words * sizeof *rest);
    for (size_t l = 0; l <= f->levels && powers && status == RAD_OK; l++) {
        const bool last = l == f->levels;
        if (!last && !k->shown[factor][l]) continue;
        if (!last) rad_cohort_level(m->cohort, factor, (int)l, k->present, set);
        for (size_t w = 0; w < c->words && !last; w++) rest[w] &= ~set[w];
        const size_t count =
            rad_sets_values(last ? rest : set, c->values + variable * c->rows, c->rows, values);
        if (!count) continue;
        status = rad_sort(values, count, m->error);
        if (!rad_dominance_powers(values, count, m->rules->dominance)) powers = 0;
    }
    m->permit->powers[(1 + factor) * c->count + variable] = powers;
    m->permit->withheld += m->permit->powers[variable] && !powers;
    return status;
}

static rad_status add_group_powers(rad_permitting *m) {
    const rad_cohort *c = m->cohort;
    double *values = rad_new_raw(c->rows, sizeof *values, m->error);
    uint64_t *sets = rad_new(2 * c->words, sizeof *sets, m->error);
    rad_status status = values && sets ? RAD_OK : RAD_NO_MEMORY;
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++)
        for (size_t v = 0; v < c->count && m->study->factors[f].group && status == RAD_OK; v++)
            status = group_powers(m, v, f, values, sets);
    rad_free(values);
    rad_free(sets);
    return status;
}

static rad_status sum_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    const rad_study *s = m->study;
    rad_status status = RAD_OK;
    uint64_t *rows = rad_new(m->cohort->words, sizeof *rows, error);
    if (!rows) return RAD_NO_MEMORY;
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        const uint8_t powers = m->permit->powers[(1 + f) * m->cohort->count + v];
        if (!s->factors[f].group || !powers) continue;
        for (size_t l = 0; l < s->factors[f].levels && status == RAD_OK; l++) {
            if (!m->permit->classes[m->permit->of[v]].shown[f][l]) continue;
            rad_cohort_level(m->cohort, f, (int)l, NULL, rows);
            status = rad_summarise_set(m, v, rows, powers,
                                       &m->summary->moments[rad_summary_set(s, f, l) * m->cohort->count + v],
                                       error);
        }
    }
    rad_free(rows);
    return status;
}

static rad_status permit(rad_permitting *m) {
    rad_status status = RAD_OK;
    for (size_t k = 0; k < m->permit->class_count; k++)
        for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++)
            if (m->permit->classes[k].size >= m->permit->cell && m->study->factors[f].group)
                status = add_groups(m, &m->permit->classes[k], f);
    return status == RAD_OK ? add_group_powers(m) : status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_permit *p = m->permit;
    memset(p->powers + m->cohort->count, 2, m->study->factor_count * m->cohort->count);
    for (size_t k = 0; k < p->class_count; k++) memset(p->classes[k].shown, true, sizeof p->classes[k].shown);
    return RAD_OK;
}

static rad_status sum(const rad_summing *m) {
    return rad_summarise_each(m, sum_variable);
}

const rad_site_analysis rad_site_groups = {.permit = permit, .allow_all = allow_all, .sum = sum};
