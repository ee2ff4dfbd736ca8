#include "propose.h"

#include "../../core/memory.h"
#include "../step.h"
#include "columns.h"
#include "summarise.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { PATH = 4096, TRIES = 40, PATIENTS_LEAST = 10, GROUPS_MOST = 2, LEVELS_LEAST = 20, PREFIX_LEAST = 3 };

typedef struct proposal {
    rad_columns columns;
    const char **refused; /* by column: rule that refuses it here, or NULL; owned */
    bool few;             /* too few patients for a summary */
} proposal;

static bool is_used(const proposal *p, size_t i, rad_column_kind kind) {
    return p->columns.seen[i].kind == kind && !p->refused[i];
}

/* A text as YAML has it, in quotes where it needs them. */
static void put_text(FILE *out, const char *text) {
    static const char *const words[] = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"};
    bool plain = isalpha((unsigned char)*text) || *text == '_';
    for (const char *c = text; *c && plain; c++) plain = isalnum((unsigned char)*c) || strchr("_.-", *c);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        plain = plain && strcasecmp(text, words[i]) != 0;
    if (!plain) fputc('"', out);
    for (const char *c = text; *c; c++) {
        if (!plain && strchr("\"\\", *c)) fputc('\\', out);
        if ((unsigned char)*c < ' ')
            fprintf(out, "\\x%02x", (unsigned char)*c);
        else
            fputc(*c, out);
    }
    if (!plain) fputc('"', out);
}

static size_t length_of_prefix(const char *name) {
    const char *first = strchr(name, '_'), *second = first ? strchr(first + 1, '_') : NULL;
    return second ? (size_t)(second - name) + 1 : 0;
}

/* May all columns that begin so stand as one pattern? */
static bool is_family(const proposal *p, const char *name, size_t prefix) {
    size_t count = 0;
    for (size_t k = 0; k < p->columns.table.columns && prefix; k++) {
        if (strncmp(p->columns.seen[k].name, name, prefix) != 0) continue;
        if (!is_used(p, k, RAD_COLUMN_FEATURE)) return false;
        count++;
    }
    return count >= PREFIX_LEAST && !memchr(name, '*', prefix) && !memchr(name, '?', prefix);
}

/* Features, by their families where all of one are there. */
static void put_features(FILE *out, const proposal *p) {
    char before[RAD_NAME] = "";
    fputs("features:                   # columns, `*` stands for any text\n", out);
    for (size_t i = 0; i < p->columns.table.columns; i++) {
        const char *name = p->columns.seen[i].name;
        const size_t prefix = length_of_prefix(name);
        if (!is_used(p, i, RAD_COLUMN_FEATURE)) continue;
        if (*before && !strncmp(name, before, strlen(before))) continue;
        char text[RAD_NAME];
        const bool family = prefix + 2 < sizeof text && is_family(p, name, prefix);
        snprintf(text, sizeof text, family ? "%.*s*" : "%.*s", family ? (int)prefix : RAD_NAME - 1, name);
        snprintf(before, sizeof before, "%.*s", family ? (int)prefix : 0, name);
        fputs("  - ", out);
        put_text(out, text);
        fputc('\n', out);
    }
}

/* Levels: the public scale, or those that are there. */
static void put_levels(FILE *out, const rad_column_seen *c) {
    const size_t count = c->scale ? 8 : c->texts;
    fputs("{levels: [", out);
    for (size_t i = 0; i < count && (!c->scale || c->scale[i]); i++) {
        if (i) fputs(", ", out);
        put_text(out, c->scale ? c->scale[i] : c->text[i]);
    }
    fprintf(out, "]}%s\n", c->scale ? "" : "   # those of this table: does the study have others?");
}

static void put_covariates(FILE *out, const proposal *p) {
    size_t count = 0;
    for (size_t i = 0; i < p->columns.count; i++) {
        const rad_column_seen *c = &p->columns.seen[i];
        if (!is_used(p, i, RAD_COLUMN_NUMBER) && !is_used(p, i, RAD_COLUMN_LEVELS)) continue;
        if (!count++) fputs("covariates:\n", out);
        fputs("  ", out);
        put_text(out, c->name);
        fputs(": ", out);
        if (c->kind == RAD_COLUMN_LEVELS)
            put_levels(out, c);
        else
            fprintf(out, "%s\n",
                    strcasecmp(c->name, "age") ? "number   # {unit: ...} says of what" : "{unit: years}");
    }
}

