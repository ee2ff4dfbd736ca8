#include "quota.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

/* A group of one hierarchy: where its files are, and where those of the groups above it end. */
typedef struct group {
    char folder[2 * PATH];
    size_t top; /* length of the folder of the hierarchy itself */
} group;

/* Is the controller one of the words that commas separate? No controller: the one hierarchy of version 2. */
static bool has_controller(const char *words, const char *controller) {
    const size_t length = strlen(controller);
    if (!length) return !*words;
    for (const char *at = words; *at; at += strcspn(at, ","), at += *at == ',')
        if (!strncmp(at, controller, length) && (!at[length] || at[length] == ',')) return true;
    return false;
}

/* The path of the process's group, of /proc/self/cgroup: "0::/a/b", "4:cpu,cpuacct:/a/b". */
static bool find_path(const char *root, const char *controller, char path[PATH]) {
    char name[PATH], line[2 * PATH];
    bool found = false;
    snprintf(name, sizeof name, "%s/proc/self/cgroup", root);
    FILE *file = fopen(name, "r");
    while (file && !found && fgets(line, sizeof line, file)) {
        char *words = strchr(line, ':'), *own = words ? strchr(words + 1, ':') : NULL;
        if (!own) continue;
        *own++ = '\0';
        own[strcspn(own, "\n")] = '\0';
        found = has_controller(words + 1, controller);
        snprintf(path, PATH, "%s", own);
    }
    if (file) fclose(file);
    return found;
}

/* A container sees its own group as the root of the hierarchy: then the path of the host leads nowhere, and
 * the files lie at the top. */
static bool find_group(const char *root, const char *controller, group *g) {
    char path[PATH];
    if (!find_path(root, controller, path)) return false;
    const int top = snprintf(g->folder, sizeof g->folder, "%s/sys/fs/cgroup%s%s", root,
                             *controller ? "/" : "", controller);
    g->top = (size_t)top;
    if (g->top >= sizeof g->folder) return false;
    if (strcmp(path, "/") != 0 && !strstr(path, ".."))
        snprintf(g->folder + g->top, sizeof g->folder - g->top, "%s", path);
    return true;
}

/* The group above; false at the top. */
static bool rise(group *g) {
    char *last = strrchr(g->folder + g->top, '/');
    if (!last) return false;
    *last = '\0';
    return true;
}

/* The words in a file of the group. */
static bool read_words(const group *g, const char *name, char *text, size_t length) {
    char path[3 * PATH];
    snprintf(path, sizeof path, "%s/%s", g->folder, name);
    FILE *file = fopen(path, "r");
    const bool read = file && fgets(text, (int)length, file);
    if (file) fclose(file);
    return read;
}

/* A whole number above 0; 0 where the group has none, or no limit (max, -1). */
static double read_number(const group *g, const char *name) {
    char text[64];
    if (!read_words(g, name, text, sizeof text)) return 0;
    const double value = strtod(text, NULL);
    return value > 0 && isfinite(value) ? value : 0;
}

/* Processors of one group; 0 where it sets no limit. */
static double share(const group *g, bool first) {
    char text[64], *end;
    if (first) {
        const double quota = read_number(g, "cpu.cfs_quota_us"), period = read_number(g, "cpu.cfs_period_us");
        return period > 0 ? quota / period : 0;
    }
    if (!read_words(g, "cpu.max", text, sizeof text)) return 0;
    const double quota = strtod(text, &end), period = strtod(end, NULL);
    return quota > 0 && period > 0 && isfinite(quota) ? quota / period : 0;
}

size_t rad_quota_processors(const char *root) {
    static const char *const controllers[] = {"", "cpu"};
    double least = INFINITY;
    for (int first = 0; first < 2; first++) {
        group g;
        bool more = find_group(root, controllers[first], &g);
        for (; more; more = rise(&g)) {
            const double here = share(&g, first);
            if (here > 0) least = fmin(least, here);
        }
    }
    return isfinite(least) ? (size_t)ceil(fmin(least, INT_MAX)) : 0;
}

size_t rad_quota_memory(const char *root) {
    static const char *const controllers[] = {"", "memory"},
                             *const most[] = {"memory.max", "memory.limit_in_bytes"},
                             *const used[] = {"memory.current", "memory.usage_in_bytes"};
    double least = INFINITY;
    for (int first = 0; first < 2; first++) {
        group g;
        bool more = find_group(root, controllers[first], &g);
        for (; more; more = rise(&g)) {
            const double limit = read_number(&g, most[first]);
            if (limit > 0 && limit < 0x1p62)
                least = fmin(least, fmax(0, limit - read_number(&g, used[first])));
        }
    }
    return isfinite(least) ? (size_t)least : SIZE_MAX;
}
