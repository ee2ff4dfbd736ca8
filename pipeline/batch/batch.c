#include "batch.h"

#include "../../core/clock.h"
#include "../../core/memory.h"
#include "../../core/terminal.h"
#include "../../features/families.h"
#include "../../io/scan/source.h"
#include "progress.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

/* A worker and the case that it is at. */
typedef struct slot {
    rad_worker worker;
    bool busy, identified;
    size_t row, estimate, resident;
    int threads;
    double begin;
    char *name; /* of the case, owned */
    rad_identity who;
} slot;

typedef struct batch {
    const rad_batch_options *o;
    rad_journal *journal;
    rad_case *cases;
    rad_batch_result *result;
    rad_progress progress;
    slot *slots;
    size_t slot_count, next; /* rows from next on were not given to anyone */
    int signals;             /* descriptor */
    double looked;           /* at the memory of the workers */
    size_t ahead, needed;    /* the row whose bytes are estimated already, plus 1 */
    bool stopping;           /* too many failures: no new cases */
} batch;

static bool is_mine(const batch *b, size_t row) {
    return !b->o->shards || row % b->o->shards == b->o->shard - 1;
}

static rad_case_state state_of(rad_status status) {
    return status == RAD_OK ? RAD_CASE_DONE : status == RAD_PARTIAL ? RAD_CASE_PARTIAL : RAD_CASE_FAILED;
}

/* Counts a case that came to its end. */
static void settle(batch *b, size_t row, rad_status status, bool computed) {
    rad_batch_result *r = b->result;
    b->cases[row].state = (unsigned char)state_of(status);
    const bool failed = b->cases[row].state == RAD_CASE_FAILED;
    r->done += b->cases[row].state == RAD_CASE_DONE;
    r->partial += b->cases[row].state == RAD_CASE_PARTIAL;
    r->failed += failed;
    r->computed += computed;
    r->damaged += b->cases[row].damaged;
    b->progress.done += !failed;
    b->progress.failed += failed;
    b->progress.computed += computed;
    if (r->failed + r->partial > b->o->max_failures) b->stopping = true;
}

/* Is a case of this status left as it is? */
static bool stays(const batch *b, rad_status status) {
    return !b->o->force && state_of(status) == RAD_CASE_DONE;
}

rad_status rad_batch_look_up(const rad_work *work, rad_journal *journal, size_t row, rad_case *c,
                             rad_error *error) {
    rad_manifest_row r;
    rad_identity who;
    rad_status status = rad_manifest_read(work->manifest, row, &r, error), found;
    size_t size;
    if (status != RAD_OK) return status;
    bool known = false;
    const rad_status image = rad_fingerprint_stamp(r.image, &who.image_stamp, &size, error),
                     mask = rad_fingerprint_stamp(r.mask, &who.mask_stamp, &size, error);
    if (image == RAD_NO_MEMORY || mask == RAD_NO_MEMORY) status = RAD_NO_MEMORY;
    if (image == RAD_OK && mask == RAD_OK)
        status = rad_journal_find_file(journal, r.image, &who.image_stamp, &who.image, &known, error);
    if (status == RAD_OK && known)
        status = rad_journal_find_file(journal, r.mask, &who.mask_stamp, &who.mask, &known, error);
    if (known) {
        rad_identity_make(work, &r, &who);
        c->id = who.id;
    } else { /* a case whose files could not be read is known by their names */
        const char *roi = r.roi ? r.roi : "", *series = r.series ? r.series : "";
        const char *volume = r.volume ? r.volume : "";
        const rad_piece_of pieces[] = {{"unread", 6},
                                       {r.image, strlen(r.image)},
                                       {r.mask, strlen(r.mask)},
                                       {roi, strlen(roi)},
                                       {series, strlen(series)},
                                       {&work->settings_id, sizeof work->settings_id},
                                       {volume, strlen(volume)}};
        const size_t count = sizeof pieces / sizeof pieces[0];
        rad_fingerprint_pieces(pieces, *volume ? count : count - 1, &c->id);
    }
    rad_record record = RAD_RECORD_NONE;
    if (status == RAD_OK) status = rad_journal_find(journal, &c->id, &record, &found, error);
    if (record == RAD_RECORD_WHOLE) c->state = (unsigned char)state_of(found);
    c->damaged |= record == RAD_RECORD_DAMAGED;
    rad_manifest_row_free(&r);
    return status;
}

