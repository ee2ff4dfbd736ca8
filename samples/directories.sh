#!/bin/sh
# One step of a federation on directories, for what runs containers or jobs: Kaapana, vantage6, DataSHIELD, Slurm
# (docs/howto-live.md).
# usage: INPUT_DIR=... OUTPUT_DIR=... SECRETS_DIR=... [DATA_DIR=...] directories.sh summarise|step|pool|fit [OPTION...]
# What came over the network lies in INPUT_DIR and what goes back in OUTPUT_DIR; DATA_DIR and SECRETS_DIR are this
# machine's own. Options are those of the command.
set -eu
umask 077
fail() { # exit code, what is wrong
    echo "radiomill: directories.sh: $2" >&2
    exit "$1"
}
verb=${1:-}
case $verb in
summarise | step | pool | fit) shift ;;
*) fail 2 "unknown verb $verb; summarise, step, pool or fit" ;;
esac
[ -d "${INPUT_DIR:-}" ] || fail 2 'INPUT_DIR is no directory'
[ -d "${OUTPUT_DIR:-}" ] || fail 2 'OUTPUT_DIR is no directory'
[ -d "${SECRETS_DIR:-}" ] || fail 2 'SECRETS_DIR is no directory'
export RADIOMILL_STATE="${RADIOMILL_STATE:-$SECRETS_DIR/state}" # ledgers: this folder stays from one job to the next
radiomill=${RADIOMILL:-radiomill}
study=$INPUT_DIR/study.yaml
[ -e "$study" ] || fail 126 "$INPUT_DIR has no study.yaml: nothing to do"
only() { # what it is, then the files that a pattern means: there must be one
    what=$1
    shift
    [ $# -eq 1 ] && [ -e "$1" ] || fail 3 "$what: one is needed, and there are: $*"
    echo "$1"
}
coordinator=$SECRETS_DIR/HUB.pub policy=$SECRETS_DIR/policy.yaml

case $verb in
summarise | step)
    [ -d "${DATA_DIR:-}" ] || fail 2 'DATA_DIR is no directory'
    key=$(only 'SECRETS_DIR/*.key' "$SECRETS_DIR"/*.key)
    name=${key##*/}
    set -- -s "$study" -k "$key" -o "$OUTPUT_DIR/${name%.key}.radsum" "$@"
    [ ! -e "$DATA_DIR/clinical.csv" ] || set -- --clinical "$DATA_DIR/clinical.csv" "$@"
    [ ! -e "$policy" ] || set -- -p "$policy" "$@"
    [ ! -e "$coordinator" ] || set -- --coordinator "$coordinator" "$@"
    if [ "$verb" = step ]; then
        state=$(only 'INPUT_DIR/*.state' "$INPUT_DIR"/*.state)
        set -- --state "$state" "$@"
    fi
    if [ -d "$DATA_DIR/RUN" ]; then table=$DATA_DIR/RUN; else table=$DATA_DIR/features.csv; fi
    exec "$radiomill" "$verb" "$table" "$@"
    ;;
pool | fit)
    trusted=$SECRETS_DIR/trusted key=$SECRETS_DIR/HUB.key
    [ ! -e "$key" ] || set -- --key "$key" "$@"
    set -- -k "$trusted" "$@"
    if [ "$verb" = pool ]; then
        set -- -o "$OUTPUT_DIR/pooled" "$@"
    else # the state comes in, and the next one goes out
        model=${MODEL:-}
        [ -n "$model" ] || fail 2 'MODEL: the name of the model is needed'
        [ ! -e "$INPUT_DIR/$model.state" ] || set -- --from "$INPUT_DIR/$model.state" "$@"
        [ ! -e "$INPUT_DIR/pooled.json" ] || set -- --moments "$INPUT_DIR/pooled.json" "$@"
        set -- --model "$model" -o "$OUTPUT_DIR/$model.state" "$@"
    fi
    # Files of the sites, each in INPUT_DIR or in a folder of its own there.
    for file in "$INPUT_DIR"/*.radsum "$INPUT_DIR"/*/*.radsum; do
        [ ! -e "$file" ] || set -- "$file" "$@"
    done
    exec "$radiomill" "$verb" "$study" "$@"
    ;;
esac
