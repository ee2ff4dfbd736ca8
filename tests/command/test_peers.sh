#!/bin/sh
# The bench of other engines, on engines that are none: every failure is a row, names match, documents are written.
set -u
. tests/support/checks.sh
for test in Engines.test_answers_beside_chatter Engines.test_processor_time_is_counted \
    Engines.test_who_rests_is_stopped_and_answers_again Engines.test_failures_say_why \
    Engines.test_nothing_outlives_the_bench Engines.test_commands \
    Engines.test_whole_run Names \
    Report; do
    check "$test" python3 -W ignore::ResourceWarning tests/support/peers.py "$test"
done
report peers
