#include "ledger.h"

#include "../../core/bitset.h"
#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../io/bytes.h"
#include "../../io/tree.h"
#include "persons.h"
#include "site_analyses.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line of the ledger, or the release at hand. */
typedef struct entry {
    json_t *line; /* owned; NULL for the release at hand */
    rad_persons who;
} entry;

struct rad_ledger {
    char *path;
    int file; /* locked; -1: there is no ledger yet */
    const rad_signer *me;
    const char *aside; /* borrowed; where the rest is kept, NULL: nowhere */
    unsigned char secret[RAD_DERIVED];
    entry *entries;
    size_t count, capacity;
    size_t persons;
    rad_bytes text;             /* as the file has it */
    size_t end;                 /* of the last whole line; what follows is the rest */
    char last[RAD_DIGEST_TEXT]; /* hash of the last line */
};

static uint64_t keyed(const rad_ledger *l, const char *what, const void *bytes, size_t length) {
    rad_hash state;
    unsigned char hash[16];
    uint64_t out;
    rad_hash_begin(&state, sizeof hash, l->secret, sizeof l->secret);
    rad_hash_add(&state, what, strlen(what) + 1);
    rad_hash_add(&state, bytes, length);
    rad_hash_end(&state, hash);
    memcpy(&out, hash, sizeof out);
    return out;
}

static void free_entry(entry *e) {
    json_decref(e->line);
    rad_persons_free(&e->who);
    *e = (entry){.line = NULL};
}

/* The release at hand as an entry. */
static rad_status make_entry(const rad_ledger *l, const rad_cohort *c, entry *e, rad_error *error) {
    *e = (entry){.who = {.patients = c->rows, .sampled = c->sampled}};
    if (rad_persons_allocate(&e->who, error) != RAD_OK) return RAD_NO_MEMORY;
    for (size_t r = 0; r < c->rows; r++)
        e->who.id[r] = keyed(l, "patient", c->patients[r], strlen(c->patients[r]));
    for (size_t k = 0; k < c->sampled; k++) {
        e->who.column[k] = keyed(l, "column", c->sample_name[k], strlen(c->sample_name[k]));
        for (size_t r = 0; r < c->rows; r++) {
            const double value = c->sample[r * c->sampled + k];
            if (!isnan(value))
                e->who.sample[k * c->rows + r] =
                    (uint32_t)keyed(l, c->sample_name[k], &value, sizeof value) | 1;
        }
    }
    return RAD_OK;
}

static char *encode(const void *bytes, size_t length) {
    const size_t size = sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL);
    char *text = rad_new_raw(size, 1, NULL);
    if (text) sodium_bin2base64(text, size, bytes, length, sodium_base64_VARIANT_ORIGINAL);
    return text;
}

static json_t *encoded(const void *bytes, size_t length) {
    char *text = encode(bytes, length);
    json_t *value = text ? json_string(text) : NULL;
    rad_free(text);
    return value;
}

/* Exactly `length` bytes from a text. */
static bool decode(const json_t *value, void *bytes, size_t length) {
    const char *text = json_string_value(value);
    size_t got = 0;
    return text &&
           !sodium_base642bin(bytes, length, text, strlen(text), NULL, &got, NULL,
                              sodium_base64_VARIANT_ORIGINAL) &&
           got == length;
}

static rad_status distrust(const rad_ledger *l, size_t number, const char *what, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: line %zu %s; restore the ledger from a copy, or have the data officer decide "
                    "whether to begin a new one",
                    l->path, number, what);
}

static rad_status read_entry(rad_ledger *l, json_t *line, size_t number, rad_error *error) {
    const json_int_t patients = json_integer_value(json_object_get(line, "patients")),
                     sampled = json_integer_value(json_object_get(line, "sampled"));
    rad_status status = rad_grow(&l->entries, l->count, &l->capacity, sizeof *l->entries, error);
    if (status != RAD_OK) {
        json_decref(line);
        return status;
    }
    entry *e = &l->entries[l->count++];
    *e = (entry){.line = line};
    if (patients < 1 || patients > INT32_MAX || sampled < 0 || sampled > RAD_SAMPLE ||
        json_string_length(json_object_get(line, "ids")) / sizeof *e->who.id < (size_t)patients)
        return distrust(l, number, "is not a release", error); /* before memory is asked for */
    e->who.patients = (size_t)patients;
    e->who.sampled = (size_t)sampled;
    status = rad_persons_allocate(&e->who, error);
    if (status == RAD_OK &&
        (!decode(json_object_get(line, "ids"), e->who.id, e->who.patients * sizeof *e->who.id) ||
         !decode(json_object_get(line, "columns"), e->who.column, e->who.sampled * sizeof *e->who.column) ||
         !decode(json_object_get(line, "sample"), e->who.sample,
                 e->who.patients * e->who.sampled * sizeof *e->who.sample)))
        status = distrust(l, number, "is not a release", error);
    return status;
}

