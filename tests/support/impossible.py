"""Summaries of patients who cannot be. usage: impossible.py IN.radsum FOLDER writes FOLDER/<name>.radsum for each
forgery below (to be signed anew by tests/forge) and FOLDER/list: name, and what the refusal must name, a line each."""
import base64
import json
import sys
from fractions import Fraction


def number(text):  # -1f3p-48
    digits, _, power = text.partition("p")
    return Fraction(int(digits, 16)) * Fraction(2) ** int(power or 0)


def text(value):
    power = 0
    value = Fraction(value)
    while value.denominator > 1:
        value, power = value * 16, power - 4
    return f"{int(value):x}" + (f"p{power:+d}" if power else "")


def unpack(coded):
    data, at, sums = base64.b64decode(coded), 0, []
    while at < len(data):
        low, size = int.from_bytes(data[at : at + 2], "little", signed=True), int.from_bytes(data[at + 2 : at + 4], "little")
        if size == 65535:
            sums.append(None)
            size = 0
        else:
            whole = int.from_bytes(data[at + 4 : at + 4 + size], "little", signed=True)
            sums.append(Fraction(whole) * Fraction(256) ** low)
        at += 4 + size
    return sums


def pack(sums):
    data = b""
    for value in sums:
        if value is None:
            data += b"\0\0\xff\xff"
            continue
        low = 0
        while value.denominator > 1:
            value, low = value * 256, low - 1
        whole = int(value)
        size = whole.bit_length() // 8 + 1 if whole else 0
        data += low.to_bytes(2, "little", signed=True) + size.to_bytes(2, "little") + whole.to_bytes(size, "little", signed=True)
    return base64.b64encode(data).decode()


def put(doc, path):
    members = []
    for key, value in doc.items():
        body = json.dumps(value)
        if key == "covariance" and value:
            body = "{" + ",".join(f'\n  "{k}": {json.dumps(v)}' for k, v in value.items()) + "\n }"
        if key != "signature":
            members.append(f' "{key}": {body}')
    body = "{\n" + ",\n".join(members)
    tail = ',\n "signature": {"algorithm": "Ed25519", "key": "%064d", "value": "%0128d"}\n}\n' % (0, 0)
    open(path, "w").write(body + tail)


def at(doc, name):
    return next(v for v in doc["variables"] if v["name"] == name)


def sums(doc, name, which=0):  # n, S1, ... of a set as numbers; given back by `give`
    row = at(doc, name)["sets"][which]
    return [row[0]] + [number(s) for s in row[1:]]


def give(doc, name, which, row):
    at(doc, name)["sets"][which] = [row[0]] + [text(s) for s in row[1:]]


def moment(which, change, name="f1"):
    def forge(doc):
        row = sums(doc, name, which)
        change(row)
        give(doc, name, which, row)

    return forge


def negative_square(row):
    row[2] = -row[2]


