#include "page.h"

#include "../core/builtin.h"
#include "html.h"

#include <sodium.h>

static const char *built_in(const char *name, size_t *length) {
    const rad_embedded_file *file = rad_embedded_find(name);
    *length = file ? file->length : 0;
    return file ? file->text : "";
}

void rad_page_begin(FILE *out, const char *title, const char *images) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    size_t script, style;
    const char *css = built_in("report.css", &style), *js = built_in("report.js", &script);
    crypto_hash_sha256(digest, (const unsigned char *)js, script);
    sodium_bin2base64(base64, sizeof base64, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "script-src 'sha256-%s'; img-src %s; base-uri 'none'; form-action 'none'\">\n<meta "
            "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
            base64, images);
    rad_html_text(out, title);
    fputs("</title>\n<style>", out);
    fwrite(css, 1, style, out);
    fputs("</style></head>\n<body>\n", out);
}

void rad_page_end(FILE *out) {
    size_t script;
    const char *js = built_in("report.js", &script);
    fputs("<script>", out);
    fwrite(js, 1, script, out);
    fputs("</script>\n</body></html>\n", out);
}

void rad_page_fact(FILE *out, const char *what, const char *value) {
    fprintf(out, "<dt>%s</dt><dd>", what);
    rad_html_text(out, value);
    fputs("</dd>\n", out);
}
