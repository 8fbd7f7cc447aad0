# shellcheck shell=bash disable=SC2034,SC2154
# The disk of scripts/vfio-user-test, a PCI function of another process, and the QEMU that can take it. Sourced, never run.
#
# Uses from the caller: root, socket, queues, debian_root, mirror.

vm_disk_options() {
  printf '%s\n' -device "$(vm_disk_json)"
}

# JSON, because the socket of the device is a structure.
vm_disk_json() {
  printf '%s' "{\"driver\": \"vfio-user-pci\", \"id\": \"blk0\", \"bus\": \"slot0\", \"socket\": {\"type\": \"unix\", \"path\": \"$socket\"}}"
}

# Succeeds if the QEMU of command $@ has the device: from QEMU 10.1 on. Without it QEMU still ends with code 0.
has_vfio_user() {
  [[ $("$@" -device vfio-user-pci,help 2>/dev/null) == *socket=* ]]
}

# Chooses vm_qemu: the host's, where it has the device, or that of a Debian root. Sets chroot_dir, empty without a root.
choose_qemu() {
  chroot_dir=
  vm_qemu=(qemu-system-x86_64)
  [[ -n $debian_root ]] || ! has_vfio_user "${vm_qemu[@]}" || return 0
  chroot_dir=${debian_root:-$root/target/vfio-user-test/debian}
  debian_root_make "$chroot_dir" "$mirror" qemu-system-x86
  [[ $(id -u) -eq 0 ]] || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "only root can run the QEMU in $chroot_dir, by chroot: run this by sudo, or install QEMU 10.1 or later"
  vm_qemu=(chroot "$chroot_dir" qemu-system-x86_64)
  has_vfio_user "${vm_qemu[@]}" \
    || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "the QEMU in $chroot_dir has no vfio-user-pci: remove that folder to make it again"
}

# Makes a folder for the run that has the same short path on the host and after chroot, so that all paths hold for both: on the
# host it is a link into the root. Without a root it is a folder below the checkout, where O_DIRECT works.
make_run_dir() {
  local behind
  # Nobody's before ln takes it: ln fails where the name exists.
  run_dir=$(mktemp -u "${TMPDIR:-/tmp}/ringside-vfio.XXXXXX")
  behind=$root/target/vfio-user-test/${run_dir##*/}
  [[ -z $chroot_dir ]] || behind=$(readlink -f -- "$chroot_dir")$run_dir
  mkdir -p -- "$behind"
  ln -s -- "$behind" "$run_dir"
  work_dir=$run_dir
}

# Where the kernel is not in sight of QEMU, a copy is.
bring_kernel() {
  [[ -n $chroot_dir ]] || return 0
  cp -- "$guest_kernel" "$run_dir/kernel"
  guest_kernel=$run_dir/kernel
}
