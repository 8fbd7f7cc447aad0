/**
 * Guest memory: a memfd mapped once, divided into regions of guest physical addresses; checked translation; the
 * little-endian accessors that rings and devices use. Uses {@code ffi}; used by {@code virtqueue} and above.
 */
package ringside.emulator.memory;
