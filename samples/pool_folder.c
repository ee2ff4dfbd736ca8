/* Adds up all summaries (.radsum) of a folder: a study, the public keys of its sites, that folder, where
 * tables go.
 *
 *     cc pool_folder.c $(pkg-config --cflags --libs radiomill) -o pool_folder */
#define _POSIX_C_SOURCE 200809L
#include <radiomill.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **paths;
static size_t count;

static int is_summary(const struct dirent *e) {
    const size_t length = strlen(e->d_name);
    return length > 7 && !strcmp(e->d_name + length - 7, ".radsum");
}

/* By name, so that the first that cannot be taken is the same everywhere. */
static int find(const char *folder) {
    struct dirent **entries;
    const int found = scandir(folder, &entries, is_summary, alphasort);
    if (found <= 0 || !(paths = calloc((size_t)found, sizeof *paths))) return 0;
    for (int i = 0; i < found; i++) {
        const size_t room = strlen(folder) + strlen(entries[i]->d_name) + 2;
        if (!(paths[i] = malloc(room))) return 0;
        snprintf(paths[i], room, "%s/%s", folder, entries[i]->d_name);
        free(entries[i]);
        count++;
    }
    free(entries);
    return 1;
}

static void note(const char *text, void *context) {
    (void)context;
    fprintf(stderr, "%s\n", text);
}

int main(int argc, char **argv) {
    rad_error error;
    char *said = NULL;
    if (argc != 5 || !find(argv[3])) {
        fprintf(stderr, "usage: pool_folder STUDY.yaml KEYS FOLDER-OF-SUMMARIES FOLDER-OF-TABLES\n");
        return RAD_USAGE;
    }
    const rad_pool_options options = {.study = argv[1],
                                      .trusted = argv[2],
                                      .summaries = (const char *const *)paths,
                                      .summary_count = count,
                                      .output = argv[4]};
    const rad_control control = {.note = note};
    const rad_status status = rad_pool_summaries(&options, &control, &said, &error);
    if (status == RAD_OK)
        printf("%s", said);
    else
        fprintf(stderr, "%s\n", error.text);
    rad_text_free(said);
    while (count) free(paths[--count]);
    free(paths);
    return status;
}
