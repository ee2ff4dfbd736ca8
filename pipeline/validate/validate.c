#include "validate.h"

#include "../../core/memory.h"
#include "../../core/nearest.h"
#include "../extract.h"
#include "../settings_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const rad_data_set rad_data_sets[RAD_DATA_SETS] = {
    {"digital_phantom", "ibsi-digital-phantom"},
    {"config_a", "ibsi-a"},
    {"config_b", "ibsi-b"},
    {"config_c", "ibsi-c"},
    {"config_d", "ibsi-d"},
    {"config_e", "ibsi-e"},
    {"ibsi2_1a", "ibsi2-1a"},
    {"ibsi2_1b", "ibsi2-1b"},
    {"ibsi2_2a", "ibsi2-2a"},
    {"ibsi2_2b", "ibsi2-2b"},
    {"ibsi2_3a", "ibsi2-3a"},
    {"ibsi2_3b", "ibsi2-3b"},
    {"ibsi2_4a", "ibsi2-4a"},
    {"ibsi2_4b", "ibsi2-4b"},
    {"ibsi2_5a", "ibsi2-5a"},
    {"ibsi2_5b", "ibsi2-5b"},
    {"ibsi2_6a", "ibsi2-6a"},
    {"ibsi2_6b", "ibsi2-6b"},
    {"ibsi2_7a", "ibsi2-7a"},
    {"ibsi2_7b", "ibsi2-7b"},
    {"ibsi2_8a", "ibsi2-8a"},
    {"ibsi2_8b", "ibsi2-8b"},
    {"ibsi2_9a", "ibsi2-9a"},
    {"ibsi2_9b", "ibsi2-9b"},
};

/* A folder of that name, such as ct, is no settings file. */
static bool is_there(const char *path) {
    struct stat s;
    return !stat(path, &s) && !S_ISDIR(s.st_mode);
}

/* A word that could be a preset's name, and is none. */
static rad_status refuse_preset(const char *name, rad_error *error) {
    static const char ending[] = ".yaml";
    char words[64], near[64] = "";
    size_t distance = SIZE_MAX;
    for (size_t i = 0; i < rad_embedded_count; i++) {
        const size_t length = strlen(rad_embedded[i].name), stem = length - strlen(ending);
        rad_nearest nearest = {near, distance};
        if (length <= strlen(ending) || strcmp(rad_embedded[i].name + stem, ending) != 0) continue;
        snprintf(words, sizeof words, "%.*s", (int)stem, rad_embedded[i].name);
        rad_nearest_try(&nearest, name, words);
        if (nearest.distance == distance) continue;
        distance = nearest.distance;
        snprintf(near, sizeof near, "%s", words);
    }
    const bool told = rad_word_is_near(name, distance);
    return rad_fail(error, RAD_UNREADABLE,
                    "%.200s: neither a file nor a preset%s%s; presets are ct, mr, pet, us and those that "
                    "`radiomill settings --list` has",
                    name, told ? "; the nearest is " : "", told ? near : "");
}

rad_status rad_preset_read(const char *name_or_path, rad_settings *settings, rad_error *error) {
    char name[64];
    snprintf(name, sizeof name, "%.50s.yaml", name_or_path);
    const rad_embedded_file *preset = rad_embedded_find(name);
    if (preset && !is_there(name_or_path))
        return rad_settings_file_parse(preset->text, preset->length, name, settings, error);
    if (!strpbrk(name_or_path, "./") && !is_there(name_or_path)) return refuse_preset(name_or_path, error);
    return rad_settings_file_read(name_or_path, settings, error);
}

/* Finds image and mask of the CT phantom below the folder: NIfTI, or else DICOM. */
static bool find_phantom(const char *data, char image[1024], char mask[1024]) {
    static const char *const folders[] = {"ibsi1/ct_phantom/", "ct_phantom/", ""},
                             *const tails[][2] = {{"nifti/image.nii.gz", "nifti/mask.nii.gz"},
                                                  {"image.nii.gz", "mask.nii.gz"},
                                                  {"dicom/image", "dicom/mask"},
                                                  {"image", "mask"}};
    enum { FOLDERS = sizeof folders / sizeof folders[0], TAILS = sizeof tails / sizeof tails[0] };
    for (size_t i = 0; data && i < (size_t)FOLDERS * TAILS; i++) {
        snprintf(image, 1024, "%.900s/%s%s", data, folders[i % FOLDERS], tails[i / FOLDERS][0]);
        snprintf(mask, 1024, "%.900s/%s%s", data, folders[i % FOLDERS], tails[i / FOLDERS][1]);
        if (!access(image, R_OK) && !access(mask, R_OK)) return true;
    }
    return false;
}

static rad_status extract_phantom(const rad_settings *settings, rad_extract_options options, rad_table *table,
                                  rad_error *error) {
    rad_volume image;
    rad_mask mask;
    options.case_name = options.mask_path = "digital phantom";
    rad_status status = rad_phantom_make(&image, &mask, error);
    if (status != RAD_OK) return status;
    status = rad_extract_volume(&image, &mask, settings, &options, table, error);
    rad_volume_free(&image);
    rad_mask_free(&mask);
    return status;
}

static rad_status compare(const rad_reference_table *reference, rad_validation *v, rad_error *error) {
    v->checks = rad_new(reference->count, sizeof *v->checks, error);
    if (!v->checks) return RAD_NO_MEMORY;
    for (size_t i = 0; i < reference->count; i++) {
        const rad_reference_value *r = &reference->rows[i];
        if (strcmp(r->data_set, v->data_set) != 0) continue;
        rad_check *c = &v->checks[v->count++];
        *c = (rad_check){.reference = r,
                         .column = rad_table_find(&v->table, r->tag),
                         .value = rad_undefined(RAD_NOT_COMPUTED)};
        if (!c->column) continue;
        c->value = v->table.rows[0].values[c->column - v->table.columns];
        c->met = !c->value.reason && *r->text && rad_reference_meets(r, c->value.value);
    }
    return RAD_OK;
}

rad_status rad_validate(const char *data_set, const rad_reference_table *reference, const char *data,
                        int threads, rad_validation *out, rad_error *error) {
    *out = (rad_validation){.data_set = data_set};
    size_t set = 0;
    while (set < RAD_DATA_SETS && strcmp(data_set, rad_data_sets[set].name) != 0) set++;
    if (set == RAD_DATA_SETS)
        return rad_fail(error, RAD_USAGE, "%s is not a data set; the first data set is %s", data_set,
                        rad_data_sets[0].name);
    rad_settings settings;
    rad_status status = rad_preset_read(rad_data_sets[set].preset, &settings, error);
    if (status != RAD_OK) return status;
    const rad_extract_options options = {.threads = threads};
    char image[1024], mask[1024];
    if (set == 0)
        status = extract_phantom(&settings, options, &out->table, error);
    else if (find_phantom(data, image, mask))
        status = rad_extract_files((rad_case_paths){image, mask}, &settings, options, &out->table, NULL, NULL,
                                   error);
    else {
        snprintf(out->skipped, sizeof out->skipped, "no reference data: the CT phantom is not below %.150s",
                 data ? data : "the folder that --data names");
    }
    rad_settings_clear(&settings);
    if (*out->skipped) return RAD_OK;
    out->ran = status == RAD_OK;
    if (status == RAD_OK) status = compare(reference, out, error);
    if (status != RAD_OK) rad_validation_free(out);
    return status;
}

void rad_validation_free(rad_validation *validation) {
    rad_table_free(&validation->table);
    rad_free(validation->checks);
    validation->checks = NULL;
    validation->count = 0;
}
