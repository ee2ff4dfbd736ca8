#include "terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool rad_terminal_redraws(int descriptor) {
    const char *kind = getenv("TERM");
    return isatty(descriptor) && !(kind && !strcmp(kind, "dumb"));
}

int rad_terminal_columns(int descriptor) {
    struct winsize size = {.ws_col = 0};
    return !ioctl(descriptor, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}
