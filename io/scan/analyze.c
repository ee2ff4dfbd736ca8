/* ANALYZE 7.5: .hdr and .img, before NIfTI gave the header a magic number. It has no axes of a patient. */
#include "../../core/memory.h"
#include "../stream.h"
#include "affine.h"
#include "binary.h"
#include "pair.h"

#include <math.h>
#include <string.h>

enum {
    HEADER = 348,
    DIMENSIONS = 40,
    TYPE = 70,
    BITS = 72,
    SPACING = 76,
    OFFSET = 108,
    SCALE = 112,
    ORIGIN = 253,
    MAGIC = 344
};

/* Types of the format, and those that SPM added. */
static const struct {
    int16_t code, bits;
    rad_type type;
} types[] = {
    {2, 8, RAD_UINT8},     {4, 16, RAD_INT16},    {8, 32, RAD_INT32},    {16, 32, RAD_FLOAT32},
    {64, 64, RAD_FLOAT64}, {130, 8, RAD_INT8},    {132, 16, RAD_UINT16}, {136, 32, RAD_UINT32},
    {256, 8, RAD_INT8},    {512, 16, RAD_UINT16}, {768, 32, RAD_UINT32},
};
enum { TYPES = sizeof types / sizeof types[0] };

static size_t find_type(int16_t code) {
    size_t i = 0;
    while (i < TYPES && types[i].code != code) i++;
    return i;
}

/* 348 bytes in one of the orders, and no magic number of NIfTI. */
static bool is_header(const unsigned char *bytes, rad_binary *f) {
    *f = (rad_binary){bytes, false};
    if (rad_binary_int32(f, 0) != HEADER) f->swapped = true;
    return rad_binary_int32(f, 0) == HEADER && memcmp(bytes + MAGIC, "n+1", 4) != 0 &&
           memcmp(bytes + MAGIC, "ni1", 4) != 0;
}

static rad_status read_header(const char *path, unsigned char *bytes, size_t *got, rad_error *error) {
    rad_stream stream;
    rad_status status = rad_stream_open(path, &stream, error);
    if (status == RAD_OK) status = rad_stream_read_some(&stream, bytes, HEADER, got, error);
    rad_stream_close(&stream);
    return status;
}

static rad_status put_sizes(const char *path, const rad_binary *f, rad_raster *raster, rad_error *error) {
    const int16_t axes = rad_binary_int16(f, DIMENSIONS);
    if (axes < 1 || axes > 7)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the ANALYZE header says %d dimensions; 1 to 7 are allowed", path, axes);
    for (size_t a = 0; a < 7; a++) {
        const int16_t size = (int16_t)a < axes ? rad_binary_int16(f, DIMENSIONS + 2 * (a + 1)) : 1;
        if (size < 1 && a < 3)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: the ANALYZE header says size %d for dimension %zu; at least 1", path, size,
                            a + 1);
        if (a < 3)
            raster->header.geometry.size[a] = (size_t)size;
        else if (size > 1) /* none is written as 0, too */
            raster->channels *= (size_t)size;
    }
    raster->planar = true;
    return RAD_OK;
}

/* x is taken to run from right to left, as SPM and nibabel take it; the origin is SPM's where it is one (a
 * voxel, from 1), else the middle of the image. */
static rad_status put_place(const char *path, const rad_binary *f, rad_raster *raster, rad_error *error) {
    rad_geometry *g = &raster->header.geometry;
    rad_affine affine = {{{0}}};
    double origin[3];
    bool named = false, fits = true;
    for (size_t a = 0; a < 3; a++) {
        origin[a] = rad_binary_int16(f, ORIGIN + 2 * a);
        named = named || origin[a] != 0;
        fits = fits && origin[a] > -(double)g->size[a] && origin[a] < 2 * (double)g->size[a];
    }
    for (size_t a = 0; a < 3; a++) {
        double spacing = fabs(rad_binary_float(f, SPACING + 4 * (a + 1)));
        if (spacing == 0) spacing = 1;
        affine.m[a][a] = a == 0 ? -spacing : spacing;
        affine.m[a][3] = -affine.m[a][a] * (named && fits ? origin[a] - 1 : (double)(g->size[a] - 1) / 2);
    }
    const char *fault = rad_affine_geometry(&affine, 1, g);
    return fault ? rad_fail(error, RAD_UNREADABLE, "%s: the voxel spacing %s", path, fault) : RAD_OK;
}

static rad_status put_voxels(const char *path, const rad_binary *f, rad_raster *raster, rad_error *error) {
    const int16_t code = rad_binary_int16(f, TYPE), bits = rad_binary_int16(f, BITS);
    const size_t type = find_type(code);
    if (type == TYPES)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: ANALYZE voxels of type %d; integers and floats of one channel are allowed", path,
                        code);
    if (bits && bits != types[type].bits)
        return rad_fail(error, RAD_UNREADABLE, "%s: %d bits per voxel do not fit type %d", path, bits, code);
    const double offset = fabs(rad_binary_float(f, OFFSET)), scale = rad_binary_float(f, SCALE);
    if (!(offset < 0x1p30) || offset != floor(offset))
        return rad_fail(error, RAD_UNREADABLE, "%s: voxels cannot begin at byte %g", path, offset);
    raster->header.type = types[type].type;
    raster->header.slope = isfinite(scale) && scale != 0 ? scale : 1; /* of SPM */
    raster->skip = (size_t)offset;
    raster->swapped = f->swapped;
    return RAD_OK;
}

static rad_status parse(const char *given, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    unsigned char bytes[HEADER] = {0};
    rad_binary f;
    size_t got = 0;
    char *path = rad_pair_name(given, ".hdr", error), *voxels = rad_pair_name(given, ".img", error);
    rad_status status = path && voxels ? read_header(path, bytes, &got, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && (got < HEADER || !is_header(bytes, &f)))
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not ANALYZE 7.5", path);
    if (status == RAD_OK && !strcmp(path, voxels))
        status =
            rad_fail(error, RAD_UNREADABLE,
                     "%s: is a header of ANALYZE 7.5; name it .hdr, beside its voxels in a file .img", path);
    if (status == RAD_OK) status = put_sizes(path, &f, raster, error);
    if (status == RAD_OK) status = put_voxels(path, &f, raster, error);
    if (status == RAD_OK) status = put_place(path, &f, raster, error);
    if (status == RAD_OK) status = rad_raster_add_file(raster, voxels, error);
    if (status == RAD_OK)
        rad_warn(warnings,
                 "%s: ANALYZE 7.5 does not say which side is left; x is taken to run from right to left. "
                 "Convert it "
                 "to NIfTI where sides matter%s",
                 path, raster->header.slope != 1 ? "; voxels are multiplied by the scale factor of SPM" : "");
    rad_free(path);
    rad_free(voxels);
    return status;
}

static bool sniff(const rad_glance *glance) {
    unsigned char bytes[HEADER];
    rad_binary f;
    size_t got = 0;
    rad_error unread;
    const char *end = rad_pair_ending(glance->path);
    if (!end || glance->folder) return false;
    if (end[1] == 'h') return glance->count >= HEADER && is_header(glance->bytes, &f);
    char *header = rad_pair_name(glance->path, ".hdr", &unread);
    const bool read = header && read_header(header, bytes, &got, &unread) == RAD_OK && got == HEADER;
    rad_free(header);
    return read && is_header(bytes, &f);
}

const rad_reader rad_reader_analyze = {
    .name = "ANALYZE 7.5",
    .endings = (const char *const[]){".hdr.gz", ".hdr", NULL}, /* also of NIfTI pairs */
    .sniff = sniff,
    .parse = parse,
};