/* May there be so many grey levels that a voxel costs more than its intensity? What is unbounded is taken to
 * span 12 bits, as CT does. */
static bool has_many_levels(const rad_feature_settings *f, const double range[2], size_t bytes) {
    enum { MANY = 512, SPAN = 4096 };
    const double given = range[1] - range[0], span = isfinite(given) ? given : SPAN;
    for (size_t i = 0; i < f->discretisation.count; i++) {
        const rad_discretisation *d = &f->discretisation.row[i];
        if (d->binning == RAD_BIN_FBN || d->binning == RAD_BIN_COUNT   ? d->amount >= MANY
            : d->binning == RAD_BIN_FBS || d->binning == RAD_BIN_WIDTH ? span / d->amount >= MANY
                                                                       : bytes > 1)
            return true;
    }
    return false;
}

/* What many levels cost beside that; nothing where textures are not asked for. */
static size_t estimate_levels(const rad_settings *s, size_t voxels, size_t bytes) {
    enum { BYTES = 200 }; /* a voxel of the ROI, which is known to be no larger than the image */
    bool many =
        rad_families_have_texture(s->features.families) && has_many_levels(&s->features, s->range, bytes);
    for (size_t i = 0; i < s->image_count && !many; i++)
        many = rad_families_have_texture(s->images[i].features.families) &&
               has_many_levels(&s->images[i].features, (const double[]){-INFINITY, INFINITY}, sizeof(double));
    return many ? BYTES * voxels : 0;
}

/* Bytes that a case may need: what its header declares and its settings ask for, and room for the program. */
static size_t estimate(const rad_work *work, const rad_manifest_row *row) {
    enum { PROGRAM = 48 << 20 };
    const rad_settings *s = work->settings;
    rad_volume header;
    rad_fingerprint stamp;
    struct stat about;
    size_t bytes = 0, voxels = 0, width = 2;
    const bool is_file =
        !stat(row->image, &about) && S_ISREG(about.st_mode); /* a pipe would hold up the run */
    if (is_file && rad_source_header(row->image, &header, NULL) == RAD_OK) {
        voxels = rad_geometry_count(&header.geometry);
        width = rad_type_size(header.type);
        bytes = voxels * width;
    } else if (rad_fingerprint_stamp(row->image, &stamp, &bytes, NULL) == RAD_OK) {
        voxels = bytes / 2;
    }
    const size_t normalised = s->normalisation.method ? 3 * voxels * sizeof(double) : 0;
    return PROGRAM + bytes + normalised +
           (s->image_count || s->diagnostics ? 5 * voxels * sizeof(double) : 0) +
           estimate_levels(s, voxels, width);
}

/* Asks the system to read ahead, while workers compute. */
static void prefetch(const char *path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return;
    posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED);
    close(file);
}

/* At the next row, while nobody waits for it. */
static void look_ahead(batch *b) {
    rad_manifest_row row;
    if (b->next >= b->o->work.manifest->count ||
        rad_manifest_read(b->o->work.manifest, b->next, &row, NULL) != RAD_OK)
        return;
    prefetch(row.mask);
    prefetch(row.image);
    if (b->o->memory) b->needed = estimate(&b->o->work, &row);
    b->ahead = b->next + 1;
    rad_manifest_row_free(&row);
}

static rad_status start_worker(batch *b, slot *s, rad_error *error) {
    s->busy = false;
    return rad_worker_start(&b->o->work, &s->worker, error);
}

static void free_slot(slot *s) {
    rad_free(s->name);
    s->name = NULL;
    s->busy = false;
}

