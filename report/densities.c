#include "plots.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "html.h"
#include "plot.h"

#include <math.h>

enum { TOP = 42, BOTTOM = 190, LEFT = 38, RIGHT = 322, STEPS = 80 };

/* A bar of a histogram, before harmonisation. */
typedef struct bar {
    double from, to, share;
} bar;

/* One variable at all sites. */
typedef struct densities {
    const rad_pool *pool;
    size_t variable;
    rad_combat_shift *shift; /* [site] */
    rad_axis x, y;
    bar *bars;       /* of one site at a time; owned */
    size_t normal;   /* sites without a histogram */
    size_t left_out; /* sites that are not harmonised */
} densities;

/* The bars of a site: its intervals, of which those that are narrower than a quarter of its deviation are
 * joined with what follows there; that shows the same before and after. Open ends are left out. None: 0. */
static size_t find_bars(const densities *d, size_t site, bar *out) {
    const rad_summary_variable *v = &d->pool->sites[site].variables[d->variable];
    const rad_grid *grid = &d->pool->total.variables[d->variable].grid;
    const double least = d->shift[site].deviation / 4;
    double n = 0;
    size_t count = 0;
    for (size_t i = 0; i < v->count_count; i++) n += (double)v->counts[i].count;
    for (size_t i = 0; i < v->count_count && v->counted && least > 0; i++) {
        const double from = rad_grid_edge(grid, v->counts[i].first),
                     to = rad_grid_edge(grid, v->counts[i].end);
        const double share = (double)v->counts[i].count / n;
        if (!isfinite(from) || !isfinite(to)) continue;
        if (count && from < out[count - 1].from + least) {
            out[count - 1].to = fmax(to, out[count - 1].from + least);
            out[count - 1].share += share;
        } else {
            const double end = fmax(to, from + least);
            const bool near = count && from < out[count - 1].to + least;
            out[count] = (bar){near ? out[count - 1].to : from, end, share};
            count++;
        }
    }
    return count;
}

/* Where a value lies after harmonisation. */
static double moved(const rad_combat_shift *s, bool after, double value) {
    return after ? s->mean_after + (value - s->mean) * (s->deviation_after / s->deviation) : value;
}

static double deviation_of(const rad_combat_shift *s, bool after) {
    return after ? s->deviation_after : s->deviation;
}

/* Widens ranges by one site, before or after. */
static void reach(const densities *d, size_t site, bool after, size_t bars, double *range, double *edges,
                  double *top) {
    const rad_combat_shift *h = &d->shift[site];
    const double mean = after ? h->mean_after : h->mean, deviation = deviation_of(h, after);
    range[0] = fmin(range[0], mean - 3.5 * deviation);
    range[1] = fmax(range[1], mean + 3.5 * deviation);
    if (!bars) *top = fmax(*top, 0.4 / deviation);
    for (size_t i = 0; i < bars; i++) {
        const double from = moved(h, after, d->bars[i].from), to = moved(h, after, d->bars[i].to);
        edges[0] = fmin(edges[0], from);
        edges[1] = fmax(edges[1], to);
        *top = fmax(*top, d->bars[i].share / (to - from));
    }
}

/* The part of the axis that matters: 3.5 deviations about each mean, before and after, but not beyond the
 * histograms. */
static void find_axes(densities *d) {
    double range[2] = {INFINITY, -INFINITY}, edges[2] = {INFINITY, -INFINITY}, top = 0;
    d->normal = d->left_out = 0;
    for (size_t s = 0; s < d->pool->count; s++) {
        const size_t bars = find_bars(d, s, d->bars);
        d->left_out += !(d->shift[s].deviation_after > 0);
        if (!(d->shift[s].deviation_after > 0)) continue;
        d->normal += !bars;
        for (int after = 0; after < 2; after++) reach(d, s, after, bars, range, edges, &top);
    }
    if (!d->normal) {
        range[0] = fmax(range[0], edges[0]);
        range[1] = fmin(range[1], edges[1]);
    }
    d->x = rad_plot_axis(range[0], range[1], LEFT, RIGHT);
    d->y = rad_plot_axis(0, top, BOTTOM, TOP);
}

static void put_steps(FILE *out, const densities *d, size_t site, size_t bars, bool after) {
    double last = NAN;
    for (size_t i = 0; i < bars; i++) {
        const double from = moved(&d->shift[site], after, d->bars[i].from),
                     to = moved(&d->shift[site], after, d->bars[i].to);
        if (to <= d->x.from || from >= d->x.to) continue;
        const double left = rad_plot_inside(&d->x, from);
        if (isnan(last))
            fprintf(out, "M%.1f %d", left, BOTTOM);
        else if (left > last + 0.05)
            fprintf(out, "V%dH%.1f", BOTTOM, left);
        last = rad_plot_inside(&d->x, to);
        fprintf(out, "V%.1fH%.1f", rad_plot_inside(&d->y, d->bars[i].share / (to - from)), last);
    }
    if (!isnan(last)) fprintf(out, "V%d", BOTTOM);
}

