#include "terminal.h"

#include <sys/ioctl.h>

int rad_terminal_columns(int descriptor) {
    struct winsize size = {.ws_col = 0};
    return !ioctl(descriptor, TIOCGWINSZ, &size) && size.ws_col ? size.ws_col : 80;
}
