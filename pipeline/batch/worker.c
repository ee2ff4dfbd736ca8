#include "worker.h"

#include "../../core/clock.h"
#include "../../core/memory.h"
#include "../case_files.h"
#include "../stamps.h"
#include "beside.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct job {
    size_t row;
    int threads;
} job;

/* Before an identity (length 0) or an outcome, whose rows follow. */
typedef struct message {
    rad_answer kind;
    rad_identity identity;
    rad_outcome outcome; /* its pointer means nothing on the other side */
} message;

static bool send_all(int to, const void *bytes, size_t length) {
    for (size_t sent = 0; sent < length;) {
        const ssize_t n = send(to, (const char *)bytes + sent, length - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        sent += (size_t)n;
    }
    return true;
}

static bool receive_all(int from, void *bytes, size_t length) {
    for (size_t got = 0; got < length;) {
        const ssize_t n = recv(from, (char *)bytes + got, length - got, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        got += (size_t)n;
    }
    return true;
}

void rad_identity_make(const rad_work *work, const rad_manifest_row *row, rad_identity *identity) {
    const char *roi = row->roi ? row->roi : "", *series = row->series ? row->series : "";
    const char *volume = row->volume ? row->volume : "";
    rad_piece_of pieces[6 + 2 * RAD_CASE_SETTINGS] = {{&identity->image, sizeof identity->image},
                                                      {&identity->mask, sizeof identity->mask},
                                                      {roi, strlen(roi)},
                                                      {series, strlen(series)},
                                                      {&work->settings_id, sizeof work->settings_id},
                                                      {volume, strlen(volume)}};
    size_t count = *volume ? 6 : 5; /* as before there were volumes */
    for (size_t i = 0; i < RAD_CASE_SETTINGS; i++) {
        if (!row->setting[i]) continue;
        const char *key = rad_manifest_setting(i);
        pieces[count++] = (rad_piece_of){key, strlen(key)};
        pieces[count++] = (rad_piece_of){row->setting[i], strlen(row->setting[i])};
    }
    rad_fingerprint_pieces(pieces, count, &identity->id);
}

/* Resets the peak of resident memory, so that each case has its own. */
static void reset_peak(void) {
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file) return;
    fputs("5", file);
    fclose(file);
}

static size_t peak(void) {
    char line[256];
    unsigned long long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %llu kB", &kilobytes) == 1) break;
    if (file) fclose(file);
    return (size_t)kilobytes << 10;
}

static rad_status identify(const rad_work *work, const rad_manifest_row *row, rad_identity *who,
                           rad_error *error) {
    rad_stamps stamps = {.image = {{0}}};
    rad_status status = rad_stamps_take(row->image, row->mask, &stamps, error);
    who->image_stamp = stamps.image;
    who->mask_stamp = stamps.mask;
    if (status == RAD_OK) status = rad_fingerprint_content(row->image, &who->image, error);
    if (status == RAD_OK) status = rad_fingerprint_content(row->mask, &who->mask, error);
    if (status == RAD_OK) rad_identity_make(work, row, who);
    return status;
}

/* Are the files still those that the identity was made of? */
static bool unchanged(const rad_manifest_row *row, const rad_identity *before) {
    const rad_stamps stamps = {before->image_stamp, before->mask_stamp};
    return rad_stamps_check(row->image, row->mask, &stamps, NULL) == RAD_OK;
}

/* As many warnings as there is room for, and how many there are more. */
static void join_warnings(const rad_warnings *warnings, char *text, size_t length) {
    enum { TAIL = 32 };
    size_t used = 0, i = 0;
    for (; i < warnings->count && i < RAD_WARNINGS_KEPT; i++) {
        const size_t needed = strlen(warnings->text[i]) + 3;
        if (used + needed + TAIL > length) break;
        used += (size_t)snprintf(text + used, length - used, "%s%s", i ? " | " : "", warnings->text[i]);
    }
    if (i < warnings->count)
        snprintf(text + used, length - used, "%sand %zu more", i ? " | " : "", warnings->count - i);
}

/* The settings of a case: a copy that borrows, with what its row says. */
static rad_status settings_of(const rad_work *work, const rad_manifest_row *row, rad_settings *own,
                              rad_error *error) {
    rad_status status = RAD_OK;
    *own = *work->settings;
    for (size_t i = 0; i < RAD_CASE_SETTINGS && status == RAD_OK; i++) {
        const char *const words[] = {row->setting[i]};
        if (words[0]) status = rad_settings_set_words(own, rad_manifest_setting(i), words, 1, error);
    }
    return status;
}

static void compute(const rad_work *work, const rad_manifest_row *row, int threads, rad_outcome *outcome) {
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_table table = {0};
    rad_extract_options options = work->options;
    const char *const words[] = {row->roi};
    options.case_name = row->name;
    options.choice = (rad_choice){words, row->roi != NULL};
    options.series = row->series;
    options.volume = row->volume;
    options.threads = threads;
    options.stamped = true; /* by what calls this */
    rad_settings settings;
    rad_beside beside;
    rad_beside_begin(&beside, work, row, &warnings);
    options.onlooker = &beside.onlooker;
    outcome->status = settings_of(work, row, &settings, &error);
    if (outcome->status == RAD_OK && work->check_only)
        outcome->status = rad_extract_check((rad_case_paths){row->image, row->mask}, &settings, options,
                                            &outcome->rois, &warnings, &error);
    else if (outcome->status == RAD_OK)
        outcome->status = rad_extract_files((rad_case_paths){row->image, row->mask}, &settings, options,
                                            &table, NULL, &warnings, &error);
    if (!work->check_only) rad_beside_end(&beside, &settings, &options, &table, outcome->status);
    snprintf(outcome->reason, sizeof outcome->reason, "%s", error.text);
    join_warnings(&warnings, outcome->warnings, sizeof outcome->warnings);
    if ((outcome->status == RAD_OK || outcome->status == RAD_PARTIAL) && !work->check_only) {
        const rad_status packed = rad_outcome_pack(&table, outcome, &error);
        if (packed != RAD_OK) {
            outcome->status = packed;
            snprintf(outcome->reason, sizeof outcome->reason, "%s", error.text);
        }
    }
    rad_table_free(&table);
}

/* The identity of the case to the parent, who knows whether to go on: GO_ON, LEAVE, or GONE. */
typedef enum next { LEAVE, GO_ON, GONE } next;
static next offer(int channel, const rad_identity *who) {
    const message m = {.kind = RAD_ANSWER_IDENTITY, .identity = *who};
    char yes = 0;
    if (!send_all(channel, &m, sizeof m) || !receive_all(channel, &yes, 1)) return GONE;
    return yes ? GO_ON : LEAVE;
}

/* Identity, then outcome; again where a file was changed in between, since its values would stand under the
 * identity of what was there before. */
static next compute_known(int channel, const rad_work *work, const rad_manifest_row *row, int threads,
                          rad_outcome *outcome) {
    enum { ATTEMPTS = 3 };
    rad_error error = {0};
    rad_identity who = {0};
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        rad_outcome_free(outcome);
        outcome->status = identify(work, row, &who, &error);
        snprintf(outcome->reason, sizeof outcome->reason, "%s", error.text);
        if (outcome->status != RAD_OK) return GO_ON;
        const next then = offer(channel, &who);
        if (then != GO_ON) return then;
        compute(work, row, threads, outcome);
        if (unchanged(row, &who)) return GO_ON;
    }
    rad_outcome_free(outcome);
    outcome->status = RAD_UNREADABLE;
    snprintf(outcome->reason, sizeof outcome->reason,
             "%s, %s: image or mask was changed while it was read, %d times; run again when nothing writes "
             "to them",
             row->image, row->mask, ATTEMPTS);
    return GO_ON;
}

