/**
 * virtio-blk (VIRTIO-1.2 §5.2): configuration space, request parsing, the queue handler and its completions. Used by
 * {@code machine}; its numbers ({@code BlkConstants}) by {@code guest} and the load generator, too.
 */
package ringside.emulator.device.blk;
