/* What the terminal can, and how wide it is. */
#ifndef RAD_TERMINAL_H
#define RAD_TERMINAL_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Is there a terminal behind the descriptor, and does it draw a line anew where it is told to? (TERM=dumb is
 * one that does not: editors, logs.) */
bool rad_terminal_redraws(int descriptor);

/* Columns that the terminal behind the descriptor has at this moment; 80 where it does not say, or is none.
 */
int rad_terminal_columns(int descriptor);

#ifdef __cplusplus
}
#endif
#endif
