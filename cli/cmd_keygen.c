#include "command.h"

#include "../core/printable.h"
#include "../federate/signer.h"

#include <stdio.h>

enum { OUTPUT };
static const rad_option options[] = {
    [OUTPUT] = {"--output", 'o', "DIR", "folder of the two files; default: here"},
};

static rad_status run(const rad_arguments *a, rad_error *error) {
    const char *folder = a->value[OUTPUT] ? a->value[OUTPUT] : ".", *name = a->operand[0];
    rad_hold_secrets();
    rad_status status = rad_signer_make(name, folder, error);
    if (status == RAD_OK)
        rad_show(stdout, "%s/%s.key: secret; keep it at the site, readable for nobody else\n", folder, name);
    if (status == RAD_OK)
        rad_show(stdout, "%s/%s.pub: give it to those who have to trust it, by a way that both trust\n",
                 folder, name);
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
