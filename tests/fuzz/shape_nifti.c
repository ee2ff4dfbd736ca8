/* Fields of a NIfTI header, which get numbers that matter, in the order of bytes of the file. */
#include "fuzz.h"
#include "random.h"

typedef enum width { BYTE = 1, SHORT = 2, INT = 4, LONG = 8, FLOAT = -4, DOUBLE = -8 } width;

typedef struct field {
    size_t at;
    width type;
    size_t count;
} field;

/* NIfTI-1 and NIfTI-2. */
static const field first[] = {{40, SHORT, 8},  {70, SHORT, 2},   {76, FLOAT, 8},
                              {108, FLOAT, 3}, {123, BYTE, 1},   {252, SHORT, 2},
                              {256, FLOAT, 6}, {280, FLOAT, 12}, {344, BYTE, 4}},
                   second[] = {{12, SHORT, 2},   {16, LONG, 8},     {104, DOUBLE, 8},
                               {168, LONG, 1},   {176, DOUBLE, 2},  {344, INT, 2},
                               {352, DOUBLE, 6}, {400, DOUBLE, 12}, {500, INT, 1}};

static void put(uint8_t *to, const void *value, size_t size, bool swapped) {
    const uint8_t *from = value;
    for (size_t i = 0; i < size; i++) to[i] = from[swapped ? size - 1 - i : i];
}

static void put_number(uint8_t *to, width type, double number, bool swapped) {
    const int64_t whole = number > -9e18 && number < 9e18 ? (int64_t)number : INT64_MAX;
    const float small = (float)number;
    if (type == FLOAT)
        put(to, &small, sizeof small, swapped);
    else if (type == DOUBLE)
        put(to, &number, sizeof number, swapped);
    else
        put(to, &whole, (size_t)type, swapped); /* its low bytes, on a machine that has those first */
}

size_t fuzz_shape_nifti(uint8_t *data, size_t size, size_t most, unsigned seed) {
    static const double numbers[] = {0,    1,        2,     3,          4,    5,    7,    8,
                                     16,   64,       256,   512,        768,  1024, 1280, 1536,
                                     -1,   32767,    65536, 348,        352,  540,  0.5,  1e-30,
                                     1e30, INFINITY, NAN,   0.70710678, -0.5, 1.5,  1e10, 2147483648.0};
    fuzz_random r = fuzz_seed(seed);
    if (size < 348 || size > most) return size;
    const bool swapped = data[0] == 0, two = data[swapped ? 3 : 0] == 28;
    if (two && size < 540) return size;
    for (size_t i = 1 + fuzz_below(&r, 3); i; i--) {
        const size_t which = fuzz_below(&r, sizeof first / sizeof first[0]);
        const field *f = two ? &second[which] : &first[which];
        const size_t size_of = (size_t)abs((int)f->type);
        put_number(data + f->at + size_of * fuzz_below(&r, f->count), f->type,
                   numbers[fuzz_below(&r, sizeof numbers / sizeof numbers[0])], swapped);
    }
    return size;
}
