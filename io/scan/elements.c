#include "elements.h"

#include "../../core/memory.h"
#include "../../core/printable.h"

/* Least bytes of content that so many bytes of elements take. */
static size_t least_content(const rad_raster *r, size_t bytes) {
    if (r->coding == RAD_RASTER_TEXT) return bytes / r->width * 2 - 1; /* a digit and what parts it */
    return r->coding == RAD_RASTER_HEX ? 2 * bytes : bytes;
}

/* Refuses files that cannot hold what their header asks for, before memory is asked for. */
static rad_status check_length(const rad_elements *f, rad_error *error) {
    const size_t limit = f->stream.limit, skip = f->raster->skip,
                 bytes = least_content(f->raster, f->of_file);
    if (skip <= limit && bytes <= limit - skip) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: truncated or wrong header: the header asks for %zu byte%s, the file can hold at most %zu",
        f->stream.path, bytes, rad_plural(bytes), limit);
}

/* Where `lines` lines after byte `begin` end. */
static rad_status find_begin(const char *path, const rad_raster *r, size_t *begin, rad_error *error) {
    rad_stream stream;
    *begin = r->begin;
    if (!r->lines) return RAD_OK;
    rad_status status = rad_stream_open_at(path, r->begin, RAD_CODING_PLAIN, &stream, error);
    for (size_t lines = r->lines, got = 1; lines && got && status == RAD_OK;) {
        char piece[4096];
        status = rad_stream_read_some(&stream, piece, sizeof piece, &got, error);
        size_t i = 0;
        for (; i < got && lines && status == RAD_OK; i++) lines -= piece[i] == '\n';
        *begin += i;
        if (status == RAD_OK && !got)
            status = rad_fail(error, RAD_UNREADABLE, "%s: truncated: it has fewer than %zu line%s", path,
                              r->lines, rad_plural(r->lines));
    }
    rad_stream_close(&stream);
    return status;
}

/* Opens a file where its elements begin. */
static rad_status open_file(rad_elements *f, size_t number, rad_error *error) {
    static const rad_coding codings[] = {
        [RAD_RASTER_FOUND] = RAD_CODING_FOUND,       [RAD_RASTER_PLAIN] = RAD_CODING_PLAIN,
        [RAD_RASTER_DEFLATED] = RAD_CODING_DEFLATED, [RAD_RASTER_HEX] = RAD_CODING_PLAIN,
        [RAD_RASTER_TEXT] = RAD_CODING_PLAIN,
    };
    const rad_raster *r = f->raster;
    const char *path = r->files[number];
    size_t begin;
    rad_stream_close(&f->stream);
    f->file = 0;
    f->text_at = f->text_end = 0;
    rad_status status = find_begin(path, r, &begin, error);
    if (status == RAD_OK) status = rad_stream_open_at(path, begin, codings[r->coding], &f->stream, error);
    if (status == RAD_OK) status = check_length(f, error);
    if (status == RAD_OK)
        status = rad_stream_skip(&f->stream, r->at_end ? f->stream.limit - f->of_file : r->skip, error);
    if (status == RAD_OK) f->file = number + 1;
    return status;
}

static size_t row_of(const rad_elements *f) {
    return f->raster->header.geometry.size[0] * f->raster->width;
}

/* Rows up to `end`, of which those from `begin` on are kept. */
static rad_status decode_rows(rad_elements *f, size_t begin, size_t end, unsigned char *out,
                              rad_error *error) {
    const rad_raster_decoder *d = f->raster->decoder;
    rad_status status = f->decoder ? RAD_OK : d->open(f->raster, &f->decoder, error);
    if (status == RAD_OK && !f->lost && !(f->lost = rad_new_raw(row_of(f), 1, error))) status = RAD_NO_MEMORY;
    for (; f->row < end && status == RAD_OK; f->row++)
        status = d->read(f->decoder, f->row < begin ? f->lost : out + (f->row - begin) * row_of(f), error);
    return status;
}

rad_status rad_elements_open(const rad_raster *raster, bool verify, rad_elements *feed, rad_error *error) {
    *feed = (rad_elements){.raster = raster, .verify = verify, .total = rad_raster_bytes(raster)};
    feed->of_file = feed->total / raster->file_count;
    if (raster->decoder) return RAD_OK;
    if (raster->coding == RAD_RASTER_HEX || raster->coding == RAD_RASTER_TEXT) {
        feed->text = rad_new_raw(RAD_ELEMENTS_TEXT, 1, error);
        if (!feed->text) return RAD_NO_MEMORY;
    }
    const rad_status status = open_file(feed, 0, error);
    if (status != RAD_OK) rad_elements_close(feed);
    return status;
}

static rad_status take(rad_elements *f, void *out, size_t length, rad_error *error) {
    return f->text ? rad_elements_read_text(f, out, length, error)
                   : rad_stream_read(&f->stream, out, length, error);
}

