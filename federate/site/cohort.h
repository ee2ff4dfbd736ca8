/* The rows of a site: one per patient, the variables of a study taken from a run directory or a table.
 * Nothing here leaves the site. */
#ifndef RAD_COHORT_H
#define RAD_COHORT_H

#include "../design.h"
#include "../summary.h"
#include "fineness.h"
#include "sets.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_variable {
    char name[RAD_NAME];
    char definition[33]; /* id: hash of tag, IBSI code, aggregation, discretisation, image, unit; of the name
                            without them */
    char unit[RAD_UNIT];
    rad_variable_kind kind;
    bool covariance;              /* part of its panel */
    const rad_computed *computed; /* by which rule it is made of another; NULL: a column */
    size_t source;                /* that other variable */
    rad_fineness fineness;        /* of its step */
    rad_transform transform;      /* with a grid */
} rad_variable;

/* Patients behind counts of rows that are left out. */
typedef struct rad_behind {
    size_t excluded, both; /* with a row that is not of the study; of these, with one that is, too */
    size_t with;           /* with a row of the study */
    size_t again;          /* with further occasions */
    /* Clinical rows: of patients whose rows are all not of the study, who are incomplete, of nobody. */
    size_t excluded_records, incomplete_records, spare_records;
} rad_behind;

typedef struct rad_cohort {
    size_t rows, words; /* patients; 64-bit words of a set of rows */
    rad_variable *variables;
    size_t count;
    double *values;    /* [variable][row]: transformed, centred, multiples of the step; NaN: missing */
    int8_t *levels;    /* [factor][row]; -1: missing */
    double *times;     /* [survival][row]; NaN: missing */
    int8_t *events;    /* [survival][row]; 0, 1 or the number of a cause; -1: missing */
    double *occasions; /* [occasion][variable][row] as values; the study's repeats; NULL without; owned */
    char **patients;   /* owned */
    size_t sampled;
    char (*sample_name)[RAD_NAME]; /* columns by which a patient is known again: all of the tables; owned */
    float *sample;                 /* [row][sampled], 24 bits; NaN: no number; owned */
    size_t excluded, repeats,
        unmatched;              /* rows not of the study; further occasions; clinical rows without features */
    size_t incomplete;          /* left out since the study counts complete rows only */
    rad_behind behind;          /* these */
    size_t failures[RAD_CODES]; /* cases without a row, by exit code of their extraction */
    char settings[65];          /* id; "" for a table without a run */
    char shaped[RAD_NAME]; /* a variable that the study names, and that looks like an identifier; "": none */
} rad_cohort;

/* Reads the rows. path: a run directory or a table; clinical: a table with the same patient column, or NULL.
 * RAD_CONFIG names column and line: a variable that no table has, a pattern without a match, a level that the
 * study does not know, two rows of a patient, a logarithm of nothing, settings that the study does not want.
 */
rad_status rad_cohort_read(const char *path, const char *clinical, const rad_study *study, rad_cohort *cohort,
                           rad_error *error) RAD_MUST_CHECK;

void rad_cohort_free(rad_cohort *cohort);

/* A cohort of the rows whose bit is set, for tests and benches; patients are not copied. */
rad_status rad_cohort_select(const rad_cohort *cohort, const rad_study *study, const uint64_t *rows,
                             rad_cohort *out, rad_error *error) RAD_MUST_CHECK;

/* The columns of a design as numbers, [column][row]; NaN where missing. values: design->count * rows of them.
 */
void rad_cohort_columns(const rad_cohort *cohort, const rad_study *study, const rad_design *design,
                        double *values);

/* Sets of patients: those of a level of a factor (-1: of none), among some or, NULL, all; those who have the
 * larger, or the lesser, value of a variable of two; those who have a variable on all occasions. */
void rad_cohort_level(const rad_cohort *cohort, size_t factor, int level, const uint64_t *within,
                      uint64_t *out);
void rad_cohort_side(const rad_cohort *cohort, size_t variable, bool larger, const uint64_t *within,
                     uint64_t *out);
void rad_cohort_repeated(const rad_cohort *cohort, size_t occasions, size_t variable, uint64_t *out);

#ifdef __cplusplus
}
#endif
#endif
