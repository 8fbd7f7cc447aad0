/**
 * The vhost-user protocol: messages, their transport over a Unix-domain socket with file descriptors, feature bits.
 * Shared by {@code vhostuser.server} (back-end) and {@code vhostuser.client} (front-end), which do not know each other.
 * Source: QEMU docs/interop/vhost-user.rst.
 */
package ringside.emulator.vhostuser;
