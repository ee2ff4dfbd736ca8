/* MGH and MGZ files of FreeSurfer: 284 bytes, voxels in big endian order, and what a program adds behind. */
#include "../stream.h"
#include "affine.h"
#include "binary.h"
#include "source.h"

#include <math.h>

enum { HEADER = 284, DIMENSIONS = 4, TYPE = 20, GOOD = 28, DELTA = 30, MATRIX = 42, CENTRE = 78 };

static const struct {
    int32_t code;
    rad_type type;
} types[] = {{0, RAD_UINT8}, {1, RAD_INT32}, {3, RAD_FLOAT32}, {4, RAD_INT16}, {10, RAD_UINT16}};

static rad_type find_type(int32_t code) {
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].code == code) return types[i].type;
    return RAD_NO_TYPE;
}

static rad_binary fields_of(const unsigned char *bytes) {
    return (rad_binary){bytes, __BYTE_ORDER__ != __ORDER_BIG_ENDIAN__};
}

/* The low byte of the first number is the version, and what is above it an intent. */
static bool is_version_1(const rad_binary *f) {
    return (rad_binary_int32(f, 0) & 0xff) == 1 && f->bytes[0] == 0;
}

static rad_status put_sizes(const char *path, const rad_binary *f, rad_raster *raster, rad_error *error) {
    int32_t size[4];
    for (size_t a = 0; a < 4; a++) {
        size[a] = rad_binary_int32(f, DIMENSIONS + 4 * a);
        if (size[a] < 1)
            return rad_fail(error, RAD_UNREADABLE, "%s: the MGH header says size %d for axis %zu; at least 1",
                            path, size[a], a);
    }
    for (size_t a = 0; a < 3; a++) raster->header.geometry.size[a] = (size_t)size[a];
    raster->channels = (size_t)size[3];
    raster->planar = true;
    return RAD_OK;
}

/* Directions times spacings; the centre of the image is given, in millimetres to right, front and head. */
static rad_status put_place(const char *path, const rad_binary *f, rad_raster *raster, rad_warnings *warnings,
                            rad_error *error) {
    static const double usual[3][3] = {{-1, 0, 0}, {0, 0, 1}, {0, -1, 0}};
    const bool good = rad_binary_int16(f, GOOD) > 0;
    rad_geometry *g = &raster->header.geometry;
    rad_affine affine = {{{0}}};
    for (size_t r = 0; r < 3; r++) {
        affine.m[r][3] = good ? rad_binary_float(f, CENTRE + 4 * r) : 0;
        for (size_t a = 0; a < 3; a++) {
            affine.m[r][a] =
                good ? rad_binary_float(f, MATRIX + 12 * a + 4 * r) * rad_binary_float(f, DELTA + 4 * a)
                     : usual[r][a];
            affine.m[r][3] -= affine.m[r][a] * (double)g->size[a] / 2;
        }
    }
    if (g->size[2] == 1) rad_affine_complete(&affine);
    const char *fault = rad_affine_geometry(&affine, 1, g);
    if (fault) return rad_fail(error, RAD_UNREADABLE, "%s: the matrix of the MGH header %s", path, fault);
    for (size_t a = 0; a < 3 && good; a++) rad_affine_named(g, a, rad_binary_float(f, DELTA + 4 * a));
    if (!good)
        rad_warn(warnings,
                 "%s: the header says no spacing and no directions; voxels of 1 mm in the order left, feet, "
                 "front are assumed",
                 path);
    return RAD_OK;
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    unsigned char bytes[HEADER] = {0};
    const rad_binary f = fields_of(bytes);
    rad_stream stream;
    rad_status status = rad_stream_open(path, &stream, error);
    if (status == RAD_OK) status = rad_stream_read(&stream, bytes, sizeof bytes, error);
    rad_stream_close(&stream);
    if (status != RAD_OK) return status;
    const int32_t code = rad_binary_int32(&f, TYPE);
    raster->header.type = find_type(code);
    if (!is_version_1(&f) || !raster->header.type)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: MGH of version %d with voxels of type %d; version 1 and types 0, 1, 3, 4, 10 are read", path,
            rad_binary_int32(&f, 0), code);
    status = put_sizes(path, &f, raster, error);
    if (status == RAD_OK) status = put_place(path, &f, raster, warnings, error);
    if (status == RAD_OK) status = rad_raster_add_file(raster, path, error);
    raster->swapped = f.swapped;
    raster->skip = HEADER;
    raster->goes_on = true;
    return status;
}

/* Version, sizes that are some, a type that there is: no magic number says so. */
static bool sniff(const rad_glance *glance) {
    const rad_binary f = fields_of(glance->bytes);
    if (glance->count < HEADER || !is_version_1(&f) || !find_type(rad_binary_int32(&f, TYPE))) return false;
    for (size_t a = 0; a < 4; a++)
        if (rad_binary_int32(&f, DIMENSIONS + 4 * a) < 1) return false;
    return true;
}

const rad_reader rad_reader_mgh = {
    .name = "MGH",
    .endings = (const char *const[]){".mgh.gz", ".mgz", ".mgh", NULL},
    .sniff = sniff,
    .parse = parse,
};
