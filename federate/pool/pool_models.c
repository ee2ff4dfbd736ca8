#include "pool_models.h"

#include "../../core/memory.h"
#include "pool_analyses.h"
#include "results.h"

#include <math.h>
#include <string.h>

/* What the models need of a site, while its covariance is there. */
static rad_status add(rad_pool *p, rad_summary *site, int threads, rad_error *error) {
    const rad_study *s = p->study;
    (void)threads;
    if (!rad_study_asks(s, RAD_MODELS)) return RAD_OK;
    rad_status status =
        rad_grow(&p->crossed, p->crossed_count, &p->crossed_capacity, sizeof *p->crossed, error);
    if (status != RAD_OK) return status;
    rad_site_crossed *x = &p->crossed[p->crossed_count];
    *x = (rad_site_crossed){.models = s->model_count,
                            .model = rad_new(s->model_count, sizeof *x->model, error)};
    if (!x->model) return RAD_NO_MEMORY;
    memcpy(x->site, site->site, sizeof x->site);
    p->crossed_count++;
    for (size_t m = 0; m < s->model_count && status == RAD_OK; m++)
        if (rad_closed_is(&s->models[m]))
            status = rad_crossed_make(s, &s->models[m], site, &x->model[m], error);
    return status;
}

static const rad_crossed *find(const rad_pool *p, size_t site, size_t model) {
    for (size_t i = 0; i < p->crossed_count; i++)
        if (!strcmp(p->crossed[i].site, p->sites[site].site)) return &p->crossed[i].model[model];
    return NULL;
}

/* The sites that have part in it, and what they stand for. */
static rad_status gather(const rad_pool *p, size_t model, rad_fitted *f, rad_error *error) {
    double patients = 0;
    f->of = rad_new(p->count, sizeof *f->of, error);
    f->gram = rad_new(p->count, sizeof *f->gram, error);
    f->crossed = rad_new(p->count, sizeof(void *), error);
    f->origin = rad_new(f->columns.count, sizeof *f->origin, error);
    if (!f->of || !f->gram || !f->crossed || !f->origin) return RAD_NO_MEMORY;
    for (size_t i = 0; i < p->count; i++) {
        const rad_crossed *x = find(p, i, model);
        if (!x || x->state != RAD_CROSSED_FINE || !(x->gram.n > 0)) continue;
        f->of[f->sites] = i;
        f->crossed[f->sites] = x;
        f->gram[f->sites++] = x->gram;
        patients += x->gram.n;
    }
    for (size_t c = 0; c < f->columns.count; c++)
        if (!f->columns.column[c].level)
            f->origin[c] = p->total.variables[f->columns.column[c].variable].centre;
    f->basis = rad_basis_make(&p->rules, f->sites, (uint64_t)patients);
    return RAD_OK;
}

/* Patients of the level of a column at a site; of the first level of its factor. */
static double patients_of(const rad_fitted *f, size_t site, size_t column, bool first) {
    const rad_gram *g = &f->gram[site];
    double n = first ? g->n : g->n * g->mean[column];
    for (size_t c = 0; first && c < f->slopes; c++)
        if (f->columns.column[c].level && f->columns.column[c].factor == f->columns.column[column].factor)
            n -= g->n * g->mean[c];
    return n;
}

rad_basis rad_fitted_basis(const rad_pool *p, const rad_fitted *f, size_t column) {
    size_t least = f->sites;
    for (size_t c = 0; c < f->slopes; c++) {
        size_t with = 0, without = 0;
        if ((column != c && column != f->slopes) || !f->columns.column[c].level) continue;
        for (size_t s = 0; s < f->sites; s++) {
            with += column == f->slopes || patients_of(f, s, c, false) > 0.5; /* counts, but for rounding */
            without += patients_of(f, s, c, true) > 0.5;
        }
        least = with < least ? with : least;
        least = without < least ? without : least;
    }
    return rad_basis_make(&p->rules, least, f->basis.patients);
}

rad_basis rad_fitted_level_basis(const rad_pool *p, const rad_fitted *f, size_t level) {
    size_t with = 0, first = 0;
    for (size_t s = 0; s < f->sites; s++) {
        with += f->crossed[s]->n[level] > 0;
        first += f->crossed[s]->n[0] > 0;
    }
    return rad_basis_make(&p->rules, with < first ? with : first, f->basis.patients);
}

/* What is on the stack of a model while it is fitted; all owned. */
typedef struct making {
    rad_fitting fitting;
    double *unit, *lambda;
    size_t *term;
} making;

static void release(making *m) {
    rad_free(m->unit);
    rad_free(m->lambda);
    rad_free(m->term);
}

