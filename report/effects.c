#include "effects.h"

#include "html.h"
#include "plot.h"

#include <math.h>

enum { LEFT = 150, RIGHT = 322, TOP = 8, STEP = 15, TICKS = 6 };

void rad_effects_range(rad_effects *e) {
    e->from = e->to = 0;
    for (size_t i = 0; i < e->count; i++) {
        const rad_effect *x = &e->row[i];
        e->from = fmin(e->from, isfinite(x->low) ? x->low : x->value);
        e->to = fmax(e->to, isfinite(x->high) ? x->high : x->value);
    }
    const double span = e->to - e->from,
                 margin = span > 1e-3 ? 0.03 * span : 0.05; /* what is 0 but for rounding */
    e->from -= margin;
    e->to += margin;
}

/* 1, 2 and 5 times powers of ten, `by` 0, or each so many powers; more than there may be: some more. */
static size_t find_ratios(const rad_axis *a, int by, rad_ticks *t) {
    static const double within[] = {1, 2, 5};
    const double ten = log(10);
    const int decades = by ? by : 1, parts = by ? 1 : 3;
    size_t count = 0;
    for (double p = floor(a->from / ten / decades) * decades; p * ten <= a->to && count <= TICKS;
         p += decades)
        for (int k = 0; k < parts && count <= TICKS; k++) {
            const double at = p * ten + log(within[k]);
            if (at < a->from - 1e-9 || at > a->to + 1e-9) continue;
            t->at[count] = at;
            snprintf(t->text[count++], sizeof t->text[0], "%g", within[k] * pow(10, p));
        }
    return count;
}

/* Ratios that are round, at their logarithms: in equal steps where all are within a factor of five. */
static void find_ticks(const rad_axis *a, rad_ticks *t) {
    if (a->to - a->from < 1.6) {
        const rad_axis plain = {exp(a->from), exp(a->to), a->low, a->high};
        rad_plot_ticks(&plain, 5, t);
        for (size_t i = 0; i < t->count; i++) t->at[i] = log(t->at[i]);
        return;
    }
    t->power = 0;
    for (int by = 0;; by++) {
        t->count = find_ratios(a, by, t);
        if (t->count <= TICKS) return;
    }
}

static double place_of(size_t row) {
    return TOP + STEP * ((double)row + 0.5);
}

void rad_effects_put(FILE *out, const rad_effects *e) {
    const double bottom = TOP + STEP * (double)e->count + 4;
    const rad_frame frame = {LEFT, RIGHT, TOP, bottom};
    const rad_axis at = rad_plot_axis(e->from, e->to, LEFT, RIGHT - 6);
    rad_ticks ticks;
    rad_plot_figure(out, false, e->title);
    rad_plot_begin(out, e->title, e->desc, RAD_PLOT_WIDTH, bottom + 34);
    if (e->ratio) {
        find_ticks(&at, &ticks);
        rad_plot_x_at(out, &frame, &at, &ticks, e->axis, e->unit);
        fprintf(out, "<path class=\"axis\" d=\"M%.1f %dV%.1f\"/>", rad_plot_at(&at, 0), TOP, bottom);
    } else {
        rad_plot_x(out, &frame, &at, e->axis, e->unit);
    }
    fputs("<path class=\"span\" d=\"", out);
    for (size_t i = 0; i < e->count; i++)
        if (isfinite(e->row[i].low) && isfinite(e->row[i].high))
            fprintf(out, "M%.1f %.1fH%.1f", rad_plot_inside(&at, e->row[i].low), place_of(i),
                    rad_plot_inside(&at, e->row[i].high));
    fputs("\"/><path class=\"dots big\" d=\"", out);
    for (size_t i = 0; i < e->count; i++)
        fprintf(out, "M%.1f %.1fh0", rad_plot_inside(&at, e->row[i].value), place_of(i));
    fputs("\"/>\n", out);
    for (size_t i = 0; i < e->count; i++)
        rad_plot_text(out, LEFT - 6, place_of(i) + 4, "r", e->row[i].name, LEFT - 8);
    rad_plot_end(out);
    rad_plot_end_figure(out);
}

/* A line breaks where it is not known. */
static void put_line(FILE *out, const rad_path *p, size_t line, const rad_axis *across, const rad_axis *up) {
    size_t series = RAD_PLOT_COLOURS;
    bool open = false;
    for (size_t i = 0; i < p->rows && i < RAD_PLOT_COLOURS; i++)
        if (p->line[i] == line) series = i;
    fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(series));
    for (size_t i = 0; i < p->steps; i++) {
        const double value = p->at(p->of, i, line);
        if (isfinite(value))
            fprintf(out, "%c%.1f %.1f", open ? 'L' : 'M', rad_plot_at(across, log10(p->lambda[i])),
                    rad_plot_at(up, value));
        open = isfinite(value);
    }
    fputs("\"/>", out);
}

static rad_axis upright(const rad_path *p) {
    double most = 0;
    for (size_t i = 0; i < p->steps; i++)
        for (size_t j = 0; j < p->lines; j++)
            if (isfinite(p->at(p->of, i, j))) most = fmax(most, fabs(p->at(p->of, i, j)));
    return rad_plot_axis(-most, most, 190, 26);
}

void rad_path_put(FILE *out, const rad_path *p) {
    const rad_frame frame = {40, RIGHT, 26, 190};
    const rad_axis across = rad_plot_axis(log10(p->lambda[p->steps - 1]), log10(p->lambda[0]), 40, RIGHT - 8),
                   up = upright(p);
    rad_plot_figure(out, false, p->title);
    rad_plot_begin(out, p->title, p->desc, RAD_PLOT_WIDTH, 224);
    rad_plot_y(out, &frame, &up, p->axis, p->unit);
    rad_plot_x(out, &frame, &across, "log10 of lambda", "no unit");
    for (size_t j = p->lines; j-- > 0;) put_line(out, p, j, &across, &up);
    if (p->chosen < p->steps)
        fprintf(out, "<path class=\"limits s0\" d=\"M%.1f 26V190\"/>\n",
                rad_plot_at(&across, log10(p->lambda[p->chosen])));
    rad_plot_end(out);
    rad_plot_legend(out);
    for (size_t i = 0; i < p->rows && i < RAD_PLOT_COLOURS; i++) rad_plot_legend_item(out, i, p->row[i].name);
    rad_plot_end_legend(out);
    rad_plot_end_figure(out);
}
