/* Compressed frames whose stream and header contradict each other: on files of tests/fuzz/source whose
 * headers are changed here, and on cases of known outcome. */
#include "../../core/memory.h"
#include "../../io/dicom/codestream.h"
#include "../../io/dicom/members.h"
#include "../../pipeline/case_files.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/radiomill-frames-XXXXXX";

static rad_status read_all(const char *path, rad_volume *volume, rad_error *error) {
    rad_settings settings;
    rad_settings_default(&settings);
    const rad_source_options how = rad_case_source_options(&settings, NULL, 2);
    rad_source source;
    *volume = (rad_volume){.voxels = NULL};
    rad_status status = rad_source_open(path, &how, &source, NULL, error);
    if (status == RAD_OK) status = rad_source_read(&source, &how, NULL, volume, NULL, error);
    rad_source_close(&source);
    return status;
}

/* Sets a short of an explicit, little endian header. */
static void set_short(unsigned char *file, size_t length, unsigned element, unsigned value) {
    const unsigned char head[8] = {0x28, 0x00, (unsigned char)element, 0x01, 'U', 'S', 2, 0};
    for (size_t i = 132; i + 10 <= length; i++)
        if (!memcmp(file + i, head, sizeof head)) {
            file[i + 8] = (unsigned char)value;
            file[i + 9] = (unsigned char)(value >> 8);
            return;
        }
    ck_abort_msg("no element 0028,01%02X", element);
}

/* A copy of the file with other bits allocated, stored, and another high bit. */
static const char *copy_of(const char *name, const unsigned bits[3]) {
    static unsigned char file[1 << 20];
    static char path[512];
    snprintf(path, sizeof path, "tests/fuzz/source/%s.dcm", name);
    FILE *from = fopen(path, "rb");
    ck_assert_msg(from != NULL, "%s", path);
    const size_t length = fread(file, 1, sizeof file, from);
    fclose(from);
    for (unsigned i = 0; i < 3; i++) set_short(file, length, i, bits[i]);
    snprintf(path, sizeof path, "%s/%s.dcm", folder, name);
    FILE *to = fopen(path, "wb");
    ck_assert(to && fwrite(file, 1, length, to) == length && !fclose(to));
    return path;
}

static const unsigned as_it_is[3] = {16, 16, 15};

/* Streams of 16 bits; signed ones hold -100..399, the others 0..499. */
static const struct {
    const char *name;
    unsigned enough; /* bits that hold every voxel */
} streams[] = {{"rle", 10}, {"jpeg_lossless", 10}, {"jpeg_2000", 10}, {"jpeg_ls", 9}};

static void read_copy(const char *name, const unsigned bits[3], double *voxels, size_t room) {
    rad_error error = {0};
    rad_volume volume;
    ck_ok(read_all(copy_of(name, bits), &volume, &error));
    const rad_box all = rad_geometry_box(&volume.geometry);
    ck_assert_uint_eq(rad_box_count(&all), room);
    rad_volume_crop(&volume, &all, voxels);
    rad_volume_free(&volume);
}

START_TEST(fewer_bits_stored) {
    enum { VOXELS = 24 * 20 };
    const char *name = streams[_i].name;
    const unsigned enough = streams[_i].enough;
    static double whole[VOXELS], got[VOXELS];
    read_copy(name, as_it_is, whole, VOXELS);
    for (unsigned stored = 16; stored >= 2; stored--) {
        const unsigned bits[3] = {16, stored, stored - 1};
        rad_error error = {0};
        rad_volume volume;
        if (stored >= enough) {
            read_copy(name, bits, got, VOXELS);
            ck_assert_msg(!memcmp(got, whole, sizeof got), "%s, %u bits stored", name, stored);
            continue;
        }
        const char *path = copy_of(name, bits);
        ck_assert_int_eq(read_all(path, &volume, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, path) == error.text && strstr(error.text, "BitsStored"), "%s",
                      error.text);
    }
}
END_TEST

/* Voxels that lie above unused bits of the stream are shifted down. */
START_TEST(high_bits) {
    enum { VOXELS = 24 * 20 };
    static double whole[VOXELS], got[VOXELS];
    const unsigned bits[3] = {16, 12, 15};
    read_copy(streams[_i].name, as_it_is, whole, VOXELS);
    read_copy(streams[_i].name, bits, got, VOXELS);
    for (size_t i = 0; i < VOXELS; i++) ck_assert(got[i] == 2 * floor((whole[i] + 1000) / 2 / 16) - 1000);
}
END_TEST

/* Bits allocated that the stream does not have. */
START_TEST(other_bits_allocated) {
    static const char *const names[] = {"rle", "jpeg_lossless", "jpeg_2000", "jpeg_ls", "jpeg_baseline"};
    static const unsigned tries[][3] = {{32, 32, 31}, {32, 16, 15}, {8, 8, 7}, {16, 16, 15}, {32, 9, 8}};
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        rad_error error = {0};
        rad_volume volume;
        if (tries[i][0] == (_i == 4 ? 8 : 16)) continue; /* what it has */
        const char *path = copy_of(names[_i], tries[i]);
        ck_assert_int_eq(read_all(path, &volume, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, path) == error.text && strstr(error.text, "cannot be decoded"), "%s",
                      error.text);
    }
}
END_TEST

