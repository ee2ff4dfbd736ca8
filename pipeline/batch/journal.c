#include "journal.h"

#include "../../core/clock.h"
#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../io/sink.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a record of a case holds beside its id; all of it is in its hash. */
#define HELD "name, status, reason, warnings, seconds, memory, rois, failed, rows"

enum { FIND_FILE, PUT_FILE, FIND, LOAD, PUT, STATEMENTS };
static const char *const texts[STATEMENTS] = {
    [FIND_FILE] =
        "SELECT content FROM files WHERE path = ?1 AND stamp = ?2 AND hash = digest(?1, ?2, content)",
    [PUT_FILE] = "INSERT OR REPLACE INTO files (path, stamp, content, hash) "
                 "VALUES (?1, ?2, ?3, digest(?1, ?2, ?3))",
    [FIND] = "SELECT hash = digest(?1, " HELD "), status FROM cases WHERE id = ?1",
    [LOAD] = "SELECT status, reason, warnings, seconds, memory, rois, failed, rows FROM cases "
             "WHERE id = ?1 AND hash = digest(?1, " HELD ")",
    [PUT] = "INSERT OR REPLACE INTO cases (id, " HELD ", hash, computed) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
            "digest(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10), "
            "1 + coalesce((SELECT computed FROM cases WHERE id = ?1), 0))",
};

struct rad_journal {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[STATEMENTS];
    bool unsynced;
    double synced; /* when the disk had everything */
};

static rad_status say_damaged(const rad_journal *j, const char *what, rad_error *error) {
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: the journal is damaged: %s; run the same batch again: it keeps the records that are intact",
        j->path, what);
}

static rad_status say_busy(const rad_journal *j, rad_error *error) {
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: another run is using it; wait for that run to end, or stop it", j->path);
}

/* *damaged, which may be NULL, where the file is not what a journal is. */
static rad_status fail(const rad_journal *j, bool *damaged, rad_error *error) {
    switch (sqlite3_errcode(j->db)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return say_busy(j, error);
    case SQLITE_NOMEM:
        return rad_fail(error, RAD_NO_MEMORY, "%s: out of memory for the journal", j->path);
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return rad_fail(error, RAD_UNWRITABLE,
                        "%s: cannot be written: %s; make room and run the same command again", j->path,
                        sqlite3_errmsg(j->db));
    case SQLITE_READONLY:
        if (access(j->path, W_OK) != 0)
            return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be written: %s", j->path, strerror(errno));
        break; /* its header says so */
    default:
        break;
    }
    if (damaged) *damaged = true;
    return say_damaged(j, sqlite3_errmsg(j->db), error);
}

static rad_status run(const rad_journal *j, const char *text, bool *damaged, rad_error *error) {
    return sqlite3_exec(j->db, text, NULL, NULL, NULL) == SQLITE_OK ? RAD_OK : fail(j, damaged, error);
}

/* digest(...): a hash of values, each with its type and length. */
static void digest(sqlite3_context *context, int count, sqlite3_value **values) {
    rad_fingerprint f;
    rad_hash hash;
    rad_hash_begin(&hash, RAD_FINGERPRINT, NULL, 0);
    for (int i = 0; i < count; i++) {
        const int type = sqlite3_value_type(values[i]);
        int64_t whole = 0, head[2] = {type, sizeof whole};
        const void *data = &whole;
        if (type == SQLITE_INTEGER) {
            whole = sqlite3_value_int64(values[i]);
        } else if (type == SQLITE_FLOAT) {
            const double number = sqlite3_value_double(values[i]);
            memcpy(&whole, &number, sizeof whole);
        } else {
            data = sqlite3_value_blob(values[i]);
            head[1] = sqlite3_value_bytes(values[i]);
        }
        if (!data && head[1]) {
            sqlite3_result_error_nomem(context);
            return;
        }
        rad_hash_add(&hash, head, sizeof head);
        if (data) rad_hash_add(&hash, data, (size_t)head[1]);
    }
    rad_hash_end(&hash, f.bytes);
    sqlite3_result_blob(context, f.bytes, RAD_FINGERPRINT, SQLITE_TRANSIENT);
}

/* EXCLUSIVE: one process at a time, and no memory shared between processes, so that shared file systems do.
 * Nothing is written before the lock is ours, and the file still where it was. */
