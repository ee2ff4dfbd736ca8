#include "visit.h"

#include "../core/memory.h"
#include "../pipeline/settings_file.h"
#include "../pipeline/validate/validate.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static rad_status allocate(rad_settings **settings, rad_error *error) {
    *settings = rad_new(1, sizeof **settings, error);
    return *settings ? RAD_OK : RAD_NO_MEMORY;
}

void rad_settings_free(rad_settings *settings) {
    if (settings) rad_settings_clear(settings);
    rad_free(settings);
}

rad_status rad_settings_new(const char *preset_or_path, rad_settings **settings, rad_error *error) {
    RAD_VISIT(error);
    if (settings) *settings = NULL;
    RAD_NEEDS(settings);
    rad_status status = allocate(settings, error);
    if (status != RAD_OK) return status;
    if (preset_or_path)
        status = rad_preset_read(preset_or_path, *settings, error);
    else
        rad_settings_default(*settings);
    if (status == RAD_OK) return RAD_OK;
    rad_free(*settings);
    *settings = NULL;
    return status;
}

rad_status rad_settings_parse(const char *yaml, rad_settings **settings, rad_error *error) {
    RAD_VISIT(error);
    if (settings) *settings = NULL;
    RAD_NEEDS(yaml);
    RAD_NEEDS(settings);
    rad_status status = allocate(settings, error);
    if (status != RAD_OK) return status;
    status = rad_settings_file_parse(yaml, strlen(yaml), "settings", *settings, error);
    if (status == RAD_OK) return RAD_OK;
    rad_free(*settings);
    *settings = NULL;
    return status;
}

/* There is such a key, or the nearest one is named. */
static rad_status find_key(const char *key, rad_error *error) {
    size_t count;
    const rad_key *keys = rad_settings_keys(&count);
    if (!strcmp(key, "images") || !strcmp(key, "masks") || rad_key_find(keys, count, key)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "`%.80s` is not a setting; did you mean `%s`?", key,
                    rad_key_nearest(keys, count, key)->name);
}

static rad_status check_line(const char *key, const char *text, rad_error *error) {
    for (const char *c = text; *c; c++)
        if (iscntrl((unsigned char)*c)) return rad_fail(error, RAD_CONFIG, "%s: a value is one line", key);
    return RAD_OK;
}

/* "group:\n  key: text" */
static char *make_line(const char *key, const char *text, rad_error *error) {
    const char *dot = strchr(key, '.');
    const int group = dot ? (int)(dot - key) : 0;
    const size_t length = strlen(key) + strlen(text) + 16;
    char *line = rad_new(length, 1, error);
    if (line)
        snprintf(line, length, "%.*s%s%s: %s\n", group, key, dot ? ":\n  " : "", dot ? dot + 1 : key, text);
    return line;
}

rad_status rad_settings_set(rad_settings *settings, const char *key, const char *text, rad_error *error) {
    RAD_VISIT(error);
    rad_settings changed = {.images = NULL};
    RAD_NEEDS(settings);
    RAD_NEEDS(key);
    RAD_NEEDS(text);
    rad_status status = find_key(key, error);
    if (status == RAD_OK) status = check_line(key, text, error);
    if (status != RAD_OK) return status;
    char *line = make_line(key, text, error);
    if (!line) return RAD_NO_MEMORY;
    status = rad_settings_copy(settings, &changed, error);
    if (status == RAD_OK) status = rad_settings_file_update(line, strlen(line), key, &changed, error);
    if (status == RAD_OK) {
        rad_settings_clear(settings);
        *settings = changed;
    }
    rad_free(line);
    return status;
}

rad_status rad_settings_text(const rad_settings *settings, char **yaml, rad_error *error) {
    RAD_VISIT(error);
    if (yaml) *yaml = NULL;
    RAD_NEEDS(settings);
    RAD_NEEDS(yaml);
    const size_t length = rad_settings_write(settings, NULL, 0);
    *yaml = rad_new(length + 1, 1, error);
    if (!*yaml) return RAD_NO_MEMORY;
    rad_settings_write(settings, *yaml, length + 1);
    return RAD_OK;
}

/* What follows "key: " or, below its group, "  key: " at the begin of a line. */
static const char *find_value(const char *yaml, const char *key) {
    const char *dot = strchr(key, '.'), *leaf = dot ? dot + 1 : key;
    bool here = !dot;
    for (const char *line = yaml; *line; line += strcspn(line, "\n") + 1) {
        const bool indented = *line == ' ';
        const char *word = line + strspn(line, " ");
        const size_t length = strcspn(word, ":");
        if (dot && !indented) here = length == (size_t)(dot - key) && !strncmp(word, key, length);
        if (here && indented == (dot != NULL) && length == strlen(leaf) && !strncmp(word, leaf, length))
            return word + length + 1;
    }
    return "";
}

/* The rest of the line; of a list of images, whose entries are lines of their own, those on one line. */
static void fold(const char *value, char *out) {
    if (*value == ' ') {
        sprintf(out, "%.*s", (int)strcspn(value + 1, "\n"), value + 1);
        return;
    }
    const char *between = "[";
    for (value++; !strncmp(value, "  - ", 4); value += strcspn(value, "\n") + 1, between = ", ")
        out += sprintf(out, "%s%.*s", between, (int)strcspn(value + 4, "\n"), value + 4);
    sprintf(out, "]");
}

rad_status rad_settings_get(const rad_settings *settings, const char *key, char **text, rad_error *error) {
    RAD_VISIT(error);
    char *yaml = NULL;
    if (text) *text = NULL;
    RAD_NEEDS(settings);
    RAD_NEEDS(key);
    RAD_NEEDS(text);
    rad_status status = find_key(key, error);
    if (status == RAD_OK) status = rad_settings_text(settings, &yaml, error);
    if (status == RAD_OK) status = rad_visit_text(yaml, strlen(yaml), text, error);
    if (status == RAD_OK) fold(find_value(yaml, key), *text);
    rad_free(yaml);
    return status;
}
