#include "ledger_checks.h"

#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "../../core/printable.h"

#include <string.h>

/* One entry that left before, and the patients of it by their number. */
typedef struct correcting {
    const rad_ledger_checked *c;
    const rad_ledger_entry *before;
    size_t *row; /* [person] row of the entry, or SIZE_MAX; owned */
    uint64_t *changed;
} correcting;

/* Patients whose value is another than before, by all its digits. */
static size_t find_changed(const correcting *x, const char *name) {
    const rad_persons *now = &x->c->now->who, *before = &x->before->who;
    const uint64_t hash = rad_ledger_column(x->c->ledger, name);
    const uint32_t *here = rad_persons_column(now, hash), *there = rad_persons_column(before, hash);
    size_t count = 0;
    if (!here || !there) return 0;
    memset(x->changed, 0, rad_bitset_words(now->patients) * sizeof *x->changed);
    for (size_t r = 0; r < now->patients; r++) {
        const size_t row = x->row[now->person[r]];
        if (row == SIZE_MAX) continue;
        /* both hashes of each: one of 16 bits may agree by chance */
        if (!here[r] || !there[row] || here[r] == there[row]) continue;
        rad_bitset_add(x->changed, r);
        count++;
    }
    return count;
}

/* Sums over a set, before and after, differ by what those of it whose values changed differ by. */
static rad_status check_variable(const correcting *x, size_t v, rad_error *error) {
    const rad_release *r = x->c->release;
    const rad_sets *sets = &r->permit->classes[r->permit->of[v]].sets;
    const char *name = r->cohort->variables[v].name;
    if (!find_changed(x, name)) return RAD_OK;
    for (size_t s = 0; s < sets->count; s++) {
        const size_t few = rad_bitset_common(sets->bits + s * sets->words, x->changed, sets->words);
        if (!few || few >= (size_t)r->rules->cell) continue;
        return rad_fail(
            error, RAD_REFUSED,
            "refused (differencing): %.120s has other values than in study %.80s, which left "
            "before, for %zu patient%s of a set; the difference between the two would reveal them. "
            "Send the values as they were, or wait until %d have changed",
            name, rad_ledger_entry_text(x->before, "study"), few, rad_plural(few), r->rules->cell);
    }
    return RAD_OK;
}

static rad_status check_entry(const correcting *x, rad_error *error) {
    const rad_release *r = x->c->release;
    const json_t *takings = json_object_get(x->before->line, "takings");
    rad_status status = RAD_OK;
    for (size_t p = 0; p < x->c->persons; p++) x->row[p] = SIZE_MAX;
    for (size_t i = 0; i < x->before->who.patients; i++) x->row[x->before->who.person[i]] = i;
    for (size_t v = 0; v < r->cohort->count && status == RAD_OK; v++)
        if (r->permit->powers[v] && json_object_get(takings, r->cohort->variables[v].definition))
            status = check_variable(x, v, error);
    return status;
}

rad_status rad_ledger_check_corrections(const rad_ledger_checked *c, rad_error *error) {
    correcting x = {c, NULL, rad_new(c->persons, sizeof *x.row, error),
                    rad_new(rad_bitset_words(c->now->who.patients), sizeof *x.changed, error)};
    rad_status status = x.row && x.changed ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < c->ledger->count && status == RAD_OK; i++) {
        x.before = &c->ledger->entries[i];
        if (c->shared[i]) status = check_entry(&x, error);
    }
    rad_free(x.row);
    rad_free(x.changed);
    return status;
}
