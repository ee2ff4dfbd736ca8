/* PNG pictures, by libpng. */
#include "../../core/memory.h"
#include "../stream.h"
#include "picture.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* What libpng is given; it ends a call that fails by a jump. */
typedef struct decoding {
    rad_stream stream;
    png_structp png;
    png_infop info;
    rad_error *error;
    rad_status status;
    rad_picture picture;
    unsigned char *row; /* of samples */
    size_t pitch;
    double bits; /* of all pixels, in the file */
    bool interlaced;
} decoding;

/* Pixels that come together: each dx-th of each dy-th row from x, y on. */
typedef struct pass {
    size_t x, y, dx, dy;
} pass;

static const pass whole = {0, 0, 1, 1}, adam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                                   {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
enum { PASSES = sizeof adam7 / sizeof adam7[0] };

/* An interlaced picture is read by as many decoders as it has passes, each from the begin of its pass on, so
 * that its rows come in order and none but the next is held; that is twice the work of one. */
typedef struct reading {
    decoding decodings[PASSES];
    pass passes[PASSES]; /* those that have pixels */
    size_t count, next;  /* next: row */
    unsigned char *row;  /* of all passes; NULL where there is one */
} reading;

static void say_error(png_structp png, png_const_charp text) {
    decoding *d = png_get_error_ptr(png);
    if (d->status == RAD_OK)
        d->status = rad_fail(d->error, RAD_UNREADABLE, "%s: the PNG is damaged or truncated: %s",
                             d->stream.path, text);
    png_longjmp(png, 1);
}

static void say_nothing(png_structp png, png_const_charp text) {
    (void)png, (void)text;
}

static void read_bytes(png_structp png, png_bytep out, size_t length) {
    decoding *d = png_get_io_ptr(png);
    d->status = rad_stream_read(&d->stream, out, length, d->error);
    if (d->status != RAD_OK) png_error(png, "");
}

/* What libpng says of a block that it does not get is no fault of the file. */
static png_voidp get_memory(png_structp png, png_alloc_size_t size) {
    decoding *d = png_get_mem_ptr(png);
    void *block = rad_new(size, 1, d->error);
    if (!block) d->status = RAD_NO_MEMORY;
    return block;
}

static void free_memory(png_structp png, png_voidp block) {
    (void)png;
    rad_free(block);
}

static rad_status begin(const char *path, decoding *d, rad_error *error) {
    *d = (decoding){.error = error, .picture = {.samples = 1}};
    rad_status status = rad_stream_open_at(path, 0, RAD_CODING_PLAIN, &d->stream, error);
    if (status != RAD_OK) return status;
    d->png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, d, say_error, say_nothing, d, get_memory,
                                      free_memory);
    d->info = d->png ? png_create_info_struct(d->png) : NULL;
    if (d->info) return RAD_OK;
    return rad_fail(error, RAD_NO_MEMORY, "out of memory: decoding of %s", path);
}

static void end(decoding *d) {
    png_destroy_read_struct(&d->png, &d->info, NULL);
    rad_stream_close(&d->stream);
    rad_free(d->row);
    d->row = NULL;
}

/* Header, and how rows are to come. */
static void read_info(decoding *d) {
    rad_picture *p = &d->picture;
    png_set_user_limits(d->png, 1 << 20, 1 << 20);
    png_set_chunk_malloc_max(d->png, 8 << 20);
    png_set_read_fn(d->png, d, read_bytes);
    png_read_info(d->png, d->info);
    d->bits = (double)png_get_image_width(d->png, d->info) * png_get_image_height(d->png, d->info) *
              png_get_bit_depth(d->png, d->info) * png_get_channels(d->png, d->info);
    png_set_expand(d->png); /* palettes to colours, grey to 8 bits, transparency to alpha */
    if (__BYTE_ORDER__ != __ORDER_BIG_ENDIAN__) png_set_swap(d->png);
    png_read_update_info(d->png, d->info);
    p->size[0] = png_get_image_width(d->png, d->info);
    p->size[1] = png_get_image_height(d->png, d->info);
    p->type = png_get_bit_depth(d->png, d->info) == 16 ? RAD_UINT16 : RAD_UINT8;
    p->samples = png_get_channels(d->png, d->info);
    d->pitch = png_get_rowbytes(d->png, d->info);
    d->interlaced = png_get_interlace_type(d->png, d->info) == PNG_INTERLACE_ADAM7;
    png_uint_32 x = 0, y = 0;
    int unit = PNG_RESOLUTION_UNKNOWN;
    if (png_get_pHYs(d->png, d->info, &x, &y, &unit) && unit == PNG_RESOLUTION_METER && x && y) {
        p->spacing[0] = 1000.0 / x;
        p->spacing[1] = 1000.0 / y;
    }
}

/* Functions that libpng may jump back into; what they are given says what came of it. */
__attribute__((noinline)) static void try_info(decoding *d) {
    if (setjmp(png_jmpbuf(d->png)) == 0) read_info(d);
}

/* The last of the next rows. */
__attribute__((noinline)) static void try_rows(decoding *d, size_t rows) {
    if (setjmp(png_jmpbuf(d->png)) != 0) return;
    for (size_t i = 0; i < rows; i++) png_read_row(d->png, d->row, NULL);
}

