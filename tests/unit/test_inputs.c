/* Inputs that are no files, and files that change while they are read. */
#include "../../core/number.h"
#include "../../io/bytes.h"
#include "../../io/csv.h"
#include "../../io/dicom/dicom.h"
#include "../../io/document.h"
#include "../../io/scan/fingerprint.h"
#include "../../io/scan/nifti.h"
#include "../../io/sheet.h"
#include "../../io/stream.h"
#include "../../io/tree.h"
#include "../../io/walk.h"
#include "../../pipeline/batch/manifest.h"
#include "testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static char folder[] = "/tmp/radiomill-inputs-XXXXXX";

static const char *in_folder(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static const char *write_file(const char *name, const void *bytes, size_t length) {
    const char *path = in_folder(name);
    FILE *file = fopen(path, "wb");
    ck_assert(file && fwrite(bytes, 1, length, file) == length && !fclose(file));
    return path;
}

/* Every reader, at once: a pipe that nobody writes to, a socket, a device, a folder. */
static rad_status read_bytes(const char *path, rad_error *error) {
    rad_bytes bytes;
    return rad_bytes_read(path, &bytes, error);
}
static rad_status read_stream(const char *path, rad_error *error) {
    rad_stream stream;
    return rad_stream_open(path, &stream, error);
}
static rad_status read_sheet(const char *path, rad_error *error) {
    rad_sheet sheet;
    return rad_sheet_open(path, &sheet, error);
}
static rad_status read_manifest(const char *path, rad_error *error) {
    rad_manifest manifest;
    return rad_manifest_open(path, &manifest, error);
}
static rad_status read_nifti(const char *path, rad_error *error) {
    rad_volume volume;
    return rad_nifti_read(path, &volume, NULL, error);
}
static rad_status read_dicom(const char *path, rad_error *error) {
    rad_dicom *dicom;
    ck_assert(!rad_dicom_is(path));
    return rad_dicom_open(path, &dicom, error);
}

START_TEST(no_files) {
    rad_status (*const readers[])(const char *, rad_error *) = {read_bytes,    read_stream, read_sheet,
                                                                read_manifest, read_nifti,  read_dicom};
    char socket_path[256];
    snprintf(socket_path, sizeof socket_path, "%s", in_folder("socket"));
    const char *const names[] = {"pipe", "socket", "folder", "/dev/null", "/dev/zero"};
    mkfifo(in_folder("pipe"), 0600);
    mkdir(in_folder("folder"), 0700);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, socket_path, strlen(socket_path) + 1);
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert(s >= 0 && !bind(s, (struct sockaddr *)&address, sizeof address));
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        for (size_t r = 0; r < sizeof readers / sizeof readers[0]; r++) {
            rad_error error = {0};
            const char *path = names[n][0] == '/' ? names[n] : in_folder(names[n]);
            ck_assert_msg(readers[r](path, &error) == RAD_UNREADABLE, "%s by reader %zu", names[n], r);
            ck_assert_msg(strstr(error.text, "is not a regular file"), "%s by reader %zu: %s", names[n], r,
                          error.text);
        }
    close(s);
}
END_TEST

/* Another process makes the table shorter, or writes it anew, after `row` rows were read. The window of the
 * reader is 256 kB: both within it and beyond. */
static size_t rows_of(size_t rows, size_t row, off_t cut, rad_error *error) {
    rad_sheet sheet;
    bool more = true;
    const char *path = in_folder("table.csv");
    FILE *file = fopen(path, "w");
    ck_assert(file != NULL);
    fprintf(file, "case,value,text\n");
    for (size_t i = 0; i < rows; i++)
        fprintf(file, "case%zu,%zu.5,\"a \"\"quoted\"\"\r\n line %zu\"\n", i, i * i, i);
    fclose(file);
    size_t read = 0;
    rad_status status = rad_sheet_open(path, &sheet, error);
    for (; status == RAD_OK; read++) {
        if (read == row && cut >= 0) ck_assert(!truncate(path, cut));
        if (read == row && cut == -2) {
            file = fopen(path, "r+"); /* in place, of the same length */
            ck_assert(file && fputs("c", file) >= 0 && !fclose(file));
        }
        status = rad_sheet_next(&sheet, &more, error);
        if (status != RAD_OK || !more) break;
        char text[64];
        snprintf(text, sizeof text, "a \"quoted\"\r\n line %zu", read);
        ck_assert_str_eq(sheet.field[2], text);
    }
    rad_sheet_close(&sheet);
    return read;
}