/* One line: `{...,"signature":"<hex>"}`, signed with what stands before the signature. */
static bool is_signed(const rad_ledger *l, const char *text, size_t length) {
    const size_t tail = strlen(",\"signature\":\"") + 2 * RAD_SIGNATURE + 2;
    unsigned char signature[RAD_SIGNATURE];
    size_t got = 0;
    return length > tail && !memcmp(text + length - tail, ",\"signature\":\"", 14) &&
           !sodium_hex2bin(signature, sizeof signature, text + length - tail + 14, (size_t)2 * RAD_SIGNATURE,
                           NULL, &got, NULL) &&
           rad_signer_holds(l->me->public_key, "ledger", text, length - tail, signature);
}

static rad_status read_line(rad_ledger *l, const char *text, size_t length, rad_error *error) {
    const size_t number = l->count + 1;
    json_t *line;
    if (!is_signed(l, text, length))
        return distrust(l, number, "was changed, or signed with another key", error);
    rad_status status = rad_tree_parse(text, length, l->path, &line, error);
    if (status != RAD_OK) return status;
    const char *previous = json_string_value(json_object_get(line, "previous"));
    if (!previous || strcmp(previous, l->last) != 0) {
        json_decref(line);
        return distrust(l, number, "does not follow the line before: one is missing or moved", error);
    }
    status = read_entry(l, line, number, error);
    rad_hash_digest(text, length, l->last);
    return status;
}

static rad_status read_lines(rad_ledger *l, rad_error *error) {
    rad_status status = rad_bytes_read(l->path, &l->text, error);
    if (status == RAD_OK && !l->text.length) return distrust(l, 1, "is missing: the ledger is empty", error);
    while (status == RAD_OK && l->end < l->text.length) {
        const char *at = (const char *)l->text.data + l->end,
                   *end = memchr(at, '\n', l->text.length - l->end);
        const size_t length = end ? (size_t)(end - at) : l->text.length - l->end;
        if (!end && !is_signed(l, at, length)) break;
        status = read_line(l, at, length, error);
        l->end += length + (end != NULL);
    }
    return status;
}

size_t rad_ledger_rest(const rad_ledger *l) {
    return l->text.length - l->end;
}

void rad_ledger_set_aside(rad_ledger *l, const char *aside) {
    l->aside = aside;
}

/* Numbers the patients of e: those whom an entry before knows get their number, others a new one. *shared[i],
 * if wanted, is how many entry i shares. */
static rad_status number_patients(const rad_ledger *l, entry *e, size_t before, size_t *persons,
                                  size_t *shared, rad_error *error) {
    uint32_t *found = rad_new(e->who.patients, sizeof *found, error);
    rad_status status = found ? RAD_OK : RAD_NO_MEMORY;
    for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++) e->who.person[r] = SIZE_MAX;
    for (size_t i = 0; i < before && status == RAD_OK; i++) {
        const entry *of = &l->entries[i];
        status = rad_persons_match(&e->who, &of->who, found, error);
        for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++) {
            if (found[r] == RAD_NOBODY) continue;
            if (shared) shared[i]++;
            if (e->who.person[r] == SIZE_MAX) e->who.person[r] = of->who.person[found[r]];
        }
    }
    for (size_t r = 0; r < e->who.patients && status == RAD_OK; r++)
        if (e->who.person[r] == SIZE_MAX) e->who.person[r] = (*persons)++;
    rad_free(found);
    return status;
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

rad_status rad_ledger_open(const char *path, const rad_signer *me, rad_ledger **ledger, rad_error *error) {
    rad_ledger *l = rad_new(1, sizeof *l, error);
    *ledger = l;
    if (!l) return RAD_NO_MEMORY;
    l->me = me;
    l->file = -1;
    l->path = rad_text_copy(path, error);
    rad_signer_derive(me, "ledger of a site", l->secret);
    rad_status status = l->path ? open_locked(l, error) : RAD_NO_MEMORY;
    if (status == RAD_OK && l->file >= 0) status = read_lines(l, error);
    for (size_t i = 0; i < l->count && status == RAD_OK; i++)
        status = number_patients(l, &l->entries[i], i, &l->persons, NULL, error);
    if (status != RAD_OK) {
        rad_ledger_close(l);
        *ledger = NULL;
    }
    return status;
}

