/* Life tables and what follows from them: a published trial, naive twins, and what a reader could subtract.
 */
#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../federate/pool/pool_survival.h"
#include "../../federate/site/summarise.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;
static rad_study study;
static rad_cohort cohort;

static void read_all(const char *text, const char *table) {
    char path[] = "/tmp/radiomill-times-XXXXXX";
    const int file = mkstemp(path);
    ck_assert_int_eq(write(file, table, strlen(table)), (ssize_t)strlen(table));
    close(file);
    ck_ok(rad_study_parse(text, strlen(text), "study.yaml", &study, &error));
    ck_ok(rad_cohort_read(path, NULL, &study, &cohort, &error));
    unlink(path);
}

static void free_all(void) {
    rad_cohort_free(&cohort);
    rad_study_free(&study);
}

/* The rows dealt out to `sites` sites, below the rules. */
static void pool_of(size_t sites, size_t turn, rad_pool *pool) {
    *pool = (rad_pool){.study = &study};
    for (size_t i = 0; i < sites; i++) {
        uint64_t *rows = rad_new(cohort.words, sizeof *rows, &error);
        rad_cohort part;
        rad_permit permit;
        rad_summary summary;
        for (size_t r = 0; r < cohort.rows; r++)
            if ((r * 7 + turn) % sites == i) rad_bitset_add(rows, r);
        ck_ok(rad_cohort_select(&cohort, &study, rows, &part, &error));
        ck_ok(rad_permit_make(&part, &study, NULL, 1, &permit, &error));
        ck_ok(rad_summarise(&part, &study, NULL, &permit, 1, &summary, &error));
        snprintf(summary.site, sizeof summary.site, "s%02zu", i);
        ck_ok(rad_pool_add(pool, &summary, 1, &error));
        rad_summary_free(&summary);
        rad_permit_free(&permit);
        rad_cohort_free(&part);
        rad_free(rows);
    }
    pool->rules = (rad_rules){.cell = 0};
}

/* Remission of leukaemia in weeks, 6-MP against placebo (Freireich et al., Blood 21 (1963) 699). */
static const struct {
    int weeks;
    bool relapse, treated;
} remission[] = {{6, 1, 1},  {6, 1, 1},  {6, 1, 1},  {6, 0, 1},  {7, 1, 1},  {9, 0, 1},  {10, 1, 1},
                 {10, 0, 1}, {11, 0, 1}, {13, 1, 1}, {16, 1, 1}, {17, 0, 1}, {19, 0, 1}, {20, 0, 1},
                 {22, 1, 1}, {23, 1, 1}, {25, 0, 1}, {32, 0, 1}, {32, 0, 1}, {34, 0, 1}, {35, 0, 1},
                 {1, 1, 0},  {1, 1, 0},  {2, 1, 0},  {2, 1, 0},  {3, 1, 0},  {4, 1, 0},  {4, 1, 0},
                 {5, 1, 0},  {5, 1, 0},  {8, 1, 0},  {8, 1, 0},  {8, 1, 0},  {8, 1, 0},  {11, 1, 0},
                 {11, 1, 0}, {12, 1, 0}, {12, 1, 0}, {15, 1, 0}, {17, 1, 0}, {22, 1, 0}, {23, 1, 0}};

static void read_remission(void) {
    char table[4096] = "case,x,weeks,relapse,arm\n", text[1024];
    for (size_t i = 0; i < sizeof remission / sizeof remission[0]; i++)
        snprintf(table + strlen(table), sizeof table - strlen(table), "p%zu,%zu,%d,%d,%s\n", i, i,
                 remission[i].weeks, remission[i].relapse, remission[i].treated ? "6-MP" : "placebo");
    snprintf(text, sizeof text,
             "study: remission\nfeatures: [x]\ncovariates: {arm: {levels: [6-MP, placebo]}}\n"
             "outcomes: {relapse: {time: weeks, event: relapse, grid: [0");
    for (int week = 1; week <= 35; week++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", %d", week);
    snprintf(text + strlen(text), sizeof text - strlen(text), "]}}\ngroups: [arm]\n");
    read_all(text, table);
}

