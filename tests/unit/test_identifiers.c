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
                                          "socialsecuritynumber",
                                          "nascita",
                                          "nascimento",
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
                                          "subjectId",
                                          "ID",
                                          "Nr",
                                          "patient_no",
                                          "PatientNr",
                                          "patno",
                                          "subj_id",
                                          "ParticipantID",
                                          "RecordID",
                                          "CaseNumber",
                                          "AccessionNo",
                                          "acc_num",
                                          "hosp_no",
                                          "UR_number",
                                          "nhs_no",
                                          "Fallnummer",
                                          "exam_id",
                                          "birth_dt",
                                          "YearOfBirth",
                                          "date_birth",
                                          "DtNasc",
                                          "geburtsjahr",
                                          "d_o_b",
                                          "StudyDate",
                                          "date of death"};
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
                                       "original_glcm_Id",
                                       "original_glcm_Idmn",
                                       "scanner_id_x",
                                       "patient_weight",
                                       "birthweight",
                                       "number_of_lesions",
                                       "nodes_no",
                                       "casein",
                                       "timepoint",
                                       "updated",
                                       "year",
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

/* Forty days, a month and two years from each other, of which one comes twice, in each order; with a 32nd
 * they are none. */
static void check_orders(void) {
    enum { COUNT = 40 };
    static const struct {
        double year, month, day, of;
    } orders[] = {{1e4, 100, 1, 0},    {1, 1e4, 1e6, 0},    {1, 1e6, 1e4, 0},   {100, 1, 0, 0},
                  {1e4, 100, 1, 1900}, {1, 100, 1e4, 1900}, {1, 1e4, 100, 1900}};
    for (size_t k = 0; k < sizeof orders / sizeof orders[0]; k++) {
        double dates[COUNT], none[COUNT];
        for (size_t i = 0; i < COUNT; i++) {
            const double year = (double)(1911 + i * 2) - orders[k].of, month = (double)(i % 12 + 1),
                         day = (double)(i * 7 % 31 + 1);
            dates[i] = none[i] = year * orders[k].year + month * orders[k].month + day * orders[k].day;
        }
        dates[3] = none[3] = dates[30];
        none[5] += (orders[k].day > 0 ? orders[k].day : 1) * 40;
        ck_assert_str_eq(rad_identifiers_shape(dates, COUNT), "dates");
        const char *other = rad_identifiers_shape(none, COUNT);
        ck_assert_msg(!other || strcmp(other, "dates") != 0, "order %zu", k);
    }
}

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
    check_orders();
    double near[] = {100000, 999999, 500000}, far[] = {100000, 1000000, 500000};
    ck_assert_str_eq(rad_identifiers_shape(near, 3), "numbers of patients");
    double running[] = {4, 3, 5, 11, 10, 6, 7, 9, 8, 12}, gap[] = {4, 3, 5, 11, 10, 6, 7, 9, 8, 13},
           often[40];
    ck_assert_str_eq(rad_identifiers_shape(running, 10), "running numbers");
    ck_assert_ptr_null(rad_identifiers_shape(running, 9));
    ck_assert_ptr_null(rad_identifiers_shape(gap, 10));
    for (size_t same = 2; same < 4; same++) { /* so many repeat another one */
        for (size_t i = 0; i < 40; i++) often[i] = 500000 + 1337.0 * (double)(i < 40 - same ? i : 0);
        const char *shape = rad_identifiers_shape(often, 40);
        ck_assert((shape != NULL) == (same == 2));
    }
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
