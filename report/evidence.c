#include "evidence.h"

#include "../federate/signer.h"
#include "../io/bytes.h"
#include "../io/tree.h"

#include <stdio.h>
#include <string.h>

/* The fewest patients behind a number of a site, and which number that is. */
typedef struct fewest {
    uint64_t patients; /* 0: no numbers */
    char where[2 * RAD_NAME];
} fewest;

static void see(fewest *f, uint64_t patients, const char *what, const char *more) {
    if (!patients || (f->patients && f->patients <= patients)) return;
    f->patients = patients;
    snprintf(f->where, sizeof f->where, "%s%s%s", what, *more ? ": " : "", more);
}

static void see_sets(const rad_summary *s, size_t first, size_t end, fewest *f) {
    for (size_t k = first; k < end; k++)
        for (size_t v = 0; v < s->count; v++) {
            const rad_moments *m = &s->moments[k * s->count + v];
            if (m->powers) see(f, m->n, s->variables[v].name, k ? "a group" : "");
        }
}

static void see_moments(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    see_sets(s, 0, 1, f);
}

static void see_groups(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    see_sets(s, 1, s->sets, f);
}

static void see_histograms(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    for (size_t v = 0; v < s->count; v++)
        for (size_t i = 0; i < s->variables[v].count_count; i++)
            see(f, s->variables[v].counts[i].count, s->variables[v].name, "an interval");
}

static void see_tables(const rad_summary *s, const rad_study *study, fewest *f) {
    for (size_t i = 0; i < study->factor_count; i++)
        for (size_t l = 0; l <= study->factors[i].levels; l++) {
            const int64_t count = s->levels[i * (RAD_FACTOR_LEVELS + 1) + l];
            if (count > 0)
                see(f, (uint64_t)count, study->factors[i].name,
                    l < study->factors[i].levels ? study->factors[i].level[l] : "missing");
        }
    for (size_t t = 0; t < study->table_count && study->analyses & RAD_ANALYSIS_TABLES; t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        for (size_t i = 0; i < (a->levels + 1) * (b->levels + 1); i++)
            if (s->tables[t][i] > 0) see(f, (uint64_t)s->tables[t][i], a->name, b->name);
    }
}

static void see_covariance(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    see(f, s->least_pair, "a pair of the covariance", "");
}

static void see_blocks(const rad_summary *s, const rad_blocks *b, const char *what, fewest *f) {
    for (size_t v = 0; v < s->count && b->cells; v++)
        if (b->shown[v])
            see(f, (uint64_t)rad_exact_double(&b->sums[v * b->cells]), s->variables[v].name, what);
}

static void see_models(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    see_blocks(s, &s->models, "the model", f);
}

static void see_repeats(const rad_summary *s, const rad_study *study, fewest *f) {
    (void)study;
    see_blocks(s, &s->repeated, "repeats", f);
}

static void see_survival(const rad_summary *s, const rad_study *study, fewest *f) {
    for (size_t o = 0; o < study->survival_count; o++)
        for (size_t k = 0; k < s->lifetables[o].strata; k++) {
            const rad_lifetable *t = &s->lifetables[o].stratum[k];
            for (size_t i = 0; i < t->edges; i++) {
                const uint64_t censored = i + 1 < t->edges ? t->counts[2 * i + 1] : 0;
                see(f, t->counts[2 * i] + censored, study->survivals[o].name, "who left in an interval");
            }
        }
}

/* What each analysis rests on: its rules, and how the patients behind its numbers are counted. */
static const struct {
    unsigned analysis;
    unsigned rules; /* bits of rad_rule */
    void (*see)(const rad_summary *site, const rad_study *study, fewest *fewest);
} grounds[] = {
#define RULE(name) (1U << RAD_RULE_##name)
    {RAD_ANALYSIS_MOMENTS, RULE(DOMINANCE), see_moments},
    {RAD_ANALYSIS_GROUPS, RULE(DOMINANCE), see_groups},
    {RAD_ANALYSIS_HISTOGRAMS, RULE(ROUND), see_histograms},
    {RAD_ANALYSIS_TABLES, RULE(ROUND), see_tables},
    {RAD_ANALYSIS_COVARIANCE, RULE(DOMINANCE) | RULE(PARAMETERS), see_covariance},
    {RAD_ANALYSIS_MODEL, RULE(DOMINANCE) | RULE(PARAMETERS), see_models},
    {RAD_ANALYSIS_RELIABILITY, RULE(DOMINANCE) | RULE(PARAMETERS), see_repeats},
    {RAD_ANALYSIS_SURVIVAL, RULE(ROUND), see_survival},
};
enum { GROUNDS = sizeof grounds / sizeof grounds[0] };

