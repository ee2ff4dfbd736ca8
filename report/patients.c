/* Who the patients are, and where they went: Table 1 by groups and by sites, the flow of patients. */
#include "plots.h"

#include "../federate/pool/baseline.h"
#include "html.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

enum { COLUMNS = 8, CELL = 128 }; /* columns of a table that a page has room for */

typedef struct table {
    const rad_results *r;
    rad_baseline_column column[COLUMNS + 1]; /* all patients first */
    size_t columns, group;                   /* group: factor_count for sites */
} table;

#define DASH "\xe2\x80\x93"

/* Nothing that could be there. */
static void put_blank(FILE *out) {
    fputs("<td></td>", out);
}

static void put_known(FILE *out, int64_t count) {
    rad_html_known(out, count >= 0, count < 0 ? 0 : (uint64_t)count);
}

static void put_flow_row(FILE *out, const char *name, const rad_summary *s) {
    const rad_baseline_count read = rad_baseline_read(s);
    rad_html_row(out, name);
    rad_html_known(out, read.known, read.count);
    put_known(out, s->excluded);
    put_known(out, s->repeats);
    put_known(out, s->incomplete);
    rad_html_count(out, s->rows);
    put_known(out, s->unmatched);
    put_known(out, rad_summary_failures(s));
    rad_html_end_row(out);
}

static void put_flow(FILE *out, const rad_pool *p) {
    static const char *const columns[] = {"site",       "rows read", "excluded",        "repeats",
                                          "incomplete", "analysed",  "without a match", "failed cases",
                                          NULL};
    rad_html_table(out, "Flow of patients", "flow.csv", p->count + 1, columns);
    for (size_t i = 0; i < p->count; i++) put_flow_row(out, p->sites[i].site, &p->sites[i]);
    put_flow_row(out, "all", &p->total);
    rad_html_end_table(out, p->count + 1);
}

static rad_status put_number(FILE *out, const table *t, size_t v, rad_error *error) {
    const rad_pool *p = t->r->pool;
    const rad_summary_variable *x = &p->total.variables[v];
    char name[RAD_NAME + 64], mean[RAD_HTML_NUMBER], sd[RAD_HTML_NUMBER], text[CELL], missing[32];
    rad_baseline_distance apart = {.value = NAN};
    snprintf(name, sizeof name, "%s%.150s%s%s, mean (sd)", x->logarithm ? "log " : "", x->name,
             *x->unit ? ", " : "", x->unit);
    rad_html_row(out, name);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < t->columns && status == RAD_OK; i++) {
        rad_baseline_number n;
        status = rad_baseline_describe(p, &t->column[i], v, &n, error);
        if (status != RAD_OK) break;
        *missing = '\0';
        if (n.missing.count) snprintf(missing, sizeof missing, "; %" PRIu64 " missing", n.missing.count);
        snprintf(text, sizeof text, "%s (%s)%s", rad_html_number(n.d.mean, mean),
                 rad_html_number(n.d.deviation, sd), missing);
        rad_html_cell(out, n.basis.shown ? text : DASH);
    }
    if (status == RAD_OK && t->group < p->study->factor_count) {
        status = rad_baseline_apart(p, t->group, v, &apart, error);
        rad_html_numbers(out, &apart.value, 1);
    }
    rad_html_end_row(out);
    return status;
}

/* Median and quartiles of all patients; of groups and sites no histogram leaves, or none that fits in a cell.
 */
static rad_status put_median(FILE *out, const table *t, size_t v, rad_error *error) {
    const rad_pool *p = t->r->pool;
    const rad_study *s = p->study;
    double value[3];
    char text[3][RAD_HTML_NUMBER], name[RAD_NAME + 32], cell[CELL];
    const rad_status status = rad_baseline_quartiles(p, v, value, error);
    if (status != RAD_OK || isnan(value[1])) return status;
    snprintf(name, sizeof name, "%.150s, median (quartiles)", p->total.variables[v].name);
    snprintf(cell, sizeof cell, "%s (%s to %s)", rad_html_number(value[1], text[1]),
             rad_html_number(value[0], text[0]), rad_html_number(value[2], text[2]));
    rad_html_row(out, name);
    rad_html_cell(out, cell);
    for (size_t i = 1; i < t->columns + (t->group < s->factor_count); i++) put_blank(out);
    rad_html_end_row(out);
    return RAD_OK;
}

