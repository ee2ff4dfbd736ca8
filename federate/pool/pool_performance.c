#include "pool_performance.h"

#include "../../core/memory.h"
#include "distributions.h"
#include "estimates.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>
#include <stdio.h>

static const rad_performance_estimate unknown = {NAN, NAN, NAN, NAN};

double rad_performance_share(double logit) {
    return 1 / (1 + exp(-logit));
}

bool rad_performance_logit(const rad_performance_estimate *e, double *y, double *v) {
    const double slope = e->value * (1 - e->value);
    *y = log(e->value) - log1p(-e->value);
    *v = e->se * e->se / (slope * slope);
    return isfinite(*y) && isfinite(*v) && *v > 0;
}

rad_performance_estimate rad_performance_estimated(double value, double variance) {
    rad_performance_estimate e = {value, sqrt(variance), NAN, NAN};
    double y, v;
    if (!rad_performance_logit(&e, &y, &v)) return e;
    e.low = rad_performance_share(y - RAD_Z95 * sqrt(v));
    e.high = rad_performance_share(y + RAD_Z95 * sqrt(v));
    return e;
}

/* A score of the study in a pool. */
typedef struct scored {
    const rad_pool *pool;
    const rad_performance *of;
    size_t at;
    rad_error *error;
} scored;

static const rad_performed *performed(const scored *s, size_t site) {
    return &s->pool->sites[site].performed[s->at];
}

/* Sums of all sites, and the stratified estimate of them: of AUCs each weighs as it has pairs. */
static rad_status add_up(const scored *s, rad_performance_results *r) {
    rad_performed all = {.shown = true};
    double c, v, pairs = 0, weighted = 0;
    size_t sites = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->pool->count && status == RAD_OK; i++) {
        const rad_performed *p = performed(s, i);
        r->site[i] = unknown;
        if (!p->shown) continue;
        status = rad_performed_concordance(s->of, p, &c, &v, s->error);
        r->site[i] = rad_performance_estimated(c, v);
        sites++;
        all.events += p->events;
        all.others += p->others;
        const double own = (double)p->events * (double)p->others;
        pairs += own;
        weighted += own * own * v;
        for (size_t k = 0; k < rad_performed_ranks(s->of) && status == RAD_OK; k++)
            status = rad_exact_add(&all.ranks[k], &p->ranks[k], s->error);
    }
    r->basis = rad_basis_make(&s->pool->rules, sites, all.events + all.others);
    r->events = all.events;
    r->others = all.others;
    if (status == RAD_OK && r->basis.shown && s->of->timed) {
        status = rad_performed_concordance(s->of, &all, &c, &v, s->error);
        r->stratified = rad_performance_estimated(c, v);
    } else if (r->basis.shown) {
        r->stratified = rad_performance_estimated(
            rad_exact_double(&all.ranks[RAD_PERFORMED_DOUBLED]) / (2 * pairs), weighted / (pairs * pairs));
    }
    rad_performed_free(&all);
    return status;
}

static rad_status analyse(const scored *s, rad_performance_results *r) {
    rad_estimates e;
    rad_status status = rad_estimates_allocate(s->pool->count, &e, s->error);
    for (size_t i = 0; i < s->pool->count && status == RAD_OK; i++) {
        if (!rad_performance_logit(&r->site[i], &e.y[e.count], &e.v[e.count])) continue;
        e.site[e.count++] = i;
        e.patients += performed(s, i)->events + performed(s, i)->others;
    }
    if (status == RAD_OK) rad_estimates_analyse(s->pool, &e, RAD_META_REML, &r->random);
    rad_estimates_free(&e);
    return status;
}

/* Has the table all these edges? */
static bool has_edges(const rad_lifetable *t, const rad_lifetable *of) {
    size_t at = 0;
    for (size_t i = 0; i < t->edges && at < of->edges; i++) at += t->edge[i] == of->edge[at];
    return of->edges && at == of->edges;
}

/* What a site predicts between edges of coarser classes. */
static rad_status add_predicted(const rad_performed *p, const rad_lifetable *of, rad_exact *sums,
                                rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0, at = 0; i + 1 < p->classes.edges && status == RAD_OK; i++) {
        while (p->classes.edge[i] >= of->edge[at + 1]) at++;
        status = rad_exact_add(&sums[at], &p->predicted[i], error);
    }
    return status;
}

static rad_status fill_predicted(const scored *s, const rad_lifetable *joined, rad_performance_classes *out) {
    rad_exact *sums = rad_new(out->count, sizeof *sums, s->error);
    rad_status status = sums ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < s->pool->count && status == RAD_OK; i++) {
        const rad_performed *p = performed(s, i);
        if (p->predicted && has_edges(&p->classes, joined)) status = add_predicted(p, joined, sums, s->error);
    }
    for (size_t k = 0; k < out->count && sums; k++) {
        if (status == RAD_OK) out->class[k].predicted = rad_exact_double(&sums[k]);
        rad_exact_free(&sums[k]);
    }
    rad_free(sums);
    return status;
}

