/* A site's policy: rules never become milder than the study, nor than the policy. */
#include "../../federate/rules.h"
#include "fuzz.h"

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_rules study, rules, floor;
    char text[512];
    FUZZ_CHECK(rad_rules_read(NULL, "study", &study, &error) == RAD_OK);
    rules = study;
    if (rad_rules_tighten(path, &rules, &floor, &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    FUZZ_CHECK(rules.cell >= study.cell && rules.sites >= study.sites && rules.round >= study.round);
    FUZZ_CHECK(rules.dominance <= study.dominance && rules.parameters <= study.parameters);
    FUZZ_CHECK(!*rad_rules_milder(&rules, &floor, text, sizeof text));
    rad_rules_join(&study, &rules);
    FUZZ_CHECK(study.cell == rules.cell && study.dominance <= rules.dominance);
    rad_rules_text(&rules, text, sizeof text);
}

const fuzzer fuzzer_policy = {"policy", run, fuzz_shape_text};
