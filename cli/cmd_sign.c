#include "command.h"
#include "screen.h"

#include "../federate/signed.h"

#include <stdio.h>

enum { KEY };
static const rad_option options[] = {
    [KEY] = {"--key", 'k', "COORDINATOR.key", "secret key, by `radiomill keygen`"},
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_signer me;
    if (!a->value[KEY]) return rad_fail(error, RAD_USAGE, "sign: --key is needed");
    rad_hold_secrets();
    rad_status status = rad_signer_read(a->value[KEY], &me, error);
    for (size_t i = 0; i < a->operands && status == RAD_OK; i++) {
        status = rad_signed_write(a->operand[i], &me, error);
        if (status == RAD_OK) rad_screen_put(4, "%s.sig: signed by %s", a->operand[i], me.name);
    }
    rad_signer_wipe(&me);
    return status;
}

const rad_command rad_command_sign = {
    "sign",
    "FILE...",
    1,
    RAD_OPERANDS_MAX,
    "Signs a study, a signature, or a harmonisation.json, as its coordinator: writes FILE.sig beside it.",
    options,
    sizeof options / sizeof options[0],
    run,
};
