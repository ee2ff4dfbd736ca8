#include "pooled_tables.h"

#include "../federate/pool/distributions.h"
#include "../io/csv.h"
#include "fields.h"

#include <math.h>
#include <string.h>

static const char intercept[] = "(Intercept)";
static const char *const penalties[] = {"none", "ridge", "lasso", "elastic"};

static void put_model(FILE *out, const rad_fitted *f, bool family) {
    rad_csv_put(out, f->model->name);
    if (family) rad_fields_text(out, rad_model_family_word(f->model->family));
}

static const char *term_of(const rad_fitted *f, size_t column) {
    return column < f->slopes ? f->columns.column[column].name : intercept;
}

/* "log" of a variable that the study takes so: the slope is of that. */
static const char *transform_of(const rad_results *r, const rad_fitted *f, size_t column) {
    const bool variable = column < f->slopes && !f->columns.column[column].level;
    return variable ? rad_fields_scale(&r->pool->total.variables[f->columns.column[column].variable]) : "";
}

static bool is_number(const rad_fitted *f) {
    return f->model->family != RAD_MODEL_LDA;
}

/* Interval and test of an estimate: Student's where degrees of freedom are known, else the normal. */
static void put_estimate(FILE *out, double estimate, double se, double df) {
    const double statistic = se > 0 ? estimate / se : NAN,
                 half = (df > 0 ? rad_t_quantile(0.975, df) : RAD_Z95) * se,
                 p = df > 0 ? rad_t_two_sided(statistic, df) : rad_chi_square_tail(statistic * statistic, 1);
    const double numbers[] = {estimate,        se,        estimate - half,
                              estimate + half, statistic, isnan(statistic) ? NAN : p};
    rad_fields_numbers(out, numbers, 6);
}

static void put_row(FILE *out, const rad_results *r, const rad_fitted *f, const char *level, size_t column,
                    const double number[3], const rad_basis *basis) {
    put_model(out, f, true);
    rad_fields_text(out, level);
    rad_fields_text(out, term_of(f, column));
    rad_fields_text(out, transform_of(r, f, column));
    if (basis->shown)
        put_estimate(out, number[0], number[1], number[2]);
    else
        rad_fields_empty(out, 6);
    rad_fields_basis(out, r, basis, "%.40s: %.90s", f->model->name, term_of(f, column));
}

static void put_numbers(FILE *out, const rad_results *r, const rad_fitted *f) {
    for (size_t j = 0; j <= f->slopes; j++) {
        const rad_basis basis = rad_fitted_basis(r->pool, f, j);
        const double none[] = {NAN, NAN, NAN}, number[] = {f->fit.columns ? f->fit.estimate[j] : NAN,
                                                           f->fit.columns ? f->fit.se[j] : NAN, f->fit.df};
        if (basis.shown && isnan(number[0])) continue; /* the column has no part in it */
        if (basis.shown && f->model->penalty.kind != RAD_PENALTY_NONE && number[0] == 0) continue;
        put_row(out, r, f, "", j, basis.shown ? number : none, &basis);
    }
}

static void put_levels(FILE *out, const rad_results *r, const rad_fitted *f) {
    const rad_factor *factor = &r->pool->study->factors[f->model->of];
    for (size_t l = 1; l < factor->levels; l++) {
        const rad_basis basis = rad_fitted_level_basis(r->pool, f, l);
        for (size_t j = 0; j <= f->slopes; j++) {
            const double number[] = {basis.shown ? f->lda.estimate[l * (f->slopes + 1) + j] : NAN, NAN, NAN};
            if (!basis.shown || !isnan(number[0])) put_row(out, r, f, factor->level[l], j, number, &basis);
        }
    }
}

rad_status rad_tables_coefficients(FILE *out, const rad_results *r, rad_error *error) {
    (void)error;
    fputs("model,family,level,term,transform,estimate,se,low,high,statistic,p,sites,patients\r\n", out);
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count; m++) {
        const rad_fitted *f = &r->fitted[m];
        if (f->model) (is_number(f) ? put_numbers : put_levels)(out, r, f);
    }
    return RAD_OK;
}

