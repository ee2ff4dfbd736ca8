#include "radsum.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/number.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "analyses.h"
#include "describe.h"
#include "sealed.h"

#include <inttypes.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

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

static rad_status write_variable(FILE *out, const rad_summary *s, size_t v, rad_error *error) {
    static const char *const kinds[] = {"feature", "covariate", "outcome"};
    const rad_summary_variable *x = &s->variables[v];
    json_t *sets = json_array();
    for (size_t k = 0; k < s->sets; k++) rad_tree_add(&sets, moments_array(&s->moments[k * s->count + v]));
    return rad_member_put(out,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:o, s:o, s:o}", "name", x->name,
                                    "definition", x->definition, "unit", x->unit, "kind", kinds[x->kind],
                                    "transform", x->logarithm ? "log" : "none", "centre", x->centre, "step",
                                    ldexp(1, x->step), "grid", grid_object(&x->grid), "sets", sets,
                                    "histogram", histogram_array(x)),
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

/* A count of rows as it leaves: null where they are 1 .. minimum_cell - 1. */
static json_t *few_or_count(const rad_summary *s, int64_t count) {
    return rad_member_cell(count > 0 && count < s->rules.cell ? -1 : count);
}

/* Likewise, and where it would tell of few together with others. */
static json_t *held_or_count(const rad_summary *s, int64_t count, bool held) {
    return held ? json_null() : few_or_count(s, count);
}

/* Further occasions: also those that are missing to all of all patients are not to be told, where they are
 * few. */
static json_t *repeats_count(const rad_summary *s, const rad_study *study) {
    const int64_t all = study->occasion_count ? (int64_t)(study->occasion_count - 1) : 0,
                  of = (int64_t)s->rows +
                       (s->incomplete > 0 && s->incomplete >= s->rules.cell ? s->incomplete : 0),
                  missing = all * of - s->repeats;
    const bool tells =
        s->rules.cell && s->repeats > 0 && (missing || s->incomplete) && missing < s->rules.cell;
    return held_or_count(s, s->repeats, tells || s->held.repeats);
}

static json_t *cohort_object(const rad_summary *s, const rad_study *study) {
    json_t *failures = json_object();
    for (size_t i = 0; i < RAD_CODES; i++) {
        char code[16];
        snprintf(code, sizeof code, "%zu", i);
        if (s->failures[i]) rad_tree_set(&failures, code, few_or_count(s, s->failures[i]));
    }
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o}", "patients", (json_int_t)s->rows, "excluded",
                     held_or_count(s, s->excluded, s->held.excluded), "repeats", repeats_count(s, study),
                     "unmatched", held_or_count(s, s->unmatched, s->held.unmatched), "incomplete",
                     few_or_count(s, s->incomplete), "failures", failures);
}

static json_t *withheld_object(const rad_summary *s) {
    json_t *refused = json_array();
    for (size_t i = 0; i < s->refused; i++)
        rad_tree_add(&refused, json_pack("{s:s, s:s, s:s}", "what", s->refusals[i].what, "rule",
                                         s->refusals[i].rule, "words", s->refusals[i].words));
    return json_pack("{s:I, s:o}", "cells", (json_int_t)s->withheld, "refused", refused);
}

static rad_status write_levels(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    json_t *all = json_array();
    for (size_t f = 0; f < study->factor_count; f++) {
        json_t *counts = json_array();
        for (size_t l = 0; l <= study->factors[f].levels; l++)
            rad_tree_add(&counts, rad_member_cell(s->levels[f * (RAD_FACTOR_LEVELS + 1) + l]));
        rad_tree_add(&all, counts);
    }
    return rad_member_put(out, all, error);
}

/* What is put out, of which release. */
typedef struct writing {
    const rad_summary *summary;
    const rad_study *study;
} writing;

