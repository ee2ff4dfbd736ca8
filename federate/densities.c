#include "plots.h"

#include "../core/memory.h"
#include "html.h"
#include "plot.h"

#include <math.h>

enum { TOP = 42, BOTTOM = 190, LEFT = 38, RIGHT = 322, STEPS = 80 };

/* One variable at all sites. */
typedef struct densities {
    const rad_pool *pool;
    size_t variable;
    rad_combat_shift *shift; /* [site] */
    rad_axis x, y;
} densities;

/* A site's histogram on intervals that have two ends; the patients in it. */
static const rad_summary_variable *histogram_of(const densities *d, size_t site, double *n) {
    const rad_summary_variable *v = &d->pool->sites[site].variables[d->variable];
    *n = 0;
    for (size_t i = 0; i < v->count_count; i++) *n += (double)v->counts[i].count;
    return v->counted && *n > 0 ? v : NULL;
}

/* Where a value lies after harmonisation. */
static double moved(const rad_combat_shift *s, bool after, double value) {
    return after ? s->mean_after + (value - s->mean) * (s->deviation_after / s->deviation) : value;
}

static double deviation_of(const rad_combat_shift *s, bool after) {
    return after ? s->deviation_after : s->deviation;
}

/* The part of the axis that matters: 3.5 deviations about each mean, before and after, but not beyond the
 * histograms. */
static void take_axes(densities *d) {
    double from = INFINITY, to = -INFINITY, low = INFINITY, high = -INFINITY, top = 0;
    bool bounded = true;
    for (size_t s = 0; s < d->pool->count; s++) {
        const rad_combat_shift *h = &d->shift[s];
        double n;
        const rad_summary_variable *v = histogram_of(d, s, &n);
        bounded = bounded && (v || isnan(h->mean));
        for (int after = 0; after < 2 && !isnan(h->mean); after++) {
            const double mean = after ? h->mean_after : h->mean, deviation = deviation_of(h, after);
            from = fmin(from, mean - 3.5 * deviation);
            to = fmax(to, mean + 3.5 * deviation);
            if (!v) top = fmax(top, 0.4 / deviation);
            for (size_t i = 0; v && i < v->count_count; i++) {
                const double a = moved(h, after,
                                       rad_grid_edge(&d->pool->total.variables[d->variable].grid,
                                                     v->counts[i].first)),
                             b = moved(h, after,
                                       rad_grid_edge(&d->pool->total.variables[d->variable].grid,
                                                     v->counts[i].end));
                low = fmin(low, a);
                high = fmax(high, b);
                if (isfinite(b - a)) top = fmax(top, (double)v->counts[i].count / n / (b - a));
            }
        }
    }
    if (bounded) from = fmax(from, low), to = fmin(to, high);
    d->x = rad_axis_make(from, to, LEFT, RIGHT);
    d->y = rad_axis_make(0, top, BOTTOM, TOP);
}

static void put_steps(FILE *out, const densities *d, size_t site, const rad_summary_variable *v, double n,
                      bool after) {
    const rad_grid *grid = &d->pool->total.variables[d->variable].grid;
    double last = NAN;
    for (size_t i = 0; i < v->count_count; i++) {
        const double a = moved(&d->shift[site], after, rad_grid_edge(grid, v->counts[i].first)),
                     b = moved(&d->shift[site], after, rad_grid_edge(grid, v->counts[i].end));
        if (!isfinite(b - a) || b <= d->x.from || a >= d->x.to) continue;
        const double y = rad_axis_inside(&d->y, (double)v->counts[i].count / n / (b - a)),
                     left = rad_axis_inside(&d->x, a);
        if (isnan(last))
            fprintf(out, "M%.1f %d", left, BOTTOM);
        else if (left > last + 0.05)
            fprintf(out, "V%dH%.1f", BOTTOM, left);
        last = rad_axis_inside(&d->x, b);
        fprintf(out, "V%.1fH%.1f", y, last);
    }
    if (!isnan(last)) fprintf(out, "V%d", BOTTOM);
}

