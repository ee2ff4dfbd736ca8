/* Arrays of numpy (.npy): (z, y, x) or (y, x), in C or in Fortran order. */
#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../stream.h"
#include "unplaced.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 16, AXES = 4 };

static const struct {
    const char *word; /* behind the order of bytes */
    rad_type type;
} types[] = {{"b1", RAD_UINT8}, {"u1", RAD_UINT8},   {"i1", RAD_INT8},   {"u2", RAD_UINT16},
             {"i2", RAD_INT16}, {"u4", RAD_UINT32},  {"i4", RAD_INT32},  {"u8", RAD_UINT64},
             {"i8", RAD_INT64}, {"f4", RAD_FLOAT32}, {"f8", RAD_FLOAT64}};

/* What the file says before its numbers: a dictionary of Python. */
static rad_status read_header(const char *path, char **text, size_t *length, rad_error *error) {
    unsigned char head[12];
    rad_stream stream;
    rad_status status = rad_stream_open(path, &stream, error);
    if (status == RAD_OK) status = rad_stream_read(&stream, head, 10, error);
    if (status == RAD_OK && head[6] > 1) status = rad_stream_read(&stream, head + 10, 2, error);
    size_t size = 0;
    if (status == RAD_OK) {
        size = head[8] | (size_t)head[9] << 8;
        if (head[6] > 1) size |= (size_t)head[10] << 16 | (size_t)head[11] << 24;
        *length = (head[6] > 1 ? 12 : 10) + size;
        if (size > MOST || head[6] < 1 || head[6] > 3)
            status =
                rad_fail(error, RAD_UNREADABLE, "%s: the npy header of version %d and %zu byte%s is not read",
                         path, head[6], size, rad_plural(size));
    }
    if (status == RAD_OK) {
        *text = rad_new(size + 1, 1, error);
        status = *text ? rad_stream_read(&stream, *text, size, error) : RAD_NO_MEMORY;
    }
    rad_stream_close(&stream);
    return status;
}

/* What stands behind 'key':, without blanks before it; NULL: nothing. */
static const char *find_value(const char *text, const char *key) {
    const char *at = strstr(text, key);
    if (!at) return NULL;
    at += strlen(key);
    at += strspn(at, "'\" \t");
    if (*at++ != ':') return NULL;
    return at + strspn(at, " \t");
}

static rad_status take_type(const char *path, const char *value, rad_raster *raster, rad_error *error) {
    const bool big_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    const char *word = value && (*value == '\'' || *value == '"') ? value + 1 : NULL;
    for (size_t i = 0; word && strchr("<>|=", *word) && *word && i < sizeof types / sizeof types[0]; i++)
        if (!strncmp(word + 1, types[i].word, 2) && (word[3] == '\'' || word[3] == '"')) {
            raster->header.type = types[i].type;
            raster->swapped = (*word == '<' && big_host) || (*word == '>' && !big_host);
            return RAD_OK;
        }
    const size_t length = word ? strcspn(word, "'\"") + 2 : value ? strcspn(value, "}") : 0;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: numbers of type %.*s; integers and floats of 4 or 8 bytes are read: save it by "
                    "numpy.save(name, a.astype('float32'))",
                    path, length && length < 40 ? (int)length : 4, length ? value : "none");
}

/* "(z, y, x)": the sizes; how many there are. */
static size_t take_shape(const char *value, size_t size[AXES]) {
    size_t count = 0;
    if (!value || *value++ != '(') return 0;
    for (;; count++) {
        char *end;
        value += strspn(value, " ,");
        if (*value == ')') return count;
        if (!isdigit((unsigned char)*value) || count == AXES) return 0;
        const unsigned long long number = strtoull(value, &end, 10);
        size[count] = number <= 1ULL << 40 ? (size_t)number : 0;
        if (!size[count]) return 0;
        value = end;
    }
}

/* The last axis of C, the first of Fortran, is the fastest. An axis before z, y, x is one of frames. */
static rad_status take_grid(const char *path, const char *text, rad_raster *raster, rad_error *error) {
    size_t shape[AXES], *size = raster->header.geometry.size;
    const char *order = find_value(text, "fortran_order");
    const size_t axes = take_shape(find_value(text, "shape"), shape), grid = axes > 3 ? 3 : axes;
    const bool fortran = order && !strncmp(order, "True", 4);
    if (axes < 2)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: the array is not of 2 or 3 axes, (y, x) or (z, y, x), of 1 or more", path);
    if (axes > 3 && fortran && shape[0] > 1)
        return rad_fail(error, RAD_UNREADABLE, "%s: holds %zu frames; only one frame is allowed: save a[0]",
                        path, shape[0]);
    if (axes > 3) raster->channels = shape[0];
    raster->planar = true;
    raster->reversed = fortran ? (int)grid : 0;
    size[2] = 1;
    for (size_t a = 0; a < grid; a++) size[a] = shape[fortran ? axes - grid + a : axes - 1 - a];
    raster->no_spacing = true;
    rad_unplaced_put(raster, (const double[]){1, 1, 1});
    return RAD_OK;
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    char *text = NULL;
    (void)warnings;
    rad_status status = read_header(path, &text, &raster->skip, error);
    if (status == RAD_OK) status = take_type(path, find_value(text, "descr"), raster, error);
    if (status == RAD_OK) status = take_grid(path, text, raster, error);
    if (status == RAD_OK) status = rad_raster_add_file(raster, path, error);
    rad_free(text);
    return status;
}

static bool sniff(const rad_glance *glance) {
    return glance->count >= 10 && !memcmp(glance->bytes, "\x93NUMPY", 6);
}

const rad_reader rad_reader_npy = {
    .name = "npy",
    .endings = (const char *const[]){".npy", NULL},
    .sniff = sniff,
    .parse = parse,
};