static rad_status fill(const scored *s, const rad_lifetable *joined, rad_performance_classes *out) {
    const size_t last = s->of->cuts + 1;
    out->class = rad_new(joined->edges, sizeof *out->class, s->error);
    if (!out->class) return RAD_NO_MEMORY;
    out->count = joined->edges - 1;
    for (size_t k = 0; k < out->count; k++) {
        const size_t from = joined->edge[k], to = joined->edge[k + 1];
        out->class[k] = (rad_performance_class){from ? s->of->cut[from - 1] : -INFINITY,
                                                to < last ? s->of->cut[to - 1] : INFINITY,
                                                joined->counts[2 * k], joined->counts[2 * k + 1], NAN};
        out->events += joined->counts[2 * k];
        out->others += joined->counts[2 * k + 1];
    }
    return RAD_OK;
}

/* Classes on common edges of the sites that show them, with their sums of predictions or not. */
static rad_status join(const scored *s, bool predicted, rad_performance_classes *out) {
    const size_t count = s->pool->count;
    rad_lifetables *own = rad_new(count, sizeof *own, s->error);
    const rad_lifetables **list = rad_new(count, sizeof(void *), s->error);
    rad_lifetable joined = {0};
    size_t sites = 0;
    rad_status status = own && list ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_performed *p = &s->pool->sites[i].performed[s->at];
        own[i] = (rad_lifetables){p->shown && (!predicted || p->predicted), &p->classes};
        list[i] = &own[i];
    }
    const rad_joining joining = {list, count, (size_t)s->pool->rules.sites, 0, 1};
    if (status == RAD_OK) status = rad_lifetables_join(&joining, &joined, &sites, s->error);
    if (status == RAD_OK) {
        out->basis = rad_basis_make(&s->pool->rules, sites, rad_pool_patients(&joined));
        out->basis.shown = out->basis.shown && joined.edges > 1;
    }
    if (status == RAD_OK && out->basis.shown) status = fill(s, &joined, out);
    if (status == RAD_OK && out->basis.shown && predicted) status = fill_predicted(s, &joined, out);
    rad_lifetable_free(&joined);
    rad_free(own);
    rad_free(list);
    return status;
}

void rad_performance_above(const rad_performance_classes *c, size_t at, uint64_t *events, uint64_t *others) {
    *events = *others = 0;
    for (size_t k = at; k < c->count; k++) {
        *events += c->class[k].events;
        *others += c->class[k].others;
    }
}

/* Pairs of different classes are told; those of one may go either way. */
static void bound(rad_performance_results *r) {
    const rad_performance_classes *c = &r->classes;
    double sure = 0, open = 0, below = 0;
    for (size_t k = 0; k < c->count; k++) {
        sure += (double)c->class[k].events * below;
        open += (double)c->class[k].events * (double)c->class[k].others;
        below += (double)c->class[k].others;
    }
    const double pairs = (double)c->events * (double)c->others;
    r->auc_low = c->count ? sure / pairs : NAN;
    r->auc_high = c->count ? (sure + open) / pairs : NAN;
}

/* Average precision: of each event the share of events among those who are not below. Of a class all events
 * may stand before its others or after them, or all are tied. */
static void bound_precision(rad_performance_results *r) {
    const rad_performance_classes *c = &r->classes;
    double above = 0, others = 0, low = 0, high = 0;
    for (size_t k = c->count; k-- > 0;) {
        const double events = (double)c->class[k].events, all = others + (double)c->class[k].others;
        for (uint64_t i = 1; i <= c->class[k].events; i++)
            low += (above + (double)i) / (above + (double)i + all);
        above += events;
        if (events > 0) high += events * above / (above + others);
        others = all;
    }
    r->precision_low = c->count ? low / (double)c->events : NAN;
    r->precision_high = c->count ? high / (double)c->events : NAN;
}

void rad_performance_ratio(uint64_t events, uint64_t others, double predicted,
                           rad_performance_estimate *out) {
    const double o = (double)events, n = (double)(events + others), spread = sqrt((1 - o / n) / o);
    *out = (rad_performance_estimate){o / predicted, o / predicted * spread,
                                      o / predicted * exp(-RAD_Z95 * spread),
                                      o / predicted * exp(RAD_Z95 * spread)};
}

