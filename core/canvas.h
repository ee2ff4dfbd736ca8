/* A small picture in greys and a few colours: pixels, and the few letters that pictures of ROIs need. */
#ifndef RAD_CANVAS_H
#define RAD_CANVAS_H

#include "status.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_colour {
    uint8_t red, green, blue;
} rad_colour;

/* Pixels are numbers of a palette: greys from black (0) to white, then colours. */
enum { RAD_GREYS = 240, RAD_WHITE = RAD_GREYS - 1, RAD_COLOURS = 8, RAD_PALETTE = RAD_GREYS + RAD_COLOURS };
extern const rad_colour rad_canvas_colours[RAD_COLOURS];

typedef struct rad_canvas {
    size_t width, height;
    uint8_t *pixel; /* rows from the top; owned */
} rad_canvas;

/* All black. RAD_NO_MEMORY. */
rad_status rad_canvas_begin(rad_canvas *canvas, size_t width, size_t height, rad_error *error) RAD_MUST_CHECK;

/* What lies outside is left out. */
void rad_canvas_dot(rad_canvas *canvas, long x, long y, uint8_t colour);
void rad_canvas_box(rad_canvas *canvas, long x, long y, long width, long height, uint8_t colour);

/* Text from its top left corner, 6 pixels a letter and 7 high, times the size: digits, point, minus, blank
 * and the letters of R L A P S I m; others are blank. Its strokes are wider by the rim to each side. */
void rad_canvas_text(rad_canvas *canvas, long x, long y, int size, const char *text, uint8_t colour, int rim);

void rad_canvas_free(rad_canvas *canvas);

#ifdef __cplusplus
}
#endif
#endif
