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

enum { TODAY = 86400 * 7000, HOUR = 3600, DAY = 86400 };

/* A patient for SUV, from which each row changes one thing: injected at 9:15, scanned from 10:15 on. */
static rad_pet patient(void) {
    return (rad_pet){.units = "BQML",
                     .decay_correction = "START",
                     .sex = "F",
                     .corrected = "DECY\\ATTN",
                     .weight = 80,
                     .size = 1.75,
                     .dose = 4e8,
                     .half_life = 6586.2,
                     .injection = {NAN, 9.25 * HOUR},
                     .series = {TODAY, 10.25 * HOUR},
                     .acquisition = {TODAY, 10.25 * HOUR + 60},
                     .scan = {NAN, NAN},
                     .decay_zero = {NAN, NAN},
                     .duration = 120000,
                     .reference = NAN,
                     .suv_factor = NAN,
                     .activity_factor = NAN,
                     .calibration = NAN,
                     .voxel = 0.064};
}

static rad_suv_slice slice_of(const rad_pet *pet, rad_suv form) {
    return (rad_suv_slice){.pet = pet, .path = "p.dcm", .form = form, .earliest = rad_suv_acquired(pet)};
}

/* The factor, and that exactly this was assumed. */
static double factor_with(const rad_suv_slice *slice, unsigned expected) {
    rad_error error = {0};
    double factor = 0;
    unsigned notes = 0;
    ck_ok(rad_suv_factor(slice, &factor, &notes, NULL, &error));
    ck_assert_uint_eq(notes, expected);
    rad_warnings warnings = {0};
    rad_suv_warn(slice, notes, &warnings);
    ck_assert_uint_eq(warnings.count, (size_t)__builtin_popcount(notes));
    return factor;
}

static double factor_of(const rad_pet *pet, rad_suv form) {
    const rad_suv_slice slice = slice_of(pet, form);
    return factor_with(&slice, 0);
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
    ck_near(factor_of(&p, RAD_SUV_LBM) * decayed, 1000 * (1.10 * 80 - 120 * pow(80 / 175.0, 2)), 1e-12);
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
    p.injection.second = NAN; /* is not needed */
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / 4e8, 1e-15);
    p = patient(); /* each frame decayed: from its mean time, which lies a little before its middle */
    strcpy(p.decay_correction, "NONE");
    strcpy(p.corrected, "ATTN");
    const double lambda = log(2) / 6586.2, x = lambda * 120, mean = log(x / (1 - exp(-x))) / lambda;
    ck_assert(mean > 59 && mean < 60);
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * (3660 + mean))), 1e-12);
    p = patient(); /* past midnight, with the date of the injection */
    p.injection = (rad_datetime){TODAY - DAY, 23.5 * HOUR};
    p.series = (rad_datetime){TODAY, 0.5 * HOUR};
    p.acquisition = (rad_datetime){TODAY, 0.5 * HOUR + 60};
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * 3600)), 1e-12);
    p = patient(); /* saved again: the start of the scan from the reference time of a frame */
    p.series.day += 3 * DAY;
    p.reference = 60000 + 1000 * mean;
    ck_near(factor_of(&p, RAD_SUV_BW), 80000 / (4e8 * exp(-lambda * 3600)), 1e-12);
    p.scan = (rad_datetime){TODAY, 10.25 * HOUR - 600}; /* or as GE writes it */
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

/* What the draft of the IBSI on SUV allows, and what de-identification does: a value, and what was assumed.
 */
