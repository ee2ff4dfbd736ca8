#include "neighbours.h"

#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "../../io/walk.h"
#include "alike.h"
#include "ledger_entry.h"
#include "ledger_history.h"
#include "state.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char lists[] = ".rows", ledgers[] = ".ledger";

enum {
    NAME = 2 * RAD_KEY_BYTES,
    MARK = 2 * crypto_auth_BYTES, /* before each line, which it is of */
    COLUMNS = 256                 /* by which patients are known here, at most */
};

static void folder_of(const char *ledger, char folder[RAD_STATE_PATH]) {
    const char *end = strrchr(ledger, '/');
    snprintf(folder, RAD_STATE_PATH, "%.*s", end ? (int)(end - ledger) : 1, end ? ledger : ".");
}

/* The secret of the folder, made where there is none. */
static rad_status read_secret(const char *ledger, unsigned char secret[RAD_DERIVED], rad_error *error) {
    char folder[RAD_STATE_PATH], path[RAD_STATE_PATH + 16];
    const rad_place place = {.mode = 0600, .fresh = true};
    rad_bytes bytes = {0};
    folder_of(ledger, folder);
    snprintf(path, sizeof path, "%s/rows.secret", folder);
    if (access(path, F_OK)) {
        randombytes_buf(secret, RAD_DERIVED);
        const rad_bytes fresh = {secret, RAD_DERIVED};
        const rad_status status = rad_bytes_place(path, &fresh, 1, &place, error);
        if (status != RAD_UNWRITABLE || access(path, F_OK)) return status; /* else another process made it */
    }
    rad_status status = rad_bytes_read(path, &bytes, error);
    if (status == RAD_OK && bytes.length != RAD_DERIVED)
        status = rad_fail(error, RAD_UNTRUSTED,
                          "%s: is not what was written, so that patients who left with other keys are not "
                          "known again; restore it from a copy",
                          path);
    if (status == RAD_OK) memcpy(secret, bytes.data, RAD_DERIVED);
    rad_bytes_free(&bytes);
    return status;
}

static void mark(const unsigned char secret[RAD_DERIVED], const void *line, size_t length,
                 char text[MARK + 1]) {
    unsigned char value[crypto_auth_BYTES];
    crypto_auth(value, line, length, secret);
    rad_hash_text(value, sizeof value, text);
}

/* Lines of a list become entries of a ledger without a file. */
static rad_status read_list(rad_ledger *list, const char *path, rad_error *error) {
    list->source = path;
    rad_status status = rad_bytes_read(path, &list->text, error);
    size_t number = 0;
    const char *at = (const char *)list->text.data, *end = at + list->text.length;
    while (status == RAD_OK && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        char own[MARK + 1];
        json_t *line;
        number++;
        if (stop && stop - at > MARK) mark(list->secret, at + MARK, (size_t)(stop - at) - MARK, own);
        if (!stop || stop - at <= MARK || sodium_memcmp(own, at, MARK) != 0)
            return rad_fail(error, RAD_UNTRUSTED,
                            "%s: line %zu is not what was written; restore it from a copy, or, if the data "
                            "officer decides so, begin a new ledger (--begin-ledger), which the pool shows",
                            path, number);
        status = rad_tree_parse(at + MARK, (size_t)(stop - at) - MARK, path, &line, error);
        if (status == RAD_OK) status = rad_ledger_entry_read(list, line, number, error);
        at = stop + 1;
    }
    return status;
}

static void forget_list(rad_ledger *list) {
    for (size_t i = 0; i < list->count; i++) rad_ledger_entry_free(&list->entries[i]);
    rad_free(list->entries);
    rad_bytes_free(&list->text);
    sodium_memzero(list->secret, sizeof list->secret);
}

rad_status rad_neighbours_begin(const char *ledger, rad_error *error) {
    char path[RAD_STATE_PATH];
    const rad_ledger of = {.path = (char *)ledger};
    const rad_place place = {.mode = 0600, .fresh = true};
    const rad_bytes none = {(unsigned char *)"", 0};
    const rad_status status = rad_ledger_beside(&of, lists, path, sizeof path, error);
    return status == RAD_OK && access(path, F_OK) ? rad_bytes_place(path, &none, 1, &place, error) : status;
}

