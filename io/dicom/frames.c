#include "frames.h"

#include "../../core/memory.h"
#include "../../core/printable.h"
#include "../file.h"
#include "../stream.h"
#include "codestream.h"
#include "packed.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* A fragment of encapsulated data. */
typedef struct rad_piece {
    size_t offset, length; /* of its value, in the file */
} piece;

rad_type rad_frames_type(const rad_pixel_format *f) {
    if (f->hue != RAD_HUE_GREY) return RAD_FLOAT64;
    if (f->is_float) return f->bits_allocated == 32 ? RAD_FLOAT32 : RAD_FLOAT64;
    switch (f->bits_allocated) {
    case 16:
        return f->is_signed ? RAD_INT16 : RAD_UINT16;
    case 32:
        return f->is_signed ? RAD_INT32 : RAD_UINT32;
    default:
        return f->is_signed ? RAD_INT8 : RAD_UINT8;
    }
}

static rad_status fetch(const rad_frames *frames, size_t offset, void *out, size_t length, rad_error *error) {
    if (frames->inflated) {
        memcpy(out, frames->inflated + (offset - frames->data.offset), length);
        return RAD_OK;
    }
    for (size_t got = 0; got < length;) {
        const ssize_t more = pread(frames->file - 1, (char *)out + got, length - got, (off_t)(offset + got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return rad_fail(error, RAD_UNREADABLE, "%s: %s", frames->path, strerror(errno));
        if (!more)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: truncated: the file ends at byte %zu of %zu; fetch it again", frames->path,
                            offset + got, offset + length);
        got += (size_t)more;
    }
    return RAD_OK;
}

/* Bytes of uncompressed PixelData, from its beginning on; words of 16 bits are put into order where voxels
 * are smaller than they. */
static rad_status fetch_data(const rad_frames *frames, size_t at, unsigned char *out, size_t length,
                             rad_error *error) {
    const size_t begin = frames->data.offset;
    if (!frames->data.in_words || frames->format.bits_allocated > 8)
        return fetch(frames, begin + at, out, length, error);
    const size_t first = at & ~(size_t)1, whole = (at + length + 1 - first) & ~(size_t)1,
                 most = frames->data.length > first ? frames->data.length - first : 0;
    unsigned char *words = rad_new(whole, 1, error);
    if (!words) return RAD_NO_MEMORY;
    rad_status status = fetch(frames, begin + first, words, whole < most ? whole : most, error);
    for (size_t i = 0; i < length && status == RAD_OK; i++) out[i] = words[(at + i - first) ^ 1];
    rad_free(words);
    return status;
}

static uint32_t word_of(const unsigned char *bytes) {
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static rad_status add_piece(rad_frames *frames, size_t *capacity, piece p, rad_error *error) {
    if (rad_grow(&frames->pieces, frames->piece_count, capacity, sizeof p, error) != RAD_OK)
        return RAD_NO_MEMORY;
    frames->pieces[frames->piece_count++] = p;
    return RAD_OK;
}

/* Encapsulated data is a row of items (FFFE,E000), each with its length, up to (FFFE,E0DD); the first one
 * holds offsets of the frames, or nothing. */
static rad_status find_pieces(rad_frames *frames, size_t length, rad_error *error) {
    size_t at = frames->data.offset, capacity = 0;
    rad_status status = RAD_OK;
    while (status == RAD_OK) {
        unsigned char head[8];
        if (at > length || length - at < sizeof head) {
            if (frames->piece_count > 1) break; /* the last item may lack its end; frames are counted later */
            return rad_fail(error, RAD_UNREADABLE, "%s: truncated: its compressed frames are missing",
                            frames->path);
        }
        status = fetch(frames, at, head, sizeof head, error);
        if (status != RAD_OK || word_of(head) == 0xE0DDFFFE) break;
        const piece p = {at + sizeof head, word_of(head + 4)};
        if (word_of(head) != 0xE000FFFE || p.length > length - p.offset)
            return rad_fail(error, RAD_UNREADABLE,
                            "%s: truncated or damaged: no compressed frame at byte %zu of %zu", frames->path,
                            at, length);
        status = add_piece(frames, &capacity, p, error);
        at = p.offset + p.length;
    }
    return status;
}

/* Which piece is each frame's first: one piece a frame, or as the offsets of the first item say. */
static rad_status share_pieces(rad_frames *frames, rad_error *error) {
    const size_t count = frames->count, pieces = frames->piece_count ? frames->piece_count - 1 : 0;
    if (!pieces || pieces < count)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: truncated or damaged: %zu compressed piece%s for %zu frame%s", frames->path,
                        pieces, rad_plural(pieces), count, rad_plural(count));
    frames->first = rad_new(count + 1, sizeof *frames->first, error);
    if (!frames->first) return RAD_NO_MEMORY;
    frames->first[count] = frames->piece_count;
    for (size_t i = 0; i < count; i++) frames->first[i] = i + 1;
    if (count == 1 || pieces == count) return RAD_OK;
    const piece *table = &frames->pieces[0];
    size_t next = 1;
    for (size_t i = 0; i < count && table->length == 4 * count; i++) {
        unsigned char bytes[4];
        rad_status status = fetch(frames, table->offset + 4 * i, bytes, 4, error);
        if (status != RAD_OK) return status;
        const size_t begin = table->offset + table->length + word_of(bytes) + 8;
        while (next < frames->piece_count && frames->pieces[next].offset < begin) next++;
        if (next == frames->piece_count || frames->pieces[next].offset != begin) break;
        frames->first[i] = next;
        if (i + 1 == count) return RAD_OK;
    }
    return rad_fail(error, RAD_UNREADABLE, "%s: truncated or damaged: %zu compressed piece%s for %zu frame%s",
                    frames->path, pieces, rad_plural(pieces), count, rad_plural(count));
}

static size_t bits_of(const rad_frames *frames) {
    if (frames->format.hue != RAD_HUE_GREY) return 8 * rad_colour_size(&frames->format);
    return (size_t)frames->format.rows * frames->format.columns * frames->format.bits_allocated;
}

/* Voxels of a deflated data set have no place in the file: all are kept. */
static rad_status inflate(rad_frames *frames, size_t needed, rad_error *error) {
    const rad_pixel_data *data = &frames->data;
    const size_t whole = (needed + 1) & ~(size_t)1, length = whole < data->length ? whole : data->length;
    rad_stream stream;
    if (needed > data->length)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: wrong header: %zu frame%s need%s %zu bytes, PixelData has %zu", frames->path,
                        frames->count, rad_plural(frames->count), frames->count == 1 ? "s" : "", needed,
                        data->length);
    rad_status status = rad_stream_open_at(frames->path, data->deflated_at, RAD_CODING_RAW, &stream, error);
    if (status == RAD_OK && length > stream.limit)
        status =
            rad_fail(error, RAD_UNREADABLE, "%s: truncated: PixelData has %zu byte%s, the file at most %zu",
                     frames->path, length, rad_plural(length), stream.limit);
    if (status == RAD_OK) status = rad_stream_skip(&stream, data->offset, error);
    if (status == RAD_OK) {
        frames->inflated = rad_new_raw(length, 1, error);
        status = frames->inflated ? rad_stream_read(&stream, frames->inflated, length, error) : RAD_NO_MEMORY;
    }
    rad_stream_close(&stream);
    return status;
}

