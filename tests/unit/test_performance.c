/* Pairs of patients that a score puts in order, against all pairs one by one; cuts that may be told, from
 * both sides of the minimum; numbers of a score that cannot be. */
#include "../../core/memory.h"
#include "../../federate/pool/plausible.h"
#include "../../federate/pool/pool_performance.h"
#include "../../federate/site/concordance.h"
#include "../../federate/site/cutting.h"
#include "testing.h"

#include <string.h>

enum { PATIENTS = 60, CUTS = 7 };

static rad_error error;

typedef struct patients {
    size_t count;
    double x[PATIENTS], time[PATIENTS];
    bool event[PATIENTS];
} patients;

/* Few values, so that scores and times are tied. */
static void fill(test_random *random, patients *p) {
    p->count = test_below(random, PATIENTS + 1);
    const size_t scores = 1 + test_below(random, 40), times = 1 + test_below(random, 30);
    for (size_t i = 0; i < p->count; i++) {
        p->x[i] = (double)test_below(random, scores) / 8 - 2;
        p->time[i] = (double)test_below(random, times) / 4;
        p->event[i] = test_below(random, 3) > 0;
    }
}

/* Can the pair be compared, with i the one who had the event? */
static bool is_pair(const patients *p, size_t i, size_t j, bool timed) {
    if (!timed) return p->event[i] && !p->event[j];
    return i != j && p->event[i] && (p->time[i] < p->time[j] || (p->time[i] == p->time[j] && !p->event[j]));
}

static uint64_t doubled(const patients *p, size_t i, size_t j) {
    return p->x[i] > p->x[j] ? 2 : p->x[i] == p->x[j];
}

static rad_concordance naive(const patients *p, bool timed) {
    uint64_t pairs[PATIENTS] = {0}, twice[PATIENTS] = {0};
    rad_concordance c = {0};
    for (size_t i = 0; i < p->count; i++)
        for (size_t j = 0; j < p->count; j++) {
            if (!is_pair(p, i, j, timed)) continue;
            const uint64_t both[] = {i, j};
            for (size_t k = 0; k < 2; k++) {
                pairs[both[k]]++;
                twice[both[k]] += doubled(p, i, j);
            }
            c.pairs++;
            c.doubled += doubled(p, i, j);
        }
    for (size_t i = 0; i < p->count; i++) {
        c.events += p->event[i];
        c.others += !p->event[i];
        c.most = pairs[i] > c.most ? pairs[i] : c.most;
        c.doubled2_events += !timed && p->event[i] ? twice[i] * twice[i] : 0;
        c.doubled2_others += !timed && !p->event[i] ? twice[i] * twice[i] : 0;
        c.doubled2 += timed ? twice[i] * twice[i] : 0;
        c.both += timed ? twice[i] * pairs[i] : 0;
        c.pairs2 += timed ? pairs[i] * pairs[i] : 0;
    }
    return c;
}

START_TEST(all_pairs) {
    test_random random = {3};
    for (int i = 0; i < 3000; i++) {
        patients p;
        rad_concordance got, want;
        fill(&random, &p);
        ck_ok(rad_concordance_of_two(p.x, p.event, p.count, &got, &error));
        want = naive(&p, false);
        ck_assert_mem_eq(&got, &want, sizeof got);
        ck_ok(rad_concordance_of_times(p.x, p.time, p.event, p.count, &got, &error));
        want = naive(&p, true);
        ck_assert_mem_eq(&got, &want, sizeof got);
    }
}
END_TEST

/* The fewest who have to go, by trying all sets of up to two. */
static size_t naive_differ(const patients *p, const double *time, const bool *event) {
    bool out[PATIENTS] = {false};
    for (size_t size = 0; size < 3; size++)
        for (size_t a = 0; a < (size ? p->count : 1); a++)
            for (size_t b = size == 2 ? a + 1 : 0; b < (size == 2 ? p->count : 1); b++) {
                bool alike = true;
                memset(out, 0, sizeof out);
                if (size) out[a] = true;
                if (size == 2) out[b] = true;
                for (size_t i = 0; i < p->count && alike; i++)
                    for (size_t j = 0; j < p->count && alike; j++)
                        if (!out[i] && !out[j])
                            alike =
                                p->event[i] == event[i] && !(p->time[i] < p->time[j] && time[i] > time[j]);
                if (alike) return size;
            }
    return 3;
}

