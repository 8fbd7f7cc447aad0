/**
 * Virtqueues: split and packed rings, their device sides and their driver sides, descriptor chains. Uses
 * {@code memory}; used by {@code device} (device side) and {@code guest} (driver side).
 */
package ringside.emulator.virtqueue;
