#include "plots.h"

#include "../core/memory.h"
#include "html.h"
#include "plot.h"

#include <math.h>

enum { ROWS = 30, LEFT = 150, RIGHT = 322, TOP = 8, STEP = 15 };

/* Slopes of a model in deviations of the response by deviation of the column, and half of their intervals. */
typedef struct scaled {
    const rad_fitted *f;
    double *slope, *half; /* [slopes]; owned */
    double *unit;         /* owned */
    size_t *rows, count;  /* columns that are shown, the largest first; owned */
} scaled;

static void release(scaled *x) {
    rad_free(x->slope);
    rad_free(x->half);
    rad_free(x->unit);
    rad_free(x->rows);
}

static rad_status scale(const rad_results *r, const rad_fitted *f, scaled *x, rad_error *error) {
    const size_t k = f->slopes;
    rad_gram all = {0};
    *x = (scaled){.f = f};
    x->slope = rad_new(k, sizeof *x->slope, error);
    x->half = rad_new(k, sizeof *x->half, error);
    x->unit = rad_new(k, sizeof *x->unit, error);
    x->rows = rad_new(k, sizeof *x->rows, error);
    double *key = rad_new(k, sizeof *key, error);
    rad_status status = x->slope && x->half && x->unit && x->rows && key
                            ? rad_gram_allocate(k + 1, &all, error)
                            : RAD_NO_MEMORY;
    if (status == RAD_OK) {
        rad_gram_join(f->gram, f->sites, f->sites, &all);
        const double y = all.cross[k * (k + 1) + k];
        for (size_t j = 0; j < k; j++) {
            const bool shown = rad_fitted_basis(r->pool, f, j).shown;
            x->unit[j] = shown && y > 0 ? sqrt(all.cross[j * (k + 1) + j] / y) : NAN;
            x->slope[j] = f->fit.estimate[j] * x->unit[j];
            x->half[j] = 1.96 * f->fit.se[j] * x->unit[j];
            key[j] = x->slope[j] != 0 ? -fabs(x->slope[j]) : NAN;
        }
        x->count = rad_plot_smallest(key, k, ROWS, x->rows);
    }
    rad_gram_free(&all);
    rad_free(key);
    return status;
}

static double wide(const scaled *x, size_t row) {
    const double half = x->half[x->rows[row]];
    return fabs(x->slope[x->rows[row]]) + (isfinite(half) ? half : 0);
}

