#include "lifetable.h"

#include "../core/memory.h"

#include <math.h>
#include <string.h>

size_t rad_lifetable_cells(size_t edges) {
    return edges ? 2 * (edges - 1) + 1 : 0;
}

size_t rad_lifetable_strata(const rad_study *s, size_t outcome) {
    size_t strata = 1;
    for (size_t f = 0; f < s->factor_count; f++)
        strata += s->survivals[outcome].by[f] ? s->factors[f].levels : 0;
    return strata;
}

size_t rad_lifetable_stratum(const rad_study *s, size_t outcome, size_t factor, size_t level) {
    size_t stratum = 1;
    if (!s->survivals[outcome].by[factor]) return 0;
    for (size_t f = 0; f < factor; f++) stratum += s->survivals[outcome].by[f] ? s->factors[f].levels : 0;
    return stratum + level;
}

rad_status rad_lifetable_room(rad_lifetable *t, size_t strata, size_t edges, rad_error *error) {
    size_t cells;
    if (!rad_multiply(strata, rad_lifetable_cells(edges), &cells))
        return rad_fail(error, RAD_NO_MEMORY, "a life table of too many cells");
    t->strata = strata;
    t->edges = edges;
    t->edge = rad_new(edges, sizeof *t->edge, error);
    t->shown = rad_new(strata, sizeof *t->shown, error);
    t->counts = rad_new(cells, sizeof *t->counts, error);
    return t->edge && t->shown && t->counts ? RAD_OK : RAD_NO_MEMORY;
}

void rad_lifetable_free(rad_lifetable *t) {
    rad_free(t->edge);
    rad_free(t->shown);
    rad_free(t->counts);
    *t = (rad_lifetable){.edges = 0};
}

/* A site's patients on the whole grid. left[stratum][event or censored][k]: who left by grid time k; times +
 * 1 of them, the last one also counts who left beyond the grid. Behind the strata comes the rest of each
 * factor: patients of none of the levels that are shown. */
typedef struct counter {
    const rad_cohort *c;
    const rad_study *s;
    size_t outcome, cell, strata, times;
    uint64_t *left;
    bool *shown; /* [stratum] */
} counter;

static uint64_t *series(const counter *k, size_t stratum, bool censored) {
    return k->left + (2 * stratum + censored) * (k->times + 1);
}

/* The first time of the grid, from 1, that is not before t; the number of times when t is beyond all. */
static size_t place_of(const rad_survival *v, double t) {
    size_t at = 1;
    while (at < v->times && t > v->grid[at]) at++;
    return at;
}

static bool has_time(const counter *k, size_t row) {
    const size_t at = k->outcome * k->c->rows + row;
    return !isnan(k->c->times[at]) && k->c->events[at] >= 0;
}

static void count_stratum(const counter *k, size_t stratum, const int8_t *levels, int level) {
    const rad_survival *v = &k->s->survivals[k->outcome];
    const size_t rows = k->c->rows;
    for (size_t r = 0; r < rows; r++) {
        if (!has_time(k, r) || (levels && levels[r] != level)) continue;
        const bool censored = !k->c->events[k->outcome * rows + r];
        series(k, stratum, censored)[place_of(v, k->c->times[k->outcome * rows + r])]++;
    }
    for (int censored = 0; censored < 2; censored++)
        for (size_t i = 1; i <= k->times; i++)
            series(k, stratum, censored)[i] += series(k, stratum, censored)[i - 1];
}

static uint64_t between(const counter *k, size_t stratum, bool censored, size_t a, size_t b) {
    return series(k, stratum, censored)[b] - series(k, stratum, censored)[a];
}

static uint64_t beyond(const counter *k, size_t stratum, size_t a) {
    return between(k, stratum, false, a, k->times) + between(k, stratum, true, a, k->times);
}

static bool enough(const counter *k, uint64_t count) {
    return !count || count >= k->cell;
}

/* Who left in an interval, by an event or without. */
static bool interval_fits(const counter *k, size_t stratum, size_t a, size_t b) {
    return enough(k, between(k, stratum, false, a, b) + between(k, stratum, true, a, b));
}

/* With all intervals up to that time as one. Levels by event or none are a table of pairs, where 0 is hidden
 * too. */
