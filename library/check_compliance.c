#include "visit.h"

#include "../core/memory.h"
#include "../core/pace.h"
#include "../pipeline/validate/maps.h"
#include "../pipeline/validate/validate.h"

#include <math.h>
#include <string.h>

typedef struct job {
    const char *data, *only;
    const rad_control *control;
    void (*see)(const rad_compared *value, void *context);
    rad_compliance *counts;
    rad_reference_table reference;
    rad_pace pace;
} job;

static bool is_wanted(const job *j, const char *data_set) {
    return !j->only || !strcmp(j->only, data_set);
}

static void count_value(job *j, const rad_compared *value) {
    if (value->standardised)
        (*(value->met ? &j->counts->met : &j->counts->missed))++;
    else
        j->counts->excluded++;
    if (j->see) j->see(value, j->control ? j->control->context : NULL);
}

static rad_status compare_data_set(job *j, const char *data_set, rad_error *error) {
    rad_validation v = {.data_set = data_set};
    rad_status status =
        rad_validate(data_set, &j->reference, j->data, rad_visit_threads(j->control), &v, error);
    if (status != RAD_OK) return status;
    for (size_t i = 0; i < j->reference.count && !v.ran; i++)
        j->counts->without_data += !strcmp(j->reference.rows[i].data_set, data_set);
    for (size_t i = 0; i < v.count; i++) {
        const rad_check *c = &v.checks[i];
        const rad_reference_value *r = c->reference;
        count_value(j, &(rad_compared){.data_set = data_set,
                                       .family = r->family,
                                       .tag = r->tag,
                                       .code = c->column ? c->column->code : "",
                                       .value = c->value,
                                       .reference = r->value,
                                       .tolerance = r->tolerance,
                                       .standardised = r->standardised,
                                       .met = c->met});
    }
    rad_validation_free(&v);
    return RAD_OK;
}

/* The digital phantom of each map, which is missing where the data are. */
static rad_status compare_maps(job *j, rad_error *error) {
    rad_map_check c;
    for (size_t i = 0;; i++) {
        rad_status status = rad_pace_check(&j->pace, error);
        if (status == RAD_OK) status = rad_map_validate(i, j->data, rad_visit_threads(j->control), &c, error);
        if (status != RAD_OK || !*c.map) return status;
        if (!c.ran)
            j->counts->without_data++;
        else
            count_value(j, &(rad_compared){.data_set = "maps",
                                           .family = "map",
                                           .tag = c.map,
                                           .code = c.filter,
                                           .value = {c.deviation, RAD_DEFINED},
                                           .reference = 0,
                                           .tolerance = 0.01,
                                           .standardised = true,
                                           .met = c.met});
    }
}

static rad_status compare_all(job *j, rad_error *error) {
    bool known = false;
    rad_status status = rad_reference_read(&j->reference, error);
    for (size_t i = 0; i < RAD_DATA_SETS && status == RAD_OK; i++) {
        status = rad_pace_check(&j->pace, error);
        if (status == RAD_OK && is_wanted(j, rad_data_sets[i].name)) {
            known = true;
            status = compare_data_set(j, rad_data_sets[i].name, error);
        }
        rad_pace_add(&j->pace, 1);
    }
    rad_reference_free(&j->reference);
    if (status == RAD_OK && is_wanted(j, "maps")) {
        known = true;
        status = compare_maps(j, error);
    }
    if (status == RAD_OK && !known)
        status = rad_fail(error, RAD_CONFIG,
                          "rad_check_compliance: %s is not a data set; the first data set is %s", j->only,
                          rad_data_sets[0].name);
    return status;
}

rad_status rad_check_compliance(const char *data, const char *only, const rad_control *control,
                                void (*see)(const rad_compared *value, void *context), rad_compliance *counts,
                                rad_error *error) {
    RAD_VISIT(error);
    RAD_NEEDS(counts);
    *counts = (rad_compliance){.met = 0};
    job j = {.data = data, .only = only, .control = control, .see = see, .counts = counts};
    rad_pace_begin(&j.pace, control, RAD_DATA_SETS + 1);
    const rad_status status = compare_all(&j, error);
    if (status != RAD_OK || !counts->missed) return status;
    return rad_fail(error, RAD_MISMATCH, "%zu of %zu reference values are missed", counts->missed,
                    counts->met + counts->missed);
}
