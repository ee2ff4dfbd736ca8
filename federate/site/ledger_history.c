#include "ledger_history.h"

#include "../../core/memory.h"
#include "ledger_entry.h"

#include <stdio.h>
#include <string.h>

rad_status rad_ledger_history(const rad_ledger *l, const rad_cohort *cohort, rad_past **past, size_t *count,
                              rad_error *error) {
    rad_ledger_entry now = {.line = NULL};
    size_t persons = l->persons, *shared = rad_new(l->count, sizeof *shared, error);
    *past = rad_new(l->count, sizeof **past, error);
    *count = 0;
    rad_status status = shared && *past ? rad_ledger_entry_make(l, cohort, &now, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_ledger_entry_number(l, &now, l->count, &persons, shared, error);
    for (size_t i = 0; i < l->count && status == RAD_OK; i++) {
        const rad_ledger_entry *e = &l->entries[i];
        rad_past *to = &(*past)[(*count)++];
        snprintf(to->study, sizeof to->study, "%s", rad_ledger_entry_text(e, "study"));
        snprintf(to->study_hash, sizeof to->study_hash, "%s", rad_ledger_entry_text(e, "study_hash"));
        to->release = (uint32_t)json_integer_value(json_object_get(e->line, "release"));
        to->patients = e->who.patients;
        to->shared = shared[i];
    }
    rad_ledger_entry_free(&now);
    rad_free(shared);
    return status;
}

rad_status rad_ledger_beside(const rad_ledger *l, const char *ending, char *path, size_t size,
                             rad_error *error) {
    static const char usual[] = ".ledger";
    const size_t length = strlen(l->path), own = sizeof usual - 1;
    const bool ends = length > own && !strcmp(l->path + length - own, usual);
    const int fits = snprintf(path, size, "%.*s%s", (int)(ends ? length - own : length), l->path, ending);
    if (fits >= 0 && (size_t)fits < size) return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE, "%.80s...: the path is too long", l->path);
}
