#include "suv.h"

#include "suv_mass.h"
#include "suv_time.h"

#include <math.h>
#include <string.h>

const char *const rad_suv_words[] = {[RAD_SUV_NONE] = "none",
                                     [RAD_SUV_BW] = "bw",
                                     [RAD_SUV_LBM] = "lbm",
                                     [RAD_SUV_LBMJANMA] = "lbmjanma",
                                     [RAD_SUV_LBMJAMES128] = "lbmjames128",
                                     [RAD_SUV_BSA] = "bsa",
                                     [RAD_SUV_IBW] = "ibw",
                                     NULL};

/* A slice with what is given in place of what its file says. */
typedef struct source {
    const rad_suv_slice *slice;
    rad_pet pet;
    unsigned *notes;
    rad_error *error;
} source;

/* What to do about an element. */
static const char *way_out(rad_tag tag) {
    switch (tag) {
    case rad_tag_PatientWeight:
        return "give the weight by --suv-weight KG, or use the stored values with --suv none";
    case rad_tag_RadionuclideTotalDose:
        return "give the dose by --suv-dose BQ, or use the stored values with --suv none";
    case rad_tag_RadiopharmaceuticalStartDateTime:
    case rad_tag_RadiopharmaceuticalStartTime:
    case rad_tag_AcquisitionTime:
    case rad_tag_FrameReferenceTime:
    case rad_tag_DecayCorrection:
    case rad_tag_DecayCorrected:
    case rad_tag_DecayCorrectionDateTime:
        return "give the seconds from injection to scan by --suv-time SECONDS, or use the stored values with "
               "--suv none";
    default:
        return "correct it, or use the stored values with --suv none";
    }
}

static rad_status refuse_number(const source *s, rad_tag tag, double value, const char *allowed) {
    const rad_pet_word *word = isnan(value) ? rad_pet_find_word(&s->pet, tag) : NULL;
    if (word)
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is \"%s\", not the %s that SUV needs; %s", s->slice->path,
                        RAD_TAG_WORDS(tag), word->text, word->time ? "time" : "number", way_out(tag));
    if (isnan(value))
        return rad_fail(s->error, RAD_UNREADABLE, "%s: SUV needs " RAD_TAG_FORMAT ", which is absent; %s",
                        s->slice->path, RAD_TAG_WORDS(tag), way_out(tag));
    return rad_fail(s->error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %g; SUV needs %s; %s",
                    s->slice->path, RAD_TAG_WORDS(tag), value, allowed, way_out(tag));
}

static rad_status refuse_word(const source *s, rad_tag tag, const char *word, const char *allowed) {
    return rad_fail(s->error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %s; SUV needs %s; %s",
                    s->slice->path, RAD_TAG_WORDS(tag), *word ? word : "absent", allowed, way_out(tag));
}

static bool has_unit(const rad_pet *p, rad_tag tag) {
    const rad_pet_word *word = rad_pet_find_word(p, tag);
    return word && word->taken;
}

/* Grams where kilograms belong: nobody weighs a tonne. */
static void take_weight(source *s) {
    const rad_suv_given *given = s->slice->given;
    rad_pet *p = &s->pet;
    if (given && given->weight > 0) {
        if (p->weight > 0 && p->weight != given->weight) *s->notes |= RAD_SUV_OTHER_WEIGHT;
        p->weight = given->weight;
    } else if (p->weight > 1000 && !has_unit(p, rad_tag_PatientWeight) && p->weight <= 1e6) {
        *s->notes |= RAD_SUV_GRAMS;
        p->weight /= 1000;
    }
}

