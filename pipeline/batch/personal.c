#include "personal.h"
#include "../../core/printable.h"

#include "../../io/dicom/dicom.h"
#include "../../io/dicom/tags.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

static bool is_digits(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)text[i])) return false;
    return true;
}

static unsigned number(const char *text, size_t count) {
    unsigned value = 0;
    for (size_t i = 0; i < count; i++) value = 10 * value + (unsigned)(text[i] - '0');
    return value;
}

static bool is_day(unsigned year, unsigned month, unsigned day) {
    return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool is_sign(char c) {
    return c == '-' || c == '.' || c == '/';
}

static bool is_date(const char *t) {
    const size_t length = strlen(t);
    if (length == 8 && is_digits(t, 8)) return is_day(number(t, 4), number(t + 4, 2), number(t + 6, 2));
    if (length != 10) return false;
    if (is_digits(t, 4) && is_sign(t[4]) && t[7] == t[4] && is_digits(t + 5, 2) && is_digits(t + 8, 2))
        return is_day(number(t, 4), number(t + 5, 2), number(t + 8, 2));
    if (!is_digits(t, 2) || !is_sign(t[2]) || t[5] != t[2] || !is_digits(t + 3, 2) || !is_digits(t + 6, 4))
        return false;
    return is_day(number(t + 6, 4), number(t + 3, 2), number(t, 2)) ||
           is_day(number(t + 6, 4), number(t, 2), number(t + 3, 2));
}

static bool is_uid(const char *t) {
    size_t points = 0;
    const char *c = t;
    for (; isdigit((unsigned char)*c) || *c == '.'; c++) points += *c == '.';
    return !*c && c - t >= 16 && points >= 4 && (*t == '1' || *t == '2') && t[1] == '.';
}

static bool is_path(const char *t) {
    const char *slash = strrchr(t, '/'), *point = slash ? strchr(slash, '.') : NULL;
    if (*t == '/' || !strncmp(t, "./", 2) || !strncmp(t, "../", 3) || !strncmp(t, "~/", 2)) return true;
    if (isalpha((unsigned char)*t) && t[1] == ':' && (t[2] == '\\' || t[2] == '/')) return true;
    return point && point > slash + 1 && isalpha((unsigned char)point[1]);
}

static bool is_name(const char *t) {
    const char *sign = strchr(t, '^');
    return sign && sign > t && isalpha((unsigned char)sign[-1]) &&
           (isalpha((unsigned char)sign[1]) || !sign[1] || sign[1] == '^');
}

/* A date among other words, digits on neither side: "Doe_19500131_CT". */
static bool has_date(const char *t) {
    static const size_t lengths[] = {8, 10};
    for (const char *at = t; *at; at++)
        for (size_t i = 0; i < 2 && (at == t || !isdigit((unsigned char)at[-1])); i++) {
            char part[11] = "";
            if (strnlen(at, lengths[i]) < lengths[i] || isdigit((unsigned char)at[lengths[i]])) continue;
            memcpy(part, at, lengths[i]);
            if (is_date(part)) return true;
        }
    return false;
}

rad_personal rad_personal_find(const char *text) {
    if (is_uid(text)) return RAD_PERSONAL_UID;
    if (is_date(text)) return RAD_PERSONAL_DATE;
    if (is_name(text)) return RAD_PERSONAL_NAME;
    if (is_path(text)) return RAD_PERSONAL_PATH;
    return has_date(text) ? RAD_PERSONAL_DATE : RAD_PERSONAL_NOT;
}

/* Who the patient of a DICOM image is: "" where nothing is said. */
typedef struct patient {
    char id[128], name[256], birth[32];
} patient;

/* Files that are looked through until one is DICOM. */
typedef struct search {
    int left; /* how many files and folders may still be looked at */
    bool found, unread;
    patient *of;
} search;

static void read_patient(const rad_dicom *file, patient *p) {
    static const uint32_t identity_removed = 0x00120062;
    char text[16] = "";
    const rad_dicom_item *root = rad_dicom_root(file);
    const bool removed = rad_dicom_text(root, identity_removed, text, sizeof text) && !strcmp(text, "YES");
    if (removed || !rad_dicom_text(root, rad_tag_PatientID, p->id, sizeof p->id)) *p->id = '\0';
    if (!rad_dicom_text(root, rad_tag_PatientName, p->name, sizeof p->name)) *p->name = '\0';
    char id[128] = "";
    if (removed && rad_dicom_text(root, rad_tag_PatientID, id, sizeof id) && !strcmp(id, p->name))
        *p->name = '\0'; /* both are the pseudonym */
    if (!rad_dicom_text(root, rad_tag_PatientBirthDate, p->birth, sizeof p->birth)) *p->birth = '\0';
}

static rad_status search_file(const char *path, search *s, rad_error *error) {
    rad_dicom *file = NULL;
    rad_error why = {0};
    if (!rad_dicom_is(path)) return RAD_OK;
    const rad_status status = rad_dicom_open_part(path, &file, &why);
    s->found = status == RAD_OK;
    if (s->found) read_patient(file, s->of);
    rad_dicom_close(file);
    if (status == RAD_NO_MEMORY) return rad_fail(error, status, "%s", why.text);
    s->unread = s->unread || (!s->found && rad_dicom_is(path)); /* it says yes of what cannot be read, too */
    return RAD_OK;
}

static rad_status search_path(const char *path, int depth, search *s, rad_error *error) {
    struct stat there;
    if (stat(path, &there) || --s->left < 0) return RAD_OK;
    if (!S_ISDIR(there.st_mode)) return S_ISREG(there.st_mode) ? search_file(path, s, error) : RAD_OK;
    if (!depth) return RAD_OK;
    DIR *folder = opendir(path);
    if (!folder && errno == ENOMEM)
        return rad_fail(error, RAD_NO_MEMORY, "%s: cannot be read: out of memory", path);
    s->unread = s->unread || !folder;
    rad_status status = RAD_OK;
    const struct dirent *entry;
    for (errno = 0; folder && status == RAD_OK && !s->found && s->left > 0 && (entry = readdir(folder));
         errno = 0) {
        char below[4400];
        snprintf(below, sizeof below, "%.4000s/%.255s", path, entry->d_name);
        if (*entry->d_name != '.') status = search_path(below, depth - 1, s, error);
    }
    s->unread = s->unread || (errno && !s->found);
    if (folder) closedir(folder);
    return status;
}

/* The same letters and digits, whatever is between them and however large they are; three and more. */
static bool is_same(const char *a, const char *b) {
    size_t same = 0;
    for (;; a++, b++) {
        while (*a && !isalnum((unsigned char)*a)) a++;
        while (*b && !isalnum((unsigned char)*b)) b++;
        if (!*a || !*b) return !*a && !*b && same >= 3;
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b)) return false;
        same++;
    }
}

