/* Scores of a site's rows by a signature: one row per case and ROI, in the order of the table. Nothing here
 * leaves the site. */
#ifndef RAD_SCORING_H
#define RAD_SCORING_H

#include "../../io/sheet.h"
#include "../score_model.h"
#include "extraction.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What scores are computed from. */
typedef struct rad_score_source {
    const char *path;       /* a run directory or a table */
    const char *run;        /* beside a table: the run that says what its columns are; or NULL */
    const char *patient;    /* the column that names cases; NULL: case, or patient */
    const char *harmonised; /* the harmonisation.json that the rows went through; NULL: none */
    const char *clinical;   /* another table, joined by the column that names cases; NULL: none */
    const char *model_path; /* for messages */
} rad_score_source;

typedef struct rad_scoring {
    const rad_score_model *model;
    char path[4096]; /* of the table */
    rad_sheet table;
    size_t patient, roi; /* columns; table.columns: there is no ROI */
    size_t *column;      /* of each term, those of the clinical table behind those of the table; owned */
    struct rad_loader *joined; /* the clinical table; NULL: there is none; owned */
    double *values;            /* of the row at hand; owned */
    rad_extraction run;
    size_t rows, empty; /* so far; without a score */
} rad_scoring;

/* Opens the table and finds the feature of each term: by its definition where the run says what its columns
 * are, else by its name, with a warning. RAD_CONFIG: features that are not there, or are computed in another
 * way; other settings; rows that went through another harmonisation than the signature's. */
rad_status rad_scoring_open(const rad_score_source *source, const rad_score_model *model,
                            rad_scoring *scoring, rad_warnings *warnings, rad_error *error) RAD_MUST_CHECK;

/* Puts out header and rows: names as they are, score, what the model makes of it, classes, reason. A row
 * without a value of a feature has nothing but the reason. RAD_CONFIG: a field that is no number. */
rad_status rad_scoring_put(FILE *out, rad_scoring *scoring, rad_error *error) RAD_MUST_CHECK;

void rad_scoring_close(rad_scoring *scoring);

#ifdef __cplusplus
}
#endif
#endif
