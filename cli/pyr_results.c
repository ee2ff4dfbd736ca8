#include "pyr_results.h"

#include "../core/memory.h"
#include "../core/number.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../io/file.h"
#include "../io/tree.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The text of a path, from the current folder where it is not absolute; a folder with its slash comes first
 * or is NULL. */
static char *join(const char *folder, size_t length, const char *path, rad_error *error) {
    char here[PATH_MAX] = "";
    if (*path == '/') return rad_text_copy(path, error);
    if ((!length || *folder != '/') && !getcwd(here, sizeof here)) here[0] = '\0';
    const size_t size = strlen(here) + length + strlen(path) + 2;
    char *text = rad_new(size, 1, error);
    if (text)
        snprintf(text, size, "%s%s%.*s%s", here, *here ? "/" : "", (int)length, length ? folder : "", path);
    return text;
}

/* How the path of a file stands in the results. */
static const char *shown(const char *path, rad_pyr_paths paths) {
    char here[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (paths == RAD_PYR_PATH_BASENAME) return slash ? slash + 1 : path;
    if (paths != RAD_PYR_PATH_RELATIVE || !getcwd(here, sizeof here)) return path;
    const size_t length = strlen(here);
    return !strncmp(path, here, length) && path[length] == '/' ? path + length + 1 : path;
}

static rad_status allocate(rad_pyr_input *input, size_t count, rad_error *error) {
    input->name = rad_new(count, sizeof *input->name, error);
    input->text = rad_new(count, sizeof *input->text, error);
    if (!input->name || !input->text) return RAD_NO_MEMORY;
    input->count = count;
    return RAD_OK;
}

static rad_status put(rad_pyr_input *input, size_t at, const char *name, const char *text, rad_error *error) {
    input->name[at] = rad_text_copy(name, error);
    input->text[at] = rad_text_copy(text, error);
    return input->name[at] && input->text[at] ? RAD_OK : RAD_NO_MEMORY;
}

rad_status rad_pyr_input_of_pair(const char *image, const char *mask, const rad_pyr_layout *layout,
                                 rad_pyr_input *input, rad_error *error) {
    *input = (rad_pyr_input){.count = 0};
    input->image = join(NULL, 0, image, error);
    input->mask = join(NULL, 0, mask, error);
    if (!input->image || !input->mask) return RAD_NO_MEMORY;
    rad_status status = allocate(input, 2, error);
    if (status == RAD_OK) status = put(input, 0, "Image", shown(input->image, layout->paths), error);
    return status == RAD_OK ? put(input, 1, "Mask", shown(input->mask, layout->paths), error) : status;
}

rad_status rad_pyr_input_of_row(const rad_sheet *sheet, const char *table, const rad_pyr_layout *layout,
                                rad_pyr_input *input, rad_error *error) {
    const char *slash = strrchr(table, '/');
    const size_t folder = slash ? (size_t)(slash - table) + 1 : 0, image = rad_sheet_column(sheet, "Image"),
                 mask = rad_sheet_column(sheet, "Mask");
    *input = (rad_pyr_input){.count = 0};
    input->image = join(table, folder, sheet->field[image], error);
    input->mask = join(table, folder, sheet->field[mask], error);
    if (!input->image || !input->mask) return RAD_NO_MEMORY;
    rad_status status = allocate(input, sheet->columns, error);
    for (size_t i = 0; i < sheet->columns && status == RAD_OK; i++) {
        const char *text = i == image  ? shown(input->image, layout->paths)
                           : i == mask ? shown(input->mask, layout->paths)
                                       : sheet->field[i];
        status = put(input, i, sheet->names[i], text, error);
    }
    return status;
}

const char *rad_pyr_input_find(const rad_pyr_input *input, const char *name) {
    for (size_t i = 0; i < input->count; i++)
        if (!strcmp(input->name[i], name)) return input->text[i];
    return NULL;
}

void rad_pyr_input_free(rad_pyr_input *input) {
    for (size_t i = 0; i < input->count; i++) {
        rad_free(input->name[i]);
        rad_free(input->text[i]);
    }
    rad_free(input->name);
    rad_free(input->text);
    rad_free(input->image);
    rad_free(input->mask);
    *input = (rad_pyr_input){.count = 0};
}

static rad_status add(rad_pyr_results *r, const char *name, const char *text, rad_pyr_kind kind,
                      rad_error *error) {
    rad_status status = rad_grow(&r->row, r->count, &r->room, sizeof *r->row, error);
    if (status != RAD_OK) return status;
    rad_pyr_result *added = &r->row[r->count++];
    *added = (rad_pyr_result){rad_text_copy(name, error), rad_text_copy(text, error), kind};
    return added->name && added->text ? RAD_OK : RAD_NO_MEMORY;
}

/* What of the parameters stands behind the key, in one line. */
static rad_status add_parameters(rad_pyr_results *r, const rad_settings *settings, const char *key,
                                 const char *name, rad_error *error) {
    const char *at = settings->pyr.parameters;
    const size_t length = strlen(key);
    while (at && *at && strncmp(at, key, length) != 0) {
        at = strchr(at, '\n');
        at = at ? at + 1 : NULL;
    }
    const char *from = at && *at ? at + length : "{}", *end = strchr(from, '\n');
    const size_t used = end ? (size_t)(end - from) : strlen(from);
    char *text = rad_new(used + 1, 1, error);
    if (!text) return RAD_NO_MEMORY;
    for (size_t i = 0; i < used; i++) text[i] = from[i];
    rad_status status = add(r, name, text, RAD_PYR_KIND_TEXT, error);
    rad_free(text);
    return status;
}

static rad_status add_versions(rad_pyr_results *r, const rad_settings *settings, rad_error *error) {
    static const char *const others[] = {"Numpy", "SimpleITK", "PyWavelet", "Python"};
    rad_status status =
        add(r, "diagnostics_Versions_PyRadiomics", "radiomill " RAD_VERSION, RAD_PYR_KIND_TEXT, error);
    for (size_t i = 0; i < 4 && status == RAD_OK; i++) {
        char name[64];
        snprintf(name, sizeof name, "diagnostics_Versions_%s", others[i]);
        status = add(r, name, "none", RAD_PYR_KIND_TEXT, error);
    }
    if (status == RAD_OK)
        status = add_parameters(r, settings, "setting: ", "diagnostics_Configuration_Settings", error);
    return status == RAD_OK
               ? add_parameters(r, settings, "imageType: ", "diagnostics_Configuration_EnabledImageTypes",
                                error)
               : status;
}

static rad_status add_features(rad_pyr_results *r, const rad_table *table, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < table->column_count && status == RAD_OK; i++) {
        char text[RAD_NUMBER_TEXT + 2] = "nan";
        const rad_value v = table->rows[0].values[i];
        if (!v.reason) rad_pyr_number(v.value, text);
        status = add(r, table->columns[i].name, text, v.reason ? RAD_PYR_KIND_UNDEFINED : RAD_PYR_KIND_VALUE,
                     error);
    }
    return status;
}

