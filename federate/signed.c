#include "signed.h"

#include "../core/hash.h"
#include "../io/bytes.h"
#include "../io/document.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* All of the file, in a form of fixed length. */
#define TEXT "radiomill signature 1\nkey %s\nvalue %s\n"
enum { KEY = 2 * RAD_KEY_BYTES, VALUE = 2 * RAD_SIGNATURE, LENGTH = sizeof TEXT - 1 - 4 + KEY + VALUE };
static const char purpose[] = "signed file";

static rad_status name_signature(const char *path, char to[RAD_SIGNED_PATH], rad_error *error) {
    if (snprintf(to, RAD_SIGNED_PATH, "%s.sig", path) < RAD_SIGNED_PATH) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the path is too long", path);
}

rad_status rad_signed_write(const char *path, const rad_signer *me, rad_error *error) {
    char to[RAD_SIGNED_PATH], key[KEY + 1], value[VALUE + 1], text[LENGTH + 1];
    unsigned char signature[RAD_SIGNATURE];
    rad_bytes file = {0};
    rad_status status = name_signature(path, to, error);
    if (status == RAD_OK) status = rad_bytes_read(path, &file, error);
    if (status != RAD_OK) return status;
    rad_signer_sign(me, purpose, file.data, file.length, signature);
    rad_bytes_free(&file);
    snprintf(text, sizeof text, TEXT, rad_hash_text(me->public_key, RAD_KEY_BYTES, key),
             rad_hash_text(signature, sizeof signature, value));
    return rad_bytes_write(to, &(rad_bytes){(unsigned char *)text, LENGTH}, 1, error);
}

/* Key and signature of FILE.sig; false: it is not one. */
static bool parse(const rad_bytes *file, char key[KEY + 1], unsigned char signature[RAD_SIGNATURE]) {
    const char *text = (const char *)file->data;
    char value[VALUE + 1], again[LENGTH + 1];
    const size_t at_key = strcspn(TEXT, "%"), at_value = LENGTH - 1 - VALUE;
    if (file->length != LENGTH) return false;
    memcpy(key, text + at_key, KEY);
    memcpy(value, text + at_value, VALUE);
    key[KEY] = value[VALUE] = '\0';
    snprintf(again, sizeof again, TEXT, key, value);
    return !memcmp(again, text, LENGTH) &&
           !sodium_hex2bin(signature, RAD_SIGNATURE, value, VALUE, NULL, NULL, NULL);
}

static rad_status check_key(const char *path, const unsigned char key[RAD_KEY_BYTES], const char *by,
                            const rad_trusted *coordinator, rad_error *error) {
    char wanted[KEY + 1];
    if (!coordinator || !memcmp(key, coordinator->key[0], RAD_KEY_BYTES)) return RAD_OK;
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: is signed with key %.16s..., not with that of the coordinator %s (%.16s...); ask "
                    "the coordinator for the file and its signature",
                    path, by, coordinator->name[0],
                    rad_hash_text(coordinator->key[0], RAD_KEY_BYTES, wanted));
}

rad_status rad_signed_check(const char *path, const rad_bytes *bytes, const rad_bytes *signature,
                            const rad_trusted *coordinator, char by[KEY + 1], rad_error *error) {
    unsigned char key[RAD_KEY_BYTES], value[RAD_SIGNATURE];
    char text[KEY + 1];
    *by = '\0';
    if (!parse(signature, text, value) || sodium_hex2bin(key, sizeof key, text, KEY, NULL, NULL, NULL))
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s.sig: is not a signature; `radiomill sign` of the coordinator makes one", path);
    rad_status status = check_key(path, key, text, coordinator, error);
    if (status != RAD_OK) return status;
    if (!rad_signer_holds(key, purpose, bytes->data, bytes->length, value))
        return rad_fail(error, RAD_UNTRUSTED,
                        "%s: was changed after it was signed, or %s.sig is of another file; ask the "
                        "coordinator for both",
                        path, path);
    memcpy(by, text, sizeof text);
    return RAD_OK;
}

rad_status rad_signed_read(const char *path, const rad_trusted *coordinator, rad_bytes *bytes,
                           char by[KEY + 1], rad_error *error) {
    char name[RAD_SIGNED_PATH];
    struct stat about;
    rad_bytes signature = {0};
    *by = '\0';
    rad_status status = name_signature(path, name, error);
    if (status == RAD_OK) status = rad_bytes_read(path, bytes, error);
    if (status != RAD_OK) return status;
    if (stat(name, &about) && errno == ENOENT) {
        if (!coordinator) return RAD_OK;
        status = rad_fail(error, RAD_UNTRUSTED,
                          "%s: is not signed, there is no %s; the coordinator makes it by `radiomill sign`",
                          path, name);
    } else {
        status = rad_bytes_read(name, &signature, error);
    }
    if (status == RAD_OK) status = rad_signed_check(path, bytes, &signature, coordinator, by, error);
    rad_bytes_free(&signature);
    if (status != RAD_OK) rad_bytes_free(bytes);
    return status;
}

rad_status rad_signed_study(const char *path, const rad_trusted *coordinator, rad_study *study,
                            char by[KEY + 1], rad_error *error) {
    rad_bytes bytes;
    *study = (rad_study){.path = NULL};
    rad_status status = rad_signed_read(path, coordinator, &bytes, by, error);
    if (status != RAD_OK) return status;
    status = rad_study_parse((const char *)bytes.data, bytes.length, path, study, error);
    rad_bytes_free(&bytes);
    return status;
}

rad_status rad_signed_policy(const char *policy, rad_trusted *coordinator, rad_error *error) {
    char path[RAD_SIGNED_PATH];
    rad_node root;
    *coordinator = (rad_trusted){.count = 0};
    rad_status status = rad_document_read(policy, &root, error);
    if (status != RAD_OK) return status;
    const rad_node *node = rad_node_find(&root, "coordinator");
    const char *end = strrchr(policy, '/');
    if (node && (node->kind != RAD_NODE_TEXT || !*node->text))
        status = rad_node_fail(node, policy, error, "coordinator: the file of a public key is expected");
    if (node && status == RAD_OK) {
        const int folder = end && *node->text != '/' ? (int)(end - policy) + 1 : 0;
        if (snprintf(path, sizeof path, "%.*s%s", folder, policy, node->text) >= (int)sizeof path)
            status = rad_node_fail(node, policy, error, "coordinator: the path is too long");
        if (status == RAD_OK) status = rad_trusted_read_one(path, coordinator, error);
    }
    rad_node_free(&root);
    return status;
}
