/**
 * The emulator: guest memory, virtqueues, virtio devices, event loops and the block layer. It uses the JDK only, but for
 * zstd in qcow2, and may be called by every other module.
 */
package ringside.emulator;
