#include "ledger_checks.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "site_analyses.h"

#include <string.h>

/* A set of an entry's patients, over all persons. */
static void spread(const rad_ledger_entry *e, const uint64_t *set, size_t words, uint64_t *out) {
    memset(out, 0, words * sizeof *out);
    for (size_t r = 0; r < e->who.patients; r++)
        if (rad_bitset_has(set, r)) rad_bitset_add(out, e->who.person[r]);
}

/* What is audited together: the variables of a class, or what an analysis says. Its sets, and how the ledger
 * calls it. Zeroed before the first. */
typedef struct audited {
    size_t class, analysis, which; /* of the permit; class_count: sets number `which` of an analysis */
    const rad_sets *sets;          /* NULL: there are no more */
    rad_audited own;
} audited;

static rad_status next_audited(const rad_release *r, audited *a, rad_error *error) {
    const rad_permit *p = r->permit;
    rad_sets_free(&a->own.sets);
    if (a->sets && a->class < p->class_count) a->class += 1;
    a->sets = a->class < p->class_count ? &p->classes[a->class].sets : NULL;
    for (; !a->sets && a->analysis < RAD_ANALYSES; a->analysis++, a->which = 0) {
        const rad_site_analysis *row = rad_site_analyses[a->analysis];
        if (!row->audit) continue;
        rad_status status = row->audit(r->cohort, r->study, p, a->which++, &a->own, error);
        if (status != RAD_OK) return status;
        if (!*a->own.name) continue;
        a->sets = &a->own.sets;
        break;
    }
    return RAD_OK;
}

/* Is that what the ledger calls it, or one of its variables? */
static bool is_called(const rad_release *r, const audited *a, const char *text) {
    if (a->class >= r->permit->class_count) return !strcmp(a->own.name, text);
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v] &&
            !strcmp(text, r->cohort->variables[v].definition))
            return true;
    return false;
}

/* Sets of earlier releases over which sums of the same left. */
static rad_status collect(const rad_ledger *l, const rad_release *r, const audited *a, size_t words,
                          rad_sets *out, rad_error *error) {
    uint64_t *set = NULL, *wide = rad_new(words, sizeof *wide, error);
    size_t i, k;
    json_t *group, *text;
    rad_status status = wide ? RAD_OK : RAD_NO_MEMORY;
    for (size_t n = 0; n < l->count && status == RAD_OK; n++) {
        const rad_ledger_entry *e = &l->entries[n];
        const size_t own = rad_bitset_words(e->who.patients);
        rad_free(set);
        set = rad_new(own, sizeof *set, error);
        if (!set) status = RAD_NO_MEMORY;
        json_array_foreach(json_object_get(e->line, "classes"), i, group) {
            bool touches = false;
            json_array_foreach(json_object_get(group, "variables"), k, text) {
                const char *name = json_string_value(text);
                touches = touches || (name && is_called(r, a, name));
            }
            json_array_foreach(json_object_get(group, "sets"), k, text) {
                if (!touches || status != RAD_OK || !rad_ledger_decode(text, set, own * sizeof *set))
                    continue;
                spread(e, set, words, wide);
                status = rad_sets_add(out, wide, error);
            }
        }
    }
    rad_free(set);
    rad_free(wide);
    return status;
}

static rad_status refuse_set(const rad_release *r, rad_error *error) {
    return rad_fail(error, RAD_REFUSED,
                    "refused (differencing): groups or patients with values differ from those of an earlier "
                    "release by fewer than %d patients, and the sums together would reveal them. Keep to the "
                    "groups and rows of that release",
                    r->rules->cell);
}

static rad_status check_sets(const rad_ledger_checked *c, const audited *a, rad_error *error) {
    const rad_release *r = c->release;
    const size_t persons = c->persons;
    const size_t words = rad_bitset_words(persons), cell = (size_t)r->rules->cell;
    rad_sets sets = {.words = words};
    bool isolates = false;
    uint64_t *wide = rad_new(words, sizeof *wide, error);
    rad_status status = wide ? collect(c->ledger, r, a, words, &sets, error) : RAD_NO_MEMORY;
    const bool first = !sets.count;
    for (size_t i = 0; i < a->sets->count && status == RAD_OK && !first; i++) {
        spread(c->now, a->sets->bits + i * a->sets->words, words, wide);
        if (a->class < r->permit->class_count && !rad_sets_may_add(&sets, wide, cell))
            status = refuse_set(r, error);
    }
    for (size_t i = 0; i < a->sets->count && status == RAD_OK && !first; i++) {
        spread(c->now, a->sets->bits + i * a->sets->words, words, wide);
        status = rad_sets_add(&sets, wide, error);
    }
    if (status == RAD_OK && !first) status = rad_sets_isolate(&sets, cell, &isolates, error);
    if (status == RAD_OK && isolates) status = refuse_set(r, error);
    rad_sets_free(&sets);
    rad_free(wide);
    return status;
}

rad_status rad_ledger_check_sets(const rad_ledger_checked *c, rad_error *error) {
    audited a = {.class = 0};
    rad_status status = RAD_OK;
    for (bool more = true; more && status == RAD_OK;) {
        status = next_audited(c->release, &a, error);
        more = a.sets != NULL;
        if (status == RAD_OK && more) status = check_sets(c, &a, error);
    }
    rad_sets_free(&a.own.sets);
    return status;
}

static json_t *class_object(const rad_release *r, const audited *a) {
    json_t *variables = json_array(), *list = json_array();
    if (*a->own.name) rad_tree_add(&variables, json_string(a->own.name));
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v])
            rad_tree_add(&variables, json_string(r->cohort->variables[v].definition));
    for (size_t i = 0; i < a->sets->count; i++)
        rad_tree_add(&list, rad_ledger_encoded(a->sets->bits + i * a->sets->words,
                                               a->sets->words * sizeof *a->sets->bits));
    return json_pack("{s:o, s:o}", "variables", variables, "sets", list);
}

/* Names and sets of all that is audited together. */
json_t *rad_ledger_classes(const rad_release *r) {
    json_t *all = json_array();
    audited a = {.class = 0};
    rad_status status = next_audited(r, &a, NULL);
    for (; a.sets && status == RAD_OK; status = next_audited(r, &a, NULL))
        rad_tree_add(&all, class_object(r, &a));
    rad_sets_free(&a.own.sets);
    if (status == RAD_OK) return all;
    json_decref(all);
    return NULL;
}
