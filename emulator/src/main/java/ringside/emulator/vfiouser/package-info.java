/**
 * A PCI function lent to another process: the server of vfio-user, the protocol in which QEMU's {@code vfio-user-pci} (and
 * any other client) reads configuration space and BARs, shares its guest's memory, and hands over eventfds for
 * interrupts. Knows nothing of virtio. Source: QEMU docs/interop/vfio-user.rst; numbers of VFIO: linux/vfio.h. Used by
 * {@code machine}.
 */
package ringside.emulator.vfiouser;
