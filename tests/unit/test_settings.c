/* Settings, their YAML, presets, tables and what is written of them. */
#include "testing.h"

#include "../../core/memory.h"

#include "../../core/number.h"
#include "../../core/table.h"
#include "../../features/families.h"
#include "../../io/bytes.h"
#include "../../pipeline/settings_file.h"
#include "../../pipeline/validate/reference.h"
#include "../../pipeline/validate/validate.h"
#include "../../pipeline/writers.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static rad_status parse(const char *text, rad_settings *settings, rad_error *error) {
    return rad_settings_file_parse(text, strlen(text), "s.yaml", settings, error);
}

/* What is written reads back to the same words, for the defaults and for every preset. */
START_TEST(settings_read_back) {
    static const char *const names[] = {NULL,       "ibsi-digital-phantom",
                                        "ibsi-a",   "ibsi-b",
                                        "ibsi-c",   "ibsi-d",
                                        "ibsi-e",   "ibsi2-1a",
                                        "ibsi2-3a", "ibsi2-4b",
                                        "ibsi2-5b", "ibsi2-6a",
                                        "ibsi2-9b"};
    rad_settings settings, again;
    rad_error error = {0};
    char text[4096], words[512], other[512];
    rad_settings_default(&settings);
    if (names[_i]) ck_ok(rad_preset_read(names[_i], &settings, &error));
    ck_assert_uint_lt(rad_settings_write(&settings, text, sizeof text), sizeof text);
    ck_ok(parse(text, &again, &error));
    size_t keys;
    const rad_key *key = rad_settings_keys(&keys);
    for (size_t i = 0; i < keys; i++) {
        rad_key_words(&key[i], &settings, words, sizeof words);
        rad_key_words(&key[i], &again, other, sizeof other);
        ck_assert_str_eq(words, other);
        ck_assert(*words || rad_key_is_list(&key[i]));
    }
    char echo[sizeof text];
    rad_settings_write(&again, echo, sizeof echo);
    ck_assert_str_eq(text, echo);
    rad_settings_clear(&settings);
    rad_settings_clear(&again);
}
END_TEST

START_TEST(settings_are_taken) {
    rad_settings s;
    rad_error error = {0};
    ck_ok(parse("interpolation:\n  spacing: [1, 2.5, 0]\n  method: cubic\n  round: yes\nresegmentation: "
                "{range: [-.inf, 400], "
                "outliers: 3}\ndiscretisation: [fbs25, fbn32, none]\nivh: fbs2.5\ntexture:\n  dimensions: "
                "[2D, 2.5D]\n"
                "families: [cm, stat]\n",
                &s, &error));
    ck_assert(s.sampling.spacing[0] == 1 && s.sampling.spacing[1] == 2.5 && s.sampling.spacing[2] == 0 &&
              s.sampling.method == RAD_CUBIC && s.sampling.round);
    ck_assert(isinf(s.range[0]) && s.range[1] == 400 && s.outliers == 3);
    ck_assert_uint_eq(s.features.discretisation.count, 3);
    ck_assert(s.features.discretisation.row[0].binning == RAD_BIN_FBS &&
              s.features.discretisation.row[0].amount == 25);
    ck_assert(s.features.discretisation.row[2].binning == RAD_BIN_NONE &&
              s.features.ivh.row[0].amount == 2.5);
    ck_assert_uint_eq(s.features.dimensions, RAD_2D | RAD_2_5D);
    ck_assert_uint_eq(s.features.families, rad_family_bit(&rad_family_cm) | rad_family_bit(&rad_family_stat));
    ck_ok(parse("", &s, &error));
    ck_ok(parse("interpolation:\n  spacing: 2\n", &s, &error));
    ck_assert(s.sampling.spacing[0] == 2 && s.sampling.spacing[2] == 2 && s.mask_threshold == 0.5);
}
END_TEST

