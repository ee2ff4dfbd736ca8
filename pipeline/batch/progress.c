#include "progress.h"

#include "../../core/clock.h"
#include "../../core/printable.h"
#include "../../core/terminal.h"
#include "../../io/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void left_text(const rad_progress *p, char text[32]) {
    const double passed = rad_clock_seconds() - p->begin;
    const size_t ended = p->done + p->failed;
    const double rate = p->computed ? (double)p->computed / passed : 0;
    const double left = rate > 0 && p->total > ended ? (double)(p->total - ended) / rate : 0;
    if (!(rate > 0))
        snprintf(text, 32, "--:--");
    else if (left >= 3600)
        snprintf(text, 32, "%.0f:%02.0f h", left / 3600 - 0.5 > 0 ? (double)(long)(left / 3600) : 0,
                 (double)((long)left / 60 % 60));
    else
        snprintf(text, 32, "%ld:%02ld", (long)left / 60, (long)left % 60);
}

enum { BAR = 24, PARTS = 5 };

/* What is told, and in which order parts go where there is no room: 0 never does. */
typedef struct part {
    char text[64];
    int first; /* to go */
} part;

static void make_parts(const rad_progress *p, part parts[PARTS]) {
    char left[32];
    const double passed = rad_clock_seconds() - p->begin;
    left_text(p, left);
    memset(parts, 0, PARTS * sizeof *parts);
    snprintf(parts[0].text, sizeof parts[0].text, "%zu of %zu case%s", p->done + p->failed, p->total,
             rad_plural(p->total));
    snprintf(parts[1].text, sizeof parts[1].text, "%zu failed", p->failed);
    snprintf(parts[2].text, sizeof parts[2].text, "%.1f cases/s",
             passed > 0 ? (double)p->computed / passed : 0);
    snprintf(parts[3].text, sizeof parts[3].text, "%s left", left);
    snprintf(parts[4].text, sizeof parts[4].text, "%zu MB", p->memory >> 20);
    parts[4].first = 1;
    parts[2].first = 3;
    parts[1].first = 4;
    parts[3].first = 5;
}

static size_t width_of(const part parts[PARTS], bool bar) {
    size_t width = bar ? BAR + 3 : 0;
    bool some = false;
    for (int i = 0; i < PARTS; i++) {
        if (!*parts[i].text) continue;
        width += strlen(parts[i].text) + (some ? 2 : 0);
        some = true;
    }
    return width;
}

void rad_progress_line(const rad_progress *p, bool bar, size_t columns, char *text, size_t length) {
    part parts[PARTS];
    size_t used = 0;
    make_parts(p, parts);
    for (int turn = 1; turn <= PARTS && width_of(parts, bar) >= columns; turn++) {
        if (turn == 2) bar = false;
        for (int i = 0; i < PARTS; i++)
            if (parts[i].first == turn) *parts[i].text = '\0';
    }
    const size_t full = p->total ? (p->done + p->failed) * BAR / p->total : BAR;
    snprintf(text, length, "%s", "");
    if (bar)
        used += (size_t)snprintf(text, length, "[%.*s%.*s] ", (int)full, "########################",
                                 (int)(BAR - full), "........................");
    for (int i = 0; i < PARTS && used < length; i++)
        if (*parts[i].text)
            used += (size_t)snprintf(text + used, length - used, "%s%s", i ? ", " : "", parts[i].text);
    if (columns < length && columns) text[columns - 1] = '\0';
}

void rad_progress_state(const rad_progress *p) {
    char text[256];
    rad_progress_line(p, false, sizeof text, text, sizeof text);
    fprintf(stderr, "%sradiomill: %s\n", p->bar ? "\r\033[K" : "", text);
}

void rad_progress_draw(rad_progress *p, bool now) {
    char text[256];
    const double time = rad_clock_seconds();
    if (!p->bar || (!now && time - p->drawn < 0.2)) return;
    p->drawn = time;
    rad_progress_line(p, true, (size_t)rad_terminal_columns(STDERR_FILENO), text, sizeof text);
    fprintf(stderr, "\r\033[K%s", text);
    fflush(stderr);
}

static const char *word_of(const rad_outcome *o) {
    return !o ? "known" : o->status == RAD_OK ? "done" : o->status == RAD_PARTIAL ? "partial" : "failed";
}

static void put_json(const rad_progress *p, const char *name, const rad_outcome *o) {
    const size_t ended = p->done + p->failed;
    json_t *line = json_pack("{s:s#, s:s, s:I, s:I}", "case", name, (int)strlen(name), "status", word_of(o),
                             "ended", (json_int_t)ended, "total", (json_int_t)p->total);
    if (o) {
        rad_tree_set(&line, "seconds", json_real(o->seconds));
        rad_tree_set(&line, "memory_mb", json_integer((json_int_t)o->memory / 1048576));
        if (*o->reason) rad_tree_set(&line, "reason", json_string(o->reason));
        if (*o->warnings) rad_tree_set(&line, "warnings", json_string(o->warnings));
    }
    rad_bytes text = {0};
    if (rad_tree_text(line, JSON_COMPACT, &text, NULL) == RAD_OK)
        rad_show(stderr, "%s\n", (const char *)text.data); /* its escapes are those of JSON */
    else
        fputs("{\"status\":\"unknown: out of memory\"}\n", stderr);
    rad_bytes_free(&text);
}

static void put_line(const rad_progress *p, const char *name, const rad_outcome *o) {
    if (p->bar) fputs("\r\033[K", stderr);
    rad_show(stderr, "radiomill: %s: %s, %zu ROI%s, %.2f s, %zu MB%s%s\n", name, word_of(o), o->rois,
             rad_plural(o->rois), o->seconds, o->memory >> 20, *o->reason ? ": " : "", o->reason);
}

void rad_progress_case(rad_progress *p, const char *name, const rad_outcome *o) {
    if (p->json)
        put_json(p, name, o);
    else if (o && (p->lines || (p->bar && o->status != RAD_OK)))
        put_line(p, name, o);
    rad_progress_draw(p, false);
}

void rad_progress_end(rad_progress *p) {
    rad_progress_draw(p, true);
    if (p->bar) fputc('\n', stderr);
}