static rad_status write_head(FILE *out, const rad_summary *s, const rad_study *study, rad_error *error) {
    fputs("{\n \"format\": \"radsum 1\",\n \"study\": ", out);
    rad_status status =
        rad_member_put(out, json_pack("{s:s, s:s}", "id", s->study, "hash", s->study_hash), error);
    fprintf(out, ",\n \"site\": \"%s\",\n \"release\": %" PRIu32, s->site, s->release);
    if (*s->ledger.id)
        fprintf(out,
                ",\n \"ledger\": {\"id\": \"%s\", \"begun\": \"%s\", \"entries\": %" PRIu64
                ", \"head\": \"%s\"}",
                s->ledger.id, s->ledger.begun, s->ledger.entries, s->ledger.head);
    fprintf(out,
            ",\n \"engine\": \"%s\",\n \"check\": \"%s\",\n \"settings\": \"%s\",\n \"rules\": ", s->engine,
            s->check, s->settings);
    if (status == RAD_OK) status = rad_member_put(out, rules_object(&s->rules), error);
    fputs(",\n \"cohort\": ", out);
    if (status == RAD_OK) status = rad_member_put(out, cohort_object(s, study), error);
    fputs(",\n \"withheld\": ", out);
    return status == RAD_OK ? rad_member_put(out, withheld_object(s), error) : status;
}

static rad_status write_body(FILE *out, void *context, rad_error *error) {
    const rad_summary *s = ((const writing *)context)->summary;
    const rad_study *study = ((const writing *)context)->study;
    rad_status status = write_head(out, s, study, error);
    fputs(",\n \"variables\": [", out);
    for (size_t v = 0; v < s->count && status == RAD_OK; v++) {
        fputs(v ? ",\n  " : "\n  ", out);
        status = write_variable(out, s, v, error);
    }
    fputs("],\n \"levels\": ", out);
    if (status == RAD_OK) status = write_levels(out, s, study, error);
    return status == RAD_OK ? rad_analyses_write(out, s, study, error) : status;
}

rad_status rad_radsum_body(const rad_summary *s, const rad_study *study, rad_bytes *body, rad_error *error) {
    writing w = {s, study};
    rad_status status = rad_sink_collect(write_body, &w, body, error);
    if (status == RAD_OK && body->length > RAD_RADSUM_MAX) {
        rad_bytes_free(body);
        status = rad_fail(error, RAD_REFUSED, "the summary is larger than %d MB; name a smaller panel",
                          RAD_RADSUM_MAX >> 20);
    }
    return status;
}

static void sign_body(const rad_bytes *body, const rad_signer *me, char tail[RAD_RADSUM_TAIL_LENGTH + 1]) {
    unsigned char signature[RAD_SIGNATURE];
    char key[2 * RAD_KEY_BYTES + 1], value[2 * RAD_SIGNATURE + 1];
    rad_signer_sign(me, "radsum", body->data, body->length, signature);
    snprintf(tail, RAD_RADSUM_TAIL_LENGTH + 1, RAD_RADSUM_TAIL,
             rad_hash_text(me->public_key, RAD_KEY_BYTES, key),
             rad_hash_text(signature, sizeof signature, value));
}

rad_status rad_radsum_write(const char *path, const rad_bytes *body, const rad_signer *me, rad_error *error) {
    char tail[RAD_RADSUM_TAIL_LENGTH + 1];
    sign_body(body, me, tail);
    const rad_bytes pieces[] = {*body, {(unsigned char *)tail, RAD_RADSUM_TAIL_LENGTH}};
    return rad_bytes_write(path, pieces, 2, error);
}

