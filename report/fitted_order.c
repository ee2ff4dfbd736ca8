#include "fitted_order.h"

#include "../core/memory.h"
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
    double events, patients;
    size_t sites;
} row;

static void put_row(FILE *out, const rad_rounds_fit *f, size_t at, const row *r) {
    const rad_meta *m = r->meta;
    const double numbers[] = {f->lambda[at],
                              r->is.value,
                              r->is.se,
                              r->is.low,
                              r->is.high,
                              m ? m->tau2 : NAN,
                              m ? m->i2 : NAN,
                              m ? rad_performance_share(m->predict_low) : NAN,
                              m ? rad_performance_share(m->predict_high) : NAN};
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

/* Of one site: whether it told, empty numbers or not. */
static void put_site(FILE *out, const rad_rounds_fit *f, const rad_fit_found *x, const char *measure) {
    const rad_fit_site *s = site_of(f, x);
    const rad_fit_order *o = &x->order;
    rad_performance_estimate ratio = {NAN, NAN, NAN, NAN};
    row r = {.measure = measure,
             .of = s->name,
             .is = rad_performance_estimated(o->value, o->variance),
             .events = s->events,
             .patients = s->patients,
             .sites = 1};
    put_row(out, f, x->at, &r);
    if (f->model->family != RAD_MODEL_LOGISTIC) return;
    r.measure = "brier";
    r.is = (rad_performance_estimate){o->squares / s->patients, NAN, NAN, NAN};
    put_row(out, f, x->at, &r);
    r.measure = "observed by expected";
    if (o->told)
        rad_performance_ratio((uint64_t)s->events, (uint64_t)(s->patients - s->events), o->expected, &ratio);
    r.is = ratio;
    put_row(out, f, x->at, &r);
}

/* Logits of the sites, by random effects. */
static rad_status put_all(FILE *out, const rad_rounds_fit *f, size_t at, const char *measure,
                          rad_error *error) {
    double *y = rad_new(f->found_count, sizeof *y, error), *v = rad_new(f->found_count, sizeof *v, error);
    rad_status status = y && v ? RAD_OK : RAD_NO_MEMORY;
    rad_meta m;
    row r = {.measure = measure, .of = "random effects", .meta = &m};
    for (size_t i = 0; i < f->found_count && status == RAD_OK; i++) {
        const rad_fit_found *x = &f->found[i];
        const rad_performance_estimate own = rad_performance_estimated(x->order.value, x->order.variance);
        if (!x->order.told || !rad_performance_logit(&own, &y[r.sites], &v[r.sites])) continue;
        r.sites++;
        r.events += site_of(f, x)->events;
        r.patients += site_of(f, x)->patients;
    }
    if (status == RAD_OK) {
        rad_meta_analyse(y, v, r.sites >= (size_t)f->study->rules.sites ? r.sites : 0, RAD_META_REML, &m);
        r.is = (rad_performance_estimate){rad_performance_share(m.estimate), m.se,
                                          rad_performance_share(m.low), rad_performance_share(m.high)};
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
    const char *measure = f->model->family == RAD_MODEL_COX ? "c" : "auc";
    size_t at = 0;
    fputs("model,measure,site,lambda,estimate,se,low,high,tau2,i2,predict_low,predict_high,events,sites,"
          "patients\r\n",
          out);
    for (size_t t = 1; t < f->track_count; t++)
        for (size_t i = 0; i < f->found_count; i++)
            if (f->found[i].order.asked && f->found[i].track == t) {
                put_site(out, f, &f->found[i], measure);
                at = f->found[i].at;
            }
    return put_all(out, f, at, measure, error);
}
