/* Text as people may see it: every character and every pair and triple of bytes against naive twins. */
#include "testing.h"

#include "../../core/printable.h"
#include "../../io/csv.h"
#include "../../report/html.h"

#include <stdlib.h>
#include <string.h>

/* UTF-8 by its definition (RFC 3629, section 3). */
static size_t encode(uint32_t code, char text[5]) {
    const size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    memset(text, 0, 5);
    for (size_t i = bytes; i-- > 1; code >>= 6) text[i] = (char)(0x80 | (code & 0x3F));
    text[0] = (char)(lead[bytes] | code);
    return bytes;
}

/* The characters of control, one by one. */
static bool is_listed(uint32_t code) {
    static const uint32_t ranges[][2] = {
        {0, 0x1F},         {0x7F, 0x7F},     {0x80, 0x9F},     {0x2028, 0x2029}, {0x202A, 0x202E},
        {0x2066, 0x2069},  {0x200B, 0x200F}, {0x2060, 0x2065}, {0x206A, 0x206F}, {0xFEFF, 0xFEFF},
        {0xAD, 0xAD},      {0x34F, 0x34F},   {0x61C, 0x61C},   {0x115F, 0x1160}, {0x17B4, 0x17B5},
        {0x180B, 0x180F},  {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
        {0xE0000, 0xE0FFF}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1]) return true;
    return false;
}

START_TEST(every_character) {
    char text[5], shown[RAD_SHOWN], escape[RAD_SHOWN];
    for (uint32_t code = 1; code <= 0x10FFFF; code++) {
        if (code == 0xD800) code = 0xE000;
        size_t bytes = 0;
        const size_t length = encode(code, text);
        const bool plain = rad_printable_next(text, &bytes, shown);
        snprintf(escape, sizeof escape, code > 0xFFFF ? "\\U%08x" : "\\u%04x", code);
        ck_assert_msg(bytes == length && plain == !is_listed(code) && !strcmp(shown, plain ? text : escape),
                      "U+%04X: %zu bytes, %s", code, bytes, shown);
    }
}
END_TEST

/* What is no character: a byte each. The well-formed ones are those that `encode` gives. */
START_TEST(every_sequence_of_three_bytes) {
    static bool well[1 << 16], pairs[1 << 11];
    char shown[RAD_SHOWN], escape[RAD_SHOWN];
    for (uint32_t code = 0x80; code < 0x800; code++) pairs[code] = true;
    for (uint32_t code = 0x800; code < 0x10000; code++) well[code] = code < 0xD800 || code > 0xDFFF;
    for (unsigned a = 0x80; a < 0x100; a++)
        for (unsigned b = 0x7E; b < 0xC2; b++)
            for (unsigned c = 0x7E; c < 0xC2; c++) {
                const char bytes[] = {(char)a, (char)b, (char)c, 0};
                const bool tail = (b & 0xC0) == 0x80, tails = tail && (c & 0xC0) == 0x80;
                size_t used = 0, expected = 1;
                if (a >= 0xC0 && a < 0xE0 && tail && pairs[(a & 0x1F) << 6 | (b & 0x3F)]) expected = 2;
                if (a >= 0xE0 && a < 0xF0 && tails && well[(a & 0xF) << 12 | (b & 0x3F) << 6 | (c & 0x3F)])
                    expected = 3;
                const bool plain = rad_printable_next(bytes, &used, shown);
                snprintf(escape, sizeof escape, "\\x%02x", a);
                ck_assert_msg(used == expected && (expected > 1 || (!plain && !strcmp(shown, escape))),
                              "%02x %02x %02x: %zu, %s", a, b, c, used, shown);
            }
}
END_TEST

START_TEST(four_bytes) {
    static const struct {
        const char *text;
        size_t bytes;
    } some[] = {{"\xF0\x90\x80\x80", 4}, {"\xF4\x8F\xBF\xBF", 4}, {"\xF0\x8F\xBF\xBF", 1},
                {"\xF4\x90\x80\x80", 1}, {"\xF5\x80\x80\x80", 1}, {"\xF0\x9F\x92", 1},
                {"\xF8\x88\x80\x80", 1}, {"\xF0\x9F\x92\x41", 1}};
    char shown[RAD_SHOWN];
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        size_t bytes = 0;
        ck_assert(rad_printable_next(some[i].text, &bytes, shown) == (some[i].bytes == 4));
        ck_assert_uint_eq(bytes, some[i].bytes);
    }
}
END_TEST

static const char hostile[] = "a\033[31m\r\n\t\"b\177\xC2\x9B\xE2\x80\xAE\xE2\x81\xA6\xFF\xC3\xA9";
static const char harmless[] =
    "a\\u001b[31m\\u000d\\u000a\\u0009\"b\\u007f\\u009b\\u202e\\u2066\\xff\xC3\xA9";