/* Units of the columns, where they are not their deviations. */
static rad_status set_units(const rad_fitted *f, making *m, rad_error *error) {
    if (f->model->scale == RAD_SCALE_POOLED) return RAD_OK;
    m->unit = rad_new(f->slopes, sizeof *m->unit, error);
    if (!m->unit) return RAD_NO_MEMORY;
    for (size_t c = 0; c < f->slopes; c++) {
        double centre;
        rad_model_scaling(f->model, f->columns.column[c].name, &centre, &m->unit[c]);
    }
    m->fitting.unit = m->unit;
    return RAD_OK;
}

/* Given lambdas, or a path from the largest one, of all sites. */
static rad_status set_lambdas(const rad_fitted *f, making *m, rad_error *error) {
    const rad_penalty *p = &f->model->penalty;
    const size_t steps = p->lambdas ? p->lambdas : (size_t)p->path;
    rad_gram all;
    m->lambda = rad_new(steps, sizeof *m->lambda, error);
    rad_status status = m->lambda ? rad_gram_allocate(f->slopes + 1, &all, error) : RAD_NO_MEMORY;
    if (status != RAD_OK) return status;
    rad_gram_join(f->gram, f->sites, f->sites, &all);
    for (size_t i = 0; i < p->lambdas; i++) m->lambda[i] = p->lambda[i];
    if (!p->lambdas)
        rad_penalised_grid(rad_penalised_largest(&all, p->alpha, m->unit), p->ratio, steps, m->lambda);
    m->fitting.lambda = m->lambda;
    m->fitting.steps = steps;
    rad_gram_free(&all);
    return RAD_OK;
}

static rad_status begin(const rad_fitted *f, making *m, rad_error *error) {
    *m = (making){.fitting = {f->model, NULL, f->slopes, f->columns.terms, NULL, NULL, 1, NULL}};
    m->term = rad_new(f->slopes, sizeof *m->term, error);
    rad_status status = m->term ? RAD_OK : RAD_NO_MEMORY;
    for (size_t c = 0; c < f->slopes && status == RAD_OK; c++) m->term[c] = f->columns.column[c].term;
    m->fitting.term = m->term;
    if (f->model->penalty.kind == RAD_PENALTY_NONE || status != RAD_OK) return status;
    status = set_units(f, m, error);
    return status == RAD_OK ? set_lambdas(f, m, error) : status;
}

static rad_status follow_lambdas(rad_fitted *f, const rad_fitting *how, rad_error *error) {
    rad_status status = RAD_OK;
    f->path = rad_new(how->steps, sizeof *f->path, error);
    if (!f->path) return RAD_NO_MEMORY;
    for (size_t i = 0; i < how->steps && status == RAD_OK; i++, f->steps = i) {
        rad_path_step *x = &f->path[i];
        *x = (rad_path_step){.lambda = how->lambda[i], .term = f->columns.terms, .mse = NAN};
        status = rad_predictor_allocate(f->slopes, &x->fit, error);
        if (status == RAD_OK && i) /* warm */
            memcpy(x->fit.estimate, f->path[i - 1].fit.estimate, (f->slopes + 1) * sizeof *x->fit.estimate);
        if (status == RAD_OK) status = rad_fitting_fit(how, f->gram, f->sites, i, i > 0, &x->fit, error);
        if (status != RAD_OK) continue;
        const bool fine = !isnan(x->fit.estimate[f->slopes]);
        x->slopes = rad_penalised_count(&x->fit);
        x->rss = fine ? x->fit.rss : NAN;
        x->criterion = x->fit.n * log(x->rss / x->fit.n) + log(x->fit.n) * (double)(x->slopes + 1);
    }
    return status;
}

/* By the sites that are left out; or, of penalties that make slopes 0, by BIC. */
static rad_status choose(rad_fitted *f, const rad_fitting *how, bool validated, rad_error *error) {
    double *value = rad_new(f->steps, sizeof *value, error);
    rad_fitting centred = *how;
    rad_status status = value ? RAD_OK : RAD_NO_MEMORY;
    f->chosen = f->steps > 1 ? f->steps : 0;
    f->chosen_by = f->steps > 1 ? "" : "given";
    centred.origin = NULL;
    if (status == RAD_OK && validated) {
        status = rad_fitting_errors(&centred, f->gram, f->sites, value, error);
        for (size_t i = 0; i < f->steps; i++) f->path[i].mse = value[i];
        f->chosen_by = f->steps > 1 ? "left out" : "given";
    } else if (status == RAD_OK && f->model->penalty.alpha > 0) {
        for (size_t i = 0; i < f->steps; i++) value[i] = f->path[i].criterion;
        f->chosen_by = f->steps > 1 ? "bic" : "given";
    }
    if (status == RAD_OK && f->steps > 1 && *f->chosen_by) f->chosen = rad_fitting_least(value, f->steps);
    rad_free(value);
    return status;
}

