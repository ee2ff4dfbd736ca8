#include "persons.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

rad_status rad_persons_allocate(rad_persons *p, rad_error *error) {
    p->id = rad_new(p->patients, sizeof *p->id, error);
    p->column = rad_new(p->sampled, sizeof *p->column, error);
    p->counts = rad_new(p->sampled, sizeof *p->counts, error);
    p->sample = rad_new(p->patients * p->sampled, sizeof *p->sample, error);
    p->person = rad_new(p->patients, sizeof *p->person, error);
    return p->id && p->column && p->counts && p->sample && p->person ? RAD_OK : RAD_NO_MEMORY;
}

void rad_persons_free(rad_persons *p) {
    rad_free(p->id);
    rad_free(p->column);
    rad_free(p->counts);
    rad_free(p->sample);
    rad_free(p->person);
    *p = (rad_persons){.patients = 0};
}

#define NO_VOTE (RAD_NOBODY - 1) /* several have that value, or there is none */

typedef struct ranked {
    uint64_t key;
    uint32_t patient;
} ranked;

static int by_key(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static uint32_t look_up(const ranked *sorted, size_t count, uint64_t key) {
    size_t low = 0, high = count;
    while (low < high) {
        const size_t at = (low + high) / 2;
        if (sorted[at].key < key)
            low = at + 1;
        else
            high = at;
    }
    const bool unique =
        low < count && sorted[low].key == key && (low + 1 == count || sorted[low + 1].key != key);
    if (low < count && sorted[low].key == key && !unique) return NO_VOTE;
    return unique ? sorted[low].patient : RAD_NOBODY;
}

bool rad_persons_same(const rad_persons *a, const rad_persons *b) {
    return a->patients == b->patients && a->sampled == b->sampled &&
           !memcmp(a->id, b->id, a->patients * sizeof *a->id) &&
           !memcmp(a->column, b->column, a->sampled * sizeof *a->column) &&
           !memcmp(a->sample, b->sample, a->patients * a->sampled * sizeof *a->sample);
}

/* A match at work. */
typedef struct matching {
    const rad_persons *e, *of;
    ranked *sorted;  /* of one column of `of` */
    uint32_t *votes; /* [pair][patient] */
    uint32_t *hits;  /* of each pair; the last one is that of all columns together */
    size_t pairs;
    size_t fewer; /* patients, of the two tables */
    uint32_t *first,
        *column;   /* coarse values that are unique in their column: column[first[v] .. first[v + 1]) */
    size_t step;   /* of coarse values, one of so many is looked at to find columns */
    uint32_t *met; /* of each column of `of` */
} matching;

enum { COARSE = 1 << 16 };

static uint64_t plane(uint32_t value, bool fine) {
    return fine ? value : value & (COARSE - 1);
}

static void sort_column(matching *m, size_t column, bool fine) {
    const size_t n = m->of->patients;
    for (size_t r = 0; r < n; r++)
        m->sorted[r] = (ranked){plane(m->of->sample[column * n + r], fine), (uint32_t)r};
    if (n > 1) qsort(m->sorted, n, sizeof *m->sorted, by_key);
}

/* One pass counts, the next one writes. */
static void index_columns(matching *m, bool write) {
    const size_t n = m->of->patients;
    for (size_t k = 0; k < m->of->sampled; k++) {
        if (m->of->counts[k]) continue;
        sort_column(m, k, false);
        for (size_t i = 0; i < n; i++) {
            const uint64_t v = m->sorted[i].key;
            if (!v || v % m->step || (i && m->sorted[i - 1].key == v) ||
                (i + 1 < n && m->sorted[i + 1].key == v))
                continue;
            if (write)
                m->column[m->first[v]++] = (uint32_t)k;
            else
                m->first[v + 1]++;
        }
    }
}

static rad_status make_index(matching *m, rad_error *error) {
    m->step = 1 + m->of->patients * m->of->sampled / (1 << 20);
    m->first = rad_new(COARSE + 2, sizeof *m->first, error);
    m->met = rad_new(m->of->sampled, sizeof *m->met, error);
    if (!m->first || !m->met) return RAD_NO_MEMORY;
    index_columns(m, false);
    for (size_t v = 0; v < COARSE; v++) m->first[v + 1] += m->first[v];
    m->column = rad_new(m->first[COARSE], sizeof *m->column, error);
    if (!m->column) return RAD_NO_MEMORY;
    index_columns(m, true); /* each first becomes the next one's */
    memmove(m->first + 1, m->first, COARSE * sizeof *m->first);
    m->first[0] = 0;
    return RAD_OK;
}

static int by_hash(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Columns are in the order of their hashes. */
static size_t find_named(const rad_persons *of, uint64_t column) {
    const uint64_t *at =
        of->sampled ? bsearch(&column, of->column, of->sampled, sizeof column, by_hash) : NULL;
    return at ? (size_t)(at - of->column) : of->sampled;
}

const uint32_t *rad_persons_column(const rad_persons *p, uint64_t hash) {
    const size_t k = find_named(p, hash);
    return k < p->sampled ? p->sample + k * p->patients : NULL;
}

/* The column of `of` that column k is: of its name, unless its values are far more at home in another. */
static size_t find_column(matching *m, size_t k) {
    const rad_persons *e = m->e, *of = m->of;
    const size_t named = find_named(of, e->column[k]);
    size_t best = 0;
    memset(m->met, 0, of->sampled * sizeof *m->met);
    for (size_t r = 0; r < e->patients; r++) {
        const uint64_t v = plane(e->sample[k * e->patients + r], false);
        for (size_t i = v ? m->first[v] : 0; v && i < m->first[v + 1]; i++) m->met[m->column[i]]++;
    }
    for (size_t i = 1; i < of->sampled; i++)
        if (m->met[i] > m->met[best]) best = i;
    if (named < of->sampled) return m->met[best] > 2 * m->met[named] + 8 ? best : named;
    const size_t chance = e->patients * of->patients / COARSE / m->step;
    return m->met[best] > 3 * chance + 5 ? best : of->sampled;
}

static uint32_t cast_votes(matching *m, size_t k, size_t other, bool fine, uint32_t *votes) {
    uint32_t hits = 0;
    sort_column(m, other, fine);
    for (size_t r = 0; r < m->e->patients; r++) {
        const uint32_t value = m->e->sample[k * m->e->patients + r];
        votes[r] = value ? look_up(m->sorted, m->of->patients, plane(value, fine)) : NO_VOTE;
        hits += votes[r] < NO_VOTE;
    }
    return hits;
}

/* Votes of each pair of columns, by the hashes that know more patients. */
static void pair_columns(matching *m, uint32_t *other_votes) {
    for (size_t k = 0; k < m->e->sampled; k++) {
        const size_t other = m->e->counts[k] ? m->of->sampled : find_column(m, k);
        if (other == m->of->sampled || m->of->counts[other]) continue;
        uint32_t *votes = m->votes + m->pairs * m->e->patients;
        const uint32_t fine = cast_votes(m, k, other, true, votes),
                       coarse = cast_votes(m, k, other, false, other_votes);
        if (coarse > fine + fine / 8) memcpy(votes, other_votes, m->e->patients * sizeof *votes);
        m->hits[m->pairs++] = coarse > fine + fine / 8 ? coarse : fine;
    }
}

/* A patient's values in all columns that both tables have, by their first digits. Patients first. */
static void join_columns(const rad_persons *p, const size_t *column, size_t count, uint64_t *joint) {
    for (size_t r = 0; r < p->patients; r++) joint[r] = 0xcbf29ce484222325u;
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < p->patients; r++)
            joint[r] =
                (joint[r] ^ (plane(p->sample[column[k] * p->patients + r], false) + 1)) * 0x100000001b3u;
}

/* The vote of all columns together, where half of the patients know it: they repeat less than each alone. */
static rad_status vote_together(matching *m, rad_error *error) {
    const size_t n = m->of->patients, own = m->e->patients;
    size_t count = 0;
    uint32_t hits = 0, *votes = m->votes + m->pairs * own;
    size_t *mine = rad_new(m->e->sampled, sizeof *mine, error),
           *others = rad_new(m->e->sampled, sizeof *others, error);
    uint64_t *joint = rad_new(n > own ? n : own, sizeof *joint, error);
    for (size_t k = 0; mine && others && k < m->e->sampled; k++) {
        const size_t other = find_named(m->of, m->e->column[k]);
        if (other == m->of->sampled) continue;
        mine[count] = k;
        others[count++] = other;
    }
    if (joint && count > 1) {
        join_columns(m->of, others, count, joint);
        for (size_t r = 0; r < n; r++) m->sorted[r] = (ranked){joint[r], (uint32_t)r};
        if (n > 1) qsort(m->sorted, n, sizeof *m->sorted, by_key);
        join_columns(m->e, mine, count, joint);
        for (size_t r = 0; r < own; r++) {
            votes[r] = look_up(m->sorted, n, joint[r]);
            if (votes[r] == RAD_NOBODY) votes[r] = NO_VOTE; /* one value that changed is enough */
            hits += votes[r] < NO_VOTE;
        }
    }
    const bool fine = mine && others && joint;
    rad_free(mine);
    rad_free(others);
    rad_free(joint);
    m->hits[m->pairs] = 2 * (size_t)hits >= m->fewer ? hits : 0;
    return fine ? RAD_OK : RAD_NO_MEMORY;
}

/* Who has more than half of the votes of patient r, if anybody. */
static uint32_t elect(const matching *m, size_t r, uint32_t least) {
    const size_t n = m->e->patients;
    uint32_t who = RAD_NOBODY;
    size_t lead = 0, cast = 0, agree = 0;
    bool alone = false;
    for (size_t k = 0; k <= m->pairs; k++) {
        const uint32_t vote = m->votes[k * n + r];
        if (m->hits[k] < least || vote == NO_VOTE) continue;
        cast++;
        if (!lead) who = vote;
        lead = vote == who ? lead + 1 : lead - 1;
    }
    for (size_t k = 0; k <= m->pairs; k++) {
        if (m->hits[k] < least || m->votes[k * n + r] != who) continue;
        agree++;
        alone = alone || 2 * (size_t)m->hits[k] >= m->fewer;
    }
    return who < NO_VOTE && 2 * agree > cast && (agree > 1 || alone) ? who : RAD_NOBODY;
}

/* Columns that know more than half as many as the best one vote; what first digits share by chance, at most,
 * makes none the best. */
static void elect_all(const matching *m, uint32_t *found) {
    const double mean = (double)m->e->patients * (double)m->of->patients / COARSE;
    const uint32_t chance = (uint32_t)(mean + 4 * sqrt(mean) + 2);
    uint32_t most = 0;
    for (size_t k = 0; k < m->pairs; k++) most = m->hits[k] > most ? m->hits[k] : most;
    const uint32_t least = most > chance ? (most - chance) / 2 + 1 : 1;
    for (size_t r = 0; r < m->e->patients; r++) found[r] = elect(m, r, least);
}

static rad_status match_values(matching *m, uint32_t *found, rad_error *error) {
    uint32_t *other = rad_new(m->e->patients, sizeof *other, error);
    m->votes = rad_new(m->e->patients * (m->e->sampled + 1), sizeof *m->votes, error);
    m->hits = rad_new(m->e->sampled + 1, sizeof *m->hits, error);
    rad_status status = m->votes && m->hits && other ? make_index(m, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) pair_columns(m, other);
    if (status == RAD_OK) status = vote_together(m, error);
    if (status == RAD_OK) elect_all(m, found);
    rad_free(m->first);
    rad_free(m->column);
    rad_free(m->met);
    rad_free(m->votes);
    rad_free(m->hits);
    rad_free(other);
    return status;
}

rad_status rad_persons_match(const rad_persons *e, const rad_persons *of, uint32_t *by_name,
                             uint32_t *by_values, rad_error *error) {
    matching m = {.e = e,
                  .of = of,
                  .sorted = rad_new(of->patients, sizeof *m.sorted, error),
                  .fewer = e->patients < of->patients ? e->patients : of->patients};
    if (!m.sorted) return RAD_NO_MEMORY;
    for (size_t r = 0; r < of->patients; r++) m.sorted[r] = (ranked){of->id[r], (uint32_t)r};
    if (of->patients > 1) qsort(m.sorted, of->patients, sizeof *m.sorted, by_key);
    for (size_t r = 0; r < e->patients; r++) {
        by_name[r] = look_up(m.sorted, of->patients, e->id[r]);
        if (by_name[r] == NO_VOTE) by_name[r] = RAD_NOBODY;
        by_values[r] = RAD_NOBODY;
    }
    rad_status status = RAD_OK;
    if (rad_persons_same(e, of))
        memcpy(by_values, by_name, e->patients * sizeof *by_values);
    else if (e->sampled && of->sampled)
        status = match_values(&m, by_values, error);
    rad_free(m.sorted);
    return status;
}

bool rad_persons_may_be(const rad_persons *p, size_t r, const rad_persons *of, size_t other) {
    bool met = false;
    size_t j = 0;
    for (size_t k = 0; k < p->sampled; k++) { /* both are in the order of their hashes */
        while (j < of->sampled && of->column[j] < p->column[k]) j++;
        if (j == of->sampled) break;
        if (of->column[j] != p->column[k]) continue;
        const uint32_t a = p->sample[k * p->patients + r], b = of->sample[j * of->patients + other];
        if (!a || !b) continue;
        met = true;
        if (plane(a, false) != plane(b, false)) return false;
    }
    return met;
}
