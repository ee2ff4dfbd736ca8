#include "approval.h"

#include "../core/hash.h"
#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "visit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH = 4096 };

static const char *digest(const rad_approval *a, char hash[RAD_DIGEST_TEXT]) {
    rad_hash_digest(a->body->data, a->body->length, hash);
    return hash;
}

rad_status rad_approval_check(const rad_approval *a, rad_error *error) {
    char hash[RAD_DIGEST_TEXT];
    if (!a->options->approve || !strcmp(digest(a, hash), a->options->approve)) return RAD_OK;
    return rad_fail(
        error, RAD_UNTRUSTED,
        "--approve: %.80s is not the hash of what would leave, which is %s: something has changed "
        "since; look at it again with --preview page.html",
        a->options->approve, hash);
}

static rad_status write_page(const rad_approval *a, const char *path, rad_error *error) {
    char hash[RAD_DIGEST_TEXT];
    rad_past *past = NULL;
    rad_site_page page = {.release = a->release,
                          .hash = digest(a, hash),
                          .bytes = a->body->length + RAD_RADSUM_TAIL_LENGTH,
                          .known = a->known};
    rad_status status = rad_ledger_history(a->ledger, a->release->cohort, &past, &page.past_count, error);
    page.past = past;
    if (status == RAD_OK) status = rad_bytes_stream(path, rad_site_page_put, &page, error);
    rad_free(past);
    return status;
}

static rad_status put_said(FILE *out, void *context, rad_error *error) {
    const rad_approval *a = context;
    char hash[RAD_DIGEST_TEXT];
    (void)error;
    rad_show(out, "%s: what would leave; --approve %s lets it leave, and nothing else\n", a->options->page,
             digest(a, hash));
    return RAD_OK;
}

rad_status rad_approval_show(const rad_approval *a, char **said, rad_error *error) {
    rad_status status = write_page(a, a->options->page, error);
    return status == RAD_OK ? rad_visit_say(put_said, (void *)a, said, error) : status;
}

rad_status rad_approval_keep(const rad_approval *a, rad_error *error) {
    char path[PATH];
    struct stat about;
    const rad_summary *s = a->release->summary;
    if (!a->options->approve) return RAD_OK;
    rad_status status = rad_ledger_beside(a->ledger, ".approved", path, sizeof path - RAD_NAME - 32, error);
    if (status != RAD_OK) return status;
    if (mkdir(path, 0700) && !(errno == EEXIST && !stat(path, &about) && S_ISDIR(about.st_mode)))
        return rad_fail(error, RAD_UNWRITABLE, "%s: the folder of what was approved cannot be made: %s", path,
                        strerror(errno));
    const size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%s-%" PRIu32 ".html", s->study, s->release);
    return write_page(a, path, error);
}
