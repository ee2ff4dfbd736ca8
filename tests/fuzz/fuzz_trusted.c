/* Keys: the list of those that are trusted, and a secret key; signatures of files, and sealed ones.
 * (Signatures hold, see sodium.c; what is sealed opens for nobody.) */
#include "../../federate/sealed.h"
#include "../../federate/signed.h"
#include "fuzz.h"

#include <string.h>
#include <sys/stat.h>

/* The file of a signature: what is one is one in a single way. */
static void check_signature(const uint8_t *data, size_t size) {
    static unsigned char other[RAD_KEY_BYTES];
    static char name[RAD_SITE] = "hub";
    const rad_trusted hub = {.name = &name, .key = &other, .count = 1};
    const rad_bytes file = {(unsigned char *)"study", 5}, signature = {(unsigned char *)data, size};
    char by[2 * RAD_KEY_BYTES + 1];
    rad_error error = {0};
    if (rad_signed_check("input", &file, &signature, size && data[size / 2] % 2 ? &hub : NULL, by, &error) ==
        RAD_OK)
        FUZZ_CHECK(strlen(by) == 2 * RAD_KEY_BYTES && memmem(data, size, by, strlen(by)));
    else
        FUZZ_REFUSED(error);
}

static void open_sealed(const uint8_t *data, size_t size) {
    static const rad_signer reader = {.name = "hub"};
    const rad_bytes sealed = {(unsigned char *)data, size};
    rad_bytes plain;
    rad_error error = {0};
    FUZZ_CHECK(rad_sealed_open("input", &sealed, size % 2 ? &reader : NULL, &plain, &error) == RAD_UNTRUSTED);
    FUZZ_REFUSED(error);
}

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
    check_signature(data, size);
    open_sealed(data, size);
}

const fuzzer fuzzer_trusted = {"trusted", run, fuzz_shape_text};
