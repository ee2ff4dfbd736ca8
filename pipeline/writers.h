/* Feature tables as files: a row for each form that a table may take. */
#ifndef RAD_WRITERS_H
#define RAD_WRITERS_H

#include "../core/facts.h"
#include "../core/table.h"
#include "../io/sink.h"
#include "settings.h"

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A table on its way out; facts and warnings may be NULL. */
typedef struct rad_writing {
    const rad_table *table; /* its columns; rows are handed over one by one */
    const rad_settings *settings;
    const rad_facts *facts; /* of the image */
    const rad_warnings *warnings;
    const char *const *names; /* of fields between those of case and ROI and those of features */
    size_t name_count;
    char separator;   /* of fields; 0: what the ending says */
    bool short_names; /* of columns: at most 32 characters */
    const char *mask; /* its path: columns mask, voxels, spacing and levels in place of names; NULL: none */
    const char *const *fields; /* of the rows of a table that is written as a whole; NULL: handed over */
    FILE *out;
    void *state; /* the writer's, from begin to end */
} rad_writing;

/* To add a writer: its row in a file pipeline/writer_NAME.c, and the name in WRITERS of writers.c. `fields`
 * are as many as names. end is called whenever begin was, with the status so far, and releases the state.
 * What a writer does not need is NULL. */
typedef struct rad_writer {
    const char *ending; /* of what `extract --output` writes; NULL: not for one case */
    const char *file;   /* in a run directory of `batch`; NULL: not there */
    bool always;        /* there whether it is asked for or not */
    rad_status (*begin)(rad_writing *w, rad_error *error);
    rad_status (*row)(rad_writing *w, const char *name, const char *const *fields, const rad_row *row,
                      rad_error *error);
    rad_status (*end)(rad_writing *w, rad_status status, rad_error *error);
} rad_writer;

/* In the order in which `batch` writes them; ends with NULL. */
extern const rad_writer *const rad_writers[];

/* The writer for a path of one table, by its ending, with .gz behind it or not; what flows
 * (rad_bytes_flow) without one gets the first. NULL where the ending is none that is known. */
const rad_writer *rad_writer_find(const char *path);

/* "neither in .csv nor in .json": where a path that has no writer does not end. Returns text. */
const char *rad_writer_endings(char *text, size_t size);

/* Writes w->table with its rows, as a whole file or not at all. */
rad_status rad_writer_write(const rad_writer *writer, const char *path, rad_writing *w,
                            rad_error *error) RAD_MUST_CHECK;

/* Writes what `body` puts as a whole file or not at all, packed where its name ends in .gz. */
rad_status rad_writer_stream(const char *path, rad_put_body *body, void *context,
                             rad_error *error) RAD_MUST_CHECK;

/* Are fields of a table of that name apart by tabs (.tsv, .tsv.gz)? */
bool rad_writer_is_tabbed(const char *path);

/* What each column of the table means, as an array of objects of JSON. */
rad_status rad_writer_columns(const char *path, const rad_table *table, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
