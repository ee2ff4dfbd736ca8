#include "journal.h"

#include "../core/memory.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { FIND_FILE, PUT_FILE, FIND, LOAD, PUT, STATEMENTS };
static const char *const texts[STATEMENTS] = {
    [FIND_FILE] = "SELECT content FROM files WHERE path = ?1 AND stamp = ?2",
    [PUT_FILE] = "INSERT OR REPLACE INTO files (path, stamp, content) VALUES (?1, ?2, ?3)",
    [FIND] = "SELECT status FROM cases WHERE id = ?1",
    [LOAD] = "SELECT status, reason, warnings, seconds, memory, rois, failed, rows FROM cases WHERE id = ?1",
    [PUT] = "INSERT INTO cases (id, name, status, reason, warnings, seconds, memory, rois, failed, rows, "
            "computed) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 1) ON CONFLICT (id) DO UPDATE SET name = ?2, "
            "status = ?3, "
            "reason = ?4, warnings = ?5, seconds = ?6, memory = ?7, rois = ?8, failed = ?9, rows = ?10, "
            "computed = computed + 1",
};

struct rad_journal {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[STATEMENTS];
};

static rad_status fail(const rad_journal *j, rad_error *error) {
    const int code = sqlite3_errcode(j->db);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return rad_fail(error, RAD_UNREADABLE, "%s: another run is at work there; wait for it, or stop it",
                        j->path);
    if (code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_READONLY)
        return rad_fail(error, RAD_UNWRITABLE,
                        "%s: cannot be written: %s; make room and run the same command again", j->path,
                        sqlite3_errmsg(j->db));
    return rad_fail(error, RAD_UNREADABLE, "%s: %s; move the journal away to begin anew", j->path,
                    sqlite3_errmsg(j->db));
}

static rad_status run(const rad_journal *j, const char *text, rad_error *error) {
    return sqlite3_exec(j->db, text, NULL, NULL, NULL) == SQLITE_OK ? RAD_OK : fail(j, error);
}

/* EXCLUSIVE: one process at a time, and no memory shared between processes, so that shared file systems do.
 */
static rad_status prepare(rad_journal *j, rad_error *error) {
    sqlite3_busy_timeout(j->db, 1000);
    rad_status status =
        run(j,
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "BEGIN EXCLUSIVE;"
            "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp BLOB, content BLOB);"
            "CREATE TABLE IF NOT EXISTS cases (id BLOB PRIMARY KEY, name TEXT, status INTEGER, "
            "reason TEXT, warnings TEXT, seconds REAL, memory INTEGER, rois INTEGER, failed INTEGER, "
            "rows BLOB, computed INTEGER);"
            "COMMIT",
            error);
    for (int i = 0; i < STATEMENTS && status == RAD_OK; i++)
        if (sqlite3_prepare_v2(j->db, texts[i], -1, &j->statements[i], NULL) != SQLITE_OK)
            status = fail(j, error);
    return status;
}

rad_status rad_journal_open(const char *path, rad_journal **journal, rad_error *error) {
    rad_journal *j = *journal = rad_new(1, sizeof *j, error);
    if (!j) return RAD_NO_MEMORY;
    j->path = rad_text_copy(path, error);
    rad_status status = j->path ? RAD_OK : RAD_NO_MEMORY;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (status == RAD_OK && sqlite3_open_v2(path, &j->db, flags, NULL) != SQLITE_OK) status = fail(j, error);
    if (status == RAD_OK) status = prepare(j, error);
    if (status != RAD_OK) {
        rad_journal_close(j);
        *journal = NULL;
    }
    return status;
}

void rad_journal_close(rad_journal *j) {
    if (!j) return;
    for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(j->statements[i]);
    sqlite3_close(j->db);
    rad_free(j->path);
    rad_free(j);
}

rad_status rad_journal_clear(rad_journal *j, rad_error *error) {
    return run(j, "DELETE FROM cases", error);
}

static void bind(sqlite3_stmt *s, int at, const rad_fingerprint *f) {
    sqlite3_bind_blob(s, at, f->bytes, RAD_FINGERPRINT, SQLITE_STATIC);
}

