#include "plots.h"

#include "../core/memory.h"
#include "effects.h"
#include "html.h"
#include "plot.h"

#include <inttypes.h>
#include <math.h>

enum { SCREE = 30, DOTS = 30 };

rad_status rad_section_components(FILE *out, const rad_results *r, rad_error *error) {
    const size_t n = r->covariance.correlations.count, shown = n < SCREE ? n : SCREE;
    const rad_frame frame = {34, 322, 26, 190};
    const rad_axis x = rad_plot_axis(0.5, (double)shown + 0.5, frame.left, frame.right),
                   y = rad_plot_axis(0, 100, frame.bottom, frame.top);
    const double width = (frame.right - frame.left) / (double)(shown ? shown : 1) * 0.7;
    double sum = 0;
    (void)error;
    if (n < 2) {
        rad_html_nothing(out, "Fewer than two variables of the panel have all their correlations.");
        return RAD_OK;
    }
    if (r->covariance.mixed)
        rad_html_say(
            out,
            "The correlations are not all of the same patients: each pair is of those who have both, at "
            "the sites that show it, of at least %zu sites and %" PRIu64 " patients. Such a matrix is of "
            "no cohort; small eigenvalues may be below 0.",
            r->covariance.matrix.sites, r->covariance.matrix.patients);
    rad_plot_figure(out, false, "Shares of the variance");
    rad_plot_begin(out, "Scree plot", "Bars: share of the variance of each component. Line: of all up to it.",
                   RAD_PLOT_WIDTH, 224);
    rad_plot_y(out, &frame, &y, "share of variance", "%");
    rad_plot_x(out, &frame, &x, "component", "number");
    fputs("<path class=\"mark\" d=\"", out);
    for (size_t k = 0; k < shown; k++)
        fprintf(out, "M%.1f %.1fh%.1fV%.1fh%.1fz", rad_plot_at(&x, (double)k + 1) - width / 2, frame.bottom,
                width, rad_plot_inside(&y, 100 * r->covariance.values[k] / (double)n), -width);
    fputs("\"/><path class=\"s s1\" d=\"", out);
    for (size_t k = 0; k < shown; k++) {
        sum += 100 * r->covariance.values[k] / (double)n;
        fprintf(out, "%c%.1f %.1f", k ? 'L' : 'M', rad_plot_at(&x, (double)k + 1), rad_plot_inside(&y, sum));
    }
    fputs("\"/>\n", out);
    rad_plot_end(out);
    rad_plot_end_figure(out);
    return RAD_OK;
}

static void put_dots(FILE *out, const rad_pool *p, const rad_reliability *all, const size_t *rows,
                     size_t count) {
    rad_effect row[DOTS];
    double from = 0;
    for (size_t i = 0; i < count; i++) {
        const rad_reliability *x = &all[rows[i]];
        row[i] =
            (rad_effect){p->total.variables[rows[i]].name, x->icc_a1.value, x->icc_a1.low, x->icc_a1.high};
        from = fmin(from, isfinite(row[i].low) ? row[i].low : row[i].value);
    }
    rad_effects_put(out, &(rad_effects){"ICC(A,1) of single measurements",
                                        "Dots: ICC(A,1) of each variable; lines: 95 % intervals.", "ICC(A,1)",
                                        "no unit", row, count, fmax(from, -1), 1, false});
}

static void put_table(FILE *out, const rad_pool *p, const rad_reliability *all, const size_t *rows,
                      size_t count) {
    static const char *const columns[] = {
        "variable", "sites",  "n",        "ICC(A,1)", "95 % from",
        "to",       "ICC(1)", "ICC(C,1)", "CCC",      "repeatability coefficient",
        NULL};
    rad_html_table(out, "Agreement of repeats", "reliability.csv", count, columns);
    for (size_t i = 0; i < count; i++) {
        const rad_reliability *x = &all[rows[i]];
        const double numbers[] = {x->n,          x->icc_a1.value, x->icc_a1.low, x->icc_a1.high,
                                  x->icc1.value, x->icc_c1.value, x->ccc.value,  x->repeatability.value};
        rad_html_row(out, p->total.variables[rows[i]].name);
        rad_html_count(out, x->basis.sites);
        rad_html_numbers(out, numbers, 8);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, count);
}

/* In the order of ICC(A,1); of many, half the lowest and half the highest are drawn. */
static void put_all(FILE *out, const rad_pool *p, const rad_reliability *all, size_t *order, size_t count) {
    size_t drawn[DOTS];
    const size_t many = count < DOTS ? count : DOTS;
    for (size_t i = 0; i < many; i++) drawn[i] = order[count <= DOTS || i < DOTS / 2 ? i : count - DOTS + i];
    if (count > DOTS)
        rad_html_say(out, "Drawn are the %d lowest and the %d highest of %zu variables.", DOTS / 2, DOTS / 2,
                     count);
    put_dots(out, p, all, drawn, many);
    put_table(out, p, all, order, count);
}

rad_status rad_section_reliability(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    const rad_reliability *all = r->repeats;
    const size_t count = p->total.count;
    double *key = rad_new(count, sizeof *key, error);
    size_t *order = rad_new(count, sizeof *order, error), shown = 0;
    rad_status status = key && order ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < count && status == RAD_OK; v++)
        key[v] = all && p->total.blocks[RAD_RELIABILITY].shown[v] ? all[v].icc_a1.value : NAN;
    if (status == RAD_OK) shown = rad_plot_smallest(key, count, count, order);
    if (all && shown) put_all(out, p, all, order, shown);
    if (status == RAD_OK && !shown)
        rad_html_nothing(out,
                         "No variable has repeats that sites may send: all are held back or do not vary.");
    rad_free(key);
    rad_free(order);
    return status;
}
