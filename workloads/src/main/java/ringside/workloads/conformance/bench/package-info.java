/**
 * The raw test bench of the conformance suite: it writes rings and registers byte by byte as VIRTIO-1.2 lays them out, and
 * shares no code with the production driver, so that an error of that driver cannot hide one of the device. Used by the
 * chapters and the targets of the suite.
 */
package ringside.workloads.conformance.bench;
