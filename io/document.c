#include "document.h"

#include "../core/memory.h"
#include "../core/names.h"
#include "bytes.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { TEXT_MAX = 1 << 20, DEPTH_MAX = 16 };

typedef struct reader {
    yaml_parser_t parser;
    yaml_event_t event;
    const char *name, *wanted; /* wanted: instead of another root; NULL: not even nothing */
    rad_error *error;
} reader;

static rad_status fail_there(const char *name, size_t line, size_t column, rad_error *error,
                             const char *format, va_list list) {
    char text[900];
    vsnprintf(text, sizeof text, format, list);
    return rad_fail(error, RAD_CONFIG, "%s:%zu:%zu: %s", name, line, column, text);
}

rad_status rad_node_fail(const rad_node *node, const char *name, rad_error *error, const char *format, ...) {
    va_list list;
    va_start(list, format);
    fail_there(name, node->line, node->column, error, format, list);
    va_end(list);
    return RAD_CONFIG;
}

rad_status rad_node_fail_value(const rad_node *node, const char *name, rad_error *error, const char *format,
                               ...) {
    va_list list;
    va_start(list, format);
    fail_there(name, node->value_line, node->value_column, error, format, list);
    va_end(list);
    return RAD_CONFIG;
}

static rad_status fail_at(reader *r, yaml_mark_t at, const char *what) {
    const rad_node here = {.line = at.line + 1, .column = at.column + 1};
    return rad_node_fail(&here, r->name, r->error, "%s", what);
}

