#include "plots.h"

#include "../core/memory.h"
#include "../federate/pool/distributions.h"
#include "../federate/pool/estimates.h"
#include "html.h"
#include "plot.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* What one forest shows. */
typedef struct forest {
    const char *title, *axis, *unit;
    const rad_pool *pool;
    const rad_estimates *e;
    const rad_meta *meta;
    bool zero; /* is 0 of interest? */
} forest;

enum { TOP = 8, LEFT = 92, RIGHT = 322 };

static rad_axis axis_of(const forest *f) {
    double from = f->zero ? 0 : INFINITY, to = f->zero ? 0 : -INFINITY;
    for (size_t i = 0; i < f->e->count; i++) {
        const double half = RAD_Z95 * sqrt(f->e->v[i]);
        from = fmin(from, f->e->y[i] - half);
        to = fmax(to, f->e->y[i] + half);
    }
    const double width = to - from; /* an interval of two sites may be far wider than the sites */
    if (isfinite(f->meta->low)) from = fmin(from, fmax(f->meta->low, from - width));
    if (isfinite(f->meta->high)) to = fmax(to, fmin(f->meta->high, to + width));
    if (isfinite(f->meta->predict_low)) from = fmin(from, fmax(f->meta->predict_low, from - width / 2));
    if (isfinite(f->meta->predict_high)) to = fmax(to, fmin(f->meta->predict_high, to + width / 2));
    const double margin = (to - from) * 0.03;
    return rad_plot_axis(from - margin, to + margin, LEFT, RIGHT);
}

/* Rows of sites: name, interval, and a square by weight. */
static void put_rows(FILE *out, const forest *f, const rad_axis *x, double step) {
    double most = 0;
    for (size_t i = 0; i < f->e->count; i++) most = fmax(most, 1 / (f->e->v[i] + f->meta->tau2));
    fputs("<path class=\"span\" d=\"", out);
    for (size_t i = 0; i < f->e->count; i++) {
        const double half = RAD_Z95 * sqrt(f->e->v[i]);
        fprintf(out, "M%.1f %.1fH%.1f", rad_plot_inside(x, f->e->y[i] - half), TOP + ((double)i + 0.5) * step,
                rad_plot_inside(x, f->e->y[i] + half));
    }
    fputs("\"/><path class=\"mark\" d=\"", out);
    for (size_t i = 0; i < f->e->count; i++) {
        const double side = fmin(step - 3, 3 + 7 * sqrt(1 / (f->e->v[i] + f->meta->tau2) / most));
        fprintf(out, "M%.1f %.1fh%.1fv%.1fh%.1fz", rad_plot_at(x, f->e->y[i]) - side / 2,
                TOP + ((double)i + 0.5) * step - side / 2, side, side, -side);
    }
    fputs("\"/>\n", out);
    for (size_t i = 0; i < f->e->count; i++)
        rad_plot_text(out, LEFT - 8, TOP + ((double)i + 0.5) * step + 4, "r",
                      f->pool->sites[f->e->site[i]].site, LEFT - 10);
}

static void put_summary(FILE *out, const forest *f, const rad_axis *x, double y) {
    const rad_meta *m = f->meta;
    if (isfinite(m->predict_low))
        fprintf(out, "<path class=\"wide\" d=\"M%.1f %.1fH%.1f\"/>", rad_plot_inside(x, m->predict_low), y,
                rad_plot_inside(x, m->predict_high));
    if (isfinite(m->low))
        fprintf(out, "<path class=\"sum\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fz\"/>\n",
                rad_plot_inside(x, m->low), y, rad_plot_at(x, m->estimate), y - 6,
                rad_plot_inside(x, m->high), y, rad_plot_at(x, m->estimate), y + 6);
    rad_plot_text(out, LEFT - 8, y + 4, "r", "REML", LEFT - 10);
}

static const char *range(double low, double high, char text[2 * RAD_HTML_NUMBER]) {
    char from[RAD_HTML_NUMBER], to[RAD_HTML_NUMBER];
    snprintf(text, 2 * RAD_HTML_NUMBER, "%s to %s", rad_html_number(low, from), rad_html_number(high, to));
    return text;
}

static void put_words(FILE *out, const forest *f) {
    const rad_meta *m = f->meta;
    const char *unit = f->unit;
    char text[4][RAD_HTML_NUMBER], interval[2 * RAD_HTML_NUMBER], prediction[2 * RAD_HTML_NUMBER];
    const bool bare = !strcmp(unit, "no unit");
    rad_html_say(out,
                 "REML %s (95 %% %s)%s%s; prediction %s; \xcf\x84\xc2\xb2 %s, I\xc2\xb2 %.1f %%, Q %s (%s), "
                 "%zu sites, %" PRIu64 " patients",
                 rad_html_number(m->estimate, text[0]), range(m->low, m->high, interval), bare ? "" : " ",
                 bare ? "" : unit, range(m->predict_low, m->predict_high, prediction),
                 rad_html_number(m->tau2, text[1]), m->i2, rad_html_number(m->q, text[2]),
                 rad_html_p(m->q_p, text[3]), m->sites, f->e->patients);
}

