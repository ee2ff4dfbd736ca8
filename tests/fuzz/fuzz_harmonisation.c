/* Files that a pool gives back to sites: what is accepted is applied. */
#include "fuzz.h"

#include "../../federate/combat.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char study_text[] =
    "study: harmonise\npatient: patient\nfeatures: [f*]\ncovariates: {age: number}\n"
    "model: [age]\nanalyses: [model]\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rad_study study;
    static char path[64];
    static int file;
    rad_error error = {0};
    rad_combat combat;
    if (!study.id && rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) != RAD_OK)
        abort();
    if (!*path) {
        file = memfd_create("harmonisation", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    if (ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size) abort();
    if (rad_combat_read(path, &study, &combat, &error) != RAD_OK) {
        if (!error.text[0]) abort();
        return 0;
    }
    const double columns[RAD_DESIGN_MAX] = {50};
    for (size_t i = 0; i < combat.sites; i++)
        for (size_t v = 0; v < combat.count; v++)
            if (combat.variables[v].used &&
                isnan(rad_combat_apply(&combat, v, &combat.effects[i * combat.count + v], 1, columns)) &&
                !combat.columns)
                abort();
    rad_combat_free(&combat);
    return 0;
}
