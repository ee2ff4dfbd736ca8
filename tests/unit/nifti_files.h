/* NIfTI files built byte by byte, in the folder of a test. */
#ifndef RAD_NIFTI_FILES_H
#define RAD_NIFTI_FILES_H

#include "testing.h"

#include "../../core/volume.h"

#include <nifti1.h>
#include <stddef.h>

enum { VOXELS = 12 };

extern const int16_t counting[VOXELS];

/* keep: bytes of the gzip stream that are written. */
void put_file(const char *name, const void *data, size_t length);
void put_gzip(const char *name, const void *data, size_t length, size_t keep);

/* A 3x2x2 image of int16 0..11, sform with spacing 1, 2, 3. */
nifti_1_header plain_header(void);

/* Header, padding, voxels; how many bytes. */
size_t assemble(unsigned char *out, const nifti_1_header *h, const void *voxels, size_t bytes);
void put_plain(const char *name, const nifti_1_header *h);

/* Voxel i is slope * i + intercept. */
void expect_voxels(const rad_volume *v, double slope, double intercept);

#endif
