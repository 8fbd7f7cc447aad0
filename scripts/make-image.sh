#!/usr/bin/env bash
# Makes a raw test image without holes, filled with data that neither compresses nor repeats:
#
#   scripts/make-image.sh SIZE FILE        for example: scripts/make-image.sh 1G disk.raw
#
# SIZE takes the suffixes K, M, G and T (powers of 1024). An existing FILE is not overwritten.
# Holes and zeroes are answered by file systems and disks without any transfer, so they must not be measured.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
. "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib/common.sh"

[[ $# -eq 2 ]] || ringside_die "$RINGSIDE_EX_USAGE" "usage: make-image.sh SIZE FILE, for example: make-image.sh 1G disk.raw"
file=$2
bytes=$(numfmt --from=iec -- "${1^^}" 2>/dev/null) \
  || ringside_die "$RINGSIDE_EX_USAGE" "'$1' is not a size: write for example 64M or 1G"
((bytes > 0 && bytes % 512 == 0)) \
  || ringside_die "$RINGSIDE_EX_USAGE" "$1 is $bytes bytes: a disk is a whole number of sectors of 512 bytes"
[[ ! -e $file ]] || ringside_die "$RINGSIDE_EX_USAGE" "$file exists: remove it or choose another name"
free=$(df --output=avail -B1 -- "$(dirname -- "$file")" | tail -n 1)
((bytes <= free)) || ringside_die "$RINGSIDE_EX_CANTCREAT" "$file needs $bytes bytes, but its file system has $free free"

# A failed image must not stay behind: it would look like a whole one.
trap 'rm -f -- "$file"' EXIT
if command -v openssl >/dev/null; then
  # AES in counter mode makes random data several times faster than /dev/urandom.
  key=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  { openssl enc -aes-128-ctr -K "$key" -iv 0 -in /dev/zero 2>/dev/null || true; } | head -c "$bytes" >"$file"
else
  head -c "$bytes" /dev/urandom >"$file"
fi
sync -- "$file"
[[ $(stat -c %s -- "$file") -eq $bytes ]] || ringside_die "$RINGSIDE_EX_CANTCREAT" "$file was not written completely"
trap - EXIT
