#include "pairs.h"

#include "../core/bitset.h"
#include "../core/memory.h"

#include <stdbool.h>

/* A slab holds an eighth of all pairs, or this many. */
enum { SLAB_LEAST = 1 << 24, SLABS = 8 };

rad_status rad_pairs_count(rad_pairs *p, rad_error *error) {
    p->total = 0;
    p->firsts = rad_new((size_t)p->levels + 1, sizeof *p->firsts, error);
    if (!p->firsts) return RAD_NO_MEMORY;
    for (size_t v = p->begin; v < p->end; v++) {
        const uint16_t a = p->level[v];
        for (size_t s = 0; a && s < p->steps; s++) {
            const uint16_t b = *(p->level + v + p->step[s]);
            if (b) p->firsts[a < b ? a : b]++;
        }
    }
    for (size_t i = 0; i <= p->levels; i++) p->total += p->firsts[i];
    return RAD_OK;
}

/* Pairs whose lower level is one of low..high - 1. */
typedef struct slab {
    const rad_pairs *pairs;
    uint32_t low, high;
    uint64_t *at;      /* [level]: where its next higher level goes */
    uint16_t *seconds; /* higher levels, by lower level */
    uint64_t *count;   /* [level] of the lower level whose turn it is */
    uint64_t *seen;    /* bits of levels whose count is not 0 */
} slab;

static inline void count_one(slab *s, uint16_t j) {
    if (!s->count[j]++) rad_bitset_add(s->seen, j);
}

/* Walks over the pairs: sorts them by their lower level, or counts them at once where there is one lower
 * level only. */
static void collect(slab *s) {
    const rad_pairs *p = s->pairs;
    const bool single = s->high - s->low == 1;
    for (size_t v = p->begin; v < p->end; v++) {
        const uint16_t a = p->level[v];
        for (size_t k = 0; a && k < p->steps; k++) {
            const uint16_t b = *(p->level + v + p->step[k]), i = a < b ? a : b;
            if (!b || i < s->low || i >= s->high) continue;
            const uint16_t j = a < b ? b : a;
            if (single)
                count_one(s, j);
            else
                s->seconds[s->at[i]++] = j;
        }
    }
}

/* Hands over what was counted of level i, and forgets it. */
static void sweep(slab *s, uint32_t i, rad_visit_pair *visit, void *context) {
    for (size_t word = i / 64; word <= s->pairs->levels / 64; word++)
        for (uint64_t bits = s->seen[word]; bits; bits &= bits - 1) {
            const uint32_t j = (uint32_t)(64 * word) + (uint32_t)__builtin_ctzll(bits);
            visit(i, j, s->count[j], context);
            s->count[j] = 0;
            if (!(bits & (bits - 1))) s->seen[word] = 0;
        }
}

/* A few levels are sorted in place. */
static void visit_few(uint32_t i, uint16_t *j, size_t n, rad_visit_pair *visit, void *context) {
    for (size_t k = 1; k < n; k++) {
        const uint16_t x = j[k];
        size_t to = k;
        for (; to && j[to - 1] > x; to--) j[to] = j[to - 1];
        j[to] = x;
    }
    for (size_t k = 0, from = 0; k < n; k++) {
        if (k + 1 < n && j[k + 1] == j[k]) continue;
        visit(i, j[k], k + 1 - from, context);
        from = k + 1;
    }
}

static void visit_slab(slab *s, rad_visit_pair *visit, void *context) {
    enum { FEW = 48 };
    uint64_t from = 0;
    for (uint32_t i = s->low; i < s->high; i++)
        s->at[i] = (from += s->pairs->firsts[i]) - s->pairs->firsts[i];
    collect(s);
    if (s->high - s->low == 1) {
        sweep(s, s->low, visit, context);
        return;
    }
    for (uint32_t i = s->low; i < s->high; i++) {
        const size_t n = (size_t)s->pairs->firsts[i];
        uint16_t *j = s->seconds + s->at[i] - n;
        if (n <= FEW) {
            visit_few(i, j, n, visit, context);
        } else {
            for (size_t k = 0; k < n; k++) count_one(s, j[k]);
            sweep(s, i, visit, context);
        }
    }
}

rad_status rad_pairs_each(const rad_pairs *p, rad_visit_pair *visit, void *context, rad_error *error) {
    const uint64_t part = p->total / SLABS, most = part > SLAB_LEAST ? part : SLAB_LEAST,
                   room = p->total < most ? p->total : most;
    const size_t levels = (size_t)p->levels + 1;
    slab s = {p,
              0,
              0,
              rad_new(levels, sizeof *s.at, error),
              rad_new_raw((size_t)room, sizeof *s.seconds, error),
              rad_new(levels, sizeof *s.count, error),
              rad_new(rad_bitset_words(levels + 1), sizeof *s.seen, error)};
    const bool there = s.at && s.seconds && s.count && s.seen;
    for (uint32_t i = 1; there && i <= p->levels; i = s.high) {
        uint64_t held = p->firsts[i];
        for (s.low = i, s.high = i + 1; s.high <= p->levels && held + p->firsts[s.high] <= room; s.high++)
            held += p->firsts[s.high];
        if (held) visit_slab(&s, visit, context);
    }
    rad_free(s.at);
    rad_free(s.seconds);
    rad_free(s.count);
    rad_free(s.seen);
    return there ? RAD_OK : RAD_NO_MEMORY;
}

void rad_pairs_free(rad_pairs *pairs) {
    rad_free(pairs->firsts);
    pairs->firsts = NULL;
}
