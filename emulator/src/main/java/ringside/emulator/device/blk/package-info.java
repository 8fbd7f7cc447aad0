/**
 * virtio-blk (VIRTIO-1.2 §5.2): configuration space, request parsing, the queue handler and its completions. Used by
 * {@code machine} only.
 */
package ringside.emulator.device.blk;
