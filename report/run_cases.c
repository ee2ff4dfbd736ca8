#include "run_cases.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../io/picture_name.h"
#include "html.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

rad_status rad_run_cases_read(const char *run, rad_run_cases *cases, rad_error *error) {
    static const char *const names[RAD_RUN_FIELDS] = {"case",  "roi",  "status", "reason",     "warnings",
                                                      "image", "mask", "rois",   "rois_failed"};
    char path[4096];
    *cases = (rad_run_cases){.count = 0};
    snprintf(path, sizeof path, "%.4000s/cases.csv", run);
    rad_status status = rad_sheet_open(path, &cases->sheet, error);
    for (size_t i = 0; i < RAD_RUN_FIELDS && status == RAD_OK; i++) {
        cases->column[i] = rad_sheet_column(&cases->sheet, names[i]);
        if (cases->column[i] == cases->sheet.columns)
            status = rad_fail(error, RAD_UNREADABLE, "%s: has no column %s", path, names[i]);
    }
    if (status == RAD_OK) status = rad_sheet_index(&cases->sheet, error);
    if (status == RAD_OK) status = rad_names_allocate(&cases->names, cases->sheet.count, error);
    if (status != RAD_OK) return status;
    cases->field = rad_new(cases->sheet.count, sizeof *cases->field, error);
    if (!cases->field) return RAD_NO_MEMORY;
    for (size_t i = 0; i < cases->sheet.count && status == RAD_OK; i++) {
        status = rad_sheet_read(&cases->sheet, i, &cases->field[i], error);
        if (status != RAD_OK) break;
        cases->count++;
        cases->names.row[i] = (rad_name){rad_run_case(cases, i, RAD_RUN_CASE), i};
    }
    if (status == RAD_OK) rad_names_sort(&cases->names);
    return status;
}

void rad_run_cases_free(rad_run_cases *cases) {
    for (size_t i = 0; i < cases->count; i++) rad_free(cases->field[i]);
    rad_free(cases->field);
    rad_names_free(&cases->names);
    rad_sheet_close(&cases->sheet);
    *cases = (rad_run_cases){.count = 0};
}

const char *rad_run_case(const rad_run_cases *cases, size_t row, rad_run_field field) {
    return cases->field[row][cases->column[field]];
}

size_t rad_run_cases_find(const rad_run_cases *cases, const char *name, const char *roi) {
    size_t low = 0, high = cases->count, found = SIZE_MAX;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(cases->names.row[middle].text, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < cases->count && !strcmp(cases->names.row[low].text, name); low++) {
        const size_t row = cases->names.row[low].place;
        if (found == SIZE_MAX || !strcmp(rad_run_case(cases, row, RAD_RUN_ROI), roi)) found = row;
        if (!strcmp(rad_run_case(cases, found, RAD_RUN_ROI), roi)) break;
    }
    return found;
}

size_t rad_run_case_rows(const rad_run_cases *cases, size_t row) {
    double rois, failed;
    if (!rad_number_read(rad_run_case(cases, row, RAD_RUN_ROIS), &rois) ||
        !rad_number_read(rad_run_case(cases, row, RAD_RUN_ROIS_FAILED), &failed))
        return 0;
    return failed >= 0 && rois > failed && rois < 1e9 ? (size_t)(rois - failed) : 0;
}

bool rad_run_case_picture(const rad_run_cases *cases, const char *run, size_t row, const char *roi,
                          char *text) {
    char path[4096];
    const char *name = rad_run_case(cases, row, RAD_RUN_CASE);
    if (roi)
        rad_picture_name(name, roi, text);
    else
        rad_picture_case_name(name, rad_run_case(cases, row, RAD_RUN_ROI), text);
    snprintf(path, sizeof path, "%.4000s/%s", run, text);
    return !access(path, R_OK);
}

void rad_run_case_link(FILE *out, size_t row, const char *text) {
    if (row < RAD_RUN_SHOWN) fprintf(out, "<a href=\"#r%zu\">", row + 1);
    rad_html_text(out, text);
    if (row < RAD_RUN_SHOWN) fputs("</a>", out);
}

/* Sentences that differ in numbers and paths only are of one kind. */
enum { KINDS = 40, SHOWN = 5, SENTENCE = 400 };
typedef struct kind {
    char key[SENTENCE], example[SENTENCE];
    size_t count, first[SHOWN];
} kind;

