#include "command.h"
#include "suv_options.h"

#include "../core/memory.h"
#include "../core/printable.h"
#include "../pipeline/case_files.h"
#include "../pipeline/extract.h"
#include "../pipeline/validate/validate.h"
#include "../pipeline/writers.h"
#include "bar.h"
#include "core_table.h"
#include "presets.h"
#include "roi_files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    SETTINGS,
    ROI,
    OUTPUT,
    SERIES,
    VOLUME,
    UNEVEN,
    RAD_SUV_OPTION_NAMES,
    ANY_FRAME,
    RESAMPLE,
    CLIP,
    FRACTIONS,
    FRAME,
    VERIFY,
    NAN_VALUE,
    VERBOSE,
    CASE,
    THREADS,
    SEPARATOR,
    NAMES,
    ABOUT,
    PICTURE,
    SAVE_MASK,
    SAVE_IMAGE,
    FORMULAS
};
static const rad_option options[] = {
    [SETTINGS] = {"--settings", 'c', "FILE",
                  "settings file, or a preset: ct, mr, pet, us, auto (by the modality of DICOM), ibsi-... "
                  "(`radiomill settings --list`)"},
    [ROI] = {"--roi", 'r', "ROI...",
             "only this ROI: a name, a number, a pattern (GTV*) or a union (A+B); may be given again; "
             "default: all, one row each"},
    [OUTPUT] = {"--output", 'o', "FILE",
                "write FILE.csv, .tsv or .json, also with .gz behind it; default: CSV on standard output, "
                "or a table of the core set where that is a terminal"},
    [SERIES] = RAD_OPTION_SERIES,
    [VOLUME] = RAD_OPTION_VOLUME,
    [UNEVEN] = RAD_OPTION_UNEVEN,
    RAD_SUV_OPTIONS,
    [ANY_FRAME] = {"--ignore-frame-of-reference", 0, NULL,
                   "take contours and segments of another DICOM frame of reference"},
    [RESAMPLE] = {"--resample-mask", 0, NULL,
                  "take a mask on a grid of its own: interpolated once, from it to the grid of the features"},
    [CLIP] = {"--clip", 0, NULL,
              "leave out what of a ROI lies beyond the image, with a warning: the setting clip"},
    [FRACTIONS] = {"--fractions", 0, "NUMBER",
                   "part from which on voxels of a mask of fractions (0..1) are the ROI: the setting "
                   "mask_fractions; default: refuse"},
    [FRAME] = {"--frame", 0, "N",
               "of a picture of several frames, the one to take: the setting frame; default: a row for each"},
    [VERIFY] = {"--verify", 0, NULL, "read gzipped images to their end and check their checksum"},
    [NAN_VALUE] = {"--nan", 0, "NUMBER",
                   "what interpolation and filters see in place of NaN and infinity: the setting filter_nan; "
                   "default: refuse"},
    [VERBOSE] = {"--verbose", 'v', NULL,
                 "say on standard error where intensities come from and what filters see"},
    [CASE] = {"--case", 0, "NAME", "first column of the rows; default: the path of the image"},
    [THREADS] = {"--threads", 't', "N", "default: all processors; never changes a result"},
    [SEPARATOR] = {"--separator", 0, "WORD", "of fields of CSV: comma (default), semicolon or tab"},
    [NAMES] = {"--names", 0, "WORD", "of columns: long (default), or short: at most 32 characters"},
    [ABOUT] = {"--about", 0, NULL, "columns mask, voxels, spacing and levels, too"},
    [PICTURE] = {"--picture", 0, "FILE", "write FILE.png, too: outlines of the ROIs on the image"},
    [SAVE_MASK] =
        {"--save-mask", 0, "FILE",
         "write the ROI as features use it (resampled, cropped; 2: of its shape alone) as FILE.nii, "
         ".nii.gz or .nrrd, or each into a folder"},
    [SAVE_IMAGE] = {"--save-image", 0, "FILE",
                    "and the image as features see it (resampled, normalised, cropped)"},
    [FORMULAS] = RAD_OPTION_FORMULAS,
};

