/**
 * What all virtio devices share: feature bits, status bits, the interface a transport drives, the interrupt a device
 * raises. One folder per device type below; folders do not use each other. Uses {@code virtqueue}, {@code block},
 * {@code eventloop}; used by {@code transport}.
 */
package ringside.emulator.device;
