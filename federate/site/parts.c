#include "parts.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/sort.h"
#include "dominance.h"

#include <math.h>
#include <string.h>

rad_part rad_part_make(const rad_cohort *c) {
    return (rad_part){.sets = {.words = c->words}, .patients = c->rows};
}

static rad_status add(rad_part *p, const double *weights, size_t measured, rad_error *error) {
    rad_status status =
        rad_grow(&p->weights, p->count, &p->capacity, p->patients * sizeof *p->weights, error);
    if (status == RAD_OK) status = rad_grow(&p->measured, p->count, &p->places, sizeof *p->measured, error);
    if (status != RAD_OK) return status;
    memcpy(p->weights + p->count * p->patients, weights, p->patients * sizeof *weights);
    p->measured[p->count++] = measured;
    return RAD_OK;
}

rad_status rad_part_add_variable(rad_part *p, const rad_permitting *m, size_t variable, const uint64_t *set) {
    const rad_cohort *c = m->cohort;
    const rad_score *score = &m->permit->scores[variable];
    const double *x = c->values + variable * c->rows;
    double *weights = rad_new(c->rows, sizeof *weights, m->error);
    uint64_t *larger = rad_new(c->words, sizeof *larger, m->error);
    rad_status status = weights && larger ? RAD_OK : RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows && status == RAD_OK; r++) {
        if (!rad_bitset_has(set, r)) continue;
        weights[r] = x[r];
        if (x[r] == score->value[1]) rad_bitset_add(larger, r);
    }
    if (status == RAD_OK)
        status = score->count == 2 ? rad_sets_add(&p->sets, larger, m->error)
                                   : add(p, weights, score->count ? RAD_PART_SCORE : variable, m->error);
    rad_free(weights);
    rad_free(larger);
    return status;
}

void rad_part_free(rad_part *p) {
    rad_sets_free(&p->sets);
    rad_free(p->weights);
    rad_free(p->measured);
    *p = (rad_part){.sets = p->sets, .patients = p->patients};
}

/* The rows of the class with those of the part. */
static rad_status join(const rad_permitting *m, size_t class, const rad_part *part, rad_audit *out,
                       rad_audit_verdict *verdict) {
    const rad_audit *before = &m->permit->classes[class].audit;
    const rad_audit_limits limits = {m->permit->cell, m->rules->rows};
    rad_status status = rad_audit_copy(before, out, m->error);
    for (size_t i = 0; i < part->sets.count && status == RAD_OK; i++)
        status = rad_audit_add_set(out, part->sets.bits + i * part->sets.words, m->error);
    for (size_t i = 0; i < part->count && status == RAD_OK; i++)
        status = rad_audit_add(out, part->weights + i * part->patients, part->measured[i] != RAD_PART_SCORE,
                               m->error);
    *verdict = RAD_AUDIT_FINE; /* as it was, where nothing is new */
    if (status == RAD_OK && out->all.rank > before->all.rank)
        status = rad_audit_look(out, &limits, verdict, m->error);
    return status;
}

rad_status rad_part_try(const rad_permitting *m, size_t class, const rad_part *part,
                        rad_audit_verdict *verdict) {
    rad_audit both = {0};
    rad_status status = join(m, class, part, &both, verdict);
    rad_audit_free(&both);
    return status;
}

static rad_status add_once(rad_sets *to, const uint64_t *set, rad_error *error) {
    if (rad_sets_have(to, to->count, set) || rad_is_zero(set, to->words * sizeof *set)) return RAD_OK;
    return rad_sets_add(to, set, error);
}

static rad_status keep_score(rad_class *k, const double *weights, size_t n, rad_error *error) {
    for (size_t j = 0; j < k->scores; j++)
        if (!memcmp(k->scored + j * n, weights, n * sizeof *weights)) return RAD_OK;
    rad_status status = rad_grow(&k->scored, k->scores, &k->score_capacity, n * sizeof *k->scored, error);
    if (status == RAD_OK) memcpy(k->scored + k->scores++ * n, weights, n * sizeof *weights);
    return status;
}

/* Of measurements, whose they are and of whom; a value of 0 is as good as none. */
static rad_status keep_measured(rad_class *k, const double *weights, size_t n, size_t variable,
                                rad_error *error) {
    const size_t words = k->sets.words;
    uint64_t *set = rad_new(words, sizeof *set, error);
    if (!set) return RAD_NO_MEMORY;
    for (size_t r = 0; r < n; r++)
        if (weights[r] != 0) rad_bitset_add(set, r);
    bool known = false;
    for (size_t j = 0; j < k->weighed.count && !known; j++)
        known = k->weight[j] == variable && !memcmp(k->weighed.bits + j * words, set, words * sizeof *set);
    rad_status status = RAD_OK;
    k->weighed.words = words;
    if (!known)
        status = rad_grow(&k->weight, k->weighed.count, &k->weight_capacity, sizeof *k->weight, error);
    if (status == RAD_OK && !known) {
        k->weight[k->weighed.count] = variable;
        status = rad_sets_add(&k->weighed, set, error);
    }
    rad_free(set);
    return status;
}

