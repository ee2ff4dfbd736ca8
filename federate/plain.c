#include "plain.h"

#include "../core/printable.h"

#include <stdio.h>
#include <string.h>

const char *rad_plain_fault(const char *text, char fault[RAD_PLAIN_WORDS]) {
    uint32_t code;
    if (!rad_printable_plain(text, &code))
        snprintf(fault, RAD_PLAIN_WORDS,
                 "contains U+%04X, which a terminal obeys or nobody sees; leave it out", (unsigned)code);
    else if (rad_printable_mixed(text, &code))
        snprintf(fault, RAD_PLAIN_WORDS,
                 "mixes Latin letters with U+%04X, which looks like one; use letters of one alphabet",
                 (unsigned)code);
    else
        return NULL;
    return fault;
}

/* Sentences may be of several languages, word by word. */
static const char *title_fault(const char *text, char fault[RAD_PLAIN_WORDS]) {
    uint32_t code;
    char word[256];
    if (!rad_printable_plain(text, &code)) return rad_plain_fault(text, fault);
    while (*text) {
        const size_t length = strcspn(text, " ");
        snprintf(word, sizeof word, "%.*s", (int)(length < 255 ? length : 255), text);
        if (rad_printable_mixed(word, &code)) return rad_plain_fault(word, fault);
        text += length + strspn(text + length, " ");
    }
    return NULL;
}

static rad_status check(const rad_node *node, bool title, const char *name, rad_error *error) {
    char fault[RAD_PLAIN_WORDS];
    const char *key = node->key ? node->key : "", *why = rad_plain_fault(key, fault);
    if (why) return rad_node_fail(node, name, error, "%.80s: %s", key, why);
    if (node->text) why = title ? title_fault(node->text, fault) : rad_plain_fault(node->text, fault);
    if (why)
        return rad_node_fail_value(node, name, error, "%.60s%s%.80s: %s", key, *key ? ": " : "", node->text,
                                   why);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < node->count && status == RAD_OK; i++)
        status =
            check(&node->child[i], node->child[i].key && !strcmp(node->child[i].key, "title"), name, error);
    return status;
}

rad_status rad_plain_check(const rad_node *root, const char *name, rad_error *error) {
    return check(root, false, name, error);
}
