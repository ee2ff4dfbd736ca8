/* Adds up all summaries (.radsum) of a folder: a study, the public keys of its sites, that folder, where
 * tables go.
 *
 *     cc pool_folder.c $(pkg-config --cflags --libs radiomill) -o pool_folder */
#include <radiomill.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES_MAX = 1000 };
static char *paths[SITES_MAX];
static size_t count;

static int find(const char *folder) {
    DIR *entries = opendir(folder);
    if (!entries) return 0;
    for (const struct dirent *e; (e = readdir(entries)) && count < SITES_MAX;) {
        const size_t length = strlen(e->d_name), room = strlen(folder) + length + 2;
        if (length < 8 || strcmp(e->d_name + length - 7, ".radsum") != 0) continue;
        paths[count] = malloc(room);
        if (paths[count]) snprintf(paths[count++], room, "%s/%s", folder, e->d_name);
    }
    closedir(entries);
    return count > 0;
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
    return status;
}
