/* The ledger as its own files see it: an entry is a line, or the release at hand. */
#ifndef RAD_LEDGER_ENTRY_H
#define RAD_LEDGER_ENTRY_H

#include "../../core/hash.h"
#include "../../core/names.h"
#include "../../io/tree.h"
#include "ledger.h"
#include "persons.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_ledger_entry {
    json_t *line; /* owned; NULL for the release at hand */
    rad_persons who;
    bool renamed;     /* names say nothing: whoever is known is so by values */
    size_t conflicts; /* patients whose name is one known patient, and whose values are another */
    size_t untold;    /* of the release at hand: patients of new names who may be known ones, or not */
} rad_ledger_entry;

enum { RAD_FORMER_KEYS = 16 };

/* Columns that left before under another definition and order the patients as a variable of this release
 * does, or the other way round: the same in other units, or a public function of it. */
typedef struct rad_likes {
    rad_name *row; /* definition, and variable; owned */
    size_t count, capacity;
} rad_likes;

struct rad_ledger {
    char *path;
    const char *source; /* whose lines these are: path, or what it is taken over from; borrowed */
    int file;           /* locked; -1: there is no ledger yet */
    bool renamed;       /* of the release at hand */
    bool others;        /* patients of new names are new */
    bool begins;        /* anew: what was there is moved aside */
    const rad_signer *me;
    const char *aside; /* borrowed; where the rest is kept, NULL: nowhere */
    unsigned char secret[RAD_DERIVED];
    size_t columns; /* by which patients are known, at most; 0: as many as there is room for */
    unsigned char key[RAD_KEY_BYTES];                     /* of the line that is read next */
    unsigned char former[RAD_FORMER_KEYS][RAD_KEY_BYTES]; /* keys that it had before (rotation.h) */
    size_t former_count;
    rad_ledger_entry *entries;
    size_t count, capacity;
    json_t *rounds; /* lines of rounds of models (ledger_rounds.h); owned */
    size_t persons;
    rad_bytes text;               /* as the file has it */
    size_t end;                   /* of the last whole line; what follows is the rest */
    char last[RAD_DIGEST_TEXT];   /* hash of the last line */
    char before[RAD_DIGEST_TEXT]; /* and of the one before it */
    rad_ledger_head head;         /* what a summary says: which ledger, how it began */
    rad_ledger_entry checked;     /* the release that was checked last, */
    const rad_cohort *of;         /* its cohort, NULL: none was; */
    size_t *shared;               /* how many patients each entry shares with it; owned */
    size_t numbered;              /* persons, with those of the release */
    rad_likes likes;              /* its columns under other names */
    size_t held;                  /* histograms of it that stay at home */
    json_t *alike; /* ledgers of other keys whose patients are alike, and others by hand; owned, NULL: none */
};

/* The release at hand as an entry. */
rad_status rad_ledger_entry_make(const rad_ledger *ledger, const rad_cohort *cohort, rad_ledger_entry *entry,
                                 rad_error *error) RAD_MUST_CHECK;

/* Keyed hash of the name of a column, by which persons keep it. */
uint64_t rad_ledger_column(const rad_ledger *ledger, const char *name);

/* Adds a line, which the ledger then owns. RAD_UNTRUSTED: it is no release. */
rad_status rad_ledger_entry_read(rad_ledger *ledger, json_t *line, size_t number,
                                 rad_error *error) RAD_MUST_CHECK;

void rad_ledger_entry_free(rad_ledger_entry *entry);

/* The release that was checked last. */
void rad_ledger_forget_checked(rad_ledger *ledger);

/* Numbers the patients of an entry: those whom one of the `before` entries knows get their number, others a
 * new one. *shared[i], if wanted, is how many patients entry i shares. */
rad_status rad_ledger_entry_number(const rad_ledger *ledger, rad_ledger_entry *entry, size_t before,
                                   size_t *persons, size_t *shared, rad_error *error) RAD_MUST_CHECK;

/* Puts into a line what a person at the site allowed by hand for the release that was checked last: that
 * patients are others than those they may be (how many, and those of which ledgers), and the rest of a ledger
 * that was set aside (bytes). */
void rad_ledger_entry_allowed(const rad_ledger *ledger, json_t **line);

/* Puts the patients into a line. */
void rad_ledger_entry_persons(const rad_ledger *ledger, const rad_ledger_entry *entry, json_t **line);

/* A text of the line; "" where there is none. */
const char *rad_ledger_entry_text(const rad_ledger_entry *entry, const char *key);

/* Bytes as base64; NULL: out of memory. And back, where there are exactly `length`. */
json_t *rad_ledger_encoded(const void *bytes, size_t length);
bool rad_ledger_decode(const json_t *value, void *bytes, size_t length);

/* Bytes that only this key can read; NULL: out of memory. And back: RAD_UNTRUSTED where they are others. */
json_t *rad_ledger_seal(const rad_ledger *ledger, const void *bytes, size_t length);
rad_status rad_ledger_unseal(const rad_ledger *ledger, const json_t *value, void *bytes, size_t length,
                             size_t number, rad_error *error) RAD_MUST_CHECK;

/* RAD_UNTRUSTED, with what to do. */
rad_status rad_ledger_distrust(const rad_ledger *ledger, size_t number, const char *what, rad_error *error);

/* Signs a line, `{...}`: its two pieces, the second in `tail`. */
enum { RAD_LEDGER_TAIL = 2 * RAD_SIGNATURE + 32 };
void rad_ledger_sign(const rad_signer *signer, rad_bytes *text, char tail[RAD_LEDGER_TAIL],
                     rad_bytes line[2]);

/* The first line of a ledger, with its line end: how it begins, and after which line of one before, "". */
rad_status rad_ledger_first_line(const rad_signer *signer, const char *begun, const char *after,
                                 rad_bytes *line, rad_error *error) RAD_MUST_CHECK;

/* Puts the lines before and the new one, in two pieces, in place of the ledger, or begins it. */
rad_status rad_ledger_file_add(const rad_ledger *ledger, const rad_bytes line[2],
                               rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