/* Keeps what came of the case. */
static rad_status keep(batch *b, slot *s, const rad_outcome *outcome, rad_error *error) {
    rad_case *c = &b->cases[s->row];
    if (s->identified) c->id = s->who.id;
    rad_status status = rad_journal_put(b->journal, &c->id, s->name, outcome, error);
    if (status != RAD_OK) return status;
    settle(b, s->row, outcome->status, true);
    if (*outcome->warnings && !b->result->warned++) {
        const char *next = strstr(outcome->warnings, " | ");
        const int length = next ? (int)(next - outcome->warnings) : (int)strlen(outcome->warnings);
        snprintf(b->result->warning, sizeof b->result->warning, "%.60s: %.*s%s", s->name,
                 length < 180 ? length : 180, outcome->warnings, length > 180 ? "..." : "");
    }
    rad_progress_case(&b->progress, s->name, outcome);
    free_slot(s);
    return RAD_OK;
}

/* The case failed with its process; a new process takes its place. */
static rad_status give_up(batch *b, slot *s, const char *why, rad_error *error) {
    rad_outcome outcome = {
        .status = RAD_INTERRUPTED, .seconds = rad_clock_seconds() - s->begin, .memory = s->resident};
    char how[256];
    rad_worker_stop(&s->worker, how, sizeof how);
    snprintf(outcome.reason, sizeof outcome.reason, "%s", why ? why : how);
    rad_status status = s->busy ? keep(b, s, &outcome, error) : RAD_OK;
    return status == RAD_OK ? start_worker(b, s, error) : status;
}

static int threads_in_use(const batch *b) {
    int used = 0;
    for (size_t i = 0; i < b->slot_count; i++) used += b->slots[i].busy ? b->slots[i].threads : 0;
    return used;
}

/* One thread a case while there are cases enough; the last ones share what is free. */
static int threads_for(const batch *b, size_t left) {
    size_t idle = 0;
    for (size_t i = 0; i < b->slot_count; i++) idle += !b->slots[i].busy;
    const int open = b->o->threads - threads_in_use(b);
    if (left > idle || open < 2) return 1;
    return open / (int)left > 1 ? open / (int)left : 1;
}

/* The next row that needs work, from b->next on; false when there is none. Rows that are done are counted. */
static bool find_work(batch *b, rad_error *error, rad_status *status) {
    for (; b->next < b->o->work.manifest->count && !b->stopping; b->next++) {
        rad_case *c = &b->cases[b->next];
        if (!is_mine(b, b->next)) {
            c->state = RAD_CASE_ELSEWHERE;
            continue;
        }
        *status = rad_batch_look_up(&b->o->work, b->journal, b->next, c, error);
        if (*status == RAD_NO_MEMORY) return false;
        if (*status != RAD_OK) { /* the row itself is wrong */
            rad_outcome outcome = {.status = *status};
            snprintf(outcome.reason, sizeof outcome.reason, "%s", error->text);
            *status = RAD_OK;
            settle(b, b->next, outcome.status, false);
            rad_progress_case(&b->progress, "row", &outcome);
            continue;
        }
        const rad_case_state state = (rad_case_state)c->state;
        if (b->o->force || (state == RAD_CASE_MISSING && (!b->o->retry_failed || c->damaged)) ||
            state == RAD_CASE_FAILED || state == RAD_CASE_PARTIAL)
            return true;
        if (state == RAD_CASE_MISSING) continue;
        settle(b, b->next, RAD_OK, false);
        rad_progress_case(&b->progress, "", NULL);
    }
    return false;
}

