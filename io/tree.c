#include "tree.h"

#include "bytes.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* With NULL in place of object or value, Jansson releases the value and says -1. */
static void keep(json_t **whole, int bad) {
    if (!bad) return;
    json_decref(*whole);
    *whole = NULL;
}

void rad_tree_set(json_t **object, const char *key, json_t *value) {
    keep(object, json_object_set_new(*object, key, value));
}

void rad_tree_add(json_t **array, json_t *value) {
    keep(array, json_array_append_new(*array, value));
}

json_t *rad_tree_name(const char *text) {
    json_error_t why = {0}; /* without memory Jansson sets no code */
    json_t *string = json_pack_ex(&why, 0, "s", text);
    if (string || json_error_code(&why) != json_error_invalid_utf8) return string;
    return json_string("(not UTF-8)");
}

rad_status rad_tree_put(FILE *out, json_t *root, size_t flags, rad_error *error) {
    const bool fine = root && !json_dumpf(root, out, flags | JSON_REAL_PRECISION(17));
    json_decref(root);
    return fine ? RAD_OK : rad_fail(error, RAD_NO_MEMORY, "out of memory: a JSON document");
}

typedef struct dump {
    json_t *root;
    size_t flags;
} dump;

static rad_status put_text(FILE *out, void *context, rad_error *error) {
    const dump *d = context;
    return rad_tree_put(out, json_incref(d->root), d->flags, error);
}

static rad_status put_lines(FILE *out, void *context, rad_error *error) {
    rad_status status = put_text(out, context, error);
    fputc('\n', out);
    return status;
}

rad_status rad_tree_text(json_t *root, size_t flags, rad_bytes *text, rad_error *error) {
    rad_status status = rad_sink_collect(put_text, &(dump){root, flags}, text, error);
    json_decref(root);
    return status;
}

rad_status rad_tree_write(const char *path, json_t *root, rad_error *error) {
    rad_status status = rad_bytes_stream(path, put_lines, &(dump){root, JSON_INDENT(1)}, error);
    json_decref(root);
    return status;
}

/* A parser that is out of memory says that the text is wrong, or leaves a member out: whether it was is kept
 * here. */
static _Thread_local bool short_of_memory;

static void *allocate(size_t bytes) {
    void *memory = malloc(bytes);
    if (!memory) short_of_memory = true;
    return memory;
}

static void watch(void) {
    json_set_alloc_funcs(allocate, free);
}

rad_status rad_tree_parse(const void *text, size_t length, const char *name, json_t **root,
                          rad_error *error) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    json_error_t why = {.line = 0};
    pthread_once(&once, watch);
    short_of_memory = false;
    *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (*root && !short_of_memory) return RAD_OK;
    json_decref(*root); /* of which a part is missing */
    *root = NULL;
    if (short_of_memory) return rad_fail(error, RAD_NO_MEMORY, "out of memory: %s", name);
    return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: line %d: %s", name, why.line, why.text);
}

rad_status rad_tree_read(const char *path, json_t **root, rad_error *error) {
    rad_bytes bytes;
    *root = NULL;
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status == RAD_OK) status = rad_tree_parse(bytes.data, bytes.length, path, root, error);
    rad_bytes_free(&bytes);
    return status;
}
