#include "command.h"
#include "screen.h"

#include "../core/printable.h"
#include "../federate/site/ledger.h"
#include "../federate/site/rotation.h"
#include "../federate/site/state.h"

#include <stdio.h>

enum { OUTPUT, ROTATE };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "DIR", "folder of the two files; default: here"},
    [ROTATE] = {"--rotate", 0, "OLD.key", "the key that this one takes the place of: its ledger goes on"},
};

/* Where the ledger of that key is. */
static rad_status find_ledger(const rad_signer *me, char path[RAD_STATE_PATH], rad_error *error) {
    char folder[RAD_STATE_PATH];
    const rad_status status = rad_state_folder(NULL, folder, error);
    return status == RAD_OK ? rad_state_ledger(folder, me->public_key, path, error) : status;
}

static rad_status read_made(const char *name, const char *folder, rad_signer *me, rad_error *error) {
    char path[RAD_STATE_PATH];
    snprintf(path, sizeof path, "%s/%s.key", folder, name);
    return rad_signer_read(path, me, error);
}

/* The ledger of the key, so that it is there when something leaves. */
static rad_status begin_ledger(const char *name, const char *folder, rad_error *error) {
    char path[RAD_STATE_PATH];
    rad_signer me;
    rad_status status = read_made(name, folder, &me, error);
    if (status == RAD_OK) status = find_ledger(&me, path, error);
    if (status == RAD_OK) status = rad_ledger_begin(path, &me, error);
    rad_signer_wipe(&me);
    if (status == RAD_OK) rad_screen_put(4, "%s: its ledger; keep it, and a copy of it", path);
    return status;
}

static rad_status make_keys(const char *name, const char *folder, rad_error *error) {
    const rad_status status = rad_signer_make(name, folder, error);
    if (status == RAD_OK)
        rad_screen_put(4, "%s/%s.key: secret; keep it at the site, readable for nobody else", folder, name);
    if (status == RAD_OK)
        rad_screen_put(4, "%s/%s.pub: give it to those who have to trust it, by a way that both trust",
                       folder, name);
    return status;
}

/* The new key is made when the ledger of the old one is there and whole. */
static rad_status rotate(const char *name, const char *folder, const char *old, rad_error *error) {
    char from[RAD_STATE_PATH], to[RAD_STATE_PATH];
    rad_signer before = {.name = ""}, after = {.name = ""};
    rad_ledger *ledger = NULL;
    rad_status status = rad_signer_read(old, &before, error);
    if (status == RAD_OK) status = find_ledger(&before, from, error);
    if (status == RAD_OK)
        status = rad_ledger_open(&(rad_ledger_place){.path = from}, &before, &ledger, error);
    if (status == RAD_OK) status = make_keys(name, folder, error);
    if (status == RAD_OK) status = read_made(name, folder, &after, error);
    if (status == RAD_OK) status = find_ledger(&after, to, error);
    if (status == RAD_OK) status = rad_rotation_make(ledger, &after, to, error);
    if (status == RAD_OK)
        rad_screen_put(4, "%s: its ledger, which goes on from that of %s, with which nothing leaves any more",
                       to, old);
    rad_ledger_close(ledger);
    rad_signer_wipe(&before);
    rad_signer_wipe(&after);
    return status;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *folder = a->value[OUTPUT] ? a->value[OUTPUT] : ".", *name = a->operand[0];
    rad_hold_secrets();
    if (a->value[ROTATE]) return rotate(name, folder, a->value[ROTATE], error);
    const rad_status status = make_keys(name, folder, error);
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