/* Bq: no dose of PET is below 1e4 Bq, or from 1e4 MBq on; below 1 MBq is that of few mice, or kBq. */
static void take_dose(source *s) {
    const rad_suv_given *given = s->slice->given;
    rad_pet *p = &s->pet;
    const bool other = given && given->dose > 0;
    if (other && p->dose > 0 && p->dose != given->dose) *s->notes |= RAD_SUV_OTHER_DOSE;
    if (other) p->dose = given->dose;
    if (!other && has_unit(p, rad_tag_RadionuclideTotalDose)) return;
    if (p->dose >= 0.01 && p->dose < 1e4) {
        if (!p->enhanced || other) *s->notes |= RAD_SUV_MEGABECQUEREL;
        p->dose *= 1e6;
    } else if (p->enhanced && !other && p->dose >= 1e4) {
        *s->notes |= RAD_SUV_BECQUEREL;
    } else if (p->dose >= 1e4 && p->dose < 1e6 && !other) {
        *s->notes |= RAD_SUV_SMALL_DOSE;
    }
}

/* Centimetres where metres belong. */
static void take_height(source *s) {
    rad_pet *p = &s->pet;
    if (!(p->size >= 30 && p->size < 300) || has_unit(p, rad_tag_PatientSize)) return;
    *s->notes |= RAD_SUV_CENTIMETRES;
    p->size /= 100;
}

/* One patient has one weight, one injection one dose. */
static rad_status check_same(const source *s, rad_tag tag, double here, double first, double given) {
    if (!s->slice->first || given > 0 || here == first || isnan(here)) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is %g here and %g in the first slice of the series; %s",
                    s->slice->path, RAD_TAG_WORDS(tag), here, first, way_out(tag));
}

static rad_status check_patient(const source *s, const rad_suv_form *form) {
    const rad_pet *p = s->slice->pet, *first = s->slice->first ? s->slice->first : p;
    const double given = s->slice->given ? s->slice->given->weight : 0;
    const rad_status status = check_same(s, rad_tag_PatientWeight, p->weight, first->weight, given);
    return status == RAD_OK && form->height ? check_same(s, rad_tag_PatientSize, p->size, first->size, 0)
                                            : status;
}

static rad_status check_tracer(const source *s) {
    const rad_pet *p = s->slice->pet, *first = s->slice->first ? s->slice->first : p;
    const double given = s->slice->given ? s->slice->given->dose : 0;
    const rad_status status = check_same(s, rad_tag_RadionuclideTotalDose, p->dose, first->dose, given);
    return status == RAD_OK ? check_same(s, rad_tag_RadionuclideHalfLife, p->half_life, first->half_life, 0)
                            : status;
}

static double mass_by_sex(const rad_suv_form *form, const rad_pet *p) {
    const double men = form->mass(p->weight, 100 * p->size, true),
                 women = form->mass(p->weight, 100 * p->size, false);
    return *p->sex == 'M' ? men : *p->sex == 'F' ? women : (men + women) / 2;
}

static rad_status mass_of(source *s, rad_suv as, double *mass, rad_facts *facts) {
    const rad_pet *p = &s->pet;
    const rad_suv_form *form = &rad_suv_forms[as];
    const rad_status same = check_patient(s, form);
    if (same != RAD_OK) return same;
    if (!(p->weight > 0.01 && p->weight <= 1000))
        return refuse_number(s, rad_tag_PatientWeight, p->weight, "0.01 to 1000 kg");
    rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientWeight), "%.17g", p->weight);
    if (form->height) {
        take_height(s);
        if (!(p->size > 0.1 && p->size < 3))
            return refuse_number(s, rad_tag_PatientSize, p->size, "0.1 to 3 m");
        rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientSize), "%.17g", p->size);
    }
    if (form->sex) {
        if (strlen(p->sex) != 1 || !strchr("MFO", *p->sex))
            return refuse_word(s, rad_tag_PatientSex, p->sex, "M, F or O");
        if (*p->sex == 'O') *s->notes |= RAD_SUV_BOTH_SEXES;
        if (rad_pet_find_word(p, rad_tag_PatientSex)) *s->notes |= RAD_SUV_SEX;
        rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientSex), "%s", p->sex);
    }
    *mass = mass_by_sex(form, p);
    if (*mass > 0) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " %g and " RAD_TAG_FORMAT " %g give a mass of %g g; %s",
                    s->slice->path, RAD_TAG_WORDS(rad_tag_PatientWeight), p->weight,
                    RAD_TAG_WORDS(rad_tag_PatientSize), p->size, *mass, way_out(0));
}

