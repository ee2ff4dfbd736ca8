#include "cohort.h"

#include "../../core/bitset.h"
#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../core/number.h"
#include "../../io/sheet.h"
#include "../exact.h"
#include "extraction.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH = 4096 };

/* A row of a clinical table: the texts of the columns that the study needs. */
typedef struct record {
    char *patient; /* owned */
    char **field;  /* owned, each of them too */
    bool used;
} record;

/* Where a column of the study is: in the table, or in the records of the clinical table. */
typedef struct place {
    bool clinical;
    size_t column;
} place;

typedef struct loader {
    const rad_study *study;
    rad_cohort *c;
    const char *path;
    rad_sheet table, clinical;
    record *records;
    size_t record_count, record_capacity;
    place *number, factor[RAD_FACTORS_MAX], time[RAD_SURVIVALS_MAX], event[RAD_SURVIVALS_MAX];
    place where[RAD_NUMBERS_MAX], occasion;
    size_t patient, sample[RAD_SAMPLE], line;
    size_t number_capacity, level_capacity, time_capacity, event_capacity, patient_capacity, sample_capacity;
    double *numbers; /* [row][variable] */
    int8_t *levels;  /* [row][factor] */
    double *times;
    int8_t *events;
    int8_t *occasions; /* [row]: which of the study's; -1: the study has none */
    size_t occasion_capacity, rows_before;
    rad_extraction run; /* empty without one */
    rad_error *error;
} loader;

static bool is_missing(const char *text) {
    return !*text || !strcmp(text, "NA") || !strcmp(text, "NaN") || !strcmp(text, "nan");
}

static rad_status find_place(loader *l, const char *name, place *to) {
    to->clinical = false;
    to->column = rad_sheet_column(&l->table, name);
    if (to->column < l->table.columns) return RAD_OK;
    to->clinical = true;
    to->column = l->clinical.path ? rad_sheet_column(&l->clinical, name) : 0;
    if (l->clinical.path && to->column < l->clinical.columns) return RAD_OK;
    return rad_fail(
        l->error, RAD_CONFIG, "%s: no column is called %.80s, which the study needs%s", l->path, name,
        l->clinical.path ? ", nor in the clinical table" : "; a clinical table can be given beside it");
}

static rad_status copy_unit(const loader *l, const char *unit, rad_variable *v) {
    if (strlen(unit) >= sizeof v->unit)
        return rad_fail(l->error, RAD_CONFIG, "%s: the unit of %.80s, %.80s, is longer than %zu bytes",
                        l->path, v->name, unit, sizeof v->unit - 1);
    memcpy(v->unit, unit, strlen(unit) + 1);
    return RAD_OK;
}

/* Hash of what a feature is, from columns.json; of its name where there is none. */
static rad_status define(const loader *l, rad_variable *v, const char **tag) {
    static const char *const keys[] = {"image",          "tag", "code", "aggregation_code", "aggregation",
                                       "discretisation", "unit"};
    unsigned char hash[16];
    rad_hash state;
    const json_t *column = json_object_get(l->run.columns, v->name);
    rad_status status = RAD_OK;
    rad_hash_begin(&state, sizeof hash, NULL, 0);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *text = column ? json_string_value(json_object_get(column, keys[i])) : NULL;
        if (!text) text = i ? "" : v->name;
        rad_hash_add(&state, text, strlen(text) + 1);
        if (i == 1) *tag = text;
        if (i == 6 && *text) status = copy_unit(l, text, v);
    }
    rad_hash_end(&state, hash);
    rad_hash_text(hash, sizeof hash, v->definition);
    return status;
}

static rad_status add_variable(loader *l, const char *name, const char *unit, rad_variable_kind kind,
                               size_t *capacity) {
    rad_cohort *c = l->c;
    const char *tag = "";
    if (strlen(name) >= RAD_NAME)
        return rad_fail(l->error, RAD_CONFIG, "%s: a column name is longer than %d bytes", l->path,
                        RAD_NAME - 1);
    rad_status status = rad_grow(&c->variables, c->count, capacity, sizeof *c->variables, l->error);
    if (status != RAD_OK) return status;
    rad_variable *v = &c->variables[c->count++];
    *v = (rad_variable){.kind = kind};
    snprintf(v->name, sizeof v->name, "%s", name);
    v->covariance = rad_study_in_panel(l->study, name, kind == RAD_FEATURE);
    status = copy_unit(l, unit, v);
    if (status == RAD_OK) status = define(l, v, &tag);
    if (status == RAD_OK) status = rad_study_transform(l->study, name, &v->transform, l->error);
    if (!v->transform.has_grid)
        v->transform.grid = v->transform.logarithm ? rad_grid_default("") : rad_grid_default(tag);
    return status;
}