START_TEST(trial) {
    /* Kaplan-Meier of the treated, as in every textbook since; chi-square and expected of the log-rank test.
     */
    static const struct {
        double weeks, survival;
    } known[] = {{6, 0.8571},  {7, 0.8067},  {10, 0.7529}, {13, 0.6902},
                 {16, 0.6275}, {22, 0.5378}, {23, 0.4482}};
    rad_pool pool;
    rad_curve curve;
    read_remission();
    pool_of(3, 0, &pool);
    ck_ok(rad_curve_compute(&pool, 0, rad_lifetable_stratum(&study, 0, 0, 0), &curve, &error));
    ck_assert(curve.n == 21 && curve.events == 9 && curve.count == 36 && curve.basis.sites == 3);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        ck_assert_double_eq_tol(curve.point[(size_t)known[i].weeks].survival, known[i].survival, 5e-5);
    const rad_curve_point *six = &curve.point[6]; /* 3 of 21: a share, with its interval by log(-log) */
    const double share = 18.0 / 21, half = 1.959963984540054 * sqrt(3.0 / (21 * 18)) / log(share);
    ck_near(six->se, sqrt(share * (1 - share) / 21), 1e-15);
    ck_near(six->low, pow(share, exp(-half)), 1e-14);
    ck_near(six->high, pow(share, exp(half)), 1e-14);
    ck_assert(curve.median_high == 23 && curve.median_low < 23);
    rad_curve_free(&curve);
    rad_logrank test;
    ck_ok(rad_logrank_compute(&pool, 0, 0, false, &test, &error));
    ck_assert_double_eq_tol(test.statistic, 16.793, 5e-4);
    ck_assert_double_eq_tol(test.level[0].expected, 19.25, 5e-3);
    ck_assert_double_eq_tol(test.level[1].expected, 10.75, 5e-3);
    ck_assert(test.df == 1 && test.ratio < 1 && test.low < test.ratio && test.high > test.ratio);
    rad_pool_free(&pool);
    free_all();
}
END_TEST

static bool same_bits(double a, double b) {
    return !memcmp(&a, &b, sizeof a) || (isnan(a) && isnan(b));
}

START_TEST(splits) {
    static const size_t sites[] = {1, 2, 4, 42};
    rad_pool whole, pool;
    read_remission();
    pool_of(1, 0, &whole);
    pool_of(sites[_i], (size_t)_i, &pool);
    for (size_t stratum = 0; stratum < 3; stratum++) {
        rad_curve a, b;
        ck_ok(rad_curve_compute(&whole, 0, stratum, &a, &error));
        ck_ok(rad_curve_compute(&pool, 0, stratum, &b, &error));
        ck_assert(a.count == b.count && a.count > 20);
        ck_assert(!memcmp(a.point, b.point, a.count * sizeof *a.point));
        ck_assert(a.median_low == b.median_low && a.median_high == b.median_high);
        rad_curve_free(&a);
        rad_curve_free(&b);
    }
    rad_logrank x, y;
    ck_ok(rad_logrank_compute(&whole, 0, 0, false, &x, &error));
    ck_ok(rad_logrank_compute(&pool, 0, 0, false, &y, &error));
    ck_assert(same_bits(x.statistic, y.statistic) && same_bits(x.ratio, y.ratio) && same_bits(x.p, y.p));
    ck_assert(same_bits(x.statistic_low, y.statistic_low) && same_bits(x.statistic_high, y.statistic_high));
    rad_pool_free(&whole);
    rad_pool_free(&pool);
    free_all();
}
END_TEST

/* A random cohort with two factors, missing levels, times and events. */
static void read_random(test_random *random) {
    static const char *const sexes[] = {"F", "M", ""}, *const stages[] = {"I", "II", "III", ""};
    const size_t rows = 20 + test_below(random, 120), rate = 1 + test_below(random, 20);
    char *table = rad_new(rows + 2, 64, &error);
    snprintf(table, 64, "case,x,t,e,sex,stage\n");
    for (size_t r = 0; r < rows; r++) {
        const double event = -log(test_uniform(random)) * (double)rate, censored = 40 * test_uniform(random);
        const double time = floor(fmin(event, censored) * 2) / 2;
        char moment[16] = "";
        if (test_below(random, 20)) snprintf(moment, sizeof moment, "%g", time);
        snprintf(table + strlen(table), 64, "p%zu,%zu,%s,%s,%s,%s\n", r, r, moment,
                 !test_below(random, 20) ? ""
                 : event < censored      ? "1"
                                         : "0",
                 sexes[test_below(random, 20) ? test_below(random, 2) : 2],
                 stages[test_below(random, 10) ? test_below(random, 2) : 2 + test_below(random, 2)]);
    }
    read_all(
        "study: random\nfeatures: [x]\ncovariates: {sex: {levels: [F, M]}, stage: {levels: [I, II, III]}}\n"
        "outcomes: {relapse: {time: t, event: e, grid: [0, 1, 2, 4, 6, 9, 12, 18, 24, 30]}}\n"
        "groups: [sex, stage]\n",
        table);
    rad_free(table);
}

