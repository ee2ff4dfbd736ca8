/* What a number of a pool stands on: how many sites have part in it, and how many patients. minimum_sites and
 * minimum_cell hold for each number, not for the files of a pool. */
#ifndef RAD_BASIS_H
#define RAD_BASIS_H

#include "../rules.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_basis {
    size_t sites;
    uint64_t patients;
    bool shown; /* there are as many of both as the rules want; else the number is empty */
} rad_basis;

rad_basis rad_basis_make(const rad_rules *rules, size_t sites, uint64_t patients);

/* Of a number that is made of two: it stands on the weaker one. */
rad_basis rad_basis_least(const rad_basis *a, const rad_basis *b);

#ifdef __cplusplus
}
#endif
#endif