void rad_ledger_close(rad_ledger *l) {
    if (!l) return;
    for (size_t i = 0; i < l->count; i++) free_entry(&l->entries[i]);
    rad_free(l->entries);
    rad_bytes_free(&l->text);
    if (l->file >= 0) close(l->file);
    rad_free(l->path);
    sodium_memzero(l->secret, sizeof l->secret);
    rad_free(l);
}

static const char *text_of(const entry *e, const char *key) {
    const char *text = json_string_value(json_object_get(e->line, key));
    return text ? text : "";
}

rad_status rad_ledger_body(rad_ledger *l, const rad_release *r, rad_bytes *body, bool *known,
                           rad_error *error) {
    const entry *last = NULL;
    char hash[RAD_DIGEST_TEXT];
    *known = false;
    for (size_t i = 0; i < l->count; i++)
        if (!strcmp(text_of(&l->entries[i], "study"), r->study->id)) last = &l->entries[i];
    r->summary->release = last ? (uint32_t)json_integer_value(json_object_get(last->line, "release")) : 1;
    rad_status status = rad_radsum_body(r->summary, r->study, body, error);
    if (status != RAD_OK || !last) return status;
    rad_hash_digest(body->data, body->length, hash);
    *known = !strcmp(hash, text_of(last, "hash"));
    if (*known) return RAD_OK;
    rad_bytes_free(body);
    r->summary->release++;
    return rad_radsum_body(r->summary, r->study, body, error);
}

static json_t *products_of(const rad_release *r, size_t analysis) {
    return rad_site_analyses[analysis]->products(r->cohort, r->study, r->permit);
}

/* Columns whose products leave now or left before, of patients of this cohort: release by release they would
 * give the matrix that the rules forbid. */
static rad_status check_budget(const rad_ledger *l, const rad_release *r, const size_t *shared,
                               const char *key, json_t *now, rad_error *error) {
    size_t before = 0, i;
    json_t *seen = json_object(), *name;
    const size_t columns = json_array_size(now),
                 most = (size_t)(r->rules->parameters * (double)r->cohort->rows);
    json_array_foreach(now, i, name) rad_tree_set(&seen, json_string_value(name), json_true());
    for (size_t k = 0; k < l->count && columns; k++) {
        if (!shared[k]) continue;
        json_array_foreach(json_object_get(l->entries[k].line, key), i, name) {
            const char *text = json_string_value(name);
            if (!text || json_object_get(seen, text)) continue;
            rad_tree_set(&seen, text, json_true());
            before++;
        }
    }
    const bool fine = now && seen;
    json_decref(seen);
    json_decref(now);
    if (!fine) return rad_fail(error, RAD_NO_MEMORY, "out of memory: the ledger");
    if (!before || columns + before <= most) return RAD_OK;
    return rad_fail(
        error, RAD_SPENT,
        "refused (%s): %zu other columns of a %s of these patients left before; with %zu more they "
        "are above the %zu that %zu patients allow. Leave the %s out, or keep to columns that left",
        rad_rule_rows[RAD_RULE_PARAMETERS].key.name, before, key, columns, most, r->cohort->rows, key);
}

/* How a variable is taken, in words: transform, centre, grid. */
static const char *transform_text(const rad_variable *v, char text[RAD_NAME]) {
    const rad_transform *t = &v->transform;
    snprintf(text, RAD_NAME, "%s %a %u %u %a %a %u", t->logarithm ? "log" : "as it is", t->centre,
             (unsigned)t->grid.kind, t->grid.bits, t->grid.from, t->grid.to, (unsigned)t->grid.cells);
    return text;
}

/* Counts on two grids, or sums of two transforms, of the same patients: their differences tell of single
 * ones. */
