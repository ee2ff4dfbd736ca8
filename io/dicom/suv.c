#include "suv.h"

#include <math.h>
#include <string.h>

const char *const rad_suv_words[] = {[RAD_SUV_NONE] = "none",
                                     [RAD_SUV_BW] = "bw",
                                     [RAD_SUV_LBMJANMA] = "lbmjanma",
                                     [RAD_SUV_LBMJAMES128] = "lbmjames128",
                                     [RAD_SUV_BSA] = "bsa",
                                     [RAD_SUV_IBW] = "ibw",
                                     NULL};

typedef struct source {
    const rad_pet *pet;
    const char *path;
    rad_error *error;
} source;

static const char way_out[] = "correct it, or use the stored values with --suv none";

static rad_status refuse_number(const source *s, rad_tag tag, double value, const char *allowed) {
    if (isnan(value))
        return rad_fail(s->error, RAD_UNREADABLE, "%s: SUV needs " RAD_TAG_FORMAT ", which is absent; %s",
                        s->path, RAD_TAG_WORDS(tag), way_out);
    return rad_fail(s->error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %g; SUV needs %s; %s", s->path,
                    RAD_TAG_WORDS(tag), value, allowed, way_out);
}

static rad_status refuse_word(const source *s, rad_tag tag, const char *word, const char *allowed) {
    return rad_fail(s->error, RAD_UNREADABLE, "%s: " RAD_TAG_FORMAT " is %s; SUV needs %s; %s", s->path,
                    RAD_TAG_WORDS(tag), *word ? word : "absent", allowed, way_out);
}

/* Masses in g by weight (kg), height (cm) and sex. */
static double mass_bw(double weight, double height, bool male) {
    (void)height;
    (void)male;
    return 1000 * weight;
}

static double mass_janmahasatian(double weight, double height, bool male) {
    const double bmi = weight / (height * height) * 1e4;
    return 9.27e6 * weight / (male ? 6680 + 216 * bmi : 8780 + 244 * bmi);
}

static double mass_james(double weight, double height, bool male) {
    const double ratio = weight / height;
    return 1000 * (male ? 1.10 * weight - 128 * ratio * ratio : 1.07 * weight - 148 * ratio * ratio);
}

static double surface(double weight, double height, bool male) {
    (void)male;
    return 71.84 * pow(weight, 0.425) * pow(height, 0.725);
}

static double mass_ideal(double weight, double height, bool male) {
    (void)weight;
    return 1000 * (male ? 48.0 + 1.06 * (height - 152) : 45.5 + 0.91 * (height - 152));
}

static const struct {
    double (*mass)(double weight, double height, bool male);
    const char *units, *type; /* of voxels that are SUV of this form already */
    bool height, sex;         /* what it needs beside the weight */
} forms[] = {
    [RAD_SUV_BW] = {mass_bw, "GML", "BW", false, false},
    [RAD_SUV_LBMJANMA] = {mass_janmahasatian, "GML", "LBMJANMA", true, true},
    [RAD_SUV_LBMJAMES128] = {mass_james, "GML", "LBMJAMES128", true, true},
    [RAD_SUV_BSA] = {surface, "CM2ML", "BSA", true, false},
    [RAD_SUV_IBW] = {mass_ideal, "GML", "IBW", true, true},
};

static rad_status mass_of(const source *s, rad_suv form, double *mass, rad_facts *facts) {
    const rad_pet *p = s->pet;
    if (!(p->weight > 0.01 && p->weight < 1000))
        return refuse_number(s, rad_tag_PatientWeight, p->weight, "0.01 to 1000 kg");
    rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientWeight), "%.17g", p->weight);
    if (forms[form].height) {
        if (!(p->size > 0.1 && p->size < 3))
            return refuse_number(s, rad_tag_PatientSize, p->size, "0.1 to 3 m");
        rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientSize), "%.17g", p->size);
    }
    const bool male = !strcmp(p->sex, "M");
    if (forms[form].sex) {
        if (!male && strcmp(p->sex, "F") != 0) return refuse_word(s, rad_tag_PatientSex, p->sex, "M or F");
        rad_facts_add(facts, rad_tag_keyword(rad_tag_PatientSex), "%s", p->sex);
    }
    *mass = forms[form].mass(p->weight, 100 * p->size, male);
    if (*mass > 0) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " %g and " RAD_TAG_FORMAT " %g give a mass of %g g; %s", s->path,
                    RAD_TAG_WORDS(rad_tag_PatientWeight), p->weight, RAD_TAG_WORDS(rad_tag_PatientSize),
                    p->size, *mass, way_out);
}