/* Is it one of the words of CorrectedImage? */
static bool is_corrected(const rad_pet *p, const char *word) {
    const size_t length = strlen(word);
    for (const char *at = p->corrected; (at = strstr(at, word)); at += length)
        if ((at == p->corrected || at[-1] == '\\' || at[-1] == ' ') && strchr("\\ ", at[length])) return true;
    return false;
}

static rad_status check_decay(const source *s) {
    const rad_pet *p = &s->pet;
    const char *correction = p->decay_correction;
    const bool none = !strcmp(correction, "NONE"), admin = !strcmp(correction, "ADMIN"),
               given = s->slice->given && s->slice->given->seconds > 0;
    if (p->enhanced && none)
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is NO: SUV of Enhanced PET needs decay correction; %s",
                        s->slice->path, RAD_TAG_WORDS(rad_tag_DecayCorrected), way_out(0));
    if (!none && !admin && strcmp(correction, "START") != 0 && !(given && !*correction))
        return p->enhanced ? refuse_word(s, rad_tag_DecayCorrected, correction, "YES")
                           : refuse_word(s, rad_tag_DecayCorrection, correction, "START, ADMIN or NONE");
    if (admin && given)
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is ADMIN: the voxels are corrected to the injection, and no "
                        "time counts; leave --suv-time out",
                        s->slice->path, RAD_TAG_WORDS(rad_tag_DecayCorrection));
    const bool corrected = is_corrected(p, "DECY");
    if (!*p->corrected || !*correction || corrected != none) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is %s, but " RAD_TAG_FORMAT " %s DECY; %s", s->slice->path,
                    RAD_TAG_WORDS(rad_tag_DecayCorrection), correction, RAD_TAG_WORDS(rad_tag_CorrectedImage),
                    corrected ? "has" : "lacks", way_out(0));
}

/* Are all times midnight, as tools leave them that take away what identifies? */
static bool is_blanked(const rad_pet *p) {
    const double scan[] = {p->acquisition.second, p->series.second, p->decay_zero.second, p->scan.second};
    bool any = false;
    for (size_t i = 0; i < sizeof scan / sizeof scan[0]; i++) {
        if (scan[i] != 0 && !isnan(scan[i])) return false;
        any = any || scan[i] == 0;
    }
    return any && p->injection.second == 0;
}

static rad_status decay_time(const source *s, double *seconds) {
    const rad_pet *p = &s->pet;
    if (is_blanked(p) && !(s->slice->given && s->slice->given->seconds > 0))
        return rad_fail(
            s->error, RAD_UNREADABLE,
            "%s: the times of injection and scan are all 000000 (de-identification may have blanked "
            "them); %s",
            s->slice->path, way_out(rad_tag_RadiopharmaceuticalStartTime));
    rad_tag from = rad_tag_AcquisitionTime, absent;
    rad_suv_slice slice = *s->slice;
    slice.pet = p;
    *seconds = rad_suv_elapsed(&slice, &from, &absent, s->notes);
    const rad_tag injected = isnan(p->injection.day) ? rad_tag_RadiopharmaceuticalStartTime
                                                     : rad_tag_RadiopharmaceuticalStartDateTime;
    if (absent == rad_tag_RadiopharmaceuticalStartDateTime && !rad_pet_find_word(p, absent) &&
        rad_pet_find_word(p, rad_tag_RadiopharmaceuticalStartTime))
        absent = rad_tag_RadiopharmaceuticalStartTime;
    if (absent) return refuse_number(s, absent, NAN, "");
    if (*seconds < 0)
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is %g s after the scan (" RAD_TAG_FORMAT
                        "): injection comes first; a scan past midnight needs the date in " RAD_TAG_FORMAT
                        "; %s",
                        s->slice->path, RAD_TAG_WORDS(injected), -*seconds, RAD_TAG_WORDS(from),
                        RAD_TAG_WORDS(rad_tag_RadiopharmaceuticalStartDateTime), way_out(injected));
    if (*seconds <= 10 * p->half_life) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is %g s before the scan (" RAD_TAG_FORMAT
                    "), more than 10 half-lives of %g s; %s",
                    s->slice->path, RAD_TAG_WORDS(injected), *seconds, RAD_TAG_WORDS(from), p->half_life,
                    way_out(injected));
}

