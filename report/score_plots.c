#include "plots.h"

#include "../federate/pool/distributions.h"
#include "html.h"
#include "plot.h"
#include "site_forest.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

/* How well scores do: forests of the sites, then what classes of the score say. */
enum { TOP = 26, BOTTOM = 250, LEFT = 34, RIGHT = 322 };

/* A score of the study, and what the pool says of it. */
typedef struct scored {
    const rad_pool *pool;
    const rad_performance *of;
    const rad_performance_results *is;
} scored;

static const char *measure_of(const scored *s) {
    return s->of->timed ? "Harrell's C" : "AUC";
}

static rad_forest_row site_of(const void *of, size_t site) {
    const scored *s = of;
    return (rad_forest_row){s->pool->sites[site].site, s->is->site[site], NAN, NAN};
}

/* Sites that have an estimate, then all within sites, then random effects with their prediction. */
static void put_forest(FILE *out, const scored *s) {
    const rad_performance_results *r = s->is;
    const rad_forest_row sum[] = {{"stratified", r->stratified, NAN, NAN},
                                  rad_forest_random(&r->random, true)};
    char title[2 * RAD_NAME], value[RAD_HTML_NUMBER], range[RAD_FOREST_RANGE];
    snprintf(title, sizeof title, "%s: %s of the sites", s->of->name, measure_of(s));
    rad_site_forest_begin(out, &(rad_site_forest){title, measure_of(s), "share of pairs", 0.5, 0, 1,
                                                  s->pool->count, site_of, s, sum, 2});
    rad_html_say(out, "Stratified %s (95 %% %s); %zu sites, %" PRIu64 " patients, %" PRIu64 " events.",
                 rad_html_number(r->stratified.value, value),
                 rad_forest_range(r->stratified.low, r->stratified.high, range), r->basis.sites,
                 r->basis.patients, r->events);
    rad_forest_say_random(out, &r->random, true);
    rad_plot_end_figure(out);
}

/* Shares of either outcome above the edge of a class; beyond the last class there is nobody. */
static void above(const rad_performance_classes *c, size_t at, double *events, double *others) {
    uint64_t tp, fp;
    rad_performance_above(c, at, &tp, &fp);
    *events = (double)tp / (double)c->events;
    *others = (double)fp / (double)c->others;
}

/* From all above to none along the upper corners, and back along the lower ones: the curve of the scores lies
 * between. */
static void put_stairs(FILE *out, const rad_performance_classes *c, const rad_axis *x, const rad_axis *y) {
    double t, f;
    fprintf(out, "M%.1f %.1f", rad_plot_at(x, 1), rad_plot_at(y, 1));
    for (size_t step = 1; step <= 2 * c->count; step++) {
        above(c, step <= c->count ? step : 2 * c->count - step, &t, &f);
        fprintf(out, "H%.1fV%.1f", rad_plot_at(x, f), rad_plot_at(y, t));
    }
}

static void put_roc(FILE *out, const scored *s) {
    const rad_performance_classes *c = &s->is->classes;
    const rad_axis x = rad_plot_axis(0, 1, LEFT, LEFT + 224), y = rad_plot_axis(0, 1, BOTTOM, TOP);
    const rad_frame frame = {LEFT, LEFT + 224, TOP, BOTTOM};
    char title[2 * RAD_NAME], low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER], cut[RAD_HTML_NUMBER];
    double t, f;
    snprintf(title, sizeof title, "%s: ROC at public cuts", s->of->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(
        out, title,
        "Sensitivity against one less specificity at the cuts, with the band in which the curve of all "
        "scores lies.",
        RAD_PLOT_WIDTH, BOTTOM + 34);
    rad_plot_y(out, &frame, &y, "sensitivity", "share");
    rad_plot_x(out, &frame, &x, "1 \xe2\x88\x92 specificity", "share");
    fprintf(out, "<path class=\"limit\" d=\"M%d %dL%d %d\"/><path class=\"band s0\" d=\"", LEFT, BOTTOM,
            LEFT + 224, TOP);
    put_stairs(out, c, &x, &y);
    fputs("z\"/>\n<path class=\"s s0\" d=\"", out);
    for (size_t k = 0; k <= c->count; k++) {
        above(c, k, &t, &f);
        fprintf(out, "%s%.1f %.1f", k ? "L" : "M", rad_plot_at(&x, f), rad_plot_at(&y, t));
    }
    fputs("\"/><path class=\"dots big\" d=\"", out);
    for (size_t k = 1; k < c->count; k++) {
        above(c, k, &t, &f);
        fprintf(out, "M%.1f %.1fh0", rad_plot_at(&x, f), rad_plot_at(&y, t));
    }
    fputs("\"/>\n", out);
    for (size_t k = 1; k < c->count && c->count <= 8; k++) {
        above(c, k, &t, &f);
        rad_plot_text(out, rad_plot_at(&x, f) + 7, rad_plot_at(&y, t) + 13, "l",
                      rad_html_number(c->class[k].from, cut), 60);
    }
    rad_plot_end(out);
    rad_html_say(out, "%zu sites, %" PRIu64 " patients; AUC of all pairs, those across sites too: %s to %s.",
                 c->basis.sites, c->basis.patients, rad_html_number(s->is->auc_low, low),
                 rad_html_number(s->is->auc_high, high));
    rad_plot_end_figure(out);
}

