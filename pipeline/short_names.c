#include "short_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *shorten(const char *aggregation) {
    static const struct {
        const char *whole, *brief;
    } rows[] = {{"2D_avg", "2a"},     {"2D_comb", "2c"}, {"2_5D_avg", "25a"},
                {"2_5D_comb", "25c"}, {"3D_avg", "3a"},  {"3D_comb", "3c"},
                {"2D", "2"},          {"2_5D", "25"},    {"3D", "3"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(aggregation, rows[i].whole)) return rows[i].brief;
    return aggregation;
}

/* FNV-1a of 32 bits: the same on every machine. */
static uint32_t hash_of(const char *text) {
    uint32_t hash = 2166136261U;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619U;
    return hash;
}

const char *rad_short_name(const rad_column *column, char text[RAD_SHORT_NAME]) {
    enum { KEPT = RAD_SHORT_NAME - 10 };
    char whole[256];
    const bool original = !strcmp(column->image, "original");
    snprintf(whole, sizeof whole, "%s%s%s%s%s%s%s", original ? "" : column->image, original ? "" : "_",
             column->tag, *column->aggregation ? "_" : "", shorten(column->aggregation),
             *column->discretisation ? "_" : "", column->discretisation);
    if (strlen(whole) < RAD_SHORT_NAME)
        snprintf(text, RAD_SHORT_NAME, "%.*s", RAD_SHORT_NAME - 1, whole);
    else
        snprintf(text, RAD_SHORT_NAME, "%.*s_%08" PRIx32, KEPT, whole, hash_of(column->name));
    return text;
}
