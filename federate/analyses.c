#include "analyses.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "change.h"
#include "closed.h"
#include "design.h"
#include "member_performance.h"
#include "ranked.h"

#include <math.h>
#include <string.h>

/* Sums of every variable, as many for each (rad_blocks): a line per variable. */

typedef struct exact_list {
    const rad_exact *sums;
    size_t count;
} exact_list;

static rad_status pack_list(FILE *out, void *context, rad_error *error) {
    const exact_list *l = context;
    (void)error;
    for (size_t i = 0; i < l->count; i++) rad_exact_pack(&l->sums[i], out);
    return RAD_OK;
}

static rad_status write_blocks(FILE *out, const rad_blocks *b, size_t variables, rad_error *error) {
    rad_status status = RAD_OK;
    fputs(b->cells ? "[" : "null", out);
    for (size_t v = 0; v < variables && b->cells && status == RAD_OK; v++) {
        exact_list sums = {b->sums + v * b->cells, b->cells};
        fputs(v ? ",\n  " : "\n  ", out);
        if (b->shown[v])
            status = rad_member_put_packed(out, pack_list, &sums, error);
        else
            fputs("null", out);
    }
    if (b->cells) fputc(']', out);
    return status;
}

static rad_status read_block(const rad_member_reader *r, const char *text, size_t cells, rad_exact *sums) {
    unsigned char *bytes;
    size_t length = 0, at = 0;
    rad_error why = {0};
    rad_status status = rad_member_read_packed(r, text, text ? strlen(text) : 0, &bytes, &length);
    for (size_t i = 0; i < cells && status == RAD_OK; i++) {
        status = rad_exact_unpack(bytes, length, &at, &sums[i], &why);
        if (status != RAD_OK) rad_member_damaged(r, why.text);
    }
    const double n = status == RAD_OK ? rad_exact_double(&sums[0]) : 0;
    if (status == RAD_OK && (at != length || !(n >= 0 && n <= (double)r->summary->rows && n == floor(n))))
        status = rad_member_damaged(r, "models or repeats");
    rad_free(bytes);
    return status;
}

static rad_status read_blocks(const rad_member_reader *r, const json_t *all, size_t cells, rad_blocks *b) {
    rad_summary *s = r->summary;
    size_t v;
    json_t *entry;
    if (json_is_null(all)) return RAD_OK;
    if (json_array_size(all) != s->count) return rad_member_damaged(r, "models or repeats");
    rad_status status = rad_blocks_allocate(b, s->count, cells, r->error);
    json_array_foreach(all, v, entry) {
        if (status != RAD_OK || json_is_null(entry)) continue;
        status = read_block(r, json_string_value(entry), cells, &b->sums[v * cells]);
        b->shown[v] = status == RAD_OK;
    }
    return status;
}

static rad_status write_tables(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    json_t *all = json_array();
    for (size_t t = 0; t < study->table_count; t++) {
        const size_t rows = study->factors[study->tables[t][0]].levels + 1,
                     columns = study->factors[study->tables[t][1]].levels + 1;
        json_t *table = json_array();
        for (size_t r = 0; r < rows; r++) {
            json_t *row = json_array();
            for (size_t c = 0; c < columns; c++)
                rad_tree_add(&row, rad_member_cell(s->tables[t][r * columns + c]));
            rad_tree_add(&table, row);
        }
        rad_tree_add(&all, table);
    }
    return rad_member_put(out, all, error);
}

static rad_status read_tables(const rad_member_reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (json_array_size(all) != study->table_count) return rad_member_damaged(r, "tables");
    for (size_t t = 0; t < study->table_count && status == RAD_OK; t++) {
        const size_t rows = study->factors[study->tables[t][0]].levels + 1,
                     columns = study->factors[study->tables[t][1]].levels + 1;
        const json_t *table = json_array_get(all, t);
        if (json_array_size(table) != rows) return rad_member_damaged(r, "tables");
        for (size_t i = 0; i < rows * columns && status == RAD_OK; i++) {
            const json_t *row = json_array_get(table, i / columns);
            if (json_array_size(row) != columns) return rad_member_damaged(r, "tables");
            status = rad_member_read_cell(r, json_array_get(row, i % columns), &r->summary->tables[t][i]);
        }
    }
    return status;
}

