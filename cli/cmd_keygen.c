#include "command.h"

#include "../core/printable.h"
#include "../federate/site/ledger.h"
#include "../federate/site/state.h"

#include <stdio.h>

enum { OUTPUT };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "DIR", "folder of the two files; default: here"},
};

/* The ledger of the key, so that it is there when something leaves. */
static rad_status begin_ledger(const char *name, const char *folder, rad_error *error) {
    char path[RAD_STATE_PATH], state[RAD_STATE_PATH];
    rad_signer me;
    snprintf(path, sizeof path, "%s/%s.key", folder, name);
    rad_status status = rad_signer_read(path, &me, error);
    if (status == RAD_OK) status = rad_state_folder(NULL, state, error);
    if (status == RAD_OK) status = rad_state_ledger(state, me.public_key, path, error);
    if (status == RAD_OK) status = rad_ledger_begin(path, &me, error);
    rad_signer_wipe(&me);
    if (status == RAD_OK) rad_show(stdout, "%s: its ledger; keep it, and a copy of it\n", path);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *folder = a->value[OUTPUT] ? a->value[OUTPUT] : ".", *name = a->operand[0];
    rad_hold_secrets();
    rad_status status = rad_signer_make(name, folder, error);
    if (status == RAD_OK)
        rad_show(stdout, "%s/%s.key: secret; keep it at the site, readable for nobody else\n", folder, name);
    if (status == RAD_OK)
        rad_show(stdout, "%s/%s.pub: give it to those who have to trust it, by a way that both trust\n",
                 folder, name);
    rad_error why = {0};
    if (status == RAD_OK && begin_ledger(name, folder, &why) != RAD_OK)
        rad_show(stderr,
                 "radiomill: warning: %s: no ledger is begun; the first summary needs --begin-ledger\n",
                 why.text);
    return status;
}

const rad_command rad_command_keygen = {
    "keygen",
    "NAME",
    1,
    1,
    "Makes the keys by which a site signs its summaries, or a coordinator studies and harmonisations.",
    options,
    sizeof options / sizeof options[0],
    run,
};
