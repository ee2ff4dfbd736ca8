#include "plots.h"

#include "../core/memory.h"
#include "html.h"
#include "plot.h"

#include <math.h>
#include <stdlib.h>

/* p-values of all variables by one test or term. */
typedef struct overview {
    const char *title;
    const double *p;
    size_t count;
} overview;

enum { TOP = 26, BOTTOM = 190, LEFT = 34, RIGHT = 322 };
static const double level = 0.05, deepest = 320; /* of doubles */

static double height_of(double p) {
    return p > 0 ? fmin(-log10(p), deepest) : deepest;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The largest p that Benjamini and Hochberg pass; where none does, what the smallest would need. */
static double passing(const double *p, size_t count, double *sorted) {
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i])) sorted[n++] = p[i];
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t k = n; k; k--)
        if (sorted[k - 1] <= level * (double)k / (double)n) return level * (double)k / (double)n;
    return n ? level / (double)n : NAN;
}

static rad_status put_overview(FILE *out, const overview *o, rad_error *error) {
    double most = 2, *sorted = rad_new(o->count, sizeof *sorted, error);
    if (!sorted) return RAD_NO_MEMORY;
    const double limit = passing(o->p, o->count, sorted);
    for (size_t i = 0; i < o->count; i++)
        if (!isnan(o->p[i])) most = fmax(most, height_of(o->p[i]));
    rad_free(sorted);
    const rad_frame frame = {LEFT, RIGHT, TOP, BOTTOM};
    const rad_axis x = rad_plot_axis(0, (double)o->count + 1, LEFT, RIGHT);
    rad_axis y = rad_plot_axis(0, fmax(most, height_of(limit)), BOTTOM, TOP);
    rad_plot_widen(&y, 6);
    rad_plot_figure(out, false, o->title);
    rad_plot_begin(out, o->title,
                   "Points: minus log10 of p of each variable by its place. Dashed: the line of Benjamini "
                   "and Hochberg at 0.05.",
                   RAD_PLOT_WIDTH, BOTTOM + 34);
    rad_plot_y(out, &frame, &y, "\xe2\x88\x92log\xe2\x82\x81\xe2\x82\x80 p", "no unit");
    rad_plot_x(out, &frame, &x, "place of the variable", "number");
    fputs("<path class=\"dots\" d=\"", out);
    for (size_t i = 0; i < o->count; i++)
        if (!isnan(o->p[i]))
            fprintf(out, "M%.1f %.1fh0", rad_plot_at(&x, (double)i + 1), rad_plot_at(&y, height_of(o->p[i])));
    fprintf(out, "\"/><path class=\"limit\" d=\"M%d %.1fH%d\"/>", LEFT, rad_plot_at(&y, height_of(limit)),
            RIGHT);
    rad_plot_text(out, RIGHT, TOP - 11, "r soft", "dashed: adjusted p 0.05", 190);
    rad_plot_end(out);
    rad_plot_end_figure(out);
    return RAD_OK;
}

/* A variable: how many sites and patients know it, and numbers of it. */
static void put_row(FILE *out, const rad_results *r, size_t variable, const rad_basis *basis, uint64_t n,
                    const double *numbers, size_t count) {
    rad_html_row(out, r->pool->total.variables[variable].name);
    rad_html_count(out, basis->sites);
    rad_html_count(out, n);
    rad_html_numbers(out, numbers, count);
    rad_html_end_row(out);
}

