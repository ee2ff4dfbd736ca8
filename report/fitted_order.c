#include "fitted_order.h"

#include "../core/memory.h"
#include "../federate/pool/distributions.h"
#include "../federate/pool/pool_performance.h"
#include "../io/csv.h"
#include "fields.h"

#include <math.h>
#include <string.h>

/* A row: of one site, or of all that tell. */
typedef struct row {
    const char *measure, *of;
    rad_performance_estimate is;
    const rad_meta *meta; /* NULL: of one site */
    bool share;           /* it is of logits */
    double events, patients;
    size_t sites;
} row;

static double back(const row *r, double x) {
    return r->share ? rad_performance_share(x) : x;
}

static void put_row(FILE *out, const rad_rounds_fit *f, size_t at, const row *r) {
    const rad_meta *m = r->meta;
    const double numbers[] = {f->lambda[at],
                              r->is.value,
                              r->is.se,
                              r->is.low,
                              r->is.high,
                              m ? m->tau2 : NAN,
                              m ? m->i2 : NAN,
                              m ? back(r, m->predict_low) : NAN,
                              m ? back(r, m->predict_high) : NAN};
    rad_csv_put(out, f->model->name);
    rad_fields_text(out, r->measure);
    rad_fields_text(out, r->of);
    rad_fields_numbers(out, numbers, sizeof numbers / sizeof numbers[0]);
    fprintf(out, ",%.0f,%zu,%.0f\r\n", r->events, r->sites, r->patients);
}

static const rad_fit_site *site_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    for (size_t i = 0; i < f->site_count; i++)
        if (!strcmp(f->sites[i].name, f->tracks[x->track].without)) return &f->sites[i];
    return NULL;
}

static rad_performance_estimate calibrated(double value, double variance) {
    const double se = sqrt(variance);
    return (rad_performance_estimate){value, se, value - RAD_Z95 * se, value + RAD_Z95 * se};
}

/* A measure: its estimate of a site; sums over sites are of its logit, or of itself. */
typedef struct measure {
    const char *word;
    rad_performance_estimate (*of)(const rad_rounds_fit *f, const rad_fit_found *x);
    bool timed, two; /* of which outcomes */
    bool pooled, logit;
} measure;

static rad_performance_estimate order_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    (void)f;
    return rad_performance_estimated(x->order.value, x->order.variance);
}

static rad_performance_estimate brier_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    return (rad_performance_estimate){x->order.squares / site_of(f, x)->patients, NAN, NAN, NAN};
}

static rad_performance_estimate ratio_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    const rad_fit_site *s = site_of(f, x);
    rad_performance_estimate ratio = {NAN, NAN, NAN, NAN};
    if (x->order.told)
        rad_performance_ratio((uint64_t)s->events, (uint64_t)(s->patients - s->events), x->order.expected,
                              &ratio);
    return ratio;
}

static rad_performance_estimate slope_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    (void)f;
    return calibrated(x->order.slope, x->order.slope_variance);
}

static rad_performance_estimate intercept_of(const rad_rounds_fit *f, const rad_fit_found *x) {
    (void)f;
    return calibrated(x->order.intercept, x->order.intercept_variance);
}

static const measure measures[] = {
    {"c", order_of, true, false, true, true},
    {"auc", order_of, false, true, true, true},
    {"brier", brier_of, false, true, false, false},
    {"observed by expected", ratio_of, false, true, false, false},
    {"calibration slope", slope_of, true, true, true, false},
    {"calibration intercept", intercept_of, false, true, true, false},
};
enum { MEASURES = sizeof measures / sizeof measures[0] };

static bool is_measured(const rad_rounds_fit *f, const measure *m) {
    return f->model->family == RAD_MODEL_COX ? m->timed : m->two;
}

/* Of one site: whether it told, empty numbers or not. */
static void put_site(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x) {
    const rad_fit_site *s = site_of(f, x);
    for (size_t m = 0; m < MEASURES; m++) {
        if (!is_measured(f, &measures[m])) continue;
        const row r = {.measure = measures[m].word,
                       .of = s->name,
                       .is = measures[m].of(f, x),
                       .events = s->events,
                       .patients = s->patients,
                       .sites = 1};
        put_row(out, f, x->at, &r);
    }
}

/* What the sites tell, on the scale on which it is added up. */
static bool is_told(const rad_rounds_fit *f, const rad_fit_found *x, const measure *m, double *y, double *v) {
    const rad_performance_estimate own = m->of(f, x);
    if (!x->order.told) return false;
    if (m->logit) return rad_performance_logit(&own, y, v);
    *y = own.value;
    *v = own.se * own.se;
    return isfinite(*y) && *v > 0 && isfinite(*v);
}

static rad_status put_all(FILE *out, const rad_rounds_fit *f, size_t at, const measure *of,
                          rad_error *error) {
    double *y = rad_new(f->found_count, sizeof *y, error), *v = rad_new(f->found_count, sizeof *v, error);
    rad_status status = y && v ? RAD_OK : RAD_NO_MEMORY;
    rad_meta m;
    row r = {.measure = of->word, .of = "random effects", .meta = &m, .share = of->logit};
    for (size_t i = 0; i < f->found_count && status == RAD_OK; i++) {
        const rad_fit_found *x = &f->found[i];
        if (!is_told(f, x, of, &y[r.sites], &v[r.sites])) continue;
        r.sites++;
        r.events += site_of(f, x)->events;
        r.patients += site_of(f, x)->patients;
    }
    if (status == RAD_OK) {
        rad_meta_analyse(y, v, r.sites >= (size_t)f->study->rules.sites ? r.sites : 0, RAD_META_REML, &m);
        r.is = (rad_performance_estimate){back(&r, m.estimate), m.se, back(&r, m.low), back(&r, m.high)};
        put_row(out, f, at, &r);
    }
    rad_free(y);
    rad_free(v);
    return status;
}

bool rad_fitted_has_order(const rad_rounds_fit *f) {
    for (size_t i = 0; i < f->found_count; i++)
        if (f->found[i].order.asked) return true;
    return false;
}

rad_status rad_fitted_put_order(FILE *out, void *context, rad_error *error) {
    const rad_rounds_fit *f = context;
    rad_status status = RAD_OK;
    size_t at = 0;
    fputs("model,measure,site,lambda,estimate,se,low,high,tau2,i2,predict_low,predict_high,events,sites,"
          "patients\r\n",
          out);
    for (size_t t = 1; t < f->track_count; t++)
        for (size_t i = 0; i < f->found_count; i++)
            if (f->found[i].order.asked && f->found[i].track == t) {
                put_site(out, f, &f->found[i]);
                at = f->found[i].at;
            }
    for (size_t m = 0; m < MEASURES && status == RAD_OK; m++)
        if (measures[m].pooled && is_measured(f, &measures[m]))
            status = put_all(out, f, at, &measures[m], error);
    return status;
}
