/* Files that a pool gives back to sites: what is accepted is applied. */
#include "fuzz.h"

#include "../../federate/site/harmonise.h"

#include <math.h>
#include <string.h>

static const char study_text[] =
    "study: harmonise\npatient: patient\nfeatures: [f*]\ncovariates: {age: number}\n"
    "model: [age]\nanalyses: [model]\n";

static void run(const uint8_t *data, size_t size) {
    static rad_study study;
    static fuzz_file input;
    rad_error error = {0};
    rad_harmonisation combat;
    if (!study.id && rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) != RAD_OK)
        abort();
    fuzz_take_hash(data, size, "\"study_hash\": \"", study.hash);
    const char *path = fuzz_put(&input, data, size);
    if (rad_harmonisation_read(path, &study, &combat, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    const double columns[RAD_DESIGN_MAX] = {50};
    for (size_t i = 0; i < combat.sites; i++)
        for (size_t v = 0; v < combat.count; v++)
            if (combat.variables[v].used &&
                isnan(rad_harmonise_value(&combat, v, &combat.effects[i * combat.count + v], 1, columns)) &&
                !combat.columns)
                abort();
    rad_harmonisation_free(&combat);
}

const fuzzer fuzzer_harmonisation = {"harmonisation", run, fuzz_shape_text};
