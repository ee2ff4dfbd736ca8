#include "radsum.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/number.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "describe.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static rad_status put(FILE *out, json_t *value, rad_error *error) {
    return rad_tree_put(out, value, JSON_COMPACT | JSON_ENCODE_ANY, error);
}

static json_t *count_or_null(int64_t count) {
    return count < 0 ? json_null() : json_integer((json_int_t)count);
}

static json_t *moments_array(const rad_moments *m) {
    char text[RAD_EXACT_TEXT];
    if (!m->powers) return json_null();
    json_t *array = json_array();
    rad_tree_add(&array, json_integer((json_int_t)m->n));
    for (int k = 0; k < m->powers; k++) rad_tree_add(&array, json_string(rad_exact_write(&m->sum[k], text)));
    return array;
}

static json_t *grid_object(const rad_grid *g) {
    if (g->kind == RAD_GRID_RELATIVE) return json_pack("{s:i}", "bits", (int)g->bits);
    return json_pack("{s:f, s:f, s:i}", "from", g->from, "to", g->to, "cells", (int)g->cells);
}

static json_t *histogram_array(const rad_summary_variable *v) {
    if (!v->counted) return json_null();
    json_t *array = json_array();
    for (size_t i = 0; i < v->count_count; i++)
        rad_tree_add(&array, json_pack("[I, I, I]", (json_int_t)v->counts[i].first,
                                       (json_int_t)v->counts[i].end, (json_int_t)v->counts[i].count));
    return array;
}

static rad_status put_variable(FILE *out, const rad_summary *s, size_t v, rad_error *error) {
    static const char *const kinds[] = {"feature", "covariate", "outcome"};
    const rad_summary_variable *x = &s->variables[v];
    json_t *sets = json_array();
    for (size_t k = 0; k < s->sets; k++) rad_tree_add(&sets, moments_array(&s->moments[k * s->count + v]));
    return put(out,
               json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:o}", "name", x->name, "definition",
                         x->definition, "unit", x->unit, "kind", kinds[x->kind], "transform",
                         x->logarithm ? "log" : "none", "centre", x->centre, "grid", grid_object(&x->grid),
                         "sets", sets, "histogram", histogram_array(x)),
               error);
}

static json_t *rules_object(const rad_rules *r) {
    json_t *object = json_object();
    for (size_t i = 0; i < RAD_RULES; i++) {
        char words[64];
        rad_tree_set(&object, rad_rule_rows[i].key.name,
                     json_pack("[s, s]", rad_key_words(&rad_rule_rows[i].key, r, words, sizeof words),
                               rad_owner_words[r->owner[i]]));
    }
    return object;
}

static json_t *cohort_object(const rad_summary *s) {
    json_t *failures = json_object();
    for (size_t i = 0; i < RAD_CODES; i++) {
        char code[16];
        snprintf(code, sizeof code, "%zu", i);
        if (s->failures[i]) rad_tree_set(&failures, code, json_integer((json_int_t)s->failures[i]));
    }
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "patients", (json_int_t)s->rows, "excluded",
                     (json_int_t)s->excluded, "repeats", (json_int_t)s->repeats, "unmatched",
                     (json_int_t)s->unmatched, "incomplete", (json_int_t)s->incomplete, "failures", failures);
}

static json_t *withheld_object(const rad_summary *s) {
    json_t *refused = json_array();
    for (size_t i = 0; i < s->refused; i++)
        rad_tree_add(&refused, json_pack("{s:s, s:s, s:s}", "what", s->refusals[i].what, "rule",
                                         s->refusals[i].rule, "words", s->refusals[i].words));
    return json_pack("{s:I, s:o}", "cells", (json_int_t)s->withheld, "refused", refused);
}

