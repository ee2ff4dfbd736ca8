/* Counts that cannot be: levels, tables of pairs, histograms, life tables. */
#include "plausible.h"

#include <string.h>

/* Counts of some list, some of them withheld. */
typedef struct tally {
    uint64_t sum, counts;
    bool whole; /* none is withheld */
} tally;

static void count(tally *t, int64_t count) {
    t->whole = t->whole && count >= 0;
    t->counts++;
    if (count > 0) t->sum = rad_plausible_add(t->sum, (uint64_t)count);
}

/* Do they add up to that many, or, where some are withheld, not to more? */
static bool adds_up(const rad_judging *j, const tally *t, uint64_t to, bool rounded) {
    const uint64_t slack = rad_plausible_slack(j, t->counts + rounded);
    return t->sum <= rad_plausible_add(to, slack) && (!t->whole || rad_plausible_add(t->sum, slack) >= to);
}

static const int64_t *levels_of(const rad_judging *j, size_t factor) {
    return j->site->levels + factor * (RAD_FACTOR_LEVELS + 1);
}

rad_status rad_plausible_levels(const rad_judging *j) {
    for (size_t f = 0; f < j->study->factor_count; f++) {
        tally t = {.whole = true};
        for (size_t l = 0; l <= j->study->factors[f].levels; l++) count(&t, levels_of(j, f)[l]);
        if (!adds_up(j, &t, j->site->rows, false))
            return rad_plausible_fail(j, j->study->factors[f].name,
                                      "its levels do not add up to the patients of the site");
    }
    return RAD_OK;
}

/* The levels of one factor in a table: each is the sum of its cells. */
static rad_status judge_side(const rad_judging *j, size_t t, size_t side) {
    const size_t of = j->study->tables[t][side], other = j->study->tables[t][1 - side];
    const size_t levels = j->study->factors[of].levels + 1, others = j->study->factors[other].levels + 1;
    const int64_t *cells = j->site->tables[t], *margin = levels_of(j, of);
    for (size_t l = 0; l < levels; l++) {
        tally row = {.whole = true};
        for (size_t k = 0; k < others; k++) count(&row, side ? cells[k * levels + l] : cells[l * others + k]);
        if (margin[l] < 0) row.whole = false;
        if (!adds_up(j, &row, margin[l] < 0 ? j->site->rows : (uint64_t)margin[l], true))
            return rad_plausible_fail(j, j->study->factors[of].name,
                                      "its table with %.60s does not add up to its levels",
                                      j->study->factors[other].name);
    }
    return RAD_OK;
}

rad_status rad_plausible_tables(const rad_judging *j) {
    rad_status status = RAD_OK;
    if (!rad_study_asks(j->study, RAD_TABLES)) return RAD_OK;
    for (size_t t = 0; t < j->study->table_count && status == RAD_OK; t++) {
        const rad_factor *a = &j->study->factors[j->study->tables[t][0]],
                         *b = &j->study->factors[j->study->tables[t][1]];
        tally all = {.whole = true};
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++) count(&all, j->site->tables[t][i]);
        if (!adds_up(j, &all, j->site->rows, false))
            return rad_plausible_fail(j, a->name, "its table with %.60s does not add up to the patients",
                                      b->name);
        for (size_t side = 0; side < 2 && status == RAD_OK; side++) status = judge_side(j, t, side);
    }
    return status;
}

rad_status rad_plausible_histograms(const rad_judging *j) {
    for (size_t v = 0; v < j->site->count; v++) {
        const rad_summary_variable *x = &j->site->variables[v];
        tally t = {.whole = true};
        if (!x->counted) continue;
        for (size_t i = 0; i < x->count_count; i++) count(&t, (int64_t)x->counts[i].count);
        t.whole = j->site->moments[v].powers > 0;
        if (!adds_up(j, &t, t.whole ? j->site->moments[v].n : j->site->rows, false))
            return rad_plausible_fail(j, x->name, "its histogram does not add up to its values");
    }
    return RAD_OK;
}

/* Who left by each time of the grid, with the event or without, in several strata together; how many of them
 * have that time. */
typedef struct leaving {
    uint64_t left[RAD_TIMES_MAX][2], patients;
    size_t strata[RAD_TIMES_MAX];
    uint64_t counts; /* that were added up */
} leaving;

static void add_stratum(leaving *to, const rad_lifetable *t) {
    uint64_t left[2] = {0, 0};
    for (size_t i = 0; i < t->edges; i++) {
        for (int k = 0; k < 2 && i; k++) {
            left[k] = rad_plausible_add(left[k], t->counts[2 * (i - 1) + (size_t)k]);
            to->left[t->edge[i]][k] = rad_plausible_add(to->left[t->edge[i]][k], left[k]);
        }
        to->strata[t->edge[i]]++;
    }
    const uint64_t both = rad_plausible_add(left[0], left[1]);
    to->patients = rad_plausible_add(to->patients, both);
    if (t->edges) to->patients = rad_plausible_add(to->patients, t->counts[2 * (t->edges - 1)]);
    to->counts += rad_lifetable_cells(t->edges);
}

