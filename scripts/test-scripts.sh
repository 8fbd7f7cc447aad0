#!/usr/bin/env bash
# Tests the launcher and the helper scripts as users meet them: through a symbolic link, from another folder, in paths with
# spaces, without a locale or a terminal, with an old JAVA_HOME, without any JDK. Needs a finished build. Exit code 1 when a
# test failed.
set -uo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
launcher=$here/ringside
work=$(mktemp -d "${TMPDIR:-/tmp}/ringside scripts.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
passed=0
failed=0
output=
code=0

# Runs a command without terminal; keeps its output (both streams) and exit code.
run() {
  code=0
  output=$("$@" 2>&1 </dev/null) || code=$?
}

# Runs a command in an almost empty environment.
run_bare() {
  run env -i PATH="$PATH" HOME="${HOME-/}" "$@"
}

# $1 name of the test, $2 expected exit code, $3 pattern that the output must match.
expect() {
  if [[ $code -eq $2 && $output =~ $3 ]]; then
    passed=$((passed + 1))
    printf 'ok    %s\n' "$1"
  else
    failed=$((failed + 1))
    printf 'FAIL  %s: exit code %s instead of %s, or no match for "%s" in:\n%s\n' "$1" "$code" "$2" "$3" "$output"
  fi
}

# As expect, and the message must be one line.
expect_line() {
  expect "$@"
  if [[ $(wc -l <<<"$output") -ne 1 ]]; then
    failed=$((failed + 1))
    printf 'FAIL  %s: more than one line:\n%s\n' "$1" "$output"
  fi
}

# A folder that looks like an installation of Java $2.
fake_java() {
  mkdir -p "$1/bin"
  printf '#!/bin/sh\nexit 99\n' >"$1/bin/java"
  chmod +x "$1/bin/java"
  printf 'JAVA_VERSION="%s.0.1"\n' "$2" >"$1/release"
}

launcher_tests() {
  run_bare "$launcher" --version
  expect bareEnvironment_starts 0 '[0-9]'

  fake_java "$work/java 17" 17
  run env JAVA_HOME="$work/java 17" "$launcher" --version
  expect oldJavaHome_isPassedOver 0 '[0-9]'
  run env RINGSIDE_JAVA_HOME="$work/java 17" "$launcher" --version
  expect_line oldRingsideJavaHome_isAnError 69 'RINGSIDE_JAVA_HOME=.*is not a JDK'

  fake_java "$work/bin 17" 17
  run env -u JAVA_HOME PATH="$work/bin 17/bin:$PATH" RINGSIDE_JDK_ROOTS="$work/none" "$launcher" --version
  expect_line noJdk_saysWhatToInstall 69 'no JDK 25 or later found: install one'

  fake_java "$work/roots/jdk-26" 26
  run env -u JAVA_HOME PATH="$work/bin 17/bin:$PATH" RINGSIDE_JDK_ROOTS="$work/roots" "$launcher" --version
  expect_line compilerMissing_isNoJdk 69 'no JDK 25'

  mkdir -p "$work/other folder"
  ln -s "$launcher" "$work/other folder/link"
  run env -C "$work/other folder" ./link --version
  expect symbolicLink_fromOtherFolder_starts 0 '[0-9]'

  run "$launcher" --no-such-option
  [[ $code -ne 0 ]] && code=1
  expect unknownOption_isRefused 1 'no-such-option'

  cp -r "$here/target/ringside" "$work/unpacked distribution"
  run_bare "$work/unpacked distribution/ringside" --version
  expect distributionInPathWithSpaces_starts 0 '[0-9]'
}

image_tests() {
  run "$here/make-image.sh" 1M "$work/a disk.raw"
  expect image_isMade 0 ''
  run stat -c '%s %b' "$work/a disk.raw"
  expect image_hasNoHoles 0 '^1048576 (20[4-9][0-9]|2[1-9][0-9]{2})$'
  run "$here/make-image.sh" 1M "$work/a disk.raw"
  expect_line existingImage_isNotOverwritten 64 'exists'
  run "$here/make-image.sh" 1000 "$work/b.raw"
  expect_line brokenSector_isRefused 64 'sectors of 512'
  run "$here/make-image.sh" many "$work/b.raw"
  expect_line wordAsSize_isRefused 64 'not a size'
}

report_tests() {
  mkdir -p "$work/r/results"
  run "$here/check-report.sh" "$work/r"
  expect_line missingReport_isFound 1 'report.html is missing'
  printf '{"cell":"a","repetition":0,"status":"OK","axes":{"disks":"1"},"metrics":{"iops":{"value":12.5}}}' \
    >"$work/r/results/a.json"
  embed 12.5 '{}'
  run "$here/check-report.sh" "$work/r"
  expect_line missingTable_isFound 1 'no table iops-iops'
  embed 12.5 '{"iops-iops":{"head":["disks","median"],"rows":[["1",12.5]]}}'
  run "$here/check-report.sh" "$work/r"
  expect equalFigures_pass 0 '1 runs, 2 numbers equal'
  embed 12.5 '{"iops-iops":{"head":["disks","median"],"rows":[["1",12.7]]}}'
  run "$here/check-report.sh" "$work/r"
  expect_line differentMedian_isFound 1 'is 12.5 by the files, but 12.7'
  embed 12.6 '{"iops-iops":{"head":["disks","median"],"rows":[["1",12.5]]}}'
  run "$here/check-report.sh" "$work/r"
  expect_line differentFigure_isFound 1 'iops is 12.5 in its file, but 12.6'
}

# A report with one run of $1 IOPS and the tables $2.
embed() {
  printf '<script type="application/gzip" id="ringside-data">%s</script>' "$(
    printf '{"runs":[{"cell":"a","repetition":0,"metrics":{"iops":%s}}],"tables":%s}' "$1" "$2" | gzip | base64 -w 0
  )" >"$work/r/report.html"
}

