#include "rundir.h"
#include "runs_below.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../../io/bytes.h"
#include "../../io/tree.h"
#include "../../io/walk.h"
#include "../settings_file.h"
#include "beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_HERE = 4096 };

static char *settings_text(const rad_settings *settings, rad_error *error) {
    const size_t length = rad_settings_write(settings, NULL, 0) + 1;
    char *text = rad_new_raw(length, 1, error);
    if (text) rad_settings_write(settings, text, length);
    return text;
}

rad_status rad_rundir_settings_id(const rad_settings *settings, rad_work *work, rad_error *error) {
    char *text = settings_text(settings, error);
    if (!text) return RAD_NO_MEMORY;
    const unsigned char options[2] = {work->options.resample_mask, work->options.any_frame};
    const rad_piece_of pieces[] = {
        {text, strlen(text)}, {RAD_VERSION, strlen(RAD_VERSION)}, {options, sizeof options}};
    rad_fingerprint_pieces(pieces, 3, &work->settings_id);
    rad_free(text);
    return RAD_OK;
}

const char *rad_rundir_journal(const char *run, size_t shard, size_t shards, char *text, size_t length) {
    if (shards)
        snprintf(text, length, "%s/journal.%zu-of-%zu.db", run, shard, shards);
    else
        snprintf(text, length, "%s/journal.db", run);
    return text;
}

static void free_names(char **names, size_t count) {
    for (size_t i = 0; i < count; i++) rad_free(names[i]);
    rad_free(names);
}

static int by_name(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A name that rad_rundir_journal gives: a copy under another name is no journal. */
static bool is_journal(const char *name) {
    char same[64];
    size_t shard = 0, shards = 0;
    if (!strcmp(name, "journal.db")) return true;
    if (sscanf(name, "journal.%zu-of-%zu.db", &shard, &shards) != 2) return false;
    snprintf(same, sizeof same, "journal.%zu-of-%zu.db", shard, shards);
    return !strcmp(name, same);
}

/* Paths of the journals of a directory. */
typedef struct listing {
    const char *run;
    char **names; /* owned */
    size_t count, capacity;
} listing;

static rad_status add_journal(const char *name, void *context, rad_error *error) {
    listing *l = context;
    char path[PATH_MAX_HERE];
    if (!is_journal(name)) return RAD_OK;
    snprintf(path, sizeof path, "%s/%s", l->run, name);
    rad_status status = rad_grow(&l->names, l->count, &l->capacity, sizeof *l->names, error);
    if (status == RAD_OK && !(l->names[l->count] = rad_text_copy(path, error))) status = RAD_NO_MEMORY;
    l->count += status == RAD_OK;
    return status;
}

/* In the order of their names. */
static rad_status list_journals(const char *run, char ***names, size_t *count, rad_error *error) {
    listing l = {.run = run};
    const rad_status status = rad_walk_names(run, NULL, add_journal, &l, error);
    if (l.count > 1) qsort(l.names, l.count, sizeof *l.names, by_name);
    *names = l.names;
    *count = l.count;
    return status;
}

/* Files that a killed run had not given their name yet, on file systems without nameless files. */
static void sweep(const char *run) {
    char path[PATH_MAX_HERE];
    DIR *folder = opendir(run);
    for (struct dirent *e; folder && (e = readdir(folder));) {
        const char *end = strstr(e->d_name, ".tmp");
        if (!end || (end[4] && strcmp(end + 4, "-wal") != 0)) continue;
        snprintf(path, sizeof path, "%s/%s", run, e->d_name);
        unlink(path);
    }
    if (folder) closedir(folder);
}

/* "discretisation, images": the keys whose values differ. */
static void list_differences(const rad_settings *a, const rad_settings *b, char *text, size_t size) {
    char x[512], y[512];
    size_t count, used = 0;
    const rad_key *keys = rad_settings_keys(&count);
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(rad_key_words(&keys[i], a, x, sizeof x), rad_key_words(&keys[i], b, y, sizeof y)))
            continue;
        if (used + 200 < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s (%.60s, now %.60s)", used ? "; " : "",
                                     keys[i].name, x, y);
    }
    if (!used) snprintf(text, size, "images");
}