static rad_status open_data(rad_frames *frames, rad_error *error) {
    const char *path = frames->path;
    rad_moment moment;
    int file;
    rad_status opened = rad_file_open(path, &file, &moment, error);
    const size_t size = moment.size;
    frames->file = file + 1;
    if (opened != RAD_OK) return opened;
    const bool stored = !frames->data.encapsulated || rad_packed_is(&frames->format);
    if (stored && frames->format.hue == RAD_HUE_YBR_422 && frames->format.columns % 2)
        return rad_fail(error, RAD_UNREADABLE, "%s: %u columns of YBR_FULL_422, which go in pairs", path,
                        frames->format.columns);
    if (frames->data.encapsulated) {
        rad_status status = find_pieces(frames, size, error);
        return status == RAD_OK ? share_pieces(frames, error) : status;
    }
    size_t bits = 0;
    if (!rad_multiply(bits_of(frames), frames->count, &bits) || bits > SIZE_MAX - 7)
        return rad_fail(error, RAD_UNREADABLE, "%s: %zu frame%s of %u x %u voxels: too many", path,
                        frames->count, rad_plural(frames->count), frames->format.columns,
                        frames->format.rows);
    const size_t needed = (bits + 7) / 8;
    if (frames->data.deflated_at) return inflate(frames, needed, error);
    const size_t left = size > frames->data.offset ? size - frames->data.offset : 0;
    if (needed > left || needed > frames->data.length)
        return rad_fail(
            error, RAD_UNREADABLE,
            "%s: truncated or wrong header: %zu frame%s need%s %zu bytes, PixelData has %zu, the file %zu",
            path, frames->count, rad_plural(frames->count), frames->count == 1 ? "s" : "", needed,
            frames->data.length, left);
    return RAD_OK;
}

