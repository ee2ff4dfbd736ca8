/* DICOM as tests/support/dicom.py writes it, which knows these sizes and the pattern. */
#ifndef RAD_DICOM_FILES_H
#define RAD_DICOM_FILES_H

#include "testing.h"

#include "../../pipeline/case_files.h"

enum { COLUMNS = 24, ROWS = 20, SLICES = 6 };

/* Their folder, and a path in it. */
extern char top[];
const char *in(const char *name);

double pattern(size_t x, size_t y, size_t z);

rad_source_options standard(int threads);
rad_status read_series(const char *path, const rad_source_options *how, const rad_box *box,
                       rad_volume *volume, rad_warnings *warnings, rad_error *error);

/* The mask of structures, on the grid of the series "explicit". */
void draw(const char *folder, const char *const *words, size_t count, bool any_frame, rad_mask *mask);

/* Writes the files, runs the suite, removes them; the exit code for main(). */
int run_on_files(Suite *suite);

#endif
