#include "source.h"

#include "../tree.h"
#include "array.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* In the order in which they are asked; whatever no other knows goes to the last, which says what is wrong.
 */
#define READERS(READER)                                                                                      \
    READER(dicom)                                                                                            \
    READER(nifti)

#define DECLARE(name) extern const rad_reader rad_reader_##name;
READERS(DECLARE)
#define ROW(name) &rad_reader_##name,
static const rad_reader *const readers[] = {READERS(ROW)};
enum { COUNT = sizeof readers / sizeof readers[0] };

static const rad_reader *find_reader(const char *path) {
    struct stat about;
    const bool folder = !stat(path, &about) && S_ISDIR(about.st_mode);
    size_t i = 0;
    while (i + 1 < COUNT && !readers[i]->sniff(path, folder)) i++;
    return readers[i];
}

rad_status rad_source_open(const char *path, const rad_source_options *options, rad_source *source,
                           rad_warnings *warnings, rad_error *error) {
    *source = (rad_source){.path = path, .reader = options->image ? &rad_reader_array : find_reader(path)};
    rad_status status = source->reader->open(source, options, warnings, error);
    if (status != RAD_OK) return status;
    rad_volume *header = &source->header;
    source->stored = header->geometry;
    header->order = rad_order_find(&source->stored);
    header->geometry = rad_order_grid(&header->order, &source->stored);
    return RAD_OK;
}

rad_status rad_source_read(const rad_source *source, const rad_source_options *options, const rad_box *box,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return source->reader->read(source, options, box, volume, warnings, error);
}

rad_status rad_source_read_mask(const char *path, const rad_source *image, const rad_source_options *options,
                                const rad_choice *choice, rad_mask *mask, rad_warnings *warnings,
                                rad_error *error) {
    const rad_drawing drawing = {
        .grid = &image->header.geometry,
        .frame_of_reference = image->frame_of_reference,
        .any_frame = options->any_frame,
        .clip = options->clip,
        .threshold = options->threshold,
        .choice = choice,
    };
    *mask = (rad_mask){.label_count = 0};
    if (options->mask) return rad_array_read_mask(options->mask, mask, error);
    const rad_reader *reader = find_reader(path);
    if (!reader->read_mask)
        return rad_fail(error, RAD_UNREADABLE, "%s: %s holds no masks", path, reader->name);
    return reader->read_mask(path, options->series.threads, &drawing, mask, warnings, error);
}

void rad_source_close(rad_source *source) {
    if (source->reader && source->reader->close) source->reader->close(source);
    *source = (rad_source){.path = NULL};
}

rad_status rad_source_info(const char *path, const rad_source_wants *wants, json_t **all,
                           rad_warnings *warnings, rad_error *error) {
    return find_reader(path)->info(path, wants, all, warnings, error);
}

static json_t *numbers(const double *values, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++) rad_tree_add(&array, json_real(values[i]));
    return array;
}

void rad_source_tell_grid(json_t **object, const rad_volume *volume) {
    const rad_geometry *g = &volume->geometry;
    rad_tree_set(
        object, "size",
        json_pack("[I, I, I]", (json_int_t)g->size[0], (json_int_t)g->size[1], (json_int_t)g->size[2]));
    rad_tree_set(object, "spacing_mm", numbers(g->spacing, 3));
    rad_tree_set(object, "origin_mm_ras", numbers(g->origin, 3));
    rad_tree_set(object, "direction_ras", numbers(g->direction, 9));
}

size_t rad_source_stem(const char *name) {
    const size_t length = strlen(name);
    for (size_t i = 0; i < COUNT; i++)
        for (const char *const *end = readers[i]->endings; end && *end; end++) {
            const size_t tail = strlen(*end);
            if (length > tail && !strcasecmp(name + length - tail, *end)) return length - tail;
        }
    return 0;
}

rad_status rad_source_partner(const char *path, char **other, rad_error *error) {
    rad_status status = RAD_OK;
    *other = NULL;
    for (size_t i = 0; i < COUNT && !*other && status == RAD_OK; i++)
        if (readers[i]->partner) status = readers[i]->partner(path, other, error);
    return status;
}
