#include "command.h"

#include "../federate/site/ledger_history.h"
#include "../federate/site/state.h"
#include "../io/bytes.h"

#include <stdio.h>

enum { KEY, OUTPUT };
static const rad_option options[] = {
    [KEY] = {"--key", 'k', "SITE.key", "secret key of the site, by `radiomill keygen`"},
    [OUTPUT] = {"--output", 'o', "FILE.csv", "default: standard output"},
};

static rad_status put(const char *path, rad_ledger *ledger, rad_error *error) {
    rad_bytes text = {0};
    if (path) return rad_bytes_stream(path, rad_ledger_put_lines, ledger, error);
    const rad_status status = rad_sink_collect(rad_ledger_put_lines, ledger, &text, error);
    if (status == RAD_OK) fwrite(text.data, 1, text.length, stdout);
    rad_bytes_free(&text);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    char folder[RAD_STATE_PATH], path[RAD_STATE_PATH];
    rad_ledger *ledger = NULL;
    rad_signer me;
    if (!a->value[KEY]) return rad_fail(error, RAD_USAGE, "ledger: --key is needed");
    rad_hold_secrets();
    rad_status status = rad_argument_csv(a->value[OUTPUT], error);
    if (status == RAD_OK) status = rad_signer_read(a->value[KEY], &me, error);
    if (status == RAD_OK) status = rad_state_folder(NULL, folder, error);
    if (status == RAD_OK) status = rad_state_ledger(folder, me.public_key, path, error);
    if (status == RAD_OK) status = rad_ledger_open(&(rad_ledger_place){.path = path}, &me, &ledger, error);
    if (status == RAD_OK) status = put(a->value[OUTPUT], ledger, error);
    rad_ledger_close(ledger);
    rad_signer_wipe(&me);
    return status;
}

const rad_command rad_command_ledger = {
    "ledger",
    "",
    0,
    0,
    "What left with the key of a site, a line for each release and round (CSV), with what was allowed by "
    "hand; every line is checked first.",
    options,
    sizeof options / sizeof options[0],
    run,
};