START_TEST(outcomes_that_differ) {
    test_random random = {9};
    size_t seen[4] = {0}, differ;
    for (int i = 0; i < 2000; i++) {
        patients p;
        double time[PATIENTS];
        bool event[PATIENTS];
        fill(&random, &p);
        p.count = p.count < 14 ? p.count : 14;
        for (size_t k = 0; k < p.count; k++) p.time[k] = (double)k + (double)test_below(&random, 2) / 4;
        for (size_t k = 0; k < p.count; k++) time[k] = 3 * p.time[k] + 1, event[k] = p.event[k];
        for (size_t k = test_below(&random, 3); k && p.count; k--) time[test_below(&random, p.count)] = 20.1;
        if (p.count && !test_below(&random, 4)) {
            const size_t k = test_below(&random, p.count);
            event[k] = !event[k];
        }
        ck_ok(rad_concordance_differ(p.time, p.event, time, event, p.count, &differ, &error));
        const size_t want = naive_differ(&p, time, event);
        if (want && want < 3) ck_assert_uint_eq(differ, want);
        if (!want) ck_assert_uint_le(differ, 1); /* 1 where ties are others */
        if (want == 3) ck_assert_uint_ge(differ, 3);
        seen[want]++;
    }
    for (size_t k = 0; k < 4; k++) ck_assert_msg(seen[k] > 20, "%zu differ: %zu", k, seen[k]);
    const double day[] = {1, 2, 3}, month[] = {1, 1, 2};
    const bool had[] = {true, true, false};
    ck_ok(rad_concordance_differ(day, had, month, had, 3, &differ, &error)); /* a tie is another order */
    ck_assert_uint_eq(differ, 1);
}
END_TEST

/* Of both outcomes `below` and `above` a cut at 0, out of order in every class. */
static size_t told(size_t below, size_t above, size_t least, bool apart) {
    static const double cut[] = {0};
    double x[4 * PATIENTS];
    bool event[4 * PATIENTS], edge[3];
    size_t n = 0, dropped;
    for (size_t i = 0; i < below; i++)
        for (int o = 0; o < 2; o++, n++) x[n] = apart ? -2 + o : -1 - (double)(i * 7 % below), event[n] = o;
    for (size_t i = 0; i < above; i++)
        for (int o = 0; o < 2; o++, n++) x[n] = apart ? 1 + o : 1 + (double)(i * 7 % above), event[n] = o;
    const rad_cutting cutting = {x, event, n, cut, 1, least};
    ck_ok(rad_cutting_choose(&cutting, edge, &dropped, &error));
    ck_assert(edge[0] && edge[2]);
    ck_assert_uint_eq(dropped, !edge[1]);
    return edge[1];
}

START_TEST(cuts) {
    ck_assert_uint_eq(told(10, 10, 10, false), 1);
    ck_assert_uint_eq(told(9, 20, 10, false), 0);
    ck_assert_uint_eq(told(20, 9, 10, false), 0);
    ck_assert_uint_eq(told(1, 1, 0, false), 1);   /* no rules */
    ck_assert_uint_eq(told(20, 20, 10, true), 0); /* within classes every pair is in order */
    static const double cut[] = {0, 1, 1.5};
    const rad_cutting c = {.cut = cut, .cuts = 3};
    const double at[] = {-1, 0, 0.5, 1, 1.25, 1.5, 2};
    const size_t class[] = {0, 0, 1, 1, 2, 2, 3};
    for (size_t i = 0; i < 7; i++) ck_assert_uint_eq(rad_cutting_class(&c, at[i]), class[i]);
}
END_TEST

/* Every class has enough of either outcome, and no cut that is left out would do. */
START_TEST(random_cuts) {
    test_random random = {4};
    size_t some = 0;
    for (int i = 0; i < 2000; i++) {
        patients p;
        double cut[CUTS];
        bool edge[CUTS + 2];
        size_t dropped;
        fill(&random, &p);
        for (size_t k = 0; k < CUTS; k++) cut[k] = (double)k / 2 - 2;
        const rad_cutting c = {p.x, p.event, p.count, cut, CUTS, 3};
        ck_ok(rad_cutting_choose(&c, edge, &dropped, &error));
        for (size_t k = 0, next; k <= CUTS && dropped < CUTS; k = next) {
            size_t counts[2] = {0, 0};
            for (next = k + 1; !edge[next];) next++;
            for (size_t r = 0; r < p.count; r++) {
                const size_t class = rad_cutting_class(&c, p.x[r]);
                counts[p.event[r]] += class >= k && class < next;
            }
            ck_assert(counts[0] >= 3 && counts[1] >= 3);
            some++;
        }
    }
    ck_assert_uint_gt(some, 100);
}
END_TEST

/* A site of 10 events and 10 others at two classes, whose numbers are those of patients. */
typedef struct forged {
    rad_study study;
    rad_summary site;
    int64_t levels[RAD_FACTOR_LEVELS + 1];
    rad_exact ranks[RAD_PERFORMED_TIMES], predicted[2];
    uint16_t edge[3];
    uint64_t counts[5];
} forged;

static forged honest(bool timed) {
    forged f = {.levels = {10, 10}, .edge = {0, 1, 2}, .counts = {4, 6, 6, 4, 0}};
    f.study.performance_count = 1;
    f.study.performances[0] = (rad_performance){
        .name = "s", .score = "s", .timed = timed, .probability = !timed, .cut = {0.5}, .cuts = 1};
    f.site.rows = 20;
    const int64_t two[] = {112, 40000}, times[] = {100, 100, 3000, 2500, 2200};
    for (size_t i = 0; i < (timed ? 5 : 2); i++) f.ranks[i] = rad_exact_whole(timed ? times[i] : two[i]);
    f.predicted[0] = rad_exact_whole(3);
    f.predicted[1] = rad_exact_whole(7);
    return f;
}

