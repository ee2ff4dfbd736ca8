/* Arrays of numpy, PNG and TIFF made by hand: types, orders, spacings, masks that lie on their image, and
 * what can be wrong. */
#include "rasters.h"

#include "../../core/memory.h"
#include "../../io/scan/picture.h"

#include <math.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>
#include <unistd.h>

enum { VOXELS = 60, ROOM = 1 << 16 };

static double counting(size_t i) {
    return (double)i;
}

static double some(size_t i) {
    return i % 3 ? 1 : 0;
}

static rad_source_options with_spacing(double x, double y, double z) {
    return (rad_source_options){.verify = true, .threshold = 0.5, .spacing = {x, y, z}};
}

static void npy(char *text, const char *type, bool fortran, const char *shape) {
    char words[128];
    snprintf(words, sizeof words, "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }", type,
             fortran ? "True" : "False", shape);
    snprintf(text, 256, "%-117s\n", words);
}

static void put_npy(const char *name, const char *type, bool fortran, const char *shape, const void *bytes,
                    size_t length) {
    unsigned char whole[ROOM] = "\x93NUMPY\x01";
    char text[256];
    npy(text, type, fortran, shape);
    whole[8] = 118;
    memcpy(whole + 10, text, 118);
    memcpy(whole + 128, bytes, length);
    rasters_put(name, "", whole, 128 + length);
}

static const struct {
    const char *little, *big;
    rad_type type;
} types[] = {{"|b1", "|b1", RAD_UINT8},   {"|u1", "|u1", RAD_UINT8},  {"|i1", "|i1", RAD_INT8},
             {"<u2", ">u2", RAD_UINT16},  {"<i2", ">i2", RAD_INT16},  {"<u4", ">u4", RAD_UINT32},
             {"<i4", ">i4", RAD_INT32},   {"<u8", ">u8", RAD_UINT64}, {"<i8", ">i8", RAD_INT64},
             {"<f4", ">f4", RAD_FLOAT32}, {"<f8", ">f8", RAD_FLOAT64}};

START_TEST(npy_types) {
    unsigned char bytes[ROOM];
    const rad_source_options options = with_spacing(1, 2, 3);
    test_folder_make();
    for (int big = 0; big < 2; big++) {
        const size_t length = rasters_pack(types[_i].type, big, PLAIN, VOXELS, counting, bytes, ROOM);
        const expected c = {{5, 4, 3}, types[_i].type, {1, 2, 3}, {0, 0, 0}, {-1, 0, 0, 0, -1, 0, 0, 0, 1},
                            counting},
                       fortran = {
                           {3, 4, 5}, types[_i].type, {3, 2, 1}, {0, 0, 0}, {0, 0, -1, 0, -1, 0, 1, 0, 0},
                           counting};
        put_npy("a.npy", big ? types[_i].big : types[_i].little, false, "(3, 4, 5)", bytes, length);
        rasters_expect_as(test_path("a.npy"), &options, &c);
        put_npy("a.npy", big ? types[_i].big : types[_i].little, true, "(3, 4, 5)", bytes, length);
        rasters_expect_as(test_path("a.npy"), &options, &fortran);
    }
    rasters_refused(test_path("a.npy"), "the file says no spacing");
    test_folder_remove();
}
END_TEST

static const struct {
    const char *type, *shape, *text;
} wrong[] = {
    {"<f2", "(3, 4, 5)", "type '<f2';"},       {"|O", "(3, 4, 5)", "type '|O';"},
    {"<c8", "(3, 4, 5)", "type '<c8';"},       {"|u1", "(60,)", "not of 2 or 3 axes"},
    {"|u1", "(0, 4, 5)", "not of 2 or 3"},     {"|u1", "(3, 4, 6)", "truncated"},
    {"|u1", "(3, 4, -5)", "not of 2"},         {"|u1", "(3, 4, 99999999999999)", "not of 2"},
    {"|u1", "(2, 3, 2, 5)", "holds 2 frames"},
};
enum { WRONG = sizeof wrong / sizeof wrong[0] };