/* When, after its start, a frame has its mean count rate. */
static double mean_time(const rad_pet *p) {
    const double x = log(2) / p->half_life * p->duration / 1000;
    return x > 0 ? log(x / -expm1(-x)) * p->half_life / log(2) : 0;
}

/* The time that the voxels were corrected to. A series that was saved again has a later SeriesTime than its
 * acquisitions; the start of the scan then follows from the frame's reference time. */
static rad_status corrected_to(const source *s, double earliest, double *time, rad_tag *from) {
    const rad_pet *p = s->pet;
    if (!strcmp(p->decay_correction, "NONE")) {
        *from = rad_tag_AcquisitionTime;
        *time = p->acquisition + mean_time(p);
    } else if (!isnan(p->series) && !(p->series > earliest)) {
        *from = rad_tag_SeriesTime;
        *time = p->series;
    } else if (!isnan(p->scan)) {
        *from = rad_tag_SeriesTime;
        *time = p->scan;
    } else {
        *from = rad_tag_FrameReferenceTime;
        *time = p->acquisition + mean_time(p) - p->reference / 1000;
        if (!isnan(p->acquisition) && isnan(p->reference))
            return rad_fail(s->error, RAD_UNREADABLE,
                            "%s: " RAD_TAG_FORMAT " is later than the first " RAD_TAG_FORMAT
                            ", and there is no " RAD_TAG_FORMAT " to find the start of the scan; %s",
                            s->path, RAD_TAG_WORDS(rad_tag_SeriesTime),
                            RAD_TAG_WORDS(rad_tag_AcquisitionTime), RAD_TAG_WORDS(rad_tag_FrameReferenceTime),
                            way_out);
    }
    if (!isnan(*time)) return RAD_OK;
    *from = rad_tag_AcquisitionTime;
    return refuse_number(s, *from, NAN, "a date and a time");
}

/* Seconds from injection to the time that the voxels were corrected to. */
static rad_status decay_time(const source *s, double earliest, double *seconds) {
    enum { DAY = 86400 };
    const rad_pet *p = s->pet;
    double time = 0;
    rad_tag from, injected = rad_tag_RadiopharmaceuticalStartDateTime;
    rad_status status = corrected_to(s, earliest, &time, &from);
    if (status != RAD_OK) return status;
    double injection = p->injection;
    if (isnan(injection)) { /* without a date: the day of the scan */
        injected = rad_tag_RadiopharmaceuticalStartTime;
        injection = floor(time / DAY) * DAY + p->injection_time;
    }
    if (isnan(injection))
        return refuse_number(s, rad_tag_RadiopharmaceuticalStartDateTime, NAN, "a date and a time");
    *seconds = time - injection;
    if (*seconds < 0)
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is %g s after the scan (" RAD_TAG_FORMAT
                        "): injection comes first; a scan past midnight needs the date in " RAD_TAG_FORMAT
                        "; %s",
                        s->path, RAD_TAG_WORDS(injected), -*seconds, RAD_TAG_WORDS(from),
                        RAD_TAG_WORDS(rad_tag_RadiopharmaceuticalStartDateTime), way_out);
    if (*seconds <= 10 * p->half_life) return RAD_OK;
    return rad_fail(s->error, RAD_UNREADABLE,
                    "%s: " RAD_TAG_FORMAT " is %g s before the scan (" RAD_TAG_FORMAT
                    "), more than 10 half-lives of %g s; %s",
                    s->path, RAD_TAG_WORDS(injected), *seconds, RAD_TAG_WORDS(from), p->half_life, way_out);
}

/* Becquerel per ml to SUV. */
static rad_status factor_of_activity(const source *s, double mass, double earliest, double *factor,
                                     rad_facts *facts) {
    const rad_pet *p = s->pet;
    const char *correction = p->decay_correction;
    double seconds = 0;
    rad_status status = RAD_OK;
    if (strcmp(correction, "START") != 0 && strcmp(correction, "ADMIN") != 0 &&
        strcmp(correction, "NONE") != 0)
        return refuse_word(s, rad_tag_DecayCorrection, correction, "START, ADMIN or NONE");
    const bool corrected = strstr(p->corrected, "DECY") != NULL;
    if (*p->corrected && corrected == !strcmp(correction, "NONE"))
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT " is %s, but " RAD_TAG_FORMAT " %s DECY; %s", s->path,
                        RAD_TAG_WORDS(rad_tag_DecayCorrection), correction,
                        RAD_TAG_WORDS(rad_tag_CorrectedImage), corrected ? "has" : "lacks", way_out);
    if (!(p->dose >= 1e4 && p->dose <= 1e12))
        return refuse_number(s, rad_tag_RadionuclideTotalDose, p->dose, "1e4 to 1e12 Bq");
    if (!(p->half_life >= 1 && p->half_life <= 1e9))
        return refuse_number(s, rad_tag_RadionuclideHalfLife, p->half_life, "1 to 1e9 s");
    if (strcmp(correction, "ADMIN") != 0) status = decay_time(s, earliest, &seconds);
    if (status != RAD_OK) return status;
    rad_facts_add(facts, rad_tag_keyword(rad_tag_DecayCorrection), "%s", correction);
    rad_facts_add(facts, rad_tag_keyword(rad_tag_RadionuclideTotalDose), "%.17g", p->dose);
    rad_facts_add(facts, rad_tag_keyword(rad_tag_RadionuclideHalfLife), "%.17g", p->half_life);
    rad_facts_add(facts, "decay_seconds", "%.17g", seconds);
    *factor = mass / (p->dose * exp2(-seconds / p->half_life));
    return RAD_OK;
}

