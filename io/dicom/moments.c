#include "moments.h"

#include "../../core/memory.h"
#include "../../core/number.h"
#include "element.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How values are written: text (numbers, too), binary, or one short for each frame of a file. */
typedef enum coding { TEXT, DOUBLE, FLOAT, SHORT, LONG, VECTOR } coding;

/* Where an element is: in the data set, or in a functional group of a frame, and there by another name. */
static const struct row {
    rad_tag tag;
    coding form;
    rad_tag group, in_group;
    coding form_there;
    bool is_time;
} rows[] = {
    {rad_tag_TemporalPositionIdentifier, TEXT, rad_tag_FrameContentSequence, rad_tag_TemporalPositionIndex,
     LONG, false},
    {rad_tag_EchoNumbers, TEXT, 0, 0, TEXT, false},
    {rad_tag_EchoTime, TEXT, rad_tag_MREchoSequence, rad_tag_EffectiveEchoTime, DOUBLE, false},
    {rad_tag_DiffusionBValue, DOUBLE, rad_tag_MRDiffusionSequence, rad_tag_DiffusionBValue, DOUBLE, false},
    {rad_tag_DiffusionGradientOrientation, DOUBLE, rad_tag_DiffusionGradientDirectionSequence,
     rad_tag_DiffusionGradientOrientation, DOUBLE, false},
    {rad_tag_NominalPercentageOfCardiacPhase, FLOAT, rad_tag_CardiacSynchronizationSequence,
     rad_tag_NominalPercentageOfCardiacPhase, FLOAT, false},
    {rad_tag_NominalPercentageOfRespiratoryPhase, FLOAT, rad_tag_RespiratorySynchronizationSequence,
     rad_tag_NominalPercentageOfRespiratoryPhase, FLOAT, false},
    {rad_tag_TriggerTime, TEXT, rad_tag_CardiacSynchronizationSequence,
     rad_tag_NominalCardiacTriggerDelayTime, DOUBLE, true},
    {rad_tag_InversionTime, TEXT, 0, 0, TEXT, false},
    {rad_tag_FlipAngle, TEXT, 0, 0, TEXT, false},
    {rad_tag_ImageType, TEXT, rad_tag_MRImageFrameTypeSequence, rad_tag_FrameType, TEXT, false},
    {rad_tag_StackID, TEXT, rad_tag_FrameContentSequence, rad_tag_StackID, TEXT, false},
    {rad_tag_ConvolutionKernel, TEXT, 0, 0, TEXT, false},
    {rad_tag_TimeSlotVector, VECTOR, 0, 0, TEXT, false},
    {rad_tag_TimeSliceVector, VECTOR, 0, 0, TEXT, false},
    {rad_tag_PhaseVector, VECTOR, 0, 0, TEXT, false},
    {rad_tag_RRIntervalVector, VECTOR, 0, 0, TEXT, false},
    {rad_tag_EnergyWindowVector, VECTOR, 0, 0, TEXT, false},
    {rad_tag_AcquisitionNumber, TEXT, rad_tag_FrameContentSequence, rad_tag_FrameAcquisitionNumber, SHORT,
     false},
    {rad_tag_FrameReferenceTime, TEXT, 0, 0, TEXT, true},
    {rad_tag_ImageComments, TEXT, 0, 0, TEXT, false},
    {rad_tag_SeriesTime, TEXT, 0, 0, TEXT, true},
    {rad_tag_AcquisitionTime, TEXT, rad_tag_FrameContentSequence, rad_tag_FrameAcquisitionDateTime, TEXT,
     true},
    {rad_tag_ContentTime, TEXT, 0, 0, TEXT, true},
    {rad_tag_InstanceNumber, TEXT, 0, 0, TEXT, true},
};
_Static_assert(sizeof rows / sizeof rows[0] == RAD_MOMENTS, "a text for each row");

rad_tag rad_moment_tag(size_t number) {
    return rows[number].tag;
}

bool rad_moment_is_time(size_t number) {
    return rows[number].is_time;
}

static double number_of(const rad_dicom_bytes *v, coding how, size_t at) {
    const uint64_t bits = rad_dicom_whole_at(v, at, how == DOUBLE ? 8 : how == SHORT ? 2 : 4);
    const uint32_t half = (uint32_t)bits;
    double whole;
    float single;
    memcpy(&whole, &bits, sizeof whole);
    memcpy(&single, &half, sizeof single);
    return how == DOUBLE ? whole : how == FLOAT ? (double)single : (double)bits;
}

/* Texts in the character set of the file; numbers and codes have none. */
static rad_status put_words(const rad_dicom *file, const rad_dicom_item *item, rad_tag tag, char *text,
                            rad_error *error) {
    if (tag == rad_tag_ImageComments || tag == rad_tag_StackID || tag == rad_tag_ConvolutionKernel)
        return rad_dicom_words(file, item, tag, text, RAD_MOMENT_TEXT, error);
    rad_dicom_text(item, tag, text, RAD_MOMENT_TEXT);
    return RAD_OK;
}