START_TEST(table_of_any_length) {
    rad_error error = {0};
    ck_assert_uint_eq(rows_of(60000, SIZE_MAX, -1, &error), 60000); /* 2 MB */
    ck_assert_msg(error.status == RAD_OK, "%s", error.text);
}
END_TEST

START_TEST(table_shortened) {
    static const struct {
        size_t rows, row;
        off_t cut;
    } cases[] = {
        {300, 0, 4096}, {300, 100, 0}, {60000, 0, 100}, {60000, 30000, 200000}, {60000, 100, 1500000}};
    rad_error error = {0};
    rows_of(cases[_i].rows, cases[_i].row, cases[_i].cut, &error);
    ck_assert_int_eq(error.status, RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "the file became shorter while it was read"), "%s", error.text);
}
END_TEST

START_TEST(table_changed) {
    rad_error error = {0};
    struct timespec tick = {0, 20000000}; /* the clock of files goes by 4 ms */
    nanosleep(&tick, NULL);
    rows_of(60000, 50000, -2, &error);
    ck_assert_int_eq(error.status, RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "was changed while it was read"), "%s", error.text);
}
END_TEST

/* A row longer than the window of the reader. */
START_TEST(wide_row) {
    enum { COLUMNS = 100000 };
    rad_error error = {0};
    rad_sheet sheet;
    bool more;
    FILE *file = fopen(in_folder("wide.csv"), "w");
    ck_assert(file != NULL);
    for (int i = 0; i < COLUMNS; i++) fprintf(file, "%sname of column %d", i ? "," : "", i);
    for (int r = 0; r < 3; r++)
        for (int i = 0; i < COLUMNS; i++) fprintf(file, "%s%d", i ? "," : "\n", i + r);
    fclose(file);
    ck_ok(rad_sheet_open(in_folder("wide.csv"), &sheet, &error));
    ck_assert_uint_eq(sheet.columns, COLUMNS);
    for (int r = 0; r < 3; r++) {
        ck_ok(rad_sheet_next(&sheet, &more, &error));
        ck_assert(more);
        for (int i = 0; i < COLUMNS; i += 999) ck_assert_int_eq(atoi(sheet.field[i]), i + r);
    }
    ck_ok(rad_sheet_next(&sheet, &more, &error));
    ck_assert(!more);
    rad_sheet_close(&sheet);
}
END_TEST

/* A file cut after it was opened, plain and gzipped. */
START_TEST(stream_shortened) {
    enum { LENGTH = 1 << 20 };
    static unsigned char bytes[LENGTH];
    test_random random = {5};
    rad_error error = {0};
    rad_stream stream;
    for (size_t i = 0; i < LENGTH; i++) bytes[i] = (unsigned char)test_below(&random, 256);
    const char *path = in_folder("stream");
    if (_i) {
        gzFile file = gzopen(path, "wb");
        ck_assert(gzwrite(file, bytes, LENGTH) == LENGTH && gzclose(file) == Z_OK);
    } else {
        write_file("stream", bytes, LENGTH);
    }
    ck_ok(rad_stream_open(path, &stream, &error));
    ck_ok(rad_stream_read(&stream, bytes, 1000, &error));
    ck_assert(!truncate(path, 500000));
    ck_assert_int_eq(rad_stream_read(&stream, bytes, LENGTH - 1000, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "the file became shorter while it was read"), "%s", error.text);
    rad_stream_close(&stream);
}
END_TEST