rad_status rad_frames_open(const char *path, const rad_pixel_format *format, const rad_pixel_data *data,
                           size_t count, rad_decoders *decoders, rad_frames *frames, rad_error *error) {
    *frames = (rad_frames){.path = path,
                           .format = *format,
                           .data = *data,
                           .count = count,
                           .type = rad_frames_type(format),
                           .decoders = decoders};
    rad_status status = open_data(frames, error);
    if (status != RAD_OK) rad_frames_close(frames);
    return status;
}

/* Clears the bits that are not stored and extends the sign; true where that changed a voxel whose lowest
 * `bits` bits were all that there is. */
#define CLEAN(name, unsigned_type, signed_type)                                                              \
    static bool name(void *voxels, size_t count, const rad_pixel_format *f, unsigned bits) {                 \
        unsigned_type *v = voxels, lost = 0;                                                                 \
        const unsigned width = 8 * (unsigned)sizeof *v, low = f->high_bit + 1 - f->bits_stored;              \
        const unsigned up = width - 1 - f->high_bit, down = width - f->bits_stored, all = width - bits;      \
        if (f->is_signed)                                                                                    \
            for (size_t i = 0; i < count; i++) {                                                             \
                const signed_type whole = (signed_type)((signed_type)(unsigned_type)(v[i] << all) >> all);   \
                v[i] = (unsigned_type)((signed_type)(unsigned_type)(v[i] << up) >> down);                    \
                lost |= (unsigned_type)((unsigned_type)(whole >> low) ^ v[i]);                               \
            }                                                                                                \
        else                                                                                                 \
            for (size_t i = 0; i < count; i++) {                                                             \
                const unsigned_type whole = (unsigned_type)((unsigned_type)(v[i] << all) >> all);            \
                v[i] = (unsigned_type)((unsigned_type)(v[i] << up) >> down);                                 \
                lost |= (unsigned_type)((whole >> low) ^ v[i]);                                              \
            }                                                                                                \
        return lost != 0;                                                                                    \
    }
CLEAN(clean_8, uint8_t, int8_t)
CLEAN(clean_16, uint16_t, int16_t)
CLEAN(clean_32, uint32_t, int32_t)

static bool clean(void *voxels, size_t count, const rad_pixel_format *f, unsigned bits) {
    if (f->bits_stored == f->bits_allocated) return false;
    return f->bits_allocated == 8    ? clean_8(voxels, count, f, bits)
           : f->bits_allocated == 16 ? clean_16(voxels, count, f, bits)
                                     : clean_32(voxels, count, f, bits);
}

/* Explicit VR Big Endian: PixelData is OW (words of 16 bits, also where voxels are bytes: fetch_data), or OB.
 */
static void swap(void *voxels, size_t count, size_t width) {
    uint16_t *half = voxels;
    uint32_t *whole = voxels;
    uint64_t *twice = voxels;
    for (size_t i = 0; width == 2 && i < count; i++) half[i] = __builtin_bswap16(half[i]);
    for (size_t i = 0; width == 4 && i < count; i++) whole[i] = __builtin_bswap32(whole[i]);
    for (size_t i = 0; width == 8 && i < count; i++) twice[i] = __builtin_bswap64(twice[i]);
}

static void crop(const unsigned char *rows, size_t columns, size_t width, const size_t begin[2],
                 const size_t end[2], size_t count, unsigned char *out) {
    const size_t bytes = (end[0] - begin[0]) * width;
    for (size_t y = 0; y < count; y++)
        memcpy(out + y * bytes, rows + (y * columns + begin[0]) * width, bytes);
}

static rad_status read_plain(const rad_frames *frames, size_t frame, const size_t begin[2],
                             const size_t end[2], unsigned char *out, rad_error *error) {
    enum { CHUNK = 1 << 16 };
    const size_t width = rad_type_size(frames->type), columns = frames->format.columns;
    const size_t row = columns * width, part = (end[0] - begin[0]) * width, height = end[1] - begin[1];
    size_t at = (frame * frames->format.rows + begin[1]) * row;
    rad_status status = RAD_OK;
    if (part == row) {
        status = fetch_data(frames, at, out, height * row, error);
    } else { /* a few rows at a time, cut to the box */
        const size_t some = row < CHUNK ? CHUNK / row : 1;
        unsigned char small[CHUNK], *rows = row <= CHUNK ? small : rad_new_raw(some, row, error);
        if (!rows) return RAD_NO_MEMORY;
        for (size_t y = 0; y < height && status == RAD_OK; y += some) {
            const size_t count = height - y < some ? height - y : some;
            status = fetch_data(frames, at + y * row, rows, count * row, error);
            if (status == RAD_OK) crop(rows, columns, width, begin, end, count, out + y * part);
        }
        if (rows != small) rad_free(rows);
    }
    if (status == RAD_OK && frames->data.big_endian) swap(out, height * (end[0] - begin[0]), width);
    return status;
}

