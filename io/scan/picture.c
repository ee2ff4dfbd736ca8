#include "picture.h"

#include "../../core/memory.h"

#include <math.h>
#include <string.h>

/* Spacings that mean no more than a screen. */
static bool is_of_screen(double spacing) {
    static const double dots[] = {72, 96};
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++)
        if (fabs(25.4 / spacing - dots[i]) < 0.02) return true;
    return false;
}

rad_status rad_picture_put(const char *path, const rad_picture *picture, rad_raster *raster,
                           rad_warnings *warnings, rad_error *error) {
    double spacing[3] = {1, 1, 1};
    for (int a = 0; a < 2; a++) {
        raster->header.geometry.size[a] = picture->size[a];
        const bool none = !(picture->spacing[a] > 0) || !isfinite(picture->spacing[a]);
        raster->no_spacing = raster->no_spacing || none;
        if (!none) spacing[a] = picture->spacing[a];
    }
    raster->header.geometry.size[2] = 1;
    raster->header.type = picture->type;
    if (!raster->no_spacing && is_of_screen(spacing[0]) && is_of_screen(spacing[1]))
        rad_warn(warnings,
                 "%.300s: %.0f dots per inch is what programs write when they know no spacing; give it by "
                 "the setting "
                 "image_spacing",
                 path, 25.4 / spacing[0]);
    rad_unplaced_put(raster, spacing);
    return rad_raster_add_file(raster, path, error);
}

static double number(const unsigned char *at, rad_type type) {
    uint16_t two;
    memcpy(&two, at, sizeof two);
    return type == RAD_UINT8 ? *at : two;
}

rad_status rad_picture_grey(const char *path, const rad_picture *picture, const void *row, void *out,
                            rad_error *error) {
    const size_t width = rad_type_size(picture->type), samples = picture->samples;
    const unsigned char *from = row;
    unsigned char *to = out;
    for (size_t x = 0; x < picture->size[0]; x++, from += samples * width, to += width) {
        memcpy(to, from, width);
        for (size_t s = 1; s < 3 && samples > 2; s++)
            if (memcmp(from, from + s * width, width) != 0)
                return rad_fail(
                    error, RAD_UNREADABLE,
                    "%s: is in colour; grey pictures are read: save the channel to analyse as one of 8 or "
                    "16 bits",
                    path);
        const double most = width == 1 ? 255 : 65535;
        if (samples % 2 == 0 && number(from + (samples - 1) * width, picture->type) != most)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: is not opaque everywhere; save it without an alpha channel", path);
    }
    if (!picture->inverted) return RAD_OK;
    for (size_t i = 0; i < picture->size[0] * width; i++) ((unsigned char *)out)[i] ^= 0xff;
    return RAD_OK;
}
