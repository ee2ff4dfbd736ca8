#include "screen.h"

#include "../core/printable.h"
#include "../core/terminal.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { LINE = 8192, COMMAND_WIDEST = 80 };

size_t rad_screen_columns(void) {
    return isatty(STDOUT_FILENO) ? (size_t)rad_terminal_columns(STDOUT_FILENO) : 0;
}

static size_t characters(const char *text, size_t bytes) {
    size_t count = 0;
    for (size_t i = 0; i < bytes; i++) count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* Bytes of the text that go into so many columns: up to a blank. A word that is longer than any line stays
 * where it is.
 */
static size_t fitting(const char *text, size_t room, size_t most) {
    size_t end = 0;
    for (size_t at = 0;; at++) {
        if (text[at] && text[at] != ' ') continue;
        if (at && text[at - 1] != ' ') { /* the end of a word */
            const size_t blanks = strspn(text + end, " ");
            if (end && characters(text, at) > room)
                return characters(text + end + blanks, at - end - blanks) > most ? at : end;
            end = at;
        }
        if (!text[at]) return end ? end : at;
    }
}

static void put_broken(const char *text, size_t indent, size_t first, size_t width, const char *mark) {
    const size_t marked = strlen(mark);
    const size_t most = width > indent + marked ? width - indent - marked : 1;
    size_t room = width > first + marked ? width - first - marked : 1;
    while (*text) {
        const bool last = characters(text, strlen(text)) <= room + marked;
        const size_t piece = last ? strlen(text) : fitting(text, room, most);
        printf("%.*s", (int)piece, text);
        text += piece;
        text += strspn(text, " ");
        if (*text) printf("%s\n%*s", mark, (int)indent, "");
        room = most;
    }
    printf("\n");
}

void rad_screen_put(size_t indent, const char *format, ...) {
    char text[LINE];
    const size_t columns = rad_screen_columns();
    va_list words;
    va_start(words, format);
    rad_printable_format(text, sizeof text, format, words);
    va_end(words);
    if (columns)
        put_broken(text, indent, 0, columns, "");
    else
        printf("%s\n", text);
}

/* Columns before the text of a line: "  key   text", or four more than before its first word; prose has
 * none. */
static size_t indent_of(const char *line, size_t columns) {
    const size_t first = strspn(line, " ");
    const char *apart = strstr(line + first, "  ");
    const size_t text = apart ? (size_t)(apart - line) + strspn(apart, " ") : 0;
    return text && text < columns / 2 ? text : first ? first + 4 : 0;
}

void rad_screen_text(const char *text) {
    const size_t columns = rad_screen_columns();
    char line[LINE];
    while (text && *text) {
        const size_t length = strcspn(text, "\n");
        if (columns && length < sizeof line) {
            snprintf(line, sizeof line, "%.*s", (int)length, text);
            put_broken(line, indent_of(line, columns), 0, columns, "");
        } else {
            printf("%.*s\n", (int)length, text);
        }
        text += length + (text[length] == '\n');
    }
}

void rad_screen_put_command(size_t indent, const char *command) {
    const size_t columns = (size_t)rad_terminal_columns(STDOUT_FILENO);
    printf("%*s", (int)indent, "");
    put_broken(command, indent + 4, indent, columns < COMMAND_WIDEST ? columns : COMMAND_WIDEST, " \\");
}