/* *other: the directory has other settings, or some that nobody can read, and `force` takes the new ones. */
static rad_status check_settings(const rad_batch_options *o, const char *path, const char *text, bool *other,
                                 rad_error *error) {
    rad_settings old = {.image_count = 0};
    char *before = NULL, what[800] = "";
    *other = false;
    if (access(path, F_OK) != 0) return RAD_OK;
    rad_status status = rad_settings_file_read(path, &old, error);
    if (status == RAD_OK) before = settings_text(&old, error);
    if (status == RAD_OK && !before) status = RAD_NO_MEMORY;
    if (o->force && status != RAD_NO_MEMORY) {
        *other = !before || strcmp(before, text) != 0;
        status = RAD_OK;
    } else if (status == RAD_OK && strcmp(before, text) != 0) {
        list_differences(&old, o->work.settings, what, sizeof what);
        status = rad_fail(error, RAD_CONFIG,
                          "%.100s: was run with other settings: %s; give another directory, or --force",
                          o->run, what);
    }
    rad_free(before);
    rad_settings_clear(&old);
    return status;
}

enum { RUNS_KEPT = 100 };

/* What the commands before said of themselves, with these settings; damaged, it goes as the file would. */
static json_t *list_runs(const rad_batch_options *o, const char *path, const char *id) {
    json_t *before = NULL, *runs = NULL;
    rad_error ignored;
    const rad_status status = rad_tree_read(path, &before, &ignored);
    if (status == RAD_NO_MEMORY) return NULL;
    if (status == RAD_OK) {
        const char *other = json_string_value(json_object_get(before, "settings_id"));
        if (other && !strcmp(other, id)) runs = json_incref(json_object_get(before, "runs"));
    }
    json_decref(before);
    if (!json_is_array(runs)) {
        json_decref(runs);
        runs = json_array();
    }
    rad_tree_add(&runs, json_incref(o->made));
    while (json_array_size(runs) > RUNS_KEPT) json_array_remove(runs, 0);
    return runs;
}

/* Shards that begin at once write it one after the other, where the file system can lock a folder. */
static rad_status write_provenance(const rad_batch_options *o, const char *path, rad_error *error) {
    char id[2 * RAD_FINGERPRINT + 1], manifest[PATH_MAX_HERE];
    const rad_work *w = &o->work;
    const char *name = strrchr(w->manifest->sheet.path, '/');
    snprintf(manifest, sizeof manifest, "%s/%s", w->manifest->folder,
             name ? name + 1 : w->manifest->sheet.path);
    json_error_t why = {0}; /* without memory Jansson sets no code */
    json_t *all =
        json_pack_ex(&why, 0, "{s:{s:s, s:s}, s:s, s:s, s:I, s:b, s:b}", "engine", "name", "radiomill",
                     "version", RAD_VERSION, "settings_id", rad_fingerprint_text(&w->settings_id, id),
                     "manifest", manifest, "cases", (json_int_t)w->manifest->count, "resample_mask",
                     w->options.resample_mask, "ignore_frame_of_reference", w->options.any_frame);
    if (!all && json_error_code(&why) == json_error_invalid_utf8)
        return rad_fail(error, RAD_CONFIG, "%s: the path of the manifest is not UTF-8", manifest);
    const int folder = open(o->run, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) flock(folder, LOCK_EX);
    if (o->made) rad_tree_set(&all, "runs", list_runs(o, path, id));
    const rad_status status = rad_tree_write(path, all, error);
    if (folder >= 0) close(folder);
    return status;
}

/* Tables that were made with other settings would stand beside the new ones. */
static rad_status remove_tables(const char *run, rad_error *error) {
    static const char *const names[] = {"features.csv", "features_long.csv", "features.jsonl", "cases.csv",
                                        "columns.json"};
    char path[PATH_MAX_HERE];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", run, names[i]);
        if (unlink(path) && errno != ENOENT)
            return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be removed: %s", path, strerror(errno));
    }
    return RAD_OK;
}

