#include "walk.h"

#include "../core/memory.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

typedef struct walk {
    rad_visit *visit;
    void *context;
    rad_error *error;
} walk;

/* A folder that is being read, and those above it. */
typedef struct level {
    const walk *walk;
    const char *path;
    const struct level *above;
    dev_t device;
    ino_t inode;
} level;

static rad_status unreadable(const char *path, const char *so, rad_error *error) {
    return rad_fail(error, rad_errno_status(RAD_UNREADABLE), "%s: cannot be read: %s%s%s", path,
                    strerror(errno), so ? ", " : "", so ? so : "");
}

rad_status rad_walk_names(const char *path, const char *so, rad_take_name *take, void *context,
                          rad_error *error) {
    DIR *folder = opendir(path);
    if (!folder) return unreadable(path, so, error);
    rad_status status = RAD_OK;
    errno = 0;
    for (struct dirent *e; status == RAD_OK && (e = readdir(folder)); errno = 0)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            status = take(e->d_name, context, error);
    if (status == RAD_OK && errno) status = unreadable(path, so, error);
    closedir(folder);
    return status;
}

static rad_status visit_path(const walk *w, const char *path, const level *above);

static rad_status visit_entry(const char *name, void *context, rad_error *error) {
    const level *here = context;
    const size_t length = strlen(here->path), size = length + strlen(name) + 2;
    char *whole = rad_new_raw(size, 1, error);
    if (!whole) return RAD_NO_MEMORY;
    snprintf(whole, size, "%s%s%s", here->path, length && here->path[length - 1] == '/' ? "" : "/", name);
    rad_status status = visit_path(here->walk, whole, here);
    rad_free(whole);
    return status;
}

static rad_status visit_folder(const walk *w, const char *path, const struct stat *about,
                               const level *above) {
    level here = {w, path, above, about->st_dev, about->st_ino};
    for (const level *l = above; l; l = l->above)
        if (l->device == here.device && l->inode == here.inode) return RAD_OK; /* a circle of links */
    return rad_walk_names(path, NULL, visit_entry, &here, w->error);
}

/* A link, and is that the reason? Others are a file that is there and cannot be read. */
static bool leads_nowhere(const char *path, int reason) {
    struct stat about;
    return (reason == ENOENT || reason == ENOTDIR || reason == ELOOP || reason == ENAMETOOLONG) &&
           !lstat(path, &about) && S_ISLNK(about.st_mode);
}

static rad_status visit_path(const walk *w, const char *path, const level *above) {
    struct stat about;
    if (stat(path, &about)) {
        const int reason = errno;
        if (above && leads_nowhere(path, reason)) return RAD_OK;
        errno = reason;
        return unreadable(path, NULL, w->error);
    }
    if (S_ISDIR(about.st_mode)) return visit_folder(w, path, &about, above);
    return S_ISREG(about.st_mode) ? w->visit(path, &about, w->context, w->error) : RAD_OK;
}

rad_status rad_walk(const char *path, rad_visit *visit, void *context, rad_error *error) {
    return visit_path(&(walk){visit, context, error}, path, NULL);
}
