/* Standardised uptake values: every form, every source, every refusal. */
#include "../../core/memory.h"
#include "../../io/dicom/instance.h"
#include "../../io/dicom/suv.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A patient for SUV, from which each row changes one thing. */
static rad_pet patient(void) {
    return (rad_pet){.units = "BQML",
                     .decay_correction = "START",
                     .sex = "F",
                     .corrected = "DECY\\ATTN",
                     .weight = 80,
                     .size = 1.75,
                     .dose = 4e8,
                     .half_life = 6586.2,
                     .injection = NAN,
                     .injection_time = 9.25 * 3600,
                     .series = 86400 * 700000.0 + 10.25 * 3600,
                     .acquisition = 86400 * 700000.0 + 10.25 * 3600 + 60,
                     .scan = NAN,
                     .duration = 120000,
                     .reference = NAN,
                     .suv_factor = NAN,
                     .activity_factor = NAN};
}

static double factor_of(const rad_pet *pet, rad_suv form) {
    rad_error error = {0};
    double factor = 0;
    ck_ok(rad_suv_factor(pet, "p.dcm", form, pet->acquisition, &factor, NULL, &error));
    return factor;
}

START_TEST(suv_forms) {
    rad_pet p = patient();
    const double decayed = 4e8 * pow(2, -3600 / 6586.2);
    ck_near(factor_of(&p, RAD_SUV_BW) * decayed, 80000, 1e-12);
    ck_near(factor_of(&p, RAD_SUV_LBMJAMES128) * decayed, 1000 * (1.07 * 80 - 148 * pow(80 / 175.0, 2)),
            1e-12);
    ck_near(factor_of(&p, RAD_SUV_LBMJANMA) * decayed, 9.27e6 * 80 / (8780 + 244 * 80 / (1.75 * 1.75)),
            1e-12);
    ck_near(factor_of(&p, RAD_SUV_IBW) * decayed, 1000 * (45.5 + 0.91 * (175 - 152)), 1e-12);
    ck_near(factor_of(&p, RAD_SUV_BSA) * decayed, 1e4 * 0.007184 * pow(80, 0.425) * pow(175, 0.725), 1e-12);
    ck_assert(factor_of(&p, RAD_SUV_NONE) == 1);
    strcpy(p.sex, "M");
    ck_near(factor_of(&p, RAD_SUV_LBMJAMES128) * decayed, 1000 * (1.10 * 80 - 128 * pow(80 / 175.0, 2)),
            1e-12);
    ck_near(factor_of(&p, RAD_SUV_LBMJANMA) * decayed, 9.27e6 * 80 / (6680 + 216 * 80 / (1.75 * 1.75)),
            1e-12);
    ck_near(factor_of(&p, RAD_SUV_IBW) * decayed, 1000 * (48.0 + 1.06 * (175 - 152)), 1e-12);
}
END_TEST

START_TEST(suv_sources) {
    rad_pet p = patient();
    strcpy(p.decay_correction, "ADMIN");
    p.injection_time = NAN; /* is not needed */
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / 4e8, 1e-15);
    p = patient(); /* each frame decayed: from its mean time, which lies a little before its middle */
    strcpy(p.decay_correction, "NONE");
    strcpy(p.corrected, "ATTN");
    const double lambda = log(2) / 6586.2, x = lambda * 120, mean = log(x / (1 - exp(-x))) / lambda;
    ck_assert(mean > 59 && mean < 60);
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * (3660 + mean))), 1e-12);
    p = patient(); /* past midnight, with the date of the injection */
    p.injection = 86400 * 699999.0 + 23.5 * 3600;
    p.series = 86400 * 700000.0 + 0.5 * 3600;
    p.acquisition = p.series + 60;
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * 3600)), 1e-12);
    p = patient(); /* saved again: the start of the scan from the reference time of a frame */
    p.series += 86400 * 3;
    p.reference = 60000 + 1000 * mean;
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * 3600)), 1e-12);
    p.scan = patient().series - 600; /* or as GE writes it */
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * 3000)), 1e-12);
    p = patient(); /* counts of Philips */
    strcpy(p.units, "CNTS");
    p.suv_factor = 0.0004;
    ck_assert(factor_of(&p, RAD_SUV_BW) == 0.0004);
    ck_near(factor_of(&p, RAD_SUV_IBW), 0.0004 * (45.5 + 0.91 * 23) / 80, 1e-15);
    p.suv_factor = 0;
    p.activity_factor = 3;
    ck_near(factor_of(&p, RAD_SUV_BW), 3 * 80000 / (4e8 * exp(-lambda * 3600)), 1e-12);
    p = patient(); /* SUV already */
    strcpy(p.units, "GML");
    p.dose = NAN;
    ck_assert(factor_of(&p, RAD_SUV_BW) == 1);
    ck_near(factor_of(&p, RAD_SUV_IBW), (45.5 + 0.91 * 23) / 80, 1e-15);
    strcpy(p.suv_type, "IBW");
    ck_near(factor_of(&p, RAD_SUV_BW), 80 / (45.5 + 0.91 * 23), 1e-15);
    strcpy(p.suv_type, "");
    strcpy(p.units, "CM2ML");
    ck_assert(factor_of(&p, RAD_SUV_BSA) == 1);
}
END_TEST

#define CHANGE(statement)                                                                                    \
    p = patient();                                                                                           \
    statement
