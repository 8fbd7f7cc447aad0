# shellcheck shell=bash disable=SC2034,SC2154
# The steps that only scripts/vfio-user-test has. Sourced, never run.

# The guest's view of the function: enumerated, with what a virtio-pci disk must have.
step_pci() {
  local type word
  guest 40 pci
  detail=$guest_answer
  expect_word id=1af4:1042
  expect_word driver=virtio-pci
  [[ " $detail" == *' class=01'* ]] || fail "the function is no mass storage: $detail"
  word=$(word_of virtio)
  for type in 1 2 3 4; do
    [[ ,$word == *",$type,"* ]] || fail "no virtio structure of type $type among its capabilities: $detail"
  done
  # One vector per queue, and one for changes of the configuration.
  expect_word "interrupts=msix:$((queues + 1))"
}

# The value of word $1 in the guest's answer.
word_of() {
  local word
  for word in $guest_answer; do
    [[ $word != "$1="* ]] || printf '%s' "${word#*=}"
  done
}

expect_word() {
  [[ " $guest_answer " == *" $1 "* ]] || fail "the guest does not see $1: $guest_answer"
}

# The driver resets the device and takes it again; then the whole function goes and is found again.
step_rebind() {
  unmount_disk
  guest 60 rebind
  expect_disk
  expect_files
  unmount_disk
  guest 60 rescan
  expect_disk
  expect_files
  guest 60 fio "$fio_at" 4
  detail="by the driver and by the bus, then fio: $guest_answer"
}

# QEMU dies under load: the server has to give up the memory of this guest and to serve the next one.
step_crash() {
  local try
  guest 40 load "$fio_at" "$fio_mib"
  # fio pauses between its passes.
  for ((try = 0; try < 20; try++)); do
    guest 20 inflight
    ((guest_answer == 0)) || break
  done
  ((guest_answer > 0)) || fail "no request in flight before the kill: nothing would be shown"
  detail="$guest_answer requests in flight"
  vm_kill
  disk_mounted=
  is_alive "$server_pid" || fail "the server ended with its client: $(tail -n 1 "$server_log")"
  vm_start "$accelerator"
  guest_wait "$boot_limit_s" boot
  expect_disk
  expect_files
  guest 60 fio "$fio_at" 4
  detail+=", the next QEMU is served, fio: $guest_answer"
}

# A kernel without MSI takes the function's interrupt line.
step_intx() {
  local before
  unmount_disk
  power_off
  vm_kernel_options=pci=nomsi
  vm_start "$accelerator"
  vm_kernel_options=
  guest_wait "$boot_limit_s" boot
  expect_disk
  guest 40 pci
  expect_word interrupts=intx
  expect_files
  guest 20 interrupts
  before=$guest_answer
  guest 60 fio "$fio_at" 4
  detail="fio: $guest_answer"
  guest 20 interrupts
  ((guest_answer > before)) || fail "fio passed without one interrupt"
  detail+=", $((guest_answer - before)) interrupts"
}
