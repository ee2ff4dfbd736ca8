#include "png_write.h"

#include "../core/memory.h"
#include "bytes.h"

#include <libdeflate.h>
#include <string.h>

/* PNG (ISO/IEC 15948): a signature, and chunks of length, name, data, CRC; numbers begin with their highest
 * byte. Written here since libpng packs such a picture in several times the time. */
enum { WORD = 4, CHUNK = 3 * WORD, HEADER = 13, MOST = 8 + 4 * CHUNK + HEADER + 3 * RAD_PALETTE };

typedef struct writing {
    unsigned char *to;
    size_t used;
} writing;

static void put_word(unsigned char *to, size_t value) {
    for (int i = 0; i < WORD; i++) to[i] = (unsigned char)(value >> 8 * (WORD - 1 - i));
}

/* Its data are there already, behind its length and name. */
static void end_chunk(writing *w, const char name[], size_t length) {
    unsigned char *chunk = w->to + w->used;
    put_word(chunk, length);
    memcpy(chunk + WORD, name, WORD);
    put_word(chunk + 2 * WORD + length, libdeflate_crc32(0, chunk + WORD, WORD + length));
    w->used += CHUNK + length;
}

static unsigned char *data_of(const writing *w) {
    return w->to + w->used + 2 * WORD;
}

static void put_header(writing *w, const rad_canvas *canvas) {
    static const unsigned char signature[] = {137, 'P', 'N', 'G', 13, 10, 26, 10},
                               form[] = {8, 3, 0, 0, 0}; /* bits, palette, packed, filtered, in order */
    memcpy(w->to, signature, sizeof signature);
    w->used = sizeof signature;
    put_word(data_of(w), canvas->width);
    put_word(data_of(w) + WORD, canvas->height);
    memcpy(data_of(w) + 2 * WORD, form, sizeof form);
    end_chunk(w, "IHDR", HEADER);
    unsigned char *palette = data_of(w);
    for (int i = 0; i < RAD_GREYS; i++) memset(palette + 3 * i, i * 255 / RAD_WHITE, 3);
    memcpy(palette + 3 * RAD_GREYS, rad_canvas_colours, sizeof rad_canvas_colours);
    end_chunk(w, "PLTE", 3 * RAD_PALETTE);
}

/* Rows behind a byte each that says that they are not filtered. */
static unsigned char *lay_rows(const rad_canvas *c, rad_error *error) {
    unsigned char *rows = rad_new_raw(c->height, c->width + 1, error);
    for (size_t y = 0; rows && y < c->height; y++) {
        rows[y * (c->width + 1)] = 0;
        memcpy(rows + y * (c->width + 1) + 1, c->pixel + y * c->width, c->width);
    }
    return rows;
}

static rad_status pack(const rad_canvas *canvas, rad_bytes *file, rad_error *error) {
    enum { EFFORT = 1 }; /* a third of the time for a fifth more bytes */
    const size_t length = canvas->height * (canvas->width + 1);
    unsigned char *rows = lay_rows(canvas, error);
    struct libdeflate_compressor *deflater = rows ? libdeflate_alloc_compressor(EFFORT) : NULL;
    const size_t bound = deflater ? libdeflate_zlib_compress_bound(deflater, length) : 0;
    writing w = {.to = deflater ? rad_new_raw(MOST + bound, 1, error) : NULL};
    if (w.to) {
        put_header(&w, canvas);
        end_chunk(&w, "IDAT", libdeflate_zlib_compress(deflater, rows, length, data_of(&w), bound));
        end_chunk(&w, "IEND", 0);
    }
    libdeflate_free_compressor(deflater);
    rad_free(rows);
    *file = (rad_bytes){w.to, w.used};
    return w.to ? RAD_OK : rad_fail(error, RAD_NO_MEMORY, "out of memory: a picture");
}

rad_status rad_png_write(const char *path, const rad_canvas *canvas, rad_error *error) {
    const rad_place place = {.loose = true};
    rad_bytes file;
    rad_status status = pack(canvas, &file, error);
    if (status == RAD_OK) status = rad_bytes_place(path, &file, 1, &place, error);
    rad_bytes_free(&file);
    return status;
}