#define ALL "DECY\\NORM\\DTIM\\ATTN\\SCAT\\RAN"
START_TEST(suv_assumptions) {
    const double usual = 80000 / (4e8 * pow(2, -3600 / 6586.2));
    rad_pet p;
#define ASSUMES(statement, notes, expected)                                                                  \
    do {                                                                                                     \
        p = patient();                                                                                       \
        statement;                                                                                           \
        const rad_suv_slice slice = slice_of(&p, RAD_SUV_BW);                                                \
        ck_near(factor_with(&slice, notes), expected, 1e-12);                                                \
    } while (0)
    ASSUMES(p.dose = 400, RAD_SUV_MEGABECQUEREL, usual);
    ASSUMES(p.dose = 0.01, RAD_SUV_MEGABECQUEREL, usual * 4e4);
    ASSUMES(p.dose = 9999.9, RAD_SUV_MEGABECQUEREL, usual * 4e8 / 9999.9e6);
    ASSUMES(p.dose = 1e4, RAD_SUV_SMALL_DOSE, usual * 4e4);
    ASSUMES(p.dose = 999999, RAD_SUV_SMALL_DOSE, usual * 4e8 / 999999);
    ASSUMES(p.dose = 1e6, 0, usual * 400);
    ASSUMES(p.weight = 80000, RAD_SUV_GRAMS, usual);
    ASSUMES(p.weight = 1000, 0, usual * 12.5);
    ASSUMES((p.half_life = NAN, strcpy(p.nuclide, "C-111A1")), RAD_SUV_NUCLIDE, usual);
    ASSUMES((p.half_life = NAN, strcpy(p.nuclide, "77004003")), RAD_SUV_NUCLIDE, usual);
    ASSUMES(strcpy(p.corrected, "DECY\\NORM"), RAD_SUV_NOT_ATTENUATED, usual);
    ASSUMES(p.tracers = 1, 0, usual);
    ASSUMES(p.tracers = 2, RAD_SUV_SEVERAL, usual);
    /* midnight is a time like others where one of the two is later */
    ASSUMES((p.injection.second = 0, p.series.second = HOUR, p.acquisition.second = HOUR + 60), 0, usual);
    ASSUMES((p.injection.second = p.series.second = p.acquisition.second = 0,
             strcpy(p.decay_correction, "ADMIN")),
            0, 80000 / 4e8);
    /* dates: none of the scan, none at all, one that cannot be true, the day before */
    ASSUMES((p.injection.day = TODAY, p.series.day = p.acquisition.day = NAN), RAD_SUV_UNDATED, usual);
    ASSUMES(p.series.day = p.acquisition.day = NAN, RAD_SUV_UNDATED, usual);
    ASSUMES(p.series.day = NAN, RAD_SUV_UNDATED, usual);
    ASSUMES(p.injection.day = TODAY - 4000 * DAY, RAD_SUV_APART, usual);
    ASSUMES(p.injection.day = TODAY + 17 * DAY, RAD_SUV_APART, usual);
    ASSUMES(p.injection.day = TODAY, 0, usual);
#define LATE(hours)                                                                                          \
    (p.injection.second = 23.5 * HOUR, p.series.second = (hours)*HOUR,                                       \
     p.acquisition.second = p.series.second + 60)
    ASSUMES(LATE(0.5), RAD_SUV_MIDNIGHT, usual);
    ASSUMES((LATE(0.5), p.injection.day = TODAY - 400 * DAY), RAD_SUV_APART, usual);
    ASSUMES((LATE(0.5), p.series.day = p.acquisition.day = NAN), RAD_SUV_UNDATED | RAD_SUV_MIDNIGHT, usual);
    /* a nuclide that is imaged days after: the day is a guess, but one that is stated is believed */
    const double slow = 80000 / (4e8 * pow(2, -3600 / 282276.0)),
                 old = 80000 / (4e8 * pow(2, -(3600 + 3 * DAY) / 282276.0));
    ASSUMES(p.half_life = 282276, RAD_SUV_ONE_DAY, slow);
    ASSUMES((p.half_life = 282276, p.injection.day = TODAY), 0, slow);
    ASSUMES((p.half_life = 282276, p.injection.day = TODAY - 3 * DAY), 0, old);
    /* counts per second: calibrated, or by a factor; counts by the duration of the frame */
    const double rate = usual / 0.064;
    ASSUMES((strcpy(p.units, "CPS"), strcpy(p.corrected, ALL "\\DCAL")), 0, rate);
    ASSUMES((strcpy(p.units, "CPS"), strcpy(p.corrected, ALL), p.calibration = 3), 0, 3 * rate);
    ASSUMES((strcpy(p.units, "CNTS"), strcpy(p.corrected, ALL), p.calibration = 3), 0, 3 * rate / 120);
    ASSUMES((strcpy(p.units, "CNTS"), p.nameless = p.philips = true, p.suv_factor = 0.5), RAD_SUV_NAMELESS,
            0.5);
    ASSUMES((strcpy(p.units, "CNTS"), p.nameless = p.philips = true, p.activity_factor = 2), RAD_SUV_NAMELESS,
            2 * usual);
    /* Enhanced PET: MBq, and the time of decay correction */
    const rad_datetime zero = {TODAY, 10.25 * HOUR};
    ASSUMES((p.enhanced = true, p.dose = 400, p.decay_zero = zero), 0, usual);
    ASSUMES((p.enhanced = true, p.decay_zero = zero), RAD_SUV_BECQUEREL, usual);
}
END_TEST

/* The mean of both sexes where it is neither. */
START_TEST(suv_of_both_sexes) {
    rad_pet p = patient();
    strcpy(p.sex, "O");
    strcpy(p.units, "GML");
    strcpy(p.suv_type, "IBW");
    const rad_suv_slice slice = slice_of(&p, RAD_SUV_BW);
    ck_near(factor_with(&slice, RAD_SUV_BOTH_SEXES), 80 / (46.75 + 0.985 * 23), 1e-12);
}
END_TEST

