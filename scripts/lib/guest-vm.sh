# shellcheck shell=bash disable=SC2034,SC2154
# QEMU, its QMP monitor and the guest's command line for scripts/guest-test and scripts/vfio-user-test. Sourced, never run.
#
# Uses from the caller: run_dir (short path: it holds sockets), console_log, qemu_log, queues, memory_mib, initramfs,
# guest_kernel; vm_disk_options (a function that prints QEMU's options for the disk, one word per line). The disk has the id
# blk0 on the bus slot0. Monitor and commands go through FIFOs, which need no further program.

# The command that starts QEMU.
vm_qemu=(qemu-system-x86_64)
# More words of the kernel's command line.
vm_kernel_options=

vm_pid=
guest_answer=
guest_data=

# Prints kvm or tcg. /dev/kvm may be there and still refuse (nested virtualisation), so it is tried.
vm_accelerator() {
  if [[ -w /dev/kvm ]] && (
    # A message of the shell about an aborted QEMU says nothing new.
    exec 2>/dev/null
    timeout 10 "${vm_qemu[@]}" -accel kvm -cpu host -machine q35 -display none -serial none -S -monitor stdio <<<quit >&2
  ); then
    echo kvm
  else
    echo tcg
  fi
}

# FIFOs of monitor and commands, opened for both directions: neither side has to wait for the other, and none sees an end of file.
vm_prepare() {
  mkfifo -- "$run_dir"/{qmp,guest}.{in,out}
  exec {qmp_in}<>"$run_dir/qmp.in" {qmp_out}<>"$run_dir/qmp.out" {guest_in}<>"$run_dir/guest.in" {guest_out}<>"$run_dir/guest.out"
}

# Starts QEMU with accelerator $1; further arguments are further options.
vm_start() {
  local accelerator=$1 processor=max,la57=off disk=()
  shift
  mapfile -t disk < <(vm_disk_options)
  [[ $accelerator != kvm ]] || processor=host
  [[ $accelerator != tcg ]] || accelerator="tcg,thread=$tcg_thread"
  start_process "$qemu_log" "${vm_qemu[@]}" -nodefaults -no-user-config -nographic \
    -machine q35,memory-backend=ram -accel "$accelerator" -cpu "$processor" -smp "$queues" -m "${memory_mib}M" \
    -object "memory-backend-memfd,id=ram,size=${memory_mib}M,share=on" \
    -kernel "$guest_kernel" -initrd "$initramfs" \
    -append "console=ttyS0 oops=panic loglevel=5 mitigations=off random.trust_cpu=on${vm_kernel_options:+ $vm_kernel_options}" \
    -chardev "file,id=console,path=$console_log,append=on" -serial chardev:console \
    -chardev "pipe,id=guest,path=$run_dir/guest" -serial chardev:guest \
    -chardev "pipe,id=qmp,path=$run_dir/qmp" -mon chardev=qmp,mode=control \
    -device pcie-root-port,id=slot0,chassis=1 \
    "${disk[@]}" "$@"
  vm_pid=$started_pid
  qmp '{"execute": "qmp_capabilities"}'
}

# Kills QEMU as a crash would, and forgets what it left half said in the FIFOs.
vm_kill() {
  kill_group "$vm_pid"
  wait "$vm_pid" 2>/dev/null || true
  vm_pid=
  while read -r -t 0.2 -u "$qmp_out" || read -r -t 0.2 -u "$guest_out"; do :; done
}

# Reads one line from descriptor $1 into "line", at the latest at the time $2 (seconds); fails when QEMU has ended.
vm_read_line() {
  local descriptor=$1 deadline=$2 part
  line=
  while ((SECONDS < deadline)); do
    # What was read before the time was over stays in the variable.
    if IFS= read -r -t 1 -u "$descriptor" part; then
      line+=${part%$'\r'}
      return 0
    fi
    line+=$part
    is_alive "$vm_pid" || fail "QEMU ended: $(tail -n 1 "$qemu_log")"
  done
  return 1
}

# Sends command $1 to the monitor and waits for its return.
qmp() {
  local line
  printf '%s\n' "$1" >&"$qmp_in"
  while vm_read_line "$qmp_out" $((SECONDS + 20)); do
    printf '%s\n' "$line" >>"$qemu_log"
    case $line in
    *'"return":'*) return 0 ;;
    *'"error":'*) fail "QEMU refused $1: $line" ;;
    esac
  done
  fail "QEMU does not answer $1 within 20 s"
}

# Waits $2 seconds for event $1.
qmp_event() {
  local line
  while vm_read_line "$qmp_out" $((SECONDS + $2)); do
    printf '%s\n' "$line" >>"$qemu_log"
    [[ $line != *"\"event\": \"$1\""* ]] || return 0
  done
  fail "QEMU does not report $1 within $2 s"
}

# Begins to save the running guest into file $1. While memory is copied, QEMU asks the server for a log of its writes. With almost
# no downtime allowed and a slow copy there is time to act meanwhile.
vm_save_begin() {
  qmp '{"execute": "migrate-set-capabilities", "arguments": {"capabilities": [{"capability": "events", "state": true}]}}'
  qmp '{"execute": "migrate-set-parameters", "arguments": {"max-bandwidth": 50331648, "downtime-limit": 1}}'
  qmp "{\"execute\": \"migrate\", \"arguments\": {\"uri\": \"exec:cat >$(printf %q "$1")\"}}"
}

# Saves the rest and ends QEMU.
vm_save_end() {
  local line
  qmp '{"execute": "migrate-set-parameters", "arguments": {"max-bandwidth": 1073741824, "downtime-limit": 2000}}'
  while vm_read_line "$qmp_out" $((SECONDS + 60)); do
    printf '%s\n' "$line" >>"$qemu_log"
    case $line in
    *'"status": "completed"'*) break ;;
    *'"status": "failed"'*) fail "QEMU cannot save the guest: $(tail -n 1 "$qemu_log")" ;;
    esac
  done
  [[ $line == *'"status": "completed"'* ]] || fail "QEMU does not save the guest within 60 s"
  qmp '{"execute": "quit"}'
  wait_for_end 10 "$vm_pid" || fail "QEMU does not end within 10 s of quit"
  vm_pid=
}

# Waits at most $1 seconds for an answer of the guest; sets guest_answer and guest_data. $2 names what was asked.
guest_wait() {
  local line deadline=$((SECONDS + $1))
  guest_answer=
  guest_data=
  while vm_read_line "$guest_out" "$deadline"; do
    case $line in
    'data '*) guest_data+=${line#data }$'\n' ;;
    ok*) guest_answer=${line#ok}; guest_answer=${guest_answer# }; return 0 ;;
    'fail '*) fail "the guest's $2: ${line#fail }" ;;
    esac
  done
  fail "the guest does not answer to '$2' within $1 s"
}

# Runs command $2... in the guest within $1 seconds.
guest() {
  local limit=$1
  shift
  printf '%s\n' "$*" >&"$guest_in"
  guest_wait "$limit" "$*"
}
