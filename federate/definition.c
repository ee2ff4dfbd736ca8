#include "definition.h"

#include "../core/hash.h"

#include <string.h>

const char *rad_definition_text(const json_t *column, const char *key) {
    const char *text = column ? json_string_value(json_object_get(column, key)) : NULL;
    return text ? text : "";
}

void rad_definition_compute(const json_t *column, const char *name, char text[RAD_DEFINITION]) {
    static const char *const keys[] = {"tag",         "code",           "aggregation_code",
                                       "aggregation", "discretisation", "unit"};
    unsigned char hash[(RAD_DEFINITION - 1) / 2];
    const char *image = column ? json_string_value(json_object_get(column, "image")) : NULL;
    rad_hash state;
    if (!image) image = name;
    rad_hash_begin(&state, sizeof hash, NULL, 0);
    rad_hash_add(&state, image, strlen(image) + 1);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *word = rad_definition_text(column, keys[i]);
        rad_hash_add(&state, word, strlen(word) + 1);
    }
    rad_hash_end(&state, hash);
    rad_hash_text(hash, sizeof hash, text);
}