/* Patients with event, or censored, in ]from, to]; factor < 0: of all; level -1: those without one. */
static uint64_t count_naive(int factor, int level, double from, double to, int event) {
    uint64_t count = 0;
    for (size_t r = 0; r < cohort.rows; r++) {
        const double t = cohort.times[r];
        const bool of = factor < 0 || cohort.levels[(size_t)factor * cohort.rows + r] == level;
        count += of && cohort.events[r] == event && (t > from || (from == 0 && t == 0)) && t <= to;
    }
    return count;
}

/* May who left in some interval, and in which way (those who stayed: together), be told of these patients,
 * `of` in all? That nobody did only of those who stayed beyond the end of the grid. */
static bool enough(const uint64_t count[2], const uint64_t of[2], size_t cell, bool stayed, bool end) {
    const uint64_t both = count[0] + count[1];
    if (!(of[0] + of[1])) return true;
    for (int event = 0; event < 2 && !stayed; event++)
        if (count[event] && count[event] < cell) return false;
    return both >= cell || (end && !both);
}

/* Patients of a level (factor < 0: all) without a time or an event. */
static uint64_t without_naive(int factor, int level) {
    uint64_t count = 0;
    for (size_t r = 0; r < cohort.rows; r++)
        count += (factor < 0 || cohort.levels[(size_t)factor * cohort.rows + r] == level) &&
                 (isnan(cohort.times[r]) || cohort.events[r] < 0);
    return count;
}

/* The few who stay beyond the end of the grid are last seen there. */
static void end_naive(size_t cell) {
    const double end = study.survivals[0].grid[study.survivals[0].times - 1];
    const uint64_t beyond = count_naive(-1, 0, end, INFINITY, 0) + count_naive(-1, 0, end, INFINITY, 1);
    for (size_t r = 0; r < cohort.rows && beyond < cell; r++)
        if (cohort.times[r] > end && cohort.events[r] >= 0) {
            cohort.times[r] = end;
            cohort.events[r] = 0;
        }
}

/* All patients (factor < 0), or the levels of a factor that are shown and what is left, by counting rows. */
static bool holds(const rad_lifetables *t, int factor, const double *edges, size_t count, size_t cell,
                  bool compare) {
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        const bool last = i + 1 == count;
        const double to = last ? INFINITY : edges[i + 1];
        const int levels = factor < 0 ? 1 : (int)study.factors[factor].levels;
        const bool end = last && edges[i] == study.survivals[0].grid[study.survivals[0].times - 1];
        uint64_t rest[2], own[2], all[2], left[2];
        for (int event = 0; event < 2; event++) {
            rest[event] = count_naive(-1, 0, edges[i], to, event);
            left[event] = count_naive(-1, 0, 0, INFINITY, event);
        }
        for (int l = 0; l < levels; l++) {
            const rad_lifetable *one =
                &t->stratum[factor < 0 ? 0 : rad_lifetable_stratum(&study, 0, (size_t)factor, (size_t)l)];
            if (!one->edges) continue;
            for (int event = 0; event < 2; event++) {
                own[event] = count_naive(factor, l, edges[i], to, event);
                all[event] = count_naive(factor, l, 0, INFINITY, event);
                rest[event] -= own[event];
                left[event] -= all[event];
            }
            fine = fine && enough(own, all, cell, last, end);
            if (!compare) continue;
            if (last) ck_assert_uint_eq(one->counts[2 * i], own[0] + own[1]);
            if (!last) ck_assert(one->counts[2 * i] == own[1] && one->counts[2 * i + 1] == own[0]);
        }
        fine = fine && enough(rest, left, cell, last, end);
    }
    return fine;
}