/* The time that goes with an event: the one whose name begins most like it. */
static const rad_column_seen *time_of(const proposal *p, const char *event) {
    const rad_column_seen *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < p->columns.count; i++) {
        const char *name = p->columns.seen[i].name;
        size_t alike = 0;
        while (name[alike] && name[alike] == event[alike]) alike++;
        if (p->columns.seen[i].kind != RAD_COLUMN_TIME || (best && alike <= most)) continue;
        best = &p->columns.seen[i];
        most = alike;
    }
    return best;
}

static void put_outcomes(FILE *out, const proposal *p) {
    static const struct {
        const char *word, *unit, *grid;
    } units[] = {{"day", "days", "[0, 90, 180, 365, 730, 1095, 1825]"},
                 {"year", "years", "[0, 0.5, 1, 2, 3, 5]"},
                 {"", "months", "[0, 3, 6, 12, 24, 36, 60]"}};
    size_t count = 0;
    for (size_t i = 0; i < p->columns.count; i++) {
        const char *name = p->columns.seen[i].name;
        const rad_column_seen *time = time_of(p, name);
        if (!is_used(p, i, RAD_COLUMN_EVENT) || count == RAD_SURVIVALS_MAX) continue;
        if (!count++) fputs("outcomes:\n", out);
        fputs("  ", out);
        put_text(out, name);
        if (!time) {
            fputs(": {levels: [\"0\", \"1\"]}\n", out);
            continue;
        }
        size_t u = 0;
        while (*units[u].word && !strcasestr(time->name, units[u].word)) u++;
        fputs(": {time: ", out);
        put_text(out, time->name);
        fputs(", event: ", out);
        put_text(out, name);
        fprintf(
            out,
            ", unit: %s, grid: %s}   # are these the units? few times that matter give the sharpest curves\n",
            units[u].unit, units[u].grid);
    }
}

/* Factors of which two levels have patients enough. */
static void put_groups(FILE *out, const proposal *p) {
    size_t count = 0;
    for (size_t i = 0; i < p->columns.count && count < GROUPS_MOST; i++) {
        const rad_column_seen *c = &p->columns.seen[i];
        size_t large = 0;
        for (size_t k = 0; k < c->texts && is_used(p, i, RAD_COLUMN_LEVELS); k++)
            large += c->count[k] >= LEVELS_LEAST;
        if (large < 2) continue;
        fputs(count++ ? ", " : "groups: [", out);
        put_text(out, c->name);
    }
    fputs(count ? "]   # features are described by their levels\n"
                : "# groups: [sex]            # features by the levels of these\n",
          out);
}

/* A power of ten near 2^-12 of the quartiles' distance where the usual step does not suit the values; 0: it
 * does. Quartiles are those of many patients, and their power of ten tells little of them. */
static double find_step(const rad_column_seen *c) {
    if (c->numbers < PATIENTS_LEAST) return 0;
    const double spread = c->value[3 * c->numbers / 4] - c->value[c->numbers / 4],
                 largest = fmax(fabs(c->value[0]), fabs(c->value[c->numbers - 1])),
                 usual = ldexp(1, rad_step_default(c->name, false, NULL));
    if (!(spread > 0) || (spread >= usual * 128 && largest < ldexp(usual, RAD_STEP_BITS))) return 0;
    return pow(10, floor(log10(spread / 4096)));
}

static const char *value_comment(bool age, bool wide) {
    return age    ? ""
           : wide ? "   # spreads over powers of ten; all values must be above 0 at all sites"
                  : "   # values are multiples of this; a power of ten for all sites";
}

/* How values are taken: a logarithm for what spreads over powers of ten, a step where the usual one does not
 * suit. */