static json_t *lifetable_object(const rad_lifetable *t) {
    if (!t->edges) return json_null();
    json_t *edges = json_array(), *counts = json_array();
    for (size_t i = 0; i < t->edges; i++) rad_tree_add(&edges, json_integer(t->edge[i]));
    for (size_t i = 0; i < rad_lifetable_cells(t->edges); i++)
        rad_tree_add(&counts, json_integer((json_int_t)t->counts[i]));
    json_t *table = json_pack("{s:o, s:o}", "edges", edges, "counts", counts);
    if (!t->causes) return table;
    json_t *causes = json_array();
    for (size_t i = 0; i < t->causes * (t->edges - 1); i++)
        rad_tree_add(&causes, json_integer((json_int_t)t->cause[i]));
    rad_tree_set(&table, "causes", causes);
    return table;
}

/* Life tables, a line per stratum; edges are places in the study's grid. */
static rad_status write_lifetables(FILE *out, const rad_summary *s, const rad_study *study,
                                   rad_error *error) {
    const bool some = rad_study_asks(study, RAD_SURVIVAL);
    rad_status status = RAD_OK;
    fputs(some ? "[" : "null", out);
    for (size_t i = 0; i < study->survival_count && some; i++) {
        fputs(i ? ",\n  [" : "\n  [", out);
        for (size_t k = 0; k < s->lifetables[i].strata && status == RAD_OK; k++) {
            fputs(k ? ",\n   " : "\n   ", out);
            status = rad_member_put(out, lifetable_object(&s->lifetables[i].stratum[k]), error);
        }
        fputc(']', out);
    }
    if (some) fputc(']', out);
    return status;
}

static rad_status read_causes(const rad_member_reader *r, const json_t *object, size_t causes,
                              rad_lifetable *t) {
    const json_t *list = json_object_get(object, "causes");
    if (json_array_size(list) != causes * (t->edges - 1)) return rad_member_damaged(r, "survival");
    rad_status status = rad_lifetable_allocate_causes(t, causes, r->error);
    for (size_t i = 0; i < causes * (t->edges - 1) && status == RAD_OK; i++)
        status = rad_member_read_count(r, json_array_get(list, i), RAD_COUNT_MAX, "survival", &t->cause[i]);
    return status;
}

static rad_status read_lifetable(const rad_member_reader *r, const json_t *object, const rad_survival *v,
                                 rad_lifetable *t) {
    const size_t times = v->times;
    const json_t *edges = json_object_get(object, "edges"), *counts = json_object_get(object, "counts");
    const size_t size = json_array_size(edges);
    uint64_t edge = 0;
    if (json_is_null(object)) return RAD_OK;
    if (size < 2 || size > times || json_array_size(counts) != rad_lifetable_cells(size))
        return rad_member_damaged(r, "survival");
    rad_status status = rad_lifetable_allocate(t, size, r->error);
    for (size_t i = 0; i < size && status == RAD_OK; i++) {
        status = rad_member_read_count(r, json_array_get(edges, i), (json_int_t)times - 1, "survival", &edge);
        if (status == RAD_OK && (i ? edge <= t->edge[i - 1] : edge != 0))
            status = rad_member_damaged(r, "survival");
        t->edge[i] = (uint16_t)edge;
    }
    for (size_t i = 0; i < rad_lifetable_cells(size) && status == RAD_OK; i++)
        status =
            rad_member_read_count(r, json_array_get(counts, i), RAD_COUNT_MAX, "survival", &t->counts[i]);
    return status == RAD_OK ? read_causes(r, object, v->causes, t) : status;
}

