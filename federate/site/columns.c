#include "columns.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../core/sort.h"
#include "identifiers.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Names of columns, without case; `*` is not needed: a word counts as a part of the name between _, - or
 * blanks. */
static const char *const patients[] = {"patient",    "case", "patient_id", "patientid", "subject",
                                       "subject_id", "pid",  "id",         "case_id",   NULL};
static const char *const identifiers[] = {
    "id",        "mrn",       "ssn", "name",    "surname", "birth",  "born",     "dob",   "birthdate",
    "date",      "accession", "uid", "address", "street",  "zip",    "postcode", "phone", "email",
    "insurance", "number",    "no",  "nr",      "comment", "remark", "patient",  NULL};
static const char *const covariates[] = {"age",    "sex",    "gender", "stage",  "grade",     "weight",
                                         "height", "bmi",    "ecog",   "smoker", "packyears", "psa",
                                         "dose",   "centre", "center", NULL};
static const char *const times[] = {"time",  "months", "month",    "days",     "day",
                                    "years", "year",   "survival", "followup", NULL};
static const char *const events[] = {"event",    "status",     "death",       "dead",   "died",    "relapse",
                                     "relapsed", "recurrence", "progression", "failed", "failure", NULL};

/* Scales that are public, whatever levels of them a site has. */
static const char *const scales[][8] = {{"F", "M"},
                                        {"female", "male"},
                                        {"Female", "Male"},
                                        {"no", "yes"},
                                        {"No", "Yes"},
                                        {"N", "Y"},
                                        {"neg", "pos"},
                                        {"negative", "positive"},
                                        {"0", "1"},
                                        {"1", "2", "3"},
                                        {"1", "2", "3", "4"},
                                        {"0", "1", "2", "3", "4"},
                                        {"I", "II", "III", "IV"},
                                        {"T1", "T2", "T3", "T4"},
                                        {"N0", "N1", "N2", "N3"},
                                        {"M0", "M1"},
                                        {"G1", "G2", "G3"}};

static bool is_word(const char *name, size_t length, const char *const *words) {
    for (; *words; words++)
        if (strlen(*words) == length && !strncasecmp(name, *words, length)) return true;
    return false;
}

/* Is the name, or a part of it, one of the words? */
static bool has_word(const char *name, const char *const *words) {
    if (is_word(name, strlen(name), words)) return true;
    for (const char *at = name; *at;) {
        const size_t length = strcspn(at, "_-. ");
        if (is_word(at, length, words)) return true;
        at += length + (at[length] != '\0');
    }
    return false;
}

/* 2024-02-29, 29/02/2024, 20240229. */
static bool is_date(const char *text) {
    const size_t length = strlen(text);
    if (length == 8 && strspn(text, "0123456789") == 8) {
        const int year = (int)strtol((char[]){text[0], text[1], text[2], text[3], 0}, NULL, 10),
                  month = (text[4] - '0') * 10 + text[5] - '0', day = (text[6] - '0') * 10 + text[7] - '0';
        return year >= 1850 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }
    int parts = 0;
    for (const char *at = text; length >= 8 && isdigit((unsigned char)*at) && parts < 3; parts++) {
        at += strspn(at, "0123456789");
        if (!*at) return parts == 2;
        if (!strchr("-/.", *at++)) return parts == 2 && (at[-1] == 'T' || at[-1] == ' ');
    }
    return false;
}

static bool is_missing(const char *text) {
    return !*text || !strcmp(text, "NA") || !strcmp(text, "NaN") || !strcmp(text, "nan");
}

static rad_status see(rad_column_seen *c, const char *text, rad_error *error) {
    double value;
    size_t i = 0;
    c->rows++;
    if (is_missing(text)) {
        c->missing++;
        return RAD_OK;
    }
    c->dates = c->dates && is_date(text);
    if (rad_number_read(text, &value) && isfinite(value)) {
        if (rad_grow(&c->value, c->numbers, &c->capacity, sizeof *c->value, error) != RAD_OK)
            return RAD_NO_MEMORY;
        c->value[c->numbers++] = value;
    }
    while (i < c->texts && i < RAD_COLUMN_TEXTS - 1 && strcmp(c->text[i], text) != 0) i++;
    if (i == RAD_COLUMN_TEXTS - 1) {
        c->texts = RAD_COLUMN_TEXTS;
        return RAD_OK;
    }
    if (i == c->texts) {
        c->text[i] = rad_text_copy(text, error);
        if (!c->text[i]) return RAD_NO_MEMORY;
        c->texts++;
    }
    c->count[i]++;
    return RAD_OK;
}

static rad_status read_sheet(rad_sheet *sheet, rad_column_seen *seen, rad_error *error) {
    bool more = true;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < sheet->columns; i++)
        seen[i] = (rad_column_seen){.name = sheet->names[i], .dates = true};
    while (status == RAD_OK && more) {
        status = rad_sheet_next(sheet, &more, error);
        for (size_t i = 0; i < sheet->columns && more && status == RAD_OK; i++)
            status = see(&seen[i], sheet->field[i], error);
    }
    for (size_t i = 0; i < sheet->columns && status == RAD_OK; i++)
        status = rad_sort(seen[i].value, seen[i].numbers, error);
    return status;
}

/* The shortest scale that all levels are of. */
static const char *const *find_scale(const rad_column_seen *c) {
    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++) {
        bool all = c->texts > 0;
        for (size_t i = 0; i < c->texts && all; i++) {
            size_t k = 0;
            while (k < 7 && scales[s][k] && strcmp(scales[s][k], c->text[i]) != 0) k++;
            all = k < 7 && scales[s][k];
        }
        if (all) return scales[s];
    }
    return NULL;
}

