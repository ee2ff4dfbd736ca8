/* Whose the images of pairs are, when they were made, and by what: for columns of the manifest. BIDS says it
 * in names (sub-01, ses-2, the suffix). DICOM says it in elements that may name a person: what goes into the
 * manifest is the PatientID where all files of it say that it is a pseudonym, else a number of this table,
 * and the order of a patient's studies. Of other files folders of the same names say it (p1/CT.nii,
 * p2/CT.nii). */
#include "../../core/hash.h"
#include "../../core/memory.h"
#include "../../io/dicom/dicom.h"
#include "../../io/dicom/tags.h"
#include "finder.h"
#include "personal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ID = 192 };

typedef struct subject {
    size_t pair;
    char id[ID], when[ID]; /* of the patient, and of the study: date, time, UID */
    char modality[17];
    bool pseudonym;
} subject;

/* "sub-01" of sub-01_ses-2_T1w; "" where the name has no such part. */
static void entity_of(const char *name, size_t length, const char *key, char *out, size_t size) {
    const size_t width = strlen(key);
    *out = '\0';
    for (size_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && name[end] != '_'; end++) {
        }
        if (end - at > width && !strncasecmp(name + at, key, width) && name[at + width] != '-')
            snprintf(out, size, "%.*s", (int)(end - at), name + at);
    }
}

static rad_status set(char **to, const char *text, rad_error *error) {
    if (!*text) return RAD_OK;
    *to = rad_text_copy(text, error);
    return *to ? RAD_OK : RAD_NO_MEMORY;
}

static rad_status name_by_entities(rad_pair *p, rad_error *error) {
    const char *base = rad_finder_base(p->image);
    const size_t length = strcspn(base, ".");
    char patient[ID], time[ID], suffix[17] = "";
    entity_of(base, length, "sub-", patient, sizeof patient);
    if (!*patient || strncasecmp(base, "sub-", 4) != 0) return RAD_OK;
    entity_of(base, length, "ses-", time, sizeof time);
    size_t at = length;
    while (at && base[at - 1] != '_') at--;
    if (at && !memchr(base + at, '-', length - at))
        snprintf(suffix, sizeof suffix, "%.*s", (int)(length - at), base + at);
    rad_status status = set(&p->patient, patient, error);
    if (status == RAD_OK) status = set(&p->timepoint, time, error);
    return status == RAD_OK ? set(&p->modality, suffix, error) : status;
}

/* The modality that a word of a name says; "" where none does, or several do. */
static const char *modality_of(const char *name) {
    static const char *const words[][2] = {{"CT", "CT"}, {"MR", "MR"},  {"MRI", "MR"},
                                           {"PT", "PT"}, {"PET", "PT"}, {"US", "US"}};
    const char *found = "";
    for (size_t at = 0, length; name[at]; at += length + (name[at + length] != '\0')) {
        for (length = 0; isalnum((unsigned char)name[at + length]); length++) {
        }
        for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
            if (strlen(words[w][0]) != length || strncasecmp(name + at, words[w][0], length) != 0) continue;
            if (*found && strcmp(found, words[w][1]) != 0) return "";
            found = words[w][1];
        }
    }
    return found;
}

/* A file of a folder. */
typedef struct placed {
    size_t pair;
    const char *base, *modality;
    char folder[ID];
} placed;

static void place(const rad_pair *p, size_t pair, placed *out) {
    const char *base = rad_finder_base(p->image), *begin = base > p->image ? base - 1 : base;
    while (begin > p->image && begin[-1] != '/') begin--;
    *out = (placed){.pair = pair, .base = base, .modality = modality_of(base)};
    if (base > begin) snprintf(out->folder, sizeof out->folder, "%.*s", (int)(base - 1 - begin), begin);
}

static int by_base(const void *a, const void *b) {
    const placed *x = a, *y = b;
    const int bases = strcmp(x->base, y->base);
    return bases ? bases : strcmp(x->folder, y->folder);
}

