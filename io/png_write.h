/* A canvas as a PNG file. */
#ifndef RAD_PNG_WRITE_H
#define RAD_PNG_WRITE_H

#include "../core/canvas.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The file appears whole or not at all. RAD_UNWRITABLE names it and the reason. */
rad_status rad_png_write(const char *path, const rad_canvas *canvas, rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