/* What pack puts out, as base64. */
static rad_status put_packed(FILE *out, rad_put_body *pack, void *context, rad_error *error) {
    rad_bytes bytes;
    rad_status status = rad_sink_collect(pack, context, &bytes, error);
    if (status != RAD_OK) return status;
    const size_t room = sodium_base64_encoded_len(bytes.length, sodium_base64_VARIANT_ORIGINAL);
    char *text = rad_new_raw(room, 1, error);
    if (text) {
        sodium_bin2base64(text, room, bytes.data, bytes.length, sodium_base64_VARIANT_ORIGINAL);
        fprintf(out, "\"%s\"", text);
    }
    rad_bytes_free(&bytes);
    rad_free(text);
    return text ? RAD_OK : RAD_NO_MEMORY;
}

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

/* Blocks of sums, one line per variable. */
static rad_status put_blocks(FILE *out, const char *name, const rad_blocks *b, size_t variables,
                             rad_error *error) {
    rad_status status = RAD_OK;
    fprintf(out, ",\n \"%s\": %s", name, b->cells ? "[" : "null");
    for (size_t v = 0; v < variables && b->cells && status == RAD_OK; v++) {
        exact_list sums = {b->sums + v * b->cells, b->cells};
        fputs(v ? ",\n  " : "\n  ", out);
        if (b->shown[v])
            status = put_packed(out, pack_list, &sums, error);
        else
            fputs("null", out);
    }
    if (b->cells) fputc(']', out);
    return status;
}

static rad_status put_levels(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    json_t *all = json_array();
    for (size_t f = 0; f < study->factor_count; f++) {
        json_t *counts = json_array();
        for (size_t l = 0; l <= study->factors[f].levels; l++)
            rad_tree_add(&counts, count_or_null(s->levels[f * (RAD_FACTOR_LEVELS + 1) + l]));
        rad_tree_add(&all, counts);
    }
    return put(out, all, error);
}

static rad_status put_tables(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    json_t *all = json_array();
    for (size_t t = 0; t < study->table_count; t++) {
        const size_t rows = study->factors[study->tables[t][0]].levels + 1,
                     columns = study->factors[study->tables[t][1]].levels + 1;
        json_t *table = json_array();
        for (size_t r = 0; r < rows; r++) {
            json_t *row = json_array();
            for (size_t c = 0; c < columns; c++)
                rad_tree_add(&row, count_or_null(s->tables[t][r * columns + c]));
            rad_tree_add(&table, row);
        }
        rad_tree_add(&all, table);
    }
    return put(out, all, error);
}

static json_t *lifetable_object(const rad_lifetable *t) {
    if (!t->edges) return json_null();
    json_t *edges = json_array(), *counts = json_array();
    for (size_t i = 0; i < t->edges; i++) rad_tree_add(&edges, json_integer(t->edge[i]));
    for (size_t i = 0; i < rad_lifetable_cells(t->edges); i++)
        rad_tree_add(&counts, json_integer((json_int_t)t->counts[i]));
    return json_pack("{s:o, s:o}", "edges", edges, "counts", counts);
}

/* Life tables, a line per stratum; edges are places in the study's grid. */
static rad_status put_lifetables(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    const bool some = study->analyses & RAD_ANALYSIS_SURVIVAL;
    rad_status status = RAD_OK;
    fputs(some ? "[" : "null", out);
    for (size_t i = 0; i < study->survival_count && some; i++) {
        fputs(i ? ",\n  [" : "\n  [", out);
        for (size_t k = 0; k < s->lifetables[i].strata && status == RAD_OK; k++) {
            fputs(k ? ",\n   " : "\n   ", out);
            status = put(out, lifetable_object(&s->lifetables[i].stratum[k]), error);
        }
        fputc(']', out);
    }
    if (some) fputc(']', out);
    return status;
}

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

static rad_status put_covariance(FILE *out, const rad_summary *s, rad_error *error) {
    rad_summary borrowed = *s;
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
    rad_status status = put(out, panel, error);
    fputs(",\n  \"patterns\": ", out);
    const rad_status second = put(out, patterns, error);
    if (status == RAD_OK) status = second;
    fputs(",\n  \"partial\": ", out);
    if (status == RAD_OK) status = put_packed(out, pack_partial, &borrowed, error);
    fputs(",\n  \"products\": ", out);
    if (status == RAD_OK) status = put_packed(out, pack_products, &borrowed, error);
    fputs("\n }", out);
    return status;
}

