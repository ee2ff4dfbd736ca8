/* MetaImage files (.mha, .mhd and the files that it names): a header of lines, then voxels. */
#include "affine.h"
#include "header_text.h"
#include "source.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { AXES = 10 };

typedef enum key {
    OBJECT,
    DIMENSIONS,
    BINARY,
    BIG,
    COMPRESSED,
    MATRIX,
    OFFSET,
    SPACING,
    ELEMENT_SIZE,
    SIZES,
    SKIP,
    CHANNELS,
    TYPE,
    SLOPE,
    INTERCEPT,
    FILES,
    KEYS
} key;

/* Words of the format; the first that is not NULL is the usual one. */
static const char *const words[KEYS][3] = {
    [OBJECT] = {"ObjectType"},
    [DIMENSIONS] = {"NDims"},
    [BINARY] = {"BinaryData"},
    [BIG] = {"BinaryDataByteOrderMSB", "ElementByteOrderMSB"},
    [COMPRESSED] = {"CompressedData"},
    [MATRIX] = {"TransformMatrix", "Rotation", "Orientation"},
    [OFFSET] = {"Offset", "Position", "Origin"},
    [SPACING] = {"ElementSpacing"},
    [ELEMENT_SIZE] = {"ElementSize"},
    [SIZES] = {"DimSize"},
    [SKIP] = {"HeaderSize"},
    [CHANNELS] = {"ElementNumberOfChannels"},
    [TYPE] = {"ElementType"},
    [SLOPE] = {"ElementToIntensityFunctionSlope"},
    [INTERCEPT] = {"ElementToIntensityFunctionOffset"},
    [FILES] = {"ElementDataFile"},
};

typedef struct metaimage {
    const char *path;
    char *value[KEYS]; /* borrowed from the text; NULL: the header does not have it */
    size_t axes, size[AXES], channels;
} metaimage;

static rad_status refuse(const metaimage *m, key k, rad_error *error) {
    if (!m->value[k])
        return rad_fail(error, RAD_UNREADABLE, "%s: the MetaImage header has no %s", m->path, words[k][0]);
    return rad_fail(error, RAD_UNREADABLE, "%s: the MetaImage header says \"%s = %.60s\", which cannot be",
                    m->path, words[k][0], m->value[k]);
}

/* Exactly `count` numbers; where the header has none, they stay as they are. */
static rad_status take_numbers(const metaimage *m, key k, double *to, size_t count, rad_error *error) {
    size_t found = 0;
    if (!m->value[k]) return RAD_OK;
    if (!rad_header_numbers(m->value[k], to, count, &found) || found != count) return refuse(m, k, error);
    return RAD_OK;
}

static bool says_yes(const metaimage *m, key k, bool otherwise) {
    const char *value = m->value[k];
    return value ? *value == 'T' || *value == 't' || *value == '1' : otherwise;
}

static rad_status take_sizes(metaimage *m, rad_error *error) {
    double axes = NAN, size[AXES] = {0}, channels = 1;
    rad_status status = take_numbers(m, DIMENSIONS, &axes, 1, error);
    if (status != RAD_OK || !rad_header_whole(axes, &m->axes) || m->axes < 1 || m->axes > AXES)
        return refuse(m, DIMENSIONS, error);
    status = take_numbers(m, SIZES, size, m->axes, error);
    for (size_t a = 0; a < m->axes && status == RAD_OK; a++)
        if (!rad_header_whole(size[a], &m->size[a]) || !m->size[a]) status = refuse(m, SIZES, error);
    if (status == RAD_OK) status = take_numbers(m, CHANNELS, &channels, 1, error);
    if (status == RAD_OK && (!rad_header_whole(channels, &m->channels) || !m->channels))
        status = refuse(m, CHANNELS, error);
    return status;
}

/* Axes beyond the third are frames. */
static rad_status put_sizes(const metaimage *m, rad_raster *raster, rad_error *error) {
    size_t frames = 1;
    for (size_t a = 0; a < 3; a++) raster->header.geometry.size[a] = a < m->axes ? m->size[a] : 1;
    for (size_t a = 3; a < m->axes; a++) {
        if (frames > SIZE_MAX / m->size[a]) return refuse(m, SIZES, error);
        frames *= m->size[a];
    }
    if (frames > 1 && m->channels > 1)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: holds %zu frames of %zu values a voxel; only one of both is allowed: save the one "
            "to analyse as a separate image",
            m->path, frames, m->channels);
    raster->planar = frames > 1;
    raster->channels = frames > 1 ? frames : m->channels;
    return RAD_OK;
}

