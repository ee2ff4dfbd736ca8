/* TIFF pictures of one page, by libtiff. */
#include "../../core/memory.h"
#include "../file.h"
#include "picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

enum { BLOCK_MOST = 1 << 30 };

/* The first fault that libtiff tells of. */
typedef struct fault {
    char text[160];
    bool memory; /* that it got no block; of a number of bytes that cannot be it says much the same */
} fault;

static int keep_fault(TIFF *tiff, void *user, const char *module, const char *format, va_list words) {
    fault *f = user;
    (void)tiff, (void)module;
    if (*f->text) return 1;
    static const char *const said[] = {"memory", "no space for", "malloc(", "insertion in"};
    const bool short_of = errno == ENOMEM;
    vsnprintf(f->text, sizeof f->text, format, words);
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        f->memory = f->memory || (short_of && strcasestr(f->text, said[i]));
    return 1;
}

static int say_nothing(TIFF *tiff, void *user, const char *module, const char *format, va_list words) {
    (void)tiff, (void)user, (void)module, (void)format, (void)words;
    return 1;
}

static rad_status damaged(const char *path, const fault *f, rad_error *error) {
    if (f->memory) return rad_fail(error, RAD_NO_MEMORY, "out of memory: reading of %s: %s", path, f->text);
    return rad_fail(error, RAD_UNREADABLE, "%s: the TIFF is damaged or not one that is read: %s", path,
                    *f->text ? f->text : "libtiff says no more");
}

/* Not mapped into memory: a file that becomes shorter would end the process. */
static rad_status open_tiff(const char *path, fault *f, TIFF **tiff, rad_error *error) {
    rad_moment moment;
    int file;
    *f = (fault){"", false};
    errno = 0;
    *tiff = NULL;
    rad_status status = rad_file_open(path, &file, &moment, error);
    if (status != RAD_OK) return status;
    TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
    if (options) {
        TIFFOpenOptionsSetMaxSingleMemAlloc(options, BLOCK_MOST);
        TIFFOpenOptionsSetErrorHandlerExtR(options, keep_fault, f);
        TIFFOpenOptionsSetWarningHandlerExtR(options, say_nothing, NULL);
        *tiff = TIFFFdOpenExt(file, path, "rm", options);
        TIFFOpenOptionsFree(options);
    }
    if (*tiff) return RAD_OK;
    close(file);
    return options ? damaged(path, f, error)
                   : rad_fail(error, RAD_NO_MEMORY, "out of memory: reading of %s", path);
}

/* What is said of a plane, in the words of the format. */
typedef struct plane {
    uint32_t width, height;
    uint16_t bits, samples, format, photometric, planar, unit;
    bool tiled;
} plane;

static plane find_plane(TIFF *tiff) {
    plane p = {.bits = 1, .samples = 1, .format = SAMPLEFORMAT_UINT};
    TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &p.width);
    TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &p.height);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &p.bits);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &p.samples);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &p.format);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &p.planar);
    TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &p.unit);
    if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &p.photometric)) p.photometric = PHOTOMETRIC_MINISBLACK;
    p.tiled = TIFFIsTiled(tiff);
    return p;
}

static rad_type type_of(const plane *p) {
    static const struct {
        uint16_t format, bits;
        rad_type type;
    } types[] = {
        {SAMPLEFORMAT_UINT, 8, RAD_UINT8},      {SAMPLEFORMAT_UINT, 16, RAD_UINT16},
        {SAMPLEFORMAT_UINT, 32, RAD_UINT32},    {SAMPLEFORMAT_INT, 8, RAD_INT8},
        {SAMPLEFORMAT_INT, 16, RAD_INT16},      {SAMPLEFORMAT_INT, 32, RAD_INT32},
        {SAMPLEFORMAT_IEEEFP, 32, RAD_FLOAT32}, {SAMPLEFORMAT_IEEEFP, 64, RAD_FLOAT64},
        {SAMPLEFORMAT_UINT, 1, RAD_UINT8},
    };
    const uint16_t format = p->format == SAMPLEFORMAT_VOID ? SAMPLEFORMAT_UINT : p->format;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].format == format && types[i].bits == p->bits) return types[i].type;
    return RAD_NO_TYPE;
}

