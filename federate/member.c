#include "member.h"

#include "../core/memory.h"

#include <sodium.h>

rad_status rad_member_put(FILE *out, json_t *value, rad_error *error) {
    return rad_tree_put(out, value, JSON_COMPACT | JSON_ENCODE_ANY, error);
}

rad_status rad_member_put_packed(FILE *out, rad_put_body *pack, void *context, rad_error *error) {
    rad_bytes bytes;
    rad_status status = rad_sink_collect(pack, context, &bytes, error);
    if (status != RAD_OK) return status;
    const size_t size = sodium_base64_encoded_len(bytes.length, sodium_base64_VARIANT_ORIGINAL);
    char *text = rad_new_raw(size, 1, error);
    if (text) {
        sodium_bin2base64(text, size, bytes.data, bytes.length, sodium_base64_VARIANT_ORIGINAL);
        fprintf(out, "\"%s\"", text);
    }
    rad_bytes_free(&bytes);
    rad_free(text);
    return text ? RAD_OK : RAD_NO_MEMORY;
}

json_t *rad_member_cell(int64_t count) {
    return count < 0 ? json_null() : json_integer((json_int_t)count);
}

rad_status rad_member_read_cell(const rad_member_reader *r, const json_t *value, int64_t *to) {
    uint64_t count = 0;
    *to = -1;
    if (json_is_null(value)) return RAD_OK;
    rad_status status = rad_member_read_count(r, value, RAD_COUNT_MAX, "a count", &count);
    *to = (int64_t)count;
    return status;
}

rad_status rad_member_damaged(const rad_member_reader *r, const char *what) {
    return rad_fail(r->error, RAD_UNREADABLE, "%s: is not a radsum file: %s", r->name, what);
}

rad_status rad_member_read_count(const rad_member_reader *r, const json_t *value, json_int_t most,
                                 const char *what, uint64_t *to) {
    const json_int_t count = json_is_integer(value) ? json_integer_value(value) : -1;
    if (count < 0 || count > most) return rad_member_damaged(r, what);
    *to = (uint64_t)count;
    return RAD_OK;
}

rad_status rad_member_read_packed(const rad_member_reader *r, const char *text, size_t size,
                                  unsigned char **bytes, size_t *length) {
    const size_t most = size / 4 * 3 + 3;
    *bytes = text ? rad_new_raw(most, 1, r->error) : NULL;
    if (!*bytes) return text ? RAD_NO_MEMORY : rad_member_damaged(r, "covariance");
    if (sodium_base642bin(*bytes, most, text, size, NULL, length, NULL, sodium_base64_VARIANT_ORIGINAL))
        return rad_member_damaged(r, "covariance");
    return RAD_OK;
}