/* What is put out, of which release. */
typedef struct writing {
    const rad_summary *summary;
    const rad_study *study;
} writing;

static rad_status put_head(FILE *out, const rad_summary *s, rad_error *error) {
    fputs("{\n \"format\": \"radsum 1\",\n \"study\": ", out);
    rad_status status = put(out, json_pack("{s:s, s:s}", "id", s->study, "hash", s->study_hash), error);
    fprintf(out, ",\n \"site\": \"%s\",\n \"release\": %" PRIu32, s->site, s->release);
    fprintf(out,
            ",\n \"engine\": \"%s\",\n \"check\": \"%s\",\n \"settings\": \"%s\",\n \"rules\": ", s->engine,
            s->check, s->settings);
    if (status == RAD_OK) status = put(out, rules_object(&s->rules), error);
    fputs(",\n \"cohort\": ", out);
    if (status == RAD_OK) status = put(out, cohort_object(s), error);
    fputs(",\n \"withheld\": ", out);
    return status == RAD_OK ? put(out, withheld_object(s), error) : status;
}

static rad_status put_body(FILE *out, void *context, rad_error *error) {
    const rad_summary *s = ((const writing *)context)->summary;
    const rad_study *study = ((const writing *)context)->study;
    rad_status status = put_head(out, s, error);
    fputs(",\n \"variables\": [", out);
    for (size_t v = 0; v < s->count && status == RAD_OK; v++) {
        fputs(v ? ",\n  " : "\n  ", out);
        status = put_variable(out, s, v, error);
    }
    fputs("],\n \"levels\": ", out);
    if (status == RAD_OK) status = put_levels(out, s, study, error);
    fputs(",\n \"tables\": ", out);
    if (status == RAD_OK) status = put_tables(out, s, study, error);
    if (status == RAD_OK) status = put_blocks(out, "models", &s->models, s->count, error);
    if (status == RAD_OK) status = put_blocks(out, "repeats", &s->repeated, s->count, error);
    fputs(",\n \"survival\": ", out);
    if (status == RAD_OK) status = put_lifetables(out, s, study, error);
    fputs(",\n \"covariance\": ", out);
    return status == RAD_OK ? put_covariance(out, s, error) : status;
}

rad_status rad_radsum_body(const rad_summary *s, const rad_study *study, rad_bytes *body, rad_error *error) {
    writing w = {s, study};
    rad_status status = rad_sink_collect(put_body, &w, body, error);
    if (status == RAD_OK && body->length > RAD_RADSUM_MAX) {
        rad_bytes_free(body);
        status = rad_fail(error, RAD_REFUSED, "a summary of more than %d MB; name a smaller panel",
                          RAD_RADSUM_MAX >> 20);
    }
    return status;
}

rad_status rad_radsum_write(const char *path, const rad_bytes *body, const rad_signer *me, rad_error *error) {
    unsigned char signature[RAD_SIGNATURE];
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1], tail[512];
    rad_signer_sign(me, "radsum", body->data, body->length, signature);
    snprintf(tail, sizeof tail, RAD_RADSUM_TAIL, rad_hash_text(me->public_key, RAD_KEY_BYTES, key),
             rad_hash_text(signature, sizeof signature, value));
    const rad_bytes pieces[] = {*body, {(unsigned char *)tail, strlen(tail)}};
    return rad_bytes_write(path, pieces, 2, error);
}

/* Mean and standard deviation as the table of the preview shows them. */
static void explain_variable(const rad_summary *s, size_t v, FILE *out) {
    const rad_summary_variable *x = &s->variables[v];
    const rad_moments *m = &s->moments[v];
    char name[45];
    size_t groups = 0;
    rad_printable(x->name, name, sizeof name);
    for (size_t k = 1; k < s->sets; k++) groups += s->moments[k * s->count + v].powers != 0;
    if (!m->powers) {
        fprintf(out, "  %-44s nothing leaves\n", name);
        return;
    }
    rad_description d;
    if (rad_describe(m, x->centre, &d, NULL) != RAD_OK) return;
    fprintf(out, "  %-44s %6" PRIu64 " %7" PRIu64 " %12.5g %12.5g %6d %6zu %5zu\n", name, m->n,
            s->rows - m->n, d.mean, d.deviation, m->powers, groups, x->count_count);
}