/* Of how many the times are not known: of a level that is shown, of the others, of all. */
static bool times_hold(const rad_lifetables *t, int f, size_t cell) {
    uint64_t rest = without_naive(-1, 0);
    for (int l = 0; f >= 0 && l < (int)study.factors[f].levels; l++) {
        if (!t->stratum[rad_lifetable_stratum(&study, 0, (size_t)f, (size_t)l)].edges) continue;
        const uint64_t own = without_naive(f, l);
        if (own && own < cell) return false;
        rest -= own;
    }
    return !rest || rest >= cell;
}

/* Events by the last edge, and the others: as a table of levels by event, where 0 is as telling as 1. */
static bool margins_hold(const rad_lifetables *t, int f, double last, size_t cell) {
    uint64_t events = count_naive(-1, 0, 0, last, 1),
             others = count_naive(-1, 0, 0, INFINITY, 0) + count_naive(-1, 0, last, INFINITY, 1);
    for (int l = 0; f >= 0 && l < (int)study.factors[f].levels; l++) {
        if (!t->stratum[rad_lifetable_stratum(&study, 0, (size_t)f, (size_t)l)].edges) continue;
        const uint64_t own = count_naive(f, l, 0, last, 1),
                       none = count_naive(f, l, 0, INFINITY, 0) + count_naive(f, l, last, INFINITY, 1);
        if (own + none && (own < cell || none < cell)) return false;
        events -= own;
        others -= none;
    }
    if (f < 0) return (!events || events >= cell) && (!others || others >= cell);
    return !(events + others) || (events >= cell && others >= cell);
}

/* One set of edges, of all patients or of a factor: the rules hold, and no further edge would have kept them.
 */
static void check_edges(const rad_lifetables *t, int factor, const rad_lifetable *of, size_t cell) {
    const rad_survival *v = &study.survivals[0];
    double edge[16], more[16];
    for (size_t i = 0; i < of->edges; i++) edge[i] = v->grid[of->edge[i]];
    ck_assert(of->edge[0] == 0 && of->edges >= 2);
    ck_assert(holds(t, factor, edge, of->edges, cell, true));
    ck_assert(margins_hold(t, factor, edge[of->edges - 1], cell));
    ck_assert(times_hold(t, factor, cell));
    for (uint16_t i = 1; i < v->times; i++) {
        size_t at = 0, whole = 0;
        while (at < of->edges && of->edge[at] < i) at++;
        while (whole < t->stratum[0].edges && t->stratum[0].edge[whole] != i) whole++;
        if (at == of->edges) continue;
        if (of->edge[at] == i) ck_assert(whole < t->stratum[0].edges); /* an edge of all patients */
        if (of->edge[at] == i || (factor >= 0 && whole == t->stratum[0].edges)) continue;
        memcpy(more, edge, at * sizeof *edge);
        more[at] = v->grid[i];
        memcpy(more + at + 1, edge + at, (of->edges - at) * sizeof *edge);
        ck_assert(!holds(t, factor, more, of->edges + 1, cell, false));
    }
}

START_TEST(small_cells) {
    test_random random = {77};
    size_t tables = 0, edges = 0, levels = 0, hidden = 0;
    for (int turn = 0; turn < 400; turn++) {
        const size_t cell = 3 + test_below(&random, 8);
        size_t withheld = 0;
        rad_lifetables t;
        read_random(&random);
        ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){cell, NULL}, &t, &withheld,
                                  &error));
        end_naive(cell);
        if (t.stratum[0].edges) check_edges(&t, -1, &t.stratum[0], cell);
        tables += t.stratum[0].edges > 0;
        edges += t.stratum[0].edges;
        for (int f = 0; f < 2; f++) {
            const rad_lifetable *some = NULL;
            for (size_t l = 0; l < study.factors[f].levels; l++) {
                const rad_lifetable *one = &t.stratum[rad_lifetable_stratum(&study, 0, (size_t)f, l)];
                levels += one->edges > 0;
                hidden += !one->edges;
                if (!one->edges) continue;
                ck_assert(t.stratum[0].edges &&
                          (!some || (some->edges == one->edges &&
                                     !memcmp(some->edge, one->edge, one->edges * sizeof *one->edge))));
                some = one;
            }
            if (some) check_edges(&t, f, some, cell);
            for (int events = 0; events < 2; events++) {
                rad_sets sets = {.words = cohort.words};
                bool isolates = true;
                ck_ok(rad_lifetables_sets(&cohort, &study, (rad_lifetable_part){0, (size_t)f, events}, &t,
                                          &sets, &error));
                ck_ok(rad_sets_isolate(&sets, cell, &isolates, &error));
                ck_assert(!isolates);
                rad_sets_free(&sets);
            }
        }
        rad_lifetables_free(&t);
        free_all();
    }
    ck_assert_msg(tables > 200 && edges > 3 * tables && levels > 100 && hidden > 100, "%zu %zu %zu %zu",
                  tables, edges, levels, hidden);
}
END_TEST

