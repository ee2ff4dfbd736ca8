/* What tells who a patient is: names as hospitals write them, names of features that only come near, shapes
 * of values at both sides of each bound. */
#include "../../federate/site/identifiers.h"
#include "testing.h"

static const char *const identifiers[] = {"PatientID",
                                          "PATIENTID",
                                          "patient_id",
                                          "patient.id",
                                          "mrn",
                                          "MRN",
                                          "clinical_mrn",
                                          "Medical Record Number",
                                          "birth_date",
                                          "BirthDate",
                                          "date-of-birth",
                                          "baseline_DOB",
                                          "PatientBirthDate",
                                          "AccessionNumber",
                                          "StudyInstanceUID",
                                          "SOPInstanceUID",
                                          "name",
                                          "FirstName",
                                          "Geburtsdatum",
                                          "telefon_privat",
                                          "E-Mail",
                                          "home address",
                                          "zip_code",
                                          "Fecha de nacimiento",
                                          "subjectId"};
static const char *const features[] = {"original_stat_mean",
                                       "original_cm_joint_max",
                                       "wavelet_LLH_ivh_v10",
                                       "age",
                                       "volume",
                                       "names_in_roi_count_x",
                                       "rapid_change",
                                       "epidural",
                                       "mobileness",
                                       "f0001",
                                       "original_morph_pca_maj_axis",
                                       "diag_mask_voxels",
                                       "acid",
                                       "nominal",
                                       "surnamed",
                                       "renamed_f1",
                                       "accessions_per_year",
                                       "stage",
                                       "grade",
                                       "original_ngt_coarseness"};

START_TEST(named) {
    for (size_t i = 0; i < sizeof identifiers / sizeof *identifiers; i++)
        ck_assert_msg(rad_identifiers_named(identifiers[i]), "%s", identifiers[i]);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        ck_assert_msg(!rad_identifiers_named(features[i]), "%s", features[i]);
}
END_TEST

START_TEST(texts) {
    static const char *const yes[] = {"1.2.840.113619", "2.16.840.1.2", "1957-03-04", "04.03.1957",
                                      "4/3/1957",       "3/4/1957",     "1850-12-31"};
    static const char *const no[] = {"1.25", "12.5.1",     "0.123456", "1957-13-04",  "04.03.57",  "1e5",
                                     "F",    "1849-12-31", "12345678", "4/31/1957/1", "2151-01-01"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        ck_assert_msg(rad_identifiers_text(yes[i]), "%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        ck_assert_msg(!rad_identifiers_text(no[i]), "%s", no[i]);
}
END_TEST

START_TEST(shapes) {
    double numbers[] = {100000, 100002, NAN, 100001}, less[] = {99999, 100000, 100001},
           twice[] = {123456, 223456, 123456}, parts[] = {123456, 123457.5, 123458},
           dates[] = {19570304, 20240229, 19570304, 18500101}, none[] = {19570304, 19571304, 19570305},
           late[] = {19570332, 19570304, 19570332}, two[] = {100000, 100001};
    ck_assert_str_eq(rad_identifiers_shape(numbers, 4), "numbers of patients");
    ck_assert_ptr_null(rad_identifiers_shape(less, 3));
    ck_assert_ptr_null(rad_identifiers_shape(twice, 3));
    ck_assert_ptr_null(rad_identifiers_shape(parts, 3));
    ck_assert_str_eq(rad_identifiers_shape(dates, 4), "dates");
    ck_assert_str_eq(rad_identifiers_shape(none, 3), "numbers of patients");
    ck_assert_ptr_null(rad_identifiers_shape(late, 3));
    ck_assert_ptr_null(rad_identifiers_shape(two, 2));
    double near[] = {100000, 999999, 500000}, far[] = {100000, 1000000, 500000};
    ck_assert_str_eq(rad_identifiers_shape(near, 3), "numbers of patients");
    ck_assert_ptr_null(rad_identifiers_shape(far, 3));
    ck_assert(rad_identifiers_measured("CT_original_stat_energy") &&
              rad_identifiers_measured("original_firstorder_Energy") &&
              !rad_identifiers_measured("hospital_no"));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("identifiers");
    TCase *tests = tcase_create("identifiers");
    tcase_add_test(tests, named);
    tcase_add_test(tests, texts);
    tcase_add_test(tests, shapes);
    suite_add_tcase(suite, tests);
    return test_run(suite);
}