rad_status rad_neighbours_note(const rad_ledger *l, const rad_cohort *cohort, rad_error *error) {
    rad_ledger list = {.columns = COLUMNS};
    rad_ledger_entry now = {.line = NULL};
    rad_bytes text = {0};
    char path[RAD_STATE_PATH], head[MARK + 1];
    rad_status status = rad_ledger_beside(l, lists, path, sizeof path, error);
    if (status == RAD_OK) status = read_secret(l->path, list.secret, error);
    if (status == RAD_OK && !access(path, F_OK)) status = read_list(&list, path, error);
    if (status == RAD_OK) status = rad_ledger_entry_make(&list, cohort, &now, error);
    bool known = false;
    for (size_t i = 0; i < list.count && status == RAD_OK; i++)
        known = known || rad_persons_same(&now.who, &list.entries[i].who);
    if (status == RAD_OK && !known) {
        json_t *line = json_object();
        rad_ledger_entry_persons(&list, &now, &line);
        status = rad_tree_text(line, JSON_COMPACT, &text, error);
    }
    if (status == RAD_OK && !known) {
        mark(list.secret, text.data, text.length, head);
        const rad_bytes pieces[] = {
            list.text, {(unsigned char *)head, MARK}, text, {(unsigned char *)"\n", 1}};
        const rad_place place = {.mode = 0600};
        status = rad_bytes_place(path, pieces, 4, &place, error);
    }
    rad_bytes_free(&text);
    rad_ledger_entry_free(&now);
    forget_list(&list);
    return status;
}

/* Is it the list, or the ledger, of another key than those that this ledger had? */
static bool is_other(const rad_ledger *l, const char *name, const char *ending) {
    char hex[NAME + 1];
    if (strlen(name) != NAME + strlen(ending) || strcmp(name + NAME, ending) != 0 ||
        !strncmp(name, rad_hash_text(l->me->public_key, RAD_KEY_BYTES, hex), NAME))
        return false;
    for (size_t i = 0; i < l->former_count; i++)
        if (!strncmp(name, rad_hash_text(l->former[i], RAD_KEY_BYTES, hex), NAME)) return false;
    return true;
}

/* Do they have half of their values in common? Features of one size agree in many columns, but not in these.
 */
static bool agree(const rad_persons *a, size_t r, const rad_persons *b, size_t other) {
    size_t both = 0, same = 0;
    for (size_t k = 0; k < a->sampled; k++) {
        const uint32_t *column = rad_persons_column(b, a->column[k]);
        const uint32_t mine = a->sample[k * a->patients + r], theirs = column ? column[other] : 0;
        both += mine && theirs;
        same += mine && theirs && (uint16_t)mine == (uint16_t)theirs; /* of the first digits */
    }
    return both && 2 * same >= both;
}

/* Patients of the cohort who are in a list: by their values, where half of these are in columns of the same
 * name; by their names, where values agree. */
typedef struct met {
    size_t valued, named;
} met;

static rad_status meet(const rad_ledger_entry *now, const rad_ledger_entry *of, met *m, rad_error *error) {
    const size_t n = now->who.patients;
    uint32_t *name = rad_new(n, sizeof *name, error), *value = rad_new(n, sizeof *value, error);
    rad_status status =
        name && value ? rad_persons_match(&now->who, &of->who, name, value, error) : RAD_NO_MEMORY;
    *m = (met){0};
    for (size_t r = 0; r < n && status == RAD_OK; r++) {
        m->valued += value[r] != RAD_NOBODY && agree(&now->who, r, &of->who, value[r]);
        m->named += name[r] != RAD_NOBODY && rad_persons_may_be(&now->who, r, &of->who, name[r]);
    }
    rad_free(name);
    rad_free(value);
    return status;
}

/* Whose they are stands in the line of the release. */
static rad_status note_alike(rad_ledger *l, const char *name, rad_error *error) {
    json_t *own = json_stringn(name, NAME);
    if (!l->alike) l->alike = json_array();
    const size_t count = json_array_size(l->alike);
    if (own && count && json_equal(own, json_array_get(l->alike, count - 1))) {
        json_decref(own);
        return RAD_OK;
    }
    return json_array_append_new(l->alike, own) ? rad_fail(error, RAD_NO_MEMORY, "out of memory: a ledger")
                                                : RAD_OK;
}

