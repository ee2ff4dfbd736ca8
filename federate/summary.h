/* Sufficient statistics of one site, or of a pool of them: the same struct, since sums of sums are sums. */
#ifndef RAD_SUMMARY_H
#define RAD_SUMMARY_H

#include "exact.h"
#include "lifetable.h"
#include "performance.h"
#include "signer.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exit codes of extractions; patterns of missing values in a covariance. */
enum { RAD_CODES = 256, RAD_PATTERNS_MAX = 64, RAD_CHECK = 64 };

/* n and sums of x, x^2 and, with 4 powers, x^3, x^4 of the values as the study takes them (less centre,
 * multiples of the step). */
typedef struct rad_moments {
    uint8_t powers; /* 0: withheld, 2, 4 */
    uint64_t n;
    rad_exact sum[4];
} rad_moments;

typedef struct rad_summary_variable {
    char name[RAD_NAME], definition[33], unit[RAD_UNIT];
    rad_variable_kind kind;
    double centre;
    bool logarithm;
    int step; /* 2^step */
    rad_grid grid;
    bool counted;           /* in a histogram; false: withheld, or not asked for */
    rad_grid_count *counts; /* owned */
    size_t count_count;
    int64_t panel;    /* place in the covariance, -1: none */
    uint16_t pattern; /* of its missing values, in the covariance of this site */
} rad_summary_variable;

/* Sums over the patients who have both variables of a pair, in a pool. */
typedef struct rad_pair {
    uint64_t n;
    rad_exact a, b, aa, bb;
} rad_pair;

/* What the sums of a pair say. */
typedef struct rad_relation {
    uint64_t n;
    double covariance, correlation;
} rad_relation;
enum { RAD_RELATIONS_MAX = 64 }; /* columns of a panel up to which a pool keeps them of each site */

/* As many sums for each variable; no cells: the study has none of it. */
typedef struct rad_blocks {
    size_t cells;
    rad_exact *sums; /* [variable][cell], owned */
    bool *shown;     /* [variable]; false: withheld; owned */
} rad_blocks;

/* Something that a rule forbids, in words for a data officer. */
typedef struct rad_refusal {
    rad_status status;
    char what[RAD_NAME + 32]; /* variable or analysis */
    char rule[32];            /* minimum_cell, dominance, ... */
    char words[320];          /* what is wrong, what to do: they travel, and have no number of patients */
    char here[96];            /* the numbers, for the site's own screen; "" for none */
} rad_refusal;

/* What a site's ledger was before a release: which one, how it began, how many releases it had, its last
 * line. */
typedef struct rad_ledger_head {
    char id[17], begun[16]; /* hash of its first line; "keygen", "again", "": by the first version */
    uint64_t entries;
    char head[65];
} rad_ledger_head;

typedef struct rad_held {
    bool excluded, repeats, unmatched;
} rad_held;