static void put_values(FILE *out, const proposal *p) {
    size_t count = 0;
    for (size_t i = 0; i < p->columns.count; i++) {
        const rad_column_seen *c = &p->columns.seen[i];
        const bool number = is_used(p, i, RAD_COLUMN_NUMBER), age = number && !strcasecmp(c->name, "age");
        if (!number && !is_used(p, i, RAD_COLUMN_FEATURE)) continue;
        const bool wide =
            c->numbers && c->value[0] > 0 && c->value[c->numbers - 1] > 30 * c->value[c->numbers / 2];
        const double step = age || wide ? 0 : find_step(c);
        if (!age && !wide && step == 0) continue;
        if (!count++)
            fputs("variables:                  # how values are taken; from this table, coarsely: look at "
                  "each\n",
                  out);
        fputs("  ", out);
        put_text(out, c->name);
        if (age)
            fputs(": {grid: {from: 0, to: 120, cells: 120}}", out);
        else if (wide)
            fputs(": {transform: log}", out);
        else
            fprintf(out, ": {step: %g}", step);
        fprintf(out, "%s\n", value_comment(age, wide));
    }
}

static void put_left_out(FILE *out, const proposal *p) {
    static const char *const words[] = {[RAD_COLUMN_EMPTY] = "empty, or the same for all",
                                        [RAD_COLUMN_IDENTIFIER] = "may tell who a patient is",
                                        [RAD_COLUMN_RARE] =
                                            "levels of few patients here: name all that the study can have",
                                        [RAD_COLUMN_TIME] = "a time without an event"};
    size_t count = 0;
    for (size_t i = 0; i < p->columns.count; i++) {
        const rad_column_seen *c = &p->columns.seen[i];
        const char *why = p->refused[i]                              ? p->refused[i]
                          : c->kind < sizeof words / sizeof words[0] ? words[c->kind]
                                                                     : NULL;
        bool timed = false;
        for (size_t k = 0; k < p->columns.count && c->kind == RAD_COLUMN_TIME; k++)
            timed = timed || (is_used(p, k, RAD_COLUMN_EVENT) && time_of(p, p->columns.seen[k].name) == c);
        if (c->kind == RAD_COLUMN_RARE) why = words[RAD_COLUMN_RARE];
        if (!why || timed) continue;
        if (!count++) fputs("\n# Left out:\n", out);
        fputs("#   ", out);
        put_text(out, c->name);
        fprintf(out, ": %s%s\n", p->refused[i] ? "the rules refuse it of this table: " : "", why);
    }
}

/* Rows of the ROI that most patients have. */
static void put_where(FILE *out, const proposal *p) {
    for (size_t i = 0; i < p->columns.table.columns; i++) {
        const rad_column_seen *c = &p->columns.seen[i];
        size_t most = 0;
        if (c->kind != RAD_COLUMN_ROI || c->texts < 2 || c->texts == RAD_COLUMN_TEXTS) continue;
        for (size_t k = 1; k < c->texts; k++)
            if (c->count[k] > c->count[most]) most = k;
        fputs("where: {roi: ", out);
        put_text(out, c->text[most]);
        fputs("}            # rows that count: one of each patient\n", out);
    }
}

static rad_status put_study(FILE *out, void *context, rad_error *error) {
    const proposal *p = context;
    (void)error;
    fputs("# A first study, by `radiomill study init` from the columns of one site's tables. Read every "
          "line; levels and\n"
          "# grids are public, and must fit all sites. Then: radiomill study check STUDY.yaml --sites "
          "61,143,88\n",
          out);
    if (p->few)
        fputs("# This table has too few patients for a summary: what follows was not tried on it.\n", out);
    fputs("study: first-1              # id: letters, digits, dot, - and _\n# title: What it is "
          "about\npatient: ",
          out);
    put_text(out, p->columns.seen[p->columns.patient].name);
    fputs("            # column that names the patient; no name leaves\n", out);
    put_where(out, p);
    put_features(out, p);
    put_covariates(out, p);
    put_outcomes(out, p);
    put_groups(out, p);
    put_values(out, p);
    fputs("analyses: [moments, groups, histograms, tables, survival]\n"
          "# covariance: [...]         # and `covariance` under analyses: at most one column for ten "
          "patients of a site\n"
          "# model: [age, sex]         # and `model`: linear models and harmonisation; as few columns\n"
          "# tables: [[sex, stage]]    # counts of pairs of levels\n"
          "# thresholds: {minimum_cell: 10, minimum_sites: 3}   # a site's own rules are at least these\n",
          out);
    put_left_out(out, p);
    return RAD_OK;
}

