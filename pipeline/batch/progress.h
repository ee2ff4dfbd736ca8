/* What a run tells while it goes: a bar on a terminal, a line per case elsewhere, JSON lines for programs. */
#ifndef RAD_PROGRESS_H
#define RAD_PROGRESS_H

#include "outcome.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_progress {
    size_t total, done, failed, computed;
    double begin;  /* rad_clock_seconds() at the start */
    size_t memory; /* resident bytes of all workers */
    bool bar, lines, json;
    double drawn; /* when the bar was drawn last */
} rad_progress;

/* One case came to its end; outcome NULL: it was done before. */
void rad_progress_case(rad_progress *progress, const char *name, const rad_outcome *outcome);

/* The state, with a bar or without, in less than that many columns: what does not fit is left out, memory
 * first, then the bar, the rate, the failures and the time that is left. The text is ASCII. */
void rad_progress_line(const rad_progress *progress, bool bar, size_t columns, char *text, size_t length);

/* Draws the bar anew, a few times a second. */
void rad_progress_draw(rad_progress *progress, bool now);

/* The state in one line, on standard error. */
void rad_progress_state(const rad_progress *progress);

/* Ends the line of the bar. */
void rad_progress_end(rad_progress *progress);

#ifdef __cplusplus
}
#endif
#endif
