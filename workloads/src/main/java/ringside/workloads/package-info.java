/**
 * Workloads: fio jobs, load generation and latency recording. May be called by the harness.
 */
package ringside.workloads;
