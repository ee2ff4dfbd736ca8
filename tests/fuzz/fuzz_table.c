/* Tables of a site: read into a cohort of this study or refused with words. */
#include "fuzz.h"

#include "../../federate/site/cohort.h"

#include <string.h>

static const char study_text[] =
    "study: fuzz\nfeatures: [f*]\ncovariates: {sex: {levels: [F, M]}, age: number}\n"
    "outcomes: {relapse: {time: months, event: dead, grid: [0, 12]}}\nvariables: {f1: {transform: log}}\n";

static void run(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_cohort cohort;
    if (!study.id && rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) != RAD_OK)
        abort();
    static fuzz_file table, clinical;
    const uint8_t *second = memchr(data, '\f', size); /* a form feed, and the clinical table */
    const char *path = fuzz_put(&table, data, second ? (size_t)(second - data) : size),
               *other = second ? fuzz_put(&clinical, second + 1, size - (size_t)(second + 1 - data)) : NULL;
    const rad_status status = rad_cohort_read(path, other, &study, &cohort, &error);
    if (status != RAD_OK) FUZZ_REFUSED(error);
    if (status == RAD_OK) rad_cohort_free(&cohort);
}

const fuzzer fuzzer_table = {"table", run, fuzz_shape_text};
