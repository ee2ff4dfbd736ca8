/* DICOM files as trees: elements are changed, copied, moved and left out, and lengths follow. */
#include "../../io/dicom/tags.h"
#include "fuzz.h"
#include "random.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { NODES = 1024, DEPTH = 8, ROOM = 1 << 16, HEAD = 132 };
static const uint32_t ITEM_TAG = 0xFFFEE000, ITEM_END = 0xFFFEE00D, SEQUENCE_END = 0xFFFEE0DD;

typedef enum kind { LEAF, SEQUENCE, ITEM, REST } kind;

typedef struct node {
    kind kind;
    uint32_t tag;
    uint8_t vr[2];
    bool undefined;
    int lie; /* what is added to the length */
    const uint8_t *value;
    size_t length;
    size_t end; /* node after the last one inside */
} node;

static struct tree {
    node nodes[NODES];
    size_t count;
    bool implicit, big;
} tree;
static uint8_t pool[ROOM], out[ROOM];
static size_t pooled, written;

typedef struct reader {
    const uint8_t *data;
    size_t at;
} reader;

static uint32_t get(const uint8_t *b, int bytes, bool big) {
    uint32_t value = 0;
    for (int i = 0; i < bytes; i++) value |= (uint32_t)b[i] << 8 * (big ? bytes - 1 - i : i);
    return value;
}

static size_t add(node n) {
    tree.nodes[tree.count] = n;
    return tree.count++;
}

static bool is_long(const uint8_t *vr) {
    static const char words[] = "OBODOFOLOVOWSQSVUCUNURUTUV";
    for (size_t i = 0; i + 1 < sizeof words; i += 2)
        if (!memcmp(vr, words + i, 2)) return true;
    return false;
}

/* The head of an element; false where there is none. */
static bool take_head(reader *r, size_t limit, node *n, uint32_t *length) {
    const uint8_t *b = r->data + r->at;
    if (limit - r->at < 8) return false;
    const bool meta = get(b, 2, false) == 2, big = tree.big && !meta;
    *n = (node){.tag = get(b, 2, big) << 16 | get(b + 2, 2, big)};
    if (n->tag >> 16 == 0xFFFE || (tree.implicit && !meta)) {
        *length = get(b + 4, 4, big);
        r->at += 8;
        return true;
    }
    memcpy(n->vr, b + 4, 2);
    if (!isupper(n->vr[0]) || !isupper(n->vr[1]) || (is_long(n->vr) && limit - r->at < 12)) return false;
    *length = is_long(n->vr) ? get(b + 8, 4, big) : get(b + 6, 2, big);
    r->at += is_long(n->vr) ? 12 : 8;
    return true;
}

static void parse(reader *r, size_t limit, bool open, int depth);

static void parse_items(reader *r, size_t limit, bool open, int depth) {
    node n;
    uint32_t length;
    while (r->at < limit && tree.count < NODES - 2) {
        const size_t before = r->at;
        if (!take_head(r, limit, &n, &length) || (n.tag == SEQUENCE_END && open)) return;
        if (n.tag != ITEM_TAG) {
            r->at = before;
            return;
        }
        n.kind = ITEM;
        n.undefined = length == UINT32_MAX;
        const size_t at = add(n), end = n.undefined || length > limit - r->at ? limit : r->at + length;
        parse(r, end, n.undefined, depth + 1);
        tree.nodes[at].end = tree.count;
    }
}

/* Elements up to the limit; what cannot be told apart stays as it is. */
static void parse(reader *r, size_t limit, bool open, int depth) {
    node n = {.tag = 0};
    uint32_t length = 0;
    for (size_t before = r->at; r->at < limit && tree.count < NODES - 2; before = r->at) {
        const bool found = take_head(r, limit, &n, &length);
        if (found && open && n.tag == ITEM_END) return;
        const bool pixels = n.tag == rad_tag_PixelData && !depth;
        const bool sequence = !memcmp(n.vr, "SQ", 2) || length == UINT32_MAX ||
                              (!n.vr[0] && rad_tag_is_sequence((rad_tag)n.tag));
        if (!found || pixels || depth == DEPTH || (!sequence && length > limit - r->at)) {
            r->at = before;
            break;
        }
        n.undefined = length == UINT32_MAX;
        n.kind = sequence ? SEQUENCE : LEAF;
        n.value = r->data + r->at;
        n.length = length;
        const size_t at = add(n);
        if (sequence)
            parse_items(r, n.undefined || length > limit - r->at ? limit : r->at + length, n.undefined,
                        depth);
        else
            r->at += length;
        tree.nodes[at].end = tree.count;
        if (n.tag == 0x00020010) { /* TransferSyntaxUID */
            tree.implicit = length >= 17 && length <= 18 && !memcmp(n.value, "1.2.840.10008.1.2", 17);
            tree.big = length >= 19 && !memcmp(n.value, "1.2.840.10008.1.2.2", 19);
        }
    }
    if (r->at < limit && tree.count < NODES) {
        add((node){.kind = REST, .value = r->data + r->at, .length = limit - r->at, .end = tree.count + 1});
        r->at = limit;
    }
}