# Just below what it is to be, as a multiple of that power of the step: a file of others is damaged.
def small_square(doc, name="f1"):
    row, unit = sums(doc, name), Fraction(at(doc, name)["step"]) ** 2
    row[2] = ((row[1] * row[1] / row[0]) // unit - 1) * unit
    give(doc, name, 0, row)


def small_fourth(doc, name="four"):
    row, unit = sums(doc, name), Fraction(at(doc, name)["step"]) ** 4
    row[4] = ((row[2] * row[2] / row[0]) // unit - 1) * unit
    give(doc, name, 0, row)


def large_third(row):
    row[3] = Fraction(int(abs(row[2]) ** 2 + row[4] + 10))


def enormous(row):
    row[2] = Fraction(2) ** 9000


def more(row):
    row[0] += 1


def shift(row):  # each of them is 1000 more
    del row[3:]
    row[1] += 1000 * row[0]
    row[2] += 2 * 1000 * (row[1] - 1000 * row[0]) + 1000**2 * row[0]


def block(member, which, change, name="f1"):
    def forge(doc):
        i = [v["name"] for v in doc["variables"]].index(name)
        row = unpack(doc[member][i])
        change(row)
        doc[member][i] = pack(row)

    return forge


def packed(key, change):
    def forge(doc):
        row = unpack(doc["covariance"][key])
        change(row)
        doc["covariance"][key] = pack(row)

    return forge


def add(place, by):
    def change(row):
        row[place] += by

    return change


def table(t, r, c, by):
    def forge(doc):
        doc["tables"][t][r][c] += by

    return forge


def level(f, l, by):
    def forge(doc):
        doc["levels"][f][l] += by

    return forge


def histogram(by):
    def forge(doc):
        at(doc, "f1")["histogram"][0][2] += by

    return forge


def survival(stratum, cell, by):
    def forge(doc):
        doc["survival"][0][stratum]["counts"][cell] += by

    return forge


def patients(by):
    def forge(doc):
        doc["cohort"]["patients"] += by

    return forge


def drop_level(doc):  # a level that says less than its sums
    doc["levels"][0][0] -= 1
    doc["levels"][0][1] += 1


# Of two patients between one cell and another: margins stay.
def swap(doc):
    doc["tables"][0][0][0] += 1
    doc["tables"][0][0][1] -= 1


# The order of sums in a block of a model with the columns age and sex = M, and in one of two occasions.
N, Y, YY, AGE, MALE, AGE_Y, MALE_Y, AGE_AGE, AGE_MALE, MALE_MALE = range(10)
R_N, R_1, R_2, R_11, R_12, R_22 = range(6)
FORGERIES = {
    "negative_square": (moment(0, negative_square), "f1: has n S2 < S1^2"),
    "small_square": (small_square, "f1: has n S2 < S1^2"),
    "small_fourth": (small_fourth, "four: has n S4 < S2^2"),
    "large_third": (moment(0, large_third, "four"), "four: has sums of four powers"),
    "enormous": (moment(0, enormous), "f1: "),
    "group_square": (moment(1, negative_square), "f1: of sex F it has n S2 < S1^2"),
    "group_more": (moment(1, more), "f1: has more values of sex F than that has patients"),
    "group_shifted": (moment(1, shift), "f1: all less the groups of sex"),
    "fewer_values": (moment(0, add(0, -1)), "f1: "),
    "more_levels": (level(0, 0, 1), "sex: its levels do not add up"),
    "fewer_levels": (level(1, 0, -1), "stage: its levels do not add up"),
    "other_levels": (drop_level, "f1: has more values of sex F than that has patients"),
    "more_patients": (patients(1), "sex: its levels do not add up"),
    "many_patients": (patients(999999940), "sex: its levels do not add up"),
    "table_more": (table(0, 0, 0, 1), "sex: its table with stage"),
    "table_less": (table(0, 1, 1, -1), "sex: its table with stage"),
    "table_moved": (swap, "stage: its table with sex"),
    "histogram_more": (histogram(1), "f1: its histogram"),
    "histogram_less": (histogram(-1), "f1: its histogram"),
    "histogram_many": (histogram(9999), "f1: its histogram"),
    "product": (packed("products", add(1, 10**9)), "f1: with f2 it has |r| > 1"),
    "square_of_product": (packed("products", add(0, 1)), "f1: its product with itself"),
    "model_square": (block("models", 0, add(YY, -(10**9))), "f1: in its model it has n S2 < S1^2"),
    "model_product": (block("models", 0, add(AGE_Y, 10**9)), "f1: in its model it has |r| > 1"),
    "model_age": (block("models", 0, add(AGE_AGE, 10**6)), "age: all patients less those of its model"),
    "model_count": (block("models", 0, add(MALE, 1)), "f1: in its model sex"),
    "model_half": (block("models", 0, lambda row: (add(MALE, Fraction(-1, 2))(row), add(MALE_MALE, Fraction(-1, 2))(row))), "f1: in its model sex"),
    "model_level": (block("models", 0, lambda row: (add(MALE, 1)(row), add(MALE_MALE, 1)(row))), "f1: in its model sex"),
    "model_value": (block("models", 0, add(Y, 1)), "f1: all patients less those of its model"),
    "repeat_square": (block("repeats", 0, add(R_22, -(10**9))), "f1: in its repeats it has n S2 < S1^2"),
    "repeat_product": (block("repeats", 0, add(R_12, 10**9)), "f1: in its repeats it has |r| > 1"),
    "repeat_first": (block("repeats", 0, lambda row: (add(R_1, 40 * 1000)(row), add(R_11, 10**9)(row))), "f1: all patients less those of its repeats"),
    "survival_many": (survival(0, 0, 1000), "death: a life table has more patients than the site"),
    "survival_level": (survival(1, 0, 1000), "death: "),
    "survival_moved": (lambda doc: (survival(1, 0, 12)(doc), survival(1, -1, -12)(doc)), "death: its life tables by sex"),
    "survival_lost": (survival(1, -1, -1), "death: its life tables by sex miss patients"),
}


def main(source, folder):
    with open(f"{folder}/list", "w") as listed:
        put(json.load(open(source)), f"{folder}/as_it_was.radsum")
        for name, (forge, names) in FORGERIES.items():
            doc = json.load(open(source))
            forge(doc)
            put(doc, f"{folder}/{name}.radsum")
            listed.write(f"{name}\t{names}\n")


main(*sys.argv[1:])
