/* Files of kinds that are not read: what they are, and what to do. */
#include "source.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A kind by bytes at a place, or by the ending of the name where no bytes tell. */
typedef struct kind {
    size_t at, length;
    const char *bytes;
    const char *ending;
    const char *what, *advice;
} kind;

#define BYTES(at, text) at, sizeof text - 1, text, NULL
#define NAME(ending)    0, 0, NULL, ending
#define UNPACK          "unpack it, and give the file or folder that is in it"
#define ITK             "convert it with SimpleITK or 3D Slicer to .nii.gz or .nrrd"
#define PICTURE                                                                                              \
    "its grey values were changed by compression; give the DICOM file that it was made of, or PNG or TIFF"
static const kind kinds[] = {
    {BYTES(0, "CDF\001"), "a MINC 1 or another netCDF file", "convert it with mnc2nii of minc-tools"},
    {BYTES(0, "CDF\002"), "a MINC 1 or another netCDF file", "convert it with mnc2nii of minc-tools"},
    {BYTES(0, "\x89HDF\r\n\x1a\n"), "a MINC 2, MATLAB 7.3 or another HDF5 file",
     "convert MINC with mnc2nii of minc-tools, and others with h5py and nibabel"},
    {BYTES(0, "\xff\xd8\xff"), "a JPEG picture", PICTURE},
    {BYTES(0, "\0\0\0\x0cjP  \r\n\x87\n"), "a JPEG 2000 picture", PICTURE},
    {BYTES(0, "\xff\x4f\xff\x51"), "a JPEG 2000 codestream", PICTURE},
    {BYTES(0, "GIF8"), "a GIF picture", "save it as PNG or TIFF"},
    {BYTES(0, "RIFF"), "a WebP picture or another RIFF file", "save it as PNG or TIFF"},
    {BYTES(4, "ftyp"), "a film or a HEIF picture (MPEG-4, QuickTime)", PICTURE},
    {BYTES(0, "SIMPLE  ="), "a FITS file", "convert it with astropy and nibabel"},
    {BYTES(2, "ics_version"), "an ICS header", "export it as TIFF"},
    {BYTES(0, "Iout"), "an outline of ImageJ (.roi)", "save it as a mask of pixels (TIFF, PNG)"},
    {BYTES(0, "BM"), "a BMP picture", "save it as PNG or TIFF"},
    {BYTES(0, "# vtk DataFile"), "a VTK file", ITK},
    {BYTES(0, "<VTKFile"), "a VTK file", ITK},
    {BYTES(0, "PK\003\004"), "a zip archive (also .npz, .mrb, .pt, .xlsx)", UNPACK},
    {BYTES(0, "Rar!\x1a\x07"), "a RAR archive", UNPACK},
    {BYTES(0, "7z\xbc\xaf\x27\x1c"), "a 7z archive", UNPACK},
    {BYTES(257, "ustar"), "a tar archive", UNPACK},
    {BYTES(0, "\x1f\x8b"), "a gzip file inside of a gzip file", "unpack it once (gunzip)"},
    {BYTES(0, "<nifti_image"), "NIfTI as text (.nia)", ITK},
    {BYTES(0, "BZh"), "a file packed by bzip2", "unpack it (bunzip2), or pack it by gzip"},
    {BYTES(0, "\xfd"
              "7zXZ\0"),
     "a file packed by xz", "unpack it (unxz), or pack it by gzip"},
    {BYTES(0, "\x28\xb5\x2f\xfd"), "a file packed by Zstandard", "unpack it (unzstd), or pack it by gzip"},
    {BYTES(0, "\x04\x22\x4d\x18"), "a file packed by LZ4", "unpack it (unlz4), or pack it by gzip"},
    {BYTES(0, "%PDF"), "a PDF document", "give the images that it was made of"},
    {BYTES(0, "# === DATA DESCRIPTION FILE"), "a Philips PAR header",
     "convert PAR and REC with dcm2niix or nibabel's parrec2nii"},
    {BYTES(0, "<PRIDE_V5>"), "a Philips XML header", "convert XML and REC with dcm2niix"},
    {BYTES(0, "##TITLE="), "a Bruker parameter file (JCAMP-DX)",
     "convert the study with brkraw or bruker2nifti"},
    {BYTES(0, "!INTERFILE"), "an Interfile header", "convert it with (X)MedCon: medcon -f FILE -c nifti"},
    {BYTES(0, "MATRIX7"), "an ECAT 7 file", "convert it with nibabel or (X)MedCon"},
    {BYTES(0, "MATLAB 5.0 MAT-file"), "a MATLAB file", "save the array as .npy or NIfTI (niftiwrite)"},
    {BYTES(252, "\xef\xff\xe9\xb0"), "a GIPL file", ITK},
    {BYTES(252, "\x2a\xe3\x89\xb8"), "a GIPL file", ITK},
    {BYTES(208, "MAP "), "an MRC or CCP4 map", "convert it with mrcfile and nibabel"},
    {BYTES(0, "ZISRAWFILE"), "a Zeiss CZI file", "export it as TIFF"},
    {BYTES(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Office document or another OLE file",
     "give an image"},
    {BYTES(0, "\xff\xff\xfe"), "a FreeSurfer surface", "give the volume that it was made of (.mgz)"},
    {BYTES(0, "TRACK\0"), "a TrackVis file of fibres", "give an image or a mask of voxels"},
    {BYTES(0, "mrtrix tracks"), "an MRtrix file of fibres", "give an image or a mask of voxels"},
    {BYTES(0, "mrtrix image"), "an MRtrix file", "convert it with mrconvert FILE image.nii.gz"},
    {BYTES(0, "solid "), "an STL surface", "export the segmentation as a label map (.nii.gz, .seg.nrrd)"},
    {BYTES(0, "ply\n"), "a PLY surface", "export the segmentation as a label map (.nii.gz, .seg.nrrd)"},
    {BYTES(0, "#Insight Transform File"), "an ITK transform", "give an image or a mask"},
    {BYTES(0, "<MRML"), "a scene of 3D Slicer", "give the .nrrd files that it names"},
    {BYTES(0, "version https://git-lfs"), "a pointer of Git LFS, not the file itself",
     "fetch it: git lfs pull"},
    {BYTES(0, "/annex/objects/"), "a pointer of git-annex, not the file itself", "fetch it: git annex get"},
    {BYTES(0, "<!DOCTYPE html"), "a web page", "the download went wrong; fetch the file again"},
    {BYTES(0, "<html"), "a web page", "the download went wrong; fetch the file again"},
    {NAME(".gii"), "a GIfTI surface", "give the volume that it was made of, or a label map of voxels"},
    {NAME(".gii.gz"), "a GIfTI surface", "give the volume that it was made of, or a label map of voxels"},
    {NAME(".head"), "an AFNI header", "convert it with 3dAFNItoNIFTI"},
    {NAME(".brik"), "AFNI voxels", "convert them with 3dAFNItoNIFTI"},
    {NAME(".brik.gz"), "AFNI voxels", "convert them with 3dAFNItoNIFTI"},
    {NAME(".rec"), "voxels of a Philips PAR or XML file", "convert both with dcm2niix"},
    {NAME("2dseq"), "voxels of a Bruker study", "convert the study with brkraw or bruker2nifti"},
    {NAME(".pkl"), "a Python pickle, which may run any code when it is read",
     "save the array with numpy.save (.npy)"},
    {NAME(".pickle"), "a Python pickle, which may run any code when it is read",
     "save the array with numpy.save (.npy)"},
    {NAME(".mat"), "a MATLAB file", "save the array as .npy or NIfTI (niftiwrite)"},
    {NAME(".mif"), "an MRtrix file", "convert it with mrconvert FILE image.nii.gz"},
    {NAME(".raw"), "bare voxels, without a size or a type",
     "give the header that belongs to them (.mhd, .nhdr)"},
    {NAME(".zraw"), "packed voxels, without a size or a type", "give the header that belongs to them (.mhd)"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool has_ending(const char *path, const char *ending) {
    const size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && !strcasecmp(path + length - tail, ending);
}

static bool is_packed_dicom(const rad_glance *g) {
    return g->gzipped && g->count >= 132 && !memcmp(g->bytes + 128, "DICM", 4);
}

static const kind *find_kind(const rad_glance *g) {
    static const kind packed = {0, 0, NULL, NULL, "a DICOM file packed by gzip", "unpack it (gunzip)"};
    if (is_packed_dicom(g)) return &packed;
    for (size_t i = 0; i < KINDS; i++) {
        const kind *k = &kinds[i];
        if (k->bytes ? g->count >= k->at + k->length && !memcmp(g->bytes + k->at, k->bytes, k->length)
                     : has_ending(g->path, k->ending))
            return k;
    }
    return NULL;
}

/* What NIfTI begins with, in either order of bytes, and how its files are called. */
static bool may_be_nifti(const rad_glance *g) {
    static const char *const endings[] = {".nii", ".nii.gz", ".hdr", ".img", ".hdr.gz", ".img.gz"};
    uint32_t size = 0;
    bool named = false;
    if (is_packed_dicom(g)) return false;
    if (g->count >= sizeof size) memcpy(&size, g->bytes, sizeof size);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        named = named || has_ending(g->path, endings[i]);
    return size == 348 || size == 540 || size == __builtin_bswap32(348) || size == __builtin_bswap32(540) ||
           (named && !find_kind(g));
}

static bool sniff(const rad_glance *glance) {
    return glance->count && !may_be_nifti(glance);
}

static rad_status parse(const char *path, rad_raster *raster, rad_warnings *warnings, rad_error *error) {
    rad_glance glance;
    (void)raster, (void)warnings;
    if (rad_source_look(path, &glance, error) != RAD_OK) return RAD_NO_MEMORY;
    const kind *k = find_kind(&glance);
    if (!k)
        return rad_fail(error, RAD_UNREADABLE,
                        "%s: is no image or mask of a format that is known: DICOM, NIfTI, NRRD, MetaImage, "
                        "MGH, ANALYZE, PNG, TIFF, npy "
                        "are read (docs/files.md)",
                        path);
    return rad_fail(error, RAD_UNREADABLE, "%s: is %s, which is not read: %s", path, k->what, k->advice);
}

const rad_reader rad_reader_kinds = {
    .name = "known",
    .sniff = sniff,
    .parse = parse,
};
