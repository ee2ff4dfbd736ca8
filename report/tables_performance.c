#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>
#include <math.h>

/* A score of the study and what the pool says of it. */
typedef struct scored {
    const rad_results *results;
    const rad_performance *of;
    const rad_performance_results *is;
    size_t at;
} scored;

typedef rad_status each_score(FILE *out, const scored *s, rad_error *error);

static rad_status for_scores(FILE *out, const rad_results *r, each_score *each, rad_error *error) {
    const rad_study *study = r->pool->study;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < study->performance_count && status == RAD_OK; i++)
        status = each(out, &(scored){r, &study->performances[i], &r->performance[i], i}, error);
    return status;
}

static const char *outcome_of(const scored *s) {
    const rad_study *study = s->results->pool->study;
    return s->of->timed ? study->survivals[s->of->outcome].name : study->factors[s->of->outcome].name;
}

static void put_names(FILE *out, const scored *s) {
    rad_csv_put(out, s->of->name);
    rad_fields_text(out, s->of->score);
    rad_fields_text(out, outcome_of(s));
}

/* An estimate over sites: of what, how, whom. */
typedef struct row {
    const char *measure, *over;
    const rad_performance_estimate *estimate;
    const rad_meta *random; /* NULL: no random effects */
    const rad_basis *basis;
    uint64_t events;
} row;

static void put_row(FILE *out, const scored *s, row x) {
    const rad_performance_estimate *e = x.estimate;
    const rad_meta *m = x.random;
    const double numbers[] = {e->value,
                              e->se,
                              e->low,
                              e->high,
                              m ? m->tau2 : NAN,
                              m ? m->i2 : NAN,
                              m ? rad_performance_share(m->predict_low) : NAN,
                              m ? rad_performance_share(m->predict_high) : NAN};
    put_names(out, s);
    rad_fields_text(out, x.measure);
    rad_fields_text(out, x.over);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    rad_fields_count(out, x.basis->shown, x.events);
    rad_fields_basis(out, s->results, x.basis, "%.80s: %.40s", s->of->name, x.measure);
}

static void put_value(FILE *out, const scored *s, const char *measure, double value) {
    const rad_performance_estimate e = {value, NAN, NAN, NAN};
    put_row(out, s, (row){measure, "pooled", &e, NULL, &s->is->basis, s->is->events});
}

static const char *concordance_of(const scored *s) {
    return s->of->timed ? "c" : "auc";
}

/* Random effects are those of the logits; estimate and interval are turned back. */
static void put_random(FILE *out, const scored *s) {
    const rad_meta *m = &s->is->random;
    const rad_performance_estimate e = {rad_performance_share(m->estimate), m->se,
                                        rad_performance_share(m->low), rad_performance_share(m->high)};
    rad_basis basis = s->is->basis;
    basis.sites = m->sites;
    basis.shown = basis.shown && !isnan(m->estimate);
    put_row(out, s, (row){concordance_of(s), "random effects", &e, m, &basis, s->is->events});
}

static rad_status put_pooled(FILE *out, const scored *s, rad_error *error) {
    const rad_performance_results *r = s->is;
    const rad_basis *classes = &r->classes.basis, *predicted = &r->predicted.basis;
    const rad_performance_estimate all = {NAN, NAN, r->auc_low, r->auc_high},
                                   precision = {NAN, NAN, r->precision_low, r->precision_high};
    (void)error;
    put_row(out, s, (row){concordance_of(s), "stratified", &r->stratified, NULL, &r->basis, r->events});
    put_random(out, s);
    if (s->of->timed) return RAD_OK;
    put_row(out, s, (row){"auc of all pairs", "bounds", &all, NULL, classes, r->classes.events});
    put_row(out, s, (row){"average precision", "bounds", &precision, NULL, classes, r->classes.events});
    if (!s->of->probability) return RAD_OK;
    put_value(out, s, "brier", r->brier);
    put_value(out, s, "brier scaled", r->brier_scaled);
    put_row(out, s, (row){"observed by expected", "pooled", &r->ratio, NULL, &r->told, r->told_events});
    put_row(out, s,
            (row){"calibration slope of classes", "pooled", &r->slope, NULL, predicted, r->predicted.events});
    put_row(out, s,
            (row){"calibration intercept of classes", "pooled", &r->intercept, NULL, predicted,
                  r->predicted.events});
    return RAD_OK;
}

rad_status rad_tables_performance(FILE *out, const rad_results *r, rad_error *error) {
    fputs("performance,score,outcome,measure,combined,estimate,se,low,high,tau2,i2,predict_low,predict_high,"
          "events,sites,patients\r\n",
          out);
    return for_scores(out, r, put_pooled, error);
}

static void put_site_row(FILE *out, const scored *s, size_t site, const char *measure,
                         const rad_performance_estimate *e) {
    const rad_summary *of = &s->results->pool->sites[site];
    const rad_performed *p = &of->performed[s->at];
    const double numbers[] = {e->value, e->se, e->low, e->high};
    put_names(out, s);
    rad_fields_text(out, measure);
    rad_fields_text(out, of->site);
    rad_fields_numbers(out, numbers, 4);
    rad_fields_count(out, p->shown, p->events);
    rad_fields_own(out, s->results, p->shown, p->events + p->others, "%.80s at %s", s->of->name, of->site);
}