/* Leaves out elements of the file that is open. */
static rad_status leave_out(rad_elements *f, size_t length, rad_error *error) {
    unsigned char waste[4096];
    rad_status status = RAD_OK;
    if (!f->text) return rad_stream_skip(&f->stream, length, error);
    for (size_t piece; length && status == RAD_OK; length -= piece) {
        piece = length < sizeof waste ? length : sizeof waste;
        piece -= piece < length ? piece % f->raster->width : 0;
        status = rad_elements_read_text(f, waste, piece, error);
    }
    return status;
}

/* What FreeSurfer and others write behind the voxels is nothing to us, but for the checksum. */
static rad_status pass_over(rad_elements *f, rad_error *error) {
    unsigned char waste[4096];
    rad_status status = RAD_OK;
    for (size_t got = 1; got && status == RAD_OK && f->stream.inflate;)
        status = rad_stream_read_some(&f->stream, waste, sizeof waste, &got, error);
    return status;
}

/* The end of a file that was read to its last element. */
static rad_status end_file(rad_elements *f, rad_error *error) {
    const rad_stream *s = &f->stream;
    if (f->text) return rad_elements_end_text(f, error);
    rad_status status = f->raster->goes_on ? pass_over(f, error) : RAD_OK;
    if (status == RAD_OK && (s->inflate || !f->raster->goes_on))
        status = rad_stream_finish(&f->stream, error);
    if (status == RAD_OK && s->trailing)
        rad_warn(f->raster->warnings,
                 "%.300s: %zu byte%s behind the end of the gzip stream %s left out; length and "
                 "checksum of the stream are right",
                 s->path, s->trailing, rad_plural(s->trailing), s->trailing == 1 ? "is" : "are");
    if (status == RAD_OK && s->padding)
        rad_warn(f->raster->warnings,
                 "%.300s: %zu zero%s behind the voxels %s left out; is the header right?", s->path,
                 s->padding, rad_plural(s->padding), s->padding == 1 ? "is" : "are");
    if (status == RAD_OK && !s->inflate && !f->raster->goes_on && s->at < s->length)
        rad_warn(f->raster->warnings,
                 "%.300s: %zu byte%s behind the voxels %s left out; is the header right?", s->path,
                 s->length - s->at, rad_plural(s->length - s->at), s->length - s->at == 1 ? "is" : "are");
    return status;
}

/* Goes on to byte `at`: within the file that is open, to its end and through others, or to another. */
static rad_status go_to(rad_elements *f, size_t at, rad_error *error) {
    rad_status status = RAD_OK;
    while (status == RAD_OK && f->at < at) {
        const size_t end = (f->at / f->of_file + 1) * f->of_file, to = at < end ? at : end;
        const bool open = f->file == f->at / f->of_file + 1;
        if (to == end && to < f->total &&
            !f->verify) { /* another file: what is left of this one is not needed */
            f->at = to;
            continue;
        }
        if (!open) status = open_file(f, f->at / f->of_file, error);
        if (status == RAD_OK) status = leave_out(f, to - f->at, error);
        if (status == RAD_OK) f->at = to;
        if (status == RAD_OK && to == end && to < f->total) status = end_file(f, error);
    }
    return status;
}

rad_status rad_elements_read(rad_elements *feed, size_t at, void *out, size_t length, rad_error *error) {
    unsigned char *to = out;
    if (feed->raster->decoder)
        return decode_rows(feed, at / row_of(feed), (at + length) / row_of(feed), out, error);
    rad_status status = go_to(feed, at, error);
    while (length && status == RAD_OK) {
        const size_t number = feed->at / feed->of_file, left = (number + 1) * feed->of_file - feed->at,
                     piece = length < left ? length : left;
        if (feed->file != number + 1) status = open_file(feed, number, error);
        if (status == RAD_OK) status = take(feed, to, piece, error);
        if (status != RAD_OK) break;
        feed->at += piece;
        to += piece;
        length -= piece;
        if (piece == left && feed->at < feed->total) status = end_file(feed, error);
    }
    return status;
}

rad_status rad_elements_finish(rad_elements *feed, rad_error *error) {
    if (feed->raster->decoder) {
        const size_t rows = feed->total / row_of(feed);
        rad_status status = decode_rows(feed, rows, rows, NULL, error);
        return status == RAD_OK ? feed->raster->decoder->finish(feed->decoder, error) : status;
    }
    rad_status status = go_to(feed, feed->total, error);
    return status == RAD_OK ? end_file(feed, error) : status;
}

void rad_elements_close(rad_elements *feed) {
    rad_stream_close(&feed->stream);
    if (feed->raster && feed->raster->decoder) feed->raster->decoder->close(feed->decoder);
    rad_free(feed->lost);
    rad_free(feed->text);
    feed->decoder = NULL;
    feed->lost = NULL;
    feed->text = NULL;
}
