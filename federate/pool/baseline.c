#include "baseline.h"

#include "../../core/linear.h"
#include "pool_groups.h"
#include "pool_histograms.h"
#include "pool_tables.h"

#include <math.h>
#include <string.h>

/* A count of 1 to minimum_cell - 1 is nobody's. */
static rad_baseline_count keep(const rad_pool *p, bool known, int64_t count) {
    known = known && count >= 0 && (!count || count + p->rules.round >= p->rules.cell);
    return (rad_baseline_count){known, known ? (uint64_t)count : 0};
}

bool rad_baseline_has(const rad_pool *p, size_t variable) {
    const rad_summary_variable *v = &p->total.variables[variable];
    bool has = v->kind != RAD_FEATURE;
    for (size_t i = 0; i < p->study->cut_count && !has; i++) has = !strcmp(p->study->cuts[i].of, v->name);
    return has;
}

/* All of a column at a site; -1: not known. */
static int64_t rows_of(const rad_pool *p, const rad_baseline_column *c, size_t site) {
    const rad_summary *s = &p->sites[site];
    return c->kind == RAD_BASELINE_LEVEL ? rad_pool_tables_levels(s, c->factor)[c->level] : (int64_t)s->rows;
}

rad_status rad_baseline_describe(const rad_pool *p, const rad_baseline_column *c, size_t variable,
                                 rad_baseline_number *out, rad_error *error) {
    const size_t set = c->kind == RAD_BASELINE_LEVEL ? rad_summary_set(p->study, c->factor, c->level) : 0,
                 at = set * p->total.count + variable;
    const bool one = c->kind == RAD_BASELINE_SITE;
    const rad_moments nothing = {0};
    int64_t missing = 0;
    bool known = true;
    for (size_t s = one ? c->site : 0; s < (one ? c->site + 1 : p->count); s++) {
        const rad_moments *m = &p->sites[s].moments[at];
        const int64_t rows = m->powers ? rows_of(p, c, s) : 0;
        known = known && rows >= 0;
        if (m->powers) missing += rows - (int64_t)m->n;
    }
    const rad_moments *own = one ? &p->sites[c->site].moments[at] : &p->total.moments[at];
    out->basis = one ? (rad_basis){1, own->n, own->powers > 0} : rad_pool_basis_of(p, set, variable);
    out->missing = keep(p, known && out->basis.shown, missing);
    return rad_describe(out->basis.shown ? own : &nothing, p->total.variables[variable].centre, &out->d,
                        error);
}

rad_status rad_baseline_quartiles(const rad_pool *p, size_t variable, double quartile[3], rad_error *error) {
    const rad_baseline_column all = {.kind = RAD_BASELINE_ALL};
    rad_baseline_number n;
    rad_quantile q[RAD_QUANTILES_MAX];
    for (size_t k = 0; k < 3; k++) quartile[k] = NAN;
    if (!rad_study_asks(p->study, RAD_HISTOGRAMS) || !rad_study_asks(p->study, RAD_MOMENTS)) return RAD_OK;
    rad_status status = rad_baseline_describe(p, &all, variable, &n, error);
    if (status == RAD_OK) status = rad_pool_histograms_quantiles(p, variable, q, error);
    for (size_t i = 0; i < p->study->quantile_count && status == RAD_OK; i++)
        for (size_t k = 0; k < 3; k++) {
            const double half = (q[i].high - q[i].low) / 2;
            if (p->study->quantiles[i] == 0.25 * (double)(k + 1) && half <= 0.25 * n.d.deviation)
                quartile[k] = q[i].low + half;
        }
    return status;
}

/* The table of the study of two factors, and whether the first of them has its rows. */
static bool find_table(const rad_study *s, size_t a, size_t b, size_t *table, bool *rows) {
    for (*table = 0; *table < s->table_count; ++*table) {
        const size_t *pair = s->tables[*table];
        *rows = pair[0] == a;
        if ((pair[0] == a && pair[1] == b) || (pair[0] == b && pair[1] == a)) return true;
    }
    return false;
}

/* Where the counts of a factor in a column are: its first, how far apart the others lie. */
typedef struct row {
    rad_cells_of *cells;
    size_t which, first, step;
} row;

static bool find_row(const rad_pool *p, const rad_baseline_column *c, size_t factor, row *r) {
    const rad_study *s = p->study;
    size_t table;
    bool rows;
    *r = (row){rad_pool_tables_levels, factor, 0, 1};
    if (c->kind != RAD_BASELINE_LEVEL) return true;
    if (c->factor == factor || !rad_study_asks(s, RAD_TABLES) ||
        !find_table(s, c->factor, factor, &table, &rows))
        return false;
    const size_t wide = s->factors[s->tables[table][1]].levels + 1;
    *r = rows ? (row){rad_pool_tables_cells, table, c->level * wide, 1}
              : (row){rad_pool_tables_cells, table, c->level, wide};
    return true;
}

static rad_cell find_cell(const rad_pool *p, const rad_baseline_column *c, const row *r, size_t level) {
    const size_t at = r->first + level * r->step;
    if (c->kind != RAD_BASELINE_SITE) return rad_pool_tables_cell(p, r->cells, r->which, at);
    const rad_summary *s = &p->sites[c->site];
    const int64_t count = r->cells(s, r->which)[at];
    return (rad_cell){.basis = {1, s->rows, count >= 0}, .known = count >= 0, .count = count};
}

