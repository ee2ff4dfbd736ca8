/* NRRD made byte by byte: types, orders of bytes, encodings, spaces, files of their own, segments of 3D
 * Slicer, and what can be wrong. */
#include "../../io/scan/elements.h"
#include "rasters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VOXELS = 60, ROOM = 1 << 16 };

static double counting(size_t i) {
    return (double)i;
}

static double with_zeros(size_t i) {
    return i % 4 == 3 ? 0 : (double)(i % 4);
}

/* 5 x 4 x 3, spacing 1, 2, 3, begins at -5, 6, 7 (RAS). */
static expected plain(rad_type type) {
    return (expected){{5, 4, 3}, type, {1, 2, 3}, {-5, 6, 7}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, counting};
}

static const char *const types[] = {
    [RAD_UINT8] = "unsigned char",
    [RAD_INT8] = "int8",
    [RAD_UINT16] = "ushort",
    [RAD_INT16] = "short int",
    [RAD_UINT32] = "uint",
    [RAD_INT32] = "int32_t",
    [RAD_UINT64] = "unsigned long long",
    [RAD_INT64] = "int64",
    [RAD_FLOAT32] = "float",
    [RAD_FLOAT64] = "double",
};
static const char *const encodings[] = {
    [PLAIN] = "raw", [GZIP] = "gz", [ZLIB] = "gzip", [HEX] = "hex", [TEXT] = "ascii"};

static void header(char *text, rad_type type, bool big, packing how, const char *more) {
    snprintf(
        text, 2000,
        "NRRD0004\n# a remark: of no account\ntype: %s\ndimension: 3\nspace: RAS\nsizes: 5 4 3\n"
        "space directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (-5,6,7)\nendian: %s\nencoding: %s\n%s",
        types[type], big ? "big" : "little", encodings[how], more);
}

START_TEST(types_and_encodings) {
    const rad_type type = (rad_type)(RAD_UINT8 + _i % 10);
    unsigned char bytes[ROOM];
    char text[2048];
    test_folder_make();
    for (int how = PLAIN; how <= TEXT; how++)
        for (int big = 0; big < 2; big++) {
            const size_t length = rasters_pack(type, big, (packing)how, VOXELS, counting, bytes, ROOM);
            const expected e = plain(type);
            header(text, type, big, (packing)how, "\n");
            rasters_put("a.nrrd", text, bytes, length);
            rasters_expect(test_path("a.nrrd"), &e);
            header(text, type, big, (packing)how, "data file: a.raw\n");
            rasters_put("a.raw", "", bytes, length);
            rasters_put("a.nhdr", text, NULL, 0);
            rasters_expect(test_path("a.nhdr"), &e);
        }
    test_folder_remove();
}
END_TEST

/* White space between digits says nothing; a file that is cut while it is read is no file that was too short.
 */
START_TEST(lines_of_digits) {
    enum { COUNT = 30000, CUT = 100 };
    static char digits[3 * COUNT + 1];
    static unsigned char read[COUNT];
    const bool hex = _i;
    rad_error error = {0};
    rad_elements f;
    test_folder_make();
    for (size_t i = 0; i < COUNT; i++)
        snprintf(digits + 3 * i, 4, "%02d%c", (int)(i % 10 + 10 * (i / 10 % 10)), " \n\t"[i % 3]);
    rasters_put("a.txt", digits, NULL, 0);
    char *const path = (char *)test_path("a.txt");
    const rad_raster raster = {.header.geometry.size = {COUNT, 1, 1},
                               .header.type = RAD_UINT8,
                               .width = 1,
                               .channels = 1,
                               .files = (char *[]){path},
                               .file_count = 1,
                               .coding = hex ? RAD_RASTER_HEX : RAD_RASTER_TEXT};
    ck_ok(rad_elements_open(&raster, true, &f, &error));
    ck_ok(rad_elements_read(&f, 0, read, COUNT / 2, &error));
    for (size_t i = 0; i < COUNT / 2; i++)
        ck_assert_uint_eq(read[i], hex ? i % 10 + 16 * (i / 10 % 10) : i % 100);
    ck_assert(!truncate(path, CUT));
    ck_assert_int_eq(rad_elements_read(&f, COUNT / 2, read, COUNT / 2, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "became shorter while it was read") != NULL, "%s", error.text);
    rad_elements_close(&f);
    test_folder_remove();
}
END_TEST

