#include "coverage.h"

#include "../../core/memory.h"
#include "pool_analyses.h"

#include <stdio.h>
#include <string.h>

static void add_rule(char *text, const char *rule, const char *between) {
    const size_t used = strlen(text);
    if (strstr(text, rule)) return;
    snprintf(text + used, RAD_COVERAGE_RULES - used, "%s%s", used ? between : "", rule);
}

static bool is_variable(const rad_summary *s, const char *name) {
    for (size_t v = 0; v < s->count; v++)
        if (!strcmp(s->variables[v].name, name)) return true;
    return false;
}

/* Does the refusal keep back some of the part? What is refused of a variable is so for all analyses of it. */
static bool concerns(const rad_covering *at, const rad_refusal *r, const char *what) {
    const char *word = rad_analyses[at->analysis].word;
    if (!strncmp(r->what, word, strlen(word)) || (what && !strcmp(r->what, what))) return true;
    return !what && is_variable(&at->pool->sites[at->site], r->what);
}

static void find_rules(const rad_covering *at, const char *what, rad_covered *out) {
    const rad_summary *s = &at->pool->sites[at->site];
    for (size_t i = 0; i < s->refused && s->refusals; i++)
        if (!strstr(out->rules, s->refusals[i].rule) && concerns(at, &s->refusals[i], what))
            add_rule(out->rules, s->refusals[i].rule, ", ");
    if (*out->rules) return;
    const unsigned rules = rad_analyses[at->analysis].rules | 1U << RAD_RULE_CELL;
    for (size_t i = 0; i < RAD_RULES; i++)
        if (rules >> i & 1 && i != RAD_RULE_ROUND) add_rule(out->rules, rad_rule_rows[i].key.name, " or ");
}

rad_status rad_coverage_add(const rad_covering *at, const char *name, const char *what, uint64_t parts,
                            uint64_t shown, rad_error *error) {
    rad_coverage *c = at->coverage;
    rad_status status = RAD_OK;
    if (c->at == c->count) { /* the first site */
        status = rad_grow(&c->part, c->count, &c->capacity, sizeof *c->part, error);
        for (size_t i = 0; i < c->sites && status == RAD_OK; i++)
            status = rad_grow(&c->covered, c->count * c->sites + i, &c->covered_capacity, sizeof *c->covered,
                              error);
        if (status != RAD_OK) return status;
        c->part[c->count] = (rad_coverage_part){.analysis = at->analysis};
        snprintf(c->part[c->count].name, sizeof c->part->name, "%s", name);
        memset(&c->covered[c->count * c->sites], 0, c->sites * sizeof *c->covered);
        c->count++;
    }
    rad_covered *x = &c->covered[c->at++ * c->sites + at->site];
    *x = (rad_covered){.parts = parts, .shown = shown};
    if (shown < parts) find_rules(at, what, x);
    return status;
}

static rad_status cover_blocks(const rad_covering *at, rad_error *error) {
    const rad_summary *s = &at->pool->sites[at->site];
    const rad_blocks *all = &at->pool->total.blocks[at->analysis], *b = &s->blocks[at->analysis];
    uint64_t parts = 0, shown = 0;
    for (size_t v = 0; v < s->count; v++) {
        parts += all->cells && all->shown[v];
        shown += b->cells && b->shown[v];
    }
    return rad_coverage_add(at, "", NULL, parts, shown, error);
}

static rad_status cover_site(const rad_pool *p, size_t site, rad_coverage *c, rad_error *error) {
    rad_status status = RAD_OK;
    c->at = 0;
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++) {
        const rad_covering at = {p, site, (rad_analysis)i, c};
        const bool asked = rad_study_asks(p->study, at.analysis);
        if (!asked)
            status = rad_coverage_add(&at, "", NULL, 0, 0, error);
        else
            status = rad_pool_analyses[i]->cover ? rad_pool_analyses[i]->cover(&at, error)
                                                 : cover_blocks(&at, error);
    }
    return status;
}

rad_status rad_coverage_make(const rad_pool *p, rad_coverage *c, rad_error *error) {
    rad_status status = RAD_OK;
    *c = (rad_coverage){.sites = p->count};
    for (size_t i = 0; i < p->count && status == RAD_OK; i++) status = cover_site(p, i, c, error);
    if (status != RAD_OK) rad_coverage_free(c);
    return status;
}

void rad_coverage_free(rad_coverage *c) {
    rad_free(c->part);
    rad_free(c->covered);
    *c = (rad_coverage){.count = 0};
}
