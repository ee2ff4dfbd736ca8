#include "tally.h"

static void widen(rad_tally *t, const rad_basis *b) {
    const bool first = !t->shown;
    if (first || b->sites < t->least_sites) t->least_sites = b->sites;
    if (first || b->sites > t->most_sites) t->most_sites = b->sites;
    if (first || b->patients < t->least_patients) t->least_patients = b->patients;
    if (first || b->patients > t->most_patients) t->most_patients = b->patients;
}

bool rad_tally_count(rad_tally *t, const rad_basis *b, size_t of, char **name) {
    const bool fewer = b->shown && b->sites < of;
    if (b->shown) widen(t, b);
    t->shown += b->shown;
    t->fewer += fewer;
    t->empty += !b->shown;
    if ((b->shown && !fewer) || t->names == RAD_TALLY_NAMES) return false;
    *name = t->name[t->names++];
    return true;
}

void rad_tally_add(rad_tally *to, const rad_tally *from) {
    const rad_basis ends[] = {{from->least_sites, from->least_patients, true},
                              {from->most_sites, from->most_patients, true}};
    for (size_t i = 0; i < 2 && from->shown; i++) {
        widen(to, &ends[i]);
        to->shown += i ? from->shown - 1 : 1;
    }
    to->fewer += from->fewer;
    to->empty += from->empty;
}

const char *rad_tally_decision(const rad_tally *t) {
    if (!t->shown) return "empty";
    return t->fewer || t->empty ? "review" : "pass";
}