static bool fits(const counter *k, size_t stratum, size_t last) {
    const uint64_t events = between(k, stratum, false, 0, last), n = beyond(k, stratum, 0);
    const bool both =
        stratum ? events >= k->cell && n - events >= k->cell : enough(k, events) && enough(k, n - events);
    return !n || (both && interval_fits(k, stratum, 0, last) && enough(k, beyond(k, stratum, last)));
}

static void set_rest(const counter *k, size_t factor, size_t rest) {
    const size_t length = 2 * (k->times + 1), first = rad_lifetable_stratum(k->s, k->outcome, factor, 0);
    uint64_t *to = series(k, rest, false);
    memcpy(to, series(k, 0, false), length * sizeof *to);
    for (size_t l = 0; l < k->s->factors[factor].levels; l++)
        for (size_t i = 0; i < length && k->shown[first + l]; i++) to[i] -= series(k, first + l, false)[i];
}

/* Hides levels until those that are shown, and the rest, fit on the grid up to `last`. Returns how many
 * levels with patients are shown. */
static size_t hide_levels(const counter *k, size_t factor, size_t rest, size_t last) {
    const size_t first = rad_lifetable_stratum(k->s, k->outcome, factor, 0),
                 levels = k->s->factors[factor].levels;
    size_t count = 0;
    for (size_t l = 0; l < levels; l++) k->shown[first + l] = fits(k, first + l, last);
    for (;;) {
        size_t least = levels;
        set_rest(k, factor, rest);
        count = 0;
        for (size_t l = 0; l < levels; l++) {
            if (!k->shown[first + l] || !beyond(k, first + l, 0)) continue;
            count++;
            if (least == levels || beyond(k, first + l, 0) < beyond(k, first + least, 0)) least = l;
        }
        if (fits(k, rest, last) || least == levels) break;
        k->shown[first + least] = false;
    }
    for (size_t l = 0; l < levels && !count; l++) k->shown[first + l] = false; /* none with patients */
    return count;
}

static size_t hide_all(const counter *k, size_t last) {
    size_t count = 0, rest = k->strata;
    for (size_t f = 0; f < k->s->factor_count; f++)
        if (k->s->survivals[k->outcome].by[f]) count += hide_levels(k, f, rest++, last);
    return count;
}

/* The last edge: where most levels can be shown, and of several the latest. 0: none. */
static size_t choose_last(const counter *k) {
    size_t best = 0, most = 0;
    for (size_t last = k->times - 1; last > 0; last--) {
        if (!fits(k, 0, last)) continue;
        const size_t count = hide_all(k, last);
        if (best && count <= most) continue;
        best = last;
        most = count;
    }
    if (best) hide_all(k, best);
    return best;
}

/* May the interval that holds `at` be cut there, in every stratum and every rest? */
static bool may_cut(const counter *k, const bool *edge, size_t at, size_t rests) {
    size_t a = at - 1, b = at + 1;
    while (!edge[a]) a--;
    while (!edge[b]) b++;
    for (size_t i = 0; i < k->strata + rests; i++)
        if ((i >= k->strata || k->shown[i]) && (!interval_fits(k, i, a, at) || !interval_fits(k, i, at, b)))
            return false;
    return true;
}

/* Cuts in the order of a binary tree of the grid, again until no more will do. */
static size_t cut(const counter *k, bool *edge, size_t last, size_t rests) {
    size_t edges = 2;
    edge[0] = edge[last] = true;
    for (bool again = true; again;) {
        again = false;
        for (size_t step = RAD_TIMES_MAX; step; step /= 2)
            for (size_t at = step; at < last; at += 2 * step) {
                if (edge[at] || !may_cut(k, edge, at, rests)) continue;
                edge[at] = again = true;
                edges++;
            }
    }
    return edges;
}

static rad_status fill(const counter *k, const bool *edge, size_t edges, rad_lifetable *out,
                       rad_error *error) {
    rad_status status = rad_lifetable_room(out, k->strata, edges, error);
    if (status != RAD_OK) return status;
    for (size_t i = 0, n = 0; i < k->times; i++)
        if (edge[i]) out->edge[n++] = (uint16_t)i;
    for (size_t s = 0; s < k->strata; s++) {
        uint64_t *to = out->counts + s * rad_lifetable_cells(edges);
        out->shown[s] = k->shown[s];
        if (!k->shown[s]) continue;
        for (size_t i = 0; i + 1 < edges; i++)
            for (int censored = 0; censored < 2; censored++)
                *to++ = between(k, s, censored, out->edge[i], out->edge[i + 1]);
        *to = beyond(k, s, out->edge[edges - 1]);
    }
    return RAD_OK;
}

