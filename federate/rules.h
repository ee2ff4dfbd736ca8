/* Thresholds of disclosure: what a study asks for, and the floor of a site below which no study gets. One row
 * per threshold; refusals name it by its key. What a refusal says besides stands where the rule is applied,
 * since it has to tell what to do about it. */
#ifndef RAD_RULES_H
#define RAD_RULES_H

#include "../core/keys.h"
#include "../io/document.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum rad_rule {
    RAD_RULE_CELL,
    RAD_RULE_SITES,
    RAD_RULE_DOMINANCE,
    RAD_RULE_PARAMETERS,
    RAD_RULE_ROWS,
    RAD_RULE_ROUND,
    RAD_RULES
} rad_rule;

typedef enum rad_owner { RAD_OWNER_DEFAULT, RAD_OWNER_STUDY, RAD_OWNER_SITE } rad_owner;

typedef struct rad_rules {
    int mode;                   /* 0 standard, 1 datashield: other defaults */
    int cell;                   /* patients in any cell, group or set of rows, at least */
    int sites;                  /* in a pool, at least */
    double dominance;           /* share of the two largest contributions in a sum, below */
    double parameters;          /* columns of a covariance per patient, at most */
    double rows;                /* independent sums of one variable per patient, at most */
    int round;                  /* counts of tables and histograms to multiples; 0: not */
    rad_owner owner[RAD_RULES]; /* who set it */
} rad_rules;

typedef enum rad_stricter { RAD_STRICTER_HIGHER, RAD_STRICTER_LOWER } rad_stricter;

typedef struct rad_rule_row {
    rad_key key;            /* name, type, range, default, meaning and source */
    rad_stricter stricter;  /* the higher value of two, or the lower one */
    const char *datashield; /* default in that mode; NULL: the same */
    const char *checked;    /* who looks whether it is kept */
} rad_rule_row;

/* The table; its rows are in the order of rad_rule. */
extern const rad_rule_row rad_rule_rows[RAD_RULES];

/* "study", "site policy", "default". */
extern const char *const rad_owner_words[3];

/* Thresholds of a study: the mapping may be NULL. */
rad_status rad_rules_read(const rad_node *map, const char *name, rad_rules *rules,
                          rad_error *error) RAD_MUST_CHECK;

/* Tightens rules of a study to the floor of a site: the standard defaults (policy NULL), or what its policy
 * file says in their place, which may be milder: that is the site's to decide. Of study and floor the
 * stricter holds, rule by rule. */
rad_status rad_rules_tighten(const char *policy, rad_rules *rules, rad_rules *floor,
                             rad_error *error) RAD_MUST_CHECK;

/* Rules by which a study asks for less than the floor, in words; "": none. Returns text. */
const char *rad_rules_milder(const rad_rules *asked, const rad_rules *floor, char *text, size_t length);

/* The stricter one of each threshold of two sites. */
void rad_rules_join(rad_rules *rules, const rad_rules *other);

/* "minimum_cell 10 (default), ...". Returns text. */
const char *rad_rules_text(const rad_rules *rules, char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
