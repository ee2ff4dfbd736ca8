#include "pet.h"

#include "element.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Units that some write behind a number, and what each is in that of the element. */
static const struct {
    rad_tag tag;
    const char *word;
    double factor;
} units[] = {
    {rad_tag_PatientWeight, "kg", 1},
    {rad_tag_PatientWeight, "g", 1e-3},
    {rad_tag_PatientWeight, "lb", 0.45359237},
    {rad_tag_PatientWeight, "lbs", 0.45359237},
    {rad_tag_PatientSize, "m", 1},
    {rad_tag_PatientSize, "cm", 1e-2},
    {rad_tag_RadionuclideTotalDose, "Bq", 1},
    {rad_tag_RadionuclideTotalDose, "kBq", 1e3},
    {rad_tag_RadionuclideTotalDose, "MBq", 1e6},
    {rad_tag_RadionuclideTotalDose, "GBq", 1e9},
    {rad_tag_RadionuclideTotalDose, "mCi", 3.7e7},
    {rad_tag_RadionuclideHalfLife, "s", 1},
    {rad_tag_RadionuclideHalfLife, "sec", 1},
    {rad_tag_RadionuclideHalfLife, "min", 60},
    {rad_tag_FrameReferenceTime, "ms", 1},
    {rad_tag_ActualFrameDuration, "ms", 1},
    {rad_tag_ActualFrameDuration, "s", 1000},
};

/* The element is there, but is no number or time. */
static rad_pet_word *keep_word(const rad_dicom_item *item, rad_tag tag, rad_pet *pet) {
    rad_pet_word *word = &pet->words[pet->word_count];
    if (pet->word_count == RAD_PET_WORDS || !rad_dicom_text(item, tag, word->text, sizeof word->text))
        return NULL;
    word->tag = tag;
    pet->word_count++;
    return word;
}

static void keep_time(const rad_dicom_item *item, rad_tag tag, rad_pet *pet) {
    rad_pet_word *word = keep_word(item, tag, pet);
    if (word) word->time = true;
}

const rad_pet_word *rad_pet_find_word(const rad_pet *pet, uint32_t tag) {
    for (size_t i = 0; i < pet->word_count; i++)
        if (pet->words[i].tag == tag) return &pet->words[i];
    return NULL;
}

/* A number, also with a unit behind it. */
static double measure(const rad_dicom_item *item, rad_tag tag, rad_pet *pet) {
    const double plain = rad_element_number(item, tag);
    rad_pet_word *word = isnan(plain) ? keep_word(item, tag, pet) : NULL;
    if (!word) return plain;
    char *unit;
    const double value = strtod(word->text, &unit);
    if (unit == word->text) return NAN;
    while (isspace((unsigned char)*unit)) unit++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].tag == tag && !strcasecmp(units[i].word, unit)) {
            word->taken = true;
            return units[i].factor * value;
        }
    return NAN;
}

/* Codes that some write out, in capitals without blanks and signs. */
static const struct {
    rad_tag tag;
    const char *word, *code;
} codes[] = {
    {rad_tag_PatientSex, "MALE", "M"},   {rad_tag_PatientSex, "MAN", "M"},
    {rad_tag_PatientSex, "FEMALE", "F"}, {rad_tag_PatientSex, "WOMAN", "F"},
    {rad_tag_PatientSex, "OTHER", "O"},  {rad_tag_Units, "BQML", "BQML"},
    {rad_tag_Units, "BQML1", "BQML"}, /* Bq ml-1 */
    {rad_tag_Units, "BQCC", "BQML"},     {rad_tag_Units, "BQCM3", "BQML"},
    {rad_tag_Units, "COUNTS", "CNTS"},   {rad_tag_Units, "COUNTSS", "CPS"},
    {rad_tag_Units, "COUNTSSEC", "CPS"}, {rad_tag_Units, "CNTSS", "CPS"},
    {rad_tag_Units, "CNTSSEC", "CPS"},   {rad_tag_Units, "GML", "GML"},
    {rad_tag_Units, "GML1", "GML"},      {rad_tag_Units, "GCC", "GML"},
    {rad_tag_Units, "CM2ML", "CM2ML"},
};

/* A text in capitals, of its letters and digits alone. */
static void squeeze(const char *text, char *out) {
    for (; *text; text++)
        if (isalnum((unsigned char)*text)) *out++ = (char)toupper((unsigned char)*text);
    *out = '\0';
}

/* A code, which some write in lower case or in other words. */
static void read_code(const rad_dicom_item *item, rad_tag tag, rad_pet *pet, char *text, size_t size) {
    char whole[129], plain[sizeof whole];
    rad_dicom_text(item, tag, whole, sizeof whole);
    squeeze(whole, plain);
    size_t i = 0;
    for (; whole[i]; i++) text[i < size ? i : size - 1] = (char)toupper((unsigned char)whole[i]);
    text[i < size ? i : size - 1] = '\0';
    for (i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].tag == tag && !strcmp(codes[i].word, plain)) snprintf(text, size, "%s", codes[i].code);
    rad_pet_word *word = strcasecmp(text, whole) != 0 ? keep_word(item, tag, pet) : NULL;
    if (!word) return;
    word->taken = true;
    snprintf(word->code, sizeof word->code, "%s", text);
}

