/* A file of any format that is one file (or a header and its voxels): opened, a box and a mask read. */
#ifndef RAD_FUZZ_FORMATS_H
#define RAD_FUZZ_FORMATS_H

#include "../../io/scan/source.h"

void fuzz_format(const char *path);

/* The half of an image that is read, towards its first voxel; what was read of it: looked at and released. */
rad_box fuzz_half(const rad_geometry *grid);
void fuzz_crop(rad_volume *part, const rad_box *box);
void fuzz_part(const rad_source *source, const rad_source_options *options);

#endif
