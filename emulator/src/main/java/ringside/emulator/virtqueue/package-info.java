/**
 * Virtqueues: the split ring's structures, its device side and its driver side, descriptor chains. Uses
 * {@code memory}; used by {@code device} (device side) and {@code guest} (driver side).
 */
package ringside.emulator.virtqueue;
