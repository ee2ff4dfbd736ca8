#include "pool_ranks.h"

#include "../../core/memory.h"
#include "../ranked.h"
#include "inference.h"
#include "pool_analyses.h"
#include "results.h"
#include "score_test.h"

#include <math.h>

enum { LEVELS = RAD_FACTOR_LEVELS };

/* Sums over sites, each divided by its patients and one: rank sums less what they are without a difference,
 * and their variance. */
typedef struct scores {
    size_t levels;
    double score[LEVELS], variance[LEVELS][LEVELS], patients[LEVELS];
    double pairs, first; /* of two levels: pairs, and those in which the first has the larger value */
} scores;

static void add_site(scores *s, const double *n, const double *ranks, double ties) {
    double all = 0;
    for (size_t l = 0; l < s->levels; l++) all += n[l];
    const double spread = ((all * all - 1) / 12 - ties / (12 * all)) * all / (all - 1),
                 weight = 1 / (all + 1);
    for (size_t l = 0; l < s->levels; l++) {
        s->patients[l] += n[l];
        s->score[l] += weight * (ranks[l] / 2 - n[l] * (all + 1) / 2);
        for (size_t m = 0; m < s->levels; m++)
            s->variance[l][m] += weight * weight * spread * ((l == m ? n[l] : 0) - n[l] * n[m] / all);
    }
    s->pairs += n[0] * n[1];
    s->first += ranks[0] / 2 - n[0] * (n[0] + 1) / 2;
}

static void finish(const scores *s, rad_rank_test *out) {
    bool has[LEVELS];
    for (size_t l = 0; l < s->levels; l++) has[l] = s->patients[l] > 0;
    const rad_score_test test = {s->levels, LEVELS, s->score, *s->variance, has};
    if (rad_score_test_run(&test, &out->statistic, &out->df, &out->p) && s->levels == 2)
        out->superiority = s->first / s->pairs;
}

/* The group of one site; false: it has fewer than two levels with patients, or is withheld. */
static bool read_site(const rad_pool *p, size_t site, size_t factor, size_t variable, scores *s,
                      uint64_t *n) {
    const rad_blocks *b = &p->sites[site].blocks[RAD_RANKS];
    const size_t at = rad_ranked_group(p->study, factor), levels = p->study->factors[factor].levels;
    double patients[LEVELS] = {0}, ranks[LEVELS] = {0}, all = 0;
    size_t with = 0;
    if (!b->cells || !b->shown[variable]) return false;
    const rad_exact *cell = b->sums + variable * b->cells;
    for (size_t l = 0; l < levels; l++) {
        patients[l] = rad_exact_double(&cell[at + 2 * l]);
        ranks[l] = rad_exact_double(&cell[at + 2 * l + 1]);
        with += patients[l] > 0;
        all += patients[l];
    }
    if (with < 2) return false;
    add_site(s, patients, ranks, rad_exact_double(&cell[rad_ranked_ties(p->study, factor)]));
    *n += (uint64_t)all;
    return true;
}

static rad_rank_test test(const rad_pool *p, size_t factor, size_t variable) {
    rad_rank_test out = {.statistic = NAN, .df = NAN, .p = NAN, .superiority = NAN};
    scores s = {.levels = p->study->factors[factor].levels};
    size_t sites = 0;
    for (size_t i = 0; i < p->count; i++) sites += read_site(p, i, factor, variable, &s, &out.n);
    out.basis = rad_basis_make(&p->rules, sites, out.n);
    if (out.basis.shown) finish(&s, &out);
    return out;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const size_t count = p->total.count, factors = p->study->factor_count;
    double *own = NULL;
    rad_status status = RAD_OK;
    if (!rad_study_asks(p->study, RAD_RANKS)) return RAD_OK;
    r->ranks.test = rad_new(factors * count, sizeof *r->ranks.test, error);
    r->ranks.adjusted = rad_new(factors * count, sizeof *r->ranks.adjusted, error);
    own = rad_new(count, sizeof *own, error);
    if (!r->ranks.test || !r->ranks.adjusted || !own) status = RAD_NO_MEMORY;
    for (size_t f = 0; f < factors && status == RAD_OK; f++) {
        if (!p->study->factors[f].group) continue;
        for (size_t v = 0; v < count; v++) {
            r->ranks.test[f * count + v] = test(p, f, v);
            own[v] = r->ranks.test[f * count + v].p;
        }
        status = rad_inference_adjust(own, count, r->ranks.adjusted + f * count, error);
    }
    rad_free(own);
    return status;
}

static void clear(rad_results *r) {
    rad_free(r->ranks.test);
    rad_free(r->ranks.adjusted);
}

static void see(const rad_summary *s, const rad_study *study, rad_fewest *fewest) {
    const rad_blocks *b = &s->blocks[RAD_RANKS];
    for (size_t v = 0; v < s->count && b->cells; v++)
        for (size_t f = 0; f < study->factor_count && b->shown[v]; f++)
            for (size_t l = 0; l < study->factors[f].levels && study->factors[f].group; l++)
                rad_fewest_see(
                    fewest,
                    (uint64_t)rad_exact_double(&b->sums[v * b->cells + rad_ranked_group(study, f) + 2 * l]),
                    s->variables[v].name, "ranks of a level");
}

const rad_pool_analysis rad_pool_ranks = {.compute = compute, .clear = clear, .see = see};