rad_status rad_radsum_seal(const char *path, const rad_bytes *body, const rad_signer *me,
                           const unsigned char key[RAD_KEY_BYTES], rad_error *error) {
    char tail[RAD_RADSUM_TAIL_LENGTH + 1];
    rad_bytes whole = {rad_new_raw(body->length + RAD_RADSUM_TAIL_LENGTH, 1, error),
                       body->length + RAD_RADSUM_TAIL_LENGTH},
              sealed = {0};
    if (!whole.data) return RAD_NO_MEMORY;
    sign_body(body, me, tail);
    memcpy(whole.data, body->data, body->length);
    memcpy(whole.data + body->length, tail, RAD_RADSUM_TAIL_LENGTH);
    rad_status status = rad_sealed_make(&whole, key, &sealed, error);
    if (status == RAD_OK) status = rad_bytes_write(path, &sealed, 1, error);
    rad_bytes_free(&whole);
    rad_bytes_free(&sealed);
    return status;
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

/* How many have each level, and of one that is derived which values it has. */
static void explain_levels(const rad_summary *s, const rad_study *study, size_t factor, FILE *out) {
    const rad_factor *f = &study->factors[factor];
    char words[2 * RAD_NAME];
    rad_show(out, "\n  %s:", f->name);
    for (size_t l = 0; l <= f->levels; l++) {
        const int64_t count = s->levels[factor * (RAD_FACTOR_LEVELS + 1) + l];
        rad_show(out, " %s", l < f->levels ? f->level[l] : "missing");
        if (f->cut && l < f->levels) rad_show(out, " (%s)", rad_cut_words(f->cut, l, words, sizeof words));
        if (count < 0)
            rad_show(out, " held back");
        else
            rad_show(out, " %" PRId64, count);
        if (l < f->levels) fputc(',', out);
    }
}

void rad_radsum_explain(const rad_summary *s, const rad_study *study, size_t bytes, FILE *out) {
    char rules[512], where[1024];
    rad_show(out,
             "What would leave site %s for study %s: sums over %" PRIu64
             " patients, %zu bytes. No row, no name, no date.\n",
             s->site, s->study, s->rows, bytes);
    rad_show(out, "Rules in force: %s.\n", rad_rules_text(&s->rules, rules, sizeof rules));
    if (*s->ledger.id)
        rad_show(out, "The ledger has %" PRIu64 " release%s%s; the summary says so.\n", s->ledger.entries,
                 rad_plural(s->ledger.entries),
                 !strcmp(s->ledger.begun, "again") ? ", and was begun anew" : "");
    rad_show(out, "Rows that count: %s%s.\n", study->where ? "where " : "",
             rad_study_where(study, where, sizeof where));
    rad_show(out,
             "Rows left out: %" PRId64 " not of the study, %" PRId64 " further occasions, %" PRId64
             " incomplete; %" PRId64
             " clinical rows without features. Those of fewer than %d, and what would "
             "tell of so few, are not in the file.\n",
             s->excluded, s->repeats, s->incomplete, s->unmatched, s->rules.cell);
    for (size_t i = 0; i < RAD_CODES; i++)
        if (s->failures[i])
            rad_show(out, "Cases without a row: %" PRId64 ", %s.\n", s->failures[i], rad_summary_code(i));
    for (size_t i = 0; i < s->refused; i++)
        rad_show(out, "Refused (%s): %s %s%s.\n", s->refusals[i].rule, s->refusals[i].what,
                 s->refusals[i].words, s->refusals[i].here);
    rad_show(out, "Small cells held back: %" PRIu64 ".\n", s->withheld);
    fprintf(out,
            "Of each variable: number of patients with and without a value, sums of powers (two give mean "
            "and deviation, four skewness and kurtosis, too), the same by group, counts in intervals of a "
            "public grid.\n\n");
    rad_show(out, "  %-44s %6s %7s %12s %12s %6s %6s %5s\n", "variable", "n", "missing", "mean", "deviation",
             "powers", "groups", "bins");
    for (size_t v = 0; v < s->count; v++) explain_variable(s, v, out);
    for (size_t f = 0; f < study->factor_count; f++) explain_levels(s, study, f, out);
    if (study->factor_count) fputc('\n', out);
    rad_analyses_explain(s, study, out);
}
