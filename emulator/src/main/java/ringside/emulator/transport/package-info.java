/**
 * Transports: virtio-mmio registers over a device, kick policies, interrupt delivery. Uses {@code device} and
 * {@code eventloop}; used by {@code guest} and {@code machine}.
 */
package ringside.emulator.transport;
