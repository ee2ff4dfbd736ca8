#include "codec.h"

#include <gdcmBitmap.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <cstdint>
#include <cstring>

namespace {

/* GDCM reports to standard error unless told otherwise. */
bool hush() {
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    gdcm::Trace::DebugOff();
    return true;
}

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

/* On this thread alone: the threads of the caller have slices of their own. */
bool decode_jpeg_2000(const rad_pixel_format *f, const gdcm::DataElement &pixels, size_t expected,
                      void *frame) {
    const unsigned int size[3] = {f->columns, f->rows, 1};
    gdcm::JPEG2000Codec codec;
    gdcm::DataElement plain;
    codec.SetNumberOfThreadsForDecompression(1);
    codec.SetNumberOfDimensions(2);
    codec.SetDimensions(size);
    codec.SetPixelFormat(format_of(f));
    codec.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    if (!codec.Decode(pixels, plain)) return false;
    const gdcm::ByteValue *bytes = plain.GetByteValue();
    if (!bytes || bytes->GetLength() != expected) return false;
    memcpy(frame, bytes->GetPointer(), expected);
    return true;
}

bool decode(const rad_pixel_format *f, const unsigned char *coded, size_t length, void *frame) {
    const size_t expected = size_t{f->rows} * f->columns * (f->bits_allocated / 8);
    if (length > UINT32_MAX) return false;
    const gdcm::DataElement pixels = element_of(coded, length);
    const gdcm::TransferSyntax syntax(gdcm::TransferSyntax::GetTSType(f->syntax));
    if (syntax == gdcm::TransferSyntax::JPEG2000Lossless || syntax == gdcm::TransferSyntax::JPEG2000)
        return decode_jpeg_2000(f, pixels, expected, frame);
    gdcm::Bitmap bitmap;
    bitmap.SetNumberOfDimensions(2);
    bitmap.SetDimension(0, f->columns);
    bitmap.SetDimension(1, f->rows);
    bitmap.SetPixelFormat(format_of(f));
    bitmap.SetPhotometricInterpretation(gdcm::PhotometricInterpretation::MONOCHROME2);
    bitmap.SetTransferSyntax(syntax);
    bitmap.SetDataElement(pixels);
    return bitmap.GetBufferLength() == expected && bitmap.GetBuffer(static_cast<char *>(frame));
}

} // namespace

bool rad_codec_decode(const rad_pixel_format *format, const unsigned char *coded, size_t length,
                      void *frame) {
    static const bool quiet = hush();
    try { /* GDCM throws on some of what is damaged; nothing of that leaves this file */
        return quiet && decode(format, coded, length, frame);
    } catch (...) {
        return false;
    }
}
