#include "presets.h"

#include "../core/builtin.h"
#include "../core/printable.h"
#include "../io/dicom/suv.h"
#include "../io/scan/source.h"
#include "../pipeline/case_files.h"
#include "../pipeline/validate/validate.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *modality, *preset;
} rows[] = {{"CT", "ct"}, {"MR", "mr"}, {"PT", "pet"}, {"US", "us"}};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *rad_preset_of(const char *modality) {
    for (size_t i = 0; i < ROWS; i++)
        if (!strcasecmp(modality, rows[i].modality) || !strcasecmp(modality, rows[i].preset))
            return rows[i].preset;
    return NULL;
}

/* What the headers of the image say. */
static rad_status find_facts(const char *image, const char *series, rad_facts *facts, rad_error *error) {
    rad_settings usual;
    rad_source source = {0};
    rad_settings_default(&usual);
    usual.slice_tolerance = 50; /* the settings that say these two are not known yet */
    usual.suv = RAD_SUV_NONE;
    const rad_source_options how = rad_case_source_options(&usual, series, 1);
    rad_status status = rad_source_open(image, &how, &source, NULL, error);
    if (status == RAD_OK) *facts = source.facts;
    rad_source_close(&source);
    rad_settings_clear(&usual);
    return status;
}

rad_status rad_presets_of(const char *image, const char *series, const char *said, const char **preset,
                          rad_error *error) {
    rad_facts facts = {.count = 0};
    rad_status status = find_facts(image, series, &facts, error);
    if (status != RAD_OK) return status;
    const char *modality = rad_facts_find(&facts, "modality");
    if (!*modality) modality = said;
    *preset = rad_preset_of(modality);
    if (*preset) return RAD_OK;
    return rad_fail(
        error, RAD_CONFIG, "--settings auto: %.200s: %s%s; give one of ct, mr, pet, us, or a file", image,
        *modality ? "no preset is for modality " : "nothing in the file says its modality", modality);
}

rad_status rad_presets_read(const char *name, const char *image, const char *series, rad_settings *settings,
                            rad_error *error) {
    const char *preset;
    if (strcmp(name, "auto") != 0) return rad_preset_read(name, settings, error);
    rad_status status = rad_presets_of(image, series, "", &preset, error);
    if (status != RAD_OK) return status;
    rad_show(stderr, "radiomill: settings %s, by the modality of %s\n", preset, image);
    return rad_preset_read(preset, settings, error);
}

void rad_presets_tell(const rad_facts *facts) {
    const char *modality = rad_facts_find(facts, "modality"), *preset = rad_preset_of(modality);
    fputs("radiomill: without settings: voxels as they are, all intensities, 32 bins for each ROI (fbn32), ",
          stderr);
    if (preset)
        fprintf(stderr, "3D; -c %s is for %s\n", preset, modality);
    else
        fputs("3D; -c ct, mr, pet or us is for a modality\n", stderr);
}

const char *rad_presets_next(size_t *at, char name[64]) {
    if (*at < ROWS) return rows[(*at)++].preset;
    for (size_t i = *at - ROWS; i < rad_embedded_count; i++) {
        const size_t length = strlen(rad_embedded[i].name);
        *at = ROWS + i + 1;
        if (strncmp(rad_embedded[i].name, "ibsi", 4) != 0 || length < 6 ||
            strcmp(rad_embedded[i].name + length - 5, ".yaml") != 0)
            continue;
        snprintf(name, 64, "%.*s", (int)length - 5, rad_embedded[i].name);
        return name;
    }
    *at = ROWS + rad_embedded_count;
    return NULL;
}
