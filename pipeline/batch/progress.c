#include "progress.h"

#include "../../core/clock.h"
#include "../../core/printable.h"
#include "../../io/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void put_state(const rad_progress *p, FILE *to) {
    char left[32];
    const double passed = rad_clock_seconds() - p->begin;
    left_text(p, left);
    fprintf(to, "%zu of %zu cases, %zu failed, %.1f cases/s, %s left, %zu MB", p->done + p->failed, p->total,
            p->failed, passed > 0 ? (double)p->computed / passed : 0, left, p->memory >> 20);
}

void rad_progress_state(const rad_progress *p) {
    fputs(p->bar ? "\r\033[Kradiomill: " : "radiomill: ", stderr);
    put_state(p, stderr);
    fputc('\n', stderr);
}

void rad_progress_draw(rad_progress *p, bool now) {
    enum { WIDTH = 24 };
    const double time = rad_clock_seconds();
    if (!p->bar || (!now && time - p->drawn < 0.2)) return;
    p->drawn = time;
    const size_t full = p->total ? (p->done + p->failed) * WIDTH / p->total : WIDTH;
    fputs("\r\033[K[", stderr);
    for (size_t i = 0; i < WIDTH; i++) fputc(i < full ? '#' : '.', stderr);
    fputs("] ", stderr);
    put_state(p, stderr);
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
    rad_show(stderr, "radiomill: %s: %s, %zu ROIs, %.2f s, %zu MB%s%s\n", name, word_of(o), o->rois,
             o->seconds, o->memory >> 20, *o->reason ? ": " : "", o->reason);
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
