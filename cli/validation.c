#include "validation.h"

#include "../core/number.h"
#include "../io/bytes.h"

#include <stdio.h>
#include <string.h>

/* Values of features with a reference and a standard count; the others are only told. */
static json_t *value_of(const rad_check *c) {
    const rad_reference_value *r = c->reference;
    json_t *value = json_object();
    rad_tree_set(&value, "tag", rad_tree_name(r->tag));
    rad_tree_set(&value, "family", rad_tree_name(r->family));
    rad_tree_set(&value, "code", json_string(c->column ? c->column->code : ""));
    rad_tree_set(&value, "standardised", json_boolean(r->standardised));
    rad_tree_set(&value, "value", c->value.reason ? json_null() : json_real(c->value.value));
    rad_tree_set(&value, "reference", rad_tree_name(r->text));
    rad_tree_set(&value, "tolerance", *r->text ? json_real(r->tolerance) : json_null());
    rad_tree_set(&value, "met", json_boolean(c->met));
    return value;
}

void rad_validation_add_set(json_t **sets, const rad_validation *v) {
    json_t *set = json_object(), *values = json_array();
    for (size_t i = 0; i < v->count; i++) rad_tree_add(&values, value_of(&v->checks[i]));
    rad_tree_set(&set, "name", json_string(v->data_set));
    rad_tree_set(&set, "skipped", v->ran ? json_null() : rad_tree_name(v->skipped));
    rad_tree_set(&set, "values", values);
    rad_tree_add(sets, set);
}

void rad_validation_add_map(json_t **sets, const rad_map_check *c) {
    json_t *set = json_object(), *values = json_array(), *value = json_object();
    rad_tree_set(&set, "name", json_sprintf("map_%s", c->map));
    rad_tree_set(&set, "skipped", c->ran ? json_null() : json_string("no reference data"));
    rad_tree_set(&value, "tag", json_string(c->filter));
    rad_tree_set(&value, "family", json_string("maps"));
    rad_tree_set(&value, "code", json_string(""));
    rad_tree_set(&value, "standardised", json_true());
    rad_tree_set(&value, "value", c->ran ? json_real(c->deviation) : json_null());
    rad_tree_set(&value, "reference", json_string("0"));
    rad_tree_set(&value, "tolerance", json_real(0.01));
    rad_tree_set(&value, "met", json_boolean(c->met));
    if (c->ran)
        rad_tree_add(&values, value);
    else
        json_decref(value);
    rad_tree_set(&set, "values", values);
    rad_tree_add(sets, set);
}

/* Text within an attribute of XML. */
static void put_attribute(FILE *out, const char *name, const char *text) {
    fprintf(out, " %s=\"", name);
    for (; *text; text++) switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        default:
            fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
        }
    fputc('"', out);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* Does the value count, and fail? */
static bool is_missed(const json_t *value) {
    return json_is_true(json_object_get(value, "standardised")) &&
           !json_is_true(json_object_get(value, "met"));
}

static void put_value(FILE *out, const char *set, const json_t *value) {
    char number[RAD_NUMBER_TEXT], words[256];
    const json_t *own = json_object_get(value, "value"), *tolerance = json_object_get(value, "tolerance");
    fprintf(out, "    <testcase");
    put_attribute(out, "classname", set);
    put_attribute(out, "name", text_of(value, "tag"));
    if (!json_is_true(json_object_get(value, "standardised"))) {
        fprintf(out, "><skipped message=\"not standardised\"/></testcase>\n");
        return;
    }
    if (!is_missed(value)) {
        fprintf(out, "/>\n");
        return;
    }
    snprintf(words, sizeof words, "%s, reference %s within %g",
             json_is_number(own) ? rad_number_write(json_number_value(own), number) : "no value",
             text_of(value, "reference"), json_number_value(tolerance));
    fprintf(out, "><failure");
    put_attribute(out, "message", words);
    fprintf(out, "/></testcase>\n");
}

static void put_set(FILE *out, const json_t *set) {
    const json_t *values = json_object_get(set, "values"), *skipped = json_object_get(set, "skipped");
    const char *name = text_of(set, "name");
    size_t failed = 0, aside = json_is_string(skipped);
    for (size_t i = 0; i < json_array_size(values); i++) {
        failed += is_missed(json_array_get(values, i));
        aside += !json_is_true(json_object_get(json_array_get(values, i), "standardised"));
    }
    fprintf(out, "  <testsuite");
    put_attribute(out, "name", name);
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
            json_array_size(values) + json_is_string(skipped), failed, aside);
    if (json_is_string(skipped)) {
        fprintf(out, "    <testcase");
        put_attribute(out, "classname", name);
        fprintf(out, " name=\"all\"><skipped");
        put_attribute(out, "message", text_of(set, "skipped"));
        fprintf(out, "/></testcase>\n");
    }
    for (size_t i = 0; i < json_array_size(values); i++) put_value(out, name, json_array_get(values, i));
    fprintf(out, "  </testsuite>\n");
}

static rad_status put_all(FILE *out, void *context, rad_error *error) {
    const json_t *sets = context;
    (void)error;
    fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"radiomill validate\">\n");
    for (size_t i = 0; i < json_array_size(sets); i++) put_set(out, json_array_get(sets, i));
    fprintf(out, "</testsuites>\n");
    return RAD_OK;
}

rad_status rad_validation_write_junit(const char *path, const json_t *sets, rad_error *error) {
    if (!sets) return rad_fail(error, RAD_NO_MEMORY, "out of memory: what was validated");
    return rad_bytes_stream(path, put_all, (void *)sets, error); /* which only reads it */
}
