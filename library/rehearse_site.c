#include "rehearse_site.h"

#include "../core/hash.h"
#include "../core/printable.h"
#include "../federate/rehearsal.h"
#include "../federate/site/rehearsals.h"
#include "visit.h"

typedef struct saying {
    const char *path;
    const rad_release *release;
    uint32_t number;
} saying;

static rad_status put_said(FILE *out, void *context, rad_error *error) {
    const saying *s = context;
    (void)error;
    rad_show(out,
             "%s: what of study %s fits site %s, without a number; rehearsal %u of at most %d before the "
             "next release\n",
             s->path, s->release->study->id, s->release->summary->site, s->number, RAD_REHEARSALS_MAX);
    return RAD_OK;
}

rad_status rad_rehearse_site(const char *path, const rad_ledger *ledger, const rad_release *r,
                             const rad_signer *me, char **said, rad_error *error) {
    char usual[RAD_SITE + 16], hash[RAD_DIGEST_TEXT];
    saying s = {path ? path : usual, r, 0};
    rad_bytes body = {0};
    snprintf(usual, sizeof usual, "%s.rehearsal", me->name);
    rad_status status = rad_rehearsal_body(r->summary, r->study, 0, &body, error);
    if (status == RAD_OK) {
        rad_hash_digest(body.data, body.length, hash);
        rad_bytes_free(&body);
        status = rad_rehearsals_admit(ledger, hash, &s.number, error); /* before the file */
    }
    if (status == RAD_OK) status = rad_rehearsal_body(r->summary, r->study, s.number, &body, error);
    if (status == RAD_OK) status = rad_rehearsal_write(s.path, &body, me, error);
    rad_bytes_free(&body);
    return status == RAD_OK ? rad_visit_say(put_said, &s, said, error) : status;
}
