#include "command.h"
#include "screen.h"

#include "../core/nearest.h"
#include "../features/aliases.h"
#include "../features/families.h"
#include "../pipeline/diagnostics.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MARKDOWN, CORE };
static const rad_option options[] = {
    [MARKDOWN] = {"--markdown", 'm', NULL, "the catalogue as a page in Markdown"},
    [CORE] = {"--core", 0, NULL, "the core set alone: the 30 features that a first look needs"},
};

static const rad_alias *alias_of(const char *tag) {
    for (size_t i = 0; i < rad_alias_count; i++)
        if (!strcmp(rad_aliases[i].tag, tag)) return &rad_aliases[i];
    return NULL;
}

/* Letters and digits alone, in one case: "SUV max" is SUVmax, "10th_percentile" 10thpercentile. */
static void fold(const char *text, char *out, size_t length) {
    size_t used = 0;
    for (; *text && used + 1 < length; text++)
        if (isalnum((unsigned char)*text)) out[used++] = (char)tolower((unsigned char)*text);
    out[used] = '\0';
}

static bool is_in(const char *word, const char *text) {
    char whole[512];
    fold(text, whole, sizeof whole);
    return strstr(whole, word) != NULL;
}

/* Is the word in what the feature is called, here or elsewhere? */
static bool is_meant(const rad_family *family, const rad_feature *f, const char *word) {
    const rad_alias *alias = alias_of(f->tag);
    return is_in(word, f->tag) || is_in(word, f->code) || is_in(word, f->name) || is_in(word, family->name) ||
           (alias && is_in(word, alias->names));
}

/* One of the names that commas separate, exactly. */
static bool is_called(const char *names, const char *word) {
    char own[128];
    for (const char *at = names; *at;) {
        const size_t length = strcspn(at, ",");
        char one[128];
        snprintf(one, sizeof one, "%.*s", (int)length, at);
        fold(one, own, sizeof own);
        if (!strcmp(own, word)) return true;
        at += length;
        at += strspn(at, ", ");
    }
    return false;
}

static bool is_exact(const rad_feature *f, const char *word) {
    const rad_alias *alias = alias_of(f->tag);
    return is_called(f->tag, word) || is_called(f->code, word) || is_called(f->name, word) ||
           (alias && is_called(alias->names, word));
}

enum { NAME_COLUMN = 48, NAME_LEAST = 24 };

/* The name goes below the rest where a terminal is narrow. */
static void put_line(const rad_feature *f) {
    const size_t columns = rad_screen_columns();
    const char *note = f->not_standardised ? " (not standardised)" : "";
    if (!columns || columns >= NAME_COLUMN + NAME_LEAST) {
        rad_screen_put(NAME_COLUMN, "%-26s %-5s %-14s %s%s", f->tag, f->code, f->unit, f->name, note);
        return;
    }
    printf("%-26s %-5s %s\n", f->tag, f->code, f->unit);
    rad_screen_put(4, "    %s%s", f->name, note);
}

/* The line, and what others call it. */
static void put_found(const rad_feature *f) {
    const rad_alias *alias = alias_of(f->tag);
    put_line(f);
    if (alias) rad_screen_put(8, "    also %s", alias->names);
    if (alias && alias->note) rad_screen_put(8, "    %s", alias->note);
}

typedef bool rad_wants(const rad_family *family, const rad_feature *f, const char *word);

static bool wants_exact(const rad_family *family, const rad_feature *f, const char *word) {
    (void)family;
    return is_exact(f, word);
}

static size_t put_matches(const char *word, rad_wants *wants) {
    size_t found = 0;
    for (const rad_family *const *family = rad_families; *family; family++)
        for (size_t i = 0; i < (*family)->count; i++) {
            if ((*family)->features[i].slot || !wants(*family, &(*family)->features[i], word)) continue;
            put_found(&(*family)->features[i]);
            found++;
        }
    return found;
}

