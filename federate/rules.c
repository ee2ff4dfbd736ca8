#include "rules.h"

#include "plain.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MEMBER(m) offsetof(rad_rules, m)

const char *const rad_owner_words[3] = {"default", "study", "site policy"};
static const char *const modes[] = {"standard", "datashield", NULL};

const rad_rule_row rad_rule_rows[] = {
    [RAD_RULE_CELL] = {.key = {.name = "minimum_cell",
                               .kind = RAD_KEY_INTEGER,
                               .offset = MEMBER(cell),
                               .low = 3,
                               .high = 1000,
                               .standard = "10",
                               .help = "patients in a cell, group or set, at least (ACRO, NVIDIA FLARE: 10; "
                                       "DataSHIELD nfilter.tab: 3)"},
                       .stricter = RAD_STRICTER_HIGHER,
                       .datashield = "3",
                       .checked = "at the site, before anything was summed; here, on the numbers that came"},
    [RAD_RULE_SITES] =
        {.key =
             {.name = "minimum_sites",
              .kind = RAD_KEY_INTEGER,
              .offset = MEMBER(sites),
              .low = 3,
              .high = 1000,
              .standard = "3",
              .help =
                  "sites in a pool, at least (vantage6: 3; with two, each learns the other by subtraction)"},
         .stricter = RAD_STRICTER_HIGHER,
         .checked = "here"},
    [RAD_RULE_DOMINANCE] =
        {.key = {.name = "dominance",
                 .kind = RAD_KEY_NUMBER,
                 .offset = MEMBER(dominance),
                 .low = 0.1,
                 .high = 0.9,
                 .standard = "0.9",
                 .help = "share of the two largest contributions in a sum, below (ACRO: (2, 0.90))"},
         .stricter = RAD_STRICTER_LOWER,
         .checked = "at the site, on its rows: sums do not tell"},
    [RAD_RULE_PARAMETERS] = {.key = {.name = "parameters",
                                     .kind = RAD_KEY_NUMBER,
                                     .offset = MEMBER(parameters),
                                     .low = 0.001,
                                     .high = 0.33,
                                     .standard = "0.1",
                                     .help = "columns of a covariance per patient, at most (vantage6: 0.1; "
                                             "DataSHIELD nfilter.glm: 0.33)"},
                             .stricter = RAD_STRICTER_LOWER,
                             .datashield = "0.33",
                             .checked = "at the site, with what left before"},
    [RAD_RULE_ROWS] = {.key = {.name = "rows",
                               .kind = RAD_KEY_NUMBER,
                               .offset = MEMBER(rows),
                               .low = 0.01,
                               .high = 0.4,
                               .standard = "0.2",
                               .help =
                                   "independent sums of one variable per patient, at most; half with third "
                                   "and fourth powers (rows of patients were computed from 0.5 on)"},
                       .stricter = RAD_STRICTER_LOWER,
                       .datashield = "0.4",
                       .checked = "at the site, with what left before"},
    [RAD_RULE_ROUND] =
        {.key = {.name = "round",
                 .kind = RAD_KEY_INTEGER,
                 .offset = MEMBER(round),
                 .low = 0,
                 .high = 100,
                 .standard = "0",
                 .help = "counts of tables and histograms to multiples of this (ACRO: 5); 0: as they are"},
         .stricter = RAD_STRICTER_HIGHER,
         .checked = "at the site"},
};
_Static_assert(sizeof rad_rule_rows / sizeof rad_rule_rows[0] == RAD_RULES, "a row for every rule");

static const rad_key mode_key = {
    .name = "mode",
    .kind = RAD_KEY_WORD,
    .offset = MEMBER(mode),
    .words = modes,
    .standard = "standard",
    .help = "standard, or datashield: minimum_cell 3 and parameters 0.33 by default"};

static rad_status set(const rad_key *key, const rad_node *node, const char *name, rad_rules *rules,
                      rad_error *error) {
    const char *words[] = {node->text ? node->text : ""};
    rad_error why = {0};
    if (node->kind != RAD_NODE_TEXT)
        return rad_node_fail(node, name, error, "%s: one value is expected", key->name);
    if (rad_key_set(key, rules, words, 1, &why) != RAD_OK)
        return rad_node_fail(node, name, error, "%s", why.text);
    return RAD_OK;
}

static rad_status unknown(const rad_node *node, const char *name, rad_error *error) {
    rad_key keys[RAD_RULES];
    for (size_t i = 0; i < RAD_RULES; i++) keys[i] = rad_rule_rows[i].key;
    return rad_node_fail(node, name, error, "no threshold is called %.60s; did you mean %s?", node->key,
                         rad_key_nearest(keys, RAD_RULES, node->key)->name);
}

/* The rule of that name; RAD_RULES: none. */
static size_t find(const char *name) {
    size_t rule = 0;
    while (rule < RAD_RULES && strcmp(rad_rule_rows[rule].key.name, name) != 0) rule++;
    return rule;
}

/* The defaults of mode datashield, by whoever wants it. */
static rad_status set_mode(rad_rules *rules, rad_owner owner, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_RULES && status == RAD_OK; i++) {
        if (!rad_rule_rows[i].datashield) continue;
        status = rad_key_set(&rad_rule_rows[i].key, rules, &rad_rule_rows[i].datashield, 1, error);
        rules->owner[i] = owner;
    }
    return status;
}

