#include "source.h"

#include "../stream.h"
#include "../tree.h"
#include "array.h"
#include "mask_folder.h"
#include "raster_source.h"
#include "sidecar.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* In the order in which they are asked. `kinds` refuses what is not read by what it is; the last has what
 * begins like NIfTI, and says what is wrong with it. */
#define READERS(READER)                                                                                      \
    READER(dicom)                                                                                            \
    READER(nrrd)                                                                                             \
    READER(metaimage)                                                                                        \
    READER(mgh)                                                                                              \
    READER(npy)                                                                                              \
    READER(png)                                                                                              \
    READER(tiff)                                                                                             \
    READER(analyze)                                                                                          \
    READER(kinds)                                                                                            \
    READER(nifti)

#define DECLARE(name) extern const rad_reader rad_reader_##name;
READERS(DECLARE)
#define ROW(name) &rad_reader_##name,
static const rad_reader *const readers[] = {READERS(ROW)};
enum { COUNT = sizeof readers / sizeof readers[0] };

rad_status rad_source_look(const char *path, rad_glance *glance, rad_error *error) {
    struct stat about;
    rad_stream stream;
    rad_error why; /* of no account but where memory is short */
    glance->path = path;
    glance->folder = !stat(path, &about) && S_ISDIR(about.st_mode);
    glance->gzipped = false;
    glance->count = 0;
    if (glance->folder) return RAD_OK;
    rad_status status = rad_stream_open(path, &stream, &why);
    if (status == RAD_OK) {
        glance->gzipped = stream.inflate;
        status = rad_stream_read_some(&stream, glance->bytes, sizeof glance->bytes, &glance->count, &why);
        if (status != RAD_OK) glance->count = 0;
        rad_stream_close(&stream);
    }
    return status == RAD_NO_MEMORY ? rad_fail(error, status, "%s", why.text) : RAD_OK;
}

static rad_status find_reader(const char *path, const rad_reader **reader, rad_error *error) {
    rad_glance glance;
    if (rad_source_look(path, &glance, error) != RAD_OK) return RAD_NO_MEMORY;
    size_t i = 0;
    while (i + 1 < COUNT && !readers[i]->sniff(&glance)) i++;
    *reader = readers[i];
    return RAD_OK;
}

rad_status rad_source_open(const char *path, const rad_source_options *options, rad_source *source,
                           rad_warnings *warnings, rad_error *error) {
    *source = (rad_source){.path = path, .reader = options->image ? &rad_reader_array : NULL};
    rad_status status = options->image ? RAD_OK : find_reader(path, &source->reader, error);
    if (status == RAD_OK)
        status = source->reader->parse ? rad_raster_source_open(source, options, warnings, error)
                                       : source->reader->open(source, options, warnings, error);
    if (status != RAD_OK) return status;
    rad_volume *header = &source->header;
    source->stored = header->geometry;
    if (!source->flat.is) header->order = rad_order_find(&source->stored);
    header->geometry = rad_order_grid(&header->order, &source->stored);
    return RAD_OK;
}

rad_status rad_source_read(const rad_source *source, const rad_source_options *options, const rad_box *box,
                           rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    if (source->reader->parse) ((rad_raster *)source->state)->warnings = warnings;
    if (!box && source->flat.is && source->header.geometry.size[2] > 1)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: a picture of %zu frames, which are no volume; save the one to read as a file",
                        source->path, source->header.geometry.size[2]);
    if (source->reader->parse)
        return rad_raster_read_box(source->state, &source->header.order, box, options->verify, volume, error);
    return source->reader->read(source, options, box, volume, warnings, error);
}

rad_status rad_source_read_mask(const char *path, const rad_source *image, const rad_source_options *options,
                                const rad_choice *choice, rad_mask *mask, rad_warnings *warnings,
                                rad_error *error) {
    const rad_drawing drawing = {
        .grid = &image->header.geometry,
        .other = &image->other,
        .stored = &image->stored,
        .reversed = image->reversed,
        .frame_of_reference = image->frame_of_reference,
        .series = image->series,
        .any_frame = options->any_frame,
        .clip = options->clip,
        .slabs = image->slabs,
        .flat = image->flat.is ? &image->flat : NULL,
        .widest = image->widest,
        .even = image->even,
        .threshold = options->threshold,
        .fractions = options->fractions,
        .channel = options->channel,
        .choice = choice,
    };
    *mask = (rad_mask){.label_count = 0};
    if (options->mask) return rad_array_read_mask(options->mask, options->fractions, mask, warnings, error);
    const rad_reader *reader = NULL;
    bool folder;
    rad_status status = rad_mask_folder_is(path, &folder, error);
    if (status == RAD_OK && folder) return rad_mask_folder_read(path, &drawing, mask, warnings, error);
    if (status == RAD_OK) status = find_reader(path, &reader, error);
    if (status != RAD_OK) return status;
    if (reader->parse) return rad_raster_source_mask(path, reader, &drawing, mask, warnings, error);
    if (!reader->read_mask)
        return rad_fail(error, RAD_UNREADABLE, "%s: %s holds no masks", path, reader->name);
    return reader->read_mask(path, options->series.threads, &drawing, mask, warnings, error);
}

void rad_source_close(rad_source *source) {
    if (source->reader && source->reader->close) source->reader->close(source);
    if (source->reader && source->reader->parse) rad_raster_source_close(source);
    *source = (rad_source){.path = NULL};
}

rad_status rad_source_info(const char *path, const rad_source_wants *wants, json_t **all,
                           rad_warnings *warnings, rad_error *error) {
    const rad_reader *reader = NULL;
    bool folder;
    rad_status status = rad_mask_folder_is(path, &folder, error);
    if (status == RAD_OK && folder) return rad_mask_folder_info(path, all, error);
    if (status == RAD_OK) status = find_reader(path, &reader, error);
    if (status != RAD_OK) return status;
    return reader->parse ? rad_raster_source_info(path, reader, wants, all, warnings, error)
                         : reader->info(path, wants, all, warnings, error);
}

rad_status rad_source_header(const char *path, rad_volume *header, rad_error *error) {
    const rad_reader *reader = NULL;
    rad_raster raster;
    if (find_reader(path, &reader, error) != RAD_OK) return RAD_NO_MEMORY;
    if (!reader->parse) return rad_fail(error, RAD_UNREADABLE, "%s: has no header of its own", path);
    const rad_status status = rad_raster_parse(path, reader->parse, &raster, NULL, error);
    *header = raster.header;
    rad_raster_free(&raster);
    return status;
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

static size_t find_stem(const rad_reader *reader, const char *name) {
    const size_t length = strlen(name);
    for (const char *const *end = reader->endings; end && *end; end++) {
        const size_t tail = strlen(*end);
        if (length > tail && !strcasecmp(name + length - tail, *end)) return length - tail;
    }
    return 0;
}

size_t rad_source_stem(const char *name) {
    size_t stem = 0;
    for (size_t i = 0; i < COUNT && !stem; i++) stem = find_stem(readers[i], name);
    return stem;
}

rad_status rad_source_parts(const char *path, rad_source_part *part, void *context, rad_error *error) {
    rad_status status = rad_sidecar_parts(path, part, context, error);
    for (size_t i = 0; i < COUNT && status == RAD_OK; i++) {
        const rad_reader *r = readers[i];
        if (r->parts) status = r->parts(path, part, context, error);
        if (r->names_files && find_stem(r, path))
            status = rad_raster_source_parts(path, r, part, context, error);
    }
    return status;
}