static void compare(const char *word, const char *names, const char **nearest, size_t *least) {
    static char kept[128];
    for (const char *at = names; *at;) {
        char one[128], own[128];
        const size_t length = strcspn(at, ",");
        snprintf(one, sizeof one, "%.*s", (int)length, at);
        fold(one, own, sizeof own);
        const size_t distance = rad_word_distance(word, own);
        if (distance < *least) {
            *least = distance;
            snprintf(kept, sizeof kept, "%s", one);
            *nearest = kept;
        }
        at += length;
        at += strspn(at, ", ");
    }
}

/* Everything that a feature is called by that is so, else all that holds the word. */
static rad_status find(const char *given, rad_error *error) {
    char word[128];
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    fold(given, word, sizeof word);
    if (*word && (put_matches(word, wants_exact) || put_matches(word, is_meant))) return RAD_OK;
    for (const rad_family *const *family = rad_families; *family; family++)
        for (size_t i = 0; i < (*family)->count; i++) {
            if ((*family)->features[i].slot) continue;
            const rad_alias *alias = alias_of((*family)->features[i].tag);
            compare(word, (*family)->features[i].tag, &nearest, &least);
            compare(word, (*family)->features[i].name, &nearest, &least);
            if (alias) compare(word, alias->names, &nearest, &least);
        }
    const bool near = nearest && rad_word_is_near(word, least);
    return rad_fail(error, RAD_NOTHING, "features: no feature is called %s%s%s", given,
                    near ? "; the nearest is " : "", near ? nearest : "");
}

static void put_page(const rad_family *family) {
    printf("\n## %s (`%s`, %s)\n\n", family->name, family->key, family->code);
    if (*family->aggregations->rows[0].tag) {
        printf("Aggregations:");
        for (size_t a = 0; a < family->aggregations->count; a++)
            printf("%s `%s` (%s)", a ? "," : "", family->aggregations->rows[a].tag,
                   family->aggregations->rows[a].code);
        printf(".\n\n");
    }
    printf("| tag | code | unit | feature | also |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < family->count; i++) {
        const rad_feature *f = &family->features[i];
        const rad_alias *alias = alias_of(f->tag);
        if (f->slot) continue;
        printf("| `%s`%s | %s | %s | %s%s | %s |\n", f->tag, rad_is_core(f->tag) ? " *" : "", f->code,
               f->unit, f->name, f->not_standardised ? " (not standardised)" : "", alias ? alias->names : "");
    }
}

static void put_head(void) {
    printf(
        "# Features\n\nTags are those of the IBSI-1 reference tables; codes are IBSI identifiers. `radiomill "
        "features SUVmax` finds a feature by\nany name that it has here, in PyRadiomics or in LIFEx.\n\n"
        "The 30 with a * are the core set, which `extract` shows on a terminal: what is reported most, of "
        "every "
        "family\nthat has it, without features that say the same twice. Textures are the merged ones in "
        "3D.\n");
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const bool page = a->value[MARKDOWN];
    rad_status status = RAD_OK;
    for (size_t i = 0; i < a->operands && status == RAD_OK; i++) status = find(a->operand[i], error);
    if (a->operands) return status;
    if (page) put_head();
    for (const rad_family *const *family = rad_families; *family; family++) {
        if (page) put_page(*family);
        for (size_t i = 0; i < (*family)->count && !page; i++) {
            const rad_feature *f = &(*family)->features[i];
            if (!f->slot && (!a->value[CORE] || rad_is_core(f->tag))) put_line(f);
        }
    }
    return RAD_OK;
}

const rad_command rad_command_features = {
    "features",
    "[NAME ...]",
    0,
    RAD_OPERANDS_MAX,
    "The catalogue: tag, IBSI code, unit, name; or the features of that name, here or elsewhere.",
    options,
    sizeof options / sizeof options[0],
    run,
};
