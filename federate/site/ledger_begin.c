#include "ledger_entry.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../../io/bytes.h"
#include "neighbours.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

void rad_ledger_sign(const rad_signer *me, rad_bytes *text, char tail[RAD_LEDGER_TAIL], rad_bytes line[2]) {
    unsigned char signature[RAD_SIGNATURE];
    char hex[2 * RAD_SIGNATURE + 1];
    text->length--; /* without the brace */
    rad_signer_sign(me, "ledger", text->data, text->length, signature);
    snprintf(tail, RAD_LEDGER_TAIL, ",\"signature\":\"%s\"}\n",
             rad_hash_text(signature, sizeof signature, hex));
    line[0] = *text;
    line[1] = (rad_bytes){(unsigned char *)tail, strlen(tail)};
}

/* Two ledgers of a key that begin alike are still two: a random number tells them apart. */
rad_status rad_ledger_first_line(const rad_signer *me, const char *begun, const char *after, rad_bytes *line,
                                 rad_error *error) {
    unsigned char number[16];
    char hex[2 * sizeof number + 1], tail[RAD_LEDGER_TAIL];
    rad_bytes text = {0}, pieces[2];
    randombytes_buf(number, sizeof number);
    json_t *object = json_pack("{s:s, s:s, s:s, s:s}", "previous", "", "begun", begun, "after", after,
                               "number", rad_hash_text(number, sizeof number, hex));
    rad_status status = rad_tree_text(object, JSON_COMPACT, &text, error);
    if (status != RAD_OK) return status;
    rad_ledger_sign(me, &text, tail, pieces);
    line->data = rad_new_raw(pieces[0].length + pieces[1].length, 1, error);
    line->length = line->data ? pieces[0].length + pieces[1].length : 0;
    if (line->data) {
        memcpy(line->data, pieces[0].data, pieces[0].length);
        memcpy(line->data + pieces[0].length, pieces[1].data, pieces[1].length);
    }
    rad_bytes_free(&text);
    return line->data ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_ledger_begin(const char *path, const rad_signer *me, rad_error *error) {
    const rad_place place = {.mode = 0600, .fresh = true};
    rad_bytes line = {0};
    rad_status status = rad_ledger_first_line(me, "keygen", "", &line, error);
    if (status == RAD_OK) status = rad_neighbours_begin(path, error);
    if (status == RAD_OK) status = rad_bytes_place(path, &line, 1, &place, error);
    rad_bytes_free(&line);
    return status;
}

const char *rad_ledger_news(const rad_ledger *l, char *text, size_t length) {
    size_t used = 0;
    *text = '\0';
    if (l->source != l->path)
        used = (size_t)snprintf(text, length,
                                "the ledger %s (%zu release%s) is taken over: from now on %s counts",
                                l->source, l->count, rad_plural(l->count), l->path);
    else if (!strcmp(l->head.begun, "again") && !l->count)
        used = (size_t)snprintf(text, length,
                                "a new ledger begins: what left before is not known; the pool shows it");
    const size_t others = l->count ? 0 : rad_neighbours_unknown(l);
    if (others == SIZE_MAX && used < length)
        snprintf(
            text + used, length - used,
            "%sthe folder of the ledger cannot be listed: whether ledgers of an earlier version lie there, "
            "with patients that this key does not know, is open",
            used ? "; " : "");
    else if (others && used < length)
        snprintf(
            text + used, length - used,
            "%sledgers of other keys in the same folder are of an earlier version (%zu): of patients who "
            "left with those, this key does not know",
            used ? "; " : "", others);
    return text;
}