/* Frames of single bits follow each other without a gap; the lowest bit of a byte is the first. */
static rad_status read_bits(const rad_frames *frames, size_t frame, const size_t begin[2],
                            const size_t end[2], unsigned char *out, rad_error *error) {
    const size_t columns = frames->format.columns;
    const size_t first = frame * bits_of(frames) + begin[1] * columns,
                 last = frame * bits_of(frames) + end[1] * columns;
    const size_t length = (last + 7) / 8 - first / 8;
    unsigned char *bytes = rad_new_raw(length, 1, error);
    if (!bytes) return RAD_NO_MEMORY;
    rad_status status = fetch_data(frames, first / 8, bytes, length, error);
    for (size_t y = begin[1]; y < end[1] && status == RAD_OK; y++, out += end[0] - begin[0]) {
        const size_t from = first % 8 + (y - begin[1]) * columns + begin[0], to = from + end[0] - begin[0];
        memset(out, 0, to - from);
        if (rad_is_zero(bytes + from / 8, (to + 7) / 8 - from / 8)) continue; /* as most rows are */
        for (size_t bit = from; bit < to; bit++) out[bit - from] = bytes[bit / 8] >> bit % 8 & 1;
    }
    rad_free(bytes);
    return status;
}

/* The pieces of a frame, joined. */
static rad_status join(const rad_frames *frames, size_t frame, unsigned char **bytes, size_t *length,
                       rad_error *error) {
    size_t at = 0;
    *length = 0;
    for (size_t p = frames->first[frame]; p < frames->first[frame + 1]; p++)
        *length += frames->pieces[p].length;
    *bytes = rad_new_raw(*length, 1, error);
    rad_status status = *bytes ? RAD_OK : RAD_NO_MEMORY;
    for (size_t p = frames->first[frame]; p < frames->first[frame + 1] && status == RAD_OK; p++) {
        status = fetch(frames, frames->pieces[p].offset, *bytes + at, frames->pieces[p].length, error);
        at += frames->pieces[p].length;
    }
    return status;
}

static rad_status fail_bits(const rad_frames *frames, size_t frame, unsigned bits, rad_error *error) {
    const rad_pixel_format *f = &frames->format;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: frame %zu holds voxels of %u bits, which " RAD_TAG_FORMAT " %u and " RAD_TAG_FORMAT
        " %u cut: stream and header contradict each other; correct the header, or save it uncompressed",
        frames->path, frame + 1, bits, RAD_TAG_WORDS(rad_tag_BitsStored), f->bits_stored,
        RAD_TAG_WORDS(rad_tag_HighBit), f->high_bit);
}

/* A stream may have more bits than are stored, as long as each voxel is the same with those that are. */
static rad_status decode(const rad_frames *frames, const rad_coded_frame *coded, unsigned bits,
                         const size_t begin[2], const size_t end[2], unsigned char *out, rad_error *error) {
    const rad_pixel_format *f = coded->format;
    if (!bits || coded->length > UINT32_MAX)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: frame %zu cannot be decoded (transfer syntax %s): damaged, or of a kind that "
                        "is not supported; fetch it again, or save it uncompressed",
                        frames->path, coded->number + 1, f->syntax);
    rad_pixel_format as_coded = *f;
    rad_coded_frame stream = *coded;
    stream.format = &as_coded;
    if (bits > as_coded.bits_stored) {
        as_coded.bits_stored = bits;
        as_coded.high_bit = bits - 1;
    }
    rad_status status = rad_decoders_read(frames->decoders, &stream, begin, end, out, error);
    if (status != RAD_OK || f->hue != RAD_HUE_GREY) return status;
    const bool lost = clean(out, (end[0] - begin[0]) * (end[1] - begin[1]), f, bits);
    if (bits > f->high_bit ? !lost : f->high_bit + 1 == f->bits_stored) return RAD_OK;
    return fail_bits(frames, coded->number, bits, error);
}

