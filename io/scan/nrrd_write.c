#include "nrrd.h"

#include "../../core/memory.h"
#include "../bytes.h"
#include "../gzip_pack.h"

#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool rad_nrrd_is_name(const char *path) {
    const size_t length = strlen(path);
    return length > 5 && !strcmp(path + length - 5, ".nrrd");
}

/* "(x,y,z)", with all digits, so that grids come back as they were. */
static size_t put_vector(char *text, size_t length, double x, double y, double z) {
    return (size_t)snprintf(text, length, "(%.17g,%.17g,%.17g)", x, y, z);
}

/* The world of NRRD is named: ours is right-anterior-superior. */
static size_t write_header(const rad_geometry *g, const char *type, char *text, size_t length) {
    const double *d = g->direction, *s = g->spacing;
    size_t used = (size_t)snprintf(text, length,
                                   "NRRD0004\ntype: %s\ndimension: 3\nspace: right-anterior-superior\n"
                                   "sizes: %zu %zu %zu\nkinds: domain domain domain\nendian: %s\n"
                                   "encoding: gzip\nspace directions:",
                                   type, g->size[0], g->size[1], g->size[2],
                                   BYTE_ORDER == LITTLE_ENDIAN ? "little" : "big");
    for (int a = 0; a < 3; a++) {
        text[used++] = ' ';
        used += put_vector(text + used, length - used, d[a] * s[a], d[3 + a] * s[a], d[6 + a] * s[a]);
    }
    used += (size_t)snprintf(text + used, length - used, "\nspace origin: ");
    used += put_vector(text + used, length - used, g->origin[0], g->origin[1], g->origin[2]);
    return used + (size_t)snprintf(text + used, length - used, "\n\n");
}

rad_status rad_nrrd_write(const char *path, const rad_volume *volume, rad_error *error) {
    static const char *const names[] = {
        [RAD_UINT8] = "uint8",   [RAD_INT8] = "int8",     [RAD_UINT16] = "uint16", [RAD_INT16] = "int16",
        [RAD_UINT32] = "uint32", [RAD_INT32] = "int32",   [RAD_UINT64] = "uint64", [RAD_INT64] = "int64",
        [RAD_FLOAT32] = "float", [RAD_FLOAT64] = "double"};
    char header[1024];
    const rad_bytes plain = {volume->voxels,
                             rad_geometry_count(&volume->geometry) * rad_type_size(volume->type)};
    rad_bytes packed = {0};
    if (volume->slope != 1 || volume->intercept != 0)
        return rad_fail(error, RAD_UNWRITABLE, "%s: NRRD has no slope; convert the voxels", path);
    const size_t length = write_header(&volume->geometry, names[volume->type], header, sizeof header);
    rad_status status = rad_gzip_pack(&plain, &packed, error);
    const rad_bytes pieces[] = {{(unsigned char *)header, length}, packed};
    if (status == RAD_OK) status = rad_bytes_write(path, pieces, 2, error);
    rad_bytes_free(&packed);
    return status;
}