bool rad_baseline_tell(const rad_pool *p, const rad_baseline_column *c, size_t factor, size_t level,
                       rad_baseline_level *out) {
    row r;
    *out = (rad_baseline_level){.percent = NAN};
    if (!find_row(p, c, factor, &r)) return false;
    const rad_cell cell = find_cell(p, c, &r, level);
    bool known = true;
    int64_t of = 0;
    for (size_t l = 0; l < p->study->factors[factor].levels && known; l++) {
        const rad_cell x = find_cell(p, c, &r, l);
        known = x.known;
        of += x.count;
    }
    out->basis = cell.basis;
    out->count = (rad_baseline_count){cell.known, cell.known ? (uint64_t)cell.count : 0};
    out->of = (rad_baseline_count){known, known ? (uint64_t)of : 0};
    if (cell.known && known && of && level < p->study->factors[factor].levels)
        out->percent = 100 * (double)cell.count / (double)of;
    return true;
}

static double apart(const rad_description *a, const rad_description *b) {
    return fabs(a->mean - b->mean) / sqrt((a->variance + b->variance) / 2);
}

rad_status rad_baseline_apart(const rad_pool *p, size_t group, size_t variable, rad_baseline_distance *out,
                              rad_error *error) {
    rad_group_levels x;
    rad_description d[RAD_FACTOR_LEVELS];
    const double centre = p->total.variables[variable].centre;
    double sum = 0;
    size_t pairs = 0;
    *out = (rad_baseline_distance){.value = NAN};
    rad_status status = rad_pool_groups_gather(p, group, variable, &x, error);
    if (status == RAD_OK) out->basis = rad_pool_groups_basis(p, &x);
    for (size_t l = 0; l < x.count && status == RAD_OK; l++)
        status = rad_describe(x.moments[l], centre, &d[l], error);
    for (size_t i = 0; i < x.count && status == RAD_OK; i++)
        for (size_t j = 0; j < i; j++, pairs++) sum += apart(&d[i], &d[j]);
    if (status == RAD_OK && out->basis.shown && pairs && isfinite(sum)) out->value = sum / (double)pairs;
    rad_pool_groups_free_levels(&x);
    return status;
}

/* Shares of levels 1.. of those that anybody has; how many. */
static size_t shares(const int64_t *a, const int64_t *b, size_t levels, size_t step, double *x, double *y) {
    double n = 0, m = 0;
    size_t count = 0;
    for (size_t l = 0; l < levels; l++) {
        n += (double)a[l * step];
        m += (double)b[l * step];
    }
    for (size_t l = 0; l < levels; l++) {
        if (!a[l * step] && !b[l * step]) continue;
        x[count] = (double)a[l * step] / n;
        y[count++] = (double)b[l * step] / m;
    }
    return n > 0 && m > 0 ? count : 0;
}

double rad_baseline_smd(const int64_t *a, const int64_t *b, size_t levels, size_t step) {
    double x[RAD_FACTOR_LEVELS], y[RAD_FACTOR_LEVELS],
        s[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS] = {0}, d[RAD_FACTOR_LEVELS], solved[RAD_FACTOR_LEVELS],
                              square = 0;
    const size_t count = shares(a, b, levels, step, x, y);
    if (!count) return NAN;
    const size_t k = count - 1;
    for (size_t i = 0; i < k; i++) {
        solved[i] = d[i] = x[i + 1] - y[i + 1];
        for (size_t j = 0; j < k; j++)
            s[i * k + j] = i == j ? (x[i + 1] * (1 - x[i + 1]) + y[i + 1] * (1 - y[i + 1])) / 2
                                  : -(x[i + 1] * x[j + 1] + y[i + 1] * y[j + 1]) / 2;
    }
    if (k && !rad_linear_solve((int)k, s, solved)) return NAN;
    for (size_t i = 0; i < k; i++) square += d[i] * solved[i];
    return square >= 0 ? sqrt(square) : NAN;
}

bool rad_baseline_apart_levels(const rad_pool *p, size_t group, size_t factor, rad_baseline_distance *out) {
    const rad_study *s = p->study;
    int64_t counts[RAD_FACTOR_LEVELS * RAD_FACTOR_LEVELS] = {0};
    size_t table, pairs = 0;
    bool rows;
    double sum = 0;
    *out = (rad_baseline_distance){.value = NAN};
    if (!rad_study_asks(s, RAD_TABLES) || !find_table(s, group, factor, &table, &rows)) return false;
    out->basis = rad_pool_tables_sum(p, table, counts);
    const size_t levels = s->factors[factor].levels, across = rows ? levels : 1,
                 along = rows ? 1 : s->factors[group].levels;
    for (size_t i = 0; i < s->factors[group].levels; i++)
        for (size_t j = 0; j < i; j++, pairs++)
            sum += rad_baseline_smd(counts + i * across, counts + j * across, levels, along);
    if (out->basis.shown && pairs && isfinite(sum)) out->value = sum / (double)pairs;
    return true;
}

rad_baseline_count rad_baseline_read(const rad_summary *s) {
    const int64_t rows = rad_summary_add(rad_summary_add((int64_t)s->rows, s->excluded),
                                         rad_summary_add(s->repeats, s->incomplete));
    return (rad_baseline_count){rows >= 0, rows >= 0 ? (uint64_t)rows : 0};
}
