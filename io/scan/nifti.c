#include "nifti.h"

#include "../../core/memory.h"
#include "../stream.h"
#include "nifti_names.h"
#include "nifti_place.h"
#include "pair.h"
#include "source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A header in host byte order. */
typedef struct header {
    int version;  /* 1 or 2 */
    bool swapped; /* the file has the other byte order */
    bool pair;    /* voxels are in a file of their own */
    int64_t dim[8];
    int datatype, bits;
    int64_t offset;
    double slope, intercept;
    rad_nifti_place place;
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
    h->offset = isnan(n.vox_offset)                           ? 0
                : n.vox_offset >= 0 && n.vox_offset < 0x1p30F ? (int64_t)rintf(n.vox_offset)
                                                              : -1;
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
    rad_nifti_place_qform(&h->place, h->dim, spacing, quaternion, offset);
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
    rad_nifti_place_qform(&h->place, h->dim, n.pixdim, quaternion, offset);
    return RAD_OK;
}

/* Sizes of 0 beyond the plane count as 1, as other programs take them. */
static rad_status check_dimensions(const char *path, header *h, rad_error *error) {
    if (h->dim[0] < 1 || h->dim[0] > 7)
        return rad_fail(error, RAD_UNREADABLE, "%s: has %lld dimensions; 2 or 3 are allowed", path,
                        (long long)h->dim[0]);
    double voxels = 1;
    for (int i = 1; i <= h->dim[0]; i++) {
        if (i > 2 && !h->dim[i]) h->dim[i] = 1;
        if (h->dim[i] < 1)
            return rad_fail(error, RAD_UNREADABLE, "%s: dimension %d has size %lld; it must be at least 1",
                            path, i, (long long)h->dim[i]);
        voxels *= (double)h->dim[i];
    }
    if (voxels > 0x1p40)
        return rad_fail(error, RAD_UNREADABLE, "%s: declares %.0f voxels; at most 2^40 are possible", path,
                        voxels);
    return RAD_OK;
}

/* Voxels of a header that does not say where they begin follow its four bytes of extensions. */
static void find_begin(const char *path, header *h, int64_t least, rad_warnings *warnings) {
    if (h->pair || h->offset) return;
    h->offset = least + 4;
    rad_warn(warnings, "%.300s: vox_offset is 0: voxels are taken from byte %lld on", path,
             (long long)h->offset);
}

static rad_status check_voxels(const char *path, header *h, rad_warnings *warnings, rad_error *error) {
    const int type = find_type(h->datatype);
    if (type < 0)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels of type %d (%s); integers and floats of one channel are allowed", path,
                        h->datatype, nifti_datatype_string(h->datatype));
    if (h->bits != types[type].bits)
        rad_warn(warnings, "%.300s: bitpix is %d, which does not fit type %s; the type is taken", path,
                 h->bits, nifti_datatype_string(h->datatype));
    const int64_t least = h->pair ? 0 : h->version == 1 ? 348 : 540;
    find_begin(path, h, least, warnings);
    if (h->offset < least)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: voxels cannot begin at byte %lld; they must begin at %lld or later", path,
                        (long long)h->offset, (long long)least);
    const bool lost = isfinite(h->slope) && h->slope != 0 && !isfinite(h->intercept);
    if (lost && h->slope == 1) {
        rad_warn(warnings, "%.300s: scl_inter is %g: voxels are taken as they are stored", path,
                 h->intercept);
        h->intercept = 0;
    } else if (lost)
        return rad_fail(error, RAD_UNREADABLE, "%s: scl_slope %g has scl_inter %g, which must be finite",
                        path, h->slope, h->intercept);
    return RAD_OK;
}

static rad_status parse_header(const char *path, header *h, rad_warnings *warnings, rad_error *error) {
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
                        !got        ? "it is empty"
                        : got < 348 ? "too short for a header"
                                    : "the header size is neither 348 nor 540");
    status = size == 348 ? parse_version_1(path, head, h, error) : parse_version_2(path, head, h, error);
    if (status == RAD_OK) status = check_dimensions(path, h, error);
    if (status == RAD_OK) status = check_voxels(path, h, warnings, error);
    return status;
}

