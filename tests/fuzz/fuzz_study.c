/* Studies: parsed or refused, and asked how they take a variable. */
#include "fuzz.h"

#include "../../federate/study.h"

static void run(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_transform transform;
    if (rad_study_parse((const char *)data, size, "input", &study, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    if (rad_study_transform(&study, "CT_original_stat_mean", &transform, &error) != RAD_OK && !error.text[0])
        abort();
    if (transform.has_grid && rad_grid_cell(&transform.grid, 1.5) >= rad_grid_cells(&transform.grid)) abort();
    rad_study_in_panel(&study, "CT_original_stat_mean", true);
    rad_study_free(&study);
}

const fuzzer fuzzer_study = {"study", run, fuzz_shape_text};
