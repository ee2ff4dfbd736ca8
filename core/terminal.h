/* How wide the terminal is. */
#ifndef RAD_TERMINAL_H
#define RAD_TERMINAL_H

#ifdef __cplusplus
extern "C" {
#endif

/* Columns that the terminal behind the descriptor has at this moment; 80 where it does not say, or is none.
 */
int rad_terminal_columns(int descriptor);

#ifdef __cplusplus
}
#endif
#endif
