#include "ledger_history.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../../io/csv.h"
#include "ledger_entry.h"

#include <stdio.h>
#include <string.h>

/* What a line says was allowed by hand. */
static void say_allowed(const json_t *line, char *text, size_t size) {
    const json_t *others = json_object_get(line, "others"), *aside = json_object_get(line, "aside");
    const unsigned long long untold =
                                 (unsigned long long)json_integer_value(json_object_get(others, "untold")),
                             bytes = (unsigned long long)json_integer_value(aside);
    const size_t ledgers = json_array_size(json_object_get(others, "ledgers"));
    int used = 0;
    *text = '\0';
    if (json_is_true(json_object_get(line, "renamed"))) used = snprintf(text, size, "renamed");
    if (others)
        used += snprintf(text + used, size - (size_t)used, "%sothers: %llu row%s untold, %zu ledger%s alike",
                         used ? "; " : "", untold, rad_plural(untold), ledgers, rad_plural(ledgers));
    if (aside)
        snprintf(text + used, size - (size_t)used, "%sset aside: %llu byte%s", used ? "; " : "", bytes,
                 rad_plural(bytes));
}

static const char *word_of(const json_t *line, const char *key) {
    const char *text = json_string_value(json_object_get(line, key));
    return text ? text : "";
}

static void put_number(FILE *out, const json_t *line, const char *key) {
    const json_t *number = json_object_get(line, key);
    fputc(',', out);
    if (number) fprintf(out, "%lld", (long long)json_integer_value(number));
}

static void put_line(FILE *out, const json_t *line, size_t number) {
    static const char *const texts[] = {"study", "study_hash", "model"};
    static const char *const counts[] = {"release", "round", "patients"};
    char allowed[sizeof(((rad_past *)0)->allowed)];
    const char *begun = word_of(line, "begun");
    const bool again = !strcmp(begun, "again");
    say_allowed(line, allowed, sizeof allowed);
    fprintf(out, "%zu,%s", number,
            json_object_get(line, "rotated") ? "rotated"
            : *begun                         ? "begun"
            : json_object_get(line, "round") ? "round"
                                             : "release");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fputc(',', out);
        rad_csv_put(out, word_of(line, texts[i]));
    }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) put_number(out, line, counts[i]);
    fputc(',', out);
    rad_csv_put(out, again ? "a new ledger" : allowed);
    fputs("\r\n", out);
}

rad_status rad_ledger_put_lines(FILE *out, void *context, rad_error *error) {
    const rad_ledger *l = context;
    const char *at = (const char *)l->text.data, *end = at + l->end;
    rad_status status = RAD_OK;
    fputs("line,what,study,study_hash,model,release,round,patients,allowed_by_hand\r\n", out);
    for (size_t number = 1; at < end && status == RAD_OK; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        json_t *line;
        if (!stop) stop = end;
        status = rad_tree_parse(at, (size_t)(stop - at), l->path, &line, error);
        if (status != RAD_OK) break;
        put_line(out, line, number);
        json_decref(line);
        at = stop + 1;
    }
    return status;
}

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
        say_allowed(e->line, to->allowed, sizeof to->allowed);
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
