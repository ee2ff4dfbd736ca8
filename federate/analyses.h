/* What a study can ask for: one row per analysis. What a site does for it is in site/site_analyses.c, what a
 * pool makes of it in pool/. */
#ifndef RAD_ANALYSES_H
#define RAD_ANALYSES_H

#include "member.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_analysis_row {
    const char *word;                      /* in the study, and in the ledger */
    bool standard;                         /* also where the study names no analyses */
    unsigned rules;                        /* bits of rad_rule that its sums rest on, beside minimum_cell */
    bool (*needs)(const rad_study *study); /* has the study what it takes? NULL: always */
    const char *member;                    /* of a radsum file; NULL: it is in the lines of the variables */
    bool last;                             /* a member of megabytes, after all others */
    bool fixed;                            /* in every file; else in those of studies that ask for it */
    /* How many sums there are of each variable, the first being the number of patients: summary->blocks. */
    rad_status (*cells)(const rad_study *study, size_t *cells, rad_error *error);
    /* Or else the member by itself. */
    rad_status (*write)(FILE *out, const rad_summary *summary, const rad_study *study, rad_error *error);
    rad_status (*read)(const rad_member_reader *reader, const json_t *member);
    /* What leaves, in words; NULL: the table of the variables says it. */
    void (*explain)(const rad_summary *summary, const rad_study *study, FILE *out);
} rad_analysis_row;

/* In the order of rad_analysis. */
extern const rad_analysis_row rad_analyses[RAD_ANALYSES];

/* All members, in the order of the file. */
rad_status rad_analyses_write(FILE *out, const rad_summary *summary, const rad_study *study,
                              rad_error *error) RAD_MUST_CHECK;
rad_status rad_analyses_read(const rad_member_reader *reader, const json_t *all) RAD_MUST_CHECK;
void rad_analyses_explain(const rad_summary *summary, const rad_study *study, FILE *out);

/* Memory for the sums of an analysis that has them of each variable. */
rad_status rad_analyses_blocks(const rad_study *study, rad_analysis analysis, rad_summary *summary,
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
