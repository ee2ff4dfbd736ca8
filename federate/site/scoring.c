#include "scoring.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../core/printable.h"
#include "../../io/csv.h"
#include "loader.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

enum { NAMED = 4, LIST = 600 };

/* What is wrong with several features, in one line: the first few by name. */
typedef struct faults {
    size_t count;
    char text[LIST];
    size_t used;
} faults;

static void add_fault(faults *f, const char *name, const char *why) {
    if (f->count++ < NAMED && f->used < LIST)
        f->used += (size_t)snprintf(f->text + f->used, LIST - f->used, "%s%.80s%.100s",
                                    f->count > 1 ? "; " : "", name, why);
    if (f->count == NAMED + 1 && f->used < LIST) snprintf(f->text + f->used, LIST - f->used, "; and more");
}

/* Columns of the run by their definition. */
static rad_status sort_definitions(const rad_scoring *s, char (**ids)[RAD_DEFINITION], rad_names *names,
                                   rad_error *error) {
    const size_t count = s->table.columns;
    *ids = rad_new(count, sizeof **ids, error);
    rad_status status = *ids ? rad_names_allocate(names, count, error) : RAD_NO_MEMORY;
    size_t known = 0;
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        const json_t *column = json_object_get(s->run.columns, s->table.names[i]);
        if (!column) continue;
        rad_definition_compute(column, s->table.names[i], (*ids)[i]);
        names->row[known++] = (rad_name){(*ids)[i], i};
    }
    if (status != RAD_OK) return status;
    names->count = known;
    rad_names_sort(names);
    return RAD_OK;
}

/* A number of the clinical table: no feature, which has a definition. */
static bool find_joined(rad_scoring *s, size_t i, size_t named, faults *f) {
    const char *name = s->model->terms[i].name;
    if (!s->joined || s->model->terms[i].definition) return false;
    const size_t at = rad_sheet_column(&s->joined->clinical, name);
    if (at == s->joined->clinical.columns) return false;
    if (named < s->table.columns) add_fault(f, name, " is in both tables: leave it out of one");
    s->column[i] = s->table.columns + at;
    return true;
}

/* The column of a term in a run: that of its name where it has the definition, else whichever has it. */
static void find_defined(rad_scoring *s, size_t i, const rad_names *defined, char (*ids)[RAD_DEFINITION],
                         faults *f) {
    const rad_term *t = &s->model->terms[i];
    const size_t named = rad_sheet_column(&s->table, t->name);
    size_t at = named;
    if (!t->definition && find_joined(s, i, named, f)) return;
    if (t->definition && (named == s->table.columns || strcmp(ids[named], t->definition) != 0))
        at = rad_names_find(defined, t->definition);
    s->column[i] = at;
    if (at < s->table.columns) return;
    add_fault(f, t->name,
              named == s->table.columns ? " is not there"
                                        : " is another feature here: its definition is another one");
}

static rad_status find_in_run(rad_scoring *s, faults *f, rad_warnings *warnings, rad_error *error) {
    char(*ids)[RAD_DEFINITION] = NULL;
    rad_names defined = {0};
    size_t unknown = 0;
    rad_status status = sort_definitions(s, &ids, &defined, error);
    for (size_t i = 0; i < s->model->term_count && status == RAD_OK; i++) {
        find_defined(s, i, &defined, ids, f);
        unknown += !s->model->terms[i].definition && s->column[i] < s->table.columns;
    }
    if (unknown)
        rad_warn(warnings,
                 "%zu of %zu feature%s of the signature %s no definition: they are taken by their names, "
                 "whatever they were computed with",
                 unknown, s->model->term_count, rad_plural(s->model->term_count),
                 unknown == 1 ? "has" : "have");
    rad_names_free(&defined);
    rad_free(ids);
    return status;
}

static void find_by_name(rad_scoring *s, faults *f, rad_warnings *warnings) {
    size_t defined = 0;
    for (size_t i = 0; i < s->model->term_count; i++) {
        const rad_term *t = &s->model->terms[i];
        s->column[i] = rad_sheet_column(&s->table, t->name);
        if (find_joined(s, i, s->column[i], f)) continue;
        if (s->column[i] == s->table.columns) add_fault(f, t->name, " is not there");
        defined += t->definition != NULL;
    }
    if (defined)
        rad_warn(warnings,
                 "%s: says nothing of how its columns were computed, so that features are taken by their "
                 "names; --run RUN checks their definitions",
                 s->path);
}

static rad_status find_terms(rad_scoring *s, rad_warnings *warnings, rad_error *error) {
    faults f = {0};
    rad_status status = RAD_OK;
    s->column = rad_new(s->model->term_count, sizeof *s->column, error);
    s->values = rad_new(s->model->term_count, sizeof *s->values, error);
    if (!s->column || !s->values) return RAD_NO_MEMORY;
    if (s->run.columns)
        status = find_in_run(s, &f, warnings, error);
    else
        find_by_name(s, &f, warnings);
    if (status == RAD_OK && f.count)
        status = rad_fail(error, RAD_CONFIG, "%s: lacks %zu of %zu feature%s of the signature: %s", s->path,
                          f.count, s->model->term_count, rad_plural(s->model->term_count), f.text);
    return status;
}

