#include "pooled_tables.h"

#include "../federate/pool/pool_analyses.h"
#include "../io/csv.h"
#include "fields.h"

rad_status rad_tables_coverage(FILE *out, const rad_results *r, rad_error *error) {
    const rad_pool *p = r->pool;
    rad_coverage c;
    rad_status status = rad_coverage_make(p, &c, error);
    if (status != RAD_OK) return status;
    fputs("analysis,part,site,asked,parts,shown,withheld,rules\r\n", out);
    rad_fields_single(r);
    for (size_t i = 0; i < c.count; i++)
        for (size_t s = 0; s < c.sites; s++) {
            const rad_covered *x = &c.covered[i * c.sites + s];
            const rad_analysis a = c.part[i].analysis;
            rad_csv_put(out, rad_analyses[a].word);
            rad_fields_text(out, c.part[i].name);
            rad_fields_text(out, p->sites[s].site);
            rad_fields_text(out, rad_study_asks(p->study, a) ? "yes" : "no");
            rad_fields_count(out, true, x->parts);
            rad_fields_count(out, true, x->shown);
            rad_fields_count(out, true, x->parts - x->shown);
            rad_fields_text(out, x->rules);
            rad_fields_end(out);
            if (!i) rad_fields_note(r, &(rad_basis){1, p->sites[s].rows, true}, 1, "%s", p->sites[s].site);
        }
    rad_coverage_free(&c);
    return RAD_OK;
}
