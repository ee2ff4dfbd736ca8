#include "../../core/bitset.h"
#include "../../core/memory.h"
#include "ledger_checks.h"

#include <stdio.h>
#include <string.h>

/* What a set of this release is: all who have the variables of a class, or a level of a group of them. */
static void name_set(const rad_release *r, const rad_class *k, const uint64_t *set, uint64_t *room,
                     char *text, size_t length) {
    const size_t words = r->cohort->words;
    const bool all = !memcmp(set, k->present, words * sizeof *set);
    snprintf(text, length, all ? "all patients with a value" : "a set of patients");
    for (size_t f = 0; f < r->study->factor_count && !all; f++)
        for (size_t l = 0; l < r->study->factors[f].levels; l++) {
            rad_cohort_level(r->cohort, f, (int)l, NULL, room);
            for (size_t w = 0; w < words; w++) room[w] &= k->present[w];
            if (!memcmp(set, room, words * sizeof *set))
                snprintf(text, length, "%.60s %.60s", r->study->factors[f].name,
                         r->study->factors[f].level[l]);
        }
}

/* The release with that set of persons, for whose study it is; NULL: none has it. */
static const char *find_study(const rad_ledger_checked *c, const uint64_t *persons, uint64_t *set,
                              uint64_t *wide) {
    const size_t words = rad_bitset_words(c->persons);
    for (size_t i = 0; i < c->ledger->count; i++) {
        const rad_ledger_entry *e = &c->ledger->entries[i];
        const size_t own = rad_bitset_words(e->who.patients);
        size_t g, k;
        json_t *group, *text;
        json_array_foreach(json_object_get(e->line, "classes"), g, group)
            json_array_foreach(json_object_get(group, "sets"), k, text) {
            if (!rad_ledger_decode(text, set, own * sizeof *set)) continue;
            rad_ledger_spread(e, set, words, wide);
            if (!memcmp(wide, persons, words * sizeof *wide)) return rad_ledger_entry_text(e, "study");
        }
    }
    return NULL;
}

/* Of two sets, how many are in one of them alone. */
static size_t apart(const uint64_t *a, const uint64_t *b, size_t words) {
    return rad_bitset_beyond(a, b, words) + rad_bitset_beyond(b, a, words);
}

rad_status rad_ledger_refuse_pair(const rad_ledger_checked *c, const rad_ledger_pair *pair,
                                  rad_error *error) {
    const rad_release *r = c->release;
    const size_t words = rad_bitset_words(c->persons);
    size_t best = SIZE_MAX, i = 0, k = 0;
    for (size_t a = 0; a < pair->before->count; a++)
        for (size_t b = 0; b < pair->now->count; b++) {
            const size_t few = apart(pair->before->bits + a * words, pair->now->bits + b * words, words);
            if (!few || few >= best) continue;
            best = few;
            i = a;
            k = b;
        }
    uint64_t *set = rad_new(rad_bitset_words(rad_ledger_most_patients(c)) + 1, sizeof *set, error),
             *wide = rad_new(words + 1, sizeof *wide, error);
    char name[160] = "";
    const char *study = NULL;
    if (set && wide && best < (size_t)r->rules->cell) {
        study = find_study(c, pair->before->bits + i * words, set, wide);
        name_set(r, pair->class, pair->sets->bits + k * pair->sets->words, set, name, sizeof name);
    }
    rad_free(set);
    rad_free(wide);
    if (study)
        return rad_fail(
            error, RAD_REFUSED,
            "refused (differencing): groups or patients with values differ from those of an earlier "
            "release by fewer than %d patients (here %.150s, by %zu from a set of %zu patients of study "
            "%.80s), and the sums together would reveal them. Keep to the groups and rows of that release",
            r->rules->cell, name, best, rad_bitset_count(pair->before->bits + i * words, words), study);
    return rad_fail(
        error, RAD_REFUSED,
        "refused (differencing): groups or patients with values differ from those of earlier releases, "
        "several together, by fewer than %d patients, and the sums together would reveal them. Keep to "
        "the groups and rows of an earlier release",
        r->rules->cell);
}
