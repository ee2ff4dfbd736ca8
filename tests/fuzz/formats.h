/* A file of any format that is one file (or a header and its voxels): opened, a box and a mask read, told of.
 */
#ifndef RAD_FUZZ_FORMATS_H
#define RAD_FUZZ_FORMATS_H

void fuzz_format(const char *path);

#endif