static void put_normal(FILE *out, const densities *d, size_t site, bool after) {
    const rad_combat_shift *h = &d->shift[site];
    const double mean = after ? h->mean_after : h->mean, deviation = deviation_of(h, after);
    for (int i = 0; i <= STEPS; i++) {
        const double x = d->x.from + (d->x.to - d->x.from) * i / STEPS, z = (x - mean) / deviation;
        fprintf(out, "%c%.1f %.1f", i ? 'L' : 'M', rad_axis_at(&d->x, x),
                rad_axis_inside(&d->y, 0.3989422804014327 / deviation * exp(-z * z / 2)));
    }
}

static void put_panel(FILE *out, const densities *d, bool after) {
    const rad_summary_variable *x = &d->pool->total.variables[d->variable];
    const rad_frame frame = {LEFT, RIGHT, TOP, BOTTOM};
    char unit[80], title[RAD_NAME + 64];
    const char *when = after ? "after ComBat" : "before ComBat";
    snprintf(unit, sizeof unit, "1 / %s", x->logarithm || *x->unit ? rad_plot_unit(x) : "arbitrary unit");
    snprintf(title, sizeof title, "%s %s", x->name, when);
    rad_plot_begin(out, title, "Density of the variable at each site, a line per site.", RAD_PLOT_WIDTH,
                   BOTTOM + 34, false);
    rad_plot_text(out, LEFT, 12, "l", when, 200);
    rad_plot_y(out, &frame, &d->y, "density", unit);
    rad_plot_x(out, &frame, &d->x, "value", rad_plot_unit(x));
    for (size_t k = d->pool->count; k-- > 0;) { /* those in colour last, above the grey ones */
        double n;
        const rad_summary_variable *v = histogram_of(d, k, &n);
        if (!(deviation_of(&d->shift[k], after) > 0)) continue;
        fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(k));
        if (v)
            put_steps(out, d, k, v, n, after);
        else
            put_normal(out, d, k, after);
        fputs("\"/>\n", out);
    }
    rad_plot_end(out);
}

static void put_key(FILE *out, const rad_pool *p) {
    rad_key_begin(out);
    for (size_t s = 0; s < p->count && s < RAD_PLOT_COLOURS; s++) rad_key_item(out, s, p->sites[s].site);
    if (p->count > RAD_PLOT_COLOURS) rad_key_item(out, RAD_PLOT_COLOURS, "all other sites, thin and grey");
    rad_key_end(out);
}

static void put_figure(FILE *out, densities *d, double effect) {
    char caption[RAD_NAME + 128], text[RAD_HTML_NUMBER];
    size_t normal = 0;
    double n;
    for (size_t s = 0; s < d->pool->count; s++) normal += !isnan(d->shift[s].mean) && !histogram_of(d, s, &n);
    take_axes(d);
    snprintf(caption, sizeof caption, "%s: eta squared of sites before %s",
             d->pool->total.variables[d->variable].name, rad_html_number(effect, text));
    rad_figure_begin(out, true, caption);
    put_key(out, d->pool);
    fputs("<div class=\"pair\">\n", out);
    put_panel(out, d, false);
    put_panel(out, d, true);
    fputs("</div>\n", out);
    if (normal)
        rad_html_say(out, "Normal curves stand for %zu of %zu sites, which sent no histogram of it.", normal,
                     d->pool->count);
    rad_figure_end(out);
}

rad_status rad_section_densities(FILE *out, void *context, rad_error *error) {
    const rad_related *r = context;
    const rad_combat *c = &r->combat;
    size_t first[RAD_PLOTS_SHOWN], count = 0;
    densities d = {.pool = r->pool, .shift = rad_new(r->pool->count, sizeof *d.shift, error)};
    double *key = rad_new(r->pool->total.count, sizeof *key, error);
    rad_status status = d.shift && key ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        key[v] = c->variables[v].used ? -r->findings.sites.test[v].effect : NAN;
    if (status == RAD_OK) count = rad_smallest(key, c->count, RAD_PLOTS_SHOWN, first);
    if (status == RAD_OK && !count)
        rad_html_nothing(
            out,
            "No two variables could be harmonised: each is held back at a site, or does not vary there.");
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        d.variable = first[i];
        for (size_t s = 0; s < r->pool->count && status == RAD_OK; s++)
            status = rad_combat_shift_take(r->pool, c, s, first[i], &d.shift[s], error);
        if (status == RAD_OK) put_figure(out, &d, -key[first[i]]);
    }
    rad_free(d.shift);
    rad_free(key);
    return status;
}
