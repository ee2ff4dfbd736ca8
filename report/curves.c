#include "plots.h"

#include "../core/memory.h"
#include "html.h"
#include "plot.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { TOP = 26, BOTTOM = 190, LEFT = 34, RIGHT = 322, RISK = 60, ROW = 14 };

/* Curves of one plot: all patients, or the levels of a factor. */
typedef struct curves {
    const rad_survival *outcome;
    const rad_factor *factor; /* NULL: all patients */
    const char *site;         /* NULL: all of them */
    size_t count;
    const rad_curve *curve;  /* [count] */
    const rad_logrank *test; /* without and with sites as strata; NULL: none */
} curves;

static const char *name_of(const curves *c, size_t i) {
    return c->factor ? c->factor->level[i] : "all patients";
}

/* Steps; a value of a point holds from the time before it on (early) or from its own time on. */
static double value_of(const rad_curve_point *p, int what) {
    const double values[] = {p->survival, p->grid_low, p->low, p->high};
    return values[what];
}
enum { SURVIVAL, GRID_LOW, CI_LOW, CI_HIGH };

static void put_steps(FILE *out, const rad_curve *c, const rad_axis *x, const rad_axis *y, int what) {
    bool open = false;
    for (size_t i = 0; i < c->count; i++) {
        const double value = value_of(&c->point[i], what);
        if (isnan(value)) {
            if (open) fprintf(out, "H%.1f", rad_plot_at(x, c->point[i].time));
            open = false;
            continue;
        }
        if (open)
            fprintf(out, "H%.1fV%.1f", rad_plot_at(x, c->point[i].time), rad_plot_at(y, value));
        else
            fprintf(out, "M%.1f %.1f", rad_plot_at(x, c->point[i].time), rad_plot_at(y, value));
        open = true;
    }
}

/* Within an interval the curve of exact times lies between the step before it and grid_low of its end. */
static void put_band(FILE *out, const rad_curve *c, const rad_axis *x, const rad_axis *y, size_t series) {
    fprintf(out, "<path class=\"band %s\" d=\"", rad_plot_series(series));
    put_steps(out, c, x, y, SURVIVAL);
    for (size_t i = c->count - 1; i > 0; i--)
        fprintf(out, "V%.1fH%.1f", rad_plot_at(y, c->point[i].grid_low),
                rad_plot_at(x, c->point[i - 1].time));
    fputs("z\"/>\n", out);
}

static void put_lines(FILE *out, const curves *c, const rad_axis *x, const rad_axis *y) {
    for (size_t i = 0; i < c->count; i++)
        if (c->curve[i].count > 1) put_band(out, &c->curve[i], x, y, i);
    for (size_t i = 0; i < c->count; i++) {
        if (c->curve[i].count < 2) continue;
        for (int what = CI_LOW; what <= CI_HIGH && c->count <= 2; what++) {
            fprintf(out, "<path class=\"limits s%zu\" d=\"", i);
            put_steps(out, &c->curve[i], x, y, what);
            fputs("\"/>", out);
        }
        fprintf(out, "<path class=\"%s\" d=\"", rad_plot_series(i));
        put_steps(out, &c->curve[i], x, y, SURVIVAL);
        fputs("\"/>\n", out);
    }
}

static const rad_curve_point *point_at(const rad_curve *c, double time) {
    for (size_t i = 0; i < c->count; i++)
        if (c->point[i].time == time) return &c->point[i];
    return NULL;
}

static bool is_time(const curves *c, double time) {
    for (size_t i = 0; i < c->count; i++)
        if (c->curve[i].count > 1 && point_at(&c->curve[i], time)) return true;
    return false;
}

/* Ticks are times of the curves, as many as have room: there it is known how many are at risk. */
static void choose_ticks(const curves *c, const rad_axis *x, rad_ticks *t) {
    enum { APART = 30 };
    double last = -INFINITY;
    *t = (rad_ticks){.count = 0};
    for (size_t i = 0; i < c->outcome->times; i++) {
        const double time = c->outcome->grid[i], at = rad_plot_at(x, time);
        const bool end = time >= x->to;
        if (time > x->to || !is_time(c, time) || (!end && at < last + APART)) continue;
        if (end && at < last + APART && t->count > 1)
            t->count--; /* the end goes before what is close to it */
        if (t->count == RAD_TICKS_MAX) break;
        t->at[t->count] = time;
        snprintf(t->text[t->count++], sizeof t->text[0], "%g", time);
        last = at;
    }
}

