/* Settings: what is accepted must read back the same from what is written. */
#include "fuzz.h"

#include "../../io/yaml.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static char text[1 << 18], again[1 << 18];
    static rad_settings settings, back;
    rad_error error = {0};
    if (rad_yaml_parse_settings((const char *)data, size, "input", &settings, &error) != RAD_OK) return 0;
    if (rad_settings_write(&settings, text, sizeof text) >= sizeof text) abort();
    if (rad_yaml_parse_settings(text, strlen(text), "echo", &back, &error) != RAD_OK) abort();
    rad_settings_write(&back, again, sizeof again);
    if (strcmp(text, again) != 0) abort();
    return 0;
}