static rad_status lock(rad_journal *j, bool *damaged, rad_error *error) {
    int moved = 0;
    sqlite3_busy_timeout(j->db, 1000);
    rad_status status = run(j, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", damaged, error);
    if (status == RAD_OK) sqlite3_file_control(j->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return moved ? say_busy(j, error) : status;
}

/* Do pages hang together, do indices fit their tables? Records have hashes of their own. */
static rad_status check(const rad_journal *j, bool *damaged, rad_error *error) {
    sqlite3_stmt *s = NULL;
    const bool asked = sqlite3_prepare_v2(j->db, "PRAGMA integrity_check(1)", -1, &s, NULL) == SQLITE_OK &&
                       sqlite3_step(s) == SQLITE_ROW;
    const char *answer = asked ? (const char *)sqlite3_column_text(s, 0) : NULL;
    rad_status status = answer ? RAD_OK : fail(j, damaged, error);
    if (answer && strcmp(answer, "ok") != 0) {
        status = say_damaged(j, answer, error);
        *damaged = true;
    }
    sqlite3_finalize(s);
    return status;
}

static rad_status prepare(rad_journal *j, bool *damaged, rad_error *error) {
    rad_status status =
        run(j,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp BLOB, content BLOB, hash BLOB);"
            "CREATE TABLE IF NOT EXISTS cases (id BLOB PRIMARY KEY, name TEXT, status INTEGER, "
            "reason TEXT, warnings TEXT, seconds REAL, memory INTEGER, rois INTEGER, failed INTEGER, "
            "rows BLOB, hash BLOB, computed INTEGER)",
            damaged, error);
    for (int i = 0; i < STATEMENTS && status == RAD_OK; i++)
        if (sqlite3_prepare_v2(j->db, texts[i], -1, &j->statements[i], NULL) != SQLITE_OK)
            status = fail(j, damaged, error);
    return status;
}

static rad_status join(const char *first, const char *second, char **text, rad_error *error) {
    const size_t length = strlen(first) + strlen(second) + 1;
    *text = rad_new_raw(length, 1, error);
    if (*text) snprintf(*text, length, "%s%s", first, second);
    return *text ? RAD_OK : RAD_NO_MEMORY;
}

/* The name for SQLite, which would take file:... for an address. */
static char *name_of(const char *path, rad_error *error) {
    char *name;
    return join(strncmp(path, "file:", 5) ? "" : "./", path, &name, error) == RAD_OK ? name : NULL;
}

static rad_status open_database(rad_journal *j, rad_error *error) {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    struct stat about;
    if (!stat(j->path, &about) && !S_ISREG(about.st_mode))
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a regular file", j->path);
    char *name = name_of(j->path, error);
    if (!name) return RAD_NO_MEMORY;
    rad_status status =
        sqlite3_open_v2(name, &j->db, flags, NULL) == SQLITE_OK ? RAD_OK : fail(j, NULL, error);
    rad_free(name);
    if (status == RAD_OK &&
        sqlite3_create_function_v2(j->db, "digest", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, digest,
                                   NULL, NULL, NULL) != SQLITE_OK)
        status = fail(j, NULL, error);
    return status;
}

rad_status rad_journal_open(const char *path, rad_journal **journal, bool *damaged, rad_error *error) {
    bool ignored;
    if (!damaged) damaged = &ignored;
    *damaged = false;
    rad_journal *j = *journal = rad_new(1, sizeof *j, error);
    if (!j) return RAD_NO_MEMORY;
    j->path = rad_text_copy(path, error);
    rad_status status = j->path ? open_database(j, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = lock(j, damaged, error);
    if (status == RAD_OK) status = check(j, damaged, error);
    if (status == RAD_OK) status = prepare(j, damaged, error);
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
    return run(j, "DELETE FROM cases", NULL, error);
}

static void bind(sqlite3_stmt *s, int at, const rad_fingerprint *f) {
    sqlite3_bind_blob(s, at, f->bytes, RAD_FINGERPRINT, SQLITE_STATIC);
}

/* What cannot be read is as good as damaged, and computed again; but not what there is no memory for. */
static rad_status look(const rad_journal *j, sqlite3_stmt *s, int *got, rad_error *error) {
    *got = sqlite3_step(s);
    return *got == SQLITE_NOMEM ? fail(j, NULL, error) : RAD_OK;
}

rad_status rad_journal_find_file(rad_journal *j, const char *path, const rad_fingerprint *stamp,
                                 rad_fingerprint *content, bool *found, rad_error *error) {
    sqlite3_stmt *s = j->statements[FIND_FILE];
    int got;
    sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    bind(s, 2, stamp);
    rad_status status = look(j, s, &got, error);
    *found = got == SQLITE_ROW && sqlite3_column_bytes(s, 0) == RAD_FINGERPRINT;
    if (*found) memcpy(content->bytes, sqlite3_column_blob(s, 0), RAD_FINGERPRINT);
    sqlite3_reset(s);
    return status;
}

/* The system has every record at once; the disk has it when the log is synced, which takes longer than a
 * small case. */
rad_status rad_journal_sync(rad_journal *j, bool now, rad_error *error) {
    sqlite3_file *log = NULL;
    if (!j->unsynced || (!now && rad_clock_seconds() < j->synced + RAD_JOURNAL_LAG)) return RAD_OK;
    sqlite3_file_control(j->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (log && log->pMethods && log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) != SQLITE_OK)
        return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be written: %s", j->path, strerror(errno));
    j->unsynced = false;
    j->synced = rad_clock_seconds();
    return RAD_OK;
}

/* One change. */
static rad_status keep(rad_journal *j, sqlite3_stmt *s, rad_error *error) {
    rad_status status = sqlite3_step(s) == SQLITE_DONE ? RAD_OK : fail(j, NULL, error);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    j->unsynced = true;
    return status == RAD_OK ? rad_journal_sync(j, false, error) : status;
}

rad_status rad_journal_put_file(rad_journal *j, const char *path, const rad_fingerprint *stamp,
                                const rad_fingerprint *content, rad_error *error) {
    sqlite3_stmt *s = j->statements[PUT_FILE];
    sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    bind(s, 2, stamp);
    bind(s, 3, content);
    return keep(j, s, error);
}

/* Whatever is wrong with the disk is said when the case is computed again and kept. */
rad_status rad_journal_find(rad_journal *j, const rad_fingerprint *id, rad_record *record, rad_status *status,
                            rad_error *error) {
    sqlite3_stmt *s = j->statements[FIND];
    int got;
    bind(s, 1, id);
    rad_status looked = look(j, s, &got, error);
    const bool whole = got == SQLITE_ROW && sqlite3_column_int(s, 0);
    if (whole) *status = (rad_status)sqlite3_column_int(s, 1);
    sqlite3_reset(s);
    *record = whole ? RAD_RECORD_WHOLE : got == SQLITE_DONE ? RAD_RECORD_NONE : RAD_RECORD_DAMAGED;
    return looked;
}

static void copy_column(sqlite3_stmt *s, int column, char *text, size_t size) {
    const unsigned char *from = sqlite3_column_text(s, column);
    snprintf(text, size, "%s", from ? (const char *)from : "");
}

rad_status rad_journal_load(rad_journal *j, const rad_fingerprint *id, rad_outcome *o, bool *found,
                            rad_error *error) {
    sqlite3_stmt *s = j->statements[LOAD];
    *o = (rad_outcome){.status = RAD_OK};
    bind(s, 1, id);
    const int got = sqlite3_step(s);
    rad_status status = got == SQLITE_ROW || got == SQLITE_DONE ? RAD_OK : fail(j, NULL, error);
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
        const void *rows = sqlite3_column_blob(s, 7);
        o->rows = rad_new_raw(o->length, 1, error);
        if (!o->rows)
            status = RAD_NO_MEMORY;
        else if (sqlite3_errcode(j->db) == SQLITE_NOMEM) /* of one of the columns */
            status = fail(j, NULL, error);
        else if (o->length)
            memcpy(o->rows, rows, o->length);
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
    return keep(j, s, error);
}

/* --- Repair: records of a damaged journal whose hashes are right go into a fresh one. ---
 * Rows are asked for by their numbers, so that a damaged page takes none but its own. Page 1 says where the
 * tables begin and holds no records: that of a fresh journal stands in for it, since both have one schema. */

enum { PAGE = 4096, LOCK_BEGIN = 0x40000000, LOCK_LENGTH = 512 }; /* the bytes of a file that SQLite locks */
enum { DAMAGED, COPY, FRESH, OLD_LOG, DAMAGED_LOG, COPY_LOG, FRESH_LOG, NAMES };
static const char *const endings[NAMES] = {[DAMAGED] = ".damaged",         [COPY] = ".copy.tmp",
                                           [FRESH] = ".fresh.tmp",         [OLD_LOG] = "-wal",
                                           [DAMAGED_LOG] = ".damaged-wal", [COPY_LOG] = ".copy.tmp-wal",
                                           [FRESH_LOG] = ".fresh.tmp-wal"};

static rad_status unwritable(const char *path, int reason, rad_error *error) {
    return rad_fail(error, RAD_UNWRITABLE, "%s: the damaged journal cannot be repaired: %s", path,
                    strerror(reason));
}

/* As it is; nothing where there is no such file. */
static rad_status copy_file(int from, const char *to, rad_error *error) {
    unsigned char bytes[1 << 14];
    if (from < 0) return RAD_OK;
    const int file = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    ssize_t got = file < 0 ? -1 : 1;
    int reason = file < 0 ? errno : 0;
    for (off_t at = 0; got > 0 && !reason; at += got) {
        got = pread(from, bytes, sizeof bytes, at);
        const rad_bytes piece = {bytes, got > 0 ? (size_t)got : 0};
        reason = got < 0 ? errno : rad_sink_pieces(file, &piece, 1);
    }
    if (file >= 0 && close(file) && !reason) reason = errno;
    return reason ? unwritable(to, reason, error) : RAD_OK;
}

/* Copies the journal and its log, and gives the copy the first page of the fresh one. */
static rad_status make_copy(int damaged, char **names, size_t *size, rad_error *error) {
    unsigned char page[PAGE];
    struct stat about;
    const int log = open(names[OLD_LOG], O_RDONLY | O_CLOEXEC);
    rad_status status = copy_file(damaged, names[COPY], error);
    if (status == RAD_OK) status = copy_file(log, names[COPY_LOG], error);
    if (log >= 0) close(log);
    const int fresh = open(names[FRESH], O_RDONLY | O_CLOEXEC),
              copy = open(names[COPY], O_WRONLY | O_CLOEXEC);
    if (status == RAD_OK && (fstat(damaged, &about) || pread(fresh, page, PAGE, 0) != PAGE))
        status = unwritable(names[FRESH], errno, error);
    if (status == RAD_OK) {
        *size = (size_t)about.st_size;
        for (int i = 0; i < 4; i++) page[28 + i] = (unsigned char)(*size / PAGE >> (24 - 8 * i)); /* pages */
        if (pwrite(copy, page, PAGE, 0) != PAGE) status = unwritable(names[COPY], errno, error);
    }
    if (fresh >= 0) close(fresh);
    if (copy >= 0) close(copy);
    return status;
}

/* Rows 1, 2, ... of a table, each by itself; how many are whole. */
static rad_status move_rows(rad_journal *j, const char *last, const char *move, size_t most, size_t *kept,
                            rad_error *error) {
    sqlite3_stmt *s = NULL;
    sqlite3_int64 end = (sqlite3_int64)most;
    *kept = 0;
    if (sqlite3_prepare_v2(j->db, last, -1, &s, NULL) == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW &&
        sqlite3_column_int64(s, 0) < end)
        end = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    if (sqlite3_prepare_v2(j->db, move, -1, &s, NULL) != SQLITE_OK) return fail(j, NULL, error);
    rad_status status = RAD_OK;
    for (sqlite3_int64 row = 1; row <= end && status == RAD_OK; row++) {
        sqlite3_bind_int64(s, 1, row);
        const int got = sqlite3_step(s);
        if (got == SQLITE_DONE)
            *kept += (size_t)sqlite3_changes(j->db);
        else if (got == SQLITE_FULL || got == SQLITE_IOERR || got == SQLITE_NOMEM)
            status = fail(j, NULL, error);
        sqlite3_reset(s);
    }
    sqlite3_finalize(s);
    return status;
}

static rad_status salvage(rad_journal *j, const char *copy, size_t size, size_t *kept, rad_error *error) {
    sqlite3_stmt *s = NULL;
    const size_t most = size / 16; /* bytes of a row, at the very least */
    size_t files;
    char *name = name_of(copy, error);
    if (!name) return RAD_NO_MEMORY;
    bool fine = sqlite3_prepare_v2(j->db, "ATTACH ?1 AS old", -1, &s, NULL) == SQLITE_OK &&
                sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC) == SQLITE_OK &&
                sqlite3_step(s) == SQLITE_DONE;
    rad_status status = fine ? RAD_OK : fail(j, NULL, error);
    sqlite3_finalize(s);
    rad_free(name);
    /* a row at a time: what is damaged in the old one must not undo what came before */
    if (status == RAD_OK) status = run(j, "PRAGMA main.synchronous = OFF", NULL, error);
    if (status == RAD_OK)
        status = move_rows(j, "SELECT max(rowid) FROM old.cases",
                           "INSERT OR IGNORE INTO main.cases (id, " HELD ", hash, computed) SELECT id, " HELD
                           ", hash, computed FROM old.cases WHERE rowid = ?1 AND hash = digest(id, " HELD ")",
                           most, kept, error);
    if (status == RAD_OK)
        status =
            move_rows(j, "SELECT max(rowid) FROM old.files",
                      "INSERT OR IGNORE INTO main.files SELECT path, stamp, content, hash FROM old.files "
                      "WHERE rowid = ?1 AND hash = digest(path, stamp, content)",
                      most, &files, error);
    if (status == RAD_OK)
        status =
            run(j, "PRAGMA main.synchronous = NORMAL; PRAGMA main.wal_checkpoint(TRUNCATE)", NULL, error);
    return status;
}

/* The fresh journal takes the place of the damaged one, whose log must not become that of the fresh one. */
static rad_status swap(const char *path, char **names, rad_error *error) {
    unlink(names[DAMAGED]);
    unlink(names[DAMAGED_LOG]);
    if (link(path, names[DAMAGED]) || (rename(names[OLD_LOG], names[DAMAGED_LOG]) && errno != ENOENT) ||
        rename(names[FRESH], path))
        return unwritable(path, errno, error);
    return RAD_OK;
}

static rad_status repair(const char *path, int damaged, char **names, size_t *kept, rad_error *error) {
    rad_journal *j = NULL;
    size_t size = 0;
    for (int i = 0; i < NAMES; i++)
        if (strstr(names[i], ".tmp")) unlink(names[i]);
    rad_status status = rad_journal_open(names[FRESH], &j, NULL, error);
    rad_journal_close(j); /* so that it has its first page */
    if (status == RAD_OK) status = make_copy(damaged, names, &size, error);
    if (status == RAD_OK) status = rad_journal_open(names[FRESH], &j, NULL, error);
    if (status == RAD_OK) {
        status = salvage(j, names[COPY], size, kept, error);
        rad_journal_close(j);
    }
    if (status == RAD_OK) status = swap(path, names, error);
    for (int i = 0; i < NAMES; i++)
        if (strstr(names[i], ".tmp")) unlink(names[i]);
    return status;
}

rad_status rad_journal_repair(const char *path, size_t *kept, rad_error *error) {
    char *names[NAMES] = {NULL};
    struct stat here, there;
    struct flock all = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_BEGIN, .l_len = LOCK_LENGTH};
    rad_status status = RAD_OK;
    *kept = 0;
    for (int i = 0; i < NAMES && status == RAD_OK; i++) status = join(path, endings[i], &names[i], error);
    const int file = open(path, O_RDWR | O_CLOEXEC);
    if (status == RAD_OK && file < 0) status = unwritable(path, errno, error);
    if (status == RAD_OK && (fcntl(file, F_SETLK, &all) || fstat(file, &here) || stat(path, &there) ||
                             here.st_ino != there.st_ino))
        status = rad_fail(error, RAD_UNREADABLE,
                          "%s: another run is using it; wait for that run to end, or stop it", path);
    if (status == RAD_OK) status = repair(path, file, names, kept, error);
    if (file >= 0) close(file);
    for (int i = 0; i < NAMES; i++) rad_free(names[i]);
    return status;
}
