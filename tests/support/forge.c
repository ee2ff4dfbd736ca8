/* A summary with some of its text changed, signed anew: what a site that is broken or hostile could send.
 * usage: forge KEY IN.radsum OUT.radsum [OLD NEW]; without them it is signed as it is. */
#include "../../federate/radsum.h"
#include "../../io/bytes.h"

#include <stdio.h>
#include <string.h>

typedef struct change {
    const rad_bytes *file;
    const char *new;
    size_t head, from; /* where what goes begins and ends */
} change;

/* All but the signature. */
static rad_status put(FILE *out, void *context, rad_error *error) {
    const change *c = context;
    (void)error;
    fwrite(c->file->data, 1, c->head, out);
    fputs(c->new, out);
    fwrite(c->file->data + c->from, 1, c->file->length - RAD_RADSUM_TAIL_LENGTH - c->from, out);
    return RAD_OK;
}

static rad_status forge(char **argv, const rad_signer *me, const rad_bytes *file, rad_error *error) {
    rad_bytes all = {0};
    const char *from = argv[4] ? argv[4] : "", *to = argv[4] ? argv[5] : "";
    const char *old = memmem(file->data, file->length, from, strlen(from));
    if (!old || file->length < RAD_RADSUM_TAIL_LENGTH)
        return rad_fail(error, RAD_CONFIG, "%s: has no %s", argv[2], from);
    const size_t head = (size_t)(old - (const char *)file->data);
    rad_status status = rad_sink_collect(put, &(change){file, to, head, head + strlen(from)}, &all, error);
    if (status == RAD_OK) status = rad_radsum_write(argv[3], &all, me, error);
    rad_bytes_free(&all);
    return status;
}

int main(int argc, char **argv) {
    rad_error error = {0};
    rad_signer me;
    rad_bytes file = {0};
    if (argc != 6 && argc != 4) return RAD_USAGE;
    rad_status status = rad_signer_read(argv[1], &me, &error);
    if (status == RAD_OK) status = rad_bytes_read(argv[2], &file, &error);
    if (status == RAD_OK) status = forge(argv, &me, &file, &error);
    if (status != RAD_OK) fprintf(stderr, "forge: %s\n", error.text);
    rad_signer_wipe(&me);
    rad_bytes_free(&file);
    return (int)status;
}
