/* A folder of mask files, each with its length before it, as one mask on a small grid: names of files are
 * those of ROIs. */
#include "fuzz.h"

#include "../../core/memory.h"
#include "../../pipeline/case_files.h"

#include <sys/stat.h>

enum { FILES = 3 };

/* What is read adds up: voxels of each label lie in its box. */
static void check(const rad_mask *mask) {
    for (size_t i = 0; i < mask->label_count; i++) {
        const rad_label *l = &mask->labels[i];
        FUZZ_CHECK(!i || l->value > l[-1].value);
        FUZZ_CHECK(l->fault || l->voxels <= rad_box_count(&l->box));
    }
}

static void run(const uint8_t *data, size_t size) {
    static const char *const names[FILES] = {"organs/liver.nii", "organs/spleen.nrrd", "organs/GTV 1.mha"};
    static fuzz_file files[FILES];
    static char folder[150];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_mask mask;
    rad_settings settings;
    rad_settings_default(&settings);
    rad_source_options how = rad_case_source_options(&settings, NULL, 1);
    const rad_source grid = {
        .path = "grid",
        .header = {
            .geometry = {.size = {3, 3, 2}, .spacing = {1, 2, 3}, .direction = {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
            .type = RAD_INT16,
            .slope = 1}};
    if (!*folder) {
        snprintf(folder, sizeof folder, "%s/organs", fuzz_folder());
        FUZZ_CHECK(!mkdir(folder, 0700));
    }
    for (int i = 0; i < FILES; i++) {
        size_t length = 0;
        const uint8_t *one = fuzz_frame(&data, &size, &length);
        fuzz_put_as(&files[i], names[i], one, length);
    }
    if (rad_source_read_mask(folder, &grid, &how, NULL, &mask, &warnings, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    check(&mask);
    rad_mask_free(&mask);
}

const fuzzer fuzzer_organs = {"organs", run, NULL};
