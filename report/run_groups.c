#include "run_groups.h"

#include "../core/memory.h"
#include "html.h"
#include "plot.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 8, BOXES = 6, NONE = 255, ROW = 24 };

typedef struct level {
    const char *name; /* of the rows; borrowed */
    size_t rows;
} level;

/* A feature in one group. */
typedef struct part {
    size_t n;
    double mean, variance, low, median, high, least, most; /* quartiles; the last values within the fences */
} part;

typedef struct grouping {
    const rad_run_values *values;
    level level[LEVELS];
    size_t count;
    uint8_t *of;   /* level of each row; owned */
    part *part;    /* features x LEVELS; owned */
    double *apart; /* largest standardised difference of each feature; owned */
} grouping;

/* False where there are too many. */
static bool find_levels(grouping *g, char *const *text) {
    for (size_t i = 0; i < g->values->rows; i++) {
        size_t k = 0;
        g->of[i] = NONE;
        if (!*text[i]) continue;
        while (k < g->count && strcmp(g->level[k].name, text[i]) != 0) k++;
        if (k == LEVELS) return false;
        if (k == g->count) g->level[g->count++].name = text[i];
        g->level[k].rows++;
        g->of[i] = (uint8_t)k;
    }
    return true;
}

static void spread(const double *sorted, part *p) {
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) sum += sorted[i] - sorted[0];
    p->mean = sorted[0] + sum / (double)p->n; /* exact, and without variance, where all are the same */
    sum = 0;
    for (size_t i = 0; i < p->n; i++) sum += (sorted[i] - p->mean) * (sorted[i] - p->mean);
    p->variance = p->n > 1 ? sum / (double)(p->n - 1) : NAN;
    const double reach = 1.5 * (p->high - p->low);
    p->least = p->low, p->most = p->high;
    for (size_t i = p->n; i-- > 0;)
        if (sorted[i] >= p->low - reach) p->least = fmin(p->least, sorted[i]);
    for (size_t i = 0; i < p->n; i++)
        if (sorted[i] <= p->high + reach) p->most = fmax(p->most, sorted[i]);
}

/* room: as many as rows. */
static void describe(const grouping *g, size_t column, size_t l, double *room, part *p) {
    const double *x = g->values->column[column].value;
    *p = (part){.low = NAN, .median = NAN, .high = NAN, .least = NAN, .most = NAN, .variance = NAN};
    for (size_t i = 0; i < g->values->rows; i++)
        if (g->of[i] == l && isfinite(x[i])) room[p->n++] = x[i];
    if (!p->n) return;
    rad_run_quartiles q;
    rad_run_quartiles_sort(room, p->n, &q);
    p->low = q.low, p->median = q.median, p->high = q.high;
    spread(room, p);
}

/* Of those two groups that are furthest apart; NaN where no two can be compared. */
static double find_apart(const part *p, size_t count) {
    double most = NAN;
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++) {
            const double width = sqrt((p[a].variance + p[b].variance) / 2);
            if (width > 0) most = fmax(most, fabs(p[a].mean - p[b].mean) / width);
        }
    return most;
}

static rad_status compute(grouping *g, rad_error *error) {
    const size_t n = g->values->count;
    double *room = rad_new(g->values->rows + 1, sizeof *room, error);
    g->part = rad_new(n * LEVELS + 1, sizeof *g->part, error);
    g->apart = rad_new(n + 1, sizeof *g->apart, error);
    if (!room || !g->part || !g->apart) {
        rad_free(room);
        return RAD_NO_MEMORY;
    }
    for (size_t c = 0; c < n; c++) {
        for (size_t l = 0; l < g->count; l++) describe(g, c, l, room, &g->part[c * LEVELS + l]);
        g->apart[c] = find_apart(&g->part[c * LEVELS], g->count);
    }
    rad_free(room);
    return RAD_OK;
}

/* A row for each group: whiskers to the last values within the fences, a box from quartile to quartile. */
static void put_boxes(FILE *out, const grouping *g, size_t column) {
    const rad_run_column *c = &g->values->column[column];
    const part *p = &g->part[column * LEVELS];
    const rad_frame frame = {104, 322, 6, 6 + ROW * (double)g->count};
    double from = INFINITY, to = -INFINITY;
    char text[512], number[RAD_HTML_NUMBER];
    for (size_t l = 0; l < g->count; l++) {
        from = fmin(from, p[l].least);
        to = fmax(to, p[l].most);
    }
    const rad_axis x = rad_plot_axis(from, to, frame.left, frame.right);
    snprintf(text, sizeof text, "%.200s: %s standard deviations apart", c->label,
             rad_html_number(g->apart[column], number));
    rad_plot_figure(out, false, text);
    snprintf(text, sizeof text, "Boxes of %.200s in %zu groups.", c->label, g->count);
    rad_plot_begin(out, c->name, text, RAD_PLOT_WIDTH, frame.bottom + 36);
    rad_plot_x(out, &frame, &x, "", rad_run_unit(c));
    for (size_t l = 0; l < g->count; l++) {
        const double y = frame.top + ROW * ((double)l + 0.5);
        rad_plot_text(out, frame.left - 6, y + 4, "r", g->level[l].name, frame.left - 8);
        if (!p[l].n) continue;
        const double low = rad_plot_at(&x, p[l].low), high = rad_plot_at(&x, p[l].high);
        fprintf(out, "<path class=\"axis\" d=\"M%.1f %.1fH%.1f\"/>", rad_plot_at(&x, p[l].least), y,
                rad_plot_at(&x, p[l].most));
        fprintf(out, "<rect class=\"mark\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"12\"/>", low, y - 6,
                fmax(high - low, 1));
        fprintf(out, "<rect class=\"kept\" x=\"%.1f\" y=\"%.1f\" width=\"2\" height=\"16\"/>\n",
                rad_plot_at(&x, p[l].median) - 1, y - 8);
    }
    rad_plot_end(out);
    rad_plot_end_figure(out);
}

