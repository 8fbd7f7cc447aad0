/**
 * Self-describing contents of written blocks and their check from outside. All jobs that write use the stamp, so that
 * lost, torn and misdirected writes can be told apart. Used by {@code load}, the harness and tests of other rooms.
 */
package ringside.workloads.verify;
