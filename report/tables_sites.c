#include "pooled_tables.h"

#include "../io/csv.h"
#include "fields.h"

#include <inttypes.h>

rad_status rad_tables_sites(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    (void)error;
    rad_fields_single(r);
    fputs("site,release,patients,failed,excluded,repeats,incomplete,refused,held_back,engine,check,"
          "settings,ledger,ledger_begun,ledger_entries,ledger_head\r\n",
          out);
    for (size_t i = 0; i < p->count; i++) {
        const rad_summary *s = &p->sites[i];
        rad_csv_put(out, s->site);
        const int64_t left_out[] = {rad_summary_failures(s), s->excluded, s->repeats, s->incomplete};
        fprintf(out, ",%" PRIu32 ",%" PRIu64, s->release, s->rows);
        for (size_t k = 0; k < sizeof left_out / sizeof left_out[0]; k++)
            if (left_out[k] < 0)
                fputc(',', out);
            else
                fprintf(out, ",%" PRId64, left_out[k]);
        fprintf(out, ",%" PRIu64 ",%" PRIu64, s->refused, s->withheld);
        rad_fields_text(out, s->engine);
        rad_fields_text(out, s->check);
        rad_fields_text(out, s->settings);
        rad_fields_text(out, s->ledger.id);
        rad_fields_text(out, s->ledger.begun);
        if (*s->ledger.id)
            fprintf(out, ",%" PRIu64, s->ledger.entries);
        else
            fputc(',', out);
        rad_fields_text(out, s->ledger.head);
        rad_fields_end(out);
        rad_fields_note(r, &(rad_basis){1, s->rows, true}, 1, "%s", s->site);
    }
    return RAD_OK;
}