/* Whatever is missing or at odds is named, with its tag. */
START_TEST(suv_refusals) {
    rad_error error = {0};
    rad_pet p;
    double factor;
#define REFUSES(statement, form, words)                                                                      \
    do {                                                                                                     \
        CHANGE(statement);                                                                                   \
        ck_assert_int_eq(rad_suv_factor(&p, "p.dcm", form, p.acquisition, &factor, NULL, &error),            \
                         RAD_UNREADABLE);                                                                    \
        ck_assert_msg(strstr(error.text, words) && strstr(error.text, "--suv none"), "%s", error.text);      \
    } while (0)
    REFUSES(p.weight = 0, RAD_SUV_BW, "PatientWeight (0010,1030) is 0");
    REFUSES(p.weight = NAN, RAD_SUV_BW, "PatientWeight (0010,1030), which is absent");
    REFUSES(p.size = 175, RAD_SUV_IBW, "PatientSize (0010,1020) is 175");
    REFUSES(p.size = NAN, RAD_SUV_BSA, "PatientSize (0010,1020), which is absent");
    REFUSES(strcpy(p.sex, "O"), RAD_SUV_LBMJANMA, "PatientSex (0010,0040) is O");
    REFUSES(p.weight = 400, RAD_SUV_LBMJAMES128, "give a mass of");
    REFUSES(p.dose = 0, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074) is 0");
    REFUSES(p.dose = 370, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074) is 370");
    REFUSES(p.dose = NAN, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074), which is absent");
    REFUSES(p.half_life = 0, RAD_SUV_BW, "RadionuclideHalfLife (0018,1075) is 0");
    REFUSES(p.injection_time = NAN, RAD_SUV_BW,
            "RadiopharmaceuticalStartDateTime (0018,1078), which is absent");
    REFUSES(p.injection_time = 23.5 * 3600, RAD_SUV_BW,
            "RadiopharmaceuticalStartTime (0018,1072) is 47700 s after");
    REFUSES(p.injection = p.series + 9, RAD_SUV_BW,
            "RadiopharmaceuticalStartDateTime (0018,1078) is 9 s after");
    REFUSES(p.injection = p.series - 1e6, RAD_SUV_BW, "is 1e+06 s before the scan");
    REFUSES(strcpy(p.units, "PROPCNTS"), RAD_SUV_BW, "Units (0054,1001) is PROPCNTS");
    REFUSES(strcpy(p.units, ""), RAD_SUV_BW, "Units (0054,1001) is absent");
    REFUSES(strcpy(p.units, "CNTS"), RAD_SUV_BW, "(7053,xx00)");
    REFUSES(strcpy(p.decay_correction, ""), RAD_SUV_BW, "DecayCorrection (0054,1102) is absent");
    REFUSES(strcpy(p.decay_correction, "NONE"), RAD_SUV_BW, "CorrectedImage (0028,0051) has DECY");
    REFUSES(strcpy(p.corrected, "ATTN"), RAD_SUV_BW, "CorrectedImage (0028,0051) lacks DECY");
    REFUSES(p.series += 1e5, RAD_SUV_BW, "FrameReferenceTime (0054,1300)");
    REFUSES(p.series = p.acquisition = NAN, RAD_SUV_BW, "AcquisitionTime (0008,0032), which is absent");
    REFUSES((strcpy(p.units, "GML"), strcpy(p.suv_type, "XYZ")), RAD_SUV_BW, "SUVType (0054,1006) is XYZ");
}
END_TEST

static void put_text(FILE *file, unsigned group, unsigned element, const char *kind, const char *text) {
    const size_t length = strlen(text) + strlen(text) % 2;
    const unsigned char head[] = {
        (unsigned char)group,  0, (unsigned char)element, 0, (unsigned char)kind[0], (unsigned char)kind[1],
        (unsigned char)length, 0};
    ck_assert(fwrite(head, 1, sizeof head, file) == sizeof head);
    fprintf(file, "%s%s", text, strlen(text) % 2 ? " " : "");
}

/* What a PET file with this SeriesDate and SeriesTime tells. */
static double seconds_of(const char *date, const char *time) {
    char path[] = "/tmp/radiomill-suv-XXXXXX";
    const int descriptor = mkstemp(path);
    FILE *file = fdopen(descriptor, "wb");
    ck_assert(file != NULL);
    fprintf(file, "%*sDICM", 128, "");
    put_text(file, 2, 0x10, "UI", "1.2.840.10008.1.2.1");
    put_text(file, 8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.128");
    put_text(file, 8, 0x21, "DA", date);
    put_text(file, 8, 0x31, "TM", time);
    put_text(file, 8, 0x60, "CS", "PT");
    ck_assert(!fclose(file));
    rad_instance n = {.path = rad_text_copy(path, NULL)};
    rad_instance_read(&n);
    const double seconds = n.pet.series;
    ck_assert_str_eq(n.modality, "PT");
    rad_instance_free(&n);
    unlink(path);
    return seconds;
}

/* The calendar of the C library, leap years and ends of months among its days. */
START_TEST(days) {
    static const char *const dates[] = {"19700101", "19991231", "20000228", "20000229",
                                        "20000301", "20001231", "20230228", "20230301",
                                        "20240229", "21000228", "21000301", "20200131"};
    const double first = seconds_of("19700101", "000000");
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        struct tm day = {.tm_hour = 13, .tm_min = 5, .tm_sec = 59};
        ck_assert(sscanf(dates[i], "%4d%2d%2d", &day.tm_year, &day.tm_mon, &day.tm_mday) == 3);
        day.tm_year -= 1900;
        day.tm_mon--;
        ck_assert_double_eq(seconds_of(dates[i], "130559") - first, (double)timegm(&day));
    }
    static const char *const wrong[] = {"20200001", "20201301", "20200100", "20200132",
                                        "2020010",  "202x0101", "x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(isnan(seconds_of(wrong[i], "000000")), "%s", wrong[i]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("suv");
    TCase *tests = tcase_create("suv");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, suv_forms);
    tcase_add_test(tests, suv_sources);
    tcase_add_test(tests, suv_refusals);
    tcase_add_test(tests, days);
    return test_run(suite);
}
