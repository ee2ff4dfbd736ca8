#include "ledger_checks.h"

#include "derived.h"

#include <string.h>

enum { TEXT = 2048 };

/* The cuts by which levels of a variable left in a line; NULL: the variable did not leave. */
static const char *cuts_before(const rad_ledger_entry *e, const char *definition) {
    const char *text = json_string_value(json_object_get(json_object_get(e->line, "cuts"), definition));
    if (!json_object_get(json_object_get(e->line, "takings"), definition)) return NULL;
    return text ? text : "";
}

/* Did histograms leave? A line that does not say so is taken for one of them. */
static bool counted_before(const rad_ledger_entry *e) {
    return !json_is_false(json_object_get(e->line, "counted"));
}

static rad_status check_one(const rad_ledger_checked *c, const rad_ledger_entry *e, size_t variable,
                            const char *definition, rad_error *error) {
    const rad_release *r = c->release;
    char now[TEXT];
    const char *name = r->cohort->variables[variable].name, *before = cuts_before(e, definition);
    rad_derived_text(r->cohort, r->study, variable, now, sizeof now);
    if (!before || !strcmp(before, now)) return RAD_OK;
    if (!counted_before(e) && !rad_study_asks(r->study, RAD_HISTOGRAMS)) return RAD_OK;
    return rad_fail(error, RAD_REFUSED,
                    "refused (differencing): levels of %.80s are derived at other cuts (%.60s) than in study "
                    "%.80s, which left before (%.60s), and its histogram left, so that few could be told "
                    "between an edge and a cut. Use the same cuts as that study",
                    name, *now ? now : "none", rad_ledger_entry_text(e, "study"), *before ? before : "none");
}

rad_status rad_ledger_check_cuts(const rad_ledger_checked *c, rad_error *error) {
    const rad_release *r = c->release;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->ledger->count && status == RAD_OK; i++) {
        const rad_ledger_entry *e = &c->ledger->entries[i];
        for (size_t v = 0; v < r->cohort->count && c->shared[i] && status == RAD_OK; v++)
            status = check_one(c, e, v, r->cohort->variables[v].definition, error);
        for (size_t k = 0; k < c->likes->count && c->shared[i] && status == RAD_OK; k++)
            status = check_one(c, e, c->likes->row[k].place, c->likes->row[k].text, error);
    }
    return status;
}

json_t *rad_ledger_cuts(const rad_release *r) {
    char text[TEXT];
    json_t *all = json_object();
    for (size_t v = 0; v < r->cohort->count; v++)
        if (*rad_derived_text(r->cohort, r->study, v, text, sizeof text))
            rad_tree_set(&all, r->cohort->variables[v].definition, json_string(text));
    return all;
}