static rad_status check_transforms(const rad_ledger *l, const rad_release *r, const size_t *shared,
                                   rad_error *error) {
    char text[RAD_NAME];
    for (size_t i = 0; i < l->count; i++) {
        const json_t *takings = json_object_get(l->entries[i].line, "takings");
        for (size_t v = 0; v < r->cohort->count && shared[i]; v++) {
            const rad_variable *x = &r->cohort->variables[v];
            const char *before = json_string_value(json_object_get(takings, x->definition));
            if (!before || !r->permit->powers[v] || !strcmp(before, transform_text(x, text))) continue;
            return rad_fail(
                error, RAD_REFUSED,
                "refused (differencing): %s left before with another transform, centre or grid, for study "
                "%.80s; both together would reveal single patients. Use the same as that study",
                x->name, text_of(&l->entries[i], "study"));
        }
    }
    return RAD_OK;
}

/* The cohort against each that left. */
static rad_status check_cohorts(const rad_ledger *l, const rad_release *r, const size_t *shared,
                                rad_error *error) {
    const size_t cell = (size_t)r->rules->cell, rows = r->cohort->rows;
    for (size_t i = 0; i < l->count; i++) {
        const entry *e = &l->entries[i];
        const size_t lost = e->who.patients > shared[i] ? e->who.patients - shared[i] : 0,
                     gained = rows > shared[i] ? rows - shared[i] : 0;
        if (!shared[i] || !(lost + gained) || lost + gained >= cell) continue;
        return rad_fail(error, RAD_REFUSED,
                        "refused (differencing): the cohort differs by %zu patients from that of study "
                        "%.80s, release %lld, which left before; the difference between the two would reveal "
                        "them. Send the same patients, or wait until %zu have changed",
                        lost + gained, text_of(e, "study"),
                        (long long)json_integer_value(json_object_get(e->line, "release")), cell);
    }
    return RAD_OK;
}

/* A set of an entry's patients, over all persons. */
static void spread(const entry *e, const uint64_t *set, size_t words, uint64_t *out) {
    memset(out, 0, words * sizeof *out);
    for (size_t r = 0; r < e->who.patients; r++)
        if (rad_bitset_has(set, r)) rad_bitset_add(out, e->who.person[r]);
}

/* What is audited together: the variables of a class, or what an analysis says. Its sets, and how the ledger
 * calls it. Zeroed before the first. */
typedef struct audited {
    size_t class, analysis, which; /* of the permit; class_count: sets number `which` of an analysis */
    const rad_sets *sets;          /* NULL: there are no more */
    rad_audited own;
} audited;

static rad_status next_audited(const rad_release *r, audited *a, rad_error *error) {
    const rad_permit *p = r->permit;
    rad_sets_free(&a->own.sets);
    if (a->sets && a->class < p->class_count) a->class += 1;
    a->sets = a->class < p->class_count ? &p->classes[a->class].sets : NULL;
    for (; !a->sets && a->analysis < RAD_ANALYSES; a->analysis++, a->which = 0) {
        const rad_site_analysis *row = rad_site_analyses[a->analysis];
        if (!row->audit) continue;
        rad_status status = row->audit(r->cohort, r->study, p, a->which++, &a->own, error);
        if (status != RAD_OK) return status;
        if (!*a->own.name) continue;
        a->sets = &a->own.sets;
        break;
    }
    return RAD_OK;
}

/* Is that what the ledger calls it, or one of its variables? */
static bool is_called(const rad_release *r, const audited *a, const char *text) {
    if (a->class >= r->permit->class_count) return !strcmp(a->own.name, text);
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v] &&
            !strcmp(text, r->cohort->variables[v].definition))
            return true;
    return false;
}

/* Sets of earlier releases over which sums of the same left. */
static rad_status collect(const rad_ledger *l, const rad_release *r, const audited *a, size_t words,
                          rad_sets *out, rad_error *error) {
    uint64_t *set = NULL, *wide = rad_new(words, sizeof *wide, error);
    size_t i, k;
    json_t *group, *text;
    rad_status status = wide ? RAD_OK : RAD_NO_MEMORY;
    for (size_t n = 0; n < l->count && status == RAD_OK; n++) {
        const entry *e = &l->entries[n];
        const size_t own = rad_bitset_words(e->who.patients);
        rad_free(set);
        set = rad_new(own, sizeof *set, error);
        if (!set) status = RAD_NO_MEMORY;
        json_array_foreach(json_object_get(e->line, "classes"), i, group) {
            bool touches = false;
            json_array_foreach(json_object_get(group, "variables"), k, text) {
                const char *name = json_string_value(text);
                touches = touches || (name && is_called(r, a, name));
            }
            json_array_foreach(json_object_get(group, "sets"), k, text) {
                if (!touches || status != RAD_OK || !decode(text, set, own * sizeof *set)) continue;
                spread(e, set, words, wide);
                status = rad_sets_add(out, wide, error);
            }
        }
    }
    rad_free(set);
    rad_free(wide);
    return status;
}

