#include "command.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../io/bytes.h"
#include "../io/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SETTINGS, RUN, TASKS, RESAMPLE, ANY_FRAME, PICTURES, NO_SUBMIT };
static const rad_option options[] = {
    [SETTINGS] = {"--settings", 'c', "FILE", "settings file or preset, as for batch"},
    [RUN] = {"--output", 'o', "RUN", "the run directory, on a file system that all nodes share"},
    [TASKS] = {"--tasks", 'n', "N", "jobs of the array, each with its share of the cases"},
    [RESAMPLE] = {"--resample-mask", 0, NULL, "as for batch"},
    [ANY_FRAME] = {"--ignore-frame-of-reference", 0, NULL, "as for batch"},
    [PICTURES] = {"--pictures", 0, NULL, "as for batch"},
    [NO_SUBMIT] = {"--no-submit", 0, NULL, "write the two scripts into the run directory only"},
};

/* A word as the shell takes it: 'it'\''s'. */
static void put_word(FILE *out, const char *word) {
    fputc('\'', out);
    for (; word && *word; word++) fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
    fputc('\'', out);
}

typedef struct plan {
    char *program, *cases, *settings, *run;
    long long tasks;
    char array[4096], collect[4096];
} plan;

/* What a script is made of; what sbatch is called with. */
typedef struct script {
    const rad_arguments *arguments;
    const plan *plan;
    const char *path, *after;
} script;

/* A job that is killed and put back into the queue goes on where its journal ends. */
static rad_status put_array(FILE *out, void *context, rad_error *error) {
    const script *s = context;
    const plan *p = s->plan;
    (void)error;
    fprintf(out,
            "#!/bin/sh\n#SBATCH --job-name=radiomill\n#SBATCH --array=1-%lld\n#SBATCH --requeue\n#SBATCH "
            "--open-mode=append\nexec ",
            p->tasks);
    put_word(out, p->program);
    fputs(" batch ", out);
    put_word(out, p->cases);
    fputs(" -o ", out);
    put_word(out, p->run);
    if (p->settings) {
        fputs(" -c ", out);
        put_word(out, p->settings);
    }
    for (int i = RESAMPLE; i <= PICTURES; i++)
        if (s->arguments->value[i]) fprintf(out, " %s", options[i].name);
    fputs(" --threads \"${SLURM_CPUS_PER_TASK:-1}\"\n", out);
    return RAD_OK;
}

static rad_status put_collect(FILE *out, void *context, rad_error *error) {
    const plan *p = ((const script *)context)->plan;
    (void)error;
    fputs("#!/bin/sh\n#SBATCH --job-name=radiomill-collect\nexec ", out);
    put_word(out, p->program);
    fputs(" collect ", out);
    put_word(out, p->run);
    fputs("\n", out);
    return RAD_OK;
}

/* Writes the script as an executable file. */
static rad_status write_script(rad_put_body *body, const rad_arguments *a, const plan *p, const char *path,
                               rad_error *error) {
    script s = {.arguments = a, .plan = p};
    rad_status status = rad_bytes_stream(path, body, &s, error);
    if (status == RAD_OK && chmod(path, 0777 & ~022) != 0)
        return rad_fail(error, RAD_UNWRITABLE, "%s: %s", path, strerror(errno));
    return status;
}

static rad_status put_call(FILE *out, void *context, rad_error *error) {
    const script *s = context;
    (void)error;
    fputs("sbatch --parsable --output=", out);
    put_word(out, s->plan->run);
    fputs(s->after ? "/slurm-%j.log" : "/slurm-%A_%a.log", out);
    if (s->after) fprintf(out, " --dependency=afterany:%s", s->after);
    for (size_t i = 1; i < s->arguments->operands; i++) {
        fputc(' ', out);
        put_word(out, s->arguments->operand[i]);
    }
    fputc(' ', out);
    put_word(out, s->path);
    return RAD_OK;
}

