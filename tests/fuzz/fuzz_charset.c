/* Texts of DICOM: the value of SpecificCharacterSet up to the first zero, then the text. */
#include "../../io/dicom/charset.h"
#include "fuzz.h"

#include <iconv.h>
#include <string.h>

/* Converters are kept: the loader need not bring each of them in again for every text. */
static void keep_converters(void) {
    static const char *const names[] = {"ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5",
                                        "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-15",
                                        "TIS-620",    "SHIFT_JIS",  "EUC-JP",     "EUC-KR",     "GB2312",
                                        "GBK",        "GB18030",    "ISO-2022-JP"};
    static iconv_t kept[sizeof names / sizeof names[0]];
    if (*kept) return;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) kept[i] = iconv_open("UTF-8", names[i]);
}

static void run(const uint8_t *data, size_t size) {
    enum { ROOM = 64 };
    const uint8_t *zero = memchr(data, 0, size);
    const size_t length = zero ? (size_t)(zero - data) : 0;
    char terms[128] = "", out[ROOM + 1];
    rad_error error = {0};
    keep_converters();
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
