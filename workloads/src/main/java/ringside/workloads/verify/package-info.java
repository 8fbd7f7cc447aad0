/**
 * Self-describing contents of written blocks and their check. All jobs that write use the stamp, so that lost, torn and
 * misdirected writes can be told apart from outside; a job with {@code verify=} writes fio's headers. Used by {@code load}, the harness and tests of other rooms.
 */
package ringside.workloads.verify;