/* The panel in the order of the table, then numeric covariates and outcomes in that of the study. */
static rad_status add_variables(loader *l) {
    const rad_study *s = l->study;
    size_t capacity = 0;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < l->table.columns && status == RAD_OK; i++)
        if (i != l->patient && rad_study_matches(s->features, l->table.names[i]))
            status = add_variable(l, l->table.names[i], "", RAD_FEATURE, &capacity);
    for (size_t p = 0; p < s->features->count && status == RAD_OK; p++) {
        const rad_node one = {.count = 1, .child = &s->features->child[p]};
        size_t found = 0;
        while (found < l->c->count && !rad_study_matches(&one, l->c->variables[found].name)) found++;
        if (found == l->c->count)
            status = rad_fail(l->error, RAD_CONFIG,
                              "%s: no column matches %.80s, which the study asks for as a feature", l->path,
                              s->features->child[p].text);
    }
    for (size_t i = 0; i < s->number_count && status == RAD_OK; i++)
        status = add_variable(l, s->numbers[i].name, s->numbers[i].unit,
                              s->numbers[i].outcome ? RAD_OUTCOME : RAD_COVARIATE, &capacity);
    if (status != RAD_OK) return status;
    l->number = rad_new(l->c->count, sizeof *l->number, l->error);
    if (!l->number) return RAD_NO_MEMORY;
    for (size_t i = 0; i < l->c->count && status == RAD_OK; i++)
        status = find_place(l, l->c->variables[i].name, &l->number[i]);
    return status;
}

/* Columns of the sample: those whose names have the smallest hashes, so that tables that share columns share
 * some. */
static void choose_sample(loader *l) {
    uint64_t best[RAD_SAMPLE];
    size_t *count = &l->c->sampled;
    for (size_t i = 0; i < l->table.columns; i++) {
        rad_hash state;
        uint64_t hash;
        const char *name = l->table.names[i];
        if (i == l->patient || strlen(name) >= RAD_NAME) continue;
        rad_hash_begin(&state, sizeof hash, "sampled columns ", 16);
        rad_hash_add(&state, name, strlen(name));
        rad_hash_end(&state, &hash);
        size_t at = *count;
        while (at > 0 && best[at - 1] > hash) at--;
        if (at == RAD_SAMPLE) continue;
        const size_t last = *count < RAD_SAMPLE ? (*count)++ : RAD_SAMPLE - 1;
        memmove(&best[at + 1], &best[at], (last - at) * sizeof *best);
        memmove(&l->sample[at + 1], &l->sample[at], (last - at) * sizeof *l->sample);
        best[at] = hash;
        l->sample[at] = i;
    }
    for (size_t i = 0; i < *count; i++)
        snprintf(l->c->sample_name[i], RAD_NAME, "%s", l->table.names[l->sample[i]]);
}

static rad_status find_places(loader *l) {
    const rad_study *s = l->study;
    l->patient = rad_sheet_column(&l->table, s->patient);
    if (l->patient == l->table.columns)
        return rad_fail(l->error, RAD_CONFIG,
                        "%s: no column is called %s, which names the patient; see `patient` in the study",
                        l->path, s->patient);
    rad_status status = add_variables(l);
    for (size_t i = 0; i < s->factor_count && status == RAD_OK; i++)
        status = find_place(l, s->factors[i].name, &l->factor[i]);
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        status = find_place(l, s->survivals[i].time, &l->time[i]);
        if (status == RAD_OK) status = find_place(l, s->survivals[i].event, &l->event[i]);
    }
    for (size_t i = 0; s->where && i < s->where->count && status == RAD_OK; i++) {
        if (i == RAD_NUMBERS_MAX)
            return rad_fail(l->error, RAD_CONFIG, "%s: too many columns under where", s->path);
        status = find_place(l, s->where->child[i].key, &l->where[i]);
    }
    if (status == RAD_OK && s->occasion) status = find_place(l, s->occasion, &l->occasion);
    choose_sample(l);
    return status;
}

