/* MetaImage, MGH and ANALYZE made byte by byte, and what can be wrong with them. Grids are checked against
 * SimpleITK and nibabel by `make test-files`; here are closed forms. */
#include "rasters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VOXELS = 60, ROOM = 1 << 16 };

static double counting(size_t i) {
    return (double)i;
}

static double three_times(size_t i) {
    return 3 * (double)i;
}

static const char *const words[] = {
    [RAD_UINT8] = "MET_UCHAR",       [RAD_INT8] = "MET_CHAR",       [RAD_UINT16] = "MET_USHORT",
    [RAD_INT16] = "MET_SHORT",       [RAD_UINT32] = "MET_ULONG",    [RAD_INT32] = "MET_LONG",
    [RAD_UINT64] = "MET_ULONG_LONG", [RAD_INT64] = "MET_LONG_LONG", [RAD_FLOAT32] = "MET_FLOAT",
    [RAD_FLOAT64] = "MET_DOUBLE",
};

static void meta(char *text, rad_type type, bool big, packing how, const char *more) {
    snprintf(
        text, 2000,
        "ObjectType = Image\nNDims = 3\nBinaryData = %s\nBinaryDataByteOrderMSB = %s\nCompressedData = %s\n"
        "TransformMatrix = 0 1 0 1 0 0 0 0 -1\nOffset = 5 6 7\nElementSpacing = 1 2 3\nDimSize = 5 4 3\n"
        "AnatomicalOrientation = RAI\nElementType = %s\n%s",
        how == TEXT ? "False" : "True", big ? "True" : "False", how == GZIP || how == ZLIB ? "True" : "False",
        words[type], more);
}

/* Row a of the matrix is axis a, to left and back; ours is a column, to right and front. */
static expected meta_expected(rad_type type) {
    return (expected){{5, 4, 3}, type, {1, 2, 3}, {-5, -6, 7}, {0, -1, 0, -1, 0, 0, 0, 0, -1}, counting};
}

START_TEST(metaimage) {
    const rad_type type = (rad_type)(RAD_UINT8 + _i % 10);
    unsigned char bytes[ROOM];
    char text[2048];
    test_folder_make();
    for (int how = PLAIN; how <= TEXT; how++)
        for (int big = 0; big < 2 && how != HEX; big++) {
            const size_t length = rasters_pack(type, big, (packing)how, VOXELS, counting, bytes, ROOM);
            const expected e = meta_expected(type);
            meta(text, type, big, (packing)how, "ElementDataFile = LOCAL\n");
            rasters_put("a.mha", text, bytes, length);
            rasters_expect(test_path("a.mha"), &e);
            meta(text, type, big, (packing)how, "ElementDataFile = a.zraw\n");
            rasters_put("a.zraw", "", bytes, length);
            rasters_put("a.mhd", text, NULL, 0);
            rasters_expect(test_path("a.mhd"), &e);
        }
    test_folder_remove();
}
END_TEST

START_TEST(metaimage_files) {
    unsigned char bytes[ROOM];
    char text[2048], name[32];
    const expected e = meta_expected(RAD_INT16);
    test_folder_make();
    rasters_pack(RAD_INT16, true, PLAIN, VOXELS, counting, bytes, ROOM);
    for (int z = 0; z < 3; z++) {
        snprintf(name, sizeof name, "s%02d.raw", z + 1);
        rasters_put(name, "0123456789", bytes + 40 * z, 40);
    }
    static const char *const files[] = {
        "HeaderSize = 10\nElementDataFile = LIST 2D\ns01.raw\ns02.raw\ns03.raw\n",
        "HeaderSize = -1\nElementDataFile = LIST\r\ns01.raw\r\ns02.raw\r\ns03.raw\r\n",
        "HeaderSize = 10\nElementDataFile = s%02d.raw 1 3 1\n",
    };
    for (size_t i = 0; i < 3; i++) {
        meta(text, RAD_INT16, true, PLAIN, files[i]);
        rasters_put("a.mhd", text, NULL, 0);
        rasters_expect(test_path("a.mhd"), &e);
    }
    test_folder_remove();
}
END_TEST

