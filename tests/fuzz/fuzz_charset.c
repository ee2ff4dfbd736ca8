/* Texts of DICOM: the value of SpecificCharacterSet up to the first zero, then the text. */
#include "../../io/dicom/charset.h"
#include "fuzz.h"

#include <string.h>

static void run(const uint8_t *data, size_t size) {
    enum { ROOM = 64 };
    const uint8_t *zero = memchr(data, 0, size);
    const size_t length = zero ? (size_t)(zero - data) : 0;
    char terms[128] = "", out[ROOM + 1];
    rad_error error = {0};
    if (length >= sizeof terms) return;
    memcpy(terms, data, length);
    data += zero ? length + 1 : 0;
    size -= zero ? length + 1 : 0;
    char *exact = malloc(size ? size : 1); /* so that a byte too far is seen */
    FUZZ_CHECK(exact);
    memcpy(exact, data, size);
    for (size_t room = 1; room <= ROOM; room *= 4) {
        out[room] = '#';
        FUZZ_CHECK(rad_charset_read(terms, exact, size, out, room, &error) == RAD_OK);
        FUZZ_CHECK(memchr(out, 0, room) && out[room] == '#');
        for (const char *c = out; *c; c++) FUZZ_CHECK((unsigned char)*c >= ' ' && *c != 0x7F);
    }
    free(exact);
}

const fuzzer fuzzer_charset = {"charset", run, NULL};
