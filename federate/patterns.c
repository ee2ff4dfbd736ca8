#include "patterns.h"

#include "../core/bitset.h"
#include "../core/memory.h"

#include <string.h>

static const char *text_of(const rad_node *list, size_t place) {
    return list->kind == RAD_NODE_MAP ? list->child[place].key : list->child[place].text;
}

static bool is_wild(const char *text) {
    return text[strcspn(text, "*?")];
}

rad_status rad_patterns_make(const rad_node *list, rad_patterns *p, rad_error *error) {
    *p = (rad_patterns){.list = list};
    p->wild = rad_new_raw(list->count, sizeof *p->wild, error);
    rad_status status = p->wild ? rad_names_allocate(&p->plain, list->count, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) p->plain.count = 0;
    for (size_t i = 0; i < list->count && status == RAD_OK; i++) {
        const char *text = text_of(list, i);
        if (is_wild(text))
            p->wild[p->wild_count++] = i;
        else
            p->plain.row[p->plain.count++] = (rad_name){text, i};
    }
    if (status == RAD_OK)
        rad_names_sort(&p->plain);
    else
        rad_patterns_free(p);
    return status;
}

void rad_patterns_free(rad_patterns *p) {
    rad_names_free(&p->plain);
    rad_free(p->wild);
    *p = (rad_patterns){.list = NULL};
}

enum {
    WORDS = 16, /* of 64 places; of names that are longer than these the beginning counts */
    ASKED = 32  /* what it takes to ask a pattern, in bytes of it */
};

/* Where in a name each byte stands that it has, as bits. */
typedef struct places {
    size_t length, words;
    uint64_t all[WORDS], of[256][WORDS];
    bool has[256];
} places;

static void find_places(const char *name, places *n) {
    n->length = strnlen(name, (size_t)WORDS * 64 - 1);
    n->words = rad_bitset_words(n->length + 1);
    memset(n->has, 0, sizeof n->has);
    memset(n->all, 0, n->words * sizeof *n->all);
    for (size_t i = 0; i < n->length; i++) {
        const unsigned char c = (unsigned char)name[i];
        if (!n->has[c]) memset(n->of[c], 0, n->words * sizeof *n->all);
        n->has[c] = true;
        rad_bitset_add(n->of[c], i);
        rad_bitset_add(n->all, i);
    }
}

/* From the places in a set a byte at one of `where` leads one further; false: no place is left. */
static bool step(uint64_t *set, const uint64_t *where, size_t words) {
    uint64_t carry = 0, any = 0;
    for (size_t w = 0; w < words; w++) {
        const uint64_t bits = set[w] & where[w];
        set[w] = bits << 1 | carry;
        carry = bits >> 63;
        any |= set[w];
    }
    return any;
}

/* Up to which places of the name the pattern may have come, byte by byte of the pattern: whatever it is, it
 * takes no longer than it is long, since studies come from outside. */
static bool matches(const char *pattern, const places *n) {
    uint64_t set[WORDS] = {1};
    for (; *pattern; pattern++) {
        const unsigned char c = (unsigned char)*pattern;
        if (c == '*') {
            size_t w = 0;
            while (!set[w]) w++;
            set[w] |= ~set[w] + 1; /* all from the first one on */
            while (++w < n->words) set[w] = UINT64_MAX;
        } else if ((c != '?' && !n->has[c]) || !step(set, c == '?' ? n->all : n->of[c], n->words)) {
            return false;
        }
    }
    return rad_bitset_has(set, n->length);
}

size_t rad_patterns_next(const rad_patterns *p, size_t from, const char *name) {
    const size_t plain = rad_names_find(&p->plain, name);
    size_t low = 0, high = p->wild_count;
    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (p->wild[at] < from)
            low = at + 1;
        else
            high = at;
    }
    places n;
    if (low < p->wild_count) find_places(name, &n);
    while (low < p->wild_count && !matches(text_of(p->list, p->wild[low]), &n)) low++;
    const size_t wild = low < p->wild_count ? p->wild[low] : SIZE_MAX;
    return plain >= from && plain < wild ? plain : wild;
}

bool rad_patterns_match(const rad_patterns *p, const char *name) {
    return rad_patterns_next(p, 0, name) != SIZE_MAX;
}

/* Texts of lists are names, of features and terms; what stands beside a key is none. */
static void add_node(const rad_node *node, bool listed, double *names, double *bytes) {
    const char *const texts[] = {node->key, node->kind == RAD_NODE_TEXT ? node->text : NULL};
    for (size_t i = 0; i < 2; i++)
        if (texts[i] && is_wild(texts[i])) *bytes += (double)strlen(texts[i]) + ASKED;
    *names += listed && texts[1] && !is_wild(texts[1]);
    for (size_t i = 0; i < node->count; i++)
        add_node(&node->child[i], node->kind == RAD_NODE_LIST, names, bytes);
}

rad_status rad_patterns_bound(const rad_node *document, const char *path, size_t columns, rad_error *error) {
    double names = 0, bytes = 0;
    add_node(document, false, &names, &bytes);
    if (names * bytes <= RAD_PATTERNS_WITHIN && (double)columns * bytes <= RAD_PATTERNS_BESIDE) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%s: has too many patterns (names with * or ?) for %.0f names, all of which would be "
                    "compared with each; name fewer patterns, or the names themselves",
                    path, columns ? (double)columns : names);
}