static void put_risk(FILE *out, const curves *c, const rad_axis *x, const rad_ticks *t) {
    rad_plot_text(out, 2, BOTTOM + 46, "l soft", "patients left after that time", 326);
    for (size_t i = 0; i < c->count; i++) {
        const double y = BOTTOM + RISK + ROW * (double)(2 * i);
        char text[32];
        if (c->curve[i].count < 2) continue;
        fprintf(out, "<path class=\"%s\" d=\"M2 %.1fh20\"/>", rad_plot_series(i), y);
        rad_plot_text(out, 26, y + 4, "l", name_of(c, i), 290);
        for (size_t k = 0; k < t->count; k++) {
            const rad_curve_point *p = point_at(&c->curve[i], t->at[k]);
            if (!p) continue;
            snprintf(text, sizeof text, "%" PRIu64, p->at_risk - p->events - p->censored);
            rad_plot_text(out, fmax(12, rad_plot_at(x, t->at[k])), y + ROW + 3, "m", text, 60);
        }
    }
}

static void put_plot(FILE *out, const curves *c) {
    char title[3 * RAD_NAME];
    double last = 0;
    size_t shown = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (c->curve[i].count < 2) continue;
        last = fmax(last, c->curve[i].point[c->curve[i].count - 1].time);
        shown++;
    }
    snprintf(title, sizeof title, "%s: %s%s%s%s", c->outcome->name, c->factor ? "by " : "",
             c->factor ? c->factor->name : "all patients", c->site ? ", site " : "", c->site ? c->site : "");
    if (!shown) {
        rad_html_nothing(
            out, "%s: no curve; too few sites show these life tables, or they have no time in common.",
            title);
        return;
    }
    const rad_axis x = rad_plot_axis(0, last, LEFT, RIGHT - 8), y = rad_plot_axis(0, 1, BOTTOM, TOP);
    const rad_frame frame = {LEFT, RIGHT, TOP, BOTTOM};
    rad_ticks ticks;
    choose_ticks(c, &x, &ticks);
    rad_plot_figure(out, false, title);
    rad_plot_begin(out, title,
                   "Kaplan-Meier curves on a grid of times, with the band in which exact times would lie.",
                   RAD_PLOT_WIDTH, BOTTOM + RISK + 2 * ROW * (double)c->count);
    rad_plot_y(out, &frame, &y, "survival", "share");
    rad_plot_x_at(out, &frame, &x, &ticks, "time", *c->outcome->unit ? c->outcome->unit : "arbitrary units");
    put_lines(out, c, &x, &y);
    put_risk(out, c, &x, &ticks);
    rad_plot_end(out);
    if (c->count <= 2) rad_html_say(out, "Dotted: 95 %% confidence interval (log(-log)).");
    rad_plot_end_figure(out);
}

static void put_medians(FILE *out, const curves *c) {
    static const char *const columns[] = {"level", "sites", "n", "events", "<median", NULL};
    rad_html_table(out, "Medians", "survival_medians.csv", c->count, columns);
    for (size_t i = 0; i < c->count; i++) {
        const rad_curve *x = &c->curve[i];
        char text[160] = "", low[RAD_HTML_NUMBER], high[RAD_HTML_NUMBER];
        if (isfinite(x->median_high))
            snprintf(text, sizeof text, "%s to %s %.60s", rad_html_number(x->median_low, low),
                     rad_html_number(x->median_high, high), c->outcome->unit);
        else if (!isnan(x->median_low))
            snprintf(text, sizeof text, "above %s %.60s", rad_html_number(x->median_low, low),
                     c->outcome->unit);
        rad_html_row(out, name_of(c, i));
        rad_html_count(out, x->basis.sites);
        rad_html_known(out, x->basis.shown, x->n);
        rad_html_known(out, x->basis.shown, x->events);
        rad_html_cell(out, text);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, c->count);
}

static void put_tests(FILE *out, const curves *c) {
    for (int by_site = 0; by_site < 2; by_site++) {
        const rad_logrank *t = &c->test[by_site];
        char text[6][RAD_HTML_NUMBER];
        if (isnan(t->p)) {
            rad_html_say(out, "Log-rank, %s: %s.", by_site ? "stratified by site" : "pooled",
                         t->basis.shown ? "undefined" : "too few sites show every level");
            continue;
        }
        rad_html_say(out, "Log-rank, %s: chi-square %s, df %.0f, %s; %zu sites, %" PRIu64 " patients.",
                     by_site ? "stratified by site" : "pooled", rad_html_number(t->statistic, text[0]), t->df,
                     rad_html_p(t->p, text[1]), t->basis.sites, t->n);
        if (isnan(t->ratio)) continue;
        rad_html_say(out,
                     "Exact times would give a chi-square from %s to %s. Hazard ratio of %s against %s: %s "
                     "(95 %% %s to %s).",
                     rad_html_number(t->statistic_low, text[0]), rad_html_number(t->statistic_high, text[1]),
                     name_of(c, 0), name_of(c, 1), rad_html_number(t->ratio, text[2]),
                     rad_html_number(t->low, text[3]), rad_html_number(t->high, text[4]));
    }
}