rad_status rad_pyr_results_make(const rad_pyr_input *input, const rad_settings *settings,
                                const rad_pyr_report *report, const rad_table *table, rad_pyr_results *r,
                                rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < input->count && status == RAD_OK; i++)
        status = add(r, input->name[i], input->text[i], RAD_PYR_KIND_TEXT, error);
    r->failed = !table;
    if (!table || status != RAD_OK) return status;
    if (settings->pyr.information) status = add_versions(r, settings, error);
    for (size_t i = 0; i < report->count && status == RAD_OK; i++)
        status = add(r, report->row[i].name, report->row[i].text, RAD_PYR_KIND_TEXT, error);
    return status == RAD_OK ? add_features(r, table, error) : status;
}

static void put_field(FILE *out, const rad_pyr_result *x, bool skip) {
    if (x->kind == RAD_PYR_KIND_TEXT)
        rad_csv_put(out, x->text);
    else if (x->kind == RAD_PYR_KIND_VALUE || !skip)
        fputs(x->text, out);
}

static const rad_pyr_result *find_result(const rad_pyr_results *r, const char *name, size_t near) {
    if (near < r->count && !strcmp(r->row[near].name, name)) return &r->row[near];
    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->row[i].name, name)) return &r->row[i];
    return NULL;
}

static void put_names(FILE *out, char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i) fputc(',', out);
        rad_csv_put(out, names[i]);
    }
    fputc('\n', out);
}

/* The values of the columns; empty where the case has none. */
static void put_row(FILE *out, rad_pyr_layout *layout, const rad_pyr_results *r) {
    size_t put = 0;
    for (size_t i = 0; i < layout->names; i++) {
        const rad_pyr_result *x = find_result(r, layout->name[i], i);
        if (i) fputc(',', out);
        if (x) put_field(out, x, layout->skip_undefined);
        put += x != NULL;
    }
    fputc('\n', out);
    layout->left_out += r->count - put;
}

static rad_status take_names(rad_pyr_layout *layout, const char *const *names, size_t count,
                             rad_error *error) {
    layout->name = rad_new(count, sizeof *layout->name, error);
    for (size_t i = 0; layout->name && i < count; i++) {
        layout->name[i] = rad_text_copy(names[i], error);
        if (!layout->name[i]) return RAD_NO_MEMORY;
        layout->names++;
    }
    return layout->name ? RAD_OK : RAD_NO_MEMORY;
}

