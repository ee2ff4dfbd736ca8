/* Settings: what is accepted must read back the same from what is written. */
#include "fuzz.h"

#include "../../pipeline/settings_file.h"

#include <string.h>

static void run(const uint8_t *data, size_t size) {
    static char text[1 << 18], again[1 << 18];
    rad_settings settings, back;
    rad_error error = {0};
    if (rad_settings_file_parse((const char *)data, size, "input", &settings, &error) != RAD_OK) return;
    if (rad_settings_write(&settings, text, sizeof text) >= sizeof text) abort();
    if (rad_settings_file_parse(text, strlen(text), "echo", &back, &error) != RAD_OK) abort();
    rad_settings_write(&back, again, sizeof again);
    if (strcmp(text, again) != 0) abort();
    rad_settings_clear(&settings);
    rad_settings_clear(&back);
}

const fuzzer fuzzer_settings = {"settings", run, fuzz_shape_text};