rad_status rad_performance_predicted(const rad_performed *p, double *out, bool *told, rad_error *error) {
    rad_exact sum = {0};
    rad_status status = RAD_OK;
    *told = p->shown && p->predicted;
    for (size_t k = 0; k < rad_performed_classes(p) && *told && status == RAD_OK; k++)
        status = rad_exact_add(&sum, &p->predicted[k], error);
    *out = *told ? rad_exact_double(&sum) : NAN;
    rad_exact_free(&sum);
    return status;
}

/* Of all sites that tell what they predict. */
static rad_status compare(const scored *s, rad_performance_results *r) {
    double predicted = 0;
    uint64_t others = 0;
    size_t sites = 0;
    rad_exact sum = {0};
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->pool->count && status == RAD_OK; i++) {
        const rad_performed *p = performed(s, i);
        if (!p->shown || !p->predicted) continue;
        sites++;
        r->told_events += p->events;
        others += p->others;
        for (size_t k = 0; k < rad_performed_classes(p) && status == RAD_OK; k++)
            status = rad_exact_add(&sum, &p->predicted[k], s->error);
    }
    predicted = rad_exact_double(&sum);
    rad_exact_free(&sum);
    r->told = rad_basis_make(&s->pool->rules, sites, r->told_events + others);
    if (status == RAD_OK && r->told.shown)
        rad_performance_ratio(r->told_events, others, predicted, &r->ratio);
    return status;
}

static rad_status predict(const scored *s, rad_performance_results *r) {
    rad_exact squares = {0};
    const double n = (double)(r->events + r->others), share = (double)r->events / n;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->pool->count && status == RAD_OK; i++)
        if (performed(s, i)->shown) status = rad_exact_add(&squares, &performed(s, i)->squares, s->error);
    if (status == RAD_OK && r->basis.shown) {
        r->brier = rad_exact_double(&squares) / n;
        r->brier_scaled = 1 - r->brier / (share * (1 - share));
    }
    rad_exact_free(&squares);
    rad_performance_calibrate(&r->predicted, &r->slope, &r->intercept);
    return status == RAD_OK ? compare(s, r) : status;
}

static rad_status compute_one(const scored *s, rad_performance_results *r) {
    *r = (rad_performance_results){.stratified = unknown,
                                   .ratio = unknown,
                                   .slope = unknown,
                                   .intercept = unknown,
                                   .auc_low = NAN,
                                   .auc_high = NAN,
                                   .precision_low = NAN,
                                   .precision_high = NAN,
                                   .brier = NAN,
                                   .brier_scaled = NAN,
                                   .site = rad_new(s->pool->count, sizeof *r->site, s->error)};
    rad_status status = r->site ? add_up(s, r) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = analyse(s, r);
    if (status != RAD_OK || s->of->timed) return status;
    status = join(s, false, &r->classes);
    if (status == RAD_OK) bound(r);
    if (status == RAD_OK) bound_precision(r);
    if (status == RAD_OK && s->of->probability) status = join(s, true, &r->predicted);
    return status == RAD_OK && s->of->probability ? predict(s, r) : status;
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_PERFORMANCE)) return RAD_OK;
    r->performance = rad_new(s->performance_count, sizeof *r->performance, error);
    if (!r->performance) return RAD_NO_MEMORY;
    for (size_t i = 0; i < s->performance_count && status == RAD_OK; i++)
        status = compute_one(&(scored){r->pool, &s->performances[i], i, error}, &r->performance[i]);
    return status;
}

static void clear(rad_results *r) {
    for (size_t i = 0; i < r->pool->study->performance_count && r->performance; i++) {
        rad_free(r->performance[i].site);
        rad_free(r->performance[i].classes.class);
        rad_free(r->performance[i].predicted.class);
    }
    rad_free(r->performance);
}

static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    for (size_t i = 0; i < study->performance_count; i++) {
        const rad_performed *p = &site->performed[i];
        if (!p->shown) continue;
        rad_fewest_see(f, p->events, study->performances[i].name, "who have the event");
        rad_fewest_see(f, p->others, study->performances[i].name, "who have it not");
        for (size_t k = 0; k < 2 * rad_performed_classes(p); k++)
            rad_fewest_see(f, p->classes.counts[k], study->performances[i].name, "a class of the score");
    }
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_study *s = at->pool->study;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->performance_count && status == RAD_OK; i++) {
        const rad_performance *of = &s->performances[i];
        const rad_performed *p = &at->pool->sites[at->site].performed[i];
        const uint64_t cuts = p->classes.edges > 2 ? p->classes.edges - 2 : 0;
        char what[RAD_NAME];
        snprintf(what, sizeof what, "performance %s", of->name);
        status = rad_coverage_add(at, of->name, what, 1 + of->cuts, p->shown ? 1 + cuts : 0, error);
    }
    return status;
}

const rad_pool_analysis rad_pool_performance = {
    .compute = compute, .clear = clear, .see = see, .cover = cover};
