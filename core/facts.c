#include "facts.h"

#include "printable.h"

void rad_facts_add(rad_facts *facts, const char *name, const char *format, ...) {
    if (!facts || facts->count == RAD_FACTS_MAX) return;
    facts->row[facts->count].name = name;
    va_list words;
    va_start(words, format);
    rad_printable_format(facts->row[facts->count++].text, sizeof facts->row[0].text, format, words);
    va_end(words);
}
