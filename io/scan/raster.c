#include "raster.h"

#include "../../core/memory.h"
#include "elements.h"

#include <string.h>

rad_status rad_raster_add_label(rad_raster *raster, int64_t value, size_t channel, const char *name,
                                rad_error *error) {
    rad_status status =
        rad_grow(&raster->labels, raster->label_count, &raster->label_room, sizeof *raster->labels, error);
    char *copy = status == RAD_OK ? rad_text_copy(name, error) : NULL;
    if (!copy) return RAD_NO_MEMORY;
    raster->labels[raster->label_count++] = (rad_raster_label){value, channel, copy};
    return RAD_OK;
}

void rad_raster_free(rad_raster *raster) {
    for (size_t i = 0; i < raster->file_count; i++) rad_free(raster->files[i]);
    for (size_t i = 0; i < raster->label_count; i++) rad_free(raster->labels[i].name);
    rad_free(raster->files);
    rad_free(raster->labels);
    *raster = (rad_raster){.file_count = 0};
}

size_t rad_raster_bytes(const rad_raster *raster) {
    return rad_geometry_count(&raster->header.geometry) * raster->width * raster->channels;
}

static rad_status check_header(const char *path, const rad_raster *raster, rad_error *error) {
    const rad_geometry *g = &raster->header.geometry;
    double voxels = (double)raster->channels;
    for (int a = 0; a < 3; a++) voxels *= (double)g->size[a];
    if (voxels < 1)
        return rad_fail(error, RAD_UNREADABLE, "%s: %zu x %zu x %zu voxels; each size must be at least 1",
                        path, g->size[0], g->size[1], g->size[2]);
    if (voxels > 0x1p40)
        return rad_fail(error, RAD_UNREADABLE, "%s: declares %.0f voxels; at most 2^40 are possible", path,
                        voxels);
    if (rad_geometry_count(g) * raster->channels % raster->file_count)
        return rad_fail(error, RAD_UNREADABLE, "%s: %.0f voxel%s cannot be in %zu files of one size", path,
                        voxels, voxels == 1 ? "" : "s", raster->file_count);
    if (raster->at_end && raster->coding != RAD_RASTER_FOUND && raster->coding != RAD_RASTER_PLAIN)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels at the end of a file (a skip of -1) must be plain bytes, not packed or "
                        "text: save it without the skip",
                        path);
    return RAD_OK;
}

rad_status rad_raster_parse(const char *path, rad_raster_parse_header *parse, rad_raster *raster,
                            rad_warnings *warnings, rad_error *error) {
    *raster = (rad_raster){.header = {.slope = 1}, .channels = 1, .warnings = warnings};
    rad_status status = parse(path, raster, warnings, error);
    if (status == RAD_OK && !raster->width) raster->width = rad_type_size(raster->header.type);
    return status == RAD_OK ? check_header(path, raster, error) : status;
}

rad_status rad_raster_check_files(const rad_raster *raster, rad_error *error) {
    rad_elements feed;
    const rad_status status = rad_elements_open(raster, false, &feed, error);
    rad_elements_close(&feed);
    return status;
}

static void swap_bytes(unsigned char *voxels, size_t count, size_t width) {
    for (size_t i = 0; i < count; i++, voxels += width)
        for (size_t j = 0; j < width / 2; j++) {
            const unsigned char byte = voxels[j];
            voxels[j] = voxels[width - 1 - j];
            voxels[width - 1 - j] = byte;
        }
}

/* Long doubles become doubles in place. */
static void narrow(unsigned char *voxels, size_t count) {
    for (size_t i = 0; i < count; i++) {
        long double wide = 0;
        memcpy(&wide, voxels + 16 * i, sizeof wide);
        const double value = (double)wide;
        memcpy(voxels + 8 * i, &value, sizeof value);
    }
}

/* What a walk needs on its way. */
typedef struct walking {
    const rad_raster *raster;
    rad_raster_walk *walk;
    rad_elements feed;
    size_t band;                 /* rows at a time */
    unsigned char *rows, *mixed; /* mixed: rows of elements side by side, of all channels */
} walking;

/* Rows of one slice: as they are in the file, then in the byte order and a type of ours. */
static rad_status read_slice(walking *w, size_t at, size_t elements, unsigned char *rows, rad_error *error) {
    const rad_raster *r = w->raster;
    const size_t count = w->walk->box.end[1] - w->walk->box.begin[1];
    rad_status status = rad_elements_read(&w->feed, at, rows, count * elements * r->width, error);
    for (size_t i = 0; i < count && status == RAD_OK && (r->swapped || r->width == 16); i++) {
        unsigned char *row = rows + i * elements * r->width;
        if (r->swapped) swap_bytes(row, elements, r->width);
        if (r->width == 16) narrow(row, elements);
    }
    return status;
}