/* Weights, for the ledger. */
static rad_status keep_weights(rad_class *k, const rad_part *part, rad_error *error) {
    const size_t n = part->patients;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < part->count && status == RAD_OK; i++)
        status = part->measured[i] == RAD_PART_SCORE
                     ? keep_score(k, part->weights + i * n, n, error)
                     : keep_measured(k, part->weights + i * n, n, part->measured[i], error);
    return status;
}

rad_status rad_part_admit(rad_permitting *m, size_t class, const rad_part *part, rad_audit_verdict *verdict) {
    rad_class *k = &m->permit->classes[class];
    rad_audit both = {0};
    rad_status status = join(m, class, part, &both, verdict);
    for (size_t i = 0; i < part->sets.count && status == RAD_OK && *verdict == RAD_AUDIT_FINE; i++)
        status = add_once(&k->sets, part->sets.bits + i * part->sets.words, m->error);
    if (status == RAD_OK && *verdict == RAD_AUDIT_FINE) status = keep_weights(k, part, m->error);
    if (status == RAD_OK && *verdict == RAD_AUDIT_FINE) {
        const rad_audit before = k->audit;
        k->audit = both;
        both = before;
    }
    rad_audit_free(&both);
    return status;
}

rad_status rad_part_admit_set(rad_permitting *m, size_t class, const uint64_t *set, bool *fits) {
    rad_part part = rad_part_make(m->cohort);
    rad_audit_verdict verdict = RAD_AUDIT_FEW;
    if (rad_is_zero(set, part.sets.words * sizeof *set)) {
        *fits = false;
        return RAD_OK;
    }
    rad_status status = rad_sets_add(&part.sets, set, m->error);
    if (status == RAD_OK) status = rad_part_admit(m, class, &part, &verdict);
    *fits = verdict == RAD_AUDIT_FINE;
    rad_part_free(&part);
    return status;
}

/* out = a without b, where b lies in it; false: it does not, or is the same. */
static bool subtract(const uint64_t *a, const uint64_t *b, size_t words, uint64_t *out) {
    uint64_t beyond = 0, left = 0;
    for (size_t w = 0; w < words; w++) {
        out[w] = a[w] & ~b[w];
        beyond |= b[w] & ~a[w];
        left |= out[w];
    }
    return !beyond && left;
}

static bool is_made_of(const uint64_t *set, const rad_sets *sets, uint64_t *room) {
    memset(room, 0, sets->words * sizeof *room);
    for (size_t i = 0; i < sets->count; i++) {
        const uint64_t *part = sets->bits + i * sets->words;
        uint64_t beyond = 0;
        for (size_t w = 0; w < sets->words; w++) beyond |= part[w] & ~set[w];
        for (size_t w = 0; w < sets->words && !beyond; w++) room[w] |= part[w];
    }
    return !memcmp(room, set, sets->words * sizeof *set);
}

/* What the two have beyond each other; false: one lies in the other, or they have nobody in common. */
static bool part_ways(const uint64_t *a, const uint64_t *b, size_t words, uint64_t *sides) {
    uint64_t both = 0, one = 0, other = 0;
    for (size_t w = 0; w < words; w++) {
        both |= a[w] & b[w];
        one |= sides[w] = a[w] & ~b[w];
        other |= sides[words + w] = b[w] & ~a[w];
    }
    return both && one && other;
}

/* Of sets in those of the class; of sets that were there before, in each other. */
static rad_status find_remainders(const rad_class *class, const rad_sets *sets, rad_sets *out,
                                  rad_sets *apart, uint64_t *room, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < sets->count; i++) {
        const uint64_t *one = sets->bits + i * sets->words;
        const rad_sets *of = rad_sets_have(&class->sets, class->before, one) ? sets : &class->sets;
        for (size_t k = 0; k < of->count && status == RAD_OK; k++) {
            const uint64_t *other = of->bits + k * of->words;
            if (part_ways(one, other, of->words, room)) status = rad_sets_add_difference(apart, room, error);
            for (int turned = 0; turned < 2 && status == RAD_OK; turned++)
                if (subtract(turned ? one : other, turned ? other : one, of->words, room))
                    status = add_once(out, room, error);
        }
    }
    return status;
}

