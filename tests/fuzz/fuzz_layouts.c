/* Folders of cases: names of files, a line each, and what a dataset.json and a scene say. The first line is
 * both. */
#include "../../pipeline/batch/discover.h"
#include "../../pipeline/batch/finder.h"
#include "../../pipeline/batch/layouts.h"
#include "fuzz.h"

#include <sys/stat.h>

static char folder[160];

/* The files that the list speaks of. */
static void put_files(void) {
    static const char *const names[] = {"imagesTr",
                                        "labelsTr",
                                        "imagesTr/a_0000.nii.gz",
                                        "labelsTr/a.nii.gz",
                                        "imagesTr/b_0000.nii.gz",
                                        "labelsTr/b.nii.gz"};
    char path[256];
    snprintf(folder, sizeof folder, "%s/layouts", fuzz_folder());
    FUZZ_CHECK(!mkdir(folder, 0700));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = i < 2 ? NULL : fopen(path, "w");
        FUZZ_CHECK(i < 2 ? !mkdir(path, 0700) : file && !fclose(file));
    }
}

static void match(const char *path, size_t length) {
    rad_parts parts;
    char *key = malloc(length + 1);
    bool worded;
    FUZZ_CHECK(key);
    rad_finder_key(path, length, key, &worded);
    FUZZ_CHECK(strlen(key) <= length);
    free(key);
    for (size_t i = 0; i < 2 * rad_layout_count; i++) {
        const rad_layout *l = &rad_layouts[i / 2];
        if (!rad_pattern_fits(i % 2 ? l->mask : l->image, path, length, &parts)) continue;
        for (size_t k = 0; k < RAD_PATTERN_PARTS; k++)
            FUZZ_CHECK(!parts.part[k].text || (parts.part[k].text >= path &&
                                               parts.part[k].text + parts.part[k].length <= path + length));
    }
}

static void run(const uint8_t *data, size_t size) {
    static fuzz_file lists[2];
    const uint8_t *end = memchr(data, '\n', size);
    const size_t list = end ? (size_t)(end - data) : size;
    if (!*folder) put_files();
    fuzz_put_as(&lists[0], "layouts/dataset.json", data, list);
    fuzz_put_as(&lists[1], "layouts/scene.mrml", data, list);
    rad_error error = {0};
    rad_discovery found;
    const rad_discover_options how = {.threads = 1};
    FUZZ_CHECK(rad_discover(folder, &how, &found, &error) == RAD_OK);
    FUZZ_CHECK(found.count >= 1 && found.files == 4);
    for (size_t i = 1; i < found.count; i++)
        FUZZ_CHECK(strcmp(found.pairs[i - 1].name, found.pairs[i].name) < 0);
    rad_discovery_free(&found);
    for (const uint8_t *at = end; at && at < data + size;) {
        const uint8_t *next = memchr(at + 1, '\n', size - (size_t)(at + 1 - data));
        const size_t length = (size_t)((next ? next : data + size) - at - 1);
        match((const char *)at + 1, length < 300 ? length : 300);
        at = next;
    }
}

const fuzzer fuzzer_layouts = {"layouts", run, fuzz_shape_text};
