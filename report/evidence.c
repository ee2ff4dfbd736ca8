#include "evidence.h"

#include "../federate/pool/pool_analyses.h"
#include "../io/bytes.h"
#include "../io/tree.h"

#include <stdio.h>
#include <string.h>

static bool rests_on(const rad_pool *p, const rad_evidence *e, size_t i) {
    return rad_study_asks(p->study, (rad_analysis)i) && (!e->analyses || e->analyses >> i & 1);
}

static json_t *site_object(const rad_pool *p, const rad_evidence *e, size_t site, bool *pass) {
    const rad_summary *s = &p->sites[site];
    rad_fewest f = {.patients = 0};
    json_t *refused = json_array();
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rests_on(p, e, i)) rad_pool_analyses[i]->see(s, p->study, &f);
    /* a count that was rounded may have been larger */
    const bool met = !f.patients || f.patients + (uint64_t)s->rules.round >= (uint64_t)s->rules.cell;
    *pass = *pass && met;
    for (size_t i = 0; i < s->refused; i++) rad_tree_add(&refused, json_string(s->refusals[i].what));
    return json_pack("{s:s, s:I, s:s, s:I, s:i, s:I, s:s, s:b, s:I, s:o}", "site", s->site, "release",
                     (json_int_t)s->release, "digest", s->digest, "patients", (json_int_t)s->rows,
                     "minimum_cell", s->rules.cell, "fewest_patients", (json_int_t)f.patients, "fewest_where",
                     f.where, "met", met, "held_back", (json_int_t)s->withheld, "refused", refused);
}

static json_t *rules_array(const rad_pool *p, const rad_evidence *e) {
    unsigned rules = 1U << RAD_RULE_CELL | 1U << RAD_RULE_SITES;
    json_t *all = json_array();
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rests_on(p, e, i)) rules |= rad_analyses[i].rules;
    for (size_t i = 0; i < RAD_RULES; i++) {
        char words[64];
        if (!(rules >> i & 1)) continue;
        rad_tree_add(&all, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", rad_rule_rows[i].key.name, "value",
                                     rad_key_words(&rad_rule_rows[i].key, &p->rules, words, sizeof words),
                                     "set_by", rad_owner_words[p->rules.owner[i]], "means",
                                     rad_rule_rows[i].key.help, "checked", rad_rule_rows[i].checked));
    }
    return all;
}

static json_t *range_object(const rad_tally *t, uint64_t least, uint64_t most) {
    if (!t->shown) return json_null();
    return json_pack("{s:I, s:I}", "least", (json_int_t)least, "most", (json_int_t)most);
}

/* How many numbers there are, what they stand on, and the first of those that stand on less than all. */
static json_t *numbers_object(const rad_tally *t) {
    json_t *names = json_array();
    for (size_t i = 0; i < t->names; i++) rad_tree_add(&names, json_string(t->name[i]));
    return json_pack("{s:I, s:I, s:I, s:o, s:o}", "shown", (json_int_t)t->shown, "of_fewer_sites",
                     (json_int_t)t->fewer, "empty", (json_int_t)t->empty, "sites",
                     range_object(t, t->least_sites, t->most_sites), "less_than_all", names);
}

static const char *decision_of(const rad_tally *t, bool met) {
    const char *decision = rad_tally_decision(t);
    return !met && !strcmp(decision, "pass") ? "review" : decision;
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
    const rad_tally *t = w->evidence->tally;
    const char *decision = decision_of(t, *w->pass);
    *w->pass = !strcmp(decision, "pass");
    json_t *all =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:o, s:o, s:o, s:o}", "format",
                  "radiomill evidence 2", "result", w->evidence->result, "digest", w->evidence->digest,
                  "answers", w->evidence->answers, "for", t->single ? "coordinator" : "readers", "study",
                  "id", p->study->id, "hash", p->study->hash, "engine", "radiomill " RAD_VERSION, "decision",
                  decision, "patients", range_object(t, t->least_patients, t->most_patients), "numbers",
                  numbers_object(t), "rules", rules_array(p, w->evidence), "sites", sites);
    rad_status status = rad_tree_put(out, all, JSON_INDENT(1), error);
    fputc('\n', out);
    return status;
}

rad_status rad_evidence_write(const char *path, const rad_pool *pool, const rad_evidence *evidence,
                              bool *pass, rad_error *error) {
    writing w = {pool, evidence, pass};
    return rad_bytes_stream(path, put_evidence, &w, error);
}
