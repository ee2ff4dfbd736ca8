/* A filter as the command line names it: its word, then KEY=VALUE, one a line. Its name in the table reads
 * back. */
#include "../../pipeline/images.h"
#include "fuzz.h"

#include <string.h>

/* The words of the key set it again. */
static void check_key(const rad_image *image, const rad_key *key) {
    char words[256], again[256];
    rad_error error = {0};
    rad_image back = *image;
    rad_key_words(key, image, words, sizeof words);
    for (char *c = words, *to = words; (*to = *c); c++) to += *c != ' '; /* "1, 2" as 1,2 */
    FUZZ_CHECK(rad_image_set_text(&back, key->name, words, &error) == RAD_OK);
    rad_key_words(key, &back, again, sizeof again);
    for (char *c = again, *to = again; (*to = *c); c++) to += *c != ' ';
    FUZZ_CHECK(!strcmp(words, again));
}

static void run(const uint8_t *data, size_t size) {
    char text[1024], *rest = text, name[RAD_TEXT_MAX];
    rad_error error = {0};
    rad_image image;
    if (size >= sizeof text) return;
    memcpy(text, data, size);
    text[size] = '\0';
    if (rad_image_begin(&image, strsep(&rest, "\n"), &error) != RAD_OK) {
        FUZZ_REFUSED(error);
        return;
    }
    while (rest) {
        char *value = strsep(&rest, "\n"), *key = strsep(&value, "=");
        const rad_image before = image;
        if (!value) continue;
        if (rad_image_set_text(&image, key, value, &error) == RAD_OK) continue;
        FUZZ_REFUSED(error);
        FUZZ_CHECK(!memcmp(&before.options, &image.options, sizeof before.options));
    }
    rad_image_make_name(&image, name);
    FUZZ_CHECK(strlen(name) < sizeof name);
    size_t at = 0, some = size % 20;
    for (const rad_key *key; (key = rad_image_next(&image, &at));)
        if (key->standard && !some--) check_key(&image, key);
}

const fuzzer fuzzer_filter = {"filter", run, fuzz_shape_text};
