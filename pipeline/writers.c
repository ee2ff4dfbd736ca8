#include "writers.h"

#include "../io/bytes.h"

#include <string.h>

#define WRITERS(WRITER)                                                                                      \
    WRITER(csv)                                                                                              \
    WRITER(long)                                                                                             \
    WRITER(json_lines)                                                                                       \
    WRITER(json)

#define DECLARE(name) extern const rad_writer rad_writer_##name;
WRITERS(DECLARE)
#define ROW(name) &rad_writer_##name,
const rad_writer *const rad_writers[] = {WRITERS(ROW) NULL};

static bool ends_in(const char *path, const char *tail) {
    const size_t length = strlen(path), end = strlen(tail);
    return length >= end && !strcmp(path + length - end, tail);
}

const rad_writer *rad_writer_find(const char *path) {
    if (!path || !strcmp(path, "-")) return rad_writers[0];
    for (size_t i = 0; rad_writers[i]; i++)
        if (rad_writers[i]->ending && ends_in(path, rad_writers[i]->ending)) return rad_writers[i];
    return NULL;
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

static rad_status put_table(FILE *out, void *context, rad_error *error) {
    const whole *all = context;
    const rad_writer *writer = all->writer;
    rad_writing *w = all->w;
    w->out = out;
    rad_status status = writer->begin ? writer->begin(w, error) : RAD_OK;
    for (size_t i = 0; i < w->table->row_count && status == RAD_OK; i++)
        status = writer->row(w, w->table->rows[i].case_name, NULL, &w->table->rows[i], error);
    return writer->end ? writer->end(w, status, error) : status;
}

rad_status rad_writer_write(const rad_writer *writer, const char *path, rad_writing *w, rad_error *error) {
    return rad_bytes_stream(path, put_table, &(whole){writer, w}, error);
}