/* The header of a file of one or two parts, by the name of either. */
static rad_status parse(const char *given, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    header h = {0};
    char *path = rad_pair_name(given, ".hdr", error), *voxels = rad_pair_name(given, ".img", error);
    rad_status status = path && voxels ? parse_header(path, &h, warnings, error) : RAD_NO_MEMORY;
    rad_volume *v = &raster->header;
    if (status == RAD_OK)
        status = rad_nifti_place_find(path, &h.place, h.dim, &v->geometry, &raster->other, warnings, error);
    if (status == RAD_OK) status = rad_raster_add_file(raster, h.pair ? voxels : path, error);
    if (status == RAD_OK) {
        const int type = find_type(h.datatype);
        v->type = types[type].type;
        const bool scaled = h.slope != 0 && isfinite(h.slope);
        if (!isfinite(h.slope))
            rad_warn(warnings, "%.300s: scl_slope is %g: voxels are taken as they are stored", path, h.slope);
        v->slope = scaled ? h.slope : 1;
        v->intercept = scaled ? h.intercept : 0;
        v->singles = v->slope != 1 || v->intercept != 0;
        raster->width = (size_t)types[type].bits / 8;
        raster->swapped = h.swapped;
        raster->skip = (size_t)h.offset;
        raster->planar = true;
        raster->unset_place = rad_nifti_place_is_unset(&h.place);
        for (int i = 4; i <= h.dim[0]; i++) raster->channels *= (size_t)h.dim[i];
    }
    rad_free(path);
    rad_free(voxels);
    return status;
}

rad_status rad_nifti_read_box(const char *path, const rad_order *order, const rad_box *box, bool verify,
                              rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    rad_raster raster;
    *volume = (rad_volume){0};
    rad_status status = rad_raster_parse(path, parse, &raster, warnings, error);
    if (status == RAD_OK) status = rad_raster_read_box(&raster, order, box, verify, volume, error);
    rad_raster_free(&raster);
    return status;
}

rad_status rad_nifti_read(const char *path, rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    return rad_nifti_read_box(path, NULL, NULL, true, volume, warnings, error);
}

rad_status rad_nifti_read_mask(const char *path, rad_mask *mask, rad_warnings *warnings, rad_error *error) {
    rad_raster raster;
    *mask = (rad_mask){0};
    rad_status status = rad_raster_parse(path, parse, &raster, warnings, error);
    if (status == RAD_OK) status = rad_raster_read_mask(&raster, mask, error);
    rad_raster_free(&raster);
    return status;
}

rad_status rad_nifti_read_header(const char *path, rad_volume *volume, rad_warnings *warnings,
                                 rad_error *error) {
    rad_raster raster;
    const rad_status status = rad_raster_parse(path, parse, &raster, warnings, error);
    *volume = raster.header;
    rad_raster_free(&raster);
    return status;
}

static rad_status read_names(const char *given, rad_mask *mask, rad_error *error) {
    header h = {0};
    char *path = rad_pair_name(given, ".hdr", error);
    rad_status status = path ? parse_header(path, &h, NULL, error) : RAD_NO_MEMORY;
    const size_t begin = h.version == 1 ? 348 : 540, end = h.pair ? SIZE_MAX : (size_t)h.offset;
    if (status == RAD_OK && mask->label_count && end > begin)
        status = rad_nifti_names_read(path, begin, end, h.swapped, mask, error);
    rad_free(path);
    return status;
}

/* The last reader: it says of what it does not know that it is not NIfTI. */
const rad_reader rad_reader_nifti = {
    .name = "NIfTI",
    .endings = (const char *const[]){".nii.gz", ".nii", NULL},
    .names = read_names,
    .parse = parse,
    .parts = rad_pair_parts,
};
