#include "codec.h"

#include <gdcmBitmap.h>
#include <gdcmFragment.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>

#include <cstdint>

namespace {

/* GDCM reports to standard error unless told otherwise. */
bool hush() {
    gdcm::Trace::WarningOff();
    gdcm::Trace::ErrorOff();
    gdcm::Trace::DebugOff();
    return true;
}

bool decode(const rad_pixel_format *f, const unsigned char *coded, size_t length, void *frame) {
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
    gdcm::DataElement pixels(gdcm::Tag(0x7FE0, 0x0010));
    pixels.SetVR(gdcm::VR::OW);
    pixels.SetValue(*fragments);
    bitmap.SetDataElement(pixels);
    const size_t expected = size_t{f->rows} * f->columns * (f->bits_allocated / 8);
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
