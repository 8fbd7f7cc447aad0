# shellcheck shell=bash disable=SC2034,SC2154
# The steps of scripts/guest-test and scripts/vfio-user-test, one function each. Sourced, never run.
#
# A step sets "detail" to what it saw, or calls fail. The disk is split in four: the first half holds the file system, the
# third quarter fio's data, and the last one the pattern and the part that is zeroed and discarded.

files_sums=
pattern_written=
disk_mounted=

layout() {
  fs_mib=$((size_mib / 2))
  fio_at=$fs_mib
  fio_mib=$((size_mib / 4))
  pattern_at=$((fs_mib + fio_mib))
  pattern_mib=$((size_mib / 64))
  zeroes_at=$((size_mib * 7 / 8))
  zeroes_mib=$((size_mib / 16))
}

# Waits for the disk in the guest and compares what its driver read with what was ordered.
expect_disk() {
  guest 60 disk
  [[ " $guest_answer " == *" sectors=$((size_mib * 2048)) "* ]] \
    || fail "the guest's disk should have $((size_mib * 2048)) sectors: $guest_answer"
  [[ " $guest_answer " == *" queues=$queues "* ]] || fail "the guest's disk should have $queues queues: $guest_answer"
  [[ " $guest_answer " == *" ring=${ring:-split} "* ]] || fail "the guest's disk should have ${ring:-split} rings: $guest_answer"
}

# Files written before must still be there.
expect_files() {
  [[ -n $files_sums ]] || return 0
  guest 60 check
  disk_mounted=1
}

unmount_disk() {
  [[ -n $disk_mounted ]] || return 0
  guest 30 umount
  disk_mounted=
}

power_off() {
  printf 'poweroff\n' >&"$guest_in"
  wait_for_end 20 "$vm_pid" || fail "the guest does not power off within 20 s"
  vm_pid=
}

step_boot() {
  vm_prepare
  vm_start "$accelerator"
  guest_wait "$boot_limit_s" boot
  expect_disk
  detail="$accelerator, $guest_answer"
}

step_files() {
  guest 90 files "$fs_mib"
  files_sums=$guest_data
  disk_mounted=1
  detail=$guest_answer
  guest 60 pattern "$pattern_at" "$pattern_mib"
  pattern_written=1
}

step_fio() {
  guest 90 fio "$fio_at" $((fio_mib / 4))
  detail=$guest_answer
}

step_queues() {
  guest 90 queues "$fio_at" $((fio_mib / 8))
  detail=$guest_answer
}

step_zeroes() {
  local before after
  guest 60 zeroes "$zeroes_at" "$zeroes_mib"
  detail=$guest_answer
  before=$(stat -c %b -- "$image")
  guest 60 discard "$zeroes_at" "$zeroes_mib"
  after=$(stat -c %b -- "$image")
  detail+=", $guest_answer, the image shrank by $(((before - after) / 2)) KiB"
}

step_migrate() {
  local state=$work_dir/state
  guest 40 load "$fio_at" "$fio_mib"
  guest 30 drop_caches
  vm_save_begin "$state"
  # By then half the memory is copied. What the server now writes there arrives only if it is logged.
  sleep 3
  guest 60 cached
  vm_save_end
  detail="$(($(stat -c %s -- "$state") >> 20)) MiB of state"
  vm_start "$accelerator" -incoming "exec:cat $(printf %q "$state")"
  qmp_event RESUME 60
  rm -- "$state"
  guest 60 cached
  guest 40 progress 30
  guest 90 load_end 80
  detail+=", $guest_answer"
  expect_files
}

step_reset() {
  guest 40 load "$fio_at" "$fio_mib"
  qmp '{"execute": "system_reset"}'
  guest_wait "$boot_limit_s" reset
  expect_disk
  disk_mounted=
  expect_files
  guest 60 fio "$fio_at" 4
  detail="reset under load, then fio: $guest_answer"
}

step_unplug() {
  unmount_disk
  qmp '{"execute": "device_del", "arguments": {"id": "blk0"}}'
  qmp_event DEVICE_DELETED 30
  guest 30 gone
  qmp "{\"execute\": \"device_add\", \"arguments\": $(vm_disk_json)}"
  expect_disk
  expect_files
  guest 60 fio "$fio_at" 4
  detail="gone and back, then fio: $guest_answer"
}

step_restart() {
  server_stop
  server_start
  guest 30 fio "$fio_at" 4
  detail="server stopped (code $server_code) and started between requests, then fio: $guest_answer"
  expect_files
}

step_reconnect() {
  local round seen=() most=0
  guest 40 load "$fio_at" "$fio_mib"
  for ((round = 1; round <= kills; round++)); do
    # Not always the same place in a pass.
    sleep "0.$((RANDOM % 9 + 1))"
    server_kill
    guest 20 inflight
    seen+=("$guest_answer")
    ((guest_answer <= most)) || most=$guest_answer
    server_start
    guest 40 progress 30
  done
  guest 90 load_end 80
  ((most > 0)) || fail "no kill met a request in flight: nothing was shown"
  detail="$kills kills with ${seen[*]} requests in flight, $guest_answer"
  expect_files
}

step_shutdown() {
  unmount_disk
  power_off
  is_alive "$server_pid" || fail "the server ended with its client: $(tail -n 1 "$server_log")"
  server_stop
  # A guest does nothing that is worth a warning: QEMU would hide a hung-up connection by making another.
  if [[ $server == ringside ]] && grep -qE ' (WARNING|SEVERE) ' "$server_log"; then
    fail "the server warned: $(grep -m 1 -E ' (WARNING|SEVERE) ' "$server_log")"
  fi
  detail="guest off, server ended with code $server_code"
  [[ ! -e $socket ]] || detail+=", its socket is left"
}

# The image as the host sees it. Nothing but the server wrote to it.
step_image() {
  detail=
  if [[ -n $files_sums ]]; then
    timeout 60 e2fsck -fn "$image" >"$run_dir/e2fsck.log" 2>&1 \
      || fail "e2fsck finds faults in the file system: $(tail -n 3 "$run_dir/e2fsck.log" | tr '\n' ' ')"
    timeout 60 debugfs -R "rdump /files $run_dir" "$image" >"$run_dir/debugfs.log" 2>&1 \
      || fail "debugfs cannot read the file system: $(tail -n 1 "$run_dir/debugfs.log")"
    (cd -- "$run_dir/files" && sha256sum --quiet -c - <<<"${files_sums%$'\n'}") >"$run_dir/sums.log" 2>&1 \
      || fail "files differ on the host: $(head -n 1 "$run_dir/sums.log")"
    detail="file system clean, $(wc -l <<<"${files_sums%$'\n'}") files equal"
  fi
  if [[ -n $pattern_written ]]; then
    cmp <(seq 1000000000 1001000000 | head -c $((pattern_mib << 20))) \
      <(dd if="$image" bs=1M skip="$pattern_at" count="$pattern_mib" 2>/dev/null) >"$run_dir/cmp.log" 2>&1 \
      || fail "the pattern differs on the host: $(<"$run_dir/cmp.log")"
    detail+="${detail:+, }$pattern_mib MiB of pattern equal"
  fi
}