bool rad_journal_find_file(rad_journal *j, const char *path, const rad_fingerprint *stamp,
                           rad_fingerprint *content) {
    sqlite3_stmt *s = j->statements[FIND_FILE];
    sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    bind(s, 2, stamp);
    const bool found = sqlite3_step(s) == SQLITE_ROW && sqlite3_column_bytes(s, 0) == RAD_FINGERPRINT;
    if (found) memcpy(content->bytes, sqlite3_column_blob(s, 0), RAD_FINGERPRINT);
    sqlite3_reset(s);
    return found;
}

static rad_status step(const rad_journal *j, sqlite3_stmt *s, rad_error *error) {
    const rad_status status = sqlite3_step(s) == SQLITE_DONE ? RAD_OK : fail(j, error);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return status;
}

rad_status rad_journal_put_file(rad_journal *j, const char *path, const rad_fingerprint *stamp,
                                const rad_fingerprint *content, rad_error *error) {
    sqlite3_stmt *s = j->statements[PUT_FILE];
    sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    bind(s, 2, stamp);
    bind(s, 3, content);
    return step(j, s, error);
}

bool rad_journal_find(rad_journal *j, const rad_fingerprint *id, rad_status *status) {
    sqlite3_stmt *s = j->statements[FIND];
    bind(s, 1, id);
    const bool found = sqlite3_step(s) == SQLITE_ROW;
    if (found) *status = (rad_status)sqlite3_column_int(s, 0);
    sqlite3_reset(s);
    return found;
}

static void copy_column(sqlite3_stmt *s, int column, char *text, size_t room) {
    const unsigned char *from = sqlite3_column_text(s, column);
    snprintf(text, room, "%s", from ? (const char *)from : "");
}

rad_status rad_journal_load(rad_journal *j, const rad_fingerprint *id, rad_outcome *o, bool *found,
                            rad_error *error) {
    sqlite3_stmt *s = j->statements[LOAD];
    *o = (rad_outcome){.status = RAD_OK};
    bind(s, 1, id);
    const int got = sqlite3_step(s);
    rad_status status = got == SQLITE_ROW || got == SQLITE_DONE ? RAD_OK : fail(j, error);
    *found = got == SQLITE_ROW;
    if (*found) {
        o->status = (rad_status)sqlite3_column_int(s, 0);
        copy_column(s, 1, o->reason, sizeof o->reason);
        copy_column(s, 2, o->warnings, sizeof o->warnings);
        o->seconds = sqlite3_column_double(s, 3);
        o->memory = (size_t)sqlite3_column_int64(s, 4);
        o->rois = (size_t)sqlite3_column_int64(s, 5);
        o->failed = (size_t)sqlite3_column_int64(s, 6);
        o->length = (size_t)sqlite3_column_bytes(s, 7);
        o->rows = rad_new_raw(o->length, 1, error);
        if (!o->rows)
            status = RAD_NO_MEMORY;
        else if (o->length)
            memcpy(o->rows, sqlite3_column_blob(s, 7), o->length);
    }
    sqlite3_reset(s);
    return status;
}

rad_status rad_journal_put(rad_journal *j, const rad_fingerprint *id, const char *name, const rad_outcome *o,
                           rad_error *error) {
    sqlite3_stmt *s = j->statements[PUT];
    bind(s, 1, id);
    sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
    sqlite3_bind_int(s, 3, (int)o->status);
    sqlite3_bind_text(s, 4, o->reason, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 5, o->warnings, -1, SQLITE_STATIC);
    sqlite3_bind_double(s, 6, o->seconds);
    sqlite3_bind_int64(s, 7, (sqlite3_int64)o->memory);
    sqlite3_bind_int64(s, 8, (sqlite3_int64)o->rois);
    sqlite3_bind_int64(s, 9, (sqlite3_int64)o->failed);
    sqlite3_bind_blob64(s, 10, o->length ? o->rows : (const void *)"", o->length, SQLITE_STATIC);
    return step(j, s, error);
}
