#include "rotation.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../../io/bytes.h"
#include "ledger_entry.h"
#include "neighbours.h"
#include "rehearsals.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const char mark[] = ",\"rotated\":{\"from\":\"";

/* What is closed for the new key: the secret, the key that it is of, the line before. */
typedef struct handed {
    unsigned char secret[RAD_DERIVED], from[RAD_KEY_BYTES];
    char previous[RAD_DIGEST_TEXT];
} handed;

enum {
    HEX = 2 * RAD_KEY_BYTES,
    SEALED = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + sizeof(handed)
};

static bool read_key(const char *text, unsigned char key[RAD_KEY_BYTES]) {
    size_t got = 0;
    return text && !sodium_hex2bin(key, RAD_KEY_BYTES, text, HEX, NULL, &got, NULL) && got == RAD_KEY_BYTES;
}

void rad_rotation_begin(rad_ledger *l) {
    const char *first = l->text.length ? memmem(l->text.data, l->text.length, mark, sizeof mark - 1) : NULL;
    const size_t left = first ? l->text.length - (size_t)(first - (const char *)l->text.data) : 0;
    memcpy(l->key, l->me->public_key, sizeof l->key);
    l->former_count = 0;
    rad_signer_derive(l->me, "ledger of a site", l->secret);
    if (left > sizeof mark - 1 + HEX && !read_key(first + sizeof mark - 1, l->key))
        memcpy(l->key, l->me->public_key, sizeof l->key);
}

/* Is it closed for me, and for this place in the ledger? */
static bool open_secret(rad_ledger *l, const json_t *sealed) {
    unsigned char box[SEALED], key[RAD_DERIVED];
    handed in;
    rad_signer_derive(l->me, "rotation of a ledger", key);
    const bool fits = rad_ledger_decode(sealed, box, sizeof box) &&
                      !crypto_secretbox_open_easy((unsigned char *)&in, box + crypto_secretbox_NONCEBYTES,
                                                  sizeof box - crypto_secretbox_NONCEBYTES, box, key) &&
                      !memcmp(in.from, l->key, sizeof in.from) &&
                      !memcmp(in.previous, l->before, sizeof in.previous);
    if (fits) memcpy(l->secret, in.secret, sizeof l->secret);
    sodium_memzero(&in, sizeof in);
    sodium_memzero(key, sizeof key);
    return fits;
}

rad_status rad_rotation_read(rad_ledger *l, const json_t *line, size_t number, rad_error *error) {
    const json_t *rotated = json_object_get(line, "rotated");
    const char *to = json_string_value(json_object_get(rotated, "to"));
    unsigned char key[RAD_KEY_BYTES];
    if (!to || strlen(to) != HEX || !read_key(to, key) || l->former_count == RAD_FORMER_KEYS ||
        (!memcmp(key, l->me->public_key, sizeof key) && !open_secret(l, json_object_get(rotated, "secret"))))
        return rad_ledger_distrust(l, number, "is no rotation to this key", error);
    memcpy(l->former[l->former_count++], l->key, sizeof l->key);
    memcpy(l->key, key, sizeof l->key);
    return RAD_OK;
}

rad_status rad_rotation_end(const rad_ledger *l, rad_error *error) {
    char hex[HEX + 1];
    if (!memcmp(l->key, l->me->public_key, sizeof l->key)) return RAD_OK;
    return rad_fail(
        error, RAD_UNTRUSTED,
        "%s: this key was replaced by the key %s (keygen --rotate), with which its ledger goes on; "
        "use that one",
        l->source, rad_hash_text(l->key, sizeof l->key, hex));
}

static rad_status make_line(const rad_ledger *l, const rad_signer *to, rad_bytes *text, rad_error *error) {
    char from_hex[HEX + 1], to_hex[HEX + 1];
    unsigned char box[SEALED], key[RAD_DERIVED];
    handed out = {.previous = ""};
    memcpy(out.secret, l->secret, sizeof out.secret);
    memcpy(out.from, l->me->public_key, sizeof out.from);
    memcpy(out.previous, l->last, sizeof out.previous);
    rad_signer_derive(to, "rotation of a ledger", key);
    randombytes_buf(box, crypto_secretbox_NONCEBYTES);
    const int fails = crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)&out,
                                            sizeof out, box, key);
    sodium_memzero(&out, sizeof out);
    sodium_memzero(key, sizeof key);
    if (fails) return rad_fail(error, RAD_NO_MEMORY, "out of memory: a ledger");
    json_t *line = json_pack("{s:s, s:{s:s, s:s, s:o}}", "previous", l->last, "rotated", "from",
                             rad_hash_text(l->me->public_key, RAD_KEY_BYTES, from_hex), "to",
                             rad_hash_text(to->public_key, RAD_KEY_BYTES, to_hex), "secret",
                             rad_ledger_encoded(box, sizeof box));
    return rad_tree_text(line, JSON_COMPACT, text, error);
}

rad_status rad_rotation_make(rad_ledger *l, const rad_signer *to, const char *next, rad_error *error) {
    char tail[RAD_LEDGER_TAIL];
    rad_bytes text = {0}, pieces[2], whole = {0};
    const rad_place place = {.mode = 0600, .fresh = true};
    if (rad_ledger_rest(l))
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: its end (%zu byte%s) is not a whole line; restore it first", l->source,
                        rad_ledger_rest(l), rad_plural(rad_ledger_rest(l)));
    if (l->former_count == RAD_FORMER_KEYS)
        return rad_fail(error, RAD_CONFIG, "%s: has had %d keys, which is all that it takes", l->source,
                        RAD_FORMER_KEYS);
    rad_status status = rad_neighbours_begin(next, error);
    if (status == RAD_OK) status = rad_rehearsals_carry(l, next, error);
    if (status == RAD_OK) status = make_line(l, to, &text, error);
    if (status == RAD_OK) {
        rad_ledger_sign(l->me, &text, tail, pieces);
        status = rad_ledger_file_add(l, pieces, error);
    }
    if (status == RAD_OK) status = rad_bytes_read(l->path, &whole, error);
    if (status == RAD_OK) status = rad_bytes_place(next, &whole, 1, &place, error);
    rad_bytes_free(&whole);
    rad_bytes_free(&text);
    return status;
}