static rad_status read_lifetables(const rad_member_reader *r, const json_t *all) {
    const rad_study *study = r->study;
    rad_status status = RAD_OK;
    if (!rad_study_asks(study, RAD_SURVIVAL)) return RAD_OK;
    if (json_array_size(all) != study->survival_count) return rad_member_damaged(r, "survival");
    for (size_t i = 0; i < study->survival_count && status == RAD_OK; i++) {
        const json_t *strata = json_array_get(all, i);
        rad_lifetables *t = &r->summary->lifetables[i];
        status = rad_lifetables_allocate(t, rad_lifetable_strata(study, i), r->error);
        if (status == RAD_OK && json_array_size(strata) != t->strata)
            status = rad_member_damaged(r, "survival");
        for (size_t k = 0; k < t->strata && status == RAD_OK; k++)
            status = read_lifetable(r, json_array_get(strata, k), &study->survivals[i], &t->stratum[k]);
    }
    return status;
}

static void explain_outcome(const rad_lifetables *all, const rad_survival *v, FILE *out) {
    const rad_lifetable *t = &all->stratum[0];
    size_t groups = 0;
    for (size_t i = 1; i < all->strata; i++) groups += all->stratum[i].edges > 0;
    if (!t->edges) {
        rad_show(out, "\n  %s: nothing leaves\n", v->name);
        return;
    }
    rad_show(out, "\n  %s: how many had the event%s, and how many were last seen without, by", v->name,
             v->causes ? " by each cause" : "");
    for (size_t i = 1; i < t->edges; i++) rad_show(out, "%s %g", i > 1 ? "," : "", v->grid[t->edge[i]]);
    rad_show(out, "%s%s; how many were there longer; the same of %zu group%s, at some of these times\n",
             *v->unit ? " " : "", v->unit, groups, rad_plural(groups));
}

static void explain_lifetables(const rad_summary *s, const rad_study *study, FILE *out) {
    for (size_t i = 0; i < study->survival_count && rad_study_asks(study, RAD_SURVIVAL); i++)
        explain_outcome(&s->lifetables[i], &study->survivals[i], out);
}

/* Products of the panel, and of each column its sums over the patients of every other pattern of missing
 * values. */
static void pack_withheld(FILE *out) {
    fwrite("\0\0\377\377", 1, 4, out);
}

static rad_status pack_products(FILE *out, void *context, rad_error *error) {
    const rad_summary *s = context;
    (void)error;
    for (size_t i = 0; i < s->panel * (s->panel + 1) / 2; i++)
        if (s->product_shown[i])
            rad_exact_pack(&s->products[i], out);
        else
            pack_withheld(out);
    return RAD_OK;
}

static rad_status pack_partial(FILE *out, void *context, rad_error *error) {
    const rad_summary *s = context;
    (void)error;
    for (size_t i = 0; i < s->panel * s->patterns; i++) {
        const rad_moments *m = &s->partial[i];
        const rad_exact n = rad_exact_whole((int64_t)m->n);
        if (i % s->patterns == s->variables[s->of[i / s->patterns]].pattern)
            continue; /* that is the variable's own */
        if (!m->powers) {
            pack_withheld(out);
            continue;
        }
        rad_exact_pack(&n, out);
        rad_exact_pack(&m->sum[0], out);
        rad_exact_pack(&m->sum[1], out);
    }
    return RAD_OK;
}

static rad_status write_covariance(FILE *out, const rad_summary *s, const rad_study *study,
                                   rad_error *error) {
    rad_summary borrowed = *s;
    (void)study;
    if (!s->panel) {
        fputs("null", out);
        return RAD_OK;
    }
    json_t *panel = json_array(), *patterns = json_array();
    for (size_t i = 0; i < s->panel; i++) {
        rad_tree_add(&panel, json_integer((json_int_t)s->of[i]));
        rad_tree_add(&patterns, json_integer(s->variables[s->of[i]].pattern));
    }
    fputs("{\n  \"panel\": ", out);
    rad_status status = rad_member_put(out, panel, error);
    fputs(",\n  \"patterns\": ", out);
    const rad_status second = rad_member_put(out, patterns, error);
    if (status == RAD_OK) status = second;
    fputs(",\n  \"partial\": ", out);
    if (status == RAD_OK) status = rad_member_put_packed(out, pack_partial, &borrowed, error);
    fputs(",\n  \"products\": ", out);
    if (status == RAD_OK) status = rad_member_put_packed(out, pack_products, &borrowed, error);
    fputs("\n }", out);
    return status;
}

