#!/bin/sh
# shellcheck shell=dash
# /init of the guest that scripts/guest-test and scripts/vfio-user-test boot. Runs in busybox's shell, never on the host.
#
# The host writes one command per line to the second serial port; each is answered there by lines "data ..." and one line
# "ok ..." or "fail ...". The first serial port is the console: kernel messages and the output of the commands.
# Parts of the disk are given in MiB: offset and length.

# Programs of the host are called by their path below /peer: for a bare name busybox takes its own.
PATH=/bin
export PATH
disk=/dev/vda
block=/sys/block/vda
files=/mnt/files

answer() {
  printf '%s\n' "$*" >&3
}

# Whole seconds since the start.
uptime_s() {
  IFS=. read -r up _ </proc/uptime
  echo "$up"
}

# Waits $1 seconds for the test in the other arguments.
wait_for() {
  wait_until=$(($(uptime_s) + $1))
  shift
  until "$@"; do
    [ "$(uptime_s)" -lt "$wait_until" ] || return 1
    sleep 0.1
  done
}

is_absent() {
  [ ! -e "$1" ]
}

mount_disk() {
  grep -q " /mnt ext4 " /proc/mounts || mount -t ext4 "$disk" /mnt
}

drop_caches() {
  sync
  echo 3 >/proc/sys/vm/drop_caches
}

# The attributes that the driver read from the device.
do_disk() {
  wait_for 30 test -b "$disk" || { echo "$disk does not appear"; return 1; }
  set -- "$block"/mq/*
  result="sectors=$(cat "$block/size") queues=$# cache=$(tr ' ' - <"$block/queue/write_cache")"
  result="$result discard_max=$(cat "$block/queue/discard_max_bytes") zeroes_max=$(cat "$block/queue/write_zeroes_max_bytes")"
  # Feature 34 is VIRTIO_F_RING_PACKED.
  case $(cut -c 35 "$block/device/features") in
  1) result="$result ring=packed" ;;
  *) result="$result ring=split" ;;
  esac
  result="$result serial=$(tr -d ' ' <"$block/serial")"
}

# The folder of the disk's PCI function below /sys.
pci_function() {
  cd -P "$block/device/.." && pwd
}

# Prints "offset id detail" of each capability in the configuration space $1 (PCI 3.0, 6.7); of a vendor's, the detail is the type
# of a virtio structure (VIRTIO-1.2, 4.1.4), of MSI-X the number of vectors. The list is bounded, as it may have a loop.
pci_capabilities() {
  hexdump -v -e '1/1 "%u\n"' "$1" | awk '
    { byte[NR - 1] = $1 }
    END {
      at = byte[52]
      for (steps = 0; at >= 64 && at < NR && steps < 48; steps++) {
        detail = "-"
        if (byte[at] == 9) detail = byte[at + 3]
        if (byte[at] == 17) detail = (byte[at + 2] + 256 * byte[at + 3]) % 2048 + 1
        print at, byte[at], detail
        at = byte[at + 1]
      }
    }'
}

# Prints the BARs in the file "resource" $1 as index:bytes, with commas.
pci_bars() {
  i=0
  while read -r start end flags && [ "$i" -lt 6 ]; do
    [ $((flags)) -eq 0 ] || printf '%d:%d,' "$i" $((end - start + 1))
    i=$((i + 1))
  done <"$1"
}

# What lspci would show: identity, BARs, capabilities, driver and interrupts of the disk's function.
do_pci() {
  wait_for 30 test -b "$disk" || { echo "$disk does not appear"; return 1; }
  function=$(pci_function)
  pci_capabilities "$function/config" >/tmp/capabilities
  result="address=${function##*/} id=$(cut -c 3- "$function/vendor"):$(cut -c 3- "$function/device")"
  result="$result class=$(cut -c 3- "$function/class") driver=$(basename "$(readlink "$function/driver")")"
  result="$result bars=$(pci_bars "$function/resource") virtio=$(awk '$2 == 9 { printf "%s,", $3 }' /tmp/capabilities)"
  result="$result msix=$(awk '$2 == 17 { print $3 }' /tmp/capabilities) interrupts=$(pci_interrupts "$function")"
}

# Prints how the function $1 interrupts: msix:N or msi:N vectors in use, or intx.
pci_interrupts() {
  set -- "$1"/msi_irqs/*
  # Without MSI the folder is empty or absent.
  if [ -e "$1" ]; then
    echo "$(cat "$1"):$#"
  else
    echo intx
  fi
}

# The driver lets the device go, which resets it, and takes it again.
do_rebind() {
  function=$(pci_function)
  driver=$(cd -P "$function/driver" && pwd)
  echo "${function##*/}" >"$driver/unbind" || return 1
  wait_for 20 is_absent "$block" || { echo "$disk stays when its driver goes"; return 1; }
  echo "${function##*/}" >"$driver/bind" || return 1
  wait_for 20 test -b "$disk" || { echo "$disk does not come back"; return 1; }
}

