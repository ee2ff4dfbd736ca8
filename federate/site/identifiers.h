/* Columns that tell who a patient is: by their names, or by the shape of their values. A pattern of a study
 * that matches one would sum it with the features. */
#ifndef RAD_IDENTIFIERS_H
#define RAD_IDENTIFIERS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is it called as an identifier is, in one of several languages or by a keyword of DICOM: "PatientID", "mrn",
 * "date_of_birth", "telefon"? */
bool rad_identifiers_named(const char *column);

/* Is it called as a feature is, by the tag of an IBSI family, or as a diagnostic? */
bool rad_identifiers_measured(const char *column);

/* A text of an identifier: a unique id of DICOM, or a date with signs between. */
bool rad_identifiers_text(const char *text);

/* What the numbers look like, NaN being none: dates (yyyymmdd; of ten patients and more ddmmyyyy, mmddyyyy,
 * yyyymm, yymmdd, ddmmyy, mmddyy, too), running numbers (whole ones without a gap, of ten and more), or whole
 * numbers of six digits and more, nineteen in twenty of which differ, the largest less than ten times the
 * least. NULL: none of these. The values are sorted. */
const char *rad_identifiers_shape(double *values, size_t count);

#ifdef __cplusplus
}
#endif
#endif