static int by_patient(const void *a, const void *b) {
    return strcmp(((const record *)a)->patient, ((const record *)b)->patient);
}

static rad_status add_record(loader *l, size_t patient) {
    rad_status status =
        rad_grow(&l->records, l->record_count, &l->record_capacity, sizeof *l->records, l->error);
    if (status != RAD_OK) return status;
    record *r = &l->records[l->record_count++];
    *r = (record){.patient = rad_text_copy(l->clinical.field[patient], l->error),
                  .field = rad_new(l->clinical.columns, sizeof *r->field, l->error)};
    for (size_t i = 0; r->field && i < l->clinical.columns; i++) {
        r->field[i] = rad_text_copy(l->clinical.field[i], l->error);
        if (!r->field[i]) status = RAD_NO_MEMORY;
    }
    return r->patient && r->field ? status : RAD_NO_MEMORY;
}

static rad_status read_clinical(loader *l, const char *path) {
    bool more = true;
    rad_status status = rad_sheet_open(path, &l->clinical, l->error);
    if (status != RAD_OK) return status;
    const size_t patient = rad_sheet_column(&l->clinical, l->study->patient);
    if (patient == l->clinical.columns)
        return rad_fail(l->error, RAD_CONFIG, "%s: no column is called %s, by which rows are joined", path,
                        l->study->patient);
    while (status == RAD_OK && more) {
        status = rad_sheet_next(&l->clinical, &more, l->error);
        if (status == RAD_OK && more) status = add_record(l, patient);
    }
    if (status == RAD_OK && l->record_count > 1)
        qsort(l->records, l->record_count, sizeof *l->records, by_patient);
    for (size_t i = 1; i < l->record_count && status == RAD_OK; i++)
        if (!strcmp(l->records[i - 1].patient, l->records[i].patient))
            status = rad_fail(l->error, RAD_CONFIG, "%s: a patient has two rows; only one is allowed", path);
    return status;
}

static const char *text_at(const loader *l, place at, const record *r) {
    if (!at.clinical) return l->table.field[at.column];
    return r ? r->field[at.column] : "";
}

static rad_status wrong(const loader *l, const char *column, const char *text, const char *takes) {
    return rad_fail(l->error, RAD_CONFIG, "%s:%zu: %.80s is %.40s; %s", l->path, l->line, column, text,
                    takes);
}

static rad_status read_number(const loader *l, place at, const record *r, const char *name, double *value) {
    const char *text = text_at(l, at, r);
    *value = NAN;
    if (is_missing(text) || (rad_number_read(text, value) && isfinite(*value))) return RAD_OK;
    return wrong(l, name, text, "a number is needed, or nothing or NA where there is none");
}

static rad_status read_values(loader *l, const record *r) {
    const rad_cohort *c = l->c;
    double *to = l->numbers + c->rows * c->count;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        const rad_variable *v = &c->variables[i];
        status = read_number(l, l->number[i], r, v->name, &to[i]);
        if (status != RAD_OK) break;
        if (v->transform.logarithm && to[i] <= 0)
            return wrong(l, v->name, text_at(l, l->number[i], r),
                         "the study asks for its logarithm, which 0 and negative numbers do not have");
        if (v->transform.logarithm) to[i] = log(to[i]);
        to[i] -= v->transform.centre;
    }
    return status;
}

static rad_status read_levels(loader *l, const record *r) {
    const rad_study *s = l->study;
    for (size_t f = 0; f < s->factor_count; f++) {
        const char *text = text_at(l, l->factor[f], r);
        const rad_factor *factor = &s->factors[f];
        size_t level = 0;
        while (level < factor->levels && strcmp(factor->level[level], text) != 0) level++;
        const bool none = level == factor->levels;
        if (none && !is_missing(text))
            return wrong(l, factor->name, text, "which is not one of the levels that the study names");
        l->levels[l->c->rows * s->factor_count + f] = none ? -1 : (int8_t)level;
    }
    return RAD_OK;
}

