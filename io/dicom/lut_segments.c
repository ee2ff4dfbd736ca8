#include "lut_segments.h"

#include <math.h>

enum { DISCRETE, LINEAR, INDIRECT };

/* Segments that are being read. */
typedef struct walk {
    const rad_dicom_bytes *bytes;
    size_t units, room; /* of the input and of the output */
    size_t got;
    double *values;
    bool words;
} walk;

static unsigned unit(const walk *w, size_t at) {
    if (w->words) return rad_dicom_short_at(w->bytes, at);
    return w->bytes->bytes[w->bytes->big_endian ? at ^ 1 : at];
}

/* What a segment may lack, in words; NULL: nothing. */
static const char *read_values(walk *w, size_t at, size_t count, size_t *end) {
    if (count > w->units - at) return "a run of values is cut";
    if (count > w->room - w->got) return "it has more entries than its descriptor says";
    for (size_t i = 0; i < count; i++) w->values[w->got++] = unit(w, at + i);
    *end = at + count;
    return NULL;
}

static const char *read_line(walk *w, size_t at, size_t count, size_t *end) {
    if (at == w->units) return "a line has no end";
    if (!w->got) return "it begins with a line, which has no value to begin at";
    if (count > w->room - w->got) return "it has more entries than its descriptor says";
    const double from = w->values[w->got - 1], to = unit(w, at);
    for (size_t i = 1; i <= count; i++)
        w->values[w->got++] = rint(from + (to - from) * (double)i / (double)count);
    *end = at + 1;
    return NULL;
}

static const char *read_again(walk *w, size_t at, size_t count, size_t *end);

/* One segment from unit `at` on; one that is read again leads to no third. */
static const char *read_segment(walk *w, size_t at, bool again, size_t *end) {
    if (w->units - at < 2) return "a segment is cut";
    const unsigned kind = unit(w, at), count = unit(w, at + 1);
    if (again && !count)
        return "a segment that is read again is empty"; /* many of them would take for ever */
    if (kind == DISCRETE) return read_values(w, at + 2, count, end);
    if (kind == LINEAR) return read_line(w, at + 2, count, end);
    if (kind != INDIRECT) return "a segment is of an unknown kind";
    return again ? "a segment leads to one that leads on" : read_again(w, at + 2, count, end);
}

/* So many segments from the byte on that stands here, in 32 bits, the low half first. */
static const char *read_again(walk *w, size_t at, size_t count, size_t *end) {
    const size_t size = w->words ? 2 : 1, wide = w->words ? 2 : 4;
    size_t from = 0;
    const char *why = NULL;
    if (w->units - at < wide) return "a segment is cut";
    for (size_t i = wide; i-- > 0;) from = from << (w->words ? 16 : 8) | unit(w, at + i);
    if (from % size || from / size + 2 >= at) return "a segment leads to none before it";
    from /= size;
    for (size_t i = 0; i < count && !why; i++)
        why = from < at ? read_segment(w, from, true, &from) : "a segment leads to none before it";
    *end = at + wide;
    return why;
}

rad_status rad_lut_segments_read(const rad_dicom_bytes *segments, bool words, const char *path, size_t count,
                                 double *values, rad_error *error) {
    walk w = {.bytes = segments, .room = count, .values = values, .words = words};
    w.units = words ? segments->length / 2 : segments->length & ~(size_t)1;
    const char *why = NULL;
    for (size_t at = 0; at < w.units && w.got < count && !why;) why = read_segment(&w, at, false, &at);
    if (!why && w.got < count) why = "it has fewer entries than its descriptor says";
    if (!why) return RAD_OK;
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: its palette in segments is damaged: %s; save it in grey values", path, why);
}
