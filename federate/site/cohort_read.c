#include "left_out.h"

#include "../../core/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH = 4096 };

/* The variable of a factor that is derived. */
static rad_status find_derived(rad_loader *l, size_t factor) {
    const rad_cut *cut = l->study->factors[factor].cut;
    size_t v = 0;
    while (v < l->c->count && strcmp(l->c->variables[v].name, cut->of) != 0) v++;
    l->derived[factor] = v;
    if (v < l->c->count) return RAD_OK;
    return rad_fail(l->error, RAD_CONFIG, "%s: has no %.80s, of which the study derives %.80s", l->path,
                    cut->of, cut->name);
}

static rad_status find_places(rad_loader *l) {
    const rad_study *s = l->study;
    l->patient = rad_sheet_column(&l->table, s->patient);
    if (l->patient == l->table.columns)
        return rad_fail(l->error, RAD_CONFIG,
                        "%s: no column is called %s, which names the patient; see `patient` in the study",
                        l->path, s->patient);
    rad_status status = rad_variables_find(l);
    for (size_t i = 0; i < s->factor_count && status == RAD_OK; i++)
        status =
            s->factors[i].cut ? find_derived(l, i) : rad_loader_place(l, s->factors[i].name, &l->factor[i]);
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        status = rad_loader_place(l, s->survivals[i].time, &l->time[i]);
        if (status == RAD_OK) status = rad_loader_place(l, s->survivals[i].event, &l->event[i]);
    }
    for (size_t i = 0; s->where && i < s->where->count && status == RAD_OK; i++)
        status = rad_loader_place(l, s->where->child[i].key, &l->where[i]);
    if (status == RAD_OK && s->occasion) status = rad_loader_place(l, s->occasion, &l->occasion);
    return status == RAD_OK ? rad_sampled_choose(l) : status;
}

/* By the value as the table has it: before logarithm, centre and step. */
static int8_t derive_level(const rad_loader *l, size_t factor) {
    const double value = l->raw[l->derived[factor]];
    return isnan(value) ? -1 : (int8_t)rad_cut_level(l->study->factors[factor].cut, value);
}

static rad_status read_levels(rad_loader *l, const rad_record *r) {
    const rad_study *s = l->study;
    for (size_t f = 0; f < s->factor_count; f++) {
        if (s->factors[f].cut) {
            l->levels[l->c->rows * s->factor_count + f] = derive_level(l, f);
            continue;
        }
        const char *text = rad_loader_text(l, l->factor[f], r);
        const rad_factor *factor = &s->factors[f];
        size_t level = 0;
        while (level < factor->levels && strcmp(factor->level[level], text) != 0) level++;
        const bool none = level == factor->levels;
        if (none && !rad_loader_missing(text))
            return rad_loader_fail(l, factor->name, text,
                                   "which is not one of the levels that the study names");
        l->levels[l->c->rows * s->factor_count + f] = none ? -1 : (int8_t)level;
    }
    return RAD_OK;
}

static rad_status read_survivals(rad_loader *l, const rad_record *r) {
    const rad_study *s = l->study;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        const size_t at = l->c->rows * s->survival_count + i;
        double event = NAN;
        status = rad_loader_number(l, l->time[i], r, s->survivals[i].time, &l->times[at]);
        if (status == RAD_OK) status = rad_loader_number(l, l->event[i], r, s->survivals[i].event, &event);
        const size_t causes = s->survivals[i].causes, most = causes ? causes : 1;
        if (status == RAD_OK &&
            (l->times[at] < 0 ||
             (!isnan(event) && !(event >= 0 && event <= (double)most && event == floor(event)))))
            status = rad_loader_fail(l, s->survivals[i].name, rad_loader_text(l, l->event[i], r),
                                     causes ? "times must be 0 or more, events 0 or the number of a cause"
                                            : "times must be 0 or more, events 0 or 1");
        l->events[at] = (int8_t)(isnan(event) || status != RAD_OK ? -1 : event);
    }
    return status;
}

static rad_status read_occasion(rad_loader *l, const rad_record *r) {
    const rad_study *s = l->study;
    int8_t *to = &l->occasions[l->c->rows];
    *to = -1;
    if (!s->occasion) return RAD_OK;
    const char *text = rad_loader_text(l, l->occasion, r);
    size_t i = 0;
    while (i < s->occasion_count && strcmp(s->occasions[i], text) != 0) i++;
    *to = (int8_t)i;
    return i < s->occasion_count ? RAD_OK
                                 : rad_loader_fail(l, s->occasion, text,
                                                   "which is not one of the occasions that the study names");
}

static bool wanted(const rad_loader *l, const rad_record *r) {
    const rad_node *where = l->study->where;
    for (size_t i = 0; where && i < where->count; i++) {
        const rad_node *node = &where->child[i];
        const char *text = rad_loader_text(l, l->where[i], r);
        bool found = node->kind == RAD_NODE_TEXT && !strcmp(node->text, text);
        for (size_t k = 0; k < node->count; k++) found = found || !strcmp(node->child[k].text, text);
        if (!found) return false;
    }
    return true;
}