rad_status rad_part_add_remainders(const rad_class *class, rad_sets *sets, rad_error *error) {
    rad_sets found = {.words = sets->words}, apart = found;
    uint64_t *room = rad_new(2 * sets->words, sizeof *room, error);
    rad_status status = room ? find_remainders(class, sets, &found, &apart, room, error) : RAD_NO_MEMORY;
    while (found.count && status == RAD_OK) { /* small ones first: they make up the others */
        size_t least = 0;
        for (size_t i = 1; i < found.count; i++)
            if (rad_bitset_count(found.bits + i * found.words, found.words) <
                rad_bitset_count(found.bits + least * found.words, found.words))
                least = i;
        uint64_t *set = found.bits + least * found.words;
        if (!is_made_of(set, sets, room)) status = rad_sets_add(sets, set, error);
        memmove(set, found.bits + --found.count * found.words, found.words * sizeof *set);
    }
    for (size_t i = 0; i < apart.differences && status == RAD_OK; i++)
        status = rad_sets_add_difference(sets, apart.bits + 2 * i * apart.words, error);
    rad_free(room);
    rad_sets_free(&found);
    rad_sets_free(&apart);
    return status;
}

rad_status rad_part_add_nearest(const rad_sets *levels, const uint64_t *set, size_t most, rad_sets *sets,
                                rad_error *error) {
    const size_t words = levels->words;
    uint64_t *sides = rad_new(2 * words, sizeof *sides, error);
    if (!sides) return RAD_NO_MEMORY;
    const size_t count = rad_sets_nearest(levels, set, SIZE_MAX, sides + words);
    for (size_t w = 0; w < words; w++) {
        sides[w] = set[w] & ~sides[words + w];
        sides[words + w] &= ~set[w];
    }
    const size_t differ = rad_bitset_count(sides, 2 * words);
    rad_status status =
        count > 1 && differ && differ <= most ? rad_sets_add_difference(sets, sides, error) : RAD_OK;
    rad_free(sides);
    return status;
}

/* The values of a variable, ascending, and whose they are; `most` have the same. */
typedef struct placed {
    double *x;   /* owned, as the others are */
    size_t *row; /* then room: how many of a value are placed */
    size_t count, most;
} placed;

static size_t find_first(const double *x, size_t count, double value) {
    size_t low = 0;
    while (low < count) {
        const size_t at = low + (count - low) / 2;
        if (x[at] < value)
            low = at + 1;
        else
            count = at;
    }
    return low;
}

static rad_status place_values(const double *x, size_t rows, placed *all, rad_error *error) {
    *all =
        (placed){rad_new_raw(rows, sizeof *all->x, error), rad_new(2 * rows, sizeof *all->row, error), 0, 0};
    if (!all->x || !all->row) return RAD_NO_MEMORY;
    for (size_t r = 0; r < rows; r++)
        if (!isnan(x[r])) all->x[all->count++] = x[r];
    rad_status status = rad_sort(all->x, all->count, error);
    for (size_t r = 0; r < rows && status == RAD_OK; r++) {
        if (isnan(x[r])) continue;
        const size_t first = find_first(all->x, all->count, x[r]), same = all->row[rows + first]++;
        all->row[first + same] = r;
        if (same >= all->most) all->most = same + 1;
    }
    return status;
}

static void free_placed(placed *all) {
    rad_free(all->x);
    rad_free(all->row);
}

/* The values of those in one set, or in the other. */
static size_t gather(const placed *all, const uint64_t *one, const uint64_t *other, double *values) {
    size_t found = 0;
    for (size_t i = 0; i < all->count; i++) { /* who is in which set is no order that a branch could learn */
        const size_t row = all->row[i];
        values[found] = all->x[i];
        found += (one[row / 64] | other[row / 64]) >> row % 64 & 1;
    }
    return found;
}

/* On each side its most frequent value may be known; where values are not frequent enough nobody looks. */
static bool look_at_difference(const rad_permitting *m, const placed *all, const uint64_t *sides,
                               double *values) {
    const uint64_t *other = sides + m->cohort->words;
    const size_t cell = m->permit->cell, found = gather(all, sides, other, values);
    if (rad_dominance_holds(values, found, m->rules->dominance)) return false;
    if (found >= 2 * all->most + cell) return true;
    size_t others = rad_dominance_others(values, gather(all, sides, sides, values));
    others += rad_dominance_others(values, gather(all, other, other, values));
    return !others || others >= cell;
}

rad_status rad_part_look(const rad_permitting *m, size_t variable, const rad_sets *sets, double *values,
                         bool *fine, rad_error *error) {
    const rad_cohort *c = m->cohort;
    const size_t plain = sets->count - 2 * sets->differences;
    placed all = {0};
    *fine = true;
    if (!sets->count) return RAD_OK;
    rad_status status = place_values(c->values + variable * c->rows, c->rows, &all, error);
    for (size_t i = 0; i < sets->count && *fine && status == RAD_OK; i += i < plain ? 1 : 2) {
        const uint64_t *set = sets->bits + i * sets->words;
        const size_t found = i < plain ? gather(&all, set, set, values) : 0;
        if (i >= plain)
            *fine = look_at_difference(m, &all, set, values);
        else if (found)
            *fine = rad_permit_values(m, variable, values, found);
    }
    free_placed(&all);
    return status;
}
