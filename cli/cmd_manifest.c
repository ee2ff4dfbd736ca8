#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/csv.h"
#include "../io/file.h"
#include "../pipeline/batch/discover.h"
#include "../pipeline/batch/layouts.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT, IMAGE, MASK, THREADS, FORMULAS };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "FILE",
                "default: standard output; paths below the folder of FILE are relative to it"},
    [IMAGE] =
        {"--image", 0, "PATTERN",
         "names of images, such as '*_ct.nii.gz', or paths below FOLDER, such as 'images/*'; default: by "
         "layouts and names"},
    [MASK] = {"--mask", 0, "PATTERN",
              "names of masks, or paths below FOLDER; default: by layouts and names (mask, seg, label, roi, "
              "gtv ...)"},
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

static void put_fields(FILE *out, const char *const *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        fputc(',', out);
        rad_csv_put(out, text[i] ? text[i] : "");
    }
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const table *t = context;
    rad_status status = RAD_OK;
    fprintf(out, "case,image,mask,series%s%s%s\r\n", t->found->listed ? ",channel,labels" : "",
            t->found->subjects ? ",patient,modality" : "", t->found->times ? ",timepoint" : "");
    for (size_t i = 0; i < t->found->count && status == RAD_OK; i++) {
        const rad_pair *p = &t->found->pairs[i];
        rad_csv_put(out, p->name);
        fputc(',', out);
        status = put_path(out, t, p->image, error);
        fputc(',', out);
        if (status == RAD_OK) status = put_path(out, t, p->mask, error);
        fputc(',', out);
        rad_csv_put(out, p->series ? p->series : "");
        if (t->found->listed) put_fields(out, (const char *[]){p->channel, p->labels}, 2);
        if (t->found->subjects) put_fields(out, (const char *[]){p->patient, p->modality}, 2);
        if (t->found->times) put_fields(out, &(const char *){p->timepoint}, 1);
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

/* Nothing was found: what was looked for, and patterns that would fit. */
static rad_status refuse(const rad_arguments *a, const rad_discovery *found, rad_error *error) {
    const char *folder = a->operand[0], *such = *found->suggestion ? ", such as " : "";
    const bool mask = a->value[MASK] && !found->masks;
    char layouts[400] = "";
    if (mask || (a->value[IMAGE] && !found->images))
        return rad_fail(
            error, RAD_NOTHING,
            "%.300s: no image has a mask: none of %zu file%s fits %s '%.100s'; a pattern is of names, with "
            "a slash of paths below the folder%s%s",
            folder, found->files, rad_plural(found->files), mask ? "--mask" : "--image",
            a->value[mask ? MASK : IMAGE], such, found->suggestion);
    for (size_t i = 0, used = 0; i < rad_layout_count; i++)
        if (used < sizeof layouts && (!i || strcmp(rad_layouts[i].name, rad_layouts[i - 1].name) != 0))
            used += (size_t)snprintf(layouts + used, sizeof layouts - used, "%s, ", rad_layouts[i].name);
    return rad_fail(
        error, RAD_NOTHING,
        "%.300s: no image has a mask, of %zu file%s; looked for dataset.json, BIDS, %snames with mask, "
        "seg, label, roi or gtv, and DICOM with RTSTRUCT or SEG; give --image and --mask, patterns of "
        "names, or of paths below the folder%s%s",
        folder, found->files, rad_plural(found->files), layouts, such, found->suggestion);
}

/* What is in no row. */
static void tell_left(const rad_discovery *found) {
    const size_t spare = found->spare_count;
    for (size_t i = 0; i < found->alone_count; i++)
        rad_show(stderr,
                 "radiomill: warning: %s: no image, or several, belong to this mask; it is left out\n",
                 found->alone[i]);
    if (found->unread)
        rad_show(stderr,
                 "radiomill: warning: %s; cases that it belongs to may be missing, or lack their patient\n",
                 found->unread);
    if (found->count && spare)
        rad_show(
            stderr,
            "radiomill: warning: %zu image%s %s left out: no mask is of %s, such as %s; --image and --mask "
            "choose otherwise\n",
            spare, rad_plural(spare), spare == 1 ? "is" : "are", spare == 1 ? "it" : "them", found->spare);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_discovery found = {.pairs = NULL};
    rad_discover_options how = {.image = a->value[IMAGE], .mask = a->value[MASK]};
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_csv(a->value[OUTPUT], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &how.threads, error);
    if (status == RAD_OK) status = rad_discover(a->operand[0], &how, &found, error);
    table t = {&found, status == RAD_OK ? base_of(a->value[OUTPUT], error) : NULL};
    if (status == RAD_OK && !t.base) status = RAD_NO_MEMORY;
    if (status == RAD_OK) tell_left(&found);
    if (status == RAD_OK && !found.count) status = refuse(a, &found, error);
    if (status == RAD_OK) status = rad_bytes_stream(a->value[OUTPUT], put_table, &t, error);
    if (status == RAD_OK && a->value[OUTPUT])
        rad_show(stderr, "radiomill: %zu case%s\n", found.count, rad_plural(found.count));
    rad_free(t.base);
    rad_discovery_free(&found);
    return status;
}

const rad_command rad_command_manifest = {
    "manifest",
    "FOLDER",
    1,
    1,
    "The cases of a folder (by layouts and names, DICOM by reference) as a table for batch.",
    options,
    sizeof options / sizeof options[0],
    run,
};