static const char *const looks[RAD_PERSONALS] = {[RAD_PERSONAL_PATH] = "looks like a path",
                                                 [RAD_PERSONAL_NAME] =
                                                     "looks like the name of a person, as DICOM writes it",
                                                 [RAD_PERSONAL_DATE] = "looks like a date, as of a birth",
                                                 [RAD_PERSONAL_UID] = "looks like a unique id of DICOM"};

/* What a column is, or NULL. */
static const char *judge(const char *text, const patient *p) {
    if (is_same(text, p->name)) return "is the PatientName of its DICOM files";
    if (is_same(text, p->birth)) return "is the PatientBirthDate of its DICOM files";
    if (is_same(text, p->id))
        return "is the PatientID of its DICOM files, which do not say that it is a pseudonym";
    return looks[rad_personal_find(text)];
}

static void say(rad_personal_kinds *all, const char *said, char *text, size_t length) {
    size_t k = 0;
    const size_t used = strlen(text);
    snprintf(text + used, length - used, "%s%s", used ? " | " : "", said);
    while (k < all->count && strcmp(all->kind[k].text, said) != 0) k++;
    if (k == RAD_PERSONAL_KINDS) return;
    if (k == all->count) snprintf(all->kind[all->count++].text, RAD_PERSONAL_TEXT, "%s", said);
    all->kind[k].rows++;
}

static void add(rad_personal_kinds *all, const char *column, const char *what, char *text, size_t length) {
    char said[RAD_PERSONAL_TEXT];
    snprintf(said, sizeof said, "the column %.80s %s; tables of features carry it", column, what ? what : "");
    if (what) say(all, said, text, length);
}

rad_status rad_personal_row(rad_personal_kinds *all, const rad_manifest *m, const rad_manifest_row *row,
                            unsigned rois, char *text, size_t length, rad_error *error) {
    enum { DEPTH = 8, LOOKED_AT = 64 };
    patient p = {.id = ""};
    search s = {.left = LOOKED_AT, .of = &p};
    const rad_status status = search_path(row->image, DEPTH, &s, error);
    if (status != RAD_OK) return status;
    if (s.unread && !s.found)
        say(all,
            "its DICOM files cannot be read again, so that its columns are not compared with the name, "
            "the id and the birth date of the patient",
            text, length);
    add(all, "case", judge(row->name, &p), text, length);
    for (size_t i = 0; i < m->extra_count; i++) {
        const char *field = row->field[m->extra[i]];
        const char *name = m->sheet.names[m->extra[i]];
        if (strcasecmp(name, "settings") != 0) add(all, name, judge(field, &p), text, length);
    }
    for (int k = RAD_PERSONAL_NOT + 1; k < RAD_PERSONALS; k++)
        if (rois & 1U << k) add(all, "roi", looks[k], text, length);
    return RAD_OK;
}

void rad_personal_tell(const rad_personal_kinds *all, const char *run, rad_warnings *warnings) {
    for (size_t k = 0; k < all->count; k++)
        rad_warn(warnings,
                 "%s: %s (%zu row%s); write pseudonyms into the manifest before tables are passed on", run,
                 all->kind[k].text, all->kind[k].rows, rad_plural(all->kind[k].rows));
}
