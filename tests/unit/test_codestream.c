/* Headers of compressed frames (io/dicom/codestream.h): whole ones, each cut short at every byte, and with
 * one field changed at a time. */
#include "../../io/dicom/codestream.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 3, COLUMNS = 5 };

static rad_pixel_format format_of(const char *syntax, unsigned allocated, rad_hue hue) {
    rad_pixel_format f = {.rows = ROWS, .columns = COLUMNS, .bits_allocated = allocated, .hue = hue};
    snprintf(f.syntax, sizeof f.syntax, "1.2.840.10008.1.2.%s", syntax);
    return f;
}

/* Of a copy that is as long as it says, so that a byte too far is seen. */
static unsigned bits_of(const rad_pixel_format *f, const unsigned char *coded, size_t length,
                        unsigned char *after) {
    unsigned char *copy = malloc(length ? length : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, coded, length);
    const unsigned bits = rad_codestream_bits(f, copy, length);
    if (after) memcpy(after, copy, length);
    free(copy);
    return bits;
}

/* One byte that is changed, and the bits then. */
typedef struct change {
    size_t at;
    unsigned to, bits;
} change;

static void try_changes(const rad_pixel_format *f, const unsigned char *coded, size_t length, const change *c,
                        size_t count) {
    unsigned char copy[256];
    ck_assert(length <= sizeof copy);
    for (size_t i = 0; i < count; i++) {
        memcpy(copy, coded, length);
        copy[c[i].at] = (unsigned char)c[i].to;
        const unsigned bits = bits_of(f, copy, length, NULL);
        ck_assert_msg(bits == c[i].bits, "byte %zu as %u: %u bits, not %u", c[i].at, c[i].to, bits,
                      c[i].bits);
    }
}
#define TRY(f, coded, ...)                                                                                   \
    try_changes(f, coded, sizeof(coded), (const change[]){__VA_ARGS__},                                      \
                sizeof((const change[]){__VA_ARGS__}) / sizeof(change))

/* SOI, APP0, a table, SOF, SOS of one component, two bytes. */
static const unsigned char grey[] = {0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1,    2, /* 2: APP0 */
                                     0xFF, 0xC4, 0,    3,    9,             /* 8: DHT */
                                     0xFF, 0xC0, 0,    11,   8, 0, ROWS, 0, COLUMNS, 1,
                                     1,    0x11, 0,                                     /* 13: SOF */
                                     0xFF, 0xDA, 0,    8,    1, 1, 0,    0, 63,      0, /* 26: SOS */
                                     0x12, 0x34};
enum { SOS_ENDS = 36 };

START_TEST(jpeg_of_grey) {
    const rad_pixel_format f = format_of("4.50", 8, RAD_HUE_GREY);
    unsigned char after[sizeof grey];
    ck_assert_uint_eq(bits_of(&f, grey, sizeof grey, after), 8);
    for (size_t i = 0; i < sizeof grey; i++) /* what an application says becomes a comment */
        ck_assert_uint_eq(after[i], i == 3 ? 0xFE : grey[i]);
    for (size_t length = 0; length < sizeof grey; length++)
        ck_assert_msg(bits_of(&f, grey, length, NULL) == (length >= SOS_ENDS ? 8U : 0U), "%zu bytes", length);
    TRY(&f, grey, {0, 0xFE, 0}, {1, 0xD9, 0}, {2, 0, 0}, {3, 0xEF, 8}, {3, 0xDB, 8}, {3, 0xFE, 8},
        {3, 0xBF, 0}, {3, 0xD0, 0}, {3, 0xD8, 0}, {3, 0xD9, 0}, {3, 0xC0, 0}, {3, 0xCF, 0}, {3, 0xC8, 8},
        {3, 0xCC, 8}, {3, 0xF7, 0}, {3, 0xDA, 0}, {5, 1, 0}, {5, 0, 0}, {5, 3, 0}, {5, 9, 8}, {5, 10, 0},
        {4, 1, 0}, {9, 0xC1, 0}, {14, 0xC1, 0}, {14, 0xC2, 0}, {14, 0xC3, 0}, {14, 0xC4, 0}, {16, 10, 0},
        {16, 12, 0}, {17, 7, 7}, {17, 2, 2}, {17, 1, 0}, {17, 9, 0}, {18, 1, 0}, {19, ROWS - 1, 0},
        {19, ROWS + 1, 0}, {20, 1, 0}, {21, COLUMNS - 1, 0}, {21, COLUMNS + 1, 0}, {22, 2, 0}, {22, 3, 0},
        {22, 0, 0}, {24, 0x21, 0}, {24, 0x12, 0}, {24, 0x10, 0}, {29, 7, 0}, {29, 9, 8}, {29, 10, 8},
        {29, 11, 0}, {30, 0, 0}, {30, 2, 0}, {30, 3, 0});
}
END_TEST

