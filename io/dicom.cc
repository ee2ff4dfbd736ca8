#include "dicom.h"

#include <gdcmBitmap.h>
#include <gdcmDataSet.h>
#include <gdcmFragment.h>
#include <gdcmReader.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmSequenceOfItems.h>
#include <gdcmTrace.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iconv.h>
#include <map>
#include <memory>
#include <new>
#include <vector>

struct rad_dicom_item {
    struct children {
        gdcm::SmartPointer<gdcm::SequenceOfItems> sequence; /* keeps what the items point to */
        std::vector<std::unique_ptr<rad_dicom_item>> items;
    };
    explicit rad_dicom_item(const gdcm::DataSet &of) : set(of) {}
    const gdcm::DataSet &set;
    mutable std::map<uint32_t, children> sequences; /* parsed when first asked for */
};

struct rad_dicom {
    gdcm::Reader reader;
    std::unique_ptr<rad_dicom_item> root;
    size_t after_header = 0; /* where the value of PixelData begins, if there is one */
};

namespace {

/* GDCM throws on much of what is damaged; nothing of that leaves this file. */
template <class Body, class Result> Result guarded(Result otherwise, Body body) noexcept {
    try {
        return body();
    } catch (...) {
        return otherwise;
    }
}

gdcm::Tag tag_of(uint32_t tag) {
    return gdcm::Tag(static_cast<uint16_t>(tag >> 16), static_cast<uint16_t>(tag & 0xFFFF));
}

/* The bytes of an element; NULL where there are none. */
const gdcm::ByteValue *bytes_of(const rad_dicom_item *item, uint32_t tag) {
    if (!item) return nullptr;
    const gdcm::Tag t = tag_of(tag);
    return item->set.FindDataElement(t) ? item->set.GetDataElement(t).GetByteValue() : nullptr;
}

bool is_blank(char c) {
    return c == ' ' || c == '\0' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of an element without the blanks around it. */
bool trimmed(const rad_dicom_item *item, uint32_t tag, const char **text, size_t *length) {
    const gdcm::ByteValue *value = bytes_of(item, tag);
    if (!value || !value->GetPointer()) return false;
    *text = value->GetPointer();
    *length = value->GetLength();
    while (*length && is_blank((*text)[*length - 1])) --*length;
    while (*length && is_blank(**text)) ++*text, --*length;
    return *length > 0;
}

const rad_dicom_item::children *children_of(const rad_dicom_item *item, uint32_t tag) {
    if (!item) return nullptr;
    const auto known = item->sequences.find(tag);
    if (known != item->sequences.end()) return &known->second;
    rad_dicom_item::children &fresh = item->sequences[tag];
    const gdcm::Tag t = tag_of(tag);
    if (item->set.FindDataElement(t)) fresh.sequence = item->set.GetDataElement(t).GetValueAsSQ();
    if (fresh.sequence)
        for (size_t i = 1; i <= fresh.sequence->GetNumberOfItems(); i++) /* counted from 1 */
            fresh.items.emplace_back(new rad_dicom_item(fresh.sequence->GetItem(i).GetNestedDataSet()));
    return &fresh;
}

/* Defined terms of SpecificCharacterSet and what iconv calls them. Others are taken as ASCII. */
const char *charset_of(const rad_dicom *file) {
    static const struct {
        const char *term, *name;
    } rows[] = {
        {"ISO_IR 192", "UTF-8"},      {"ISO_IR 100", "ISO-8859-1"},  {"ISO_IR 101", "ISO-8859-2"},
        {"ISO_IR 109", "ISO-8859-3"}, {"ISO_IR 110", "ISO-8859-4"},  {"ISO_IR 144", "ISO-8859-5"},
        {"ISO_IR 127", "ISO-8859-6"}, {"ISO_IR 126", "ISO-8859-7"},  {"ISO_IR 138", "ISO-8859-8"},
        {"ISO_IR 148", "ISO-8859-9"}, {"ISO_IR 203", "ISO-8859-15"}, {"ISO_IR 13", "SHIFT_JIS"},
        {"ISO_IR 166", "TIS-620"},    {"GB18030", "GB18030"},        {"GBK", "GBK"},
    };
    char term[32];
    rad_dicom_text(rad_dicom_root(file), rad_tag_SpecificCharacterSet, term, sizeof term);
    for (const auto &row : rows)
        if (!strcmp(term, row.term)) return row.name;
    return "ASCII";
}

void convert(const char *charset, const char *from, size_t length, char *to, size_t room) {
    iconv_t converter = iconv_open("UTF-8", charset);
    char *in = const_cast<char *>(from), *out = to;
    size_t left = length, space = room - 1;
    while (left && space) {
        if (converter != reinterpret_cast<iconv_t>(-1) &&
            iconv(converter, &in, &left, &out, &space) != static_cast<size_t>(-1))
            break;
        if (!left || !space || errno == E2BIG) break;
        *out++ = '?'; /* a byte that is no text */
        in++, left--, space--;
    }
    if (converter != reinterpret_cast<iconv_t>(-1)) iconv_close(converter);
    *out = '\0';
    for (out = to; *out; out++)
        if (static_cast<unsigned char>(*out) < ' ' || *out == 0x7F) *out = '?';
}

/* Reads the header of the element at the end of which the parser stopped. */
bool find_pixels(const char *path, const rad_dicom *file, rad_pixel_data *data) {
    const gdcm::TransferSyntax &syntax = file->reader.GetFile().GetHeader().GetDataSetTransferSyntax();
    *data = rad_pixel_data{};
    data->big_endian = syntax == gdcm::TransferSyntax::ExplicitVRBigEndian;
    data->deflated = syntax == gdcm::TransferSyntax::DeflatedExplicitVRLittleEndian;
    if (data->deflated) return true;
    const size_t head = syntax.IsImplicit() ? 8 : 12;
    unsigned char bytes[12] = {0};
    if (file->after_header < head) return false;
    FILE *stream = fopen(path, "rb");
    if (!stream) return false;
    const bool got = !fseeko(stream, static_cast<off_t>(file->after_header - head), SEEK_SET) &&
                     fread(bytes, 1, head, stream) == head;
    fclose(stream);
    const unsigned char little[] = {0xE0, 0x7F, 0x10, 0x00}, big[] = {0x7F, 0xE0, 0x00, 0x10};
    if (!got || memcmp(bytes, data->big_endian ? big : little, 4) != 0) return false;
    uint32_t length = 0;
    memcpy(&length, bytes + head - 4, sizeof length);
    if (data->big_endian) length = __builtin_bswap32(length);
    data->encapsulated = length == UINT32_MAX;
    data->length = data->encapsulated ? 0 : length;
    data->offset = file->after_header;
    return true;
}

bool check_format(const rad_pixel_format &f) {
    if (!f.rows || !f.columns || f.samples != 1) return false;
    if (f.bits_allocated != 1 && f.bits_allocated != 8 && f.bits_allocated != 16 && f.bits_allocated != 32)
        return false;
    return f.bits_stored > 0 && f.bits_stored <= f.bits_allocated && f.high_bit < f.bits_allocated &&
           f.high_bit + 1 >= f.bits_stored;
}

} // namespace

bool rad_dicom_is(const char *path) {
    char head[132] = {0};
    FILE *stream = fopen(path, "rb");
    if (!stream) return false;
    const bool whole = fread(head, 1, sizeof head, stream) == sizeof head;
    fclose(stream);
    return whole && !memcmp(head + 128, "DICM", 4);
}

rad_status rad_dicom_open(const char *path, rad_dicom **file, rad_error *error) {
    static const bool quiet = [] {
        gdcm::Trace::WarningOff();
        gdcm::Trace::ErrorOff();
        gdcm::Trace::DebugOff();
        return true;
    }();
    (void)quiet;
    *file = nullptr;
    if (!rad_dicom_is(path)) {
        FILE *stream = fopen(path, "rb");
        if (!stream) return rad_fail(error, RAD_UNREADABLE, "%s: %s", path, strerror(errno));
        fclose(stream);
        return rad_fail(error, RAD_UNREADABLE, "%s: is not a DICOM file: no DICM at byte 128", path);
    }
    return guarded(rad_fail(error, RAD_UNREADABLE,
                            "%s: damaged: the DICOM elements cannot be read; fetch the file anew", path),
                   [&] {
                       std::unique_ptr<rad_dicom> fresh(new rad_dicom);
                       const gdcm::Tag pixels = tag_of(rad_tag_PixelData);
                       fresh->reader.SetFileName(path);
                       if (!fresh->reader.ReadUpToTag(pixels, {pixels})) return RAD_UNREADABLE;
                       fresh->after_header = fresh->reader.GetStreamCurrentPosition();
                       if (fresh->after_header == SIZE_MAX) fresh->after_header = 0;
                       fresh->root.reset(new rad_dicom_item(fresh->reader.GetFile().GetDataSet()));
                       *file = fresh.release();
                       if (error) *error = rad_error{};
                       return RAD_OK;
                   });
}

void rad_dicom_close(rad_dicom *file) {
    delete file;
}

const rad_dicom_item *rad_dicom_root(const rad_dicom *file) {
    return file->root.get();
}

bool rad_dicom_text(const rad_dicom_item *item, uint32_t tag, char *text, size_t room) {
    *text = '\0';
    return guarded(false, [&] {
        const char *from = nullptr;
        size_t length = 0;
        if (!trimmed(item, tag, &from, &length) || length >= room) return false;
        memcpy(text, from, length);
        text[length] = '\0';
        return true;
    });
}

bool rad_dicom_words(const rad_dicom *file, const rad_dicom_item *item, uint32_t tag, char *text,
                     size_t room) {
    *text = '\0';
    return guarded(false, [&] {
        const char *from = nullptr;
        size_t length = 0;
        if (!trimmed(item, tag, &from, &length)) return false;
        convert(charset_of(file), from, length, text, room);
        return true;
    });
}

size_t rad_dicom_numbers(const rad_dicom_item *item, uint32_t tag, double *values, size_t room) {
    return guarded(size_t{0}, [&]() -> size_t {
        const char *at = nullptr;
        size_t length = 0, count = 0;
        if (!trimmed(item, tag, &at, &length)) return 0;
        const char *end = at + length;
        while (at < end) { /* a value has at most 16 characters; more are taken as they come */
            char word[64];
            const void *found = memchr(at, '\\', static_cast<size_t>(end - at));
            const char *stop = found ? static_cast<const char *>(found) : end;
            const size_t size = static_cast<size_t>(stop - at);
            if (size >= sizeof word) return 0;
            memcpy(word, at, size);
            word[size] = '\0';
            char *rest = nullptr;
            const double value = strtod(word, &rest);
            while (is_blank(*rest) && rest < word + size) rest++;
            if (rest == word || rest != word + size) return 0;
            if (count < room) values[count] = value;
            count++;
            at = stop + 1;
        }
        return count;
    });
}

bool rad_dicom_short(const rad_dicom_item *item, uint32_t tag, unsigned *value) {
    return guarded(false, [&] {
        const gdcm::ByteValue *bytes = bytes_of(item, tag);
        uint16_t number = 0;
        if (!bytes || bytes->GetLength() < sizeof number) return false;
        memcpy(&number, bytes->GetPointer(), sizeof number);
        *value = number;
        return true;
    });
}

size_t rad_dicom_count(const rad_dicom_item *item, uint32_t tag) {
    return guarded(size_t{0}, [&]() -> size_t {
        const rad_dicom_item::children *found = children_of(item, tag);
        return found ? found->items.size() : 0;
    });
}

const rad_dicom_item *rad_dicom_child(const rad_dicom_item *item, uint32_t tag, size_t index) {
    const rad_dicom_item *none = nullptr;
    return guarded(none, [&]() -> const rad_dicom_item * {
        const rad_dicom_item::children *found = children_of(item, tag);
        return found && index < found->items.size() ? found->items[index].get() : nullptr;
    });
}

uint32_t rad_dicom_private(const rad_dicom_item *item, unsigned group, unsigned element,
                           const char *creator) {
    for (unsigned block = 0x10; block <= 0xFF; block++) {
        char text[65];
        if (rad_dicom_text(item, group << 16 | block, text, sizeof text) && !strcmp(text, creator))
            return group << 16 | block << 8 | element;
    }
    return 0;
}

rad_status rad_dicom_pixels(const rad_dicom *file, const char *path, rad_pixel_format *format,
                            rad_pixel_data *data, rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(file);
    rad_pixel_format f = {};
    f.samples = 1;
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
    const bool known = guarded(false, [&] {
        const gdcm::TransferSyntax &syntax = file->reader.GetFile().GetHeader().GetDataSetTransferSyntax();
        snprintf(f.syntax, sizeof f.syntax, "%s", syntax.GetString());
        return find_pixels(path, file, data);
    });
    *format = f;
    if (!known) return rad_fail(error, RAD_UNREADABLE, "%s: holds no PixelData (7FE0,0010)", path);
    if (check_format(f)) return RAD_OK;
    return rad_fail(
        error, RAD_UNREADABLE,
        "%s: voxels of %u samples, %u bits allocated, %u stored, high bit %u, %u x %u; grey values "
        "of 8, 16 or 32 bits are allowed",
        path, f.samples, f.bits_allocated, f.bits_stored, f.high_bit, f.columns, f.rows);
}

bool rad_dicom_decode(const rad_pixel_format *f, const unsigned char *coded, size_t length, void *frame) {
    return guarded(false, [&] {
        if (length > UINT32_MAX) return false;
        gdcm::Bitmap bitmap;
        bitmap.SetNumberOfDimensions(2);
        bitmap.SetDimension(0, f->columns);
        bitmap.SetDimension(1, f->rows);
        bitmap.SetPixelFormat(gdcm::PixelFormat(
            static_cast<unsigned short>(f->samples), static_cast<unsigned short>(f->bits_allocated),
            static_cast<unsigned short>(f->bits_stored), static_cast<unsigned short>(f->high_bit),
            static_cast<unsigned short>(f->is_signed)));
        bitmap.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
        bitmap.SetTransferSyntax(gdcm::TransferSyntax::GetTSType(f->syntax));
        gdcm::Fragment fragment;
        fragment.SetByteValue(reinterpret_cast<const char *>(coded), static_cast<uint32_t>(length));
        gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
        fragments->AddFragment(fragment);
        gdcm::DataElement pixels(tag_of(rad_tag_PixelData));
        pixels.SetVR(gdcm::VR::OW);
        pixels.SetValue(*fragments);
        bitmap.SetDataElement(pixels);
        const size_t expected = size_t{f->rows} * f->columns * (f->bits_allocated / 8);
        return bitmap.GetBufferLength() == expected && bitmap.GetBuffer(static_cast<char *>(frame));
    });
}