__attribute__((noinline)) static void try_end(decoding *d) {
    if (setjmp(png_jmpbuf(d->png)) == 0) png_read_end(d->png, NULL);
}

static rad_status read_header(const char *path, decoding *d, rad_error *error) {
    rad_status status = begin(path, d, error);
    if (status != RAD_OK) return status;
    try_info(d);
    return d->status;
}

/* A decoder that has passed over so many rows of passes before its own. */
static rad_status open_pass(const rad_raster *raster, decoding *d, size_t before, rad_error *error) {
    const size_t *size = raster->header.geometry.size;
    rad_status status = read_header(raster->files[0], d, error);
    if (status != RAD_OK) return status;
    const rad_picture *p = &d->picture;
    if (p->size[0] != size[0] || p->size[1] != size[1] || p->type != raster->header.type ||
        d->pitch != size[0] * p->samples * rad_type_size(p->type))
        return rad_fail(error, RAD_UNREADABLE, "%s: the file was changed while it was read",
                        raster->files[0]);
    d->row = rad_new_raw(d->pitch, 1, error);
    if (!d->row) return RAD_NO_MEMORY;
    try_rows(d, before);
    return d->status;
}

static rad_status open_interlaced(const rad_raster *raster, reading *r, rad_error *error) {
    const size_t *size = raster->header.geometry.size;
    rad_status status = RAD_OK;
    size_t before = 0;
    end(&r->decodings[0]);
    r->count = 0;
    for (size_t i = 0; i < PASSES && status == RAD_OK; i++) {
        const pass *p = &adam7[i];
        if (p->x >= size[0] || p->y >= size[1]) continue;
        r->passes[r->count] = *p;
        status = open_pass(raster, &r->decodings[r->count++], before, error);
        before += (size[1] - p->y + p->dy - 1) / p->dy;
    }
    if (status == RAD_OK && !(r->row = rad_new_raw(r->decodings[0].pitch, 1, error))) status = RAD_NO_MEMORY;
    return status;
}

static rad_status open_rows(const rad_raster *raster, void **state, rad_error *error) {
    reading *r = *state = rad_new(1, sizeof *r, error);
    if (!r) return RAD_NO_MEMORY;
    r->passes[0] = whole;
    r->count = 1;
    const rad_status status = open_pass(raster, &r->decodings[0], 0, error);
    return status == RAD_OK && r->decodings[0].interlaced ? open_interlaced(raster, r, error) : status;
}

/* Puts the pixels of a pass into the row of all. */
static void spread(const decoding *d, const pass *p, unsigned char *row) {
    const size_t width = d->picture.samples * rad_type_size(d->picture.type);
    const unsigned char *from = d->row;
    for (size_t x = p->x; x < d->picture.size[0]; x += p->dx, from += width)
        memcpy(row + x * width, from, width);
}

static rad_status read_row(void *state, void *row, rad_error *error) {
    reading *r = state;
    for (size_t i = 0; i < r->count; i++) {
        decoding *d = &r->decodings[i];
        const pass *p = &r->passes[i];
        d->error = error;
        if (r->next % p->dy != p->y) continue;
        try_rows(d, 1);
        if (d->status != RAD_OK) return d->status;
        if (r->row) spread(d, p, r->row);
    }
    r->next++;
    const decoding *first = r->decodings;
    return rad_picture_grey(first->stream.path, &first->picture, r->row ? r->row : first->row, row, error);
}

static rad_status finish_rows(void *state, rad_error *error) {
    reading *r = state;
    decoding *last = &r->decodings[r->count - 1];
    last->error = error;
    try_end(last);
    return last->status;
}

static void close_rows(void *state) {
    reading *r = state;
    for (size_t i = 0; r && i < r->count; i++) end(&r->decodings[i]);
    if (r) rad_free(r->row);
    rad_free(r);
}

/* A header that asks for more than the file can inflate to must not make us ask for memory. */
static rad_status check_length(const char *path, const decoding *d, rad_error *error) {
    rad_stream stream;
    rad_status status = rad_stream_open_at(path, 0, RAD_CODING_PLAIN, &stream, error);
    const double most = 8.0 * 1040 * (double)stream.length;
    rad_stream_close(&stream);
    if (status == RAD_OK && d->bits > most)
        status =
            rad_fail(error, RAD_UNREADABLE, "%s: truncated or wrong header: %zu x %zu pixels cannot be in it",
                     path, d->picture.size[0], d->picture.size[1]);
    return status;
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    static const rad_raster_decoder decoder = {open_rows, read_row, finish_rows, close_rows};
    decoding d;
    rad_status status = read_header(path, &d, error);
    end(&d);
    if (status == RAD_OK) status = check_length(path, &d, error);
    raster->decoder = &decoder;
    return status == RAD_OK ? rad_picture_put(path, &d.picture, raster, warnings, error) : status;
}

static bool sniff(const rad_glance *glance) {
    return !glance->gzipped && glance->count >= 8 && !memcmp(glance->bytes, "\x89PNG\r\n\x1a\n", 8);
}

const rad_reader rad_reader_png = {
    .name = "PNG",
    .endings = (const char *const[]){".png", NULL},
    .sniff = sniff,
    .parse = parse,
};