/* Files of one name, in the order of their folders: does each lie in a folder of its own name? */
static bool has_folders(const placed *row, size_t i, size_t end) {
    bool own = end - i > 1 && *row[i].folder;
    for (size_t k = i + 1; k < end; k++) own = own && strcmp(row[k].folder, row[k - 1].folder) != 0;
    return own;
}

/* Where each folder has the same names, which say modalities (p1/CT.nii, p2/CT.nii), a folder is a patient.
 */
static rad_status name_by_folders(rad_discovery *d, rad_error *error) {
    size_t count = 0;
    placed *row = rad_new(d->count ? d->count : 1, sizeof *row, error);
    rad_status status = row ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < d->count && row; i++) {
        if (d->pairs[i].member || d->pairs[i].patient) continue;
        place(&d->pairs[i], i, &row[count]);
        count += *row[count].modality != '\0';
    }
    if (count) qsort(row, count, sizeof *row, by_base);
    for (size_t i = 0, end; i < count && status == RAD_OK; i = end) {
        for (end = i + 1; end < count && !strcmp(row[end].base, row[i].base); end++) {
        }
        for (size_t k = i; k < end && has_folders(row, i, end) && status == RAD_OK; k++) {
            status = set(&d->pairs[row[k].pair].patient, row[k].folder, error);
            if (status == RAD_OK) status = set(&d->pairs[row[k].pair].modality, row[k].modality, error);
        }
    }
    rad_free(row);
    return status;
}

static rad_status read_subject(const char *path, subject *s, char **unread, rad_error *error) {
    static const uint32_t study_date = 0x00080020, study_time = 0x00080030, study = 0x0020000D,
                          identity_removed = 0x00120062;
    char date[32] = "", time[32] = "", uid[72] = "", removed[16] = "";
    rad_dicom *file = NULL;
    rad_error why = {0};
    const rad_status status = rad_dicom_open_part(path, &file, &why);
    if (status == RAD_OK) {
        const rad_dicom_item *root = rad_dicom_root(file);
        if (!rad_dicom_text(root, rad_tag_PatientID, s->id, sizeof s->id)) *s->id = '\0';
        rad_dicom_text(root, rad_tag_Modality, s->modality, sizeof s->modality);
        rad_dicom_text(root, study_date, date, sizeof date);
        rad_dicom_text(root, study_time, time, sizeof time);
        rad_dicom_text(root, study, uid, sizeof uid);
        rad_dicom_text(root, identity_removed, removed, sizeof removed);
        s->pseudonym = !strcmp(removed, "YES") && rad_personal_find(s->id) == RAD_PERSONAL_NOT;
        for (const char *c = s->id; *c; c++) s->pseudonym = s->pseudonym && isprint((unsigned char)*c);
        snprintf(s->when, sizeof s->when, "%.8s %.13s %s", date, time, uid);
    }
    rad_dicom_close(file);
    if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", why.text);
    if (status != RAD_OK && !*unread && !(*unread = rad_text_copy(why.text, error))) return RAD_NO_MEMORY;
    return RAD_OK;
}

static int by_patient(const void *a, const void *b) {
    const subject *x = a, *y = b;
    const int ids = strcmp(x->id, y->id), times = strcmp(x->when, y->when);
    return ids ? ids : times ? times : (x->pair > y->pair) - (x->pair < y->pair);
}

/* Four digits that differ between tables of other studies, so that number 1 of two tables is not one patient.
 * They are of the studies, whose UIDs nobody guesses; of a PatientID they would tell something. */
static void mark_of(const subject *row, size_t count, char mark[5]) {
    char text[RAD_DIGEST_TEXT];
    unsigned char digest[16];
    rad_hash hash;
    rad_hash_begin(&hash, sizeof digest, NULL, 0);
    for (size_t i = 0; i < count; i++) rad_hash_add(&hash, row[i].when, strlen(row[i].when) + 1);
    rad_hash_end(&hash, digest);
    snprintf(mark, 5, "%s", rad_hash_text(digest, 2, text));
}

