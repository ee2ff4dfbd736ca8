#include "html.h"

#include "../core/printable.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LONG = 40, SAID = 2048 };

/* One character; what may not be shown (and every byte that is no UTF-8) is the character that says so. */
static size_t put_character(FILE *out, const char *text) {
    static const struct {
        char c;
        const char *as;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    char shown[RAD_SHOWN];
    size_t bytes;
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
        if (*text == escapes[i].c) {
            fputs(escapes[i].as, out);
            return 1;
        }
    if (rad_printable_next(text, &bytes, shown))
        fputs(shown, out);
    else if (*text == '\t' || *text == '\n')
        fputc(*text, out);
    else
        fputs("\xef\xbf\xbd", out);
    return bytes;
}

void rad_html_text(FILE *out, const char *text) {
    while (*text) text += put_character(out, text);
}

/* Width of the character that starts here, in pixels of a wide sans serif, and its bytes. */
static double width_of(const char *text, size_t *bytes) {
    const unsigned char c = (unsigned char)*text;
    *bytes = 1;
    while (((unsigned char)text[*bytes] & 0xC0) == 0x80) ++*bytes;
    if (c >= 0xE2) return 12.5;
    if (strchr("iljtfrI.,:;|!'()[] ", c)) return 4.7;
    if (strchr("mwMW@%", c)) return 11.5;
    return c >= 'A' && c <= 'Z' ? 8.6 : 7.2;
}

double rad_html_width(const char *text) {
    double sum = 0;
    for (size_t bytes; *text; text += bytes) sum += width_of(text, &bytes);
    return sum;
}

/* Bytes of the text that fit. */
static size_t fitting(const char *text, double width) {
    size_t at = 0, bytes;
    while (text[at] && (width -= width_of(text + at, &bytes)) >= 0) at += bytes;
    return at;
}

void rad_html_cut(FILE *out, const char *text, double width) {
    const double all = rad_html_width(text);
    if (all <= width) {
        rad_html_text(out, text);
        return;
    }
    const size_t head = fitting(text, (width - 11) * 0.6);
    const char *tail = text + head;
    double left = rad_html_width(tail);
    for (size_t bytes; *tail && left > (width - 11) * 0.4; tail += bytes) left -= width_of(tail, &bytes);
    for (const char *at = text; at < text + head;) at += put_character(out, at);
    fputs("\xe2\x80\xa6", out);
    rad_html_text(out, tail);
}

const char *rad_html_number(double value, char text[RAD_HTML_NUMBER]) {
    if (isnan(value)) return "\xe2\x80\x93";
    if (isinf(value)) return value > 0 ? "\xe2\x88\x9e" : "\xe2\x88\x92\xe2\x88\x9e";
    snprintf(text, RAD_HTML_NUMBER, "%.4g", value);
    return text;
}

const char *rad_html_p(double p, char text[RAD_HTML_NUMBER]) {
    if (p < 1e-300)
        snprintf(text, RAD_HTML_NUMBER, "p < 1e-300");
    else
        snprintf(text, RAD_HTML_NUMBER, isnan(p) ? "p \xe2\x80\x93" : "p %.4g", p);
    return text;
}

static void say(FILE *out, const char *class, const char *format, va_list arguments) {
    char text[SAID];
    vsnprintf(text, sizeof text, format, arguments);
    fprintf(out, "<p%s>", class);
    rad_html_text(out, text);
    fputs("</p>\n", out);
}

void rad_html_say(FILE *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(out, "", format, arguments);
    va_end(arguments);
}

void rad_html_nothing(FILE *out, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say(out, " class=\"nothing\"", format, arguments);
    va_end(arguments);
}

void rad_html_table(FILE *out, const char *caption, const char *csv, size_t rows,
                    const char *const *columns) {
    if (rows > LONG) {
        fputs("<details class=\"long\"><summary>", out);
        rad_html_text(out, caption);
        fprintf(out, ": %zu rows (in print: %s)</summary>\n", rows, csv);
    }
    fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
    rad_html_text(out, caption);
    fputs("</caption>\n<thead><tr>", out);
    for (size_t i = 0; columns[i]; i++) {
        const bool text = *columns[i] == '<';
        fprintf(out, "<th scope=\"col\"%s>", text ? " class=\"t\"" : "");
        rad_html_text(out, columns[i] + text);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void rad_html_row(FILE *out, const char *name) {
    fputs("<tr><th scope=\"row\">", out);
    rad_html_text(out, name);
    fputs("</th>", out);
}

void rad_html_cell(FILE *out, const char *text) {
    fputs("<td class=\"t\">", out);
    rad_html_text(out, *text ? text : "\xe2\x80\x93");
    fputs("</td>", out);
}

void rad_html_count(FILE *out, uint64_t count) {
    fprintf(out, "<td>%" PRIu64 "</td>", count);
}

void rad_html_known(FILE *out, bool known, uint64_t count) {
    if (known)
        rad_html_count(out, count);
    else
        fputs("<td>\xe2\x80\x93</td>", out);
}

void rad_html_numbers(FILE *out, const double *values, size_t count) {
    char text[RAD_HTML_NUMBER];
    for (size_t i = 0; i < count; i++) fprintf(out, "<td>%s</td>", rad_html_number(values[i], text));
}

void rad_html_end_row(FILE *out) {
    fputs("</tr>\n", out);
}

void rad_html_end_table(FILE *out, size_t rows) {
    fputs("</tbody></table></div>\n", out);
    if (rows > LONG) fputs("</details>\n", out);
}
