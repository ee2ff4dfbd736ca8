#include "cut.h"

#include "../core/number.h"
#include "../core/printable.h"
#include "study_reader.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

_Static_assert((int)RAD_CUT_NAME == (int)RAD_NAME, "a cut is of a column");

/* Copies text[0..length) without the blanks around it; false: nothing is left, or too much. */
static bool copy_trimmed(const char *text, size_t length, char to[RAD_CUT_NAME]) {
    while (length && isspace((unsigned char)*text)) text++, length--;
    while (length && isspace((unsigned char)text[length - 1])) length--;
    if (!length || length >= RAD_CUT_NAME) return false;
    memcpy(to, text, length);
    to[length] = '\0';
    return true;
}

bool rad_cut_parse(const char *text, rad_cut *cut) {
    char number[RAD_CUT_NAME];
    const char *sign = text + strcspn(text, "<>");
    if (!*sign) return false;
    const bool less = *sign == '<', equal = sign[1] == '=';
    const char *rest = sign + 1 + equal;
    cut->from = less != equal; /* what is at c is above of x < c and x >= c */
    cut->count = 1;
    cut->level[0] = less ? "yes" : "no";
    cut->level[1] = less ? "no" : "yes";
    return copy_trimmed(text, (size_t)(sign - text), cut->of) && copy_trimmed(rest, strlen(rest), number) &&
           rad_number_read(number, &cut->at[0]) && isfinite(cut->at[0]);
}

static rad_status read_numbers(rad_study_reader *r, const rad_node *cuts, rad_cut *cut) {
    rad_status status = RAD_OK;
    if (cuts->kind != RAD_NODE_LIST || !cuts->count || cuts->count > RAD_CUTS_MAX)
        return RAD_STUDY_FAIL(r, cuts, "cuts: a list of 1 to %d rising numbers is expected", RAD_CUTS_MAX);
    for (size_t i = 0; i < cuts->count && status == RAD_OK; i++) {
        status = rad_study_reader_number(r, &cuts->child[i], &cut->at[i]);
        if (status == RAD_OK && i && cut->at[i] <= cut->at[i - 1])
            status = RAD_STUDY_FAIL(r, &cuts->child[i], "cuts: numbers must rise, and %s is not above %s",
                                    cuts->child[i].text, cuts->child[i - 1].text);
    }
    cut->count = cuts->count;
    return status;
}

static rad_status read_map(rad_study_reader *r, const rad_node *node, rad_cut *cut) {
    static const char *const keys[] = {"of", "cuts", "levels", NULL};
    const rad_node *of = rad_node_find(node, "of"), *cuts = rad_node_find(node, "cuts"),
                   *levels = rad_node_find(node, "levels");
    const char *name = "";
    rad_status status = rad_study_reader_keys(r, node, keys);
    if (status != RAD_OK) return status;
    if (!of || !cuts || !levels)
        return RAD_STUDY_FAIL(r, node,
                              "%.60s: {of: score, cuts: [0.2, 0.5], levels: [low, middle, high]} is expected",
                              node->key);
    status = rad_study_reader_text(r, of, &name);
    if (status == RAD_OK) memcpy(cut->of, name, strlen(name) + 1);
    if (status == RAD_OK) status = read_numbers(r, cuts, cut);
    if (status == RAD_OK) status = rad_study_reader_list(r, levels, 2);
    if (status == RAD_OK && levels->count != cut->count + 1)
        status = RAD_STUDY_FAIL(r, levels, "levels: %zu cut%s %s %zu levels, and %zu are given", cut->count,
                                rad_plural(cut->count), cut->count == 1 ? "makes" : "make", cut->count + 1,
                                levels->count);
    for (size_t i = 0; i <= cut->count && status == RAD_OK; i++) cut->level[i] = levels->child[i].text;
    return status;
}

rad_status rad_cut_read(const rad_node *node, const char *file, rad_cut *cut, rad_error *error) {
    rad_study_reader r = {NULL, file, error};
    *cut = (rad_cut){.name = node->key};
    if (!*node->key || strlen(node->key) >= RAD_CUT_NAME)
        return RAD_STUDY_FAIL(&r, node, "the name of a cut is empty or too long");
    if (node->kind == RAD_NODE_MAP) return read_map(&r, node, cut);
    if (node->kind == RAD_NODE_TEXT && rad_cut_parse(node->text, cut)) return RAD_OK;
    return RAD_STUDY_FAIL(&r, node,
                          "%.60s: a comparison of one variable with a number, such as \"score > 0.3\", or "
                          "{of: score, cuts: [0.2, 0.5], levels: [low, middle, high]} is expected",
                          node->key);
}

const char *rad_cut_words(const rad_cut *cut, size_t level, char *text, size_t length) {
    char low[RAD_NUMBER_TEXT], high[RAD_NUMBER_TEXT];
    if (level) rad_number_write(cut->at[level - 1], low);
    if (level < cut->count) rad_number_write(cut->at[level], high);
    if (level && level < cut->count)
        snprintf(text, length, "%s %s %s %s %s", low, cut->from ? "<=" : "<", cut->of,
                 cut->from ? "<" : "<=", high);
    else if (level)
        snprintf(text, length, "%s %s %s", cut->of, cut->from ? ">=" : ">", low);
    else
        snprintf(text, length, "%s %s %s", cut->of, cut->from ? "<" : "<=", high);
    return text;
}

size_t rad_cut_level(const rad_cut *cut, double value) {
    size_t level = 0;
    while (level < cut->count && (cut->from ? value >= cut->at[level] : value > cut->at[level])) level++;
    return level;
}