/* Is it grey, or red, green and blue that may be? */
static bool is_readable(const plane *p) {
    const bool grey = p->photometric == PHOTOMETRIC_MINISBLACK || p->photometric == PHOTOMETRIC_MINISWHITE,
               whole = p->format != SAMPLEFORMAT_IEEEFP;
    if (!type_of(p) || (p->samples > 1 && p->planar != PLANARCONFIG_CONTIG)) return false;
    if (grey && p->samples == 1)
        return p->photometric == PHOTOMETRIC_MINISBLACK ||
               (whole && p->bits <= 16 && p->format != SAMPLEFORMAT_INT);
    return (grey ? p->samples == 2
                 : p->photometric == PHOTOMETRIC_RGB && p->samples >= 3 && p->samples <= 4) &&
           (p->bits == 8 || p->bits == 16) && whole;
}

/* mm of a unit that ImageJ writes; 0: none. */
static double unit_of_imagej(const char *text) {
    static const struct {
        const char *word;
        double scale;
    } units[] = {{"mm", 1},    {"um", 1e-3}, {"micron", 1e-3}, {"\\u00B5m", 1e-3}, {"\xc2\xb5m", 1e-3},
                 {"nm", 1e-6}, {"cm", 10},   {"m", 1000},      {"inch", 25.4}};
    const char *at = text ? strstr(text, "unit=") : NULL;
    const size_t length = at ? strcspn(at + 5, "\r\n") : 0;
    for (size_t i = 0; at && i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].word) == length && !memcmp(at + 5, units[i].word, length)) return units[i].scale;
    return 0;
}

static void find_spacing(TIFF *tiff, const plane *p, rad_picture *picture) {
    float x = 0, y = 0;
    const char *text = NULL;
    double unit = p->unit == RESUNIT_INCH ? 25.4 : p->unit == RESUNIT_CENTIMETER ? 10 : 0;
    TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &x);
    TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &y);
    if (TIFFGetField(tiff, TIFFTAG_IMAGEDESCRIPTION, &text) && text && !strncmp(text, "ImageJ=", 7))
        unit = unit_of_imagej(text);
    if (x > 0 && y > 0 && unit > 0) {
        picture->spacing[0] = unit / (double)x;
        picture->spacing[1] = unit / (double)y;
    }
}

static rad_status find_picture(const char *path, TIFF *tiff, plane *p, rad_picture *picture,
                               rad_error *error) {
    *p = find_plane(tiff);
    *picture = (rad_picture){.size = {p->width, p->height},
                             .type = type_of(p),
                             .samples = p->samples,
                             .inverted = p->photometric == PHOTOMETRIC_MINISWHITE};
    if (TIFFNumberOfDirectories(tiff) > 1)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: holds %u pages; only one is allowed: save the page to analyse as a separate image", path,
            (unsigned)TIFFNumberOfDirectories(tiff));
    if (!p->width || !p->height || p->width > 1 << 20 || p->height > 1 << 20)
        return rad_fail(error, RAD_UNREADABLE, "%s: %u x %u pixels; 1 to 2^20 are allowed", path, p->width,
                        p->height);
    if (!is_readable(p))
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: TIFF of photometric %u, %u samples of %u bits and format %u; grey of 8, 16 or "
                        "32 bits is read: "
                        "save it so",
                        path, p->photometric, p->samples, p->bits, p->format);
    find_spacing(tiff, p, picture);
    return RAD_OK;
}

/* Bits of a bilevel plane become bytes 0 and 1. */
static void spread_bits(const unsigned char *from, size_t count, unsigned char *to) {
    for (size_t i = 0; i < count; i++) to[i] = from[i / 8] >> (7 - i % 8) & 1;
}

/* A row of samples as they are, which has room for whole bytes. */
static void put_part(const plane *p, size_t x, size_t count, const unsigned char *from, unsigned char *row) {
    const size_t width = (size_t)p->samples * p->bits / 8;
    if (p->bits == 1)
        spread_bits(from, count, row + x);
    else
        memcpy(row + x * width, from, count * width);
}