/* Marks what is refused; false: nothing that can be left out. */
static bool leave_out(proposal *p, const rad_permit *permit) {
    bool some = false;
    for (size_t r = 0; r < permit->refusal_count; r++) {
        const rad_refusal *why = &permit->refusals[r];
        p->few = p->few || !strcmp(why->what, "cohort");
        for (size_t i = 0; i < p->columns.count; i++) {
            const rad_column_seen *c = &p->columns.seen[i];
            const bool value = c->kind == RAD_COLUMN_FEATURE || c->kind == RAD_COLUMN_NUMBER ||
                               c->kind == RAD_COLUMN_EVENT || c->kind == RAD_COLUMN_LEVELS;
            if (!value || p->refused[i] || strcmp(c->name, why->what) != 0) continue;
            p->refused[i] = !strcmp(why->rule, "step") ? "step" : "minimum_cell, dominance";
            for (size_t k = 0; k < RAD_RULES; k++)
                if (!strcmp(rad_rule_rows[k].key.name, why->rule)) p->refused[i] = rad_rule_rows[k].key.name;
            some = true;
        }
    }
    return some && !p->few;
}

/* Tries the text on the rows; *again: something was left out since. */
static rad_status try_study(proposal *p, const char *path, const char *clinical, const rad_bytes *text,
                            bool *again, rad_error *error) {
    rad_study study;
    rad_cohort cohort = {.rows = 0};
    rad_permit permit = {.cell = 0};
    rad_rules rules, floor;
    *again = false;
    rad_status status =
        rad_study_parse((const char *)text->data, text->length, "the proposal", &study, error);
    if (status != RAD_OK) return status;
    rules = study.rules;
    status = rad_rules_tighten(NULL, &rules, &floor, error);
    if (status == RAD_OK) status = rad_cohort_read(path, clinical, &study, &cohort, error);
    if (status == RAD_OK) status = rad_permit_make(&cohort, &study, &rules, 1, &permit, error);
    if (status == RAD_OK) *again = leave_out(p, &permit);
    rad_permit_free(&permit);
    rad_cohort_free(&cohort);
    rad_study_free(&study);
    return status;
}

rad_status rad_propose_study(const char *path, const char *clinical, rad_bytes *text, rad_error *error) {
    char table[PATH];
    struct stat about;
    proposal p = {.few = false};
    const bool run = !stat(path, &about) && S_ISDIR(about.st_mode);
    snprintf(table, sizeof table, run ? "%s/features.csv" : "%s", path);
    *text = (rad_bytes){.data = NULL};
    rad_status status = rad_columns_read(table, clinical, PATIENTS_LEAST, &p.columns, error);
    if (status == RAD_OK) p.refused = rad_new(p.columns.count, sizeof *p.refused, error);
    if (status == RAD_OK && !p.refused) status = RAD_NO_MEMORY;
    size_t features = 0;
    for (size_t i = 0; i < p.columns.count && status == RAD_OK; i++)
        features += is_used(&p, i, RAD_COLUMN_FEATURE);
    if (status == RAD_OK && !features)
        status = rad_fail(error, RAD_CONFIG,
                          "%s: no column seems to be a feature: numbers, more than ten of them, that "
                          "tell of no person",
                          table);
    bool again = true;
    for (int t = 0; t < TRIES && again && status == RAD_OK; t++) {
        rad_bytes_free(text);
        status = rad_sink_collect(put_study, &p, text, error);
        if (status == RAD_OK) status = try_study(&p, path, clinical, text, &again, error);
    }
    if (status == RAD_OK && p.few) {
        rad_bytes_free(text);
        status = rad_sink_collect(put_study, &p, text, error);
    }
    if (status != RAD_OK) rad_bytes_free(text);
    rad_free(p.refused);
    rad_columns_free(&p.columns);
    return status;
}
