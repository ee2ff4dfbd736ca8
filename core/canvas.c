#include "canvas.h"

#include "memory.h"

#include <string.h>

const rad_colour rad_canvas_colours[RAD_COLOURS] = {{255, 60, 60},  {60, 220, 90},  {70, 150, 255},
                                                    {255, 200, 0},  {0, 220, 220},  {230, 90, 255},
                                                    {255, 140, 30}, {170, 255, 120}};

rad_status rad_canvas_begin(rad_canvas *canvas, size_t width, size_t height, rad_error *error) {
    size_t count;
    *canvas = (rad_canvas){.pixel = NULL};
    if (!rad_multiply(width, height, &count))
        return rad_fail(error, RAD_NO_MEMORY, "out of memory: a picture");
    canvas->pixel = rad_new(count, sizeof *canvas->pixel, error);
    if (!canvas->pixel) return RAD_NO_MEMORY;
    canvas->width = width;
    canvas->height = height;
    return RAD_OK;
}

void rad_canvas_dot(rad_canvas *c, long x, long y, uint8_t colour) {
    if (x >= 0 && y >= 0 && (size_t)x < c->width && (size_t)y < c->height)
        c->pixel[(size_t)y * c->width + (size_t)x] = colour;
}

static long between(long value, size_t size) {
    return value < 0 ? 0 : (size_t)value > size ? (long)size : value;
}

void rad_canvas_box(rad_canvas *c, long x, long y, long width, long height, uint8_t colour) {
    const long left = between(x, c->width), right = between(x + width, c->width),
               bottom = between(y + height, c->height);
    for (long j = between(y, c->height); left < right && j < bottom; j++)
        memset(c->pixel + (size_t)j * c->width + left, colour, (size_t)(right - left));
}

/* Letters of 5 x 7 dots: a row is five bits, the first dot the highest. */
static const struct {
    char letter;
    uint8_t rows[7];
} glyphs[] = {
    {'0', {14, 17, 19, 21, 25, 17, 14}}, {'1', {4, 12, 4, 4, 4, 4, 14}},
    {'2', {14, 17, 1, 2, 4, 8, 31}},     {'3', {31, 2, 4, 2, 1, 17, 14}},
    {'4', {2, 6, 10, 18, 31, 2, 2}},     {'5', {31, 16, 30, 1, 1, 17, 14}},
    {'6', {6, 8, 16, 30, 17, 17, 14}},   {'7', {31, 1, 2, 4, 8, 8, 8}},
    {'8', {14, 17, 17, 14, 17, 17, 14}}, {'9', {14, 17, 17, 15, 1, 2, 12}},
    {'-', {0, 0, 0, 31, 0, 0, 0}},       {'.', {0, 0, 0, 0, 0, 12, 12}},
    {'R', {30, 17, 17, 30, 20, 18, 17}}, {'L', {16, 16, 16, 16, 16, 16, 31}},
    {'A', {14, 17, 17, 31, 17, 17, 17}}, {'P', {30, 17, 17, 30, 16, 16, 16}},
    {'S', {15, 16, 16, 14, 1, 1, 30}},   {'I', {14, 4, 4, 4, 4, 4, 14}},
    {'m', {0, 0, 26, 21, 21, 21, 21}},
};

static const uint8_t *find_glyph(char letter) {
    for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
        if (glyphs[i].letter == letter) return glyphs[i].rows;
    return NULL;
}

void rad_canvas_text(rad_canvas *c, long x, long y, int size, const char *text, uint8_t colour, int rim) {
    for (; *text; text++, x += 6L * size) {
        const uint8_t *rows = find_glyph(*text);
        for (int j = 0; rows && j < 7; j++)
            for (int i = 0; i < 5; i++)
                if (rows[j] >> (4 - i) & 1)
                    rad_canvas_box(c, x + (long)i * size - rim, y + (long)j * size - rim, size + 2 * rim,
                                   size + 2 * rim, colour);
    }
}

void rad_canvas_free(rad_canvas *canvas) {
    rad_free(canvas->pixel);
    *canvas = (rad_canvas){.pixel = NULL};
}
