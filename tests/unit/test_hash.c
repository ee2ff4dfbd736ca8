#include "../../core/bitset.h"
#include "../../core/hash.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* RFC 7693, appendix A. */
static const char abc[] = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
                          "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";

START_TEST(known_digest) {
    unsigned char digest[64];
    char text[129];
    rad_hash hash;
    for (int pieces = 1; pieces <= 3; pieces++) {
        rad_hash_begin(&hash, sizeof digest, NULL, 0);
        for (int i = 0; i < pieces; i++)
            rad_hash_add(&hash, &"abc"[i], i + 1 < pieces ? 1 : 4 - (size_t)pieces);
        rad_hash_add(&hash, NULL, 0);
        rad_hash_end(&hash, digest);
        ck_assert_str_eq(rad_hash_text(digest, sizeof digest, text), abc);
    }
}
END_TEST

/* The length is part of the digest, and a key makes another one. */
START_TEST(length_and_key) {
    char text[RAD_DIGEST_TEXT], keyed[RAD_DIGEST_TEXT];
    unsigned char digest[32];
    rad_hash hash;
    rad_hash_digest("abc", 3, text);
    ck_assert_uint_eq(strlen(text), 64);
    ck_assert_int_ne(strncmp(text, abc, 64), 0);
    rad_hash_begin(&hash, sizeof digest, NULL, 0);
    rad_hash_add(&hash, "abc", 3);
    rad_hash_end(&hash, digest);
    ck_assert_str_eq(rad_hash_text(digest, sizeof digest, keyed), text);
    rad_hash_begin(&hash, sizeof digest, "a secret of theirs", 18);
    rad_hash_add(&hash, "abc", 3);
    rad_hash_end(&hash, digest);
    ck_assert_str_ne(rad_hash_text(digest, sizeof digest, keyed), text);
}
END_TEST

/* Against an array of flags. */
START_TEST(set_of_indices) {
    enum { COUNT = 200 };
    const size_t words = rad_bitset_words(COUNT);
    uint64_t a[4] = {0}, b[4] = {0};
    bool in_a[COUNT] = {false}, in_b[COUNT] = {false};
    ck_assert_uint_eq(words, 4);
    ck_assert_uint_eq(rad_bitset_words(0), 0);
    ck_assert_uint_eq(rad_bitset_words(64), 1);
    srand(5);
    for (int k = 0; k < 120; k++) {
        const size_t i = (size_t)rand() % COUNT, j = (size_t)rand() % COUNT;
        rad_bitset_add(a, i);
        rad_bitset_add(b, j);
        in_a[i] = in_b[j] = true;
        size_t count = 0, beyond = 0, common = 0;
        for (size_t n = 0; n < COUNT; n++) {
            ck_assert(rad_bitset_has(a, n) == in_a[n]);
            count += in_a[n];
            beyond += in_a[n] && !in_b[n];
            common += in_a[n] && in_b[n];
        }
        ck_assert_uint_eq(rad_bitset_count(a, words), count);
        ck_assert_uint_eq(rad_bitset_beyond(a, b, words), beyond);
        ck_assert_uint_eq(rad_bitset_common(a, b, words), common);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("hash");
    TCase *tests = tcase_create("hash");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, known_digest);
    tcase_add_test(tests, length_and_key);
    tcase_add_test(tests, set_of_indices);
    return test_run(suite);
}
