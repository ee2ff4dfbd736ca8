/* Summaries of sites added up. The sums of the pool are those of the pooled rows, bit by bit. */
#ifndef RAD_POOL_H
#define RAD_POOL_H

#include "../radsum.h"
#include "basis.h"
#include "crossed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a pool says: results.h. */
typedef struct rad_results rad_results;

/* A file that a newer release of its site replaces, or that is there twice. */
typedef struct rad_replaced {
    char site[RAD_SITE];
    uint32_t release;
    bool same; /* a second copy of the file that counts */
} rad_replaced;

/* What the models of a study need of a site. */
typedef struct rad_site_crossed {
    char site[RAD_SITE];
    size_t models;
    rad_crossed *model; /* [model of the study], owned */
} rad_site_crossed;

typedef struct rad_pool {
    const rad_study *study;
    rad_summary total;
    rad_summary *sites; /* by name; without their covariances; owned */
    size_t count, capacity;
    rad_replaced *replaced; /* owned */
    size_t replaced_count, replaced_capacity;
    rad_site_crossed *crossed; /* in the order of the files; owned */
    size_t crossed_count, crossed_capacity;
    rad_rules rules;    /* the strictest of all */
    const char *absent; /* sites that sent nothing, in words; NULL: none; borrowed */
} rad_pool;

/* Adds a summary, which the pool then owns; it is empty afterwards. RAD_CONFIG says what differs from the
 * sites before: variables, definitions, grids, settings; RAD_UNTRUSTED: a second summary of the site. */
rad_status rad_pool_add(rad_pool *pool, rad_summary *summary, int threads, rad_error *error) RAD_MUST_CHECK;

/* Files of sites, whom to trust, and the releases that were pooled before (NULL: none). */
typedef struct rad_pool_files {
    const char *const *paths;
    size_t count;
    const rad_trusted *trusted;
    const rad_radsum_head *seen;
    size_t seen_count;
    const rad_signer *reader; /* opens what is sealed; NULL: that is refused */
} rad_pool_files;

/* Reads and adds the newest release of each site among the files. A release that is older than the one
 * before, or another file of the same release, is RAD_UNTRUSTED. */
rad_status rad_pool_read(const rad_pool_files *files, const rad_study *study, int threads, rad_pool *pool,
                         rad_error *error) RAD_MUST_CHECK;

/* RAD_MISMATCH: the engine of a site missed reference values of the digital phantom. RAD_UNREADABLE: what it
 * says of them cannot be; `values` is how many this program knows. */
rad_status rad_pool_check_engines(const rad_pool *pool, size_t values, rad_error *error) RAD_MUST_CHECK;

/* RAD_REFUSED: fewer sites than the rules want. */
rad_status rad_pool_check(const rad_pool *pool, rad_error *error) RAD_MUST_CHECK;

/* What analyses add: sets first .. end - 1 of moments, counts. */
rad_status rad_pool_add_sets(rad_pool *pool, const rad_summary *site, size_t first, size_t end,
                             rad_error *error) RAD_MUST_CHECK;
void rad_pool_add_counts(int64_t *to, const int64_t *from, size_t count);

/* Sums of a site that could not be added, in words. */
rad_status rad_pool_fail_adding(rad_status status, const rad_summary *site, rad_error *error);

/* Moments of all sites but one, and what they stand on. */
rad_status rad_pool_without(const rad_pool *pool, size_t site, size_t set, size_t variable, rad_moments *out,
                            rad_basis *basis, rad_error *error) RAD_MUST_CHECK;

/* Sites that have patients in the sums of that set and variable, and those patients. */
rad_basis rad_pool_basis_of(const rad_pool *pool, size_t set, size_t variable);

/* The same of the sums that an analysis has of each variable. */
rad_basis rad_pool_basis_of_blocks(const rad_pool *pool, rad_analysis analysis, size_t variable);

/* Does no patient have the variable, as all sites say? Then 0 is known. */
bool rad_pool_is_nothing(const rad_pool *pool, size_t variable);

/* Patients of the sites whose sums of that set and variable are in the pool, with a value or without. */
uint64_t rad_pool_rows_of(const rad_pool *pool, size_t set, size_t variable);

/* Life tables of an outcome, of the sites first .. first + count - 1; the list is the caller's to free, NULL
 * without memory. */
const rad_lifetables **rad_pool_lifetables(const rad_pool *pool, size_t outcome, size_t first, size_t count,
                                           rad_error *error);

/* All patients of a life table. */
uint64_t rad_pool_patients(const rad_lifetable *table);

void rad_pool_free(rad_pool *pool);

#ifdef __cplusplus
}
#endif
#endif