/* Does the manufacturer have the name in his? */
static bool is_made_by(const rad_dicom_item *root, const char *name) {
    char text[65];
    rad_dicom_text(root, rad_tag_Manufacturer, text, sizeof text);
    for (char *at = text; *at; at++) *at = (char)tolower((unsigned char)*at);
    return strstr(text, name) != NULL;
}

/* Factors of Philips, also where de-identification kept them and dropped the name of their block. */
static void read_philips(const rad_dicom_item *root, rad_pet *pet) {
    static const char creator[] = "Philips PET Private Group";
    enum { FACTOR = 0x70531000, ACTIVITY = 0x70531009 };
    pet->philips = is_made_by(root, "philips");
    pet->suv_factor = rad_element_number(root, rad_dicom_private(root, 0x7053, 0x00, creator));
    pet->activity_factor = rad_element_number(root, rad_dicom_private(root, 0x7053, 0x09, creator));
    char block[65];
    if (pet->suv_factor > 0 || pet->activity_factor > 0 ||
        rad_dicom_text(root, 0x70530010, block, sizeof block))
        return;
    pet->suv_factor = rad_element_number(root, FACTOR);
    pet->activity_factor = rad_element_number(root, ACTIVITY);
    pet->nameless = pet->suv_factor > 0 || pet->activity_factor > 0;
}

static double voxel_volume(const rad_dicom_item *root) {
    double spacing[2];
    if (rad_dicom_numbers(root, rad_tag_PixelSpacing, spacing, 2) != 2) return NAN;
    return spacing[0] * spacing[1] * rad_element_number(root, rad_tag_SliceThickness) / 1000;
}

/* Objects that were converted to enhanced ones keep elements that they have no place for in an item. */
static const rad_dicom_item *item_of_units(const rad_dicom_item *root) {
    char word[17];
    const rad_dicom_item *shared = rad_dicom_first(root, rad_tag_SharedFunctionalGroupsSequence),
                         *kept = rad_dicom_first(shared, rad_tag_UnassignedSharedConvertedAttributesSequence);
    return kept && !rad_dicom_text(root, rad_tag_Units, word, sizeof word) ? kept : root;
}

static void read_dose(const rad_dicom_item *root, rad_pet *pet) {
    const rad_dicom_item *dose = rad_dicom_first(root, rad_tag_RadiopharmaceuticalInformationSequence);
    if (!dose) dose = rad_dicom_first(item_of_units(root), rad_tag_RadiopharmaceuticalInformationSequence);
    for (const rad_dicom_item *one = dose; one; one = rad_dicom_next(one)) pet->tracers++;
    pet->dose = measure(dose, rad_tag_RadionuclideTotalDose, pet);
    pet->half_life = measure(dose, rad_tag_RadionuclideHalfLife, pet);
    rad_dicom_text(rad_dicom_first(dose, rad_tag_RadionuclideCodeSequence), rad_tag_CodeValue, pet->nuclide,
                   sizeof pet->nuclide);
    pet->injection = rad_datetime_read_local(root, dose, rad_tag_RadiopharmaceuticalStartDateTime);
    if (isnan(pet->injection.second))
        pet->injection.second = rad_datetime_read(dose, 0, rad_tag_RadiopharmaceuticalStartTime).second;
    if (isnan(pet->injection.second)) {
        keep_time(dose, rad_tag_RadiopharmaceuticalStartTime, pet);
        keep_time(dose, rad_tag_RadiopharmaceuticalStartDateTime, pet);
    }
}

/* What the object says of its voxels; Enhanced PET has other elements for it. */
static void read_voxels(const rad_dicom_item *root, rad_pet *pet) {
    char word[17];
    if (!pet->enhanced) {
        root = item_of_units(root);
        pet->duration = measure(root, rad_tag_ActualFrameDuration, pet);
        pet->reference = measure(root, rad_tag_FrameReferenceTime, pet);
        read_code(root, rad_tag_Units, pet, pet->units, sizeof pet->units);
        read_code(root, rad_tag_SUVType, pet, pet->suv_type, sizeof pet->suv_type);
        read_code(root, rad_tag_DecayCorrection, pet, pet->decay_correction, sizeof pet->decay_correction);
        rad_dicom_text(root, rad_tag_CorrectedImage, pet->corrected, sizeof pet->corrected);
        return;
    }
    rad_dicom_text(root, rad_tag_DecayCorrected, word, sizeof word);
    snprintf(pet->decay_correction, sizeof pet->decay_correction, "%s",
             !strcmp(word, "YES")  ? "START"
             : !strcmp(word, "NO") ? "NONE"
                                   : "");
    if (rad_dicom_text(root, rad_tag_AttenuationCorrected, word, sizeof word))
        snprintf(pet->corrected, sizeof pet->corrected, "%s%s",
                 strcmp(pet->decay_correction, "NONE") ? "DECY\\" : "", strcmp(word, "YES") ? "" : "ATTN");
}