static void put_fit(FILE *out, const rad_results *r, const rad_fitted *f, const char *level,
                    const double *number, const rad_basis *basis) {
    const rad_model *m = f->model;
    const bool path = f->steps && m->select == RAD_SELECT_NONE,
               some = basis->shown && is_number(f) && !(path && f->chosen == f->steps);
    put_model(out, f, true);
    rad_fields_text(out, m->response);
    rad_fields_text(out, level);
    rad_fields_text(out, penalties[m->penalty.kind]);
    rad_fields_text(out, basis->shown ? f->chosen_by : "");
    rad_fields_count(out, some, some ? rad_penalised_count(&f->fit) : 0);
    rad_fields_numbers(out, number, 14);
    rad_fields_basis(out, r, basis, "%.40s%s%.40s", m->name, *level ? ": " : "", level);
}

/* alpha, lambda, r2, sigma, tau, icc, deviance, statistic, df1, df2, p, distance, then the mean squared error
 * and R^2 of the sites that are left out. */
enum {
    ALPHA,
    LAMBDA,
    R2,
    SIGMA,
    TAU,
    ICC,
    DEVIANCE,
    STATISTIC,
    DF1,
    DF2,
    P,
    DISTANCE,
    MSE_OUT,
    R2_OUT,
    NUMBERS
};

static void fill_number(const rad_fitted *f, double *x) {
    const rad_model *m = f->model;
    const rad_predictor *fit = &f->fit;
    const bool free = m->penalty.kind == RAD_PENALTY_NONE;
    if (!free) x[ALPHA] = m->penalty.alpha;
    if (!free && f->chosen < f->steps) x[LAMBDA] = f->path[f->chosen].lambda;
    if (m->family == RAD_MODEL_MIXED) {
        x[SIGMA] = f->mixed.sigma;
        x[TAU] = f->mixed.tau;
        x[ICC] = f->mixed.icc;
        x[DEVIANCE] = f->mixed.deviance;
    } else if (free && fit->tss > 0) {
        const double used = (double)rad_penalised_count(fit);
        x[R2] = 1 - fit->rss / fit->tss;
        x[SIGMA] = fit->df > 0 ? sqrt(fit->rss / fit->df) : NAN;
        x[DF1] = used;
        x[DF2] = fit->df;
        if (m->select == RAD_SELECT_NONE && used > 0 && fit->df > 0 && fit->rss > 0) {
            x[STATISTIC] = (fit->tss - fit->rss) / used / (fit->rss / fit->df);
            x[P] = rad_f_tail(x[STATISTIC], used, fit->df);
        }
    } else if (!free && f->chosen < f->steps) {
        const rad_predictor *chosen = &f->path[f->chosen].fit;
        x[R2] = chosen->tss > 0 ? 1 - chosen->rss / chosen->tss : NAN;
    }
    if (f->validated) {
        x[MSE_OUT] = f->all.mse;
        x[R2_OUT] = f->all.r2;
    }
}

static void put_fits(FILE *out, const rad_results *r, const rad_fitted *f) {
    const rad_factor *factor = &r->pool->study->factors[is_number(f) ? 0 : f->model->of];
    for (size_t l = is_number(f) ? 0 : 1; l < (is_number(f) ? 1 : factor->levels); l++) {
        const rad_basis basis = is_number(f) ? f->basis : rad_fitted_level_basis(r->pool, f, l);
        double number[NUMBERS];
        for (size_t i = 0; i < NUMBERS; i++) number[i] = NAN;
        if (basis.shown && is_number(f)) fill_number(f, number);
        if (basis.shown && !is_number(f)) {
            number[STATISTIC] = f->lda.statistic[l];
            number[DF1] = f->lda.df1;
            number[DF2] = f->lda.df2;
            number[P] = f->lda.p[l];
            number[DISTANCE] = sqrt(f->lda.distance[l]);
        }
        put_fit(out, r, f, is_number(f) ? "" : factor->level[l], number, &basis);
    }
}

rad_status rad_tables_fits(FILE *out, const rad_results *r, rad_error *error) {
    (void)error;
    fputs("model,family,response,level,penalty,chosen_by,slopes,alpha,lambda,r2,sigma,tau,icc,deviance,"
          "statistic,"
          "df1,df2,p,distance,mse_left_out,r2_left_out,sites,patients\r\n",
          out);
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count; m++)
        if (r->fitted[m].model) put_fits(out, r, &r->fitted[m]);
    return RAD_OK;
}