static bool ends_with_a_line(const char *path) {
    FILE *file = fopen(path, "re");
    const bool whole = file && !fseek(file, -1, SEEK_END) && getc(file) == '\n';
    if (file) fclose(file);
    return whole;
}

rad_status rad_pyr_layout_begin(rad_pyr_layout *layout, const char *path, rad_error *error) {
    rad_sheet sheet;
    struct stat s;
    if (layout->format != RAD_PYR_CSV || stat(path, &s) != 0 || !S_ISREG(s.st_mode) || !s.st_size)
        return RAD_OK;
    rad_status status = rad_sheet_open(path, &sheet, error);
    if (status != RAD_OK) return status;
    if (!ends_with_a_line(path))
        status = rad_fail(error, RAD_UNREADABLE,
                          "%s: its last line is not whole; complete or remove it, or append to another file",
                          path);
    else
        status = take_names(layout, (const char *const *)sheet.names, sheet.columns, error);
    rad_sheet_close(&sheet);
    return status;
}

/* Names of the columns, then the cases that waited for them. */
static rad_status put_header(rad_pyr_layout *layout, const rad_pyr_results *r, FILE *out, rad_error *error) {
    const char **names = rad_new(r->count, sizeof *names, error);
    if (!names) return RAD_NO_MEMORY;
    for (size_t i = 0; i < r->count; i++) names[i] = r->row[i].name;
    rad_status status = take_names(layout, names, r->count, error);
    rad_free(names);
    if (status == RAD_OK) put_names(out, layout->name, layout->names);
    for (size_t i = 0; i < layout->waiting_count && status == RAD_OK; i++)
        put_row(out, layout, &layout->waiting[i]);
    return status;
}

static rad_status put_csv(rad_pyr_layout *layout, rad_pyr_results *r, FILE *out, rad_error *error) {
    if (!layout->name && r->failed) {
        rad_status status = rad_grow(&layout->waiting, layout->waiting_count, &layout->waiting_room,
                                     sizeof *layout->waiting, error);
        if (status != RAD_OK) return status;
        layout->waiting[layout->waiting_count++] = *r;
        *r = (rad_pyr_results){0};
        return RAD_OK;
    }
    rad_status status = layout->name ? RAD_OK : put_header(layout, r, out, error);
    if (status == RAD_OK) put_row(out, layout, r);
    return status;
}

/* "(1.0, 2.0)" is a list. */
static json_t *json_of(const rad_pyr_result *x) {
    char *end;
    if (x->kind == RAD_PYR_KIND_UNDEFINED) return json_null();
    const double value = strtod(x->text, &end);
    if (end != x->text && !*end && isfinite(value) &&
        (x->kind == RAD_PYR_KIND_VALUE || !strncmp(x->name, "diagnostics_", 12)))
        return strpbrk(x->text, ".e") ? json_real(value) : json_integer((json_int_t)value);
    if (x->text[0] != '(') return rad_tree_name(x->text);
    json_t *list = json_array();
    for (const char *at = x->text + 1; *at && *at != ')'; at = end + strspn(end, ", ")) {
        const double number = strtod(at, &end);
        if (end == at) break;
        const size_t length = (size_t)(end - at);
        const bool whole = strcspn(at, ".e") >= length;
        rad_tree_add(&list, whole ? json_integer((json_int_t)number) : json_real(number));
    }
    return list;
}

static rad_status put_object(rad_pyr_layout *layout, const rad_pyr_results *r, FILE *out, rad_error *error) {
    json_t *object = json_object();
    for (size_t i = 0; i < r->count; i++)
        if (!layout->skip_undefined || r->row[i].kind != RAD_PYR_KIND_UNDEFINED)
            rad_tree_set(&object, r->row[i].name, json_of(&r->row[i]));
    fputs(layout->written ? ",\n" : "[\n", out);
    return rad_tree_put(out, object, JSON_INDENT(2), error);
}

rad_status rad_pyr_results_write(rad_pyr_layout *layout, size_t number, rad_pyr_results *r, FILE *out,
                                 rad_error *error) {
    rad_status status = RAD_OK;
    if (layout->format == RAD_PYR_JSON) {
        status = put_object(layout, r, out, error);
    } else if (layout->format == RAD_PYR_CSV) {
        status = put_csv(layout, r, out, error);
    } else {
        for (size_t i = 0; i < r->count; i++)
            if (!layout->skip_undefined || r->row[i].kind != RAD_PYR_KIND_UNDEFINED)
                fprintf(out, "Case-%zu_%s: %s\n", number, r->row[i].name, r->row[i].text);
    }
    layout->written++;
    if (status == RAD_OK && fflush(out) != 0)
        status = rad_fail(error, RAD_UNWRITABLE, "the output cannot be written: %s", strerror(errno));
    return status;
}

