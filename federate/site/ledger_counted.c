#include "ledger_checks.h"

#include "site_analyses.h"

#include <string.h>

/* Counts of a variable on its own grid (a histogram), and at cuts of a study (classes of a score), tell by
 * subtraction who lies between; within a release only one of both leaves, and so it is over all. */
static const char *const kinds[] = {"histograms", "cuts"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool is_cut(const rad_release *r, size_t variable) {
    for (size_t i = 0; i < r->study->performance_count && rad_study_asks(r->study, RAD_PERFORMANCE); i++) {
        const rad_performance *p = &r->study->performances[i];
        const rad_score_permit *s = &r->permit->score_permits[i];
        if (!s->shown || strcmp(p->score, r->cohort->variables[variable].name) != 0) continue;
        for (size_t k = 1; k <= p->cuts; k++)
            if (s->edge[k]) return true;
    }
    return false;
}

static bool is_counted(const rad_release *r, size_t variable, size_t kind) {
    if (kind) return is_cut(r, variable);
    return r->summary->variables[variable].counted;
}

json_t *rad_ledger_counted(const rad_release *r) {
    json_t *all = json_object();
    for (size_t k = 0; k < KINDS; k++) {
        json_t *list = json_array();
        for (size_t v = 0; v < r->cohort->count; v++)
            if (is_counted(r, v, k)) rad_tree_add(&list, json_string(r->cohort->variables[v].definition));
        rad_tree_set(&all, kinds[k], list);
    }
    return all;
}

static rad_status refuse(const rad_ledger_entry *e, const char *name, size_t kind, rad_error *error) {
    return rad_fail(
        error, RAD_REFUSED,
        "refused (differencing): %s of %.80s left for study %.80s, and %s of it would tell how many lie "
        "between. Leave the %s of it out",
        kinds[1 - kind], name, rad_ledger_entry_text(e, "study"), kinds[kind], kinds[kind]);
}

/* Did counts of the variable, as it was called then, leave of the other kind? A line of before says of no
 * variable: all of its histograms may have. */
static bool left(const rad_ledger_entry *e, const char *definition, size_t kind) {
    const json_t *said = json_object_get(e->line, "score_counts");
    size_t i;
    json_t *text;
    if (!said)
        return kind && !json_is_false(json_object_get(e->line, "counted")) &&
               json_object_get(json_object_get(e->line, "takings"), definition);
    json_array_foreach(json_object_get(said, kinds[1 - kind]), i, text) {
        const char *name = json_string_value(text);
        if (name && !strcmp(name, definition)) return true;
    }
    return false;
}

static rad_status check_variable(const rad_ledger_checked *c, const rad_ledger_entry *e, size_t variable,
                                 const char *definition, rad_error *error) {
    const rad_release *r = c->release;
    for (size_t kind = 0; kind < KINDS; kind++)
        if (is_counted(r, variable, kind) && left(e, definition, kind))
            return refuse(e, r->cohort->variables[variable].name, kind, error);
    return RAD_OK;
}

rad_status rad_ledger_check_counted(const rad_ledger_checked *c, rad_error *error) {
    const rad_cohort *cohort = c->release->cohort;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->ledger->count && status == RAD_OK; i++) {
        const rad_ledger_entry *e = &c->ledger->entries[i];
        for (size_t v = 0; v < cohort->count && c->shared[i] && status == RAD_OK; v++)
            status = check_variable(c, e, v, cohort->variables[v].definition, error);
        for (size_t k = 0; k < c->likes->count && c->shared[i] && status == RAD_OK; k++)
            status = check_variable(c, e, c->likes->row[k].place, c->likes->row[k].text, error);
    }
    return status;
}
