/* NRRD files (.nrrd, .nhdr and the files that they name): a header of lines, then voxels. */
#include "nrrd.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "header_text.h"
#include "source.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static rad_status refuse(const rad_nrrd *n, const char *field, const char *value, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header says \"%s: %.60s\", which cannot be", n->path,
                    field, value);
}

/* A field: what its value says. */
typedef rad_status take_field(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                              rad_error *error);

static rad_status take_dimension(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                                 rad_error *error) {
    double axes;
    size_t count;
    (void)header, (void)raster;
    if (!rad_header_numbers(value, &axes, 1, &count) || count != 1 || !rad_header_whole(axes, &n->axes) ||
        n->axes < 1 || n->axes > RAD_NRRD_AXES)
        return refuse(n, "dimension", value, error);
    return RAD_OK;
}

static rad_status take_sizes(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    double sizes[RAD_NRRD_AXES];
    (void)header, (void)raster;
    bool good = rad_header_numbers(value, sizes, RAD_NRRD_AXES, &n->sizes);
    for (size_t a = 0; a < n->sizes && good; a++)
        good = rad_header_whole(sizes[a], &n->size[a]) && n->size[a] > 0;
    return good ? RAD_OK : refuse(n, "sizes", value, error);
}

/* Words of the format and of C for the types. */
static const struct {
    const char *word;
    rad_type type;
} types[] = {
    {"signed char", RAD_INT8},
    {"int8", RAD_INT8},
    {"int8_t", RAD_INT8},
    {"uchar", RAD_UINT8},
    {"unsigned char", RAD_UINT8},
    {"uint8", RAD_UINT8},
    {"uint8_t", RAD_UINT8},
    {"short", RAD_INT16},
    {"short int", RAD_INT16},
    {"signed short", RAD_INT16},
    {"signed short int", RAD_INT16},
    {"int16", RAD_INT16},
    {"int16_t", RAD_INT16},
    {"ushort", RAD_UINT16},
    {"unsigned short", RAD_UINT16},
    {"unsigned short int", RAD_UINT16},
    {"uint16", RAD_UINT16},
    {"uint16_t", RAD_UINT16},
    {"int", RAD_INT32},
    {"signed int", RAD_INT32},
    {"int32", RAD_INT32},
    {"int32_t", RAD_INT32},
    {"uint", RAD_UINT32},
    {"unsigned int", RAD_UINT32},
    {"uint32", RAD_UINT32},
    {"uint32_t", RAD_UINT32},
    {"longlong", RAD_INT64},
    {"long long", RAD_INT64},
    {"long long int", RAD_INT64},
    {"signed long long", RAD_INT64},
    {"signed long long int", RAD_INT64},
    {"int64", RAD_INT64},
    {"int64_t", RAD_INT64},
    {"ulonglong", RAD_UINT64},
    {"unsigned long long", RAD_UINT64},
    {"unsigned long long int", RAD_UINT64},
    {"uint64", RAD_UINT64},
    {"uint64_t", RAD_UINT64},
    {"float", RAD_FLOAT32},
    {"double", RAD_FLOAT64},
};

static rad_status take_type(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                            rad_error *error) {
    (void)header, (void)raster;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (!strcasecmp(value, types[i].word)) {
            n->type = types[i].type;
            return RAD_OK;
        }
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: voxels of type \"%.60s\"; integers and floats of one channel are allowed", n->path,
                    value);
}

static rad_status take_encoding(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                                rad_error *error) {
    static const struct {
        const char *word;
        rad_raster_coding coding;
        const char *refused;
    } words[] = {
        {"raw", RAD_RASTER_PLAIN, NULL},    {"gzip", RAD_RASTER_DEFLATED, NULL},
        {"gz", RAD_RASTER_DEFLATED, NULL},  {"txt", RAD_RASTER_TEXT, NULL},
        {"text", RAD_RASTER_TEXT, NULL},    {"ascii", RAD_RASTER_TEXT, NULL},
        {"hex", RAD_RASTER_HEX, NULL},      {"bzip2", RAD_RASTER_PLAIN, "bzip2"},
        {"bz2", RAD_RASTER_PLAIN, "bzip2"}, {"zrl", RAD_RASTER_PLAIN, "zrl"},
    };
    (void)header, (void)raster;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (!strcasecmp(value, words[i].word)) {
            n->coding = words[i].coding;
            n->refused = words[i].refused;
            return RAD_OK;
        }
    return refuse(n, "encoding", value, error);
}

