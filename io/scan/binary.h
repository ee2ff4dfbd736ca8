/* Numbers of a binary header, at their places. */
#ifndef RAD_BINARY_H
#define RAD_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct rad_binary {
    const unsigned char *bytes;
    bool swapped; /* they have the other byte order than this machine */
} rad_binary;

static inline void rad_binary_get(const rad_binary *f, size_t at, void *out, size_t width) {
    unsigned char *to = out;
    for (size_t i = 0; i < width; i++) to[i] = f->bytes[at + (f->swapped ? width - 1 - i : i)];
}

static inline int16_t rad_binary_int16(const rad_binary *f, size_t at) {
    int16_t value;
    rad_binary_get(f, at, &value, sizeof value);
    return value;
}

static inline int32_t rad_binary_int32(const rad_binary *f, size_t at) {
    int32_t value;
    rad_binary_get(f, at, &value, sizeof value);
    return value;
}

static inline double rad_binary_float(const rad_binary *f, size_t at) {
    float value;
    rad_binary_get(f, at, &value, sizeof value);
    return (double)value;
}

#endif
