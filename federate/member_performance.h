/* The member `performance` of a radsum file. */
#ifndef RAD_MEMBER_PERFORMANCE_H
#define RAD_MEMBER_PERFORMANCE_H

#include "member.h"

#ifdef __cplusplus
extern "C" {
#endif

rad_status rad_performances_write(FILE *out, const rad_summary *summary, const rad_study *study,
                                  rad_error *error) RAD_MUST_CHECK;
rad_status rad_performances_read(const rad_member_reader *reader, const json_t *member) RAD_MUST_CHECK;
void rad_performances_explain(const rad_summary *summary, const rad_study *study, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
