#include "counted.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <string.h>

/* Levels that are shown, and of each factor those of the others, or of none. */
static rad_status add_factor(rad_permitting *m, size_t factor, uint64_t *set, uint64_t *rest) {
    const size_t levels = m->study->factors[factor].levels, words = m->cohort->words;
    rad_permit *p = m->permit;
    rad_status status = RAD_OK;
    memcpy(rest, p->counted.bits, words * sizeof *rest); /* all patients are the first set */
    for (size_t l = 0; l <= levels && status == RAD_OK; l++) {
        if (p->hidden[factor][l]) continue;
        rad_cohort_level(m->cohort, factor, l < levels ? (int)l : -1, NULL, set);
        for (size_t w = 0; w < words; w++) rest[w] &= ~set[w];
        if (!rad_is_zero(set, words * sizeof *set)) status = rad_sets_add(&p->counted, set, m->error);
    }
    if (status != RAD_OK || rad_is_zero(rest, words * sizeof *rest)) return status;
    return rad_sets_add(&p->counted, rest, m->error);
}

rad_status rad_counted_make(rad_permitting *m) {
    const size_t words = m->cohort->words;
    uint64_t *sets = rad_new(2 * words, sizeof *sets, m->error);
    if (!sets) return RAD_NO_MEMORY;
    m->permit->counted = (rad_sets){.words = words};
    for (size_t r = 0; r < m->cohort->rows; r++) rad_bitset_add(sets, r);
    rad_status status = rad_sets_add(&m->permit->counted, sets, m->error);
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++)
        status = add_factor(m, f, sets, sets + words);
    rad_free(sets);
    return status;
}

bool rad_counted_fits(const rad_permit *p, const uint64_t *set) {
    const rad_sets *s = &p->counted;
    for (size_t k = 0; k < s->count; k++) {
        const uint64_t *of = s->bits + k * s->words;
        const size_t left = rad_bitset_beyond(of, set, s->words);
        if (left && left < p->cell && !rad_bitset_beyond(set, of, s->words)) return false;
    }
    return true;
}
