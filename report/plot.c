#include "plot.h"

#include "html.h"

#include <math.h>
#include <string.h>

rad_axis rad_plot_axis(double from, double to, double low, double high) {
    if (!isfinite(from) || !isfinite(to)) from = 0, to = 1;
    if (!(to > from)) {
        const double half = from == 0 ? 1 : fabs(from) / 2;
        to = from + half;
        from -= half;
    }
    return (rad_axis){from, to, low, high};
}

double rad_plot_at(const rad_axis *a, double value) {
    return a->low + (value - a->from) / (a->to - a->from) * (a->high - a->low);
}

double rad_plot_inside(const rad_axis *a, double value) {
    return rad_plot_at(a, fmin(a->to, fmax(a->from, value)));
}

/* 1, 2 or 5 times a power of ten, so that at most that many steps fit. */
static double round_step(double span, size_t most) {
    const double least = span / (double)most, power = pow(10, floor(log10(least)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < 4; i++)
        if (steps[i] * power >= least * (1 - 1e-9)) return steps[i] * power;
    return 10 * power;
}

static void write_ticks(double step, rad_ticks *t) {
    const double most = fmax(fabs(t->at[0]), fabs(t->at[t->count - 1]));
    t->power = most > 0 ? (int)floor(log10(most) + 1e-9) : 0;
    if (t->power > -3 && t->power < 4) t->power = 0;
    const double scale = pow(10, t->power);
    const double digits = -floor(log10(step / scale) + 1e-9);
    for (size_t i = 0; i < t->count; i++)
        snprintf(t->text[i], sizeof t->text[i], "%.*f", digits > 0 ? (int)fmin(digits, 12) : 0,
                 t->at[i] / scale);
}

void rad_plot_ticks(const rad_axis *a, size_t most, rad_ticks *t) {
    const double step = round_step(a->to - a->from, most - 1), first = ceil(a->from / step - 1e-9);
    t->count = 0;
    for (double k = first; k * step <= a->to + 1e-9 * step && t->count < RAD_TICKS_MAX; k++)
        t->at[t->count++] = k == 0 ? 0 : k * step;
    if (!t->count) t->at[t->count++] = a->from; /* the span is below what doubles tell apart */
    write_ticks(step, t);
}

void rad_plot_widen(rad_axis *a, size_t most) {
    const double step = round_step(a->to - a->from, most - 1);
    a->from = floor(a->from / step + 1e-9) * step;
    a->to = ceil(a->to / step - 1e-9) * step;
}

void rad_plot_figure(FILE *out, bool full, const char *caption) {
    fputs(full ? "<figure class=\"full\"><figcaption>" : "<figure><figcaption>", out);
    rad_html_text(out, caption);
    fputs("</figcaption>\n", out);
}

void rad_plot_end_figure(FILE *out) {
    fputs("</figure>\n", out);
}

void rad_plot_begin(FILE *out, const char *title, const char *desc, double width, double height) {
    fprintf(out, "<svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" width=\"100%%\"><title>", width, height);
    rad_html_text(out, title);
    fputs("</title><desc>", out);
    rad_html_text(out, desc);
    fputs("</desc>\n", out);
}

void rad_plot_end(FILE *out) {
    fputs("</svg>\n", out);
}

/* What a title leaves to its unit, and how wide both are together. */
static double unit_width(const char *title) {
    return RAD_PLOT_WIDTH - 60 - rad_html_width(title);
}

static double title_width(const char *title, const char *unit) {
    return rad_html_width(title) + 50 + fmin(rad_html_width(unit), unit_width(title));
}

/* "title (10^power unit)". */
static void put_title(FILE *out, const char *title, int power, const char *unit) {
    static const char *const digits[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
                                         "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
                                         "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char text[16];
    rad_html_text(out, title);
    fputs(" (", out);
    if (power) {
        snprintf(text, sizeof text, "%d", power);
        fputs("10", out);
        for (const char *c = text; *c; c++) fputs(*c == '-' ? "\xe2\x81\xbb" : digits[*c - '0'], out);
        fputc(' ', out);
    }
    rad_html_cut(out, power && !strncmp(unit, "1 / ", 4) ? unit + 2 : unit, unit_width(title));
    fputs(")", out);
}

/* As many ticks as have room for their text. */
static void fit_ticks(const rad_axis *a, rad_ticks *t) {
    for (size_t most = 7; most >= 2; most--) {
        double width = 0;
        rad_plot_ticks(a, most, t);
        for (size_t i = 0; i < t->count; i++) width = fmax(width, rad_html_width(t->text[i]));
        if (t->count < 2 || (t->at[1] - t->at[0]) / (a->to - a->from) * fabs(a->high - a->low) > width + 8)
            return;
    }
}

void rad_plot_x_at(FILE *out, const rad_frame *f, const rad_axis *a, const rad_ticks *t, const char *title,
                   const char *unit) {
    fputs("<path class=\"grid\" d=\"", out);
    for (size_t i = 0; i < t->count; i++)
        fprintf(out, "M%.1f %.1fV%.1f", rad_plot_at(a, t->at[i]), f->top, f->bottom);
    fprintf(out, "\"/><path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>\n", f->left, f->bottom, f->right);
    for (size_t i = 0; i < t->count; i++) {
        const double half = rad_html_width(t->text[i]) / 2,
                     x = fmax(half, fmin(rad_plot_at(a, t->at[i]), RAD_PLOT_WIDTH - half));
        fprintf(out, "<text class=\"m\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, f->bottom + 15, t->text[i]);
    }
    const double half = title_width(title, unit) / 2, middle = (f->left + f->right) / 2,
                 most = fmax(f->right + 8, RAD_PLOT_WIDTH) - half;
    fprintf(out, "<text class=\"m title\" x=\"%.1f\" y=\"%.1f\">", fmin(fmax(middle, half), fmax(most, half)),
            f->bottom + 28);
    put_title(out, title, t->power, unit);
    fputs("</text>\n", out);
}

void rad_plot_x(FILE *out, const rad_frame *f, const rad_axis *a, const char *title, const char *unit) {
    rad_ticks t;
    fit_ticks(a, &t);
    rad_plot_x_at(out, f, a, &t, title, unit);
}

/* The title stands above the axis: text on its side is hard to read. */
void rad_plot_y(FILE *out, const rad_frame *f, const rad_axis *a, const char *title, const char *unit) {
    rad_ticks t;
    rad_plot_ticks(a, 6, &t);
    fputs("<path class=\"grid\" d=\"", out);
    for (size_t i = 0; i < t.count; i++)
        fprintf(out, "M%.1f %.1fH%.1f", f->left, rad_plot_at(a, t.at[i]), f->right);
    fprintf(out, "\"/><path class=\"axis\" d=\"M%.1f %.1fV%.1f\"/>\n", f->left, f->top, f->bottom);
    for (size_t i = 0; i < t.count; i++)
        fprintf(out, "<text class=\"r\" x=\"%.1f\" y=\"%.1f\">%s</text>", f->left - 4,
                rad_plot_at(a, t.at[i]) + 4, t.text[i]);
    fprintf(out, "<text class=\"l title\" x=\"2\" y=\"%.1f\">", f->top - 11);
    put_title(out, title, t.power, unit);
    fputs("</text>\n", out);
}

void rad_plot_text(FILE *out, double x, double y, const char *class, const char *text, double width) {
    fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, y);
    rad_html_cut(out, text, width);
    if (rad_html_width(text) > width) {
        fputs("<title>", out);
        rad_html_text(out, text);
        fputs("</title>", out);
    }
    fputs("</text>\n", out);
}

void rad_plot_legend(FILE *out) {
    fputs("<ul class=\"key\">", out);
}

void rad_plot_legend_item(FILE *out, size_t series, const char *text) {
    fprintf(out,
            "<li><svg aria-hidden=\"true\" viewBox=\"0 0 28 8\" width=\"28\" height=\"8\"><path class=\"%s\" "
            "d=\"M0 4h28\"/></svg> ",
            rad_plot_series(series));
    rad_html_text(out, text);
    fputs("</li>", out);
}

void rad_plot_end_legend(FILE *out) {
    fputs("</ul>\n", out);
}

const char *rad_plot_series(size_t series) {
    static const char *const names[RAD_PLOT_COLOURS] = {"s s0", "s s1", "s s2", "s s3",
                                                        "s s4", "s s5", "s s6", "s s7"};
    return series < RAD_PLOT_COLOURS ? names[series] : "s rest";
}

const char *rad_plot_unit(const rad_summary_variable *v) {
    if (v->logarithm) return "log unit";
    return !*v->unit ? "arbitrary units" : !strcmp(v->unit, "1") ? "no unit" : v->unit;
}

size_t rad_plot_smallest(const double *key, size_t count, size_t want, size_t *out) {
    size_t used = 0;
    for (size_t i = 0; i < count && want; i++) {
        size_t at = used;
        if (isnan(key[i])) continue;
        while (at && key[out[at - 1]] > key[i]) at--;
        if (at == want) continue;
        if (used < want) used++;
        memmove(&out[at + 1], &out[at], (used - 1 - at) * sizeof *out);
        out[at] = i;
    }
    return used;
}
