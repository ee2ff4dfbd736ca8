"""Does every row of every table of these pages have as many cells as its head? cells.py PAGE.html..."""

import html.parser
import sys


class Tables(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.rows, self.count = [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == 'table':
            self.rows, self.count = [], self.count + 1
        elif tag == 'tr':
            self.rows.append(0)
        elif tag in ('td', 'th'):
            self.rows[-1] += int(dict(attributes).get('colspan', 1))

    def handle_endtag(self, tag):
        assert tag != 'table' or len(set(self.rows)) <= 1, 'table %d, line %d: rows of %s cells' % (self.count, self.getpos()[0], sorted(set(self.rows)))


for path in sys.argv[1:]:
    assert Tables(open(path, encoding='utf-8').read()).count, path + ': no table'
