#!/bin/sh
# Includes flow one way; a file name exists once; files and functions stay short.
set -eu
allowed() {
    case $1 in
    core) echo core ;;
    io) echo 'core io' ;;
    decoder) echo 'io' ;;
    filters) echo 'core filters' ;;
    features) echo 'core features' ;;
    pipeline) echo 'core io filters features pipeline' ;;
    federate) echo 'core io federate' ;;
    report) echo 'core io federate report' ;;
    cli) echo 'core io filters features pipeline federate report cli' ;;
    esac
}
bad=0
for folder in core io decoder filters features pipeline federate report cli; do
    for file in "$folder"/*.[ch] "$folder"/*.cc; do
        [ -e "$file" ] || continue
        for to in $(sed -n 's|^#include "\.\./\([a-z]*\)/.*|\1|p' "$file"); do
            case " $(allowed "$folder") " in
            *" $to "*) ;;
            *) echo "$file: $folder must not include $to" && bad=1 ;;
            esac
        done
        lines=$(wc -l <"$file")
        [ "$lines" -le 1000 ] || { echo "$file: $lines lines, at most 1000" && bad=1; }
    done
done
twice=$(git ls-files '*.c' '*.cc' '*.h' 2>/dev/null | sed 's|.*/||' | sort | uniq -d)
[ -z "$twice" ] || { echo "file names that exist twice: $twice" && bad=1; }
[ $bad -eq 0 ] && echo "layers: fine"
exit $bad
