#!/bin/sh
# The commands of README.md that need no data print what it says; its links lead to files; it has at most 120 lines of at most 120 columns.
set -u
build=${BUILD:-build}
. tests/support/checks.sh
here=$(pwd) program=$(realpath "$build/radiomill")
mkdir "$work/bin" "$work/folder" && ln -s "$program" "$work/bin/radiomill"
ln -s "$here/samples" "$work/folder/samples"
export RADIOMILL_DECODER="${RADIOMILL_DECODER:-$here/$build/libexec/radiomill-decoder}"

console() { # every block of a session, run line by line
    PATH="$work/bin:$PATH" python3 - "$here/README.md" "$work/folder" <<'END'
import re, subprocess, sys
blocks = re.findall(r'^```console\n(.*?)^```$', open(sys.argv[1]).read(), re.M | re.S)
assert blocks, 'README.md has no session'
for block in blocks:
    for part in re.split(r'^\$ ', block, flags=re.M)[1:]:
        command, _, expected = part.partition('\n')
        ran = subprocess.run(command, shell=True, cwd=sys.argv[2], capture_output=True, text=True)
        assert (ran.returncode, ran.stdout + ran.stderr) == (0, expected), (command, ran)
END
}
links() { # of all pages
    python3 - README.md SECURITY.md docs/*.md <<'END'
import os, re, sys
bad = [(page, to) for page in sys.argv[1:] for to in re.findall(r'\]\(([^)#:]+)(?:#[^)]*)?\)', open(page).read())
       if not os.path.exists(os.path.join(os.path.dirname(page), to))]
assert not bad, bad
END
}
short() {
    awk 'length > 120 && !/^\|/ { print FILENAME ": line " FNR " has " length " columns"; bad = 1 } END { exit bad }' README.md &&
        test "$(wc -l <README.md)" -le 120
}
citation() { # what CFF 1.2.0 asks for, of this version
    /usr/bin/python3 - CITATION.cff "$(sed -n 's/^VERSION := //p' Makefile)" CHANGELOG.md <<'END'
import re, sys, yaml
path, version, changelog = sys.argv[1:]
cff = yaml.safe_load(open(path))
assert {'cff-version', 'message', 'title', 'authors'} <= cff.keys() and str(cff['cff-version']) == '1.2.0', cff
assert cff['type'] == 'software' and cff['license'] == 'BSD-3-Clause' and cff['abstract'], cff
people = cff['authors'] + [a for r in cff.get('references', []) for a in r['authors']]
assert people and all('name' in p or 'family-names' in p for p in people), people
assert all({'title', 'type', 'authors'} <= r.keys() and isinstance(r['year'], int) for r in cff['references'])
assert str(cff['version']) == version, (cff['version'], version)
known = set('cff-version message title type version license abstract keywords authors references date-released doi url repository-code'.split())
assert cff.keys() <= known, cff.keys() - known
head, said = re.search(r'^## (\S+) \(([^)]*)\)', open(changelog).read(), re.M).groups()
assert head == version, (head, version)
date = cff.get('date-released')
assert (date is None) if said == 'not released' else str(date) == said, (date, said)
END
}
check 'CITATION.cff is valid, and of this version' citation
check 'sessions print what they say' console
check 'links of README.md, SECURITY.md and docs lead to files' links
check 'README.md is short' short
report readme
