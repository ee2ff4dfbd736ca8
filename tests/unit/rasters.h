/* Files of voxels made to order: bytes of any type and order, gzipped, as digits; and what is read of them.
 */
#ifndef RAD_TEST_RASTERS_H
#define RAD_TEST_RASTERS_H

#include "testing.h"

#include "../../io/scan/source.h"

/* A file in the folder of the test: text, then bytes. */
void rasters_put(const char *name, const char *text, const void *bytes, size_t length);

typedef enum packing { PLAIN, GZIP, ZLIB, HEX, TEXT } packing;

/* Voxels 0, 1, 2 ... (or `value` of their index) of a type, in that order of bytes, packed; returns how many
 * bytes there are. */
typedef double voxel_value(size_t index);
size_t rasters_pack(rad_type type, bool big, packing how, size_t count, voxel_value *value,
                    unsigned char *out, size_t room);

/* Gzips bytes; returns how many there are. */
size_t rasters_gzip(const unsigned char *in, size_t length, unsigned char *out, size_t room);

/* Size, type, spacing, origin (RAS) and voxels as they are stored; a box in the order of the source agrees.
 */
typedef struct expected {
    size_t size[3];
    rad_type type;
    double spacing[3], origin[3], direction[9];
    voxel_value *value;
} expected;
void rasters_expect(const char *path, const expected *e);
void rasters_expect_as(const char *path, const rad_source_options *options, const expected *e);

/* Is it refused, in words that hold that text? By opening it, or by reading all of it. */
void rasters_refused(const char *path, const char *text);
void rasters_refused_as(const char *path, const rad_source_options *options, const char *text);

/* Voxels of the label with that name (or number), -1 where there is none. */
long rasters_count(const rad_mask *mask, const char *name);

#endif