/* Numbers of a text that lie in two files: each has as many. */
START_TEST(metaimage_texts) {
    static const char head[] = "NDims = 1\nBinaryData = False\nElementSpacing = 1\nElementType = MET_DOUBLE\n"
                               "DimSize = %d\nElementDataFile = LIST\na.txt\nb.txt\n";
    static const expected e = {.size = {4, 1, 1},
                               .type = RAD_FLOAT64,
                               .spacing = {1, 1, 1},
                               .direction = {-1, 0, 0, 0, -1, 0, 0, 0, 1},
                               .value = counting};
    char text[512];
    test_folder_make();
    rasters_put("a.txt", "0 1\n", NULL, 0);
    rasters_put("b.txt", "2 3\n", NULL, 0);
    snprintf(text, sizeof text, head, 4);
    rasters_put("a.mhd", text, NULL, 0);
    rasters_expect(test_path("a.mhd"), &e);
    snprintf(text, sizeof text, head, 3);
    rasters_put("a.mhd", text, NULL, 0);
    rasters_refused(test_path("a.mhd"), "3 voxels cannot be in 2 files of one size");
    test_folder_remove();
}
END_TEST

/* A turned picture: its normal is that of the third axis, whatever its matrix of two by two holds. */
START_TEST(metaimage_turned_in_its_plane) {
    static const char text[] =
        "NDims = 2\nBinaryData = False\nElementSpacing = 2 3\nTransformMatrix = 0.6 0.8 -0.8 0.6\n"
        "ElementType = MET_DOUBLE\nDimSize = 2 2\nElementDataFile = LOCAL\n0 1 2 3\n";
    static const expected e = {.size = {2, 2, 1},
                               .type = RAD_FLOAT64,
                               .spacing = {2, 3, 1},
                               .direction = {-0.6, 0.8, 0, -0.8, -0.6, 0, 0, 0, 1},
                               .value = counting};
    test_folder_make();
    rasters_put("a.mha", text, NULL, 0);
    rasters_expect(test_path("a.mha"), &e);
    test_folder_remove();
}
END_TEST

static const struct {
    const char *fields, *text;
} wrong[] = {
    {"ObjectType = Tube\nNDims = 3\nElementDataFile = LOCAL\n", "object of type Tube"},
    {"ObjectType = Image\nElementDataFile = LOCAL\n", "has no NDims"},
    {"NDims = 3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", "DimSize"},
    {"NDims = 3\nDimSize = 5 4\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", "DimSize = 5 4"},
    {"NDims = 3\nDimSize = 5 4 -3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", "DimSize = 5 4 -3"},
    {"NDims = 3\nDimSize = 5 4 3\nElementDataFile = LOCAL\n", "has no ElementType"},
    {"NDims = 3\nDimSize = 5 4 3\nElementType = MET_STRING\nElementDataFile = LOCAL\n", "type MET_STRING"},
    {"NDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\n", "has no ElementDataFile"},
    {"NDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\nElementDataFile = LIST\n", "names the data files"},
    {"NDims = 3\nDimSize = 5 4 4\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", "truncated"},
    {"NDims = 3\nDimSize = 5 4 3\nElementSpacing = 1 0 1\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
     "spacing of 0"},
    {"NDims = 3\nDimSize = 5 4 3\nOffset = 1 nan 1\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
     "not finite"},
    {"NDims = 3\nHeaderSize = -1\nCompressedData = True\nDimSize = 5 4 3\nElementType = "
     "MET_UCHAR\nElementDataFile = LOCAL\n",
     "must be plain bytes"},
    {"NDims = 4\nDimSize = 5 4 1 3\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", "holds 3 frames"},
    {"NDims = 3\nDimSize = 5 4 1\nElementNumberOfChannels = 3\nElementType = MET_UCHAR\nElementDataFile = "
     "LOCAL\n",
     "holds 3 values a voxel"},
};
enum { WRONG = sizeof wrong / sizeof wrong[0] };

START_TEST(metaimage_faults) {
    static const unsigned char none[VOXELS];
    test_folder_make();
    rasters_put("a.mha", wrong[_i].fields, none, strstr(wrong[_i].fields, "LOCAL") ? sizeof none : 0);
    rasters_refused(test_path("a.mha"), wrong[_i].text);
    test_folder_remove();
}
END_TEST