static void put(uint32_t value, int bytes, bool big) {
    for (int i = 0; i < bytes && written < ROOM; i++)
        out[written++] = (uint8_t)(value >> 8 * (big ? bytes - 1 - i : i));
}

static void put_bytes(const uint8_t *bytes, size_t length) {
    if (length > ROOM - written) length = ROOM - written;
    memcpy(out + written, bytes, length);
    written += length;
}

static void put_tag(uint32_t tag, bool big) {
    put(tag >> 16, 2, big);
    put(tag & 0xFFFF, 2, big);
}

static void put_nodes(size_t from, size_t end);

static void put_node(const node *n, size_t at) {
    const bool big = tree.big && n->tag >> 16 != 2;
    const bool brief = n->kind == ITEM || (tree.implicit && n->tag >> 16 != 2);
    if (n->kind == REST) {
        put_bytes(n->value, n->length);
        return;
    }
    put_tag(n->tag, big);
    if (!brief) put_bytes(n->vr, 2);
    if (!brief && is_long(n->vr)) put(0, 2, big);
    const int width = brief || is_long(n->vr) ? 4 : 2;
    const size_t place = written;
    put(n->undefined ? UINT32_MAX : 0, width, big);
    const size_t begin = written;
    if (n->kind == LEAF)
        put_bytes(n->value, n->length);
    else
        put_nodes(at + 1, n->end);
    const size_t last = written;
    if (!n->undefined && last < ROOM) {
        written = place;
        put((uint32_t)(last - begin) + (uint32_t)n->lie, width, big);
        written = last;
    }
    if (n->undefined && n->kind != LEAF) {
        put_tag(n->kind == ITEM ? ITEM_END : SEQUENCE_END, big);
        put(0, 4, big);
    }
}

static void put_nodes(size_t from, size_t end) {
    for (size_t i = from; i < end && i < tree.count; i = tree.nodes[i].end) put_node(&tree.nodes[i], i);
}

static const uint32_t tags[] = {
#define ROW(keyword, number) number,
    RAD_TAGS(ROW)
#undef ROW
        0x00020010,
    0x7FE00010,
    0x00090010,
    0x0009100D,
    0x70530010,
    0x70531000,
};

static const char *const words[] = {
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.5",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.5.1.4.1.1.2",
    "1.2.840.10008.5.1.4.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.4",
    "1.2.840.10008.5.1.4.1.1.128",
    "1.2.840.10008.5.1.4.1.1.20",
    "1.2.840.10008.5.1.4.1.1.481.3",
    "1.2.840.10008.5.1.4.1.1.66.4",
    "1.2.840.10008.5.1.4.1.1.66.7",
    "CT",
    "MR",
    "PT",
    "NM",
    "BINARY",
    "FRACTIONAL",
    "LABELMAP",
    "CLOSED_PLANAR",
    "CLOSEDPLANAR_XOR",
    "POINT",
    "OPEN_PLANAR",
    "BQML",
    "CNTS",
    "GML",
    "SUV",
    "BW",
    "START",
    "ADMIN",
    "NONE",
    "DECY\\ATTN",
    "20260101",
    "20260101120000.5+0100",
    "120000",
    "235959.999999",
    "24",
    "MONOCHROME1",
    "ISO_IR 192",
    "ISO_IR 100",
    "GB18030",
    "ISO 2022 IR 87",
    "Philips PET Private Group",
    "GEMS_PETD_01",
    "1\\0\\0\\0\\1\\0",
    "0\\1\\0\\1\\0\\0",
    "0\\0\\0",
    "",
};