static rad_status judge(forged *f) {
    rad_performed *p = &f->site.performed[0];
    *p = (rad_performed){.shown = true, .events = 10, .others = 10, .squares = rad_exact_whole(5)};
    memcpy(p->ranks, f->ranks, sizeof p->ranks);
    p->classes = (rad_lifetable){.edges = 3, .edge = f->edge, .counts = f->counts};
    p->predicted = f->predicted;
    f->site.levels = f->levels;
    const rad_judging j = {&f->site, &f->study, &error};
    return rad_plausible_performance(&j);
}

static void rejects(forged f, const char *words) {
    ck_assert_int_eq(judge(&f), RAD_UNTRUSTED);
    ck_assert_msg(strstr(error.text, words), "%s", error.text);
}

START_TEST(two_outcomes_that_cannot_be) {
    forged f = honest(false);
    ck_ok(judge(&f));
    f = honest(false), f.ranks[0] = rad_exact_whole(72); /* 2 x 6 x 6 pairs are in order by the classes */
    ck_ok(judge(&f));
    f.ranks[0] = rad_exact_whole(71);
    rejects(f, "classes rule out");
    f.ranks[0] = rad_exact_whole(72 + 96);
    ck_ok(judge(&f));
    f.ranks[0] = rad_exact_whole(72 + 97);
    rejects(f, "classes rule out");
    f.ranks[0] = rad_exact_whole(201);
    rejects(f, "than there are");
    f = honest(false), f.ranks[1] = rad_exact_whole(180000);
    ck_ok(judge(&f));
    f.ranks[1] = rad_exact_whole(180001);
    rejects(f, "error");
    f = honest(false), f.site.rows = 19;
    rejects(f, "than the site");
    f = honest(false), f.levels[0] = 9;
    rejects(f, "that level");
    f = honest(false), f.counts[0] = 3;
    rejects(f, "add up");
    f = honest(false), f.predicted[0] = rad_exact_whole(5); /* ten patients up to 0.5 */
    ck_ok(judge(&f));
    f.predicted[0] = rad_exact_whole(6);
    rejects(f, "outside of it");
    f = honest(false), f.predicted[1] = rad_exact_whole(11);
    rejects(f, "outside of it");
}
END_TEST

START_TEST(times_that_cannot_be) {
    forged f = honest(true);
    ck_ok(judge(&f));
    f.ranks[RAD_PERFORMED_TIMED_DOUBLED] = rad_exact_whole(201);
    rejects(f, "than there are");
    f = honest(true), f.ranks[RAD_PERFORMED_PAIRS2] = rad_exact_whole(1999); /* 20 x 1999 < (2 x 100)^2 */
    rejects(f, "do not fit");
    f = honest(true), f.ranks[RAD_PERFORMED_PAIRS] = rad_exact_whole(191); /* 10 events with 19 others each */
    rejects(f, "than there are");
    f = honest(true), f.ranks[RAD_PERFORMED_BOTH] = rad_exact_whole(2600); /* 2600^2 > 3000 x 2200 */
    rejects(f, "do not fit");
    f = honest(true), f.ranks[RAD_PERFORMED_DOUBLED2] = rad_exact_whole(1999);
    rejects(f, "do not fit");
}
END_TEST

/* Calibrated classes have slope 1 and intercept 0; twice the logit has slope a half. */
START_TEST(calibration) {
    rad_performance_class class[3];
    rad_performance_classes c = {.count = 3, .class = class};
    rad_performance_estimate slope, intercept;
    const uint64_t events[] = {20, 50, 80};
    for (int twice = 0; twice < 2; twice++) {
        for (size_t k = 0; k < 3; k++) {
            const double share = (double)events[k] / 100, odds = share / (1 - share),
                         of = twice ? odds * odds / (1 + odds * odds) : share;
            class[k] = (rad_performance_class){
                .events = events[k], .others = 100 - events[k], .predicted = 100 * of};
        }
        rad_performance_calibrate(&c, &slope, &intercept);
        ck_near(slope.value, twice ? 0.5 : 1, 1e-12);
        ck_near(intercept.value, 0, 1e-12);
    }
    for (size_t k = 0; k < 3; k++)
        class[k].events = k == 2 ? 100 : 0, class[k].others = 100 - class[k].events;
    rad_performance_calibrate(&c, &slope, &intercept); /* separated: no estimate */
    ck_assert(isnan(slope.value) && isnan(intercept.value));
    c.count = 2;
    rad_performance_calibrate(&c, &slope, &intercept);
    ck_assert(isnan(slope.value));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("performance");
    TCase *tests = tcase_create("performance");
    tcase_add_test(tests, all_pairs);
    tcase_add_test(tests, outcomes_that_differ);
    tcase_add_test(tests, cuts);
    tcase_add_test(tests, random_cuts);
    tcase_add_test(tests, two_outcomes_that_cannot_be);
    tcase_add_test(tests, times_that_cannot_be);
    tcase_add_test(tests, calibration);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
