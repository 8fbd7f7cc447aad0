/**
 * Latency recording: {@code slat}, {@code clat} and {@code lat} in HdrHistograms, one recorder per lane, merged exactly.
 * Knows nothing of the runner. Used by {@code load}, {@code runner} and the harness.
 */
package ringside.workloads.latency;
