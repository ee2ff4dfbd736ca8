/* What must not be in a table of features, and may be in names that a manifest gives: who the patient is, and
 * paths. */
#ifndef RAD_PERSONAL_H
#define RAD_PERSONAL_H

#include "manifest.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a text looks like. */
typedef enum rad_personal {
    RAD_PERSONAL_NOT,
    RAD_PERSONAL_PATH, /* "/data/a", "../a", "C:\a", "a/b.nii" */
    RAD_PERSONAL_NAME, /* "DOE^JOHN", as DICOM writes it */
    RAD_PERSONAL_DATE, /* 19500131, 1950-01-31, 31.01.1950 */
    RAD_PERSONAL_UID,  /* a unique id of DICOM */
    RAD_PERSONALS
} rad_personal;
rad_personal rad_personal_find(const char *text);

/* Sentences about the rows of a run, alike ones together. No value is in them, the names of columns are. */
enum { RAD_PERSONAL_KINDS = 16, RAD_PERSONAL_TEXT = 240 };
typedef struct rad_personal_kinds {
    struct {
        char text[RAD_PERSONAL_TEXT];
        size_t rows;
    } kind[RAD_PERSONAL_KINDS];
    size_t count;
} rad_personal_kinds;

/* Of a row of a manifest: its case and the columns that tables copy, by their looks and, where the image is
 * DICOM, by its PatientID (unless it says that it is a pseudonym), PatientName and PatientBirthDate; rois:
 * what names of its ROIs look like, 1 << kind. Appends to text (of `length`), behind " | " where it holds
 * something; where no file of DICOM can be read it says so. RAD_NO_MEMORY. */
rad_status rad_personal_row(rad_personal_kinds *all, const rad_manifest *manifest,
                            const rad_manifest_row *row, unsigned rois, char *text, size_t length,
                            rad_error *error) RAD_MUST_CHECK;

/* A warning for each kind. */
void rad_personal_tell(const rad_personal_kinds *all, const char *run, rad_warnings *warnings);

#ifdef __cplusplus
}
#endif
#endif