static rad_status check_settings(const rad_scoring *s, const rad_score_source *from, rad_error *error) {
    const char *wants = s->model->settings;
    if (!wants || !s->run.columns || !strcmp(wants, s->run.settings)) return RAD_OK;
    return rad_fail(
        error, RAD_CONFIG,
        "%s: was extracted with settings %s, and the signature %s is of settings %s; extract with "
        "those",
        from->run ? from->run : from->path, s->run.settings, from->model_path, wants);
}

/* Rows of a harmonised table need a signature that was trained on such, by the same file; and no others. */
static rad_status check_harmonisation(const rad_scoring *s, const rad_score_source *from, rad_error *error) {
    const char *wants = s->model->harmonisation;
    char here[RAD_SCORE_MODEL_HASH] = "";
    rad_status status = from->harmonised ? rad_score_model_hash(from->harmonised, here, error) : RAD_OK;
    if (status != RAD_OK) return status;
    if (!wants && !*here) return RAD_OK;
    if (!wants)
        return rad_fail(error, RAD_CONFIG,
                        "%s: is of rows that were not harmonised, and --harmonised says that these are",
                        from->model_path);
    if (!*here)
        return rad_fail(error, RAD_CONFIG,
                        "%s: is of rows that were harmonised; harmonise these (`radiomill harmonise`), and "
                        "give the file with --harmonised harmonisation.json (hash %.16s...)",
                        from->model_path, wants);
    if (!strcmp(here, wants)) return RAD_OK;
    return rad_fail(error, RAD_CONFIG, "%s: is another harmonisation (%.16s...) than that of %s (%.16s...)",
                    from->harmonised, here, from->model_path, wants);
}

static rad_status find_names(rad_scoring *s, const rad_score_source *from, rad_error *error) {
    const char *name = from->patient ? from->patient : "case";
    s->patient = rad_sheet_column(&s->table, name);
    if (s->patient == s->table.columns && !from->patient) s->patient = rad_sheet_column(&s->table, "patient");
    s->roi = rad_sheet_column(&s->table, "roi");
    if (s->patient < s->table.columns) return RAD_OK;
    return rad_fail(error, RAD_CONFIG,
                    "%s: no column is called %s, which names the case; give it with --patient", s->path,
                    name);
}

/* No class is called as the column of names. */
static rad_status check_classes(const rad_scoring *s, const char *path, rad_error *error) {
    for (size_t i = 0; i < s->model->cut_count; i++)
        if (!strcmp(s->model->cuts[i].name, s->table.names[s->patient]))
            return rad_fail(error, RAD_CONFIG, "%s: the class %s is called as the column that names cases",
                            path, s->model->cuts[i].name);
    return RAD_OK;
}

static rad_status join_clinical(rad_scoring *s, const char *path, rad_error *error) {
    s->joined = rad_new(1, sizeof *s->joined, error);
    if (!s->joined) return RAD_NO_MEMORY;
    s->joined->path = path;
    s->joined->error = error;
    return rad_clinical_read(s->joined, path, s->table.names[s->patient]);
}

static void warn_of_failures(const rad_scoring *s, rad_warnings *warnings) {
    size_t failed = 0;
    for (size_t i = 0; i < RAD_CODES; i++) failed += s->run.failures[i];
    if (failed)
        rad_warn(warnings, "%zu case%s of the run %s not done, or in part; cases.csv says why", failed,
                 rad_plural(failed), failed == 1 ? "is" : "are");
}

rad_status rad_scoring_open(const rad_score_source *from, const rad_score_model *model, rad_scoring *s,
                            rad_warnings *warnings, rad_error *error) {
    struct stat about;
    *s = (rad_scoring){.model = model};
    const bool folder = !stat(from->path, &about) && S_ISDIR(about.st_mode);
    const char *run = folder ? from->path : from->run;
    if (folder && from->run)
        return rad_fail(error, RAD_USAGE, "%s: is a run; --run is for tables", from->path);
    if (snprintf(s->path, sizeof s->path, folder ? "%s/features.csv" : "%s", from->path) >=
        (int)sizeof s->path)
        return rad_fail(error, RAD_UNREADABLE, "%s: the path is too long", from->path);
    rad_status status = run ? rad_extraction_read(run, &s->run, error) : RAD_OK;
    if (status == RAD_OK) status = check_settings(s, from, error);
    if (status == RAD_OK) status = check_harmonisation(s, from, error);
    if (status == RAD_OK) status = rad_sheet_open(s->path, &s->table, error);
    if (status == RAD_OK) status = find_names(s, from, error);
    if (status == RAD_OK) status = check_classes(s, from->model_path, error);
    if (status == RAD_OK && from->clinical) status = join_clinical(s, from->clinical, error);
    if (status == RAD_OK) status = find_terms(s, warnings, error);
    if (status == RAD_OK && folder) warn_of_failures(s, warnings);
    if (status != RAD_OK) rad_scoring_close(s);
    return status;
}

