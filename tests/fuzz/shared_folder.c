#include "fuzz.h"

#include <ftw.h>

static char folder[64];

static int drop(const char *path, const struct stat *about, int type, struct FTW *where) {
    (void)about;
    (void)type;
    (void)where;
    return remove(path);
}

static void drop_folder(void) {
    nftw(folder, drop, 4, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_folder(void) {
    if (*folder) return folder;
    snprintf(folder, sizeof folder, "%s", "/dev/shm/radiomill-fuzz-XXXXXX");
    FUZZ_CHECK(mkdtemp(folder));
    atexit(drop_folder);
    return folder;
}