/* Who is above a cut: which share has the event, against which share of the events they are. */
static void put_precision(FILE *out, const scored *s) {
    const rad_performance_classes *c = &s->is->classes;
    const rad_axis x = rad_plot_axis(0, 1, LEFT, LEFT + 224), y = rad_plot_axis(0, 1, BOTTOM, TOP);
    const rad_frame frame = {LEFT, LEFT + 224, TOP, BOTTOM};
    const double share = (double)c->events / (double)(c->events + c->others);
    char title[2 * RAD_NAME], text[RAD_HTML_NUMBER], low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER];
    uint64_t tp, fp;
    snprintf(title, sizeof title, "%s: precision and recall at public cuts", s->of->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(
        out, title,
        "Positive predictive value against sensitivity at the cuts; the dashed line is the share of events.",
        RAD_PLOT_WIDTH, BOTTOM + 34);
    rad_plot_y(out, &frame, &y, "positive predictive value", "share");
    rad_plot_x(out, &frame, &x, "sensitivity", "share");
    fprintf(out, "<path class=\"limit\" d=\"M%d %.1fh224\"/>", LEFT, rad_plot_at(&y, share));
    for (int line = 1; line >= 0; line--) {
        fprintf(out, "<path class=\"%s\" d=\"", line ? "s s0" : "dots big");
        for (size_t k = 0; k < c->count; k++) { /* at the first edge all are above */
            rad_performance_above(c, k, &tp, &fp);
            if ((!k && !line) || !(tp + fp)) continue;
            fprintf(out, line && k ? "L%.1f %.1f" : "M%.1f %.1f",
                    rad_plot_at(&x, (double)tp / (double)c->events),
                    rad_plot_at(&y, (double)tp / (double)(tp + fp)));
            if (!line) fputs("h0", out);
        }
        fputs("\"/>\n", out);
    }
    rad_plot_end(out);
    rad_html_say(out, "Share of events %s; %zu sites, %" PRIu64 " patients; average precision: %s to %s.",
                 rad_html_number(share, text), c->basis.sites, c->basis.patients,
                 rad_html_number(s->is->precision_low, low), rad_html_number(s->is->precision_high, high));
    rad_plot_end_figure(out);
}

