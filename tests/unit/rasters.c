#include "rasters.h"

#include "../../core/memory.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rasters_put(const char *name, const char *text, const void *bytes, size_t length) {
    FILE *out = fopen(test_path(name), "wb");
    ck_assert(out != NULL);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), out), strlen(text));
    if (length) ck_assert_uint_eq(fwrite(bytes, 1, length, out), length);
    ck_assert_int_eq(fclose(out), 0);
}

static size_t put_element(rad_type type, bool big, double value, unsigned char *out) {
    const size_t width = rad_type_size(type);
    unsigned char bytes[8];
#define AS(id, as)                                                                                           \
    case id:                                                                                                 \
        memcpy(bytes, &(as){(as)value}, sizeof(as));                                                         \
        break
    switch (type) {
        AS(RAD_UINT8, uint8_t);
        AS(RAD_INT8, int8_t);
        AS(RAD_UINT16, uint16_t);
        AS(RAD_INT16, int16_t);
        AS(RAD_UINT32, uint32_t);
        AS(RAD_INT32, int32_t);
        AS(RAD_UINT64, uint64_t);
        AS(RAD_INT64, int64_t);
        AS(RAD_FLOAT32, float);
        AS(RAD_FLOAT64, double);
    default:
        ck_abort();
    }
#undef AS
    const bool big_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    for (size_t i = 0; i < width; i++) out[i] = bytes[big == big_host ? i : width - 1 - i];
    return width;
}

static size_t deflate_bytes(packing how, const unsigned char *in, size_t length, unsigned char *out,
                            size_t room) {
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
    const size_t made = how == GZIP ? libdeflate_gzip_compress(c, in, length, out, room)
                                    : libdeflate_zlib_compress(c, in, length, out, room);
    ck_assert_uint_gt(made, 0);
    libdeflate_free_compressor(c);
    return made;
}

size_t rasters_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room) {
    return deflate_bytes(GZIP, in, length, out, room);
}

size_t rasters_pack(rad_type type, bool big, packing how, size_t count, voxel_value *value,
                    unsigned char *out, size_t room) {
    unsigned char plain[4096];
    size_t length = 0, made = 0;
    ck_assert_uint_le(count * rad_type_size(type), sizeof plain);
    for (size_t i = 0; i < count; i++) {
        if (how == TEXT)
            made +=
                (size_t)snprintf((char *)out + made, room - made, "%.17g%s", value(i), i % 5 ? " " : "\r\n ");
        else
            length += put_element(type, big, value(i), plain + length);
    }
    for (size_t i = 0; i < length && how == HEX; i++)
        made += (size_t)snprintf((char *)out + made, room - made, i % 7 ? "%02x" : "%02X\n", plain[i]);
    if (how == PLAIN) memcpy(out, plain, made = length);
    if (how == GZIP || how == ZLIB) made = deflate_bytes(how, plain, length, out, room);
    ck_assert_uint_lt(made, room);
    return made;
}

/* A box, read alone, is that of the whole. */
static void expect_box(const rad_source *source, const rad_source_options *options, const rad_volume *all) {
    rad_error error = {0};
    rad_volume part;
    rad_box box = rad_geometry_box(&all->geometry);
    double x[1024], y[1024];
    for (int a = 0; a < 3; a++) {
        box.begin[a] = box.end[a] / 3;
        if (box.end[a] > 2) box.end[a]--;
    }
    ck_assert_uint_le(rad_box_count(&box), 1024);
    ck_ok(rad_source_read(source, options, &box, &part, NULL, &error));
    rad_volume_crop(&part, &box, x);
    rad_volume_crop(all, &box, y);
    for (size_t i = 0; i < rad_box_count(&box); i++) ck_assert(x[i] == y[i]);
    rad_volume_free(&part);
}

static void expect_voxels(const rad_source *source, rad_volume *all, const expected *e) {
    rad_error error = {0};
    const size_t count = e->size[0] * e->size[1] * e->size[2];
    double *x = calloc(count, sizeof *x);
    ck_ok(rad_volume_restore(all, &source->stored, &error));
    const rad_box box = rad_geometry_box(&all->geometry);
    rad_volume_crop(all, &box, x);
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(x[i] == e->value(i), "voxel %zu is %.17g, not %.17g", i, x[i], e->value(i));
    free(x);
}

void rasters_expect(const char *path, const expected *e) {
    rasters_expect_as(path, &(rad_source_options){.verify = true}, e);
}

void rasters_expect_as(const char *path, const rad_source_options *options, const expected *e) {
    rad_error error = {0};
    rad_source source;
    rad_volume all;
    ck_ok(rad_source_open(path, options, &source, NULL, &error));
    for (int a = 0; a < 3; a++) {
        ck_assert_uint_eq(source.stored.size[a], e->size[a]);
        ck_near(source.stored.spacing[a], e->spacing[a], 1e-12);
        ck_near(source.stored.origin[a], e->origin[a], 1e-12);
    }
    for (int i = 0; i < 9; i++) ck_near(source.stored.direction[i], e->direction[i], 1e-12);
    ck_assert_int_eq(source.header.type, e->type);
    ck_ok(rad_source_read(&source, options, NULL, &all, NULL, &error));
    expect_box(&source, &(rad_source_options){.verify = false}, &all);
    expect_voxels(&source, &all, e);
    rad_volume_free(&all);
    rad_source_close(&source);
}

void rasters_refused(const char *path, const char *text) {
    rasters_refused_as(path, &(rad_source_options){.verify = true}, text);
}

void rasters_refused_as(const char *path, const rad_source_options *options, const char *text) {
    rad_error error = {0};
    rad_source source;
    rad_volume all = {0};
    rad_status status = rad_source_open(path, options, &source, NULL, &error);
    if (status == RAD_OK) {
        status = rad_source_read(&source, options, NULL, &all, NULL, &error);
        rad_source_close(&source);
    }
    ck_assert_msg(status == RAD_UNREADABLE, "%s: status %d for \"%s\"", path, (int)status, text);
    ck_assert_msg(strstr(error.text, text) != NULL, "\"%s\" lacks \"%s\"", error.text, text);
    ck_assert(!all.voxels);
}

long rasters_count(const rad_mask *mask, const char *name) {
    char text[256];
    for (size_t i = 0; i < mask->label_count; i++)
        if (!strcmp(rad_label_text(&mask->labels[i], text, sizeof text), name))
            return (long)mask->labels[i].voxels;
    return -1;
}
