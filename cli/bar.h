/* How far a command is, on a terminal, when it takes longer than two seconds. */
#ifndef RAD_BAR_H
#define RAD_BAR_H

#include "../core/status.h"

#include <stdbool.h>

typedef struct rad_bar {
    bool shows; /* standard error is a terminal */
    bool drawn;
    double begin, last;
} rad_bar;

/* Begins to count the seconds. */
void rad_bar_begin(rad_bar *bar);

/* The share that is done, 0 to 1, and what of, which is cut where the terminal ends. */
void rad_bar_draw(rad_bar *bar, double done, const char *what);

/* Takes the bar away: before anything else is written, and at the end. */
void rad_bar_clear(rad_bar *bar);

/* For rad_control: draws, never cancels; context is the bar. */
bool rad_bar_step(double done, void *context);

#endif
