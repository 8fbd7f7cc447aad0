/**
 * The emulator: guest memory, virtqueues, virtio devices, event loops and the block layer. It uses the JDK only and may be
 * called by every other module.
 */
package ringside.emulator;
