#include "nifti_names.h"

#include "../../core/memory.h"
#include "../stream.h"
#include "../xml.h"
#include "sidecar.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 8 << 20, FLAGS = 4, HEAD = 8, NAME = 1024 };

static void take_key(const char *name, size_t length, const char *value, size_t value_length, void *context) {
    if (length == 3 && !memcmp(name, "Key", 3) && value_length < 32)
        snprintf(context, 32, "%.*s", (int)value_length, value);
}

/* Without the blanks around it. */
static char *trim(char *name, size_t length) {
    while (length && strchr(" \t\r\n", name[length - 1])) name[--length] = '\0';
    return name + strspn(name, " \t\r\n");
}

/* <Label Key="1" Red="0.5" ...>Liver</Label>; <Label .../> has no name. */
static rad_status read_label(const char **at, const char *end, rad_mask *mask, rad_error *error) {
    char key[32] = "", name[NAME];
    size_t named = 0;
    const char *stop = rad_xml_attributes(*at, end, take_key, key);
    const bool empty = stop > *at && stop[-1] == '/';
    *at = stop < end ? stop + 1 : end;
    if (empty || !*key) return RAD_OK;
    const size_t length = rad_xml_text(*at, (size_t)(end - *at), name, sizeof name);
    return rad_sidecar_name(mask, key, trim(name, length), &named, error);
}

rad_status rad_nifti_names_parse(const char *text, size_t length, rad_mask *mask, rad_error *error) {
    static const char table[] = "<LabelTable", table_end[] = "</LabelTable", label[] = "<Label";
    const char *at = memmem(text, length, table, sizeof table - 1), *end = text + length;
    rad_status status = RAD_OK;
    if (!at) return RAD_OK;
    at += sizeof table - 1;
    const char *stop = memmem(at, (size_t)(end - at), table_end, sizeof table_end - 1);
    if (stop) end = stop;
    while (status == RAD_OK && (at = memmem(at, (size_t)(end - at), label, sizeof label - 1))) {
        at += sizeof label - 1;
        if (at < end && *at && strchr(" \t\r\n", *at)) status = read_label(&at, end, mask, error);
    }
    return status;
}

static uint32_t size_at(const unsigned char *bytes, bool swapped) {
    uint32_t size;
    memcpy(&size, bytes, sizeof size);
    return swapped ? __builtin_bswap32(size) : size;
}

/* Extensions, one after the other: size and code, then content. */
static rad_status walk(const unsigned char *bytes, size_t length, bool swapped, rad_mask *mask,
                       rad_error *error) {
    static const char table[] = "<LabelTable";
    if (length < FLAGS || !bytes[0]) return RAD_OK;
    for (size_t at = FLAGS; at + HEAD <= length;) {
        const size_t size = size_at(bytes + at, swapped);
        if (size < HEAD || size > length - at) break;
        const char *text = (const char *)bytes + at + HEAD;
        if (memmem(text, size - HEAD, table, sizeof table - 1))
            return rad_nifti_names_parse(text, size - HEAD, mask, error);
        at += size;
    }
    return RAD_OK;
}

rad_status rad_nifti_names_read(const char *path, size_t begin, size_t end, bool swapped, rad_mask *mask,
                                rad_error *error) {
    rad_stream stream;
    size_t got = 0, length = end - begin;
    unsigned char *bytes = NULL;
    rad_status status = rad_stream_open(path, &stream, error);
    if (length > stream.limit) length = stream.limit;
    if (length > MOST) length = MOST;
    if (status == RAD_OK) status = rad_stream_skip(&stream, begin, error);
    if (status == RAD_OK && !(bytes = rad_new_raw(length + 1, 1, error))) status = RAD_NO_MEMORY;
    if (status == RAD_OK) status = rad_stream_read_some(&stream, bytes, length, &got, error);
    if (status == RAD_OK) status = walk(bytes, got, swapped, mask, error);
    rad_free(bytes);
    rad_stream_close(&stream);
    return status;
}
