/* The header of a compressed frame: a byte for the transfer syntax, one for the bits, two of size, then the
 * frame. What fits one format fits no other. */
#include "../../io/dicom/codestream.h"
#include "fuzz.h"

#include <string.h>

static void run(const uint8_t *data, size_t size) {
    static const char *const syntaxes[] = {"1.2.840.10008.1.2.5",    "1.2.840.10008.1.2.4.50",
                                           "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57",
                                           "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
                                           "1.2.840.10008.1.2.4.81", "1.2.840.10008.1.2.4.90",
                                           "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.1"};
    static const unsigned bits[] = {8, 16, 32};
    if (size < 4) return;
    uint8_t *frame = malloc(size - 4 + 1);
    FUZZ_CHECK(frame);
    memcpy(frame, data + 4, size - 4);
    rad_pixel_format format = {.rows = data[2],
                               .columns = data[3],
                               .samples = 1,
                               .bits_allocated = bits[data[1] % 3],
                               .is_signed = data[1] >> 7};
    format.bits_stored = 1 + data[1] % format.bits_allocated;
    format.high_bit = format.bits_stored - 1;
    snprintf(format.syntax, sizeof format.syntax, "%s",
             syntaxes[data[0] % (sizeof syntaxes / sizeof syntaxes[0])]);
    uint8_t *exact = realloc(frame, size - 4 ? size - 4 : 1); /* so that a byte too far is seen */
    FUZZ_CHECK(exact);
    uint8_t *stream = exact;
    size_t length = size - 4;
    rad_codestream_unwrap(&stream, &length);
    FUZZ_CHECK(stream >= exact && length <= size - 4 && (size_t)(stream - exact) + length <= size - 4);
    const bool fits = rad_codestream_bits(&format, stream, length);
    format.rows++;
    if (fits && data[0] % 10) FUZZ_CHECK(!rad_codestream_bits(&format, stream, length));
    free(exact);
}

const fuzzer fuzzer_codestream = {"codestream", run, NULL};
