#include "stamps.h"

#include <string.h>

rad_status rad_stamps_take(const char *image, const char *mask, rad_stamps *stamps, rad_error *error) {
    size_t size;
    *stamps = (rad_stamps){.image = {{0}}};
    rad_status status = image ? rad_fingerprint_stamp(image, &stamps->image, &size, error) : RAD_OK;
    return status == RAD_OK && mask ? rad_fingerprint_stamp(mask, &stamps->mask, &size, error) : status;
}

rad_status rad_stamps_check(const char *image, const char *mask, const rad_stamps *before, rad_error *error) {
    rad_stamps now = {.image = {{0}}};
    const rad_status status = rad_stamps_take(image, mask, &now, error);
    if (status == RAD_NO_MEMORY || (status == RAD_OK && !memcmp(&now, before, sizeof now))) return status;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s, %s: image or mask was changed while it was read; run again when nothing writes to them",
        image ? image : "memory", mask ? mask : "memory");
}