START_TEST(npy_faults) {
    static const unsigned char none[VOXELS];
    test_folder_make();
    put_npy("a.npy", wrong[_i].type, false, wrong[_i].shape, none, sizeof none);
    rasters_refused_as(test_path("a.npy"), &(rad_source_options){.spacing = {1, 1, 1}}, wrong[_i].text);
    test_folder_remove();
}
END_TEST

/* A mask of C or Fortran order on an image of NRRD, which has a place. */
START_TEST(masks_lie_on_the_image) {
    static const char head[] =
        "NRRD0004\ntype: uchar\ndimension: 3\nspace: RAS\nsizes: 5 4 3\nspace directions: (0,2,0) (-1,0,0) "
        "(0,0,3)\nspace origin: (7,8,9)\nencoding: raw\n\n";
    unsigned char bytes[ROOM], turned[VOXELS];
    rad_error error = {0};
    rad_source image;
    rad_mask mask;
    const rad_source_options options = {.threshold = 0.5};
    test_folder_make();
    const size_t length = rasters_pack(RAD_UINT8, false, PLAIN, VOXELS, some, bytes, ROOM);
    for (size_t i = 0; i < VOXELS; i++) turned[i % 5 * 12 + i / 5 % 4 * 3 + i / 20] = bytes[i];
    rasters_put("a.nrrd", head, bytes, length);
    ck_ok(rad_source_open(test_path("a.nrrd"), &options, &image, NULL, &error));
    for (int fortran = 0; fortran < 2; fortran++) {
        put_npy("m.npy", "|u1", fortran, "(3, 4, 5)", fortran ? turned : bytes, length);
        ck_ok(rad_source_read_mask(test_path("m.npy"), &image, &options, NULL, &mask, NULL, &error));
        ck_assert(rad_geometry_same(&mask.volume.geometry, &image.header.geometry));
        rad_mask same;
        ck_ok(rad_source_read_mask(test_path("a.nrrd"), &image, &options, NULL, &same, NULL, &error));
        ck_assert_uint_eq(mask.run_count, same.run_count);
        ck_assert(!memcmp(mask.runs, same.runs, same.run_count * sizeof *same.runs));
        rad_mask_free(&same);
        rad_mask_free(&mask);
    }
    put_npy("m.npy", "|u1", false, "(4, 3, 5)", bytes, length);
    ck_assert_int_eq(rad_source_read_mask(test_path("m.npy"), &image, &options, NULL, &mask, NULL, &error),
                     RAD_CONFIG);
    ck_assert_msg(strstr(error.text, "5 x 3 x 4 voxels and says no place; the image has 5 x 4 x 3") != NULL,
                  "%s", error.text);
    rad_source_close(&image);
    test_folder_remove();
}
END_TEST

