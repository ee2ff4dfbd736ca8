#include "lifetables.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"

#include <math.h>
#include <string.h>

/* A site's patients on the whole grid. left[stratum][kind][k]: who left by grid time k, by the event,
 * censored, or by each cause of it; times + 1 of them, the last one also counts who left beyond the grid.
 * Behind the strata comes the rest of a factor: patients of none of its levels that are shown. */
typedef struct counter {
    const rad_cohort *c;
    const rad_study *s;
    size_t outcome, strata, times, causes;
    rad_lifetable_limits limits;
    uint64_t *left, *without;  /* [stratum]: patients without time or event */
    bool *shown;               /* [stratum] */
    bool counted;              /* the study counts the event as a factor, too */
    bool few_beyond;           /* the few who stayed beyond the grid are counted as last seen at its end */
    bool whole[RAD_TIMES_MAX]; /* edges of all patients */
    bool edge[RAD_TIMES_MAX];  /* those that are being chosen */
} counter;

enum { EVENT, CENSORED, CAUSES }; /* kinds of leaving; the first cause and those behind it */

static size_t kinds(const counter *k) {
    return CAUSES + k->causes;
}

static uint64_t *series(const counter *k, size_t stratum, size_t kind) {
    return k->left + (kinds(k) * stratum + kind) * (k->times + 1);
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

/* By which time of the grid a patient left; *event: by which cause, 1 where there are none; 0: without. */
static size_t leaves(const counter *k, size_t row, size_t *event) {
    const rad_survival *v = &k->s->survivals[k->outcome];
    const size_t at = k->outcome * k->c->rows + row, place = place_of(v, k->c->times[at]);
    const bool moved = place == v->times && k->few_beyond;
    *event = moved ? 0 : (size_t)k->c->events[at];
    return place - moved;
}

static void count_stratum(const counter *k, size_t stratum, const int8_t *levels, int level) {
    for (size_t r = 0; r < k->c->rows; r++) {
        size_t event;
        if (levels && levels[r] != level) continue;
        if (!has_time(k, r)) {
            k->without[stratum]++;
            continue;
        }
        const size_t place = leaves(k, r, &event);
        series(k, stratum, event ? EVENT : CENSORED)[place]++;
        if (event && k->causes) series(k, stratum, CAUSES + event - 1)[place]++;
    }
    for (size_t kind = 0; kind < kinds(k); kind++)
        for (size_t i = 1; i <= k->times; i++) series(k, stratum, kind)[i] += series(k, stratum, kind)[i - 1];
}

/* Then those who had the event, less those in the intervals, had it beyond. */
static bool is_counted(const rad_study *s, size_t outcome) {
    bool counted = false;
    for (size_t f = 0; f < s->factor_count; f++)
        counted = counted || !strcmp(s->factors[f].name, s->survivals[outcome].event);
    return counted;
}

static void count_all(counter *k) {
    const rad_survival *v = &k->s->survivals[k->outcome];
    size_t stratum = 0, beyond = 0, events = 0;
    for (size_t r = 0; r < k->c->rows; r++) {
        const size_t at = k->outcome * k->c->rows + r;
        if (!has_time(k, r) || place_of(v, k->c->times[at]) < v->times) continue;
        beyond++;
        events += k->c->events[at] > 0;
    }
    k->few_beyond = beyond < k->limits.cell && !(k->counted && events);
    count_stratum(k, stratum++, NULL, 0);
    for (size_t f = 0; f < k->s->factor_count; f++)
        for (size_t l = 0; l < k->s->factors[f].levels && v->by[f]; l++)
            count_stratum(k, stratum++, k->c->levels + f * k->c->rows, (int)l);
}

static uint64_t between(const counter *k, size_t stratum, size_t kind, size_t a, size_t b) {
    return series(k, stratum, kind)[b] - series(k, stratum, kind)[a];
}

static uint64_t beyond(const counter *k, size_t stratum, size_t a) {
    return between(k, stratum, EVENT, a, k->times) + between(k, stratum, CENSORED, a, k->times);
}

static bool enough(const counter *k, uint64_t count) {
    return !count || count >= k->limits.cell;
}

/* By each cause in an interval nobody or enough; `some`: never nobody. */
static bool causes_fit(const counter *k, size_t stratum, size_t a, size_t b, bool some) {
    for (size_t c = 0; c < k->causes; c++) {
        const uint64_t events = between(k, stratum, CAUSES + c, a, b);
        if (some ? events < k->limits.cell : !enough(k, events)) return false;
    }
    return true;
}

/* Who left in an interval, by an event or without: never nobody, since an interval that could be cut wherever
 * nobody left would say where the next one did; and neither a few by one of the two, or by one of the causes.
 */
static bool interval_fits(const counter *k, size_t stratum, size_t a, size_t b) {
    const uint64_t all = beyond(k, stratum, 0), events = between(k, stratum, EVENT, a, b),
                   censored = between(k, stratum, CENSORED, a, b);
    return !all || (events + censored >= k->limits.cell && enough(k, events) && enough(k, censored) &&
                    causes_fit(k, stratum, a, b, false));
}

/* With all intervals up to that time as one. Levels by event or none are a table of pairs, where 0 is hidden
 * too. Where the event is counted by itself, those who had it later follow. That nobody stayed is said of the
 * end of the grid only, which is public. */
static bool fits(const counter *k, size_t stratum, size_t last) {
    const uint64_t events = between(k, stratum, EVENT, 0, last), n = beyond(k, stratum, 0),
                   stay = beyond(k, stratum, last);
    const bool both = stratum ? events >= k->limits.cell && n - events >= k->limits.cell
                              : enough(k, events) && enough(k, n - events),
               apart = !k->counted || (enough(k, between(k, stratum, EVENT, last, k->times)) &&
                                       enough(k, between(k, stratum, CENSORED, last, k->times)) &&
                                       causes_fit(k, stratum, last, k->times, false));
    return enough(k, k->without[stratum]) &&
           (!n || (both && causes_fit(k, stratum, 0, last, stratum > 0) && apart &&
                   interval_fits(k, stratum, 0, last) &&
                   (stay >= k->limits.cell || (!stay && last == k->times - 1))));
}

/* May the interval that holds `at` be cut there, in the shown ones of these strata, and the rest? */
static bool may_cut(const counter *k, size_t first, size_t count, size_t at) {
    size_t a = at - 1, b = at + 1;
    while (!k->edge[a]) a--;
    while (!k->edge[b]) b++;
    for (size_t i = first; i < first + count; i++)
        if (k->shown[i] && !(interval_fits(k, i, a, at) && interval_fits(k, i, at, b))) return false;
    return !first || (interval_fits(k, k->strata, a, at) && interval_fits(k, k->strata, at, b));
}

/* Chooses edges in the order of a binary tree of the grid. An edge that does not fit into an interval may fit
 * into a part of it, where nobody is left of the few who had the event, or who had not: again, until none
 * does. */
static void cut(counter *k, size_t first, size_t count, size_t last) {
    memset(k->edge, 0, sizeof k->edge);
    k->edge[0] = k->edge[last] = true;
    for (bool again = true; again;) {
        again = false;
        for (size_t step = RAD_TIMES_MAX; step; step /= 2)
            for (size_t at = step; at < last; at += 2 * step)
                if (k->whole[at] && !k->edge[at] && may_cut(k, first, count, at)) k->edge[at] = again = true;
    }
}

/* The last edge of all patients, in the same order: the end of the grid, else the coarsest time that will do,
 * and from there on later ones, each with enough who left since. 0: none. */
static size_t last_edge(const counter *k) {
    size_t last = fits(k, 0, k->times - 1) ? k->times - 1 : 0;
    for (bool again = last < k->times - 1; again;) {
        again = false;
        for (size_t step = RAD_TIMES_MAX; step; step /= 2)
            for (size_t at = step; at < k->times - 1; at += 2 * step)
                if (at > last && fits(k, 0, at) && interval_fits(k, 0, last, at)) {
                    last = at;
                    again = true;
                }
    }
    return last;
}

static rad_status fill(const counter *k, size_t stratum, rad_lifetable *out, rad_error *error) {
    size_t edges = 0;
    for (size_t i = 0; i < k->times; i++) edges += k->edge[i];
    rad_status status = rad_lifetable_allocate(out, edges, error);
    if (status != RAD_OK) return status;
    for (size_t i = 0, n = 0; i < k->times; i++)
        if (k->edge[i]) out->edge[n++] = (uint16_t)i;
    uint64_t *to = out->counts;
    for (size_t i = 0; i + 1 < edges; i++)
        for (size_t kind = EVENT; kind <= CENSORED; kind++)
            *to++ = between(k, stratum, kind, out->edge[i], out->edge[i + 1]);
    *to = beyond(k, stratum, out->edge[edges - 1]);
    status = rad_lifetable_allocate_causes(out, k->causes, error);
    for (size_t i = 0; i + 1 < edges && status == RAD_OK; i++)
        for (size_t c = 0; c < k->causes; c++)
            out->cause[i * k->causes + c] = between(k, stratum, CAUSES + c, out->edge[i], out->edge[i + 1]);
    return status;
}

static void set_rest(const counter *k, size_t first, size_t levels) {
    const size_t length = kinds(k) * (k->times + 1);
    uint64_t *to = series(k, k->strata, EVENT);
    memcpy(to, series(k, 0, EVENT), length * sizeof *to);
    k->without[k->strata] = k->without[0];
    for (size_t l = first; l < first + levels; l++) {
        k->without[k->strata] -= k->shown[l] ? k->without[l] : 0;
        for (size_t i = 0; i < length && k->shown[l]; i++) to[i] -= series(k, l, EVENT)[i];
    }
}

/* Hides levels until those that are shown, and the rest, fit on the grid up to `last`. Returns how many
 * levels with patients are shown. */
static size_t hide_levels(const counter *k, size_t first, const bool *hidden, size_t levels, size_t last) {
    size_t count = 0;
    for (size_t l = 0; l < levels; l++)
        k->shown[first + l] = !(hidden && hidden[l]) && fits(k, first + l, last);
    for (;;) {
        size_t least = 0;
        set_rest(k, first, levels);
        count = 0;
        for (size_t l = first; l < first + levels; l++) {
            if (!k->shown[l] || !beyond(k, l, 0)) continue;
            count++;
            if (!least || beyond(k, l, 0) < beyond(k, least, 0)) least = l;
        }
        if (!least || fits(k, k->strata, last)) break;
        k->shown[least] = false;
    }
    for (size_t l = first; l < first + levels && !count; l++) k->shown[l] = false; /* none with patients */
    return count;
}

/* The levels of a factor, up to the edge where most of them can be shown, and of several the latest. */
static rad_status make_factor(counter *k, size_t factor, rad_lifetables *out, rad_error *error) {
    const size_t first = rad_lifetable_stratum(k->s, k->outcome, factor, 0),
                 levels = k->s->factors[factor].levels;
    const bool *hidden = k->limits.hidden ? k->limits.hidden[factor] : NULL;
    size_t best = 0, most = 0;
    rad_status status = RAD_OK;
    for (size_t last = k->times - 1; last > 0; last--) {
        const size_t count = k->whole[last] ? hide_levels(k, first, hidden, levels, last) : 0;
        if (count <= most) continue;
        best = last;
        most = count;
    }
    if (!best) return RAD_OK;
    hide_levels(k, first, hidden, levels, best);
    cut(k, first, levels, best);
    for (size_t l = first; l < first + levels && status == RAD_OK; l++)
        if (k->shown[l]) status = fill(k, l, &out->stratum[l], error);
    return status;
}

static rad_status make_all(counter *k, rad_lifetables *out, rad_error *error) {
    const size_t last = last_edge(k);
    if (!last) return RAD_OK;
    k->shown[0] = true;
    memset(k->whole, true, sizeof k->whole);
    cut(k, 0, 1, last);
    rad_status status = fill(k, 0, &out->stratum[0], error);
    memcpy(k->whole, k->edge, sizeof k->whole);
    for (size_t f = 0; f < k->s->factor_count && status == RAD_OK; f++)
        if (k->s->survivals[k->outcome].by[f]) status = make_factor(k, f, out, error);
    return status;
}

size_t rad_lifetables_without(const rad_cohort *cohort, size_t outcome) {
    const counter k = {.c = cohort, .outcome = outcome};
    size_t count = 0;
    for (size_t r = 0; r < cohort->rows; r++) count += !has_time(&k, r);
    return count;
}

rad_status rad_lifetables_make(const rad_cohort *cohort, const rad_study *study, size_t outcome,
                               rad_lifetable_limits limits, rad_lifetables *out, size_t *withheld,
                               rad_error *error) {
    counter k = {.c = cohort, .s = study, .outcome = outcome, .limits = limits};
    *out = (rad_lifetables){.strata = 0};
    k.times = study->survivals[outcome].times;
    k.counted = is_counted(study, outcome);
    k.strata = rad_lifetable_strata(study, outcome);
    k.causes = study->survivals[outcome].causes;
    k.left = rad_new((k.strata + 1) * kinds(&k), (k.times + 1) * sizeof *k.left, error);
    k.without = rad_new(k.strata + 1, sizeof *k.without, error);
    k.shown = rad_new(k.strata, sizeof *k.shown, error);
    rad_status status =
        k.left && k.without && k.shown ? rad_lifetables_allocate(out, k.strata, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        count_all(&k);
        status = make_all(&k, out, error);
    }
    if (status == RAD_OK && out->stratum[0].edges) *withheld += k.times - out->stratum[0].edges;
    for (size_t i = 1; status == RAD_OK && i < k.strata; i++) *withheld += !out->stratum[i].edges;
    rad_free(k.left);
    rad_free(k.without);
    rad_free(k.shown);
    if (status != RAD_OK) rad_lifetables_free(out);
    return status;
}

/* Sets of all patients, or of a level, at the edges of that table. */
static rad_status add_sets(const counter *k, const rad_lifetable *t, const int8_t *levels, int level,
                           bool events, rad_sets *sets, rad_error *error) {
    const rad_cohort *c = k->c;
    const size_t causes = k->s->survivals[k->outcome].causes, ways = 1 + (causes ? causes : 1),
                 count = events ? ways * t->edges : t->edges;
    uint64_t *bits = rad_new(count, c->words * sizeof *bits, error);
    if (!bits) return RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows; r++) {
        if (!has_time(k, r) || (levels && levels[r] != level)) continue;
        size_t event, i = 0;
        const size_t place = leaves(k, r, &event);
        while (i + 1 < t->edges && place > t->edge[i + 1]) i++;
        if (events) i = ways * i + (i + 1 < t->edges ? event : 0);
        rad_bitset_add(bits + i * c->words, r);
    }
    rad_status status = RAD_OK;
    for (size_t i = 0; i < count && status == RAD_OK; i++)
        if (!rad_is_zero(bits + i * c->words, c->words * sizeof *bits))
            status = rad_sets_add(sets, bits + i * c->words, error);
    rad_free(bits);
    return status;
}