static bool is_withheld(const unsigned char *bytes, size_t length, size_t *at) {
    if (length - *at < 4 || bytes[*at + 2] != 0xFF || bytes[*at + 3] != 0xFF) return false;
    *at += 4;
    return true;
}

static rad_status read_products(const rad_member_reader *r) {
    rad_summary *s = r->summary;
    unsigned char *bytes;
    size_t length = 0, at = 0;
    rad_error why = {0};
    rad_status status = rad_member_read_packed(r, r->products, r->products_length, &bytes, &length);
    for (size_t i = 0; i < s->panel * (s->panel + 1) / 2 && status == RAD_OK; i++) {
        s->product_shown[i] = !is_withheld(bytes, length, &at);
        if (s->product_shown[i]) status = rad_exact_unpack(bytes, length, &at, &s->products[i], &why);
        if (status != RAD_OK) rad_member_damaged(r, why.text);
    }
    if (status == RAD_OK && at != length) status = rad_member_damaged(r, "covariance");
    rad_free(bytes);
    return status;
}

static rad_status read_partial(const rad_member_reader *r, const json_t *value) {
    rad_summary *s = r->summary;
    unsigned char *bytes;
    size_t length = 0, at = 0;
    rad_error why = {0};
    rad_exact n = {0};
    const char *text = json_string_value(value);
    rad_status status = rad_member_read_packed(r, text, text ? strlen(text) : 0, &bytes, &length);
    for (size_t i = 0; i < s->panel * s->patterns && status == RAD_OK; i++) {
        rad_moments *m = &s->partial[i];
        if (i % s->patterns == s->variables[s->of[i / s->patterns]].pattern ||
            is_withheld(bytes, length, &at))
            continue;
        status = rad_exact_unpack(bytes, length, &at, &n, &why);
        const double count = rad_exact_double(&n);
        rad_exact_free(&n);
        m->powers = 2;
        m->n = count >= 0 && count <= (double)s->rows && count == floor(count) ? (uint64_t)count : 0;
        for (size_t k = 0; k < 2 && status == RAD_OK; k++)
            status = rad_exact_unpack(bytes, length, &at, &m->sum[k], &why);
        if (status != RAD_OK) rad_member_damaged(r, why.text);
    }
    if (status == RAD_OK && at != length) status = rad_member_damaged(r, "covariance");
    rad_free(bytes);
    return status;
}

static rad_status read_covariance(const rad_member_reader *r, const json_t *object) {
    rad_summary *s = r->summary;
    const json_t *panel = json_object_get(object, "panel"), *patterns = json_object_get(object, "patterns");
    const size_t size = json_array_size(panel);
    uint64_t variable = 0, pattern = 0, most = 0;
    if (json_is_null(object)) return RAD_OK;
    if (!size || size > s->count || json_array_size(patterns) != size)
        return rad_member_damaged(r, "covariance");
    for (size_t i = 0; i < size; i++) {
        rad_status status = rad_member_read_count(r, json_array_get(patterns, i), (json_int_t)size - 1,
                                                  "covariance", &pattern);
        if (status != RAD_OK) return status;
        most = pattern > most ? pattern : most;
    }
    if (most >= RAD_PATTERNS_MAX + 1) return rad_member_damaged(r, "covariance");
    rad_status status = rad_summary_allocate_panel(s, size, most + 1, r->error);
    for (size_t i = 0; i < size && status == RAD_OK; i++) {
        status = rad_member_read_count(r, json_array_get(panel, i), (json_int_t)s->count - 1, "covariance",
                                       &variable);
        if (status != RAD_OK) break;
        if (s->variables[variable].panel >= 0) return rad_member_damaged(r, "covariance");
        s->of[i] = (size_t)variable;
        s->variables[variable].panel = (int64_t)i;
        s->variables[variable].pattern = (uint16_t)json_integer_value(json_array_get(patterns, i));
    }
    if (status == RAD_OK) status = read_partial(r, json_object_get(object, "partial"));
    return status == RAD_OK ? read_products(r) : status;
}

