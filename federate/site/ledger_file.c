#include "ledger_entry.h"
#include "ledger_rounds.h"
#include "rotation.h"

#include "../../core/memory.h"
#include "../../io/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line: `{...,"signature":"<hex>"}`, signed with what stands before the signature. */
static bool is_signed(const rad_ledger *l, const char *text, size_t length) {
    const size_t tail = strlen(",\"signature\":\"") + 2 * RAD_SIGNATURE + 2;
    unsigned char signature[RAD_SIGNATURE];
    size_t got = 0;
    return length > tail && !memcmp(text + length - tail, ",\"signature\":\"", 14) &&
           !sodium_hex2bin(signature, sizeof signature, text + length - tail + 14, (size_t)2 * RAD_SIGNATURE,
                           NULL, &got, NULL) &&
           rad_signer_holds(l->key, "ledger", text, length - tail, signature);
}

static rad_status read_line(rad_ledger *l, const char *text, size_t length, rad_error *error) {
    const size_t number = l->count + json_array_size(l->rounds) + 1 + (*l->head.begun != '\0');
    json_t *line;
    if (!is_signed(l, text, length))
        return rad_ledger_distrust(l, number, "was changed, or signed with another key", error);
    rad_status status = rad_tree_parse(text, length, l->path, &line, error);
    if (status != RAD_OK) return status;
    const char *previous = json_string_value(json_object_get(line, "previous"));
    if (!previous || strcmp(previous, l->last) != 0) {
        json_decref(line);
        return rad_ledger_distrust(l, number, "does not follow the line before: one is missing or moved",
                                   error);
    }
    const char *begun = json_string_value(json_object_get(line, "begun"));
    memcpy(l->before, l->last, sizeof l->before);
    rad_hash_digest(text, length, l->last);
    if (!*previous) { /* the first; those of the first version began with a release */
        snprintf(l->head.id, sizeof l->head.id, "%.*s", (int)sizeof l->head.id - 1, l->last);
        snprintf(l->head.begun, sizeof l->head.begun, "%s", begun ? begun : "");
    }
    if (json_object_get(line, "round")) return rad_ledger_round_read(l, line, number, error);
    const bool rotated = json_object_get(line, "rotated") != NULL;
    if (!rotated && (!begun || *previous)) return rad_ledger_entry_read(l, line, number, error);
    status = rotated ? rad_rotation_read(l, line, number, error) : RAD_OK;
    json_decref(line);
    return status;
}

static rad_status parse_lines(rad_ledger *l, rad_error *error) {
    rad_status status = RAD_OK;
    if (!l->text.length) return rad_ledger_distrust(l, 1, "is missing: the ledger is empty", error);
    rad_rotation_begin(l);
    while (status == RAD_OK && l->end < l->text.length) {
        const char *at = (const char *)l->text.data + l->end,
                   *end = memchr(at, '\n', l->text.length - l->end);
        const size_t length = end ? (size_t)(end - at) : l->text.length - l->end;
        if (!end && !is_signed(l, at, length)) break;
        status = read_line(l, at, length, error);
        l->end += length + (end != NULL);
    }
    return status == RAD_OK ? rad_rotation_end(l, error) : status;
}

static rad_status read_lines(rad_ledger *l, const char *path, rad_error *error) {
    l->source = path;
    const rad_status status = rad_bytes_read(path, &l->text, error);
    return status == RAD_OK ? parse_lines(l, error) : status;
}

static void forget_lines(rad_ledger *l) {
    for (size_t i = 0; i < l->count; i++) rad_ledger_entry_free(&l->entries[i]);
    rad_bytes_free(&l->text);
    json_decref(l->rounds);
    l->rounds = NULL;
    l->count = l->end = 0;
    l->head = (rad_ledger_head){.entries = 0};
    l->last[0] = '\0';
}

size_t rad_ledger_rest(const rad_ledger *l) {
    return l->text.length - l->end;
}

void rad_ledger_set_aside(rad_ledger *l, const char *aside) {
    l->aside = aside;
}

/* Opens and locks the file of that name. A release replaces it: one that was replaced meanwhile is no more
 * the ledger. */
static rad_status open_locked(rad_ledger *l, rad_error *error) {
    struct stat here, named;
    for (;; close(l->file)) {
        l->file = open(l->path, O_RDWR | O_CLOEXEC);
        if (l->file < 0 && errno == ENOENT) return RAD_OK; /* it is made with its first line */
        if (l->file < 0)
            return rad_fail(error, RAD_UNWRITABLE, "%s: the ledger cannot be opened: %s", l->path,
                            strerror(errno));
        if (flock(l->file, LOCK_EX | LOCK_NB))
            return errno == EWOULDBLOCK
                       ? rad_fail(error, RAD_UNWRITABLE,
                                  "%s: another summary is being written; try again when it is done", l->path)
                       : rad_fail(error, RAD_UNWRITABLE, "%s: the ledger cannot be locked: %s", l->path,
                                  strerror(errno));
        if (!fstat(l->file, &here) && !stat(l->path, &named) && here.st_dev == named.st_dev &&
            here.st_ino == named.st_ino)
            return RAD_OK;
    }
}

