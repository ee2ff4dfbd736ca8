#include "site_forest.h"

#include "html.h"
#include "plot.h"

#include <math.h>

enum { LEFT = 100, RIGHT = 322, TOP = 8, SUM = 18 };

/* An interval as a line, from which nothing leads out of the frame. */
static void put_line(FILE *out, const char *class, const rad_axis *x, double from, double to, double y) {
    if (isfinite(from) && isfinite(to))
        fprintf(out, "<path class=\"%s\" d=\"M%.1f %.1fH%.1f\"/>", class, rad_plot_inside(x, from), y,
                rad_plot_inside(x, to));
}

static void put_sum(FILE *out, const rad_axis *x, const rad_forest_row *r, double y) {
    const rad_performance_estimate *e = &r->is;
    put_line(out, "wide", x, r->predict_low, r->predict_high, y);
    if (isfinite(e->low) && isfinite(e->high))
        fprintf(out, "<path class=\"sum\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fz\"/>\n",
                rad_plot_inside(x, e->low), y, rad_plot_inside(x, e->value), y - 6,
                rad_plot_inside(x, e->high), y, rad_plot_inside(x, e->value), y + 6);
    rad_plot_text(out, LEFT - 8, y + 4, "r", r->name, LEFT - 10);
}

static void put_site(FILE *out, const rad_axis *x, const rad_forest_row *r, double y) {
    put_line(out, "span", x, r->is.low, r->is.high, y);
    fprintf(out, "<path class=\"mark\" d=\"M%.1f %.1fh7v7h-7z\"/>", rad_plot_inside(x, r->is.value) - 3.5,
            y - 3.5);
    rad_plot_text(out, LEFT - 8, y + 4, "r", r->name, LEFT - 10);
}

static rad_axis axis_of(const rad_site_forest *f) {
    double from = f->neutral, to = f->neutral;
    for (size_t i = 0; i < f->sites; i++) {
        const rad_performance_estimate e = f->site(f->of, i).is;
        if (isfinite(e.low)) from = fmin(from, e.low), to = fmax(to, e.high);
    }
    const double margin = 0.03 * (to - from) + 1e-3;
    return rad_plot_axis(fmax(f->least, from - margin), fmin(f->most, to + margin), LEFT, RIGHT);
}

void rad_site_forest_begin(FILE *out, const rad_site_forest *f) {
    size_t sites = 0;
    for (size_t i = 0; i < f->sites; i++) sites += isnan(f->site(f->of, i).is.value) ? 0U : 1U;
    const double step = sites > 12 ? 13 : 18;
    const rad_axis x = axis_of(f);
    const rad_frame frame = {LEFT, RIGHT, TOP, TOP + (double)sites * step + SUM * (double)f->sums + 6};
    double y = TOP + step / 2;
    rad_plot_figure(out, false, f->title);
    rad_plot_begin(out, f->title,
                   "Forest plot: estimates of the sites with 95 % intervals; diamonds are what they are "
                   "together, dashed lines prediction intervals of a new site.",
                   RAD_PLOT_WIDTH, frame.bottom + 34);
    rad_plot_x(out, &frame, &x, f->axis, f->unit);
    fprintf(out, "<path class=\"axis\" d=\"M%.1f %dV%.1f\"/>", rad_plot_at(&x, f->neutral), TOP,
            frame.bottom);
    for (size_t i = 0; i < f->sites; i++) {
        const rad_forest_row r = f->site(f->of, i);
        if (isnan(r.is.value)) continue;
        put_site(out, &x, &r, y);
        y += step;
    }
    for (size_t i = 0; i < f->sums; i++, y += SUM)
        if (!isnan(f->sum[i].is.value)) put_sum(out, &x, &f->sum[i], y);
    rad_plot_end(out);
}

const char *rad_forest_range(double low, double high, char text[RAD_FOREST_RANGE]) {
    char from[RAD_HTML_NUMBER], to[RAD_HTML_NUMBER];
    snprintf(text, RAD_FOREST_RANGE, "%s to %s", rad_html_number(low, from), rad_html_number(high, to));
    return text;
}

static double back(bool share, double x) {
    return share ? rad_performance_share(x) : x;
}

rad_forest_row rad_forest_random(const rad_meta *m, bool share) {
    return (rad_forest_row){"REML",
                            {back(share, m->estimate), m->se, back(share, m->low), back(share, m->high)},
                            back(share, m->predict_low),
                            back(share, m->predict_high)};
}

void rad_forest_say_random(FILE *out, const rad_meta *m, bool share) {
    const rad_forest_row r = rad_forest_random(m, share);
    char value[RAD_HTML_NUMBER], interval[RAD_FOREST_RANGE], prediction[RAD_FOREST_RANGE];
    if (isnan(m->estimate)) return;
    rad_html_say(out, "REML %s (95 %% %s); prediction %s; I\xc2\xb2 %.1f %%.",
                 rad_html_number(r.is.value, value), rad_forest_range(r.is.low, r.is.high, interval),
                 rad_forest_range(r.predict_low, r.predict_high, prediction), m->i2);
}
