# shellcheck shell=bash disable=SC2034,SC2154
# The disk of scripts/guest-test: vhost-user-blk-pci. Sourced, never run.
#
# Uses from the caller: socket, queues, device_options.

# Prints the option of a socket chardev by which QEMU connects again after a second.
vm_reconnect_option() {
  local version
  version=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  # QEMU 9.2 replaced seconds by milliseconds.
  if ((${version% *} * 100 + ${version#* } >= 902)); then
    echo reconnect-ms=1000
  else
    echo reconnect=1
  fi
}

vm_disk_options() {
  printf '%s\n' -chardev "socket,id=disk0,path=$socket,$(vm_reconnect_option)" \
    -device "vhost-user-blk-pci,id=blk0,bus=slot0,chardev=disk0,num-queues=$queues${device_options:+,$device_options}"
}

# The same disk as the arguments of device_add.
vm_disk_json() {
  local option more=
  for option in ${device_options//,/ }; do
    more+=", \"${option%%=*}\": \"${option#*=}\""
  done
  printf '%s' "{\"driver\": \"vhost-user-blk-pci\", \"id\": \"blk0\", \"bus\": \"slot0\", \"chardev\": \"disk0\", \"num-queues\": $queues$more}"
}
