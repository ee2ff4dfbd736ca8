/* NIfTI files built byte by byte: every type, both byte orders, both versions, and everything that can be
 * wrong. Masks: labels, boxes, other grids. */
#include "nifti_files.h"

#include "../../core/memory.h"

#include "../../core/mask.h"
#include "../../io/bytes.h"
#include "../../io/scan/nifti.h"

#include <libdeflate.h>
#include <nifti1.h>
#include <nifti2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int code, bits;
    rad_type type;
} types[] = {{2, 8, RAD_UINT8},     {256, 8, RAD_INT8},    {512, 16, RAD_UINT16},   {4, 16, RAD_INT16},
             {768, 32, RAD_UINT32}, {8, 32, RAD_INT32},    {1280, 64, RAD_UINT64},  {1024, 64, RAD_INT64},
             {16, 32, RAD_FLOAT32}, {64, 64, RAD_FLOAT64}, {1536, 128, RAD_FLOAT64}};

static void put_number(unsigned char *out, int code, int value) {
#define AS(id, type)                                                                                         \
    case id:                                                                                                 \
        memcpy(out, &(type){(type)value}, sizeof(type));                                                     \
        break
    switch (code) {
        AS(2, uint8_t);
        AS(256, int8_t);
        AS(512, uint16_t);
        AS(4, int16_t);
        AS(768, uint32_t);
        AS(8, int32_t);
        AS(1280, uint64_t);
        AS(1024, int64_t);
        AS(16, float);
        AS(64, double);
        AS(1536, long double);
    default:
        ck_abort();
    }
#undef AS
}

static void reverse(void *data, size_t count, size_t width) {
    unsigned char *b = data;
    for (size_t i = 0; i < count; i++, b += width)
        for (size_t j = 0; j < width / 2; j++) {
            const unsigned char t = b[j];
            b[j] = b[width - 1 - j];
            b[width - 1 - j] = t;
        }
}

static void swap_header(nifti_1_header *h) {
    reverse(&h->sizeof_hdr, 1, 4);
    reverse(h->dim, 8, 2);
    reverse(&h->datatype, 1, 2);
    reverse(&h->bitpix, 1, 2);
    reverse(h->pixdim, 8, 4);
    reverse(&h->vox_offset, 1, 4);
    reverse(&h->scl_slope, 1, 4);
    reverse(&h->scl_inter, 1, 4);
    reverse(&h->sform_code, 1, 2);
    reverse(&h->qform_code, 1, 2);
    reverse(h->srow_x, 4, 4);
    reverse(h->srow_y, 4, 4);
    reverse(h->srow_z, 4, 4);
}

START_TEST(every_type_and_order) {
    for (int swapped = 0; swapped <= 1; swapped++)
        for (int gzip = 0; gzip <= 1; gzip++) {
            unsigned char file[1024], voxels[VOXELS * 16] = {0};
            const size_t width = (size_t)types[_i].bits / 8;
            nifti_1_header h = plain_header();
            h.datatype = (short)types[_i].code;
            h.bitpix = (short)types[_i].bits;
            h.scl_slope = 2;
            h.scl_inter = -3;
            for (int i = 0; i < VOXELS; i++) put_number(voxels + (size_t)i * width, types[_i].code, i);
            if (swapped) reverse(voxels, VOXELS, width);
            if (swapped) swap_header(&h);
            const size_t length = assemble(file, &h, voxels, VOXELS * width);
            const char *name = gzip ? "a.nii.gz" : "a.nii";
            if (gzip)
                put_gzip(name, file, length, SIZE_MAX);
            else
                put_file(name, file, length);
            rad_volume v;
            rad_error error = {0};
            rad_warnings warnings = {0};
            ck_ok(rad_nifti_read(test_path(name), &v, &warnings, &error));
            ck_assert_int_eq(v.type, types[_i].type);
            ck_assert_uint_eq(warnings.count, 0);
            expect_voxels(&v, 2, -3);
            const rad_geometry *g = &v.geometry;
            ck_assert(g->size[0] == 3 && g->size[1] == 2 && g->size[2] == 2);
            ck_assert(g->spacing[0] == 1 && g->spacing[1] == 2 && g->spacing[2] == 3);
            ck_assert(g->origin[0] == -5 && g->origin[1] == 6 && g->origin[2] == 7 && g->direction[0] == 1 &&
                      g->direction[1] == 0);
            rad_volume_free(&v);
            rad_volume_free(&v);
        }
}
END_TEST

