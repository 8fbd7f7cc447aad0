/**
 * The back-end: serves a virtio device to a front-end in another process (QEMU, our load generator). One connection at a
 * time, one control thread; requests are handled by the loops of the device's queues. Called by {@code machine} only.
 */
package ringside.emulator.vhostuser.server;