static void put_step(FILE *out, const rad_results *r, const rad_fitted *f, size_t step, size_t column) {
    const rad_path_step *x = &f->path[step];
    const bool entered = isnan(x->lambda) && x->term < f->columns.terms;
    const double numbers[] = {x->rss, x->criterion, x->mse};
    put_model(out, f, false);
    rad_fields_count(out, true, step);
    rad_fields_number(out, x->lambda);
    rad_fields_text(out, entered ? f->model->terms.list->child[x->term].text : "");
    rad_fields_count(out, true, x->slopes);
    rad_fields_numbers(out, numbers, 3);
    rad_fields_text(out, isnan(x->lambda) ? "" : term_of(f, column));
    rad_fields_number(out, isnan(x->lambda) ? NAN : x->fit.estimate[column]);
    const rad_basis basis = rad_fitted_basis(r->pool, f, f->slopes);
    rad_fields_basis(out, r, &basis, "%.40s, step %zu", f->model->name, step);
}

rad_status rad_tables_path(FILE *out, const rad_results *r, rad_error *error) {
    bool some = false;
    (void)error;
    fputs("model,step,lambda,entered,slopes,rss,criterion,mse_left_out,term,estimate,sites,patients\r\n",
          out);
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count; m++) {
        const rad_fitted *f = &r->fitted[m];
        const rad_model *x = f->model;
        some = some || (x && (x->penalty.kind != RAD_PENALTY_NONE || x->select != RAD_SELECT_NONE));
        if (!x || !rad_fitted_basis(r->pool, f, f->slopes).shown) continue;
        for (size_t i = 0; i < f->steps; i++)
            for (size_t j = f->slopes + 1; j-- > 0;) {
                const double b = isnan(f->path[i].lambda) ? NAN : f->path[i].fit.estimate[j];
                if (j == f->slopes || (!isnan(b) && b != 0 && rad_fitted_basis(r->pool, f, j).shown))
                    put_step(out, r, f, i, j);
            }
    }
    rad_fields_unasked(r, !some);
    return RAD_OK;
}

static void put_validated(FILE *out, const rad_results *r, const rad_fitted *f, size_t site, size_t level) {
    const rad_validated *x = &f->validated[site];
    const rad_predicted *p = &x->predicted;
    const char *name = r->pool->sites[f->of[site]].site;
    const double d = x->distance && x->basis.shown ? x->distance[level] : NAN;
    const double numbers[] = {p->mse, p->r2, p->slope, p->shift, d, 0.5 * erfc(-d / 2)};
    put_model(out, f, false);
    rad_fields_text(out, name);
    rad_fields_text(out, level ? r->pool->study->factors[f->model->of].level[level] : "");
    rad_fields_count(out, x->basis.shown, (uint64_t)f->gram[site].n);
    rad_fields_number(out, x->lambda);
    rad_fields_count(out, x->basis.shown && !level, x->slopes);
    rad_fields_numbers(out, numbers, 6);
    rad_fields_basis(out, r, &x->basis, "%.40s without %.60s", f->model->name, name);
}

rad_status rad_tables_validation(FILE *out, const rad_results *r, rad_error *error) {
    bool some = false;
    (void)error;
    fputs("model,without,level,n,lambda,slopes,mse,r2,slope,shift,distance,auc_normal,sites,patients\r\n",
          out);
    rad_fields_single(r);
    if (r->tally) r->tally->of = r->pool->count - 1;
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count; m++) {
        const rad_fitted *f = &r->fitted[m];
        if (!f->model) continue;
        some = some || f->model->leave_one_site_out;
        const size_t levels = !is_number(f) ? r->pool->study->factors[f->model->of].levels : 0;
        for (size_t s = 0; f->validated && s < f->sites; s++)
            for (size_t l = levels ? 1 : 0; l < (levels ? levels : 1); l++) put_validated(out, r, f, s, l);
    }
    rad_fields_unasked(r, !some || r->pool->count <= (size_t)r->pool->rules.sites);
    return RAD_OK;
}
