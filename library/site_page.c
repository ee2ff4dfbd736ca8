#include "site_page.h"

#include "../core/bitset.h"
#include "../core/memory.h"
#include "../federate/analyses.h"
#include "../report/html.h"
#include "../report/page.h"

#include <inttypes.h>
#include <string.h>

static void put_fact(FILE *out, const char *what, const char *value) {
    rad_page_fact(out, what, *value ? value : "none");
}

static void put_facts(FILE *out, const rad_site_page *p) {
    const rad_summary *s = p->release->summary;
    const rad_study *study = p->release->study;
    fputs("<header><h1>What would leave site ", out);
    rad_html_text(out, s->site);
    fputs("</h1>\n<dl>", out);
    put_fact(out, "study", study->id);
    if (*study->title) put_fact(out, "title", study->title);
    put_fact(out, "hash of the study", s->study_hash);
    rad_page_count(out, p->known ? "release, which left before" : "release", s->release);
    rad_page_count(out, "patients", s->rows);
    rad_page_count(out, "variables", s->count);
    rad_page_count(out, "bytes of the file", p->bytes);
    put_fact(out, "engine", s->engine);
    put_fact(out, "its self-check", s->check);
    put_fact(out, "settings", s->settings);
    fputs(
        "</dl>\n<p>Sums over patients: no row, no name, no date. These very bytes leave, and no others, with "
        "<code class=\"word\">--approve</code> and their hash:</p>\n<p><code>",
        out);
    rad_html_text(out, p->hash);
    fputs("</code></p>\n<nav><ol><li><a href=\"#held\">Held back</a></li><li><a href=\"#rules\">Rules in "
          "force</a></li><li><a href=\"#before\">What left before</a></li><li><a href=\"#leaves\">What "
          "leaves</a></li></ol></nav></header>\n",
          out);
}

static void put_rules(FILE *out, const rad_summary *s) {
    static const char *const columns[] = {"rule", "value", "<set by", "<what it asks", NULL};
    fputs("<section id=\"rules\"><h2>Rules in force</h2>\n", out);
    rad_html_table(out, "", "", 0, columns);
    for (size_t i = 0; i < RAD_RULES; i++) {
        char words[64];
        rad_html_row(out, rad_rule_rows[i].key.name);
        fprintf(out, "<td>%s</td>", rad_key_words(&rad_rule_rows[i].key, &s->rules, words, sizeof words));
        rad_html_cell(out, rad_owner_words[s->rules.owner[i]]);
        rad_html_cell(out, rad_rule_rows[i].key.help);
        rad_html_end_row(out);
    }
    rad_html_end_table(out, 0);
    fputs("</section>\n", out);
}

static void put_past(FILE *out, const rad_site_page *p) {
    static const char *const columns[] = {"study",    "release",          "<hash of the study",
                                          "patients", "also here",        "not here",
                                          "new here", "<allowed by hand", NULL};
    const uint64_t rows = p->release->summary->rows;
    fputs("<section id=\"before\"><h2>What left before</h2>\n", out);
    if (!p->past_count) rad_html_nothing(out, "Nothing: this is the first release.");
    if (p->past_count) rad_html_table(out, "Releases in the ledger of this key", "", 0, columns);
    for (size_t i = p->past_count; i-- > 0;) { /* the last one first */
        const rad_past *r = &p->past[i];
        rad_html_row(out, r->study);
        rad_html_count(out, r->release);
        rad_html_cell(out, r->study_hash);
        rad_html_count(out, r->patients);
        rad_html_count(out, r->shared);
        rad_html_count(out, r->patients - r->shared);
        rad_html_count(out, rows - (r->shared < rows ? r->shared : rows));
        rad_html_cell(out, r->allowed);
        rad_html_end_row(out);
    }
    if (p->past_count) rad_html_end_table(out, 0);
    fputs("</section>\n", out);
}

/* Rows of what is held back; the table begins with the first. */
typedef struct held {
    FILE *out;
    size_t count;
} held;

static void put_held(held *h, const char *what, const char *part, const char *rule, const char *why) {
    static const char *const columns[] = {"of", "<what", "<rule", "<why", NULL};
    if (!h->count++) rad_html_table(h->out, "", "", 0, columns);
    rad_html_row(h->out, what);
    rad_html_cell(h->out, part);
    rad_html_cell(h->out, rule);
    rad_html_cell(h->out, why);
    rad_html_end_row(h->out);
}

