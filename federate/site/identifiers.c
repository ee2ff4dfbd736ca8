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
    "patientid", "patid", "pid", "subjectid", "caseid", "personid", "hospitalid", "hospitalnumber", "mrn",
    "medicalrecordnumber", "nhsnumber", "ssn", "socialsecurity", "socialsecuritynumber", "insurancenumber",
    "passport", "accession", "accessionnumber", "studyinstanceuid", "seriesinstanceuid", "sopinstanceuid",
    "frameofreferenceuid", "uid", "otherpatientids", "issuerofpatientid", "studyid",
    /* birth */
    "birthdate", "dateofbirth", "dob", "birthday", "patientbirthdate", "patientbirthtime", "geburtsdatum",
    "geburtstag", "gebdat", "naissance", "datenaissance", "datedenaissance", "nacimiento", "fechanacimiento",
    "fechadenacimiento", "nascita", "datadinascita", "nascimento", "datadenascimento", "geboortedatum",
    "fodselsdato", "fodelsedatum", "syntymaaika",
    /* names */
    "patientname", "patientsname", "name", "firstname", "lastname", "surname", "familyname", "givenname",
    "nom", "prenom", "vorname", "nachname", "familienname", "apellido", "apellidos", "nombre", "cognome",
    "nome", "sobrenome", "voornaam", "achternaam", "fornavn", "etternavn",
    /* numbers of other countries */
    "patientenid", "patientennummer", "fallnummer", "aufnahmenummer", "versichertennummer", "personnummer",
    "cpr", "cprnumber", "nir", "dni", "bsn", "codicefiscale", "historiaclinica", "numerodossier", "ipp",
    /* where and how to reach */
    "phone", "phonenumber", "telephone", "tel", "telefon", "telefono", "telefone", "mobile", "handy", "fax",
    "email", "mail", "address", "patientaddress", "adresse", "anschrift", "direccion", "indirizzo",
    "endereco", "street", "strasse", "zip", "zipcode", "postcode", "postalcode", "plz", "codepostal",
    "ipaddress"};

static bool is_listed(const char *word) {
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(names[i], word)) return true;
    return false;
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

static bool is_date(double x) {
    const long day = (long)x % 100, month = (long)x / 100 % 100, year = (long)x / 10000;
    return year >= 1850 && year <= 2150 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

const char *rad_identifiers_shape(double *values, size_t count) {
    size_t n = 0;
    bool dates = true, differ = true;
    for (size_t i = 0; i < count; i++) {
        if (isnan(values[i])) continue;
        if (values[i] != floor(values[i]) || values[i] < 100000 || values[i] > 1e15) return NULL;
        dates = dates && is_date(values[i]);
        values[n++] = values[i];
    }
    if (n < 3) return NULL;
    qsort(values, n, sizeof *values, ascending);
    for (size_t i = 1; i < n; i++) differ = differ && values[i] != values[i - 1];
    differ = differ && values[n - 1] < 10 * values[0]; /* numbers of one kind have about as many digits */
    return dates ? "dates" : differ ? "numbers of patients" : NULL;
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