/* Every precision that a header can state: 2 to 16 bits (T.81, T.87), which need as many bytes as are
 * allocated; JPEG 2000 has single bits, too, where no more are stored. */
START_TEST(precisions) {
    enum { ROWS = 3, COLUMNS = 5 };
    for (unsigned allocated = 8; allocated <= 32; allocated *= 2)
        for (unsigned bits = 0; bits <= 38; bits++) {
            const unsigned fits = bits < 2 || bits > 16 ? 0 : allocated == (bits > 8 ? 16U : 8U) ? bits : 0;
            rad_pixel_format f = {.rows = ROWS, .columns = COLUMNS, .bits_allocated = allocated};
            unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xF7,    0,    11,  (unsigned char)bits,
                                    0,    ROWS, 0,    COLUMNS, 1,    1,   0x11,
                                    0,    0xFF, 0xDA, 0,       8,    1,   1,
                                    0,    0,    0,    0,       0xFF, 0xD9};
            unsigned char wavelet[51] = {0xFF,           0x4F,        0xFF,
                                         0x51,           0,           41,
                                         [11] = COLUMNS, [15] = ROWS, [27] = COLUMNS,
                                         [31] = ROWS,    [41] = 1,    [42] = (unsigned char)(bits - 1),
                                         [43] = 1,       [44] = 1};
            snprintf(f.syntax, sizeof f.syntax, "1.2.840.10008.1.2.4.80");
            ck_assert_msg(rad_codestream_bits(&f, jpeg, sizeof jpeg) == fits, "JPEG-LS, %u of %u", bits,
                          allocated);
            snprintf(f.syntax, sizeof f.syntax, "1.2.840.10008.1.2.4.90");
            ck_assert_msg(!bits || rad_codestream_bits(&f, wavelet, sizeof wavelet) == fits,
                          "JPEG 2000, %u of %u", bits, allocated);
            f.bits_stored = 1;
            const unsigned single = bits == 1 && allocated == 8 ? 1 : fits;
            ck_assert_msg(!bits || rad_codestream_bits(&f, wavelet, sizeof wavelet) == single,
                          "JPEG 2000, %u of %u, 1 stored", bits, allocated);
        }
}
END_TEST

START_TEST(cases_of_known_outcome) {
    static const char *const names[] = {"jpeg_ls_of_32_bits", "bits_stored_below_the_stream"};
    const char *cases = getenv("RADIOMILL_CASES");
    char path[512];
    snprintf(path, sizeof path, "%s/reliability/%s/image", cases ? cases : "../shared/cases", names[_i]);
    if (access(path, R_OK) != 0) {
        printf("frames: skipped: no cases\n");
        return;
    }
    rad_error error = {0};
    rad_volume volume;
    ck_assert_int_eq(read_all(path, &volume, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, path) == error.text && strstr(error.text, "/003.dcm: "), "%s",
                  error.text);
}
END_TEST

/* Copies of one transfer syntax are the same where their bytes are, though nobody can decode these. */
START_TEST(copies_that_cannot_be_decoded) {
    static const char *const contents[] = {"no codestream", "no codestream", "no code stream",
                                           "no codestreaM"};
    char path[2][64];
    rad_frame frame = {.slope = 1};
    rad_instance copy[2];
    for (size_t i = 1; i < sizeof contents / sizeof contents[0]; i++) {
        for (size_t k = 0; k < 2; k++) {
            snprintf(path[k], sizeof path[k], "%s/copy%zu", folder, k);
            FILE *file = fopen(path[k], "w");
            ck_assert(file && fputs(contents[k * i], file) >= 0 && !fclose(file));
            copy[k] = (rad_instance){.path = path[k],
                                     .format = {2, 2, 1, .bits_allocated = 8, .bits_stored = 8, .high_bit = 7,
                                                .syntax = "1.2.840.10008.1.2.4.90"},
                                     .data = {.encapsulated = true},
                                     .frames = &frame,
                                     .frame_count = 1};
        }
        ck_assert(rad_members_same(&copy[0], &copy[1]) == (i == 1));
        strcpy(copy[1].format.syntax, "1.2.840.10008.1.2.4.80"); /* of another, what they decode to counts */
        ck_assert(!rad_members_same(&copy[0], &copy[1]));
    }
}
END_TEST

int main(void) {
    char command[512];
    if (!mkdtemp(folder)) return 1;
    Suite *suite = suite_create("frames");
    TCase *tests = tcase_create("frames");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 600);
    tcase_add_loop_test(tests, fewer_bits_stored, 0, 4);
    tcase_add_loop_test(tests, high_bits, 0, 4);
    tcase_add_loop_test(tests, other_bits_allocated, 0, 5);
    tcase_add_test(tests, precisions);
    tcase_add_test(tests, copies_that_cannot_be_decoded);
    tcase_add_loop_test(tests, cases_of_known_outcome, 0, 2);
    const int code = test_run(suite);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 ? 1 : code;
}
