/* SHA-1 against the digests of FIPS 180 and RFC 3174, in pieces of every length. */
#include "testing.h"

#include "../../core/sha1.h"

#include <string.h>

static const struct {
    const char *text;
    size_t times;
    const char *digest;
} rows[] = {
    {"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {"0123456701234567012345670123456701234567012345670123456701234567", 10,
     "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
    {"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
};

START_TEST(known_digests) {
    char text[RAD_SHA1_TEXT];
    rad_sha1 sha;
    rad_sha1_begin(&sha);
    for (size_t i = 0; i < rows[_i].times; i++) rad_sha1_add(&sha, rows[_i].text, strlen(rows[_i].text));
    rad_sha1_end(&sha, text);
    ck_assert_str_eq(text, rows[_i].digest);
}
END_TEST

START_TEST(pieces_make_no_difference) {
    unsigned char bytes[200];
    char whole[RAD_SHA1_TEXT], parts[RAD_SHA1_TEXT];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 37);
    for (size_t length = 0; length <= sizeof bytes; length++)
        for (size_t cut = 0; cut <= length; cut += 13) {
            rad_sha1 sha;
            rad_sha1_begin(&sha);
            rad_sha1_add(&sha, bytes, length);
            rad_sha1_end(&sha, whole);
            rad_sha1_begin(&sha);
            rad_sha1_add(&sha, bytes, cut);
            rad_sha1_add(&sha, bytes + cut, length - cut);
            rad_sha1_end(&sha, parts);
            ck_assert_str_eq(whole, parts);
        }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sha1");
    TCase *c = tcase_create("sha1");
    suite_add_tcase(suite, c);
    tcase_add_loop_test(c, known_digests, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(c, pieces_make_no_difference);
    return test_run(suite);
}
