/* Rehearsals of this study: what is accepted is joined with itself, and every part of it is found twice. */
#include "fuzz.h"

#include "../../core/bitset.h"
#include "../../federate/rehearsal.h"

static const char study_text[] = "study: fuzz\npatient: patient\nfeatures: [f*]\n";

static void run(const uint8_t *data, size_t size) {
    static rad_study study;
    rad_error error = {0};
    rad_rehearsal sites[2];
    rad_rehearsed *parts;
    size_t count;
    if (!study.id)
        FUZZ_CHECK(rad_study_parse(study_text, sizeof study_text - 1, "study", &study, &error) == RAD_OK);
    if (size > 1 << 16) return;
    fuzz_take_hash(data, size, "\"hash\": \"", study.hash);
    if (rad_rehearsal_parse((const char *)data, size, "input", &study, NULL, &sites[0], &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    sites[1] = sites[0];
    FUZZ_CHECK(rad_rehearsal_join(sites, 2, &parts, &count, &error) == RAD_OK);
    FUZZ_CHECK(count && count <= json_array_size(sites[0].parts));
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(parts[i].sites == 0 || parts[i].sites == 2);
        FUZZ_CHECK(rad_bitset_count(parts[i].have, 1) == parts[i].sites && parts[i].analysis);
    }
    rad_rehearsed_free(parts, count);
    rad_rehearsal_free(&sites[0]);
}

const fuzzer fuzzer_rehearsal = {"rehearsal", run, fuzz_shape_text};