# The function goes from the bus and is found again.
do_rescan() {
  function=$(pci_function)
  echo 1 >"$function/remove" || return 1
  wait_for 20 is_absent "$block" || { echo "$disk stays when its function goes"; return 1; }
  echo 1 >/sys/bus/pci/rescan
  wait_for 20 test -b "$disk" || { echo "$disk is not found again"; return 1; }
}

# The interrupts of the disk's function so far, over all CPUs and vectors.
do_interrupts() {
  virtio=$(basename "$(cd -P "$block/device" && pwd)")
  result=$(awk -v name="$virtio" '$NF ~ "^" name "(-|$)" { for (i = 2; i < NF && $i ~ /^[0-9]+$/; i++) sum += $i } END { print sum + 0 }' /proc/interrupts)
}

# A file system in the first $1 MiB with files of many sizes, and their checksums.
do_files() {
  /peer/mke2fs -q -F -t ext4 "$disk" "${1}M" && mount_disk && mkdir "$files" || return 1
  file=1
  while [ "$file" -le 40 ]; do
    dd if=/dev/urandom of="$files/file$file" bs=1000 count=$((file * file / 4 + 1)) 2>/dev/null || return 1
    file=$((file + 1))
  done
  (cd "$files" && sha256sum -- file* >/tmp/sums && cp /tmp/sums /mnt/sums) || return 1
  sync
  umount /mnt || return 1
  do_check || return 1
  while read -r file; do
    answer "data $file"
  done </tmp/sums
  result="40 files, $(du -sk "$files" | cut -f 1) KiB"
}

# Reads the files from the disk and compares them with their checksums: those in the guest's memory, after a reset those on the
# disk. The host has its own.
do_check() {
  mount_disk || return 1
  [ -e /tmp/sums ] || cp /mnt/sums /tmp/sums || return 1
  drop_caches
  do_cached
}

do_drop_caches() {
  drop_caches
}

# The files as they are in the page cache, where they are there.
do_cached() {
  (cd "$files" && sha256sum -c /tmp/sums >/tmp/checked) || { grep -v ': OK$' /tmp/checked; return 1; }
}

do_umount() {
  sync
  ! grep -q " /mnt ext4 " /proc/mounts || umount /mnt
}

# Data that the host can make too, in $2 MiB from $1 on.
do_pattern() {
  seq 1000000000 1001000000 | head -c "$(($2 << 20))" >/tmp/pattern
  dd if=/tmp/pattern of="$disk" bs=1M seek="$1" conv=fsync 2>/dev/null || return 1
  drop_caches
  dd if="$disk" bs=1M skip="$1" count="$2" 2>/dev/null | cmp - /tmp/pattern || return 1
  rm /tmp/pattern
}

# One pass of fio with verify; the arguments are jobs, after what holds for all.
run_fio() {
  /peer/fio --filename="$disk" --direct=1 --ioengine=libaio --iodepth=32 --thread --verify=crc32c --verify_fatal=1 \
    --randrepeat=0 --output=/tmp/fio.out "$@" && return 0
  tail -n 40 /tmp/fio.out
  return 1
}

# Mixed block sizes, reads and writes.
do_fio() {
  run_fio --name=mixed --offset="${1}M" --size="${2}M" --rw=randrw --bsrange=512-64k --blockalign=512 || return 1
  result=$(sed -n 's/^ *\(read\|write\): IOPS=\([^,]*\),.*/\1 \2 IOPS/p' /tmp/fio.out | tr '\n' ' ')
}

# One job per CPU, each on its own part: every queue has to carry requests.
do_queues() {
  cpus=$(nproc)
  do_disk || return 1
  sed -n "s/^ *[0-9]*: *//; /virtio[0-9]*-req/p" /proc/interrupts >/tmp/before
  run_fio --name=queues --offset="${1}M" --size="$(($2 / cpus))M" --offset_increment="$(($2 / cpus))M" \
    --rw=randwrite --bs=4k --numjobs="$cpus" --cpus_allowed="0-$((cpus - 1))" --cpus_allowed_policy=split --group_reporting || return 1
  sed -n "s/^ *[0-9]*: *//; /virtio[0-9]*-req/p" /proc/interrupts >/tmp/after
  # Interrupts of a queue over all CPUs, after less before.
  used=$(awk -v cpus="$cpus" '{ sum = 0; for (i = 1; i <= cpus; i++) sum += $i }
    FNR == NR { before[$NF] = sum; next } { print sum - before[$NF] }' /tmp/before /tmp/after | tr '\n' ' ')
  case " $used" in
  *" 0 "* | " ") echo "a queue carried nothing: interrupts by queue are ${used:-unknown}"; return 1 ;;
  esac
  result="interrupts by queue: $used"
}