/* A level whose count is hidden is shown in no life table: its intervals would add up to it. */
START_TEST(hidden_levels) {
    test_random random = {78};
    size_t before = 0, others = 0;
    for (int turn = 0; turn < 100; turn++) {
        bool hidden[2][RAD_FACTOR_LEVELS + 1] = {{false}};
        size_t withheld = 0;
        rad_lifetables t;
        read_random(&random);
        const size_t level = test_below(&random, study.factors[0].levels);
        for (int hide = 0; hide < 2; hide++) {
            hidden[0][level] = hide;
            ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){4, hidden}, &t, &withheld,
                                      &error));
            for (size_t l = 0; l < study.factors[0].levels; l++) {
                const bool shown = t.stratum[rad_lifetable_stratum(&study, 0, 0, l)].edges > 0;
                if (!hide) before += l == level && shown;
                if (hide) ck_assert(l != level || !shown);
                if (hide) others += shown;
            }
            rad_lifetables_free(&t);
        }
        free_all();
    }
    ck_assert_msg(before > 10 && others > 10, "%zu %zu", before, others);
}
END_TEST

/* Of how many beyond the last time does a count of the event tell: who had it in all, less who had it before?
 * They, and the others there, are nobody or `cell`. */
static bool beyond_hold(const rad_lifetable *t, size_t cell) {
    uint64_t events = count_naive(-1, 0, 0, INFINITY, 1);
    for (size_t i = 0; i + 1 < t->edges; i++) events -= t->counts[2 * i];
    const uint64_t others = t->counts[2 * (t->edges - 1)] - events;
    return (!events || events >= cell) && (!others || others >= cell);
}

START_TEST(counted_events) {
    test_random random = {79};
    size_t before = 0, shown = 0;
    for (int turn = 0; turn < 200; turn++) {
        for (int counted = 0; counted < 2; counted++) {
            size_t withheld = 0;
            rad_lifetables t;
            test_random again = random;
            read_random(counted ? &random : &again);
            if (counted) study.factors[1].name = study.survivals[0].event;
            ck_ok(rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){5, NULL}, &t, &withheld,
                                      &error));
            if (t.stratum[0].edges && counted) ck_assert(beyond_hold(&t.stratum[0], 5));
            if (t.stratum[0].edges && !counted) before += !beyond_hold(&t.stratum[0], 5);
            shown += counted && t.stratum[0].edges;
            rad_lifetables_free(&t);
            free_all();
        }
    }
    ck_assert_msg(before > 10 && shown > 50, "%zu %zu", before, shown);
}
END_TEST

/* Sizes of the sets that counts give: who left by interval and stayed; with events, without and by it. */
static size_t sizes_of(const rad_lifetable *t, bool events, uint64_t *sizes) {
    size_t count = 0;
    for (size_t i = 0; i < t->edges; i++) {
        const bool last = i + 1 == t->edges;
        const uint64_t with = last ? 0 : t->counts[2 * i], without = t->counts[2 * i + !last];
        if (!events && with + without) sizes[count++] = with + without;
        if (events && without) sizes[count++] = without;
        if (events && with) sizes[count++] = with;
    }
    return count;
}

/* The sets of a ledger are the patients that the cells count: those of each level, then those of all. */
START_TEST(audited_sets) {
    test_random random = {5};
    size_t compared = 0;
    for (int turn = 0; turn < 50; turn++) {
        size_t withheld = 0;
        rad_lifetables t;
        read_random(&random);
        ck_ok(
            rad_lifetables_make(&cohort, &study, 0, (rad_lifetable_limits){4, NULL}, &t, &withheld, &error));
        for (size_t f = 0; f <= 2; f++)
            for (int events = 0; events < 2; events++) {
                rad_sets sets = {.words = cohort.words};
                uint64_t expected[256];
                size_t at = 0, first = f < 2 ? rad_lifetable_stratum(&study, 0, f, 0) : 0;
                for (size_t l = 0; l < (f < 2 ? study.factors[f].levels : 1); l++)
                    at += sizes_of(&t.stratum[first + l], events, expected + at);
                ck_ok(rad_lifetables_sets(&cohort, &study, (rad_lifetable_part){0, f, events}, &t, &sets,
                                          &error));
                ck_assert(f < 2 ? sets.count >= at : sets.count == at);
                for (size_t i = 0; i < at; i++)
                    ck_assert_uint_eq(rad_bitset_count(sets.bits + i * sets.words, sets.words), expected[i]);
                compared += at;
                rad_sets_free(&sets);
            }
        rad_lifetables_free(&t);
        free_all();
    }
    ck_assert(compared > 500);
}
END_TEST