/* Becquerel per ml to SUV. */
static rad_status factor_of_activity(source *s, rad_suv form, double *factor, rad_facts *facts) {
    rad_pet *p = &s->pet;
    double mass = 0, seconds = 0;
    bool named;
    rad_status status = mass_of(s, form, &mass, facts);
    if (status == RAD_OK) status = check_tracer(s);
    if (status == RAD_OK) status = check_decay(s);
    if (status != RAD_OK) return status;
    if (!(p->dose >= 1e4 && p->dose <= 1e12))
        return refuse_number(s, rad_tag_RadionuclideTotalDose, p->dose, "1e4 to 1e12 Bq");
    p->half_life = rad_suv_half_life(p, &named);
    if (!(p->half_life >= 1 && p->half_life <= 1e9))
        return refuse_number(s, rad_tag_RadionuclideHalfLife, p->half_life, "1 to 1e9 s");
    if (named) *s->notes |= RAD_SUV_NUCLIDE;
    if (strcmp(p->decay_correction, "ADMIN") != 0) status = decay_time(s, &seconds);
    if (status != RAD_OK) return status;
    if (*p->corrected && !is_corrected(p, "ATTN")) *s->notes |= RAD_SUV_NOT_ATTENUATED;
    if (p->tracers > 1) *s->notes |= RAD_SUV_SEVERAL;
    rad_facts_add(facts, rad_tag_keyword(rad_tag_DecayCorrection), "%s", p->decay_correction);
    rad_facts_add(facts, rad_tag_keyword(rad_tag_RadionuclideTotalDose), "%.17g", p->dose);
    rad_facts_add(facts, rad_tag_keyword(rad_tag_RadionuclideHalfLife), "%.17g", p->half_life);
    rad_facts_add(facts, "decay_seconds", "%.17g", seconds);
    *factor *= mass / (p->dose * exp2(-seconds / p->half_life));
    return RAD_OK;
}

/* SUV of one form to another: the masses tell them apart. */
static rad_status factor_of_form(source *s, rad_suv from, rad_suv to, double *factor, rad_facts *facts) {
    double has = 1, wanted = 1;
    rad_status status = RAD_OK;
    if (from != to) status = mass_of(s, from, &has, NULL);
    if (status == RAD_OK && from != to) status = mass_of(s, to, &wanted, facts);
    *factor *= wanted / has;
    return status;
}