static rad_status read_survivals(loader *l, const record *r) {
    const rad_study *s = l->study;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < s->survival_count && status == RAD_OK; i++) {
        const size_t at = l->c->rows * s->survival_count + i;
        double event = NAN;
        status = read_number(l, l->time[i], r, s->survivals[i].time, &l->times[at]);
        if (status == RAD_OK) status = read_number(l, l->event[i], r, s->survivals[i].event, &event);
        if (status == RAD_OK && (l->times[at] < 0 || (!isnan(event) && event != 0 && event != 1)))
            status = wrong(l, s->survivals[i].name, text_at(l, l->event[i], r),
                           "times must be 0 or more, events 0 or 1");
        l->events[at] = (int8_t)(isnan(event) ? -1 : event == 1);
    }
    return status;
}

static void read_sample(loader *l) {
    const size_t count = l->c->sampled;
    for (size_t i = 0; i < count; i++) {
        double value = NAN;
        if (!rad_number_read(l->table.field[l->sample[i]], &value)) value = NAN;
        l->c->sample[l->c->rows * count + i] = rad_exact_rounded(value);
    }
}

static rad_status read_occasion(loader *l, const record *r) {
    const rad_study *s = l->study;
    int8_t *to = &l->occasions[l->c->rows];
    *to = -1;
    if (!s->occasion) return RAD_OK;
    const char *text = text_at(l, l->occasion, r);
    size_t i = 0;
    while (i < s->occasion_count && strcmp(s->occasions[i], text) != 0) i++;
    *to = (int8_t)i;
    return i < s->occasion_count
               ? RAD_OK
               : wrong(l, s->occasion, text, "which is not one of the occasions that the study names");
}

