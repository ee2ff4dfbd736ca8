#include "suv_time.h"

#include <math.h>
#include <string.h>

enum { DAY = 86400, HALF_LIVES = 10 };

/* Codes of CID 4020 (PS3.16), SNOMED CT and as before 2020; half-lives of NuDat 3.0. F-18 and Ga-68 are as
 * scanners write them. */
static const struct {
    const char *code, *older;
    double half_life;
} nuclides[] = {
    {"77004003", "C-111A1", 6586.2},     /* F-18 */
    {"40565003", "C-105A1", 1221.84},    /* C-11 */
    {"21576001", "C-107A1", 597.9},      /* N-13 */
    {"129504001", "C-B1038", 122.24},    /* O-15 */
    {"35337001", "C-131A3", 4057.74},    /* Ga-68 */
    {"79197006", "C-159A2", 75.45},      /* Rb-82 */
    {"3932008", "C-127A2", 45721.1},     /* Cu-64 */
    {"63360001", "C-168A4", 282276.0},   /* Zr-89 */
    {"40937006", "C-114A5", 360806.4},   /* I-124 */
    {"53315004", "C-128A2", 23408352.0}, /* Ge-68 */
};

double rad_suv_half_life(const rad_pet *pet, bool *named) {
    *named = false;
    if (!isnan(pet->half_life)) return pet->half_life;
    for (size_t i = 0; i < sizeof nuclides / sizeof nuclides[0]; i++)
        if (!strcmp(pet->nuclide, nuclides[i].code) || !strcmp(pet->nuclide, nuclides[i].older)) {
            *named = true;
            return nuclides[i].half_life;
        }
    return NAN;
}

/* The longest time after an injection. */
static double longest(const rad_pet *p) {
    bool named;
    return HALF_LIVES * rad_suv_half_life(p, &named);
}

/* The same where its day is a guess. */
static double believed(const rad_pet *p) {
    return fmin(longest(p), DAY / 2.0);
}

/* The scan by whatever element has a day, or at least a time. */
static rad_datetime scan_of(const rad_pet *p) {
    const rad_datetime all[] = {p->acquisition, p->series, p->decay_zero, p->scan};
    rad_datetime found = {NAN, NAN};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!isnan(all[i].second) && (isnan(found.second) || (isnan(found.day) && !isnan(all[i].day))))
            found = all[i];
    return found;
}

/* The injection with its day: where the file has none, or one that cannot be true, that of the scan, or the
 * one before. */
static rad_datetime find_injection(const rad_pet *p, unsigned *notes) {
    rad_datetime m = p->injection;
    const rad_datetime scan = scan_of(p);
    const double later = scan.second - m.second, apart = scan.day - m.day;
    const bool dated = !isnan(m.day), before = later < 0 && later + DAY <= believed(p);
    if (isnan(later) || isnan(scan.day)) return m;
    if (dated && (apart == 0 || (apart + later >= 0 && apart + later <= longest(p)))) return m;
    if (dated && !before && !(later >= 0 && later <= believed(p))) return m;
    m.day = scan.day - (before ? DAY : 0);
    *notes |= dated ? RAD_SUV_APART : before ? RAD_SUV_MIDNIGHT : longest(p) >= DAY ? RAD_SUV_ONE_DAY : 0U;
    return m;
}

/* Seconds from the injection; only of the day where one of both has none. */
static double since(const rad_pet *p, rad_datetime injection, rad_datetime m, unsigned *notes) {
    const double later = m.second - injection.second, days = m.day - injection.day;
    if (isnan(injection.second)) return m.second + (isnan(m.day) ? 0 : m.day);
    if (isnan(later) || !isnan(days)) return later + days;
    const bool before = later < 0 && later + DAY <= believed(p);
    *notes |= RAD_SUV_UNDATED | (before ? RAD_SUV_MIDNIGHT : 0U);
    return before ? later + DAY : later;
}

double rad_suv_acquired(const rad_pet *pet) {
    unsigned notes = 0;
    return since(pet, find_injection(pet, &notes), pet->acquisition, &notes);
}

/* When, after its start, a frame has its mean count rate. */
static double mean_time(const rad_pet *p) {
    bool named;
    const double half_life = rad_suv_half_life(p, &named), x = log(2) / half_life * p->duration / 1000;
    return x == 0 ? 0 : log(x / -expm1(-x)) * half_life / log(2);
}

/* What the time of a frame needs. */
static bool lacks(const rad_pet *p, bool reference, rad_tag *absent) {
    *absent = isnan(p->acquisition.second)       ? rad_tag_AcquisitionTime
              : reference && isnan(p->reference) ? rad_tag_FrameReferenceTime
              : !(p->duration >= 0)              ? rad_tag_ActualFrameDuration
                                                 : 0;
    return *absent != 0;
}

/* The time that the voxels were corrected to. A series that was saved again has a later SeriesTime than its
 * acquisitions; the start of the scan then follows from the frame's reference time. */
static double corrected_to(const rad_suv_slice *s, rad_datetime injection, rad_tag *from, rad_tag *absent,
                           unsigned *notes) {
    const rad_pet *p = s->pet;
    unsigned unused = 0;
    const bool each = !strcmp(p->decay_correction, "NONE");
    const double series = since(p, injection, p->series, &unused);
    *from = rad_tag_SeriesTime;
    if (p->enhanced && isnan(p->decay_zero.second)) {
        *absent = rad_tag_DecayCorrectionDateTime;
        return NAN;
    }
    if (p->enhanced) {
        *from = rad_tag_DecayCorrectionDateTime;
        return since(p, injection, p->decay_zero, notes);
    }
    if (!each && !isnan(series) && !(series > s->earliest)) return since(p, injection, p->series, notes);
    if (!each && !isnan(p->scan.second)) return since(p, injection, p->scan, notes);
    *from = each ? rad_tag_AcquisitionTime : rad_tag_FrameReferenceTime;
    if (lacks(p, !each, absent)) return NAN;
    return since(p, injection, p->acquisition, notes) + mean_time(p) - (each ? 0 : p->reference / 1000);
}

double rad_suv_elapsed(const rad_suv_slice *s, rad_tag *from, rad_tag *absent, unsigned *notes) {
    const rad_pet *p = s->pet;
    unsigned unused = 0;
    const rad_datetime injection = find_injection(p, s->given && s->given->seconds > 0 ? &unused : notes);
    *absent = 0;
    if (!s->given || !(s->given->seconds > 0)) {
        if (isnan(injection.second)) *absent = rad_tag_RadiopharmaceuticalStartDateTime;
        const double seconds = corrected_to(s, injection, from, absent, notes);
        return *absent ? NAN : seconds;
    }
    *from = rad_tag_AcquisitionTime;
    if (strcmp(p->decay_correction, "NONE") != 0) return s->given->seconds;
    if (lacks(p, false, absent)) return NAN;
    return s->given->seconds + since(p, injection, p->acquisition, &unused) - s->earliest + mean_time(p);
}
