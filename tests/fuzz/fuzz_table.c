/* Tables of a site: read into a cohort of this study or refused with words. */
#include "fuzz.h"

#include "../../federate/cohort.h"

static const char study_text[] =
    "study: fuzz\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {relapse: {time: months, event: dead, grid: [0, 12]}}\nvariables: {f1: {transform: log}}\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_cohort cohort;
    char path[64];
    if (!study.id && rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) != RAD_OK)
        abort();
    const int file = fuzz_open(data, size, path);
    const rad_status status = rad_cohort_read(path, NULL, &study, &cohort, &error);
    close(file);
    if (status != RAD_OK && !error.text[0]) abort();
    if (status == RAD_OK) rad_cohort_free(&cohort);
    return 0;
}
