/**
 * What load is applied to. {@code IoTarget} is the service interface; the virtio target drives a machine of the
 * emulator through its guest driver. Used by {@code load} and {@code runner}.
 */
package ringside.workloads.target;
