/* Counts of rows that are left out: whose they are, and whether they may leave. Rows are not patients, and
 * one count may follow from another. */
#ifndef RAD_LEFT_OUT_H
#define RAD_LEFT_OUT_H

#include "loader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row that is not of the study, and the record of its patient or NULL; then, of all rows, the patients
 * behind these counts into the cohort. */
rad_status rad_left_out_add(rad_loader *l, const char *patient, rad_record *record) RAD_MUST_CHECK;
rad_status rad_left_out_count(rad_loader *l) RAD_MUST_CHECK;
void rad_left_out_free(rad_loader *l);

/* Which of the counts of the summary do not leave (summary->held), however many rows they are of:
 * - rows of 1 to minimum_cell - 1 patients, or that all but so few patients have; further occasions, where so
 *   few of them are of others than those who have a variable on all occasions, whose number leaves;
 * - clinical rows without a match, where so few of these have rows that are not of the study, or no rows at
 *   all, or where so few are incomplete: who knows how large the clinical table is, or how many of it have no
 *   features, would have these; or where they are nearly the cases that failed. */
void rad_left_out_judge(const rad_cohort *cohort, const rad_study *study, const rad_rules *rules,
                        rad_summary *summary);

#ifdef __cplusplus
}
#endif
#endif