/* A PNG by libpng. */
static png_uint_32 png_size[2] = {7, 5};
static void put_png(const char *name, int bits, int colour, int interlace, unsigned dots,
                    const unsigned char *rows, size_t pitch) {
    FILE *out = fopen(test_path(name), "wb");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    ck_assert(out && png && info);
    png_init_io(png, out);
    png_set_IHDR(png, info, png_size[0], png_size[1], bits, colour, interlace, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (dots) png_set_pHYs(png, info, dots, 2 * dots, PNG_RESOLUTION_METER);
    png_write_info(png, info);
    const int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (size_t y = 0; y < png_size[1]; y++) png_write_row(png, rows + y * pitch);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    ck_assert_int_eq(fclose(out), 0);
}

static double wide(size_t i) {
    return (double)(i * 1700);
}

static double bits(size_t i) {
    return i / 7 % 2 == i % 7 % 2 ? 255 : 0;
}

static expected flat(rad_type type, voxel_value *value) {
    return (expected){{7, 5, 1}, type, {0.1, 0.05, 1}, {0, 0, 0}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, value};
}

static uint32_t crc(const unsigned char *bytes, size_t length) {
    uint32_t c = UINT32_MAX;
    for (size_t i = 0; i < length; i++) {
        c ^= bytes[i];
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
    }
    return ~c;
}

/* The same file with as many pixels as it could have of one bit each is refused, since deflate makes no more
 * than 1,040 bytes of one. */
static void expect_too_small(const char *name) {
    unsigned char file[1024];
    FILE *in = fopen(test_path(name), "rb");
    const size_t length = fread(file, 1, sizeof file, in);
    ck_assert_int_eq(fclose(in), 0);
    const uint32_t side = (uint32_t)sqrt(8 * 1040 * (double)length);
    for (int i = 0; i < 4; i++) file[16 + i] = file[20 + i] = (unsigned char)(side >> 8 * (3 - i));
    const uint32_t sum = crc(file + 12, 17);
    for (int i = 0; i < 4; i++) file[29 + i] = (unsigned char)(sum >> 8 * (3 - i));
    rasters_put("large.png", "", file, length);
    rasters_refused(test_path("large.png"), "pixels cannot be in it");
}

START_TEST(png) {
    unsigned char grey[35], words[70], colour[105], bit[5];
    test_folder_make();
    for (size_t i = 0; i < 35; i++) {
        grey[i] = (unsigned char)i;
        words[2 * i] = (unsigned char)(i * 1700 >> 8);
        words[2 * i + 1] = (unsigned char)(i * 1700);
        for (size_t c = 0; c < 3; c++) colour[3 * i + c] = (unsigned char)i;
    }
    for (size_t y = 0; y < 5; y++) bit[y] = y % 2 ? 0x55 : 0xaa;
    for (int interlace = 0; interlace < 2; interlace++) {
        put_png("a.png", 8, PNG_COLOR_TYPE_GRAY, interlace, 10000, grey, 7);
        rasters_expect(
            test_path("a.png"),
            &(expected){{7, 5, 1}, RAD_UINT8, {0.1, 0.05, 1}, {0}, {-1, 0, 0, 0, -1, 0, 0, 0, 1}, counting});
        const expected w = flat(RAD_UINT16, wide), b = flat(RAD_UINT8, bits), c = flat(RAD_UINT8, counting);
        put_png("a.png", 16, PNG_COLOR_TYPE_GRAY, interlace, 10000, words, 14);
        rasters_expect(test_path("a.png"), &w);
        expect_too_small("a.png");
        put_png("a.png", 1, PNG_COLOR_TYPE_GRAY, interlace, 10000, bit, 1);
        rasters_expect(test_path("a.png"), &b);
        put_png("a.png", 8, PNG_COLOR_TYPE_RGB, interlace, 10000, colour, 21);
        rasters_expect(test_path("a.png"), &c);
    }
    colour[40]++;
    put_png("a.png", 8, PNG_COLOR_TYPE_RGB, 0, 10000, colour, 21);
    rasters_refused(test_path("a.png"), "is in colour");
    put_png("a.png", 8, PNG_COLOR_TYPE_GRAY, 0, 0, grey, 7);
    rasters_refused(test_path("a.png"), "says no spacing; give it by the setting image_spacing");
    test_folder_remove();
}
END_TEST

static double scattered(size_t i) {
    return (double)(i * i % 239);
}

/* Passes have no pixel in small pictures, and parts of a row in others. */
START_TEST(png_interlaced) {
    enum { MOST = 18 };
    unsigned char grey[MOST * MOST];
    test_folder_make();
    for (size_t i = 0; i < sizeof grey; i++) grey[i] = (unsigned char)scattered(i);
    for (png_size[1] = 1; png_size[1] <= MOST; png_size[1]++)
        for (png_size[0] = 1; png_size[0] <= MOST; png_size[0]++) {
            expected e = flat(RAD_UINT8, scattered);
            for (int a = 0; a < 2; a++) e.size[a] = png_size[a];
            put_png("a.png", 8, PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_ADAM7, 10000, grey, png_size[0]);
            rasters_expect(test_path("a.png"), &e);
        }
    png_size[0] = 7;
    png_size[1] = 5;
    test_folder_remove();
}
END_TEST

START_TEST(png_cut) {
    unsigned char grey[35] = {1}, whole[1024];
    test_folder_make();
    put_png("a.png", 8, PNG_COLOR_TYPE_GRAY, _i, 10000, grey, 7);
    FILE *in = fopen(test_path("a.png"), "rb");
    const size_t length = fread(whole, 1, sizeof whole, in);
    ck_assert_int_eq(fclose(in), 0);
    for (size_t n = 8; n < length; n++) {
        rasters_put("b.png", "", whole, n);
        rasters_refused(test_path("b.png"), "b.png: ");
    }
    test_folder_remove();
}
END_TEST

/* A TIFF of 7 x 5 by libtiff, with 100 and 200 pixels a unit. */
static uint16_t unit = RESUNIT_CENTIMETER, fill_order = FILLORDER_MSB2LSB;
static void put_tiff(const char *name, const char *mode, uint16_t depth, uint16_t photometric,
                     const void *rows, size_t pitch) {
    TIFF *out = TIFFOpen(test_path(name), mode);
    ck_assert(out != NULL);
    TIFFSetField(out, TIFFTAG_IMAGEWIDTH, 7);
    TIFFSetField(out, TIFFTAG_IMAGELENGTH, 5);
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, depth);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(out, TIFFTAG_FILLORDER, fill_order);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, photometric);
    TIFFSetField(out, TIFFTAG_ROWSPERSTRIP, 2);
    TIFFSetField(out, TIFFTAG_RESOLUTIONUNIT, unit);
    TIFFSetField(out, TIFFTAG_XRESOLUTION, 100.0);
    TIFFSetField(out, TIFFTAG_YRESOLUTION, 200.0);
    unsigned char row[64];
    for (uint32_t y = 0; y < 5; y++) {
        memcpy(row, (const unsigned char *)rows + y * pitch, pitch);
        ck_assert_int_eq(TIFFWriteScanline(out, row, y, 0), 1);
    }
    TIFFClose(out);
}

