#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "audit.h"
#include "ledger_checks.h"

#include <string.h>

/* A variable whose values were put right: a patient's value before and that of now are two unknowns. As one
 * column of weights, of which each version has its own by chance, they keep every combination on as few
 * patients as it rests on. */
typedef struct versions {
    const rad_ledger_checked *c;
    size_t variable;
    uint64_t column; /* hash of its name */
    uint32_t *value; /* [version][person], 0: none; owned */
    size_t count, capacity;
    size_t *version; /* [row], of the entry at hand; owned */
    double *weights; /* [person]; owned */
    rad_audit audit;
} versions;

/* Which version of each row's value that is, the first one seen being 0; values that nobody knows are it,
 * too.
 */
static rad_status find_versions(versions *x, const rad_persons *who, rad_error *error) {
    const size_t persons = x->c->persons;
    const uint32_t *value = rad_persons_column(who, x->column);
    for (size_t r = 0; r < who->patients; r++) {
        const size_t p = who->person[r];
        size_t k = 0;
        while (value && value[r] && k < x->count && x->value[k * persons + p] &&
               x->value[k * persons + p] != value[r])
            k++;
        if (k == x->count) {
            rad_status status =
                rad_grow(&x->value, x->count, &x->capacity, persons * sizeof *x->value, error);
            if (status != RAD_OK) return status;
            memset(x->value + x->count++ * persons, 0, persons * sizeof *x->value);
        }
        if (value && value[r]) x->value[k * persons + p] = value[r];
        x->version[r] = k;
    }
    return RAD_OK;
}

/* 1 of the first version; then numbers of 20 bits, mixed much as splitmix64 does. */
static double weight_of(size_t person, size_t version) {
    uint64_t z = (uint64_t)person * 64 + version;
    if (!version) return 1;
    z = (z + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 44) + 2;
}

static rad_status add_set(versions *x, const rad_persons *who, const uint64_t *set, rad_error *error) {
    memset(x->weights, 0, x->c->persons * sizeof *x->weights);
    for (size_t r = 0; r < who->patients; r++)
        if (rad_bitset_has(set, r)) x->weights[who->person[r]] = weight_of(who->person[r], x->version[r]);
    return rad_audit_add(&x->audit, x->weights, false, error);
}

static bool names(const json_t *list, const char *definition) {
    size_t k;
    json_t *text;
    json_array_foreach(list, k, text) {
        const char *name = json_string_value(text);
        if (name && !strcmp(name, definition)) return true;
    }
    return false;
}

static rad_status add_line(versions *x, const rad_ledger_entry *e, rad_error *error) {
    const size_t words = rad_bitset_words(e->who.patients);
    const char *definition = x->c->release->cohort->variables[x->variable].definition;
    uint64_t *set = rad_new(words, sizeof *set, error);
    size_t i, k;
    json_t *group, *text;
    rad_status status = set ? find_versions(x, &e->who, error) : RAD_NO_MEMORY;
    json_array_foreach(json_object_get(e->line, "classes"), i, group) {
        if (status != RAD_OK || !names(json_object_get(group, "variables"), definition)) continue;
        json_array_foreach(json_object_get(group, "sets"), k, text) {
            if (status != RAD_OK || !rad_ledger_decode(text, set, words * sizeof *set)) continue;
            status = add_set(x, &e->who, set, error);
        }
    }
    rad_free(set);
    return status;
}

static rad_status look(versions *x, rad_error *error) {
    const rad_release *r = x->c->release;
    const rad_audit_limits limits = {(size_t)r->rules->cell, 1};
    const rad_sets *sets = &r->permit->classes[r->permit->of[x->variable]].sets;
    rad_audit_verdict verdict = RAD_AUDIT_FINE;
    const size_t rank = x->audit.all.rank;
    rad_status status = find_versions(x, &x->c->now->who, error);
    for (size_t i = 0; i < sets->count && status == RAD_OK; i++)
        status = add_set(x, &x->c->now->who, sets->bits + i * sets->words, error);
    if (status == RAD_OK && rank && x->audit.all.rank > rank)
        status = rad_audit_look(&x->audit, &limits, &verdict, error);
    if (status != RAD_OK || verdict == RAD_AUDIT_FINE || verdict == RAD_AUDIT_MANY) return status;
    return rad_fail(
        error, RAD_REFUSED,
        "refused (differencing): %.120s has other values than before for some patients, and with who "
        "came, went or is in other groups the sums would reveal fewer than %d of them. Send the "
        "values, groups and patients as they were",
        r->cohort->variables[x->variable].name, r->rules->cell);
}

/* Is there a patient whose value is another than in an entry? */
static bool is_corrected(const versions *x) {
    const rad_persons *now = &x->c->now->who;
    const uint32_t *here = rad_persons_column(now, x->column);
    for (size_t i = 0; i < x->c->ledger->count && here; i++) {
        const rad_persons *who = &x->c->ledger->entries[i].who;
        const uint32_t *there = x->c->shared[i] ? rad_persons_column(who, x->column) : NULL;
        memset(x->weights, 0, x->c->persons * sizeof *x->weights);
        for (size_t r = 0; r < who->patients && there; r++) x->weights[who->person[r]] = there[r];
        for (size_t r = 0; r < now->patients && there; r++) {
            const double before = x->weights[now->person[r]];
            if (here[r] && before > 0 && before != (double)here[r]) return true;
        }
    }
    return false;
}

static rad_status check_variable(versions *x, rad_error *error) {
    rad_status status = RAD_OK;
    x->column = rad_ledger_column(x->c->ledger, x->c->release->cohort->variables[x->variable].name);
    if (!is_corrected(x)) return RAD_OK;
    x->count = 0;
    x->audit = (rad_audit){.patients = x->c->persons};
    for (size_t i = 0; i < x->c->ledger->count && status == RAD_OK; i++)
        status = add_line(x, &x->c->ledger->entries[i], error);
    if (status == RAD_OK) status = look(x, error);
    rad_audit_free(&x->audit);
    return status;
}

rad_status rad_ledger_check_versions(const rad_ledger_checked *c, rad_error *error) {
    versions x = {.c = c,
                  .version = rad_new(rad_ledger_most_patients(c), sizeof *x.version, error),
                  .weights = rad_new(c->persons, sizeof *x.weights, error)};
    rad_status status = x.version && x.weights ? RAD_OK : RAD_NO_MEMORY;
    for (; x.variable < c->release->cohort->count && status == RAD_OK; x.variable++)
        if (c->release->permit->powers[x.variable]) status = check_variable(&x, error);
    rad_free(x.value);
    rad_free(x.version);
    rad_free(x.weights);
    return status;
}
