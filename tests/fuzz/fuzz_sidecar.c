/* Names of labels beside a mask: a table, or JSON where the input begins with a brace; or in the header of
 * the mask, where it begins as XML does. */
#include "../../io/scan/nifti_names.h"
#include "../../io/scan/sidecar.h"
#include "fuzz.h"

static void write_file(const char *path, const uint8_t *data, size_t size) {
    FILE *file = fopen(path, "wb");
    FUZZ_CHECK(file);
    FUZZ_CHECK(fwrite(data, 1, size, file) == size);
    FUZZ_CHECK(!fclose(file));
}

static void run(const uint8_t *data, size_t size) {
    char path[200];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_mask mask = {.volume = {.geometry = {.size = {4, 1, 1}}, .type = RAD_UINT8, .slope = 1}};
    const bool json = size && (*data == '{' || *data == '[');
    snprintf(path, sizeof path, "%s/labels.%s", fuzz_folder(), json ? "json" : "tsv");
    write_file(path, data, size);
    FUZZ_CHECK(rad_mask_begin(&mask, &error) == RAD_OK);
    FUZZ_CHECK(rad_mask_add_row(&mask, (const uint8_t[]){0, 1, 2, 3}, 0, 0, "mask", &error) == RAD_OK);
    FUZZ_CHECK(rad_mask_end(&mask, &error) == RAD_OK);
    if (size && *data == '<')
        FUZZ_CHECK(rad_nifti_names_parse((const char *)data, size, &mask, &error) == RAD_OK);
    char given[200], list[200];
    snprintf(given, sizeof given, "%s/labels.nii", fuzz_folder());
    FUZZ_CHECK(rad_sidecar_read(given, &mask, &warnings, &error) == RAD_OK);
    snprintf(list, sizeof list, "%s/dataset.json", fuzz_folder()); /* what it has not named, the list may */
    write_file(list, data, json ? size : 0);
    snprintf(given, sizeof given, "%s/labelsTr/a.nii", fuzz_folder());
    FUZZ_CHECK(rad_sidecar_read(given, &mask, &warnings, &error) == RAD_OK);
    FUZZ_CHECK(!remove(list));
    FUZZ_CHECK(mask.label_count == 3);
    for (size_t i = 0; i < mask.label_count; i++) FUZZ_CHECK(!mask.labels[i].name || *mask.labels[i].name);
    rad_mask_free(&mask);
    FUZZ_CHECK(!remove(path));
}

const fuzzer fuzzer_sidecar = {"sidecar", run, fuzz_shape_text};