static void explain_covariance(const rad_summary *s, const rad_study *study, FILE *out) {
    (void)study;
    if (s->panel)
        rad_show(
            out,
            "\nSums of products of %zu variable%s, pair by pair (of which the reader makes covariances and "
            "correlations).\n",
            s->panel, rad_plural(s->panel));
}

static bool has_model(const rad_study *study) {
    return study->model != NULL;
}

static rad_status model_cells(const rad_study *study, size_t *cells, rad_error *error) {
    rad_design *d = rad_new(1, sizeof *d, error);
    rad_status status = d ? rad_design_make(study, d, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) *cells = rad_design_cells(d->count);
    rad_free(d);
    return status;
}

static bool has_occasions(const rad_study *study) {
    return study->occasion != NULL;
}

static rad_status repeats_cells(const rad_study *study, size_t *cells, rad_error *error) {
    (void)error;
    *cells = rad_repeats_cells(study->occasion_count);
    return RAD_OK;
}

static bool has_survivals(const rad_study *study) {
    return study->survival_count > 0;
}

static bool has_performances(const rad_study *study) {
    return study->performance_count > 0;
}

/* Sets of groups are those of ranks. */
static bool has_ranks(const rad_study *study) {
    bool some = false;
    for (size_t f = 0; f < study->factor_count; f++) some = some || study->factors[f].group;
    return some && rad_study_asks(study, RAD_GROUPS);
}

static rad_status ranks_cells(const rad_study *study, size_t *cells, rad_error *error) {
    (void)error;
    *cells = rad_ranked_cells(study);
    return RAD_OK;
}

static bool has_changes(const rad_study *study) {
    for (size_t f = 0; f < study->factor_count; f++)
        if (study->changes_by[f]) return study->occasion != NULL;
    return false;
}

static rad_status change_cells(const rad_study *study, size_t *cells, rad_error *error) {
    (void)error;
    *cells = rad_change_cells(study);
    return RAD_OK;
}

