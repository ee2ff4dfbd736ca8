/* Doubles as text. */
#ifndef RAD_NUMBER_H
#define RAD_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_NUMBER_TEXT = 32 };

/* The shortest decimal that reads back as the same double. Returns text. */
const char *rad_number_write(double value, char text[RAD_NUMBER_TEXT]);

/* The whole text as a number; YAML's .inf, -.inf and .nan too. */
bool rad_number_read(const char *text, double *value);

#ifdef __cplusplus
}
#endif
#endif