/* Submits a script; its job id goes to `id`. */
static rad_status submit(const rad_arguments *a, const plan *p, const char *path, const char *after,
                         char id[64], rad_error *error) {
    script s = {a, p, path, after};
    rad_bytes call;
    rad_status status = rad_sink_collect(put_call, &s, &call, error);
    if (status != RAD_OK) return status;
    fflush(NULL);
    FILE *pipe = popen((const char *)call.data, "r");
    rad_bytes_free(&call);
    *id = '\0';
    if (pipe && fgets(id, 64, pipe)) id[strcspn(id, ";\n")] = '\0';
    const int code = pipe ? pclose(pipe) : -1;
    if (!code && *id) return RAD_OK;
    return rad_fail(error, RAD_UNWRITABLE,
                    "sbatch refused %s (exit code %d); is Slurm installed, and are its options right?", path,
                    WIFEXITED(code) ? WEXITSTATUS(code) : -1);
}

static rad_status submit_both(const rad_arguments *a, const plan *p, rad_error *error) {
    char array[64], collect[64];
    rad_status status = submit(a, p, p->array, NULL, array, error);
    if (status == RAD_OK) status = submit(a, p, p->collect, array, collect, error);
    if (status == RAD_OK)
        rad_show(stdout, "array job %s: %lld tasks; job %s collects them in %s\n", array, p->tasks, collect,
                 p->run);
    return status;
}

static rad_status make_plan(const rad_arguments *a, plan *p, rad_error *error) {
    if (!a->value[RUN] || !a->value[TASKS])
        return rad_fail(error, RAD_USAGE, "slurm: --output RUN and --tasks N are needed");
    rad_status status = rad_argument_integer("--tasks", a->value[TASKS], 1, 100000, &p->tasks, error);
    if (status != RAD_OK) return status;
    if (access(a->operand[0], R_OK) != 0)
        return rad_fail(error, RAD_UNREADABLE, "%s: cannot be read: %s", a->operand[0], strerror(errno));
    if (mkdir(a->value[RUN], 0777) != 0 && errno != EEXIST)
        return rad_fail(error, RAD_UNWRITABLE, "%s: cannot be created: %s", a->value[RUN], strerror(errno));
    p->program = rad_file_path_or_name("/proc/self/exe", error);
    p->cases = rad_file_path_or_name(a->operand[0], error);
    p->run = rad_file_path_or_name(a->value[RUN], error);
    /* a preset is no file */
    p->settings = a->value[SETTINGS] ? rad_file_path_or_name(a->value[SETTINGS], error) : NULL;
    if (!p->program || !p->cases || !p->run || (a->value[SETTINGS] && !p->settings)) return RAD_NO_MEMORY;
    snprintf(p->array, sizeof p->array, "%.4000s/array.sh", p->run);
    snprintf(p->collect, sizeof p->collect, "%.4000s/collect.sh", p->run);
    return RAD_OK;
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    plan p = {.tasks = 0};
    rad_status status = make_plan(a, &p, error);
    if (status == RAD_OK) status = write_script(put_array, a, &p, p.array, error);
    if (status == RAD_OK) status = write_script(put_collect, a, &p, p.collect, error);
    if (status == RAD_OK && !a->value[NO_SUBMIT]) status = submit_both(a, &p, error);
    for (int i = 0; i < 2 && status == RAD_OK && a->value[NO_SUBMIT]; i++)
        rad_show(stdout, "%s\n", i ? p.collect : p.array);
    rad_free(p.program);
    rad_free(p.cases);
    rad_free(p.settings);
    rad_free(p.run);
    return status;
}

const rad_command rad_command_slurm = {
    "slurm",
    "CASES.csv [-- SBATCH-OPTION ...]",
    1,
    RAD_OPERANDS_MAX,
    "A batch as an array job of Slurm, and a job that collects its shards.",
    options,
    sizeof options / sizeof options[0],
    run,
};
