/* What reading a cohort shares between its steps: where the columns of a study are, and rows as they come.
 * Nothing here leaves the site. */
#ifndef RAD_LOADER_H
#define RAD_LOADER_H

#include "../../io/sheet.h"
#include "cohort.h"
#include "extraction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a clinical table: the texts of its columns. */
typedef struct rad_record {
    char *patient;   /* owned */
    char **field;    /* owned, each of them too */
    bool used, left; /* by a row of the study, by another */
} rad_record;

/* Where a column of the study is: in the table, or in the records of the clinical table. */
typedef struct rad_place {
    bool clinical;
    size_t column;
} rad_place;

typedef struct rad_loader {
    const rad_study *study;
    rad_cohort *c;
    const char *path;
    rad_sheet table, clinical;
    rad_record *records;
    size_t record_count, record_capacity;
    rad_place *number, factor[RAD_FACTORS_MAX], time[RAD_SURVIVALS_MAX], event[RAD_SURVIVALS_MAX];
    rad_place where[RAD_NUMBERS_MAX], occasion;
    size_t derived[RAD_FACTORS_MAX]; /* the variable that a factor is derived of */
    size_t patient, line;
    rad_place *sample;       /* owned */
    size_t *sample_variable; /* of each such column the variable that it is, SIZE_MAX: none; owned */
    double *raw;             /* numbers of the row that is read, by variable; owned */
    size_t number_capacity, level_capacity, time_capacity, event_capacity, patient_capacity, sample_capacity;
    double *numbers; /* [row][variable] */
    int8_t *levels;  /* [row][factor] */
    double *times;
    int8_t *events;
    int8_t *occasions; /* [row]: which of the study's; -1: the study has none */
    size_t occasion_capacity, rows_before;
    char **left; /* patients of rows that are not of the study, one for each; owned, each of them too */
    size_t left_count, left_capacity;
    rad_extraction run; /* empty without one */
    rad_error *error;
} rad_loader;

/* The table whose rows are joined by the column that names patients, sorted; the record of a patient, or
 * NULL. */
rad_status rad_clinical_read(rad_loader *l, const char *path, const char *patient) RAD_MUST_CHECK;
rad_record *rad_clinical_find(const rad_loader *l, const char *patient);
void rad_clinical_free(rad_loader *l);

/* A column by its name, in either table; its text in the row that is read. */
rad_status rad_loader_place(rad_loader *l, const char *name, rad_place *to) RAD_MUST_CHECK;
const char *rad_loader_text(const rad_loader *l, rad_place at, const rad_record *r);

/* "file:line: column is text; what it takes"; RAD_CONFIG. */
rad_status rad_loader_fail(const rad_loader *l, const char *column, const char *text, const char *takes);

/* Nothing, NA, NaN; a finite number, NaN where it is missing. */
bool rad_loader_missing(const char *text);
rad_status rad_loader_number(const rad_loader *l, rad_place at, const rad_record *r, const char *name,
                             double *value) RAD_MUST_CHECK;

/* The variables of the study: what each is, how it is taken, where its column is. */
rad_status rad_variables_find(rad_loader *l) RAD_MUST_CHECK;

/* identifiers.c: does the study name that column by its full name, or is it a feature by its definition? No
 * number of it yet; then, of all numbers: RAD_REFUSED where a pattern matches what has the shape of an
 * identifier, and a note in the cohort where the study names it. */
bool rad_identifiers_declared(const rad_loader *l, const char *column);
rad_status rad_identifiers_refuse(const rad_loader *l, const char *column, const char *how) RAD_MUST_CHECK;
rad_status rad_identifiers_check(rad_loader *l, const bool *keep) RAD_MUST_CHECK;

/* The values of a row, as the study takes them, but for rounding. */
rad_status rad_values_read(rad_loader *l, const rad_record *r) RAD_MUST_CHECK;

/* Values as multiples of the step, in their place; does that suit them? */
void rad_values_round(rad_variable *v, double *x, size_t count);

/* Columns by which patients are known again; their values in the row that is read. */
rad_status rad_sampled_choose(rad_loader *l) RAD_MUST_CHECK;
void rad_sampled_read(rad_loader *l, const rad_record *r);

/* One row of each patient, by column, with the values of further occasions. */
rad_status rad_rows_settle(rad_loader *l) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
