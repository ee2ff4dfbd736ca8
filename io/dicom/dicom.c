#include "dicom.h"

#include "../../core/memory.h"
#include "../file.h"
#include "../stream.h"
#include "charset.h"
#include "opening.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 32 };
static const uint32_t ITEM = 0xFFFEE000, ITEM_END = 0xFFFEE00D, SEQUENCE_END = 0xFFFEE0DD,
                      UNDEFINED = 0xFFFFFFFF;

/* Elements lie in the order of the file; those inside of a sequence follow it, up to `next`. The data set of
 * the file and the items of sequences are entries too. */
typedef struct rad_dicom_element {
    const rad_dicom *file;
    uint32_t tag;
    uint32_t length;
    size_t offset; /* of the value */
    size_t next;   /* entry after the last one inside */
    size_t end;    /* of an item: the entry after the last item of its sequence */
} element;

struct rad_dicom {
    const char *path;
    int descriptor;
    rad_stream stream;  /* of a deflated data set ... */
    size_t deflated_at; /* ... which begins there; else 0 */
    size_t size;        /* of the file; of a deflated data set until its end is met: what it can be at most */
    unsigned char *bytes; /* what is read of it */
    size_t read;
    element *elements;
    size_t count, element_room;
    bool implicit, big_endian;
    char syntax[65];
    rad_pixel_data pixels;
    bool has_pixels, has_floats;
};

/* Where the parser is: elements up to `limit` belong to what is being parsed. */
typedef struct cursor {
    rad_dicom *file;
    size_t at, limit;
    bool implicit, big_endian;
    int depth;
    rad_error *error;
} cursor;

static rad_status damaged(const cursor *c, const char *what) {
    return rad_fail(c->error, RAD_UNREADABLE,
                    "%s: truncated or damaged at byte %zu of %zu: %s; fetch it again", c->file->path, c->at,
                    c->file->size, what);
}

/* More bytes of the file, up to `goal`; fewer at the end of a deflated data set, whose size is then known. */
static rad_status read_on(const cursor *c, size_t goal) {
    rad_dicom *f = c->file;
    size_t got = 0;
    unsigned char *more = rad_new_raw(goal, 1, c->error);
    if (!more) return RAD_NO_MEMORY;
    if (f->read) memcpy(more, f->bytes, f->read);
    rad_free(f->bytes);
    f->bytes = more;
    if (f->deflated_at) {
        rad_status status =
            rad_stream_read_some(&f->stream, f->bytes + f->read, goal - f->read, &got, c->error);
        if (status == RAD_OK && got < goal - f->read) f->size = f->read + got;
        f->read += got;
        return status;
    }
    while (f->read < goal) {
        const ssize_t some = pread(f->descriptor, f->bytes + f->read, goal - f->read, (off_t)f->read);
        if (some < 0 && errno == EINTR) continue;
        if (some < 0) return rad_fail(c->error, RAD_UNREADABLE, "%s: %s", f->path, strerror(errno));
        if (!some) return damaged(c, "the file became shorter");
        f->read += (size_t)some;
    }
    return RAD_OK;
}

/* Has bytes up to `end` in memory. Reads on in steps that double; what a deflated data set says is not
 * believed before it is there. */
static rad_status need(const cursor *c, size_t end) {
    rad_dicom *f = c->file;
    rad_status status = RAD_OK;
    while (status == RAD_OK && end > f->read) {
        if (end > c->limit || end > f->size) return damaged(c, "an element is longer than its container");
        size_t goal = f->read ? 2 * f->read : 1 << 14;
        if (goal < end && !f->deflated_at) goal = end;
        if (goal > f->size) goal = f->size;
        status = read_on(c, goal);
    }
    return status == RAD_OK && end > c->limit ? damaged(c, "an element is longer than its container")
                                              : status;
}

