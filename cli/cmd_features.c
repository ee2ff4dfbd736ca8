#include "command.h"

#include "../features/families.h"
#include "../pipeline/diagnostics.h"

#include <stdio.h>
#include <string.h>

enum { MARKDOWN };
static const rad_option options[] = {
    [MARKDOWN] = {"--markdown", 'm', NULL, "the catalogue as a page in Markdown"},
};

static void put_line(const rad_family *family) {
    for (size_t i = 0; i < family->count; i++) {
        const rad_feature *f = &family->features[i];
        printf("%-26s %-5s %-14s %s%s\n", f->tag, f->code, f->unit, f->name,
               f->not_standardised ? " (not standardised)" : "");
    }
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
    printf("| tag | code | unit | feature |\n|---|---|---|---|\n");
    for (size_t i = 0; i < family->count; i++) {
        const rad_feature *f = &family->features[i];
        printf("| `%s` | %s | %s | %s%s |\n", f->tag, f->code, f->unit, f->name,
               f->not_standardised ? " (not standardised)" : "");
    }
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    (void)error;
    const bool page = a->value[MARKDOWN];
    if (page)
        printf("# Features\n\nTags are those of the IBSI-1 reference tables; codes are IBSI identifiers.\n");
    for (const rad_family *const *family = rad_families; *family; family++)
        if (page)
            put_page(*family);
        else
            put_line(*family);
    return RAD_OK;
}

const rad_command rad_command_features = {
    "features",
    "",
    0,
    0,
    "The catalogue: tag, IBSI code, unit, name.",
    options,
    sizeof options / sizeof options[0],
    run,
};