static rad_status refuse_set(const rad_release *r, rad_error *error) {
    return rad_fail(error, RAD_REFUSED,
                    "refused (differencing): groups or patients with values differ from those of an earlier "
                    "release by fewer than %d patients, and the sums together would reveal them. Keep to the "
                    "groups and rows of that release",
                    r->rules->cell);
}

static rad_status check_sets(const rad_ledger *l, const rad_release *r, const entry *now, size_t persons,
                             const audited *a, rad_error *error) {
    const size_t words = rad_bitset_words(persons), cell = (size_t)r->rules->cell;
    rad_sets sets = {.words = words};
    bool isolates = false;
    uint64_t *wide = rad_new(words, sizeof *wide, error);
    rad_status status = wide ? collect(l, r, a, words, &sets, error) : RAD_NO_MEMORY;
    const bool first = !sets.count;
    for (size_t i = 0; i < a->sets->count && status == RAD_OK && !first; i++) {
        spread(now, a->sets->bits + i * a->sets->words, words, wide);
        if (a->class < r->permit->class_count && !rad_sets_may_add(&sets, wide, cell))
            status = refuse_set(r, error);
    }
    for (size_t i = 0; i < a->sets->count && status == RAD_OK && !first; i++) {
        spread(now, a->sets->bits + i * a->sets->words, words, wide);
        status = rad_sets_add(&sets, wide, error);
    }
    if (status == RAD_OK && !first) status = rad_sets_isolate(&sets, cell, &isolates, error);
    if (status == RAD_OK && isolates) status = refuse_set(r, error);
    rad_sets_free(&sets);
    rad_free(wide);
    return status;
}

/* Whoever cut the last line, or a machine that failed: a file may have left with it. */
static rad_status refuse_rest(const rad_ledger *l, rad_error *error) {
    return rad_fail(error, RAD_UNTRUSTED,
                    "%s: the last %zu bytes are not a whole line, and a release may have left with them; "
                    "restore the ledger from a copy, or, if the data officer knows that none left, keep them "
                    "apart with --set-aside FILE",
                    l->path, rad_ledger_rest(l));
}

rad_status rad_ledger_check(rad_ledger *l, const rad_release *r, rad_error *error) {
    entry now;
    audited a = {.class = 0};
    size_t persons = l->persons;
    if (rad_ledger_rest(l) && !l->aside) return refuse_rest(l, error);
    size_t *shared = rad_new(l->count, sizeof *shared, error);
    rad_status status = shared ? make_entry(l, r->cohort, &now, error) : RAD_NO_MEMORY;
    if (status == RAD_OK) status = number_patients(l, &now, l->count, &persons, shared, error);
    if (status == RAD_OK) status = check_cohorts(l, r, shared, error);
    if (status == RAD_OK) status = check_transforms(l, r, shared, error);
    for (size_t i = 0; i < RAD_ANALYSES && status == RAD_OK; i++)
        if (rad_site_analyses[i]->products)
            status = check_budget(l, r, shared, rad_analyses[i].word, products_of(r, i), error);
    for (bool more = true; more && status == RAD_OK;) {
        status = next_audited(r, &a, error);
        more = a.sets != NULL;
        if (status == RAD_OK && more) status = check_sets(l, r, &now, persons, &a, error);
    }
    rad_sets_free(&a.own.sets);
    if (shared) free_entry(&now);
    rad_free(shared);
    return status;
}

static json_t *class_object(const rad_release *r, const audited *a) {
    json_t *variables = json_array(), *list = json_array();
    if (*a->own.name) rad_tree_add(&variables, json_string(a->own.name));
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->of[v] == a->class && r->permit->powers[v])
            rad_tree_add(&variables, json_string(r->cohort->variables[v].definition));
    for (size_t i = 0; i < a->sets->count; i++)
        rad_tree_add(&list,
                     encoded(a->sets->bits + i * a->sets->words, a->sets->words * sizeof *a->sets->bits));
    return json_pack("{s:o, s:o}", "variables", variables, "sets", list);
}

