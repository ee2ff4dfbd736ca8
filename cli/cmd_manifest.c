#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../io/file.h"
#include "../pipeline/batch/discover.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT, IMAGE, MASK, THREADS, FORMULAS };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "FILE",
                "default: standard output; paths below the folder of FILE are relative to it"},
    [IMAGE] = {"--image", 0, "PATTERN",
               "names of NIfTI images, such as '*_ct.nii.gz'; default: all that are no masks"},
    [MASK] = {"--mask", 0, "PATTERN",
              "names of NIfTI masks; default: those with mask, seg, label, roi or gtv in them"},
    [THREADS] = {"--threads", 't', "N", "default: all processors"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

typedef struct table {
    const rad_discovery *found;
    char *base; /* absolute, with a slash at its end; "" for absolute paths */
} table;

static rad_status put_path(FILE *out, const table *t, const char *path, rad_error *error) {
    char *text = rad_file_path_or_name(path, error);
    const size_t length = strlen(t->base);
    if (!text) return RAD_NO_MEMORY;
    rad_csv_put_path(out, length && !strncmp(text, t->base, length) ? text + length : text);
    rad_free(text);
    return RAD_OK;
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const table *t = context;
    rad_status status = RAD_OK;
    fputs("case,image,mask,series\r\n", out);
    for (size_t i = 0; i < t->found->count && status == RAD_OK; i++) {
        const rad_pair *p = &t->found->pairs[i];
        rad_csv_put(out, p->name);
        fputc(',', out);
        status = put_path(out, t, p->image, error);
        fputc(',', out);
        if (status == RAD_OK) status = put_path(out, t, p->mask, error);
        fputc(',', out);
        rad_csv_put(out, p->series ? p->series : "");
        fputs("\r\n", out);
    }
    return status;
}

/* The folder of the output file. */
static char *base_of(const char *output, rad_error *error) {
    char folder[4096] = ".", text[4100];
    const char *slash = output ? strrchr(output, '/') : NULL;
    if (!output) return rad_text_copy("", error);
    if (slash) snprintf(folder, sizeof folder, "%.*s", (int)(slash - output + 1), output);
    rad_error why = {0};
    char *whole = rad_file_path(folder, &why);
    if (!whole && why.status == RAD_NO_MEMORY) {
        *error = why;
        return NULL;
    }
    snprintf(text, sizeof text, "%s%s", whole ? whole : "", whole && whole[1] ? "/" : "");
    rad_free(whole);
    return rad_text_copy(text, error);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_discovery found = {.pairs = NULL};
    rad_discover_options how = {.image = a->value[IMAGE], .mask = a->value[MASK]};
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &how.threads, error);
    if (status == RAD_OK) status = rad_discover(a->operand[0], &how, &found, error);
    table t = {&found, status == RAD_OK ? base_of(a->value[OUTPUT], error) : NULL};
    if (status == RAD_OK && !t.base) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < found.alone_count; i++)
        rad_show(stderr,
                 "radiomill: warning: %s: no image, or several, belong to this mask; it is left out\n",
                 found.alone[i]);
    if (status == RAD_OK && !found.count)
        status = rad_fail(error, RAD_NOTHING,
                          "%s: no image has a mask; give patterns of their names with --image and --mask",
                          a->operand[0]);
    if (status == RAD_OK) status = rad_bytes_stream(a->value[OUTPUT], put_table, &t, error);
    if (status == RAD_OK && a->value[OUTPUT]) rad_show(stderr, "radiomill: %zu cases\n", found.count);
    rad_free(t.base);
    rad_discovery_free(&found);
    return status;
}

const rad_command rad_command_manifest = {
    "manifest",
    "FOLDER",
    1,
    1,
    "The cases of a folder (NIfTI by name, DICOM by reference) as a table for batch.",
    options,
    sizeof options / sizeof options[0],
    run,
};
