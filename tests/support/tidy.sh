#!/bin/sh
# clang-tidy of the files named as arguments, one a processor at a time, the longest first: the last ones are short, and
# no processor waits long for another. C_FLAGS and CXX_FLAGS are what the compiler is given. NODES
# bounds what the analyser explores of one function: the few that are larger took two thirds of the time, up to the 225,000
# where it ends by itself (make test-long goes there).
set -eu
: "${C_FLAGS:?}" "${CXX_FLAGS:?}"
NODES="--extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=${NODES:-75000}"
export NODES
ls -S -- "$@" | tr '\n' '\0' | xargs -0 -P "$(nproc)" -n 1 sh -c '
    # shellcheck disable=SC2086 # lists of words
    case $1 in
    *.cc) exec clang-tidy --quiet $NODES "--checks=-clang-analyzer-cplusplus.NewDelete*" "$1" -- $CXX_FLAGS ;; # GDCM counts references
    *) exec clang-tidy --quiet $NODES "$1" -- $C_FLAGS ;;
    esac' tidy
