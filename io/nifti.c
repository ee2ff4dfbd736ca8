#include "nifti.h"

#include "../core/memory.h"
#include "bytes.h"

#include <libdeflate.h>
#include <limits.h>
#include <math.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A header in host byte order, and what the library makes of it. */
typedef struct header {
    int version;  /* 1 or 2 */
    bool swapped; /* the file has the other byte order */
    bool pair;    /* voxels are in a file of their own */
    int64_t dim[8];
    int datatype, bits;
    int64_t offset;
    double slope, intercept;
    nifti_image *image;
} header;

static const struct {
    int code;
    rad_type type;
    int bits; /* in the file */
} types[] = {
    {DT_UINT8, RAD_UINT8, 8},      {DT_INT8, RAD_INT8, 8},          {DT_UINT16, RAD_UINT16, 16},
    {DT_INT16, RAD_INT16, 16},     {DT_UINT32, RAD_UINT32, 32},     {DT_INT32, RAD_INT32, 32},
    {DT_UINT64, RAD_UINT64, 64},   {DT_INT64, RAD_INT64, 64},       {DT_FLOAT32, RAD_FLOAT32, 32},
    {DT_FLOAT64, RAD_FLOAT64, 64}, {DT_FLOAT128, RAD_FLOAT64, 128},
};
enum { TYPES = sizeof types / sizeof types[0] };

static int find_type(int code) {
    for (int i = 0; i < TYPES; i++)
        if (types[i].code == code) return i;
    return -1;
}

static bool magic_is(const char *magic, const char *word) {
    return !memcmp(magic, word, 4);
}

static rad_status take_version_1(const char *path, const unsigned char *head, header *h, rad_error *error) {
    nifti_1_header n;
    memcpy(&n, head, sizeof n);
    if (h->swapped) swap_nifti_header(&n, 1);
    h->version = 1;
    h->pair = magic_is(n.magic, "ni1");
    if (!h->pair && !magic_is(n.magic, "n+1"))
        return rad_fail(error, RAD_UNREADABLE, "%s: is not NIfTI: the magic is neither n+1 nor ni1", path);
    for (int i = 0; i < 8; i++) h->dim[i] = n.dim[i];
    h->datatype = n.datatype;
    h->bits = n.bitpix;
    h->offset = n.vox_offset >= 0 && n.vox_offset < 0x1p30F ? (int64_t)n.vox_offset : -1;
    h->slope = (double)n.scl_slope;
    h->intercept = (double)n.scl_inter;
    return RAD_OK;
}

static rad_status take_version_2(const char *path, const unsigned char *head, header *h, rad_error *error) {
    nifti_2_header n;
    memcpy(&n, head, sizeof n);
    if (h->swapped) swap_nifti_header(&n, 2);
    h->version = 2;
    h->pair = magic_is(n.magic, "ni2");
    if (!h->pair && !magic_is(n.magic, "n+2"))
        return rad_fail(error, RAD_UNREADABLE, "%s: is not NIfTI: the magic is neither n+2 nor ni2", path);
    memcpy(h->dim, n.dim, sizeof h->dim);
    h->datatype = n.datatype;
    h->bits = n.bitpix;
    h->offset = n.vox_offset < (int64_t)1 << 30 ? n.vox_offset : -1;
    h->slope = n.scl_slope;
    h->intercept = n.scl_inter;
    return RAD_OK;
}

static rad_status check_dimensions(const char *path, const header *h, rad_error *error) {
    if (h->dim[0] < 1 || h->dim[0] > 7)
        return rad_fail(error, RAD_UNREADABLE, "%s: %lld dimensions; 2 or 3 are allowed", path,
                        (long long)h->dim[0]);
    double voxels = 1;
    for (int i = 1; i <= h->dim[0]; i++) {
        if (h->dim[i] < 1)
            return rad_fail(error, RAD_UNREADABLE, "%s: dimension %d has size %lld; sizes are at least 1",
                            path, i, (long long)h->dim[i]);
        voxels *= (double)h->dim[i];
        if (i > 3 && h->dim[i] > 1)
            return rad_fail(
                error, RAD_UNREADABLE,
                "%s: holds %lld frames along dimension %d; one frame is allowed: save the frame to analyse "
                "as an image of its own",
                path, (long long)h->dim[i], i);
    }
    if (voxels > 0x1p40)
        return rad_fail(error, RAD_UNREADABLE, "%s: declares %.0f voxels; at most 2^40 are possible", path,
                        voxels);
    return RAD_OK;
}

