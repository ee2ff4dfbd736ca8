/* Manifests: what a table of cases may look like, and what is wrong with others; cases found in folders. */
#include "../../core/memory.h"
#include "../../pipeline/batch/discover.h"
#include "../../pipeline/batch/manifest.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/radiomill-manifest-XXXXXX";

static const char *write_table(const void *text, size_t length) {
    static char path[256];
    snprintf(path, sizeof path, "%s/cases.csv", folder);
    FILE *file = fopen(path, "wb");
    ck_assert(file != NULL);
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    fclose(file);
    return path;
}

static rad_status open_text(const char *text, rad_manifest *m, rad_error *error) {
    return rad_manifest_open(write_table(text, strlen(text)), m, error);
}

static void expect_path(const char *path, const char *name) {
    char whole[300];
    snprintf(whole, sizeof whole, "%s/%s", folder, name);
    ck_assert_str_eq(path, whole);
}

/* The same two rows in every dialect. */
START_TEST(dialects) {
    static const char *const texts[] = {
        "image,mask,case,roi,centre\na.nii,b.nii,x,GTV-1,\"Ulm, \"\"A\"\"\"\nc.nii,/d.nii,,,\n",
        "image;mask;case;roi;centre\r\na.nii;b.nii;x;GTV-1;\"Ulm, \"\"A\"\"\"\r\n\r\nc.nii;/d.nii;;;\r\n",
        "image\tmask\tcase\troi\tcentre\na.nii\tb.nii\tx\tGTV-1\t\"Ulm, \"\"A\"\"\"\nc.nii\t/d.nii\t\t\t",
        "\357\273\277centre,Image,Mask,Label,Case\n\"Ulm, \"\"A\"\"\",a.nii,b.nii,GTV-1,x\n,c.nii,/d.nii,,\n",
    };
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    ck_ok(open_text(texts[_i], &m, &error));
    ck_assert_uint_eq(m.count, 2);
    ck_assert(m.extra_count == 1 && !strcmp(m.sheet.names[m.extra[0]], "centre"));
    ck_ok(rad_manifest_read(&m, 0, &row, &error));
    expect_path(row.image, "a.nii");
    expect_path(row.mask, "b.nii");
    ck_assert_str_eq(row.name, "x");
    ck_assert_str_eq(row.roi, "GTV-1");
    ck_assert(!row.series);
    ck_assert_str_eq(row.field[m.extra[0]], "Ulm, \"A\"");
    rad_manifest_row_free(&row);
    ck_ok(rad_manifest_read(&m, 1, &row, &error));
    ck_assert_str_eq(row.mask, "/d.nii");
    ck_assert_str_eq(row.name, "c.nii");
    ck_assert(!row.roi && !*row.field[m.extra[0]]);
    rad_manifest_row_free(&row);
    rad_manifest_close(&m);
    rad_manifest_close(&m);
}
END_TEST

/* Fields in quotes hold anything: line ends, quotes, delimiters, any script. */
START_TEST(odd_fields) {
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    ck_ok(open_text("image,mask\n\"a,b\n\"\"c\"\".nii\",\"\xE8\x82\xBA \xC3\xBC.nii\"\nx,y\n", &m, &error));
    ck_assert_uint_eq(m.count, 2);
    ck_ok(rad_manifest_read(&m, 0, &row, &error));
    expect_path(row.image, "a,b\n\"c\".nii");
    expect_path(row.mask, "\xE8\x82\xBA \xC3\xBC.nii");
    rad_manifest_row_free(&row);
    ck_ok(rad_manifest_read(&m, 1, &row, &error));
    expect_path(row.image, "x");
    rad_manifest_row_free(&row);
    rad_manifest_close(&m);
}
END_TEST