/* The whole frame, then the part of it. */
static rad_status read_packed(const rad_frames *frames, const rad_coded_frame *coded, const size_t begin[2],
                              const size_t end[2], unsigned char *out, rad_error *error) {
    const rad_pixel_format *f = coded->format;
    const size_t size = rad_packed_size(f), width = rad_type_size(frames->type);
    unsigned char *whole = rad_new_raw(size, 1, error);
    rad_status status = whole ? rad_packed_read(coded, whole, error) : RAD_NO_MEMORY;
    if (status == RAD_OK)
        crop(whole + begin[1] * f->columns * width, f->columns, width, begin, end, end[1] - begin[1], out);
    rad_free(whole);
    if (status == RAD_OK && f->bits_allocated > 1)
        (void)clean(out, (end[0] - begin[0]) * (end[1] - begin[1]), f, f->bits_allocated);
    return status;
}

static rad_status read_coded(const rad_frames *frames, size_t frame, const size_t begin[2],
                             const size_t end[2], unsigned char *out, rad_error *error) {
    rad_pixel_format format = frames->format;
    unsigned char *bytes = NULL;
    size_t length = 0;
    rad_status status = join(frames, frame, &bytes, &length, error);
    const bool packed = rad_packed_is(&format);
    unsigned char *stream = bytes;
    if (status == RAD_OK && !packed) rad_codestream_unwrap(&stream, &length);
    if (!packed && format.bits_allocated == 1) format.bits_allocated = 8; /* a byte each to codecs */
    const rad_coded_frame coded = {frames->path, frame, &format, stream, length};
    if (status == RAD_OK && packed)
        status = read_packed(frames, &coded, begin, end, out, error);
    else if (status == RAD_OK)
        status = decode(frames, &coded, rad_codestream_bits(&format, stream, length), begin, end, out, error);
    rad_free(bytes);
    return status;
}

/* The whole picture, then the grey of its part. A stream knows its colours better than the header does. */
static rad_status read_colour(const rad_frames *frames, size_t frame, const size_t begin[2],
                              const size_t end[2], double *out, rad_error *error) {
    rad_pixel_format f = frames->format;
    const size_t none[2] = {0, 0}, all[2] = {f.columns, f.rows}, width = f.bits_allocated / 8,
                 size = rad_colour_size(&f);
    const bool packed = rad_packed_is(&f), decoded = frames->data.encapsulated && !packed;
    unsigned char *bytes = NULL, *whole = rad_new_raw((size_t)f.rows * f.columns, 3 * width, error);
    size_t length = 0;
    rad_status status = whole ? RAD_OK : RAD_NO_MEMORY;
    if (status == RAD_OK && frames->data.encapsulated) status = join(frames, frame, &bytes, &length, error);
    unsigned char *stream = bytes;
    if (status == RAD_OK && decoded) rad_codestream_unwrap(&stream, &length);
    if (status == RAD_OK && decoded && rad_codestream_hue(stream, length) != RAD_HUE_GREY)
        f.hue = rad_codestream_hue(stream, length);
    const rad_coded_frame coded = {frames->path, frame, &f, stream, length};
    if (status == RAD_OK && packed)
        status = rad_packed_read(&coded, whole, error);
    else if (status == RAD_OK && decoded)
        status = decode(frames, &coded, rad_codestream_bits(&f, stream, length), none, all, whole, error);
    else if (status == RAD_OK)
        status = fetch_data(frames, frame * size, whole, size, error);
    if (status == RAD_OK && frames->data.big_endian) swap(whole, size / width, width);
    if (status == RAD_OK) rad_colour_grey(&f, decoded, whole, begin, end, out, frames->tint);
    rad_free(bytes);
    rad_free(whole);
    return status;
}

rad_status rad_frames_read(const rad_frames *frames, size_t frame, const size_t begin[2], const size_t end[2],
                           void *out, rad_error *error) {
    if (frames->format.hue != RAD_HUE_GREY) return read_colour(frames, frame, begin, end, out, error);
    if (frames->data.encapsulated) return read_coded(frames, frame, begin, end, out, error);
    if (frames->format.bits_allocated == 1) return read_bits(frames, frame, begin, end, out, error);
    rad_status status = read_plain(frames, frame, begin, end, out, error);
    if (status == RAD_OK)
        (void)clean(out, (end[0] - begin[0]) * (end[1] - begin[1]), &frames->format,
                    frames->format.bits_allocated);
    return status;
}

void rad_frames_close(rad_frames *frames) {
    if (frames->file) close(frames->file - 1);
    rad_free(frames->inflated);
    rad_free(frames->pieces);
    rad_free(frames->first);
    *frames = (rad_frames){0};
}
