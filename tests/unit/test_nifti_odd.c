/* NIfTI as programs write it: forms, slopes and gzip streams that are not as the standard has them. */
#include "nifti_files.h"

#include "../../io/scan/nifti.h"
#include "../../io/scan/source.h"

#include <libdeflate.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <string.h>

/* What the sform cannot say, the qform does; what neither says, is refused, unless it says nothing. */
START_TEST(ways_that_fail) {
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    rad_warnings warnings = {0};
    h.qform_code = 1;
    h.qoffset_x = 5;
    memset(h.srow_x, 0, sizeof h.srow_x);
    memset(h.srow_y, 0, sizeof h.srow_y);
    memset(h.srow_z, 0, sizeof h.srow_z);
    put_plain("w.nii", &h);
    ck_ok(rad_nifti_read(test_path("w.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 1 && strstr(warnings.text[0], "has a spacing of 0; the qform is used"));
    ck_assert(v.geometry.origin[0] == 5);
    rad_volume_free(&v);
    h.qform_code = 0;
    put_plain("w.nii", &h);
    ck_ok(rad_nifti_read(test_path("w.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 2 && strstr(warnings.text[1], "spacing of 0; directions are unknown"));
    rad_volume_free(&v);
    h = plain_header();
    h.srow_x[1] = 1; /* sheared */
    h.qform_code = 1;
    put_plain("w.nii", &h);
    ck_ok(rad_nifti_read(test_path("w.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 3 && strstr(warnings.text[2], "not at right angles; the qform is used"));
    rad_volume_free(&v);
    h.qform_code = 0;
    put_plain("w.nii", &h);
    ck_assert_int_eq(rad_nifti_read(test_path("w.nii"), &v, &warnings, &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "the sform has axes that are not at right angles"));
}
END_TEST

/* A spacing that is none counts as 1 mm, and that is said where it matters. */
START_TEST(spacings_that_are_none) {
    static const double none[] = {0, NAN, INFINITY};
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    rad_warnings warnings = {0};
    h.pixdim[2] = (float)none[_i];
    put_plain("p.nii", &h);
    ck_ok(rad_nifti_read(test_path("p.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 0 && v.geometry.spacing[1] == 2); /* of the sform */
    rad_volume_free(&v);
    h.sform_code = 0;
    h.qform_code = 1;
    put_plain("p.nii", &h);
    ck_ok(rad_nifti_read(test_path("p.nii"), &v, &warnings, &error));
    ck_assert(warnings.count == 1 && strstr(warnings.text[0], "1 mm is assumed") &&
              v.geometry.spacing[1] == 1);
    rad_volume_free(&v);
}
END_TEST

/* Slopes that are none: voxels are as they are stored. */
START_TEST(slopes_that_are_none) {
    static const double slopes[] = {0, NAN, INFINITY};
    nifti_1_header h = plain_header();
    rad_volume v;
    rad_error error = {0};
    rad_warnings warnings = {0};
    h.scl_slope = (float)slopes[_i];
    h.scl_inter = _i ? (float)NAN : 3;
    put_plain("s.nii", &h);
    ck_ok(rad_nifti_read(test_path("s.nii"), &v, &warnings, &error));
    ck_assert(v.slope == 1 && v.intercept == 0);
    ck_assert_uint_eq(warnings.count, _i > 0);
    rad_volume_free(&v);
}
END_TEST

/* Members one after the other, and zeros behind the last, are one content; what is behind it is left out with
 * a warning, whether it comes at once or behind zeros, unless it begins as a member does. */
START_TEST(gzip_members) {
    static const struct {
        const char *tail;
        size_t length, trailing;
    } rows[] = {{"", 0, 0},
                {"\0\0\0\0", 4, 0},
                {"tail", 4, 4},
                {"\0\0\x1f", 3, 1},
                {"\x1f", 1, 1},
                {"\x1f\x8c\0", 3, 3},
                {"\x1f\x8b", 2, SIZE_MAX}, /* a member that is cut */
                {"\x1f\x8btail", 6, SIZE_MAX}};
    rad_error error = {0};
    rad_warnings warnings = {0};
    const nifti_1_header h = plain_header();
    unsigned char file[512], packed[1024];
    const size_t length = assemble(file, &h, counting, sizeof counting), trailing = rows[_i].trailing;
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t made = libdeflate_gzip_compress(c, file, 355, packed, sizeof packed);
    made += libdeflate_gzip_compress(c, file + 355, length - 355, packed + made, sizeof packed - made);
    libdeflate_free_compressor(c);
    memcpy(packed + made, rows[_i].tail, rows[_i].length);
    put_file("m.nii.gz", packed, made + rows[_i].length);
    rad_volume v;
    const rad_status status = rad_nifti_read(test_path("m.nii.gz"), &v, &warnings, &error);
    ck_assert_int_eq(status, trailing == SIZE_MAX ? RAD_UNREADABLE : RAD_OK);
    if (status == RAD_OK) expect_voxels(&v, 1, 0);
    rad_volume_free(&v);
    char words[64];
    snprintf(words, sizeof words, "%zu byte%s behind the end of the gzip stream %s", trailing,
             trailing == 1 ? "" : "s", trailing == 1 ? "is" : "are");
    ck_assert_uint_eq(warnings.count, trailing > 0 && trailing < SIZE_MAX);
    ck_assert(!warnings.count || strstr(warnings.text[0], words));
}
END_TEST

/* Content that is filled up with zeros, in the member of the voxels or in another, is left out with a
 * warning; other content, and more zeros than a block has, are refused. */
START_TEST(gzip_padding) {
    enum { BLOCK = 1 << 16 };
    static const struct {
        size_t zeros;
        unsigned char last;
        bool apart, read; /* in a member of their own */
    } rows[] = {{1, 0, false, true},    {512, 0, true, true},        {BLOCK, 0, false, true},
                {BLOCK, 0, true, true}, {BLOCK + 1, 0, true, false}, {512, 1, true, false},
                {512, 1, false, false}};
    static unsigned char file[512 + BLOCK + 1], packed[2048];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_volume v;
    const nifti_1_header h = plain_header();
    memset(file, 0, sizeof file);
    const size_t length = assemble(file, &h, counting, sizeof counting), zeros = rows[_i].zeros,
                 first = length + (rows[_i].apart ? 0 : zeros);
    file[length + zeros - 1] = rows[_i].last;
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    size_t made = libdeflate_gzip_compress(c, file, first, packed, sizeof packed);
    if (rows[_i].apart)
        made += libdeflate_gzip_compress(c, file + length, zeros, packed + made, sizeof packed - made);
    libdeflate_free_compressor(c);
    put_file("z.nii.gz", packed, made);
    const rad_status status = rad_nifti_read(test_path("z.nii.gz"), &v, &warnings, &error);
    ck_assert_int_eq(status, rows[_i].read ? RAD_OK : RAD_UNREADABLE);
    char words[64];
    snprintf(words, sizeof words,
             zeros == 1 ? "%zu zero behind the voxels is left out"
                        : "%zu zeros behind the voxels are left out",
             zeros);
    if (rows[_i].read) {
        expect_voxels(&v, 1, 0);
        ck_assert(warnings.count == 1 && strstr(warnings.text[0], words));
    } else {
        ck_assert(strstr(error.text, "contains more than its header asks for"));
    }
    rad_volume_free(&v);
}
END_TEST

/* Tables of labels in extensions of the header: as TotalSegmentator writes it, Workbench, and what is none.
 */
START_TEST(label_tables) {
    static const struct {
        const char *xml, *name; /* of label 3 */
    } rows[] = {
        {"<?xml version=\"1.0\" encoding=\"UTF-8\"?> <CaretExtension>  "
         "<Date><![CDATA[2013-07-14T05:45:09]]></Date>"
         "<VolumeInformation Index=\"0\">   <LabelTable>\n<Label Key=\"3\" Red=\"0.5\" "
         "Alpha=\"1\"><![CDATA[kidney_left]]>"
         "</Label>\n<Label "
         "Key=\"5\"><![CDATA[liver]]></Label></LabelTable></VolumeInformation></CaretExtension>\n",
         "kidney_left"},
        {"<LabelTable><Label Key='3'>\n  L &amp; R &#x4d;&#233;&apos;s &unknown;\n</Label></LabelTable>",
         "L & R M\303\251's &unknown;"},
        {"<LabelTable><Label Key=\"1\">a</Label><Label Key = \"3\" />b<Label Name=\"x>y\" "
         "Key=\"3\">c</Label>",
         "c"},
        {"<LabelTable><Label Key=\"3\">first</Label></LabelTable><LabelTable><Label Key=\"3\">second</Label>",
         "first"},
        {"<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY b SYSTEM \"/etc/passwd\">]><LabelTable><Label "
         "Key=\"3\">&a;"
         "</Label></LabelTable>",
         "&a;"},
        {"<LabelTable><Label Key=\"3.5\">no</Label><Label Key=\"\">no</Label><Label Key=\"3\"></Label>", "3"},
        {"<LabelTable><Label Key=\"3\">cut", "cut"},
        {"<LabelTable></LabelTable><Label Key=\"3\">outside</Label>", "3"},
        {"<LabelTableau><Label Key=\"3", "3"},
        {"a comment", "3"}};
    rad_error error = {0};
    rad_source source;
    rad_mask mask;
    char text[32];
    const rad_source_options options = {.threshold = 0.5};
    for (int swapped = 0; swapped < 2; swapped++) {
        const size_t xml = strlen(rows[_i].xml), room = (8 + xml + 15) / 16 * 16;
        unsigned char file[2048] = {0};
        nifti_1_header h = plain_header();
        h.vox_offset = (float)(352 + 16 + room);
        memcpy(file + 348, (unsigned char[]){1, 0, 0, 0, 16, 0, 0, 0, 6, 0, 0, 0, 'n', 'o', 't', 'e'}, 16);
        const uint32_t head[2] = {(uint32_t)room, 0};
        memcpy(file + 368, head, sizeof head);
        memcpy(file + 376, rows[_i].xml, xml);
        memcpy(file + 368 + room, counting, sizeof counting);
        if (swapped) {
            swap_nifti_header(&h, 1);
            for (size_t i = 0; i < 4; i++) file[352 + i] = i == 3 ? 16 : 0;
            for (size_t i = 0; i < 4; i++) file[368 + i] = (unsigned char)(room >> 8 * (3 - i));
            for (size_t i = 0; i < VOXELS; i++) {
                file[368 + room + 2 * i] = 0;
                file[368 + room + 2 * i + 1] = (unsigned char)counting[i];
            }
        }
        memcpy(file, &h, sizeof h);
        put_gzip("l.nii.gz", file, 368 + room + sizeof counting, SIZE_MAX);
        ck_ok(rad_source_open(test_path("l.nii.gz"), &options, &source, NULL, &error));
        ck_ok(rad_source_read_mask(test_path("l.nii.gz"), &source, &options, NULL, &mask, NULL, &error));
        ck_assert_str_eq(rad_label_text(rad_mask_find(&mask, 3), text, sizeof text), rows[_i].name);
        ck_assert(!rad_mask_find(&mask, 7)->name);
        rad_mask_free(&mask);
        rad_source_close(&source);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("nifti_odd");
    TCase *tests = tcase_create("nifti_odd");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, test_folder_make, test_folder_remove);
    tcase_add_test(tests, ways_that_fail);
    tcase_add_loop_test(tests, spacings_that_are_none, 0, 3);
    tcase_add_loop_test(tests, slopes_that_are_none, 0, 3);
    tcase_add_loop_test(tests, gzip_members, 0, 8);
    tcase_add_loop_test(tests, gzip_padding, 0, 7);
    tcase_add_loop_test(tests, label_tables, 0, 10);
    return test_run(suite);
}
