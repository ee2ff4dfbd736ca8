#include "facts.h"

#include "printable.h"

#include <string.h>

void rad_facts_add(rad_facts *facts, const char *name, const char *format, ...) {
    if (!facts || facts->count == RAD_FACTS_MAX) return;
    facts->row[facts->count].name = name;
    va_list words;
    va_start(words, format);
    rad_printable_format(facts->row[facts->count++].text, sizeof facts->row[0].text, format, words);
    va_end(words);
}

const char *rad_facts_find(const rad_facts *facts, const char *name) {
    for (size_t i = 0; i < facts->count; i++)
        if (!strcmp(facts->row[i].name, name)) return facts->row[i].text;
    return "";
}
