/* Options of the commands by which sums leave a site: rows of a table whose places have these names. */
#ifndef RAD_SITE_OPTIONS_H
#define RAD_SITE_OPTIONS_H

#define RAD_SITE_OPTIONS                                                                                     \
    [KEY] = {"--key", 'k', "SITE.key", "secret key of the site, by `radiomill keygen`"},                     \
    [CLINICAL] = {"--clinical", 0, "TABLE.csv", "covariates and outcomes, joined by the patient column"},    \
    [POLICY] = {"--policy", 'p', "POLICY.yaml", "thresholds below which no study gets; default: standard"},  \
    [LEDGER] = {"--ledger", 0, "COPY", "restore the ledger of this key from a copy of it"},                  \
    [BEGIN] = {"--begin-ledger", 0, NULL, "begin a new ledger; what left before is not known then"},         \
    [RENAMED] = {"--renamed", 0, NULL, "patients have other names than before: go by their values alone"},   \
    [OTHERS] = {"--others", 0, NULL, "patients of new names are others than those who left before"},         \
    [SET_ASIDE] = {"--set-aside", 0, "FILE",                                                                 \
                   "a ledger that ends in half a line, with which nothing left: keep that in FILE"},         \
    [OPEN] = {"--open", 0, NULL, "do not seal: whoever has the file can read it"},                           \
    [THREADS] = {"--threads", 't', "N", "default: all processors"}

#endif
