#!/bin/sh
# The path of a stranger: the first screen of README by copy and paste in a Debian 12 that has make and python3, to a picture
# and a table; prints minutes and megabytes. For `make test-stranger`.
set -eu
build=${BUILD:-build}
root=$build/roots/stranger
mkdir -p "$build/roots"
rm -rf "$root"
sh packaging/root.sh make "$root" make python3
sh packaging/tree.sh "$root/root/radiomill"
python3 - README.md "$root/root/pasted.sh" "$root/root/expected" <<'END'
import re, sys
text = open(sys.argv[1]).read()
install = text.split('## Install')[1].split('\n## ')[0]
commands = [line.strip().split(' #')[0] for line in re.findall(r'^    (.*)$', install, re.M)]
session = re.search(r'^```console\n(.*?)^```$', text.split('## First features')[1], re.M | re.S)[1]
assert commands and commands[0].startswith('make '), commands
with open(sys.argv[2], 'w') as script:
    script.write('set -e\ncd /root/radiomill\n' + '\n'.join('%s >>/root/install.log 2>&1' % c for c in commands) + '\n')
    script.write('\n'.join(line[2:] for line in session.splitlines() if line.startswith('$ ')) + '\n')
open(sys.argv[3], 'w').write(''.join(line + '\n' for line in session.splitlines() if not line.startswith('$ ')))
END
before=$(du -sm "$root" | cut -f 1) began=$(date +%s)
sh packaging/root.sh run "$root" 'sh /root/pasted.sh >/root/said' || { tail -n 20 "$root/root/install.log" && exit 1; }
took=$(($(date +%s) - began)) after=$(du -sm "$root" | cut -f 1)
diff "$root/root/expected" "$root/root/said"
[ "$(head -c 4 "$root/root/radiomill/phantom.png" | tail -c 3)" = PNG ]
[ "$(wc -l <"$root/root/radiomill/features.csv")" -eq 2 ]
grep -q 'installing:' "$root/root/install.log" # what was missing came by itself
printf 'from an empty Debian to a picture and a table: %d min %02d s, %d MB\n' $((took / 60)) $((took % 60)) $((after - before))
echo '1 passed, 0 failed'
