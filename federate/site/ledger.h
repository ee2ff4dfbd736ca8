/* What left a site: a signed list that only grows, one line per release (JSON). Patients are in it as keyed
 * hashes that nobody can make without the site's secret key, and by their values, so that a
 * cohort is known again when patients, tables or studies have other names. */
#ifndef RAD_LEDGER_H
#define RAD_LEDGER_H

#include "../radsum.h"
#include "permit.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct rad_ledger rad_ledger;

/* All that a release is made of. */
typedef struct rad_release {
    const rad_cohort *cohort;
    const rad_study *study;
    const rad_rules *rules;
    const rad_permit *permit;
    rad_summary *summary;
} rad_release;

/* Where the ledger of a key is, and what may stand in for one that is not there. */
typedef struct rad_ledger_place {
    const char *path;    /* by the key: rad_state_ledger */
    const char *old;     /* where versions before this one kept it; NULL: nowhere */
    const char *restore; /* a copy that is to be taken over; NULL: none */
    bool renamed;        /* names are others than before: patients are known by values alone */
    bool others;         /* who has a new name is new */
    bool begin;          /* begin a new one, whatever was there */
} rad_ledger_place;

/* Opens the ledger, for this process alone, and checks every line; one that is restored, taken over or begun
 * gets its place with the first release. A last line without its line end counts when it is whole and signed.
 * RAD_UNTRUSTED: there is none, or a line was changed, lost, or signed with another key. RAD_UNWRITABLE:
 * another process has it. */
rad_status rad_ledger_open(const rad_ledger_place *place, const rad_signer *signer, rad_ledger **ledger,
                           rad_error *error) RAD_MUST_CHECK;
void rad_ledger_close(rad_ledger *ledger); /* NULL is allowed */

/* The ledger of a new key, which nothing left with yet. */
rad_status rad_ledger_begin(const char *path, const rad_signer *signer, rad_error *error) RAD_MUST_CHECK;

/* What a person should know of how it was opened; "": nothing. Returns text. */
const char *rad_ledger_news(const rad_ledger *ledger, char *text, size_t length);

/* Bytes at the end that are no whole line. With them nothing new may leave, unless they are to be kept in the
 * file `aside`, a new one, which the text of that name must outlive. */
size_t rad_ledger_rest(const rad_ledger *ledger);
void rad_ledger_set_aside(rad_ledger *ledger, const char *aside);

/* Gives the summary its release number, what it says of the ledger, and its text. *known: that very text left
 * before, with that number. Histograms that would tell of few with those that left before are taken out of
 * it; rad_ledger_held: how many.
 */
rad_status rad_ledger_body(rad_ledger *ledger, const rad_release *release, rad_bytes *body, bool *known,
                           rad_error *error) RAD_MUST_CHECK;
size_t rad_ledger_held(const rad_ledger *ledger);

/* RAD_REFUSED: its cohort, or a set of its patients, differs from one that left before by fewer patients than
 * the minimum, or together with them tells of a few. RAD_SPENT: covariances of more variables than the number
 * of patients allows. */
rad_status rad_ledger_check(rad_ledger *ledger, const rad_release *release, rad_error *error) RAD_MUST_CHECK;

/* Appends the release: when it returns RAD_OK, the line outlives a power cut. The file is replaced as a
 * whole, so that no line is ever torn. RAD_UNWRITABLE: it may not leave; another process may have begun the
 * ledger. */
rad_status rad_ledger_append(rad_ledger *ledger, const rad_release *release, const rad_bytes *body,
                             rad_error *error) RAD_MUST_CHECK;

#ifdef __cplusplus
}
#endif
#endif