static void put_forest(FILE *out, const forest *f) {
    char desc[256];
    const double step = f->e->count > 12 ? 13 : 18, rows = (double)f->e->count * step;
    const rad_axis x = axis_of(f);
    const rad_frame frame = {LEFT, RIGHT, TOP, TOP + rows + 22};
    snprintf(desc, sizeof desc,
             "Forest plot: estimates of %zu sites with 95 %% intervals and their REML estimate.",
             f->e->count);
    rad_plot_figure(out, false, f->title);
    rad_plot_begin(out, f->title, desc, RAD_PLOT_WIDTH, frame.bottom + 34);
    rad_plot_x(out, &frame, &x, f->axis, f->unit);
    if (f->zero)
        fprintf(out, "<path class=\"axis\" d=\"M%.1f %dV%.1f\"/>", rad_plot_at(&x, 0), TOP, frame.bottom);
    put_rows(out, f, &x, step);
    put_summary(out, f, &x, TOP + rows + 11);
    rad_plot_end(out);
    put_words(out, f);
    rad_plot_end_figure(out);
}

rad_status rad_section_forest(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    size_t first[RAD_PLOTS_SHOWN];
    rad_estimates e = {.count = 0};
    double *key = rad_new(p->total.count, sizeof *key, error);
    rad_status status = key ? rad_estimates_allocate(p->count, &e, error) : RAD_NO_MEMORY;
    for (size_t v = 0; v < p->total.count && status == RAD_OK; v++)
        key[v] = -r->moments.means[v].i2; /* NaN where too few sites have a mean */
    const size_t count =
        status == RAD_OK ? rad_plot_smallest(key, p->total.count, RAD_PLOTS_SHOWN, first) : 0;
    if (!count)
        rad_html_nothing(out, "No variable has a mean and a variance of as many sites as the rules require.");
    fputs("<div class=\"plots\">\n", out);
    for (size_t i = 0; i < count; i++) {
        const rad_summary_variable *x = &p->total.variables[first[i]];
        rad_estimates_means(p, r->moments.site, first[i], &e);
        put_forest(out,
                   &(forest){x->name, "mean", rad_plot_unit(x), p, &e, &r->moments.means[first[i]], false});
    }
    fputs("</div>\n", out);
    rad_estimates_free(&e);
    rad_free(key);
    return status;
}

/* Estimates of differences or of logarithms of ratios: 0 is none. */
static void put_compared(FILE *out, const rad_pool *p, const char *title, const char *axis, const char *unit,
                         const rad_estimates *e) {
    rad_meta m;
    rad_estimates_analyse(p, e, RAD_META_REML, &m);
    if (isnan(m.estimate)) return; /* too few sites; the section says why */
    put_forest(out, &(forest){title, axis, unit, p, e, &m, true});
}

rad_status rad_forest_differences(FILE *out, const rad_results *r, size_t factor, size_t variable,
                                  rad_error *error) {
    const rad_factor *g = &r->pool->study->factors[factor];
    const rad_summary_variable *x = &r->pool->total.variables[variable];
    char title[4 * RAD_NAME];
    rad_estimates e;
    rad_status status = rad_estimates_allocate(r->pool->count, &e, error);
    if (status == RAD_OK) status = rad_estimates_differences(r->pool, factor, variable, &e, error);
    snprintf(title, sizeof title, "%s: %s %s \xe2\x88\x92 %s", x->name, g->name, g->level[0], g->level[1]);
    if (status == RAD_OK) put_compared(out, r->pool, title, "difference of means", rad_plot_unit(x), &e);
    rad_estimates_free(&e);
    return status;
}

rad_status rad_forest_odds(FILE *out, const rad_results *r, size_t table, rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_factor *a = &s->factors[s->tables[table][0]], *b = &s->factors[s->tables[table][1]];
    char title[4 * RAD_NAME];
    rad_estimates e;
    rad_status status = rad_estimates_allocate(r->pool->count, &e, error);
    if (status == RAD_OK) rad_estimates_odds(r->pool, table, &e);
    snprintf(title, sizeof title, "%s by %s: log odds ratio", a->name, b->name);
    if (status == RAD_OK) put_compared(out, r->pool, title, "log odds ratio", "no unit", &e);
    rad_estimates_free(&e);
    return status;
}

rad_status rad_forest_hazards(FILE *out, const rad_results *r, size_t outcome, size_t factor,
                              rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_factor *g = &s->factors[factor];
    char title[4 * RAD_NAME];
    rad_estimates e;
    rad_status status = rad_estimates_allocate(r->pool->count, &e, error);
    if (status == RAD_OK) status = rad_estimates_hazards(r->pool, outcome, factor, &e, error);
    snprintf(title, sizeof title, "%s: %s, %s against %s, log hazard ratio", s->survivals[outcome].name,
             g->name, g->level[0], g->level[1]);
    if (status == RAD_OK) put_compared(out, r->pool, title, "log hazard ratio", "no unit", &e);
    rad_estimates_free(&e);
    return status;
}