/* Patients whom neither name nor value tells apart, but who have the same values all together. */
static rad_status check_alike(rad_ledger *l, const rad_ledger_entry *now, const rad_ledger_entry *of,
                              const char *folder, const char *name, rad_error *error) {
    bool alike;
    rad_status status = rad_persons_alike(&now->who, &of->who, &alike, error);
    if (status != RAD_OK || !alike) return status;
    if (l->others) return note_alike(l, name, error);
    return rad_fail(error, RAD_REFUSED,
                    "refused (differencing): the values of these patients are, as a whole, those of patients "
                    "who left before with another key, whose ledger is %s/%.*s.ledger, under other names. Go "
                    "on with that key, or make the new one from it (keygen NEW --rotate OLD.key); or, where "
                    "the data officer knows that they are others, --others",
                    folder, NAME, name);
}

static rad_status check_list(rad_ledger *l, const char *folder, const char *name, const rad_cohort *cohort,
                             const unsigned char secret[RAD_DERIVED], rad_error *error) {
    rad_ledger list = {.columns = COLUMNS};
    rad_ledger_entry now = {.line = NULL};
    char path[RAD_STATE_PATH + NAME + 16];
    memcpy(list.secret, secret, RAD_DERIVED);
    snprintf(path, sizeof path, "%s/%.*s%s", folder, NAME, name, lists);
    rad_status status = read_list(&list, path, error);
    if (status == RAD_OK && list.count) status = rad_ledger_entry_make(&list, cohort, &now, error);
    for (size_t i = 0; i < list.count && status == RAD_OK; i++) {
        const size_t others = list.entries[i].who.patients,
                     fewer = others < cohort->rows ? others : cohort->rows;
        met m;
        status = meet(&now, &list.entries[i], &m, error);
        if (status == RAD_OK && (m.valued > 1 || 2 * m.named > fewer))
            status = rad_fail(
                error, RAD_REFUSED,
                "refused (differencing): %zu of these patients left before with another key, whose ledger is "
                "%s/%.*s.ledger; what left with both is not looked at together. Go on with that key, or make "
                "the new one from it (keygen NEW --rotate OLD.key); if it is lost, the data officer decides "
                "to begin a new ledger (--begin-ledger), which the pool shows",
                m.valued > m.named ? m.valued : m.named, folder, NAME, name);
        if (status == RAD_OK) status = check_alike(l, &now, &list.entries[i], folder, name, error);
    }
    rad_ledger_entry_free(&now);
    forget_list(&list);
    return status;
}

static const char unlisted[] = "so that patients who left with other keys are not known; make it readable";

/* What the patients of a release are compared with. */
typedef struct comparing {
    rad_ledger *ledger;
    const rad_cohort *cohort;
    const char *folder;
    unsigned char secret[RAD_DERIVED];
    bool ready; /* the secret was read */
} comparing;

static rad_status compare_with(const char *name, void *context, rad_error *error) {
    comparing *c = context;
    rad_status status = RAD_OK;
    if (!is_other(c->ledger, name, lists)) return RAD_OK;
    if (!c->ready) status = read_secret(c->ledger->path, c->secret, error);
    c->ready = true;
    return status == RAD_OK ? check_list(c->ledger, c->folder, name, c->cohort, c->secret, error) : status;
}

rad_status rad_neighbours_check(rad_ledger *l, const rad_cohort *cohort, rad_error *error) {
    char folder[RAD_STATE_PATH];
    json_decref(l->alike);
    l->alike = NULL;
    if (!strcmp(l->head.begun, "again")) return RAD_OK;
    folder_of(l->path, folder);
    comparing c = {.ledger = l, .cohort = cohort, .folder = folder};
    if (access(folder, F_OK) && errno == ENOENT) return RAD_OK;
    const rad_status status = rad_walk_names(folder, unlisted, compare_with, &c, error);
    sodium_memzero(c.secret, sizeof c.secret);
    return status;
}

typedef struct counting {
    const rad_ledger *ledger;
    const char *folder;
    size_t count;
} counting;

static rad_status count_unknown(const char *name, void *context, rad_error *error) {
    counting *c = context;
    char path[RAD_STATE_PATH + NAME + 16];
    (void)error;
    if (!is_other(c->ledger, name, ledgers)) return RAD_OK;
    snprintf(path, sizeof path, "%s/%.*s%s", c->folder, NAME, name, lists);
    c->count += access(path, F_OK) != 0;
    return RAD_OK;
}

size_t rad_neighbours_unknown(const rad_ledger *l) {
    char folder[RAD_STATE_PATH];
    folder_of(l->path, folder);
    counting c = {l, folder, 0};
    if (access(folder, F_OK) && errno == ENOENT) return 0;
    return rad_walk_names(folder, unlisted, count_unknown, &c, NULL) == RAD_OK ? c.count : SIZE_MAX;
}
