#include "fitted_order.h"

#include "../core/memory.h"
#include "../federate/pool/distributions.h"
#include "../io/csv.h"
#include "fields.h"
#include "site_forest.h"

#include <math.h>
#include <string.h>

static void put_row(FILE *out, const rad_rounds_fit *f, size_t at, const rad_fitted_measured *r) {
    const rad_meta *m = r->meta;
    const rad_forest_row over =
        m ? rad_forest_random(m, r->share) : (rad_forest_row){.predict_low = NAN, .predict_high = NAN};
    const double numbers[] = {f->lambda[at],   r->is.value,      r->is.se,
                              r->is.low,       r->is.high,       m ? m->tau2 : NAN,
                              m ? m->i2 : NAN, over.predict_low, over.predict_high};
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
_Static_assert(sizeof measures / sizeof measures[0] == RAD_FITTED_MEASURES, "a row each");

bool rad_fitted_measures(const rad_rounds_fit *f, size_t k, bool *pooled) {
    *pooled = measures[k].pooled;
    return f->model->family == RAD_MODEL_COX ? measures[k].timed : measures[k].two;
}

rad_fitted_measured rad_fitted_of_site(const rad_rounds_fit *f, size_t k, const rad_fit_found *x) {
    const rad_fit_site *s = site_of(f, x);
    return (rad_fitted_measured){.measure = measures[k].word,
                                 .of = s->name,
                                 .is = measures[k].of(f, x),
                                 .events = s->events,
                                 .patients = s->patients,
                                 .sites = 1};
}

/* Of one site: whether it told, empty numbers or not. */
static void put_site(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x) {
    bool pooled;
    for (size_t k = 0; k < RAD_FITTED_MEASURES; k++) {
        if (!rad_fitted_measures(f, k, &pooled)) continue;
        const rad_fitted_measured r = rad_fitted_of_site(f, k, x);
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

rad_status rad_fitted_over_sites(const rad_rounds_fit *f, size_t k, rad_meta *m, rad_fitted_measured *r,
                                 rad_error *error) {
    const measure *of = &measures[k];
    double *y = rad_new(f->found_count, sizeof *y, error), *v = rad_new(f->found_count, sizeof *v, error);
    const rad_status status = y && v ? RAD_OK : RAD_NO_MEMORY;
    *r = (rad_fitted_measured){.measure = of->word, .of = "random effects", .meta = m, .share = of->logit};
    for (size_t i = 0; i < f->found_count && status == RAD_OK; i++) {
        const rad_fit_found *x = &f->found[i];
        if (!is_told(f, x, of, &y[r->sites], &v[r->sites])) continue;
        r->sites++;
        r->events += site_of(f, x)->events;
        r->patients += site_of(f, x)->patients;
    }
    if (status == RAD_OK) {
        rad_meta_analyse(y, v, r->sites >= (size_t)f->study->rules.sites ? r->sites : 0, RAD_META_REML, m);
        r->is = rad_forest_random(m, r->share).is;
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
    for (size_t k = 0; k < RAD_FITTED_MEASURES && status == RAD_OK; k++) {
        rad_fitted_measured r;
        rad_meta m;
        bool pooled;
        if (!rad_fitted_measures(f, k, &pooled) || !pooled) continue;
        status = rad_fitted_over_sites(f, k, &m, &r, error);
        if (status == RAD_OK) put_row(out, f, at, &r);
    }
    return status;
}