static void put_test_rows(FILE *out, const rad_results *r, const rad_tests *t, const size_t *first,
                          size_t count) {
    static const char *const two[] = {"variable", "sites", "n",          "difference",       "95 % from",
                                      "to",       "p",     "adjusted p", "\xce\xb7\xc2\xb2", NULL},
                             *const more[] = {"variable",         "sites", "n", "F", "p", "adjusted p",
                                              "\xce\xb7\xc2\xb2", NULL};
    const bool difference = t->kind != RAD_TEST_ANOVA;
    rad_html_table(out, "Smallest p", "tests.csv", count, difference ? two : more);
    for (size_t i = 0; i < count; i++) {
        const rad_test *x = &t->test[first[i]];
        const rad_tests *anova = rad_pool_groups_find(&r->groups, t->factor, RAD_TEST_ANOVA);
        const double effect = anova ? anova->test[first[i]].effect : NAN;
        const double by_two[] = {x->estimate, x->low, x->high, x->p, t->adjusted[first[i]], effect},
                     by_more[] = {x->statistic, x->p, t->adjusted[first[i]], effect};
        put_row(out, r, first[i], &x->basis, x->n, difference ? by_two : by_more, difference ? 6 : 4);
    }
    rad_html_end_table(out, count);
}

static rad_status put_group(FILE *out, const rad_results *r, const rad_tests *t, double *p,
                            rad_error *error) {
    const rad_factor *g = &r->pool->study->factors[t->factor];
    const size_t count = r->pool->total.count;
    size_t first[RAD_ROWS_SHOWN];
    char title[2 * RAD_NAME];
    for (size_t v = 0; v < count; v++) p[v] = t->test[v].p;
    const size_t shown = rad_plot_smallest(p, count, RAD_ROWS_SHOWN, first);
    fputs("<h3>", out);
    rad_html_text(out, g->name);
    fputs("</h3>\n", out);
    if (!shown) {
        rad_html_nothing(out, "Every test of this group is held back or undefined.");
        return RAD_OK;
    }
    snprintf(title, sizeof title, "%s: %s of %zu levels", g->name,
             t->kind == RAD_TEST_WELCH ? "Welch's t test" : "analysis of variance", g->levels);
    fputs("<div class=\"beside\">\n", out);
    rad_status status = put_overview(out, &(overview){title, p, count}, error);
    put_test_rows(out, r, t, first, shown);
    fputs("</div>\n", out);
    return status;
}

/* Differences by site, of the smallest p of all groups of two levels. */
static rad_status put_differences(FILE *out, const rad_results *r, rad_error *error) {
    const rad_groups_results *g = &r->groups;
    const size_t count = r->pool->total.count;
    size_t first[RAD_PLOTS_SHOWN], cells, used = 0;
    if (!rad_multiply(g->count, count, &cells)) return rad_fail(error, RAD_NO_MEMORY, "too many tests");
    double *p = rad_new(cells, sizeof *p, error);
    if (!p) return RAD_NO_MEMORY;
    for (size_t i = 0; i < cells; i++)
        p[i] = g->tests[i / count].kind == RAD_TEST_WELCH ? g->tests[i / count].test[i % count].p : NAN;
    used = rad_plot_smallest(p, cells, RAD_PLOTS_SHOWN, first);
    rad_free(p);
    if (!used) return RAD_OK;
    if (r->pool->count < 2) {
        rad_html_nothing(out, "Differences by site need two sites or more.");
        return RAD_OK;
    }
    fputs("<h3>Differences by site</h3>\n", out);
    rad_html_say(
        out, "The smallest p of all groups of two levels; marks as above, the line at 0 is no difference.");
    fputs("<div class=\"plots\">\n", out);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < used && status == RAD_OK; i++)
        status = rad_forest_differences(out, r, g->tests[first[i] / count].factor, first[i] % count, error);
    fputs("</div>\n", out);
    return status;
}

rad_status rad_section_groups(FILE *out, const rad_results *r, rad_error *error) {
    const rad_groups_results *g = &r->groups;
    double *p = rad_new(r->pool->total.count, sizeof *p, error);
    rad_status status = p ? RAD_OK : RAD_NO_MEMORY;
    if (!g->count) rad_html_nothing(out, "The study names no groups.");
    for (size_t i = 0; i < g->count && status == RAD_OK; i++) {
        const rad_tests *t = &g->tests[i];
        const bool two = r->pool->study->factors[t->factor].levels == 2;
        if (t->kind == (two ? RAD_TEST_WELCH : RAD_TEST_ANOVA)) status = put_group(out, r, t, p, error);
    }
    rad_free(p);
    return status == RAD_OK ? put_differences(out, r, error) : status;
}

