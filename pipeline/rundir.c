#include "rundir.h"

#include "../core/memory.h"
#include "../io/bytes.h"
#include "../io/tree.h"
#include "../io/yaml.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_HERE = 4096 };

static char *settings_text(const rad_settings *settings, rad_error *error) {
    const size_t length = rad_settings_write(settings, NULL, 0) + 1;
    char *text = rad_new_raw(length, 1, error);
    if (text) rad_settings_write(settings, text, length);
    return text;
}

void rad_rundir_settings_id(const rad_settings *settings, rad_work *work) {
    char *text = settings_text(settings, NULL);
    const unsigned char options[2] = {work->options.resample_mask, work->options.any_frame};
    const rad_piece_of pieces[] = {{text ? text : "", text ? strlen(text) : 0},
                                   {RAD_VERSION, strlen(RAD_VERSION)},
                                   {options, sizeof options}};
    rad_fingerprint_pieces(pieces, 3, &work->settings_id);
    rad_free(text);
}

const char *rad_rundir_journal(const char *run, size_t shard, size_t shards, char *text, size_t length) {
    if (shards)
        snprintf(text, length, "%s/journal.%zu-of-%zu.db", run, shard, shards);
    else
        snprintf(text, length, "%s/journal.db", run);
    return text;
}

/* Files that a killed run had not given their name yet, on file systems without nameless files. */
static void sweep(const char *run) {
    char path[PATH_MAX_HERE];
    DIR *folder = opendir(run);
    for (struct dirent *e; folder && (e = readdir(folder));) {
        const size_t length = strlen(e->d_name);
        if (length < 4 || strcmp(e->d_name + length - 4, ".tmp") != 0) continue;
        snprintf(path, sizeof path, "%s/%s", run, e->d_name);
        unlink(path);
    }
    if (folder) closedir(folder);
}

/* "discretisation, images": the keys whose values differ. */
static void list_differences(const rad_settings *a, const rad_settings *b, char *text, size_t room) {
    char x[512], y[512];
    size_t count, used = 0;
    const rad_key *keys = rad_settings_keys(&count);
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(rad_key_words(&keys[i], a, x, sizeof x), rad_key_words(&keys[i], b, y, sizeof y)))
            continue;
        if (used + 200 < room)
            used += (size_t)snprintf(text + used, room - used, "%s%s (%.60s, now %.60s)", used ? "; " : "",
                                     keys[i].name, x, y);
    }
    if (!used) snprintf(text, room, "images");
}

static rad_status check_settings(const rad_batch_options *o, const char *path, const char *text,
                                 rad_error *error) {
    rad_settings old;
    char *before = NULL, what[800] = "";
    if (access(path, F_OK) != 0 || o->force) return RAD_OK;
    rad_status status = rad_yaml_read_settings(path, &old, error);
    if (status == RAD_OK) before = settings_text(&old, error);
    if (status == RAD_OK && !before) status = RAD_NO_MEMORY;
    if (status == RAD_OK && strcmp(before, text) != 0) {
        list_differences(&old, o->work.settings, what, sizeof what);
        status = rad_fail(error, RAD_CONFIG,
                          "%.100s: was run with other settings: %s; give another directory, or --force",
                          o->run, what);
    }
    rad_free(before);
    return status;
}

static rad_status write_provenance(const rad_batch_options *o, const char *path, rad_error *error) {
    char id[2 * RAD_FINGERPRINT + 1], manifest[PATH_MAX_HERE];
    const rad_work *w = &o->work;
    const char *name = strrchr(w->manifest->path, '/');
    snprintf(manifest, sizeof manifest, "%s/%s", w->manifest->folder, name ? name + 1 : w->manifest->path);
    json_error_t why;
    json_t *all =
        json_pack_ex(&why, 0, "{s:{s:s, s:s}, s:s, s:s, s:I, s:b, s:b}", "engine", "name", "radiomill",
                     "version", RAD_VERSION, "settings_id", rad_fingerprint_text(&w->settings_id, id),
                     "manifest", manifest, "cases", (json_int_t)w->manifest->count, "resample_mask",
                     w->options.resample_mask, "ignore_frame_of_reference", w->options.any_frame);
    if (!all && json_error_code(&why) == json_error_invalid_utf8)
        return rad_fail(error, RAD_CONFIG, "%s: the path of the manifest is not UTF-8", manifest);
    return rad_tree_write(path, all, error);
}

rad_status rad_rundir_prepare(const rad_batch_options *o, rad_error *error) {
    char path[PATH_MAX_HERE];
    if (mkdir(o->run, 0777) != 0 && errno != EEXIST)
        return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be made: %s", o->run, strerror(errno));
    if (!o->shards) sweep(o->run);
    char *text = settings_text(o->work.settings, error);
    if (!text) return RAD_NO_MEMORY;
    snprintf(path, sizeof path, "%s/settings.yaml", o->run);
    rad_status status = check_settings(o, path, text, error);
    const rad_bytes piece = {(unsigned char *)text, strlen(text)};
    if (status == RAD_OK) status = rad_bytes_write(path, &piece, 1, error);
    rad_free(text);
    snprintf(path, sizeof path, "%s/provenance.json", o->run);
    return status == RAD_OK ? write_provenance(o, path, error) : status;
}

rad_status rad_rundir_read(const char *run, rad_settings *settings, rad_work *work, char **manifest,
                           rad_error *error) {
    char path[PATH_MAX_HERE];
    json_t *all;
    *manifest = NULL;
    snprintf(path, sizeof path, "%s/settings.yaml", run);
    rad_status status = rad_yaml_read_settings(path, settings, error);
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
    rad_rundir_settings_id(settings, work);
    return status;
}

rad_status rad_rundir_open_journals(const char *run, rad_journal ***journals, size_t *count,
                                    rad_error *error) {
    char pattern[PATH_MAX_HERE];
    glob_t found = {0};
    snprintf(pattern, sizeof pattern, "%s/journal*.db", run);
    *count = 0;
    *journals = NULL;
    rad_status status =
        glob(pattern, 0, NULL, &found) == 0
            ? RAD_OK
            : rad_fail(error, RAD_UNREADABLE, "%s: no journal; is this a run directory?", run);
    if (status == RAD_OK) {
        *journals = rad_new(found.gl_pathc, sizeof(rad_journal *), error);
        status = *journals ? RAD_OK : RAD_NO_MEMORY;
    }
    for (size_t i = 0; i < found.gl_pathc && status == RAD_OK; i++) {
        status = rad_journal_open(found.gl_pathv[i], &(*journals)[i], error);
        *count += status == RAD_OK;
    }
    globfree(&found);
    return status;
}