/* More columns than anyone needs; two without a role may have one name, or none. */
START_TEST(many_columns) {
    enum { COLUMNS = 1000 };
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    char path[256], name[32];
    snprintf(path, sizeof path, "%s/cases.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL);
    for (int i = 0; i < COLUMNS; i++) fprintf(file, "extra %d,", i / 2);
    fputs("mask,,image,\n", file);
    for (int i = 0; i < COLUMNS; i++) fprintf(file, "%d,", i);
    fputs("m.nii,,i.nii,\n", file);
    fclose(file);
    ck_ok(rad_manifest_open(path, &m, &error));
    ck_assert(m.count == 1 && m.extra_count == COLUMNS + 2);
    ck_ok(rad_manifest_read(&m, 0, &row, &error));
    expect_path(row.image, "i.nii");
    for (size_t i = 0; i < COLUMNS; i++) {
        snprintf(name, sizeof name, "extra %zu", i / 2);
        ck_assert_str_eq(m.sheet.names[m.extra[i]], name);
        ck_assert_int_eq(atoi(row.field[m.extra[i]]), (int)i);
    }
    rad_manifest_row_free(&row);
    rad_manifest_close(&m);
}
END_TEST

START_TEST(zero_byte) {
    static const char text[] = "image,mask\na,b\nc,d\0e\n";
    rad_error error = {0};
    rad_manifest m;
    ck_assert_int_eq(rad_manifest_open(write_table(text, sizeof text - 1), &m, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "cases.csv:3: a zero byte") != NULL, "%s", error.text);
}
END_TEST

START_TEST(wrong_tables) {
    static const struct {
        const char *text, *said;
    } rows[] = {{"", "is empty"},
                {"image,mask\n", "has a header but no rows"},
                {"image,label\na,1\n", "no column is called mask"},
                {"image,mask,IMAGE\na,b,c\n", "two columns are called image"},
                {"image,mask\na,b\nc\n", "cases.csv:3: a row of 1 field, but the header has 2"},
                {"image,mask\na,\"b\nc,d\n", "cases.csv:2: a quote that is not closed"},
                {"\n", "has no header"},
                {"image,mask\na,b\xFF\n", "cases.csv:2: bytes that are not UTF-8"},
                {"image,mask\na,\xC3\n", "bytes that are not UTF-8"}};
    rad_error error = {0};
    rad_manifest m;
    ck_assert_int_eq(open_text(rows[_i].text, &m, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, rows[_i].said) != NULL, "%s", error.text);
    ck_assert_int_eq(rad_manifest_open("/nowhere/cases.csv", &m, &error), RAD_UNREADABLE);
}
END_TEST

START_TEST(wrong_rows) {
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    ck_ok(open_text("image,mask,label,roi\na,,,\n,b,,\na,b,1,GTV\na,b,1,\n", &m, &error));
    static const char *const said[] = {"row 1 has no mask", "row 2 has no image",
                                       "row 3 has a label and a roi"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(rad_manifest_read(&m, i, &row, &error), RAD_UNREADABLE);
        ck_assert_msg(strstr(error.text, said[i]) != NULL, "%s", error.text);
    }
    ck_ok(rad_manifest_read(&m, 3, &row, &error));
    ck_assert_str_eq(row.roi, "1");
    rad_manifest_row_free(&row);
    ck_assert_int_eq(truncate(m.sheet.path, 30), 0);
    ck_assert_int_eq(rad_manifest_read(&m, 3, &row, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "changed while it was in use") != NULL, "%s", error.text);
    rad_manifest_close(&m);
}
END_TEST

/* A million rows: found within two seconds of the processor, eight bytes a row. */
START_TEST(a_million_rows) {
    enum { ROWS = 1000000 };
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    char path[256];
    struct timespec begin, end;
    snprintf(path, sizeof path, "%s/cases.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL);
    fputs("case,image,mask,site\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "patient-%07d,images/patient-%07d/ct.nii.gz,masks/patient-%07d/gtv.nii.gz,site %d\n", i,
                i, i, i % 9);
    fclose(file);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
    ck_ok(rad_manifest_open(path, &m, &error));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    const double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    printf("a million rows: %.2f s\n", seconds);
#ifdef __SANITIZE_ADDRESS__
    const double most = 20;
#else
    const double most = 2;
#endif
    ck_assert(seconds < most && m.count == ROWS && m.sheet.begin_room * sizeof *m.sheet.begin <= 17000000);
    ck_ok(rad_manifest_read(&m, 999999, &row, &error));
    ck_assert_str_eq(row.name, "patient-0999999");
    expect_path(row.mask, "masks/patient-0999999/gtv.nii.gz");
    rad_manifest_row_free(&row);
    rad_manifest_close(&m);
}
END_TEST

static void touch(const char *name) {
    char path[512], command[1100];
    snprintf(path, sizeof path, "%s/tree/%s", folder, name);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\" && : >'%s'", path, path);
    ck_assert_int_eq(system(command), 0);
}

/* Masks find their images by name, in the folder, elsewhere (BIDS), or as the only one there. */
START_TEST(folders) {
    static const char *const files[] = {"p1/CT_image.nii.gz",
                                        "p1/CT_mask.nii.gz",
                                        "p1/PET_image.nii.gz",
                                        "p1/PET_mask.nii.gz",
                                        "sub-1/anat/sub-1_T1w.nii.gz",
                                        "derivatives/sub-1/anat/sub-1_T1w_desc-seg.nii.gz",
                                        "p2/scan.nii",
                                        "p2/tumour_label.nii",
                                        "p2/organ_label.nii",
                                        "p3/a.nii",
                                        "p5/m/x.nii",
                                        "p5/z_roi.nii",
                                        "p5/b.nii",
                                        "p3/b.nii",
                                        "p3/mask.nii",
                                        "p4/notes.txt"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) touch(files[i]);
    char path[256];
    rad_error error = {0};
    rad_discovery d;
    rad_discover_options how = {.threads = 1};
    snprintf(path, sizeof path, "%s/tree", folder);
    ck_ok(rad_discover(path, &how, &d, &error));
    static const char *const names[] = {
        "p1/CT_image", "p1/PET_image",        "p2/scan (organ_label)", "p2/scan (tumour_label)",
        "p5/b",        "sub-1/anat/sub-1_T1w"};
    static const char *const masks[] = {
        "p1/CT_mask.nii.gz",   "p1/PET_mask.nii.gz", "p2/organ_label.nii",
        "p2/tumour_label.nii", "p5/z_roi.nii",       "derivatives/sub-1/anat/sub-1_T1w_desc-seg.nii.gz"};
    ck_assert_uint_eq(d.count, 6);
    for (size_t i = 0; i < 6; i++) {
        ck_assert_str_eq(d.pairs[i].name, names[i]);
        ck_assert_str_eq(d.pairs[i].mask + strlen(path) + 1, masks[i]);
    }
    ck_assert(d.alone_count == 1 && strstr(d.alone[0], "p3/mask.nii"));
    rad_discovery_free(&d);
    how.mask = "tumour*";
    how.image = "scan*";
    ck_ok(rad_discover(path, &how, &d, &error));
    ck_assert(d.count == 1 && !d.alone_count && strstr(d.pairs[0].image, "p2/scan.nii"));
    rad_discovery_free(&d);
    rad_discovery_free(&d);
}
END_TEST

int main(void) {
    char command[128];
    if (!mkdtemp(folder)) return 1;
    Suite *suite = suite_create("manifest");
    TCase *tests = tcase_create("manifest");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, dialects, 0, 4);
    tcase_add_test(tests, odd_fields);
    tcase_add_test(tests, many_columns);
    tcase_add_test(tests, zero_byte);
    tcase_add_loop_test(tests, wrong_tables, 0, 9);
    tcase_add_test(tests, wrong_rows);
    tcase_add_test(tests, a_million_rows);
    tcase_add_test(tests, folders);
    const int code = test_run(suite);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) != 0 ? 1 : code;
}
