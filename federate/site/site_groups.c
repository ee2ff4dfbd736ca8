#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "parts.h"
#include "suppress.h"

#include <string.h>

/* Levels of a factor in a class of variables. */
typedef struct level_sets {
    uint64_t *set; /* [levels + 1][words], the last without a level; then what is left over; owned */
    uint64_t counts[RAD_FACTOR_LEVELS + 1],
        missing[RAD_FACTOR_LEVELS + 1]; /* who have the variables, and not */
    bool tried[RAD_FACTOR_LEVELS];
} level_sets;

static rad_status find_levels(const rad_permitting *m, const rad_class *k, size_t factor, level_sets *l) {
    const size_t levels = m->study->factors[factor].levels, words = m->cohort->words;
    *l = (level_sets){.set = rad_new((levels + 2) * words, sizeof *l->set, m->error)};
    if (!l->set) return RAD_NO_MEMORY;
    for (size_t i = 0; i <= levels; i++) {
        uint64_t *set = l->set + i * words;
        rad_cohort_level(m->cohort, factor, i < levels ? (int)i : -1, NULL, set);
        l->missing[i] = rad_bitset_count(set, words);
        for (size_t w = 0; w < words; w++) set[w] &= k->present[w];
        l->counts[i] = rad_bitset_count(set, words);
        l->missing[i] -= l->counts[i];
    }
    memcpy(l->set + (levels + 1) * words, k->present, words * sizeof *l->set);
    return RAD_OK;
}

/* The largest level that was not tried; the number of levels after the last. */
static size_t next_level(level_sets *l, size_t levels) {
    size_t best = levels;
    for (size_t i = 0; i < levels; i++)
        if (!l->tried[i] && (best == levels || l->counts[i] > l->counts[best])) best = i;
    if (best < levels) l->tried[best] = true;
    return best;
}

/* How many of a level, and of the rest, are known, so that their numbers tell how many of them miss the
 * variables: nobody, or the minimum. */
static bool misses_fit(const rad_permitting *m, const rad_class *k, size_t factor, const level_sets *l) {
    const size_t levels = m->study->factors[factor].levels;
    uint64_t rest = l->missing[levels];
    for (size_t i = 0; i < levels; i++) rest += k->shown[factor][i] ? 0 : l->missing[i];
    return !rest || rest >= m->permit->cell;
}

/* Of a factor that joined before, the levels that are shown. */
static rad_status find_shown(const rad_permitting *m, const rad_class *k, size_t factor, rad_sets *out) {
    uint64_t *set = rad_new(m->cohort->words, sizeof *set, m->error);
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    for (size_t l = 0; l < m->study->factors[factor].levels && status == RAD_OK; l++) {
        if (!k->shown[factor][l]) continue;
        rad_cohort_level(m->cohort, factor, (int)l, k->present, set);
        status = rad_sets_add(out, set, m->error);
    }
    rad_free(set);
    return status;
}

enum { TOGETHER = 7 }; /* levels of which all unions are formed */

/* Differences of levels of this factor, each and several together, and levels of another together; of several
 * where they nearly are the same: as few differ as make up half of them. */
static rad_status add_unions(const rad_sets *own, const rad_sets *others, uint64_t *set, rad_sets *sets,
                             rad_error *error) {
    const size_t words = own->words, last = (size_t)1 << (own->count < TOGETHER ? own->count : TOGETHER);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < own->count && status == RAD_OK; i++)
        status = rad_part_add_nearest(others, own->bits + i * words, SIZE_MAX, sets, error);
    for (size_t some = 3; some + 1 < last && own->count <= TOGETHER && status == RAD_OK; some++) {
        if (!(some & (some - 1))) continue;
        memset(set, 0, words * sizeof *set);
        for (size_t i = 0; i < own->count; i++)
            for (size_t w = 0; w < words && some >> i & 1; w++) set[w] |= own->bits[i * words + w];
        status = rad_part_add_nearest(others, set, rad_bitset_count(set, words) / 2, sets, error);
    }
    return status;
}

/* Levels of this factor, taken together, and sets of those before; and the other way round. */
static rad_status add_coarser(const rad_permitting *m, size_t class, size_t factor, const rad_sets *own,
                              rad_sets *sets) {
    const rad_class *k = &m->permit->classes[class];
    uint64_t *set = rad_new(own->words, sizeof *set, m->error);
    rad_status status = set ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < k->sets.count && status == RAD_OK; i++)
        status = rad_part_add_nearest(own, k->sets.bits + i * own->words, SIZE_MAX, sets, m->error);
    for (size_t f = 0; f < factor && status == RAD_OK; f++) {
        rad_sets before = {.words = own->words};
        if (m->study->factors[f].group) status = find_shown(m, k, f, &before);
        if (status == RAD_OK) status = add_unions(own, &before, set, sets, m->error);
        rad_sets_free(&before);
    }
    rad_free(set);
    return status;
}