# Boots nothing: the whole test is a part of .ci/run.
guest_tests() {
  run "$here/guest-test" --list
  expect steps_areListed 0 '^boot.*reconnect.*image$'
  run "$here/guest-test" --help
  expect help_hasExamples 0 'Examples:'
  run "$here/guest-test" nosuch
  expect_line unknownStep_isRefused 64 "unknown step 'nosuch': the steps are boot"
  run "$here/guest-test" --queues 0
  expect_line zeroQueues_areRefused 64 '--queues takes a number from 1 to 16'
  run "$here/guest-test" --size 100
  expect_line sizeWithoutWholeQuarters_isRefused 64 'not a multiple of 64'
  run "$here/guest-test" --server
  expect_line optionWithoutValue_isRefused 64 '--server needs a value'
  if ! command -v qemu-system-x86_64 >/dev/null || ! command -v fio >/dev/null || [[ ! -x /usr/sbin/debugfs ]]; then
    printf 'skip  deadServer: QEMU, fio or e2fsprogs is not installed\n'
    return 0
  fi
  mkdir -p "$work/tmp"
  run env TMPDIR="$work/tmp" "$here/guest-test" --logs "$work/guest logs" --server 'echo no {socket}'
  expect deadServer_isReported 1 'FAIL +prepare .* the server ended before it listened: no /'
  run ls -A "$work/tmp"
  expect deadServer_leavesNothing 0 '^$'
  run cat "$work/guest logs/server.log"
  expect logs_areKept 0 'no /'
}

# Neither boots nor downloads: the mirror is no server.
vfio_user_tests() {
  run "$here/vfio-user-test" --list
  expect vfioUserSteps_areListed 0 '^boot.*pci.*crash.*intx.*image$'
  run "$here/vfio-user-test" --root debian
  expect_line relativeRoot_isRefused 64 "--root takes an absolute path, not 'debian'"
  run "$here/vfio-user-test" --server qemu-storage-daemon
  expect_line serverWithoutVfioUser_isRefused 64 'is no vfio-user server'
  run "$here/vfio-user-test" --device queue-size=64
  expect_line optionsOfTheDevice_areRefused 64 'the server has the options of the device'
  if [[ $(id -u) -ne 0 ]] || ! command -v fio >/dev/null || ! command -v debootstrap >/dev/null; then
    printf 'skip  noMirror: not root, or fio or debootstrap is not installed\n'
    return 0
  fi
  run "$here/vfio-user-test" --root "$work/debian/root" --mirror http://127.0.0.1:9/debian --make-root
  expect noMirror_isReported 69 'no Debian root from http://127.0.0.1:9/debian .*: is there a network'
  run find "$work/debian" -mindepth 1 ! -name root.lock
  expect noMirror_leavesNoRoot 0 '^$'
}

# Neither measures nor simulates.
proof_tests() {
  run "$here/gate-proof"
  expect_line missingProof_isNamed 64 'recorded, aa or power'
  run "$here/gate-proof" aa --runs many
  expect_line runsThatAreNoNumber_areRefused 64 '--runs needs a number'
  run "$here/gate-proof" --help
  expect proofs_areExplained 0 'How often the gate is wrong.*recorded.*aa.*power'
  run "$here/observer-cost" --pairs 1
  expect_line onePair_isRefused 64 '--pairs needs a number from 2 on'
  run "$here/observer-cost" --help
  expect observerCost_isExplained 0 'What watching a run costs.*--pairs 40'
  mkdir -p "$work/cost"
  printf '# 7 pairs\n' >"$work/cost/observer.yaml"
  run "$here/observer-cost" --out "$work/cost"
  expect_line otherPairsThanBegun_areRefused 64 'begun with another --pairs or --runtime'
}

launcher_tests
image_tests
report_tests
guest_tests
vfio_user_tests
proof_tests
printf 'Scripts: %d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 ]]