/* All patients, or the levels of a factor (else the number of them). */
static rad_status put_curves(FILE *out, const rad_results *r, size_t outcome, size_t factor,
                             rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_survival_results *x = &r->survival[outcome];
    curves c = {&s->survivals[outcome], NULL, NULL, 1, x->curve, NULL};
    rad_status status = RAD_OK;
    if (factor < s->factor_count) {
        c.factor = &s->factors[factor];
        c.count = c.factor->levels;
        c.curve = &x->curve[rad_lifetable_stratum(s, outcome, factor, 0)];
        c.test = &x->test[2 * factor];
    }
    fputs("<div>\n", out);
    put_plot(out, &c);
    put_medians(out, &c);
    if (c.factor) put_tests(out, &c);
    if (c.count == 2) status = rad_forest_hazards(out, r, outcome, factor, error);
    fputs("</div>\n", out);
    return status;
}

rad_status rad_section_curves(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    if (!s->survival_count) rad_html_nothing(out, "The study has no times to events.");
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++) {
        fputs("<h3>", out);
        rad_html_text(out, s->survivals[o].name);
        fputs("</h3>\n<div class=\"plots curves\">\n", out);
        status = put_curves(out, r, o, s->factor_count, error);
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++)
            if (s->survivals[o].by[f] && !s->factors[f].cut) status = put_curves(out, r, o, f, error);
        fputs("</div>\n", out);
    }
    return status;
}

/* By which cuts, and how well the score tells the outcome. */
static void put_score(FILE *out, const rad_results *r, size_t outcome, const rad_factor *f) {
    const rad_study *s = r->pool->study;
    char text[3][RAD_HTML_NUMBER];
    char words[2 * RAD_CUT_NAME];
    for (size_t l = 0; l <= f->cut->count; l++)
        rad_html_say(out, "%.150s %.150s: %.300s.", f->name, f->cut->level[l],
                     rad_cut_words(f->cut, l, words, sizeof words));
    for (size_t p = 0; p < s->performance_count && r->performance; p++) {
        const rad_performance_estimate *c = &r->performance[p].stratified;
        const rad_performance *of = &s->performances[p];
        if (!of->timed || of->outcome != outcome || strcmp(of->score, f->cut->of) != 0 || isnan(c->value))
            continue;
        rad_html_say(out, "Harrell's C of %.150s, within sites: %s (95 %% %s to %s).", of->score,
                     rad_html_number(c->value, text[0]), rad_html_number(c->low, text[1]),
                     rad_html_number(c->high, text[2]));
    }
}

/* The levels of a factor at one site, at its own times; nothing where it shows no curve of any. */
static rad_status put_site(FILE *out, const rad_results *r, size_t site, size_t outcome, size_t factor,
                           rad_error *error) {
    const rad_study *s = r->pool->study;
    const rad_factor *f = &s->factors[factor];
    rad_curve *curve = rad_new(f->levels, sizeof *curve, error);
    rad_status status = curve ? RAD_OK : RAD_NO_MEMORY;
    bool shown = false;
    for (size_t l = 0; l < f->levels && status == RAD_OK; l++) {
        status = rad_curve_of_site(r->pool, site, outcome, rad_lifetable_stratum(s, outcome, factor, l),
                                   &curve[l], error);
        shown = shown || curve[l].count > 1;
    }
    const curves c = {&s->survivals[outcome], f, r->pool->sites[site].site, f->levels, curve, NULL};
    if (status == RAD_OK && shown) {
        fputs("<div>\n", out);
        put_plot(out, &c);
        fputs("</div>\n", out);
    }
    for (size_t l = 0; l < f->levels && curve; l++) rad_curve_free(&curve[l]);
    rad_free(curve);
    return status;
}

rad_status rad_section_risk(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    for (size_t o = 0; o < s->survival_count && status == RAD_OK; o++)
        for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
            if (!s->survivals[o].by[f] || !s->factors[f].cut) continue;
            put_score(out, r, o, &s->factors[f]);
            fputs("<div class=\"plots curves\">\n", out);
            status = put_curves(out, r, o, f, error);
            for (size_t i = 0; i < r->pool->count && status == RAD_OK; i++)
                status = put_site(out, r, i, o, f, error);
            fputs("</div>\n", out);
        }
    return status;
}
