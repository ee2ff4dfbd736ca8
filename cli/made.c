#include "made.h"

#include "../core/fft.h"
#include "../io/tree.h"

#include <gnu/libc-version.h>
#include <lapacke.h>
#include <libdeflate.h>
#include <libqhull_r/libqhull_r.h>
#include <nettle/version.h>
#include <png.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <time.h>
#include <unistd.h>
#include <yaml.h>
#include <zlib.h>
#ifdef RAD_ISAL
#include <isa-l.h>
#endif

/* The last name of a path: `a/b/` is `b`. */
static json_t *last_name(const char *path) {
    const char *begin = path, *end = path + strlen(path);
    while (end > path + 1 && end[-1] == '/') end--;
    for (const char *at = path; at + 1 < end; at++)
        if (*at == '/') begin = at + 1;
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)(end - begin < 255 ? end - begin : 255), begin);
    return rad_tree_name(name);
}

static json_t *words_of(const rad_command *command, const rad_arguments *a) {
    json_t *words = json_array();
    rad_tree_add(&words, json_string("radiomill"));
    rad_tree_add(&words, json_string(command->name));
    for (size_t i = 0; i < a->operands; i++) rad_tree_add(&words, last_name(a->operand[i]));
    for (size_t i = 0; i < command->option_count; i++) {
        if (!a->value[i]) continue;
        rad_tree_add(&words, json_string(command->options[i].name));
        const char *value = command->options[i].value; /* "I/N" is no path */
        if (value)
            rad_tree_add(&words, strchr(value, '/') ? rad_tree_name(a->value[i]) : last_name(a->value[i]));
    }
    return words;
}

static json_t *date(void) {
    char text[32];
    const char *given = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    const long long seconds = given ? strtoll(given, &end, 10) : 0;
    const time_t now = given && end != given && !*end ? (time_t)seconds : time(NULL);
    struct tm utc;
    if (!gmtime_r(&now, &utc) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)) return json_null();
    return json_string(text);
}

static json_t *host(void) {
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) || !*name) return json_null();
    return rad_tree_name(name);
}

/* Those whose version can be asked are asked: what runs need not be what was compiled with. */
static json_t *libraries(void) {
    int yaml[3];
    lapack_int lapack[3] = {0};
    char tiff[64];
    const png_uint_32 png = png_access_version_number();
    yaml_get_version(&yaml[0], &yaml[1], &yaml[2]);
    LAPACKE_ilaver(&lapack[0], &lapack[1], &lapack[2]);
    snprintf(tiff, sizeof tiff, "%.*s", (int)strcspn(TIFFGetVersion(), "\n"), TIFFGetVersion());
    json_t *all = json_object();
    rad_tree_set(&all, "fft", json_string(rad_fft_library()));
    rad_tree_set(&all, "lapack", json_sprintf("%d.%d.%d", (int)lapack[0], (int)lapack[1], (int)lapack[2]));
    rad_tree_set(&all, "qhull", json_string(qh_version2));
    rad_tree_set(&all, "zlib", json_string(zlibVersion()));
#ifdef RAD_ISAL
    rad_tree_set(&all, "isa-l",
                 json_sprintf("%d.%d.%d", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION));
#endif
    rad_tree_set(&all, "libdeflate", json_string(LIBDEFLATE_VERSION_STRING));
    rad_tree_set(&all, "gdcm", *rad_built_gdcm ? json_string(rad_built_gdcm) : json_null());
    rad_tree_set(
        &all, "libpng",
        json_sprintf("%u.%u.%u", (unsigned)png / 10000, (unsigned)png / 100 % 100, (unsigned)png % 100));
    rad_tree_set(&all, "libtiff", json_string(tiff));
    rad_tree_set(&all, "libyaml", json_sprintf("%d.%d.%d", yaml[0], yaml[1], yaml[2]));
    rad_tree_set(&all, "jansson", json_string(jansson_version_str()));
    rad_tree_set(&all, "sqlite", json_string(sqlite3_libversion()));
    rad_tree_set(&all, "libsodium", json_string(sodium_version_string()));
    rad_tree_set(&all, "nettle", json_sprintf("%d.%d", nettle_version_major(), nettle_version_minor()));
    rad_tree_set(&all, "glibc", json_string(gnu_get_libc_version()));
    return all;
}

json_t *rad_made_by(const rad_command *command, const rad_arguments *arguments) {
    json_t *made = json_object();
    rad_tree_set(&made, "date", date());
    rad_tree_set(&made, "host", host());
    rad_tree_set(&made, "command", words_of(command, arguments));
    rad_tree_set(&made, "commit", *rad_built_commit ? json_string(rad_built_commit) : json_null());
    rad_tree_set(&made, "compiler", json_string(__VERSION__));
    rad_tree_set(&made, "libraries", libraries());
    return made;
}