/* A journal of the directory that another process has is one of the settings that are about to go. */
static rad_status check_others(const rad_batch_options *o, rad_error *error) {
    char **names = NULL;
    size_t count = 0;
    char mine[PATH_MAX_HERE];
    rad_rundir_journal(o->run, o->shard, o->shards, mine, sizeof mine);
    rad_status status = list_journals(o->run, &names, &count, error);
    for (size_t i = 0; i < count && status == RAD_OK; i++) {
        rad_journal *other = NULL;
        bool damaged = false;
        if (!strcmp(names[i], mine)) continue;
        status = rad_journal_open(names[i], &other, &damaged, error);
        rad_journal_close(other);
        if (damaged) status = RAD_OK;
    }
    free_names(names, count);
    return status;
}

/* Settings and provenance; tables of other settings go first. */
static rad_status write_settings(const rad_batch_options *o, rad_error *error) {
    char path[PATH_MAX_HERE];
    bool other = false;
    char *text = settings_text(o->work.settings, error);
    if (!text) return RAD_NO_MEMORY;
    snprintf(path, sizeof path, "%s/settings.yaml", o->run);
    rad_status status = check_settings(o, path, text, &other, error);
    if (status == RAD_OK && other) status = check_others(o, error);
    if (status == RAD_OK && other) status = remove_tables(o->run, error);
    if (status == RAD_OK && !o->shards) sweep(o->run);
    const rad_bytes piece = {(unsigned char *)text, strlen(text)};
    if (status == RAD_OK) status = rad_bytes_write(path, &piece, 1, error);
    rad_free(text);
    snprintf(path, sizeof path, "%s/provenance.json", o->run);
    return status == RAD_OK ? write_provenance(o, path, error) : status;
}

/* What a run writes beside its journals. */
static const char *const outputs[] = {"features.csv", "features_long.csv", "features.jsonl",  "cases.csv",
                                      "columns.json", "settings.yaml",     "provenance.json", "report.html"};

/* Files of a folder that is no run are somebody's, such as the table of the cases itself. */
static rad_status check_place(const rad_batch_options *o, const char *run, rad_error *error) {
    char path[PATH_MAX_HERE + 32], **names = NULL;
    size_t count = 0;
    struct stat table = {0}, there;
    const bool known = !stat(o->work.manifest->sheet.path, &table);
    rad_status status = list_journals(run, &names, &count, error);
    free_names(names, count);
    for (size_t i = 0; i < sizeof outputs / sizeof outputs[0] && status == RAD_OK; i++) {
        snprintf(path, sizeof path, "%s/%s", run, outputs[i]);
        if (stat(path, &there)) continue;
        if (known && there.st_dev == table.st_dev && there.st_ino == table.st_ino)
            return rad_fail(
                error, RAD_UNWRITABLE,
                "%s: is the table of the cases, and the run would write over it; give --output a folder "
                "of its own",
                path);
        if (!count)
            status =
                rad_fail(error, RAD_UNWRITABLE,
                         "%s: is there, and %s is no run (it has no journal): it would be written over; give "
                         "--output a folder of its own, or remove the file",
                         path, run);
    }
    return status;
}

/* The folder of the run, made if it is not there. */
static rad_status make_place(const rad_batch_options *o, const char *path, rad_error *error) {
    struct stat there;
    const bool made = !mkdir(path, 0777);
    if (!made && errno != EEXIST)
        return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be created: %s", o->run, strerror(errno));
    if (!made && !stat(path, &there) && !S_ISDIR(there.st_mode))
        return rad_fail(error, RAD_UNWRITABLE,
                        "%s: is a file; --output needs a folder, which is made if need be", o->run);
    const int reason = made ? rad_bytes_sync_folder(path) : 0; /* a name that the power does not take */
    if (reason) return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be created: %s", o->run, strerror(reason));
    return made ? RAD_OK : check_place(o, path, error);
}