/* Directions of the file, and of ours. */
static const struct {
    const char *fields;
    double spacing[3], origin[3], direction[9];
} spaces[] = {
    {"space: left-posterior-superior\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (1,2,3)\n",
     {1, 2, 3},
     {-1, -2, 3},
     {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {"space: Left-Anterior-Superior\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (1,2,3)\n",
     {1, 2, 3},
     {-1, 2, 3},
     {-1, 0, 0, 0, 1, 0, 0, 0, 1}},
    {"space: right-anterior-superior\nspace directions: (0,0,2)\t(1,0,0)  (0, -3, 0)\nspace origin: "
     "(1,2,3)\n",
     {2, 1, 3},
     {1, 2, 3},
     {0, 1, 0, 0, 0, -1, 1, 0, 0}},
    {"space: LPS\nspace directions: (0.6,0.8,0) (-1.6,1.2,0) (0,0,3)\n",
     {1, 2, 3},
     {0, 0, 0},
     {-0.6, 0.8, 0, -0.8, -0.6, 0, 0, 0, 1}},
    {"space dimension: 3\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (1,2,3)\n",
     {1, 2, 3},
     {-1, -2, 3},
     {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {"spacings: 1 2 3\naxis mins: 4 5 6\ncenters: node node node\n",
     {1, 2, 3},
     {-4, -5, 6},
     {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {"spacings: 1 2 3\naxis mins: 4 5 6\n", {1, 2, 3}, {-4.5, -6, 7.5}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {"space: RAS\nspace units: \"um\" \"um\" \"um\"\nspace directions: (1000,0,0) (0,2000,0) (0,0,3000)\n",
     {1, 2, 3},
     {0, 0, 0},
     {1, 0, 0, 0, 1, 0, 0, 0, 1}},
};
enum { SPACES = sizeof spaces / sizeof spaces[0] };

START_TEST(places) {
    unsigned char bytes[ROOM];
    char text[2048];
    test_folder_make();
    const size_t length = rasters_pack(RAD_INT16, false, PLAIN, VOXELS, counting, bytes, ROOM);
    expected e = {.size = {5, 4, 3}, .type = RAD_INT16, .value = counting};
    memcpy(e.spacing, spaces[_i].spacing, sizeof e.spacing);
    memcpy(e.origin, spaces[_i].origin, sizeof e.origin);
    memcpy(e.direction, spaces[_i].direction, sizeof e.direction);
    snprintf(text, sizeof text,
             "NRRD0005\r\ntype: short\r\ndimension: 3\r\nsizes: 5 4 3\r\nendian: little\r\nencoding: "
             "raw\r\n%s\r\n",
             spaces[_i].fields);
    rasters_put("a.nrrd", text, bytes, length);
    rasters_expect(test_path("a.nrrd"), &e);
    test_folder_remove();
}
END_TEST

/* Files by a list and by patterns, of slices and of more; lines and bytes before the voxels; voxels at the
 * end. */
/* A header that was moved to another machine with its data. */
START_TEST(moved) {
    static const char *const names[] = {"C:\\data\\case 1\\a.raw", "/nowhere/else/a.raw", ".\\a.raw"};
    unsigned char bytes[ROOM];
    char text[2048], more[64];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    const rad_source_options options = {.verify = true};
    const expected e = plain(RAD_INT16);
    test_folder_make();
    const size_t length = rasters_pack(RAD_INT16, false, PLAIN, VOXELS, counting, bytes, ROOM);
    snprintf(more, sizeof more, "data file: %s\n", names[_i]);
    header(text, RAD_INT16, false, PLAIN, more);
    rasters_put("a.nhdr", text, NULL, 0);
    rasters_refused(test_path("a.nhdr"), "a.raw: cannot be read");
    rasters_put("a.raw", "", bytes, length);
    rasters_expect(test_path("a.nhdr"), &e);
    ck_ok(rad_source_open(test_path("a.nhdr"), &options, &source, &warnings, &error));
    ck_assert(warnings.count == 1 &&
              strstr(warnings.text[0], "which is not there; a.raw beside it is taken"));
    rad_source_close(&source);
    test_folder_remove();
}
END_TEST

START_TEST(data_files) {
    unsigned char bytes[ROOM];
    char text[2048], name[32];
    static const struct {
        const char *fields, *refused;
    } named[] = {
        {"data file: LIST\ns010.raw\ns008.raw\ns006.raw\n", NULL},
        {"datafile: s%03d.raw 10 6 -2 2\n", NULL},
        {"line skip: 2\nbyte skip: 3\ndata file: t%d.raw 0 2 1\n", NULL},
        {"byte skip: -1\ndata file: t%d.raw 0 2 1\n", NULL},
        {"data file: LIST\ns010.raw\ns008.raw\n", "names 2 data files, and asks for 3"},
        {"data file: s%02x.raw 0 2 1\n", "the data files \"s%02x.raw\", which cannot be"},
        {"data file: s%03d.raw 0 65536 1\n", "the data files \"s%03d.raw\", which cannot be"},
        {"data file: none.raw\n", "none.raw: cannot be read"},
        {"data file: LIST\nelsewhere/none.raw\nelsewhere/s008.raw\nelsewhere/s006.raw\n",
         "none.raw: cannot be read"},
    };
    const expected e = plain(RAD_INT16);
    test_folder_make();
    rasters_pack(RAD_INT16, true, PLAIN, VOXELS, counting, bytes, ROOM);
    for (int z = 0; z < 3; z++) {
        snprintf(name, sizeof name, "s%03d.raw", 10 - 2 * z);
        rasters_put(name, "", bytes + 40 * z, 40);
        snprintf(name, sizeof name, "t%d.raw", z);
        rasters_put(name, "one\ntwo\n123", bytes + 40 * z, 40);
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        header(text, RAD_INT16, true, PLAIN, named[i].fields);
        rasters_put("a.nhdr", text, NULL, 0);
        if (named[i].refused)
            rasters_refused(test_path("a.nhdr"), named[i].refused);
        else
            rasters_expect(test_path("a.nhdr"), &e);
    }
    test_folder_remove();
}
END_TEST

static void put_header(const char *fields, size_t bytes) {
    static const unsigned char none[ROOM];
    char text[2048];
    snprintf(text, sizeof text, "NRRD0004\n%s\n", fields);
    rasters_put("a.nrrd", text, none, bytes);
}

/* Headers, and what is said of them. */
static const struct {
    const char *fields;
    size_t bytes;
    const char *text;
} wrong[] = {
    {"type: short\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n", 120, "no field \"endian\""},
    {"dimension: 3\nsizes: 5 4 3\nencoding: raw\n", 120, "no field \"type\""},
    {"type: uchar\nsizes: 5 4 3\nencoding: raw\n", 120, "no field \"dimension\""},
    {"type: uchar\ndimension: 3\nencoding: raw\n", 120, "no field \"sizes\""},
    {"type: uchar\ndimension: 4\nsizes: 5 4 3\nencoding: raw\n", 120, "3 sizes for 4 dimensions"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspacings: 1 2\nencoding: raw\n", 120,
     "2 spacings for 3 dimensions"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspacings: 1 2 3\naxis mins: 1 2 3 4\n", 120,
     "4 axis mins for 3 dimensions"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 1\nspace: RAS\nspace directions: (1,0,0) (0,1,0)\n", 120,
     "2 space directions for 3 dimensions"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace origin: (1,2)\nspace directions: (1,0,0) "
     "(0,1,0) (0,0,1)\n",
     120, "space directions: (1,0,0"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace directions: \n", 120, "space directions: "},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: ascii\nbyte skip: -1\n", 120, "must be plain bytes"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: hex\nbyte skip: -1\n", 120, "must be plain bytes"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: gzip\nbyte skip: -1\n", 120, "must be plain bytes"},
    {"type: uchar\ndimension: 17\nsizes: 5 4 3\nencoding: raw\n", 120, "dimension: 17"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 0\nencoding: raw\n", 120, "sizes: 5 4 0"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 -3\nencoding: raw\n", 120, "sizes: 5 4 -3"},
    {"type: block\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n", 120, "voxels of type \"block\""},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: bzip2\n", 120, "encoding bzip2 is not read"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: rle\n", 120, "encoding: rle"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n", 59, "truncated"},
    {"type: uchar\ndimension: 3\nsizes: 1000000 1000000 3\nencoding: raw\n", 60, "at most 2^40"},
    {"type: uchar\ndimension: 3\nsizes: 1000000 1000000 1\nencoding: raw\n", 60,
     "the header asks for 1000000000000 bytes"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace directions: (1,0,0) (0,nan,0) (0,0,1)\n", 60,
     "is not finite"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace directions: (1,0,0) (0,0,0) (0,0,1)\n", 60,
     "has a spacing of 0"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace directions: (1,0,0) (0.1,1,0) (0,0,1)\n", 60,
     "not at right angles"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace origin: (1,inf,0)\nspace directions: "
     "(1,0,0) (0,1,0) (0,0,1)\n",
     60, "space origin: (1,inf,0)"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nspace: RAS\nspace directions: (1,0,0) (0,1 (0,0,1)\n", 60,
     "space directions"},
    {"type: uchar\ndimension: 4\nsizes: 5 4 3 2\nencoding: raw\n", 120, "holds 2 frames; an image has one"},
    {"type: uchar\ndimension: 4\nsizes: 3 5 4 3\nkinds: RGB-color domain domain domain\nencoding: raw\n", 180,
     "holds 3 values a voxel"},
    {"type: uchar\ndimension: 4\nsizes: 5 3 4 3\nkinds: domain list domain domain\nencoding: raw\n", 180,
     "lies between"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: ascii\n", 180, "is not a number"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: hex\n", 180, "hexadecimal"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: gzip\n", 60, "damaged or truncated"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: raw\nbyte skip: -2\n", 60, "byte skip: -2"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: raw\nbyte skip: 1\n", 60, "truncated"},
    {"type: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: raw\nline skip: 9\n", 60, "fewer than 9 lines"},
};
enum { WRONG = sizeof wrong / sizeof wrong[0] };

START_TEST(faults) {
    test_folder_make();
    put_header(wrong[_i].fields, wrong[_i].bytes);
    rasters_refused(test_path("a.nrrd"), wrong[_i].text);
    test_folder_remove();
}
END_TEST

/* Cut at every byte: refused, and never more than refused. */
START_TEST(cut_everywhere) {
    unsigned char bytes[ROOM];
    char text[2048] = "", whole[4096] = "";
    test_folder_make();
    const packing how = (packing)_i;
    const size_t length = rasters_pack(RAD_INT16, false, how, VOXELS, counting, bytes, ROOM);
    header(text, RAD_INT16, false, how, "\n");
    const size_t head = strlen(text);
    snprintf(whole, sizeof whole, "%s", text);
    memcpy(whole + head, bytes, length);
    size_t least = head + length;
    if (how == TEXT) least -= 3; /* the last number, and what follows it, may be shorter */
    if (how == HEX) least -= 1;
    for (size_t n = 8; n < least; n++) {
        rasters_put("a.nrrd", "", whole, n);
        rasters_refused(test_path("a.nrrd"), "a.nrrd: ");
    }
    test_folder_remove();
}
END_TEST

/* More than the header asks for: a warning, or refused where it is content. */
START_TEST(trailing) {
    unsigned char bytes[ROOM];
    char text[2048];
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    rad_volume all;
    const rad_source_options options = {.verify = true};
    test_folder_make();
    for (int more = 0; more < 3; more++) {
        const size_t length =
            rasters_pack(RAD_UINT8, false, PLAIN, VOXELS + (size_t)more, counting, bytes, ROOM);
        header(text, RAD_UINT8, false, PLAIN, "\n");
        rasters_put("a.nrrd", text, bytes, length);
        warnings.count = 0;
        ck_ok(rad_source_open(test_path("a.nrrd"), &options, &source, &warnings, &error));
        ck_ok(rad_source_read(&source, &options, NULL, &all, &warnings, &error));
        ck_assert_uint_eq(warnings.count, more > 0);
        if (more == 2) ck_assert(strstr(warnings.text[0], "2 bytes behind the voxels are left out"));
        rad_volume_free(&all);
        rad_source_close(&source);
    }
    for (int how = GZIP; how <= TEXT; how++) {
        if (how == HEX) continue;
        const size_t length = rasters_pack(RAD_UINT8, false, (packing)how, VOXELS + 1, counting, bytes, ROOM);
        header(text, RAD_UINT8, false, (packing)how, "\n");
        rasters_put("a.nrrd", text, bytes, length);
        rasters_refused(test_path("a.nrrd"), "contains more");
    }
    test_folder_remove();
}
END_TEST

/* A list of layers before the grid, and frames behind it; layers that overlap. */
static double layered(size_t i) { /* 2 layers, side by side */
    return i % 2 ? (i / 2 < 10 ? 1 : 0) : (i / 2 % 5 == 0 ? 1 : i / 2 % 5 == 1 ? 2 : 0);
}

static double framed(size_t i) { /* the same, one after the other */
    return layered(i < VOXELS ? 2 * i : 2 * (i - VOXELS) + 1);
}

START_TEST(segments) {
    static const char names[] =
        "Segment0_Name:=Kidney, left\nSegment0_LabelValue:=1\nSegment0_Layer:=0\n"
        "Segment10_LabelValue:=1\nSegment10_Layer:=1\nSegment10_Name:=tu\\\\mor\n"
        "Segment2_Name:=cyst\nSegment2_LabelValue:=2\nSegment2_Layer:=0\nSegment2_ID:=x\n";
    unsigned char bytes[ROOM];
    char text[2048];
    rad_error error = {0};
    rad_mask mask;
    rad_warnings warnings = {0};
    const rad_source image = {.path = "image"};
    const rad_source_options options = {.threshold = 0.5};
    const size_t length =
        rasters_pack(RAD_UINT8, false, GZIP, 2 * VOXELS, _i ? framed : layered, bytes, ROOM);
    test_folder_make();
    snprintf(text, sizeof text,
             "NRRD0004\ntype: unsigned char\ndimension: 4\nspace: RAS\nsizes: %s\nspace directions: %s\n"
             "kinds: %s\nencoding: gzip\n%s\n",
             _i ? "5 4 3 2" : "2 5 4 3", _i ? "(1,0,0) (0,2,0) (0,0,3) none" : "none (1,0,0) (0,2,0) (0,0,3)",
             _i ? "domain domain domain list" : "list domain domain domain", names);
    rasters_put("a.seg.nrrd", text, bytes, length);
    ck_ok(rad_source_read_mask(test_path("a.seg.nrrd"), &image, &options, NULL, &mask, &warnings, &error));
    ck_assert_uint_eq(mask.label_count, 3);
    ck_assert_int_eq(rasters_count(&mask, "Kidney, left"), 12);
    ck_assert_int_eq(rasters_count(&mask, "cyst"), 12);
    ck_assert_int_eq(rasters_count(&mask, "tu\\mor"), 10);
    ck_assert_int_eq(mask.labels[2].value, 3); /* values repeat: segments are counted */
    ck_assert_uint_eq(warnings.count, 0);
    rad_mask_free(&mask);
    char *tumour = strstr(text, "Segment10_LabelValue:=1");
    tumour[22] = '9';
    rasters_put("a.seg.nrrd", text, bytes, length);
    ck_ok(rad_source_read_mask(test_path("a.seg.nrrd"), &image, &options, NULL, &mask, &warnings, &error));
    ck_assert_int_eq(rasters_count(&mask, "tu\\mor"), 0);
    ck_assert_uint_eq(warnings.count, 1);
    ck_assert(strstr(warnings.text[0], "10 voxels of no segment that the header names are left out"));
    rad_mask_free(&mask);
    test_folder_remove();
}
END_TEST

/* Labels of layers are whole numbers to within 0.001, as those of any mask. */
static double nearly(size_t i) {
    return layered(i) == 0 ? 0 : layered(i) + 9e-4;
}

static double hardly(size_t i) {
    return layered(i) == 0 ? 0 : layered(i) + 2e-3;
}

START_TEST(layers_of_floats) {
    static const char head[] = "NRRD0004\ntype: float\ndimension: 4\nspace: RAS\nsizes: 2 5 4 3\n"
                               "space directions: none (1,0,0) (0,2,0) (0,0,3)\nendian: little\n"
                               "encoding: raw\nSegment0_Name:=tumour\nSegment0_LabelValue:=2\n\n";
    unsigned char bytes[ROOM];
    rad_error error = {0};
    rad_mask mask;
    const rad_source image = {.path = "image"};
    const rad_source_options options = {.threshold = 0.5};
    test_folder_make();
    size_t length = rasters_pack(RAD_FLOAT32, false, PLAIN, 2 * VOXELS, nearly, bytes, ROOM);
    rasters_put("a.nrrd", head, bytes, length);
    ck_ok(rad_source_read_mask(test_path("a.nrrd"), &image, &options, NULL, &mask, NULL, &error));
    ck_assert_int_eq(rasters_count(&mask, "tumour"), 12);
    rad_mask_free(&mask);
    length = rasters_pack(RAD_FLOAT32, false, PLAIN, 2 * VOXELS, hardly, bytes, ROOM);
    rasters_put("a.nrrd", head, bytes, length);
    ck_assert_int_eq(rad_source_read_mask(test_path("a.nrrd"), &image, &options, NULL, &mask, NULL, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "whole numbers to within 0.001") != NULL, "%s", error.text);
    test_folder_remove();
}
END_TEST

START_TEST(one_layer) {
    unsigned char bytes[ROOM];
    char text[2048];
    rad_error error = {0};
    rad_mask mask;
    const rad_source image = {.path = "image"};
    const rad_source_options options = {.threshold = 0.5};
    const size_t length = rasters_pack(RAD_INT16, true, PLAIN, VOXELS, with_zeros, bytes, ROOM);
    test_folder_make();
    header(text, RAD_INT16, true, PLAIN,
           "Segment0_Name:=GTV\nSegment0_LabelValue:=2\nSegment1_LabelValue:=7\n\n");
    rasters_put("a.nrrd", text, bytes, length);
    ck_ok(rad_source_read_mask(test_path("a.nrrd"), &image, &options, NULL, &mask, NULL, &error));
    ck_assert_uint_eq(mask.label_count, 3);
    ck_assert_int_eq(rasters_count(&mask, "1"), 15);
    ck_assert_int_eq(rasters_count(&mask, "GTV"), 15);
    ck_assert_int_eq(rasters_count(&mask, "Segment_1"), 0);
    rad_mask_free(&mask);
    header(text, RAD_INT16, true, PLAIN, "Segment0_Layer:=1\n\n");
    rasters_put("a.nrrd", text, bytes, length);
    ck_assert_int_eq(rad_source_read_mask(test_path("a.nrrd"), &image, &options, NULL, &mask, NULL, &error),
                     RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "segment 0 is in layer 1 of 1") != NULL, "%s", error.text);
    test_folder_remove();
}
END_TEST

int main(void) {
    Suite *suite = suite_create("nrrd");
    TCase *tests = tcase_create("nrrd");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, types_and_encodings, 0, 10);
    tcase_add_loop_test(tests, lines_of_digits, 0, 2);
    tcase_add_loop_test(tests, places, 0, SPACES);
    tcase_add_test(tests, data_files);
    tcase_add_loop_test(tests, moved, 0, 3);
    tcase_add_loop_test(tests, faults, 0, WRONG);
    tcase_add_loop_test(tests, cut_everywhere, PLAIN, TEXT + 1);
    tcase_add_test(tests, trailing);
    tcase_add_loop_test(tests, segments, 0, 2);
    tcase_add_test(tests, layers_of_floats);
    tcase_add_test(tests, one_layer);
    return test_run(suite);
}