static void put32(unsigned char *to, uint32_t value) {
    for (int i = 0; i < 4; i++) to[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void put_float(unsigned char *to, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put32(to, bits);
}

/* 284 bytes of a header in big endian order. */
static void mgh(unsigned char *head, uint32_t type, bool good) {
    static const float matrix[9] = {0, 1, 0, -1, 0, 0, 0, 0, 1};
    memset(head, 0, 284);
    put32(head, 1);
    for (uint32_t a = 0; a < 3; a++) put32(head + 4 + 4 * a, 5 - a);
    put32(head + 16, 1);
    put32(head + 20, type);
    head[29] = good;
    for (int a = 0; a < 3; a++) put_float(head + 30 + 4 * a, (float)a + 1);
    for (int i = 0; i < 9; i++) put_float(head + 42 + 4 * i, matrix[i]);
    for (int a = 0; a < 3; a++) put_float(head + 78 + 4 * a, 10 * (float)a);
}

/* Voxels, then what FreeSurfer adds. */
static size_t mgh_file(unsigned char *whole, uint32_t type, rad_type as, bool good) {
    mgh(whole, type, good);
    const size_t length = 284 + rasters_pack(as, true, PLAIN, VOXELS, counting, whole + 284, ROOM - 400);
    memset(whole + length, 1, 60);
    return length + 60;
}

START_TEST(mgh_types) {
    static const struct {
        uint32_t code;
        rad_type type;
    } types[] = {{0, RAD_UINT8}, {1, RAD_INT32}, {3, RAD_FLOAT32}, {4, RAD_INT16}, {10, RAD_UINT16}};
    unsigned char whole[ROOM], packed[ROOM];
    test_folder_make();
    for (int good = 0; good < 2; good++) {
        const size_t length = mgh_file(whole, types[_i].code, types[_i].type, good);
        /* the centre less half of the sizes along the axes */
        expected e = {{5, 4, 3}, types[_i].type, {1, 2, 3}, {4, 7.5, 15.5}, {0, -1, 0, 1, 0, 0, 0, 0, 1},
                      counting};
        if (!good) {
            e = (expected){
                {5, 4, 3}, types[_i].type, {1, 1, 1}, {2.5, -1.5, 2}, {-1, 0, 0, 0, 0, 1, 0, -1, 0},
                counting};
        }
        rasters_put("a.mgh", "", whole, length);
        rasters_expect(test_path("a.mgh"), &e);
        rasters_put("a.mgz", "", packed, rasters_gzip(whole, length, packed, ROOM));
        rasters_expect(test_path("a.mgz"), &e);
    }
    test_folder_remove();
}
END_TEST

START_TEST(mgh_faults) {
    unsigned char whole[ROOM];
    test_folder_make();
    const size_t length = mgh_file(whole, 4, RAD_INT16, true);
    for (size_t n = 284; n < length - 60; n++) {
        rasters_put("a.mgh", "", whole, n);
        rasters_refused(test_path("a.mgh"), "truncated");
    }
    put32(whole + 16, 2);
    rasters_put("a.mgh", "", whole, length);
    rasters_refused(test_path("a.mgh"), "holds 2 frames");
    put32(whole + 16, 1);
    put_float(whole + 30, NAN);
    rasters_put("a.mgh", "", whole, length);
    rasters_refused(test_path("a.mgh"), "the matrix of the MGH header is not finite");
    test_folder_remove();
}
END_TEST

static void put_short(unsigned char *to, int value, bool big) {
    to[big] = (unsigned char)(value & 0xff);
    to[!big] = (unsigned char)(value >> 8 & 0xff);
}

static void put_real(unsigned char *to, float value, bool big) {
    unsigned char bytes[4];
    put_float(bytes, value);
    for (int i = 0; i < 4; i++) to[i] = bytes[big ? i : 3 - i];
}

static void analyze(unsigned char *head, int code, int bits, bool big) {
    memset(head, 0, 348);
    put_short(head + (big ? 2 : 0), 348, big);
    put_short(head + 40, 4, big);
    for (int a = 0; a < 3; a++) put_short(head + 42 + 2 * a, 5 - a, big);
    put_short(head + 70, code, big);
    put_short(head + 72, bits, big);
    for (int a = 0; a < 3; a++) put_real(head + 80 + 4 * a, (float)a + 1, big);
}

START_TEST(analyze_types) {
    static const struct {
        int code, bits;
        rad_type type;
    } types[] = {{2, 8, RAD_UINT8},     {4, 16, RAD_INT16}, {8, 32, RAD_INT32},    {16, 32, RAD_FLOAT32},
                 {64, 64, RAD_FLOAT64}, {130, 8, RAD_INT8}, {132, 16, RAD_UINT16}, {136, 32, RAD_UINT32}};
    unsigned char head[348], bytes[ROOM];
    test_folder_make();
    for (int big = 0; big < 2; big++) {
        const size_t length = rasters_pack(types[_i].type, big, PLAIN, VOXELS, counting, bytes, ROOM);
        expected e = {{5, 4, 3}, types[_i].type, {1, 2, 3}, {2, -3, -3}, {-1, 0, 0, 0, 1, 0, 0, 0, 1},
                      counting};
        analyze(head, types[_i].code, types[_i].bits, big);
        rasters_put("a.hdr", "", head, sizeof head);
        rasters_put("a.img", "", bytes, length);
        rasters_expect(test_path("a.hdr"), &e);
        rasters_expect(test_path("a.img"), &e);
        for (int a = 0; a < 3; a++) put_short(head + 253 + 2 * a, 2, big); /* of SPM: voxel 2, 2, 2 */
        put_real(head + 112, 3, big);
        e.value = three_times;
        e.origin[0] = 1, e.origin[1] = -2, e.origin[2] = -3;
        rasters_put("a.hdr", "", head, sizeof head);
        rasters_expect(test_path("a.hdr"), &e);
    }
    test_folder_remove();
}
END_TEST

START_TEST(analyze_faults) {
    unsigned char head[348], bytes[ROOM];
    test_folder_make();
    analyze(head, 128, 24, false);
    rasters_put("a.hdr", "", head, sizeof head);
    rasters_put("a.img", "", bytes, 0);
    rasters_refused(test_path("a.hdr"), "voxels of type 128");
    analyze(head, 4, 8, false);
    rasters_put("a.hdr", "", head, sizeof head);
    rasters_refused(test_path("a.hdr"), "8 bits per voxel do not fit");
    analyze(head, 4, 16, false);
    rasters_put("a.hdr", "", head, sizeof head);
    rasters_refused(test_path("a.hdr"), "a.img: truncated");
    put_short(head + 40, 8, false);
    rasters_put("a.hdr", "", head, sizeof head);
    rasters_refused(test_path("a.hdr"), "8 dimensions");
    test_folder_remove();
}
END_TEST

/* What other files are, in words. */
static const struct {
    const char *name, *bytes;
    size_t length;
    const char *text;
} others[] = {
    {"a.nii.gz", "\x89HDF\r\n\x1a\n          ", 18,
     "is a MINC 2, MATLAB 7.3 or another HDF5 file, which is not read: convert"},
    {"a.mnc", "CDF\001      ", 10, "MINC 1"},
    {"a", "\xff\xd8\xff\xe0  ", 6, "a JPEG picture"},
    {"a.npz", "PK\003\004  ", 6, "a zip archive"},
    {"a.par", "# === DATA DESCRIPTION FILE ====", 32, "Philips PAR"},
    {"a.nii.bz2", "BZh9  ", 6, "packed by bzip2"},
    {"a.raw", "  12", 4, "bare voxels"},
    {"a.pkl", "\x80\x04 ", 3, "pickle"},
    {"a.csv", "id,image\n", 9, "is no image or mask of a format that is known"},
    {"a.nii", "id,image\n", 9, "is not a NIfTI file: too short"},
    {"b", "", 0, "is not a NIfTI file: it is empty"},
    {"a.mp4",
     "\0\0\0\x18"
     "ftypmp42",
     12, "a film or a HEIF picture"},
    {"a.fits", "SIMPLE  =                    T", 30, "a FITS file"},
    {"a.ics", "\t\nics_version\t1.0\n", 18, "an ICS header"},
    {"a.roi", "Iout\0\xe4", 6, "an outline of ImageJ"},
};
enum { OTHERS = sizeof others / sizeof others[0] };

START_TEST(other_kinds) {
    test_folder_make();
    rasters_put(others[_i].name, "", others[_i].bytes, others[_i].length);
    rasters_refused(test_path(others[_i].name), others[_i].text);
    test_folder_remove();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("rasters");
    TCase *tests = tcase_create("rasters");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, metaimage, 0, 10);
    tcase_add_test(tests, metaimage_files);
    tcase_add_test(tests, metaimage_texts);
    tcase_add_test(tests, metaimage_turned_in_its_plane);
    tcase_add_loop_test(tests, metaimage_faults, 0, WRONG);
    tcase_add_loop_test(tests, mgh_types, 0, 5);
    tcase_add_test(tests, mgh_faults);
    tcase_add_loop_test(tests, analyze_types, 0, 8);
    tcase_add_test(tests, analyze_faults);
    tcase_add_loop_test(tests, other_kinds, 0, OTHERS);
    return test_run(suite);
}
