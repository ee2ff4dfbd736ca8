/* Centred cross products of the columns of a model: what least squares and its kin need of patients. */
#ifndef RAD_GRAM_H
#define RAD_GRAM_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of n patients: means, and sums of products about them. The last column is the response. */
typedef struct rad_gram {
    size_t columns;
    double n;
    double *mean;  /* [columns], owned */
    double *cross; /* [columns][columns], owned */
} rad_gram;

rad_status rad_gram_allocate(size_t columns, rad_gram *gram, rad_error *error) RAD_MUST_CHECK;
void rad_gram_free(rad_gram *gram);

/* Of the patients of both: sums of positive terms, so that nothing cancels. */
void rad_gram_add(rad_gram *to, const rad_gram *from);

/* All of the list but one (`count`: none); out has memory for the columns. Nobody: n is 0. Of a column that
 * is the same for all, products are 0. */
void rad_gram_join(const rad_gram *list, size_t count, size_t without, rad_gram *out);

#ifdef __cplusplus
}
#endif
#endif
