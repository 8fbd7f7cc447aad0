/**
 * Targets over a machine of the emulator: the guest driver as a load generator sees it. Used by whoever builds the
 * machine.
 */
package ringside.workloads.target.virtio;