static rad_status check_voxels(const char *path, const header *h, rad_error *error) {
    const int type = find_type(h->datatype);
    if (type < 0)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels of type %d (%s); integers and floats of one channel are allowed", path,
                        h->datatype, nifti_datatype_string(h->datatype));
    if (h->bits != types[type].bits)
        return rad_fail(error, RAD_UNREADABLE, "%s: %d bits a voxel do not fit type %s", path, h->bits,
                        nifti_datatype_string(h->datatype));
    const int64_t least = h->pair ? 0 : h->version == 1 ? 348 : 540;
    if (h->offset < least)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels cannot begin at byte %lld; at least %lld is allowed", path,
                        (long long)h->offset, (long long)least);
    if (!isfinite(h->slope) || !isfinite(h->intercept))
        return rad_fail(error, RAD_UNREADABLE, "%s: scl_slope %g and scl_inter %g must be finite", path,
                        h->slope, h->intercept);
    return RAD_OK;
}

/* The library turns the checked header into affines and units. */
static rad_status convert(const char *path, const unsigned char *head, header *h, rad_error *error) {
    nifti_set_debug_level(0);
    if (h->version == 1) {
        nifti_1_header n;
        memcpy(&n, head, sizeof n);
        h->image = nifti_convert_n1hdr2nim(n, path);
    } else {
        nifti_2_header n;
        memcpy(&n, head, sizeof n);
        h->image = nifti_convert_n2hdr2nim(n, path);
    }
    if (h->image) return RAD_OK;
    rad_fail(error, RAD_UNREADABLE, "%s: the NIfTI library refuses the header", path);
    return RAD_UNREADABLE;
}

static rad_status parse_header(const char *path, const rad_bytes *bytes, header *h, rad_error *error) {
    unsigned char head[sizeof(nifti_2_header)] = {0};
    size_t got = 0;
    *h = (header){0};
    rad_status status = rad_bytes_head(path, bytes, head, sizeof head, &got, error);
    if (status != RAD_OK) return status;
    uint32_t size = 0;
    memcpy(&size, head, sizeof size);
    h->swapped = size == __builtin_bswap32(348) || size == __builtin_bswap32(540);
    if (h->swapped) size = __builtin_bswap32(size);
    if ((size != 348 && size != 540) || got < size)
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a NIfTI file: %s", path,
                        got < 348 ? "too short for a header" : "the header size is neither 348 nor 540");
    status = size == 348 ? take_version_1(path, head, h, error) : take_version_2(path, head, h, error);
    if (status == RAD_OK) status = check_dimensions(path, h, error);
    if (status == RAD_OK) status = check_voxels(path, h, error);
    return status == RAD_OK ? convert(path, head, h, error) : status;
}

/* Geometry of an affine in millimetres; why it is none, or NULL. */
static const char *geometry_of(nifti_dmat44 m, double scale, rad_geometry *g) {
    double *d = g->direction;
    for (int a = 0; a < 3; a++) {
        double norm = 0;
        for (int r = 0; r < 3; r++) norm += m.m[r][a] * m.m[r][a];
        norm = sqrt(norm);
        if (!isfinite(norm) || !isfinite(m.m[a][3])) return "is not finite";
        if (!(norm > 0)) return "has a spacing of 0";
        g->spacing[a] = norm * scale;
        g->origin[a] = m.m[a][3] * scale;
        for (int r = 0; r < 3; r++) d[3 * r + a] = m.m[r][a] / norm;
    }
    for (int a = 0; a < 3; a++) {
        const int b = (a + 1) % 3;
        if (fabs(d[a] * d[b] + d[3 + a] * d[3 + b] + d[6 + a] * d[6 + b]) > 1e-3)
            return "has axes that are not at right angles";
    }
    return NULL;
}

static double millimetres(int units) {
    return units == NIFTI_UNITS_METER ? 1000 : units == NIFTI_UNITS_MICRON ? 0.001 : 1;
}