static rad_status take_endian(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                              rad_error *error) {
    (void)header, (void)raster;
    n->big = !strcasecmp(value, "big");
    n->little = !strcasecmp(value, "little");
    return n->big || n->little ? RAD_OK : refuse(n, "endian", value, error);
}

static rad_status take_space(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    (void)header, (void)raster, (void)error;
    snprintf(n->space, sizeof n->space, "%s", value);
    for (char *c = n->space; *c; c++) *c = (char)tolower((unsigned char)*c);
    return RAD_OK;
}

/* Axes with "none" for a step are of no space. */
static rad_status take_directions(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                                  rad_error *error) {
    char *at = value + strspn(value, " \t");
    size_t axis = 0;
    (void)header, (void)raster;
    for (; *at && axis < RAD_NRRD_AXES; axis++, at += strspn(at, " \t")) {
        n->is_none[axis] = !strncasecmp(at, "none", 4);
        char *end = n->is_none[axis] ? at + 4 : *at == '(' ? strchr(at, ')') : NULL;
        if (!end) return refuse(n, "space directions", value, error);
        size_t count = 0;
        if (!n->is_none[axis]) {
            *end++ = '\0';
            if (!rad_header_numbers(at, n->step[axis], RAD_NRRD_AXES, &count) || !count ||
                (n->space_axes && count != n->space_axes))
                return refuse(n, "space directions", at, error);
            n->space_axes = count;
        }
        at = end;
    }
    n->steps = axis;
    return *at || !axis ? refuse(n, "space directions", at, error) : RAD_OK;
}

static rad_status take_origin(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                              rad_error *error) {
    size_t count;
    (void)header, (void)raster;
    if (!rad_header_numbers(value, n->origin, RAD_NRRD_AXES, &count) || !count ||
        (n->space_axes && count != n->space_axes))
        return refuse(n, "space origin", value, error);
    n->space_axes = count;
    n->has_origin = true;
    return RAD_OK;
}

static rad_status take_space_units(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                                   rad_error *error) {
    static const struct {
        const char *word;
        double scale;
    } units[] = {{"\"mm\"", 1},         {"\"um\"", 1e-3},          {"\"cm\"", 10},   {"\"m\"", 1000},
                 {"\"microns\"", 1e-3}, {"\"micrometers\"", 1e-3}, {"\"nm\"", 1e-6}, {"\"millimeters\"", 1}};
    (void)header, (void)raster, (void)error;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (!strncasecmp(value, units[i].word, strlen(units[i].word))) n->scale = units[i].scale;
    return RAD_OK;
}

static rad_status take_axis_numbers(const rad_nrrd *n, const char *field, char *value, double *to,
                                    size_t *count, rad_error *error) {
    return rad_header_numbers(value, to, RAD_NRRD_AXES, count) ? RAD_OK : refuse(n, field, value, error);
}

static rad_status take_spacings(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                                rad_error *error) {
    (void)header, (void)raster;
    return take_axis_numbers(n, "spacings", value, n->spacing, &n->spacings, error);
}

static rad_status take_mins(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                            rad_error *error) {
    (void)header, (void)raster;
    return take_axis_numbers(n, "axis mins", value, n->least, &n->mins, error);
}

static rad_status take_kinds(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    static const char *const spatial[] = {"domain", "space", "none", "???"};
    char *rest = value, *word;
    (void)header, (void)raster, (void)error;
    for (size_t axis = 0; (word = strtok_r(rest, " \t", &rest)) && axis < RAD_NRRD_AXES; axis++) {
        bool list = true;
        for (size_t i = 0; i < sizeof spatial / sizeof spatial[0]; i++)
            list = list && strcasecmp(word, spatial[i]) != 0;
        n->is_list[axis] = list;
    }
    return RAD_OK;
}

static rad_status take_centers(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                               rad_error *error) {
    char *rest = value, *word;
    (void)header, (void)raster, (void)error;
    for (size_t axis = 0; (word = strtok_r(rest, " \t", &rest)) && axis < RAD_NRRD_AXES; axis++)
        n->at_nodes[axis] = !strcasecmp(word, "node");
    return RAD_OK;
}

