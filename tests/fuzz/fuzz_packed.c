/* A frame that is unpacked without a codec: a byte for the transfer syntax, one for the bits, two of size,
 * then the frame. Single bits come out as 0 and 1. */
#include "../../io/dicom/packed.h"
#include "fuzz.h"

#include <string.h>

static void run(const uint8_t *data, size_t size) {
    static const char *const syntaxes[] = {"1.2.840.10008.1.2.8.1", "1.2.840.10008.1.2.5",
                                           "1.2.840.10008.1.2.1.98"};
    static const unsigned bits[] = {1, 8, 16, 32};
    if (size < 4) return;
    rad_pixel_format format = {
        .rows = data[2] + 1U, .columns = data[3] + 1U, .samples = 1, .bits_allocated = bits[data[1] % 4]};
    rad_error error = {0};
    if (data[1] & 4) {
        format.samples = 3;
        format.hue = RAD_HUE_RGB;
        format.planar = data[1] >> 3 & 1;
    }
    snprintf(format.syntax, sizeof format.syntax, "%s", syntaxes[data[0] % 3]);
    if (!rad_packed_is(&format)) return;
    uint8_t *frame = malloc(size - 4 ? size - 4 : 1), *out = malloc(rad_packed_size(&format));
    FUZZ_CHECK(frame && out);
    memcpy(frame, data + 4, size - 4);
    const rad_coded_frame coded = {"frame", 0, &format, frame, size - 4};
    const rad_status status = rad_packed_read(&coded, out, &error);
    FUZZ_CHECK(status == RAD_OK || (status == RAD_UNREADABLE && *error.text));
    if (status == RAD_OK && format.bits_allocated == 1 && format.samples == 1)
        for (size_t i = 0; i < rad_packed_size(&format); i++) FUZZ_CHECK(out[i] < 2);
    free(frame);
    free(out);
}

const fuzzer fuzzer_packed = {"packed", run, NULL};
