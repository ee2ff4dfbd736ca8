#include "nifti.h"

#include "../../core/memory.h"
#include "../stream.h"
#include "../tree.h"
#include "source.h"

#include <math.h>
#include <nifti2_io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How voxels lie in space, by each of the header's ways. */
typedef struct placement {
    int qform, sform, units; /* codes of the format */
    double spacing[3];
    nifti_dmat44 by_qform, by_sform;
} placement;

/* A header in host byte order. */
typedef struct header {
    int version;  /* 1 or 2 */
    bool swapped; /* the file has the other byte order */
    bool pair;    /* voxels are in a file of their own */
    int64_t dim[8];
    int datatype, bits;
    int64_t offset;
    double slope, intercept;
    placement place;
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

/* As the NIfTI library does when it makes an image of a header, for which it would ask for memory: sizes and
 * numbers that are none count as 1 and 0. */
static void place_by_qform(header *h, const double pixdim[4], const double quaternion[3],
                           const double offset[3]) {
    placement *p = &h->place;
    double b[3], o[3];
    for (int a = 0; a < 3; a++) {
        const double s = pixdim[a + 1];
        p->spacing[a] = h->dim[0] > a && (s == 0 || !isfinite(s)) ? 1 : s;
        b[a] = isfinite(quaternion[a]) ? quaternion[a] : 0;
        o[a] = isfinite(offset[a]) ? offset[a] : 0;
    }
    p->by_qform = nifti_quatern_to_dmat44(b[0], b[1], b[2], o[0], o[1], o[2], p->spacing[0], p->spacing[1],
                                          p->spacing[2], pixdim[0] < 0 ? -1 : 1);
}

static bool magic_is(const char *magic, const char *word) {
    return !memcmp(magic, word, 4);
}

static rad_status parse_version_1(const char *path, const unsigned char *head, header *h, rad_error *error) {
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
    const float pixdim[] = {n.pixdim[0], n.pixdim[1], n.pixdim[2], n.pixdim[3]};
    const double quaternion[] = {(double)n.quatern_b, (double)n.quatern_c, (double)n.quatern_d},
                 offset[] = {(double)n.qoffset_x, (double)n.qoffset_y, (double)n.qoffset_z};
    double spacing[4];
    for (int i = 0; i < 4; i++) {
        spacing[i] = (double)pixdim[i];
        h->place.by_sform.m[0][i] = (double)n.srow_x[i];
        h->place.by_sform.m[1][i] = (double)n.srow_y[i];
        h->place.by_sform.m[2][i] = (double)n.srow_z[i];
    }
    h->place.qform = n.qform_code;
    h->place.sform = n.sform_code;
    h->place.units = XYZT_TO_SPACE(n.xyzt_units);
    place_by_qform(h, spacing, quaternion, offset);
    return RAD_OK;
}

static rad_status parse_version_2(const char *path, const unsigned char *head, header *h, rad_error *error) {
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
    const double quaternion[] = {n.quatern_b, n.quatern_c, n.quatern_d},
                 offset[] = {n.qoffset_x, n.qoffset_y, n.qoffset_z};
    memcpy(h->place.by_sform.m[0], n.srow_x, sizeof n.srow_x);
    memcpy(h->place.by_sform.m[1], n.srow_y, sizeof n.srow_y);
    memcpy(h->place.by_sform.m[2], n.srow_z, sizeof n.srow_z);
    h->place.qform = n.qform_code;
    h->place.sform = n.sform_code;
    h->place.units = XYZT_TO_SPACE(n.xyzt_units);
    place_by_qform(h, n.pixdim, quaternion, offset);
    return RAD_OK;
}

static rad_status check_dimensions(const char *path, const header *h, rad_error *error) {
    if (h->dim[0] < 1 || h->dim[0] > 7)
        return rad_fail(error, RAD_UNREADABLE, "%s: has %lld dimensions; 2 or 3 are allowed", path,
                        (long long)h->dim[0]);
    double voxels = 1;
    for (int i = 1; i <= h->dim[0]; i++) {
        if (h->dim[i] < 1)
            return rad_fail(error, RAD_UNREADABLE, "%s: dimension %d has size %lld; it must be at least 1",
                            path, i, (long long)h->dim[i]);
        voxels *= (double)h->dim[i];
        if (i > 3 && h->dim[i] > 1)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: holds %lld frames along dimension %d; only one frame is allowed: save the "
                            "frame to analyse as a separate image",
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
        return rad_fail(error, RAD_UNREADABLE, "%s: %d bits per voxel do not fit type %s", path, h->bits,
                        nifti_datatype_string(h->datatype));
    const int64_t least = h->pair ? 0 : h->version == 1 ? 348 : 540;
    if (h->offset < least)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels cannot begin at byte %lld; they must begin at %lld or later", path,
                        (long long)h->offset, (long long)least);
    if (!isfinite(h->slope) || !isfinite(h->intercept))
        return rad_fail(error, RAD_UNREADABLE, "%s: scl_slope %g and scl_inter %g must be finite", path,
                        h->slope, h->intercept);
    return RAD_OK;
}

static rad_status parse_header(const char *path, header *h, rad_error *error) {
    unsigned char head[sizeof(nifti_2_header)] = {0};
    size_t got = 0;
    rad_stream stream;
    *h = (header){0};
    rad_status status = rad_stream_open(path, &stream, error);
    if (status == RAD_OK) status = rad_stream_read_some(&stream, head, sizeof head, &got, error);
    rad_stream_close(&stream);
    if (status != RAD_OK) return status;
    uint32_t size = 0;
    memcpy(&size, head, sizeof size);
    h->swapped = size == __builtin_bswap32(348) || size == __builtin_bswap32(540);
    if (h->swapped) size = __builtin_bswap32(size);
    if ((size != 348 && size != 540) || got < size)
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a NIfTI file: %s", path,
                        got < 348 ? "too short for a header" : "the header size is neither 348 nor 540");
    status = size == 348 ? parse_version_1(path, head, h, error) : parse_version_2(path, head, h, error);
    if (status == RAD_OK) status = check_dimensions(path, h, error);
    if (status == RAD_OK) status = check_voxels(path, h, error);
    return status;
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

static nifti_dmat44 from_spacing(const placement *p) {
    nifti_dmat44 m = {{{0}}};
    for (int a = 0; a < 3; a++) m.m[a][a] = p->spacing[a] != 0 ? fabs(p->spacing[a]) : 1;
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

/* The affine holds the spacing rounded three times, pixdim once; programs that keep spacing and direction
 * apart know the latter only. */
static void take_pixdim(const placement *p, double scale, rad_geometry *g) {
    for (int a = 0; a < 3; a++) {
        const double named = fabs(p->spacing[a]) * scale;
        if (fabs(named - g->spacing[a]) <= 1e-6 * named) g->spacing[a] = named;
    }
}

static rad_status compute_geometry(const char *path, const header *h, rad_geometry *g, rad_warnings *warnings,
                                   rad_error *error) {
    const placement *p = &h->place;
    const bool sform = p->sform > 0, qform = p->qform > 0;
    const double scale = millimetres(p->units);
    nifti_dmat44 m = sform ? p->by_sform : qform ? p->by_qform : from_spacing(p);
    for (int a = 0; a < 3; a++) g->size[a] = h->dim[0] > a ? (size_t)h->dim[a + 1] : 1;
    complete(&m, h);
    const char *fault = geometry_of(m, scale, g);
    if (fault)
        return rad_fail(error, RAD_UNREADABLE, "%s: the %s %s", path,
                        sform   ? "sform"
                        : qform ? "qform"
                                : "voxel spacing",
                        fault);
    take_pixdim(p, scale, g);
    rad_geometry other = *g;
    if (sform && qform && (geometry_of(p->by_qform, scale, &other) || !rad_geometry_same(g, &other)))
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

/* Where .hdr or .img stands in image.hdr[.gz], image.img[.gz]; NULL where the name ends in neither. */
static const char *pair_ending(const char *path) {
    const size_t length = strlen(path), tail = length > 3 && !strcmp(path + length - 3, ".gz") ? 3 : 0;
    if (length < tail + 5) return NULL;
    const char *end = path + length - tail - 4;
    return !memcmp(end, ".hdr", 4) || !memcmp(end, ".img", 4) ? end : NULL;
}

/* The name with that ending (".hdr", ".img"), where it has either. */
static char *name_part(const char *path, const char *ending, rad_error *error) {
    char *name = rad_text_copy(path, error);
    const char *end = pair_ending(path);
    for (size_t i = 0; name && end && i < 4; i++) name[end - path + (ptrdiff_t)i] = ending[i];
    return name;
}

/* What is done with the voxels of a file: rows y0..y1 of slices z0..z1 come in, `depth` slices at a time,
 * `row` and `slice` bytes apart. */
typedef struct reader {
    rad_box box; /* whole rows are read; x is cut by the consumer */
    rad_status (*take)(struct reader *r, unsigned char *rows, size_t z, size_t slices, rad_error *error);
    void *target;
    const char *path;
    bool to_end; /* inflate on to the checksum after the last slice that is needed */
    size_t depth, row, slice;
} reader;

/* Refuses files that cannot hold what their header asks for, before memory is asked for. */
static rad_status check_length(const rad_stream *stream, const header *h, size_t bytes, rad_error *error) {
    if ((size_t)h->offset <= stream->limit && bytes <= stream->limit - (size_t)h->offset) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: truncated or wrong header: the header asks for %zu bytes, the file can hold at most %zu",
        stream->path, bytes, stream->limit);
}

/* Rows of one slice, converted to the byte order of this machine and to a type of ours. */
static rad_status read_slice(rad_stream *stream, const header *h, const rad_geometry *g, size_t z,
                             unsigned char *rows, const reader *r, rad_error *error) {
    const size_t width = (size_t)types[find_type(h->datatype)].bits / 8, row = r->row;
    const size_t count = r->box.end[1] - r->box.begin[1];
    rad_status status = rad_stream_skip(stream, r->box.begin[1] * row, error);
    if (status == RAD_OK) status = rad_stream_read(stream, rows, count * row, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        unsigned char *at = rows + i * row;
        if (h->swapped) swap_bytes(at, g->size[0], width);
        if (width == 16) narrow(at, g->size[0]);
    }
    const bool last = z + 1 == r->box.end[2] && !r->to_end && r->box.end[2] < g->size[2];
    if (status == RAD_OK && !last)
        status = rad_stream_skip(stream, (g->size[1] - r->box.end[1]) * row, error);
    return status;
}

static rad_status read_voxels(const char *path, const header *h, const rad_geometry *g, reader *r,
                              rad_error *error) {
    const size_t width = (size_t)types[find_type(h->datatype)].bits / 8,
                 slice = g->size[0] * g->size[1] * width;
    rad_stream stream;
    unsigned char *rows = NULL;
    rad_status status = rad_stream_open(path, &stream, error);
    if (status == RAD_OK) status = check_length(&stream, h, slice * g->size[2], error);
    if (status == RAD_OK) {
        r->row = g->size[0] * width;
        r->slice = (r->box.end[1] - r->box.begin[1]) * r->row;
        rows = rad_new_raw(r->slice, r->depth, error);
        status = rows ? RAD_OK : RAD_NO_MEMORY;
    }
    if (status == RAD_OK)
        status = rad_stream_skip(&stream, (size_t)h->offset + r->box.begin[2] * slice, error);
    for (size_t z = r->box.begin[2], slices; z < r->box.end[2] && status == RAD_OK; z += slices) {
        const size_t left = r->box.end[2] - z;
        slices = left < r->depth ? left : r->depth;
        for (size_t k = 0; k < slices && status == RAD_OK; k++)
            status = read_slice(&stream, h, g, z + k, rows + k * r->slice, r, error);
        if (status == RAD_OK) status = r->take(r, rows, z, slices, error);
    }
    if (status == RAD_OK && r->to_end)
        status = rad_stream_skip(&stream, (g->size[2] - r->box.end[2]) * slice, error);
    if (status == RAD_OK && (r->to_end || r->box.end[2] == g->size[2]))
        status = rad_stream_finish(&stream, error);
    rad_free(rows);
    rad_stream_close(&stream);
    return status;
}

/* Header and geometry. */
static rad_status read_head(const char *path, header *h, rad_volume *volume, rad_warnings *warnings,
                            rad_error *error) {
    *volume = (rad_volume){0};
    rad_status status = parse_header(path, h, error);
    if (status == RAD_OK) status = compute_geometry(path, h, &volume->geometry, warnings, error);
    if (status != RAD_OK) return status;
    volume->type = types[find_type(h->datatype)].type;
    volume->slope = h->slope != 0 ? h->slope : 1;
    volume->intercept = h->slope != 0 ? h->intercept : 0;
    return RAD_OK;
}

/* The voxels of the file or, where the header stands alone, of its partner. */
static rad_status read_body(const char *path, const header *h, const rad_geometry *g, reader *r,
                            rad_error *error) {
    if (!h->pair) return read_voxels(path, h, g, r, error);
    char *name = name_part(path, ".img", error);
    if (!name) return RAD_NO_MEMORY;
    rad_status status = read_voxels(name, h, g, r, error);
    rad_free(name);
    return status;
}

/* Where the voxels of a box go. */
typedef struct keeper {
    const rad_volume *volume;
    size_t first;
    ptrdiff_t step[3];
} keeper;

/* Slices across what becomes the rows: so many at a time that rows are written by stretches. */
static size_t depth_for(const rad_box *box, const rad_geometry *stored, const keeper *k) {
    enum { MOST = 16 };
    const size_t bytes = stored->size[0] * (box->end[1] - box->begin[1]) * rad_type_size(k->volume->type),
                 fit = ((size_t)4 << 20) / (bytes ? bytes : 1);
    const bool across = k->step[2] == 1 || k->step[2] == -1;
    return !across || !fit ? 1 : fit < MOST ? fit : MOST;
}

/* Cuts rows to the box. */
static rad_status keep_slices(reader *r, unsigned char *rows, size_t z, size_t slices, rad_error *error) {
    const keeper *k = r->target;
    const size_t bytes = rad_type_size(k->volume->type), across = r->box.end[0] - r->box.begin[0],
                 down = r->box.end[1] - r->box.begin[1];
    const ptrdiff_t at = (ptrdiff_t)k->first + (ptrdiff_t)(z - r->box.begin[2]) * k->step[2],
                    row = k->step[1] * (ptrdiff_t)bytes;
    unsigned char *out = (unsigned char *)k->volume->voxels + at * (ptrdiff_t)bytes;
    rows += r->box.begin[0] * bytes;
    if (slices == 1) rad_order_put_rows(rows, r->row, (const size_t[]){across, down}, bytes, out, k->step);
    for (size_t y = 0; y < down && slices > 1; y++)
        rad_order_put_rows(rows + y * r->row, r->slice, (const size_t[]){across, slices}, bytes,
                           out + (ptrdiff_t)y * row, (const ptrdiff_t[]){k->step[0], k->step[2]});
    (void)error;
    return RAD_OK;
}

static rad_status index_slices(reader *r, unsigned char *rows, size_t z, size_t slices, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t k = 0; k < slices; k++)
        for (size_t y = r->box.begin[1]; y < r->box.end[1] && status == RAD_OK; y++)
            status = rad_mask_add_row(r->target, rows + k * r->slice + (y - r->box.begin[1]) * r->row, y,
                                      z + k, r->path, error);
    return status;
}

/* A file that cannot hold the voxels must not make us ask for them. */
static rad_status check_file(const char *path, const header *h, const rad_geometry *g, rad_error *error) {
    const size_t width = (size_t)types[find_type(h->datatype)].bits / 8;
    char *name = h->pair ? name_part(path, ".img", error) : NULL;
    if (h->pair && !name) return RAD_NO_MEMORY;
    rad_stream stream;
    rad_status status = rad_stream_open(name ? name : path, &stream, error);
    if (status == RAD_OK) status = check_length(&stream, h, rad_geometry_count(g) * width, error);
    rad_stream_close(&stream);
    rad_free(name);
    return status;
}

rad_status rad_nifti_read_box(const char *given, const rad_order *order, const rad_box *box, bool verify,
                              rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    header h = {0};
    *volume = (rad_volume){0};
    char *path = name_part(given, ".hdr", error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = read_head(path, &h, volume, warnings, error);
    if (status == RAD_OK) status = check_file(path, &h, &volume->geometry, error);
    if (status == RAD_OK) {
        const rad_geometry stored = volume->geometry;
        if (order) volume->order = *order;
        volume->geometry = rad_order_grid(&volume->order, &stored);
        volume->held = box ? *box : rad_geometry_box(&volume->geometry);
        volume->voxels = rad_new_raw(rad_box_count(&volume->held), rad_type_size(volume->type), error);
        keeper k = {.volume = volume};
        k.first = rad_order_steps(&volume->order, &volume->held, k.step);
        reader r = {rad_order_box(&volume->order, &volume->geometry, &volume->held),
                    keep_slices,
                    &k,
                    path,
                    verify,
                    .depth = 1};
        r.depth = depth_for(&r.box, &stored, &k);
        status = volume->voxels ? read_body(path, &h, &stored, &r, error) : RAD_NO_MEMORY;
    }
    if (status != RAD_OK) rad_volume_free(volume);
    rad_free(path);
    return status;
}

rad_status rad_nifti_read(const char *path, rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return rad_nifti_read_box(path, NULL, NULL, true, volume, warnings, error);
}

rad_status rad_nifti_read_mask(const char *given, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    header h = {0};
    *mask = (rad_mask){0};
    char *path = name_part(given, ".hdr", error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = read_head(path, &h, &mask->volume, warnings, error);
    const rad_geometry *g = &mask->volume.geometry;
    if (status == RAD_OK) status = check_file(path, &h, g, error);
    if (status == RAD_OK) status = rad_mask_begin(mask, error);
    reader r = {rad_geometry_box(g), index_slices, mask, path, true, .depth = 1};
    if (status == RAD_OK) status = read_body(path, &h, g, &r, error);
    if (status == RAD_OK) status = rad_mask_end(mask, error);
    if (status != RAD_OK) rad_mask_free(mask);
    rad_free(path);
    return status;
}

rad_status rad_nifti_read_header(const char *given, rad_volume *volume, rad_warnings *warnings,
                                 rad_error *error) {
    header h = {0};
    char *path = name_part(given, ".hdr", error);
    if (!path) return RAD_NO_MEMORY;
    rad_status status = read_head(path, &h, volume, warnings, error);
    rad_free(path);
    return status;
}

static rad_status open_image(rad_source *source, const rad_source_options *options, rad_warnings *warnings,
                             rad_error *error) {
    (void)options;
    (void)warnings; /* of the header; those who read voxels get them */
    rad_facts_add(&source->facts, "format", "NIfTI");
    return rad_nifti_read_header(source->path, &source->header, NULL, error);
}

static rad_status read_image(const rad_source *source, const rad_source_options *options, const rad_box *box,
                             rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return rad_nifti_read_box(source->path, &source->header.order, box, options->verify, volume, warnings,
                              error);
}

static rad_status read_mask(const char *path, int threads, const rad_drawing *drawing, rad_mask *mask,
                            rad_warnings *warnings, rad_error *error) {
    (void)threads;
    (void)drawing;
    const rad_status status = rad_nifti_read_mask(path, mask, warnings, error);
    return status == RAD_OK ? rad_mask_turn(mask, error) : status;
}

static json_t *tell_labels(const char *path, rad_status *status, rad_error *error) {
    rad_mask mask = {.label_count = 0};
    json_t *labels = json_array();
    *status = rad_nifti_read_mask(path, &mask, NULL, error);
    for (size_t i = 0; *status == RAD_OK && i < mask.label_count; i++) {
        const rad_label *l = &mask.labels[i];
        rad_tree_add(&labels, json_pack("{s:I, s:I, s:[I, I, I], s:[I, I, I]}", "label", (json_int_t)l->value,
                                        "voxels", (json_int_t)l->voxels, "first", (json_int_t)l->box.begin[0],
                                        (json_int_t)l->box.begin[1], (json_int_t)l->box.begin[2], "last",
                                        (json_int_t)l->box.end[0] - 1, (json_int_t)l->box.end[1] - 1,
                                        (json_int_t)l->box.end[2] - 1));
    }
    rad_mask_free(&mask);
    return labels;
}

static rad_status info(const char *path, const rad_source_wants *wants, json_t **all, rad_warnings *warnings,
                       rad_error *error) {
    rad_volume volume;
    rad_status status = rad_nifti_read_header(path, &volume, warnings, error);
    if (status != RAD_OK) return status;
    rad_tree_set(all, "format", json_string("NIfTI"));
    rad_source_tell_grid(all, &volume);
    rad_tree_set(all, "voxels", json_string(rad_type_name(volume.type)));
    rad_tree_set(all, "slope", json_real(volume.slope));
    rad_tree_set(all, "intercept", json_real(volume.intercept));
    if (wants->labels) rad_tree_set(all, "labels", tell_labels(path, &status, error));
    return status;
}

static rad_status find_partner(const char *path, char **other, rad_error *error) {
    const char *end = pair_ending(path);
    if (!end) return RAD_OK;
    *other = name_part(path, end[1] == 'h' ? ".img" : ".hdr", error);
    return *other ? RAD_OK : RAD_NO_MEMORY;
}

/* The last reader: it says of what it does not know that it is not NIfTI. */
const rad_reader rad_reader_nifti = {
    .name = "NIfTI",
    .endings = (const char *const[]){".nii.gz", ".nii", NULL},
    .open = open_image,
    .read = read_image,
    .read_mask = read_mask,
    .info = info,
    .partner = find_partner,
};
