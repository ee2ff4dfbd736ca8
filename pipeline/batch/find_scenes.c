/* Scenes of 3D Slicer (MRML): XML whose elements name each other by ids. */
#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "../../io/xml.h"
#include "finder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES_MAX = 4096 }; /* that have files; scenes of people have a few hundred */

/* Values of attributes; what is longer is cut, and then names nothing. */
typedef struct node {
    char id[128], file[1024];
    char storage[128], image[128]; /* ids: of what holds its voxels; of what a segmentation was drawn on */
} node;

typedef struct scene {
    node *row; /* owned */
    size_t count, capacity;
} scene;

/* "&amp;" and "%20" as what they stand for. */
static void decode(const char *from, size_t length, char *to, size_t size) {
    const size_t has = rad_xml_text(from, length, to, size);
    size_t used = 0;
    for (size_t i = 0; i < has; i++) {
        char digits[3] = "";
        if (to[i] == '%' && i + 2 < has) memcpy(digits, to + i + 1, 2);
        const bool coded = strspn(digits, "0123456789abcdefABCDEF") == 2;
        const char c = coded ? (char)strtol(digits, NULL, 16) : to[i];
        if (c) to[used++] = c;
        i += coded ? 2 : 0;
    }
    to[used] = '\0';
}

/* The id after "role:" in "display:a;storage:b;": the first of several. */
static void find_reference(const char *references, const char *role, char *id, size_t size) {
    const size_t length = strlen(role);
    for (const char *at = references; at && *at; at = strchr(at, ';') ? strchr(at, ';') + 1 : NULL)
        if (!strncmp(at, role, length) && at[length] == ':') {
            snprintf(id, size, "%.*s", (int)strcspn(at + length + 1, "; "), at + length + 1);
            return;
        }
}

static void read_attribute(const char *name, size_t length, const char *value, size_t value_length,
                           void *context) {
    node *n = context;
    char text[4096];
    decode(value, value_length, text, sizeof text);
    if (length == 2 && !memcmp(name, "id", 2)) snprintf(n->id, sizeof n->id, "%.127s", text);
    if (length == 8 && !memcmp(name, "fileName", 8)) snprintf(n->file, sizeof n->file, "%.1023s", text);
    if (length == 14 && !memcmp(name, "storageNodeRef", 14))
        snprintf(n->storage, sizeof n->storage, "%.*s", (int)strcspn(text, " "), text);
    if (length != 10 || memcmp(name, "references", 10) != 0) return;
    find_reference(text, "storage", n->storage, sizeof n->storage);
    find_reference(text, "referenceImageGeometryRef", n->image, sizeof n->image);
}

static rad_status read_nodes(const char *at, const char *end, scene *s, rad_error *error) {
    while ((at = memchr(at, '<', (size_t)(end - at)))) {
        node n = {.id = ""};
        at = rad_xml_attributes(at + 1, end, read_attribute, &n);
        if (!*n.id || !(*n.file || *n.storage)) continue;
        if (s->count == NODES_MAX) return rad_fail(error, RAD_UNREADABLE, "more than %d nodes", NODES_MAX);
        rad_status status = rad_grow(&s->row, s->count, &s->capacity, sizeof *s->row, error);
        if (status != RAD_OK) return status;
        s->row[s->count++] = n;
    }
    return RAD_OK;
}

static const node *find_node(const scene *s, const char *id) {
    for (size_t i = 0; i < s->count && *id; i++)
        if (!strcmp(s->row[i].id, id)) return &s->row[i];
    return NULL;
}

/* The file of a node, by its storage. */
static rad_candidate *file_of(const rad_listing *l, const scene *s, const node *n, rad_error *error) {
    const node *storage = n ? find_node(s, n->storage) : NULL;
    return storage && *storage->file ? rad_listing_find(l, storage->file, error) : NULL;
}

rad_status rad_listing_read_scene(const rad_listing *l, const char *path, rad_error *error) {
    rad_bytes bytes;
    scene s = {.row = NULL};
    rad_error why = {0};
    rad_status status = rad_bytes_read(path, &bytes, &why);
    const char *text = (const char *)bytes.data;
    if (status == RAD_OK && bytes.length) {
        status = read_nodes(text, text + bytes.length, &s, &why);
        if (status == RAD_UNREADABLE) { /* another file of that name */
            s.count = 0;
            status = RAD_OK;
        }
    }
    for (size_t i = 0; i < s.count && status == RAD_OK; i++) {
        if (!*s.row[i].image) continue;
        rad_candidate *mask = file_of(l, &s, &s.row[i], &why),
                      *image = file_of(l, &s, find_node(&s, s.row[i].image), &why);
        if (image && mask && image != mask && image->image && mask->mask && !mask->is_mask &&
            !mask->is_image && !image->is_mask)
            status = rad_finder_join(l->finder, image, mask, &why);
        if (why.status != RAD_OK) status = why.status;
    }
    rad_free(s.row);
    rad_bytes_free(&bytes);
    if (status != RAD_OK && error) *error = why;
    return status;
}
