#include "bar.h"

#include "../core/clock.h"
#include "../core/terminal.h"

#include <stdio.h>
#include <unistd.h>

void rad_bar_begin(rad_bar *bar) {
    const double now = rad_clock_seconds();
    *bar = (rad_bar){.shows = rad_terminal_redraws(STDERR_FILENO), .begin = now, .last = now};
}

void rad_bar_draw(rad_bar *bar, double done, const char *what) {
    enum { BAR = 24, PATIENCE = 2 };
    static const double pause = 0.2;
    char text[256];
    const double now = rad_clock_seconds();
    if (!bar->shows || now - bar->begin < PATIENCE || now - bar->last < pause) return;
    bar->last = now;
    bar->drawn = true;
    const int full = (int)(done * BAR), columns = rad_terminal_columns(STDERR_FILENO);
    snprintf(text, sizeof text, "[%.*s%.*s] %3.0f %%, %.0f s%s%s", full, "########################",
             BAR - full, "........................", 100 * done, now - bar->begin, *what ? ", " : "", what);
    fprintf(stderr, "\r\033[K%.*s", columns - 1, text);
    fflush(stderr);
}

void rad_bar_clear(rad_bar *bar) {
    if (bar->drawn) fputs("\r\033[K", stderr);
    bar->drawn = false;
}

bool rad_bar_step(double done, void *context) {
    rad_bar_draw(context, done, "");
    return true;
}
