/* Which combinations of rows rest on few patients: the two searches behind an audit. */
#ifndef RAD_AUDIT_SEARCH_H
#define RAD_AUDIT_SEARCH_H

#include "../../core/status.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Independent rows over atoms: patients who are alike in all of them. */
typedef struct rad_atoms {
    size_t rows, count;
    uint64_t *weight; /* [row][atom], modulo the prime; owned */
    size_t *size;     /* [atom] patients, falling; owned */
} rad_atoms;

void rad_atoms_free(rad_atoms *atoms);

/* Leaves the combinations that are 0 on all atoms of `size` patients or more. */
void rad_atoms_confine(rad_atoms *atoms, size_t size);

/* Is there a combination, beside 0, of the rows that rests on at most `most` patients? Branch and bound: each
 * of several disjoint sets of atoms that tell all rows apart holds one at least of whatever combination. The
 * rows are lost. *unsure: more than `work` multiplications were needed, and none was found until then. */
rad_status rad_atoms_few(rad_atoms *atoms, size_t most, double work, bool *few, bool *unsure,
                         rad_error *error) RAD_MUST_CHECK;

/* Is there a combination of orthonormal rows [row][patient] of which less than `rest` of the squared weight
 * lies beyond some `most` patients? The largest leverages rule it out, or truncated power iteration looks for
 * it from the patients of the largest: what it finds is there, what it does not find may be. */
rad_status rad_normal_few(const double *normal, size_t rows, size_t patients, size_t most, double rest,
                          bool *few, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