static rad_status put_type(const metaimage *m, rad_raster *raster, rad_error *error) {
    static const struct {
        const char *word;
        rad_type type;
    } types[] = {
        {"MET_CHAR", RAD_INT8},         {"MET_UCHAR", RAD_UINT8},   {"MET_SHORT", RAD_INT16},
        {"MET_USHORT", RAD_UINT16},     {"MET_INT", RAD_INT32},     {"MET_UINT", RAD_UINT32},
        {"MET_LONG", RAD_INT32},        {"MET_ULONG", RAD_UINT32},  {"MET_LONG_LONG", RAD_INT64},
        {"MET_ULONG_LONG", RAD_UINT64}, {"MET_FLOAT", RAD_FLOAT32}, {"MET_DOUBLE", RAD_FLOAT64},
    };
    const char *word = m->value[TYPE];
    if (!word) return refuse(m, TYPE, error);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (!strcasecmp(word, types[i].word)) {
            raster->header.type = types[i].type;
            return RAD_OK;
        }
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: voxels of type %.60s; integers and floats of one channel are allowed", m->path,
                    word);
}

/* Row a of the matrix is the direction of axis a; all of it is to left, back, head. */
static rad_status put_place(const metaimage *m, rad_raster *raster, rad_warnings *warnings,
                            rad_error *error) {
    double matrix[AXES * AXES], offset[AXES] = {0}, spacing[AXES];
    rad_geometry *g = &raster->header.geometry;
    rad_affine affine = {{{0}}};
    for (size_t a = 0; a < m->axes; a++) {
        spacing[a] = 1;
        for (size_t r = 0; r < m->axes; r++) matrix[m->axes * a + r] = a == r;
    }
    rad_status status = take_numbers(m, MATRIX, matrix, m->axes * m->axes, error);
    if (status == RAD_OK) status = take_numbers(m, OFFSET, offset, m->axes, error);
    if (status == RAD_OK)
        status = take_numbers(m, m->value[SPACING] ? SPACING : ELEMENT_SIZE, spacing, m->axes, error);
    if (status != RAD_OK) return status;
    for (size_t r = 0; r < 3; r++) {
        for (size_t a = 0; a < 3; a++)
            affine.m[r][a] =
                r < m->axes && a < m->axes ? matrix[m->axes * a + r] * spacing[a] : r == a && a < 2;
        affine.m[r][3] = r < m->axes ? offset[r] : 0;
    }
    if (g->size[2] == 1) rad_affine_complete(&affine);
    rad_affine_turn_lps(&affine);
    const char *fault = rad_affine_geometry(&affine, 1, g);
    if (fault)
        return rad_fail(error, RAD_UNREADABLE, "%s: the ElementSpacing, TransformMatrix or Offset %s",
                        m->path, fault);
    for (size_t a = 0; a < m->axes && a < 3; a++) { /* as they are written: nothing is rounded twice */
        if (!rad_affine_named(g, a, spacing[a])) continue;
        for (size_t r = 0; r < m->axes && r < 3; r++)
            g->direction[3 * r + a] = r < 2 ? 0 - matrix[m->axes * a + r] : matrix[m->axes * a + r];
    }
    if (!m->value[SPACING] && !m->value[ELEMENT_SIZE])
        rad_warn(warnings, "%s: the header says no spacing; voxels of 1 mm are assumed", m->path);
    return RAD_OK;
}

/* "LIST", with the axes that a file has behind it ("LIST 2D"), and then a name on each line. */
static bool is_list(const char *value) {
    return !strncmp(value, "LIST", 4) && (!value[4] || isspace((unsigned char)value[4]));
}

static rad_status put_files(const metaimage *m, rad_header_text *header, rad_raster *raster,
                            rad_error *error) {
    char *value = m->value[FILES];
    double skip = 0;
    rad_status status = take_numbers(m, SKIP, &skip, 1, error);
    if (status != RAD_OK) return status;
    if (!(skip >= -1 && skip <= 0x1p40) || skip != floor(skip)) return refuse(m, SKIP, error);
    raster->at_end = skip < 0;
    raster->begin = skip > 0 ? (size_t)skip : 0;
    if (!value || !*value) return refuse(m, FILES, error);
    if (!strcasecmp(value, "LOCAL")) {
        if (!raster->begin) raster->begin = header->length;
        return rad_raster_add_file(raster, m->path, error);
    }
    if (is_list(value)) return rad_raster_add_list(raster, m->path, header, error);
    if (strchr(value, '%')) return rad_raster_add_pattern(raster, m->path, &value, error);
    return rad_raster_add_beside(raster, m->path, value, error);
}

