#include "memory.h"

#include <stdint.h>
#include <stdlib.h>

bool rad_multiply(size_t a, size_t b, size_t *product) {
    if (b && a > SIZE_MAX / b) return false;
    *product = a * b;
    return true;
}

static void *checked(void *memory, size_t count, size_t size, rad_error *error) {
    if (!memory)
        rad_fail(error, RAD_NO_MEMORY, "out of memory: %zu elements of %zu bytes asked for", count, size);
    return memory;
}

void *rad_new(size_t count, size_t size, rad_error *error) {
    size_t bytes = 0;
    bool fits = rad_multiply(count, size, &bytes);
    return checked(fits ? calloc(bytes ? bytes : 1, 1) : NULL, count, size, error);
}

void *rad_new_raw(size_t count, size_t size, rad_error *error) {
    size_t bytes = 0;
    bool fits = rad_multiply(count, size, &bytes);
    return checked(fits ? malloc(bytes ? bytes : 1) : NULL, count, size, error);
}
