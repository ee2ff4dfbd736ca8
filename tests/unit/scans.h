/* What suites of the public header share: a folder of their own, two small scans in memory and as files, and
 * how results are looked at. */
#ifndef RAD_SCANS_H
#define RAD_SCANS_H

#include "testing.h"

#include "../../include/radiomill.h"

/* A folder for the suite, and files in it. */
extern char folder[64];
void make_folder(void);
void remove_folder(void);
const char *path_of(const char *name);
const char *write_text(const char *name, const char *text);
char *content(const char *path); /* the caller's */

/* Noise with structure, and a ball of label 1 beside a bar of label 3, of voxels x fastest. */
enum { X = 17, Y = 14, Z = 9, VOXELS = X * Y * Z };
extern int16_t image_voxels[VOXELS];
extern uint8_t mask_voxels[VOXELS];
void fill(void);

/* Stored the way of DICOM and ITK, of most NIfTI, with slices across x, and askew. */
enum { DIRECTIONS = 4 };
rad_array array_of(const void *voxels, rad_type type, int direction);

/* The same as a file; returns the array of what the file says, whose affine is of floats. */
rad_array write_file(const char *path, rad_array a);

/* The same in another layout: y fastest, x backwards, a gap behind each. */
rad_array strided(rad_array a, unsigned char *room, size_t bytes);
void release(void *context); /* counts */

rad_scan *scan_path(const char *path);
rad_scan *scan_array(const rad_array *array);

/* Settings, and one that asks for a bit of everything. */
extern const char all_kinds[];
rad_settings *parse(const char *yaml);
void check_value(const rad_settings *settings, const char *key, const char *expected);

/* The CSV of an extraction; image and mask are freed, the text is the caller's. */
char *csv_of(const rad_settings *settings, rad_scan *image, rad_scan *mask, int threads);

/* The map of a layout, in the order of its voxels. */
double *map_of(const rad_array *array, const char *filter, const rad_settings *settings, int threads);

/* A step that cancels after so many calls. */
typedef struct looker {
    int calls, most;
    double last;
} looker;
bool look(double done, void *context);

/* Refused since something is NULL. */
#define REFUSED(call)                                                                                        \
    do {                                                                                                     \
        error.text[0] = '\0';                                                                                \
        ck_assert_int_eq(call, RAD_CONFIG);                                                                  \
        ck_assert_msg(strstr(error.text, "NULL"), "%s: %s", #call, error.text);                              \
    } while (0)

#endif