static double white(size_t i) {
    return (double)(65535 - i * 1700);
}

static double bilevel(size_t i) {
    return i / 7 % 2 == i % 7 % 2;
}

START_TEST(tiff) {
    uint16_t words[35];
    unsigned char grey[35], bit[5], whole[1024];
    test_folder_make();
    for (size_t i = 0; i < 35; i++) {
        grey[i] = (unsigned char)i;
        words[i] = (uint16_t)(i * 1700);
    }
    for (size_t y = 0; y < 5; y++) bit[y] = y % 2 ? 0x55 : 0xaa;
    const expected g = flat(RAD_UINT8, counting), w = flat(RAD_UINT16, wide), v = flat(RAD_UINT16, white),
                   b = flat(RAD_UINT8, bilevel);
    static const char *const modes[] = {"wl", "wb", "w8"};
    for (size_t m = 0; m < 6; m++) {
        fill_order = m % 2 ? FILLORDER_MSB2LSB : FILLORDER_LSB2MSB;
        put_tiff("a.tif", modes[m / 2], 8, PHOTOMETRIC_MINISBLACK, grey, 7);
        rasters_expect(test_path("a.tif"), &g);
        put_tiff("a.tif", modes[m / 2], 16, PHOTOMETRIC_MINISBLACK, words, 14);
        rasters_expect(test_path("a.tif"), &w);
        put_tiff("a.tif", modes[m / 2], 16, PHOTOMETRIC_MINISWHITE, words, 14);
        rasters_expect(test_path("a.tif"), &v);
        put_tiff("a.tif", modes[m / 2], 1, PHOTOMETRIC_MINISBLACK, bit, 1);
        rasters_expect(test_path("a.tif"), &b);
    }
    FILE *in = fopen(test_path("a.tif"), "rb");
    const size_t length = fread(whole, 1, sizeof whole, in);
    ck_assert_int_eq(fclose(in), 0);
    for (size_t n = 8; n + 8 < length; n++) { /* the last of it may be a tag that is of no account */
        rasters_put("b.tif", "", whole, n);
        rasters_refused(test_path("b.tif"), "b.tif: ");
    }
    expected inches = g;
    inches.spacing[0] = 0.254;
    inches.spacing[1] = 0.127;
    unit = RESUNIT_INCH;
    put_tiff("a.tif", "wl", 8, PHOTOMETRIC_MINISBLACK, grey, 7);
    unit = RESUNIT_CENTIMETER;
    rasters_expect(test_path("a.tif"), &inches);
    put_tiff("a.tif", "wl", 8, PHOTOMETRIC_MINISBLACK, grey, 7);
    put_tiff("a.tif", "a", 8, PHOTOMETRIC_MINISBLACK, grey, 7);
    rasters_refused(test_path("a.tif"), "holds 2 pages");
    put_tiff("a.tif", "wl", 4, PHOTOMETRIC_MINISBLACK, grey, 4);
    rasters_refused(test_path("a.tif"), "1 samples of 4 bits");
    test_folder_remove();
}
END_TEST