/* Steps of masks are written as they were read, names in quotes. */
START_TEST(steps_read_back) {
    static const char text[] =
        "masks:\n  - largest\n  - grow: {mm: 2.5, roi: 'GTV \\ \"1\"', name: '* + 2 mm', dimension: 2}\n"
        "  - minus: {roi: a, other: b}\n  - fill:\nnormalisation: {method: range, of: reference, reference: "
        "'muscle (left)'}\nbin_origin: -0.1\n";
    rad_settings s, again;
    rad_error error = {0};
    char echo[4096], twice[4096];
    ck_ok(parse(text, &s, &error));
    ck_assert_uint_eq(s.step_count, 4);
    ck_assert(s.steps[1].mm == 2.5 && s.steps[1].dimension == 2 && s.steps[2].op == RAD_MASK_MINUS);
    ck_assert_str_eq(s.steps[1].roi, "GTV \\ \"1\"");
    ck_assert_str_eq(s.steps[1].name, "* + 2 mm");
    ck_assert_uint_lt(rad_settings_write(&s, echo, sizeof echo), sizeof echo);
    ck_ok(parse(echo, &again, &error));
    rad_settings_write(&again, twice, sizeof twice);
    ck_assert_str_eq(echo, twice);
    ck_assert_ptr_nonnull(strstr(echo, "  - largest: {roi: \"\", name: \"\"}\n"));
    ck_assert_ptr_nonnull(strstr(echo, "reference: \"muscle (left)\"\n"));
    rad_settings_clear(&again);
    ck_ok(rad_settings_copy(&s, &again, &error));
    rad_settings_write(&again, twice, sizeof twice);
    ck_assert_str_eq(echo, twice);
    rad_settings_clear(&s);
    rad_settings_clear(&again);
}
END_TEST