static rad_status put_sites(FILE *out, const scored *s, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->results->pool->count && status == RAD_OK; i++) {
        const rad_performed *p = &s->results->pool->sites[i].performed[s->at];
        rad_performance_estimate e = {NAN, NAN, NAN, NAN}, ratio = e;
        double predicted;
        bool told;
        put_site_row(out, s, i, concordance_of(s), &s->is->site[i]);
        if (!s->of->probability) continue;
        if (p->shown) e.value = rad_exact_double(&p->squares) / (double)(p->events + p->others);
        put_site_row(out, s, i, "brier", &e);
        status = rad_performance_predicted(p, &predicted, &told, error);
        if (told) rad_performance_ratio(p->events, p->others, predicted, &ratio);
        put_site_row(out, s, i, "observed by expected", &ratio);
    }
    return status;
}

rad_status rad_tables_performance_by_site(FILE *out, const rad_results *r, rad_error *error) {
    fputs("performance,score,outcome,measure,site,estimate,se,low,high,events,patients\r\n", out);
    return for_scores(out, r, put_sites, error);
}

/* Patients above each cut, and of either outcome below. */
static rad_status put_roc(FILE *out, const scored *s, rad_error *error) {
    const rad_performance_classes *c = &s->is->classes;
    (void)error;
    for (size_t k = 1; k < c->count; k++) {
        uint64_t tp, fp;
        rad_performance_above(c, k, &tp, &fp);
        const double e = (double)c->events, o = (double)c->others, t = (double)tp, f = (double)fp;
        const double numbers[] = {t / e,
                                  (o - f) / o,
                                  t / (t + f),
                                  (o - f) / (e - t + o - f),
                                  (t / e + (o - f) / o) / 2,
                                  (t + o - f) / (e + o),
                                  2 * t / (t + f + e)};
        put_names(out, s);
        rad_fields_number(out, c->class[k].from);
        fprintf(out, ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, tp, fp, c->events - tp, c->others - fp);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, s->results, &c->basis, "%.80s above %g", s->of->name, c->class[k].from);
    }
    if (c->count < 2 && !s->of->timed && s->of->cuts)
        rad_fields_note(s->results, &c->basis, s->results->pool->count, "%.80s: no cut", s->of->name);
    return RAD_OK;
}

rad_status rad_tables_roc(FILE *out, const rad_results *r, rad_error *error) {
    fputs("performance,score,outcome,cut,tp,fp,fn,tn,sensitivity,specificity,ppv,npv,balanced_accuracy,"
          "accuracy,"
          "f1,sites,patients\r\n",
          out);
    return for_scores(out, r, put_roc, error);
}

static rad_status put_calibration(FILE *out, const scored *s, rad_error *error) {
    const rad_performance_classes *c = &s->is->predicted;
    (void)error;
    for (size_t k = 0; k < c->count; k++) {
        const rad_performance_class *x = &c->class[k];
        const double n = (double)(x->events + x->others);
        rad_performance_estimate observed;
        rad_performance_observed(x, &observed);
        const double ends[] = {fmax(x->from, 0), fmin(x->to, 1)},
                     numbers[] = {x->predicted, x->predicted / n, observed.value,
                                  observed.low, observed.high,    (double)x->events / x->predicted};
        put_names(out, s);
        rad_fields_numbers(out, ends, 2);
        fprintf(out, ",%" PRIu64 ",%" PRIu64, x->events + x->others, x->events);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, s->results, &c->basis, "%.80s to %g", s->of->name, x->to);
    }
    if (!c->count && s->of->probability)
        rad_fields_note(s->results, &c->basis, s->results->pool->count, "%.80s: no class", s->of->name);
    return RAD_OK;
}

rad_status rad_tables_calibration(FILE *out, const rad_results *r, rad_error *error) {
    fputs(
        "performance,score,outcome,from,to,n,observed,expected,predicted,share,low,high,observed_by_expected,"
        "sites,patients\r\n",
        out);
    return for_scores(out, r, put_calibration, error);
}

static rad_status put_decision(FILE *out, const scored *s, rad_error *error) {
    const rad_performance_classes *c = &s->is->classes;
    (void)error;
    if (!s->of->probability) return RAD_OK;
    for (size_t k = 1; k < c->count; k++) {
        rad_performance_benefit b;
        rad_performance_decide(c, k, &b);
        const double numbers[] = {c->class[k].from, b.model, b.all, 0, b.avoided};
        put_names(out, s);
        rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
        rad_fields_basis(out, s->results, &c->basis, "%.80s at %g", s->of->name, c->class[k].from);
    }
    if (c->count < 2 && s->of->cuts)
        rad_fields_note(s->results, &c->basis, s->results->pool->count, "%.80s: no threshold", s->of->name);
    return RAD_OK;
}

rad_status rad_tables_decision(FILE *out, const rad_results *r, rad_error *error) {
    fputs("performance,score,outcome,threshold,net_benefit,treat_all,treat_none,avoided,sites,patients\r\n",
          out);
    return for_scores(out, r, put_decision, error);
}