/* Counts per second to becquerel per ml: a voxel that is quantitative needs all corrections. */
static rad_status factor_of_rate(const source *s, double *factor, rad_facts *facts) {
    static const char *const needed[] = {"NORM", "DTIM", "ATTN", "SCAT", "RAN"};
    const rad_pet *p = &s->pet;
    const bool calibrated = is_corrected(p, "DCAL");
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!is_corrected(p, needed[i]))
            return rad_fail(s->error, RAD_UNREADABLE,
                            "%s: " RAD_TAG_FORMAT " is %s, and " RAD_TAG_FORMAT
                            " lacks %s: counts without all corrections are no activity; %s",
                            s->slice->path, RAD_TAG_WORDS(rad_tag_Units), p->units,
                            RAD_TAG_WORDS(rad_tag_CorrectedImage), needed[i], way_out(0));
    if (!calibrated && !(p->calibration > 0))
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is %s: SUV needs " RAD_TAG_FORMAT
                        " above 0, or DCAL in " RAD_TAG_FORMAT "; %s",
                        s->slice->path, RAD_TAG_WORDS(rad_tag_Units), p->units,
                        RAD_TAG_WORDS(rad_tag_DoseCalibrationFactor), RAD_TAG_WORDS(rad_tag_CorrectedImage),
                        way_out(0));
    if (!(p->voxel > 0)) return refuse_number(s, rad_tag_SliceThickness, NAN, "");
    if (!calibrated)
        rad_facts_add(facts, rad_tag_keyword(rad_tag_DoseCalibrationFactor), "%.17g", p->calibration);
    rad_facts_add(facts, "voxel_ml", "%.17g", p->voxel);
    *factor *= (calibrated ? 1 : p->calibration) / p->voxel;
    return RAD_OK;
}

static rad_status factor_of_counts(source *s, double *factor, bool *done, rad_facts *facts) {
    const rad_pet *p = &s->pet;
    const rad_suv form = s->slice->form;
    const bool known = !p->nameless || p->philips;
    if (p->nameless && known) *s->notes |= RAD_SUV_NAMELESS;
    *done = known && p->suv_factor > 0;
    if (*done) {
        rad_facts_add(facts, "philips_suv_factor", "%.17g", p->suv_factor);
        *factor *= p->suv_factor;
        return factor_of_form(s, RAD_SUV_BW, form, factor, facts);
    }
    if (known && p->activity_factor > 0) {
        rad_facts_add(facts, "philips_activity_factor", "%.17g", p->activity_factor);
        *factor *= p->activity_factor;
        return RAD_OK;
    }
    if (p->duration > 0 && (p->calibration > 0 || is_corrected(p, "DCAL"))) {
        *factor *= 1000 / p->duration;
        return factor_of_rate(s, factor, facts);
    }
    if (!known)
        return rad_fail(
            s->error, RAD_UNREADABLE,
            "%s: " RAD_TAG_FORMAT " is CNTS, with factors in (7053,1000) or (7053,1009) whose creator "
            "(7053,0010) is absent, and " RAD_TAG_FORMAT " does not say Philips; %s",
            s->slice->path, RAD_TAG_WORDS(rad_tag_Units), RAD_TAG_WORDS(rad_tag_Manufacturer), way_out(0));
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is CNTS, and neither SUV factor (7053,xx00) nor activity factor "
                    "(7053,xx09) of Philips is above 0, nor has it " RAD_TAG_FORMAT "; %s",
                    s->slice->path, RAD_TAG_WORDS(rad_tag_Units),
                    RAD_TAG_WORDS(rad_tag_DoseCalibrationFactor), way_out(0));
}

/* Voxels that are SUV already: of which form? */
static rad_status factor_of_suv(source *s, double *factor, rad_facts *facts) {
    const rad_pet *p = &s->pet;
    const char *type = *p->suv_type ? p->suv_type : !strcmp(p->units, "CM2ML") ? "BSA" : "BW";
    for (rad_suv from = RAD_SUV_BW; from <= RAD_SUV_IBW; from++)
        if (!strcmp(rad_suv_forms[from].type, type) && !strcmp(rad_suv_forms[from].units, p->units))
            return factor_of_form(s, from, s->slice->form, factor, facts);
    return refuse_word(s, rad_tag_SUVType, type,
                       "BW, LBM, LBMJANMA, LBMJAMES128 or IBW with Units GML, BSA with CM2ML");
}