static rad_status put_term(FILE *out, const rad_results *r, size_t term, double *p, rad_error *error) {
    static const char *const columns[] = {"variable", "sites", "n", "estimate",   "se",
                                          "t",        "df",    "p", "adjusted p", NULL};
    const rad_models *m = &r->models;
    const size_t count = r->pool->total.count;
    char title[3 * RAD_NAME];
    size_t first[RAD_ROWS_SHOWN];
    for (size_t v = 0; v < count; v++) p[v] = m->term[1][v * m->terms + term].p;
    const size_t shown = rad_plot_smallest(p, count, RAD_ROWS_SHOWN, first);
    fputs("<h3>", out);
    rad_html_text(out, m->name[term]);
    fputs("</h3>\n", out);
    if (!shown) {
        rad_html_nothing(out, "This term is undefined for every variable.");
        return RAD_OK;
    }
    fputs("<div class=\"beside\">\n", out);
    snprintf(title, sizeof title, "%s: t test of the slope, all variables", m->name[term]);
    rad_status status = put_overview(out, &(overview){title, p, count}, error);
    rad_html_table(out, "Smallest p", "models.csv", shown, columns);
    for (size_t i = 0; i < shown; i++) {
        const rad_term *x = &m->term[1][first[i] * m->terms + term];
        const double numbers[] = {x->estimate, x->se, x->t, x->df, x->p, x->adjusted};
        put_row(out, r, first[i], &x->basis, x->n, numbers, 6);
    }
    rad_html_end_table(out, shown);
    fputs("</div>\n", out);
    return status;
}

/* All levels of a factor together, of which each is a term above. */
static rad_status put_factor(FILE *out, const rad_results *r, const rad_tests *t, double *p,
                             rad_error *error) {
    static const char *const columns[] = {
        "variable", "sites", "n", "F", "df", "df", "p", "adjusted p", "partial eta squared", NULL};
    const size_t count = r->pool->total.count;
    const rad_factor *g = &r->pool->study->factors[t->factor];
    char title[3 * RAD_NAME];
    size_t first[RAD_ROWS_SHOWN];
    for (size_t v = 0; v < count; v++) p[v] = t->test[v].p;
    const size_t shown = rad_plot_smallest(p, count, RAD_ROWS_SHOWN, first);
    if (g->levels < 3 || !shown) return RAD_OK; /* of two levels it is the square of t */
    fputs("<h3>", out);
    rad_html_text(out, g->name);
    fputs("</h3>\n<div class=\"beside\">\n", out);
    snprintf(title, sizeof title, "%s: F test of all %zu levels beside the other terms", g->name, g->levels);
    rad_status status = put_overview(out, &(overview){title, p, count}, error);
    rad_html_table(out, "Smallest p", "factor_tests.csv", shown, columns);
    for (size_t i = 0; i < shown; i++) {
        const rad_test *x = &t->test[first[i]];
        const double numbers[] = {x->statistic, x->df1, x->df2, x->p, t->adjusted[first[i]], x->effect};
        put_row(out, r, first[i], &x->basis, x->n, numbers, 6);
    }
    rad_html_end_table(out, shown);
    fputs("</div>\n", out);
    return status;
}

rad_status rad_section_models(FILE *out, const rad_results *r, rad_error *error) {
    double *p = rad_new(r->pool->total.count, sizeof *p, error);
    rad_status status = p ? RAD_OK : RAD_NO_MEMORY;
    if (!r->models.terms) rad_html_nothing(out, "The sums of the models are held back.");
    if (r->models.terms == 1) rad_html_nothing(out, "The study's model has no covariates.");
    for (size_t j = 0; j + 1 < r->models.terms && status == RAD_OK; j++)
        status = put_term(out, r, j, p, error);
    for (size_t k = 0; k < r->models.factors && status == RAD_OK; k++)
        status = put_factor(out, r, &r->models.joint[1][k], p, error);
    rad_free(p);
    return status;
}