/* Names and sets of all that is audited together. */
static json_t *classes_array(const rad_release *r) {
    json_t *all = json_array();
    audited a = {.class = 0};
    rad_status status = next_audited(r, &a, NULL);
    for (; a.sets && status == RAD_OK; status = next_audited(r, &a, NULL))
        rad_tree_add(&all, class_object(r, &a));
    rad_sets_free(&a.own.sets);
    if (status == RAD_OK) return all;
    json_decref(all);
    return NULL;
}

static json_t *transforms_object(const rad_release *r) {
    char text[RAD_NAME];
    json_t *all = json_object();
    for (size_t v = 0; v < r->cohort->count; v++)
        if (r->permit->powers[v])
            rad_tree_set(&all, r->cohort->variables[v].definition,
                         json_string(transform_text(&r->cohort->variables[v], text)));
    return all;
}

/* The line without its end: what is signed. */
static rad_status line_text(const rad_ledger *l, const rad_release *r, const entry *e, const rad_bytes *body,
                            rad_bytes *text, rad_error *error) {
    char hash[RAD_DIGEST_TEXT];
    rad_hash_digest(body->data, body->length, hash);
    json_t *line = json_pack(
        "{s:I, s:s, s:s, s:s, s:I, s:s, s:I, s:o, s:I, s:o, s:o, s:o, s:o}", "entry",
        (json_int_t)l->count + 1, "previous", l->last, "study", r->study->id, "study_hash", r->study->hash,
        "release", (json_int_t)r->summary->release, "hash", hash, "patients", (json_int_t)e->who.patients,
        "ids", encoded(e->who.id, e->who.patients * sizeof *e->who.id), "sampled", (json_int_t)e->who.sampled,
        "columns", encoded(e->who.column, e->who.sampled * sizeof *e->who.column), "sample",
        encoded(e->who.sample, e->who.patients * e->who.sampled * sizeof *e->who.sample), "classes",
        classes_array(r), "takings", transforms_object(r));
    for (size_t i = 0; i < RAD_ANALYSES; i++)
        if (rad_site_analyses[i]->products) rad_tree_set(&line, rad_analyses[i].word, products_of(r, i));
    return rad_tree_text(line, JSON_COMPACT, text, error);
}

/* The lines before, the new one in pieces, in place of the ledger or as a new one. */
static rad_status replace(const rad_ledger *l, const rad_bytes line[2], rad_error *error) {
    char real[PATH_MAX];
    struct stat about;
    const bool fresh = l->file < 0, ended = !l->end || l->text.data[l->end - 1] == '\n';
    const rad_place place = {.mode = fresh || fstat(l->file, &about) ? 0600 : about.st_mode & 07777,
                             .fresh = fresh},
                    apart = {.mode = 0600, .fresh = true};
    const rad_bytes pieces[] = {{l->text.data, l->end},
                                {(unsigned char *)"\n", ended ? 0 : 1},
                                line[0],
                                line[1]},
                    rest = {l->text.data + l->end, rad_ledger_rest(l)};
    rad_status status = rest.length ? rad_bytes_place(l->aside, &rest, 1, &apart, error) : RAD_OK;
    if (status != RAD_OK) return status;
    status = rad_bytes_place(fresh || !realpath(l->path, real) ? l->path : real, pieces, 4, &place, error);
    if (status == RAD_UNWRITABLE && fresh && !access(l->path, F_OK))
        return rad_fail(error, status, "%s: another summary has begun the ledger; try again", l->path);
    return status;
}

rad_status rad_ledger_append(rad_ledger *l, const rad_release *r, const rad_bytes *body, rad_error *error) {
    entry e;
    rad_bytes text = {0};
    unsigned char signature[RAD_SIGNATURE];
    char hex[2 * RAD_SIGNATURE + 1], tail[2 * RAD_SIGNATURE + 32];
    rad_status status = make_entry(l, r->cohort, &e, error);
    if (status == RAD_OK) status = line_text(l, r, &e, body, &text, error);
    if (status == RAD_OK) {
        text.length--; /* without the brace */
        rad_signer_sign(l->me, "ledger", text.data, text.length, signature);
        rad_hash_text(signature, sizeof signature, hex);
        snprintf(tail, sizeof tail, ",\"signature\":\"%s\"}\n", hex);
        const rad_bytes line[] = {text, {(unsigned char *)tail, strlen(tail)}};
        status = replace(l, line, error);
    }
    rad_bytes_free(&text);
    free_entry(&e);
    return status;
}