START_TEST(version_2) {
    nifti_2_header h = {.sizeof_hdr = 540,
                        .magic = {'n', '+', '2', 0, '\r', '\n', 032, '\n'},
                        .datatype = 4,
                        .bitpix = 16,
                        .dim = {3, 3, 2, 2, 1, 1, 1, 1},
                        .pixdim = {1, 1, 2, 3, 0, 0, 0, 0},
                        .vox_offset = 544,
                        .xyzt_units = 2,
                        .sform_code = 1,
                        .srow_x = {1, 0, 0, -5},
                        .srow_y = {0, 2, 0, 6},
                        .srow_z = {0, 0, 3, 7}};
    unsigned char file[1024] = {0};
    rad_volume v;
    rad_error error = {0};
    memcpy(file, &h, sizeof h);
    memcpy(file + 544, counting, sizeof counting);
    put_gzip("b.nii.gz", file, 544 + sizeof counting, SIZE_MAX);
    ck_ok(rad_nifti_read(test_path("b.nii.gz"), &v, NULL, &error));
    expect_voxels(&v, 1, 0);
    ck_assert(v.geometry.spacing[2] == 3 && v.geometry.origin[1] == 6);
    rad_volume_free(&v);
}
END_TEST

START_TEST(pairs) {
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    memcpy(h.magic, "ni1", 4);
    h.vox_offset = 0;
    put_file("p.hdr", &h, sizeof h);
    put_file("p.img", counting, sizeof counting);
    for (int i = 0; i < 2; i++) {
        ck_ok(rad_nifti_read(test_path(i ? "p.img" : "p.hdr"), &v, NULL, &error));
        expect_voxels(&v, 1, 0);
        rad_volume_free(&v);
    }
    put_gzip("q.hdr.gz", &h, sizeof h, SIZE_MAX);
    put_gzip("q.img.gz", counting, sizeof counting, SIZE_MAX);
    ck_ok(rad_nifti_read(test_path("q.img.gz"), &v, NULL, &error));
    expect_voxels(&v, 1, 0);
    rad_volume_free(&v);
    put_file("mixed.hdr", &h, sizeof h);
    put_gzip("mixed.img.gz", counting, sizeof counting, SIZE_MAX);
    for (int i = 0; i < 2; i++) {
        ck_ok(rad_nifti_read(test_path(i ? "mixed.img.gz" : "mixed.hdr"), &v, NULL, &error));
        expect_voxels(&v, 1, 0);
        rad_volume_free(&v);
    }
}
END_TEST