START_TEST(manifest_changed) {
    static const char text[] = "image,mask\na.nii,b.nii\nc.nii,d.nii\n";
    rad_error error = {0};
    rad_manifest m;
    rad_manifest_row row;
    const char *path = write_file("cases.csv", text, sizeof text - 1);
    struct timespec tick = {0, 20000000};
    ck_ok(rad_manifest_open(path, &m, &error));
    ck_ok(rad_manifest_read(&m, 1, &row, &error));
    rad_manifest_row_free(&row);
    nanosleep(&tick, NULL);
    write_file("cases.csv", "image,mask\nx.nii,y.nii\nz.nii,w.nii\n", sizeof text - 1);
    ck_assert_int_eq(rad_manifest_read(&m, 1, &row, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "the table changed while it was in use"), "%s", error.text);
    rad_manifest_close(&m);
}
END_TEST

/* Members of random bytes, none, zeros or something else behind them. */
static size_t gzip_members(unsigned char *out, size_t room, uint64_t seed, size_t changed, char tail) {
    static unsigned char bytes[200000];
    size_t used = 0;
    for (size_t m = 0; m < 3; m++) {
        test_random random = {seed + m};
        for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)test_below(&random, 256);
        if (m == changed) bytes[100000] ^= 1;
        z_stream z = {.next_in = bytes, .avail_in = sizeof bytes};
        z.next_out = out + used;
        z.avail_out = (unsigned)(room - used);
        ck_assert_int_eq(deflateInit2(&z, 0, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
        ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
        used += z.total_out;
        deflateEnd(&z);
    }
    memset(out + used, 0, 150000);
    if (tail) out[used + 1000] = (unsigned char)tail;
    return tail ? used + 150000 : used;
}

/* Two files that differ in one member only, the first, the second or the last, or far behind it. */
START_TEST(fingerprint_of_members) {
    enum { ROOM = 1 << 20 };
    static unsigned char bytes[ROOM];
    rad_fingerprint all[5], again;
    rad_error error = {0};
    for (size_t i = 0; i < 5; i++) {
        const char tail = (char)(!_i ? 0 : i == 4 ? 'b' : 'a');
        write_file("m.gz", bytes, gzip_members(bytes, ROOM, 9, i, tail));
        ck_ok(rad_fingerprint_content(in_folder("m.gz"), &all[i], &error));
    }
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_msg((memcmp(&all[i], &all[j], sizeof again) == 0) == (!_i && i == 4 && j == 3),
                          "%zu and %zu", i, j);
    write_file("other.gz", bytes, gzip_members(bytes, ROOM, 9, 1, _i ? 'a' : 0));
    ck_ok(rad_fingerprint_content(in_folder("other.gz"), &again, &error));
    ck_assert(!memcmp(&again, &all[1], sizeof again));
}
END_TEST

/* A change of content that leaves size and mtime as they were. */
START_TEST(stamp_sees_change) {
    rad_fingerprint before, after;
    rad_error error = {0};
    struct stat about;
    struct timespec tick = {0, 20000000};
    size_t size;
    const char *path = write_file("stamp", "abc", 3);
    ck_assert(!stat(path, &about));
    ck_ok(rad_fingerprint_stamp(path, &before, &size, &error));
    nanosleep(&tick, NULL);
    write_file("stamp", "abd", 3);
    const struct timespec times[2] = {about.st_atim, about.st_mtim};
    ck_assert(!utimensat(AT_FDCWD, path, times, 0));
    ck_ok(rad_fingerprint_stamp(path, &after, &size, &error));
    ck_assert(memcmp(&before, &after, sizeof before) != 0);
}
END_TEST

/* Any text comes back from our readers as it was put, and no cell begins as a formula does. */
START_TEST(texts_come_back) {
    enum { ROWS = 5000, LENGTH = 8 };
    static const char letters[] = "''==+-@\t\r\n,;\"1.e5ax";
    static char texts[ROWS][LENGTH + 1];
    test_random random = {17};
    rad_error error = {0};
    rad_sheet sheet;
    rad_manifest m;
    rad_manifest_row row;
    bool more;
    FILE *file = fopen(in_folder("texts.csv"), "w");
    ck_assert(file && fputs("image,mask,text\r\n", file) >= 0);
    for (size_t i = 0; i < ROWS; i++) {
        const size_t length = test_below(&random, LENGTH + 1);
        for (size_t k = 0; k < length; k++) texts[i][k] = letters[test_below(&random, sizeof letters - 1)];
        fputs("i,m,", file);
        rad_csv_put(file, texts[i]);
        fputs("\r\n", file);
    }
    fclose(file);
    ck_ok(rad_sheet_open(in_folder("texts.csv"), &sheet, &error));
    ck_ok(rad_manifest_open(in_folder("texts.csv"), &m, &error));
    for (size_t i = 0; i < ROWS; i++) {
        double number;
        ck_ok(rad_sheet_next(&sheet, &more, &error));
        ck_assert_str_eq(sheet.field[2], texts[i]);
        ck_ok(rad_manifest_read(&m, i, &row, &error));
        ck_assert_str_eq(row.field[2], texts[i]);
        rad_manifest_row_free(&row);
        const size_t begin = m.sheet.begin[i] + 4;
        char cell[3] = {0};
        ck_assert(pread(sheet.file - 1, cell, 2, (off_t)begin) == 2);
        const char first = cell[0] == '"' ? cell[1] : cell[0];
        if (texts[i][0] && texts[i][1] && !rad_number_read(texts[i], &number))
            ck_assert_msg(!first || !strchr("=+-@\t\r\n", first), "%s", texts[i]);
    }
    rad_sheet_close(&sheet);
    rad_manifest_close(&m);
}
END_TEST

/* Whether every reader of text takes the sequence in the middle of a name (RFC 3629). */
static rad_status read_rows(const char *path, rad_error *error) {
    rad_sheet sheet;
    bool more = true;
    rad_status status = rad_sheet_open(path, &sheet, error);
    while (status == RAD_OK && more) status = rad_sheet_next(&sheet, &more, error);
    rad_sheet_close(&sheet);
    return status;
}
static rad_status read_cases(const char *path, rad_error *error) {
    rad_manifest manifest;
    const rad_status status = rad_manifest_open(path, &manifest, error);
    if (status == RAD_OK) rad_manifest_close(&manifest);
    return status;
}
static rad_status read_document(const char *path, rad_error *error) {
    rad_node root = {0};
    const rad_status status = rad_document_read(path, &root, error);
    rad_node_free(&root);
    return status;
}
static rad_status read_tree(const char *path, rad_error *error) {
    json_t *root = NULL;
    const rad_status status = rad_tree_read(path, &root, error);
    json_decref(root);
    return status;
}

static const struct {
    const char *bytes;
    bool text;
} sequences[] = {
    {"\xC2\xA0", true},
    {"\xDF\xBF", true},
    {"\xE0\xA0\x80", true},
    {"\xEC\xBF\xBF", true},
    {"\xED\x9F\xBF", true},
    {"\xEE\x80\x80", true},
    {"\xF0\x90\x80\x80", true},
    {"\xF4\x8F\xBF\xBD", true},
    {"\x80", false},
    {"\xBF", false},
    {"\xFF", false},
    {"\xFE", false},
    {"\xC0\x80", false},
    {"\xC1\xBF", false},
    {"\xE0\x80\x80", false},
    {"\xE0\x9F\xBF", false},
    {"\xF0\x80\x80\x80", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xED\xA0\x80", false},
    {"\xED\xAF\xBF", false},
    {"\xED\xB0\x80", false},
    {"\xED\xBF\xBF", false},
    {"\xF4\x90\x80\x80", false},
    {"\xF5\x80\x80\x80", false},
    {"\xF8\x88\x80\x80", false},
    {"\xC3", false},
    {"\xE2\x80", false},
    {"\xF0\x9F\x92", false},
    {"\xC3\xC3", false},
    {"\xE2\x80\xC0", false},
};

START_TEST(texts_are_utf8) {
    static const struct {
        rad_status (*read)(const char *, rad_error *);
        const char *before, *after;
    } readers[] = {
        {read_rows, "case,value\nx", "y,1\n"},      {read_rows, "case,value\n1,x", ""},
        {read_rows, "case,value\n1,x", "\n2,3\n"},  {read_rows, "case,\"x", "\"\n1,2\n"},
        {read_cases, "image,mask\nx", "y,m\n"},     {read_cases, "image,mask\ni,x", ""},
        {read_cases, "image,mask\ni,x", "\ni,m\n"}, {read_cases, "image,mask,\"x", "\"\ni,m,2\n"},
        {read_document, "key: \"x", "y\"\n"},       {read_tree, "{\"key\": \"x", "y\"}\n"},
    };
    for (size_t r = 0; r < sizeof readers / sizeof readers[0]; r++) {
        char text[128];
        rad_error error = {0};
        snprintf(text, sizeof text, "%s%s%s", readers[r].before, sequences[_i].bytes, readers[r].after);
        const char *path = write_file("text", text, strlen(text));
        const rad_status status = readers[r].read(path, &error);
        if (sequences[_i].text)
            ck_assert_msg(status == RAD_OK, "reader %zu: %s", r, error.text);
        else
            ck_assert_msg(status == RAD_UNREADABLE || status == RAD_CONFIG, "reader %zu took it", r);
        if (!sequences[_i].text && r < 8)
            ck_assert_msg(strstr(error.text, "bytes that are not UTF-8"), "reader %zu: %s", r, error.text);
    }
}
END_TEST

static size_t count_descriptors(void) {
    size_t count = 0;
    DIR *all = opendir("/proc/self/fd");
    while (all && readdir(all)) count++;
    if (all) closedir(all);
    return count;
}

/* Writing leaves no descriptor open, of the file or of its folder. */
START_TEST(writing_closes) {
    rad_error error = {0};
    const char *path = in_folder("written");
    const size_t before = count_descriptors();
    for (int i = 0; i < 3; i++) {
        ck_ok(rad_bytes_write(path, &(const rad_bytes){.data = (unsigned char[]){'x'}, .length = 1}, 1,
                              &error));
        ck_assert_int_eq(rad_bytes_sync_folder(path), 0);
    }
    ck_assert_int_eq(rad_bytes_write("/nowhere/x", NULL, 0, &error), RAD_UNWRITABLE);
    ck_assert_uint_eq(count_descriptors(), before);
}
END_TEST

static unsigned mode_of(const char *path) {
    struct stat about;
    ck_assert(!stat(path, &about));
    return about.st_mode & 07777;
}

static rad_status write_nothing(const char *path) {
    return rad_bytes_write(path, NULL, 0, NULL);
}

/* What comes of it in a process of another user. */
static int as_nobody(rad_status act(const char *path), const char *path) {
    int status;
    const pid_t child = fork();
    if (!child) _exit(getuid() || !setresuid(65534, 65534, 65534) ? (int)act(path) : 99);
    ck_assert(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* A file that is replaced keeps the links that lead to it, and its mode; one that may not be written stays.
 */
START_TEST(writing_keeps) {
    rad_error error = {0};
    char below[256], file[300], link[300], second[300];
    struct stat about;
    const rad_bytes one = {.data = (unsigned char[]){'x'}, .length = 1};
    snprintf(below, sizeof below, "%s", in_folder("kept"));
    snprintf(file, sizeof file, "%s/file", below);
    snprintf(link, sizeof link, "%s/link", below);
    snprintf(second, sizeof second, "%s/second", below);
    ck_assert(!mkdir(below, 0777) && !chmod(below, 0777) && !chmod(folder, 0711));
    ck_ok(rad_bytes_write(file, NULL, 0, &error));
    ck_assert(!chmod(file, 0640) && !symlink("file", link) && !symlink(link, second));
    ck_ok(rad_bytes_write(second, &one, 1, &error));
    ck_assert(!lstat(link, &about) && S_ISLNK(about.st_mode) && !lstat(second, &about) &&
              S_ISLNK(about.st_mode));
    ck_assert(!lstat(file, &about) && S_ISREG(about.st_mode) && about.st_size == 1);
    ck_assert_uint_eq(mode_of(file), 0640);
    ck_assert_int_eq(rad_bytes_place(link, &one, 1, &(const rad_place){.fresh = true}, &error),
                     RAD_UNWRITABLE);
    ck_ok(rad_bytes_place(file, NULL, 0, &(const rad_place){.mode = 0600}, &error));
    ck_assert_uint_eq(mode_of(file), 0640);
    ck_assert(!chmod(file, 0444));
    ck_assert_int_eq(as_nobody(write_nothing, file), RAD_UNWRITABLE);
    ck_assert_int_eq(as_nobody(write_nothing, link), RAD_UNWRITABLE);
    ck_assert(!chmod(file, 0666));
    ck_assert_int_eq(as_nobody(write_nothing, link), RAD_OK);
    ck_assert(!unlink(file));
    ck_assert_int_eq(rad_bytes_write(link, NULL, 0, &error), RAD_UNWRITABLE);
    ck_assert_msg(strstr(error.text, "link: cannot be written: No such file") != NULL, "%s", error.text);
    ck_assert(!unlink(link) && !unlink(second) && !rmdir(below));
}
END_TEST

static rad_status count_file(const char *path, const struct stat *about, void *context, rad_error *e) {
    (void)path;
    (void)about;
    (void)e;
    ++*(size_t *)context;
    return RAD_OK;
}

/* Links that lead nowhere: in a folder they are passed over, by name they are an error. */
START_TEST(links_to_nowhere) {
    rad_error error = {0};
    char below[256], link[300], file[300];
    size_t files = 0;
    snprintf(below, sizeof below, "%s", in_folder("below"));
    snprintf(link, sizeof link, "%s/link", below);
    snprintf(file, sizeof file, "%s/file", below);
    ck_assert(!mkdir(below, 0700) && !symlink("nowhere", link));
    ck_ok(rad_bytes_write(file, NULL, 0, &error));
    ck_ok(rad_walk(below, count_file, &files, &error));
    ck_assert_uint_eq(files, 1);
    ck_assert_int_eq(rad_walk(link, count_file, &files, &error), RAD_UNREADABLE);
    ck_assert_msg(strstr(error.text, "link: cannot be read: No such file") != NULL, "%s", error.text);
    ck_assert(!unlink(link) && !symlink("link", link)); /* a circle */
    ck_ok(rad_walk(below, count_file, &files, &error));
    ck_assert_uint_eq(files, 2);
    ck_assert(!unlink(link) && !unlink(file) && !rmdir(below));
}
END_TEST

static rad_status walk_all(const char *path) {
    size_t files = 0;
    return rad_walk(path, count_file, &files, NULL);
}

/* A link to what is there and cannot be looked at is no link to nowhere. */
START_TEST(links_to_the_forbidden) {
    char below[256], link[300], apart[256], file[300];
    snprintf(below, sizeof below, "%s", in_folder("below"));
    snprintf(link, sizeof link, "%s/link", below);
    snprintf(apart, sizeof apart, "%s", in_folder("apart"));
    snprintf(file, sizeof file, "%s/file", apart);
    ck_assert(!chmod(folder, 0711) && !mkdir(below, 0755) && !mkdir(apart, 0755));
    ck_assert(write_nothing(file) == RAD_OK && !symlink("../apart/file", link));
    ck_assert_int_eq(as_nobody(walk_all, below), RAD_OK);
    ck_assert(!chmod(apart, 0600));
    ck_assert_int_eq(as_nobody(walk_all, below), RAD_UNREADABLE);
    ck_assert(!chmod(apart, 0700) && !unlink(link) && !unlink(file) && !rmdir(below) && !rmdir(apart));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("inputs");
    TCase *tests = tcase_create("inputs");
    if (!mkdtemp(folder)) return 1;
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, no_files);
    tcase_add_test(tests, writing_closes);
    tcase_add_test(tests, writing_keeps);
    tcase_add_test(tests, links_to_nowhere);
    tcase_add_test(tests, links_to_the_forbidden);
    tcase_add_test(tests, table_of_any_length);
    tcase_add_loop_test(tests, table_shortened, 0, 5);
    tcase_add_test(tests, table_changed);
    tcase_add_test(tests, wide_row);
    tcase_add_loop_test(tests, stream_shortened, 0, 2);
    tcase_add_test(tests, manifest_changed);
    tcase_add_test(tests, texts_come_back);
    tcase_add_loop_test(tests, texts_are_utf8, 0, sizeof sequences / sizeof sequences[0]);
    tcase_add_loop_test(tests, fingerprint_of_members, 0, 2);
    tcase_add_test(tests, stamp_sees_change);
    suite_add_tcase(suite, tests);
    const int code = test_run(suite);
    char command[300];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) ? 1 : code;
}
