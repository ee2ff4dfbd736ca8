/* A folder of DICOM files, each with its length before it: put in order, rescaled and, where voxels are
 * plain, read in part; as it is, and the first of its volumes with uneven slices interpolated. */
#include "formats.h"
#include "fuzz.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>

enum { FILES = 8 };

static const char *folder_of(const uint8_t *data, size_t size) {
    static char path[128];
    static int files[FILES];
    static size_t sizes[FILES];
    size_t length;
    if (!*path) {
        snprintf(path, sizeof path, "%s/series", fuzz_folder());
        FUZZ_CHECK(!mkdir(path, 0700));
        for (int i = 0; i < FILES; i++) {
            char name[160];
            snprintf(name, sizeof name, "%s/%d", path, i);
            files[i] = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
            FUZZ_CHECK(files[i] >= 0);
        }
    }
    for (int i = 0; i < FILES; i++) {
        length = 0;
        const uint8_t *frame = fuzz_frame(&data, &size, &length);
        FUZZ_CHECK(length >= sizes[i] || !ftruncate(files[i], (off_t)length));
        FUZZ_CHECK(!length || pwrite(files[i], frame, length, 0) == (ssize_t)length);
        sizes[i] = length;
    }
    return path;
}

static void open_as(const char *path, const char *volume, bool uneven) {
    rad_error error = {0};
    rad_source source;
    rad_warnings warnings = {0};
    const rad_source_options how = {
        .series = {.suv = RAD_SUV_BW, .tolerance = 1, .volume = volume, .uneven = uneven, .threads = 1}};
    if (rad_source_open(path, &how, &source, &warnings, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    const rad_series *s = source.state;
    const rad_geometry *g = &source.header.geometry;
    for (int a = 0; a < 3; a++) FUZZ_CHECK(g->size[a] && g->spacing[a] > 0 && isfinite(g->origin[a]));
    for (size_t i = 0; i < s->plane_count; i++)
        FUZZ_CHECK(isfinite(s->planes[i].slope) && isfinite(s->planes[i].intercept));
    for (size_t i = 0; i < s->slices && s->between; i++)
        FUZZ_CHECK(s->between[i].below + 1 < s->plane_count && s->between[i].weight >= 0 &&
                   s->between[i].weight <= 1);
    if (!s->first->data.encapsulated && rad_geometry_count(g) < 1 << 14) fuzz_part(&source, &how);
    rad_source_close(&source);
}

static void run(const uint8_t *data, size_t size) {
    const char *path = folder_of(data, size);
    open_as(path, NULL, false);
    open_as(path, size % 2 ? "1" : "EchoTime=2", true);
}

const fuzzer fuzzer_series = {"series", run, fuzz_shape_frames};