static bool wanted(const loader *l, const record *r) {
    const rad_node *where = l->study->where;
    for (size_t i = 0; where && i < where->count; i++) {
        const rad_node *node = &where->child[i];
        const char *text = text_at(l, l->where[i], r);
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

static rad_status add_row(loader *l) {
    rad_cohort *c = l->c;
    const rad_study *s = l->study;
    const record key = {.patient = l->table.field[l->patient]};
    record *r =
        l->record_count ? bsearch(&key, l->records, l->record_count, sizeof *l->records, by_patient) : NULL;
    if (!*key.patient) return wrong(l, s->patient, "empty", "every row needs a patient");
    if (!wanted(l, r)) {
        c->excluded++;
        return RAD_OK;
    }
    rad_error *e = l->error;
    if (grow_rows(&l->numbers, c->count, c->rows, &l->number_capacity, sizeof *l->numbers, e) != RAD_OK ||
        grow_rows(&l->levels, s->factor_count, c->rows, &l->level_capacity, sizeof *l->levels, e) != RAD_OK ||
        grow_rows(&l->times, s->survival_count, c->rows, &l->time_capacity, sizeof *l->times, e) != RAD_OK ||
        grow_rows(&l->events, s->survival_count, c->rows, &l->event_capacity, sizeof *l->events, e) !=
            RAD_OK ||
        grow_rows(&l->occasions, 1, c->rows, &l->occasion_capacity, sizeof *l->occasions, e) != RAD_OK ||
        grow_rows(&c->sample, c->sampled, c->rows, &l->sample_capacity, sizeof *c->sample, e) != RAD_OK ||
        rad_grow(&c->patients, c->rows, &l->patient_capacity, sizeof *c->patients, e) != RAD_OK)
        return RAD_NO_MEMORY;
    rad_status status = read_values(l, r);
    if (status == RAD_OK) status = read_levels(l, r);
    if (status == RAD_OK) status = read_survivals(l, r);
    if (status == RAD_OK) status = read_occasion(l, r);
    if (status != RAD_OK) return status;
    read_sample(l);
    if (r) r->used = true;
    c->patients[c->rows] = rad_text_copy(key.patient, e);
    return c->patients[c->rows++] ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status read_rows(loader *l) {
    bool more = true;
    rad_status status = RAD_OK;
    while (status == RAD_OK && more) {
        l->line = l->table.line;
        status = rad_sheet_next(&l->table, &more, l->error);
        if (status == RAD_OK && more) status = add_row(l);
    }
    for (size_t i = 0; i < l->record_count; i++) l->c->unmatched += !l->records[i].used;
    return status;
}

typedef struct named {
    const char *name;
    size_t row;
    int8_t occasion;
} named;

static int by_name(const void *a, const void *b) {
    const named *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    if (order) return order;
    if (x->occasion != y->occasion) return x->occasion < y->occasion ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* owner[row]: the first row of its patient, which is that of the earliest occasion. */
static rad_status find_owners(loader *l, size_t *owner) {
    rad_cohort *c = l->c;
    named *list = rad_new(c->rows, sizeof *list, l->error);
    if (!list) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < c->rows; i++) list[i] = (named){c->patients[i], i, l->occasions[i]};
    if (c->rows > 1) qsort(list, c->rows, sizeof *list, by_name);
    for (size_t i = 0; i < c->rows && status == RAD_OK; i++) {
        const bool first = !i || strcmp(list[i].name, list[i - 1].name) != 0;
        owner[list[i].row] = first ? list[i].row : owner[list[i - 1].row];
        if (first) continue;
        c->repeats++;
        if (list[i].occasion == list[i - 1].occasion)
            status = rad_fail(
                l->error, RAD_CONFIG,
                "%s: a patient has more than one row (rows %zu and %zu)%s; say which count under `where` in "
                "the study, such as {roi: GTV-1}, or name `repeats`",
                l->path, list[i - 1].row + 1, list[i].row + 1, l->study->occasion ? " of one occasion" : "");
    }
    rad_free(list);
    return status;
}

/* Values of each occasion, in the rows that their patients have now. */
static rad_status place_occasions(loader *l, const size_t *owner, const bool *keep) {
    rad_cohort *c = l->c;
    const size_t rows_before = l->rows_before, k = l->study->occasion_count;
    size_t *now = rad_new(rows_before, sizeof *now, l->error), cells = 0, next = 0;
    rad_status status = now ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && (!rad_multiply(c->count, c->rows, &cells) || !rad_multiply(cells, k, &cells)))
        status = rad_fail(l->error, RAD_NO_MEMORY, "%s: too many values", l->path);
    if (status == RAD_OK) c->occasions = rad_new_raw(cells, sizeof *c->occasions, l->error);
    if (status == RAD_OK && !c->occasions) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < cells && status == RAD_OK; i++) c->occasions[i] = NAN;
    for (size_t r = 0; r < rows_before && status == RAD_OK; r++) now[r] = keep[r] ? next++ : SIZE_MAX;
    for (size_t r = 0; r < rows_before && status == RAD_OK; r++) {
        const size_t to = now[owner[r]];
        for (size_t v = 0; v < c->count && to != SIZE_MAX; v++)
            c->occasions[((size_t)l->occasions[r] * c->count + v) * c->rows + to] =
                rad_exact_rounded(l->numbers[r * c->count + v]);
    }
    rad_free(now);
    return status;
}

static rad_status keep_complete(loader *l, bool *keep) {
    rad_cohort *c = l->c;
    for (size_t r = 0; r < c->rows; r++)
        for (size_t v = 0; v < c->count && keep[r]; v++)
            if (c->variables[v].covariance && isnan(l->numbers[r * c->count + v])) {
                keep[r] = false;
                c->incomplete++;
            }
    return RAD_OK;
}

/* Does a spread of the values survive rounding? It does where a step is below 1/1024 of a standard deviation.
 */
static bool too_coarse(const double *x, size_t count) {
    double mean = 0, square = 0, largest = 0, n = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(x[i])) continue;
        const double d = x[i] - mean;
        mean += d / ++n;
        square += d * (x[i] - mean);
        largest = fmax(largest, fabs(x[i]));
    }
    return n > 1 && square > 0 && ldexp(largest, -RAD_EXACT_BITS) * 1024 > sqrt(square / (n - 1));
}