/* A dot for each slope, and its 95 % interval where there is one. */
static void put_dots(FILE *out, const scaled *x) {
    const double bottom = TOP + STEP * (double)x->count + 4;
    double most = 0;
    char title[256];
    for (size_t i = 0; i < x->count; i++) most = fmax(most, wide(x, i));
    const rad_frame frame = {LEFT, RIGHT, TOP, bottom};
    const rad_axis at = rad_plot_axis(-most, most, LEFT, RIGHT - 6);
    snprintf(title, sizeof title, "%s: slopes", x->f->model->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(out, title, "Dots: slopes of the terms; lines: 95 % intervals, where there are any.",
                   RAD_PLOT_WIDTH, bottom + 34);
    rad_plot_x(out, &frame, &at, "slope, both standardised", "no unit");
    fputs("<path class=\"span\" d=\"", out);
    for (size_t i = 0; i < x->count; i++) {
        const double b = x->slope[x->rows[i]], half = x->half[x->rows[i]];
        if (isfinite(half))
            fprintf(out, "M%.1f %.1fH%.1f", rad_plot_inside(&at, b - half), TOP + STEP * ((double)i + 0.5),
                    rad_plot_inside(&at, b + half));
    }
    fputs("\"/><path class=\"dots big\" d=\"", out);
    for (size_t i = 0; i < x->count; i++)
        fprintf(out, "M%.1f %.1fh0", rad_plot_inside(&at, x->slope[x->rows[i]]),
                TOP + STEP * ((double)i + 0.5));
    fputs("\"/>\n", out);
    for (size_t i = 0; i < x->count; i++)
        rad_plot_text(out, LEFT - 6, TOP + STEP * ((double)i + 0.5) + 4, "r",
                      x->f->columns.column[x->rows[i]].name, LEFT - 8);
    rad_plot_end(out);
    rad_plot_end_figure(out);
}

/* The slope of a column at a step of the path; NAN where it is not known. */
static double slope_at(const scaled *x, size_t step, size_t column) {
    return x->f->path[step].fit.estimate[column] * x->unit[column];
}

/* Slopes over lambda, those of the chosen one that are largest in colour. */
static void put_path(FILE *out, const scaled *x) {
    const rad_fitted *f = x->f;
    double most = 0;
    char title[256];
    for (size_t i = 0; i < f->steps; i++)
        for (size_t j = 0; j < f->slopes; j++)
            if (isfinite(slope_at(x, i, j))) most = fmax(most, fabs(slope_at(x, i, j)));
    const rad_frame frame = {40, RIGHT, 26, 190};
    const rad_axis across = rad_plot_axis(log10(f->path[f->steps - 1].lambda), log10(f->path[0].lambda), 40,
                                          RIGHT - 8),
                   up = rad_plot_axis(-most, most, 190, 26);
    snprintf(title, sizeof title, "%s: path", f->model->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(
        out, title,
        "Lines: slopes of the terms over the logarithm of lambda; the upright line: the one chosen.",
        RAD_PLOT_WIDTH, 224);
    rad_plot_y(out, &frame, &up, "slope, both standardised", "no unit");
    rad_plot_x(out, &frame, &across, "log10 of lambda", "no unit");
    for (size_t j = f->slopes; j-- > 0;) {
        size_t series = RAD_PLOT_COLOURS;
        for (size_t i = 0; i < x->count && i < RAD_PLOT_COLOURS; i++)
            if (x->rows[i] == j) series = i;
        bool open = false;
        fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(series));
        for (size_t i = 0; i < f->steps; i++) {
            const double b = slope_at(x, i, j);
            if (isfinite(b))
                fprintf(out, "%c%.1f %.1f", open ? 'L' : 'M', rad_plot_at(&across, log10(f->path[i].lambda)),
                        rad_plot_at(&up, b));
            open = isfinite(b);
        }
        fputs("\"/>", out);
    }
    if (f->chosen < f->steps)
        fprintf(out, "<path class=\"limits s0\" d=\"M%.1f 26V190\"/>\n",
                rad_plot_at(&across, log10(f->path[f->chosen].lambda)));
    rad_plot_end(out);
    rad_plot_legend(out);
    for (size_t i = 0; i < x->count && i < RAD_PLOT_COLOURS; i++)
        rad_plot_legend_item(out, i, f->columns.column[x->rows[i]].name);
    rad_plot_end_legend(out);
    rad_plot_end_figure(out);
}

static rad_status put_model(FILE *out, const rad_results *r, const rad_fitted *f, rad_error *error) {
    scaled x;
    if (!f->basis.shown || !f->fit.columns) return RAD_OK;
    rad_status status = scale(r, f, &x, error);
    if (status == RAD_OK && x.count) put_dots(out, &x);
    if (status == RAD_OK && f->steps > 1 && f->model->penalty.kind != RAD_PENALTY_NONE) put_path(out, &x);
    release(&x);
    return status;
}

rad_status rad_section_coefficients(FILE *out, const rad_results *r, rad_error *error) {
    rad_status status = RAD_OK;
    size_t shown = 0;
    for (size_t m = 0; r->fitted && m < r->pool->study->model_count && status == RAD_OK; m++) {
        const rad_fitted *f = &r->fitted[m];
        if (!f->model) continue;
        status = put_model(out, r, f, error);
        shown += f->basis.shown;
    }
    if (!shown && status == RAD_OK)
        rad_html_nothing(out,
                         "Too few sites have part in the models: all of their patients need all columns.");
    return status;
}