static uint32_t half(const cursor *c, size_t at) {
    const unsigned char *b = c->file->bytes + at;
    return c->big_endian ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

static uint32_t whole(const cursor *c, size_t at) {
    return c->big_endian ? half(c, at) << 16 | half(c, at + 2) : half(c, at + 2) << 16 | half(c, at);
}

static rad_status add(const cursor *c, element e, size_t *index) {
    rad_dicom *f = c->file;
    if (rad_grow(&f->elements, f->count, &f->element_room, sizeof e, c->error) != RAD_OK)
        return RAD_NO_MEMORY;
    e.file = f;
    *index = f->count;
    f->elements[f->count++] = e;
    f->elements[*index].next = f->count;
    return RAD_OK;
}

/* Value representations whose length has four bytes after two that are reserved. */
static bool is_long(const char vr[2]) {
    static const char words[] = "OBODOFOLOVOWSQSVUCUNURUTUV";
    for (size_t i = 0; i + 1 < sizeof words; i += 2)
        if (!memcmp(vr, words + i, 2)) return true;
    return false;
}

/* Tag, VR ("" where it is implicit) and length; the cursor goes to the value. */
static rad_status read_head(cursor *c, element *e, char vr[3]) {
    rad_status status = need(c, c->at + 8);
    if (status != RAD_OK) return status;
    e->tag = half(c, c->at) << 16 | half(c, c->at + 2);
    memset(vr, 0, 3);
    size_t head = 8;
    if (c->implicit || e->tag >> 16 == 0xFFFE) {
        e->length = whole(c, c->at + 4);
    } else {
        memcpy(vr, c->file->bytes + c->at + 4, 2);
        if (vr[0] < 'A' || vr[0] > 'Z' || vr[1] < 'A' || vr[1] > 'Z')
            return damaged(c, "a value representation is missing");
        head = is_long(vr) ? 12 : 8;
        status = need(c, c->at + head);
        if (status == RAD_OK) e->length = head == 12 ? whole(c, c->at + 8) : half(c, c->at + 6);
    }
    c->at += head;
    e->offset = c->at;
    return status;
}

/* The fragments of an image inside of a sequence, such as an icon. */
static rad_status skip_fragments(cursor *c) {
    for (;;) {
        element e = {0};
        char vr[3];
        rad_status status = read_head(c, &e, vr);
        if (status != RAD_OK || e.tag == SEQUENCE_END) return status;
        if (e.tag != ITEM || e.length > c->limit - c->at) return damaged(c, "a fragment is missing");
        c->at += e.length;
    }
}

static rad_status parse(cursor *c, bool open);

/* The items of a sequence, each with its elements. */
static rad_status read_items(cursor *c, bool open) {
    rad_dicom *f = c->file;
    const size_t first = f->count;
    rad_status status = RAD_OK;
    while (status == RAD_OK && (open || c->at < c->limit)) {
        element e = {0};
        char vr[3];
        size_t index = 0;
        status = read_head(c, &e, vr);
        if (status != RAD_OK || (e.tag == SEQUENCE_END && open)) break;
        if (e.tag != ITEM) return damaged(c, "an item is missing");
        const bool undefined = e.length == UNDEFINED;
        if (!undefined && e.length > c->limit - c->at)
            return damaged(c, "an item is longer than its sequence");
        status = add(c, e, &index);
        if (status != RAD_OK) break;
        cursor inner = *c;
        inner.limit = undefined ? c->limit : c->at + e.length;
        status = parse(&inner, undefined);
        c->at = inner.at;
        f->elements[index].next = f->count;
    }
    for (size_t i = first; i < f->count; i = f->elements[i].next) f->elements[i].end = f->count;
    return status;
}

/* One element of a data set, with all that is inside. Without a VR, sequences are told by their tag or by
 * their undefined length. */
static rad_status read_value(cursor *c, const element *e, const char *vr) {
    const bool undefined = e->length == UNDEFINED, unknown = !*vr || !strcmp(vr, "UN");
    if (!undefined && e->length > c->limit - c->at) return damaged(c, "a value is longer than its container");
    if (undefined && (!strcmp(vr, "OB") || !strcmp(vr, "OW"))) return skip_fragments(c);
    const bool sequence =
        !strcmp(vr, "SQ") || (unknown && (undefined || rad_tag_is_sequence((rad_tag)e->tag)));
    if (!sequence && undefined) return damaged(c, "a value has undefined length");
    if (!sequence) {
        rad_status status = need(c, c->at + e->length);
        c->at += e->length;
        return status;
    }
    if (c->depth == DEPTH_MAX) return damaged(c, "sequences nested more than 32 deep");
    cursor inner = *c;
    inner.depth++;
    if (!strcmp(vr, "UN")) { /* what a machine did not know, it wrote without VR */
        inner.implicit = true;
        inner.big_endian = false;
    }
    if (!undefined) inner.limit = c->at + e->length;
    rad_status status = read_items(&inner, undefined);
    c->at = inner.at;
    return status;
}

/* Do elements end here? A deflated data set says so by its own end. */
static bool is_end(const cursor *c) {
    const rad_dicom *f = c->file;
    if (c->at >= c->limit || !f->deflated_at || c->at < f->read) return c->at >= c->limit;
    const cursor probe = {.file = c->file, .at = c->at, .limit = c->limit};
    return need(&probe, c->at + 1) != RAD_OK && f->size <= c->at;
}

static bool is_pixels(uint32_t tag) {
    return tag == rad_tag_PixelData || tag == rad_tag_FloatPixelData || tag == rad_tag_DoubleFloatPixelData;
}

/* Elements up to the limit or, where the length is open, up to the end of the item. Stops at the PixelData of
 * the file. */
static rad_status parse(cursor *c, bool open) {
    rad_dicom *f = c->file;
    while (open || !is_end(c)) {
        element e = {0};
        char vr[3];
        size_t index = 0;
        rad_status status = read_head(c, &e, vr);
        if (status != RAD_OK) return status;
        if (e.tag == ITEM_END && open) return RAD_OK;
        if (is_pixels(e.tag) && !c->depth) {
            f->has_pixels = true;
            f->has_floats = e.tag != rad_tag_PixelData;
            f->pixels = (rad_pixel_data){.offset = e.offset,
                                         .length = e.length == UNDEFINED ? 0 : e.length,
                                         .encapsulated = e.length == UNDEFINED,
                                         .big_endian = c->big_endian,
                                         .in_words = c->big_endian && !strcmp(vr, "OW"),
                                         .deflated_at = f->deflated_at};
            return RAD_OK;
        }
        status = add(c, e, &index);
        if (status != RAD_OK) return status;
        status = read_value(c, &e, vr);
        f->elements[index].next = f->count;
        if (status == RAD_OK) continue;
        f->elements[index].length = UNDEFINED; /* its value is not whole */
        return status;
    }
    return RAD_OK;
}

/* The file meta information, group 2: always explicit, little endian. */
static rad_status read_meta(cursor *c) {
    for (;;) {
        element e = {0};
        char vr[3];
        rad_status status = need(c, c->at + 8);
        if (status != RAD_OK) return status;
        if (half(c, c->at) != 2) return RAD_OK;
        status = read_head(c, &e, vr);
        if (status == RAD_OK) status = need(c, c->at + e.length);
        if (status != RAD_OK) return status;
        if (e.tag == 0x00020010 && e.length < sizeof c->file->syntax) { /* TransferSyntaxUID */
            memcpy(c->file->syntax, c->file->bytes + e.offset, e.length);
            c->file->syntax[e.length] = '\0';
            c->file->syntax[strcspn(c->file->syntax, " ")] = '\0';
        }
        c->at += e.length;
    }
}

/* From here on bytes are those of the data set, as it is inflated. */
static rad_status inflate(cursor *c) {
    rad_dicom *f = c->file;
    rad_status status = rad_stream_open_at(f->path, c->at, RAD_CODING_RAW, &f->stream, c->error);
    if (status != RAD_OK) return status;
    rad_free(f->bytes);
    f->bytes = NULL;
    f->read = 0;
    f->deflated_at = c->at;
    f->size = c->limit = f->stream.limit;
    c->at = 0;
    return RAD_OK;
}

/* The data set may be written in another way than the meta information says: its first element tells. */
static rad_status choose_form(cursor *c) {
    rad_dicom *f = c->file;
    c->implicit = !strcmp(f->syntax, "1.2.840.10008.1.2");
    c->big_endian = f->big_endian = !strcmp(f->syntax, "1.2.840.10008.1.2.2");
    if (c->big_endian || c->at + 8 > c->limit) return RAD_OK;
    rad_status status = need(c, c->at + 8);
    if (status == RAD_OK) c->implicit = !rad_opening_is_explicit(f->bytes + c->at);
    return status;
}

static rad_status parse_file(rad_dicom *f, const rad_opening *opening, rad_error *error) {
    cursor c = {.file = f, .at = opening->begin, .limit = f->size, .error = error};
    size_t root = 0;
    rad_status status = opening->has_meta ? read_meta(&c) : RAD_OK;
    if (status != RAD_OK) return status;
    if (!*f->syntax) snprintf(f->syntax, sizeof f->syntax, "%s", opening->syntax ? opening->syntax : "");
    if (!*f->syntax) return damaged(&c, "no TransferSyntaxUID (0002,0010)");
    if (!strcmp(f->syntax, "1.2.840.10008.1.2.1.99")) status = inflate(&c);
    if (status == RAD_OK) status = choose_form(&c);
    if (status == RAD_OK) status = add(&c, (element){.tag = ITEM}, &root);
    if (status == RAD_OK) status = parse(&c, false);
    if (f->count) f->elements[root].next = f->elements[root].end = f->count;
    return status;
}

rad_status rad_dicom_look(const char *path, bool *is, rad_error *error) {
    unsigned char head[RAD_OPENING_BYTES];
    struct stat about;
    rad_moment moment;
    rad_opening opening;
    rad_error why; /* of no account but where memory is short */
    size_t length = 0;
    int file;
    rad_status status = rad_file_open(path, &file, &moment, &why);
    if (status == RAD_OK) {
        length = moment.size < sizeof head ? moment.size : sizeof head;
        status = rad_file_read(path, file, head, length, 0, &why);
        close(file);
    }
    if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", why.text);
    *is = status == RAD_OK ? rad_opening_find(head, length, &opening)
                           : !stat(path, &about) && S_ISREG(about.st_mode);
    return RAD_OK;
}

bool rad_dicom_is(const char *path) {
    bool is = true;
    return rad_dicom_look(path, &is, NULL) != RAD_OK || is;
}

static rad_status open_file(const char *path, rad_dicom *f, rad_error *error) {
    f->path = path;
    rad_moment moment;
    rad_opening opening;
    rad_status opened = rad_file_open(path, &f->descriptor, &moment, error);
    f->size = moment.size;
    if (opened != RAD_OK) return opened;
    const cursor c = {.file = f, .limit = f->size, .error = error};
    const size_t head = f->size < RAD_OPENING_BYTES ? f->size : RAD_OPENING_BYTES;
    rad_status status = need(&c, head);
    if (status != RAD_OK) return status;
    if (rad_opening_find(f->bytes, head, &opening)) return parse_file(f, &opening, error);
    return rad_fail(error, RAD_UNREADABLE,
                    "%s: is not a DICOM file: no DICM at byte 128, and no elements of DICOM at its beginning",
                    path);
}

rad_status rad_dicom_open_part(const char *path, rad_dicom **file, rad_error *error) {
    *file = rad_new(1, sizeof **file, error);
    if (!*file) return RAD_NO_MEMORY;
    (*file)->descriptor = -1;
    rad_status status = open_file(path, *file, error);
    if ((*file)->descriptor >= 0) close((*file)->descriptor);
    rad_stream_close(&(*file)->stream);
    return status;
}

rad_status rad_dicom_open(const char *path, rad_dicom **file, rad_error *error) {
    rad_status status = rad_dicom_open_part(path, file, error);
    if (status != RAD_OK) {
        rad_dicom_close(*file);
        *file = NULL;
    }
    return status;
}

void rad_dicom_close(rad_dicom *file) {
    if (!file) return;
    rad_free(file->bytes);
    rad_free(file->elements);
    rad_free(file);
}

static const element *find(const rad_dicom_item *item, uint32_t tag) {
    if (!item) return NULL;
    const element *all = item->file->elements;
    for (size_t i = (size_t)(item - all) + 1; i < item->next; i = all[i].next)
        if (all[i].tag == tag) return &all[i];
    return NULL;
}

const rad_dicom_item *rad_dicom_root(const rad_dicom *file) {
    return file->elements;
}

bool rad_dicom_value(const rad_dicom_item *item, uint32_t tag, rad_dicom_bytes *value) {
    const element *e = find(item, tag);
    *value = (rad_dicom_bytes){.bytes = NULL};
    if (!e || e->length == UNDEFINED || !e->length) return false;
    *value = (rad_dicom_bytes){e->file->bytes + e->offset, e->length, e->file->big_endian};
    return true;
}

const rad_dicom_item *rad_dicom_first(const rad_dicom_item *item, uint32_t tag) {
    const element *sequence = find(item, tag);
    if (!sequence) return NULL;
    const size_t first = (size_t)(sequence - item->file->elements) + 1;
    return first < sequence->next ? &item->file->elements[first] : NULL;
}

const rad_dicom_item *rad_dicom_next(const rad_dicom_item *item) {
    return item->next < item->end ? &item->file->elements[item->next] : NULL;
}

size_t rad_dicom_count(const rad_dicom_item *item, uint32_t tag) {
    size_t count = 0;
    for (item = rad_dicom_first(item, tag); item; item = rad_dicom_next(item)) count++;
    return count;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\0' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of an element without the blanks around it. A sequence has none. */
static bool trim(const element *e, const char **text, size_t *length) {
    if (!e || e->length == UNDEFINED) return false;
    *text = (const char *)e->file->bytes + e->offset;
    *length = e->length;
    while (*length && is_blank((*text)[*length - 1])) --*length;
    for (; *length && is_blank(**text); ++*text) --*length;
    return *length > 0;
}

static bool trimmed(const rad_dicom_item *item, uint32_t tag, const char **text, size_t *length) {
    return trim(find(item, tag), text, length);
}

bool rad_dicom_text(const rad_dicom_item *item, uint32_t tag, char *text, size_t size) {
    const char *from = NULL;
    size_t length = 0;
    *text = '\0';
    if (!trimmed(item, tag, &from, &length) || length >= size) return false;
    memcpy(text, from, length);
    text[length] = '\0';
    return true;
}

/* SpecificCharacterSet; items may have their own. */
static void read_terms(const rad_dicom *file, const rad_dicom_item *item, char *terms, size_t size) {
    if (!rad_dicom_text(item, rad_tag_SpecificCharacterSet, terms, size))
        rad_dicom_text(rad_dicom_root(file), rad_tag_SpecificCharacterSet, terms, size);
}

rad_status rad_dicom_words(const rad_dicom *file, const rad_dicom_item *item, uint32_t tag, char *text,
                           size_t size, rad_error *error) {
    const char *from = NULL;
    size_t length = 0;
    char terms[128];
    *text = '\0';
    if (!trimmed(item, tag, &from, &length)) return RAD_OK;
    read_terms(file, item, terms, sizeof terms);
    return rad_charset_read(terms, from, length, text, size, error);
}

bool rad_dicom_guesses(const rad_dicom *file, const rad_dicom_item *item, uint32_t tag) {
    const char *text = NULL;
    size_t length = 0;
    char terms[128];
    bool beyond = false;
    if (!trimmed(item, tag, &text, &length)) return false;
    for (size_t i = 0; i < length; i++) beyond = beyond || text[i] & 0x80;
    read_terms(file, item, terms, sizeof terms);
    return beyond && !rad_charset_is_stated(terms);
}

size_t rad_dicom_numbers(const rad_dicom_item *item, uint32_t tag, double *values, size_t capacity) {
    const char *at = NULL;
    size_t length = 0, count = 0;
    if (!trimmed(item, tag, &at, &length)) return 0;
    if (length > 1 && at[length - 1] == '\\') length--; /* one behind the last number, as some write it */
    if (!capacity) {
        for (size_t i = 0; i < length; i++) count += at[i] == '\\';
        return count + 1;
    }
    for (const char *end = at + length; at <= end; count++) {
        char word[64], *rest = NULL; /* a value has at most 16 characters; a few more are taken */
        const char *found = memchr(at, '\\', (size_t)(end - at)), *stop = found ? found : end;
        const size_t size = (size_t)(stop - at);
        if (size >= sizeof word) return 0;
        memcpy(word, at, size);
        word[size] = '\0';
        const double value = strtod(word, &rest);
        if (rest == word) return 0;
        while (rest < word + size && is_blank(*rest)) rest++;
        if (rest != word + size) return 0;
        if (count < capacity) values[count] = value;
        at = stop + 1;
    }
    return count;
}

uint64_t rad_dicom_whole_at(const rad_dicom_bytes *value, size_t at, size_t width) {
    const unsigned char *b = value->bytes + at;
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++) bits = bits << 8 | b[value->big_endian ? i : width - 1 - i];
    return bits;
}

unsigned rad_dicom_short_at(const rad_dicom_bytes *value, size_t number) {
    return (unsigned)rad_dicom_whole_at(value, 2 * number, 2);
}

bool rad_dicom_short(const rad_dicom_item *item, uint32_t tag, unsigned *value) {
    rad_dicom_bytes bytes;
    if (!rad_dicom_value(item, tag, &bytes) || bytes.length < 2) return false;
    *value = rad_dicom_short_at(&bytes, 0);
    return true;
}

bool rad_dicom_double(const rad_dicom_item *item, uint32_t tag, double *value) {
    rad_dicom_bytes bytes;
    if (!rad_dicom_value(item, tag, &bytes) || bytes.length < 8) return false;
    const uint64_t bits = rad_dicom_whole_at(&bytes, 0, 8);
    memcpy(value, &bits, sizeof *value);
    return true;
}

uint32_t rad_dicom_private(const rad_dicom_item *item, unsigned group, unsigned last, const char *creator) {
    const element *all = item->file->elements;
    const uint32_t first = (uint32_t)group << 16 | 0x10, end = (uint32_t)group << 16 | 0x100;
    uint32_t found = end;
    for (size_t i = (size_t)(item - all) + 1; i < item->next; i = all[i].next) {
        const char *text;
        size_t length;
        if (all[i].tag < first || all[i].tag >= found || !trim(&all[i], &text, &length)) continue;
        if (length == strlen(creator) && !memcmp(text, creator, length)) found = all[i].tag;
    }
    return found < end ? (uint32_t)group << 16 | (found & 0xFF) << 8 | last : 0;
}

static bool is_grey(const rad_pixel_format *f) {
    const unsigned bits = f->bits_allocated;
    if (f->is_float) return f->rows && f->columns && f->samples == 1 && (bits == 32 || bits == 64);
    return f->rows && f->columns && f->samples == 1 && (bits == 1 || bits == 8 || bits == 16 || bits == 32) &&
           f->bits_stored > 0 && f->bits_stored <= bits && f->high_bit < bits &&
           f->high_bit + 1 >= f->bits_stored;
}

rad_status rad_dicom_pixels(const rad_dicom *file, const char *path, rad_pixel_format *format,
                            rad_pixel_data *data, rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(file);
    rad_pixel_format f = {.samples = 1};
    unsigned representation = 0;
    rad_dicom_short(root, rad_tag_Rows, &f.rows);
    rad_dicom_short(root, rad_tag_Columns, &f.columns);
    rad_dicom_short(root, rad_tag_SamplesPerPixel, &f.samples);
    rad_dicom_short(root, rad_tag_BitsAllocated, &f.bits_allocated);
    f.bits_stored = f.bits_allocated;
    rad_dicom_short(root, rad_tag_BitsStored, &f.bits_stored);
    f.high_bit = f.bits_stored - 1;
    rad_dicom_short(root, rad_tag_HighBit, &f.high_bit);
    rad_dicom_short(root, rad_tag_PixelRepresentation, &representation);
    f.is_signed = representation == 1;
    f.is_float = file->has_floats;
    if (f.is_float) {
        f.bits_stored = f.bits_allocated;
        f.high_bit = f.bits_stored - 1;
    }
    snprintf(f.syntax, sizeof f.syntax, "%s", file->syntax);
    *format = f;
    *data = file->pixels;
    if (!file->has_pixels)
        return rad_fail(error, RAD_UNREADABLE, "%s: has no PixelData (7FE0,0010); fetch the whole file",
                        path);
    if (is_grey(&f)) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: voxels of %u samples, %u bits allocated, %u stored, high bit %u, %u x %u; grey values of 8, 16 "
        "or 32 bits are allowed",
        path, f.samples, f.bits_allocated, f.bits_stored, f.high_bit, f.columns, f.rows);
}
