"""Counts that stand in a page between marks."""


def settle(page, name, table, write):
    """Writes the table there; else whether it says so already."""
    begin, end = f'<!-- {name}: begin -->\n', f'<!-- {name}: end -->'
    with open(page) as file:
        text = file.read()
    before, rest = text.split(begin)
    now = before + begin + table + end + rest.split(end)[1]
    if write:
        with open(page, 'w') as file:
            file.write(now)
    return write or now == text