static rad_status factor_of_units(source *s, double *factor, rad_facts *facts) {
    const rad_pet *p = &s->pet;
    bool done = !strcmp(p->units, "GML") || !strcmp(p->units, "CM2ML");
    rad_status status = RAD_OK;
    if (done)
        status = factor_of_suv(s, factor, facts);
    else if (!strcmp(p->units, "CNTS"))
        status = factor_of_counts(s, factor, &done, facts);
    else if (!strcmp(p->units, "CPS"))
        status = factor_of_rate(s, factor, facts);
    else if (strcmp(p->units, "BQML") != 0)
        return p->enhanced ? refuse_word(s, rad_tag_RealWorldValueMappingSequence, p->units,
                                         "one to Bq/ml, g/ml or cm2/ml, the same in all frames")
                           : refuse_word(s, rad_tag_Units, p->units, "BQML, CNTS, CPS, GML or CM2ML");
    return status == RAD_OK && !done ? factor_of_activity(s, s->slice->form, factor, facts) : status;
}

/* Is it a number with its unit, or a code in other words, that went in? */
static bool is_taken(const rad_suv_slice *s, const rad_pet_word *word) {
    const rad_suv_given *given = s->given;
    if (!word->taken || s->form == RAD_SUV_NONE || word->tag == rad_tag_PatientSex) return false;
    if (word->tag == rad_tag_PatientWeight) return !given || !(given->weight > 0);
    return word->tag != rad_tag_RadionuclideTotalDose || !given || !(given->dose > 0);
}

rad_status rad_suv_factor(const rad_suv_slice *slice, double *factor, unsigned *notes, rad_facts *facts,
                          rad_error *error) {
    source s = {slice, *slice->pet, notes, error};
    *factor = 1;
    if (*s.pet.units) rad_facts_add(facts, rad_tag_keyword(rad_tag_Units), "%s", s.pet.units);
    rad_facts_add(facts, "suv", "%s", rad_suv_words[slice->form]);
    if (slice->form == RAD_SUV_NONE) return RAD_OK;
    if (slice->intercept != 0)
        return refuse_number(&s, rad_tag_RescaleIntercept, slice->intercept, "0, as PET has it");
    take_weight(&s);
    take_dose(&s);
    for (size_t i = 0; i < s.pet.word_count; i++)
        if (is_taken(slice, &s.pet.words[i])) *notes |= RAD_SUV_WORDS;
    rad_status status = factor_of_units(&s, factor, facts);
    if (status == RAD_OK) rad_facts_add(facts, "suv_factor", "%.17g", *factor);
    return status;
}

