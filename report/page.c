#include "page.h"

#include "../core/builtin.h"
#include "html.h"

#include <inttypes.h>
#include <sodium.h>

static const char *built_in(const char *name, size_t *length) {
    const rad_embedded_file *file = rad_embedded_find(name);
    *length = file ? file->length : 0;
    return file ? file->text : "";
}

/* `sources`: what may run and be shown beside the style, as the policy has it. */
static void begin(FILE *out, const char *title, const char *sources, const char *more) {
    size_t style;
    const char *css = built_in("report.css", &style);
    fprintf(out,
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
            "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
            "%sbase-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, "
            "initial-scale=1\">\n<title>",
            sources);
    rad_html_text(out, title);
    fputs("</title>\n<style>", out);
    fwrite(css, 1, style, out);
    fprintf(out, "%s</style></head>\n<body>\n", more);
}

void rad_page_begin(FILE *out, const char *title, const char *images) {
    enum { DIGEST = crypto_hash_sha256_BYTES };
    unsigned char digest[DIGEST];
    char base64[sodium_base64_ENCODED_LEN(DIGEST, sodium_base64_VARIANT_ORIGINAL)], sources[256];
    size_t script;
    const char *js = built_in("report.js", &script);
    crypto_hash_sha256(digest, (const unsigned char *)js, script);
    sodium_bin2base64(base64, sizeof base64, digest, sizeof digest, sodium_base64_VARIANT_ORIGINAL);
    snprintf(sources, sizeof sources, "script-src 'sha256-%s'; img-src %s; ", base64, images);
    begin(out, title, sources, "");
}

void rad_page_begin_plain(FILE *out, const char *title) {
    begin(out, title, "", "\ncode { font-size: 14px }\ncode.word { white-space: nowrap }\n");
}

void rad_page_end(FILE *out) {
    size_t script;
    const char *js = built_in("report.js", &script);
    fputs("<script>", out);
    fwrite(js, 1, script, out);
    fputs("</script>\n</body></html>\n", out);
}

void rad_page_contents(FILE *out) {
    fputs("<nav aria-label=\"contents\"><ol>\n", out);
}

void rad_page_entry(FILE *out, const char *id, const char *title) {
    fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n", id, title);
}

void rad_page_main(FILE *out) {
    fputs("</ol></nav>\n<main>\n", out);
}

void rad_page_section(FILE *out, const rad_page_head *h) {
    const char *between = " All numbers: ";
    fprintf(out, "<section id=\"%s\"><h2>%s</h2>\n<p>", h->id, h->title);
    rad_html_text(out, h->lead);
    for (size_t i = 0; h->files[i]; i++) {
        fprintf(out, "%s<a href=\"", between);
        rad_html_text(out, h->before);
        fprintf(out, "%s\">%s</a>", h->files[i], h->files[i]);
        between = ", ";
    }
    fputs(h->files[0] ? ".</p>\n" : "</p>\n", out);
}

void rad_page_fact(FILE *out, const char *what, const char *value) {
    fprintf(out, "<dt>%s</dt><dd>", what);
    rad_html_text(out, value);
    fputs("</dd>\n", out);
}

void rad_page_count(FILE *out, const char *what, uint64_t count) {
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, count);
    rad_page_fact(out, what, text);
}