static void put_normal(FILE *out, const densities *d, size_t site, bool after) {
    const rad_combat_shift *h = &d->shift[site];
    const double mean = after ? h->mean_after : h->mean, deviation = deviation_of(h, after);
    for (int i = 0; i <= STEPS; i++) {
        const double x = d->x.from + (d->x.to - d->x.from) * i / STEPS, z = (x - mean) / deviation;
        fprintf(out, "%c%.1f %.1f", i ? 'L' : 'M', rad_plot_at(&d->x, x),
                rad_plot_inside(&d->y, 0.3989422804014327 / deviation * exp(-z * z / 2)));
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
                   BOTTOM + 34);
    rad_plot_text(out, LEFT, 12, "l", when, 200);
    rad_plot_y(out, &frame, &d->y, "density", unit);
    rad_plot_x(out, &frame, &d->x, "value", rad_plot_unit(x));
    for (size_t k = d->pool->count; k-- > 0;) { /* those in colour last, above the grey ones */
        if (!(d->shift[k].deviation_after > 0)) continue;
        const size_t bars = find_bars(d, k, d->bars);
        fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(k));
        if (bars)
            put_steps(out, d, k, bars, after);
        else
            put_normal(out, d, k, after);
        fputs("\"/>\n", out);
    }
    rad_plot_end(out);
}

static void put_key(FILE *out, const rad_pool *p) {
    rad_plot_legend(out);
    for (size_t s = 0; s < p->count && s < RAD_PLOT_COLOURS; s++)
        rad_plot_legend_item(out, s, p->sites[s].site);
    if (p->count > RAD_PLOT_COLOURS)
        rad_plot_legend_item(out, RAD_PLOT_COLOURS, "all other sites, thin and grey");
    rad_plot_end_legend(out);
}

static void put_figure(FILE *out, densities *d, double effect) {
    char caption[RAD_NAME + 128], text[RAD_HTML_NUMBER];
    find_axes(d);
    snprintf(caption, sizeof caption, "%s: eta squared of sites before %s",
             d->pool->total.variables[d->variable].name, rad_html_number(effect, text));
    rad_plot_figure(out, true, caption);
    put_key(out, d->pool);
    fputs("<div class=\"pair\">\n", out);
    put_panel(out, d, false);
    put_panel(out, d, true);
    fputs("</div>\n", out);
    if (d->normal)
        rad_html_say(out, "Normal curves stand for %zu of %zu sites, which sent no histogram of it.",
                     d->normal, d->pool->count);
    if (d->left_out)
        rad_html_say(out, "%zu of %zu sites %s left out of it.", d->left_out, d->pool->count,
                     d->left_out == 1 ? "is" : "are");
    rad_plot_end_figure(out);
}

static rad_status allocate_bars(densities *d, rad_error *error) {
    size_t most = 0;
    for (size_t s = 0; s < d->pool->count; s++) {
        const size_t count = d->pool->sites[s].variables[d->variable].count_count;
        most = count > most ? count : most;
    }
    rad_free(d->bars);
    d->bars = rad_new(most, sizeof *d->bars, error);
    return d->bars ? RAD_OK : RAD_NO_MEMORY;
}

/* What is left out and why, and how one variable is harmonised. */
static void put_reasons(FILE *out, const rad_harmonisation *c) {
    rad_warnings said = {.count = 0};
    rad_harmonisation_explain(c, &said);
    for (size_t i = 0; i < said.count && i < RAD_WARNINGS_KEPT; i++)
        rad_html_nothing(out, "%s", said.text[i]);
    if (said.count > RAD_WARNINGS_KEPT)
        rad_html_nothing(out, "and %zu more reasons; see harmonisation.json", said.count - RAD_WARNINGS_KEPT);
}

/* Nothing of single batches leaves a site. */
static void put_batches(FILE *out, const rad_harmonisation *c) {
    size_t used = 0;
    for (size_t v = 0; v < c->count; v++) used += c->variables[v].used;
    put_reasons(out, c);
    rad_html_say(
        out,
        "Batches are the levels of %s within each site. The pool tells what all have in common, of %zu "
        "of %zu variable%s (harmonisation.json); each site finds the effects of its own batches, which "
        "stay there, so that no densities are shown.",
        c->by, used, c->count, rad_plural(c->count));
}

rad_status rad_section_densities(FILE *out, const rad_results *r, rad_error *error) {
    const rad_harmonisation *c = &r->combat;
    size_t first[RAD_PLOTS_SHOWN], count = 0;
    densities d = {.pool = r->pool, .shift = rad_new(r->pool->count, sizeof *d.shift, error)};
    double *key = rad_new(r->pool->total.count, sizeof *key, error);
    rad_status status = d.shift && key ? RAD_OK : RAD_NO_MEMORY;
    for (size_t v = 0; v < c->count && status == RAD_OK; v++)
        key[v] = c->variables[v].used ? -r->moments.sites.test[v].effect : NAN;
    if (status == RAD_OK && *c->by) {
        put_batches(out, c);
        rad_free(d.shift);
        rad_free(key);
        return RAD_OK;
    }
    if (status == RAD_OK) count = rad_plot_smallest(key, c->count, RAD_PLOTS_SHOWN, first);
    if (status == RAD_OK && !count) rad_html_nothing(out, "No variable could be harmonised.");
    if (status == RAD_OK) put_reasons(out, c);
    if (status == RAD_OK && c->covbat.count)
        rad_html_say(
            out,
            "Components of %zu variables are harmonised as well, the first %zu (CovBat, Chen et al. 2022); "
            "the panels show what ComBat alone does.",
            c->covbat.count, c->covbat.parts);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        d.variable = first[i];
        status = allocate_bars(&d, error);
        for (size_t s = 0; s < r->pool->count && status == RAD_OK; s++)
            status = rad_combat_shift_compute(r->pool, c, s, first[i], &d.shift[s], error);
        if (status == RAD_OK) put_figure(out, &d, -key[first[i]]);
    }
    rad_free(d.bars);
    rad_free(d.shift);
    rad_free(key);
    return status;
}
