#include "state.h"

#include "../../core/hash.h"
#include "../../io/bytes.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char ending[] = ".ledger";

/* The home of whoever runs this, also where the environment has none. */
static const char *home_folder(struct passwd *entry, char *text, size_t size) {
    const char *home = getenv("HOME");
    struct passwd *found = NULL;
    if (home && *home) return home;
    return !getpwuid_r(getuid(), entry, text, size, &found) && found ? entry->pw_dir : NULL;
}

static rad_status find_folder(const char *given, char folder[RAD_STATE_PATH], rad_error *error) {
    struct passwd entry;
    char text[4096];
    const char *state = given ? given : getenv("RADIOMILL_STATE"), *shared = getenv("XDG_STATE_HOME"), *home;
    int length;
    if (state && *state)
        length = snprintf(folder, RAD_STATE_PATH, "%s", state);
    else if (shared && *shared == '/') /* the specification wants an absolute path */
        length = snprintf(folder, RAD_STATE_PATH, "%s/radiomill", shared);
    else if ((home = home_folder(&entry, text, sizeof text)) != NULL)
        length = snprintf(folder, RAD_STATE_PATH, "%s/.local/state/radiomill", home);
    else
        return rad_fail(error, RAD_UNWRITABLE,
                        "there is no home folder for the ledger; name one in RADIOMILL_STATE");
    return length < RAD_STATE_PATH - 128
               ? RAD_OK
               : rad_fail(error, RAD_UNWRITABLE, "%.80s...: the path of the state folder is too long",
                          folder);
}

rad_status rad_state_folder(const char *given, char folder[RAD_STATE_PATH], rad_error *error) {
    struct stat about;
    rad_status status = find_folder(given, folder, error);
    int reason = 0;
    for (char *at = folder + 1; status == RAD_OK && *at; at++) {
        if (*at != '/') continue;
        *at = '\0';
        /* What is there already stays; the last one tells. A new name is to be as durable as the ledger. */
        if (!mkdir(folder, 0700) && !reason) reason = rad_bytes_sync_folder(folder);
        *at = '/';
    }
    if (status != RAD_OK) return status;
    if (!mkdir(folder, 0700))
        reason = reason ? reason : rad_bytes_sync_folder(folder);
    else if (errno != EEXIST || stat(folder, &about) || !S_ISDIR(about.st_mode))
        reason = errno;
    return !reason ? RAD_OK
                   : rad_fail(error, RAD_UNWRITABLE, "%s: the folder of the ledgers cannot be made: %s",
                              folder, strerror(reason));
}

rad_status rad_state_ledger(const char *folder, const unsigned char key[RAD_KEY_BYTES],
                            char path[RAD_STATE_PATH], rad_error *error) {
    char hex[2 * RAD_KEY_BYTES + 1];
    const int length =
        snprintf(path, RAD_STATE_PATH, "%s/%s%s", folder, rad_hash_text(key, RAD_KEY_BYTES, hex), ending);
    return length < RAD_STATE_PATH
               ? RAD_OK
               : rad_fail(error, RAD_UNWRITABLE, "%.80s...: the path of the ledger is too long", folder);
}
