/* The shortest digits of a double. */
#ifndef RAD_SHORTEST_H
#define RAD_SHORTEST_H

#ifdef __cplusplus
extern "C" {
#endif

enum { RAD_DIGITS = 17 };

/* The fewest decimal digits that read back as |value|, the nearest of those; value is finite and not 0.
 * digits has room for RAD_DIGITS and no end; |value| = d.ddd 10^*exponent. Returns their number. */
int rad_shortest(double value, char digits[RAD_DIGITS], int *exponent);

#ifdef __cplusplus
}
#endif
#endif
