/* What the fuzzers share: the input as a file that a reader can open. */
#ifndef RAD_FUZZ_H
#define RAD_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file in memory with this content; its path goes to `path`. */
static inline int fuzz_open(const uint8_t *data, size_t size, char path[64]) {
    const int file = memfd_create("input", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size) abort();
    snprintf(path, 64, "/proc/self/fd/%d", file);
    return file;
}

#endif
