#!/usr/bin/env bash
# Checks a finished results folder: the report exists, fetches nothing, and its embedded numbers equal the JSON files:
#
#   scripts/check-report.sh DIR
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
# shellcheck source=scripts/lib/jdk.sh
. "$here/lib/jdk.sh"
# shellcheck source=scripts/lib/common.sh
. "$here/lib/common.sh"

[[ $# -eq 1 ]] || ringside_die "$RINGSIDE_EX_USAGE" "usage: check-report.sh DIR"
dir=$1
report=$dir/report.html
[[ -d $dir/results ]] || ringside_die 1 "$dir/results is missing: nothing was measured"
[[ -s $report ]] || ringside_die 1 "$report is missing or empty"
ringside_utf8_locale
java_home=$(ringside_find_java jdk) || exit "$RINGSIDE_EX_UNAVAILABLE"
exec "$java_home/bin/java" -cp "$here/target/ringside/lib/*" "$here/lib/CheckReport.java" "$dir/results" "$report"