/* What each note says; %s is the value that stands in the file, where there is one. */
static void warn_of_values(const rad_suv_slice *s, unsigned notes, rad_warnings *w) {
    const rad_pet *p = s->pet;
    const rad_pet_word *no_half_life = rad_pet_find_word(p, rad_tag_RadionuclideHalfLife);
    const rad_suv_given none = {0}, *given = s->given ? s->given : &none;
    bool named;
    if (notes & RAD_SUV_OTHER_WEIGHT)
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is %g; %g kg of --suv-weight are taken", s->path,
                 RAD_TAG_WORDS(rad_tag_PatientWeight), p->weight, given->weight);
    if (notes & RAD_SUV_OTHER_DOSE)
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is %g; %g of --suv-dose is taken", s->path,
                 RAD_TAG_WORDS(rad_tag_RadionuclideTotalDose), p->dose, given->dose);
    if (notes & RAD_SUV_MEGABECQUEREL)
        rad_warn(w, "%.200s: a dose of %g (" RAD_TAG_FORMAT ") is taken as MBq", s->path,
                 given->dose > 0 ? given->dose : p->dose, RAD_TAG_WORDS(rad_tag_RadionuclideTotalDose));
    if (notes & RAD_SUV_BECQUEREL)
        rad_warn(w, "%.200s: a dose of %g (" RAD_TAG_FORMAT ") is taken as Bq, though Enhanced PET has MBq",
                 s->path, p->dose, RAD_TAG_WORDS(rad_tag_RadionuclideTotalDose));
    if (notes & RAD_SUV_SMALL_DOSE)
        rad_warn(
            w, "%.200s: a dose of %g (" RAD_TAG_FORMAT ") is small for Bq; if it is in kBq, give --suv-dose",
            s->path, p->dose, RAD_TAG_WORDS(rad_tag_RadionuclideTotalDose));
    if (notes & RAD_SUV_GRAMS)
        rad_warn(w, "%.200s: a weight of %g (" RAD_TAG_FORMAT ") is taken as g", s->path, p->weight,
                 RAD_TAG_WORDS(rad_tag_PatientWeight));
    if (notes & RAD_SUV_CENTIMETRES)
        rad_warn(w, "%.200s: a height of %g (" RAD_TAG_FORMAT ") is taken as cm", s->path, p->size,
                 RAD_TAG_WORDS(rad_tag_PatientSize));
    if (notes & RAD_SUV_BOTH_SEXES)
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is O: masses are the mean of those of both sexes", s->path,
                 RAD_TAG_WORDS(rad_tag_PatientSex));
    if (notes & RAD_SUV_NUCLIDE)
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is %s: %g s, of " RAD_TAG_FORMAT ", are taken", s->path,
                 RAD_TAG_WORDS(rad_tag_RadionuclideHalfLife), no_half_life ? no_half_life->text : "absent",
                 rad_suv_half_life(p, &named), RAD_TAG_WORDS(rad_tag_RadionuclideCodeSequence));
}

/* How a word was taken. */
static void warn_of_word(const rad_suv_slice *s, rad_tag tag, rad_warnings *w) {
    const rad_pet_word *word = rad_pet_find_word(s->pet, tag);
    if (*word->code)
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is \"%s\": it is taken as %s", s->path, RAD_TAG_WORDS(tag),
                 word->text, word->code);
    else
        rad_warn(w, "%.200s: " RAD_TAG_FORMAT " is \"%s\": its unit is taken into account", s->path,
                 RAD_TAG_WORDS(tag), word->text);
}

void rad_suv_warn(const rad_suv_slice *s, unsigned notes, rad_warnings *w) {
    static const struct {
        rad_suv_note note;
        const char *text;
    } rows[] = {
        {RAD_SUV_NAMELESS, "(7053,1000) and (7053,1009) are taken as the factors of Philips, though their "
                           "creator (7053,0010) is absent"},
        {RAD_SUV_UNDATED,
         "dates are absent (AcquisitionDate (0008,0022), SeriesDate (0008,0021) or that of the "
         "injection): times are taken as of one day"},
        {RAD_SUV_APART, "dates of injection and scan cannot both be true (de-identification may have shifted "
                        "one): only their times are taken"},
        {RAD_SUV_MIDNIGHT,
         "the injection is later in the day than the scan: it is taken as of the day before"},
        {RAD_SUV_ONE_DAY,
         "RadiopharmaceuticalStartDateTime (0018,1078) is absent: the injection is taken as of "
         "the day of the scan, though with this half-life it may be older"},
        {RAD_SUV_SEVERAL,
         "RadiopharmaceuticalInformationSequence (0054,0016) has several items; the first is "
         "taken"},
        {RAD_SUV_NOT_ATTENUATED, "CorrectedImage (0028,0051) lacks ATTN: SUV without attenuation correction "
                                 "are not comparable"},
    };
    warn_of_values(s, notes, w);
    for (size_t i = 0; i < s->pet->word_count && notes & RAD_SUV_WORDS; i++)
        if (is_taken(s, &s->pet->words[i])) warn_of_word(s, s->pet->words[i].tag, w);
    if (notes & RAD_SUV_SEX) warn_of_word(s, rad_tag_PatientSex, w);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (notes & rows[i].note) rad_warn(w, "%.200s: %s", s->path, rows[i].text);
}