rad_status rad_rundir_begin(const rad_batch_options *o, rad_journal **journal, rad_warnings *warnings,
                            rad_error *error) {
    char path[PATH_MAX_HERE];
    bool damaged = false;
    size_t kept = 0;
    *journal = NULL;
    snprintf(path, sizeof path, "%s", o->run);
    for (size_t end = strlen(path); end > 1 && path[end - 1] == '/';) path[--end] = '\0';
    rad_status status = make_place(o, path, error);
    if (status != RAD_OK) return status;
    rad_rundir_journal(o->run, o->shard, o->shards, path, sizeof path);
    status = rad_journal_open(path, journal, &damaged, error);
    if (damaged) {
        status = rad_journal_repair(path, &kept, error);
        if (status == RAD_OK) status = rad_journal_open(path, journal, NULL, error);
        if (status == RAD_OK)
            rad_warn(warnings, "%s: was damaged and is now %s.damaged; %zu intact record%s kept", path, path,
                     kept, rad_plural(kept));
    }
    if (status == RAD_OK) status = write_settings(o, error);
    if (status == RAD_OK) status = rad_beside_folders(&o->work, error);
    if (status != RAD_OK) {
        rad_journal_close(*journal);
        *journal = NULL;
    }
    return status;
}

/* Runs of several settings lie in a folder that is none. */
static rad_status refuse_folder(const char *run, rad_error *error) {
    rad_runs_below below;
    const rad_status status = rad_runs_below_find(run, &below, error);
    if (status != RAD_OK) return status;
    if (below.count)
        rad_fail(error, RAD_UNREADABLE, "%s: is no run, but the folder of %zu; give one of them, such as %s",
                 run, below.count, below.path[0]);
    else
        rad_fail(
            error, RAD_UNREADABLE,
            "%s: is no run (it has no provenance.json); give the folder that `radiomill batch -o RUN` wrote",
            run);
    rad_runs_below_free(&below);
    return RAD_UNREADABLE;
}

rad_status rad_rundir_check(const char *run, rad_error *error) {
    struct stat there;
    const bool found = !stat(run, &there);
    if (found && S_ISDIR(there.st_mode))
        return rad_runs_below_is_run(run) ? RAD_OK : refuse_folder(run, error);
    return rad_fail(error, RAD_UNREADABLE, "%s: %s; give the folder that `radiomill batch -o RUN` wrote", run,
                    found ? "is a file" : "is not there");
}

rad_status rad_rundir_read(const char *run, rad_settings *settings, rad_work *work, char **manifest,
                           rad_error *error) {
    char path[PATH_MAX_HERE];
    json_t *all;
    *manifest = NULL;
    rad_status status = rad_rundir_check(run, error);
    if (status != RAD_OK) return status;
    snprintf(path, sizeof path, "%s/settings.yaml", run);
    status = rad_settings_file_read(path, settings, error);
    if (status != RAD_OK) return status;
    snprintf(path, sizeof path, "%s/provenance.json", run);
    status = rad_tree_read(path, &all, error);
    if (status != RAD_OK) return status;
    const char *name = json_string_value(json_object_get(all, "manifest"));
    work->options.resample_mask = json_is_true(json_object_get(all, "resample_mask"));
    work->options.any_frame = json_is_true(json_object_get(all, "ignore_frame_of_reference"));
    *manifest = rad_text_copy(name, error);
    if (!name)
        status = rad_fail(error, RAD_UNREADABLE, "%s: names no manifest; is this a run directory?", path);
    else if (!*manifest)
        status = RAD_NO_MEMORY;
    json_decref(all);
    work->settings = settings;
    return status == RAD_OK ? rad_rundir_settings_id(settings, work, error) : status;
}

rad_status rad_rundir_open_journals(const char *run, rad_journal ***journals, size_t *count,
                                    rad_error *error) {
    char **names = NULL;
    size_t found = 0;
    *count = 0;
    *journals = NULL;
    rad_status status = list_journals(run, &names, &found, error);
    if (status == RAD_OK && !found)
        status = rad_fail(error, RAD_UNREADABLE, "%s: has no journal; is this a run directory?", run);
    if (status == RAD_OK) {
        *journals = rad_new(found, sizeof(rad_journal *), error);
        status = *journals ? RAD_OK : RAD_NO_MEMORY;
    }
    for (size_t i = 0; i < found && status == RAD_OK; i++) {
        status = rad_journal_open(names[i], &(*journals)[i], NULL, error);
        *count += status == RAD_OK;
    }
    free_names(names, found);
    return status;
}
