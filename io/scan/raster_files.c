/* Names of the files that hold voxels, as headers write them. */
#include "../../core/memory.h"
#include "header_text.h"
#include "raster.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 16 };

rad_status rad_raster_add_file(rad_raster *raster, const char *path, rad_error *error) {
    rad_status status =
        rad_grow(&raster->files, raster->file_count, &raster->file_room, sizeof(char *), error);
    char *copy = status == RAD_OK ? rad_text_copy(path, error) : NULL;
    if (!copy) return RAD_NO_MEMORY;
    raster->files[raster->file_count++] = copy;
    return RAD_OK;
}

/* A file whose header says where it was on another machine, and which lies beside it now? */
static bool find_moved(const rad_raster *raster, const char *beside, const char *name, char path[PATH_MAX]) {
    const char *base = name, *slash = strrchr(beside, '/');
    char here[PATH_MAX];
    for (const char *at = name; *at; at++)
        if (*at == '/' || *at == '\\') base = at + 1;
    const int length =
        snprintf(here, sizeof here, "%.*s%s", slash ? (int)(slash + 1 - beside) : 0, beside, base);
    if (base == name || !*base || length >= PATH_MAX || access(here, F_OK)) return false;
    memcpy(path, here, (size_t)length + 1);
    rad_warn(raster->warnings,
             "%.200s: names the data file %.200s, which is not there; %.100s beside it is taken", beside,
             name, base);
    return true;
}

rad_status rad_raster_add_beside(rad_raster *raster, const char *beside, const char *name, rad_error *error) {
    char path[PATH_MAX];
    const char *slash = *name == '/' ? NULL : strrchr(beside, '/');
    const size_t folder = slash ? (size_t)(slash + 1 - beside) : 0;
    if (folder + strlen(name) >= sizeof path)
        return rad_fail(error, RAD_UNREADABLE, "%s: the name of its data file is too long", beside);
    snprintf(path, sizeof path, "%.*s%s", (int)folder, beside, name);
    /* one that is nowhere ends the reading: no others are looked for */
    if (!raster->lacks_file && access(path, F_OK))
        raster->lacks_file = !find_moved(raster, beside, name, path);
    return rad_raster_add_file(raster, path, error);
}

static rad_status refuse(const char *path, const char *name, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE, "%s: the header names the data files \"%.60s\", which cannot be",
                    path, name);
}

rad_status rad_raster_add_list(rad_raster *raster, const char *path, rad_header_text *header,
                               rad_error *error) {
    rad_status status = RAD_OK;
    for (char *line; status == RAD_OK && (line = rad_header_text_line(header));) {
        const char *name = rad_header_trim(line);
        if (raster->file_count == MOST) return refuse(path, name, error);
        if (*name) status = rad_raster_add_beside(raster, path, name, error);
    }
    return status == RAD_OK && !raster->file_count ? refuse(path, "", error) : status;
}

/* A name with the number where the pattern has its one %d (%03d). */
static bool fill_pattern(const char *pattern, long number, char *name, size_t room) {
    const char *percent = strchr(pattern, '%');
    if (!percent || strchr(percent + 1, '%')) return false;
    const bool zeros = percent[1] == '0';
    char *end;
    const long width = strtol(percent + 1, &end, 10);
    if ((percent[1] != 'd' && !isdigit((unsigned char)percent[1])) || *end != 'd' || width < 0 || width > 20)
        return false;
    const int length = zeros ? snprintf(name, room, "%.*s%0*ld%s", (int)(percent - pattern), pattern,
                                        (int)width, number, end + 1)
                             : snprintf(name, room, "%.*s%*ld%s", (int)(percent - pattern), pattern,
                                        (int)width, number, end + 1);
    return length > 0 && (size_t)length < room;
}

rad_status rad_raster_add_pattern(rad_raster *raster, const char *path, char **value, rad_error *error) {
    const char *pattern = strtok_r(*value, " \t", value);
    double number[3];
    size_t count;
    char name[1024];
    rad_status status = RAD_OK;
    for (size_t i = 0; i < 3; i++) {
        const char *word = strtok_r(*value, " \t", value);
        if (!word || !rad_header_numbers(word, &number[i], 1, &count) || count != 1 ||
            fabs(number[i]) > 1e9 || number[i] != floor(number[i]))
            return refuse(path, pattern ? pattern : "", error);
    }
    const long step = (long)number[2], last = (long)number[1];
    if (!step || (number[1] - number[0]) / number[2] >= MOST) return refuse(path, pattern, error);
    for (long i = (long)number[0]; status == RAD_OK && (step > 0 ? i <= last : i >= last); i += step) {
        if (!fill_pattern(pattern, i, name, sizeof name)) return refuse(path, pattern, error);
        status = rad_raster_add_beside(raster, path, name, error);
    }
    return status == RAD_OK && !raster->file_count ? refuse(path, pattern, error) : status;
}
