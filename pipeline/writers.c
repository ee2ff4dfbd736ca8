#include "writers.h"

#include "../io/bytes.h"
#include "../io/gzip_pack.h"

#include <string.h>

#define WRITERS(WRITER)                                                                                      \
    WRITER(csv)                                                                                              \
    WRITER(tsv)                                                                                              \
    WRITER(long)                                                                                             \
    WRITER(json_lines)                                                                                       \
    WRITER(json)

#define DECLARE(name) extern const rad_writer rad_writer_##name;
WRITERS(DECLARE)
#define ROW(name) &rad_writer_##name,
const rad_writer *const rad_writers[] = {WRITERS(ROW) NULL};

static const char gzip[] = ".gz";

static bool ends_in(const char *path, const char *tail) {
    const size_t length = strlen(path), end = strlen(tail);
    return length >= end && !strcmp(path + length - end, tail);
}

const rad_writer *rad_writer_find(const char *path) {
    char plain[4096];
    if (!path) return rad_writers[0];
    const size_t length = strlen(path) - (ends_in(path, gzip) ? sizeof gzip - 1 : 0);
    snprintf(plain, sizeof plain, "%.*s", (int)length, path);
    for (size_t i = 0; rad_writers[i]; i++)
        if (rad_writers[i]->ending && ends_in(plain, rad_writers[i]->ending)) return rad_writers[i];
    return rad_bytes_flow(path) ? rad_writers[0] : NULL;
}

const char *rad_writer_endings(char *text, size_t size) {
    const char *endings[8];
    *text = '\0';
    size_t count = 0, used = 0;
    for (size_t i = 0; rad_writers[i]; i++)
        if (rad_writers[i]->ending && count < 8) endings[count++] = rad_writers[i]->ending;
    if (count == 2) snprintf(text, size, "neither in %s nor in %s", endings[0], endings[1]);
    for (size_t i = 0; i < count && count != 2 && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "in none of ", endings[i]);
    return text;
}

typedef struct whole {
    const rad_writer *writer;
    rad_writing *w;
} whole;

/* What --about tells of a row, as the fields of the columns mask, voxels, spacing, levels. */
enum { ABOUT = 4 };
static const char *const about_names[ABOUT] = {"mask", "voxels", "spacing", "levels"};

typedef struct about {
    char text[ABOUT][80];
    const char *fields[ABOUT];
} about;

static const char *const *tell_about(const rad_writing *w, const rad_row *row, about *a) {
    if (!w->mask) return NULL;
    for (size_t i = 0; i < ABOUT; i++) a->fields[i] = a->text[i];
    a->fields[0] = w->mask;
    snprintf(a->text[1], sizeof a->text[1], "%zu", row->voxels);
    snprintf(a->text[2], sizeof a->text[2], "%g x %g x %g", row->spacing[0], row->spacing[1],
             row->spacing[2]);
    snprintf(a->text[3], sizeof a->text[3], "%u", row->levels);
    return a->fields;
}

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const whole *all = context;
    const rad_writer *writer = all->writer;
    rad_writing *w = all->w;
    about a;
    w->out = out;
    if (w->mask) {
        w->names = about_names;
        w->name_count = ABOUT;
    }
    rad_status status = writer->begin ? writer->begin(w, error) : RAD_OK;
    for (size_t i = 0; i < w->table->row_count && status == RAD_OK; i++) {
        const rad_row *row = &w->table->rows[i];
        status = writer->row(w, row->case_name, w->mask ? tell_about(w, row, &a) : w->fields, row, error);
    }
    return writer->end ? writer->end(w, status, error) : status;
}

rad_status rad_writer_stream(const char *path, rad_put_body *body, void *context, rad_error *error) {
    rad_bytes plain = {0}, packed = {0};
    if (!path || !ends_in(path, gzip)) return rad_bytes_stream(path, body, context, error);
    rad_status status = rad_sink_collect(body, context, &plain, error);
    if (status == RAD_OK) status = rad_gzip_pack(&plain, &packed, error);
    if (status == RAD_OK) status = rad_bytes_write(path, &packed, 1, error);
    rad_bytes_free(&plain);
    rad_bytes_free(&packed);
    return status;
}

bool rad_writer_is_tabbed(const char *path) {
    return path && (ends_in(path, ".tsv") || ends_in(path, ".tsv.gz"));
}

rad_status rad_writer_write(const rad_writer *writer, const char *path, rad_writing *w, rad_error *error) {
    whole all = {writer, w};
    return rad_writer_stream(path, put_table, &all, error);
}
