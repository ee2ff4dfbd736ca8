#include "run_plots.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../federate/pool/clusters.h"
#include "html.h"
#include "plot.h"

#include <math.h>
#include <stdint.h>

enum { BINS = 24, NAMED = 6 };
static const double fence = 3; /* interquartile ranges: "far out" of Tukey, Exploratory Data Analysis, 1977 */
static const rad_frame frame = {34, 322, 14, 96};

/* How far beyond the fences, in interquartile ranges; 0: within. */
static double beyond(const rad_run_quartiles *q, double x) {
    const double range = q->high - q->low;
    return range > 0 ? fmax(0, fmax(q->low - x, x - q->high) / range - fence) : 0;
}

/* From the least to the most, but not beyond the fences, where there is somebody outside. */
static rad_axis axis_of(const rad_run_quartiles *q) {
    const double reach = (fence + 0.25) * (q->high - q->low);
    const double from = reach > 0 ? fmax(q->least, q->low - reach) : q->least,
                 to = reach > 0 ? fmin(q->most, q->high + reach) : q->most;
    return rad_plot_axis(from, to, frame.left, frame.right);
}

static void put_bars(FILE *out, const rad_run_values *values, const rad_run_column *c,
                     const rad_run_quartiles *q, const rad_axis *x) {
    size_t bin[BINS] = {0}, most = 1;
    const double width = (frame.right - frame.left) / BINS;
    for (size_t i = 0; i < values->rows; i++) {
        if (!isfinite(c->value[i]) || beyond(q, c->value[i]) > 0) continue;
        const double at = (rad_plot_inside(x, c->value[i]) - frame.left) / width;
        const size_t b = at < BINS ? (size_t)at : BINS - 1;
        if (++bin[b] > most) most = bin[b];
    }
    const rad_axis y = rad_plot_axis(0, (double)most, frame.bottom, frame.top);
    rad_plot_x(out, &frame, x, "", rad_run_unit(c));
    fputs("<path class=\"mark\" d=\"", out);
    for (size_t b = 0; b < BINS; b++)
        if (bin[b])
            fprintf(out, "M%.1f %.1fh%.1fV%.1fh%.1fz", frame.left + (double)b * width + 0.5, frame.bottom,
                    width - 1, rad_plot_at(&y, (double)bin[b]), 1 - width);
    fputs("\"/>\n", out);
    fprintf(out, "<text class=\"r\" x=\"%.0f\" y=\"%.0f\">%zu</text>\n", frame.left - 4, frame.top + 8, most);
}

/* Rows beyond the fences, the furthest first. */
static size_t find_outliers(const double *value, const rad_run_quartiles *q, size_t rows, double *key,
                            size_t named[NAMED], size_t *all) {
    *all = 0;
    for (size_t i = 0; i < rows; i++) {
        const double far = isfinite(value[i]) ? beyond(q, value[i]) : 0;
        key[i] = far > 0 ? -far : NAN;
        *all += far > 0;
    }
    return rad_plot_smallest(key, rows, NAMED, named);
}

static void put_outliers(FILE *out, const rad_run_values *values, const double *value,
                         const rad_run_cases *cases, const size_t *named, size_t count, size_t all) {
    char number[RAD_HTML_NUMBER];
    if (!all) return;
    fprintf(out, "<p>%zu far out: ", all);
    for (size_t i = 0; i < count; i++) {
        const size_t row = rad_run_cases_find(cases, values->name[named[i]], values->roi[named[i]]);
        if (i) fputs(", ", out);
        char name[512];
        snprintf(name, sizeof name, "%.400s %.100s", values->name[named[i]], values->roi[named[i]]);
        rad_run_case_link(out, row, name);
        fprintf(out, " (%s)", rad_html_number(value[named[i]], number));
    }
    fputs(all > count ? ", ...</p>\n" : "</p>\n", out);
}