static rad_status take_number(rad_nrrd *n, const char *field, char *value, double least, double *number,
                              rad_error *error) {
    size_t count;
    if (!rad_header_numbers(value, number, 1, &count) || count != 1 || !(*number >= least) ||
        *number > 0x1p40 || *number != floor(*number))
        return refuse(n, field, value, error);
    return RAD_OK;
}

static rad_status take_lines(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    (void)header, (void)raster;
    return take_number(n, "line skip", value, 0, &n->lines, error);
}

static rad_status take_skip(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                            rad_error *error) {
    (void)header, (void)raster;
    return take_number(n, "byte skip", value, -1, &n->skip, error);
}

static rad_status take_slab(rad_nrrd *n, const char *word, rad_error *error) {
    double axes = 0;
    size_t count;
    if (!*word) return RAD_OK;
    if (rad_header_numbers(word, &axes, 1, &count) && count == 1 && rad_header_whole(axes, &n->slab) &&
        n->slab > 0 && n->slab <= RAD_NRRD_AXES)
        return RAD_OK;
    return refuse(n, "data file", word, error);
}

/* "PATTERN FIRST LAST STEP [AXES]" */
static rad_status take_pattern(rad_nrrd *n, char *value, rad_raster *raster, rad_error *error) {
    rad_status status = rad_raster_add_pattern(raster, n->path, &value, error);
    return status == RAD_OK ? take_slab(n, rad_header_trim(value), error) : status;
}

/* A name, a pattern, or the word LIST with a name on each line that follows. */
static rad_status take_files(rad_nrrd *n, char *value, rad_header_text *header, rad_raster *raster,
                             rad_error *error) {
    rad_status status = RAD_OK;
    if (raster->file_count) return refuse(n, "data file", value, error);
    if (!strncmp(value, "LIST", 4) && (!value[4] || isspace((unsigned char)value[4]))) {
        status = take_slab(n, rad_header_trim(value + 4), error);
        if (status == RAD_OK) status = rad_raster_add_list(raster, n->path, header, error);
    } else if (strchr(value, '%')) {
        status = take_pattern(n, value, raster, error);
    } else {
        status = rad_raster_add_beside(raster, n->path, value, error);
    }
    return status == RAD_OK && !raster->file_count ? refuse(n, "data file", value, error) : status;
}

static const struct {
    const char *name;
    take_field *take;
} fields[] = {
    {"dimension", take_dimension},
    {"sizes", take_sizes},
    {"type", take_type},
    {"encoding", take_encoding},
    {"endian", take_endian},
    {"space", take_space},
    {"space directions", take_directions},
    {"space origin", take_origin},
    {"space units", take_space_units},
    {"units", take_space_units},
    {"spacings", take_spacings},
    {"axis mins", take_mins},
    {"axismins", take_mins},
    {"kinds", take_kinds},
    {"centers", take_centers},
    {"centerings", take_centers},
    {"line skip", take_lines},
    {"lineskip", take_lines},
    {"byte skip", take_skip},
    {"byteskip", take_skip},
    {"data file", take_files},
    {"datafile", take_files},
};

/* "field: value" or "key:=value"; fields that say nothing of voxels or grid are passed over. */
static rad_status take_line(rad_nrrd *n, char *line, rad_header_text *header, rad_raster *raster,
                            rad_error *error) {
    char *colon = *line == '#' ? NULL : strchr(line, ':');
    if (!colon) return RAD_OK;
    *colon = '\0';
    if (colon[1] == '=') return rad_nrrd_segment_take(n->path, line, colon + 2, &n->segments, error);
    const char *name = rad_header_trim(line);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (!strcasecmp(name, fields[i].name))
            return fields[i].take(n, rad_header_trim(colon + 1), header, raster, error);
    return RAD_OK;
}

static size_t header_end(const char *text, size_t length) {
    const char *unix_end = memmem(text, length, "\n\n", 2), *dos_end = memmem(text, length, "\n\r\n", 3);
    const size_t a = unix_end ? (size_t)(unix_end - text) + 2 : SIZE_MAX,
                 b = dos_end ? (size_t)(dos_end - text) + 3 : SIZE_MAX, first = a < b ? a : b;
    return first == SIZE_MAX ? 0 : first;
}