/* One case; false when the parent is gone. */
static bool serve(int channel, const rad_work *work, const job *j) {
    message m = {.kind = RAD_ANSWER_OUTCOME};
    rad_manifest_row row = {.field = NULL};
    rad_error error = {0};
    next then = GO_ON;
    const double begin = rad_clock_seconds();
    reset_peak();
    m.outcome.status = rad_manifest_read(work->manifest, j->row, &row, &error);
    snprintf(m.outcome.reason, sizeof m.outcome.reason, "%s", error.text);
    if (m.outcome.status == RAD_OK && work->check_only)
        compute(work, &row, j->threads, &m.outcome);
    else if (m.outcome.status == RAD_OK)
        then = compute_known(channel, work, &row, j->threads, &m.outcome);
    m.outcome.seconds = rad_clock_seconds() - begin;
    m.outcome.memory = peak();
    const bool alive = then == LEAVE || (then == GO_ON && send_all(channel, &m, sizeof m) &&
                                         send_all(channel, m.outcome.rows, m.outcome.length));
    rad_outcome_free(&m.outcome);
    rad_manifest_row_free(&row);
    return alive;
}

/* Ends with the parent, whatever happens to it; interrupts are the parent's to handle. */
static _Noreturn void live(int channel, const rad_work *work) {
    job j;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGUSR1, SIG_IGN);
