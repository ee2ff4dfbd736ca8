/* Settings as a file to edit: a preset with its comments, or every key with what it takes. */
#include "command.h"

#include "../core/builtin.h"
#include "../core/nearest.h"
#include "../pipeline/settings.h"
#include "from_pyradiomics.h"
#include "presets.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LIST, FROM };
static const rad_option options[] = {
    [LIST] = {"--list", 'l', NULL, "the names of all presets"},
    [FROM] = {"--from", 0, "FILE", "a parameter file of PyRadiomics as settings of the IBSI's standard"},
};

enum { COLUMNS = 116 };

/* Words in lines that begin with a #. */
static void put_comment(const char *text, const char *indent) {
    size_t column = 0;
    for (const char *at = text; *at;) {
        const size_t length = strcspn(at, " ");
        const bool begins = !column || column + 1 + length > COLUMNS;
        if (begins && column) printf("\n");
        if (begins) column = (size_t)printf("%s#", indent);
        column += (size_t)printf(" %.*s", (int)length, at);
        at += length + strspn(at + length, " ");
    }
    printf("\n");
}

/* Every key with its default, as a file that reads back to the defaults. */
static void put_defaults(void) {
    rad_settings usual;
    size_t count, group = 0;
    const rad_key *keys = rad_settings_keys(&count);
    rad_settings_default(&usual);
    put_comment("All settings, with their defaults. `radiomill settings ct` (mr, pet, us) prints a place to "
                "start from.",
                "");
    for (size_t i = 0; i < count; i++) {
        char text[768], takes[512], words[512];
        const char *dot = strchr(keys[i].name, '.');
        const size_t own = dot ? (size_t)(dot - keys[i].name) : 0;
        if (own && (own != group || strncmp(keys[i].name, keys[i - 1].name, own) != 0))
            printf("\n%.*s:\n", (int)own, keys[i].name);
        else
            printf(own ? "" : "\n");
        group = own;
        snprintf(text, sizeof text, "%s; %s", keys[i].help, rad_key_takes(&keys[i], takes, sizeof takes));
        put_comment(text, own ? "  " : "");
        const bool list = rad_key_is_list(&keys[i]);
        printf("%s%s: %s%s%s\n", own ? "  " : "", dot ? dot + 1 : keys[i].name, list ? "[" : "",
               rad_key_words(&keys[i], &usual, words, sizeof words), list ? "]" : "");
    }
    printf("\n");
    put_comment("response maps of filters, beside the original, such as - log: {sigma: [1, 2, 3]}; "
                "`radiomill help filter` "
                "has the keys of each",
                "");
    printf("images: []\n");
    rad_settings_clear(&usual);
}

static rad_status refuse_preset(const char *name, rad_error *error) {
    rad_nearest nearest = {NULL, SIZE_MAX};
    char kept[64], word[64] = "";
    size_t at = 0;
    for (const char *known; (known = rad_presets_next(&at, kept));) {
        const size_t before = nearest.distance;
        rad_nearest_try(&nearest, name, known);
        if (nearest.distance < before) snprintf(word, sizeof word, "%s", known);
    }
    const bool near = rad_word_is_near(name, nearest.distance);
    return rad_fail(error, RAD_NOTHING,
                    "settings: no preset is called %.64s%s%s; `radiomill settings --list` has all", name,
                    near ? "; the nearest is " : "", near ? word : "");
}

static rad_status put_preset(const char *name, rad_error *error) {
    char file[80];
    snprintf(file, sizeof file, "%.64s.yaml", name);
    const rad_embedded_file *preset = rad_embedded_find(file);
    if (!preset) return refuse_preset(name, error);
    fwrite(preset->text, 1, preset->length, stdout);
    return RAD_OK;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    char kept[64];
    size_t at = 0;
    if (a->value[FROM] && (a->operands || a->value[LIST]))
        return rad_fail(error, RAD_USAGE, "settings: --from goes without a preset and without --list");
    if (a->value[FROM]) return rad_from_pyradiomics(a->value[FROM], error);
    if (a->operands) return put_preset(a->operand[0], error);
    if (!a->value[LIST]) put_defaults();
    for (const char *name; a->value[LIST] && (name = rad_presets_next(&at, kept));) printf("%s\n", name);
    return RAD_OK;
}

const rad_command rad_command_settings = {
    "settings",
    "[PRESET]",
    0,
    1,
    "Settings as a file to edit: every key, or a preset with its sources (ct, mr, pet, us, ibsi-...).",
    options,
    sizeof options / sizeof options[0],
    run,
};
