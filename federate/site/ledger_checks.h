/* A release against those that left: one function per check, and what a line keeps for it. */
#ifndef RAD_LEDGER_CHECKS_H
#define RAD_LEDGER_CHECKS_H

#include "../../core/names.h"
#include "ledger_entry.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is checked: the release at hand as an entry whose patients are numbered, and how many of them each
 * entry of the ledger shares. */
typedef struct rad_ledger_checked {
    const rad_ledger *ledger;
    const rad_release *release;
    const rad_ledger_entry *now;
    const size_t *shared;
    size_t persons; /* all that the ledger and the release know */
    const rad_likes *likes;
} rad_ledger_checked;

/* The most patients of any entry, the release at hand among them. */
size_t rad_ledger_most_patients(const rad_ledger_checked *checked);

/* A set of an entry's patients, over all persons. */
void rad_ledger_spread(const rad_ledger_entry *entry, const uint64_t *set, size_t words, uint64_t *out);

/* What rad_likes has. */
rad_status rad_ledger_find_likes(const rad_ledger_checked *checked, rad_likes *likes,
                                 rad_error *error) RAD_MUST_CHECK;

/* How each variable orders the patients of a release, for the line: of rows 1, 2, 4 and 8 apart, which has
 * the smaller value. */
json_t *rad_ledger_orders(const rad_release *release);

/* Is the column that names patients the one that it was, and does nobody have the name of one patient and the
 * values of another? */
rad_status rad_ledger_check_persons(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;

/* The cohort against each that left. */
rad_status rad_ledger_check_cohorts(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;

/* Counts on two grids, or sums of two transforms, of the same patients: their differences tell of single
 * ones. */
rad_status rad_ledger_check_transforms(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_transforms(const rad_release *release);

/* Levels at other cuts of a number whose histogram left, or leaves: an edge and a cut would tell of few. */
rad_status rad_ledger_check_cuts(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_cuts(const rad_release *release);

/* Values that are others than those that left before, of a few patients of a set. */
rad_status rad_ledger_check_corrections(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;

/* The same where patients come, go or are in other groups at the same time. */
rad_status rad_ledger_check_versions(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;

/* Columns whose products leave now or left before, of patients of this cohort: release by release they would
 * give the matrix that the rules forbid. */
rad_status rad_ledger_check_budgets(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_products(const rad_release *release, size_t analysis);

/* Histograms of this release against those of before, which the line keeps: where few of the patients of
 * both, or of one alone, would be between edges, the histogram stays at home. Before the release has its
 * text. */
rad_status rad_ledger_hold_histograms(const rad_ledger_checked *checked, size_t *held,
                                      rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_histograms(const rad_release *release);

/* Histograms of a variable, and cuts of it as a score, now and before: which variables have either. */
rad_status rad_ledger_check_counted(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_counted(const rad_release *release);

/* The sets over which sums leave against, and with, those of all releases before. */
rad_status rad_ledger_check_sets(const rad_ledger_checked *checked, rad_error *error) RAD_MUST_CHECK;
json_t *rad_ledger_classes(const rad_release *release);
/* Measurements that are weights of sums, as only this key can read them. */
json_t *rad_ledger_weights(const rad_ledger *ledger, const rad_release *release);

/* Sets of a class that together tell of few: of all persons, before and now; now's as rows, too. */
typedef struct rad_ledger_pair {
    const rad_sets *before, *now, *sets;
    const rad_class *class;
} rad_ledger_pair;

/* RAD_REFUSED, for the site's own screen, with the two sets that differ least, where these are few. */
rad_status rad_ledger_refuse_pair(const rad_ledger_checked *checked, const rad_ledger_pair *pair,
                                  rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