/* Gives the row at b->next to a worker, if memory allows; false when it must wait. */
static bool give(batch *b, slot *s, rad_error *error, rad_status *status) {
    rad_manifest_row row;
    size_t used = 0, running = 0, left = b->o->work.manifest->count - b->next;
    *status = rad_manifest_read(b->o->work.manifest, b->next, &row, error);
    if (*status != RAD_OK) return false;
    for (size_t i = 0; i < b->slot_count; i++) {
        used += b->slots[i].busy ? b->slots[i].estimate : 0;
        running += b->slots[i].busy;
    }
    const size_t needed = !b->o->memory             ? 0
                          : b->ahead == b->next + 1 ? b->needed
                                                    : estimate(&b->o->work, &row);
    const bool fits = !b->o->memory || !running || used + needed <= b->o->memory;
    if (fits) {
        s->threads = threads_for(b, b->o->shards ? (left + b->o->shards - 1) / b->o->shards : left);
        s->row = b->next;
        s->estimate = needed;
        s->begin = rad_clock_seconds();
        s->identified = false;
        s->busy = true;
        s->name = rad_text_copy(row.name, error);
        if (!s->name) *status = RAD_NO_MEMORY;
        b->cases[b->next++].state = RAD_CASE_MISSING;
        if (*status == RAD_OK && !rad_worker_give(&s->worker, s->row, s->threads))
            *status = give_up(b, s, NULL, error);
    }
    rad_manifest_row_free(&row);
    if (fits) look_ahead(b);
    return fits;
}

static rad_status give_all(batch *b, rad_error *error) {
    rad_status status = RAD_OK;
    for (size_t i = 0; i < b->slot_count && status == RAD_OK && !b->stopping; i++)
        if (!b->slots[i].busy && (!find_work(b, error, &status) || !give(b, &b->slots[i], error, &status)))
            break;
    return status;
}

/* The files of a case that is known now. */
static rad_status keep_files(batch *b, const slot *s, rad_error *error) {
    rad_manifest_row row;
    rad_status status = rad_manifest_read(b->o->work.manifest, s->row, &row, error);
    if (status != RAD_OK) return status;
    status = rad_journal_put_file(b->journal, row.image, &s->who.image_stamp, &s->who.image, error);
    if (status == RAD_OK)
        status = rad_journal_put_file(b->journal, row.mask, &s->who.mask_stamp, &s->who.mask, error);
    rad_manifest_row_free(&row);
    return status;
}

/* The worker knows what the case is: is it done already, under other names? It waits for the answer. */
static rad_status decide(batch *b, slot *s, rad_error *error) {
    rad_status known;
    rad_record record;
    s->identified = true;
    rad_status status = rad_journal_find(b->journal, &s->who.id, &record, &known, error);
    if (status != RAD_OK) return status;
    b->cases[s->row].damaged |= record == RAD_RECORD_DAMAGED;
    const bool skip = record == RAD_RECORD_WHOLE && stays(b, known);
    const bool alive = rad_worker_go_on(&s->worker, !skip);
    status = keep_files(b, s, error);
    if (status != RAD_OK) return status;
    if (!alive) return give_up(b, s, NULL, error);
    if (skip) {
        b->cases[s->row].id = s->who.id;
        settle(b, s->row, known, false);
        rad_progress_case(&b->progress, s->name, NULL);
        free_slot(s);
    }
    return RAD_OK;
}

/* A worker that has done its case has the next one before this one is kept. */
static rad_status finish(batch *b, slot *s, const rad_outcome *outcome, rad_error *error) {
    if (outcome->status != RAD_OK || b->slot_count < 2) return keep(b, s, outcome, error);
    slot done = *s;
    s->name = NULL;
    s->busy = false;
    rad_error why = {0};
    const rad_status given = give_all(b, &why), kept = keep(b, &done, outcome, error);
    free_slot(&done); /* where it could not be kept */
    if (kept == RAD_OK && given != RAD_OK) *error = why;
    return kept == RAD_OK ? given : kept;
}

static rad_status receive(batch *b, slot *s, rad_error *error) {
    rad_outcome outcome = {.status = RAD_OK};
    rad_identity who;
    rad_status status = RAD_OK;
    switch (rad_worker_receive(&s->worker, &who, &outcome)) {
    case RAD_ANSWER_IDENTITY:
        s->who = who;
        status = decide(b, s, error);
        break;
    case RAD_ANSWER_OUTCOME:
        status = finish(b, s, &outcome, error);
        if (status == RAD_OK && outcome.status == RAD_NO_MEMORY) { /* libraries may not be what they were */
            rad_worker_stop(&s->worker, NULL, 0);
            status = start_worker(b, s, error);
        }
        break;
    default:
        status = give_up(b, s, NULL, error);
    }
    rad_outcome_free(&outcome);
    return status;
}

