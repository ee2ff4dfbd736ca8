/* What a site does for each analysis: which of its sums may leave, and these sums. */
#ifndef RAD_SITE_ANALYSES_H
#define RAD_SITE_ANALYSES_H

#include "../analyses.h"
#include "summarise.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sets of patients that are audited together, and how the ledger calls them. */
typedef struct rad_audited {
    char name[RAD_NAME + 16];
    rad_sets sets; /* owned */
} rad_audited;

typedef struct rad_site_analysis {
    bool always; /* whether a study asks for it or not */
    /* What the rules let leave, into m->permit, and its sets of patients into those of the classes; NULL:
     * what the permit says already. Without rules: everything. */
    rad_status (*permit)(rad_permitting *m);
    rad_status (*allow_all)(rad_permitting *m);
    /* What the permit allows, into m->summary; NULL: nothing of its own. */
    rad_status (*sum)(const rad_summing *m);
    /* For the ledger. Names of the columns of which products leave, as an array, NULL without memory: all
     * that ever left of a patient are columns of one matrix. */
    json_t *(*products)(const rad_cohort *cohort, const rad_study *study, const rad_permit *permit);
    /* Sets number `which` that are not those of a class; no name: there are no more. */
    rad_status (*audit)(const rad_cohort *cohort, const rad_study *study, const rad_permit *permit,
                        size_t which, rad_audited *out, rad_error *error);
} rad_site_analysis;

/* In the order of rad_analysis. */
extern const rad_site_analysis *const rad_site_analyses[RAD_ANALYSES];

#define RAD_SITE_ROW(name, file) extern const rad_site_analysis rad_site_##file;
RAD_ANALYSIS_LIST(RAD_SITE_ROW)
#undef RAD_SITE_ROW

/* Does the site look at that analysis? */
bool rad_site_analyses_asked(const rad_study *study, size_t analysis);

#ifdef __cplusplus
}
#endif
#endif