#define RULE(name) (1U << RAD_RULE_##name)
const rad_analysis_row rad_analyses[] = {
    [RAD_MOMENTS] = {.word = "moments", .standard = true, .rules = RULE(DOMINANCE)},
    [RAD_SKEWNESS] = {.word = "skewness", .rules = RULE(DOMINANCE)},
    [RAD_GROUPS] = {.word = "groups", .standard = true, .rules = RULE(DOMINANCE)},
    [RAD_HISTOGRAMS] = {.word = "histograms", .standard = true, .rules = RULE(ROUND)},
    [RAD_TABLES] = {.word = "tables",
                    .standard = true,
                    .rules = RULE(ROUND),
                    .member = "tables",
                    .fixed = true,
                    .write = write_tables,
                    .read = read_tables},
    [RAD_COVARIANCE] = {.word = "covariance",
                        .standard = true,
                        .rules = RULE(DOMINANCE) | RULE(PARAMETERS),
                        .member = "covariance",
                        .fixed = true,
                        .last = true,
                        .write = write_covariance,
                        .read = read_covariance,
                        .explain = explain_covariance},
    [RAD_MODEL] = {.word = "model",
                   .standard = true,
                   .rules = RULE(DOMINANCE) | RULE(PARAMETERS),
                   .needs = has_model,
                   .member = "models",
                   .fixed = true,
                   .cells = model_cells},
    [RAD_RELIABILITY] = {.word = "reliability",
                         .standard = true,
                         .rules = RULE(DOMINANCE) | RULE(PARAMETERS),
                         .needs = has_occasions,
                         .member = "repeats",
                         .fixed = true,
                         .cells = repeats_cells},
    [RAD_SURVIVAL] = {.word = "survival",
                      .standard = true,
                      .rules = RULE(ROUND),
                      .needs = has_survivals,
                      .member = "survival",
                      .fixed = true,
                      .write = write_lifetables,
                      .read = read_lifetables,
                      .explain = explain_lifetables},
    [RAD_PERFORMANCE] = {.word = "performance",
                         .standard = true,
                         .rules = RULE(DOMINANCE) | RULE(ROWS),
                         .needs = has_performances,
                         .member = "performance",
                         .write = rad_performances_write,
                         .read = rad_performances_read,
                         .explain = rad_performances_explain},
    [RAD_RANKS] = {.word = "ranks",
                   .rules = RULE(DOMINANCE) | RULE(ROWS),
                   .needs = has_ranks,
                   .member = "ranks",
                   .cells = ranks_cells},
    [RAD_CHANGE] = {.word = "change",
                    .standard = true,
                    .rules = RULE(DOMINANCE) | RULE(ROWS),
                    .needs = has_changes,
                    .member = "changes",
                    .cells = change_cells},
    /* of sums that leave for the others */
    [RAD_MODELS] = {.word = "models", .rules = RULE(DOMINANCE) | RULE(PARAMETERS), .needs = rad_closed_some},
};
_Static_assert(sizeof rad_analyses / sizeof rad_analyses[0] == RAD_ANALYSES, "a row for every analysis");

/* The analysis whose member is number `at` of the file: those of megabytes are the last. */
static size_t in_file(size_t at) {
    size_t seen = 0;
    for (int last = 0; last < 2; last++)
        for (size_t i = 0; i < RAD_ANALYSES; i++)
            if (rad_analyses[i].last == (last == 1) && seen++ == at) return i;
    return RAD_ANALYSES;
}

static bool has_member(const rad_analysis_row *row, const rad_study *study) {
    return row->member && (row->fixed || rad_study_asks(study, (rad_analysis)(row - rad_analyses)));
}

rad_status rad_analyses_write(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t at = 0; at < RAD_ANALYSES && status == RAD_OK; at++) {
        const rad_analysis_row *row = &rad_analyses[in_file(at)];
        if (!has_member(row, study)) continue;
        fprintf(out, ",\n \"%s\": ", row->member);
        status = row->cells ? write_blocks(out, &s->blocks[row - rad_analyses], s->count, error)
                            : row->write(out, s, study, error);
    }
    return status;
}

rad_status rad_analyses_read(const rad_member_reader *r, const json_t *all) {
    rad_status status = RAD_OK;
    for (size_t at = 0; at < RAD_ANALYSES && status == RAD_OK; at++) {
        const rad_analysis_row *row = &rad_analyses[in_file(at)];
        size_t cells = 0;
        if (!has_member(row, r->study)) continue;
        const json_t *member = json_object_get(all, row->member);
        if (row->cells) status = row->cells(r->study, &cells, r->error);
        if (status == RAD_OK)
            status = row->cells ? read_blocks(r, member, cells, &r->summary->blocks[row - rad_analyses])
                                : row->read(r, member);
    }
    return status;
}

void rad_analyses_explain(const rad_summary *s, const rad_study *study, FILE *out) {
    for (size_t at = 0; at < RAD_ANALYSES; at++) {
        const rad_analysis_row *row = &rad_analyses[in_file(at)];
        if (row->explain) row->explain(s, study, out);
    }
}

rad_status rad_analyses_blocks(const rad_study *study, rad_analysis analysis, rad_summary *s,
                               rad_error *error) {
    size_t cells = 0;
    rad_status status = rad_analyses[analysis].cells(study, &cells, error);
    return status == RAD_OK ? rad_blocks_allocate(&s->blocks[analysis], s->count, cells, error) : status;
}