static const char *cell_rule(void) {
    return rad_rule_rows[RAD_RULE_CELL].key.name;
}

/* Why the sums of a variable by a level stay at home. */
static void put_group(held *h, const rad_site_page *p, size_t v, size_t f, size_t l, uint64_t *set) {
    const rad_release *r = p->release;
    const rad_factor *factor = &r->study->factors[f];
    const rad_class *k = &r->permit->classes[r->permit->of[v]];
    char part[2 * RAD_NAME + 16];
    snprintf(part, sizeof part, "sums of %s %s", factor->name, factor->level[l]);
    rad_cohort_level(r->cohort, f, (int)l, k->present, set);
    const size_t count = rad_bitset_count(set, r->cohort->words);
    const char *name = r->cohort->variables[v].name;
    if (count < r->permit->cell)
        put_held(h, name, part, cell_rule(), count ? "fewer patients" : "no patient");
    else if (!k->shown[f][l])
        put_held(h, name, part, cell_rule(), "with other sets it would tell of fewer patients");
    else
        put_held(h, name, part, rad_rule_rows[RAD_RULE_DOMINANCE].key.name,
                 "two patients would make up most of a sum of this group, or of another of its groups");
}

static rad_status put_groups(held *h, const rad_site_page *p, rad_error *error) {
    const rad_release *r = p->release;
    const rad_summary *s = r->summary;
    uint64_t *set = rad_new(r->cohort->words, sizeof *set, error);
    if (!set) return RAD_NO_MEMORY;
    for (size_t f = 0; f < r->study->factor_count && rad_study_asks(r->study, RAD_GROUPS); f++)
        for (size_t v = 0; v < s->count && r->study->factors[f].group; v++)
            for (size_t l = 0; l < r->study->factors[f].levels && s->moments[v].powers; l++)
                if (!rad_summary_level(s, r->study, f, l, v)->powers) put_group(h, p, v, f, l, set);
    rad_free(set);
    return RAD_OK;
}

static void put_cells(held *h, const rad_site_page *p) {
    const rad_study *study = p->release->study;
    const rad_summary *s = p->release->summary;
    char part[64];
    for (size_t f = 0; f < study->factor_count; f++)
        for (size_t l = 0; l <= study->factors[f].levels; l++)
            if (s->levels[f * (RAD_FACTOR_LEVELS + 1) + l] < 0)
                put_held(h, study->factors[f].name,
                         l < study->factors[f].levels ? study->factors[f].level[l] : "missing", cell_rule(),
                         "a small count, or one that would tell it");
    for (size_t t = 0; t < study->table_count && rad_study_asks(study, RAD_TABLES); t++) {
        const rad_factor *a = &study->factors[study->tables[t][0]], *b = &study->factors[study->tables[t][1]];
        const size_t cells = (a->levels + 1) * (b->levels + 1);
        char name[2 * RAD_NAME + 8];
        size_t hidden = 0;
        for (size_t i = 0; i < cells; i++) hidden += s->tables[t][i] < 0;
        snprintf(name, sizeof name, "%s x %s", a->name, b->name);
        snprintf(part, sizeof part, "%zu of %zu cells", hidden, cells);
        if (hidden) put_held(h, name, part, cell_rule(), "small counts, and others that would tell them");
    }
}

static const char sums_rules[] = "minimum_cell, dominance";

/* Of each variable: intervals, pairs of the covariance, sums of models and repeats. */
static void put_variables(held *h, const rad_site_page *p) {
    const rad_study *study = p->release->study;
    const rad_summary *s = p->release->summary;
    for (size_t v = 0; v < s->count; v++) {
        const rad_summary_variable *x = &s->variables[v];
        if (!s->moments[v].powers) continue; /* refused by name */
        if (rad_study_asks(study, RAD_HISTOGRAMS) && !x->counted)
            put_held(h, x->name, "intervals", cell_rule(), "no two intervals of so many patients");
        for (size_t a = 0; a < RAD_ANALYSES; a++)
            if (s->blocks[a].cells && !s->blocks[a].shown[v] && x->kind == RAD_FEATURE)
                put_held(h, x->name, rad_analyses[a].word, sums_rules,
                         "its patients differ from others by a few, or two of them make up most");
        char part[48];
        size_t pairs = 0, hidden = 0;
        for (size_t j = 0; x->panel >= 0 && j < s->panel; j++) {
            const size_t i = (size_t)x->panel, low = i < j ? i : j, high = i < j ? j : i;
            hidden += !s->product_shown[high * (high + 1) / 2 + low];
            pairs++;
        }
        snprintf(part, sizeof part, "%zu of %zu products", hidden, pairs);
        if (hidden)
            put_held(h, x->name, part, sums_rules,
                     "sets that differ by a few, or two patients who make up most");
    }
}