static size_t end_of_patient(const subject *row, size_t i, size_t count) {
    size_t end = i + 1;
    while (end < count && !strcmp(row[end].id, row[i].id)) end++;
    return end;
}

/* Does every file of a patient say that it is a pseudonym? */
static bool is_pseudonym(const subject *row, size_t i, size_t end) {
    while (i < end && row[i].pseudonym) i++;
    return i == end;
}

static size_t first_pair(const subject *row, size_t i, size_t end) {
    size_t first = row[i].pair;
    for (size_t k = i; k < end; k++) first = row[k].pair < first ? row[k].pair : first;
    return first;
}

/* Does a patient have several studies? Else there are no time points to tell. */
static bool has_times(const subject *row, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (*row[i].id && !strcmp(row[i].id, row[i - 1].id) && strcmp(row[i].when, row[i - 1].when) != 0)
            return true;
    return false;
}

/* Rows i..end are of one patient. */
static rad_status name_rows(rad_discovery *d, const subject *row, size_t i, size_t end, const char *name,
                            bool times, rad_error *error) {
    rad_status status = RAD_OK;
    size_t study = 0;
    for (size_t k = i; k < end && status == RAD_OK; k++) {
        char time[24];
        if (k == i || strcmp(row[k].when, row[k - 1].when) != 0) study++;
        snprintf(time, sizeof time, "%zu", study);
        rad_pair *p = &d->pairs[row[k].pair];
        status = set(&p->patient, name, error);
        if (status == RAD_OK && times) status = set(&p->timepoint, time, error);
        if (status == RAD_OK) status = set(&p->modality, row[k].modality, error);
    }
    return status;
}

/* Rows by patient and time; numbers[pair]: of the patient whose first pair it is. */
static rad_status name_patients(rad_discovery *d, const subject *row, size_t count, const size_t *numbers,
                                rad_error *error) {
    char mark[5];
    const bool times = has_times(row, count);
    rad_status status = RAD_OK;
    mark_of(row, count, mark);
    for (size_t i = 0, end; i < count && status == RAD_OK; i = end) {
        char name[ID];
        end = end_of_patient(row, i, count);
        if (is_pseudonym(row, i, end))
            snprintf(name, sizeof name, "%s", row[i].id);
        else
            snprintf(name, sizeof name, "patient-%zu-%s", numbers[first_pair(row, i, end)], mark);
        if (*row[i].id) status = name_rows(d, row, i, end, name, times, error);
    }
    return status;
}

/* Patients are numbered in the order of their first case. */
static void number_patients(const subject *row, size_t count, size_t *numbers, size_t pairs) {
    size_t number = 0;
    for (size_t i = 0, end; i < count; i = end) {
        end = end_of_patient(row, i, count);
        numbers[first_pair(row, i, end)] = 1;
    }
    for (size_t p = 0; p < pairs; p++)
        if (numbers[p]) numbers[p] = ++number;
}

rad_status rad_finder_name_subjects(rad_finder *f, rad_error *error) {
    rad_discovery *d = f->out;
    size_t count = 0;
    subject *row = rad_new(d->count ? d->count : 1, sizeof *row, error);
    size_t *numbers = rad_new(d->count ? d->count : 1, sizeof *numbers, error);
    rad_status status = row && numbers ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < d->count && status == RAD_OK; i++)
        if (d->pairs[i].member) {
            row[count].pair = i;
            status = read_subject(d->pairs[i].member, &row[count++], &d->unread, error);
        } else {
            status = name_by_entities(&d->pairs[i], error);
        }
    if (status == RAD_OK) status = name_by_folders(d, error);
    if (status == RAD_OK && count) {
        qsort(row, count, sizeof *row, by_patient);
        number_patients(row, count, numbers, d->count);
        status = name_patients(d, row, count, numbers, error);
    }
    for (size_t i = 0; i < d->count; i++) {
        d->subjects = d->subjects || d->pairs[i].patient;
        d->times = d->times || d->pairs[i].timepoint;
    }
    rad_free(row);
    rad_free(numbers);
    return status;
}