#ifndef __SANITIZE_ADDRESS__ /* whose shadow counts as data */
    const struct rlimit limit = {work->memory, work->memory};
    if (work->memory) setrlimit(RLIMIT_DATA, &limit);
#endif
    while (receive_all(channel, &j, sizeof j) && serve(channel, work, &j)) {
    }
    _exit(0);
}

static rad_status fail_start(rad_error *error) {
    const rad_status status = rad_errno_status(RAD_NO_RESULT);
    return rad_fail(error, status, "a worker process cannot be started: %s%s", strerror(errno),
                    status == RAD_NO_MEMORY
                        ? ""
                        : "; use fewer --threads, or allow more processes and open files (ulimit -u, -n)");
}

rad_status rad_worker_start(const rad_work *work, rad_worker *worker, rad_error *error) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return fail_start(error);
    fflush(NULL);
    worker->pid = fork();
    if (worker->pid == 0) {
        close(pair[0]);
        live(pair[1], work);
    }
    const rad_status status = worker->pid < 0 ? fail_start(error) : RAD_OK;
    close(pair[1]);
    if (status != RAD_OK) {
        close(pair[0]);
        return status;
    }
    worker->channel = pair[0] + 1;
    return RAD_OK;
}

bool rad_worker_give(const rad_worker *worker, size_t row, int threads) {
    const job j = {row, threads};
    return send_all(worker->channel - 1, &j, sizeof j);
}

bool rad_worker_go_on(const rad_worker *worker, bool yes) {
    const char go = yes;
    return send_all(worker->channel - 1, &go, 1);
}

rad_answer rad_worker_receive(const rad_worker *worker, rad_identity *identity, rad_outcome *outcome) {
    message m;
    if (!receive_all(worker->channel - 1, &m, sizeof m)) return RAD_ANSWER_DEAD;
    *identity = m.identity;
    if (m.kind == RAD_ANSWER_IDENTITY) return RAD_ANSWER_IDENTITY;
    *outcome = m.outcome;
    outcome->rows = rad_new_raw(outcome->length, 1, NULL);
    if (outcome->rows && receive_all(worker->channel - 1, outcome->rows, outcome->length))
        return RAD_ANSWER_OUTCOME;
    rad_outcome_free(outcome);
    return RAD_ANSWER_DEAD;
}

/* In words: what a reader of cases.csv can do about it. */
static void say_how(int state, char *how, size_t length) {
    const int number = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
    const char *name = number ? sigabbrev_np(number) : NULL;
    if (!number)
        snprintf(how, length, "the process of the case ended with code %d", WEXITSTATUS(state));
    else
        snprintf(how, length, "the process of the case died by signal %d (SIG%s, %s)%s", number,
                 name ? name : "?", strsignal(number),
                 number == SIGKILL
                     ? "; the system does that where memory is short: try --memory or fewer threads"
                     : "");
}

void rad_worker_stop(rad_worker *worker, char *how, size_t length) {
    int state = 0;
    if (worker->channel) close(worker->channel - 1);
    if (worker->pid > 0) {
        kill(worker->pid, SIGKILL);
        while (waitpid(worker->pid, &state, 0) < 0 && errno == EINTR) {
        }
    }
    if (how) say_how(state, how, length);
    *worker = (rad_worker){0};
}