/* Between times that all strata have, no more left than of all patients, and beyond the last one no more
 * remain. */
static bool fits_within(const rad_judging *j, const leaving *part, size_t strata, const leaving *all) {
    const uint64_t slack = rad_plausible_slack(j, part->counts + all->counts);
    size_t last = 0;
    for (size_t at = 0; at < RAD_TIMES_MAX; at++) {
        if (part->strata[at] < strata || !all->strata[at]) continue;
        for (int k = 0; k < 2; k++)
            if (part->left[at][k] - part->left[last][k] > all->left[at][k] - all->left[last][k] + slack)
                return false;
        last = at;
    }
    return part->patients - part->left[last][0] - part->left[last][1] <=
           all->patients - all->left[last][0] - all->left[last][1] + slack;
}

/* The levels of a factor: at most its patients each, at most all together, and who is in none of them. */
static rad_status judge_strata(const rad_judging *j, size_t outcome, size_t f, const leaving *all) {
    const rad_lifetable *of =
        &j->site->lifetables[outcome].stratum[rad_lifetable_stratum(j->study, outcome, f, 0)];
    const char *name = j->study->survivals[outcome].name, *group = j->study->factors[f].name;
    leaving part = {.patients = 0};
    uint64_t others = j->site->rows, before = 0;
    size_t strata = 0;
    bool known = true;
    for (size_t l = 0; l < j->study->factors[f].levels; l++) {
        const int64_t level = levels_of(j, f)[l];
        if (!of[l].edges) continue;
        add_stratum(&part, &of[l]);
        strata++;
        known = known && level >= 0;
        if (level >= 0 && part.patients - before >
                              (uint64_t)level + rad_plausible_slack(j, rad_lifetable_cells(of[l].edges) + 1))
            return rad_plausible_fail(j, name, "has more patients of %.60s %.60s than that has", group,
                                      j->study->factors[f].level[l]);
        others -= known && (uint64_t)level < others ? (uint64_t)level : known ? others : 0;
        before = part.patients;
    }
    if (!strata || !all->counts) return RAD_OK;
    const uint64_t slack = rad_plausible_slack(j, part.counts + all->counts + RAD_FACTOR_LEVELS);
    if (part.patients > all->patients + slack || !fits_within(j, &part, strata, all))
        return rad_plausible_fail(j, name, "its life tables by %.60s have more than that of all patients",
                                  group);
    if (!known || all->patients <= rad_plausible_add(part.patients, others + slack)) return RAD_OK;
    return rad_plausible_fail(j, name, "its life tables by %.60s miss patients", group);
}

/* Events by cause are those of the interval. */
static bool causes_add_up(const rad_judging *j, const rad_lifetable *t) {
    for (size_t i = 0; i + 1 < t->edges && t->causes; i++) {
        uint64_t sum = 0;
        for (size_t c = 0; c < t->causes; c++) sum = rad_plausible_add(sum, t->cause[i * t->causes + c]);
        const uint64_t events = t->counts[2 * i], off = sum > events ? sum - events : events - sum;
        if (off > rad_plausible_slack(j, t->causes + 1)) return false;
    }
    return true;
}

static rad_status judge_outcome(const rad_judging *j, size_t outcome) {
    const rad_lifetables *t = &j->site->lifetables[outcome];
    const rad_survival *v = &j->study->survivals[outcome];
    leaving all = {.patients = 0};
    rad_status status = RAD_OK;
    if (!t->strata) return RAD_OK;
    for (size_t i = 0; i < t->strata; i++) {
        leaving one = {.patients = 0};
        add_stratum(&one, &t->stratum[i]);
        if (one.patients > j->site->rows + rad_plausible_slack(j, one.counts))
            return rad_plausible_fail(j, v->name, "a life table has more patients than the site");
        if (!causes_add_up(j, &t->stratum[i]))
            return rad_plausible_fail(j, v->name, "events by cause are not the events of a life table");
    }
    add_stratum(&all, &t->stratum[0]);
    for (size_t f = 0; f < j->study->factor_count && status == RAD_OK; f++)
        if (v->by[f]) status = judge_strata(j, outcome, f, &all);
    return status;
}

rad_status rad_plausible_survival(const rad_judging *j) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < j->study->survival_count && status == RAD_OK; i++) status = judge_outcome(j, i);
    return status;
}
