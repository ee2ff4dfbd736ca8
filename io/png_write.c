#include "png_write.h"

#include "../core/memory.h"
#include "bytes.h"

#include <png.h>

_Static_assert(sizeof(rad_colour) == 3, "pixels lie one after the other, as PNG has them");

rad_status rad_png_write(const char *path, const rad_canvas *canvas, rad_error *error) {
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)canvas->width,
                       .height = (png_uint_32)canvas->height,
                       .format = PNG_FORMAT_RGB};
    image.flags = PNG_IMAGE_FLAG_FAST; /* a third of the time for a fifth more bytes */
    png_alloc_size_t length = PNG_IMAGE_PNG_SIZE_MAX(image);
    rad_bytes file = {rad_new_raw(length, 1, error), 0};
    rad_status status = file.data ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && !png_image_write_to_memory(&image, file.data, &length, 0, canvas->pixel, 0, NULL))
        status = rad_fail(error, RAD_NO_RESULT, "%s: the picture cannot be packed: %s", path, image.message);
    file.length = length;
    if (status == RAD_OK) status = rad_bytes_write(path, &file, 1, error);
    png_image_free(&image);
    rad_bytes_free(&file);
    return status;
}
