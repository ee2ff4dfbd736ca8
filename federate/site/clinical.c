#include "loader.h"

#include "../../core/memory.h"

#include <stdlib.h>
#include <string.h>

static int by_patient(const void *a, const void *b) {
    return strcmp(((const rad_record *)a)->patient, ((const rad_record *)b)->patient);
}

static rad_status add_record(rad_loader *l, size_t patient) {
    rad_status status =
        rad_grow(&l->records, l->record_count, &l->record_capacity, sizeof *l->records, l->error);
    if (status != RAD_OK) return status;
    rad_record *r = &l->records[l->record_count++];
    *r = (rad_record){.patient = rad_text_copy(l->clinical.field[patient], l->error),
                      .field = rad_new(l->clinical.columns, sizeof *r->field, l->error)};
    for (size_t i = 0; r->field && i < l->clinical.columns; i++) {
        r->field[i] = rad_text_copy(l->clinical.field[i], l->error);
        if (!r->field[i]) status = RAD_NO_MEMORY;
    }
    return r->patient && r->field ? status : RAD_NO_MEMORY;
}

rad_status rad_clinical_read(rad_loader *l, const char *path, const char *patient) {
    bool more = true;
    rad_status status = rad_sheet_open(path, &l->clinical, l->error);
    if (status != RAD_OK) return status;
    const size_t at = rad_sheet_column(&l->clinical, patient);
    if (at == l->clinical.columns)
        return rad_fail(l->error, RAD_CONFIG, "%s: no column is called %s, by which rows are joined", path,
                        patient);
    while (status == RAD_OK && more) {
        status = rad_sheet_next(&l->clinical, &more, l->error);
        if (status == RAD_OK && more) status = add_record(l, at);
    }
    if (status == RAD_OK && l->record_count > 1)
        qsort(l->records, l->record_count, sizeof *l->records, by_patient);
    for (size_t i = 1; i < l->record_count && status == RAD_OK; i++)
        if (!strcmp(l->records[i - 1].patient, l->records[i].patient))
            status = rad_fail(l->error, RAD_CONFIG, "%s: a patient has two rows; only one is allowed", path);
    return status;
}

rad_record *rad_clinical_find(const rad_loader *l, const char *patient) {
    const rad_record key = {.patient = (char *)patient};
    return l->record_count ? bsearch(&key, l->records, l->record_count, sizeof *l->records, by_patient)
                           : NULL;
}

void rad_clinical_free(rad_loader *l) {
    for (size_t i = 0; i < l->record_count; i++) {
        for (size_t k = 0; l->records[i].field && k < l->clinical.columns; k++)
            rad_free(l->records[i].field[k]);
        rad_free(l->records[i].field);
        rad_free(l->records[i].patient);
    }
    rad_free(l->records);
    rad_sheet_close(&l->clinical);
}