/* SUV of one form to another: the masses tell them apart. */
static rad_status factor_of_form(const source *s, rad_suv from, rad_suv to, double *factor,
                                 rad_facts *facts) {
    double has = 1, wanted = 1;
    rad_status status = RAD_OK;
    if (from != to) status = mass_of(s, from, &has, NULL);
    if (status == RAD_OK && from != to) status = mass_of(s, to, &wanted, facts);
    *factor *= wanted / has;
    return status;
}

static rad_status factor_of_counts(const source *s, rad_suv form, double earliest, double *factor,
                                   rad_facts *facts) {
    const rad_pet *p = s->pet;
    double mass = 0;
    if (p->suv_factor > 0) {
        rad_facts_add(facts, "philips_suv_factor", "%.17g", p->suv_factor);
        *factor = p->suv_factor;
        return factor_of_form(s, RAD_SUV_BW, form, factor, facts);
    }
    if (!(p->activity_factor > 0))
        return rad_fail(s->error, RAD_UNREADABLE,
                        "%s: " RAD_TAG_FORMAT
                        " is CNTS, and neither SUV factor (7053,xx00) nor activity factor "
                        "(7053,xx09) of Philips is above 0; %s",
                        s->path, RAD_TAG_WORDS(rad_tag_Units), way_out);
    rad_facts_add(facts, "philips_activity_factor", "%.17g", p->activity_factor);
    rad_status status = mass_of(s, form, &mass, facts);
    if (status == RAD_OK) status = factor_of_activity(s, mass, earliest, factor, facts);
    *factor *= p->activity_factor;
    return status;
}

/* Voxels that are SUV already: of which form? */
static rad_status factor_of_suv(const source *s, rad_suv form, double *factor, rad_facts *facts) {
    const rad_pet *p = s->pet;
    const char *type = *p->suv_type ? p->suv_type : !strcmp(p->units, "CM2ML") ? "BSA" : "BW";
    for (rad_suv from = RAD_SUV_BW; from <= RAD_SUV_IBW; from++)
        if (!strcmp(forms[from].type, type) && !strcmp(forms[from].units, p->units))
            return factor_of_form(s, from, form, factor, facts);
    return refuse_word(s, rad_tag_SUVType, type,
                       "BW, LBMJANMA, LBMJAMES128 or IBW with Units GML, BSA with CM2ML");
}

rad_status rad_suv_factor(const rad_pet *pet, const char *path, rad_suv form, double earliest, double *factor,
                          rad_facts *facts, rad_error *error) {
    const source s = {pet, path, error};
    double mass = 0;
    *factor = 1;
    if (*pet->units) rad_facts_add(facts, rad_tag_keyword(rad_tag_Units), "%s", pet->units);
    rad_facts_add(facts, "suv", "%s", rad_suv_words[form]);
    if (form == RAD_SUV_NONE) return RAD_OK;
    rad_status status = RAD_OK;
    if (!strcmp(pet->units, "BQML")) {
        status = mass_of(&s, form, &mass, facts);
        if (status == RAD_OK) status = factor_of_activity(&s, mass, earliest, factor, facts);
    } else if (!strcmp(pet->units, "CNTS")) {
        status = factor_of_counts(&s, form, earliest, factor, facts);
    } else if (!strcmp(pet->units, "GML") || !strcmp(pet->units, "CM2ML")) {
        status = factor_of_suv(&s, form, factor, facts);
    } else {
        return refuse_word(&s, rad_tag_Units, pet->units, "BQML, CNTS, GML or CM2ML");
    }
    if (status == RAD_OK) rad_facts_add(facts, "suv_factor", "%.17g", *factor);
    return status;
}
