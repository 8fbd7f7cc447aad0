/**
 * A conformance suite for virtio-blk devices that cites the specification statement by statement. {@code ConformanceSuite}
 * runs the tests of {@code chapter} on the devices of {@code target} and yields a {@code ConformanceReport}. Used by the
 * command line.
 */
package ringside.workloads.conformance;
