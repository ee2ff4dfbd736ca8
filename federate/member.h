/* Members of a radsum file: what their writers and readers share. */
#ifndef RAD_MEMBER_H
#define RAD_MEMBER_H

#include "../io/sink.h"
#include "../io/tree.h"
#include "summary.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A file that is being read. */
typedef struct rad_member_reader {
    const char *name; /* of the file */
    const rad_study *study;
    const char *products; /* the text of the largest member, which stays out of the tree */
    size_t products_length;
    rad_summary *summary;
    rad_error *error;
} rad_member_reader;

/* Larger counts are no counts. */
#define RAD_COUNT_MAX ((json_int_t)1 << 53)

/* A value, which is given up; what `pack` writes, as base64. */
rad_status rad_member_put(FILE *out, json_t *value, rad_error *error) RAD_MUST_CHECK;
rad_status rad_member_put_packed(FILE *out, rad_put_body *pack, void *context,
                                 rad_error *error) RAD_MUST_CHECK;

/* Null for a count that is withheld, below 0. */
json_t *rad_member_cell(int64_t count);
rad_status rad_member_read_cell(const rad_member_reader *reader, const json_t *value,
                                int64_t *to) RAD_MUST_CHECK;

/* RAD_UNREADABLE: what is wrong with the file. */
rad_status rad_member_damaged(const rad_member_reader *reader, const char *what);

rad_status rad_member_read_count(const rad_member_reader *reader, const json_t *value, json_int_t most,
                                 const char *what, uint64_t *to) RAD_MUST_CHECK;

/* The bytes of a text in base64, owned by the caller. */
rad_status rad_member_read_packed(const rad_member_reader *reader, const char *text, size_t size,
                                  unsigned char **bytes, size_t *length) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
