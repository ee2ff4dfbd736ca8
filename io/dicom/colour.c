#include "colour.h"

#include <stdint.h>
#include <string.h>

bool rad_colour_find(const rad_dicom_item *root, const char *photometric, rad_pixel_format *f) {
    static const struct {
        const char *word;
        rad_hue hue;
    } rows[] = {{"RGB", RAD_HUE_RGB},
                {"YBR_FULL", RAD_HUE_YBR},
                {"YBR_FULL_422", RAD_HUE_YBR_422},
                {"YBR_ICT", RAD_HUE_RGB},
                {"YBR_RCT", RAD_HUE_RGB}}; /* the codec of JPEG 2000 gives RGB */
    unsigned planar = 0;
    const bool wide = f->bits_allocated == 16 || f->bits_allocated == 32;
    if (f->samples != 3 || (f->bits_allocated != 8 && !wide) || f->is_signed || !f->rows || !f->columns ||
        f->bits_stored != f->bits_allocated || f->high_bit + 1 != f->bits_stored)
        return false;
    rad_dicom_short(root, rad_tag_PlanarConfiguration, &planar);
    f->planar = planar == 1;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!strcmp(rows[i].word, photometric)) f->hue = rows[i].hue;
    return f->hue != RAD_HUE_GREY;
}

size_t rad_colour_size(const rad_pixel_format *f) {
    const size_t samples = f->hue == RAD_HUE_YBR_422 ? 2 : 3;
    return samples * f->rows * f->columns * (f->bits_allocated / 8);
}

/* Where the samples of a pixel are: those of a row, of a plane. */
typedef struct layout {
    const unsigned char *frame;
    size_t width; /* bytes of a sample */
    bool planar, halved;
    size_t pixels;
} layout;

static uint32_t sample(const layout *l, size_t at) {
    const unsigned char *b = l->frame + at * l->width;
    uint32_t value = b[0];
    for (size_t i = 1; i < l->width; i++) value |= (uint32_t)b[i] << 8 * i;
    return value;
}

/* Pixel p as three samples; two pixels of a row share their colour where that is halved (Y Y Cb Cr). */
static void read_pixel(const layout *l, size_t p, uint32_t s[3]) {
    if (l->halved) {
        const size_t pair = p / 2 * 4;
        s[0] = sample(l, pair + p % 2);
        s[1] = sample(l, pair + 2);
        s[2] = sample(l, pair + 3);
        return;
    }
    for (size_t c = 0; c < 3; c++) s[c] = sample(l, l->planar ? c * l->pixels + p : 3 * p + c);
}

void rad_colour_grey(const rad_pixel_format *f, bool interleaved, const unsigned char *frame,
                     const size_t begin[2], const size_t end[2], double *out, rad_tint *tint) {
    const bool ybr = f->hue != RAD_HUE_RGB;
    const layout l = {.frame = frame,
                      .width = f->bits_allocated / 8,
                      .planar = f->planar && !interleaved,
                      .halved = f->hue == RAD_HUE_YBR_422 && !interleaved,
                      .pixels = (size_t)f->rows * f->columns};
    const uint32_t middle = UINT32_C(1) << (f->bits_allocated - 1);
    size_t coloured = 0;
    for (size_t y = begin[1]; y < end[1]; y++)
        for (size_t x = begin[0]; x < end[0]; x++) {
            uint32_t s[3];
            read_pixel(&l, y * f->columns + x, s);
            const bool grey = ybr ? s[1] == middle && s[2] == middle : s[0] == s[1] && s[1] == s[2];
            coloured += !grey;
            *out++ = ybr || grey ? s[0] : 0.299 * s[0] + 0.587 * s[1] + 0.114 * s[2];
        }
    if (tint) tint->coloured += coloured;
}
