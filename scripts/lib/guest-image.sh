# shellcheck shell=bash disable=SC2034,SC2154
# Kernel and initramfs of the guest that scripts/guest-test and scripts/vfio-user-test boot. Sourced, never run.
#
# Packages are unpacked into a cache folder, not installed: a boot kernel changes nothing on the host.

# Metapackages whose first dependency is a kernel for virtual machines: Debian's, then Ubuntu's.
GUEST_KERNEL_PACKAGES=(linux-image-cloud-amd64 linux-image-virtual)
# In the order of loading. A name that the kernel has built in, or does not know, is passed over.
GUEST_MODULES=(virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
  crc16 crc32c_generic libcrc32c crc32c-intel mbcache jbd2 ext4)

# Prints the version of the kernel package behind the first metapackage that the package lists know.
guest_kernel_version() {
  local package image
  for package in "${GUEST_KERNEL_PACKAGES[@]}"; do
    image=$(apt-cache depends "$package" 2>/dev/null | awk '$1 == "Depends:" && $2 ~ /^linux-image-[0-9]/ { print $2; exit }')
    [[ -z $image ]] || { printf '%s\n' "${image#linux-image-}"; return 0; }
  done
  return 1
}

# Downloads packages $2... and unpacks them into folder $1, which appears only when it is whole.
guest_unpack_packages() {
  local into=$1 part package
  shift
  part=$into.part$$
  mkdir -p -- "$part/deb" "$part/root"
  (cd -- "$part/deb" && timeout 120 apt-get -qq download "$@" >apt.log 2>&1) || {
    sed 's/^/  apt-get: /' "$part/deb/apt.log" >&2
    rm -rf -- "$part"
    return 1
  }
  for package in "$part"/deb/*.deb; do
    dpkg-deb -x "$package" "$part/root"
  done
  rm -rf -- "$part/deb"
  mv -T -- "$part" "$into"
}

# Sets guest_kernel, guest_modules (a folder) and guest_busybox, from cache folder $1 or by downloading.
guest_fetch() {
  local cache=$1 version unpacked
  local packages=()
  mkdir -p -- "$cache"
  unpacked=$(find "$cache" -mindepth 1 -maxdepth 1 -type d -name 'packages-*' ! -name '*.part*' | sort -V | tail -n 1)
  if [[ -z $unpacked ]]; then
    version=$(guest_kernel_version) \
      || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "apt knows none of ${GUEST_KERNEL_PACKAGES[*]}: run apt-get update as root"
    packages=("linux-image-$version" busybox-static)
    # Ubuntu has the modules apart from the kernel.
    ! apt-cache show "linux-modules-$version" >/dev/null 2>&1 || packages+=("linux-modules-$version")
    unpacked=$cache/packages-$version
    guest_unpack_packages "$unpacked" "${packages[@]}" \
      || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "cannot download ${packages[*]}: is there a network, are the package lists fresh (apt-get update)?"
  fi
  guest_kernel=$(find "$unpacked/root/boot" -name 'vmlinuz-*' | head -n 1)
  guest_modules=$(find "$unpacked/root" -path '*/lib/modules/*' -name kernel -type d | head -n 1)
  guest_busybox=$(find "$unpacked/root" -path '*bin/busybox' -type f | head -n 1)
  [[ -r $guest_kernel && -x $guest_busybox ]] \
    || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "$unpacked lacks a readable kernel or busybox: remove that folder to fetch it again"
}

# Copies program $2 of the host with its libraries into the tree $1; the program goes to /peer.
guest_copy_program() {
  local tree=$1 path library
  path=$(command -v "$2") || ringside_die "$RINGSIDE_EX_UNAVAILABLE" "$2 is not installed: install Debian's package $3"
  install -D -- "$path" "$tree/peer/$2"
  while IFS= read -r library; do
    [[ -e $tree$library ]] || install -D -- "$library" "$tree$library"
  done < <(ldd "$path" | grep -o '/[^ ]*')
}

# Copies the modules that the guest needs into the tree $1, and their order.
guest_copy_modules() {
  local tree=$1 name found
  mkdir -p -- "$tree/modules"
  : >"$tree/modules/order"
  [[ -n $guest_modules ]] || return 0
  for name in "${GUEST_MODULES[@]}"; do
    found=$(find "$guest_modules" -name "$name.ko" -o -name "$name.ko.xz" -o -name "$name.ko.zst" | head -n 1)
    case $found in
    '') continue ;;
    *.xz) xz -dc -- "$found" >"$tree/modules/$name.ko" ;;
    *.zst) zstd -qdc -- "$found" >"$tree/modules/$name.ko" ;;
    *) cp -- "$found" "$tree/modules/$name.ko" ;;
    esac
    printf '%s.ko\n' "$name" >>"$tree/modules/order"
  done
}

# Packs the initramfs into file $1 with /init from file $2.
guest_pack() {
  local initramfs=$1 tree=$1.tree
  mkdir -p -- "$tree"/{bin,dev,etc,proc,sys,tmp,mnt}
  install -- "$2" "$tree/init"
  install -- "$guest_busybox" "$tree/bin/busybox"
  ln -s busybox "$tree/bin/sh"
  guest_copy_program "$tree" fio fio
  guest_copy_program "$tree" mke2fs e2fsprogs
  guest_copy_program "$tree" blkdiscard util-linux
  [[ ! -r /etc/mke2fs.conf ]] || cp -- /etc/mke2fs.conf "$tree/etc/"
  guest_copy_modules "$tree"
  (cd -- "$tree" && find . | "$guest_busybox" cpio -o -H newc) >"$initramfs" 2>"$initramfs.log" \
    || ringside_die "$RINGSIDE_EX_CANTCREAT" "the initramfs cannot be packed: $(tail -n 1 "$initramfs.log")"
  rm -rf -- "$tree"
}