static const char *const numbers[] = {
    "0",
    "1",
    "-1",
    "2",
    "3",
    "0.5",
    "1e-300",
    "1e308",
    "1e999",
    "nan",
    "-inf",
    "0x1p3",
    "65535",
    "65536",
    "2147483648",
    "-2147483649",
    "4294967296",
    "1.5",
    "-0",
    "1e9",
    "1000000000000",
    "+7",
    " 4",
    "1e",
    "--1",
    "2.50000000001",
    "9007199254740993",
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A value in the pool, padded to even length. */
static void set_value(node *n, const void *bytes, size_t length) {
    if (length + 1 > ROOM - pooled) return;
    n->value = memcpy(pool + pooled, bytes, length);
    n->length = length;
    pooled += length;
    if (length % 2) {
        pool[pooled++] = ' ';
        n->length++;
    }
}

/* One of the numbers between backslashes becomes another one, or goes, or comes twice. */
static void change_number(node *n, fuzz_random *r) {
    char text[1024];
    const size_t length = n->length < 700 ? n->length : 700;
    size_t places[256], count = 1;
    const char *value = (const char *)n->value, *word = numbers[fuzz_below(r, COUNT(numbers))];
    places[0] = 0;
    for (size_t i = 0; i < length && count < COUNT(places); i++)
        if (value[i] == '\\') places[count++] = i + 1;
    const size_t begin = places[fuzz_below(r, count)];
    size_t end = begin;
    while (end < length && value[end] != '\\') end++;
    const int size = (int)(end - begin), rest = (int)(length - end), first = (int)begin;
    const size_t what = fuzz_below(r, 6);
    if (what == 0)
        snprintf(text, sizeof text, "%.*s%.*s\\%.*s%.*s", first, value, size, value + begin, size,
                 value + begin, rest, value + end);
    else if (what == 1 && begin)
        snprintf(text, sizeof text, "%.*s%.*s", first - 1, value, rest, value + end);
    else
        snprintf(text, sizeof text, "%.*s%s%.*s", first, value, word, rest, value + end);
    set_value(n, text, strlen(text));
}

static bool is_text(const node *n) {
    for (size_t i = 0; i < n->length; i++)
        if (!isprint(n->value[i]) && !(n->value[i] == 0 && i + 1 == n->length)) return false;
    return n->length > 0;
}

static void change_value(node *n, fuzz_random *r) {
    static const uint16_t shorts[] = {0, 1, 2, 3, 7, 8, 11, 12, 15, 16, 31, 32, 255, 256, 32767, 65535};
    const char *word = words[fuzz_below(r, COUNT(words))];
    uint8_t small[2];
    if (n->length == 2 && !isdigit(n->value[0]) && fuzz_below(r, 8)) {
        const uint16_t value = shorts[fuzz_below(r, COUNT(shorts))];
        small[tree.big] = (uint8_t)value;
        small[!tree.big] = (uint8_t)(value >> 8);
        set_value(n, small, 2);
    } else if (is_text(n) && fuzz_below(r, 3)) {
        change_number(n, r);
    } else if (n->length && fuzz_below(r, 3) == 0) {
        set_value(n, n->value, n->length < 4096 ? n->length : 4096);
        pool[pooled - 1 - fuzz_below(r, n->length < 4096 ? n->length : 4096)] = (uint8_t)fuzz_below(r, 256);
    } else {
        set_value(n, word, strlen(word));
    }
}

/* Opens a gap of `count` nodes before `at`; what holds that place grows, and so do those before `inner` that
 * end there. */
static bool open_gap(size_t at, size_t count, size_t inner) {
    if (tree.count + count > NODES) return false;
    memmove(&tree.nodes[at + count], &tree.nodes[at], (tree.count - at) * sizeof(node));
    tree.count += count;
    for (size_t i = 0; i < tree.count; i++) {
        node *n = &tree.nodes[i];
        if (i >= at + count || (i < at && (n->end > at || (n->end == at && i < inner)))) n->end += count;
    }
    return true;
}

static void copy_part(size_t from, size_t to) {
    node part[64];
    const size_t count = tree.nodes[from].end - from;
    if (count > COUNT(part) || (to > from && to < from + count)) return;
    memcpy(part, &tree.nodes[from], count * sizeof *part);
    if (!open_gap(to, count, to > from ? from : 0)) return;
    for (size_t i = 0; i < count; i++) {
        tree.nodes[to + i] = part[i];
        tree.nodes[to + i].end = part[i].end - from + to;
    }
}

static void drop_part(size_t at) {
    const size_t end = tree.nodes[at].end, count = end - at;
    memmove(&tree.nodes[at], &tree.nodes[end], (tree.count - end) * sizeof(node));
    tree.count -= count;
    for (size_t i = 0; i < tree.count; i++)
        if (tree.nodes[i].end > at) tree.nodes[i].end -= count;
}

/* A new element before another one. */
static void insert(size_t at, fuzz_random *r) {
    static const char vrs[] = "DSUSUISQCSISLOUNOB";
    const size_t vr = 2 * fuzz_below(r, (sizeof vrs - 1) / 2);
    if (tree.nodes[at].kind == ITEM || !open_gap(at, 1, 0)) return;
    tree.nodes[at] = (node){.kind = LEAF,
                            .tag = tags[fuzz_below(r, COUNT(tags))],
                            .vr = {(uint8_t)vrs[vr], (uint8_t)vrs[vr + 1]},
                            .end = at + 1};
    change_value(&tree.nodes[at], r);
}

static void change(fuzz_random *r) {
    static const char vrs[] = "DSUSUISQCSISLOUNOBOWLTULFD";
    const size_t at = fuzz_below(r, tree.count), vr = 2 * fuzz_below(r, (sizeof vrs - 1) / 2);
    node *n = &tree.nodes[at];
    switch (fuzz_below(r, 20)) {
    case 0:
        n->tag = tags[fuzz_below(r, COUNT(tags))];
        break;
    case 1:
        n->vr[0] = (uint8_t)vrs[vr];
        n->vr[1] = (uint8_t)vrs[vr + 1];
        break;
    case 2:
        if (n->kind != LEAF || fuzz_below(r, 16) == 0) n->undefined = !n->undefined;
        break;
    case 3:
        n->lie = fuzz_below(r, 4) ? (int)fuzz_below(r, 9) - 4 : (int)fuzz_below(r, 1 << 30);
        break;
    case 4:
        drop_part(at);
        break;
    case 5:
        copy_part(at, n->end);
        break;
    case 6:
        if (n->kind == LEAF) copy_part(at, fuzz_below(r, tree.count));
        break;
    case 7:
        insert(at, r);
        break;
    case 8:
        if (n->kind == REST && n->length) {
            set_value(n, n->value, n->length < 8192 ? n->length : 8192);
            pool[pooled - 1 - fuzz_below(r, n->length)] = (uint8_t)fuzz_below(r, 256);
        }
        break;
    default:
        for (size_t i = 0; i < 16 && n->kind != LEAF; i++) n = &tree.nodes[fuzz_below(r, tree.count)];
        if (n->kind == LEAF) change_value(n, r);
    }
}

size_t fuzz_shape_dicom(uint8_t *data, size_t size, size_t most, unsigned seed) {
    fuzz_random r = fuzz_seed(seed);
    reader in = {data, HEAD};
    if (size <= HEAD || size > ROOM) return size;
    tree.count = pooled = written = 0;
    tree.implicit = tree.big = false;
    parse(&in, size, false, 0);
    for (size_t i = 1 + fuzz_below(&r, 3); i && tree.count; i--) change(&r);
    put_bytes(data, HEAD);
    put_nodes(0, tree.count);
    if (written > most) return size;
    memcpy(data, out, written);
    return written;
}

const uint8_t *fuzz_frame(const uint8_t **data, size_t *size, size_t *length) {
    const uint8_t *frame = *data + 2;
    if (*size < 2) return NULL;
    *length = get(*data, 2, false);
    if (*length > *size - 2) *length = *size - 2;
    *data = frame + *length;
    *size -= 2 + *length;
    return frame;
}

/* One file, or all in the same way, is changed; files come, go and change places. */
size_t fuzz_shape_frames(uint8_t *data, size_t size, size_t most, unsigned seed) {
    enum { FRAMES = 8 };
    static uint8_t frames[FRAMES][ROOM / FRAMES];
    static uint8_t whole[ROOM];
    size_t lengths[FRAMES], count = 0, at = 0;
    fuzz_random r = fuzz_seed(seed);
    const uint8_t *rest = data, *frame;
    for (size_t left = size, length; count < FRAMES && (frame = fuzz_frame(&rest, &left, &length)); count++) {
        lengths[count] = length < sizeof frames[0] ? length : sizeof frames[0];
        memcpy(frames[count], frame, lengths[count]);
    }
    if (!count) return size;
    const size_t what = fuzz_below(&r, 10), one = fuzz_below(&r, count), other = fuzz_below(&r, FRAMES);
    if (what == 0 && count > 1) count--;
    if (what == 1) {
        memcpy(frames[other], frames[one], lengths[one]);
        lengths[other] = lengths[one];
        if (other >= count) count = other == count ? count + 1 : count;
    }
    for (size_t i = 0; i < count && what > 1; i++)
        if (what > 5 || i == one)
            lengths[i] = fuzz_shape_dicom(frames[i], lengths[i], sizeof frames[0], seed / 10);
    for (size_t i = 0; i < count && at + 2 + lengths[i] <= sizeof whole; i++) {
        whole[at] = (uint8_t)lengths[i];
        whole[at + 1] = (uint8_t)(lengths[i] >> 8);
        memcpy(whole + at + 2, frames[i], lengths[i]);
        at += 2 + lengths[i];
    }
    if (at > most) return size;
    memcpy(data, whole, at);
    return at;
}