/* A picture that is being read. */
typedef struct reading {
    const char *path;
    TIFF *tiff;
    fault fault;
    plane plane;
    rad_picture picture;
    size_t pitch, next;
    unsigned char *block; /* a line, or a tile, as libtiff gives it */
    unsigned char *rows;  /* of samples: the next, or those of a row of tiles */
    size_t across, down, tile_row;
} reading;

/* Where the next line lies as it is, for libtiff reads strips whole, and one may be all of the picture. Bits
 * of bytes the other way round are left to it. */
static bool find_plain(const reading *r, uint64_t *at) {
    const plane *p = &r->plane;
    uint16_t coding = 0, order = 0;
    uint32_t rows = 0;
    TIFFGetFieldDefaulted(r->tiff, TIFFTAG_COMPRESSION, &coding);
    TIFFGetFieldDefaulted(r->tiff, TIFFTAG_FILLORDER, &order);
    TIFFGetFieldDefaulted(r->tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    if (coding != COMPRESSION_NONE || order != FILLORDER_MSB2LSB || p->bits < 8 || !rows) return false;
    const uint32_t strip = (uint32_t)r->next / rows, left = p->height - strip * rows;
    if (TIFFGetStrileByteCount(r->tiff, strip) < (uint64_t)(left < rows ? left : rows) * r->pitch)
        return false;
    *at = TIFFGetStrileOffset(r->tiff, strip) + r->next % rows * r->pitch;
    return *at <= INT64_MAX - r->pitch;
}

static rad_status read_plain(reading *r, uint64_t at, rad_error *error) {
    const plane *p = &r->plane;
    const tmsize_t samples = (tmsize_t)p->width * p->samples;
    rad_status status = rad_file_read(r->path, TIFFFileno(r->tiff), r->rows, r->pitch, (size_t)at, error);
    if (status != RAD_OK || !TIFFIsByteSwapped(r->tiff)) return status;
    if (p->bits == 16) TIFFSwabArrayOfShort((uint16_t *)(void *)r->rows, samples);
    if (p->bits == 32) TIFFSwabArrayOfLong((uint32_t *)(void *)r->rows, samples);
    if (p->bits == 64) TIFFSwabArrayOfLong8((uint64_t *)(void *)r->rows, samples);
    return RAD_OK;
}

static bool read_line(reading *r) {
    const bool good = TIFFReadScanline(r->tiff, r->block, (uint32_t)r->next, 0) == 1;
    if (good) put_part(&r->plane, 0, r->plane.width, r->block, r->rows);
    return good;
}

/* Tiles whose rows begin with the next. */
static bool read_tiles(reading *r) {
    const plane *p = &r->plane;
    const size_t left = p->height - r->next, down = left < r->down ? left : r->down;
    bool good = true;
    for (size_t x = 0; x < p->width && good; x += r->across) {
        good = TIFFReadTile(r->tiff, r->block, (uint32_t)x, (uint32_t)r->next, 0, 0) == TIFFTileSize(r->tiff);
        const size_t count = p->width - x < r->across ? p->width - x : r->across;
        for (size_t k = 0; k < down && good; k++)
            put_part(p, x, count, r->block + k * r->tile_row, r->rows + k * r->pitch);
    }
    return good;
}

/* Room for what libtiff gives at once, which is as large as the picture needs. */
static rad_status open_blocks(reading *r, rad_error *error) {
    const plane *p = &r->plane;
    tmsize_t length = TIFFScanlineSize(r->tiff), row = length;
    uint32_t across = p->width, down = 1;
    if (p->tiled) {
        TIFFGetField(r->tiff, TIFFTAG_TILEWIDTH, &across);
        TIFFGetField(r->tiff, TIFFTAG_TILELENGTH, &down);
        length = TIFFTileSize(r->tiff);
        row = TIFFTileRowSize(r->tiff);
    }
    r->across = across;
    r->down = down < p->height ? down : p->height;
    r->tile_row = row > 0 ? (size_t)row : 0;
    if (length <= 0 || length > BLOCK_MOST || !across || !down || (size_t)length / down < r->tile_row ||
        r->tile_row < ((size_t)across * p->samples * p->bits + 7) / 8)
        return damaged(r->path, &r->fault, error);
    r->pitch = p->width * rad_type_size(r->picture.type) * p->samples;
    r->block = rad_new((size_t)length, 1, error);
    r->rows = r->block ? rad_new_raw(r->pitch, r->down, error) : NULL;
    return r->rows ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status open_rows(const rad_raster *raster, void **state, rad_error *error) {
    const size_t *size = raster->header.geometry.size;
    const char *path = raster->files[0];
    reading *r = *state = rad_new(1, sizeof *r, error);
    if (!r) return RAD_NO_MEMORY;
    r->path = path;
    rad_status status = open_tiff(path, &r->fault, &r->tiff, error);
    if (status == RAD_OK) status = find_picture(path, r->tiff, &r->plane, &r->picture, error);
    if (status != RAD_OK) return status;
    if (r->plane.width != size[0] || r->plane.height != size[1] || r->picture.type != raster->header.type)
        return rad_fail(error, RAD_UNREADABLE, "%s: the file was changed while it was read", path);
    return open_blocks(r, error);
}

static rad_status read_row(void *state, void *row, rad_error *error) {
    reading *r = state;
    const size_t at = r->plane.tiled ? r->next % r->down : 0;
    uint64_t place;
    rad_status status = RAD_OK;
    if (!r->plane.tiled && find_plain(r, &place))
        status = read_plain(r, place, error);
    else if (!at && !(r->plane.tiled ? read_tiles(r) : read_line(r)))
        status = damaged(r->path, &r->fault, error);
    r->next++;
    if (status != RAD_OK) return status;
    status = rad_picture_grey(r->path, &r->picture, r->rows + at * r->pitch, row, error);
    for (size_t x = 0; x < r->plane.width && r->plane.bits == 1; x++)
        ((unsigned char *)row)[x] &= 1; /* of those that are inverted */
    return status;
}

static rad_status finish_rows(void *state, rad_error *error) {
    (void)state, (void)error;
    return RAD_OK;
}

static void close_rows(void *state) {
    reading *r = state;
    if (!r) return;
    if (r->tiff) TIFFClose(r->tiff);
    rad_free(r->block);
    rad_free(r->rows);
    rad_free(r);
}

/* No coding of TIFF makes more than some thousand bytes of one; one that is said to is wrong. */
static rad_status check_length(const char *path, TIFF *tiff, const plane *p, rad_error *error) {
    const double bytes = (double)p->width * p->height * p->samples * p->bits / 8,
                 most = 32768.0 * (double)TIFFGetSizeProc(tiff)(TIFFClientdata(tiff));
    if (bytes <= most) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: truncated or wrong header: %u x %u pixels cannot be in it",
                    path, p->width, p->height);
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    static const rad_raster_decoder decoder = {open_rows, read_row, finish_rows, close_rows};
    fault f;
    TIFF *tiff;
    plane p;
    rad_picture picture;
    rad_status status = open_tiff(path, &f, &tiff, error);
    if (status != RAD_OK) return status;
    status = find_picture(path, tiff, &p, &picture, error);
    if (status == RAD_OK) status = check_length(path, tiff, &p, error);
    if (status == RAD_OK) status = rad_picture_put(path, &picture, raster, warnings, error);
    raster->decoder = &decoder;
    TIFFClose(tiff);
    return status;
}

static bool sniff(const rad_glance *glance) {
    static const char magics[4][5] = {"II*\0", "MM\0*", "II+\0", "MM\0+"};
    for (size_t i = 0; i < 4; i++)
        if (!glance->gzipped && glance->count >= 8 && !memcmp(glance->bytes, magics[i], 4)) return true;
    return false;
}

const rad_reader rad_reader_tiff = {
    .name = "TIFF",
    .endings = (const char *const[]){".tiff", ".tif", NULL},
    .sniff = sniff,
    .parse = parse,
};