static rad_status put_coding(const metaimage *m, const rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    const bool big_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__, compressed = says_yes(m, COMPRESSED, false);
    const bool local = !strcmp(raster->files[0], m->path);
    raster->coding = !says_yes(m, BINARY, true) ? RAD_RASTER_TEXT
                     : compressed               ? RAD_RASTER_DEFLATED
                                                : RAD_RASTER_PLAIN;
    raster->swapped = raster->coding != RAD_RASTER_TEXT && says_yes(m, BIG, false) != big_host;
    if (!header->gzipped || !local) return RAD_OK;
    if (raster->coding != RAD_RASTER_PLAIN || raster->at_end)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: is gzipped as a whole, and its voxels are no plain bytes: unpack it (gunzip)",
                        m->path);
    raster->coding = RAD_RASTER_FOUND;
    raster->skip = raster->begin;
    raster->begin = 0;
    return RAD_OK;
}

/* Slope and offset of intensities, which hardly any program writes. */
static rad_status put_scale(const metaimage *m, rad_raster *raster, rad_warnings *warnings,
                            rad_error *error) {
    double slope = 1, intercept = 0;
    rad_status status = take_numbers(m, SLOPE, &slope, 1, error);
    if (status == RAD_OK) status = take_numbers(m, INTERCEPT, &intercept, 1, error);
    if (status == RAD_OK && !isfinite(slope)) status = refuse(m, SLOPE, error);
    if (status == RAD_OK && !isfinite(intercept)) status = refuse(m, INTERCEPT, error);
    raster->header.slope = slope != 0 ? slope : 1;
    raster->header.intercept = intercept;
    if (slope != 1 || intercept != 0)
        rad_warn(warnings,
                 "%s: intensities are %g times the voxel plus %g, as the header says; ITK passes over that",
                 m->path, raster->header.slope, intercept);
    return status;
}

/* "Key = value"; keys that say nothing of voxels or grid are passed over. */
static bool take_line(metaimage *m, char *line) {
    char *equals = strchr(line, '=');
    if (!equals) return false;
    *equals = '\0';
    const char *name = rad_header_trim(line);
    for (int k = 0; k < KEYS; k++)
        for (size_t w = 0; w < 3 && words[k][w]; w++)
            if (!strcasecmp(name, words[k][w])) {
                m->value[k] = rad_header_trim(equals + 1);
                return k == FILES;
            }
    return false;
}

static size_t header_end(const char *text, size_t length) {
    static const char word[] = "ElementDataFile";
    const char *at = text, *end = text + length;
    while ((at = memmem(at, (size_t)(end - at), word, sizeof word - 1)) != NULL) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        const bool begins = at == text || at[-1] == '\n';
        const char *equals = line ? memchr(at, '=', (size_t)(line - at)) : NULL;
        if (begins && equals) {
            while (++equals < line && isspace((unsigned char)*equals)) {
            }
            return line - equals >= 4 && !memcmp(equals, "LIST", 4) ? 0 : (size_t)(line + 1 - text);
        }
        at++;
    }
    return 0;
}

static rad_status check_object(const metaimage *m, rad_error *error) {
    const char *object = m->value[OBJECT];
    if (!object || !strcasecmp(object, "Image")) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: is a MetaIO object of type %.40s, not an image", m->path,
                    object);
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    rad_header_text header;
    metaimage m = {.path = path};
    rad_status status = rad_header_text_read(path, header_end, &header, error);
    for (char *line; status == RAD_OK && (line = rad_header_text_line(&header)) && !take_line(&m, line);) {
    }
    if (status == RAD_OK) status = check_object(&m, error);
    if (status == RAD_OK) status = take_sizes(&m, error);
    if (status == RAD_OK) status = put_sizes(&m, raster, error);
    if (status == RAD_OK) status = put_type(&m, raster, error);
    if (status == RAD_OK) status = put_scale(&m, raster, warnings, error);
    if (status == RAD_OK) status = put_place(&m, raster, warnings, error);
    if (status == RAD_OK) status = put_files(&m, &header, raster, error);
    if (status == RAD_OK) status = put_coding(&m, &header, raster, error);
    rad_header_text_free(&header);
    return status;
}

/* The first line is one of the format, or the name says so. */
static bool sniff(const rad_glance *glance) {
    static const char *const first[] = {"ObjectType",    "NDims",       "Comment",
                                        "BinaryData",    "DimSize",     "ObjectSubType",
                                        "TransformType", "ElementType", "ElementSpacing"};
    const char *text = (const char *)glance->bytes;
    const char *equals = memchr(text, '=', glance->count);
    if (!equals || memchr(text, 0, (size_t)(equals - text))) return false;
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        const size_t length = strlen(first[i]);
        if ((size_t)(equals - text) >= length && !strncasecmp(text, first[i], length) &&
            strspn(text + length, " \t") == (size_t)(equals - text) - length)
            return true;
    }
    return false;
}

const rad_reader rad_reader_metaimage = {
    .name = "MetaImage",
    .endings = (const char *const[]){".mha", ".mhd", NULL},
    .sniff = sniff,
    .parse = parse,
    .names_files = true,
};
