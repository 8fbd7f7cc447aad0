# shellcheck shell=bash disable=SC2034,SC2154
# What scripts/guest-test and scripts/vfio-user-test have in common: options, steps and their report, cleaning up. Sourced,
# never run.
#
# Uses from the caller: guest_program (its name for messages), ALL_STEPS, usage, own_option; where there is more, own_flag and
# own_clean_up; and one function step_NAME for each step. It sets run_dir and work_dir before start_run.

step=
failed=
server=ringside
queues=2
size_mib=256
memory_mib=640
device_options=
tcg_thread=multi
accelerator=auto
logs=
keep=
boot_limit_s=120
run_dir=/nonexistent
work_dir=/nonexistent
console_log=
server_log=
qemu_log=
declare -A wanted=() skipped=()

# Ends the test: the step in progress failed for reason $*.
fail() {
  printf '%-5s %-10s %6s s  %s\n' FAIL "$step" "$(elapsed_s)" "$*"
  failed=1
  exit 1
}

# Seconds since the step began, with tenths; EPOCHREALTIME has microseconds.
elapsed_s() {
  local tenths=$(((${EPOCHREALTIME/[^0-9]/} - step_began_us) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

begin() {
  step=$1
  detail=
  step_began_us=${EPOCHREALTIME/[^0-9]/}
}

passed() {
  printf '%-5s %-10s %6s s  %s\n' ok "$step" "$(elapsed_s)" "$detail"
}

die_usage() {
  ringside_die "$RINGSIDE_EX_USAGE" "$* ($guest_program --help)"
}

is_step() {
  local name
  for name in "${ALL_STEPS[@]}"; do
    [[ $name != "$1" ]] || return 0
  done
  return 1
}

# A whole number $2 for option $1 in $3..$4.
check_number() {
  if ! [[ $2 =~ ^[1-9][0-9]{0,5}$ ]] || (($2 < $3 || $2 > $4)); then
    die_usage "$1 takes a number from $3 to $4, not '$2'"
  fi
}

parse_options() {
  while [[ $# -gt 0 ]]; do
    case $1 in
    --keep) keep=1; shift ;;
    --list) printf '%s\n' "${ALL_STEPS[@]}"; exit 0 ;;
    --help | -h) usage; exit 0 ;;
    -*)
      if declare -F own_flag >/dev/null && own_flag "$1"; then
        shift
        continue
      fi
      takes_value "$1" || die_usage "unknown option '$1'"
      [[ $# -ge 2 && -n $2 ]] || die_usage "$1 needs a value"
      set_option "$1" "$2"
      shift 2
      ;;
    *)
      is_step "$1" || die_usage "unknown step '$1': the steps are ${ALL_STEPS[*]}"
      wanted[$1]=1
      shift
      ;;
    esac
  done
  ((size_mib % 64 == 0)) || die_usage "--size $size_mib is not a multiple of 64"
}

takes_value() {
  case $1 in
  --server | --skip | --queues | --size | --memory | --device | --accel | --logs) ;;
  *) [[ " ${OWN_OPTIONS[*]} " == *" $1 "* ]] ;;
  esac
}

set_option() {
  case $1 in
  --server) server=$2 ;;
  --skip) is_step "$2" || die_usage "--skip '$2': the steps are ${ALL_STEPS[*]}"; skipped[$2]='left out' ;;
  --queues) check_number "$@" 1 16; queues=$2 ;;
  --size) check_number "$@" 64 65536; size_mib=$2 ;;
  --memory) check_number "$@" 384 65536; memory_mib=$2 ;;
  --device) device_options=$2 ;;
  --accel) [[ $2 =~ ^(kvm|tcg|auto)$ ]] || die_usage "--accel takes kvm, tcg or auto, not '$2'"; accelerator=$2 ;;
  --logs) logs=$2 ;;
  *) own_option "$@" ;;
  esac
}

# All steps, where none was named, and those that others need.
complete_steps() {
  local name
  if [[ ${#wanted[@]} -eq 0 ]]; then
    for name in "${ALL_STEPS[@]}"; do wanted[$name]=1; done
  fi
  wanted[boot]=1
  [[ -z ${wanted[migrate]-} ]] || wanted[files]=1
  [[ -z ${wanted[image]-} ]] || { wanted[files]=1; wanted[shutdown]=1; }
}

require() {
  command -v "$1" >/dev/null || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "$1 is not installed: install Debian's package $2"
}

require_guest_programs() {
  [[ $(uname -sm) == 'Linux x86_64' ]] || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "the guest needs Linux on x86-64, this is $(uname -sm)"
  PATH=$PATH:/usr/sbin:/sbin
  require fio fio
  require debugfs e2fsprogs
  require apt-get apt
}

# Nothing is left: processes of this test, sockets, FIFOs, image. Runs once, however the script ends.
clean_up() {
  local code=$?
  trap - EXIT
  trap '' INT TERM HUP
  [[ -z $failed ]] || show_logs
  kill_group "$vm_pid"
  kill_group "$server_pid"
  ! declare -F own_clean_up >/dev/null || own_clean_up
  wait 2>/dev/null || true
  if [[ -n $logs && -d $work_dir ]]; then
    { mkdir -p -- "$logs" && cp -- "$work_dir"/*.log "$logs/"; } || true
  fi
  [[ $run_dir == "$work_dir" ]] || rm -rf -- "$run_dir"
  if [[ -n $keep ]]; then
    printf 'kept: %s\n' "$work_dir"
  else
    # Where it is reached by a link, the link goes too.
    rm -rf -- "$(readlink -f -- "$work_dir")" "$work_dir"
  fi
  exit "$code"
}

show_logs() {
  local log
  for log in "$console_log" "$server_log" "$qemu_log"; do
    [[ -s $log ]] || continue
    printf -- '---- the end of %s\n' "${log##*/}"
    tail -n 40 -- "$log" | tr -d '\r' | cut -c 1-300
  done
}

catch_signals() {
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# Files of the run in work_dir, sockets and FIFOs in run_dir; then the server, and kernel and initramfs of the guest.
start_run() {
  socket=$run_dir/disk.sock
  image=$work_dir/disk.raw
  initramfs=$work_dir/initramfs
  console_log=$work_dir/console.log
  server_log=$work_dir/server.log
  qemu_log=$work_dir/qemu.log
  touch -- "$console_log" "$server_log" "$qemu_log"
  truncate -s "${size_mib}M" -- "$image"
  server_template=$(server_template_of "$server")
  if [[ $server == ringside ]]; then
    # Builds it now, where it is not built: the limit of a start is for the server alone.
    "$root/scripts/ringside" --version >/dev/null
  fi
  server_start
  guest_fetch "$root/target/guest-test/cache"
  guest_pack "$initramfs" "$root/scripts/lib/guest-init.sh"
  [[ $accelerator != auto ]] || accelerator=$(vm_accelerator)
  layout
  detail="guest kernel ${guest_kernel##*/vmlinuz-}, initramfs $(($(stat -c %s -- "$initramfs") >> 20)) MiB, server $server"
}

run_steps() {
  local name
  for name in "${ALL_STEPS[@]}"; do
    [[ -n ${wanted[$name]-} ]] || continue
    if [[ -n ${skipped[$name]-} ]]; then
      printf '%-5s %-10s %8s  %s\n' skip "$name" '' "${skipped[$name]}"
      continue
    fi
    begin "$name"
    "step_$name"
    passed
  done
}