static void put_survivals(held *h, const rad_site_page *p) {
    const rad_study *study = p->release->study;
    const rad_summary *s = p->release->summary;
    for (size_t i = 0; i < study->survival_count && rad_study_asks(study, RAD_SURVIVAL); i++)
        for (size_t f = 0; f < study->factor_count; f++)
            for (size_t l = 0; l < study->factors[f].levels && study->survivals[i].by[f]; l++) {
                char part[2 * RAD_NAME + 16];
                snprintf(part, sizeof part, "life table of %s %s", study->factors[f].name,
                         study->factors[f].level[l]);
                if (!s->lifetables[i].strata ||
                    !s->lifetables[i].stratum[rad_lifetable_stratum(study, i, f, l)].edges)
                    put_held(h, study->survivals[i].name, part, cell_rule(),
                             "no times between which none or enough left");
            }
}

static void put_performances(held *h, const rad_site_page *p) {
    const rad_study *study = p->release->study;
    for (size_t i = 0; i < study->performance_count && rad_study_asks(study, RAD_PERFORMANCE); i++) {
        const rad_performance *of = &study->performances[i];
        const rad_performed *x = &p->release->summary->performed[i];
        const size_t told = x->classes.edges > 2 ? x->classes.edges - 2 : 0;
        char part[64];
        snprintf(part, sizeof part, "%zu of %zu cuts", of->cuts - told, of->cuts);
        if (x->shown && told < of->cuts)
            put_held(h, of->name, part, cell_rule(), "too few with the event, or without, in a class");
        if (x->shown && of->probability && !x->predicted)
            put_held(h, of->name, "sums of predictions", sums_rules,
                     "with other sets they would tell of few");
    }
}

static rad_status put_held_back(FILE *out, const rad_site_page *p, rad_error *error) {
    const rad_summary *s = p->release->summary;
    held h = {out, 0};
    fputs("<section id=\"held\"><h2>Held back</h2>\n", out);
    for (size_t i = 0; i < p->release->permit->refusal_count; i++) {
        const rad_refusal *r = &p->release->permit->refusals[i];
        char why[sizeof r->words + sizeof r->here + 4];
        snprintf(why, sizeof why, *r->here ? "%s (%s)" : "%s%s", r->words, r->here);
        put_held(&h, r->what, "all", r->rule, why);
    }
    put_cells(&h, p);
    rad_status status = put_groups(&h, p, error);
    put_variables(&h, p);
    put_survivals(&h, p);
    put_performances(&h, p);
    if (h.count)
        rad_html_end_table(out, 0);
    else
        rad_html_nothing(out, "Nothing is held back.");
    rad_html_say(out,
                 "Of the rows, %" PRIu64 " do not belong to the study, %" PRIu64
                 " are further occasions, %" PRIu64 " incomplete; %" PRIu64
                 " clinical rows have no features, and %" PRIu64 " cases no row.",
                 p->release->cohort->excluded, (uint64_t)p->release->cohort->repeats,
                 (uint64_t)p->release->cohort->incomplete, (uint64_t)p->release->cohort->unmatched,
                 rad_summary_failures(s));
    fputs("</section>\n", out);
    return status;
}

rad_status rad_site_page_put(FILE *out, void *context, rad_error *error) {
    const rad_site_page *p = context;
    const rad_summary *of = p->release->summary;
    char title[RAD_SITE + RAD_NAME + 48];
    snprintf(title, sizeof title, "%s: release %" PRIu32 " for %s", of->site, of->release, of->study);
    rad_page_begin_plain(out, title);
    put_facts(out, p);
    rad_status status = put_held_back(out, p, error);
    put_rules(out, p->release->summary);
    put_past(out, p);
    fputs("<section id=\"leaves\"><h2>What leaves</h2>\n", out);
    if (status == RAD_OK) status = rad_site_page_numbers(out, p, error);
    fputs("</section>\n<footer><p>For the site: this page is no part of what "
          "leaves.</p></footer>\n</body></html>\n",
          out);
    return status;
}
