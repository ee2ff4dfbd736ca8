#include "identifiers.h"

#include "../../core/memory.h"
#include "loader.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of a name, one after the other without signs, in small letters. */
static const char *const names[] = {
    "pid", "mrn", "ssn", "urn", "socialsecurity", "socialsecuritynumber", "passport", "uid",
    "studyinstanceuid", "seriesinstanceuid", "sopinstanceuid", "frameofreferenceuid", "otherpatientids",
    "issuerofpatientid", "accession", "barcode",
    /* birth, and dates of any kind */
    "dob", "naissance", "nacimiento", "nascita", "nascimento", "patientbirthdate", "patientbirthtime",
    "syntymaaika", "date", "datum", "fecha",
    /* names */
    "patientname", "patientsname", "name", "firstname", "lastname", "surname", "familyname", "givenname",
    "nom", "prenom", "vorname", "nachname", "familienname", "apellido", "apellidos", "nombre", "cognome",
    "nome", "sobrenome", "voornaam", "achternaam", "fornavn", "etternavn",
    /* numbers of other countries */
    "personnummer", "cpr", "nir", "dni", "bsn", "codicefiscale", "historiaclinica", "numerodossier", "ipp",
    /* where and how to reach */
    "phone", "phonenumber", "telephone", "tel", "telefon", "telefono", "telefone", "mobile", "handy", "fax",
    "email", "mail", "address", "patientaddress", "adresse", "anschrift", "direccion", "indirizzo",
    "endereco", "street", "strasse", "zip", "zipcode", "postcode", "postalcode", "plz", "codepostal",
    "ipaddress", NULL};

/* Whoever or whatever is one patient, and what numbers them: "patient_no", "CaseID", "Fallnummer". */
static const char *const whom[] = {
    "patient",     "patients",    "patienten", "pat",      "pt",        "subject",       "subj",
    "person",      "participant", "proband",   "case",     "record",    "medicalrecord", "hospital",
    "hosp",        "ur",          "nhs",       "cpr",      "insurance", "medicare",      "versicherten",
    "accession",   "acc",         "admission", "aufnahme", "fall",      "encounter",     "exam",
    "examination", "study",       "scan",      "specimen", NULL};
static const char *const numbered[] = {"id",     "ids",    "no",   "nr",  "num", "number",
                                       "nummer", "numero", "code", "key", NULL};

/* Birth, and when it was, in either order: "YearOfBirth", "birth_dt", "Geburtsdatum". */
static const char *const birth[] = {
    "birth",        "ofbirth",    "geburts",      "geburt",  "geb",       "naissance",
    "denaissance",  "nacimiento", "denacimiento", "nascita", "dinascita", "nascimento",
    "denascimento", "nasc",       "geboorte",     "fodsels", "fodelse",   NULL};
static const char *const when[] = {"date", "day", "dt",   "dat",   "dato", "datum", "data", "tag",
                                   "year", "yr",  "jahr", "fecha", "ano",  "annee", "time", NULL};

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (!strcmp(*list, word)) return true;
    return false;
}

/* Is the word one of the first, and then one of the others? */
static bool is_pair(const char *word, const char *const *first, const char *const *then) {
    for (; *first; first++) {
        const size_t length = strlen(*first);
        if (!strncmp(word, *first, length) && is_one_of(word + length, then)) return true;
    }
    return false;
}

static bool is_listed(const char *word) {
    return is_one_of(word, names) || is_pair(word, whom, numbered) || is_pair(word, birth, when) ||
           is_pair(word, when, birth);
}

enum { NAME = 256, WORDS = 16 };

/* Where the words of a name begin: after a sign, at a capital after a small letter, at the last of several
 * capitals before a small one. */
static size_t split(const char *column, char letters[NAME], size_t begin[WORDS + 1]) {
    size_t used = 0, count = 0;
    bool fresh = true;
    for (const char *c = column; *c && used + 1 < NAME; c++) {
        if (!isalnum((unsigned char)*c)) {
            fresh = true;
            continue;
        }
        const bool upper = isupper((unsigned char)*c), after = c > column && islower((unsigned char)c[-1]),
                   last = c > column && isupper((unsigned char)c[-1]) && islower((unsigned char)c[1]);
        if ((fresh || (upper && (after || last))) && count < WORDS) begin[count++] = used;
        fresh = false;
        letters[used++] = (char)tolower((unsigned char)*c);
    }
    letters[used] = '\0';
    begin[count] = used;
    return count;
}

bool rad_identifiers_named(const char *column) {
    char letters[NAME], word[NAME];
    size_t begin[WORDS + 1];
    const size_t count = split(column, letters, begin);
    if (count == 1 && is_one_of(letters, numbered)) return true; /* of nobody else: "ID", "no" */
    for (size_t first = 0; first < count; first++)
        for (size_t end = first + 1; end <= count && end <= first + 4; end++) {
            const size_t length = begin[end] - begin[first];
            memcpy(word, letters + begin[first], length);
            word[length] = '\0';
            if (is_listed(word)) return true;
        }
    return false;
}

bool rad_identifiers_text(const char *text) {
    size_t dots = 0, length = strlen(text);
    int year = 0, month = 0, day = 0;
    for (const char *c = text; *c; c++) dots += *c == '.';
    if (dots >= 3 && length >= 8 && length <= 64 && strspn(text, "0123456789.") == length) return true;
    if (length < 8 || length > 10 || strspn(text, "0123456789-/.") != length) return false;
    char sign = 0;
    const char *at = strpbrk(text, "-/.");
    if (!at) return false;
    sign = *at;
    const char *second = strchr(at + 1, sign);
    if (!second || strpbrk(second + 1, "-/.")) return false;
    year = atoi(text), month = atoi(at + 1), day = atoi(second + 1);
    return (year > 31 ? year >= 1850 && year <= 2150 && month <= 12 && day <= 31
                      : day >= 1850 && day <= 2150 && (year <= 12 || month <= 12) && month <= 31) &&
           month > 0;
}

