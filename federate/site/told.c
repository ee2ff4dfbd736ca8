#include "told.h"

#include <string.h>

enum { TURNS = 8 };

/* Patients by value, as the values come. */
typedef struct tally {
    size_t most;         /* of the values of the interval at hand, the patients of the most frequent */
    size_t rest;         /* of all values but the most frequent of each interval */
    size_t large[TURNS]; /* of these the most frequent, falling */
    bool few;            /* some value has fewer than the minimum */
} tally;

static void add_rest(tally *t, size_t patients) {
    t->rest += patients;
    for (size_t i = 0; i < TURNS; i++)
        if (patients > t->large[i]) {
            const size_t less = t->large[i];
            t->large[i] = patients;
            patients = less;
        }
}

static void add_value(tally *t, size_t patients, bool first, size_t least) {
    t->few = t->few || patients < least;
    if (first) {
        t->most = patients;
        return;
    }
    add_rest(t, patients < t->most ? patients : t->most);
    if (patients > t->most) t->most = patients;
}

bool rad_told_fits(const rad_binned *b, unsigned powers, size_t least) {
    tally t = {0};
    if (!b->count || b->interval[0] == b->interval[b->count - 1]) return true;
    for (size_t i = 0, end; i < b->count; i = end) {
        end = i + 1;
        while (end < b->count && b->x[end] == b->x[i] && b->interval[end] == b->interval[i]) end++;
        add_value(&t, end - i, !i || b->interval[i] != b->interval[i - 1], least);
    }
    for (unsigned i = 0; i + 1 < powers && i < TURNS; i++) t.rest -= t.large[i];
    return !t.few || t.rest >= least;
}
