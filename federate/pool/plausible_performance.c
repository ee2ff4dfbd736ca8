/* Numbers of scores that cannot be. */
#include "plausible.h"

#include <math.h>
#include <string.h>

/* Sums are exact, what follows here is in doubles: a bound gives way by so much. */
static const double loose = 1e-9;

static bool within(double x, double low, double high) {
    return x >= low - loose * (fabs(low) + fabs(x)) && x <= high + loose * (fabs(high) + fabs(x));
}

static rad_status fail(const rad_judging *j, const rad_performance *of, const char *why) {
    return rad_plausible_fail(j, of->name, "%s", why);
}

/* Nobody who has the score, or the outcome, is counted that is not there. */
static rad_status judge_patients(const rad_judging *j, const rad_performance *of, const rad_performed *p) {
    const rad_summary *s = j->site;
    const uint64_t n = rad_plausible_add(p->events, p->others), slack = rad_plausible_slack(j, 2);
    if (n > s->rows) return fail(j, of, "has more patients than the site");
    for (size_t v = 0; v < s->count; v++)
        if (!strcmp(s->variables[v].name, of->score) && s->moments[v].powers && n > s->moments[v].n)
            return fail(j, of, "has more patients than have the score");
    if (of->timed) return RAD_OK;
    const int64_t *levels = s->levels + of->outcome * (RAD_FACTOR_LEVELS + 1);
    if (levels[of->event] >= 0 && p->events > (uint64_t)levels[of->event] + slack)
        return fail(j, of, "has more events than patients have that level");
    return RAD_OK;
}

/* Placements lie from 0 to 1, so that their variance is a quarter at most. */
static rad_status judge_two(const rad_judging *j, const rad_performance *of, const rad_performed *p) {
    const double e = (double)p->events, o = (double)p->others,
                 doubled = rad_exact_double(&p->ranks[RAD_PERFORMED_DOUBLED]),
                 spread = rad_exact_double(&p->ranks[RAD_PERFORMED_SPREAD]);
    double sure = 0, open = 0, below = 0;
    uint64_t counts[2] = {0, 0};
    for (size_t i = 0; i < 2; i++)
        if (!rad_exact_is_whole(&p->ranks[i])) return fail(j, of, "has pairs that are no whole numbers");
    if (!within(doubled, 0, 2 * e * o)) return fail(j, of, "has more pairs in order than there are");
    if (!within(spread, 0, e * e * o * o * (e + o - 2))) return fail(j, of, "has too large an error");
    for (size_t k = 0; k < rad_performed_classes(p); k++) {
        const double events = (double)p->classes.counts[2 * k], others = (double)p->classes.counts[2 * k + 1];
        for (size_t i = 0; i < 2; i++) counts[i] = rad_plausible_add(counts[i], p->classes.counts[2 * k + i]);
        sure += 2 * events * below;
        open += 2 * events * others;
        below += others;
    }
    const uint64_t slack = rad_plausible_slack(j, 2 * rad_performed_classes(p));
    if (counts[0] > p->events + slack || p->events > counts[0] + slack || counts[1] > p->others + slack ||
        p->others > counts[1] + slack)
        return fail(j, of, "has classes that do not add up to its patients");
    if (!slack && !within(doubled, sure, sure + open))
        return fail(j, of, "has pairs that its classes rule out");
    return RAD_OK;
}

/* Of a probability: sums of classes lie between their edges, and no square is above 1. */
static rad_status judge_predicted(const rad_judging *j, const rad_performance *of, const rad_performed *p) {
    const double n = (double)(p->events + p->others);
    if (!within(rad_exact_double(&p->squares), 0, n))
        return fail(j, of, "has a Brier score that is not from 0 to 1");
    for (size_t k = 0; k < rad_performed_classes(p) && p->predicted; k++) {
        const size_t from = p->classes.edge[k], to = p->classes.edge[k + 1];
        const double slack = (double)rad_plausible_slack(j, 2),
                     count = (double)(p->classes.counts[2 * k] + p->classes.counts[2 * k + 1]),
                     low = from ? of->cut[from - 1] : 0, high = to <= of->cuts ? of->cut[to - 1] : 1;
        if (!within(rad_exact_double(&p->predicted[k]), (count > slack ? count - slack : 0) * low,
                    (count + slack) * high))
            return fail(j, of, "has a class whose mean prediction lies outside of it");
    }
    return RAD_OK;
}

/* Each pair counts for both of its patients, and squares are those of some distribution. */
static rad_status judge_times(const rad_judging *j, const rad_performance *of, const rad_performed *p) {
    double x[RAD_PERFORMED_TIMES];
    const double n = (double)(p->events + p->others);
    for (size_t i = 0; i < RAD_PERFORMED_TIMES; i++) {
        x[i] = rad_exact_double(&p->ranks[i]);
        if (!rad_exact_is_whole(&p->ranks[i]) || !(x[i] >= 0))
            return fail(j, of, "has pairs that are no whole numbers");
    }
    const double pairs = x[RAD_PERFORMED_PAIRS], doubled = x[RAD_PERFORMED_TIMED_DOUBLED],
                 dd = x[RAD_PERFORMED_DOUBLED2], pp = x[RAD_PERFORMED_PAIRS2], dp = x[RAD_PERFORMED_BOTH];
    if (!within(doubled, 0, 2 * pairs) || !within(pairs, 0, (double)p->events * (n - 1)))
        return fail(j, of, "has more pairs in order than there are");
    if (!within(4 * pairs * pairs, 0, n * pp) || !within(4 * doubled * doubled, 0, n * dd) ||
        !within(dp * dp, 0, dd * pp) || !within(pp, 0, n * (n - 1) * (n - 1)) || !within(dp, 0, 2 * pp) ||
        !within(dd, 0, 2 * dp))
        return fail(j, of, "has sums of squares of pairs that do not fit each other");
    return RAD_OK;
}

rad_status rad_plausible_performance(const rad_judging *j) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < j->study->performance_count && status == RAD_OK; i++) {
        const rad_performance *of = &j->study->performances[i];
        const rad_performed *p = &j->site->performed[i];
        if (!p->shown) continue;
        status = judge_patients(j, of, p);
        if (status == RAD_OK) status = of->timed ? judge_times(j, of, p) : judge_two(j, of, p);
        if (status == RAD_OK && of->probability) status = judge_predicted(j, of, p);
    }
    return status;
}