/* The sentence without the paths of its own image and mask. */
static void without_paths(const rad_run_cases *cases, size_t row, const char *text, size_t length,
                          char out[SENTENCE]) {
    const char *const paths[] = {rad_run_case(cases, row, RAD_RUN_IMAGE),
                                 rad_run_case(cases, row, RAD_RUN_MASK)};
    size_t used = 0;
    for (size_t i = 0; i < length && used + 4 < SENTENCE;) {
        size_t skip = 0;
        for (size_t p = 0; p < 2; p++) {
            const size_t n = strlen(paths[p]);
            if (n > 1 && n <= length - i && !strncmp(text + i, paths[p], n)) skip = n > skip ? n : skip;
        }
        if (skip) {
            memcpy(out + used, "\xe2\x80\xa6", 3);
            used += 3;
        } else {
            out[used++] = text[i];
        }
        i += skip ? skip : 1;
    }
    out[used] = '\0';
}

static void key_of(const char *sentence, char key[SENTENCE]) {
    size_t used = 0;
    for (const char *c = sentence; *c && used + 1 < SENTENCE; c++) {
        const bool digit = isdigit((unsigned char)*c) || (*c == '.' && isdigit((unsigned char)c[1]));
        if (digit && used && key[used - 1] == '#') continue;
        key[used++] = *c;
        if (digit) key[used - 1] = '#';
    }
    key[used] = '\0';
}

/* Counts one sentence; *more counts those of kinds beyond KINDS. */
static void count(kind *kinds, size_t *known, size_t row, const char *sentence, size_t *more) {
    char key[SENTENCE];
    size_t k = 0;
    key_of(sentence, key);
    while (k < *known && strcmp(kinds[k].key, key) != 0) k++;
    if (k == KINDS) {
        ++*more;
        return;
    }
    if (k == *known) {
        ++*known;
        memcpy(kinds[k].key, key, sizeof key);
        snprintf(kinds[k].example, SENTENCE, "%s", sentence);
    }
    if (kinds[k].count < SHOWN) kinds[k].first[kinds[k].count] = row;
    kinds[k].count++;
}

static void count_row(const rad_run_cases *cases, size_t row, rad_run_field field, kind *kinds, size_t *known,
                      size_t *more) {
    static const char between[] = " | ";
    for (const char *text = rad_run_case(cases, row, field); *text;) {
        char sentence[SENTENCE];
        const char *end = strstr(text, between);
        const size_t length = end ? (size_t)(end - text) : strlen(text);
        without_paths(cases, row, text, length, sentence);
        count(kinds, known, row, sentence, more);
        text += length + (end ? strlen(between) : 0);
    }
}

static void put_kind(FILE *out, const rad_run_cases *cases, const kind *k) {
    rad_html_row(out, k->example);
    rad_html_count(out, k->count);
    fputs("<td class=\"t\">", out);
    for (size_t i = 0; i < k->count && i < SHOWN; i++) {
        if (i) fputs(", ", out);
        rad_run_case_link(out, k->first[i], rad_run_case(cases, k->first[i], RAD_RUN_CASE));
    }
    fputs(k->count > SHOWN ? ", ...</td>" : "</td>", out);
    rad_html_end_row(out);
}

rad_status rad_run_cases_kinds(FILE *out, const rad_run_cases *cases, rad_run_field field,
                               const char *caption, rad_error *error) {
    static const char *const columns[] = {"<what is said, without paths", "times", "<first cases", NULL};
    size_t known = 0, more = 0;
    kind *kinds = rad_new(KINDS, sizeof *kinds, error);
    if (!kinds) return RAD_NO_MEMORY;
    for (size_t i = 0; i < cases->count; i++) count_row(cases, i, field, kinds, &known, &more);
    if (!known) {
        rad_html_nothing(out, "None.");
    } else {
        fputs("<div class=\"kinds\">", out);
        rad_html_table(out, caption, "cases.csv", known, columns);
        for (size_t k = 0; k < known; k++) put_kind(out, cases, &kinds[k]);
        rad_html_end_table(out, known);
        fputs("</div>\n", out);
    }
    if (more) rad_html_say(out, "And %zu of other kinds: cases.csv has all.", more);
    rad_free(kinds);
    return RAD_OK;
}