static void put_calibration(FILE *out, const scored *s) {
    const rad_performance_classes *c = &s->is->predicted;
    const rad_axis x = rad_plot_axis(0, 1, LEFT, LEFT + 224), y = rad_plot_axis(0, 1, BOTTOM, TOP);
    const rad_frame frame = {LEFT, LEFT + 224, TOP, BOTTOM};
    char title[2 * RAD_NAME], text[5][RAD_HTML_NUMBER];
    snprintf(title, sizeof title, "%s: calibration", s->of->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(
        out, title,
        "Share of events by the mean prediction of each class, with 95 % intervals; the diagonal is perfect "
        "calibration.",
        RAD_PLOT_WIDTH, BOTTOM + 34);
    rad_plot_y(out, &frame, &y, "observed", "share");
    rad_plot_x(out, &frame, &x, "predicted", "mean of the class");
    fprintf(out, "<path class=\"limit\" d=\"M%d %dL%d %d\"/><path class=\"span\" d=\"", LEFT, BOTTOM,
            LEFT + 224, TOP);
    for (size_t k = 0; k < c->count; k++) {
        rad_performance_estimate e;
        if (!(c->class[k].events + c->class[k].others)) continue;
        rad_performance_observed(&c->class[k], &e);
        fprintf(out, "M%.1f %.1fV%.1f",
                rad_plot_at(&x, c->class[k].predicted / (double)(c->class[k].events + c->class[k].others)),
                rad_plot_inside(&y, e.low), rad_plot_inside(&y, e.high));
    }
    fputs("\"/><path class=\"dots big\" d=\"", out);
    for (size_t k = 0; k < c->count; k++) {
        const double n = (double)(c->class[k].events + c->class[k].others);
        if (!(n > 0)) continue;
        fprintf(out, "M%.1f %.1fh0", rad_plot_at(&x, c->class[k].predicted / n),
                rad_plot_at(&y, (double)c->class[k].events / n));
    }
    fputs("\"/>\n", out);
    rad_plot_end(out);
    rad_html_say(
        out,
        "Observed by expected %s (95 %% %s to %s); slope of the classes %s, intercept %s; %zu sites, %" PRIu64
        " patients in classes.",
        rad_html_number(s->is->ratio.value, text[0]), rad_html_number(s->is->ratio.low, text[1]),
        rad_html_number(s->is->ratio.high, text[2]), rad_html_number(s->is->slope.value, text[3]),
        rad_html_number(s->is->intercept.value, text[4]), c->basis.sites, c->basis.patients);
    rad_plot_end_figure(out);
}

/* Net benefit of the score, and of treating all, at thresholds; 0 is treating nobody. */
static void put_decision(FILE *out, const scored *s) {
    const rad_performance_classes *c = &s->is->classes;
    double most = (double)c->events / (double)(c->events + c->others), least = 0;
    char title[2 * RAD_NAME];
    rad_performance_benefit b;
    for (size_t k = 1; k < c->count; k++) {
        rad_performance_decide(c, k, &b);
        least = fmin(least, b.model);
    }
    least = fmin(fmax(least, -most), -0.1 * most);
    rad_axis y = rad_plot_axis(least, most, BOTTOM - 60, TOP);
    const rad_axis x = rad_plot_axis(0, 1, LEFT + 14, RIGHT);
    rad_plot_widen(&y, 6);
    const rad_frame frame = {LEFT + 14, RIGHT, TOP, BOTTOM - 60};
    snprintf(title, sizeof title, "%s: decision curve", s->of->name);
    rad_plot_figure(out, false, title);
    rad_plot_begin(out, title,
                   "Net benefit of acting by the score, and of acting on all or on nobody, by threshold.",
                   RAD_PLOT_WIDTH, BOTTOM - 26);
    rad_plot_y(out, &frame, &y, "net benefit", "per patient");
    rad_plot_x(out, &frame, &x, "threshold", "probability");
    fprintf(out, "<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>", frame.left, rad_plot_at(&y, 0), frame.right);
    for (size_t series = 0; series < 2; series++) {
        fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(series));
        for (size_t k = 1, shown = 0; k < c->count; k++) {
            rad_performance_decide(c, k, &b);
            const double value = series ? b.all : b.model;
            if (value < y.from) continue;
            fprintf(out, "%s%.1f %.1f", shown++ ? "L" : "M", rad_plot_at(&x, c->class[k].from),
                    rad_plot_at(&y, value));
        }
        fputs("\"/>", out);
    }
    fputs("<path class=\"dots big\" d=\"", out);
    for (size_t k = 1; k < c->count; k++) {
        rad_performance_decide(c, k, &b);
        if (b.model >= y.from)
            fprintf(out, "M%.1f %.1fh0", rad_plot_at(&x, c->class[k].from), rad_plot_at(&y, b.model));
    }
    fputs("\"/>\n", out);
    rad_plot_end(out);
    rad_plot_legend(out);
    rad_plot_legend_item(out, 0, "by the score");
    rad_plot_legend_item(out, 1, "all");
    rad_plot_end_legend(out);
    rad_html_say(out, "The line at 0 is acting on nobody. %zu sites, %" PRIu64 " patients.", c->basis.sites,
                 c->basis.patients);
    rad_plot_end_figure(out);
}

static void put_score(FILE *out, const scored *s) {
    const rad_performance_results *r = s->is;
    fputs("<h3>", out);
    rad_html_text(out, s->of->name);
    fputs("</h3>\n", out);
    if (!r->basis.shown) {
        rad_html_nothing(out, "Too few sites show the numbers of this score: coverage.csv says why.");
        return;
    }
    fputs("<div class=\"plots\">\n", out);
    put_forest(out, s);
    if (r->classes.count > 1) put_roc(out, s);
    if (r->classes.count > 1) put_precision(out, s);
    if (r->predicted.count > 1) put_calibration(out, s);
    if (s->of->probability && r->classes.count > 1) put_decision(out, s);
    fputs("</div>\n", out);
    if (s->of->cuts && r->classes.count < 2)
        rad_html_nothing(out, "No cut that enough sites have in common: name fewer cuts.");
}

rad_status rad_section_performance(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *study = r->pool->study;
    (void)error;
    for (size_t i = 0; i < study->performance_count; i++)
        put_score(out, &(scored){r->pool, &study->performances[i], &r->performance[i]});
    return RAD_OK;
}