/* What is given counts, and a file that says something else is told of. */
START_TEST(suv_of_what_is_given) {
    rad_pet p = patient();
    rad_suv_given given = {.weight = 40};
    rad_suv_slice slice = slice_of(&p, RAD_SUV_BW);
    const double usual = factor_with(&slice, 0);
    slice.given = &given;
    ck_near(factor_with(&slice, RAD_SUV_OTHER_WEIGHT), usual / 2, 1e-12);
    p.weight = NAN;
    ck_near(factor_with(&slice, 0), usual / 2, 1e-12);
    given = (rad_suv_given){.weight = 80, .dose = 2e8};
    ck_near(factor_with(&slice, RAD_SUV_OTHER_DOSE), usual * 2, 1e-12);
    given.dose = 200;
    p.dose = NAN;
    ck_near(factor_with(&slice, RAD_SUV_MEGABECQUEREL), usual * 2, 1e-12);
    given = (rad_suv_given){.weight = 80, .dose = 4e8, .seconds = 3600};
    p.series = p.acquisition = p.injection = (rad_datetime){NAN, NAN};
    strcpy(p.decay_correction, "");
    ck_near(factor_with(&slice, 0), usual, 1e-12);
    p = patient(); /* frames that are not corrected: each by its own time, from the first on */
    strcpy(p.decay_correction, "NONE");
    strcpy(p.corrected, "ATTN");
    slice.given = NULL;
    const double own = factor_with(&slice, 0);
    given = (rad_suv_given){.seconds = 3600};
    slice.given = &given;
    slice.earliest = rad_suv_acquired(&p) - 60;
    ck_near(factor_with(&slice, 0), own, 1e-12);
    rad_error error = {0};
    double factor;
    unsigned notes = 0;
    strcpy(p.decay_correction, "ADMIN");
    strcpy(p.corrected, "DECY");
    ck_assert_int_eq(rad_suv_factor(&slice, &factor, &notes, NULL, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "leave --suv-time out") != NULL, "%s", error.text);
    p = patient();
    slice.intercept = -3;
    ck_assert_int_eq(rad_suv_factor(&slice, &factor, &notes, NULL, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "RescaleIntercept (0028,1052) is -3") != NULL, "%s", error.text);
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
    unsigned notes = 0;
#define REFUSES(statement, form, words)                                                                      \
    do {                                                                                                     \
        CHANGE(statement);                                                                                   \
        const rad_suv_slice slice = slice_of(&p, form);                                                      \
        ck_assert_int_eq(rad_suv_factor(&slice, &factor, &notes, NULL, &error), RAD_UNREADABLE);             \
        ck_assert_msg(strstr(error.text, words) && strstr(error.text, "--suv none"), "%s", error.text);      \
    } while (0)
    REFUSES(p.weight = 0, RAD_SUV_BW, "PatientWeight (0010,1030) is 0");
    REFUSES(p.weight = NAN, RAD_SUV_BW, "PatientWeight (0010,1030), which is absent");
    REFUSES(p.size = 1750, RAD_SUV_IBW, "PatientSize (0010,1020) is 1750");
    REFUSES(p.size = NAN, RAD_SUV_BSA, "PatientSize (0010,1020), which is absent");
    REFUSES(strcpy(p.sex, ""), RAD_SUV_LBMJANMA, "PatientSex (0010,0040) is absent");
    REFUSES(strcpy(p.sex, "MF"), RAD_SUV_LBMJANMA, "PatientSex (0010,0040) is MF");
    REFUSES(p.weight = 400, RAD_SUV_LBMJAMES128, "give a mass of");
    REFUSES(p.dose = 0, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074) is 0");
    REFUSES(p.dose = 0.0099, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074) is 0.0099");
    REFUSES(p.dose = 1.1e12, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074) is 1.1e+12");
    REFUSES(p.dose = NAN, RAD_SUV_BW, "--suv-dose");
    REFUSES(p.weight = NAN, RAD_SUV_BW, "--suv-weight");
    REFUSES(p.weight = 1.1e6, RAD_SUV_BW, "PatientWeight (0010,1030) is 1.1e+06");
    REFUSES(p.half_life = NAN, RAD_SUV_BW, "RadionuclideHalfLife (0018,1075), which is absent");
    REFUSES(p.dose = NAN, RAD_SUV_BW, "RadionuclideTotalDose (0018,1074), which is absent");
    REFUSES(p.half_life = 0, RAD_SUV_BW, "RadionuclideHalfLife (0018,1075) is 0");
    REFUSES(
        p.injection.second = NAN, RAD_SUV_BW,
        "RadiopharmaceuticalStartDateTime (0018,1078), which is absent; give the seconds from injection to "
        "scan by --suv-time");
    REFUSES(p.injection.second = 22 * HOUR, RAD_SUV_BW,
            "RadiopharmaceuticalStartTime (0018,1072) is 42300 s after");
    REFUSES(p.injection = ((rad_datetime){TODAY, p.series.second + 9}), RAD_SUV_BW,
            "RadiopharmaceuticalStartDateTime (0018,1078) is 9 s after");
    REFUSES(p.injection = ((rad_datetime){TODAY - 12 * DAY, 12 * HOUR}), RAD_SUV_BW, "s before the scan");
    REFUSES(p.injection.second = p.series.second = p.acquisition.second = 0, RAD_SUV_BW,
            "the times of injection and scan are all 000000 (de-identification may have blanked them); give "
            "the seconds from injection to scan by --suv-time");
    REFUSES((p.injection.second = p.acquisition.second = 0, p.series = ((rad_datetime){NAN, NAN})),
            RAD_SUV_BW, "are all 000000");
    REFUSES((p.enhanced = true, p.injection.second = p.series.second = p.acquisition.second = 0,
             p.decay_zero = ((rad_datetime){TODAY, 0})),
            RAD_SUV_BW, "are all 000000");
    REFUSES(strcpy(p.units, "PROPCNTS"), RAD_SUV_BW, "Units (0054,1001) is PROPCNTS");
    REFUSES(strcpy(p.units, ""), RAD_SUV_BW, "Units (0054,1001) is absent");
    REFUSES(strcpy(p.units, "CNTS"), RAD_SUV_BW, "(7053,xx00)");
    REFUSES(strcpy(p.decay_correction, ""), RAD_SUV_BW, "DecayCorrection (0054,1102) is absent");
    REFUSES(strcpy(p.decay_correction, "NONE"), RAD_SUV_BW, "CorrectedImage (0028,0051) has DECY");
    REFUSES(strcpy(p.corrected, "ATTN"), RAD_SUV_BW, "CorrectedImage (0028,0051) lacks DECY");
    REFUSES(p.series.second += HOUR, RAD_SUV_BW, "FrameReferenceTime (0054,1300)");
    REFUSES((p.series.second += HOUR, p.reference = 0, p.duration = NAN), RAD_SUV_BW,
            "ActualFrameDuration (0018,1242)");
    REFUSES(p.series.second = p.acquisition.second = NAN, RAD_SUV_BW,
            "AcquisitionTime (0008,0032), which is absent");
    REFUSES((strcpy(p.decay_correction, "NONE"), strcpy(p.corrected, ""), p.duration = NAN), RAD_SUV_BW,
            "ActualFrameDuration (0018,1242)");
    REFUSES(p.enhanced = true, RAD_SUV_BW, "DecayCorrectionDateTime (0018,9701), which is absent");
    REFUSES((p.enhanced = true, strcpy(p.decay_correction, "NONE")), RAD_SUV_BW,
            "DecayCorrected (0018,9758) is NO");
    REFUSES((p.enhanced = true, strcpy(p.units, "")), RAD_SUV_BW,
            "RealWorldValueMappingSequence (0040,9096) is absent");
    REFUSES((strcpy(p.units, "CNTS"), p.nameless = true, p.suv_factor = 1), RAD_SUV_BW,
            "Manufacturer (0008,0070) does not say Philips");
    REFUSES(strcpy(p.units, "CPS"), RAD_SUV_BW, "CorrectedImage (0028,0051) lacks NORM");
    REFUSES((strcpy(p.units, "CPS"), strcpy(p.corrected, ALL)), RAD_SUV_BW,
            "DoseCalibrationFactor (0054,1322) above 0");
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
    const double seconds = n.pet.series.day + n.pet.series.second;
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
    ck_assert_double_eq(seconds_of("2020.03.01", "13:05:59") - first,
                        seconds_of("20200301", "130559") - first);
    static const char *const no_times[] = {"240000", "236000", "235961", "20200301130000",
                                           "1:05",   "13055",  "13.x"};
    for (size_t i = 0; i < sizeof no_times / sizeof no_times[0]; i++)
        ck_assert_msg(isnan(seconds_of("20200301", no_times[i])), "%s", no_times[i]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("suv");
    TCase *tests = tcase_create("suv");
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, suv_forms);
    tcase_add_test(tests, suv_sources);
    tcase_add_test(tests, suv_assumptions);
    tcase_add_test(tests, suv_of_both_sexes);
    tcase_add_test(tests, suv_of_what_is_given);
    tcase_add_test(tests, suv_refusals);
    tcase_add_test(tests, days);
    return test_run(suite);
}
