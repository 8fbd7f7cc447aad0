/**
 * Transports: virtio-mmio registers and the virtio-pci function over one core of device status, negotiation and queues;
 * kick policies, interrupt delivery. Uses {@code device}, {@code virtqueue}, {@code memory}, {@code pci} and the big lock of
 * {@code eventloop}; used by {@code guest} and {@code machine}.
 */
package ringside.emulator.transport;