static nifti_dmat44 from_spacing(const nifti_image *image) {
    nifti_dmat44 m = {{{0}}};
    const double spacing[3] = {image->dx, image->dy, image->dz};
    for (int a = 0; a < 3; a++) m.m[a][a] = spacing[a] != 0 ? fabs(spacing[a]) : 1;
    m.m[3][3] = 1;
    return m;
}

/* A flat image often has no third axis in its affine: any at right angles serves. */
static void complete(nifti_dmat44 *m, const header *h) {
    if (h->dim[0] > 2 && h->dim[3] > 1) return;
    double norm = 0, cross[3];
    for (int r = 0; r < 3; r++) norm += m->m[r][2] * m->m[r][2];
    if (norm > 0) return;
    for (int r = 0; r < 3; r++) {
        const int s = (r + 1) % 3, t = (r + 2) % 3;
        cross[r] = m->m[s][0] * m->m[t][1] - m->m[t][0] * m->m[s][1];
        norm += cross[r] * cross[r];
    }
    for (int r = 0; r < 3; r++) m->m[r][2] = norm > 0 ? cross[r] / sqrt(norm) : r == 2;
}

static rad_status take_geometry(const char *path, const header *h, rad_geometry *g, rad_warnings *warnings,
                                rad_error *error) {
    const nifti_image *image = h->image;
    const bool sform = image->sform_code > 0, qform = image->qform_code > 0;
    const double scale = millimetres(image->xyz_units);
    nifti_dmat44 m = sform ? image->sto_xyz : qform ? image->qto_xyz : from_spacing(image);
    for (int a = 0; a < 3; a++) g->size[a] = h->dim[0] > a ? (size_t)h->dim[a + 1] : 1;
    complete(&m, h);
    const char *fault = geometry_of(m, scale, g);
    if (fault)
        return rad_fail(error, RAD_UNREADABLE, "%s: the %s %s", path,
                        sform   ? "sform"
                        : qform ? "qform"
                                : "voxel spacing",
                        fault);
    rad_geometry other = *g;
    if (sform && qform && (geometry_of(image->qto_xyz, scale, &other) || !rad_geometry_same(g, &other)))
        rad_warn(warnings, "%s: sform and qform disagree; the sform is used", path);
    if (!sform && !qform)
        rad_warn(warnings, "%s: neither sform nor qform is set; directions are unknown", path);
    return RAD_OK;
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

/* image.hdr[.gz] and image.img[.gz] name each other; NULL when the name is neither. */
static char *partner(const char *path, const char *from, const char *to, rad_error *error) {
    const size_t length = strlen(path);
    char *name = rad_new(length + 1, 1, error);
    if (!name) return NULL;
    snprintf(name, length + 1, "%s", path);
    const size_t tail = length > 3 && !strcmp(path + length - 3, ".gz") ? 3 : 0;
    if (length > tail + 4 && !memcmp(path + length - tail - 4, from, 4))
        memcpy(name + length - tail - 4, to, 4);
    return name;
}

static rad_status read_voxels(const char *path, const rad_bytes *bytes, const header *h, rad_volume *volume,
                              rad_error *error) {
    const int type = find_type(h->datatype);
    const size_t count = rad_geometry_count(&volume->geometry), width = (size_t)types[type].bits / 8;
    unsigned char *voxels = NULL;
    rad_status status = rad_bytes_content(path, bytes, (size_t)h->offset, count * width, &voxels, error);
    if (status != RAD_OK) return status;
    if (h->swapped) swap_bytes(voxels, count, width);
    if (width == 16) narrow(voxels, count);
    volume->voxels = voxels;
    return RAD_OK;
}

static rad_status read_pair(const char *path, const header *h, rad_volume *volume, rad_error *error) {
    char *name = partner(path, ".hdr", ".img", error);
    if (!name) return RAD_NO_MEMORY;
    rad_bytes bytes;
    rad_status status = rad_bytes_read(name, &bytes, error);
    if (status == RAD_OK) status = read_voxels(name, &bytes, h, volume, error);
    rad_bytes_free(&bytes);
    rad_free(name);
    return status;
}

static rad_status read_file(const char *given, bool voxels, rad_volume *volume, rad_warnings *warnings,
                            rad_error *error) {
    header h = {0};
    rad_bytes bytes = {0};
    *volume = (rad_volume){0};
    char *path = partner(given, ".img", ".hdr", error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status == RAD_OK) status = parse_header(path, &bytes, &h, error);
    if (status == RAD_OK && h.image) status = take_geometry(path, &h, &volume->geometry, warnings, error);
    if (status == RAD_OK) {
        volume->type = types[find_type(h.datatype)].type;
        volume->slope = h.slope != 0 ? h.slope : 1;
        volume->intercept = h.slope != 0 ? h.intercept : 0;
        if (voxels && h.pair)
            status = read_pair(path, &h, volume, error);
        else if (voxels)
            status = read_voxels(path, &bytes, &h, volume, error);
    }
    if (status != RAD_OK) rad_volume_free(volume);
    nifti_image_free(h.image);
    rad_bytes_free(&bytes);
    rad_free(path);
    return status;
}

rad_status rad_nifti_read(const char *path, rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return read_file(path, true, volume, warnings, error);
}

rad_status rad_nifti_read_header(const char *path, rad_volume *volume, rad_warnings *warnings,
                                 rad_error *error) {
    return read_file(path, false, volume, warnings, error);
}

static void fill_header(const rad_volume *volume, nifti_1_header *h) {
    const rad_geometry *g = &volume->geometry;
    *h = (nifti_1_header){.sizeof_hdr = 348,
                          .vox_offset = 352,
                          .xyzt_units = NIFTI_UNITS_MM,
                          .sform_code = 1,
                          .scl_slope = (float)volume->slope,
                          .scl_inter = (float)volume->intercept,
                          .dim = {3, (short)g->size[0], (short)g->size[1], (short)g->size[2], 1, 1, 1, 1},
                          .magic = "n+1"};
    for (int i = 0; i < TYPES - 1; i++)
        if (types[i].type == volume->type) {
            h->datatype = (short)types[i].code;
            h->bitpix = (short)types[i].bits;
        }
    float *rows[3] = {h->srow_x, h->srow_y, h->srow_z};
    h->pixdim[0] = 1;
    for (int r = 0; r < 3; r++) {
        h->pixdim[r + 1] = (float)g->spacing[r];
        for (int a = 0; a < 3; a++) rows[r][a] = (float)(g->direction[3 * r + a] * g->spacing[a]);
        rows[r][3] = (float)g->origin[r];
    }
}

/* One buffer of header and voxels, or its gzip. */
static rad_status pack(const rad_volume *volume, bool gzip, rad_bytes *packed, rad_error *error) {
    nifti_1_header h;
    fill_header(volume, &h);
    const size_t voxels = rad_geometry_count(&volume->geometry) * rad_type_size(volume->type),
                 length = 352 + voxels;
    rad_bytes plain = {rad_new(length, 1, error), length};
    if (!plain.data) return RAD_NO_MEMORY;
    memcpy(plain.data, &h, sizeof h);
    memcpy(plain.data + 352, volume->voxels, voxels);
    *packed = plain;
    if (!gzip) return RAD_OK;
    struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(6);
    const size_t room = deflater ? libdeflate_gzip_compress_bound(deflater, length) : 0;
    packed->data = deflater ? rad_new_raw(room, 1, error) : NULL;
    if (packed->data)
        packed->length = libdeflate_gzip_compress(deflater, plain.data, length, packed->data, room);
    libdeflate_free_compressor(deflater);
    rad_bytes_free(&plain);
    return packed->data ? RAD_OK : rad_fail(error, RAD_NO_MEMORY, "out of memory: gzip of %zu bytes", length);
}

rad_status rad_nifti_write(const char *path, const rad_volume *volume, rad_error *error) {
    for (int a = 0; a < 3; a++)
        if (volume->geometry.size[a] > SHRT_MAX)
            return rad_fail(error, RAD_UNWRITABLE, "%s: %zu voxels along axis %d; NIfTI-1 holds at most %d",
                            path, volume->geometry.size[a], a, SHRT_MAX);
    const size_t length = strlen(path);
    rad_bytes packed = {0};
    rad_status status = pack(volume, length > 3 && !strcmp(path + length - 3, ".gz"), &packed, error);
    if (status == RAD_OK) status = rad_bytes_write(path, &packed, 1, error);
    rad_bytes_free(&packed);
    return status;
}