/* A copy in place of the ledger: it must go on from what is there. */
static rad_status restore(rad_ledger *l, const char *copy, rad_error *error) {
    rad_bytes before = l->text;
    l->text = (rad_bytes){.data = NULL};
    const size_t end = l->end;
    forget_lines(l);
    rad_status status = read_lines(l, copy, error);
    if (status == RAD_OK && (l->text.length < end || memcmp(l->text.data, before.data, end) != 0))
        status = rad_fail(error, RAD_UNTRUSTED,
                          "%s: does not go on from the ledger of this key, %s, which counts; leave --ledger "
                          "out",
                          copy, l->path);
    if (status == RAD_OK && l->text.length == before.length) l->source = l->path;
    rad_bytes_free(&before);
    return status;
}

/* Nobody but the data officer can know that nothing left, or that what left does not matter any more. */
static rad_status begin(rad_ledger *l, rad_error *error) {
    char after[RAD_DIGEST_TEXT] = "";
    rad_error why = {0};
    l->begins = l->file >= 0;
    rad_status status = l->begins ? read_lines(l, l->path, &why) : RAD_OK;
    if (status == RAD_NO_MEMORY || (status != RAD_OK && !l->text.data)) /* what is damaged ends here */
        return rad_fail(error, status, "%s", why.text);
    if (l->begins && status == RAD_OK) memcpy(after, l->last, sizeof after);
    forget_lines(l);
    l->source = l->path;
    status = rad_ledger_first_line(l->me, "again", after, &l->text, error);
    return status == RAD_OK ? parse_lines(l, error) : status;
}

static rad_status find_lines(rad_ledger *l, const rad_ledger_place *p, rad_error *error) {
    rad_status status = RAD_OK;
    if (p->begin) return begin(l, error);
    if (l->file >= 0) {
        status = read_lines(l, l->path, error);
        return status == RAD_OK && p->restore ? restore(l, p->restore, error) : status;
    }
    if (p->restore) return read_lines(l, p->restore, error);
    if (p->old && !access(p->old, F_OK)) return read_lines(l, p->old, error);
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: the ledger of this key is not there, so what left with it is not known; restore it "
                    "from a copy (--ledger COPY), or have the data officer decide to begin a new one "
                    "(--begin-ledger), which the pool shows",
                    l->path);
}

rad_status rad_ledger_open(const rad_ledger_place *place, const rad_signer *me, rad_ledger **ledger,
                           rad_error *error) {
    rad_ledger *l = rad_new(1, sizeof *l, error);
    *ledger = l;
    if (!l) return RAD_NO_MEMORY;
    l->me = me;
    l->renamed = place->renamed;
    l->others = place->others;
    l->file = -1;
    l->path = rad_text_copy(place->path, error);
    rad_status status = l->path ? open_locked(l, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = find_lines(l, place, error);
    for (size_t i = 0; i < l->count && status == RAD_OK; i++)
        status = rad_ledger_entry_number(l, &l->entries[i], i, &l->persons, NULL, error);
    if (status != RAD_OK) {
        rad_ledger_close(l);
        *ledger = NULL;
    }
    return status;
}

void rad_ledger_close(rad_ledger *l) {
    if (!l) return;
    forget_lines(l);
    rad_ledger_forget_checked(l);
    rad_free(l->entries);
    if (l->file >= 0) close(l->file);
    rad_free(l->path);
    sodium_memzero(l->secret, sizeof l->secret);
    rad_free(l);
}

/* The ledger that a new one takes the place of stays beside it, under a name that none has. */
static rad_status move_aside(const rad_ledger *l, rad_error *error) {
    char path[PATH_MAX];
    for (int i = 1; i < 1000; i++) {
        const int length = snprintf(path, sizeof path, "%s.%d", l->path, i);
        if (length < 0 || length >= (int)sizeof path) break;
        if (!link(l->path, path)) return RAD_OK; /* the new one replaces it under its own name */
        if (errno != EEXIST) break;
    }
    return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be kept beside a new ledger: %s", l->path,
                    strerror(errno));
}

/* The lines before, the new one in pieces, in place of the ledger or as a new one. */
rad_status rad_ledger_file_add(const rad_ledger *l, const rad_bytes line[2], rad_error *error) {
    const bool fresh = l->file < 0, ended = !l->end || l->text.data[l->end - 1] == '\n';
    const rad_place place = {.mode = 0600, .fresh = fresh}, apart = {.mode = 0600, .fresh = true};
    const rad_bytes pieces[] = {{l->text.data, l->end},
                                {(unsigned char *)"\n", ended ? 0 : 1},
                                line[0],
                                line[1]},
                    rest = {l->text.data + l->end, rad_ledger_rest(l)};
    rad_status status = rest.length ? rad_bytes_place(l->aside, &rest, 1, &apart, error) : RAD_OK;
    if (status == RAD_OK && l->begins) status = move_aside(l, error);
    if (status != RAD_OK) return status;
    status = rad_bytes_place(l->path, pieces, 4, &place, error);
    if (status == RAD_UNWRITABLE && fresh && !access(l->path, F_OK))
        return rad_fail(error, status, "%s: another summary has begun the ledger; try again", l->path);
    return status;
}