static const struct {
    const char *text, *says;
} wrong_settings[] = {
    {"colour: red\n", "s.yaml:1:1: `colour` is not a setting; `radiomill settings` prints all"},
    {"texture: {dimension: 3D}\n", "is not a setting; did you mean `texture.dimensions`?"},
    {"interpolaton:\n  spacing: 2\n",
     "s.yaml:1:1: `interpolaton` is not a setting; did you mean `interpolation`?"},
    {"interpolation:\n  spacin: 2\n",
     "s.yaml:2:3: `interpolation.spacin` is not a setting; did you mean `interpolation.spacing`?"},
    {"interpolation:\n  spacing: [1, 2]\n", "s.yaml:2:3: `interpolation.spacing` must be"},
    {"interpolation:\n  spacing: -1\n", "s.yaml:2:3"},
    {"interpolation:\n  mask_method: cubic\n", "nearest or linear"},
    {"interpolation: 2\n", "s.yaml:1:16: this group needs keys"},
    {"ivh: fbs0\n", "fbs<bin width>"},
    {"ivh: fbn2.5\n", "fbn<number of bins>"},
    {"discretisation: [fbn32, fbn32]\n", "discretisation"},
    {"discretisation: []\n", "discretisation"},
    {"resegmentation:\n  range: [5, 4]\n", "s.yaml:2:3"},
    {"texture:\n  glcm_distance: 1.5\n", "1..64"},
    {"ivh: none\nivh: none\n", "s.yaml:2:1: the key is given twice"},
    {"ivh: &a none\n", "anchors"},
    {"ivh: !!str none\n", "tags"},
    {"ivh: {a: b}\n", "s.yaml:1:6: a value or a list is expected"},
    {"--- {ivh: none}\n--- {ivh: none}\n", "one document"},
    {"- ivh\n", "keys and values"},
    {"ivh: [none\n", "s.yaml:"},
    {"ivh: nan\n", "`ivh` must be none, fbs"},
    {"diagnostics: maybe\n", "yes or no"},
    {"images: log\n", "s.yaml:1:9: images must be a list"},
    {"images:\n  - logg\n", "s.yaml:2:5: `logg` is not a filter; the filters are mean, gaussian, log,"},
    {"images:\n  - log: {sigmas: 3}\n",
     "s.yaml:2:11: log has no option `sigmas`; its options are sigma cutoff"},
    {"images:\n  - square: {sigma: 3}\n", "s.yaml:2:14: square has no option `sigma`"},
    {"images:\n  - log: {sigma: [1, -2]}\n", "s.yaml:2:11: `sigma` must be 0.001..1000, not -2"},
    {"images:\n  - log: {sigma: []}\n", "s.yaml:2:11: the list is empty"},
    {"images:\n  - log: {sigma: 1, sigma: 2}\n", "s.yaml:2:21: the key is given twice"},
    {"images:\n  - log: {sigma: [[1], [2]]}\n", "list of lists"},
    {"images:\n  - log: {riesz: [1, 0]}\n", "`riesz` must be three whole numbers in 0..9"},
    {"images:\n  - log:\n    sigma: 3\n",
     "s.yaml:3:5: only one filter per entry is allowed; indent its options further"},
    {"images:\n  - log: 3\n", "s.yaml:2:10: options of a filter must be keys and values"},
    {"images:\n  - [log]\n", "s.yaml:2:5: a filter is expected here"},
    {"images: [log, log]\n", "two are called log1.5mm"},
    {"images: [log: {name: original}]\n", "two are called original"},
    {"images: [log: {name: a-b}]\n", "letters, digits"},
    {"images: [log: {sigma: [1, 2], name: a}]\n", "two are called a"},
    {"images: [log: {families: []}]\n", "families"},
    {"images: [log: {sigma: {a: b}}]\n", "a value or a list is expected"},
    {"masks: grow\n", "s.yaml:1:8: masks must be a list of steps"},
    {"masks: [grow]\n", "grow needs `mm`"},
    {"masks:\n  - grown: {mm: 5}\n", "s.yaml:2:5: `grown` is not done to masks; the steps are grow, shrink,"},
    {"masks: [grow: {mm: 0}]\n", "`mm` must be 0.000001..1000, mm, not 0"},
    {"masks: [grow: {mm: 5, inner: 2}]\n", "grow has no key `inner`; its keys are mm dimension roi name"},
    {"masks: [ring: {mm: 5, inner: 5}]\n", "ring: inner 5 must be below mm 5"},
    {"masks: [minus: {roi: a}]\n", "minus needs `roi` and `other`"},
    {"masks: [fill: {dimension: 1}]\n", "`dimension` must be 2 or 3"},
    {"masks: [fill: 3]\n", "keys and values"},
    {"masks: [[fill]]\n", "one step of masks is expected here"},
    {"masks: [grow: {mm: 5}, grow: {mm: 5, mm: 6}]\n", "the key is given twice"},
    {"bin_origin: [1, 2]\n", "range, minimum, zero or a number"},
    {"points: {percentiles: [5, 5]}\n", "up to 16 numbers in 0..100"},
    {"points: {percentiles: [100.1]}\n", "up to 16 numbers in 0..100"},
    {"points: {volume_at: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]}\n",
     "up to 16 numbers"},
    {"minimum_roi: {voxels: -1}\n", "minimum_roi.voxels"},
    {"resegmentation: {percentiles: [5, 100.5]}\n", "[low, high] in 0..100"},
    {"families: []\n", "nothing to compute"},
    {"filter_margin_mm: -1\n", "a number from 0"},
    {"filter_nan: nothing\n", "refuse, or a number"},
};

START_TEST(wrong_settings_are_refused) {
    rad_settings s;
    rad_error error = {0};
    for (size_t i = 0; i < sizeof wrong_settings / sizeof wrong_settings[0]; i++) {
        ck_assert_msg(parse(wrong_settings[i].text, &s, &error) == RAD_CONFIG, "%s", wrong_settings[i].text);
        ck_assert_msg(strstr(error.text, wrong_settings[i].says) != NULL, "%s: %s", wrong_settings[i].text,
                      error.text);
    }
    ck_assert_int_eq(rad_settings_file_read("no/such.yaml", &s, &error), RAD_UNREADABLE);
    ck_assert(strstr(error.text, "no/such.yaml"));
}
END_TEST