void rad_pet_read(const rad_dicom_item *root, const char *sop_class, rad_pet *pet) {
    pet->enhanced = !strcmp(sop_class, "1.2.840.10008.5.1.4.1.1.130");
    pet->duration = pet->reference = NAN;
    read_voxels(root, pet);
    read_code(root, rad_tag_PatientSex, pet, pet->sex, sizeof pet->sex);
    pet->weight = measure(root, rad_tag_PatientWeight, pet);
    pet->size = measure(root, rad_tag_PatientSize, pet);
    read_dose(root, pet);
    pet->series = rad_datetime_read(root, rad_tag_SeriesDate, rad_tag_SeriesTime);
    pet->acquisition = rad_datetime_read(root, rad_tag_AcquisitionDate, rad_tag_AcquisitionTime);
    if (isnan(pet->acquisition.second))
        pet->acquisition = rad_datetime_read_local(root, root, rad_tag_AcquisitionDateTime);
    if (isnan(pet->acquisition.second)) keep_time(root, rad_tag_AcquisitionTime, pet);
    pet->decay_zero = rad_datetime_read_local(root, root, rad_tag_DecayCorrectionDateTime);
    if (isnan(pet->decay_zero.second)) keep_time(root, rad_tag_DecayCorrectionDateTime, pet);
    uint32_t scan = rad_dicom_private(root, 0x0009, 0x0D, "GEMS_PETD_01");
    char block[65];
    if (!scan && is_made_by(root, "ge med") && !rad_dicom_text(root, 0x00090010, block, sizeof block))
        scan = 0x0009100D; /* the name of the block was lost */
    pet->scan = rad_datetime_read_whole(root, scan);
    pet->calibration = rad_element_number(root, rad_tag_DoseCalibrationFactor);
    pet->voxel = voxel_volume(root);
    read_philips(root, pet);
}

/* UCUM (CIDs 84 and 85 of PS3.16) in the words of Units and SUVType. */
static const struct {
    const char *code, *units, *type;
} measures[] = {
    {"Bq/ml", "BQML", ""},
    {"g/ml", "GML", ""},
    {"g/ml{SUVbw}", "GML", "BW"},
    {"{SUVbw}g/ml", "GML", "BW"},
    {"g/ml{SUVlbm}", "GML", "LBM"},
    {"{SUVlbm}g/ml", "GML", "LBM"},
    {"g/ml{SUVlbm(Janma)}", "GML", "LBMJANMA"},
    {"{SUVlbm(Janma)}g/ml", "GML", "LBMJANMA"},
    {"g/ml{SUVlbm(James128)}", "GML", "LBMJAMES128"},
    {"{SUVlbm(James128)}g/ml", "GML", "LBMJAMES128"},
    {"g/ml{SUVibw}", "GML", "IBW"},
    {"{SUVibw}g/ml", "GML", "IBW"},
    {"cm2/ml", "CM2ML", "BSA"},
    {"cm2/ml{SUVbsa}", "CM2ML", "BSA"},
    {"{SUVbsa}cm2/ml", "CM2ML", "BSA"},
};
enum { MEASURES = sizeof measures / sizeof measures[0] };

static size_t find_measure(const rad_dicom_item *mapping) {
    char code[33];
    size_t i = 0;
    rad_dicom_text(rad_dicom_first(mapping, rad_tag_MeasurementUnitsCodeSequence), rad_tag_CodeValue, code,
                   sizeof code);
    while (i < MEASURES && strcasecmp(code, measures[i].code) != 0) i++; /* a litre is l or L */
    return i;
}

void rad_pet_read_mapping(const rad_dicom_item *shared, const rad_dicom_item *own, rad_pet *pet,
                          double mapping[2]) {
    const rad_dicom_item *item = rad_element_group(shared, own, rad_tag_RealWorldValueMappingSequence);
    size_t at = MEASURES;
    mapping[0] = mapping[1] = NAN;
    while (item && (at = find_measure(item)) == MEASURES) item = rad_dicom_next(item);
    if (!item) return;
    const bool other = *pet->units && (strcmp(pet->units, measures[at].units) != 0 ||
                                       strcmp(pet->suv_type, measures[at].type) != 0);
    snprintf(pet->units, sizeof pet->units, "%s", other ? "several" : measures[at].units);
    snprintf(pet->suv_type, sizeof pet->suv_type, "%s", other ? "" : measures[at].type);
    if (!rad_dicom_double(item, rad_tag_RealWorldValueSlope, &mapping[0])) mapping[0] = NAN;
    if (!rad_dicom_double(item, rad_tag_RealWorldValueIntercept, &mapping[1])) mapping[1] = 0;
}