static void count_all(const counter *k) {
    const rad_survival *v = &k->s->survivals[k->outcome];
    size_t stratum = 0;
    count_stratum(k, stratum++, NULL, 0);
    for (size_t f = 0; f < k->s->factor_count; f++)
        for (size_t l = 0; l < k->s->factors[f].levels && v->by[f]; l++)
            count_stratum(k, stratum++, k->c->levels + f * k->c->rows, (int)l);
}

rad_status rad_lifetable_make(const rad_cohort *cohort, const rad_study *study, size_t outcome, size_t cell,
                              rad_lifetable *out, size_t *withheld, rad_error *error) {
    const rad_survival *v = &study->survivals[outcome];
    counter k = {.c = cohort, .s = study, .outcome = outcome, .cell = cell, .times = v->times};
    size_t rests = 0, last = 0, edges = 0;
    bool edge[RAD_TIMES_MAX] = {false};
    *out = (rad_lifetable){.edges = 0};
    k.strata = rad_lifetable_strata(study, outcome);
    for (size_t f = 0; f < study->factor_count; f++) rests += v->by[f];
    k.left = rad_new((k.strata + rests) * 2, (v->times + 1) * sizeof *k.left, error);
    k.shown = rad_new(k.strata, sizeof *k.shown, error);
    rad_status status = k.left && k.shown ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        k.shown[0] = true;
        count_all(&k);
        last = choose_last(&k);
    }
    if (last) {
        edges = cut(&k, edge, last, rests);
        status = fill(&k, edge, edges, out, error);
        *withheld += v->times - edges;
        for (size_t i = 0; i < k.strata; i++) *withheld += !k.shown[i];
    }
    rad_free(k.left);
    rad_free(k.shown);
    if (status != RAD_OK) rad_lifetable_free(out);
    return status;
}

/* Factor and level of a stratum. */
static void find_level(const rad_study *s, size_t outcome, size_t stratum, size_t *factor, size_t *level) {
    for (*factor = 0; *factor < s->factor_count; ++*factor) {
        const size_t first = rad_lifetable_stratum(s, outcome, *factor, 0);
        *level = stratum - first;
        if (first && stratum >= first && *level < s->factors[*factor].levels) return;
    }
}

rad_status rad_lifetable_sets(const rad_cohort *c, const rad_study *study, size_t outcome,
                              const rad_lifetable *t, size_t stratum, rad_sets *sets, rad_error *error) {
    const counter k = {.c = c, .s = study, .outcome = outcome};
    size_t factor = 0, level = 0;
    if (!t->edges || !t->shown[stratum]) return RAD_OK;
    if (stratum) find_level(study, outcome, stratum, &factor, &level);
    uint64_t *bits = rad_new(t->edges + 2, c->words * sizeof *bits, error);
    if (!bits) return RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows; r++) {
        if (!has_time(&k, r) || (stratum && c->levels[factor * c->rows + r] != (int)level)) continue;
        const size_t place = place_of(&study->survivals[outcome], c->times[outcome * c->rows + r]);
        size_t i = 0;
        while (i + 1 < t->edges && place > t->edge[i + 1]) i++;
        const bool event = c->events[outcome * c->rows + r] && i + 1 < t->edges;
        const size_t at[] = {i, event ? t->edges : t->edges + 1};
        for (size_t j = 0; j < 2; j++) bits[at[j] * c->words + r / 64] |= (uint64_t)1 << (r % 64);
    }
    rad_status status = RAD_OK;
    for (size_t i = 0; i < t->edges + 2 && status == RAD_OK; i++)
        if (!rad_is_zero(bits + i * c->words, c->words * sizeof *bits))
            status = rad_sets_add(sets, bits + i * c->words, error);
    rad_free(bits);
    return status;
}

static bool shows_all(const rad_lifetable *t, const size_t *strata, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!t->edges || !t->shown[strata[i]]) return false;
    return true;
}