/* What the parser says, and what it nearly always means. */
static const char *plain_words(const char *problem) {
    static const char *const words[][2] = {
        {"found character that cannot start any token",
         "a tab, or a text that begins with @, ` or %: indent by blanks, and put such a text in quotes"},
        {"mapping values are not allowed in this context",
         "a `:` too many: indent as the line before does, and put a text that holds `: ` in quotes"},
        {"did not find expected key",
         "the indentation is not that of the lines before, or a quote is missing"},
        {"did not find expected ',' or ']'", "a `]` is missing, or a `,`"},
        {"did not find expected ',' or '}'", "a `}` is missing, or a `,`"},
        {"found unexpected end of stream", "a quote is missing"},
        {"could not find expected ':'", "a `:` with a blank behind it is missing"},
        {"block sequence entries are not allowed in this context",
         "a `-` that no list is at: begin it in a line of its own, below its key"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcmp(problem, words[i][0])) return words[i][1];
    return problem;
}

static rad_status next(reader *r) {
    yaml_event_delete(&r->event);
    if (!yaml_parser_parse(&r->parser, &r->event)) {
        if (!r->parser.problem) return rad_fail(r->error, RAD_NO_MEMORY, "out of memory: %s", r->name);
        return fail_at(r, r->parser.problem_mark, plain_words(r->parser.problem));
    }
    const yaml_event_t *e = &r->event;
    const bool marked =
        e->type == YAML_ALIAS_EVENT ||
        (e->type == YAML_SCALAR_EVENT && (e->data.scalar.anchor || e->data.scalar.tag)) ||
        (e->type == YAML_SEQUENCE_START_EVENT &&
         (e->data.sequence_start.anchor || e->data.sequence_start.tag)) ||
        (e->type == YAML_MAPPING_START_EVENT && (e->data.mapping_start.anchor || e->data.mapping_start.tag));
    return marked ? fail_at(r, e->start_mark, "anchors, aliases and tags are not allowed") : RAD_OK;
}

static rad_status copy_text(reader *r, char **text) {
    const char *value = (const char *)r->event.data.scalar.value;
    if (strlen(value) != r->event.data.scalar.length)
        return fail_at(r, r->event.start_mark, "a zero byte is not allowed");
    *text = rad_text_copy(value, r->error);
    return *text ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status read_node(reader *r, rad_node *node, int depth);

/* No key of a mapping stands there twice: which one would count? */
static rad_status check_keys(reader *r, const rad_node *map) {
    rad_names names;
    if (rad_names_allocate(&names, map->count, r->error) != RAD_OK) return RAD_NO_MEMORY;
    for (size_t i = 0; i < map->count; i++) names.row[i] = (rad_name){map->child[i].key, i};
    rad_names_sort(&names);
    const size_t twice = rad_names_repeated(&names);
    rad_names_free(&names);
    return twice == SIZE_MAX ? RAD_OK
                             : rad_node_fail(&map->child[twice], r->name, r->error, "the key is given twice");
}

/* The children of the list or mapping at the current event. */
static rad_status read_children(reader *r, rad_node *node, int depth) {
    const bool map = node->kind == RAD_NODE_MAP;
    const yaml_event_type_t end = map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    rad_status status = next(r);
    while (status == RAD_OK && r->event.type != end) {
        char *key = NULL;
        const yaml_mark_t at = r->event.start_mark;
        if (map && r->event.type != YAML_SCALAR_EVENT) return fail_at(r, at, "a key is expected here");
        if (map) status = copy_text(r, &key);
        if (status == RAD_OK && map) status = next(r);
        if (status == RAD_OK)
            status = rad_grow(&node->child, node->count, &node->capacity, sizeof *node, r->error);
        if (status != RAD_OK) {
            rad_free(key);
            return status;
        }
        rad_node *child = &node->child[node->count++];
        *child = (rad_node){.key = key, .line = at.line + 1, .column = at.column + 1};
        status = read_node(r, child, depth + 1);
        if (status == RAD_OK) status = next(r);
    }
    return status == RAD_OK && map ? check_keys(r, node) : status;
}

/* The value at the current event; ends on its last event. */
static rad_status read_node(reader *r, rad_node *node, int depth) {
    const yaml_event_type_t type = r->event.type;
    node->value_line = r->event.start_mark.line + 1;
    node->value_column = r->event.start_mark.column + 1;
    if (depth == DEPTH_MAX) return fail_at(r, r->event.start_mark, "too many levels");
    if (type == YAML_SCALAR_EVENT) return copy_text(r, &node->text);
    if (type != YAML_SEQUENCE_START_EVENT && type != YAML_MAPPING_START_EVENT)
        return fail_at(r, r->event.start_mark, "a value is expected here");
    node->kind = type == YAML_MAPPING_START_EVENT ? RAD_NODE_MAP : RAD_NODE_LIST;
    return read_children(r, node, depth);
}

static rad_status read_document(reader *r, rad_node *root) {
    rad_status status = next(r);
    if (status == RAD_OK) status = next(r);
    if (status != RAD_OK || r->event.type == YAML_STREAM_END_EVENT) return status;
    status = next(r);
    if (status != RAD_OK) return status;
    const bool nothing = r->wanted && r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.length;
    if (r->event.type != YAML_MAPPING_START_EVENT && !nothing)
        return fail_at(r, r->event.start_mark,
                       r->wanted ? r->wanted : "keys and values are expected, such as `study: lung-1`");
    if (!nothing) status = read_node(r, root, 0);
    if (status == RAD_OK) status = next(r); /* end of the document */
    if (status == RAD_OK) status = next(r);
    if (status == RAD_OK && r->event.type != YAML_STREAM_END_EVENT)
        status = fail_at(r, r->event.start_mark, "only one document is allowed");
    return status;
}

rad_status rad_document_parse_as(const char *text, size_t length, const char *name, const char *wanted,
                                 rad_node *root, rad_error *error) {
    *root = (rad_node){.kind = RAD_NODE_MAP, .line = 1, .column = 1};
    if (length > TEXT_MAX) return rad_fail(error, RAD_CONFIG, "%s: is longer than %d bytes", name, TEXT_MAX);
    reader r = {.name = name, .wanted = wanted, .error = error};
    if (!yaml_parser_initialize(&r.parser)) return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory", name);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    rad_status status = read_document(&r, root);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    if (status != RAD_OK) rad_node_free(root);
    return status;
}

rad_status rad_document_parse(const char *text, size_t length, const char *name, rad_node *root,
                              rad_error *error) {
    return rad_document_parse_as(text, length, name, NULL, root, error);
}

rad_status rad_document_read(const char *path, rad_node *root, rad_error *error) {
    rad_bytes bytes;
    *root = (rad_node){.kind = RAD_NODE_MAP};
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status != RAD_OK) return status;
    status = rad_document_parse((const char *)bytes.data, bytes.length, path, root, error);
    rad_bytes_free(&bytes);
    return status;
}

void rad_node_free(rad_node *node) {
    for (size_t i = 0; i < node->count; i++) rad_node_free(&node->child[i]);
    rad_free(node->child);
    rad_free(node->key);
    rad_free(node->text);
    *node = (rad_node){.kind = RAD_NODE_MAP};
}

const rad_node *rad_node_find(const rad_node *map, const char *key) {
    for (size_t i = 0; i < map->count; i++)
        if (map->child[i].key && !strcmp(map->child[i].key, key)) return &map->child[i];
    return NULL;
}