typedef struct rad_summary {
    char study[RAD_NAME], study_hash[65], site[RAD_SITE], engine[32], check[RAD_CHECK], settings[65];
    char digest[65]; /* of the file it was read from */
    bool sealed;     /* in which it was sealed */
    uint32_t release;
    rad_ledger_head ledger; /* id "": none is kept */
    rad_rules rules;
    uint64_t rows;
    /* Rows left out, and failed cases. At a site all of them; what is read of a file is -1 where there were
     * 1 .. minimum_cell - 1, which is all that leaves of so few. */
    int64_t excluded, repeats, unmatched, incomplete, failures[RAD_CODES];
    rad_held held;                   /* at a site: which of them do not leave, however many they are */
    uint64_t refused, withheld;      /* parts that rules kept back: asked for by name; small cells */
    rad_refusal *refusals;           /* owned, `refused` of them */
    rad_summary_variable *variables; /* owned */
    size_t count;
    size_t sets;          /* of patients: all, then the levels of each group in turn */
    rad_moments *moments; /* [set][variable], owned */
    int64_t *levels;      /* [factor][RAD_FACTOR_LEVELS + 1], the last is missing; -1: withheld; owned */
    int64_t *tables[RAD_PAIRS_MAX]; /* (levels + 1) x (levels + 1), missing last; -1: withheld; owned */
    /* Covariance, where `panel` is not 0. */
    size_t panel, patterns;
    size_t *of; /* variable of each column of the panel; owned */
    rad_moments
        *partial; /* [panel][pattern] sums over the patients of the pattern; powers 0: not joint; owned */
    rad_exact *products; /* [j (j + 1) / 2 + i], owned */
    bool *product_shown; /* owned */
    /* Of analyses that have as many sums for each variable; cells as rad_design and rad_repeats_product
     * order them. */
    rad_blocks blocks[RAD_ANALYSES];
    rad_lifetables lifetables[RAD_SURVIVALS_MAX];  /* of each time to an event; of sites only */
    rad_performed performed[RAD_PERFORMANCES_MAX]; /* of each score; of sites only */
    uint64_t least_pair;     /* of a site in a pool: the fewest patients of a pair of its covariance */
    rad_relation *relations; /* of a site in a pool: by pair of the pool's panel; NULL: too many; owned */
    uint64_t pairs_shown;    /* likewise: how many pairs it has */
    uint32_t *pair_sites;    /* of a pool: sites that have patients in the pair; owned */
    rad_pair *pairs;         /* of a pool; NULL: pairs have the patients of both variables */
} rad_summary;

/* What every summary of a study has, for readers: memory for moments, levels, tables of `count` variables. */
rad_status rad_summary_allocate(rad_summary *summary, const rad_study *study, size_t count,
                                rad_error *error) RAD_MUST_CHECK;

/* Room for blocks of that many cells. */
rad_status rad_blocks_allocate(rad_blocks *blocks, size_t variables, size_t cells,
                               rad_error *error) RAD_MUST_CHECK;
void rad_blocks_free(rad_blocks *blocks, size_t variables);

/* Cells of repeated measurements: n, the sum of each occasion, the lower triangle of their products. */
size_t rad_repeats_cells(size_t occasions);
size_t rad_repeats_product(size_t occasions, size_t i, size_t j); /* i <= j */

/* Room for the covariance of panel columns in that many patterns. */
rad_status rad_summary_allocate_panel(rad_summary *summary, size_t panel, size_t patterns,
                                      rad_error *error) RAD_MUST_CHECK;

void rad_summary_free(rad_summary *summary);

/* The set of a level of a group: 1 .. sets - 1; 0 when the factor is no group. */
size_t rad_summary_set(const rad_study *study, size_t factor, size_t level);

/* How many reference values its engine met: "digital_phantom: 482 of 482". */
void rad_summary_say_check(size_t met, size_t of, char text[RAD_CHECK]);

/* The sum of two counts; -1 where either is not known. */
int64_t rad_summary_add(int64_t a, int64_t b);

/* Cases whose extraction failed; -1: there were some, and how many is not known. */
int64_t rad_summary_failures(const rad_summary *summary);

/* "input unreadable", ...: why, by exit code. */
const char *rad_summary_code(size_t code);

/* The sums of a level of a group. */
const rad_moments *rad_summary_level(const rad_summary *summary, const rad_study *study, size_t factor,
                                     size_t level, size_t variable);

/* Sums of one pair of columns i <= j of the panel over the patients who have both; false: withheld. Sums are
 * borrowed. */
typedef struct rad_pair_view {
    uint64_t n;
    const rad_exact *a, *b, *aa, *bb, *ab;
} rad_pair_view;
bool rad_summary_pair(const rad_summary *summary, size_t i, size_t j, rad_pair_view *view);

void rad_moments_free(rad_moments *moments);

#ifdef __cplusplus
}
#endif
#endif