bool rad_identifiers_measured(const char *column) {
    static const char *const families[] = {
        "_stat_",    "_ih_",   "_ivh_",   "_morph_", "_loc_",  "_cm_",         "_rlm_",
        "_szm_",     "_dzm_",  "_ngt_",   "_ngl_",   "_mi_",   "_firstorder_", "_shape_",
        "_shape2D_", "_glcm_", "_glrlm_", "_glszm_", "_gldm_", "_ngtdm_"}; /* these are PyRadiomics' */
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (strstr(column, families[i])) return true;
    return !strncmp(column, "diag_", 5) || !strncmp(column, "diagnostics_", 12);
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Orders of the digits of a date: a number that year, month and day begin at. */
typedef struct date_order {
    long year, month, day;
    bool century; /* years of four digits */
} date_order;

static const date_order orders[] = {
    {10000, 100, 1, true},  {1, 10000, 1000000, true}, {1, 1000000, 10000, true}, {100, 1, 0, true},
    {10000, 100, 1, false}, {1, 100, 10000, false},    {1, 10000, 100, false},
};
enum { ORDERS = sizeof orders / sizeof orders[0], ENOUGH = 10 };

static bool is_date(double x, const date_order *o) {
    const long whole = (long)x, year = whole / o->year % (o->century ? 10000 : 100),
               month = whole / o->month % 100, day = o->day ? whole / o->day % 100 : 1;
    return whole < (o->century ? 100000000 : 1000000) && (!o->century || (year >= 1850 && year <= 2150)) &&
           month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* All of one order; those beside yyyymmdd take some patients, since a few numbers are soon a date. */
static bool are_dates(const double *values, size_t count) {
    for (size_t k = 0; k < (count < ENOUGH ? 1 : ORDERS); k++) {
        size_t i = 0;
        while (i < count && is_date(values[i], &orders[k])) i++;
        if (i == count && values[0] > 10000 && values[count - 1] >= 100000) return true;
    }
    return false;
}

const char *rad_identifiers_shape(double *values, size_t count) {
    size_t n = 0, different = 1;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i])) continue;
        if (values[i] != floor(values[i]) || values[i] < 0 || values[i] > 1e15) return NULL;
        values[n++] = values[i];
    }
    if (n < 3) return NULL;
    qsort(values, n, sizeof *values, ascending);
    for (size_t i = 1; i < n; i++) different += values[i] != values[i - 1];
    if (are_dates(values, n)) return "dates";
    if (n >= ENOUGH && different == n && values[n - 1] - values[0] == (double)n - 1) return "running numbers";
    /* numbers of one kind have about as many digits; a patient may have two rows */
    return values[0] >= 100000 && 20 * different >= 19 * n && values[n - 1] < 10 * values[0]
               ? "numbers of patients"
               : NULL;
}

bool rad_identifiers_declared(const rad_loader *l, const char *column) {
    const rad_patterns *wanted = &l->study->feature_names;
    for (size_t p = 0; (p = rad_patterns_next(wanted, p, column)) != SIZE_MAX; p++)
        if (!strcmp(wanted->list->child[p].text, column)) return true;
    return json_string_value(json_object_get(json_object_get(l->run.columns, column), "tag")) != NULL;
}

rad_status rad_identifiers_refuse(const rad_loader *l, const char *column, const char *how) {
    return rad_fail(
        l->error, RAD_REFUSED,
        "%s: the column %.80s %s, and only a pattern of the study matches it; declare it by its full "
        "name under features to release it",
        l->path, column, how);
}

/* A number as the table has it, but for what the centre and the logarithm rounded. */
static double original(const rad_variable *v, double x) {
    const double centre = v->transform.centre, sum = x + centre;
    const double y = v->transform.logarithm ? exp(sum) : sum;
    const double error =
        v->transform.logarithm ? fabs(y) * (fabs(x) + fabs(centre) + 4) : fabs(y) + fabs(centre);
    return fabs(y - nearbyint(y)) <= 2 * DBL_EPSILON * error ? nearbyint(y) : y;
}

rad_status rad_identifiers_check(rad_loader *l, const bool *keep) {
    rad_cohort *c = l->c;
    char how[64];
    double *values = rad_new_raw(c->rows, sizeof *values, l->error);
    rad_status status = values ? RAD_OK : RAD_NO_MEMORY;
    for (size_t i = 0; i < c->count && status == RAD_OK; i++) {
        const rad_variable *v = &c->variables[i];
        size_t count = 0;
        if (v->computed || rad_identifiers_measured(v->name) || json_object_get(l->run.columns, v->name))
            continue;
        for (size_t r = 0; r < c->rows; r++)
            if (keep[r]) values[count++] = original(v, l->numbers[r * c->count + i]);
        const char *shape = rad_identifiers_shape(values, count);
        if (!shape) continue;
        snprintf(how, sizeof how, "looks like %s", shape);
        if (v->kind == RAD_FEATURE && !rad_identifiers_declared(l, v->name))
            status = rad_identifiers_refuse(l, v->name, how);
        else if (!*c->shaped)
            snprintf(c->shaped, sizeof c->shaped, "%s", v->name);
    }
    rad_free(values);
    return status;
}