static uint64_t patients_of(const rad_lifetable *t, const size_t *strata, size_t count) {
    const size_t cells = rad_lifetable_cells(t->edges);
    uint64_t n = 0;
    for (size_t i = 0; i < count * cells; i++) n += t->counts[strata[i / cells] * cells + i % cells];
    return n;
}

/* What of the sites takes part in a sum. */
typedef struct joining {
    size_t count;
    bool *used;
    uint64_t *patients;
    bool *has; /* [site][RAD_TIMES_MAX]: edges */
} joining;

static rad_status begin_joining(const rad_lifetable *const *tables, size_t count, const size_t *strata,
                                size_t strata_count, joining *j, rad_error *error) {
    *j = (joining){count, rad_new(count, sizeof *j->used, error), rad_new(count, sizeof *j->patients, error),
                   rad_new(count, RAD_TIMES_MAX * sizeof *j->has, error)};
    if (!j->used || !j->patients || !j->has) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) {
        j->used[i] = shows_all(tables[i], strata, strata_count);
        if (!j->used[i]) continue;
        j->patients[i] = patients_of(tables[i], strata, strata_count);
        for (size_t e = 0; e < tables[i]->edges; e++) j->has[i * RAD_TIMES_MAX + tables[i]->edge[e]] = true;
    }
    return RAD_OK;
}

static void end_joining(joining *j) {
    rad_free(j->used);
    rad_free(j->patients);
    rad_free(j->has);
}

/* Patients of the sites that have part and the edge. */
static uint64_t patients_with(const joining *j, size_t edge) {
    uint64_t n = 0;
    for (size_t i = 0; i < j->count; i++)
        n += j->used[i] && j->has[i * RAD_TIMES_MAX + edge] ? j->patients[i] : 0;
    return n;
}

/* Takes edges in turn, that of most patients first, while the sites that have them all are those of more than
 * half of the patients; sites without them have no part any more. */
static size_t common_edges(joining *j, bool *common) {
    const uint64_t all = patients_with(j, 0);
    size_t kept = 1;
    memset(common, 0, RAD_TIMES_MAX * sizeof *common);
    for (common[0] = true;; kept++) {
        uint64_t most = all / 2;
        size_t best = 0;
        for (size_t e = 1; e < RAD_TIMES_MAX; e++) {
            const uint64_t n = common[e] ? 0 : patients_with(j, e);
            if (n > most) {
                most = n;
                best = e;
            }
        }
        if (!best) return kept;
        common[best] = true;
        for (size_t i = 0; i < j->count; i++) j->used[i] = j->used[i] && j->has[i * RAD_TIMES_MAX + best];
    }
}

/* Adds a stratum to one of coarser edges. */
static void add_stratum(const rad_lifetable *from, size_t stratum, const rad_lifetable *to, size_t at) {
    const size_t cells = rad_lifetable_cells(to->edges);
    const uint64_t *x = from->counts + stratum * rad_lifetable_cells(from->edges);
    uint64_t *sum = to->counts + at * cells;
    size_t interval = 0;
    for (size_t i = 0; i + 1 < from->edges; i++, x += 2) {
        while (interval + 1 < to->edges && from->edge[i + 1] > to->edge[interval + 1]) interval++;
        const bool inside = interval + 1 < to->edges;
        sum[inside ? 2 * interval : cells - 1] += x[0];
        sum[inside ? 2 * interval + 1 : cells - 1] += x[1];
    }
    sum[cells - 1] += *x;
}

rad_status rad_lifetable_join(const rad_lifetable *const *tables, size_t count, const size_t *strata,
                              size_t strata_count, rad_lifetable *out, size_t *sites, rad_error *error) {
    bool common[RAD_TIMES_MAX];
    joining j;
    *out = (rad_lifetable){.edges = 0};
    *sites = 0;
    rad_status status = begin_joining(tables, count, strata, strata_count, &j, error);
    if (status == RAD_OK) status = rad_lifetable_room(out, strata_count, common_edges(&j, common), error);
    for (size_t e = 0, at = 0; e < RAD_TIMES_MAX && status == RAD_OK; e++)
        if (common[e]) out->edge[at++] = (uint16_t)e;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        if (!j.used[i]) continue;
        for (size_t s = 0; s < strata_count; s++) {
            out->shown[s] = true;
            add_stratum(tables[i], strata[s], out, s);
        }
        ++*sites;
    }
    end_joining(&j);
    return status;
}