static rad_status follow_terms(rad_fitted *f, const rad_fitting *how, rad_error *error) {
    static const rad_criterion by[] = {
        [RAD_SELECT_AIC] = RAD_AIC, [RAD_SELECT_BIC] = RAD_BIC, [RAD_SELECT_F] = RAD_F_TO_ENTER};
    const rad_forward forward = {by[f->model->select], f->model->enter, how->term, how->terms};
    rad_gram all = {0};
    bool *in = rad_new(f->slopes, sizeof *in, error);
    rad_forward_step *step = rad_new(how->terms + 1, sizeof *step, error);
    f->path = rad_new(how->terms + 1, sizeof *f->path, error);
    rad_status status = in && step && f->path ? rad_gram_allocate(f->slopes + 1, &all, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_gram_join(f->gram, f->sites, f->sites, &all);
        status = rad_forward_select(&all, &forward, in, step, &f->steps, error);
    }
    for (size_t i = 0; i < f->steps && status == RAD_OK; i++)
        f->path[i] = (rad_path_step){.lambda = NAN,
                                     .term = step[i].term,
                                     .slopes = step[i].df - 1,
                                     .rss = step[i].rss,
                                     .criterion = step[i].criterion,
                                     .mse = NAN};
    f->chosen = f->steps;
    rad_gram_free(&all);
    rad_free(in);
    rad_free(step);
    return status;
}

/* All levels of a factor; it stands on what the weakest of them does. */
static rad_status test_factor(const rad_pool *p, const rad_fitted *f, size_t factor, const rad_gram *all,
                              rad_test *out, rad_error *error) {
    double square = 0;
    size_t df = 0, count = 0;
    bool *of = rad_new(f->slopes, sizeof *of, error);
    if (!of) return RAD_NO_MEMORY;
    rad_basis basis = rad_basis_make(&p->rules, f->sites, f->basis.patients);
    for (size_t c = 0; c < f->slopes; c++) {
        of[c] = f->columns.column[c].level && f->columns.column[c].factor == factor &&
                all->cross[c * (f->slopes + 1) + c] > 0;
        const rad_basis own = rad_fitted_basis(p, f, c);
        if (of[c]) basis = rad_basis_least(&basis, &own);
        count += of[c];
    }
    rad_status status = RAD_OK;
    if (count && basis.shown) status = rad_ordinary_drop(all, of, &square, &df, error);
    rad_inference_f(square, df, f->fit.rss, f->fit.df, out);
    out->n = count ? (uint64_t)all->n : 0;
    out->basis = basis;
    rad_free(of);
    return status;
}

static rad_status test_factors(const rad_pool *p, rad_fitted *f, rad_error *error) {
    rad_gram all;
    f->joint = rad_new(p->study->factor_count, sizeof *f->joint, error);
    rad_status status = f->joint ? rad_gram_allocate(f->slopes + 1, &all, error) : RAD_NO_MEMORY;
    if (status != RAD_OK) return status;
    rad_gram_join(f->gram, f->sites, f->sites, &all);
    for (size_t k = 0; k < p->study->factor_count && status == RAD_OK; k++)
        status = test_factor(p, f, k, &all, &f->joint[k], error);
    rad_gram_free(&all);
    return status;
}

static rad_status fit_numbers(const rad_pool *p, rad_fitted *f, rad_error *error) {
    making m;
    rad_status status = begin(f, &m, error);
    const bool validated = f->model->leave_one_site_out && f->sites > (size_t)p->rules.sites;
    m.fitting.origin = f->origin;
    if (status == RAD_OK) status = rad_predictor_allocate(f->slopes, &f->fit, error);
    if (status == RAD_OK && m.fitting.lambda) {
        status = follow_lambdas(f, &m.fitting, error);
        if (status == RAD_OK) status = choose(f, &m.fitting, validated, error);
        for (size_t j = 0; j <= f->slopes && status == RAD_OK; j++) {
            f->fit.estimate[j] = f->chosen < f->steps ? f->path[f->chosen].fit.estimate[j] : NAN;
            f->fit.se[j] = NAN;
        }
    } else if (status == RAD_OK) {
        status = rad_fitting_fit(&m.fitting, f->gram, f->sites, 0, false, &f->fit, error);
        if (status == RAD_OK && f->model->select != RAD_SELECT_NONE)
            status = follow_terms(f, &m.fitting, error);
        else if (status == RAD_OK && f->model->family == RAD_MODEL_GAUSSIAN)
            status = test_factors(p, f, error);
    }
    if (status == RAD_OK && f->model->family == RAD_MODEL_MIXED) {
        status = rad_mixed_allocate(f->slopes, &f->mixed, error);
        if (status == RAD_OK)
            status = rad_mixed_fit(f->gram, f->sites, !f->model->ml, f->origin, &f->mixed, error);
    }
    m.fitting.origin = NULL;
    if (status == RAD_OK && f->model->leave_one_site_out)
        status = rad_crossvalid_compute(f, &m.fitting, &p->rules, error);
    release(&m);
    return status;
}