static bool rests_on(const rad_pool *p, const rad_evidence *e, size_t i) {
    return p->study->analyses & grounds[i].analysis && (!e->analyses || e->analyses & grounds[i].analysis);
}

static json_t *site_object(const rad_pool *p, const rad_evidence *e, size_t site, bool *pass) {
    const rad_summary *s = &p->sites[site];
    fewest f = {.patients = 0};
    json_t *refused = json_array();
    for (size_t i = 0; i < GROUNDS; i++)
        if (rests_on(p, e, i)) grounds[i].see(s, p->study, &f);
    /* a count that was rounded may have been larger */
    const bool met = !f.patients || f.patients + (uint64_t)s->rules.round >= (uint64_t)s->rules.cell;
    *pass = *pass && met;
    for (size_t i = 0; i < s->refused; i++) rad_tree_add(&refused, json_string(s->refusals[i].what));
    return json_pack("{s:s, s:I, s:s, s:I, s:i, s:I, s:s, s:b, s:I, s:o}", "site", s->site, "release",
                     (json_int_t)s->release, "digest", s->digest, "patients", (json_int_t)s->rows,
                     "minimum_cell", s->rules.cell, "fewest_patients", (json_int_t)f.patients, "fewest_where",
                     f.where, "met", met, "held_back", (json_int_t)s->withheld, "refused", refused);
}

/* Who looks whether a rule is kept. */
static json_t *rules_array(const rad_pool *p, const rad_evidence *e) {
    static const char *const checks[RAD_RULES] = {
        [RAD_RULE_CELL] = "at the site, before anything was summed; here, on the numbers that came",
        [RAD_RULE_SITES] = "here",
        [RAD_RULE_DOMINANCE] = "at the site, on its rows: sums do not tell",
        [RAD_RULE_PARAMETERS] = "at the site, with what left before",
        [RAD_RULE_ROUND] = "at the site"};
    unsigned rules = RULE(CELL) | RULE(SITES);
    json_t *all = json_array();
    for (size_t i = 0; i < GROUNDS; i++)
        if (rests_on(p, e, i)) rules |= grounds[i].rules;
    for (size_t i = 0; i < RAD_RULES; i++) {
        char words[64];
        if (!(rules >> i & 1)) continue;
        rad_tree_add(&all, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", rad_rule_rows[i].key.name, "value",
                                     rad_key_words(&rad_rule_rows[i].key, &p->rules, words, sizeof words),
                                     "set_by", rad_owner_words[p->rules.owner[i]], "means",
                                     rad_rule_rows[i].key.help, "checked", checks[i]));
    }
    return all;
}

typedef struct writing {
    const rad_pool *pool;
    const rad_evidence *evidence;
    bool *pass;
} writing;

static rad_status put_evidence(FILE *out, void *context, rad_error *error) {
    const writing *w = context;
    const rad_pool *p = w->pool;
    json_t *sites = json_array();
    *w->pass = p->count >= (size_t)p->rules.sites;
    for (size_t i = 0; i < p->count; i++) rad_tree_add(&sites, site_object(p, w->evidence, i, w->pass));
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:I, s:o, s:o}", "format",
                  "radiomill evidence 1", "result", w->evidence->result, "digest", w->evidence->digest,
                  "answers", w->evidence->answers, "study", "id", p->study->id, "hash", p->study->hash,
                  "engine", "radiomill " RAD_VERSION, "decision", *w->pass ? "pass" : "review", "patients",
                  (json_int_t)p->total.rows, "rules", rules_array(p, w->evidence), "sites", sites);
    rad_status status = rad_tree_put(out, all, JSON_INDENT(1), error);
    fputc('\n', out);
    return status;
}

rad_status rad_evidence_write(const char *path, const rad_pool *pool, const rad_evidence *evidence,
                              bool *pass, rad_error *error) {
    writing w = {pool, evidence, pass};
    return rad_bytes_stream(path, put_evidence, &w, error);
}
