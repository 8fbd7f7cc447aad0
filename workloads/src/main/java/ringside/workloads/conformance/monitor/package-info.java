/**
 * Watches a driver instead of a device: a transport that passes everything on and notes which rules of VIRTIO-1.2 the driver
 * breaks. Used by tests of our own driver.
 */
package ringside.workloads.conformance.monitor;
