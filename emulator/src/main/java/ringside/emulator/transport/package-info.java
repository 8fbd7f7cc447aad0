/**
 * Transports: virtio-mmio registers over a device, kick policies, interrupt delivery. Uses {@code device},
 * {@code virtqueue}, {@code memory} and the big lock of {@code eventloop}; used by {@code guest} and {@code machine}.
 */
package ringside.emulator.transport;