static rad_status read_options(const rad_arguments *a, rad_settings *settings, rad_extract_options *o,
                               const rad_writer **writer, rad_error *error) {
    char endings[128];
    *writer = rad_writer_find(a->value[OUTPUT]);
    if (!*writer)
        return rad_fail(error, RAD_USAGE, "--output: %s ends %s", a->value[OUTPUT],
                        rad_writer_endings(endings, sizeof endings));
    *o = (rad_extract_options){.case_name = a->value[CASE] ? a->value[CASE] : a->operand[0],
                               .choice = {a->many, a->many_count},
                               .series = a->value[SERIES],
                               .flat_shapes = true,
                               .volume = a->value[VOLUME],
                               .any_frame = a->value[ANY_FRAME] != NULL,
                               .resample_mask = a->value[RESAMPLE] != NULL,
                               .verify = a->value[VERIFY] != NULL};
    rad_status status = rad_argument_formulas(a->value[FORMULAS], error);
    if (status == RAD_OK) status = rad_argument_threads(a->value[THREADS], &o->threads, error);
    if (a->value[VERBOSE]) o->note = rad_print_note;
    rad_settings_default(settings);
    if (status == RAD_OK && a->value[SETTINGS])
        status = rad_presets_read(a->value[SETTINGS], a->operand[0], a->value[SERIES], settings, error);
    if (status == RAD_OK && a->value[NAN_VALUE])
        status = rad_settings_set_words(settings, "filter_nan", &a->value[NAN_VALUE], 1, error);
    if (status == RAD_OK && a->value[FRAME])
        status = rad_settings_set_words(settings, "frame", &a->value[FRAME], 1, error);
    if (status == RAD_OK && a->value[UNEVEN])
        status = rad_settings_set_words(settings, "uneven", &a->value[UNEVEN], 1, error);
    if (status == RAD_OK && a->value[FRACTIONS])
        status = rad_settings_set_words(settings, "mask_fractions", &a->value[FRACTIONS], 1, error);
    if (status == RAD_OK && a->value[CLIP])
        status = rad_settings_set_words(settings, "clip", &(const char *){"yes"}, 1, error);
    if (status == RAD_OK) status = rad_suv_options_read(&a->value[SUV], settings, error);
    return status;
}

static rad_status read_form(const rad_arguments *a, rad_writing *w, rad_error *error) {
    const char *names = a->value[NAMES];
    const rad_status status = rad_argument_separator(a->value[SEPARATOR], &w->separator, error);
    if (status != RAD_OK) return status;
    if (names && strcmp(names, "short") != 0 && strcmp(names, "long") != 0)
        return rad_fail(error, RAD_USAGE, "--names: %s is neither long nor short", names);
    const char *picture = a->value[PICTURE];
    const size_t length = picture ? strlen(picture) : 0;
    if (picture && (length < 5 || strcmp(picture + length - 4, ".png") != 0))
        return rad_fail(error, RAD_USAGE, "--picture: %s does not end in .png", picture);
    w->short_names = names && !strcmp(names, "short");
    w->mask = a->value[ABOUT] ? a->operand[1] : NULL;
    return RAD_OK;
}

/* On a terminal a table that people read, where nobody asked for a form. */
static bool is_for_people(const rad_arguments *a) {
    return !a->value[OUTPUT] && !a->value[SEPARATOR] && !a->value[NAMES] && !a->value[ABOUT] &&
           isatty(STDOUT_FILENO);
}

/* Every ROI that failed but the first, which the error of the command names. */
static void print_failures(const rad_table *table) {
    size_t failed = 0;
    for (size_t i = 0; i < table->row_count; i++)
        if (table->rows[i].status != RAD_OK && failed++)
            rad_show(stderr, "radiomill: %s\n", table->rows[i].text);
}

