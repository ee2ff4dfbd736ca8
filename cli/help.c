#include "help.h"

#include "../core/printable.h"
#include "../filters/filters.h"
#include "../pipeline/images.h"
#include "arguments.h"
#include "screen.h"

#include <stdio.h>
#include <string.h>

enum { KEY_COLUMN = 17 };

static void put_key(const rad_key *key, const rad_image *standard) {
    char takes[256], usual[256], text[640];
    snprintf(text, sizeof text, "%s; %s; default %s", key->help, rad_key_takes(key, takes, sizeof takes),
             rad_key_words(key, standard, usual, sizeof usual));
    const int left = printf("    %-12s ", key->name);
    rad_arguments_wrap(stdout, text, KEY_COLUMN, left > 0 ? (size_t)left : KEY_COLUMN);
}

/* Every filter with the keys that it takes. */
static void put_filters(void) {
    printf("\nFilters, and the keys that each takes:\n");
    for (const rad_filter *const *f = rad_filters; *f; f++) {
        rad_image standard = {.name = ""};
        rad_filter_default(*f, &standard.options);
        printf("\n");
        rad_screen_put(4, "  %s%s%s%s: %s", (*f)->name, *(*f)->code ? " (" : "", (*f)->code,
                       *(*f)->code ? ")" : "", (*f)->help);
        for (const rad_key *const *key = (*f)->keys; key && *key; key++) put_key(*key, &standard);
        if (!(*f)->keys || !*(*f)->keys) printf("    takes no keys\n");
    }
}

/* What the help of a command says beside its options. */
typedef struct more {
    const char *command;
    void (*put)(void);
    const char *examples[4]; /* a line, or two: what it does after a tab */
} more;

static const more rows[] = {
    {"batch",
     NULL,
     {"radiomill batch cases.csv -c settings.yaml -o RUN", "radiomill batch cases.csv --dry-run",
      "radiomill batch cases.csv -o RUN --retry-failed"}},
    {"collect", NULL, {"radiomill collect RUN"}},
    {"completion",
     NULL,
     {"radiomill completion bash >/usr/share/bash-completion/completions/radiomill",
      "eval \"$(radiomill completion bash)\"",
      "radiomill completion fish >~/.config/fish/completions/radiomill.fish"}},
    {"extract",
     NULL,
     {"radiomill extract ct.nii.gz mask.nii.gz -o features.csv",
      "radiomill extract CT_FOLDER rtstruct.dcm --roi GTV-1 -c ibsi-c -o f.json",
      "radiomill extract pet.nii.gz mask.nii.gz -c pet --picture seen.png"}},
    {"features", NULL, {"radiomill features SUVmax", "radiomill features entropy"}},
    {"filter",
     put_filters,
     {"radiomill filter ct.nii.gz log sigma=1.5 -o map.nii.gz",
      "radiomill filter CT_FOLDER wavelet wavelet=coif1 subband=LLH -o map.nii.gz"}},
    {"harmonise", NULL, {"radiomill harmonise RUN -s study.yaml -m harmonisation.json --site A"}},
    {"info", NULL, {"radiomill info DICOM_FOLDER", "radiomill info mask.nii.gz --labels"}},
    {"keygen", NULL, {"radiomill keygen A"}},
    {"ledger", NULL, {"radiomill ledger -k A.key"}},
    {"manifest",
     NULL,
     {"radiomill manifest STUDY -o cases.csv",
      "radiomill manifest STUDY --image 'ct*' --mask '*_seg*' -o cases.csv"}},
    {"methods", NULL, {"radiomill methods RUN >methods.txt"}},
    {"pool", NULL, {"radiomill pool study.yaml *.radsum -k trusted -o pooled"}},
    {"settings", NULL, {"radiomill settings ct >settings.yaml", "radiomill settings --list"}},
    {"sign", NULL, {"radiomill sign -k coordinator.key study.yaml"}},
    {"slurm", NULL, {"radiomill slurm cases.csv -c settings.yaml -o RUN -n 20 -- --mem-per-cpu=2G"}},
    {"study",
     NULL,
     {"radiomill study init RUN clinical.csv -o study.yaml", "radiomill study check study.yaml"}},
    {"summarise",
     NULL,
     {"radiomill summarise RUN -s study.yaml -k A.key --preview",
      "radiomill summarise RUN -s study.yaml -k A.key"}},
    {"table",
     NULL,
     {"radiomill table RUN --wide -o patients.csv",
      "radiomill table RUN --by timepoint,roi --delta before,after -o patients.csv"}},
    {"validate",
     NULL,
     {"radiomill validate --only digital_phantom", "radiomill validate --data DIR --require all"}},
};

void rad_help_put(const rad_command *command) {
    rad_arguments_help(command);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].command, command->name) != 0) continue;
        if (rows[i].put) rows[i].put();
        printf("\nExamples:\n");
        for (size_t k = 0; k < sizeof rows[i].examples / sizeof rows[i].examples[0] && rows[i].examples[k];
             k++)
            rad_screen_put_command(2, rows[i].examples[k]);
    }
}