/* sform before qform; a warning when they disagree, and when there is neither. */
START_TEST(geometry_sources) {
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    rad_warnings warnings = {0};
    h.qform_code = 1;
    h.qoffset_x = -5;
    h.qoffset_y = 6;
    h.qoffset_z = 7;
    put_plain("g.nii", &h);
    ck_ok(rad_nifti_read(test_path("g.nii"), &v, &warnings, &error));
    ck_assert_uint_eq(warnings.count, 0);
    rad_volume_free(&v);
    h.qoffset_x = 5;
    put_plain("g.nii", &h);
    ck_ok(rad_nifti_read(test_path("g.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 1 && strstr(warnings.text[0], "sform and qform disagree") &&
              v.geometry.origin[0] == -5);
    rad_volume_free(&v);
    h.sform_code = 0;
    put_plain("g.nii", &h);
    ck_ok(rad_nifti_read(test_path("g.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 1 && v.geometry.origin[0] == 5);
    rad_volume_free(&v);
    h.qform_code = 0;
    h.xyzt_units = NIFTI_UNITS_METER;
    put_plain("g.nii", &h);
    ck_ok(rad_nifti_read(test_path("g.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 2 && v.geometry.spacing[1] == 2000);
    rad_volume_free(&v);
}
END_TEST

/* The spacing of an oblique affine of floats is that of pixdim but for rounding, and is taken from there;
 * what differs by more than a millionth is no rounding. */
START_TEST(spacing_without_rounding) {
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    const double turn = 0.3, spacing = 0.7;
    h.pixdim[1] = h.pixdim[2] = (float)spacing;
    h.srow_x[0] = h.srow_y[1] = (float)(cos(turn) * spacing);
    h.srow_y[0] = (float)(sin(turn) * spacing);
    h.srow_x[1] = -h.srow_y[0];
    const double norm = hypot((double)h.srow_x[0], (double)h.srow_y[0]);
    ck_assert(norm != (double)h.pixdim[1]);
    put_plain("o.nii", &h);
    ck_ok(rad_nifti_read(test_path("o.nii"), &v, NULL, &error));
    ck_assert(v.geometry.spacing[0] == (double)h.pixdim[1] && v.geometry.spacing[1] == (double)h.pixdim[1]);
    rad_volume_free(&v);
    h.pixdim[1] = (float)(spacing * (1 + 1.3e-6));
    h.pixdim[2] = (float)(spacing * (1 + 0.7e-6));
    put_plain("o.nii", &h);
    ck_ok(rad_nifti_read(test_path("o.nii"), &v, NULL, &error));
    ck_near(v.geometry.spacing[0], norm, 1e-12);
    ck_assert(v.geometry.spacing[1] == (double)h.pixdim[2]);
    rad_volume_free(&v);
}
END_TEST

START_TEST(flat_and_single_frame) {
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    h.dim[0] = 2;
    h.dim[1] = 3;
    h.dim[2] = 4;
    h.dim[3] = 1;
    h.srow_z[2] = 0; /* no third axis */
    put_plain("f.nii", &h);
    ck_ok(rad_nifti_read(test_path("f.nii"), &v, NULL, &error));
    ck_assert(v.geometry.size[2] == 1 && v.geometry.spacing[2] == 1 && v.geometry.direction[8] == 1);
    rad_volume_free(&v);
    h = plain_header();
    h.dim[0] = 4;
    for (int frames = 0; frames <= 1; frames++) { /* none is one */
        h.dim[4] = (short)frames;
        put_plain("f.nii", &h);
        ck_ok(rad_nifti_read(test_path("f.nii"), &v, NULL, &error));
        ck_assert(v.geometry.size[2] == (size_t)plain_header().dim[3]);
        rad_volume_free(&v);
    }
    h.dim[4] = 5;
    put_plain("f.nii", &h);
    ck_assert_int_eq(rad_nifti_read(test_path("f.nii"), &v, NULL, &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "5 frames"));
}
END_TEST

/* Everything that a bad file may say; each is one line that names the file. */
START_TEST(bad_headers_are_refused) {
    static const char *const says[] = {"size 0",       "size -3",
                                       "dimensions",   "frames",
                                       "type 128",     "byte -1",
                                       "byte 10",      "finite",
                                       "truncated",    "magic",
                                       "right angles", "spacing of 0",
                                       "not finite",   "is not a NIfTI file"};
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    switch (_i) {
    case 0:
        h.dim[1] = 0;
        break;
    case 1:
        h.dim[2] = -3;
        break;
    case 2:
        h.dim[0] = 9;
        break;
    case 3:
        h.dim[0] = 5, h.dim[5] = 2;
        break;
    case 4:
        h.datatype = 128, h.bitpix = 24;
        break;
    case 5:
        h.vox_offset = -1;
        break;
    case 6:
        h.vox_offset = 10;
        break;
    case 7:
        h.scl_slope = 2, h.scl_inter = (float)NAN;
        break;
    case 8:
        h.dim[1] = 32000, h.dim[2] = 32000, h.dim[3] = 1000;
        break;
    case 9:
        memcpy(h.magic, "abc", 4);
        break;
    case 10:
        h.srow_x[1] = 1;
        break;
    case 11:
        h.srow_y[1] = 0;
        break;
    case 12:
        h.srow_y[1] = (float)INFINITY;
        break;
    case 13:
        h.sizeof_hdr = 1;
        break;
    default:
        ck_abort();
    }
    unsigned char file[512];
    const size_t length = assemble(file, &h, counting, sizeof counting);
    put_file("bad.nii", file, length);
    put_gzip("bad.nii.gz", file, length, SIZE_MAX);
    for (int gzip = 0; gzip <= 1; gzip++) {
        const char *path = test_path(gzip ? "bad.nii.gz" : "bad.nii");
        ck_assert_int_eq(rad_nifti_read(path, &v, NULL, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, path) && strstr(error.text, says[_i]), "%s", error.text);
        ck_assert(!strchr(error.text, '\n') && !v.voxels);
    }
}
END_TEST

START_TEST(damaged_files_are_refused) {
    nifti_1_header h = plain_header();
    unsigned char file[512];
    const size_t length = assemble(file, &h, counting, sizeof counting);
    rad_volume v;
    rad_error error = {0};
    for (size_t keep = 0; keep < 80; keep += 3) {
        put_gzip("t.nii.gz", file, length, keep);
        ck_assert_int_eq(rad_nifti_read(test_path("t.nii.gz"), &v, NULL, &error), RAD_UNREADABLE);
    }
    for (size_t keep = 0; keep < length; keep += 7) {
        put_file("t.nii", file, keep);
        ck_assert_int_eq(rad_nifti_read(test_path("t.nii"), &v, NULL, &error), RAD_UNREADABLE);
    }
    ck_assert_int_eq(rad_nifti_read(test_path("missing.nii"), &v, NULL, &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "missing.nii") && strstr(error.text, "No such file"));
    ck_assert_int_eq(rad_nifti_read(test_path(""), &v, NULL, &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "regular file"));
}
END_TEST

START_TEST(written_reads_back) {
    rad_volume v = {.type = RAD_FLOAT32,
                    .slope = 1,
                    .geometry = {.size = {4, 3, 2},
                                 .spacing = {0.5, 1.5, 2},
                                 .origin = {1, -2, 3},
                                 .direction = {0, -1, 0, 1, 0, 0, 0, 0, 1}}},
               back;
    rad_error error = {0};
    float x[24];
    for (int i = 0; i < 24; i++) x[i] = (float)i / 3;
    v.voxels = x;
    for (int gzip = 0; gzip <= 1; gzip++) {
        const char *path = test_path(gzip ? "w.nii.gz" : "w.nii");
        ck_ok(rad_nifti_write(path, &v, &error));
        ck_ok(rad_nifti_read(path, &back, NULL, &error));
        ck_assert(rad_geometry_same(&v.geometry, &back.geometry) && !memcmp(x, back.voxels, sizeof x));
        rad_volume_free(&back);
    }
    ck_assert_int_eq(rad_nifti_write("/no/such/folder/w.nii", &v, &error), RAD_UNWRITABLE);
}
END_TEST

/* Every box of a file, plain, gzipped and big-endian, holds what the whole file has there. */
START_TEST(boxes_equal_the_whole) {
    static const char *const names[] = {"a.nii", "a.nii.gz", "b.nii"};
    static const rad_box boxes[] = {{{0, 0, 0}, {3, 2, 2}},
                                    {{1, 0, 0}, {2, 2, 1}},
                                    {{0, 1, 1}, {3, 2, 2}},
                                    {{2, 1, 0}, {3, 2, 1}},
                                    {{0, 0, 1}, {1, 1, 2}}};
    rad_error error = {0};
    nifti_1_header h = plain_header();
    unsigned char file[512];
    const size_t length = assemble(file, &h, counting, sizeof counting);
    put_file(names[0], file, length);
    put_gzip(names[1], file, length, length);
    int16_t swapped[VOXELS];
    for (int i = 0; i < VOXELS; i++) swapped[i] = (int16_t)__builtin_bswap16((uint16_t)counting[i]);
    swap_header(&h);
    put_file(names[2], file, assemble(file, &h, swapped, sizeof swapped));
    for (size_t f = 0; f < 3; f++)
        for (size_t b = 0; b < sizeof boxes / sizeof boxes[0]; b++) {
            rad_volume v;
            double x[VOXELS];
            ck_ok(rad_nifti_read_box(test_path(names[f]), NULL, &boxes[b], b % 2, &v, NULL, &error));
            rad_volume_crop(&v, &boxes[b], x);
            const rad_box *box = &boxes[b];
            size_t i = 0;
            for (size_t z = box->begin[2]; z < box->end[2]; z++)
                for (size_t y = box->begin[1]; y < box->end[1]; y++)
                    for (size_t at = box->begin[0]; at < box->end[0]; at++)
                        ck_near(x[i++], (double)((z * 2 + y) * 3 + at), 0);
            rad_volume_free(&v);
        }
}
END_TEST

/* A file that is cut after the slices that are needed is read without --verify only. */
START_TEST(verify_reads_to_the_end) {
    enum { SIDE = 64, SLICES = 40 };
    static int16_t noise[SIDE * SIDE * SLICES];
    rad_error error = {0};
    test_random random = {5};
    for (size_t i = 0; i < SIDE * SIDE * SLICES; i++) noise[i] = (int16_t)test_below(&random, 65536);
    nifti_1_header h = plain_header();
    h.dim[1] = h.dim[2] = SIDE;
    h.dim[3] = SLICES;
    unsigned char *file = rad_new_raw(352 + sizeof noise, 1, NULL);
    ck_assert(file != NULL);
    const size_t length = assemble(file, &h, noise, sizeof noise);
    put_gzip("cut.nii.gz", file, length, length / 2);
    rad_free(file);
    rad_volume v;
    const rad_box low = {{3, 4, 1}, {9, 9, 3}}, high = {{3, 4, 30}, {9, 9, 31}};
    ck_ok(rad_nifti_read_box(test_path("cut.nii.gz"), NULL, &low, false, &v, NULL, &error));
    rad_volume_free(&v);
    for (int i = 0; i < 2; i++) {
        const rad_box *box = i ? &high : &low;
        ck_assert_int_eq(rad_nifti_read_box(test_path("cut.nii.gz"), NULL, box, !i, &v, NULL, &error),
                         RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, "cut.nii.gz") && strstr(error.text, "truncated"), "%s", error.text);
        ck_assert(v.voxels == NULL);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("nifti");
    TCase *tests = tcase_create("nifti");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, test_folder_make, test_folder_remove);
    tcase_add_loop_test(tests, every_type_and_order, 0, 11);
    tcase_add_test(tests, boxes_equal_the_whole);
    tcase_add_test(tests, verify_reads_to_the_end);
    tcase_add_test(tests, version_2);
    tcase_add_test(tests, pairs);
    tcase_add_test(tests, geometry_sources);
    tcase_add_test(tests, spacing_without_rounding);
    tcase_add_test(tests, flat_and_single_frame);
    tcase_add_loop_test(tests, bad_headers_are_refused, 0, 14);
    tcase_add_test(tests, damaged_files_are_refused);
    tcase_add_test(tests, written_reads_back);
    return test_run(suite);
}