static size_t resident_of(pid_t pid) {
    char path[64];
    unsigned long long pages = 0, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    if (fscanf(file, "%llu %llu", &pages, &resident) != 2) resident = 0;
    fclose(file);
    return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}

/* Ends cases that take too long or, together with the others, too much. */
static rad_status watch(batch *b, rad_error *error) {
    const double now = rad_clock_seconds();
    rad_status status = RAD_OK;
    char why[160];
    for (size_t i = 0; i < b->slot_count && b->o->timeout > 0 && status == RAD_OK; i++) {
        if (!b->slots[i].busy || now - b->slots[i].begin <= b->o->timeout) continue;
        snprintf(why, sizeof why, "took longer than the %g s that --timeout allows", b->o->timeout);
        status = give_up(b, &b->slots[i], why, error);
    }
    if (now - b->looked < 0.1 || status != RAD_OK) return status;
    b->looked = now;
    slot *largest = NULL;
    b->progress.memory = 0;
    for (size_t i = 0; i < b->slot_count; i++) {
        slot *s = &b->slots[i];
        s->resident = resident_of(s->worker.pid);
        b->progress.memory += s->resident;
        if (s->busy && (!largest || s->resident > largest->resident)) largest = s;
    }
    if (!b->o->memory || b->progress.memory <= b->o->memory || !largest) return RAD_OK;
    snprintf(why, sizeof why, "needed more memory (%zu MB) than --memory leaves", largest->resident >> 20);
    return give_up(b, largest, why, error);
}

/* Signals that have come; false when the run is to end. */
static bool read_signals(batch *b) {
    struct signalfd_siginfo info;
    while (read(b->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGUSR1) {
            rad_progress_state(&b->progress);
            continue;
        }
        b->result->signal = (int)info.ssi_signo;
        return false;
    }
    return true;
}

/* Until every case has its end, or the run is stopped. */
static rad_status loop(batch *b, struct pollfd *polls, rad_error *error) {
    for (;;) {
        size_t busy = 0;
        rad_status status = give_all(b, error);
        if (status != RAD_OK) return status;
        polls[b->slot_count] = (struct pollfd){.fd = b->signals, .events = POLLIN};
        for (size_t i = 0; i < b->slot_count; i++) {
            polls[i] = (struct pollfd){.fd = b->slots[i].worker.channel - 1, .events = POLLIN};
            busy += b->slots[i].busy;
        }
        if (!busy) return RAD_OK;
        if (poll(polls, b->slot_count + 1, 100) < 0 && errno != EINTR)
            return rad_fail(error, rad_errno_status(RAD_NO_RESULT),
                            "cannot wait for the worker processes: %s", strerror(errno));
        if (polls[b->slot_count].revents && !read_signals(b)) return RAD_OK;
        for (size_t i = 0; i < b->slot_count && status == RAD_OK; i++)
            if (polls[i].revents) status = receive(b, &b->slots[i], error);
        if (status == RAD_OK) status = watch(b, error);
        if (status == RAD_OK) status = rad_journal_sync(b->journal, false, error);
        if (status != RAD_OK) return status;
        rad_progress_draw(&b->progress, false);
    }
}

static size_t count_mine(const batch *b) {
    const size_t count = b->o->work.manifest->count, shards = b->o->shards;
    return shards ? count / shards + (count % shards >= b->o->shard) : count;
}