# Forced, because the mounted file system has the same disk; it does not reach so far.
# The middle half of $2 MiB from $1 on is zeroed, the rest must stay; then it is discarded.
do_zeroes() {
  zero_from=$(($1 + $2 / 4))
  zero_size=$(($2 / 2))
  seq 2000000000 2000100000 | head -c 1048576 >/tmp/chunk
  i=0
  while [ "$i" -lt "$2" ]; do
    cat /tmp/chunk
    i=$((i + 1))
  done >/tmp/expected
  dd if=/tmp/expected of="$disk" bs=1M seek="$1" conv=fsync 2>/dev/null || return 1
  /peer/blkdiscard -f -z -o "${zero_from}MiB" -l "${zero_size}MiB" "$disk" || return 1
  dd if=/dev/zero of=/tmp/expected bs=1M seek="$(($2 / 4))" count="$zero_size" conv=notrunc 2>/dev/null
  drop_caches
  dd if="$disk" bs=1M skip="$1" count="$2" 2>/dev/null | cmp - /tmp/expected || return 1
  rm /tmp/expected
  result="$zero_size MiB read as zeroes, neighbours kept"
}

# Columns of /sys/block/vda/stat are in Documentation/block/stat.rst: the 12th counts discards.
do_discard() {
  [ "$(cat "$block/queue/discard_max_bytes")" -gt 0 ] || { echo "the device does not offer discard"; return 1; }
  before=$(awk '{ print $12 }' "$block/stat")
  /peer/blkdiscard -f -o "${1}MiB" -l "${2}MiB" "$disk" || return 1
  after=$(awk '{ print $12 }' "$block/stat")
  [ "$after" -gt "$before" ] || { echo "no discard request was completed"; return 1; }
  result="$((after - before)) discard requests"
}

do_gone() {
  wait_for 20 is_absent "$block" || { echo "$disk is still there"; return 1; }
}

# Verify load until do_load_end: passes over small regions, so that every block is overwritten often. Large requests between small
# ones complete out of order; only then does a server that keeps no record of the requests in flight lose some. The reads are
# those of the verification: fio (3.33) takes its own headers for wrong where it mixes randrw and loops.
load_passes() {
  until [ -e /tmp/load.stop ]; do
    run_fio --rw=randwrite --loops=5 --verify_backlog=64 --bssplit=4k/85:128k/15 \
      --name=first --offset="${1}M" --size="$(($2 / 8))M" \
      --name=second --offset="$(($1 + $2 / 2))M" --size="$(($2 / 8))M" || return 1
    echo pass >>/tmp/load.passes
  done
}

do_load() {
  rm -f /tmp/load.*
  touch /tmp/load.passes
  {
    load_passes "$1" "$2" && echo passed >/tmp/load.result || echo failed >/tmp/load.result
  } &
  wait_for 20 load_has_requests || { echo "fio does not start"; return 1; }
}

load_has_requests() {
  read -r reads writes <"$block/inflight"
  [ $((reads + writes)) -gt 0 ]
}

# The number of requests in flight: with the server dead, those that it has to finish after its restart.
do_inflight() {
  [ ! -e /tmp/load.result ] || { echo "fio has ended: $(cat /tmp/load.result)"; return 1; }
  read -r reads writes <"$block/inflight"
  result=$((reads + writes))
}

# Waits until requests complete.
do_progress() {
  done_before=$(awk '{ print $1 + $5 }' "$block/stat")
  wait_for "$1" load_progressed || { echo "no request completes within $1 s"; return 1; }
}

load_progressed() {
  [ ! -e /tmp/load.result ] || return 0
  [ "$(awk '{ print $1 + $5 }' "$block/stat")" -gt $((done_before + 200)) ]
}

do_load_end() {
  touch /tmp/load.stop
  wait_for "$1" test -e /tmp/load.result || { echo "fio does not end within $1 s"; return 1; }
  [ "$(cat /tmp/load.result)" = passed ] || return 1
  result="$(wc -l </tmp/load.passes) passes of fio verified"
}

# What the kernel says when a request failed, was lost, or completed twice.
kernel_complaint() {
  dmesg -c | grep -E 'I/O error|is not a head|blocked for more than|EXT4-fs (error|warning)|BUG:|WARNING:|Oops' | head -n 1
}

# The line of a failed command's output that says most.
reason() {
  { grep -m 1 -iE 'error|invalid|bad|fail|verify' /tmp/output || tail -n 1 /tmp/output; } | tr -d '\r'
}

execute() {
  result=
  command=$1
  shift
  echo "guest: $command $*"
  if ! "do_$command" "$@" >/tmp/output 2>&1; then
    cat /tmp/output
    answer "fail $(reason)"
    return
  fi
  cat /tmp/output
  complaint=$(kernel_complaint)
  if [ -n "$complaint" ]; then
    answer "fail kernel: $complaint"
  else
    answer "ok $result"
  fi
}

/bin/busybox mkdir -p /bin /proc /sys /dev /tmp /mnt
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
ln -s /proc/self/fd /dev/fd
while read -r module; do
  insmod "/modules/$module" || echo "guest: cannot load $module"
done </modules/order
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
answer "ok ready"
while read -r command arguments <&3; do
  case $command in
  poweroff)
    sync
    poweroff -f
    ;;
  *)
    # shellcheck disable=SC2086 # the arguments of a command are words
    execute "$command" $arguments
    ;;
  esac
done