/* Lists of values are several images; names follow from the options and from nothing else. */
START_TEST(images_are_taken) {
    static const struct {
        const char *text;
        const char *names[6];
    } cases[] = {
        {"images: [square, log]", {"square", "log1.5mm"}},
        {"images:\n  - log: {sigma: [1, 2.5, 3]}\n", {"log1mm", "log2.5mm", "log3mm"}},
        {"images:\n  - wavelet: {subband: [LLH, HHH], wavelet: [db3, coif1]}\n",
         {"wavelet_db3_LLH", "wavelet_coif1_LLH", "wavelet_db3_HHH", "wavelet_coif1_HHH"}},
        {"images:\n  - log: {riesz: [1, 0, 0]}\n  - log: {riesz: [[0, 1, 0], [0, 0, 2]]}\n",
         {"log1.5mm_riesz100", "log1.5mm_riesz010", "log1.5mm_riesz002"}},
        {"filter_boundary: zero\nimages: [mean, mean: {boundary: mirror}, simoncelli]",
         {"mean5_zero", "mean5", "simoncelli_level1"}},
        {"images: [mean, mean: {boundary: mirror}, simoncelli]\nfilter_boundary: zero",
         {"mean5_zero", "mean5", "simoncelli_level1"}},
        {"images:\n  - laws: {kernels: L5E5E5, rotations: yes, delta: 7}\n  - laws: {dimension: 2, kernels: "
         "L5E5}\n",
         {"laws_L5E5E5_rot_energy7", "laws_L5E5_2D"}},
        {"images:\n  - gabor: {sigma: 5, lambda: 2, rotations: yes, pooling: mean, orthogonal: yes}\n",
         {"gabor5mm_lambda2mm_gamma1.5_rot_mean_planes"}},
        {"images:\n  - log: {name: a}\n  - log: {name: b_2.x, families: [stat]}\n", {"a", "b_2.x"}},
        {"images:\n  - log:\n  - lbp: {}\n", {"log1.5mm", "lbp"}},
    };
    rad_settings s;
    rad_error error = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_msg(parse(cases[i].text, &s, &error) == RAD_OK, "%s: %s", cases[i].text, error.text);
        size_t count = 0;
        for (; cases[i].names[count]; count++) ck_assert_str_eq(s.images[count].name, cases[i].names[count]);
        ck_assert_uint_eq(s.image_count, count);
        rad_settings_clear(&s);
    }
}
END_TEST

/* What images do not say themselves they take from the settings for all of them. */
START_TEST(images_inherit) {
    rad_settings s;
    rad_error error = {0};
    ck_ok(parse(
        "discretisation: fbs25\nivh: none\ntexture: {dimensions: 2D, glcm_distance: 3}\nimages: [log, mean: "
        "{families: [morph, cm], discretisation: [fbn8, fbn16], ivh: fbs1}]\n",
        &s, &error));
    const rad_feature_settings *a = &s.images[0].features, *b = &s.images[1].features;
    ck_assert_uint_eq(a->families, rad_families_default(false) & ~rad_family_bit(&rad_family_morph));
    ck_assert(a->discretisation.count == 1 && a->discretisation.row[0].binning == RAD_BIN_FBN &&
              a->discretisation.row[0].amount == 32);
    ck_assert(a->ivh.row[0].binning == RAD_BIN_FBN && a->ivh.row[0].amount == 1000);
    ck_assert(a->dimensions == RAD_2D && b->dimensions == RAD_2D && a->glcm_distance == 3);
    ck_assert_uint_eq(b->families, rad_family_bit(&rad_family_morph) | rad_family_bit(&rad_family_cm));
    ck_assert(b->discretisation.count == 2 && b->discretisation.row[1].amount == 16);
    ck_assert(b->ivh.row[0].binning == RAD_BIN_FBS);
    rad_settings_clear(&s);
    static const char many[] =
        "images:\n  - wavelet: {level: [1, 2, 3, 4], wavelet: [db1, db2, db3, db4, db5, db6, db7], "
        "subband: [LLL, LLH, LHL, HLL, LHH]}\n";
    ck_assert_int_eq(parse(many, &s, &error), RAD_CONFIG);
    ck_assert(strstr(error.text, "too many images"));
}
END_TEST

START_TEST(numbers_read_back) {
    test_random random = {5};
    char text[RAD_NUMBER_TEXT];
    double back;
    for (int i = 0; i < 2000; i++) {
        const double x = (test_uniform(&random) - 0.5) * pow(10, (double)test_below(&random, 600) - 300);
        ck_assert(rad_number_read(rad_number_write(x, text), &back) && back == x);
    }
    ck_assert_str_eq(rad_number_write(0.1, text), "0.1");
    ck_assert_str_eq(rad_number_write(-INFINITY, text), "-.inf");
    ck_assert(!rad_number_read("0x10", &back) && !rad_number_read("", &back) &&
              !rad_number_read("1 ", &back));
    ck_assert(!rad_number_read("1e999", &back) && !rad_number_read("inf", &back));
}
END_TEST

