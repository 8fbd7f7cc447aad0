/**
 * Recorded requests: fio's iolog (versions 2 and 3), blktrace's binary format and CSV, read into memory as columns. Knows
 * no other room. Used by {@code job} (what a trace needs) and {@code load} (replay).
 */
package ringside.workloads.trace;
