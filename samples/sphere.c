/* Features of an image in memory: a sphere of 12 mm radius that is brighter in the middle.
 *
 *     cc sphere.c $(pkg-config --cflags --libs radiomill) -lm -o sphere */
#include <radiomill.h>

#include <math.h>
#include <stdio.h>

enum { N = 32 };
static float image[N][N][N]; /* z, y, x: x is the fastest */
static unsigned char mask[N][N][N];

static void draw(void) {
    for (int z = 0; z < N; z++)
        for (int y = 0; y < N; y++)
            for (int x = 0; x < N; x++) {
                const double r =
                    sqrt((x - 15.5) * (x - 15.5) + (y - 15.5) * (y - 15.5) + (z - 15.5) * (z - 15.5));
                image[z][y][x] = (float)(100 * exp(-r * r / 100));
                mask[z][y][x] = r <= 12;
            }
}

static bool show(double done, void *context) {
    (void)context;
    fprintf(stderr, "\r%3.0f %%", 100 * done);
    return true; /* false would cancel */
}

int main(void) {
    rad_error error;
    rad_settings *settings = NULL;
    rad_scan *scan = NULL, *roi = NULL;
    rad_features *table = NULL;
    rad_array voxels = {
        .voxels = image, .type = RAD_FLOAT32, .size = {N, N, N}, .spacing = {1, 1, 1}, .name = "sphere"};
    draw();
    rad_status status = rad_settings_new(NULL, &settings, &error);
    if (status == RAD_OK) status = rad_settings_set(settings, "discretisation", "fbn16", &error);
    if (status == RAD_OK) status = rad_scan_from_array(&voxels, &scan, &error);
    voxels.voxels = mask;
    voxels.type = RAD_UINT8;
    if (status == RAD_OK) status = rad_scan_from_array(&voxels, &roi, &error);
    const rad_control control = {.step = show};
    if (status == RAD_OK) status = rad_extract(settings, scan, roi, NULL, &control, &table, &error);
    fprintf(stderr, "\n");
    if (status != RAD_OK) fprintf(stderr, "%s\n", error.text);

    static const char *const names[] = {"morph_volume", "morph_sphericity", "stat_mean",
                                        "cm_contrast_3D_comb"};
    rad_row_info row;
    rad_column_info column;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && rad_features_row(table, 0, &row); i++) {
        const size_t at = rad_features_find(table, names[i]);
        if (rad_features_column(table, at, &column))
            printf("%-34s %-5s %12.6g %s\n", column.name, column.code, row.values[at].value, column.unit);
    }
    rad_features_free(table);
    rad_scan_free(scan);
    rad_scan_free(roi);
    rad_settings_free(settings);
    return status;
}
