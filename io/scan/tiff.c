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

static bool read_strips(TIFF *tiff, const plane *p, size_t pitch, unsigned char *rows, rad_error *error) {
    const tmsize_t length = TIFFScanlineSize(tiff);
    unsigned char *line = length > 0 ? rad_new((size_t)length, 1, error) : NULL;
    bool good = line && (size_t)length >= ((size_t)p->width * p->samples * p->bits + 7) / 8;
    for (uint32_t y = 0; y < p->height && good; y++) {
        good = TIFFReadScanline(tiff, line, y, 0) == 1;
        if (good) put_part(p, 0, p->width, line, rows + y * pitch);
    }
    rad_free(line);
    return good;
}

static bool read_tiles(TIFF *tiff, const plane *p, size_t pitch, unsigned char *rows, rad_error *error) {
    uint32_t across = 0, down = 0;
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &across);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &down);
    const tmsize_t length = TIFFTileSize(tiff), row = TIFFTileRowSize(tiff);
    unsigned char *tile = length > 0 && length <= BLOCK_MOST ? rad_new((size_t)length, 1, error) : NULL;
    bool good = tile && across && down && row > 0 && (size_t)length >= (size_t)row * down &&
                (size_t)row >= ((size_t)across * p->samples * p->bits + 7) / 8;
    for (uint32_t y = 0; y < p->height && good; y += down)
        for (uint32_t x = 0; x < p->width && good; x += across) {
            good = TIFFReadTile(tiff, tile, x, y, 0, 0) == length;
            const size_t count = p->width - x < across ? p->width - x : across;
            for (uint32_t k = 0; k < down && y + k < p->height && good; k++)
                put_part(p, x, count, tile + k * (size_t)row, rows + (y + k) * pitch);
        }
    rad_free(tile);
    return good;
}

static rad_status unpack_rows(const char *path, TIFF *tiff, const fault *f, void *out, rad_error *error) {
    plane p;
    rad_picture picture;
    rad_status status = find_picture(path, tiff, &p, &picture, error);
    if (status != RAD_OK) return status;
    const size_t width = rad_type_size(picture.type), row = p.width * width, pitch = row * p.samples;
    unsigned char *rows = rad_new_raw(pitch, p.height, error);
    if (!rows) return RAD_NO_MEMORY;
    const bool good =
        p.tiled ? read_tiles(tiff, &p, pitch, rows, error) : read_strips(tiff, &p, pitch, rows, error);
    if (!good) status = damaged(path, f, error);
    for (size_t y = 0; y < p.height && status == RAD_OK; y++) {
        unsigned char *to = (unsigned char *)out + y * row;
        status = rad_picture_grey(path, &picture, rows + y * pitch, to, error);
        for (size_t x = 0; x < row && p.bits == 1; x++) to[x] &= 1; /* of those that are inverted */
    }
    rad_free(rows);
    return status;
}

static rad_status unpack(const rad_raster *raster, void *out, size_t bytes, rad_error *error) {
    const char *path = raster->files[0];
    const size_t *size = raster->header.geometry.size;
    fault f;
    TIFF *tiff;
    rad_status status = open_tiff(path, &f, &tiff, error);
    if (status != RAD_OK) return status;
    const plane p = find_plane(tiff);
    if (p.width != size[0] || p.height != size[1] || rad_type_size(type_of(&p)) * size[0] * size[1] != bytes)
        status = rad_fail(error, RAD_UNREADABLE, "%s: the file was changed while it was read", path);
    if (status == RAD_OK) status = unpack_rows(path, tiff, &f, out, error);
    TIFFClose(tiff);
    return status;
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
    fault f;
    TIFF *tiff;
    plane p;
    rad_picture picture;
    rad_status status = open_tiff(path, &f, &tiff, error);
    if (status != RAD_OK) return status;
    status = find_picture(path, tiff, &p, &picture, error);
    if (status == RAD_OK) status = check_length(path, tiff, &p, error);
    if (status == RAD_OK) status = rad_picture_put(path, &picture, raster, warnings, error);
    raster->unpack = unpack;
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