static void put_level(FILE *out, const table *t, size_t factor, size_t level) {
    const rad_pool *p = t->r->pool;
    const rad_factor *f = &p->study->factors[factor];
    const bool missing = level == f->levels;
    char name[2 * RAD_NAME + 8], text[CELL];
    snprintf(name, sizeof name, "%.150s, %.150s", f->name, missing ? "missing" : f->level[level]);
    rad_html_row(out, name);
    for (size_t i = 0; i < t->columns; i++) {
        rad_baseline_level x;
        rad_baseline_tell(p, &t->column[i], factor, level, &x);
        if (isnan(x.percent))
            snprintf(text, sizeof text, "%" PRIu64, x.count.count);
        else
            snprintf(text, sizeof text, "%" PRIu64 " (%.1f %%)", x.count.count, x.percent);
        rad_html_cell(out, x.count.known ? text : DASH);
    }
    if (t->group < p->study->factor_count) {
        rad_baseline_distance apart;
        rad_baseline_apart_levels(p, t->group, factor, &apart);
        if (level)
            put_blank(out);
        else
            rad_html_numbers(out, &apart.value, 1);
    }
    rad_html_end_row(out);
}

/* Do the rows of a factor belong to the table? Nobody lacks a level: no row for them. */
static bool has_row(const table *t, size_t factor, size_t level) {
    rad_baseline_level x;
    if (!rad_baseline_tell(t->r->pool, &t->column[t->columns - 1], factor, level, &x)) return false;
    rad_baseline_tell(t->r->pool, &t->column[0], factor, level, &x);
    return level < t->r->pool->study->factors[factor].levels || !x.count.known || x.count.count;
}

static rad_status put_rows(FILE *out, const table *t, rad_error *error) {
    const rad_pool *p = t->r->pool;
    const rad_study *s = p->study;
    rad_status status = RAD_OK;
    for (size_t v = 0; v < p->total.count && rad_study_asks(s, RAD_MOMENTS) && status == RAD_OK; v++) {
        if (!rad_baseline_has(p, v)) continue;
        status = put_number(out, t, v, error);
        if (status == RAD_OK) status = put_median(out, t, v, error);
    }
    for (size_t f = 0; f < s->factor_count && rad_study_asks(s, RAD_TABLES); f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++)
            if (has_row(t, f, l)) put_level(out, t, f, l);
    return status;
}

static size_t count_rows(const table *t) {
    const rad_pool *p = t->r->pool;
    const rad_study *s = p->study;
    size_t count = 0;
    for (size_t v = 0; v < p->total.count && rad_study_asks(s, RAD_MOMENTS); v++)
        count += rad_baseline_has(p, v);
    for (size_t f = 0; f < s->factor_count && rad_study_asks(s, RAD_TABLES); f++)
        for (size_t l = 0; l <= s->factors[f].levels; l++) count += has_row(t, f, l);
    return count;
}

static rad_status put_table(FILE *out, const table *t, const char *caption, const char *csv,
                            rad_error *error) {
    const rad_study *s = t->r->pool->study;
    char name[COLUMNS + 1][RAD_NAME + 1];
    const char *columns[COLUMNS + 4] = {"variable"};
    size_t used = 1, rows = count_rows(t);
    for (size_t i = 0; i < t->columns; i++) {
        const rad_baseline_column *c = &t->column[i];
        snprintf(name[i], sizeof name[i], "<%.180s",
                 c->kind == RAD_BASELINE_SITE    ? t->r->pool->sites[c->site].site
                 : c->kind == RAD_BASELINE_LEVEL ? s->factors[c->factor].level[c->level]
                                                 : "all");
        columns[used++] = name[i];
    }
    if (t->group < s->factor_count) columns[used] = "SMD";
    if (!rows) return RAD_OK;
    rad_html_table(out, caption, csv, rows, columns);
    const rad_status status = put_rows(out, t, error);
    rad_html_end_table(out, rows);
    return status;
}

static rad_status put_groups(FILE *out, const rad_results *r, rad_error *error) {
    const rad_study *s = r->pool->study;
    rad_status status = RAD_OK;
    for (size_t f = 0; f < s->factor_count && status == RAD_OK; f++) {
        char caption[RAD_NAME + 32];
        table t = {.r = r, .group = f, .columns = 1};
        if (!s->factors[f].group || s->factors[f].levels > COLUMNS || !rad_study_asks(s, RAD_GROUPS))
            continue;
        for (size_t l = 0; l < s->factors[f].levels; l++)
            t.column[t.columns++] = (rad_baseline_column){RAD_BASELINE_LEVEL, f, l, 0};
        snprintf(caption, sizeof caption, "Patients by %s", s->factors[f].name);
        status = put_table(out, &t, caption, "table1.csv", error);
    }
    return status;
}

rad_status rad_section_baseline(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    table t = {.r = r, .group = p->study->factor_count, .columns = 1};
    put_flow(out, p);
    rad_status status = put_groups(out, r, error);
    for (size_t i = 0; i < p->count && p->count <= COLUMNS; i++)
        t.column[t.columns++] = (rad_baseline_column){RAD_BASELINE_SITE, 0, 0, i};
    if (status == RAD_OK)
        status = put_table(out, &t, t.columns > 1 ? "Patients by site" : "Patients",
                           t.columns > 1 ? "table1_by_site.csv" : "table1.csv", error);
    return status;
}