rad_status rad_rules_read(const rad_node *map, const char *name, rad_rules *rules, rad_error *error) {
    *rules = (rad_rules){0};
    for (size_t i = 0; i < RAD_RULES; i++) rad_keys_default(&rad_rule_rows[i].key, 1, rules);
    if (!map) return RAD_OK;
    if (map->kind != RAD_NODE_MAP)
        return rad_node_fail(map, name, error, "thresholds must be keys and values");
    const rad_node *mode = rad_node_find(map, "mode");
    rad_status status = mode ? set(&mode_key, mode, name, rules, error) : RAD_OK;
    if (status == RAD_OK && rules->mode) status = set_mode(rules, RAD_OWNER_STUDY, error);
    for (size_t i = 0; i < map->count && status == RAD_OK; i++) {
        const rad_node *node = &map->child[i];
        if (node == mode) continue;
        const size_t rule = find(node->key);
        if (rule == RAD_RULES) return unknown(node, name, error);
        status = set(&rad_rule_rows[rule].key, node, name, rules, error);
        rules->owner[rule] = RAD_OWNER_STUDY;
    }
    return status;
}

static double number(size_t rule, const rad_rules *rules) {
    const rad_key *key = &rad_rule_rows[rule].key;
    const char *at = (const char *)rules + key->offset;
    if (key->kind == RAD_KEY_NUMBER) return *(const double *)(const void *)at;
    return *(const int *)(const void *)at;
}

/* Is the rule of a stricter than that of b? */
static bool stricter(size_t rule, const rad_rules *a, const rad_rules *b) {
    const double x = number(rule, a), y = number(rule, b);
    return rad_rule_rows[rule].stricter == RAD_STRICTER_LOWER ? x < y : x > y;
}

/* Takes one threshold over. */
static void copy(size_t rule, rad_rules *to, const rad_rules *from) {
    const rad_key *key = &rad_rule_rows[rule].key;
    memcpy((char *)to + key->offset, (const char *)from + key->offset,
           key->kind == RAD_KEY_NUMBER ? sizeof(double) : sizeof(int));
    to->owner[rule] = from->owner[rule];
}

void rad_rules_join(rad_rules *rules, const rad_rules *other) {
    for (size_t i = 0; i < RAD_RULES; i++)
        if (stricter(i, other, rules)) copy(i, rules, other);
}

/* A threshold of a policy: whatever it was, the site says so. */
static rad_status set_policy(const rad_node *node, const char *name, rad_rules *floor, rad_error *error) {
    const size_t rule = find(node->key);
    if (rule == RAD_RULES) return unknown(node, name, error);
    floor->owner[rule] = RAD_OWNER_SITE;
    return set(&rad_rule_rows[rule].key, node, name, floor, error);
}

/* What a site holds to whatever it is asked for: the defaults, and what its policy says in their place. */
static rad_status read_floor(const char *policy, rad_rules *floor, rad_error *error) {
    rad_node root = {0};
    rad_status status = rad_rules_read(NULL, "", floor, error);
    if (policy && status == RAD_OK) status = rad_document_read(policy, &root, error);
    if (policy && status == RAD_OK) status = rad_plain_check(&root, policy, error);
    const rad_node *mode = rad_node_find(&root, "mode");
    if (status == RAD_OK && mode) status = set(&mode_key, mode, policy, floor, error);
    if (status == RAD_OK && floor->mode) status = set_mode(floor, RAD_OWNER_SITE, error);
    for (size_t i = 0; i < root.count && status == RAD_OK; i++)
        if (&root.child[i] != mode && strcmp(root.child[i].key, "coordinator") != 0) /* signed.c reads it */
            status = set_policy(&root.child[i], policy, floor, error);
    rad_node_free(&root);
    return status;
}

rad_status rad_rules_tighten(const char *policy, rad_rules *rules, rad_rules *floor, rad_error *error) {
    rad_status status = read_floor(policy, floor, error);
    for (size_t i = 0; i < RAD_RULES && status == RAD_OK; i++) {
        const bool same = number(i, floor) == number(i, rules) && rules->owner[i] == RAD_OWNER_DEFAULT;
        if (same || stricter(i, floor, rules)) copy(i, rules, floor);
    }
    return status;
}

const char *rad_rules_milder(const rad_rules *asked, const rad_rules *floor, char *text, size_t length) {
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < RAD_RULES && used < length; i++)
        if (stricter(i, floor, asked))
            used += (size_t)snprintf(text + used, length - used, "%s%s %g, where this site has %g",
                                     used ? "; " : "", rad_rule_rows[i].key.name, number(i, asked),
                                     number(i, floor));
    return text;
}

const char *rad_rules_text(const rad_rules *rules, char *text, size_t length) {
    size_t used = 0;
    *text = '\0';
    for (size_t i = 0; i < RAD_RULES && used < length; i++)
        used +=
            (size_t)snprintf(text + used, length - used, "%s%s %g (%s)", i ? ", " : "",
                             rad_rule_rows[i].key.name, number(i, rules), rad_owner_words[rules->owner[i]]);
    return text;
}
