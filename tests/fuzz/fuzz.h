/* What the fuzzers share. Each is a row: what it runs on an input, and how inputs of its kind are changed so
 * that most stay whole. */
#ifndef RAD_FUZZ_H
#define RAD_FUZZ_H

#include "../../core/status.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Changes data in place; returns the new size, at most `most`. */
typedef size_t fuzz_shape(uint8_t *data, size_t size, size_t most, unsigned seed);

typedef struct fuzzer {
    const char *name;
    void (*run)(const uint8_t *data, size_t size);
    fuzz_shape *shape; /* NULL: bytes are changed as bytes */
} fuzzer;

#define FUZZERS(X)                                                                                           \
    X(charset)                                                                                               \
    X(codestream)                                                                                            \
    X(dicom)                                                                                                 \
    X(filter)                                                                                                \
    X(gzip)                                                                                                  \
    X(harmonisation)                                                                                         \
    X(header)                                                                                                \
    X(journal)                                                                                               \
    X(layouts)                                                                                               \
    X(ledger)                                                                                                \
    X(manifest)                                                                                              \
    X(mask)                                                                                                  \
    X(nifti)                                                                                                 \
    X(organs)                                                                                                \
    X(packed)                                                                                                \
    X(picture)                                                                                               \
    X(policy)                                                                                                \
    X(radsum)                                                                                                \
    X(rehearsal)                                                                                             \
    X(rounds)                                                                                                \
    X(rtstruct) X(seg) X(series) X(settings) X(sidecar) X(signature) X(source) X(study) X(table) X(trusted)
#define FUZZER_ROW(name) extern const fuzzer fuzzer_##name;
FUZZERS(FUZZER_ROW)
#undef FUZZER_ROW

fuzz_shape fuzz_shape_dicom;  /* elements, items and sequences of a DICOM file */
fuzz_shape fuzz_shape_frames; /* the same for several files, each with its length before it */
fuzz_shape fuzz_shape_text;   /* numbers, words and bracketed parts of JSON, YAML, CSV */
fuzz_shape fuzz_shape_gzip;   /* the content, and the stream around it */
fuzz_shape fuzz_shape_nifti;  /* fields of the header */

/* One file of those before each other: *data and *size go past it. */
const uint8_t *fuzz_frame(const uint8_t **data, size_t *size, size_t *length);

/* Stops the fuzzer unless it holds. */
#define FUZZ_CHECK(condition)                                                                                \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* What is refused has words, and is not refused for want of memory: no small file asks for much. */
#define FUZZ_REFUSED(error) FUZZ_CHECK(*(error).text && (error).status != RAD_NO_MEMORY)

/* A folder in memory for this process, gone when it ends. */
const char *fuzz_folder(void);

/* A file there that is used again and again. */
typedef struct fuzz_file {
    int file; /* descriptor + 1 */
    size_t size;
    char path[128];
} fuzz_file;

/* The same under a name in that folder, which is there from the first time on. */
static inline const char *fuzz_put_as(fuzz_file *f, const char *name, const uint8_t *data, size_t size) {
    if (!f->file) {
        snprintf(f->path, sizeof f->path, "%s/%s", fuzz_folder(), name);
        f->file = open(f->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) + 1;
    }
    FUZZ_CHECK(f->file && (size >= f->size || !ftruncate(f->file - 1, (off_t)size)));
    FUZZ_CHECK(pwrite(f->file - 1, data, size, 0) == (ssize_t)size);
    f->size = size;
    return f->path;
}

static inline const char *fuzz_put(fuzz_file *f, const uint8_t *data, size_t size) {
    char name[32];
    snprintf(name, sizeof name, "%p", (void *)f);
    return fuzz_put_as(f, name, data, size);
}

/* The 64 characters after the key: a hash that the file is checked against, so that what is behind the check
 * is reached. */
static inline void fuzz_take_hash(const uint8_t *data, size_t size, const char *key, char hash[65]) {
    const uint8_t *found = memmem(data, size, key, strlen(key));
    if (!found || size - (size_t)(found - data) < strlen(key) + 64) return;
    memcpy(hash, found + strlen(key), 64);
}

#endif
