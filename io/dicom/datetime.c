#include "datetime.h"

#include "../../core/number.h"

#include <math.h>
#include <string.h>

static bool digits(const char *text, size_t count, double *value) {
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *value = 10 * *value + text[i] - '0';
    }
    return true;
}

/* HH[MM[SS[.F...]]], or with the colons of old files; NaN where it is none. */
static double time_of(const char *text) {
    double part[3] = {0, 0, 0}, fraction = 0;
    size_t at = 0;
    for (int i = 0; i < 3 && text[at] && text[at] != '.'; i++, at += 2) {
        if (i && text[at] == ':') at++;
        if (!digits(text + at, 2, &part[i])) return NAN;
    }
    if (!at || part[0] > 23 || part[1] > 59 || part[2] > 60) return NAN;
    if (text[at] == '.' && !rad_number_read(text + at, &fraction)) return NAN;
    if (text[at] && text[at] != '.') return NAN;
    return 3600 * part[0] + 60 * part[1] + part[2] + fraction;
}

/* YYYYMMDD, or with the dots of old files: days of the Gregorian calendar, years begin in March. */
static double date_of(const char *text) {
    double year, month, day;
    const size_t dot = strlen(text) >= 10 && text[4] == '.' && text[7] == '.';
    if (!digits(text, 4, &year) || !digits(text + 4 + dot, 2, &month) || !digits(text + 6 + 2 * dot, 2, &day))
        return NAN;
    if (month < 1 || month > 12 || day < 1 || day > 31) return NAN;
    if (month < 3) {
        year -= 1;
        month += 12;
    }
    const double days = 365 * year + floor(year / 4) - floor(year / 100) + floor(year / 400) +
                        floor((153 * month - 457) / 5) + day;
    return 86400 * days;
}

rad_datetime rad_datetime_read(const rad_dicom_item *item, uint32_t date, uint32_t time) {
    char text[33];
    rad_datetime m = {NAN, NAN};
    if (rad_dicom_text(item, date, text, sizeof text)) m.day = date_of(text);
    if (rad_dicom_text(item, time, text, sizeof text)) m.second = time_of(text);
    return m;
}

/* Seconds east of UTC of "+0130"; NaN where it is none. */
static double zone_of(const char *text) {
    double hours, minutes;
    if ((*text != '+' && *text != '-') || !digits(text + 1, 2, &hours) || !digits(text + 3, 2, &minutes))
        return NAN;
    return (*text == '-' ? -60 : 60) * (60 * hours + minutes);
}

rad_datetime rad_datetime_read_local(const rad_dicom_item *root, const rad_dicom_item *item, uint32_t tag) {
    char text[33], local[17];
    rad_datetime m = rad_datetime_read_whole(item, tag);
    if (isnan(m.second) || !rad_dicom_text(item, tag, text, sizeof text) ||
        !rad_dicom_text(root, rad_tag_TimezoneOffsetFromUTC, local, sizeof local))
        return m;
    const double east = zone_of(local) - zone_of(text + strcspn(text, "+-"));
    if (isnan(east) || east == 0) return m;
    const double days = floor((m.second + east) / 86400);
    m.second += east - 86400 * days;
    m.day += 86400 * days;
    return m;
}

rad_datetime rad_datetime_read_whole(const rad_dicom_item *item, uint32_t tag) {
    char text[33];
    rad_datetime m = {NAN, NAN};
    if (!rad_dicom_text(item, tag, text, sizeof text) || strlen(text) < 8) return m;
    text[strcspn(text, "+-")] = '\0';
    m.day = date_of(text);
    if (strlen(text) >= 10) m.second = time_of(text + 8);
    return m;
}