START_TEST(text_is_cut_between_characters) {
    char out[128], again[128];
    ck_assert_str_eq(rad_printable(hostile, out, sizeof out), harmless);
    ck_assert_str_eq(rad_printable(out, again, sizeof again), harmless);
    for (size_t room = 1; room < sizeof harmless; room++) {
        rad_printable(hostile, out, room);
        const size_t length = strlen(out);
        ck_assert(length < room && !strncmp(out, harmless, length));
        ck_assert(harmless[length] == '\0' || room - length <= RAD_SHOWN);
        rad_printable(out, again, sizeof again);
        ck_assert_str_eq(again, out);
        if (length) ck_assert(out[length - 1] != '\\' && out[length - 1] != '\xC3');
    }
}
END_TEST

START_TEST(errors_and_warnings_are_harmless) {
    static rad_warnings warnings;
    rad_error error;
    char expected[256], longer[2048];
    snprintf(expected, sizeof expected, "%s: no", harmless);
    rad_fail(&error, RAD_CONFIG, "%s: no", hostile);
    ck_assert_str_eq(error.text, expected);
    rad_warn(&warnings, "%s: no", hostile);
    ck_assert_str_eq(warnings.text[0], expected);
    for (size_t shift = 0; shift < 3; shift++) { /* a text that is too long ends with a whole character */
        memset(longer, 'x', sizeof longer);
        for (size_t i = shift; i + 2 < sizeof longer; i += 2) memcpy(longer + i, "\xC3\xA9", 2);
        longer[sizeof longer - 1] = '\0';
        rad_fail(&error, RAD_CONFIG, "%s", longer);
        ck_assert(strlen(error.text) > sizeof error.text - 8 && !strstr(error.text, "\\x"));
    }
}
END_TEST

/* What a function writes into memory. */
static char *written(void (*put)(FILE *)) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    ck_assert_ptr_nonnull(out);
    put(out);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

static void put_shown(FILE *out) {
    rad_show(out, "\n%s: %d\n\n", hostile, 7);
}
static void put_lines(FILE *out) {
    rad_printable_lines(out, hostile, sizeof hostile - 1);
    rad_printable_lines(out, "\xE2\x80", 2);
    rad_printable_lines(out, "\0b", 2);
}
static void put_csv(FILE *out) {
    rad_csv_put(out, hostile);
    fputc(',', out);
    rad_csv_put(out, "\033");
    fputc(',', out);
    rad_csv_put_path(out, hostile);
}
static void put_html(FILE *out) {
    rad_html_text(out, hostile);
}

START_TEST(where_it_is_put) {
#define BAD "\xEF\xBF\xBD"
    static const struct {
        void (*put)(FILE *);
        const char *text;
    } all[] = {
        {put_shown, "\na\\u001b[31m\\u000d\\u000a\\u0009\"b\\u007f\\u009b\\u202e\\u2066\\xff\xC3\xA9: 7\n\n"},
        {put_lines, "a\\u001b[31m\r\n\t\"b\\u007f\\u009b\\u202e\\u2066\\xff\xC3\xA9\\xe2\\x80\\u0000b"},
        {put_csv, "\"a\\u001b[31m\r\n\t\"\"b\\u007f\\u009b\\u202e\\u2066\\xff\xC3\xA9\",\\u001b,"
                  "\"a\033[31m\r\n\t\"\"b\177\xC2\x9B\xE2\x80\xAE\xE2\x81\xA6\xFF\xC3\xA9\""},
        {put_html, "a" BAD "[31m" BAD "\n\t&quot;b" BAD BAD BAD BAD BAD "\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char *text = written(all[i].put);
        ck_assert_str_eq(text, all[i].text);
        free(text);
    }
}
END_TEST

START_TEST(long_lines_are_whole) {
    static char name[20000];
    char *text = NULL;
    size_t length = 0;
    memset(name, 'n', sizeof name - 1);
    FILE *out = open_memstream(&text, &length);
    rad_show(out, "%s\033\n", name);
    fclose(out);
    ck_assert_uint_eq(length, sizeof name - 1 + 7);
    ck_assert_str_eq(text + length - 7, "\\u001b\n");
    free(text);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("printable");
    TCase *tests = tcase_create("text");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, every_character);
    tcase_add_test(tests, every_sequence_of_three_bytes);
    tcase_add_test(tests, four_bytes);
    tcase_add_test(tests, text_is_cut_between_characters);
    tcase_add_test(tests, errors_and_warnings_are_harmless);
    tcase_add_test(tests, where_it_is_put);
    tcase_add_test(tests, long_lines_are_whole);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