static rad_status put_column(FILE *out, const rad_run_values *values, size_t column,
                             const rad_run_cases *cases, double *key, rad_error *error) {
    const rad_run_column *c = &values->column[column];
    rad_run_quartiles q;
    size_t named[NAMED], all;
    char text[512], numbers[3][RAD_HTML_NUMBER];
    rad_status status = rad_run_quartiles_of(values, column, &q, error);
    if (status != RAD_OK) return status;
    const size_t count = find_outliers(c->value, &q, values->rows, key, named, &all);
    const rad_axis x = axis_of(&q);
    snprintf(text, sizeof text, "%.200s: median %s, half of the rows within %s and %s", c->label,
             rad_html_number(q.median, numbers[0]), rad_html_number(q.low, numbers[1]),
             rad_html_number(q.high, numbers[2]));
    rad_plot_figure(out, false, text);
    if (q.n) {
        snprintf(text, sizeof text, "Histogram of %.200s over %zu row%s.", c->label, q.n - all,
                 rad_plural(q.n - all));
        rad_plot_begin(out, c->name, text, RAD_PLOT_WIDTH, 132);
        put_bars(out, values, c, &q, &x);
        rad_plot_end(out);
    } else {
        rad_html_nothing(out, "No row has a value.");
    }
    put_outliers(out, values, c->value, cases, named, count, all);
    if (q.n < values->rows) rad_html_say(out, "%zu without a value", values->rows - q.n);
    rad_plot_end_figure(out);
    return RAD_OK;
}

rad_status rad_run_plots_columns(FILE *out, const rad_run_values *values, const rad_run_cases *cases,
                                 rad_error *error) {
    double *key = rad_new(values->rows + 1, sizeof *key, error);
    rad_status status = key ? RAD_OK : RAD_NO_MEMORY;
    fputs("<div class=\"plots\">\n", out);
    for (size_t i = 0; i < values->count && status == RAD_OK; i++)
        status = put_column(out, values, i, cases, key, error);
    fputs("</div>\n", out);
    rad_free(key);
    return status;
}

/* Columns that have a correlation with all of those that are kept. */
static void keep(const double *r, size_t n, rad_correlations *c) {
    for (size_t i = 0; i < n; i++) {
        bool all = isfinite(r[i * n + i]);
        for (size_t k = 0; k < c->count && all; k++) all = isfinite(r[i * n + c->of[k]]);
        if (all) c->of[c->count++] = i;
    }
    for (size_t a = 0; a < c->count; a++)
        for (size_t b = 0; b < c->count; b++) c->r[a * c->count + b] = r[c->of[a] * n + c->of[b]];
}

static void put_cluster(FILE *out, const rad_run_values *values, const rad_correlations *c,
                        const size_t *cluster, const bool *kept, size_t number) {
    size_t members = 0;
    for (size_t i = 0; i < c->count; i++) members += cluster[i] == number;
    if (members < 2) return;
    for (size_t i = 0; i < c->count; i++)
        if (cluster[i] == number && kept[i]) rad_html_row(out, values->column[c->of[i]].label);
    rad_html_count(out, members);
    fputs("<td class=\"t\">", out);
    const char *between = "";
    for (size_t i = 0; i < c->count; i++) {
        if (cluster[i] != number || kept[i]) continue;
        fputs(between, out);
        rad_html_text(out, values->column[c->of[i]].label);
        between = ", ";
    }
    fputs("</td>", out);
    rad_html_end_row(out);
}

rad_status rad_run_plots_clusters(FILE *out, const rad_run_values *values, rad_error *error) {
    static const char *const columns[] = {"<stands for the others", "columns", "<which say the same", NULL};
    const size_t n = values->count;
    double *r = rad_new(n * n + 1, sizeof *r, error), *of_kept = rad_new(n * n + 1, sizeof *of_kept, error);
    size_t *of = rad_new(n + 1, sizeof *of, error), *cluster = rad_new(n + 1, sizeof *cluster, error);
    bool *kept = rad_new(n + 1, sizeof *kept, error);
    rad_status status = r && of_kept && of && cluster && kept ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_run_correlations(values, r, error);
    if (status == RAD_OK) {
        rad_correlations c = {0, of, of_kept};
        keep(r, n, &c);
        status = rad_clusters_compute(&c, 0.9, cluster, kept, error);
        size_t several = 0;
        for (size_t i = 0; i < c.count && status == RAD_OK; i++) several += !kept[i];
        if (status == RAD_OK && !several)
            rad_html_nothing(out, c.count > 1 ? "None: each says something of its own."
                                              : "None: correlations need rows whose values differ.");
        if (status == RAD_OK && several) {
            rad_html_table(out, "Clusters", "features.csv", 0, columns);
            for (size_t k = 1; k <= c.count; k++) put_cluster(out, values, &c, cluster, kept, k);
            rad_html_end_table(out, 0);
        }
    }
    rad_free(r);
    rad_free(of_kept);
    rad_free(of);
    rad_free(cluster);
    rad_free(kept);
    return status;
}