/* Room for one row more in an array of rows. */
static rad_status grow_rows(void *array, size_t width, size_t row, size_t *capacity, size_t size,
                            rad_error *error) {
    size_t bytes;
    if (!rad_multiply(width ? width : 1, size, &bytes))
        return rad_fail(error, RAD_NO_MEMORY, "too many columns");
    return rad_grow(array, row, capacity, bytes, error);
}

static rad_status add_row(rad_loader *l) {
    rad_cohort *c = l->c;
    const rad_study *s = l->study;
    const char *patient = l->table.field[l->patient];
    rad_record *r = rad_clinical_find(l, patient);
    if (!*patient) return rad_loader_fail(l, s->patient, "empty", "every row needs a patient");
    rad_error *e = l->error;
    if (!wanted(l, r)) return rad_left_out_add(l, patient, r);
    if (grow_rows(&l->numbers, c->count, c->rows, &l->number_capacity, sizeof *l->numbers, e) != RAD_OK ||
        grow_rows(&l->levels, s->factor_count, c->rows, &l->level_capacity, sizeof *l->levels, e) != RAD_OK ||
        grow_rows(&l->times, s->survival_count, c->rows, &l->time_capacity, sizeof *l->times, e) != RAD_OK ||
        grow_rows(&l->events, s->survival_count, c->rows, &l->event_capacity, sizeof *l->events, e) !=
            RAD_OK ||
        grow_rows(&l->occasions, 1, c->rows, &l->occasion_capacity, sizeof *l->occasions, e) != RAD_OK ||
        grow_rows(&c->sample, c->sampled, c->rows, &l->sample_capacity, sizeof *c->sample, e) != RAD_OK ||
        rad_grow(&c->patients, c->rows, &l->patient_capacity, sizeof *c->patients, e) != RAD_OK)
        return RAD_NO_MEMORY;
    rad_status status = rad_values_read(l, r);
    if (status == RAD_OK) status = read_levels(l, r);
    if (status == RAD_OK) status = read_survivals(l, r);
    if (status == RAD_OK) status = read_occasion(l, r);
    if (status != RAD_OK) return status;
    rad_sampled_read(l, r);
    if (r) r->used = true;
    c->patients[c->rows] = rad_text_copy(patient, e);
    return c->patients[c->rows++] ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status read_rows(rad_loader *l) {
    bool more = true;
    rad_status status = RAD_OK;
    while (status == RAD_OK && more) {
        l->line = l->table.line;
        status = rad_sheet_next(&l->table, &more, l->error);
        if (status == RAD_OK && more) status = add_row(l);
    }
    return status == RAD_OK ? rad_left_out_count(l) : status;
}

static rad_status check_settings(const rad_loader *l) {
    const char *wants = l->study->settings;
    if (!wants || !strcmp(wants, l->c->settings)) return RAD_OK;
    return rad_fail(l->error, RAD_CONFIG, "%s: was extracted with %s%s; the study asks for settings %s",
                    l->path, *l->c->settings ? "settings " : "unknown settings", l->c->settings, wants);
}

static void free_loader(rad_loader *l) {
    rad_clinical_free(l);
    rad_left_out_free(l);
    rad_sheet_close(&l->table);
    rad_free(l->number);
    rad_free(l->sample);
    rad_free(l->sample_variable);
    rad_free(l->raw);
    rad_free(l->numbers);
    rad_free(l->levels);
    rad_free(l->times);
    rad_free(l->events);
    rad_free(l->occasions);
    rad_extraction_free(&l->run);
}

rad_status rad_cohort_read(const char *path, const char *clinical, const rad_study *study, rad_cohort *cohort,
                           rad_error *error) {
    char table[PATH];
    struct stat about;
    rad_loader l = {.study = study, .c = cohort, .path = table, .error = error};
    *cohort = (rad_cohort){.rows = 0};
    const bool run = !stat(path, &about) && S_ISDIR(about.st_mode);
    snprintf(table, sizeof table, run ? "%s/features.csv" : "%s", path);
    rad_status status = run ? rad_extraction_read(path, &l.run, error) : RAD_OK;
    memcpy(cohort->settings, l.run.settings, sizeof cohort->settings);
    memcpy(cohort->failures, l.run.failures, sizeof cohort->failures);
    if (status == RAD_OK) status = check_settings(&l);
    if (status == RAD_OK) status = rad_sheet_open(table, &l.table, error);
    if (status == RAD_OK && clinical) status = rad_clinical_read(&l, clinical, study->patient);
    if (status == RAD_OK) status = find_places(&l);
    if (status == RAD_OK) status = read_rows(&l);
    if (status == RAD_OK && !cohort->rows)
        status = rad_fail(error, RAD_CONFIG, "%s: no row belongs to the study", table);
    if (status == RAD_OK) status = rad_rows_settle(&l);
    free_loader(&l);
    if (status != RAD_OK) rad_cohort_free(cohort);
    return status;
}