/* The families' keys are the words of the setting; tags, codes and names are there and unique. */
START_TEST(registry_is_whole) {
    for (size_t f = 0; rad_families[f]; f++) {
        const rad_family *family = rad_families[f];
        ck_assert_str_eq(family->key, rad_family_words[f]);
        const size_t code =
            strstr("shape2d mcc recist points", family->key) ? 0 : 4; /* the standard has none */
        ck_assert_uint_eq(strlen(family->code), code);
        ck_assert(family == family->pass->families[0] ||
                  (family == family->pass->families[1] && rad_families[f - 1] == family->pass->families[0]));
        for (size_t i = 0; i < family->count; i++) {
            const rad_feature *a = &family->features[i];
            ck_assert(!strncmp(a->tag, family->key, strlen(family->key)) || !strncmp(a->tag, "loc_", 4));
            ck_assert_msg(strlen(a->code) == code, "%s: code %s", a->tag, a->code);
            ck_assert(*a->unit && *a->name);
            for (size_t j = 0; j < i; j++) ck_assert_str_ne(a->tag, family->features[j].tag);
        }
    }
}
END_TEST

static char *slurp(const char *path) {
    rad_bytes bytes;
    rad_error error = {0};
    ck_ok(rad_bytes_read(path, &bytes, &error));
    char *text = rad_new(bytes.length + 1, 1, NULL);
    ck_assert(text != NULL);
    memcpy(text, bytes.data, bytes.length);
    rad_bytes_free(&bytes);
    return text;
}

/* Every code in the registry is that of the table of identifiers, and every feature is in it. */
START_TEST(codes_are_those_of_the_table) {
    char *text = slurp("reference/ibsi_codes.csv");
    for (const rad_family *const *family = rad_families; *family; family++)
        for (size_t i = 0; i < (*family)->count; i++) {
            const rad_feature *feature = &(*family)->features[i];
            if (!*feature->code) continue;
            char row[128];
            snprintf(row, sizeof row, "\n%s,%s,", feature->tag, feature->code);
            ck_assert_msg(strstr(text, row) != NULL, "%s has not the code %s", feature->tag, feature->code);
        }
    rad_free(text);
}
END_TEST

static void make_table(rad_table *table) {
    rad_error error = {0};
    size_t first;
    *table = (rad_table){0};
    const rad_column a = {.image = "original",
                          .family = "cm",
                          .tag = "cm_contrast",
                          .code = "ACUI",
                          .unit = "1",
                          .feature = "Contrast",
                          .aggregation = "3D_avg",
                          .aggregation_code = "ITBB",
                          .discretisation = "fbs25"};
    const rad_column b = {.image = "original",
                          .family = "stat",
                          .tag = "stat_mean",
                          .code = "Q4LE",
                          .unit = "intensity",
                          .feature = "Mean",
                          .aggregation = "",
                          .aggregation_code = ""};
    ck_ok(rad_table_add_column(table, &a, &error));
    ck_ok(rad_table_add_column(table, &b, &error));
    ck_ok(rad_table_add_rows(table, 3, "a \"case\", odd", &first, &error));
    snprintf(table->rows[0].roi, sizeof table->rows[0].roi, "1");
    table->rows[0].values[0] = rad_defined(0.1);
    table->rows[0].values[1] = rad_defined(-1e-300);
    snprintf(table->rows[1].roi, sizeof table->rows[1].roi, "2");
    table->rows[1].values[0] = rad_undefined(RAD_FLAT);
    table->rows[1].values[1] = rad_defined(3);
    table->rows[2].status = RAD_UNREADABLE;
    snprintf(table->rows[2].text, sizeof table->rows[2].text, "bad voxels");
}

static rad_status write_to(const char *path, const rad_table *table, const rad_settings *settings,
                           rad_error *error) {
    rad_writing w = {.table = table, .settings = settings};
    return rad_writer_write(rad_writer_find(path), path, &w, error);
}