static rad_status check_fields(const rad_nrrd *n, rad_error *error) {
    const char *missing = !n->axes ? "dimension" : !n->sizes ? "sizes" : !n->type ? "type" : NULL;
    if (missing)
        return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header has no field \"%s\"", n->path, missing);
    const struct {
        const char *what;
        size_t count;
    } fields_of_axes[] = {{"sizes", n->sizes},
                          {"space directions", n->steps},
                          {"spacings", n->spacings},
                          {"axis mins", n->mins}};
    for (size_t i = 0; i < sizeof fields_of_axes / sizeof fields_of_axes[0]; i++)
        if (fields_of_axes[i].count && fields_of_axes[i].count != n->axes)
            return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header has %zu %s for %zu dimension%s",
                            n->path, fields_of_axes[i].count, fields_of_axes[i].what, n->axes,
                            rad_plural(n->axes));
    if (n->refused)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: NRRD of encoding %s is not read; raw, gzip, ascii and hex are: save it as gzip",
                        n->path, n->refused);
    if (rad_type_size(n->type) > 1 && n->coding != RAD_RASTER_TEXT && !n->big && !n->little)
        return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header has no field \"endian\", which %s needs",
                        n->path, rad_type_name(n->type));
    return RAD_OK;
}

/* Each of several files has a slab of the first axes; more would be left over without a word. */
static rad_status check_slabs(const rad_nrrd *n, const rad_raster *raster, rad_error *error) {
    const size_t slab = n->slab ? n->slab : n->axes - 1;
    size_t slabs = 1;
    if (raster->file_count == 1 && !n->slab) return RAD_OK;
    for (size_t a = slab; a < n->axes; a++)
        if (!rad_multiply(slabs, n->size[a], &slabs)) slabs = SIZE_MAX;
    if (slabs == raster->file_count || (slab == n->axes && n->size[n->axes - 1] % raster->file_count == 0))
        return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE, "%s: the NRRD header names %zu data file%s, and asks for %zu",
                    n->path, raster->file_count, rad_plural(raster->file_count), slabs);
}

/* Where the voxels are. */
static rad_status find_voxels(const rad_nrrd *n, const rad_header_text *header, rad_raster *raster,
                              rad_error *error) {
    const bool attached = !raster->file_count, big_host = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    rad_status status =
        attached ? rad_raster_add_file(raster, n->path, error) : check_slabs(n, raster, error);
    raster->coding = n->coding;
    raster->swapped = n->coding != RAD_RASTER_TEXT && (n->big || n->little) && n->big != big_host;
    raster->lines = (size_t)n->lines;
    raster->at_end = n->skip < 0;
    raster->skip = n->skip > 0 ? (size_t)n->skip : 0;
    if (attached) raster->begin = header->length;
    if (status != RAD_OK || !header->gzipped || !attached) return status;
    if (n->coding != RAD_RASTER_PLAIN || raster->lines || raster->at_end)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: is gzipped as a whole, and its encoding is not raw: unpack it (gunzip)",
                        n->path);
    raster->coding = RAD_RASTER_FOUND;
    raster->skip += raster->begin;
    raster->begin = 0;
    return RAD_OK;
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    rad_header_text header;
    rad_nrrd n = {.path = path, .scale = 1};
    for (size_t a = 0; a < RAD_NRRD_AXES; a++) n.spacing[a] = n.least[a] = NAN;
    rad_status status = rad_header_text_read(path, header_end, &header, error);
    if (status == RAD_OK && strncmp(header.text, "NRRD", 4) != 0)
        status = rad_fail(error, RAD_UNREADABLE, "%s: is not NRRD", path);
    for (char *line; status == RAD_OK && (line = rad_header_text_line(&header));)
        status = take_line(&n, line, &header, raster, error);
    if (status == RAD_OK) status = check_fields(&n, error);
    if (status == RAD_OK) status = find_voxels(&n, &header, raster, error);
    raster->header.type = n.type;
    if (status == RAD_OK) status = rad_nrrd_place(&n, raster, warnings, error);
    if (status == RAD_OK) status = rad_nrrd_segments_label(path, &n.segments, raster, error);
    rad_nrrd_segments_free(&n.segments);
    rad_header_text_free(&header);
    return status;
}

static bool sniff(const rad_glance *glance) {
    return glance->count >= 8 && !memcmp(glance->bytes, "NRRD000", 7);
}

const rad_reader rad_reader_nrrd = {
    .name = "NRRD",
    .endings = (const char *const[]){".nrrd", ".nhdr", NULL},
    .sniff = sniff,
    .parse = parse,
    .names_files = true,
};
