#include "site_analyses.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/parallel.h"
#include "../ranked.h"
#include "concordance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The patients of a site who have a variable and a level of a group. */
typedef struct ranked {
    double *x;     /* owned */
    int8_t *level; /* owned */
    bool *is;      /* room for one level against the others; owned */
    size_t count;
    uint64_t patients[RAD_FACTOR_LEVELS];
} ranked;

static rad_status gather(const rad_cohort *c, size_t variable, size_t factor, ranked *r, rad_error *error) {
    *r = (ranked){.x = rad_new(c->rows, sizeof *r->x, error),
                  .level = rad_new(c->rows, sizeof *r->level, error),
                  .is = rad_new(c->rows, sizeof *r->is, error)};
    if (!r->x || !r->level || !r->is) return RAD_NO_MEMORY;
    for (size_t i = 0; i < c->rows; i++) {
        const double x = c->values[variable * c->rows + i];
        const int8_t level = c->levels[factor * c->rows + i];
        if (isnan(x) || level < 0) continue;
        r->x[r->count] = x;
        r->level[r->count++] = level;
        r->patients[level]++;
    }
    return RAD_OK;
}

static void release(ranked *r) {
    rad_free(r->x);
    rad_free(r->level);
    rad_free(r->is);
}

typedef struct place {
    double x;
    int8_t level;
} place;

static int by_value(const void *a, const void *b) {
    const place *p = a, *q = b;
    return (p->x > q->x) - (p->x < q->x);
}

/* Sums of doubled midranks by level, of t^3 - t over ties, and how many patients are tied. */
typedef struct ranks {
    uint64_t sum[RAD_FACTOR_LEVELS], ties, tied;
} ranks;

static rad_status rank(const ranked *r, ranks *out, rad_error *error) {
    place *list = rad_new(r->count, sizeof *list, error);
    *out = (ranks){.ties = 0};
    if (!list) return RAD_NO_MEMORY;
    for (size_t i = 0; i < r->count; i++) list[i] = (place){r->x[i], r->level[i]};
    if (r->count) qsort(list, r->count, sizeof *list, by_value);
    for (size_t i = 0, end; i < r->count; i = end) {
        for (end = i + 1; end < r->count && list[end].x == list[i].x;) end++;
        const uint64_t t = end - i;
        for (size_t k = i; k < end; k++) out->sum[list[k].level] += i + end + 1;
        out->ties += t * t * t - t;
        out->tied += t > 1 ? t : 0;
    }
    rad_free(list);
    return RAD_OK;
}

/* Against all others no level may be so much apart that the order of values tells who has it. */
static rad_status look_at_order(ranked *r, size_t level, bool *fits, rad_error *error) {
    rad_concordance c;
    for (size_t i = 0; i < r->count; i++) r->is[i] = r->level[i] == (int8_t)level;
    rad_status status = rad_concordance_of_two(r->x, r->is, r->count, &c, error);
    *fits = status == RAD_OK && c.doubled >= 2 * c.most && 2 * c.pairs - c.doubled >= 2 * c.most;
    return status;
}

/* Every level that has patients leaves with its sums, and two do; a few who are tied would be counted. */
static rad_status judge(const rad_permitting *m, size_t variable, size_t factor, ranked *r, bool *fits,
                        rad_error *error) {
    const rad_class *k = &m->permit->classes[m->permit->of[variable]];
    size_t with = 0;
    ranks sums;
    rad_status status = rank(r, &sums, error);
    *fits = r->count <= RAD_CONCORDANCE_MAX &&
            m->permit->powers[(1 + factor) * m->cohort->count + variable] &&
            !(sums.tied && sums.tied < m->permit->cell);
    for (size_t l = 0; l < m->study->factors[factor].levels && *fits && status == RAD_OK; l++) {
        if (!r->patients[l]) continue;
        with++;
        *fits = k->shown[factor][l];
        if (*fits) status = look_at_order(r, l, fits, error);
    }
    *fits = *fits && with > 1;
    return status;
}

static rad_status look_at(size_t variable, void *context, rad_error *error) {
    const rad_permitting *m = context;
    rad_status status = RAD_OK;
    if (!m->permit->powers[variable]) return RAD_OK;
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++) {
        ranked r = {0};
        bool fits = false;
        if (!m->study->factors[f].group) continue;
        status = gather(m->cohort, variable, f, &r, error);
        if (status == RAD_OK) status = judge(m, variable, f, &r, &fits, error);
        m->permit->ranked[f * m->cohort->count + variable] = fits;
        m->permit->blocks[RAD_RANKS][variable] = m->permit->blocks[RAD_RANKS][variable] || fits;
        release(&r);
    }
    return status;
}

static rad_status allocate(rad_permitting *m) {
    m->permit->ranked =
        rad_new(m->study->factor_count * m->cohort->count, sizeof *m->permit->ranked, m->error);
    return m->permit->ranked ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status permit(rad_permitting *m) {
    const size_t count = m->cohort->count;
    rad_status status = allocate(m);
    if (status == RAD_OK) status = rad_parallel_try(count, m->threads, look_at, m, m->error);
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++)
        for (size_t v = 0; v < count && m->study->factors[f].group; v++)
            m->permit->withheld += m->permit->powers[v] && !m->permit->ranked[f * count + v];
    return status;
}

static rad_status allow_all(rad_permitting *m) {
    rad_status status = allocate(m);
    if (status != RAD_OK) return status;
    memset(m->permit->ranked, true, m->study->factor_count * m->cohort->count);
    memset(m->permit->blocks[RAD_RANKS], true, m->cohort->count);
    return RAD_OK;
}

static rad_status sum_group(const rad_summing *m, size_t variable, size_t factor, rad_exact *out,
                            rad_error *error) {
    const size_t levels = m->study->factors[factor].levels;
    ranked r = {0};
    ranks sums;
    rad_status status = gather(m->cohort, variable, factor, &r, error);
    if (status == RAD_OK) status = rank(&r, &sums, error);
    for (size_t l = 0; l < levels && status == RAD_OK; l++) {
        out[2 * l] = rad_exact_whole((int64_t)r.patients[l]);
        out[2 * l + 1] = rad_exact_whole((int64_t)sums.sum[l]);
    }
    if (status == RAD_OK) out[2 * levels] = rad_exact_whole((int64_t)sums.ties);
    release(&r);
    return status;
}

static rad_status sum_variable(size_t v, void *context, rad_error *error) {
    const rad_summing *m = context;
    rad_blocks *b = &m->summary->blocks[RAD_RANKS];
    rad_exact *out = b->sums + v * b->cells;
    rad_status status = RAD_OK;
    if (!m->permit->blocks[RAD_RANKS][v]) return RAD_OK;
    const rad_class *k = &m->permit->classes[m->permit->of[v]];
    out[0] = rad_exact_whole((int64_t)rad_bitset_count(k->present, m->cohort->words));
    for (size_t f = 0; f < m->study->factor_count && status == RAD_OK; f++)
        if (m->study->factors[f].group && m->permit->ranked[f * m->cohort->count + v])
            status = sum_group(m, v, f, out + rad_ranked_group(m->study, f), error);
    b->shown[v] = status == RAD_OK;
    return status;
}

static rad_status sum(const rad_summing *m) {
    rad_status status = rad_analyses_blocks(m->study, RAD_RANKS, m->summary, m->error);
    return status == RAD_OK ? rad_summarise_each(m, sum_variable) : status;
}

/* Their patients are those of groups, whose sets the audit has. */
const rad_site_analysis rad_site_ranks = {.permit = permit, .allow_all = allow_all, .sum = sum};