START_TEST(tables_are_written) {
    rad_table table;
    rad_error error = {0};
    rad_settings settings;
    char folder[] = "/tmp/radiomill-test-XXXXXX", path[128];
    make_table(&table);
    ck_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/t.csv", folder);
    ck_ok(write_to(path, &table, NULL, &error));
    char *text = slurp(path);
    ck_assert_str_eq(text, "case,roi,original_cm_contrast_3D_avg_fbs25,original_stat_mean\r\n"
                           "\"a \"\"case\"\", odd\",1,0.1,-1e-300\r\n\"a \"\"case\"\", odd\",2,,3\r\n");
    rad_free(text);
    unlink(path);
    snprintf(path, sizeof path, "%s/t.json", folder);
    rad_settings_default(&settings);
    ck_ok(write_to(path, &table, &settings, &error));
    text = slurp(path);
    json_t *all = json_loads(text, 0, NULL);
    ck_assert(all != NULL);
    const json_t *rows = json_object_get(all, "rows");
    ck_assert_uint_eq(json_array_size(rows), 3);
    const json_t *values = json_object_get(json_array_get(rows, 0), "values");
    ck_assert(json_real_value(json_object_get(values, "original_stat_mean")) == -1e-300);
    values = json_object_get(json_array_get(rows, 1), "values");
    const json_t *flat = json_object_get(values, "original_cm_contrast_3D_avg_fbs25");
    ck_assert(json_is_null(json_object_get(flat, "value")));
    ck_assert_str_eq(json_string_value(json_object_get(flat, "reason")), "all intensities are equal");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(rows, 2), "error")), "bad voxels");
    ck_assert_str_eq(json_string_value(json_object_get(json_object_get(all, "settings"), "discretisation")),
                     "fbn32");
    json_decref(all);
    rad_free(text);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left there */
    ck_assert(rad_table_find(&table, "cm_contrast_3D_avg") == &table.columns[0]);
    ck_assert(rad_table_find(&table, "stat_mean") == &table.columns[1]);
    ck_assert(!rad_table_find(&table, "cm_contrast"));
    rad_table_free(&table);
    rad_table_free(&table);
}
END_TEST

START_TEST(unwritable_is_said) {
    rad_table table;
    rad_error error = {0};
    make_table(&table);
    ck_assert_int_eq(write_to("no/such/folder/t.csv", &table, NULL, &error), RAD_UNWRITABLE);
    ck_assert(strstr(error.text, "no/such/folder/t.csv") && strstr(error.text, "No such file"));
    rad_table_free(&table);
}
END_TEST

/* The rounding rule of the reference tables. */
START_TEST(reference_rule) {
    static const struct {
        const char *text;
        double tolerance, value;
        bool meets;
    } cases[] = {{"556", 4, 560.4, true},
                 {"556", 4, 560.6, false},
                 {"0.0411", 0.0003, 0.04143, true},
                 {"125256", 0, 125256, true},
                 {"125256", 0, 125257, false},
                 {"1200", 10, 1194.6, true},
                 {"-0.155", 0, -0.15549, true},
                 {"2.15", 0, 2.156, false},
                 {"367000", 6000, 373400, true},
                 {"1", 0, 1.004, true},
                 {"0", 0, 0, true},
                 {"3.05", 0, NAN, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rad_reference_value r = {
            .text = cases[i].text, .value = strtod(cases[i].text, NULL), .tolerance = cases[i].tolerance};
        ck_assert_msg(rad_reference_meets(&r, cases[i].value) == cases[i].meets, "%s %g", cases[i].text,
                      cases[i].value);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("settings");
    TCase *tests = tcase_create("settings");
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, settings_read_back, 0, 13);
    tcase_add_test(tests, settings_are_taken);
    tcase_add_test(tests, steps_read_back);
    tcase_add_test(tests, wrong_settings_are_refused);
    tcase_add_test(tests, images_are_taken);
    tcase_add_test(tests, images_inherit);
    tcase_add_test(tests, numbers_read_back);
    tcase_add_test(tests, registry_is_whole);
    tcase_add_test(tests, codes_are_those_of_the_table);
    tcase_add_test(tests, tables_are_written);
    tcase_add_test(tests, unwritable_is_said);
    tcase_add_test(tests, reference_rule);
    return test_run(suite);
}
