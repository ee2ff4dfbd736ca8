#include "codec.h"

#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmRLECodec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>
#include <gdcmTransferSyntax.h>

#include <cstdint>
#include <cstring>
#include <new>

namespace {

gdcm::PixelFormat format_of(const rad_pixel_format *f) {
    return gdcm::PixelFormat(
        static_cast<unsigned short>(f->samples), static_cast<unsigned short>(f->bits_allocated),
        static_cast<unsigned short>(f->bits_stored), static_cast<unsigned short>(f->high_bit),
        static_cast<unsigned short>(f->is_signed));
}

/* The frame as GDCM wants it: PixelData of one fragment. */
gdcm::DataElement element_of(const unsigned char *coded, size_t length) {
    gdcm::Fragment fragment;
    fragment.SetByteValue(reinterpret_cast<const char *>(coded), static_cast<uint32_t>(length));
    gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
    fragments->AddFragment(fragment);
    gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010));
    pixels.SetVR(gdcm::VR::OW);
    pixels.SetValue(*fragments);
    return pixels;
}

size_t size_of(const rad_pixel_format *f) {
    return size_t{f->rows} * f->columns * (f->bits_allocated / 8) * (f->hue == RAD_HUE_GREY ? 1 : 3);
}

/* Colours as they are coded: nothing is to be converted. */
gdcm::PhotometricInterpretation hue_of(const rad_pixel_format *f) {
    return f->hue == RAD_HUE_GREY  ? gdcm::PhotometricInterpretation::MONOCHROME2
           : f->hue == RAD_HUE_RGB ? gdcm::PhotometricInterpretation::RGB
                                   : gdcm::PhotometricInterpretation::YBR_FULL;
}

/* One codec, and no other: GDCM itself would try them all, and an external program at last. */
bool decode_by(gdcm::ImageCodec &codec, const rad_pixel_format *f, const gdcm::DataElement &pixels,
               void *frame) {
    const size_t expected = size_of(f);
    const unsigned int size[3] = {f->columns, f->rows, 1};
    gdcm::DataElement plain;
    codec.SetNumberOfDimensions(2);
    codec.SetDimensions(size);
    codec.SetPhotometricInterpretation(hue_of(f)); /* before the format, with which JPEG hands it on */
    codec.SetPixelFormat(format_of(f));
    if (!codec.Decode(pixels, plain)) return false;
    const gdcm::ByteValue *bytes = plain.GetByteValue();
    if (!bytes || bytes->GetLength() != expected) return false;
    memcpy(frame, bytes->GetPointer(), expected);
    return true;
}

/* GDCM knows no syntax of high throughput; OpenJPEG, which it calls, reads the stream as any other. */
gdcm::TransferSyntax::TSType type_of(const char *syntax) {
    for (const char *high : {"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"})
        if (!strcmp(syntax, high)) return gdcm::TransferSyntax::JPEG2000;
    return gdcm::TransferSyntax::GetTSType(syntax);
}

bool decode(const rad_pixel_format *f, const unsigned char *coded, size_t length, void *frame) {
    if (length > UINT32_MAX) return false;
    const gdcm::DataElement pixels = element_of(coded, length);
    switch (type_of(f->syntax)) {
    case gdcm::TransferSyntax::RLELossless: {
        gdcm::RLECodec codec;
        codec.SetBufferLength(size_of(f));
        return decode_by(codec, f, pixels, frame);
    }
    case gdcm::TransferSyntax::JPEGBaselineProcess1:
    case gdcm::TransferSyntax::JPEGExtendedProcess2_4:
    case gdcm::TransferSyntax::JPEGLosslessProcess14:
    case gdcm::TransferSyntax::JPEGLosslessProcess14_1: {
        gdcm::JPEGCodec codec;
        return decode_by(codec, f, pixels, frame);
    }
    case gdcm::TransferSyntax::JPEGLSLossless:
    case gdcm::TransferSyntax::JPEGLSNearLossless: {
        gdcm::JPEGLSCodec codec;
        return decode_by(codec, f, pixels, frame);
    }
    case gdcm::TransferSyntax::JPEG2000Lossless:
    case gdcm::TransferSyntax::JPEG2000: {
        gdcm::JPEG2000Codec codec;
        codec.SetNumberOfThreadsForDecompression(0); /* there is a decoder for each thread of the caller */
        return decode_by(codec, f, pixels, frame);
    }
    default:
        return false;
    }
}

} // namespace

/* In place of OpenJPEG's, which GDCM calls for each frame: that one reads a file, and files are out of
 * reach. Hidden, it would not take the place. */
extern "C" __attribute__((visibility("default"))) int opj_get_num_cpus(void);
int opj_get_num_cpus(void) {
    return 1;
}

const unsigned rad_codec_start = 60;

/* GDCM reports to standard error unless told otherwise. */
void rad_codec_prepare(void) {
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    gdcm::Trace::DebugOff();
}

rad_decoded rad_codec_decode(const rad_pixel_format *format, const unsigned char *coded, size_t length,
                             void *frame) {
    try { /* GDCM throws on some of what is damaged; nothing of that leaves this file */
        return decode(format, coded, length, frame) ? RAD_DECODED : RAD_DECODED_NOT;
    } catch (const std::bad_alloc &) {
        return RAD_DECODED_NO_MEMORY;
    } catch (...) {
        return RAD_DECODED_NOT;
    }
}