/* Bytes of FF before a marker fill; a second frame, and none, are refused. */
START_TEST(jpeg_markers) {
    const rad_pixel_format f = format_of("4.50", 8, RAD_HUE_GREY);
    unsigned char filled[sizeof grey + 3], twice[sizeof grey + 13], none[sizeof grey - 13];
    memcpy(filled, grey, 13);
    memset(filled + 13, 0xFF, 3);
    memcpy(filled + 16, grey + 13, sizeof grey - 13);
    ck_assert_uint_eq(bits_of(&f, filled, sizeof filled, NULL), 8);
    memcpy(twice, grey, 26);
    memcpy(twice + 26, grey + 13, sizeof grey - 13);
    ck_assert_uint_eq(bits_of(&f, twice, sizeof twice, NULL), 0);
    memcpy(none, grey, 13);
    memcpy(none + 13, grey + 26, sizeof grey - 26);
    ck_assert_uint_eq(bits_of(&f, none, sizeof none, NULL), 0);
}
END_TEST

/* Which frames each transfer syntax has, of those of T.81 and T.87. */
START_TEST(frames_of_each_syntax) {
    static const struct {
        const char *syntax, *frames;
    } rows[] = {{"4.50", "\xC0"}, {"4.51", "\xC0\xC1"}, {"4.57", "\xC3"}, {"4.70", "\xC3"}, {"4.80", "\xF7"},
                {"4.81", "\xF7"}, {"4.52", ""},         {"4.100", ""},    {"1", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const rad_pixel_format f = format_of(rows[i].syntax, 8, RAD_HUE_GREY);
        for (unsigned marker = 0xC0; marker < 0xFF; marker++) {
            unsigned char copy[sizeof grey];
            memcpy(copy, grey, sizeof grey);
            copy[14] = (unsigned char)marker;
            const unsigned fits = strchr(rows[i].frames, (int)marker) ? 8 : 0;
            ck_assert_msg(bits_of(&f, copy, sizeof copy, NULL) == fits, "%s, marker %X", f.syntax, marker);
        }
    }
}
END_TEST

static const unsigned char colours[] = {0xFF, 0xD8, 0xFF, 0xC0, 0, 17,   8, 0, ROWS, 0, COLUMNS,
                                        3,    1,    0x11, 0,    2, 0x11, 1, 3, 0x11, 1, /* 2: SOF */
                                        0xFF, 0xDA, 0,    12,   3, 1,    0, 2, 0,    3, 0,
                                        0,    63,   0}; /* 21: SOS */

START_TEST(jpeg_of_colours) {
    const rad_pixel_format f = format_of("4.50", 8, RAD_HUE_YBR);
    ck_assert_uint_eq(bits_of(&f, colours, sizeof colours, NULL), 8);
    TRY(&f, colours, {5, 16, 0}, {5, 14, 0}, {11, 1, 0}, {11, 4, 0}, {13, 0x21, 8}, {13, 0x12, 8},
        {13, 0x22, 8}, {13, 0x41, 0}, {13, 0x10, 0}, {16, 0x21, 0}, {16, 0x12, 0}, {19, 0x21, 0},
        {19, 0x22, 0}, {25, 1, 8}, {25, 2, 0}, {25, 4, 0});
}
END_TEST

/* SOC, SIZ: an image from (1, 2) to (1 + COLUMNS, 2 + ROWS), a tile, components of 12 bits. */
static const unsigned char wavelets[] = {0xFF, 0x4F, 0xFF, 0x51,     0, 41, 0,  0, 0, 0, 0, 1 + COLUMNS,
                                         0,    0,    0,    2 + ROWS, 0, 0,  0,  1, 0, 0, 0, 2, /* 8, 16 */
                                         0,    0,    0,    9,        0, 0,  0,  9, 0, 0, 0, 0,
                                         0,    0,    0,    0,        0, 1,  11, 1, 1}; /* 24: tile */

START_TEST(jpeg_2000) {
    const rad_pixel_format f = format_of("4.90", 16, RAD_HUE_GREY),
                           other = format_of("4.91", 16, RAD_HUE_GREY);
    ck_assert_uint_eq(bits_of(&f, wavelets, sizeof wavelets, NULL),
                      0); /* three bytes of a component more are read */
    unsigned char more[51] = {0};
    memcpy(more, wavelets, sizeof wavelets);
    ck_assert_uint_eq(bits_of(&f, more, sizeof more, NULL), 12);
    ck_assert_uint_eq(bits_of(&other, more, sizeof more, NULL), 12);
    for (size_t length = 0; length < sizeof more; length++)
        ck_assert_uint_eq(bits_of(&f, more, length, NULL), 0);
    TRY(&f, more, {0, 0, 0}, {1, 0x4E, 0}, {3, 0x52, 0}, {11, COLUMNS, 0}, {11, 0, 0}, {11, 1, 0}, {8, 1, 0},
        {15, 1 + ROWS, 0}, {15, 2, 0}, {12, 1, 0}, {19, 0, 0}, {19, 2, 0}, {23, 1, 0}, {23, 3, 0}, {27, 0, 0},
        {31, 0, 0}, {41, 2, 0}, {41, 3, 0}, {40, 1, 0}, {42, 15, 16}, {42, 16, 0}, {42, 8, 9}, {42, 7, 0},
        {42, 0x80 | 11, 12}, {43, 2, 0}, {44, 2, 0}, {43, 0, 0});
    const rad_pixel_format rgb = format_of("4.90", 8, RAD_HUE_RGB);
    unsigned char three[57] = {0};
    memcpy(three, wavelets, 42);
    three[41] = 3;
    for (size_t i = 42; i < 51; i++) three[i] = i % 3 ? 1 : 7;
    ck_assert_uint_eq(bits_of(&rgb, three, sizeof three, NULL), 8);
    for (size_t length = 0; length < sizeof three; length++)
        ck_assert_uint_eq(bits_of(&rgb, three, length, NULL), 0);
    TRY(&rgb, three, {41, 1, 0}, {45, 6, 0}, {48, 6, 0}, {46, 2, 0}, {50, 2, 0}, {49, 2, 0});
}
END_TEST

/* A table of 16 numbers, the least byte first: how many segments, and where each begins. */
START_TEST(run_lengths) {
    const rad_pixel_format f = format_of("5", 16, RAD_HUE_GREY), rgb = format_of("5", 8, RAD_HUE_RGB);
    unsigned char two[80] = {[0] = 2, [4] = 64, [8] = 70},
                  three[80] = {[0] = 3, [4] = 64, [8] = 64, [12] = 79};
    const rad_pixel_format byte = format_of("5", 8, RAD_HUE_GREY);
    unsigned char one[80] = {[0] = 1, [4] = 64};
    for (size_t length = 63; length <= 64; length++) /* a table ends there, whatever follows */
        ck_assert_uint_eq(rad_codestream_bits(&byte, one, length), length == 64 ? 8 : 0);
    ck_assert_uint_eq(bits_of(&f, two, sizeof two, NULL), 16);
    ck_assert_uint_eq(bits_of(&rgb, three, sizeof three, NULL), 8);
    for (size_t length = 0; length < sizeof two; length++)
        ck_assert_msg(bits_of(&f, two, length, NULL) == (length > 70 ? 16U : 0U), "%zu bytes", length);
    TRY(&f, two, {0, 1, 0}, {0, 3, 0}, {1, 1, 0}, {2, 1, 0}, {3, 1, 0}, {4, 63, 0}, {4, 65, 0}, {5, 1, 0},
        {8, 64, 16}, {8, 63, 0}, {8, 79, 16}, {8, 80, 0}, {9, 1, 0}, {10, 1, 0}, {11, 1, 0}, {12, 1, 16});
    TRY(&rgb, three, {0, 1, 0}, {0, 2, 0}, {0, 4, 0}, {8, 79, 8}, {12, 63, 0}, {12, 64, 8}, {12, 80, 0});
}
END_TEST

/* JFIF is YBR; Adobe says whether it is. The first that speaks counts. */
START_TEST(colours_by_their_words) {
    static const struct {
        const char *bytes;
        size_t length;
        rad_hue hue;
    } rows[] = {
        {"\xFF\xD8\xFF\xE0\0\7JFIF", 11, RAD_HUE_YBR},
        {"\xFF\xD8\xFF\xE0\0\7JFIF", 10, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xE0\0\6JFIF", 11, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xE0\0\10JFIF", 11, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xE0\0\7JFIX\0", 11, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xE1\0\7JFIF\0", 11, RAD_HUE_GREY},
        {"\xFF\xD9\xFF\xE0\0\7JFIF\0", 11, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xEE\0\16Adobe\0\0\0\0\0\0\1", 18, RAD_HUE_YBR},
        {"\xFF\xD8\xFF\xEE\0\16Adobe\0\0\0\0\0\0\0", 18, RAD_HUE_RGB},
        {"\xFF\xD8\xFF\xEE\0\15Adobe\0\0\0\0\0\0\1", 18, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xEE\0\16Adobx\0\0\0\0\0\0\1", 18, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xDB\0\3\1\xFF\xEE\0\16Adobe\0\0\0\0\0\0\0", 23, RAD_HUE_RGB},
        {"\xFF\xD8\xFF\xDB\0\1\1\xFF\xEE\0\16Adobe\0\0\0\0\0\0\0", 23, RAD_HUE_GREY},
        {"\xFF\xD8\xFF\xBF\0\3\1\xFF\xEE\0\16Adobe\0\0\0\0\0\0\0", 23, RAD_HUE_GREY},
        {"\xFF\xD8\xFF", 3, RAD_HUE_GREY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char *copy = malloc(rows[i].length);
        ck_assert_ptr_nonnull(copy);
        memcpy(copy, rows[i].bytes, rows[i].length);
        ck_assert_msg(rad_codestream_hue(copy, rows[i].length) == rows[i].hue, "row %zu", i);
        free(copy);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("codestream");
    TCase *tests = tcase_create("codestream");
    tcase_add_test(tests, jpeg_of_grey);
    tcase_add_test(tests, jpeg_markers);
    tcase_add_test(tests, frames_of_each_syntax);
    tcase_add_test(tests, jpeg_of_colours);
    tcase_add_test(tests, jpeg_2000);
    tcase_add_test(tests, run_lengths);
    tcase_add_test(tests, colours_by_their_words);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