/* The table, with what PyRadiomics tells of image and mask where there is one ROI to tell it of. */
static rad_status write_table(const rad_writer *writer, const char *path, rad_writing *w,
                              const rad_pyr_report *report, rad_error *error) {
    const char **texts = rad_new(2 * report->count + 1, sizeof *texts, error);
    if (!texts) return RAD_NO_MEMORY;
    for (size_t i = 0; i < report->count; i++) {
        texts[i] = report->row[i].name;
        texts[report->count + i] = report->row[i].text;
    }
    if (w->table->row_count == 1) {
        w->names = texts;
        w->fields = texts + report->count;
        w->name_count = report->count;
    }
    rad_status status = rad_writer_write(writer, path, w, error);
    rad_free(texts);
    return status;
}

/* Warnings, and with --verbose what the image says of itself. */
static void tell(const rad_arguments *a, rad_status status, const rad_facts *facts, rad_warnings *warnings) {
    if (status == RAD_OK || status == RAD_PARTIAL)
        rad_suv_options_tell(&a->value[SUV], rad_facts_find(facts, "modality"), warnings);
    rad_print_warnings(warnings);
    for (size_t i = 0; a->value[VERBOSE] && i < facts->count; i++)
        rad_show(stderr, "radiomill: %s: %s\n", facts->row[i].name, facts->row[i].text);
}

static rad_status run(const rad_arguments *a, rad_error *error) {
    rad_pyr_report report = {0};
    rad_settings settings = {.image_count = 0};
    rad_extract_options o = {0};
    rad_warnings warnings = {0};
    rad_table table = {0};
    rad_facts facts = {0};
    const rad_writer *writer;
    rad_writing w = {.table = NULL};
    rad_roi_files files;
    rad_bar bar;
    rad_bar_begin(&bar);
    const rad_control control = {.step = rad_bar_step, .context = &bar};
    rad_status status = read_options(a, &settings, &o, &writer, error);
    if (status == RAD_OK) status = read_form(a, &w, error);
    if (status == RAD_OK)
        status = rad_roi_files_begin(&files, (rad_case_paths){a->operand[0], a->operand[1]},
                                     a->value[SAVE_MASK], a->value[SAVE_IMAGE], &o, error);
    if (settings.pyr.information) o.report = &report;
    if (bar.shows && !a->value[VERBOSE]) o.control = &control;
    if (status == RAD_OK)
        status = rad_extract_files((rad_case_paths){a->operand[0], a->operand[1]}, &settings, o, &table,
                                   &facts, &warnings, error);
    rad_bar_clear(&bar);
    tell(a, status, &facts, &warnings);
    if (status == RAD_PARTIAL) print_failures(&table);
    if (status == RAD_OK || status == RAD_PARTIAL) {
        rad_error unwritten = {0};
        w.table = &table, w.settings = &settings, w.facts = &facts, w.warnings = &warnings;
        rad_status written = is_for_people(a) && settings.standard == RAD_IBSI
                                 ? rad_core_table_put(&table, a->operand[1], &unwritten)
                                 : write_table(writer, a->value[OUTPUT], &w, &report, &unwritten);
        if (written == RAD_OK && a->value[PICTURE])
            written = rad_case_picture((rad_case_paths){a->operand[0], a->operand[1]}, &settings, o,
                                       a->value[PICTURE], &unwritten);
        if (written != RAD_OK) {
            *error = unwritten;
            status = written;
        } else if (!a->value[SETTINGS] || settings.unset) {
            rad_presets_tell(&facts);
        }
    }
    rad_pyr_report_free(&report);
    rad_table_free(&table);
    rad_settings_clear(&settings);
    return status;
}

const rad_command rad_command_extract = {
    "extract",
    "IMAGE MASK",
    2,
    2,
    "Features of every ROI of a mask. Image and mask: DICOM, NIfTI, NRRD and others (docs/files.md).",
    options,
    sizeof options / sizeof options[0],
    run,
};