/* Intercepts are told for the values as the study has them. */
static rad_status fit_discriminant(const rad_pool *p, rad_fitted *f, rad_error *error) {
    const size_t levels = p->study->factors[f->model->of].levels, k = f->slopes;
    rad_status status = rad_discriminant_allocate(k, levels, &f->lda, error);
    if (status == RAD_OK) status = rad_crossvalid_discriminate(f, f->sites, &f->lda, error);
    for (size_t l = 1; l < levels && status == RAD_OK; l++)
        for (size_t c = 0; c < k; c++)
            if (!isnan(f->lda.estimate[l * (k + 1) + c]))
                f->lda.estimate[l * (k + 1) + k] -= f->lda.estimate[l * (k + 1) + c] * f->origin[c];
    if (status == RAD_OK && f->model->leave_one_site_out)
        status = rad_crossvalid_discriminant(f, &p->rules, error);
    return status;
}

static rad_status compute_model(const rad_pool *p, size_t model, rad_fitted *f, rad_error *error) {
    *f = (rad_fitted){.model = &p->study->models[model], .chosen_by = ""};
    rad_status status = rad_crossed_columns_make(p->study, f->model, &p->total, &f->columns, error);
    if (status != RAD_OK) return status;
    f->slopes = f->columns.count - f->columns.response;
    status = gather(p, model, f, error);
    if (status != RAD_OK || !f->basis.shown) return status;
    return f->model->family == RAD_MODEL_LDA ? fit_discriminant(p, f, error) : fit_numbers(p, f, error);
}

static rad_status compute(rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    if (!rad_study_asks(s, RAD_MODELS)) return RAD_OK;
    r->fitted = rad_new(s->model_count, sizeof *r->fitted, error);
    if (!r->fitted) return RAD_NO_MEMORY;
    for (size_t m = 0; m < s->model_count && status == RAD_OK; m++)
        if (rad_closed_is(&s->models[m])) status = compute_model(r->pool, m, &r->fitted[m], error);
    return status;
}

static void clear_model(rad_fitted *f) {
    for (size_t i = 0; i < f->steps; i++) rad_predictor_free(&f->path[i].fit);
    for (size_t s = 0; f->validated && s < f->sites; s++) rad_free(f->validated[s].distance);
    rad_crossed_columns_free(&f->columns);
    rad_predictor_free(&f->fit);
    rad_mixed_free(&f->mixed);
    rad_discriminant_free(&f->lda);
    rad_free(f->of);
    rad_free(f->gram);
    rad_free(f->crossed);
    rad_free(f->origin);
    rad_free(f->joint);
    rad_free(f->path);
    rad_free(f->validated);
}

static void clear(rad_results *r) {
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count; m++) clear_model(&r->fitted[m]);
    rad_free(r->fitted);
}

/* The patients of a model are those of its pairs and groups, which are seen there. */
static void see(const rad_summary *site, const rad_study *study, rad_fewest *f) {
    (void)study;
    rad_fewest_see(f, site->least_pair, "a model", "");
}

static rad_status cover(const rad_covering *at, rad_error *error) {
    const rad_study *s = at->pool->study;
    rad_status status = RAD_OK;
    for (size_t m = 0; m < s->model_count && status == RAD_OK; m++) {
        if (!rad_closed_is(&s->models[m])) continue;
        const rad_crossed *x = find(at->pool, at->site, m);
        status = rad_coverage_add(at, s->models[m].name, NULL, 1, x && x->state == RAD_CROSSED_FINE, error);
    }
    return status;
}

void rad_pool_models_explain(const rad_results *r, rad_warnings *warnings) {
    const rad_study *s = r->pool->study;
    for (size_t m = 0; r->fitted && m < s->model_count; m++)
        for (size_t i = 0; i < r->pool->count && r->fitted[m].model; i++) {
            const rad_crossed *x = find(r->pool, i, m);
            if (x && x->state != RAD_CROSSED_FINE)
                rad_warn(warnings, "model %s is without site %s: %s", s->models[m].name,
                         r->pool->sites[i].site, rad_crossed_words[x->state]);
        }
}

const rad_pool_analysis rad_pool_models = {
    .add = add, .compute = compute, .clear = clear, .see = see, .cover = cover};
