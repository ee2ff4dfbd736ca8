/* A folder of DICOM files, each with its length before it: put in order, rescaled and, where voxels are
 * plain, read in part; as it is, and the first of its volumes with uneven slices interpolated. */
#include "formats.h"
#include "fuzz.h"

#include <math.h>
#include <sys/stat.h>

enum { FILES = 8 };

/* A folder for each number of files, with the same files in all: none is looked at in vain. */
static void make_folders(fuzz_file files[FILES]) {
    char path[160], name[16];
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "file%d", i);
        fuzz_put_as(&files[i], name, NULL, 0);
    }
    for (int count = 1; count <= FILES; count++) {
        snprintf(path, sizeof path, "%s/series%d", fuzz_folder(), count);
        FUZZ_CHECK(!mkdir(path, 0700));
        for (int i = 0; i < count; i++) {
            snprintf(path, sizeof path, "%s/series%d/%d", fuzz_folder(), count, i);
            FUZZ_CHECK(!link(files[i].path, path));
        }
    }
}

static const char *folder_of(const uint8_t *data, size_t size) {
    static char path[160];
    static fuzz_file files[FILES];
    int count = 0;
    if (!files->file) make_folders(files);
    do {
        size_t length = 0;
        const uint8_t *frame = fuzz_frame(&data, &size, &length);
        fuzz_put_as(&files[count++], "", frame, length);
    } while (size && count < FILES);
    snprintf(path, sizeof path, "%s/series%d", fuzz_folder(), count);
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