enum { TILED_WIDTH = 50, TILED_HEIGHT = 37 };
static double mixed(size_t i) {
    return (double)(i * 40503 % 65536);
}

/* Tiles of which the last stand out of the picture. */
static void put_tiled(const char *mode, uint16_t compression, uint32_t across, uint32_t down) {
    TIFF *out = TIFFOpen(test_path("tiled.tif"), mode);
    uint16_t tile[64 * 64];
    ck_assert(out != NULL);
    TIFFSetField(out, TIFFTAG_IMAGEWIDTH, TILED_WIDTH);
    TIFFSetField(out, TIFFTAG_IMAGELENGTH, TILED_HEIGHT);
    TIFFSetField(out, TIFFTAG_BITSPERSAMPLE, 16);
    TIFFSetField(out, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(out, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(out, TIFFTAG_COMPRESSION, compression);
    TIFFSetField(out, TIFFTAG_TILEWIDTH, across);
    TIFFSetField(out, TIFFTAG_TILELENGTH, down);
    TIFFSetField(out, TIFFTAG_RESOLUTIONUNIT, RESUNIT_CENTIMETER);
    TIFFSetField(out, TIFFTAG_XRESOLUTION, 100.0);
    TIFFSetField(out, TIFFTAG_YRESOLUTION, 200.0);
    for (uint32_t y = 0; y < TILED_HEIGHT; y += down)
        for (uint32_t x = 0; x < TILED_WIDTH; x += across) {
            for (uint32_t k = 0; k < across * down; k++) {
                const uint32_t at[] = {x + k % across, y + k / across};
                tile[k] = at[0] < TILED_WIDTH && at[1] < TILED_HEIGHT
                              ? (uint16_t)mixed(at[0] + (size_t)TILED_WIDTH * at[1])
                              : 0xdead;
            }
            ck_assert(TIFFWriteTile(out, tile, x, y, 0, 0) > 0);
        }
    TIFFClose(out);
}

START_TEST(tiff_in_tiles) {
    static const uint32_t sides[][2] = {{16, 16}, {32, 16}, {16, 48}, {64, 64}};
    static const char *const modes[] = {"wl", "wb", "w8"};
    expected e = flat(RAD_UINT16, mixed);
    e.size[0] = TILED_WIDTH, e.size[1] = TILED_HEIGHT;
    test_folder_make();
    for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++)
        for (size_t m = 0; m < 3; m++) {
            put_tiled(modes[m], COMPRESSION_NONE, sides[i][0], sides[i][1]);
            rasters_expect(test_path("tiled.tif"), &e);
            put_tiled(modes[m], COMPRESSION_LZW, sides[i][0], sides[i][1]);
            rasters_expect(test_path("tiled.tif"), &e);
        }
    ck_assert(!truncate(test_path("tiled.tif"), 400));
    rasters_refused(test_path("tiled.tif"), "tiled.tif: ");
    test_folder_remove();
}
END_TEST

/* Units that ImageJ writes take the place of the one of the resolution; of others there is no spacing. */
START_TEST(tiff_of_imagej) {
    static const struct {
        const char *text;
        double unit;
    } rows[] = {{"ImageJ=1.53t\nunit=micron\nmin=0\n", 1e-3},
                {"ImageJ=1.53t\nunit=\\u00B5m\n", 1e-3},
                {"ImageJ=1.53t\nunit=mm", 1},
                {"ImageJ=1.53t\nunit=cm\r\n", 10},
                {"ImageJ=1.53t\nunit=inch\n", 25.4},
                {"ImageJ=1.53t\nunit=pixel\n", 0},
                {"ImageJ=1.53t\nunit=mmm\n", 0},
                {"ImageJ=1.53t\n", 0},
                {"unit=mm\n", 10}};
    unsigned char grey[35];
    test_folder_make();
    for (size_t i = 0; i < 35; i++) grey[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expected e = flat(RAD_UINT8, counting);
        e.spacing[0] = rows[i].unit / 100;
        e.spacing[1] = rows[i].unit / 200;
        put_tiff("a.tif", "wl", 8, PHOTOMETRIC_MINISBLACK, grey, 7);
        TIFF *more = TIFFOpen(test_path("a.tif"), "r+");
        ck_assert(more && TIFFSetField(more, TIFFTAG_IMAGEDESCRIPTION, rows[i].text) &&
                  TIFFRewriteDirectory(more));
        TIFFClose(more);
        if (rows[i].unit > 0)
            rasters_expect(test_path("a.tif"), &e);
        else
            rasters_refused(test_path("a.tif"), "the file says no spacing");
    }
    test_folder_remove();
}
END_TEST

START_TEST(spacing_of_the_setting) {
    unsigned char grey[35] = {1};
    rad_error error = {0};
    rad_warnings warnings = {0};
    rad_source source;
    const rad_source_options options = with_spacing(0.5, 0.25, 4);
    test_folder_make();
    put_png("a.png", 8, PNG_COLOR_TYPE_GRAY, 0, 10000, grey, 7);
    ck_ok(rad_source_open(test_path("a.png"), &options, &source, &warnings, &error));
    ck_near(source.stored.spacing[0], 0.5, 1e-15);
    ck_near(source.stored.spacing[1], 0.25, 1e-15);
    ck_near(source.stored.spacing[2], 4, 1e-15);
    ck_assert_uint_eq(warnings.count, 1);
    ck_assert(strstr(warnings.text[0], "is another than that of the file"));
    rad_source_close(&source);
    test_folder_remove();
}
END_TEST

/* Spacings of 72 and 96 dots per inch are said to mean nothing. */
START_TEST(dots_of_screens) {
    static const struct {
        double x, y;
        size_t warned;
    } dots[] = {{72, 72, 1}, {96, 96, 1}, {72.01, 71.99, 1}, {72, 144, 0}, {72.03, 72.03, 0}, {300, 300, 0}};
    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
        const rad_picture picture = {{7, 5}, RAD_UINT8, 1, false, {25.4 / dots[i].x, 25.4 / dots[i].y}};
        rad_raster raster = {.channels = 1};
        rad_warnings warnings = {0};
        rad_error error = {0};
        ck_ok(rad_picture_put("a.png", &picture, &raster, &warnings, &error));
        ck_assert_uint_eq(warnings.count, dots[i].warned);
        if (warnings.count)
            ck_assert(
                strstr(warnings.text[0], "dots per inch is what programs write when they know no spacing"));
        rad_raster_free(&raster);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("pictures");
    TCase *tests = tcase_create("pictures");
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, npy_types, 0, sizeof types / sizeof types[0]);
    tcase_add_loop_test(tests, npy_faults, 0, WRONG);
    tcase_add_test(tests, masks_lie_on_the_image);
    tcase_add_test(tests, png);
    tcase_add_loop_test(tests, png_cut, 0, 2);
    tcase_add_test(tests, png_interlaced);
    tcase_add_test(tests, tiff);
    tcase_add_test(tests, tiff_in_tiles);
    tcase_add_test(tests, tiff_of_imagej);
    tcase_add_test(tests, spacing_of_the_setting);
    tcase_add_test(tests, dots_of_screens);
    return test_run(suite);
}