static void explain_lifetables(const rad_lifetables *all, const rad_survival *v, FILE *out) {
    const rad_lifetable *t = &all->stratum[0];
    size_t groups = 0;
    for (size_t i = 1; i < all->strata; i++) groups += all->stratum[i].edges > 0;
    if (!t->edges) {
        rad_show(out, "\n  %s: nothing leaves\n", v->name);
        return;
    }
    rad_show(out, "\n  %s: how many had the event, and how many were last seen without, by", v->name);
    for (size_t i = 1; i < t->edges; i++) rad_show(out, "%s %g", i > 1 ? "," : "", v->grid[t->edge[i]]);
    rad_show(out, "%s%s; how many were there longer; the same of %zu groups, at some of these times\n",
             *v->unit ? " " : "", v->unit, groups);
}

void rad_radsum_explain(const rad_summary *s, const rad_study *study, size_t bytes, FILE *out) {
    char rules[512];
    rad_show(out,
             "What would leave site %s for study %s: sums over %" PRIu64
             " patients, %zu bytes. No row, no name, no date.\n",
             s->site, s->study, s->rows, bytes);
    rad_show(out, "Rules in force: %s.\n", rad_rules_text(&s->rules, rules, sizeof rules));
    rad_show(out,
             "Rows left out: %" PRIu64 " not of the study, %" PRIu64 " further occasions, %" PRIu64
             " incomplete; %" PRIu64 " clinical rows without features.\n",
             s->excluded, s->repeats, s->incomplete, s->unmatched);
    for (size_t i = 0; i < RAD_CODES; i++)
        if (s->failures[i])
            rad_show(out, "Cases without a row: %" PRIu64 ", %s.\n", s->failures[i], rad_summary_code(i));
    for (size_t i = 0; i < s->refused; i++)
        rad_show(out, "Refused (%s): %s %s.\n", s->refusals[i].rule, s->refusals[i].what,
                 s->refusals[i].words);
    rad_show(out, "Small cells held back: %" PRIu64 ".\n", s->withheld);
    fprintf(out,
            "Of each variable: number of patients with and without a value, sums of powers (of which the "
            "reader makes mean, "
            "deviation,\nskewness, kurtosis), the same by group, counts in intervals of a public grid.\n\n");
    rad_show(out, "  %-44s %6s %7s %12s %12s %6s %6s %5s\n", "variable", "n", "missing", "mean", "deviation",
             "powers", "groups", "bins");
    for (size_t v = 0; v < s->count; v++) explain_variable(s, v, out);
    for (size_t f = 0; f < study->factor_count; f++) {
        rad_show(out, "\n  %s:", study->factors[f].name);
        for (size_t l = 0; l <= study->factors[f].levels; l++) {
            const int64_t count = s->levels[f * (RAD_FACTOR_LEVELS + 1) + l];
            const char *name = l < study->factors[f].levels ? study->factors[f].level[l] : "missing";
            if (count < 0)
                rad_show(out, " %s held back%s", name, l < study->factors[f].levels ? "," : "");
            else
                rad_show(out, " %s %" PRId64 "%s", name, count, l < study->factors[f].levels ? "," : "");
        }
    }
    if (study->factor_count) fputc('\n', out);
    for (size_t i = 0; i < study->survival_count && study->analyses & RAD_ANALYSIS_SURVIVAL; i++)
        explain_lifetables(&s->lifetables[i], &study->survivals[i], out);
    if (s->panel)
        rad_show(
            out,
            "\nSums of products of %zu variables, pair by pair (of which the reader makes covariances and "
            "correlations).\n",
            s->panel);
}