rad_status rad_pyr_results_end(rad_pyr_layout *layout, FILE *out, rad_error *error) {
    rad_status status = RAD_OK;
    if (layout->format == RAD_PYR_JSON) fputs(layout->written ? "\n]\n" : "[]\n", out);
    if (!layout->name && layout->waiting_count) status = put_header(layout, &layout->waiting[0], out, error);
    for (size_t i = 0; layout->name && i < layout->names; i++) rad_free(layout->name[i]);
    for (size_t i = 0; i < layout->waiting_count; i++) rad_pyr_results_free(&layout->waiting[i]);
    rad_free(layout->name);
    rad_free(layout->waiting);
    layout->name = NULL;
    layout->waiting = NULL;
    layout->names = layout->waiting_count = 0;
    if (status != RAD_OK || fflush(out) == 0) return status;
    return rad_fail(error, RAD_UNWRITABLE, "the output cannot be written: %s", strerror(errno));
}

static char *file_of(const char *folder, size_t number, rad_error *error) {
    const size_t size = strlen(folder) + 40;
    char *path = rad_new(size, 1, error);
    if (path) snprintf(path, size, "%s/features_%zu.csv", folder, number);
    return path;
}

static rad_status put_whole(FILE *out, void *context, rad_error *error) {
    const rad_pyr_results *r = context;
    (void)error;
    for (int line = 0; line < 2; line++) {
        for (size_t i = 0; i < r->count; i++) {
            if (i) fputc(',', out);
            if (line)
                put_field(out, &r->row[i], false);
            else
                rad_csv_put(out, r->row[i].name);
        }
        fputc('\n', out);
    }
    return RAD_OK;
}

rad_status rad_pyr_results_keep(const char *folder, size_t number, const rad_pyr_results *r,
                                rad_error *error) {
    char *path = file_of(folder, number, error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = rad_bytes_stream(path, put_whole, (void *)r, error);
    rad_free(path);
    return status;
}

/* Does the sheet begin with the columns of the results, and say the same in them? */
static bool is_alike(const rad_sheet *sheet, const rad_pyr_results *expected) {
    if (sheet->columns <= expected->count) return false;
    for (size_t i = 0; i < expected->count; i++)
        if (strcmp(sheet->names[i], expected->row[i].name) != 0 ||
            strcmp(rad_csv_text(sheet->field[i]), expected->row[i].text) != 0)
            return false;
    return true;
}

static rad_status take_row(const rad_sheet *sheet, rad_pyr_results *r, size_t texts, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < sheet->columns && status == RAD_OK; i++) {
        const bool text = i < texts || !strncmp(sheet->names[i], "diagnostics_", 12);
        const rad_pyr_kind kind = text                             ? RAD_PYR_KIND_TEXT
                                  : strcmp(sheet->field[i], "nan") ? RAD_PYR_KIND_VALUE
                                                                   : RAD_PYR_KIND_UNDEFINED;
        status = add(r, sheet->names[i], text ? rad_csv_text(sheet->field[i]) : sheet->field[i], kind, error);
    }
    return status;
}

rad_status rad_pyr_results_recall(const char *folder, size_t number, const rad_pyr_input *input,
                                  const rad_settings *settings, rad_pyr_results *r, rad_error *error) {
    rad_sheet sheet;
    rad_pyr_results expected = {0};
    bool more = false;
    if (!folder || !settings->pyr.information) return RAD_OK; /* without settings nothing can be told */
    char *path = file_of(folder, number, error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = RAD_OK;
    if (access(path, F_OK) == 0) {
        for (size_t i = 0; i < input->count && status == RAD_OK; i++)
            status = add(&expected, input->name[i], input->text[i], RAD_PYR_KIND_TEXT, error);
        if (status == RAD_OK) status = add_versions(&expected, settings, error);
        rad_error torn = {0};
        if (status == RAD_OK && rad_sheet_open(path, &sheet, &torn) == RAD_OK) {
            if (rad_sheet_next(&sheet, &more, &torn) == RAD_OK && more && is_alike(&sheet, &expected))
                status = take_row(&sheet, r, input->count, error);
            rad_sheet_close(&sheet);
        }
    }
    rad_pyr_results_free(&expected);
    rad_free(path);
    return status;
}

void rad_pyr_results_free(rad_pyr_results *r) {
    for (size_t i = 0; i < r->count; i++) {
        rad_free(r->row[i].name);
        rad_free(r->row[i].text);
    }
    rad_free(r->row);
    *r = (rad_pyr_results){0};
}