/* Rows that count, by column. */
static rad_status transpose(loader *l, const bool *keep) {
    rad_cohort *c = l->c;
    const rad_study *s = l->study;
    size_t rows = 0, cells;
    for (size_t r = 0; r < c->rows; r++) rows += keep[r];
    if (!rad_multiply(c->count, rows, &cells))
        return rad_fail(l->error, RAD_NO_MEMORY, "%s: too many values", l->path);
    c->values = rad_new_raw(cells, sizeof *c->values, l->error);
    c->levels = rad_new_raw(s->factor_count * rows, sizeof *c->levels, l->error);
    c->times = rad_new_raw(s->survival_count * rows, sizeof *c->times, l->error);
    c->events = rad_new_raw(s->survival_count * rows, sizeof *c->events, l->error);
    if (!c->values || !c->levels || !c->times || !c->events) return RAD_NO_MEMORY;
    size_t to = 0;
    for (size_t r = 0; r < c->rows; r++) {
        if (!keep[r]) {
            rad_free(c->patients[r]);
            continue;
        }
        for (size_t v = 0; v < c->count; v++) c->values[v * rows + to] = l->numbers[r * c->count + v];
        for (size_t f = 0; f < s->factor_count; f++)
            c->levels[f * rows + to] = l->levels[r * s->factor_count + f];
        for (size_t i = 0; i < s->survival_count; i++) {
            c->times[i * rows + to] = l->times[r * s->survival_count + i];
            c->events[i * rows + to] = l->events[r * s->survival_count + i];
        }
        memmove(&c->sample[to * c->sampled], &c->sample[r * c->sampled], c->sampled * sizeof *c->sample);
        c->patients[to++] = c->patients[r];
    }
    c->rows = rows;
    c->words = rad_bitset_words(rows);
    for (size_t v = 0; v < c->count; v++) {
        double *x = c->values + v * rows;
        c->variables[v].coarse = too_coarse(x, rows);
        for (size_t i = 0; i < rows; i++) x[i] = rad_exact_rounded(x[i]);
    }
    return RAD_OK;
}

static rad_status settle_rows(loader *l) {
    const size_t rows = l->c->rows;
    bool *keep = rad_new(rows, sizeof *keep, l->error);
    size_t *owner = rad_new(rows, sizeof *owner, l->error);
    rad_status status = keep && owner ? find_owners(l, owner) : RAD_NO_MEMORY;
    for (size_t r = 0; r < rows && status == RAD_OK; r++) keep[r] = owner[r] == r;
    l->rows_before = rows;
    if (status == RAD_OK && l->study->complete) status = keep_complete(l, keep);
    if (status == RAD_OK) status = transpose(l, keep);
    if (status == RAD_OK && l->study->occasion) status = place_occasions(l, owner, keep);
    rad_free(keep);
    rad_free(owner);
    return status;
}

static rad_status check_settings(const loader *l) {
    const char *wants = l->study->settings;
    if (!wants || !strcmp(wants, l->c->settings)) return RAD_OK;
    return rad_fail(l->error, RAD_CONFIG, "%s: was extracted with %s%s; the study asks for settings %s",
                    l->path, *l->c->settings ? "settings " : "unknown settings", l->c->settings, wants);
}

static void free_loader(loader *l) {
    for (size_t i = 0; i < l->record_count; i++) {
        for (size_t k = 0; l->records[i].field && k < l->clinical.columns; k++)
            rad_free(l->records[i].field[k]);
        rad_free(l->records[i].field);
        rad_free(l->records[i].patient);
    }
    rad_free(l->records);
    rad_sheet_close(&l->table);
    rad_sheet_close(&l->clinical);
    rad_free(l->number);
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
    loader l = {.study = study, .c = cohort, .path = table, .error = error};
    *cohort = (rad_cohort){.rows = 0};
    const bool run = !stat(path, &about) && S_ISDIR(about.st_mode);
    snprintf(table, sizeof table, run ? "%s/features.csv" : "%s", path);
    rad_status status = run ? rad_extraction_read(path, &l.run, error) : RAD_OK;
    memcpy(cohort->settings, l.run.settings, sizeof cohort->settings);
    memcpy(cohort->failures, l.run.failures, sizeof cohort->failures);
    if (status == RAD_OK) status = check_settings(&l);
    if (status == RAD_OK) status = rad_sheet_open(table, &l.table, error);
    if (status == RAD_OK && clinical) status = read_clinical(&l, clinical);
    if (status == RAD_OK) status = find_places(&l);
    if (status == RAD_OK) status = read_rows(&l);
    if (status == RAD_OK && !cohort->rows)
        status = rad_fail(error, RAD_CONFIG, "%s: no row belongs to the study", table);
    if (status == RAD_OK) status = settle_rows(&l);
    free_loader(&l);
    if (status != RAD_OK) rad_cohort_free(cohort);
    return status;
}
