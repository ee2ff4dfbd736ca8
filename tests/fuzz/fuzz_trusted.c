/* Keys: the list of those that are trusted, and a secret key. */
#include "../../federate/signer.h"
#include "fuzz.h"

#include <sys/stat.h>

static void run(const uint8_t *data, size_t size) {
    static fuzz_file input;
    const char *path = fuzz_put(&input, data, size);
    rad_error error = {0};
    rad_trusted trusted;
    rad_signer signer;
    if (rad_trusted_read(path, &trusted, &error) == RAD_OK) {
        FUZZ_CHECK(trusted.count);
        for (size_t i = 0; i < trusted.count; i++) FUZZ_CHECK(rad_signer_is_name(trusted.name[i]));
        rad_trusted_free(&trusted);
    } else {
        FUZZ_REFUSED(error);
    }
    fchmod(input.file - 1, 0600);
    if (rad_signer_read(path, &signer, &error) == RAD_OK)
        FUZZ_CHECK(rad_signer_is_name(signer.name));
    else
        FUZZ_REFUSED(error);
    rad_signer_wipe(&signer);
}

const fuzzer fuzzer_trusted = {"trusted", run, fuzz_shape_text};
