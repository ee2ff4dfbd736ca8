/* Doubles as text. */
#ifndef RAD_NUMBER_H
#define RAD_NUMBER_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_NUMBER_TEXT = 32 };

/* A short list of numbers. */
enum { RAD_LIST_MAX = 16 };
typedef struct rad_numbers {
    size_t count;
    double row[RAD_LIST_MAX];
} rad_numbers;

/* The shortest decimal that reads back as the same double. Returns text. */
const char *rad_number_write(double value, char text[RAD_NUMBER_TEXT]);

/* The whole text as a number; YAML's .inf, -.inf and .nan too. */
bool rad_number_read(const char *text, double *value);

/* The locale in which numbers have a point, for uselocale: whoever calls the library may have set another
 * one. 0 without memory, which changes nothing. */
locale_t rad_number_locale(void);

#ifdef __cplusplus
}
#endif
#endif
