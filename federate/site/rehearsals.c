#include "rehearsals.h"

#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "ledger_entry.h"
#include "ledger_history.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH = 4096, LINE = 256 };

/* A line: releases before it, hash of what left, signature of both and of the line before. */
typedef struct list {
    char path[PATH], last[LINE]; /* the last line; "" before the first */
    rad_bytes text;
    size_t since; /* lines since the last release */
    size_t same;  /* which of them is the one at hand; 0: none */
} list;

/* What is signed: a line is worth what all before it are. */
static size_t signed_text(const char *last, size_t releases, const char *hash, char text[3 * LINE]) {
    return (size_t)snprintf(text, 3 * LINE, "%s\n%zu %s", last, releases, hash);
}

static rad_status distrust(const list *l, rad_error *error) {
    return rad_fail(
        error, RAD_UNTRUSTED,
        "%s: is not the list of rehearsals that was written, or is of another key; restore it from a copy",
        l->path);
}

/* Lines before a rotation are of the keys that the ledger had. */
static bool is_signed(const rad_ledger *l, const char *text, size_t length,
                      const unsigned char signature[RAD_SIGNATURE]) {
    bool holds = rad_signer_holds(l->me->public_key, "rehearsals", text, length, signature);
    for (size_t i = 0; i < l->former_count && !holds; i++)
        holds = rad_signer_holds(l->former[i], "rehearsals", text, length, signature);
    return holds;
}

static rad_status read_line(list *l, const rad_ledger *ledger, const char *line, const char *hash,
                            rad_error *error) {
    char own[65], hex[2 * RAD_SIGNATURE + 1], text[3 * LINE], again[LINE];
    unsigned char signature[RAD_SIGNATURE];
    size_t releases = 0;
    if (sscanf(line, "%zu %64[0-9a-f] %128[0-9a-f]", &releases, own, hex) != 3 ||
        snprintf(again, sizeof again, "%zu %s %s", releases, own, hex) < 0 || strcmp(again, line) != 0 ||
        sodium_hex2bin(signature, sizeof signature, hex, strlen(hex), NULL, NULL, NULL))
        return distrust(l, error);
    const size_t length = signed_text(l->last, releases, own, text);
    if (!is_signed(ledger, text, length, signature)) return distrust(l, error);
    snprintf(l->last, sizeof l->last, "%s", line);
    if (releases != ledger->count) return RAD_OK;
    l->since++;
    if (!strcmp(own, hash)) l->same = l->since;
    return RAD_OK;
}

static rad_status read_list(list *l, const rad_ledger *ledger, const char *hash, rad_error *error) {
    rad_status status = rad_ledger_beside(ledger, ".rehearsals", l->path, sizeof l->path, error);
    if (status != RAD_OK || access(l->path, F_OK)) return status;
    status = rad_bytes_read(l->path, &l->text, error);
    const char *at = (const char *)l->text.data, *end = at + l->text.length;
    while (status == RAD_OK && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        char line[LINE];
        if (!stop || stop - at >= LINE) return distrust(l, error);
        snprintf(line, sizeof line, "%.*s", (int)(stop - at), at);
        status = read_line(l, ledger, line, hash, error);
        at = stop + 1;
    }
    return status;
}

static rad_status add_line(const list *l, const rad_ledger *ledger, const char *hash, rad_error *error) {
    unsigned char signature[RAD_SIGNATURE];
    char hex[2 * RAD_SIGNATURE + 1], text[3 * LINE], line[LINE];
    const size_t length = signed_text(l->last, ledger->count, hash, text);
    rad_signer_sign(ledger->me, "rehearsals", text, length, signature);
    const int written = snprintf(line, sizeof line, "%zu %s %s\n", ledger->count, hash,
                                 rad_hash_text(signature, sizeof signature, hex));
    const rad_bytes pieces[] = {l->text, {(unsigned char *)line, (size_t)written}};
    const rad_place place = {.mode = 0600};
    return rad_bytes_place(l->path, pieces, 2, &place, error);
}

rad_status rad_rehearsals_admit(const rad_ledger *ledger, const char *hash, uint32_t *number,
                                rad_error *error) {
    list *l = rad_new(1, sizeof *l, error);
    rad_status status = l ? read_list(l, ledger, hash, error) : RAD_NO_MEMORY;
    *number = status == RAD_OK ? (uint32_t)(l->same ? l->same : l->since + 1) : 0;
    if (status == RAD_OK && !l->same && l->since >= RAD_REHEARSALS_MAX)
        status = rad_fail(
            error, RAD_SPENT,
            "%zu studies were rehearsed since the last release, which is all that there may be: each tells "
            "a little of the patients. Release what fits, or show the statistician --preview",
            l->since);
    if (status == RAD_OK && !l->same) status = add_line(l, ledger, hash, error);
    if (l) rad_bytes_free(&l->text);
    rad_free(l);
    return status;
}

rad_status rad_rehearsals_carry(const rad_ledger *ledger, const char *next, rad_error *error) {
    char from[PATH], to[PATH];
    const rad_ledger other = {.path = (char *)next};
    const rad_place place = {.mode = 0600, .fresh = true};
    rad_bytes text = {0};
    rad_status status = rad_ledger_beside(ledger, ".rehearsals", from, sizeof from, error);
    if (status == RAD_OK) status = rad_ledger_beside(&other, ".rehearsals", to, sizeof to, error);
    if (status != RAD_OK || access(from, F_OK)) return status;
    status = rad_bytes_read(from, &text, error);
    if (status == RAD_OK) status = rad_bytes_place(to, &text, 1, &place, error);
    rad_bytes_free(&text);
    return status;
}
