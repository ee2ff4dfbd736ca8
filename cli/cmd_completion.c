/* Scripts that complete command lines: written from the tables of commands and options. */
#include "commands.h"
#include "presets.h"

#include "../filters/filters.h"
#include "../pipeline/validate/validate.h"

#include <stdio.h>
#include <string.h>

static void put_commands(void) {
    for (const rad_command *const *c = rad_commands; *c; c++) printf(" %s", (*c)->name);
    printf(" help version");
}

static void put_presets(void) {
    char kept[64];
    size_t at = 0;
    for (const char *name; (name = rad_presets_next(&at, kept));) printf(" %s", name);
}

static void put_presets_and_auto(void) {
    put_presets();
    printf(" auto");
}

static void put_filters(void) {
    for (const rad_filter *const *f = rad_filters; *f; f++) printf(" %s", (*f)->name);
}

static void put_sets(void) {
    for (size_t i = 0; i < RAD_DATA_SETS; i++) printf(" %s", rad_data_sets[i].name);
    printf(" maps");
}

static void put_suv(void) {
    size_t count;
    const rad_key *keys = rad_settings_keys(&count), *suv = rad_key_find(keys, count, "suv");
    for (size_t i = 0; suv && suv->words[i]; i++) printf(" %s", suv->words[i]);
}

static void put_formulas(void) {
    printf(" quote keep");
}

static void put_actions(void) {
    printf(" init check");
}

static void put_shells(void) {
    printf(" bash zsh fish");
}

/* Words that a value, or an operand (option ""), may be beside files; command "": of any command. */
typedef struct words {
    const char *command, *option;
    void (*put)(void);
} words;

static const words rows[] = {
    {"extract", "--settings", put_presets_and_auto},
    {"batch", "--settings", put_presets_and_auto},
    {"slurm", "--settings", put_presets},
    {"", "--suv", put_suv},
    {"", "--formulas", put_formulas},
    {"validate", "--only", put_sets},
    {"filter", "", put_filters},
    {"settings", "", put_presets},
    {"study", "", put_actions},
    {"completion", "", put_shells},
    {"help", "", put_commands},
};

static const words *find_words(const char *command, const char *option) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((!*rows[i].command || !strcmp(rows[i].command, command)) && !strcmp(rows[i].option, option))
            return &rows[i];
    return NULL;
}

/* The options of a command, each with its letter. */
static void put_options(const rad_command *command) {
    for (size_t i = 0; i < command->option_count; i++) {
        printf(" %s", command->options[i].name);
        if (command->options[i].letter) printf(" -%c", command->options[i].letter);
    }
    printf(" --help");
}

/* A pattern of `case` for the option: "--name|-n". */
static void put_pattern(const rad_option *option) {
    printf("%s", option->name);
    if (option->letter) printf("|-%c", option->letter);
}

/* One branch of `case "$command"`: what may follow an option that takes a value, what may stand elsewhere. */
static void put_bash_command(const rad_command *c) {
    const words *operand = find_words(c->name, "");
    printf("    %s)\n        case $before in\n", c->name);
    for (size_t i = 0; i < c->option_count; i++) {
        const words *known = find_words(c->name, c->options[i].name);
        if (!c->options[i].value || *c->options[i].value == '[') continue;
        printf("        ");
        put_pattern(&c->options[i]);
        printf(") words=\"");
        if (known) known->put();
        printf("\" ;;\n");
    }
    printf("        *) words=\"");
    put_options(c);
    if (operand) operand->put();
    printf("\" ;;\n        esac ;;\n");
}

static void put_bash(void) {
    printf("# Completion of radiomill for bash, written by `radiomill completion bash`.\n"
           "_radiomill() {\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
           "    COMPREPLY=()\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words=\"");
    put_commands();
    printf("\"\n        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n        return\n    fi\n"
           "    case ${COMP_WORDS[1]} in\n");
    for (const rad_command *const *c = rad_commands; *c; c++) put_bash_command(*c);
    printf("    help) words=\"");
    put_commands();
    printf("\" ;;\n    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "    case $word in -*) ;; *) local IFS=$'\\n'; COMPREPLY+=($(compgen -f -- \"$word\")) ;; esac\n"
           "}\n"
           "complete -o filenames -F _radiomill radiomill\n");
}

/* zsh runs functions of bash. */
static void put_zsh(void) {
    printf("#compdef radiomill\n# Completion of radiomill for zsh, written by `radiomill completion zsh`.\n"
           "autoload -U +X bashcompinit && bashcompinit\n");
    put_bash();
}

/* Text within single quotes of fish. */
static void put_quoted(const char *text) {
    putchar('\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\') putchar('\\');
        putchar(*text);
    }
    putchar('\'');
}

static void put_fish_command(const rad_command *c) {
    const words *operand = find_words(c->name, "");
    printf("complete -c radiomill -n __fish_use_subcommand -a %s -f -d ", c->name);
    put_quoted(c->help);
    putchar('\n');
    for (size_t i = 0; i < c->option_count; i++) {
        const rad_option *o = &c->options[i];
        const words *known = find_words(c->name, o->name);
        const bool one_dash = o->name[1] != '-'; /* as "-od" */
        printf("complete -c radiomill -n '__fish_seen_subcommand_from %s' -%c %s", c->name,
               one_dash ? 'o' : 'l', o->name + (one_dash ? 1 : 2));
        if (o->letter) printf(" -s %c", o->letter);
        if (o->value && *o->value != '[') printf(" -r");
        if (known) printf(" -a '");
        if (known) known->put();
        if (known) printf("'");
        printf(" -d ");
        put_quoted(o->help);
        putchar('\n');
    }
    if (!operand) return;
    printf("complete -c radiomill -n '__fish_seen_subcommand_from %s' -a '", c->name);
    operand->put();
    printf("'\n");
}

static void put_fish(void) {
    printf("# Completion of radiomill for fish, written by `radiomill completion fish`.\n");
    for (const rad_command *const *c = rad_commands; *c; c++) put_fish_command(*c);
    printf("complete -c radiomill -n __fish_use_subcommand -a 'help version' -f\n"
           "complete -c radiomill -n '__fish_seen_subcommand_from help' -f -a '");
    put_commands();
    printf("'\n");
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    static const struct {
        const char *name;
        void (*put)(void);
    } shells[] = {{"bash", put_bash}, {"zsh", put_zsh}, {"fish", put_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (!strcmp(a->operand[0], shells[i].name)) {
            shells[i].put();
            return RAD_OK;
        }
    return rad_fail(error, RAD_USAGE, "completion: %s is none of bash, zsh, fish", a->operand[0]);
}

const rad_command rad_command_completion = {
    "completion", "SHELL", 1,   1, "The script that completes command lines in a shell: bash, zsh or fish.",
    NULL,         0,       run,
};
