#include "harmonisation.h"

#include "../core/memory.h"
#include "../io/tree.h"

#include <math.h>
#include <string.h>

rad_status rad_covbat_allocate(rad_covbat *b, size_t count, size_t parts, rad_error *error) {
    *b = (rad_covbat){.count = count, .parts = parts};
    b->of = rad_new(count, sizeof *b->of, error);
    b->centre = rad_new(count, sizeof *b->centre, error);
    b->scale = rad_new(count, sizeof *b->scale, error);
    b->deviation = rad_new(parts, sizeof *b->deviation, error);
    b->vector = rad_new(parts * count, sizeof *b->vector, error);
    return b->of && b->centre && b->scale && b->deviation && b->vector ? RAD_OK : RAD_NO_MEMORY;
}

void rad_covbat_free(rad_covbat *b) {
    rad_free(b->of);
    rad_free(b->centre);
    rad_free(b->scale);
    rad_free(b->deviation);
    rad_free(b->vector);
    *b = (rad_covbat){.count = 0};
}

static json_t *numbers(const double *x, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) rad_tree_add(&list, json_real(x[i]));
    return list;
}

json_t *rad_covbat_object(const rad_harmonisation *c) {
    const rad_covbat *b = &c->covbat;
    json_t *names = json_array(), *vectors = json_array();
    for (size_t i = 0; i < b->count; i++) rad_tree_add(&names, json_string(c->variables[b->of[i]].name));
    for (size_t k = 0; k < b->parts; k++) rad_tree_add(&vectors, numbers(b->vector + k * b->count, b->count));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "variables", names, "centre", numbers(b->centre, b->count),
                     "scale", numbers(b->scale, b->count), "deviations", numbers(b->deviation, b->parts),
                     "components", vectors);
}

static bool read_numbers(const json_t *list, double *to, size_t count, bool positive) {
    bool fine = json_array_size(list) == count;
    for (size_t i = 0; i < count && fine; i++) {
        const json_t *value = json_array_get(list, i);
        to[i] = json_number_value(value);
        fine = json_is_number(value) && isfinite(to[i]) && (!positive || to[i] > 0);
    }
    return fine;
}

/* Each of the variables that are used, once. */
static bool read_names(const json_t *list, rad_harmonisation *c) {
    for (size_t i = 0; i < c->covbat.count; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        size_t v = 0;
        while (name && v < c->count && strcmp(c->variables[v].name, name) != 0) v++;
        if (!name || v == c->count || !c->variables[v].used) return false;
        for (size_t k = 0; k < i; k++)
            if (c->covbat.of[k] == v) return false;
        c->covbat.of[i] = v;
    }
    return true;
}

rad_status rad_covbat_read(const json_t *object, rad_harmonisation *c, bool *fine, rad_error *error) {
    const json_t *names = json_object_get(object, "variables"),
                 *vectors = json_object_get(object, "components");
    const size_t count = json_array_size(names), parts = json_array_size(vectors);
    *fine = count > 1 && count <= RAD_COVBAT_MAX && parts && parts <= count;
    if (!*fine) return RAD_OK;
    rad_status status = rad_covbat_allocate(&c->covbat, count, parts, error);
    if (status != RAD_OK) return status;
    *fine = read_names(names, c) &&
            read_numbers(json_object_get(object, "centre"), c->covbat.centre, count, false) &&
            read_numbers(json_object_get(object, "scale"), c->covbat.scale, count, true) &&
            read_numbers(json_object_get(object, "deviations"), c->covbat.deviation, parts, true);
    for (size_t k = 0; k < parts && *fine; k++)
        *fine = read_numbers(json_array_get(vectors, k), c->covbat.vector + k * count, count, false);
    return RAD_OK;
}
