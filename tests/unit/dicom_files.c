#include "dicom_files.h"

#include <stdio.h>
#include <stdlib.h>

char top[] = "/tmp/radiomill-dicom-XXXXXX";

const char *in(const char *name) {
    static char path[4][512];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(path[turn], sizeof path[turn], "%s/%s", top, name);
    return path[turn];
}

double pattern(size_t x, size_t y, size_t z) {
    return (double)((7 * x + 13 * y + 29 * z) % 500);
}

rad_source_options standard(int threads) {
    rad_settings settings;
    rad_settings_default(&settings);
    return rad_case_source_options(&settings, NULL, threads);
}

rad_status read_series(const char *path, const rad_source_options *how, const rad_box *box,
                       rad_volume *volume, rad_warnings *warnings, rad_error *error) {
    rad_source source;
    *volume = (rad_volume){.voxels = NULL};
    rad_status status = rad_source_open(path, how, &source, warnings, error);
    if (status == RAD_OK) status = rad_source_read(&source, how, box, volume, warnings, error);
    rad_source_close(&source);
    return status;
}

void draw(const char *folder, const char *const *words, size_t count, bool any_frame, rad_mask *mask) {
    rad_error error = {0};
    rad_source source;
    rad_source_options how = standard(1);
    how.any_frame = any_frame;
    const rad_choice choice = {words, count};
    ck_ok(rad_source_open(in("explicit"), &how, &source, NULL, &error));
    ck_ok(rad_source_read_mask(in(folder), &source, &how, &choice, mask, NULL, &error));
    rad_source_close(&source);
}

int run_on_files(Suite *suite) {
    char command[128];
    if (!mkdtemp(top)) return 1;
    snprintf(command, sizeof command, "/usr/bin/python3 tests/support/dicom.py %s", top);
    if (system(command) != 0) return 1;
    const int code = test_run(suite);
    snprintf(command, sizeof command, "rm -rf %s", top);
    return system(command) != 0 ? 1 : code;
}