/* Sites of other edges meet on those of most patients, and every patient is counted once. */
START_TEST(common_edges) {
    uint16_t fine[] = {0, 2, 4, 6}, coarse[] = {0, 4, 5};
    uint64_t x[] = {1, 2, 3, 4, 5, 6, 129}, y[] = {10, 20, 30, 40, 50}; /* 150 patients each */
    rad_lifetable a = {.edges = 4, .edge = fine, .counts = x}, b = {.edges = 3, .edge = coarse, .counts = y},
                  out;
    const rad_lifetables first = {1, &a}, second = {1, &b}, *const both[] = {&first, &second};
    const rad_joining any = {both, 2, 1, 0, 1}, two = {both, 2, 2, 0, 1};
    size_t sites;
    ck_ok(rad_lifetables_join(&any, &out, &sites, &error));
    ck_assert(sites == 2 && out.edges == 2 && out.edge[1] == 4);
    ck_assert(out.counts[0] == 1 + 3 + 10 && out.counts[1] == 2 + 4 + 20 &&
              out.counts[2] == 5 + 6 + 129 + 30 + 40 + 50);
    rad_lifetable_free(&out);
    y[4]--; /* now three intervals of 150 patients are more than one of 299 */
    ck_ok(rad_lifetables_join(&any, &out, &sites, &error));
    ck_assert(sites == 1 && out.sites == 1 && out.edges == 4 && !memcmp(out.counts, x, sizeof x));
    rad_lifetable_free(&out);
    ck_ok(rad_lifetables_join(&two, &out, &sites, &error)); /* unless two sites are needed */
    ck_assert(sites == 2 && out.sites == 2 && out.edges == 2 && out.edge[1] == 4);
    rad_lifetable_free(&out);
    uint16_t third[] = {0, 2, 4};
    b.edge = third; /* but three of 150 fewer than two of 299 */
    ck_ok(rad_lifetables_join(&any, &out, &sites, &error));
    ck_assert(sites == 2 && out.edges == 3 && out.edge[1] == 2 && out.edge[2] == 4);
    rad_lifetable_free(&out);
    b.edges = 0;
    ck_ok(rad_lifetables_join(&any, &out, &sites, &error));
    ck_assert(sites == 1 && out.edges == 4 && !memcmp(out.counts, x, sizeof x));
    rad_lifetable_free(&out);
    ck_ok(rad_lifetables_join(&two, &out, &sites, &error)); /* one shows it: no table, of how many sites */
    ck_assert(sites == 1 && !out.edges && !out.counts);
    a.edges = 0;
    ck_ok(rad_lifetables_join(&any, &out, &sites, &error));
    ck_assert(sites == 0 && !out.edges);
    rad_lifetable_free(&out);
}
END_TEST

/* A table that memory is short for has no edges, whoever looks at it before it is freed. */
START_TEST(no_memory) {
    rad_lifetable t = {0};
    rad_lifetables all = {0};
    ck_assert_int_eq(rad_lifetable_allocate(&t, (size_t)1 << 62, &error), RAD_NO_MEMORY);
    ck_assert(!t.edges && !rad_pool_patients(&t));
    rad_lifetable_free(&t);
    ck_assert_int_eq(rad_lifetables_allocate(&all, (size_t)1 << 62, &error), RAD_NO_MEMORY);
    ck_assert(!all.strata);
    rad_lifetables_free(&all);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("survival");
    TCase *tests = tcase_create("survival");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, trial);
    tcase_add_loop_test(tests, splits, 0, 4);
    tcase_add_test(tests, small_cells);
    tcase_add_test(tests, hidden_levels);
    tcase_add_test(tests, counted_events);
    tcase_add_test(tests, audited_sets);
    tcase_add_test(tests, common_edges);
    tcase_add_test(tests, no_memory);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
