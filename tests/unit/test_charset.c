/* Names by character sets: the examples of PS3.5 annexes H to K, and texts whose UTF-8 is known; sets that
 * are misspelled, missing or wrong. */
#include "testing.h"

#include "../../io/dicom/charset.h"

#include <string.h>

static const struct {
    const char *terms, *bytes, *utf8;
} rows[] = {
    {"", "plain", "plain"},
    {NULL, "plain", "plain"},
    {"ISO_IR 100", "Tum\xf6r", "Tumör"},
    {"ISO_IR 101", "W\xb1l\xb3y", "Wąlły"},
    {"ISO_IR 109", "\xe6", "ĉ"},
    {"ISO_IR 110", "\xe7", "į"},
    {"ISO_IR 144", "\xbb\xee\xda", "Люк"},
    {"ISO_IR 127", "\xe2\xc8\xc7\xe6\xea", "قباني"},
    {"ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2", "Διονυσιος"},
    {"ISO_IR 138", "\xf9\xf8\xe5\xef", "שרון"},
    {"ISO_IR 148", "\xfdl\xe7", "ılç"},
    {"ISO_IR 203", "10 \xa4", "10 €"},
    {"ISO_IR 166", "\xb9\xd2", "นา"},
    {"ISO_IR 13", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3", "ﾔﾏﾀﾞ^ﾀﾛｳ"},
    {"ISO_IR 192", "Wang^\xe5\xb0\x8f\xe4\xb8\x9c", "Wang^小东"},
    {"GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"},
    {"GBK", "\xcd\xf5", "王"},
    {"\\ISO 2022 IR 87", "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B", "Yamada^Tarou=山田^太郎"},
    {"ISO 2022 IR 13\\ISO 2022 IR 87", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
     "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎"},
    {"\\ISO 2022 IR 87\\ISO 2022 IR 159", "\x1b$(D0!\x1b(B", "丂"},
    {"\\ISO 2022 IR 149",
     "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
     "Hong^Gildong=洪^吉洞=홍^길동"},
    {"\\ISO 2022 IR 149", "\xc8\xab", "홍"}, /* without the escape */
    {"\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab", "Zhang^XiaoDong=张^小东"},
    {"ISO 2022 IR 6\\ISO 2022 IR 100", "Tum\x1b-A\xf6r", "Tumör"},
    {"ISO 2022 IR 6\\ISO 2022 IR 100", "Tum\xf6r", "Tumör"},
    {"ISO 2022 IR 100\\ISO 2022 IR 144", "\xe9\x1b-L\xbb^\xe9",
     "éЛ^é"}, /* a delimiter ends what was designated */
    {"ISO 2022 IR 100\\ISO 2022 IR 126", "\xe9\x1b-F\xc4\\\xe9", "éΔ\\é"},
    {"ISO IR 100", "\xf6", "ö"},
    {"ISO-IR-100", "\xf6", "ö"},
    {"iso_ir 100", "\xf6", "ö"},
    {"UTF-8", "\xc3\xb6", "ö"},
    {"ISO 2022 GBK", "\xd6\xd7\xc1\xf6", "肿瘤"}, /* as some systems write the terms */
    {"ISO 2022 58", "\xd6\xd7\xc1\xf6", "肿瘤"},
    {"ISO_IR 58", "\xd6\xd7\xc1\xf6", "肿瘤"},
    {"ISO_IR 149", "\xc1\xbe\xbe\xe7", "종양"},
    {"ISO 2022 IR 149", "\xc1\xbe\xbe\xe7", "종양"},
    {"", "Tum\xf6r", "Tumör"}, /* of no set: UTF-8 where it can be, else Latin-1 */
    {"ISO_IR 6", "Tum\xc3\xb6r", "Tumör"},
    {"no set", "\xf6", "ö"},
    {"", "\x1b$B;3ED\x1b(B", "山田"},
    {"ISO_IR 192", "a\xf6z", "a?z"},
    {"ISO_IR 100", "a\x1b(Qz", "a?(Qz"}, /* an escape that is none */
    {"ISO_IR 100", "a\x1b", "a?"},
    {"\\ISO 2022 IR 87", "\x1b$B;3E", "山?"},
    {"ISO_IR 100", "a\nb\x7f", "a?b?"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

START_TEST(sets) {
    char text[200];
    rad_error error = {0};
    ck_ok(
        rad_charset_read(rows[_i].terms, rows[_i].bytes, strlen(rows[_i].bytes), text, sizeof text, &error));
    ck_assert_str_eq(text, rows[_i].utf8);
}
END_TEST

/* Whatever room there is, it is not overrun, and what is there begins the whole text. */
START_TEST(little_room) {
    char whole[200];
    rad_error error = {0};
    const size_t length = strlen(rows[_i].bytes);
    ck_ok(rad_charset_read(rows[_i].terms, rows[_i].bytes, length, whole, sizeof whole, &error));
    for (size_t size = 1; size < 40; size++) {
        char text[40];
        memset(text, '#', sizeof text);
        ck_ok(rad_charset_read(rows[_i].terms, rows[_i].bytes, length, text, size, &error));
        ck_assert_uint_lt(strlen(text), size);
        ck_assert(!memcmp(text, whole, strlen(text)));
        for (size_t i = size; i < sizeof text; i++) ck_assert_int_eq(text[i], '#');
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("charset");
    TCase *tests = tcase_create("charset");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, sets, 0, ROWS);
    tcase_add_loop_test(tests, little_room, 0, ROWS);
    return test_run(suite);
}