/* Large whole numbers that few rows share are a number of each patient. */
static bool is_running_number(const rad_column_seen *c) {
    size_t different = 0, i = 0;
    if (c->numbers < 10 || c->texts < RAD_COLUMN_TEXTS) return false;
    for (; i < c->numbers && c->value[i] == floor(c->value[i]) && fabs(c->value[i]) >= 1000; i++)
        different += !i || c->value[i] > c->value[i - 1];
    return i == c->numbers && 3 * different >= c->numbers;
}

/* A feature of the standard has the tag of its family in its name. */
static bool is_tagged(const char *name) {
    static const char *const tags[] = {"morph", "loc", "stat", "ih",  "ivh",      "cm", "rlm",
                                       "szm",   "dzm", "ngt",  "ngl", "original", NULL};
    return has_word(name, tags);
}

static rad_column_kind kind_of(const rad_column_seen *c, size_t least) {
    const size_t values = c->rows - c->missing;
    const bool numeric = values && c->numbers == values, tagged = !c->clinical && is_tagged(c->name);
    const bool dated = values && c->dates;
    if (!strcmp(c->name, "roi") && !c->clinical) return RAD_COLUMN_ROI;
    if (dated || (!tagged && (has_word(c->name, identifiers) || rad_identifiers_named(c->name))))
        return RAD_COLUMN_IDENTIFIER;
    if (c->texts < 2) return RAD_COLUMN_EMPTY;
    if (!numeric && c->texts > 12) return RAD_COLUMN_IDENTIFIER;
    if (numeric && !tagged && (is_running_number(c) || rad_identifiers_shape(c->value, c->numbers)))
        return RAD_COLUMN_IDENTIFIER;
    if (numeric && c->texts == 2 && has_word(c->name, events) && c->value[0] == 0 &&
        c->value[c->numbers - 1] == 1)
        return RAD_COLUMN_EVENT;
    if (numeric && c->texts > 10 && !tagged && c->value[0] >= 0 && has_word(c->name, times))
        return RAD_COLUMN_TIME;
    if (numeric && c->texts > 10)
        return c->clinical || has_word(c->name, covariates) ? RAD_COLUMN_NUMBER : RAD_COLUMN_FEATURE;
    if (tagged) return RAD_COLUMN_FEATURE;
    if (c->scale) return RAD_COLUMN_LEVELS;
    for (size_t i = 0; i < c->texts; i++)
        if (c->count[i] < least) return RAD_COLUMN_RARE;
    return RAD_COLUMN_LEVELS;
}

static void sort_levels(rad_column_seen *c) {
    for (size_t i = 1; i < c->texts && c->texts < RAD_COLUMN_TEXTS; i++)
        for (size_t k = i; k > 0 && strcmp(c->text[k - 1], c->text[k]) > 0; k--) {
            char *const text = c->text[k];
            const size_t count = c->count[k];
            c->text[k] = c->text[k - 1];
            c->count[k] = c->count[k - 1];
            c->text[k - 1] = text;
            c->count[k - 1] = count;
        }
}

/* The column that names the patient, in both tables. */
static rad_status find_patient(rad_columns *c, rad_error *error) {
    const bool both = c->clinical.path;
    for (size_t w = 0; patients[w]; w++)
        for (size_t i = 0; i < c->table.columns; i++) {
            const size_t k = both ? rad_sheet_column(&c->clinical, c->table.names[i]) : 0;
            if (strcasecmp(c->table.names[i], patients[w]) != 0 || (both && k == c->clinical.columns))
                continue;
            c->patient = i;
            c->seen[i].kind = RAD_COLUMN_PATIENT;
            if (both) c->seen[c->table.columns + k].kind = RAD_COLUMN_PATIENT;
            return RAD_OK;
        }
    return rad_fail(
        error, RAD_CONFIG,
        "%s: no column names the patient%s: one called patient, case, subject or id is looked for",
        c->table.path, both ? " here and in the clinical table" : "");
}

rad_status rad_columns_read(const char *table, const char *clinical, size_t least, rad_columns *c,
                            rad_error *error) {
    *c = (rad_columns){.count = 0};
    rad_status status = rad_sheet_open(table, &c->table, error);
    if (status == RAD_OK && clinical) status = rad_sheet_open(clinical, &c->clinical, error);
    const size_t all = c->table.columns + c->clinical.columns;
    if (status == RAD_OK) c->seen = rad_new(all, sizeof *c->seen, error);
    if (status == RAD_OK && !c->seen) status = RAD_NO_MEMORY;
    c->count = c->seen ? all : 0;
    if (status == RAD_OK) status = read_sheet(&c->table, c->seen, error);
    if (status == RAD_OK && clinical) status = read_sheet(&c->clinical, c->seen + c->table.columns, error);
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        rad_column_seen *x = &c->seen[i];
        x->clinical = i >= c->table.columns;
        sort_levels(x);
        x->scale = x->texts < RAD_COLUMN_TEXTS ? find_scale(x) : NULL;
        x->kind = kind_of(x, least);
    }
    if (status == RAD_OK) status = find_patient(c, error);
    if (status != RAD_OK) rad_columns_free(c);
    return status;
}

void rad_columns_free(rad_columns *c) {
    for (size_t i = 0; i < c->count; i++) {
        for (size_t k = 0; k < RAD_COLUMN_TEXTS; k++) rad_free(c->seen[i].text[k]);
        rad_free(c->seen[i].value);
    }
    rad_free(c->seen);
    rad_sheet_close(&c->table);
    rad_sheet_close(&c->clinical);
    *c = (rad_columns){.count = 0};
}
