/* Names that tell who a patient is, or where files lie. */
#include "../../pipeline/batch/personal.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static rad_error error;

START_TEST(looks) {
    static const struct {
        const char *text;
        rad_personal is;
    } rows[] = {
        {"", RAD_PERSONAL_NOT},
        {"case1", RAD_PERSONAL_NOT},
        {"GTV/CTV", RAD_PERSONAL_NOT},
        {"CT/1.5", RAD_PERSONAL_NOT},
        {"A^", RAD_PERSONAL_NAME},
        {"2^3", RAD_PERSONAL_NOT},
        {"^x", RAD_PERSONAL_NOT},
        {"DOE^JOHN", RAD_PERSONAL_NAME},
        {"Doe^^", RAD_PERSONAL_NAME},
        {"/data/p1", RAD_PERSONAL_PATH},
        {"./p1", RAD_PERSONAL_PATH},
        {"../p1", RAD_PERSONAL_PATH},
        {"~/p1", RAD_PERSONAL_PATH},
        {"C:\\p1", RAD_PERSONAL_PATH},
        {"images/p1.nii.gz", RAD_PERSONAL_PATH},
        {"images/.nii", RAD_PERSONAL_NOT},
        {"a:b", RAD_PERSONAL_NOT},
        {"19500131", RAD_PERSONAL_DATE},
        {"19000101", RAD_PERSONAL_DATE},
        {"18991231", RAD_PERSONAL_NOT},
        {"21001231", RAD_PERSONAL_DATE},
        {"21010101", RAD_PERSONAL_NOT},
        {"19501301", RAD_PERSONAL_NOT},
        {"19500132", RAD_PERSONAL_NOT},
        {"19500100", RAD_PERSONAL_NOT},
        {"195001311", RAD_PERSONAL_NOT},
        {"1950-01-31", RAD_PERSONAL_DATE},
        {"1950-01.31", RAD_PERSONAL_NOT},
        {"31.01.1950", RAD_PERSONAL_DATE},
        {"01/31/1950", RAD_PERSONAL_DATE},
        {"31.31.1950", RAD_PERSONAL_NOT},
        {"Doe_19500131_CT", RAD_PERSONAL_DATE},
        {"Doe 1950-01-31", RAD_PERSONAL_DATE},
        {"p31.01.1950b", RAD_PERSONAL_DATE},
        {"p19500131", RAD_PERSONAL_DATE},
        {"p119500131", RAD_PERSONAL_NOT},
        {"p1950013", RAD_PERSONAL_NOT},
        {"p_19501331_1950-13-31", RAD_PERSONAL_NOT},
        {"121950-01-31", RAD_PERSONAL_NOT},
        {"/data/19500131", RAD_PERSONAL_PATH},
        {"1.2.840.10008.1", RAD_PERSONAL_NOT},
        {"1.2.840.113619.2.55", RAD_PERSONAL_UID},
        {"2.25.1.2.3123456789", RAD_PERSONAL_UID},
        {"3.2.840.113619.2.55", RAD_PERSONAL_NOT},
        {"1.2.840.113619.2.5x", RAD_PERSONAL_NOT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(rad_personal_find(rows[i].text) == rows[i].is, "%s: %d", rows[i].text,
                      (int)rad_personal_find(rows[i].text));
}
END_TEST

START_TEST(rows_are_told_once) {
    char *columns[] = {"case", "image", "mask", "note"}, *field[] = {"A^B", "none.nii", "none", "19500131"};
    size_t extra[] = {3};
    const rad_manifest m = {.sheet = {.names = columns, .columns = 4}, .extra = extra, .extra_count = 1};
    const rad_manifest_row row = {.name = "A^B", .image = "none.nii", .field = field};
    rad_personal_kinds all = {.count = 0};
    rad_warnings warnings = {0};
    char text[1024] = "odd", again[60] = "";
    ck_ok(rad_personal_row(&all, &m, &row, 1U << RAD_PERSONAL_NOT | 1U << RAD_PERSONAL_UID, text, sizeof text,
                           &error));
    ck_assert_str_eq(
        text, "odd | the column case looks like the name of a person, as DICOM writes it; tables of "
              "features carry it | the column note looks like a date, as of a birth; tables of features "
              "carry it | the column roi looks like a unique id of DICOM; tables of features carry it");
    ck_assert_ptr_null(strstr(text, "A^B"));
    /* no room: cut, counted all the same */
    ck_ok(rad_personal_row(&all, &m, &row, 0, again, sizeof again, &error));
    ck_assert_uint_eq(strlen(again), sizeof again - 1);
    ck_assert_uint_eq(all.count, 3);
    ck_assert_uint_eq(all.kind[0].rows, 2);
    ck_assert_uint_eq(all.kind[2].rows, 1);
    rad_personal_tell(&all, "RUN", &warnings);
    ck_assert_uint_eq(warnings.count, 3);
    ck_assert_ptr_nonnull(strstr(warnings.text[0], "RUN: the column case looks like"));
    ck_assert_ptr_nonnull(strstr(warnings.text[0], "(2 rows)"));
    ck_assert_ptr_nonnull(strstr(warnings.text[2], "(1 row)"));
}
END_TEST

/* What cannot be read is no reason to say nothing of who the patient is: it is said. */
START_TEST(unread_is_said) {
    char *columns[] = {"case", "image", "mask"}, *field[] = {"p1", "", "none"};
    const rad_manifest m = {.sheet = {.names = columns, .columns = 3}};
    static const char *const said =
        "its DICOM files cannot be read again, so that its columns are not compared with "
        "the name, the id and the birth date of the patient";
    char folder[] = "/tmp/personal.XXXXXX", path[64], text[1024] = "";
    rad_personal_kinds all = {.count = 0};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    const rad_manifest_row row = {.name = "p1", .image = folder, .field = field};
    snprintf(path, sizeof path, "%s/cut.dcm", folder);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "%128s", "");
    fputs("DICM", file);
    fputs("\x02", file); /* and no element behind it */
    fclose(file);
    ck_ok(rad_personal_row(&all, &m, &row, 0, text, sizeof text, &error));
    ck_assert_str_eq(text, said);
    file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs("what is no DICOM is read by others", file);
    fclose(file);
    *text = '\0';
    ck_ok(rad_personal_row(&all, &m, &row, 0, text, sizeof text, &error));
    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(all.count, 1);
    unlink(path);
    rmdir(folder);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("personal");
    TCase *tests = tcase_create("personal");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, looks);
    tcase_add_test(tests, rows_are_told_once);
    tcase_add_test(tests, unread_is_said);
    return test_run(suite);
}