rad_status rad_batch_run(const rad_batch_options *options, rad_journal *journal, rad_case *cases,
                         rad_batch_result *result, rad_error *error) {
    batch b = {.o = options, .journal = journal, .cases = cases, .result = result};
    sigset_t mine, before;
    const size_t rows = count_mine(&b);
    *result = (rad_batch_result){.cases = rows};
    b.progress =
        (rad_progress){.total = rows,
                       .begin = rad_clock_seconds(),
                       .bar = !options->quiet && !options->json_lines && rad_terminal_redraws(STDERR_FILENO),
                       .json = options->json_lines};
    b.progress.lines = !options->quiet && !b.progress.bar && !b.progress.json;
    b.slot_count = rows < (size_t)options->threads ? rows : (size_t)options->threads;
    sigemptyset(&mine);
    sigaddset(&mine, SIGINT);
    sigaddset(&mine, SIGTERM);
    sigaddset(&mine, SIGUSR1);
    sigprocmask(SIG_BLOCK, &mine, &before);
    b.signals = signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
    rad_status status = RAD_OK;
    if (b.signals < 0)
        status = rad_fail(error, rad_errno_status(RAD_NO_RESULT), "signals cannot be received: %s",
                          strerror(errno));
    b.slots = rad_new(b.slot_count, sizeof *b.slots, error);
    struct pollfd *polls = rad_new(b.slot_count + 1, sizeof *polls, error);
    if (!b.slots || !polls) status = RAD_NO_MEMORY;
    for (size_t i = 0; i < b.slot_count && status == RAD_OK; i++)
        status = start_worker(&b, &b.slots[i], error);
    if (status == RAD_OK) status = loop(&b, polls, error);
    for (size_t i = 0; b.slots && i < b.slot_count; i++) {
        rad_worker_stop(&b.slots[i].worker, NULL, 0);
        free_slot(&b.slots[i]);
    }
    if (status == RAD_OK) status = rad_journal_sync(journal, true, error);
    rad_progress_end(&b.progress);
    if (b.signals >= 0) close(b.signals);
    sigprocmask(SIG_SETMASK, &before, NULL);
    rad_free(b.slots);
    rad_free(polls);
    result->missing = rows - result->done - result->failed - result->partial;
    return status;
}

/* A row of a table of hashes; row + 1, so that 0 is an empty place. */
typedef struct place {
    uint64_t hash;
    size_t row;
} place;

static rad_status key_of(const rad_manifest *m, size_t row, uint64_t *hash, rad_error *error) {
    rad_manifest_row r;
    rad_fingerprint f;
    rad_status status = rad_manifest_read(m, row, &r, error);
    *hash = 0;
    if (status != RAD_OK) return RAD_OK; /* said when it is its turn */
    const char *roi = r.roi ? r.roi : "";
    const rad_piece_of pieces[] = {{r.name, strlen(r.name)}, {roi, strlen(roi)}};
    rad_fingerprint_pieces(pieces, 2, &f);
    memcpy(hash, f.bytes, sizeof *hash);
    rad_manifest_row_free(&r);
    return RAD_OK;
}

static rad_status check_row(const rad_manifest *m, size_t row, place *table, size_t slots, rad_error *error) {
    uint64_t hash;
    rad_status status = key_of(m, row, &hash, error);
    if (!hash || status != RAD_OK) return status;
    size_t at = (size_t)hash & (slots - 1);
    for (; table[at].row; at = (at + 1) & (slots - 1)) {
        if (table[at].hash != hash) continue;
        rad_manifest_row r;
        if (rad_manifest_read(m, row, &r, error) != RAD_OK) return RAD_OK;
        status =
            rad_fail(error, RAD_CONFIG,
                     "%s: rows %zu and %zu are both case %.200s%s%.100s; give each case a name of its own%s",
                     m->sheet.path, table[at].row, row + 1, r.name, r.roi ? ", ROI " : "", r.roi ? r.roi : "",
                     m->column[RAD_ROLE_CASE] < m->sheet.columns ? "" : " in a column case");
        rad_manifest_row_free(&r);
        return status;
    }
    table[at] = (place){hash, row + 1};
    return RAD_OK;
}

rad_status rad_batch_check_names(const rad_manifest *m, rad_error *error) {
    size_t slots = 64;
    while (slots < 2 * m->count) slots *= 2;
    place *table = rad_new(slots, sizeof *table, error);
    rad_status status = table ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < m->count && status == RAD_OK; i++) status = check_row(m, i, table, slots, error);
    rad_free(table);
    return status;
}
