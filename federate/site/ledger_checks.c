#include "ledger_checks.h"
#include "../../core/printable.h"

#include "site_analyses.h"

#include <stdio.h>
#include <string.h>

size_t rad_ledger_most_patients(const rad_ledger_checked *c) {
    size_t most = c->now->who.patients;
    for (size_t i = 0; i < c->ledger->count; i++)
        if (c->ledger->entries[i].who.patients > most) most = c->ledger->entries[i].who.patients;
    return most;
}

json_t *rad_ledger_products(const rad_release *r, size_t analysis) {
    return rad_site_analyses[analysis]->products(r->cohort, r->study, r->permit);
}

static rad_status check_budget(const rad_ledger_checked *c, const char *key, json_t *now, rad_error *error) {
    const rad_ledger *l = c->ledger;
    const rad_release *r = c->release;
    size_t before = 0, i;
    json_t *seen = json_object(), *name;
    const size_t columns = json_array_size(now),
                 most = (size_t)(r->rules->parameters * (double)r->cohort->rows);
    json_array_foreach(now, i, name) rad_tree_set(&seen, json_string_value(name), json_true());
    for (size_t k = 0; k < l->count && columns; k++) {
        if (!c->shared[k]) continue;
        json_array_foreach(json_object_get(l->entries[k].line, key), i, name) {
            const char *text = json_string_value(name);
            if (!text || json_object_get(seen, text)) continue;
            rad_tree_set(&seen, text, json_true());
            before++;
        }
    }
    const bool fine = now && seen;
    json_decref(seen);
    json_decref(now);
    if (!fine) return rad_fail(error, RAD_NO_MEMORY, "out of memory: the ledger");
    if (!before || columns + before <= most) return RAD_OK;
    return rad_fail(
        error, RAD_SPENT,
        "refused (%s): %zu other columns of a %s of these patients left before; with %zu more they "
        "are above the %zu that %zu patients allow. Leave the %s out, or keep to columns that left",
        rad_rule_rows[RAD_RULE_PARAMETERS].key.name, before, key, columns, most, r->cohort->rows, key);
}

rad_status rad_ledger_check_budgets(const rad_ledger_checked *c, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (rad_site_analyses[i]->products)
            status = check_budget(c, rad_analyses[i].word, rad_ledger_products(c->release, i), error);
    return status;
}

/* How a variable is taken, in words: transform, centre, step, grid. */
static const char *transform_text(const rad_variable *v, char text[RAD_NAME]) {
    const rad_transform *t = &v->transform;
    snprintf(text, RAD_NAME, "%s %a %d %u %u %a %a %u", t->logarithm ? "log" : "as it is", t->centre, t->step,
             (unsigned)t->grid.kind, t->grid.bits, t->grid.from, t->grid.to, (unsigned)t->grid.cells);
    return text;
}

rad_status rad_ledger_check_transforms(const rad_ledger_checked *c, rad_error *error) {
    const rad_ledger *l = c->ledger;
    const rad_release *r = c->release;
    char text[RAD_NAME];
    for (size_t i = 0; i < l->count; i++) {
        const json_t *takings = json_object_get(l->entries[i].line, "takings");
        for (size_t v = 0; v < r->cohort->count && c->shared[i]; v++) {
            const rad_variable *x = &r->cohort->variables[v];
            const char *before = json_string_value(json_object_get(takings, x->definition));
            if (!before || !r->permit->powers[v] || !strcmp(before, transform_text(x, text))) continue;
            return rad_fail(error, RAD_REFUSED,
                            "refused (differencing): %s left before with another transform, centre, step or "
                            "grid, for study "
                            "%.80s; both together would reveal single patients. Use the same as that study",
                            x->name, rad_ledger_entry_text(&l->entries[i], "study"));
        }
    }
    return RAD_OK;
}

rad_status rad_ledger_check_persons(const rad_ledger_checked *c, rad_error *error) {
    const rad_ledger *l = c->ledger;
    const char *column = c->release->study->patient;
    for (size_t i = 0; i < l->count; i++) {
        const char *before = rad_ledger_entry_text(&l->entries[i], "patient_column");
        if (*before && strcmp(before, column) != 0)
            return rad_fail(
                error, RAD_REFUSED,
                "refused (patients): the study takes %.80s for the name of a patient, and what left "
                "before took %.80s; by another column they would not be known again. Have the study "
                "say `patient: %.80s`",
                column, before, before);
    }
    if (c->now->untold && !l->others)
        return rad_fail(
            error, RAD_REFUSED,
            "refused (patients): names are new, and in %zu row%s are values that some who left before have "
            "too, "
            "too few to tell whether they are the same. Give them the names under which they left; or, where "
            "the data officer knows that they are others, --others",
            c->now->untold, rad_plural(c->now->untold));
    if (!c->now->conflicts || c->now->renamed) return RAD_OK;
    return rad_fail(
        error, RAD_REFUSED,
        "refused (patients): %zu row%s with the name of one patient that left before, and the values "
        "of another. Where names were given anew, --renamed goes by the values alone; else correct "
        "the table",
        c->now->conflicts, rad_plural(c->now->conflicts));
}

rad_status rad_ledger_check_cohorts(const rad_ledger_checked *c, rad_error *error) {
    const rad_ledger *l = c->ledger;
    const rad_release *r = c->release;
    const size_t *shared = c->shared;
    const size_t cell = (size_t)r->rules->cell, rows = r->cohort->rows;
    for (size_t i = 0; i < l->count; i++) {
        const rad_ledger_entry *e = &l->entries[i];
        const size_t lost = e->who.patients > shared[i] ? e->who.patients - shared[i] : 0,
                     gained = rows > shared[i] ? rows - shared[i] : 0;
        if (!shared[i] || !(lost + gained) || lost + gained >= cell) continue;
        return rad_fail(error, RAD_REFUSED,
                        "refused (differencing): the cohort differs by %zu patient%s from that of study "
                        "%.80s, release %lld, which left before; the difference between the two would reveal "
                        "them. Send the same patients, or wait until %zu have changed",
                        lost + gained, rad_plural(lost + gained), rad_ledger_entry_text(e, "study"),
                        (long long)json_integer_value(json_object_get(e->line, "release")), cell);
    }
    return RAD_OK;
}

json_t *rad_ledger_transforms(const rad_release *r) {
    char text[RAD_NAME];
    json_t *all = json_object();
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->powers[v])
            rad_tree_set(&all, r->cohort->variables[v].definition,
                         json_string(transform_text(&r->cohort->variables[v], text)));
    return all;
}