void rad_scoring_close(rad_scoring *s) {
    rad_sheet_close(&s->table);
    rad_extraction_free(&s->run);
    if (s->joined) rad_clinical_free(s->joined);
    rad_free(s->joined);
    s->joined = NULL;
    rad_free(s->column);
    rad_free(s->values);
    s->column = NULL;
    s->values = NULL;
}

static void put_text(FILE *out, const char *text) {
    fputc(',', out);
    rad_csv_put(out, text);
}

static void put_number(FILE *out, double value) {
    char text[RAD_NUMBER_TEXT];
    fprintf(out, ",%s", isnan(value) ? "" : rad_number_write(value, text));
}

static void put_header(FILE *out, const rad_scoring *s) {
    const rad_score_model *p = s->model;
    rad_csv_put(out, s->table.names[s->patient]);
    if (s->roi < s->table.columns) put_text(out, "roi");
    put_text(out, "score");
    if (p->kind == RAD_LOGISTIC) put_text(out, "probability");
    for (size_t i = 0; i < p->horizons; i++) put_text(out, p->risk[i]);
    for (size_t i = 0; i < p->cut_count; i++) put_text(out, p->cuts[i].name);
    fputs(",reason\n", out);
}

static double number_of(const rad_score_model *p, const char *name, double score) {
    if (!strcmp(name, "probability")) return rad_score_model_probability(p, score);
    for (size_t i = 0; i < p->horizons; i++)
        if (!strcmp(name, p->risk[i])) return rad_score_model_risk(p, i, score);
    return score;
}

static void put_row(FILE *out, rad_scoring *s) {
    const rad_score_model *p = s->model;
    size_t at;
    const double score = rad_score_model_score(p, s->values, &at);
    const bool known = !isnan(score);
    rad_csv_put(out, s->table.field[s->patient]);
    if (s->roi < s->table.columns) put_text(out, s->table.field[s->roi]);
    put_number(out, score);
    if (p->kind == RAD_LOGISTIC) put_number(out, known ? rad_score_model_probability(p, score) : NAN);
    for (size_t i = 0; i < p->horizons; i++) put_number(out, known ? rad_score_model_risk(p, i, score) : NAN);
    for (size_t i = 0; i < p->cut_count; i++) {
        const rad_cut *cut = &p->cuts[i];
        put_text(out, known ? cut->level[rad_cut_level(cut, number_of(p, cut->of, score))] : "");
    }
    s->rows++;
    s->empty += !known;
    char reason[2 * RAD_NAME] = "";
    if (!known && at == p->term_count)
        snprintf(reason, sizeof reason, "the score is beyond all numbers");
    else if (!known && isnan(s->values[at]))
        snprintf(reason, sizeof reason, "%s is missing", p->terms[at].name);
    else if (!known)
        snprintf(reason, sizeof reason, "%s has no %s: it must be %s", p->terms[at].name,
                 rad_rescalings[p->terms[at].rescaling].word, rad_rescalings[p->terms[at].rescaling].needs);
    put_text(out, reason);
    fputc('\n', out);
}

static rad_status read_values(rad_scoring *s, size_t line, rad_error *error) {
    const size_t here = s->table.columns;
    const rad_record *of = s->joined ? rad_clinical_find(s->joined, s->table.field[s->patient]) : NULL;
    for (size_t i = 0; i < s->model->term_count; i++) {
        const size_t at = s->column[i];
        const char *beside = at < here || !s->joined ? "" : s->joined->path,
                   *text = at < here ? s->table.field[at]
                           : of      ? of->field[at - here]
                                     : "";
        s->values[i] = NAN;
        if (rad_loader_missing(text)) continue;
        if (rad_number_read(text, &s->values[i]) && !isinf(s->values[i])) continue;
        return rad_fail(
            error, RAD_CONFIG,
            "%s%s%s:%zu: %.80s is %.40s; a number is needed, or nothing or NA where there is none", beside,
            *beside ? ": the row that belongs to " : "", s->path, line, s->model->terms[i].name, text);
    }
    return RAD_OK;
}

rad_status rad_scoring_put(FILE *out, rad_scoring *s, rad_error *error) {
    bool more = true;
    rad_status status = RAD_OK;
    put_header(out, s);
    while (status == RAD_OK && more) {
        const size_t line = s->table.line;
        status = rad_sheet_next(&s->table, &more, error);
        if (status == RAD_OK && more) status = read_values(s, line, error);
        if (status == RAD_OK && more) put_row(out, s);
    }
    if (status == RAD_OK && !s->rows) status = rad_fail(error, RAD_CONFIG, "%s: has no row", s->path);
    return status;
}