/* "median (quartile to quartile)" of each group. */
static void put_row(FILE *out, const grouping *g, size_t column) {
    const rad_run_column *c = &g->values->column[column];
    char name[300], text[160], number[3][RAD_HTML_NUMBER];
    const bool has_unit = *c->unit && strcmp(c->unit, "1") != 0;
    snprintf(name, sizeof name, "%.200s%s%.40s", c->label, has_unit ? ", " : "", has_unit ? c->unit : "");
    rad_html_row(out, name);
    rad_html_numbers(out, &g->apart[column], 1);
    for (size_t l = 0; l < g->count; l++) {
        const part *p = &g->part[column * LEVELS + l];
        snprintf(text, sizeof text, "%s (%s to %s)", rad_html_number(p->median, number[0]),
                 rad_html_number(p->low, number[1]), rad_html_number(p->high, number[2]));
        rad_html_cell(out, p->n ? text : "");
    }
    rad_html_end_row(out);
}

static rad_status put_features(FILE *out, const grouping *g, rad_error *error) {
    const size_t n = g->values->count;
    const char *columns[LEVELS + 3] = {"<feature", "apart"};
    char heads[LEVELS][96];
    size_t *order = rad_new(n + 1, sizeof *order, error);
    double *key = rad_new(n + 1, sizeof *key, error);
    const rad_status status = order && key ? RAD_OK : RAD_NO_MEMORY;
    for (size_t l = 0; l < g->count; l++) {
        snprintf(heads[l], sizeof heads[l], "<%.90s", g->level[l].name);
        columns[2 + l] = heads[l];
    }
    for (size_t i = 0; i < n && status == RAD_OK; i++)
        key[i] = isnan(g->apart[i]) ? 1 : -g->apart[i]; /* what cannot be compared comes last */
    const size_t all = status == RAD_OK ? rad_plot_smallest(key, n, n, order) : 0;
    if (all) {
        fputs("<div class=\"plots\">\n", out);
        for (size_t i = 0; i < all && i < BOXES && key[order[i]] < 0; i++) put_boxes(out, g, order[i]);
        fputs("</div>\n", out);
        rad_html_table(out, "Medians and quartiles", "features.csv", 0, columns);
        for (size_t i = 0; i < all; i++) put_row(out, g, order[i]);
        rad_html_end_table(out, 0);
    }
    rad_free(order);
    rad_free(key);
    return status;
}

static rad_status put_group(FILE *out, const rad_run_values *values, const rad_run_group *group,
                            rad_error *error) {
    grouping g = {.values = values, .of = rad_new(values->rows + 1, 1, error)};
    if (!g.of) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    fputs("<h3>By ", out);
    rad_html_text(out, group->name);
    fputs("</h3>\n", out);
    if (!find_levels(&g, group->text)) {
        rad_html_nothing(out, "Not compared: it has more than %d different values.", LEVELS);
    } else if (g.count < 2) {
        rad_html_nothing(out, "Not compared: all rows have the same value.");
    } else {
        fputs("<p>Rows: ", out);
        for (size_t l = 0; l < g.count; l++) {
            if (l) fputs(", ", out);
            rad_html_text(out, g.level[l].name);
            fprintf(out, " %zu", g.level[l].rows);
        }
        fputs("</p>\n", out);
        status = compute(&g, error);
        if (status == RAD_OK) status = put_features(out, &g, error);
    }
    rad_free(g.of);
    rad_free(g.part);
    rad_free(g.apart);
    return status;
}

rad_status rad_run_groups_put(FILE *out, const rad_run_values *values, rad_error *error) {
    rad_status status = RAD_OK;
    if (!values->group_count)
        rad_html_nothing(out, "None: a column of the manifest that is called group, site, centre, scanner or "
                              "modality names the groups.");
    for (size_t i = 0; i < values->group_count && status == RAD_OK; i++)
        status = put_group(out, values, &values->group[i], error);
    return status;
}