/* Elements of one channel out of rows of all. */
static void pick_channel(const walking *w, size_t channel) {
    const rad_raster *r = w->raster;
    const size_t width = rad_type_size(r->header.type), across = r->header.geometry.size[0];
    for (size_t y = 0; y < w->walk->box.end[1] - w->walk->box.begin[1]; y++) {
        const unsigned char *from = w->mixed + y * across * r->channels * r->width + channel * width;
        unsigned char *to = w->rows + y * w->walk->row;
        for (size_t x = 0; x < across; x++) memcpy(to + x * width, from + x * r->channels * width, width);
    }
}

/* A band of a slice of channels that lie side by side: each channel of it is handed on. */
static rad_status walk_mixed(walking *w, size_t z, rad_error *error) {
    const rad_raster *r = w->raster;
    const rad_raster_walk *k = w->walk;
    const size_t *size = r->header.geometry.size, elements = size[0] * r->channels;
    const size_t row = z * size[1] + k->box.begin[1];
    rad_status status = read_slice(w, row * elements * r->width, elements, w->mixed, error);
    for (size_t c = k->channel_begin; c < k->channel_end && status == RAD_OK; c++) {
        pick_channel(w, c);
        status = k->take(k, w->rows, (const size_t[]){z, c}, 1, error);
    }
    return status;
}

/* The same of as many slices of one channel. */
static rad_status walk_planar(walking *w, size_t c, size_t z, size_t slices, rad_error *error) {
    const rad_raster *r = w->raster;
    const rad_raster_walk *k = w->walk;
    const size_t *size = r->header.geometry.size;
    rad_status status = RAD_OK;
    for (size_t i = 0; i < slices && status == RAD_OK; i++) {
        const size_t row = (c * size[2] + z + i) * size[1] + k->box.begin[1];
        status = read_slice(w, row * size[0] * r->width, size[0], w->rows + i * k->slice, error);
    }
    return status == RAD_OK ? k->take(k, w->rows, (const size_t[]){z, c}, slices, error) : status;
}

/* All bands of some slices. */
static rad_status walk_bands(walking *w, size_t c, size_t z, size_t slices, rad_error *error) {
    const size_t begin = w->walk->box.begin[1], end = w->walk->box.end[1];
    rad_status status = RAD_OK;
    for (size_t y = begin; y < end && status == RAD_OK; y += w->band) {
        w->walk->box.begin[1] = y;
        w->walk->box.end[1] = end - y < w->band ? end : y + w->band;
        status = w->mixed ? walk_mixed(w, z, error) : walk_planar(w, c, z, slices, error);
    }
    w->walk->box.begin[1] = begin;
    w->walk->box.end[1] = end;
    return status;
}

static rad_status walk_slices(walking *w, rad_error *error) {
    const rad_raster_walk *k = w->walk;
    rad_status status = RAD_OK;
    for (size_t c = w->mixed ? 0 : k->channel_begin; c < (w->mixed ? 1 : k->channel_end); c++)
        for (size_t z = k->box.begin[2], slices; z < k->box.end[2] && status == RAD_OK; z += slices) {
            const size_t left = k->box.end[2] - z;
            slices = left < k->depth ? left : k->depth;
            status = walk_bands(w, c, z, slices, error);
        }
    return status;
}

/* Rows of a band: all, where they are not many bytes or slices come several at a time. */
static size_t band_of(const rad_raster *r, const rad_raster_walk *walk) {
    enum { MOST = 16 << 20 };
    const size_t count = walk->box.end[1] - walk->box.begin[1],
                 row = r->header.geometry.size[0] * r->width * (r->planar ? 1 : r->channels),
                 fit = row < MOST ? MOST / row : 1;
    return walk->depth > 1 || count < fit ? count : fit;
}

rad_status rad_raster_walk_rows(const rad_raster *raster, rad_raster_walk *walk, rad_error *error) {
    const size_t *size = raster->header.geometry.size;
    const bool mixed = raster->channels > 1 && !raster->planar;
    walking w = {.raster = raster, .walk = walk};
    rad_status status = rad_elements_open(raster, walk->to_end, &w.feed, error);
    if (status != RAD_OK) return status;
    walk->row = size[0] * (mixed ? rad_type_size(raster->header.type) : raster->width);
    if (mixed) walk->depth = 1;
    w.band = band_of(raster, walk);
    walk->slice = w.band * walk->row;
    w.rows = rad_new_raw(walk->slice, walk->depth, error);
    w.mixed = mixed && w.rows ? rad_new_raw(size[0] * raster->channels * raster->width, w.band, error) : NULL;
    status = w.rows && (!mixed || w.mixed) ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK) status = walk_slices(&w, error);
    const bool last =
        walk->box.end[2] == size[2] && (!raster->planar || walk->channel_end == raster->channels);
    if (status == RAD_OK && (walk->to_end || last)) status = rad_elements_finish(&w.feed, error);
    rad_free(w.rows);
    rad_free(w.mixed);
    rad_elements_close(&w.feed);
    return status;
}