/* Which levels of a factor may be shown for the class, the largest first, so that small ones are left over
 * together; and into its sets with them. What is left over follows by subtraction, and is a set as well.
 * sets: all of these. */
static rad_status add_groups(rad_permitting *m, size_t class, size_t factor, rad_sets *sets) {
    rad_class *k = &m->permit->classes[class];
    const size_t levels = m->study->factors[factor].levels, words = m->cohort->words;
    level_sets l;
    bool hidden[RAD_FACTOR_LEVELS + 1] = {false};
    rad_status status = find_levels(m, k, factor, &l);
    /* What is hidden beside a small level is hidden in every list: else one list tells what another hides. */
    memcpy(hidden, m->permit->hidden[factor], levels * sizeof *hidden);
    hidden[levels] = true; /* sums of those without a level never leave by themselves */
    if (status == RAD_OK) rad_suppress_row(l.missing, levels + 1, m->permit->cell, hidden);
    uint64_t *rest = l.set + (levels + 1) * words;
    for (size_t i; status == RAD_OK && (i = next_level(&l, levels)) < levels;) {
        bool fits = !hidden[i];
        if (fits && l.counts[i]) status = rad_part_admit_set(m, class, l.set + i * words, &fits);
        k->shown[factor][i] = fits;
        m->permit->withheld += !fits;
        if (!fits || !l.counts[i] || status != RAD_OK) continue;
        status = rad_sets_add(sets, l.set + i * words, m->error);
        for (size_t w = 0; w < words; w++) rest[w] &= ~l.set[i * words + w];
    }
    if (status == RAD_OK && !misses_fit(m, k, factor, &l)) { /* nothing of the factor, then */
        memset(k->shown[factor], 0, sizeof k->shown[factor]);
        rad_sets_free(sets);
    }
    if (status == RAD_OK && sets->count && !rad_is_zero(rest, words * sizeof *rest)) {
        bool fits;
        status = rad_part_admit_set(m, class, rest, &fits);
        if (status == RAD_OK) status = rad_sets_add(sets, rest, m->error);
    }
    rad_free(l.set);
    rad_sets own = {.words = words}; /* levels and rest, without what joins them here */
    for (size_t i = 0; i < sets->count && status == RAD_OK; i++)
        status = rad_sets_add(&own, sets->bits + i * words, m->error);
    if (status == RAD_OK) status = rad_part_add_remainders(k, sets, m->error);
    if (status == RAD_OK) status = add_coarser(m, class, factor, &own, sets);
    rad_sets_free(&own);
    return status;
}

/* What a group of a class of variables makes sums over. */
typedef struct grouping {
    const rad_permitting *m;
    rad_sets *sets; /* [class][factor] */
} grouping;

/* Powers of a variable by group: what all levels that are shown, and what is left over, allow. */
static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const grouping *g = context;
    const rad_permitting *m = g->m;
    const size_t factors = m->study->factor_count;
    double *values = rad_new_raw(m->cohort->rows, sizeof *values, error);
    rad_status status = values ? RAD_OK : RAD_NO_MEMORY;
    for (size_t f = 0; f < factors && status == RAD_OK && m->permit->powers[variable]; f++) {
        bool fine = true;
        if (!m->study->factors[f].group || m->cohort->variables[variable].computed) continue;
        const rad_sets *sets = &g->sets[m->permit->of[variable] * factors + f];
        status = rad_part_look(m, variable, sets, values, &fine, error);
        m->permit->powers[(1 + f) * m->cohort->count + variable] =
            sets->count && fine ? 2 : 0; /* never more of a group */
    }
    rad_free(values);
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

static rad_status add_all(rad_permitting *m, const grouping *g) {
    const size_t factors = m->study->factor_count, count = m->cohort->count;
    rad_status status = RAD_OK;
    for (size_t k = 0; k < m->permit->class_count; k++)
        for (size_t f = 0; f < factors && status == RAD_OK; f++) {
            g->sets[k * factors + f].words = m->cohort->words;
            if (m->permit->classes[k].size >= m->permit->cell && m->study->factors[f].group)
                status = add_groups(m, k, f, &g->sets[k * factors + f]);
        }
    if (status == RAD_OK) status = rad_parallel_try(count, m->threads, look_at, (void *)g, m->error);
    for (size_t f = 0; f < factors; f++)
        for (size_t v = 0; v < count && m->study->factors[f].group; v++)
            m->permit->withheld += m->permit->powers[v] && !m->permit->powers[(1 + f) * count + v];
    return status;
}

static rad_status permit(rad_permitting *m) {
    const size_t cells = m->permit->class_count * m->study->factor_count;
    const grouping g = {m, rad_new(cells, sizeof *g.sets, m->error)};
    rad_status status = g.sets ? add_all(m, &g) : RAD_NO_MEMORY;
    for (size_t i = 0; g.sets && i < cells; i++) rad_sets_free(&g.sets[i]);
    rad_free(g.sets);
    return status;
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