rad_status rad_lifetables_sets(const rad_cohort *c, const rad_study *study, rad_lifetable_part part,
                               const rad_lifetables *tables, rad_sets *sets, rad_error *error) {
    counter k = {.c = c, .s = study, .outcome = part.outcome};
    const size_t outcome = part.outcome, factor = part.factor;
    const rad_lifetable *own = NULL;
    rad_status status = RAD_OK;
    const bool by = factor < study->factor_count;
    if (!tables->strata || (by && !study->survivals[outcome].by[factor])) return RAD_OK;
    const rad_lifetable *all = &tables->stratum[0];
    k.few_beyond = all->edges && all->edge[all->edges - 1] == study->survivals[outcome].times - 1 &&
                   !all->counts[rad_lifetable_cells(all->edges) - 1];
    const rad_lifetable *of = &tables->stratum[by ? rad_lifetable_stratum(study, outcome, factor, 0) : 0];
    for (size_t l = 0; l < (by ? study->factors[factor].levels : 1) && status == RAD_OK; l++) {
        if (!of[l].edges) continue;
        if (by) status = add_sets(&k, &of[l], c->levels + factor * c->rows, (int)l, part.events, sets, error);
        own = &of[l]; /* all levels have the same edges */
    }
    return status == RAD_OK && own ? add_sets(&k, own, NULL, 0, part.events, sets, error) : status;
}
