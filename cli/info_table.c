#include "info_table.h"

#include "../core/printable.h"
#include "../core/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TEXT = 1100, COLUMNS = 16, LEAST = 14 };

void rad_info_cell(const json_t *value, char *text, size_t room) {
    size_t used = 0;
    snprintf(text, room, "%s", "");
    if (json_is_string(value)) rad_printable(json_string_value(value), text, room);
    if (json_is_integer(value)) snprintf(text, room, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_real(value)) snprintf(text, room, "%g", json_real_value(value));
    for (size_t i = 0; i < json_array_size(value) && used + 1 < room; i++) {
        char one[64];
        rad_info_cell(json_array_get(value, i), one, sizeof one);
        used += (size_t)snprintf(text + used, room - used, "%s%s", i ? " " : "", one);
    }
}

/* Width in characters, not bytes. */
static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* Bytes of the first `width` characters. */
static size_t bytes_of(const char *text, int width) {
    size_t at = 0;
    for (; text[at] && width > 0; width--) do
            at++;
        while (((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

/* Cut in its middle where it is wider: ends of names and ids tell more than what is before. Nothing behind
 * the last column. */
static void print_padded(const char *text, int width, bool last) {
    const int wide = width_of(text);
    if (wide > width) {
        const int head = (width - 1) / 3;
        printf("%.*s\xe2\x80\xa6%s", (int)bytes_of(text, head), text,
               text + bytes_of(text, wide - (width - 1 - head)));
    } else {
        printf("%s", text);
    }
    if (!last) printf("%*s", (wide > width ? 0 : width - wide) + 2, "");
}

/* Of the widest columns, until a row fits; false where it does not. */
static bool fit(int widths[COLUMNS], int room) {
    for (;;) {
        int all = -2, most = 0;
        for (int k = 0; k < COLUMNS; k++) {
            if (widths[k]) all += widths[k] + 2;
            if (widths[k] > widths[most]) most = k;
        }
        if (all <= room) return true;
        if (widths[most] <= LEAST) return false;
        widths[most]--;
    }
}

/* A line for each value. */
static void print_lines(const json_t *row, const char *const *keys, int room, const char *indent) {
    enum { KEY = 12 };
    char text[TEXT];
    for (size_t k = 0, lines = 0; keys[k]; k++) {
        rad_info_cell(json_object_get(row, keys[k]), text, sizeof text);
        if (!*text) continue;
        printf("%s%s%-*s ", indent, lines++ ? "  " : "- ", KEY, keys[k]);
        print_padded(text, room - KEY - 3 > LEAST ? room - KEY - 3 : LEAST, true);
        printf("\n");
    }
}

static void print_row(const json_t *row, const char *const *keys, const int *widths, const char *indent) {
    size_t last = 0;
    char text[TEXT];
    for (size_t k = 0; keys[k]; k++)
        if (widths[k]) last = k;
    printf("%s", indent);
    for (size_t k = 0; keys[k]; k++) {
        snprintf(text, sizeof text, "%s", keys[k]);
        if (row) rad_info_cell(json_object_get(row, keys[k]), text, sizeof text);
        if (widths[k]) print_padded(text, widths[k], k == last);
    }
    printf("\n");
}

void rad_info_table(const json_t *rows, const char *const *keys, const char *indent) {
    char text[TEXT];
    int widths[COLUMNS] = {0};
    for (size_t k = 0; keys[k]; k++)
        for (size_t i = 0; i < json_array_size(rows); i++) {
            rad_info_cell(json_object_get(json_array_get(rows, i), keys[k]), text, sizeof text);
            if (*text && width_of(keys[k]) > widths[k]) widths[k] = width_of(keys[k]);
            if (width_of(text) > widths[k]) widths[k] = width_of(text);
        }
    const int room = rad_terminal_columns(STDOUT_FILENO) - (int)strlen(indent);
    if (isatty(STDOUT_FILENO) && !fit(widths, room)) {
        for (size_t i = 0; i < json_array_size(rows); i++)
            print_lines(json_array_get(rows, i), keys, room, indent);
        return;
    }
    print_row(NULL, keys, widths, indent);
    for (size_t i = 0; i < json_array_size(rows); i++)
        print_row(json_array_get(rows, i), keys, widths, indent);
}