/* The values of an element, joined by backslashes; some write as text what should be binary. */
static void put_value(const rad_dicom_item *item, rad_tag tag, coding how, char *text) {
    const size_t width = how == DOUBLE ? 8 : how == SHORT ? 2 : 4;
    rad_dicom_bytes v;
    size_t used = 0;
    *text = '\0';
    if (how == TEXT) {
        rad_dicom_text(item, tag, text, RAD_MOMENT_TEXT);
        return;
    }
    if (!rad_dicom_value(item, tag, &v) || v.length % width || v.length > 3 * width) return;
    for (size_t at = 0; at < v.length && used + RAD_NUMBER_TEXT < RAD_MOMENT_TEXT; at += width) {
        char one[RAD_NUMBER_TEXT];
        used += (size_t)snprintf(text + used, RAD_MOMENT_TEXT - used, "%s%.20s", at ? "\\" : "",
                                 rad_number_write(number_of(&v, how, at), one));
    }
}

static void put_slot(const rad_dicom_item *root, rad_tag tag, size_t frame, char *text) {
    rad_dicom_bytes v;
    *text = '\0';
    if (rad_dicom_value(root, tag, &v) && v.length >= 2 * (frame + 1))
        snprintf(text, RAD_MOMENT_TEXT, "%u", rad_dicom_short_at(&v, frame));
}

/* b-values that stand in private elements alone. */
static void put_b_value(const rad_dicom_item *root, char *text) {
    if (*text) return;
    put_value(root, (rad_tag)rad_dicom_private(root, 0x0019, 0x0C, "SIEMENS MR HEADER"), TEXT, text);
    if (*text) return;
    put_value(root, (rad_tag)rad_dicom_private(root, 0x0043, 0x39, "GEMS_PARM_01"), TEXT, text);
    text[strcspn(text, "\\")] = '\0'; /* the first of several numbers */
    enum { MARK = 1000000000 };       /* which newer scanners of GE add */
    const double value = strtod(text, NULL);
    if (value >= MARK && value < 2 * (double)MARK) snprintf(text, RAD_MOMENT_TEXT, "%.10g", value - MARK);
    if (!*text)
        put_value(root, (rad_tag)rad_dicom_private(root, 0x2001, 0x03, "Philips Imaging DD 001"), FLOAT,
                  text);
}

/* The item of a group: in that of the frame, or in the shared one. */
static const rad_dicom_item *find_group(const rad_dicom_item *shared, const rad_dicom_item *own,
                                        rad_tag group) {
    const bool inner = group == rad_tag_DiffusionGradientDirectionSequence;
    const rad_dicom_item *found = rad_element_group(shared, own, inner ? rad_tag_MRDiffusionSequence : group);
    return inner ? rad_dicom_first(found, group) : found;
}

static rad_status read_plane(const rad_dicom *file, const rad_dicom_item *own, size_t frame, rad_moments *m,
                             rad_error *error) {
    const rad_dicom_item *root = rad_dicom_root(file),
                         *shared = rad_dicom_first(root, rad_tag_SharedFunctionalGroupsSequence);
    rad_status status = RAD_OK;
    for (size_t i = 0; i < RAD_MOMENTS && status == RAD_OK; i++) {
        const struct row *r = &rows[i];
        const bool grouped = own && r->group;
        const rad_dicom_item *item = grouped ? find_group(shared, own, r->group) : root;
        *m->text[i] = '\0';
        if ((grouped ? r->form_there : r->form) == TEXT)
            status = put_words(file, item, grouped ? r->in_group : r->tag, m->text[i], error);
        else if (grouped)
            put_value(item, r->in_group, r->form_there, m->text[i]);
        else if (r->form == VECTOR)
            put_slot(root, r->tag, frame, m->text[i]);
        else
            put_value(root, r->tag, r->form, m->text[i]);
        if (r->tag == rad_tag_DiffusionBValue && !own) put_b_value(root, m->text[i]);
    }
    return status;
}

/* Planes in the order of files and frames. */
typedef struct place {
    const rad_plane *plane;
    size_t at;
} place;

static int by_file(const void *a, const void *b) {
    const rad_plane *p = ((const place *)a)->plane, *q = ((const place *)b)->plane;
    if (p->instance != q->instance) return p->instance < q->instance ? -1 : 1;
    return (p->frame > q->frame) - (p->frame < q->frame);
}

/* The planes of one file, from `first` on; *some: how many. */
static rad_status read_file(const place *places, size_t first, size_t count, const rad_dicom *file,
                            rad_moments *moments, size_t *some, rad_error *error) {
    const rad_instance *n = places[first].plane->instance;
    const rad_dicom_item *root = rad_dicom_root(file),
                         *own = rad_dicom_first(root, rad_tag_PerFrameFunctionalGroupsSequence);
    size_t i = first, frame = 0;
    rad_status status = RAD_OK;
    for (; i < count && places[i].plane->instance == n && status == RAD_OK; i++) {
        for (; frame < places[i].plane->frame && own; frame++) own = rad_dicom_next(own);
        status = read_plane(file, own, places[i].plane->frame, &moments[places[i].at], error);
    }
    *some = i - first;
    return status;
}

rad_status rad_moments_read(const rad_plane *planes, size_t count, rad_moments *moments, rad_error *error) {
    place *places = rad_new_raw(count, sizeof *places, error);
    if (!places) return RAD_NO_MEMORY;
    for (size_t i = 0; i < count; i++) places[i] = (place){&planes[i], i};
    qsort(places, count, sizeof *places, by_file);
    rad_status status = RAD_OK;
    for (size_t i = 0, some; i < count && status == RAD_OK; i += some) {
        rad_dicom *file = NULL;
        some = 0;
        status = rad_dicom_open(places[i].plane->instance->path, &file, error);
        if (status == RAD_OK) status = read_file(places, i, count, file, moments, &some, error);
        rad_dicom_close(file);
    }
    rad_free(places);
    return status;
}
